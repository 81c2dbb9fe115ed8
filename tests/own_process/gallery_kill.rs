//! A process that writes a gallery is killed, over and over: every commit that it told of is there.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use vultus::gallery::store::{Batch, FileStorage, Secret, Storage, Store, Table};
use vultus_testkit::gallery::{Content, read_all};
use vultus_testkit::{Rng, TempDir};

const FILE: &str = "VULTUS_TEST_GALLERY";
const TOLD: &str = "committed ";

fn secret() -> Secret {
    Secret::new([7; 32])
}

fn storage(path: &Path) -> Box<dyn Storage> {
    Box::new(FileStorage::new(path))
}

/// The content after so many commits: each writes the count and one face, and removes an older one.
fn expected(count: u64) -> Content {
    let mut content = Content::new();
    if count > 0 {
        content.insert(
            (Table::Meta, b"count".to_vec()),
            count.to_le_bytes().to_vec(),
        );
    }
    for i in count.saturating_sub(8)..count {
        content.insert((Table::Face, (i + 1).to_le_bytes().to_vec()), face(i + 1));
    }
    content
}

fn face(number: u64) -> Vec<u8> {
    Rng(number).bytes(2100)
}

/// The process that gets killed; does nothing when nobody started it.
#[test]
#[ignore = "started by the tests below"]
fn one_process() {
    let Some(path) = std::env::var_os(FILE) else {
        return;
    };
    let (store, content) = read_all(storage(path.as_ref()), &secret(), []).unwrap();
    let mut count = counted(&content);
    loop {
        count += 1;
        let mut batch = Batch::new();
        batch
            .put(Table::Meta, b"count", count.to_le_bytes().to_vec())
            .unwrap();
        batch
            .put(Table::Face, &count.to_le_bytes(), face(count))
            .unwrap();
        if let Some(old) = count.checked_sub(8) {
            batch.remove(Table::Face, &old.to_le_bytes()).unwrap();
        }
        store.commit(&batch).unwrap();
        // One write, so that no half of a line is ever read.
        let line = format!("{TOLD}{count}\n");
        std::io::stdout().write_all(line.as_bytes()).unwrap();
    }
}

fn counted(content: &Content) -> u64 {
    let count = content.get(&(Table::Meta, b"count".to_vec()));
    count.map_or(0, |bytes| u64::from_le_bytes(bytes[..].try_into().unwrap()))
}

/// Lets a process commit so often, then kills it at some moment of the next commit. The last commit
/// that it told of.
fn start_and_kill(path: &Path, commits: usize, delay: usize) -> Option<u64> {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args([
            "--exact",
            "gallery_kill::one_process",
            "--include-ignored",
            "--nocapture",
        ])
        .env(FILE, path)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut told = lines.map_while(Result::ok).filter_map(|line| {
        // The first stands behind the test runner's own words.
        let at = line.find(TOLD)?;
        line[at + TOLD.len()..].parse::<u64>().ok()
    });
    let mut last = (0..commits).filter_map(|_| told.next()).last();
    for _ in 0..delay {
        std::hint::spin_loop();
    }
    child.kill().unwrap();
    // What it said before it died counts too.
    last = told.last().or(last);
    child.wait().unwrap();
    last
}

fn kill(times: u64) {
    let folder = TempDir::new("kill");
    let path = folder.path().join("test.gallery");
    drop(Store::create(storage(&path), &secret()).unwrap());
    let mut rng = Rng(times);
    let mut before = 0;
    for time in 0..times {
        let told = start_and_kill(&path, rng.below(4), rng.below(400_000));
        let (store, content) = read_all(storage(&path), &secret(), []).unwrap();
        let count = counted(&content);
        let told = told.unwrap_or(before).max(before);
        assert!(
            (told..=told + 1).contains(&count),
            "kill {time}: {told} told, {count} found"
        );
        assert_eq!(content, expected(count), "kill {time}");
        if time % 10 == 0 {
            store.check().unwrap();
        }
        before = count;
    }
    println!("{times} kills, {before} commits");
    assert!(before > times / 2);
}

#[test]
fn a_killed_process_loses_nothing() {
    kill(15);
}

#[test]
#[ignore = "takes a minute"]
fn three_hundred_killed_processes_lose_nothing() {
    kill(300);
}
