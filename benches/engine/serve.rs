//! The conversation with the driver.

use crate::arguments::Arguments;
use crate::clock::cpu_ms;
use crate::kernels;
use crate::network::Loaded;
use std::io::{self, BufRead, Write};
use std::path::Path;

/// Loads a network and answers until standard input ends.
pub(crate) fn network(words: &[&str]) -> Result<(), String> {
    let mut network = Loaded::new(&Arguments::parse(words)?)?;
    answer_lines(|line| match line.split_once(' ') {
        Some(("input", file)) => {
            network.set_input(Path::new(file))?;
            Ok("ok".to_owned())
        }
        Some(("run", count)) => series("ms", count, || network.timed_run()),
        None if line == "infer" => network.run().map(|()| "ok".to_owned()),
        Some(("output", file)) => {
            let values = network.write_outputs(Path::new(file))?;
            Ok(format!("ok {values}"))
        }
        _ => Err(format!("unknown line {line}")),
    })
}

/// Answers `run N` with rates of fused multiply-adds until standard input ends.
pub(crate) fn peak(path: &str) -> Result<(), String> {
    let work = kernels::peak(path).ok_or_else(|| format!("this machine has no {path}"))?;
    answer_lines(|line| match line.split_once(' ') {
        Some(("run", count)) => series("gflops", count, || {
            let mut operations = 0;
            let ms = cpu_ms(|| operations = work());
            Ok(operations as f64 / ms / 1e6)
        }),
        _ => Err(format!("unknown line {line}")),
    })
}

/// `ready`, then one answer for each line.
fn answer_lines(mut answer: impl FnMut(&str) -> Result<String, String>) -> Result<(), String> {
    let mut out = io::stdout().lock();
    let mut say = |text: &str| writeln!(out, "{text}").and_then(|()| out.flush());
    let broken = |error: io::Error| format!("the conversation broke: {error}");
    say("ready").map_err(broken)?;
    for line in io::stdin().lock().lines() {
        say(&answer(&line.map_err(broken)?)?).map_err(broken)?;
    }
    Ok(())
}

fn series(
    unit: &str,
    count: &str,
    mut sample: impl FnMut() -> Result<f64, String>,
) -> Result<String, String> {
    let count: usize = count
        .parse()
        .map_err(|_| format!("{count} is no number of runs"))?;
    let mut text = unit.to_owned();
    for _ in 0..count {
        text += &format!(" {:.5}", sample()?);
    }
    Ok(text)
}
