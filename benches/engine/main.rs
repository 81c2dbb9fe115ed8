//! One network in one process, timed on request: what `benches/engine.sh` sets beside its peers.
//!
//! `engine serve --plan FILE --input NAME=1,3,112,112 --output NAME=1,128` loads a network (`--onnx FILE`: on the
//! reference engine) and obeys lines on standard input, one answer line each:
//!
//! | line | answer |
//! |---|---|
//! | `input FILE` | `ok`: the input is these little-endian f32 values from now on |
//! | `run N` | `ms` and the CPU time of each of N runs in milliseconds |
//! | `infer` | `ok` after one run; no clock is read, which valgrind would not survive |
//! | `output FILE` | `ok` and the number of values: all outputs of the last run, in order, to FILE |
//!
//! `engine compile --onnx FILE --plan FILE` and tensors makes the plan, `engine quantise --plan FILE --bytes FILE
//! --calibration FILE` one of bytes. `engine profile --plan FILE` and tensors prints what
//! each step took, the most expensive first. `engine peak --path avx2` obeys `run N` alone and
//! answers `gflops` and N rates of fused multiply-adds, which bound what any kernel of that path can reach.
//!
//! The clock is the process's CPU time, so that a busy machine disturbs little. One process for each
//! path, because the path is chosen once (`VULTUS_CPU`).
#![allow(clippy::print_stdout, clippy::unwrap_used)]

mod arguments;
mod clock;
mod kernels;
mod network;
mod prepare;
mod serve;

use arguments::Arguments;
use std::process::ExitCode;

const USAGE: &str =
    "usage: engine serve --plan FILE|--onnx FILE --input NAME=SHAPE --output NAME=SHAPE...
       engine compile --onnx FILE --plan FILE --input NAME=SHAPE --output NAME=SHAPE...
       engine quantise --plan FILE --bytes FILE --calibration FILE [--role detector] --input NAME=SHAPE --output NAME=SHAPE...
       engine profile --plan FILE --input NAME=SHAPE --output NAME=SHAPE...
       engine peak --path avx2|avx512";

/// Runs of which a profile is the median.
const PROFILED_RUNS: usize = 31;

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let done = match words.as_slice() {
        ["serve", rest @ ..] => serve::network(rest),
        ["compile", rest @ ..] => Arguments::parse(rest).and_then(|words| prepare::compile(&words)),
        ["quantise", rest @ ..] => quantise(rest),
        ["profile", rest @ ..] => profile(rest),
        ["peak", "--path", path] => serve::peak(path),
        // What cargo itself asks of a bench.
        words
            if words
                .iter()
                .all(|word| ["--bench", "--test"].contains(word)) =>
        {
            println!("{USAGE}\nbenches/engine.sh drives it");
            Ok(())
        }
        _ => Err(USAGE.to_owned()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            println!("error {why}");
            ExitCode::FAILURE
        }
    }
}

fn profile(words: &[&str]) -> Result<(), String> {
    println!(
        "{}",
        prepare::profile(&Arguments::parse(words)?, PROFILED_RUNS)?
    );
    Ok(())
}

fn quantise(words: &[&str]) -> Result<(), String> {
    println!("{}", prepare::quantised(&Arguments::parse(words)?)?);
    Ok(())
}
