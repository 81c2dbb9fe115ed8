//! Photographs of people as embeddings.

use super::people::People;
use crate::failure::{Failure, Result};
use crate::inputs::{FaceChoice, each_photograph};
use crate::observer::Observer;
use rayon::prelude::*;
use std::path::Path;
use vultus::internals::matching::cosine;
use vultus::{Embedding, Sdk};

/// All their pairs take 1.8 GB; more people make a curve hardly better.
const MAX_CALIBRATION_FACES: usize = 30_000;

/// The face that counts of each photograph, in the same order; `None` where there is no usable face, of which the observer
/// is told where quality is controlled. `work` is what the observer is told that goes on.
///
/// # Errors
/// Any other failure ends the work.
pub fn embed_all<P: AsRef<Path> + Sync>(
    sdk: &Sdk,
    paths: &[P],
    choice: &FaceChoice,
    observer: &dyn Observer,
    work: &str,
) -> Result<Vec<Option<Embedding>>> {
    each_photograph(sdk, paths, observer, work, |session, path| {
        match choice.embed(session, path) {
            Ok(embedding) => Ok(Some(embedding)),
            Err(failure) if failure.is_no_face() => {
                if choice.controls_quality() {
                    observer.warning(&format!("left out: {failure}"));
                }
                Ok(None)
            }
            Err(failure) => Err(failure),
        }
    })
}

/// A folder of people, embedded once.
#[derive(Clone, Debug)]
pub struct LabelledFaces {
    /// Whose faces they are.
    pub people: People,
    embedded: Vec<Option<Embedding>>,
}

impl LabelledFaces {
    /// Embeds the folder; the file `same` names folders that show one person ([`People::merge`]).
    ///
    /// # Errors
    /// When a folder or a file cannot be read, and as [`embed_all`].
    pub fn read(
        sdk: &Sdk,
        folder: &Path,
        same: Option<&Path>,
        choice: &FaceChoice,
        observer: &dyn Observer,
    ) -> Result<Self> {
        let mut people = People::read(folder, observer)?;
        if let Some(file) = same {
            people.merge(file)?;
        }
        let embedded = embed_all(sdk, &people.paths(), choice, observer, "embedding")?;
        Ok(Self { people, embedded })
    }

    /// Number of the person and embedding of every usable photograph of the people to `keep`.
    pub fn of_people(&self, keep: impl Fn(usize) -> bool) -> Vec<(usize, &Embedding)> {
        let labelled = self.people.images.iter().zip(&self.embedded);
        labelled
            .filter(|(image, _)| keep(image.person))
            .filter_map(|(image, face)| Some((image.person, face.as_ref()?)))
            .collect()
    }
}

/// Cosines of all pairs of different people, each face with its person's number.
///
/// # Errors
/// For more faces than have room in memory, and when they are of different models.
pub fn impostor_cosines(faces: &[(usize, &Embedding)]) -> Result<Vec<f32>> {
    if faces.len() > MAX_CALIBRATION_FACES {
        return Err(Failure::text(format!(
            "{} faces make too many pairs to hold in memory, allowed are {MAX_CALIBRATION_FACES}",
            faces.len()
        )));
    }
    faces
        .par_iter()
        .enumerate()
        .flat_map_iter(|(i, (person, a))| {
            faces[i + 1..]
                .iter()
                .filter(move |(other, _)| other != person)
                .map(|(_, b)| Ok(cosine(a, b)?))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn impostors_are_all_pairs_of_different_people() {
        let unit =
            |x: f32| Embedding::from_parts("p@1", vec![x, (1.0 - x * x).sqrt()]).expect("unit");
        let (a, b, c) = (unit(1.0), unit(0.8), unit(0.6));
        let cosines = impostor_cosines(&[(0, &a), (0, &b), (1, &c)]).expect("one model");
        assert_eq!(cosines.len(), 2);
        assert!((cosines[0] - 0.6).abs() < 1e-6);
        assert!((cosines[1] - (0.48 + 0.48)).abs() < 1e-6);
    }
}
