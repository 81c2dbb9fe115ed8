use super::*;
use proptest::prelude::*;

const MS: u64 = 1000;

fn pairer() -> FramePairer<&'static str> {
    FramePairer::with_depth(MaxSkew::default())
}

#[test]
fn fifty_milliseconds_pass_and_fifty_one_are_unsynced() {
    for (skew, passes) in [(50 * MS, true), (50 * MS + 1, false), (51 * MS, false)] {
        let mut pairer = pairer();
        pairer.push(Stream::Colour, 1000 * MS, "c").expect("taken");
        assert_eq!(pairer.next_pair(), None, "depth may still come");
        pairer
            .push(Stream::Depth, 1000 * MS + skew, "d")
            .expect("taken");
        let result = pairer.next_pair().expect("decided");
        assert_eq!(result.is_ok(), passes, "{skew}");
        if let Err(unsynced) = result {
            assert_eq!(unsynced.skew_us, Some(skew));
            assert_eq!(unsynced.status(), Status::FrameUnsynced);
            assert!(unsynced.to_string().contains("allowed is 50.0"));
        }
        let handed = FrameUnsynced::check(7, Stream::Infrared, 7 + skew, MaxSkew::default());
        assert_eq!(handed.is_ok(), passes);
    }
}

#[test]
fn the_nearest_frame_is_taken_even_when_it_comes_later() {
    let mut pairer = pairer();
    pairer
        .push(Stream::Depth, 970 * MS, "early")
        .expect("taken");
    pairer.push(Stream::Colour, 1000 * MS, "c").expect("taken");
    assert_eq!(pairer.next_pair(), None);
    pairer
        .push(Stream::Depth, 1003 * MS, "late")
        .expect("taken");
    let paired = pairer.next_pair().expect("decided").expect("synced");
    assert_eq!((paired.depth, paired.infrared), (Some("late"), None));
    assert_eq!(paired.skew_us, 3 * MS);
    // A slow stream serves two colour frames.
    pairer.push(Stream::Colour, 1033 * MS, "c2").expect("taken");
    pairer
        .push(Stream::Depth, 1069 * MS, "later")
        .expect("taken");
    let paired = pairer.next_pair().expect("decided").expect("synced");
    assert_eq!(paired.depth, Some("late"));
}

#[test]
fn a_silent_stream_is_reported_by_name_after_four_frames() {
    let mut pairer = FramePairer::with_both(MaxSkew::default());
    for i in 1..=5 {
        pairer.push(Stream::Colour, i * 33 * MS, i).expect("taken");
        pairer.push(Stream::Depth, i * 33 * MS, i).expect("taken");
        let decided = pairer.next_pair();
        assert_eq!(decided.is_some(), i == 5);
        if let Some(result) = decided {
            let unsynced = result.expect_err("no infrared frame ever came");
            assert_eq!(
                (unsynced.stream, unsynced.skew_us),
                (Stream::Infrared, None)
            );
            assert!(unsynced.to_string().contains("no infrared frame"));
        }
    }
}

#[test]
fn clocks_that_stand_or_run_back_are_refused() {
    let mut pairer = pairer();
    assert_eq!(
        pairer.push(Stream::Depth, 0, "d"),
        Err(PairError::TimestampMissing {
            stream: Stream::Depth
        })
    );
    pairer.push(Stream::Depth, 10, "d").expect("taken");
    for value_us in [10, 9] {
        assert_eq!(
            pairer.push(Stream::Depth, value_us, "d"),
            Err(PairError::TimestampNotRising {
                stream: Stream::Depth,
                previous_us: 10,
                value_us
            })
        );
    }
    assert_eq!(
        pairer.push(Stream::Infrared, 11, "i"),
        Err(PairError::NotExpected {
            stream: Stream::Infrared
        })
    );
}

proptest! {
    /// Whatever comes in whatever order: memory is bounded, and every pair is near enough and
    /// the nearest of what came.
    #[test]
    fn pairs_are_the_nearest(steps in proptest::collection::vec((any::<bool>(), 1_u64..80), 1..60)) {
        let mut pairer = FramePairer::with_depth(MaxSkew::default());
        let (mut times, mut depths) = ([1_u64, 1], Vec::new());
        for (colour, step) in steps {
            let at = usize::from(colour);
            times[at] += step * MS;
            let stream = if colour { Stream::Colour } else { Stream::Depth };
            pairer.push(stream, times[at], times[at]).expect("rising");
            if !colour { depths.push(times[0]); }
            while let Some(result) = pairer.next_pair() {
                let Ok(paired) = result else { continue };
                let depth = paired.depth.expect("synced");
                prop_assert!(depth.abs_diff(paired.colour) <= 50 * MS);
                prop_assert_eq!(depth.abs_diff(paired.colour), paired.skew_us);
                let kept = &depths[depths.len().saturating_sub(KEPT)..];
                let nearest = kept.iter().map(|d| d.abs_diff(paired.colour)).min();
                prop_assert_eq!(nearest, Some(paired.skew_us));
            }
            prop_assert!(pairer.colour.frames.len() <= PATIENCE);
        }
    }
}
