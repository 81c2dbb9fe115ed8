//! The power fails at every write and every sync: what was acknowledged is there, and nothing else
//! is damaged. What is written by a disk between two syncs is anybody's guess, sector by sector.

use vultus::gallery::store::{Batch, Secret, Store, StoreError, Table};
use vultus_testkit::Rng;
use vultus_testkit::disk::{Disk, Step};
use vultus_testkit::gallery::{Content, read_all};
use vultus_testkit::power_cut::PowerCut;

/// A state that was acknowledged: how many steps the disk had done by then.
struct Acknowledged {
    steps: usize,
    secret: u8,
    content: Content,
}

struct Script {
    /// The disk before the first step: an empty gallery.
    start: Vec<u8>,
    steps: Vec<Step>,
    acknowledged: Vec<Acknowledged>,
}

fn secret(number: u8) -> Secret {
    Secret::new([number; 32])
}

fn crops() -> impl Iterator<Item = Vec<u8>> {
    (0..6_u8).map(|i| vec![b'c', i])
}

/// One of the things that are done to a gallery: single records, lists of them as an upgrade of a
/// group or its way back makes, crops.
fn change(rng: &mut Rng, batch: &mut Batch, content: &mut Content) {
    let count = [1, 1, 2, 12][rng.below(4)];
    for _ in 0..count {
        let table = Table::ALL[rng.below(5)];
        let key = if table == Table::Crop {
            vec![b'c', rng.below(6) as u8]
        } else {
            format!("id-{}", rng.below(20)).into_bytes()
        };
        if rng.below(3) == 0 {
            batch.remove(table, &key).unwrap();
            content.remove(&(table, key));
            continue;
        }
        let length = if table.is_large() { 9000 } else { 300 };
        let record = rng.bytes(rng.clone().below(length));
        batch.put(table, &key, record.clone()).unwrap();
        content.insert((table, key), record);
    }
}

/// Runs so many operations on a disk that remembers them.
fn script(operations: usize, seed: u64) -> Script {
    let disk = Disk::default();
    drop(Store::create(disk.storage(), &secret(0)).unwrap());
    let start = disk.bytes();
    disk.log();
    let mut rng = Rng(seed);
    let mut content = Content::new();
    let mut number = 0;
    let mut acknowledged = vec![Acknowledged {
        steps: 0,
        secret: 0,
        content: content.clone(),
    }];
    let (mut store, _) = read_all(disk.storage(), &secret(0), []).unwrap();
    for operation in 0..operations {
        match operation % 50 {
            20 => {
                number += 1;
                store.rotate(&secret(number)).unwrap();
            }
            30 => store.compact().unwrap(),
            40 => {
                drop(store);
                (store, _) = read_all(disk.storage(), &secret(number), []).unwrap();
            }
            _ => {
                let mut batch = Batch::new();
                change(&mut rng, &mut batch, &mut content);
                store.commit(&batch).unwrap();
            }
        }
        acknowledged.push(Acknowledged {
            steps: disk.logged(),
            secret: number,
            content: content.clone(),
        });
    }
    drop(store);
    Script {
        start,
        steps: disk.take_log(),
        acknowledged,
    }
}

/// What was found after a cut must be the state acknowledged last, or the one on its way.
fn judge(disk: &Disk, last: &Acknowledged, next: Option<&Acknowledged>) -> Result<Store, String> {
    let opened = match read_all(disk.storage(), &secret(last.secret), crops()) {
        // A rotation was on its way.
        Err(StoreError::SecretWrong) if next.is_some_and(|next| next.secret != last.secret) => {
            read_all(disk.storage(), &secret(last.secret + 1), crops())
        }
        opened => opened,
    };
    let (store, content) = opened.map_err(|error| error.to_string())?;
    if content == last.content || next.is_some_and(|next| content == next.content) {
        return Ok(store);
    }
    Err(format!(
        "neither the old nor the new state: {} records, {} acknowledged",
        content.len(),
        last.content.len()
    ))
}

/// Cuts the power after each number of steps. With `images` random outcomes each, beside nothing and
/// everything; a check of each `check`th, and a second cut while it is opened.
fn cut_everywhere(script: &Script, images: usize, every: usize, seed: u64) -> (usize, usize) {
    let mut rng = Rng(seed);
    let mut cut = PowerCut::new(&script.start);
    let mut opened = 0;
    for steps in 0..=script.steps.len() {
        if steps > 0 {
            cut.step(&script.steps[steps - 1]);
        }
        let after = script.acknowledged.partition_point(|a| a.steps <= steps);
        let last = &script.acknowledged[after - 1];
        let next = script.acknowledged.get(after);
        let mut outcomes = vec![cut.none(), cut.all()];
        outcomes.extend((0..images).map(|_| cut.some(&mut rng)));
        for image in outcomes {
            opened += 1;
            if opened % every != 0 {
                judge(&Disk::holding(&image), last, next).unwrap();
                continue;
            }
            let disk = Disk::holding(&image);
            disk.log();
            let store = judge(&disk, last, next).unwrap();
            store.check().unwrap();
            drop(store);
            // The power fails again while the first cut is being tidied up.
            let tidying = disk.take_log();
            let mut again = PowerCut::new(&image);
            for step in &tidying[..rng.below(tidying.len() + 1)] {
                again.step(step);
            }
            judge(&Disk::holding(&again.some(&mut rng)), last, next)
                .unwrap()
                .check()
                .unwrap();
        }
    }
    (script.steps.len(), opened)
}

#[test]
fn a_power_cut_leaves_every_acknowledged_record() {
    let script = script(60, 1);
    let (steps, opened) = cut_everywhere(&script, 1, 16, 2);
    println!("60 operations, {steps} steps of the disk, {opened} outcomes opened");
    assert!(steps > 300 && opened == 3 * (steps + 1));
}

/// The tests above can fail: on a disk whose syncs do nothing, acknowledged records are lost.
#[test]
fn a_disk_that_lies_about_syncs_is_noticed() {
    let script = script(10, 5);
    let mut cut = PowerCut::new(&script.start);
    let steps = script.steps.iter();
    steps
        .filter(|step| !matches!(step, Step::Sync))
        .for_each(|step| cut.step(step));
    let last = script.acknowledged.last().unwrap();
    assert!(judge(&Disk::holding(&cut.all()), last, None).is_ok());
    let lost = judge(&Disk::holding(&cut.none()), last, None).unwrap_err();
    assert!(lost.contains("neither the old nor the new"), "{lost}");
    let mut rng = Rng(6);
    let torn = (0..20).filter(|_| {
        let disk = Disk::holding(&cut.some(&mut rng));
        judge(&disk, last, None).is_err()
    });
    assert!(torn.count() > 10);
}

/// The same for 500 operations, six outcomes at each step: some minutes.
#[test]
#[ignore = "takes minutes"]
fn a_power_cut_in_five_hundred_operations() {
    let script = script(500, 3);
    let (steps, opened) = cut_everywhere(&script, 4, 8, 4);
    println!("500 operations, {steps} steps of the disk, {opened} outcomes opened");
    assert!(steps > 3000 && opened == 6 * (steps + 1));
}
