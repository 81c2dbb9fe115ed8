//! Attacks on what a device remembers: lost, restored, read-only.

use crate::common::bench::Bench;
use crate::common::{answer, device_with, mark_of, snapshot, states};
use vultus_licensing::device::RELEASED;
use vultus_licensing::grant::Warning;
use vultus_licensing::testkit::{ISSUED_AT, licence, parts, trial};

const DAY: u64 = 86_400;

#[test]
fn lost_and_restored_states() {
    let bench = Bench::new(&trial());
    let [a, b] = <[String; 2]>::try_from(states(&bench.folder)).unwrap();
    let young = snapshot(&bench.folder);
    bench.clock.pass(30 * DAY);
    let binding = *bench.start().unwrap().gallery_binding();
    let old_mark = bench.mark();
    // One copy lost, or an older one put back: the other one knows.
    for damage in [None, young.get(&a).cloned()] {
        bench.folder.set(&a, damage);
        let grant = bench.start().unwrap();
        assert_eq!(grant.gallery_binding(), &binding);
        assert!(
            mark_of(&bench.folder.get(&a).unwrap()) >= old_mark,
            "healed"
        );
    }
    // While it runs, losing both is nothing: the process knows.
    let grant = bench.start().unwrap();
    bench.folder.set(&a, None);
    bench.folder.set(&b, None);
    bench.set(ISSUED_AT);
    assert!(grant.check_now().is_ok());
    assert!(bench.mark() >= old_mark);
    bench.clock.pass(30 * DAY);
    assert_eq!(answer(grant.check_now()), "Expired");
    // Both gone before a start: the floor is the issue, and the gallery's key is another.
    let bench = Bench::new(&trial());
    let binding = *bench.start().unwrap().gallery_binding();
    bench.clock.pass(DAY);
    for name in states(&bench.folder) {
        bench.folder.set(&name, None);
    }
    let grant = bench.start().unwrap();
    assert_ne!(grant.gallery_binding(), &binding);
    assert!(bench.mark() >= ISSUED_AT.max(RELEASED).0);
}

#[test]
fn a_folder_that_cannot_be_written_has_a_day() {
    let bench = Bench::new(&trial());
    let grant = bench.start().unwrap();
    bench.folder.set_read_only(true);
    bench.clock.pass(DAY - 1);
    assert_eq!(answer(grant.check_now()), "OK");
    let again = bench.start().unwrap();
    assert!(
        matches!(again.warnings(), [Warning::State(_)]),
        "{:?}",
        again.warnings()
    );
    bench.clock.pass(1);
    assert_eq!(answer(grant.check_now()), "StateNotWritable");
    assert_eq!(
        answer(bench.start()),
        "StateNotWritable",
        "a restart renews nothing"
    );
    bench.folder.set_read_only(false);
    assert_eq!(answer(grant.check_now()), "OK");
    // A permanent licence only says so.
    let bench = Bench::new(&licence());
    for name in states(&bench.folder) {
        bench.folder.set(&name, None);
    }
    bench.folder.set_read_only(true);
    let grant = device_with(&bench.folder, &bench.clock, parts())
        .activate()
        .unwrap();
    assert!(matches!(grant.warnings(), [Warning::State(_)]));
    bench.clock.pass(30 * DAY);
    assert!(grant.check_now().is_ok());
}
