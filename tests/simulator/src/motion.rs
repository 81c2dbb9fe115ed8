//! What moves between the frames of one presentation.
//!
//! Nobody measured this here: how far people sway, how often they speak and how far hands bend paper are plausible numbers.

use crate::conditions::Conditions;
use crate::person::Expression;
use crate::rng::Rng;
use crate::species::Species;

/// Time between two frames in microseconds.
pub const FRAME_STEP_US: u64 = 200_000;

/// Step of a sway between two frames: yaw, pitch, roll in degrees, right and up and away in millimetres (standard
/// deviations).
const STEPS: [f32; 6] = [1.5, 1.2, 0.8, 2.0, 2.0, 3.0];

/// Share of a sway that is left in the next frame: heads and hands come back.
const LEFT: f32 = 0.75;

/// Radius to which lively hands bend a sheet further, in millimetres (standard deviation of its reciprocal).
const LIVELY_MM: f32 = 350.0;

/// The conditions of so many frames of one presentation, [`FRAME_STEP_US`] apart, the first of them as given. Everything
/// sways. Living faces blink, some speak and some begin to smile. Sheets are bent by the hands that hold them, unless
/// they are glued on something stiff. Masks, cloth and screens move as one piece: whoever wears a mask keeps still behind it.
#[must_use]
pub fn moments(species: Species, first: &Conditions, frames: usize, seed: u64) -> Vec<Conditions> {
    let mut rng = Rng::new(seed, "motion");
    let speaks = rng.chance(0.3);
    let smiles = if rng.chance(0.2) { 0.15 } else { 0.0 };
    let stiff = rng.chance(0.3);
    let lively = rng.uniform(0.2, 1.0) / LIVELY_MM;
    let (mut sway, mut flex) = ([0.0; 6], 0.0);
    let mut all = vec![*first];
    for frame in 1..frames {
        for (sway, step) in sway.iter_mut().zip(STEPS) {
            *sway = LEFT * *sway + rng.normal(0.0, step);
        }
        flex = LEFT * flex + rng.normal(0.0, lively);
        let mut now = *first;
        for (pose, sway) in now.pose.iter_mut().zip(sway) {
            *pose += sway;
        }
        for (aside, sway) in now.aside_mm.iter_mut().zip(&sway[3..]) {
            *aside += sway;
        }
        now.distance_mm += sway[5];
        let (opens, blinks) = (rng.uniform(0.0, 0.7), rng.chance(0.06));
        if species.is_live() {
            now.expression = Expression {
                smile: (first.expression.smile + smiles * frame as f32).min(1.0),
                open: if speaks { opens } else { first.expression.open },
                blink: if blinks { 1.0 } else { first.expression.blink },
            };
        }
        if species.is_held_sheet() && !stiff {
            now.flex_per_mm = flex;
        }
        all.push(now);
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(species: Species) -> Vec<Vec<Conditions>> {
        let seeds = 0..200;
        let all = seeds.map(|seed| moments(species, &Conditions::draw(500.0, seed), 5, seed));
        all.collect()
    }

    #[test]
    fn the_first_frame_is_as_given_and_a_seed_moves_alike() {
        let first = Conditions::draw(500.0, 7);
        let all = moments(Species::Live, &first, 5, 7);
        assert_eq!((all.len(), all[0]), (5, first));
        assert_eq!(all, moments(Species::Live, &first, 5, 7));
        assert_ne!(all[4].pose, moments(Species::Live, &first, 5, 8)[4].pose);
    }

    #[test]
    fn faces_move_in_themselves_and_only_sheets_are_bent() {
        for (species, bent, moving) in [
            (Species::Live, false, true),
            (Species::Folded, true, false),
            (Species::RigidMask, false, false),
            (Species::CutEyes, false, false),
            (Species::Tablet, false, false),
        ] {
            let all = drawn(species);
            let each = |differs: fn(&Conditions, &Conditions) -> bool| {
                let moved = all.iter().filter(|m| m.iter().any(|c| differs(c, &m[0])));
                moved.count()
            };
            assert_eq!(each(|c, first| c.pose != first.pose), 200);
            let flexed = each(|c, _| c.flex_per_mm != 0.0);
            assert!((flexed > 100) == bent && (bent || flexed == 0), "{flexed}");
            let faces = each(|c, first| c.expression != first.expression);
            assert!((faces > 80) == moving && (moving || faces == 0), "{faces}");
        }
    }

    #[test]
    fn sways_stay_within_what_people_do() {
        for moments in drawn(Species::Live) {
            for now in &moments {
                assert!((now.pose[0] - moments[0].pose[0]).abs() < 12.0);
                assert!((now.distance_mm - 500.0).abs() < 25.0);
            }
        }
    }
}
