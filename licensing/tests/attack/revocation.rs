//! Revocation lists: newer ones count, older ones and missing ones are noticed.

use crate::common::{answer, device_with, states};
use std::sync::Arc;
use vultus_licensing::licence::{Licence, LicenceId};
use vultus_licensing::revocation::RevocationList;
use vultus_licensing::testkit::{
    ISSUED_AT, MemoryFolder, TestClock, TestKey, device, licence, parts, sign,
};

fn clock() -> Arc<TestClock> {
    Arc::new(TestClock::at(ISSUED_AT))
}

#[test]
fn revocation_goes_one_way() {
    let key = TestKey::current();
    let list = |number, revoked: &[LicenceId]| {
        let list = RevocationList {
            number,
            issued_at: ISSUED_AT,
            revoked: revoked.to_vec(),
        };
        list.seal(key.id(), |message| key.sign(message)).unwrap()
    };
    let folder = MemoryFolder::new();
    let here = || device(&folder, &clock());
    // A list that was there before the licence counts as well.
    here().install_revocations(&list(3, &[])).unwrap();
    here().install(&sign(&licence())).unwrap();
    let third = folder.get("revocations");
    folder.set("revocations", None);
    assert_eq!(answer(here().activate()), "ListRollback");
    folder.set("revocations", third.clone());
    assert_eq!(answer(here().activate()), "OK");
    // So does one that was there when the state was lost.
    for name in states(&folder) {
        folder.set(&name, None);
    }
    assert_eq!(answer(here().activate()), "OK");
    folder.set("revocations", None);
    assert_eq!(answer(here().activate()), "ListRollback");
    folder.set("revocations", third);

    assert_eq!(
        answer(here().install_revocations(&list(3, &[]))),
        "OK",
        "the same list again"
    );
    assert_eq!(
        answer(here().install_revocations(&list(2, &[]))),
        "ListRollback"
    );
    let revoking = list(9, &[licence().licence_id]);
    assert_eq!(answer(here().install_revocations(&revoking)), "OK");
    assert_eq!(answer(here().activate()), "Revoked");
    assert_eq!(answer(here().install(&sign(&licence()))), "Revoked");
    assert_eq!(
        answer(here().install_revocations(&list(8, &[]))),
        "ListRollback"
    );
    // Neither an older list put there by hand, nor none, nor a damaged one helps.
    for planted in [Some(list(8, &[])), None] {
        folder.set("revocations", planted);
        assert_eq!(answer(here().activate()), "ListRollback");
        assert_eq!(
            answer(here().install_revocations(&list(8, &[]))),
            "ListRollback"
        );
    }
    folder.set("revocations", Some(vec![0; 100]));
    assert_eq!(answer(here().activate()), "BadFormat");
    // A corrected list of a higher number does.
    here().install_revocations(&list(10, &[])).unwrap();
    assert_eq!(answer(here().activate()), "OK");
}

#[test]
fn a_new_licence_may_revoke_an_old_one() {
    let folder = MemoryFolder::new();
    let newer = Licence {
        licence_id: LicenceId([0x99; 16]),
        revoked: vec![licence().licence_id],
        ..licence()
    };
    device(&folder, &clock()).install(&sign(&newer)).unwrap();
    let result = device(&folder, &clock()).install(&sign(&licence()));
    assert_eq!(answer(result), "Revoked");
    let installed = device(&folder, &clock()).installed().unwrap();
    assert_eq!(installed.licence(), &newer);
    let explanation = device_with(&folder, &clock(), parts())
        .explain_installed()
        .unwrap();
    assert_eq!(explanation.matched_weight(), explanation.total_weight);
}
