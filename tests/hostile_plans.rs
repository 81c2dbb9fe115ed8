//! Plans that someone has tampered with: a named error or another plan that runs within its memory.
#![allow(clippy::unwrap_used)]

use std::fs;
use vultus::internals::model::Role;
use vultus_nn::Signature;
use vultus_nn::cpu::CpuPath;
use vultus_nn::plan::Plan;

/// Memory that reading one of these plans may ask for beyond what the test has already.
const MOST_KIB: u64 = 64 * 1024;

/// The largest address space of this process so far, in KiB; `None` where the system does not say.
fn peak_kib() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmPeak:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}

struct Chance(u64);

impl Chance {
    fn below(&mut self, most: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % most
    }
}

/// A detector of the committed pack.
fn good() -> (Vec<u8>, Signature) {
    let pack = vultus_testkit::lite().pack();
    let network = pack.with_role(Role::Detector).next().unwrap();
    let file = &network.spec().plan.as_ref().unwrap().file;
    let bytes = fs::read(vultus_testkit::root().join("models/lite").join(file)).unwrap();
    (bytes, network.spec().signature())
}

/// Runs what was accepted; whatever it computes, it must stay inside its memory.
fn run(plan: &Plan, signature: &Signature) {
    let network = plan.network("mutation", signature, CpuPath::chosen().unwrap());
    let mut runner = network.unwrap().runner().unwrap();
    runner.input_mut().fill(0.5);
    runner.run().unwrap();
    let count = runner.output(0).len();
    assert_eq!(count, signature.outputs[0].values().unwrap());
}

#[test]
fn tampered_plans_are_refused_by_name_or_harmless() {
    let (good, signature) = good();
    let before = peak_kib();
    for length in (0..good.len()).step_by(64) {
        let error = Plan::from_bytes(&good[..length], &signature).expect_err("a prefix");
        assert!(!error.to_string().is_empty(), "{length}");
    }
    let mut chance = Chance(7);
    let (mut refused, mut accepted) = (0, 0);
    for round in 0..10_000 {
        let mut bytes = good.clone();
        // Half of the mutations hit the first 2 KiB, where the structure is denser.
        let reach = if round % 2 == 0 { 2048 } else { bytes.len() };
        for _ in 0..=chance.below(3) {
            let at = chance.below(reach.min(bytes.len()));
            match chance.below(4) {
                0 => bytes[at] ^= 1 << chance.below(8),
                1 => bytes[at] = [0, 1, 0x7f, 0x80, 0xff][chance.below(5)],
                2 => bytes[at] = chance.below(256) as u8,
                _ => {
                    let end = (at + 1 + chance.below(64)).min(bytes.len());
                    bytes.drain(at..end);
                }
            }
        }
        match Plan::from_bytes(&bytes, &signature) {
            Ok(plan) => {
                accepted += 1;
                // Changed windows may ask for more work than a test has time for.
                if accepted % 100 == 1 && plan.work() < 1 << 28 {
                    run(&plan, &signature);
                }
            }
            Err(error) => {
                refused += 1;
                assert!(!error.to_string().is_empty());
            }
        }
    }
    assert!(
        refused > 1000 && accepted > 100,
        "{refused} refused, {accepted} accepted"
    );
    if let (Some(before), Some(after)) = (before, peak_kib()) {
        assert!(after - before < MOST_KIB, "{before} to {after} KiB");
    }
}
