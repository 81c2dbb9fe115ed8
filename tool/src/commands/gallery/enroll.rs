//! `vultus gallery enroll`

use super::args::FileArgs;
use super::opening;
use super::pictures::{FaceReader, ReadFace};
use crate::datasets::People;
use crate::failure::{Failure, Result};
use crate::observer::Observer;
use crate::terminal::args::{FaceArgs, SdkArgs};
use crate::terminal::opening::open_sdk;
use crate::terminal::{Outcome, Output};
use clap::Args;
use serde_json::{Value, json};
use std::path::PathBuf;
use vultus::ImageCode;
use vultus::MaskState;
use vultus::gallery::store::Access;
use vultus::gallery::{
    EnrolFace, Enrolment, FACES_PER_CALL, FACES_PER_PERSON, FaceMatchThreshold, FaceOutcome,
    Gallery, GroupId, Matcher, NewPerson, PersonId, UniquePersonControl,
};

#[derive(Args)]
pub(crate) struct EnrollArgs {
    #[command(flatten)]
    file: FileArgs,
    /// The group to enrol into.
    #[arg(long, value_name = "ID")]
    group: String,
    /// One person, whose pictures follow; they are made or get more faces.
    #[arg(long, value_name = "ID")]
    person: Option<String>,
    /// The person's name [default: the id].
    #[arg(long, value_name = "NAME", requires = "person")]
    name: Option<String>,
    /// A folder with one folder a person, or pictures of one person.
    #[arg(required = true, value_name = "PATH")]
    pictures: Vec<PathBuf>,
    /// Quality control: 0 takes every face, 4 only the best.
    #[arg(long, value_name = "N", default_value_t = 0)]
    quality: u8,
    /// Check for the same person: 0 none, 1 to 4 hold back who looks like somebody in the group.
    #[arg(long, value_name = "N", default_value_t = 0)]
    unique: u8,
    /// Score that further faces of a person must reach with the first.
    #[arg(long, value_name = "SCORE", default_value_t = 60.0)]
    threshold: f64,
    /// Keep a crop of each face, encrypted, for upgrades to other packs.
    #[arg(long)]
    keep_crops: bool,
    #[command(flatten)]
    face: FaceArgs,
    #[command(flatten)]
    sdk: SdkArgs,
}

/// A person and their photographs.
struct Entry {
    id: String,
    name: String,
    pictures: Vec<PathBuf>,
}

/// What became of a person.
#[derive(Default)]
struct Report {
    /// Each photograph with its number and the reason where it was refused.
    pictures: Vec<(PathBuf, ImageCode, Option<String>)>,
    /// Who looks like them, when they were held back.
    similar: Option<Value>,
    added: usize,
}

/// What all persons have in common.
struct Enroller<'a> {
    gallery: &'a Gallery,
    matcher: Matcher,
    group: GroupId,
    unique: UniquePersonControl,
    threshold: FaceMatchThreshold,
}

pub(super) fn run(args: &EnrollArgs, output: &Output) -> Result<Outcome> {
    let group = GroupId::new(&args.group)?;
    let unique = UniquePersonControl::new(args.unique)?;
    let threshold = FaceMatchThreshold::new(args.threshold)?;
    let entries = entries(args, output)?;
    let sdk = open_sdk(&args.sdk, output)?;
    let reader = FaceReader::new(&sdk, &args.face, args.quality, args.keep_crops)?;
    let gallery = opening::open(&args.file, Access::Write)?;
    let enroller = Enroller {
        gallery: &gallery,
        matcher: sdk.matcher(MaskState::BARE)?,
        group,
        unique,
        threshold,
    };
    let paths: Vec<&PathBuf> = entries.iter().flat_map(|entry| &entry.pictures).collect();
    let mut read = reader.read(&paths, output, "enrolling")?.into_iter();
    let mut outcome = Outcome::Yes;
    for entry in &entries {
        let read = read.by_ref().take(entry.pictures.len()).collect();
        match enroller.person(entry, read) {
            Ok(report) => {
                if report.added == 0 {
                    outcome = outcome.max(Outcome::No);
                }
                output.result(&report.json(entry), || report.text(entry));
            }
            Err(failure) => {
                // One person who is refused does not keep the others out.
                output.failure(&failure);
                outcome = Outcome::BadInput;
            }
        }
    }
    Ok(outcome)
}

fn entries(args: &EnrollArgs, output: &Output) -> Result<Vec<Entry>> {
    if let Some(id) = &args.person {
        let name = args.name.clone().unwrap_or_else(|| id.clone());
        let (id, pictures) = (id.clone(), args.pictures.clone());
        let mut entries = vec![Entry { id, name, pictures }];
        cut(&mut entries, output);
        return Ok(entries);
    }
    let mut entries = Vec::new();
    for folder in &args.pictures {
        let people = People::read(folder, output)?;
        let first = entries.len();
        entries.extend(people.names.iter().map(|name| Entry {
            id: name.clone(),
            name: name.clone(),
            pictures: Vec::new(),
        }));
        for image in people.images {
            entries[first + image.person].pictures.push(image.path);
        }
    }
    cut(&mut entries, output);
    Ok(entries)
}

/// More photographs than a person may have faces are left out.
fn cut(entries: &mut [Entry], output: &Output) {
    for entry in entries {
        let given = entry.pictures.len();
        if given > FACES_PER_PERSON {
            output.warning(&format!(
                "{}: the first {FACES_PER_PERSON} of {given} pictures are used",
                entry.id
            ));
            entry.pictures.truncate(FACES_PER_PERSON);
        }
    }
}

impl Enroller<'_> {
    /// Enrols a person with their first usable photograph and adds the others.
    fn person(&self, entry: &Entry, read: Vec<ReadFace>) -> Result<Report> {
        let id = PersonId::new(&entry.id).map_err(Failure::from)?;
        let mut report = Report::default();
        let mut usable: Vec<(PathBuf, EnrolFace)> = Vec::new();
        for (path, read) in entry.pictures.iter().zip(read) {
            match read {
                Ok(face) => usable.push((path.clone(), face)),
                Err((code, failure)) => {
                    let why = failure.to_string();
                    let about = format!("{}: ", path.display());
                    let why = why.strip_prefix(&about).unwrap_or(&why).to_owned();
                    report.pictures.push((path.clone(), code, Some(why)));
                }
            }
        }
        let mut usable = usable.into_iter();
        if self.gallery.snapshot().person(&id).is_err() {
            let Some((path, face)) = usable.next() else {
                return Ok(report);
            };
            let new = NewPerson::new(id.clone(), &entry.name);
            let made = self.gallery.edit(|edit| {
                edit.create_person(&self.matcher, &self.group, &new, face, self.unique)
            })?;
            match made {
                Enrolment::Created(_) => report.add(path, ImageCode::Added, None),
                Enrolment::Similar(similar) => {
                    report.similar = Some(json!({
                        "person": similar.person.as_str(),
                        "face": similar.face.get(),
                        "score": similar.comparison.score.get(),
                    }));
                    return Ok(report);
                }
            }
        }
        let rest: Vec<(PathBuf, EnrolFace)> = usable.collect();
        for some in rest.chunks(FACES_PER_CALL) {
            self.more(&id, some, &mut report)?;
        }
        Ok(report)
    }

    fn more(
        &self,
        id: &PersonId,
        some: &[(PathBuf, EnrolFace)],
        report: &mut Report,
    ) -> Result<()> {
        let faces = some.iter().map(|(_, face)| face.clone()).collect();
        let outcomes = self
            .gallery
            .edit(|edit| edit.add_faces(&self.matcher, id, faces, self.threshold))?;
        for ((path, _), outcome) in some.iter().zip(outcomes) {
            let why = match outcome {
                FaceOutcome::Joined(_) => None,
                FaceOutcome::NotSimilar(score) => {
                    let needed = self.threshold.score();
                    Some(format!(
                        "score {score} with the person's faces, {needed} needed"
                    ))
                }
            };
            report.add(path.clone(), outcome.into(), why);
        }
        Ok(())
    }
}

impl Report {
    fn add(&mut self, path: PathBuf, code: ImageCode, why: Option<String>) {
        self.added += usize::from(code == ImageCode::Added);
        self.pictures.push((path, code, why));
    }

    fn json(&self, entry: &Entry) -> Value {
        let picture = |(path, code, why): &(PathBuf, ImageCode, Option<String>)| json!({ "picture": path.display().to_string(), "code": code.number(), "why": why });
        json!({
            "person": entry.id,
            "added": self.added,
            "similar": self.similar,
            "pictures": self.pictures.iter().map(picture).collect::<Vec<_>>(),
        })
    }

    fn text(&self, entry: &Entry) -> String {
        let mut text = match &self.similar {
            Some(similar) => format!("{}: held back, looks like {}", entry.id, similar["person"]),
            None => format!("{}: {} faces added", entry.id, self.added),
        };
        for (path, code, why) in &self.pictures {
            if let Some(why) = why {
                text += &format!("\n  {} ({}): {why}", path.display(), code.number());
            }
        }
        text
    }
}
