//! Both kinds of sensors, by their names.

use super::presentation::Presentation;
use super::{depth, infrared};
use crate::datasets::presentations::Modality;
use crate::failure::Result;
use rayon::prelude::*;
use std::path::Path;
use vultus::internals::model::sha256_hex;
use vultus_simulator::{Conditions, Species};

/// What a kind of sensor can tell apart.
pub(super) fn species_of(modality: Modality) -> &'static [Species] {
    match modality {
        Modality::Depth => &depth::SPECIES,
        Modality::Ir => &infrared::SPECIES,
    }
}

/// Conditions of a presentation to a kind of sensor.
pub(super) fn conditions(modality: Modality, of: &Presentation, seed: u64) -> Conditions {
    match modality {
        Modality::Depth => of.conditions(seed, depth::CLASSES),
        Modality::Ir => {
            let lights = infrared::lights(of.species).len();
            infrared::with_mask(of, of.conditions(seed, lights), seed)
        }
    }
}

/// Takes and writes a presentation, frames and sidecar, of a set of this seed.
pub(super) fn write(modality: Modality, one: &Presentation, set: u64, folder: &Path) -> Result<()> {
    let seed = one.seed(set);
    let conditions = conditions(modality, one, seed);
    let taken = match modality {
        Modality::Depth => depth::take(one, &conditions, seed, folder)?,
        Modality::Ir => infrared::take(one, &conditions, seed, folder)?,
    };
    one.write(seed, &conditions, taken, folder)
}

/// SHA-256 of one picture of each species: what the simulator draws, whatever it calls itself.
pub(super) fn fingerprint(modality: Modality) -> String {
    let pictures: Vec<Vec<u8>> = species_of(modality)
        .par_iter()
        .map(|species| {
            let conditions = Conditions::draw(450.0, 1);
            match modality {
                Modality::Depth => depth::picture(*species, &conditions),
                Modality::Ir => infrared::picture(*species, &conditions),
            }
        })
        .collect();
    sha256_hex(&pictures.concat())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::commands::pad::simulate::presentation::{DISTANCES, YAWS};
    use std::collections::BTreeMap;

    #[test]
    fn the_grid_is_walked_evenly_and_people_are_unseen() {
        for (modality, species, fastest) in [
            (Modality::Depth, Species::Flat, 3),
            (Modality::Ir, Species::Laser, 2),
            (Modality::Ir, Species::Live, 6),
        ] {
            let mut cells = BTreeMap::new();
            for index in 0..24 * fastest {
                let presentation = Presentation {
                    species,
                    index,
                    number: 0,
                    frames: 1,
                };
                let seed = presentation.seed(7);
                let conditions = conditions(modality, &presentation, seed);
                let band = DISTANCES
                    .iter()
                    .position(|[a, b]| (*a..*b).contains(&conditions.distance_mm));
                let yaw = YAWS
                    .iter()
                    .position(|[a, b]| (*a..*b).contains(&conditions.pose[0]));
                *cells.entry((index % fastest, band, yaw)).or_insert(0) += 1;
                assert!(seed > 100_000_000);
            }
            assert_eq!(cells.len() as u32, 12 * fastest);
            assert!(cells.values().all(|n| *n == 2), "{cells:?}");
        }
    }
}
