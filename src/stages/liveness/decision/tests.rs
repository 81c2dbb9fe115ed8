use super::*;
use proptest::prelude::*;

const LIVE: Liveness = Liveness::Live;

fn spoof(reason: Reason) -> Liveness {
    Liveness::Spoof(Reasons::default().with(reason))
}

fn unclear(reason: Reason) -> Liveness {
    Liveness::Inconclusive(Reasons::default().with(reason))
}

fn frame(timestamp_us: u64, verdict: Liveness) -> FrameLiveness {
    FrameLiveness {
        timestamp_us,
        verdict,
        score: Some(0.5),
        evidence: Evidence::default().with(Check::NoseHeight),
    }
}

/// Adds verdicts 100 ms apart and gives the last decision.
fn after(verdicts: &[Liveness]) -> Decided {
    let mut decision = LivenessDecision::default();
    let times = (1..).map(|i| i * 100_000);
    let decided = verdicts
        .iter()
        .zip(times)
        .map(|(v, t)| decision.add(7, frame(t, *v)).expect("in order"));
    decided.last().expect("some")
}

#[test]
fn three_of_five_decide() {
    let (flat, relief) = (spoof(Reason::NoseTooFlat), spoof(Reason::Relief));
    let far = unclear(Reason::TooFar);
    let few = Reasons::default().with(Reason::TooFewFrames);
    assert_eq!(after(&[LIVE, LIVE]).verdict, Liveness::Inconclusive(few));
    let live = after(&[LIVE, flat, LIVE, far, LIVE]);
    assert_eq!((live.verdict, live.frames), (LIVE, 5));
    let checks = Evidence::default().with(Check::NoseHeight);
    assert_eq!(live.evidence, checks.with(Check::SeveralFrames));
    let both = Reasons::default()
        .with(Reason::NoseTooFlat)
        .with(Reason::Relief);
    assert_eq!(after(&[flat, relief, flat]).verdict, Liveness::Spoof(both));
    // Two, two and one: nothing agrees, and only what was unclear says why.
    let split = after(&[LIVE, LIVE, flat, flat, far]);
    let why = few.with(Reason::TooFar);
    assert_eq!(split.verdict, Liveness::Inconclusive(why));
    assert!(split.evidence.is_empty());
    // The sixth pushes the first out.
    let six = after(&[LIVE, far, far, far, LIVE, LIVE]);
    assert_eq!(six.verdict, Liveness::Inconclusive(why));
}

#[test]
fn a_frame_counts_once_and_by_its_worst_answer() {
    let mut decision = LivenessDecision::default();
    for _ in 0..5 {
        let decided = decision.add(1, frame(100, LIVE)).expect("taken");
        assert_eq!(decided.frames, 1);
        assert!(!decided.verdict.is_live());
    }
    decision.add(1, frame(200, LIVE)).expect("taken");
    assert!(
        decision
            .add(1, frame(300, LIVE))
            .expect("taken")
            .verdict
            .is_live()
    );
    // The last frame again, with another pairing that does not pass.
    let worse = decision.add(1, frame(300, spoof(Reason::Relief)));
    assert!(!worse.expect("taken").verdict.is_live());
    let better = decision.add(1, frame(300, LIVE)).expect("taken");
    assert!(!better.verdict.is_live());
}

#[test]
fn frames_age_by_their_own_clock() {
    let mut decision = LivenessDecision::default();
    for t in [1, 750_001] {
        decision.add(1, frame(t, LIVE)).expect("taken");
    }
    // Exactly 1.5 s after the first, and a microsecond later.
    assert!(
        decision
            .clone()
            .add(1, frame(1_500_001, LIVE))
            .expect("taken")
            .verdict
            .is_live()
    );
    let late = decision.add(1, frame(1_500_002, LIVE)).expect("taken");
    assert_eq!((late.verdict.is_live(), late.frames), (false, 2));
    // However far the clock jumps.
    let far = decision.add(1, frame(u64::MAX, LIVE)).expect("taken");
    assert_eq!(far.frames, 1);
}

#[test]
fn another_track_begins_anew() {
    let mut decision = LivenessDecision::default();
    for t in [1, 2, 3] {
        decision.add(1, frame(t, LIVE)).expect("taken");
    }
    let other = decision.add(2, frame(4, LIVE)).expect("taken");
    assert_eq!((other.verdict.is_live(), other.frames), (false, 1));
    // Another face may be older than the last: each track has its own order.
    assert!(decision.add(1, frame(2, LIVE)).is_ok());
}

#[test]
fn bad_frames_are_refused_by_name_and_change_nothing() {
    let mut decision = LivenessDecision::default();
    decision.add(1, frame(500, LIVE)).expect("taken");
    let before = decision.clone();
    let missing = decision.add(2, frame(0, LIVE));
    assert_eq!(missing, Err(DecisionError::TimestampMissing));
    let error = DecisionError::OutOfOrder {
        previous_us: 500,
        value_us: 499,
    };
    assert_eq!(decision.add(1, frame(499, LIVE)), Err(error));
    assert_eq!(error.status(), Status::SensorFrameInvalid);
    assert!(error.to_string().contains("499") && error.to_string().contains("500"));
    assert_eq!(decision.frames, before.frames);
    assert_eq!(decision.track, before.track);
}

#[test]
fn both_sides_of_every_limit_of_the_rules() {
    let fine = |needed, of, us| DecisionRules::new(needed, of, us).is_ok();
    assert_eq!(
        DecisionRules::new(3, 5, 1_500_000),
        Ok(DecisionRules::default())
    );
    assert!(fine(1, 1, 100_000) && !fine(1, 1, 99_999));
    assert!(fine(32, 32, 10_000_000) && !fine(32, 32, 10_000_001));
    assert!(!fine(17, 33, 1_000_000) && !fine(0, 0, 1_000_000));
    // Half would let frames agree on both.
    assert!(!fine(2, 4, 1_000_000) && fine(3, 4, 1_000_000) && !fine(5, 4, 1_000_000));
    let refused = DecisionRules::new(2, 4, 1_000_000).expect_err("refused");
    assert!(
        refused
            .to_string()
            .starts_with("frames that have to agree is 2")
    );
}

#[test]
fn the_score_is_the_lower_median() {
    let mut decision = LivenessDecision::default();
    let mut add = |t, score| {
        let scored = FrameLiveness {
            score,
            ..frame(t, LIVE)
        };
        decision.add(1, scored).expect("taken").score
    };
    assert_eq!(add(1, None), None);
    assert_eq!(add(2, Some(0.9)), Some(0.9));
    assert_eq!(add(3, Some(0.1)), Some(0.1));
    assert_eq!(add(4, Some(0.5)), Some(0.5));
    assert_eq!(add(5, Some(0.6)), Some(0.5));
}

/// Everything that was ever added, looked through from the beginning at each question.
struct Oracle {
    rules: DecisionRules,
    seen: Vec<(u64, FrameLiveness)>,
}

impl Oracle {
    fn verdict(&self) -> (usize, usize, usize) {
        let (track, newest) = *self.seen.last().expect("some");
        let begin = self.seen.iter().rposition(|(t, _)| *t != track);
        let own = &self.seen[begin.map_or(0, |at| at + 1)..];
        let mut times: Vec<u64> = own.iter().map(|(_, f)| f.timestamp_us).collect();
        times.sort_unstable();
        times.dedup();
        let (mut live, mut spoof, mut count) = (0, 0, 0);
        for time in times.into_iter().rev().take(self.rules.of) {
            if newest.timestamp_us - time > self.rules.within_us {
                continue;
            }
            let answers = own.iter().filter(|(_, f)| f.timestamp_us == time);
            let worst = answers.map(|(_, f)| badness(f.verdict)).max();
            count += 1;
            live += usize::from(worst == Some(0));
            spoof += usize::from(worst == Some(2));
        }
        (live, spoof, count)
    }
}

proptest! {
    #[test]
    fn a_slow_oracle_decides_the_same(
        of in 1_usize..8,
        extra in 0_usize..4,
        within_us in 100_000_u64..400_000,
        steps in prop::collection::vec((0_u64..4, 0_u64..120_000, 0_u64..12, 0_u8..3), 1..120),
    ) {
        let needed = (of / 2 + 1 + extra).min(of);
        let rules = DecisionRules::new(needed, of, within_us).expect("in range");
        let mut decision = LivenessDecision::new(rules);
        let mut oracle = Oracle { rules, seen: Vec::new() };
        let (mut now, mut track) = (1_u64, 0_u64);
        for (pause, step, turn, kind) in steps {
            // Now and then the same frame twice, and now and then another face.
            now += if pause == 0 { 0 } else { step };
            if turn == 0 {
                track += 1;
            }
            let verdict = match kind {
                0 => LIVE,
                1 => unclear(Reason::TooFar),
                _ => spoof(Reason::Relief),
            };
            let frame = frame(now, verdict);
            oracle.seen.push((track, frame));
            let decided = decision.add(track, frame).expect("in order");
            let (live, spoof, count) = oracle.verdict();
            prop_assert_eq!(decided.frames, count);
            prop_assert_eq!(decided.verdict == LIVE, live >= needed);
            prop_assert_eq!(matches!(decided.verdict, Liveness::Spoof(_)), spoof >= needed);
        }
    }
}
