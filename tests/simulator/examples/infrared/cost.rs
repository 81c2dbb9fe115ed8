//! Time of a call on one thread.

use std::error::Error;
use std::time::Duration;
use vultus::internals::stages::liveness::{Judge, Scratch};
use vultus::liveness::infrared::InfraredLiveness;
use vultus_simulator::Species;
use vultus_testkit::simulated::infrared::NirShot;

const ROUNDS: usize = 41;

/// Processor time of this process so far.
fn now() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
    Duration::new(time.tv_sec as u64, time.tv_nsec as u32)
}

/// Prints the median of a whole assessment with a pair and without, over faces at different distances.
pub(crate) fn cost(judge: &InfraredLiveness) -> Result<(), Box<dyn Error>> {
    let mut scratch = Scratch::default();
    let shots: Vec<NirShot> = (0..4)
        .map(|i| NirShot::draw(Species::Live, 14_000_000 + i))
        .collect();
    for pair in [true, false] {
        let mut times = Vec::new();
        for round in 0..ROUNDS {
            let shot = &shots[round % shots.len()];
            let colour = shot.colour();
            let frames = if pair { shot.pair() } else { shot.lit_alone() };
            let before = now();
            judge.assess(&mut scratch, (&colour, &frames), &shot.face)?;
            times.push(now() - before);
        }
        times.sort_unstable();
        println!("pair: {pair}, median {:?}", times[ROUNDS / 2]);
    }
    Ok(())
}
