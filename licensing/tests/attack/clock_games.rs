//! No game with the clock gains time: long random games against a slow and simple judge.

use crate::common::bench::Bench;
use crate::common::{snapshot, states};
use proptest::prelude::*;
use vultus_licensing::grant::Grant;
use vultus_licensing::licence::Licence;
use vultus_licensing::policy::TRIAL_SECONDS;
use vultus_licensing::testkit::{ISSUED_AT, trial};
use vultus_licensing::time::UnixSeconds;
use vultus_test_basics::Rng;

/// What may happen to a device.
#[derive(Clone, Debug)]
enum Move {
    /// The SDK works for so many steps of at most a minute.
    Run(u16, u8),
    /// The device is on, the SDK has nothing to do.
    Idle(u32),
    /// Somebody sets the wall clock to so many seconds from the issue.
    SetWall(i64),
    /// The wall clock goes so far back from where it is.
    Back(u32),
    /// The clock is set exactly as far back as the device accepts.
    BackToMark,
    /// Off and on again.
    Reboot(u32),
    /// The program ends without a word.
    Kill,
    /// The program starts, if it does not run.
    Start,
    /// One copy of the state is lost, damaged, or replaced by one from the beginning.
    Lose(bool),
    Damage(bool),
    Restore(bool),
    /// Logs claim a time so far from the issue.
    Evidence(i64),
}

/// Keeps the books: what the device accepted, second by second.
struct Judge {
    bench: Bench,
    grant: Option<Grant>,
    first: std::collections::BTreeMap<String, Vec<u8>>,
    accepted: u64,
    mark: u64,
}

fn from_issue(offset: i64) -> UnixSeconds {
    UnixSeconds(ISSUED_AT.0.saturating_add_signed(offset))
}

impl Judge {
    fn new(without_rtc: bool) -> Self {
        let bench = Bench::new(&Licence {
            without_rtc,
            ..trial()
        });
        let first = snapshot(&bench.folder);
        let mark = bench.mark();
        Self {
            bench,
            grant: None,
            first,
            accepted: 0,
            mark,
        }
    }

    /// The slow part: a step counts as accepted when the check behind it says so.
    fn run(&mut self, steps: u16, seconds: u8) {
        let Some(grant) = &self.grant else { return };
        for _ in 0..steps {
            let seconds = u64::from(seconds.clamp(1, 60));
            self.bench.clock.pass(seconds);
            if grant.check().is_err() {
                return;
            }
            self.accepted += seconds;
        }
    }

    fn with_copy(&self, first: bool, change: impl Fn(&str)) {
        // Two copies lost at once is the game that is documented as lost; one of them stays.
        let folder = &self.bench.folder;
        if let [one, other] = states(folder).as_slice()
            && folder.get(one) == folder.get(other)
        {
            change(if first { one } else { other });
        }
    }

    fn play(&mut self, step: &Move) {
        let folder = self.bench.folder.clone();
        match *step {
            Move::Run(steps, seconds) => self.run(steps, seconds),
            Move::Idle(seconds) => self.bench.clock.pass(u64::from(seconds)),
            Move::SetWall(offset) => self.bench.set(from_issue(offset)),
            Move::Back(seconds) => {
                let wall = vultus_licensing::clock::Clock::wall(&*self.bench.clock).unwrap();
                self.bench.set(wall.minus(u64::from(seconds)));
            }
            Move::BackToMark => self.bench.set(UnixSeconds(self.bench.mark()).minus(80_000)),
            Move::Reboot(seconds) => {
                self.grant = None;
                self.bench.clock.reboot(u64::from(seconds));
            }
            Move::Kill => self.grant = None,
            Move::Start if self.grant.is_none() => self.grant = self.bench.start().ok(),
            Move::Start => {}
            Move::Lose(copy) => {
                self.with_copy(copy, |name| folder.set(name, None));
                self.heal();
            }
            Move::Damage(copy) => {
                self.with_copy(copy, |name| folder.set(name, Some(vec![1; 150])));
                self.heal();
            }
            Move::Restore(copy) => {
                self.with_copy(copy, |name| folder.set(name, self.first.get(name).cloned()));
                self.heal();
            }
            Move::Evidence(offset) => {
                let seen = from_issue(offset);
                self.bench.clock.set_evidence(&[seen, seen]);
            }
        }
        let names = states(&self.bench.folder);
        let marks = names
            .iter()
            .filter_map(|name| folder.get(name))
            .filter(|b| b.len() > 150);
        let mark = marks
            .map(|bytes| crate::common::mark_of(&bytes))
            .max()
            .unwrap();
        assert!(
            mark >= self.mark,
            "the mark fell from {} to {mark}",
            self.mark
        );
        self.mark = mark;
        assert!(
            self.accepted <= TRIAL_SECONDS + 600,
            "{} s of running were accepted",
            self.accepted
        );
    }

    /// A start at which a missing copy comes back: only ever one is lost at a time.
    fn heal(&self) {
        let wall = vultus_licensing::clock::Clock::wall(&*self.bench.clock);
        self.bench.set(UnixSeconds(self.mark));
        drop(self.bench.start());
        self.bench.clock.set_wall(wall);
    }
}

fn moves() -> impl Strategy<Value = Move> {
    let year = 366 * 86_400_i64;
    prop_oneof![
        4 => (1..500_u16, 1..=60_u8).prop_map(|(steps, seconds)| Move::Run(steps, seconds)),
        2 => (0..200_000_u32).prop_map(Move::Idle),
        1 => (-30 * year..80 * year).prop_map(Move::SetWall),
        2 => (-10 * 86_400..60 * 86_400_i64).prop_map(Move::SetWall),
        2 => (0..3_000_000_u32).prop_map(Move::Back),
        3 => Just(Move::BackToMark),
        2 => (0..2_000_000_u32).prop_map(Move::Reboot),
        2 => Just(Move::Kill),
        5 => Just(Move::Start),
        1 => any::<bool>().prop_map(Move::Lose),
        1 => any::<bool>().prop_map(Move::Damage),
        1 => any::<bool>().prop_map(Move::Restore),
        1 => (-year..year).prop_map(Move::Evidence),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn no_sequence_gains_time(
        moves in prop::collection::vec(moves(), 1..60),
        without_rtc in any::<bool>(),
    ) {
        let mut judge = Judge::new(without_rtc);
        for step in &moves {
            judge.play(step);
        }
    }
}

/// A cheat who does everything to stay young: the clock goes back at every turn, the device is
/// switched off whenever that helps, and the program is killed before it can write.
#[test]
fn the_best_cheat_has_sixty_days() {
    for seed in 0..4 {
        let mut rng = Rng(seed);
        let mut judge = Judge::new(seed % 2 == 0);
        for _ in 0..4000 {
            judge.play(&Move::BackToMark);
            judge.play(&Move::Start);
            if judge.grant.is_none() && judge.accepted > 0 {
                break;
            }
            // As long as possible without a write: then the plug is pulled.
            let steps = [8, 9, 10, 11, 600][rng.below(5)];
            judge.play(&Move::Run(steps, 59));
            match rng.below(6) {
                0 => judge.play(&Move::Kill),
                1 => judge.play(&Move::Restore(rng.below(2) == 0)),
                2 => judge.play(&Move::Lose(rng.below(2) == 0)),
                _ => judge.play(&Move::Reboot(rng.below(100) as u32)),
            }
        }
        let days = judge.accepted as f64 / 86_400.0;
        println!("cheat {seed}: {days:.3} days of running accepted");
        assert!(
            judge.accepted > TRIAL_SECONDS / 2,
            "the game was played to its end"
        );
        judge.play(&Move::BackToMark);
        judge.play(&Move::Start);
        judge.play(&Move::Run(100, 60));
        assert!(judge.accepted <= TRIAL_SECONDS + 600);
    }
}

/// An honest device is not robbed either: one that is never switched off gets its 60 days.
#[test]
fn an_honest_device_has_all_of_it() {
    let mut judge = Judge::new(false);
    judge.play(&Move::Start);
    for day in 1..=59 {
        judge.play(&Move::Run(1440, 60));
        assert_eq!(judge.accepted, day * 86_400);
    }
    judge.play(&Move::Run(1439, 60));
    assert_eq!(judge.accepted, TRIAL_SECONDS - 60);
    assert!(judge.grant.as_ref().unwrap().check_now().is_ok());
    judge.bench.clock.pass(60);
    assert!(judge.grant.as_ref().unwrap().check_now().is_err());
}
