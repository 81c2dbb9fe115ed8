use super::track::badness;
use super::*;
use crate::config::TrackId;
use crate::error::{Coded, Status};
use crate::stages::liveness::{Check, Evidence, Liveness, Reason, Reasons};
use proptest::prelude::*;

const LIVE: Liveness = Liveness::Live;

/// The face of most tests.
const ONE: TrackId = TrackId::new(1);
const OTHER: TrackId = TrackId::new(2);

/// 3 of 5 within 1.5 s over one track.
fn of_one() -> LivenessDecision {
    LivenessDecision::new(ONE, DecisionRules::default())
}

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
    let mut decision = of_one();
    let times = (1..).map(|i| i * 100_000);
    let decided = verdicts
        .iter()
        .zip(times)
        .map(|(v, t)| decision.add(ONE, frame(t, *v)).expect("in order"));
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
    let mut decision = of_one();
    for _ in 0..5 {
        let decided = decision.add(ONE, frame(100, LIVE)).expect("taken");
        assert_eq!(decided.frames, 1);
        assert!(!decided.verdict.is_live());
    }
    decision.add(ONE, frame(200, LIVE)).expect("taken");
    assert!(
        decision
            .add(ONE, frame(300, LIVE))
            .expect("taken")
            .verdict
            .is_live()
    );
    // The last frame again, with another pairing that does not pass.
    let worse = decision.add(ONE, frame(300, spoof(Reason::Relief)));
    assert!(!worse.expect("taken").verdict.is_live());
    let better = decision.add(ONE, frame(300, LIVE)).expect("taken");
    assert!(!better.verdict.is_live());
}

#[test]
fn frames_age_by_their_own_clock() {
    let mut decision = of_one();
    for t in [1, 750_001] {
        decision.add(ONE, frame(t, LIVE)).expect("taken");
    }
    // Exactly 1.5 s after the first, and a microsecond later.
    assert!(
        decision
            .clone()
            .add(ONE, frame(1_500_001, LIVE))
            .expect("taken")
            .verdict
            .is_live()
    );
    let late = decision.add(ONE, frame(1_500_002, LIVE)).expect("taken");
    assert_eq!((late.verdict.is_live(), late.frames), (false, 2));
    // However far the clock jumps.
    let far = decision.add(ONE, frame(u64::MAX, LIVE)).expect("taken");
    assert_eq!(far.frames, 1);
}

#[test]
fn a_frame_of_another_track_is_refused_by_name_and_changes_nothing() {
    let mut decision = of_one();
    for t in [1, 2] {
        decision.add(ONE, frame(t, LIVE)).expect("taken");
    }
    let error = DecisionError::OtherTrack {
        expected: ONE,
        actual: OTHER,
    };
    assert_eq!(decision.add(OTHER, frame(3, LIVE)), Err(error));
    assert_eq!(error.status(), Status::InvalidParameter);
    let words = "the frame is of track 2, the decision of track 1";
    assert_eq!(error.to_string(), words);
    let third = decision.add(ONE, frame(3, LIVE)).expect("taken");
    assert_eq!((third.verdict, third.frames), (LIVE, 3));
}

#[test]
fn another_track_begins_anew() {
    let mut decisions = TrackDecisions::default();
    for t in [1, 2, 3] {
        decisions.add(ONE, frame(t, LIVE)).expect("taken");
    }
    let other = decisions.add(OTHER, frame(4, LIVE)).expect("taken");
    assert_eq!((other.verdict.is_live(), other.frames), (false, 1));
    // Another face may be older than the last: each track has its own order.
    assert!(decisions.add(TrackId::new(3), frame(2, LIVE)).is_ok());
    assert!(decisions.add(ONE, frame(2, LIVE)).is_err());
}

/// Two faces before one camera, whose frames take turns: each has its own vote.
#[test]
fn two_tracks_that_alternate_reach_their_own_votes() {
    let mut decisions = TrackDecisions::default();
    let mut last = [None; 2];
    for n in 0..3 {
        for (track, verdict) in [(1, LIVE), (2, spoof(Reason::Relief))] {
            let time = 1 + n * 100_000 + track;
            let decided = decisions.add(TrackId::new(track), frame(time, verdict));
            let decided = decided.expect("taken");
            last[track as usize - 1] = Some((decided.verdict, decided.frames));
        }
    }
    let expected = [(LIVE, 3), (spoof(Reason::Relief), 3)];
    assert_eq!(last, expected.map(Some));
}

#[test]
fn tracks_are_bounded_and_those_that_are_gone_go_first() {
    let mut decisions = TrackDecisions::default();
    let most = TrackDecisions::MOST as u64;
    for track in 1..=most {
        decisions
            .add(TrackId::new(track), frame(track, LIVE))
            .expect("taken");
    }
    // The oldest of them is seen again, so that the second oldest makes room.
    decisions.add(ONE, frame(most + 1, LIVE)).expect("taken");
    let new = TrackId::new(most + 1);
    // What is refused takes no place.
    assert!(decisions.add(new, frame(0, LIVE)).is_err());
    assert!(decisions.tracks().any(|track| track == OTHER));
    decisions.add(new, frame(most + 2, LIVE)).expect("taken");
    assert_eq!(decisions.tracks().len(), TrackDecisions::MOST);
    assert!(!decisions.tracks().any(|track| track == OTHER));
    let again = decisions.add(ONE, frame(most + 3, LIVE)).expect("taken");
    assert_eq!((again.verdict, again.frames), (LIVE, 3));
    assert!(decisions.forget(ONE) && !decisions.forget(ONE));
    let anew = decisions.add(ONE, frame(1, LIVE)).expect("taken");
    assert_eq!(anew.frames, 1);
}

#[test]
fn bad_frames_are_refused_by_name_and_change_nothing() {
    let mut decision = TrackDecisions::default();
    decision.add(ONE, frame(500, LIVE)).expect("taken");
    let before = format!("{decision:?}");
    let missing = decision.add(OTHER, frame(0, LIVE));
    assert_eq!(missing, Err(DecisionError::TimestampMissing));
    let error = DecisionError::OutOfOrder {
        previous_us: 500,
        value_us: 499,
    };
    assert_eq!(decision.add(ONE, frame(499, LIVE)), Err(error));
    assert_eq!(error.status(), Status::SensorFrameInvalid);
    assert!(error.to_string().contains("499") && error.to_string().contains("500"));
    assert_eq!(format!("{decision:?}"), before);
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
    let mut decision = of_one();
    let mut add = |t, score| {
        let scored = FrameLiveness {
            score,
            ..frame(t, LIVE)
        };
        decision.add(ONE, scored).expect("taken").score
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
    seen: Vec<(TrackId, FrameLiveness)>,
}

impl Oracle {
    fn verdict(&self) -> (usize, usize, usize) {
        let (track, newest) = *self.seen.last().expect("some");
        let own = || self.seen.iter().filter(|(t, _)| *t == track);
        let mut times: Vec<u64> = own().map(|(_, f)| f.timestamp_us).collect();
        times.sort_unstable();
        times.dedup();
        let (mut live, mut spoof, mut count) = (0, 0, 0);
        for time in times.into_iter().rev().take(self.rules.of) {
            if newest.timestamp_us - time > self.rules.within_us {
                continue;
            }
            let answers = own().filter(|(_, f)| f.timestamp_us == time);
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
        steps in prop::collection::vec((0_u64..4, 0_u64..120_000, 0_u64..4, 0_u8..3), 1..120),
    ) {
        let needed = (of / 2 + 1 + extra).min(of);
        let rules = DecisionRules::new(needed, of, within_us).expect("in range");
        let mut decisions = TrackDecisions::new(rules);
        let mut oracle = Oracle { rules, seen: Vec::new() };
        let mut now = 1_u64;
        for (pause, step, track, kind) in steps {
            // Now and then the same frame twice; the faces take turns.
            now += if pause == 0 { 0 } else { step };
            let track = TrackId::new(track);
            let verdict = match kind {
                0 => LIVE,
                1 => unclear(Reason::TooFar),
                _ => spoof(Reason::Relief),
            };
            let frame = frame(now, verdict);
            oracle.seen.push((track, frame));
            let decided = decisions.add(track, frame).expect("in order");
            let (live, spoof, count) = oracle.verdict();
            prop_assert_eq!(decided.frames, count);
            prop_assert_eq!(decided.verdict == LIVE, live >= needed);
            prop_assert_eq!(matches!(decided.verdict, Liveness::Spoof(_)), spoof >= needed);
        }
    }
}
