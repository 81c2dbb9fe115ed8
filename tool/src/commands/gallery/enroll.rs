//! `vultus gallery enroll`

use super::args::FileArgs;
use super::batches::{Pace, front};
use super::opening;
use super::pictures::{FaceReader, ReadFace};
use crate::datasets::People;
use crate::failure::{Failure, Result};
use crate::observer::{Observer, Progress};
use crate::shown::shown_path;
use crate::terminal::args::{FaceArgs, SdkArgs};
use crate::terminal::opening::open_sdk;
use crate::terminal::{Interrupt, Outcome, Output};
use clap::Args;
use serde_json::{Value, json};
use std::collections::HashSet;
use std::path::PathBuf;
use std::time::Instant;
use vultus::ImageCode;
use vultus::MaskState;
use vultus::gallery::store::Access;
use vultus::gallery::{
    Edit, EnrolFace, Enrolment, FACES_PER_CALL, FACES_PER_PERSON, FaceMatchThreshold, FaceOutcome,
    Gallery, GroupId, Matcher, NewPerson, PersonId, Similar, UniquePersonControl,
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
    /// Leave out persons who are in the group already: goes on with work that was stopped.
    #[arg(long)]
    resume: bool,
    #[command(flatten)]
    face: FaceArgs,
    #[command(flatten)]
    sdk: SdkArgs,
}

/// A person and their photographs.
struct Entry {
    id: String,
    name: String,
    /// The folder that it was made of.
    source: PathBuf,
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
    args: &'a EnrollArgs,
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
    if !ids_are_legal(&entries, output) {
        return Ok(Outcome::BadInput);
    }
    // Whatever is wrong with the gallery, its key or the group is said before the work.
    let known = known(args, &group, &entries)?;
    let sdk = open_sdk(&args.sdk, output)?;
    let reader = FaceReader::new(&sdk, &args.face, args.quality, args.keep_crops)?;
    let enroller = Enroller {
        args,
        matcher: sdk.matcher(MaskState::BARE)?,
        group,
        unique,
        threshold,
    };
    let (before, waiting): (Vec<Entry>, Vec<Entry>) = entries
        .into_iter()
        .partition(|entry| args.resume && known.contains(&entry.id));
    if args.resume {
        output.note(&format!(
            "{} persons are in the group already",
            before.len()
        ));
    }
    enroller.all(&waiting, &reader, output)
}

/// Who of them is in the group. The gallery is closed again: nobody else waits while photographs are read.
fn known(args: &EnrollArgs, group: &GroupId, entries: &[Entry]) -> Result<HashSet<String>> {
    let snapshot = opening::open(&args.file, Access::Write)?.snapshot();
    snapshot.group(group)?;
    let is_member = |id: &PersonId| {
        let person = snapshot.person(id).ok();
        person.is_some_and(|person| person.groups.iter().any(|(member, _)| member == group))
    };
    let ids = entries
        .iter()
        .filter_map(|entry| PersonId::new(&entry.id).ok());
    let members = ids.filter(is_member);
    Ok(members.map(|id| id.as_str().to_owned()).collect())
}

/// Refuses every id that no person may have, each with the folder that it comes from.
fn ids_are_legal(entries: &[Entry], output: &Output) -> bool {
    let mut legal = true;
    for entry in entries {
        if let Err(error) = PersonId::new(&entry.id) {
            output.failure(&Failure::from(error).about(&entry.source));
            legal = false;
        }
    }
    legal
}

fn entries(args: &EnrollArgs, output: &Output) -> Result<Vec<Entry>> {
    if let Some(id) = &args.person {
        let name = args.name.clone().unwrap_or_else(|| id.clone());
        let (id, pictures) = (id.clone(), args.pictures.clone());
        let source = PathBuf::from(&id);
        let mut entries = vec![Entry {
            id,
            name,
            source,
            pictures,
        }];
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
            source: folder.join(name),
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
    /// Enrols batch by batch. Each is on disk before the next is read.
    fn all(&self, entries: &[Entry], reader: &FaceReader<'_>, output: &Output) -> Result<Outcome> {
        let interrupt = Interrupt::listen();
        let pictures = entries.iter().map(|entry| entry.pictures.len()).sum();
        let progress = output.begin("enrolling", pictures);
        let mut pace = Pace::new(rayon::current_num_threads());
        let mut outcome = Outcome::Yes;
        let mut rest = entries;
        while !rest.is_empty() {
            if interrupt.asked() {
                let done = entries.len() - rest.len();
                output.note(&format!(
                    "stopped: {done} of {} persons are done; the same command with --resume goes on",
                    entries.len()
                ));
                return Ok(Outcome::Interrupted);
            }
            let (batch, later) =
                rest.split_at(front(rest, pace.next(), |entry| entry.pictures.len()));
            let began = Instant::now();
            outcome = outcome.max(self.batch(batch, reader, &*progress, output)?);
            pace.took(
                batch.iter().map(|entry| entry.pictures.len()).sum(),
                began.elapsed(),
            );
            rest = later;
        }
        Ok(outcome)
    }

    /// Reads the photographs of some persons, and only then opens the gallery and enrols one person after the other.
    fn batch(
        &self,
        batch: &[Entry],
        reader: &FaceReader<'_>,
        progress: &dyn Progress,
        output: &Output,
    ) -> Result<Outcome> {
        let paths: Vec<&PathBuf> = batch.iter().flat_map(|entry| &entry.pictures).collect();
        let mut read = reader.read(&paths, progress)?.into_iter();
        let gallery = opening::open(&self.args.file, Access::Write)?;
        let mut outcome = Outcome::Yes;
        for entry in batch {
            let read = read.by_ref().take(entry.pictures.len()).collect();
            match self.person(&gallery, entry, read) {
                Ok(report) => {
                    if report.added == 0 {
                        outcome = outcome.max(Outcome::No);
                    }
                    output.result(&report.json(entry), || report.text(entry));
                }
                Err(failure) => {
                    // One person who is refused does not keep the others out.
                    output.failure(&failure.about(&entry.source));
                    outcome = Outcome::BadInput;
                }
            }
        }
        Ok(outcome)
    }

    /// Enrols a person with their first usable photograph and adds the others, in one commit.
    fn person(&self, gallery: &Gallery, entry: &Entry, read: Vec<ReadFace>) -> Result<Report> {
        let id = PersonId::new(&entry.id).map_err(Failure::from)?;
        let (mut report, usable) = usable(entry, read);
        if usable.is_empty() {
            return Ok(report);
        }
        let is_known = gallery.snapshot().person(&id).is_ok();
        gallery.edit(|edit| {
            let mut usable = usable.as_slice();
            if let (false, [(path, face), more @ ..]) = (is_known, usable) {
                let new = NewPerson::new(id.clone(), &entry.name);
                let face = face.clone();
                match edit.create_person(&self.matcher, &self.group, &new, face, self.unique)? {
                    Enrolment::Created(_) => report.add(path.clone(), ImageCode::Added, None),
                    Enrolment::Similar(similar) => {
                        report.similar = Some(similar_json(&similar));
                        return Ok(());
                    }
                }
                usable = more;
            }
            for some in usable.chunks(FACES_PER_CALL) {
                self.more(edit, &id, some, &mut report)?;
            }
            Ok(())
        })?;
        Ok(report)
    }

    fn more(
        &self,
        edit: &mut Edit,
        id: &PersonId,
        some: &[(PathBuf, EnrolFace)],
        report: &mut Report,
    ) -> vultus::Result<()> {
        let faces = some.iter().map(|(_, face)| face.clone()).collect();
        let outcomes = edit.add_faces(&self.matcher, id, faces, self.threshold)?;
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

/// The faces that can be enrolled, and a report of the photographs that have none.
fn usable(entry: &Entry, read: Vec<ReadFace>) -> (Report, Vec<(PathBuf, EnrolFace)>) {
    let mut report = Report::default();
    let mut usable = Vec::new();
    for (path, read) in entry.pictures.iter().zip(read) {
        match read {
            Ok(face) => usable.push((path.clone(), face)),
            Err((code, failure)) => {
                let why = failure.to_string();
                let about = format!("{}: ", shown_path(&path));
                let why = why.strip_prefix(&about).unwrap_or(&why).to_owned();
                report.pictures.push((path.clone(), code, Some(why)));
            }
        }
    }
    (report, usable)
}

fn similar_json(similar: &Similar) -> Value {
    json!({
        "person": similar.person.as_str(),
        "face": similar.face.get(),
        "score": similar.comparison.score.get(),
    })
}

impl Report {
    fn add(&mut self, path: PathBuf, code: ImageCode, why: Option<String>) {
        self.added += usize::from(code == ImageCode::Added);
        self.pictures.push((path, code, why));
    }

    fn json(&self, entry: &Entry) -> Value {
        let picture = |(path, code, why): &(PathBuf, ImageCode, Option<String>)| json!({ "picture": shown_path(&path), "code": code.number(), "why": why });
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
                text += &format!("\n  {} ({}): {why}", shown_path(&path), code.number());
            }
        }
        text
    }
}
