use super::header::MAGIC;
use super::*;
use crate::plan::{Operation, Weights, oracle, sample};

/// Numbers of a linear congruential generator (Knuth's MMIX constants).
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

fn read(bytes: &[u8]) -> Result<Plan, PlanError> {
    Plan::from_bytes(bytes, &sample::signature())
}

#[test]
fn a_plan_returns_as_it_was() {
    let plan = sample::plan();
    let bytes = plan.to_bytes();
    assert_eq!(read(&bytes), Ok(plan.clone()));
    assert_eq!(read(&bytes).map(|plan| plan.to_bytes()), Ok(bytes));
}

#[test]
fn the_header_is_as_documented() {
    let bytes = sample::plan().to_bytes();
    let expected = [
        &b"VULTPLAN"[..],
        &[1, 0, 0, 0],
        &[0],
        &[15, 0, 0, 0],
        &[14, 0, 0, 0],
        &[2, 0, 0, 0],
        // The input: 6 × 6 × 3, f32.
        &[6, 0, 0, 0, 6, 0, 0, 0, 3, 0, 0, 0, 0],
    ]
    .concat();
    assert_eq!(bytes[..expected.len()], expected);
}

#[test]
fn halves_take_half_the_room() {
    let mut plan = sample::plan();
    let exact = plan.to_bytes().len();
    let Operation::Convolution(first) = &mut plan.operations[0] else {
        panic!("the first operation is a convolution");
    };
    let Weights::Float(weights) = &mut first.weights else {
        panic!("in f32");
    };
    let count = weights.len();
    weights[0] = 0.1;
    assert_eq!(plan.to_bytes().len(), exact + 2 * count);
    assert_eq!(read(&plan.to_bytes()), Ok(plan));
}

#[test]
fn every_prefix_is_refused() {
    let bytes = sample::plan().to_bytes();
    for length in 0..bytes.len() {
        let error = read(&bytes[..length]).expect_err("a prefix");
        let named = match error {
            PlanError::NoPlan => length < MAGIC.len(),
            PlanError::Ends { at } => at <= length,
            _ => false,
        };
        assert!(named, "{length}: {error}");
    }
}

#[test]
fn what_follows_is_refused() {
    let mut bytes = sample::plan().to_bytes();
    bytes.push(0);
    assert_eq!(read(&bytes), Err(PlanError::Trailing { bytes: 1 }));
}

#[test]
fn another_version_says_so() {
    let mut bytes = sample::plan().to_bytes();
    bytes[8] = 2;
    let error = read(&bytes).expect_err("version 2");
    assert_eq!(error, PlanError::Version { found: 2 });
    assert!(error.to_string().contains("version 2"), "{error}");
}

/// A changed plan is refused by name, or is another plan that can be run and written.
#[test]
fn ten_thousand_mutations_are_refused_or_harmless() {
    let good = sample::plan().to_bytes();
    let mut chance = Chance(1);
    let mut accepted = 0;
    for round in 0..10_000 {
        let mut bytes = good.clone();
        for _ in 0..=chance.below(3) {
            let at = chance.below(bytes.len());
            match chance.below(4) {
                0 => bytes[at] ^= 1 << chance.below(8),
                1 => bytes[at] = [0, 1, 0x7f, 0x80, 0xff][chance.below(5)],
                2 => bytes[at] = chance.below(256) as u8,
                _ => {
                    let end = (at + 1 + chance.below(8)).min(bytes.len());
                    bytes.drain(at..end);
                }
            }
        }
        match read(&bytes) {
            Ok(plan) => {
                accepted += 1;
                assert_eq!(read(&plan.to_bytes()), Ok(plan.clone()), "{round}");
                // The oracle is slow, and large windows are allowed.
                if accepted % 16 == 0 && plan.work() < 1 << 20 {
                    let outputs = oracle::run(&plan, &[0.5; 6 * 6 * 3]);
                    let lengths: Vec<usize> = outputs.iter().map(Vec::len).collect();
                    assert_eq!(lengths, [144, 288], "{round}");
                }
            }
            Err(error) => assert!(!error.to_string().is_empty()),
        }
    }
    assert!((100..9900).contains(&accepted), "{accepted}");
}

#[test]
fn counts_ask_for_no_memory_that_the_file_does_not_have() {
    let good = sample::plan().to_bytes();
    for (at, what) in [(13, "tensors"), (17, "operations"), (21, "outputs")] {
        for count in [0, u32::MAX] {
            let mut bytes = good.clone();
            bytes[at..at + 4].copy_from_slice(&count.to_le_bytes());
            let error = read(&bytes).expect_err(what);
            let named = matches!(error, PlanError::Range { what: found, .. } if found == what);
            assert!(named, "{what} {count}: {error}");
        }
    }
    // The number of slopes of the first convolution, behind the header, the tensors, its code, three tensors,
    // its kind, its window and the code of the activation.
    let at = 25 + 14 * 13 + 18 + 1 + 12 + 1 + 24 + 1;
    assert_eq!(good[at..at + 4], [8, 0, 0, 0]);
    let mut bytes = good.clone();
    bytes[at..at + 4].copy_from_slice(&u32::MAX.to_le_bytes());
    assert_eq!(read(&bytes), Err(PlanError::Ends { at: at + 5 }));
}
