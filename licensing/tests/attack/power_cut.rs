//! The power fails, or the disk is full, at every single step: the old or the new, never neither.

use crate::common::disk::Disk;
use crate::common::{answer, mark_of, name};
use std::collections::BTreeMap;
use std::sync::Arc;
use vultus_licensing::device::Device;
use vultus_licensing::error::LicenceError;
use vultus_licensing::licence::{Licence, LicenceId, Nonce};
use vultus_licensing::platform::Platform;
use vultus_licensing::revocation::RevocationList;
use vultus_licensing::storage::Storage;
use vultus_licensing::testkit::{ISSUED_AT, TestClock, TestKey, licence, parts, sign, trial};

type Files = BTreeMap<String, Vec<u8>>;

fn on(disk: &Disk, clock: &Arc<TestClock>) -> Device {
    let clock = Arc::<TestClock>::clone(clock);
    Device::new(Box::new(disk.clone()), clock, Box::new(parts()))
        .with_test_keys()
        .pretending(Some(Platform::LinuxX86_64), 1)
}

fn clock() -> Arc<TestClock> {
    Arc::new(TestClock::at(ISSUED_AT))
}

/// The files after something was done without a fault.
fn files_after(files: &Files, act: impl Fn(Device)) -> Files {
    let disk = Disk::holding(files);
    act(on(&disk, &clock()));
    disk.files()
}

/// Does something on a disk whose power fails after each number of steps, and looks at everything
/// that may lie there afterwards. The steps, and the outcomes that were looked at.
fn cut(
    files: &Files,
    clock: &Arc<TestClock>,
    act: impl Fn(Device),
    judge: impl Fn(&Files),
) -> (usize, usize) {
    let mut outcomes = 0;
    for steps in 0.. {
        let disk = Disk::holding(files);
        disk.fail_after(Some(steps));
        act(on(&disk, clock));
        for outcome in disk.after_power_cut() {
            judge(&outcome);
            outcomes += 1;
        }
        if disk.steps() <= steps {
            return (steps, outcomes);
        }
    }
    unreachable!("the loop ends when every step was done")
}

fn mark(files: &Files) -> u64 {
    let states = files
        .iter()
        .filter(|(name, _)| name.starts_with("state-") && !name.ends_with(".new"));
    states.map(|(_, bytes)| mark_of(bytes)).max().unwrap()
}

fn list(number: u64) -> Vec<u8> {
    let key = TestKey::current();
    let list = RevocationList {
        number,
        issued_at: ISSUED_AT,
        revoked: vec![LicenceId([9; 16])],
    };
    list.seal(key.id(), |message| key.sign(message)).unwrap()
}

#[test]
fn a_state_write_leaves_the_old_or_the_new() {
    let files = files_after(&Files::new(), |device| {
        drop(device.install(&sign(&trial())));
    });
    let clock = clock();
    clock.pass(5000);
    let act = |device: Device| drop(device.activate());
    let (steps, outcomes) = cut(&files, &clock, act, |left| {
        assert!(
            [ISSUED_AT.0, ISSUED_AT.0 + 5000].contains(&mark(left)),
            "{}",
            mark(left)
        );
        let disk = Disk::holding(left);
        assert_eq!(answer(on(&disk, &clock).activate()), "OK");
        assert_eq!(mark(&disk.files()), ISSUED_AT.0 + 5000);
        let whole = disk.files();
        assert!(
            whole.keys().all(|name| !name.ends_with(".new")),
            "{:?}",
            whole.keys()
        );
    });
    assert!(steps >= 8, "{steps} steps");
    println!("state write: {steps} steps, {outcomes} outcomes");
}

#[test]
fn a_first_installation_is_there_or_not() {
    for licence in [licence(), trial()] {
        let bytes = sign(&licence);
        let install = |device: Device| drop(device.install(&bytes));
        let (steps, outcomes) = cut(&Files::new(), &clock(), install, |left| {
            let disk = Disk::holding(left);
            let first = answer(on(&disk, &clock()).activate());
            assert!(["OK", "Missing"].contains(&first), "{first}");
            assert_eq!(answer(on(&disk, &clock()).install(&bytes)), "OK");
            assert_eq!(answer(on(&disk, &clock()).activate()), "OK");
        });
        println!("first installation: {steps} steps, {outcomes} outcomes");
    }
}

#[test]
fn a_replaced_licence_is_the_old_or_the_new() {
    let second = Licence {
        licence_id: LicenceId([0x55; 16]),
        ..trial()
    };
    let pairs = [
        (trial(), licence()),
        (licence(), trial()),
        (trial(), second),
        (trial(), trial()),
    ];
    for (old, new) in pairs {
        let clock = clock();
        let files = files_after(&Files::new(), |device| drop(device.install(&sign(&old))));
        clock.pass(7 * 86_400);
        let install = |device: Device| drop(device.install(&sign(&new)));
        let (steps, outcomes) = cut(&files, &clock, install, |left| {
            let disk = Disk::holding(left);
            let installed = on(&disk, &clock).installed().unwrap();
            assert!([&old, &new].contains(&installed.licence()), "never neither");
            let grant = on(&disk, &clock).activate().unwrap();
            assert!(grant.warnings().is_empty(), "{:?}", grant.warnings());
            assert_eq!(answer(on(&disk, &clock).install(&sign(&new))), "OK");
            assert_eq!(on(&disk, &clock).installed().unwrap().licence(), &new);
        });
        println!("replaced licence: {steps} steps, {outcomes} outcomes");
    }
}

#[test]
fn a_revocation_list_is_the_old_or_the_new() {
    for licence in [licence(), trial()] {
        let files = files_after(&Files::new(), |device| {
            device.install(&sign(&licence)).unwrap();
            device.install_revocations(&list(4)).unwrap();
        });
        let install = |device: Device| drop(device.install_revocations(&list(5)));
        let (steps, outcomes) = cut(&files, &clock(), install, |left| {
            let held = left.get("revocations").unwrap();
            assert!([list(4), list(5)].contains(held));
            let disk = Disk::holding(left);
            assert_eq!(answer(on(&disk, &clock()).activate()), "OK");
            assert_eq!(
                answer(on(&disk, &clock()).install_revocations(&list(3))),
                "ListRollback"
            );
            assert_eq!(
                answer(on(&disk, &clock()).install_revocations(&list(5))),
                "OK"
            );
        });
        println!("revocation list: {steps} steps, {outcomes} outcomes");
    }
}

#[test]
fn a_request_keeps_its_number_once_it_is_out() {
    let disk = Disk::default();
    let nonce = on(&disk, &clock()).request().unwrap().nonce;
    let ask = |device: Device| drop(device.request());
    cut(&disk.files(), &clock(), ask, |left| {
        let disk = Disk::holding(left);
        assert_eq!(on(&disk, &clock()).request().unwrap().nonce, nonce);
        let answered = Licence { nonce, ..licence() };
        assert_eq!(answer(on(&disk, &clock()).install(&sign(&answered))), "OK");
        let other = Licence {
            nonce: Nonce([1; 16]),
            licence_id: LicenceId([1; 16]),
            ..licence()
        };
        assert_eq!(
            answer(on(&disk, &clock()).install(&sign(&other))),
            "RequestMismatch"
        );
    });
}

#[test]
fn a_full_disk() {
    let clock = clock();
    let empty = Disk::default();
    empty.fail_after(Some(0));
    assert_eq!(
        answer(on(&empty, &clock).install(&sign(&licence()))),
        "StateNotWritable"
    );
    assert_eq!(answer(on(&empty, &clock).request()), "StateNotWritable");
    assert_eq!(
        answer(on(&empty, &clock).install_revocations(&list(1))),
        "StateNotWritable"
    );
    // A permanent licence without its state: a warning. A trial: a day, by the monotonic clock.
    for (licence, later) in [(licence(), "OK"), (trial(), "StateNotWritable")] {
        let files = files_after(&Files::new(), |device| {
            drop(device.install(&sign(&licence)));
        });
        let mut files = files;
        files.retain(|name, _| !name.starts_with("state-"));
        let disk = Disk::holding(&files);
        disk.fail_after(Some(0));
        let grant = on(&disk, &clock).activate().unwrap();
        assert_eq!(grant.warnings().len(), 1, "{:?}", grant.warnings());
        clock.pass(86_399);
        assert_eq!(answer(grant.check_now()), "OK");
        clock.pass(1);
        assert_eq!(answer(grant.check_now()), later);
        disk.fail_after(None);
        assert_eq!(answer(grant.check_now()), "OK");
        clock.reboot(0);
    }
}

#[test]
fn two_folders_hold_a_copy_each() {
    let clock = clock();
    let (first, second) = (Disk::default(), Disk::default());
    let here =
        || on(&first, &clock).with_second_storage(Box::new(second.clone()) as Box<dyn Storage>);
    here().install(&sign(&trial())).unwrap();
    let names = |disk: &Disk| disk.files().into_keys().collect::<Vec<_>>();
    assert_eq!(names(&second).len(), 1, "{:?}", names(&second));
    clock.pass(3600);
    // The second one dies; a running trial does not wear the first one out with repairs.
    second.fail_after(Some(0));
    let grant = here().activate().unwrap();
    first.fail_after(None);
    for _ in 0..60 {
        clock.pass(60);
        grant.check().unwrap();
    }
    assert!(first.steps() <= 7 * 5, "{} steps in an hour", first.steps());
    let error: LicenceError = on(&Disk::default(), &clock).activate().unwrap_err();
    assert_eq!(name(&error), "Missing");
}
