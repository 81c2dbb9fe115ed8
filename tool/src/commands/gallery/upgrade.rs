//! `vultus gallery upgrade` and `rollback`

use super::args::FileArgs;
use super::opening;
use super::pictures::FaceReader;
use crate::datasets::People;
use crate::failure::Result;
use crate::observer::Observer;
use crate::terminal::args::{FaceArgs, SdkArgs};
use crate::terminal::opening::open_sdk;
use crate::terminal::{Outcome, Output};
use clap::Args;
use serde_json::json;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use vultus::gallery::store::Access;
use vultus::gallery::{Gallery, GroupId, Matcher, PersonId, Switched, Unready};
use vultus::{MaskState, Sdk};

#[derive(Args)]
pub(crate) struct UpgradeArgs {
    #[command(flatten)]
    file: FileArgs,
    /// The group.
    #[arg(long, value_name = "ID")]
    group: String,
    /// New photographs: a folder with one folder a person, named after their id.
    #[arg(long, value_name = "DIR")]
    photos: Option<PathBuf>,
    /// Answer from the new pack from now on; what has no feature of it cannot be found any more.
    #[arg(long, conflicts_with = "cancel")]
    finish: bool,
    /// Give the upgrade up.
    #[arg(long)]
    cancel: bool,
    #[command(flatten)]
    face: FaceArgs,
    #[command(flatten)]
    sdk: SdkArgs,
}

#[derive(Args)]
pub(crate) struct RollbackArgs {
    #[command(flatten)]
    file: FileArgs,
    /// The group.
    #[arg(long, value_name = "ID")]
    group: String,
}

pub(super) fn run(args: &UpgradeArgs, output: &Output) -> Result<Outcome> {
    let group = GroupId::new(&args.group)?;
    let gallery = opening::open(&args.file, Access::Write)?;
    if args.cancel {
        gallery.edit(|edit| edit.cancel_upgrade(&group))?;
        let json = json!({ "group": group.as_str(), "cancelled": true });
        output.result(&json, || format!("group {group} stays as it was"));
        return Ok(Outcome::Yes);
    }
    let sdk = open_sdk(&args.sdk, output)?;
    begin(&gallery, &group, &sdk)?;
    from_crops(&gallery, &group, &sdk, output)?;
    if let Some(folder) = &args.photos {
        let reader = FaceReader::new(&sdk, &args.face, 0, false)?;
        from_photos(
            &gallery,
            &sdk.matcher(MaskState::BARE)?,
            &group,
            folder,
            &reader,
            output,
        )?;
    }
    if args.finish {
        let switched = gallery.edit(|edit| edit.finish_upgrade(&group))?;
        return Ok(report(&group, &switched, output));
    }
    let waiting = gallery.snapshot().unready(&group)?;
    let json = json!({
        "group": group.as_str(),
        "waiting": waiting.iter().map(unready_json).collect::<Vec<_>>(),
    });
    output.result(&json, || {
        format!(
            "group {group}: {} faces have no feature of {} yet{}; finish with --finish",
            waiting.len(),
            sdk.pack().model_id(),
            list(&waiting)
        )
    });
    Ok(Outcome::from_answer(waiting.is_empty()))
}

pub(super) fn rollback(args: &RollbackArgs, output: &Output) -> Result<Outcome> {
    let group = GroupId::new(&args.group)?;
    let gallery = opening::open(&args.file, Access::Write)?;
    let switched = gallery.edit(|edit| edit.roll_back(&group))?;
    Ok(report(&group, &switched, output))
}

/// Goes on with an upgrade that was begun.
fn begin(gallery: &Gallery, group: &GroupId, sdk: &Sdk) -> Result<()> {
    let model = sdk.pack().model_id();
    let running = gallery.snapshot().group(group)?.upgrade;
    if running.as_deref() != Some(&**model) {
        gallery.edit(|edit| edit.begin_upgrade(group, model))?;
    }
    Ok(())
}

fn from_crops(gallery: &Gallery, group: &GroupId, sdk: &Sdk, output: &Output) -> Result<()> {
    let progress = output.begin("from crops", gallery.snapshot().unready(group)?.len());
    let made = sdk.session()?.upgrade_group(
        gallery,
        &sdk.matcher(MaskState::BARE)?,
        group,
        |done, _| {
            progress.set(done);
            ControlFlow::Continue(())
        },
    )?;
    drop(progress);
    for (face, status) in &made.failed {
        output.warning(&format!(
            "the crop of face {}: {}",
            face.face,
            status.name()
        ));
    }
    output.note(&format!(
        "{} features from crops, {} faces without a crop",
        made.done,
        made.without_crop.len()
    ));
    Ok(())
}

/// The n-th new photograph of a person serves their n-th face that waits.
fn from_photos(
    gallery: &Gallery,
    matcher: &Matcher,
    group: &GroupId,
    folder: &Path,
    reader: &FaceReader<'_>,
    output: &Output,
) -> Result<()> {
    let people = People::read(folder, output)?;
    let read = {
        let paths = people.paths();
        let progress = output.begin("from photographs", paths.len());
        reader.read(&paths, &*progress)?
    };
    let mut waiting = gallery.snapshot().unready(group)?;
    for (image, read) in people.images.iter().zip(read) {
        let person = PersonId::new(&people.names[image.person])?;
        let face = match read {
            Ok(face) => face,
            Err((_, failure)) => {
                output.warning(&failure.to_string());
                continue;
            }
        };
        let Some(at) = waiting.iter().position(|one| one.person == person) else {
            continue;
        };
        let number = waiting.remove(at).face;
        gallery.edit(|edit| edit.upgrade_face(matcher, group, &person, number, &face.embedding))?;
    }
    Ok(())
}

fn report(group: &GroupId, switched: &Switched, output: &Output) -> Outcome {
    let json = json!({
        "group": group.as_str(),
        "model_id": switched.model_id,
        "searchable": switched.searchable,
        "failed": switched.failed.iter().map(unready_json).collect::<Vec<_>>(),
    });
    output.result(&json, || {
        format!(
            "group {group} answers from {}: {} faces can be found, {} cannot{}\n  \
             A pack that is better on average may be worse for one person: look at your thresholds again.",
            switched.model_id,
            switched.searchable,
            switched.failed.len(),
            list(&switched.failed)
        )
    });
    Outcome::from_answer(switched.failed.is_empty())
}

fn list(faces: &[Unready]) -> String {
    let line = |one: &Unready| format!("\n  {}, face {}", one.person, one.face);
    faces.iter().map(line).collect()
}

fn unready_json(one: &Unready) -> serde_json::Value {
    json!({ "person": one.person.as_str(), "face": one.face.get(), "crop": one.has_crop })
}
