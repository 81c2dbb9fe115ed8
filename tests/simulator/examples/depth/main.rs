//! Fits the rules of depth liveness to simulated presentations, and judges others by them.
//!
//! Usage: `depth fit models/liveness/depth.toml` writes the file; `depth evaluate [COUNT]` prints the tables of
//! `docs/liveness.md` (COUNT identities and artefacts a species). Seeds of training, tuning and test are
//! disjoint, and with them people and artefacts.
#![allow(clippy::print_stdout)]

mod evaluate;
mod fit;
#[path = "../../../common/simulated.rs"]
mod simulated;

use std::error::Error;

fn main() -> Result<(), Box<dyn Error>> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    match words.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["fit", file] => std::fs::write(file, fit::fit()?)?,
        ["evaluate"] => evaluate::evaluate(300)?,
        ["evaluate", count] => evaluate::evaluate(count.parse()?)?,
        _ => return Err("usage: depth fit FILE | depth evaluate [COUNT]".into()),
    }
    Ok(())
}

/// Runs a function of a number on every core; results in order.
fn parallel<T: Send>(count: u64, f: impl Fn(u64) -> T + Sync) -> Vec<T> {
    let threads = std::thread::available_parallelism().map_or(1, |n| n.get() as u64);
    let f = &f;
    let mut parts: Vec<Vec<(u64, T)>> = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..threads)
            .map(|t| {
                scope.spawn(move || {
                    (t..count)
                        .step_by(threads as usize)
                        .map(|i| (i, f(i)))
                        .collect()
                })
            })
            .collect();
        let join = |w: std::thread::ScopedJoinHandle<'_, _>| {
            w.join().expect("a worker's panic is shown by itself")
        };
        workers.into_iter().map(join).collect()
    });
    let mut all: Vec<(u64, T)> = parts.drain(..).flatten().collect();
    all.sort_by_key(|(i, _)| *i);
    all.into_iter().map(|(_, value)| value).collect()
}
