//! Labelled photographs on disk, and embedding many of them.

use crate::context::{FaceChoice, session_in};
use crate::embed::is_no_face;
use crate::failure::{CliResult, Failure, WithFile};
use crate::output::Output;
use indicatif::ParallelProgressIterator;
use rayon::prelude::*;
use serde::Deserialize;
use std::fs;
use std::path::{Path, PathBuf};
use vultus::Embedding;
use vultus::internals::matching::cosine;
use vultus::{Sdk, Session};

/// All their pairs take 1.8 GB; more people make a curve hardly better.
const MAX_CALIBRATION_FACES: usize = 30_000;

/// A folder with one folder a person.
pub(crate) struct People {
    /// Folder names, sorted.
    pub(crate) names: Vec<String>,
    /// All photographs, person by person.
    pub(crate) images: Vec<PersonImage>,
}

/// A photograph of a known person.
pub(crate) struct PersonImage {
    /// Index into [`People::names`].
    pub(crate) person: usize,
    pub(crate) path: PathBuf,
}

impl People {
    /// Reads the folder names and picture files; what is left out is named.
    pub(crate) fn read(folder: &Path, output: &Output) -> CliResult<Self> {
        let mut people = Self {
            names: Vec::new(),
            images: Vec::new(),
        };
        for person in sorted_entries(folder)?
            .into_iter()
            .filter(|entry| entry.is_dir())
        {
            let (pictures, others): (Vec<PathBuf>, Vec<PathBuf>) = sorted_entries(&person)?
                .into_iter()
                .partition(|file| is_picture(file));
            for other in others {
                output.warning(&format!(
                    "{}: not a JPEG, PNG or BMP file, left out",
                    other.display()
                ));
            }
            if pictures.is_empty() {
                output.warning(&format!("{}: no pictures, left out", person.display()));
                continue;
            }
            let name = person
                .file_name()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned();
            let index = people.names.len();
            people.names.push(name);
            people
                .images
                .extend(pictures.into_iter().map(|path| PersonImage {
                    person: index,
                    path,
                }));
        }
        if people.names.is_empty() {
            let message =
                "no people found; it must hold one folder a person with JPEG, PNG or BMP files";
            return Err(Failure::text(message).about(folder));
        }
        Ok(people)
    }

    /// Counts the folders of each row of a file as one person: sets under two spellings of a name
    /// would otherwise hold false matches that are none.
    pub(crate) fn unite(&mut self, file: &Path) -> CliResult<()> {
        #[derive(Deserialize)]
        struct SameRow {
            person: String,
            also: String,
        }
        let broken = |error: csv::Error| Failure::text(error.to_string()).about(file);
        let mut reader = csv::Reader::from_path(file).map_err(broken)?;
        for row in reader.deserialize() {
            let SameRow { person, also } = row.map_err(broken)?;
            let (person, also) = (self.number(&person, file)?, self.number(&also, file)?);
            for image in &mut self.images {
                if image.person == also {
                    image.person = person;
                }
            }
        }
        Ok(())
    }

    /// The person of a folder.
    fn number(&self, name: &str, file: &Path) -> CliResult<usize> {
        let folder = self
            .names
            .binary_search_by(|other| other.as_str().cmp(name));
        let image = folder.ok().and_then(|folder| {
            let of = |image: &&PersonImage| {
                let parent = image.path.parent().and_then(Path::file_name);
                parent.is_some_and(|parent| parent.to_string_lossy() == self.names[folder])
            };
            self.images.iter().find(of)
        });
        match image {
            Some(image) => Ok(image.person),
            None => Err(Failure::text(format!("there is no folder {name}")).about(file)),
        }
    }

    pub(crate) fn paths(&self) -> Vec<&Path> {
        self.images
            .iter()
            .map(|image| image.path.as_path())
            .collect()
    }
}

/// All pictures below a folder, sorted.
pub(crate) fn pictures_below(folder: &Path) -> CliResult<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in sorted_entries(folder)? {
        if entry.is_dir() {
            found.extend(pictures_below(&entry)?);
        } else if is_picture(&entry) {
            found.push(entry);
        }
    }
    Ok(found)
}

fn sorted_entries(folder: &Path) -> CliResult<Vec<PathBuf>> {
    let entries: std::io::Result<Vec<PathBuf>> = fs::read_dir(folder)
        .with_file(folder)?
        .map(|entry| Ok(entry?.path()))
        .collect();
    let mut entries = entries.with_file(folder)?;
    entries.sort();
    Ok(entries)
}

fn is_picture(path: &Path) -> bool {
    let ending = path
        .extension()
        .unwrap_or_default()
        .to_string_lossy()
        .to_lowercase();
    path.is_file() && ["jpg", "jpeg", "png", "bmp"].contains(&ending.as_str())
}

/// The face that counts of each photograph, in the same order; `None` where there is no usable face.
/// Any other failure ends the work.
pub(crate) fn embed_all(
    sdk: &Sdk,
    paths: &[&Path],
    choice: &FaceChoice,
    output: &Output,
    what: &str,
) -> CliResult<Vec<Option<Embedding>>> {
    let bar = output.progress(what, paths.len());
    let embedded = paths
        .par_iter()
        .progress_with(bar.clone())
        .map_init(
            || None,
            |session: &mut Option<Session>, path| match choice
                .embed(session_in(session, sdk)?, path)
            {
                Ok(embedding) => Ok(Some(embedding)),
                Err(failure) if is_no_face(&failure) => {
                    if choice.minds_quality() {
                        bar.suspend(|| output.warning(&format!("left out: {failure}")));
                    }
                    Ok(None)
                }
                Err(failure) => Err(failure),
            },
        )
        .collect();
    bar.finish_and_clear();
    embedded
}

/// A folder of people, embedded once.
pub(crate) struct LabelledFaces {
    pub(crate) people: People,
    embedded: Vec<Option<Embedding>>,
}

impl LabelledFaces {
    /// Embeds the folder; `same` names folders that show one person.
    pub(crate) fn read(
        sdk: &Sdk,
        folder: &Path,
        same: Option<&Path>,
        choice: &FaceChoice,
        output: &Output,
    ) -> CliResult<Self> {
        let mut people = People::read(folder, output)?;
        if let Some(file) = same {
            people.unite(file)?;
        }
        let embedded = embed_all(sdk, &people.paths(), choice, output, "embedding")?;
        Ok(Self { people, embedded })
    }

    /// Number of the person and embedding of every usable photograph of the people to `keep`.
    pub(crate) fn of(&self, keep: impl Fn(usize) -> bool) -> Vec<(usize, &Embedding)> {
        let labelled = self.people.images.iter().zip(&self.embedded);
        labelled
            .filter(|(image, _)| keep(image.person))
            .filter_map(|(image, face)| Some((image.person, face.as_ref()?)))
            .collect()
    }
}

/// Cosines of all pairs of different people.
pub(crate) fn impostor_cosines(faces: &[(usize, &Embedding)]) -> CliResult<Vec<f32>> {
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
    fn folders_of_one_person_are_united() {
        let image = |person: usize, name: &str| PersonImage {
            person,
            path: Path::new("set").join(name).join("1.jpg"),
        };
        let names = ["a", "b", "c", "d"];
        let mut people = People {
            names: names.map(str::to_owned).to_vec(),
            images: names.iter().enumerate().map(|(i, n)| image(i, n)).collect(),
        };
        let file = std::env::temp_dir().join(format!("vultus-same-{}.csv", std::process::id()));
        fs::write(&file, "person,also\nb,a\nc,a\n").expect("written");
        people.unite(&file).expect("united");
        let united: Vec<usize> = people.images.iter().map(|image| image.person).collect();
        assert_eq!(united, [2, 2, 2, 3]);
        fs::write(&file, "person,also\nb,nobody\n").expect("written");
        let error = people.unite(&file).expect_err("refused");
        assert!(error.to_string().contains("nobody"), "{error}");
        fs::remove_file(file).expect("removed");
    }

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
