//! The search index, measured beside other libraries by `benches/search.sh`.
//!
//! It reads commands from its standard input and answers each with one JSON object a line, so
//! that the script can let engines take turns on the same vectors within one run:
//!
//! | command | answer |
//! |---|---|
//! | `load DIMENSION FILE` | an index of the rows of a file of little-endian `f32`: `rows`, `ms`, `bytes` |
//! | `probes FILE` | what is searched for from now on: `probes` |
//! | `search FIRST COUNT TOP` | probes one by one: `ms`, `rows`, `cosines` |
//! | `slow FIRST COUNT TOP` | the same by the definition, a full scan |
//! | `within ROWS COUNT TOP` | a search in a set of so many rows, evenly spread: `ms` |
//! | `threads THREADS COUNT TOP` | `ms` of wall time |
//! | `enrol COUNT` | probes enrolled one by one: `ms` of each |
//! | `enrol-shared COUNT` | the same while a reader holds the state before |
//! | `remove COUNT` | the rows enrolled last, removed: `ms` of each |
//!
//! Times are CPU time of the process, except where wall time is said: that is what others on the
//! machine disturb least. Without a command on its input it does nothing.
#![allow(clippy::print_stdout, clippy::unwrap_used)]

use rustix::time::{ClockId, clock_gettime};
use serde_json::{Value, json};
use std::io::BufRead;
use std::num::NonZeroUsize;
use std::time::Instant;
use vultus::Embedding;
use vultus::internals::matching::cosine;
use vultus::internals::matching::index::{Hit, Index, Row, RowSet};

const MODEL: &str = "bench@1";

fn main() {
    let mut bench = Bench::new(1);
    for line in std::io::stdin().lock().lines() {
        let line = line.unwrap();
        let words: Vec<&str> = line.split_whitespace().collect();
        println!("{}", bench.answer(&words));
    }
}

struct Bench {
    index: Index,
    probes: Vec<Embedding>,
    enrolled: Vec<Row>,
}

impl Bench {
    fn new(dimension: usize) -> Self {
        Self {
            index: Index::new(MODEL, dimension).unwrap(),
            probes: Vec::new(),
            enrolled: Vec::new(),
        }
    }

    fn answer(&mut self, words: &[&str]) -> Value {
        let number = |at: usize| words[at].parse::<usize>().unwrap();
        match words[0] {
            "load" => self.load(number(1), words[2]),
            "probes" => self.read_probes(words[1]),
            "search" => self.each(number(1), number(2), |index, probe| {
                index.search(probe, number(3), None).unwrap()
            }),
            "slow" => self.each(number(1), number(2), |index, probe| {
                slow(index, probe, number(3))
            }),
            "within" => {
                let set = spread(&self.index, number(1));
                self.each(0, number(2), |index, probe| {
                    index.search(probe, number(3), Some(&set)).unwrap()
                })
            }
            "threads" => self.threads(NonZeroUsize::new(number(1)).unwrap(), number(2), number(3)),
            "enrol" => self.enrol(number(1), false),
            "enrol-shared" => self.enrol(number(1), true),
            "remove" => self.remove(number(1)),
            other => panic!("no command {other}"),
        }
    }

    fn load(&mut self, dimension: usize, file: &str) -> Value {
        let values = read(file);
        *self = Self::new(dimension);
        let ms = timed(|| {
            self.index.extend(&values).unwrap();
        });
        json!({ "rows": self.index.len(), "ms": ms, "bytes": self.index.memory() })
    }

    fn read_probes(&mut self, file: &str) -> Value {
        let values = read(file);
        let rows = values.chunks_exact(self.index.dimension());
        self.probes = rows
            .map(|row| Embedding::from_parts(MODEL, row.to_vec()).unwrap())
            .collect();
        json!({ "probes": self.probes.len() })
    }

    /// Runs a search for each of some probes.
    fn each(
        &self,
        first: usize,
        count: usize,
        search: impl Fn(&Index, &Embedding) -> Vec<Hit>,
    ) -> Value {
        let (mut times, mut rows, mut cosines) = (Vec::new(), Vec::new(), Vec::new());
        for probe in &self.probes[first..first + count] {
            let mut hits = Vec::new();
            times.push(timed(|| hits = search(&self.index, probe)));
            rows.push(hits.iter().map(|hit| hit.row.number()).collect::<Vec<_>>());
            cosines.push(hits.iter().map(|hit| hit.cosine).collect::<Vec<_>>());
        }
        json!({ "ms": times, "rows": rows, "cosines": cosines })
    }

    fn threads(&self, threads: NonZeroUsize, count: usize, top: usize) -> Value {
        let times: Vec<f64> = self.probes[..count]
            .iter()
            .map(|probe| {
                let start = Instant::now();
                self.index.search_on(probe, top, None, threads).unwrap();
                start.elapsed().as_secs_f64() * 1e3
            })
            .collect();
        json!({ "ms": times })
    }

    fn enrol(&mut self, count: usize, shared: bool) -> Value {
        let mut times = Vec::new();
        for probe in self.probes.iter().cycle().take(count) {
            let reader = shared.then(|| self.index.clone());
            let mut row = Row::new(0);
            times.push(timed(|| row = self.index.insert(probe).unwrap()));
            self.enrolled.push(row);
            drop(reader);
        }
        json!({ "ms": times })
    }

    fn remove(&mut self, count: usize) -> Value {
        let rows = self.enrolled.split_off(self.enrolled.len() - count);
        let times: Vec<f64> = rows
            .into_iter()
            .map(|row| timed(|| self.index.remove(row).unwrap()))
            .collect();
        json!({ "ms": times })
    }
}

/// Every cosine, the best `top` of them.
fn slow(index: &Index, probe: &Embedding, top: usize) -> Vec<Hit> {
    let mut hits: Vec<Hit> = index
        .rows()
        .map(|row| {
            let values = index.values(row).unwrap().to_vec();
            let stored = Embedding::from_parts(MODEL, values).unwrap();
            let cosine = cosine(probe, &stored).unwrap();
            Hit { row, cosine }
        })
        .collect();
    hits.sort_by(|a, b| b.cosine.total_cmp(&a.cosine));
    hits.truncate(top);
    hits
}

fn spread(index: &Index, count: usize) -> RowSet {
    let len = index.len();
    (0..count)
        .map(|at| Row::new((at * len / count) as u32))
        .collect()
}

fn read(file: &str) -> Vec<f32> {
    let bytes = std::fs::read(file).unwrap();
    let values = bytes.as_chunks::<4>().0;
    values
        .iter()
        .map(|&value| f32::from_le_bytes(value))
        .collect()
}

/// Milliseconds of CPU time of the process.
fn timed(work: impl FnOnce()) -> f64 {
    let now = || {
        let time = clock_gettime(ClockId::ProcessCPUTime);
        time.tv_sec as f64 * 1e3 + time.tv_nsec as f64 * 1e-6
    };
    let start = now();
    work();
    now() - start
}
