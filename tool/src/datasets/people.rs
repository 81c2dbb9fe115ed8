//! A folder with one folder a person.

use crate::failure::{Failure, Result};
use crate::inputs::{MAX_CSV_BYTES, is_picture, read_at_most, sorted_entries};
use crate::observer::Observer;
use crate::shown::shown_path;
use serde::Deserialize;
use std::path::{Path, PathBuf};

/// A folder with one folder a person.
#[derive(Clone, Debug)]
pub struct People {
    /// Folder names, sorted.
    pub names: Vec<String>,
    /// All photographs, person by person.
    pub images: Vec<PersonImage>,
}

/// A photograph of a known person.
#[derive(Clone, Debug)]
pub struct PersonImage {
    /// Index into [`People::names`].
    pub person: usize,
    /// Its file.
    pub path: PathBuf,
}

impl People {
    /// Reads the folder names and picture files; the observer is told what is left out.
    ///
    /// # Errors
    /// When a folder cannot be read, and when nobody is found.
    pub fn read(folder: &Path, observer: &dyn Observer) -> Result<Self> {
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
                observer.warning(&format!(
                    "{}: not a JPEG, PNG or BMP file, left out",
                    shown_path(&other)
                ));
            }
            if pictures.is_empty() {
                observer.warning(&format!("{}: no pictures, left out", shown_path(&person)));
                continue;
            }
            // Two names that differ stay two, also where they are no text.
            let name = shown_path(person.file_name().unwrap_or_default());
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
    /// would otherwise hold false matches that are none. The file is CSV with the columns `person,also`.
    ///
    /// # Errors
    /// When the file cannot be read, and when it names a folder that there is not.
    pub fn merge(&mut self, file: &Path) -> Result<()> {
        #[derive(Deserialize)]
        struct SameRow {
            person: String,
            also: String,
        }
        let broken = |error: csv::Error| Failure::text(error.to_string()).about(file);
        let bytes = read_at_most(file, MAX_CSV_BYTES)?;
        let mut reader = csv::Reader::from_reader(bytes.as_slice());
        for row in reader.deserialize() {
            let SameRow { person, also } = row.map_err(broken)?;
            let (person, also) = (self.in_folder(&person, file)?, self.in_folder(&also, file)?);
            for image in &mut self.images {
                if image.person == also {
                    image.person = person;
                }
            }
        }
        Ok(())
    }

    /// The person of a folder.
    fn in_folder(&self, name: &str, file: &Path) -> Result<usize> {
        let folder = self
            .names
            .binary_search_by(|other| other.as_str().cmp(name));
        let image = folder.ok().and_then(|folder| {
            let of = |image: &&PersonImage| {
                let parent = image.path.parent().and_then(Path::file_name);
                parent.is_some_and(|parent| shown_path(parent) == self.names[folder])
            };
            self.images.iter().find(of)
        });
        match image {
            Some(image) => Ok(image.person),
            None => Err(Failure::text(format!("there is no folder {name}")).about(file)),
        }
    }

    /// The files of all photographs, in their order.
    #[must_use]
    pub fn paths(&self) -> Vec<&Path> {
        self.images
            .iter()
            .map(|image| image.path.as_path())
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn folders_of_one_person_are_merged() {
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
        people.merge(&file).expect("merged");
        let merged: Vec<usize> = people.images.iter().map(|image| image.person).collect();
        assert_eq!(merged, [2, 2, 2, 3]);
        fs::write(&file, "person,also\nb,nobody\n").expect("written");
        let error = people.merge(&file).expect_err("refused");
        assert!(error.to_string().contains("nobody"), "{error}");
        fs::remove_file(file).expect("removed");
    }
}
