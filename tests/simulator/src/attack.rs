//! Draws a presentation of any species: a living person, or an artefact and who holds or wears it.

use crate::artefact::{self, Bend, Ink, Print};
use crate::conditions::{Conditions, Detail};
use crate::person::Person;
use crate::rng::Rng;
use crate::scene::Scene;
use crate::species::Species;

impl Scene {
    /// Draws who is shown, by whom and with what, from a seed.
    #[must_use]
    pub fn draw(species: Species, conditions: &Conditions, seed: u64, detail: Detail) -> Self {
        match species {
            Species::Live => Self::live(&Person::adult(seed), conditions, seed, detail),
            Species::Child => Self::live(&Person::child(seed), conditions, seed, detail),
            _ => Self::attack(species, ink_of(species), conditions, seed, detail),
        }
    }

    /// A print of one species' ink, bent or worn as another species of paper is.
    ///
    /// # Panics
    /// Where the first has no ink, or the second is not of paper.
    #[must_use]
    pub fn print(
        ink: Species,
        shape: Species,
        conditions: &Conditions,
        seed: u64,
        detail: Detail,
    ) -> Self {
        assert!(shape.is_paper(), "{} is not of paper", shape.name());
        let ink = ink_of(ink).expect("a species of print");
        Self::attack(shape, Some(ink), conditions, seed, detail)
    }

    fn attack(
        species: Species,
        ink: Option<Ink>,
        conditions: &Conditions,
        seed: u64,
        detail: Detail,
    ) -> Self {
        let mut rng = Rng::new(seed, "artefact");
        let shown = Person::adult(seed);
        let wearer = Person::adult(rng.next_u64());
        let ink = ink.unwrap_or_else(|| Ink::ALL[rng.below(4)]);
        let scale = rng.uniform(0.92, 1.1);
        let paper = |rng: &mut Rng| Print::new(&shown, ink, scale, detail, rng);
        let sheets = [[210.0, 297.0], [297.0, 420.0], [180.0, 240.0]];
        let size = sheets[rng.below(3)];
        let artefact = match species {
            Species::CutEyes | Species::CutEyesNose => {
                let print = paper(&mut rng);
                let nose = species == Species::CutEyesNose;
                artefact::cut_mask(print, &wearer, nose, detail, &mut rng)
            }
            Species::Fabric => artefact::fabric(&shown, &wearer, detail, &mut rng),
            Species::RigidMask => artefact::rigid_mask(&shown, &wearer, detail, &mut rng),
            Species::Phone | Species::Tablet | Species::Monitor => {
                let (size, border, scale) = match species {
                    Species::Phone => ([68.0, 146.0], 3.0, rng.uniform(0.4, 0.65)),
                    Species::Tablet => ([160.0, 228.0], 9.0, rng.uniform(0.8, 1.0)),
                    _ => ([530.0, 298.0], 12.0, rng.uniform(0.9, 1.1)),
                };
                let print = Print::on_screen(&shown, scale, detail, &mut rng);
                artefact::screen(print, size, border, &mut rng)
            }
            _ => {
                let print = paper(&mut rng);
                let shape = bend(species, &mut rng).flexed(conditions.flex_per_mm);
                artefact::sheet(print, &shape, size, &mut rng)
            }
        };
        Self::place(artefact, conditions, seed)
    }
}

/// What a species of print is printed with, where that is its point.
const fn ink_of(species: Species) -> Option<Ink> {
    match species {
        Species::Inkjet => Some(Ink::Inkjet),
        Species::Laser => Some(Ink::Laser),
        Species::PhotoPaper => Some(Ink::Photo),
        Species::Vinyl => Some(Ink::Vinyl),
        Species::NirReprint => Some(Ink::NirReprint),
        _ => None,
    }
}

fn bend(species: Species, rng: &mut Rng) -> Bend {
    match species {
        Species::CurvedUpright => Bend::Upright(Bend::radius(rng)),
        Species::CurvedAcross => Bend::Across(Bend::radius(rng)),
        Species::Folded => Bend::fold(rng),
        Species::Crumpled => Bend::Crumple(Bend::ridges(rng)),
        Species::BentCrumpled => {
            let radius = Bend::radius(rng);
            Bend::Both(radius, Bend::ridges(rng))
        }
        Species::Flat => Bend::Flat,
        _ if rng.chance(0.5) => Bend::Upright(Bend::radius(rng)),
        _ => Bend::Flat,
    }
}
