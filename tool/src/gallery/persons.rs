//! `vultus gallery persons`, `faces` and `remove`

use super::args::{FacesArgs, PersonsArgs, RemoveArgs};
use super::{file, text};
use crate::Outcome;
use crate::failure::CliResult;
use crate::output::Output;
use serde_json::json;
use vultus::gallery::store::Access;
use vultus::gallery::{FaceId, Gender, GroupId, Page, PersonId};

pub(super) fn run(args: &PersonsArgs, output: &Output) -> CliResult<Outcome> {
    let group = args.group.as_deref().map(GroupId::new).transpose()?;
    match &args.person {
        Some(id) => one(args, &PersonId::new(id)?, group.as_ref(), output),
        None => list(args, group.as_ref(), output),
    }
}

fn list(args: &PersonsArgs, group: Option<&GroupId>, output: &Output) -> CliResult<Outcome> {
    let page = Page::new(args.page.offset, args.page.limit)?;
    let snapshot = file::open(&args.file, Access::Read)?.snapshot();
    // The command line asks for a group or a person.
    for person in group.map_or(Ok(Vec::new()), |group| snapshot.persons(group, page))? {
        output.result(&text::person_json(&person), || text::person(&person));
    }
    Ok(Outcome::Yes)
}

fn one(
    args: &PersonsArgs,
    id: &PersonId,
    group: Option<&GroupId>,
    output: &Output,
) -> CliResult<Outcome> {
    let gender = args.gender.map(Gender::new).transpose()?;
    let copies: Result<Vec<_>, _> = args.copy_to.iter().map(|id| GroupId::new(id)).collect();
    let copies = copies?;
    let changes =
        args.name.is_some() || gender.is_some() || !args.set.is_empty() || !copies.is_empty();
    let access = if changes { Access::Write } else { Access::Read };
    let gallery = file::open(&args.file, access)?;
    if changes {
        gallery.edit(|edit| {
            if let Some(name) = &args.name {
                edit.rename_person(id, name)?;
            }
            if let Some(gender) = gender {
                edit.set_gender(id, gender)?;
            }
            if let (Some(group), false) = (group, args.set.is_empty()) {
                edit.set_fields(id, group, &args.set)?;
            }
            if !copies.is_empty() {
                edit.copy_person(id, &copies)?;
            }
            Ok(())
        })?;
    }
    let person = gallery.snapshot().person(id)?;
    output.result(&text::person_json(&person), || text::person(&person));
    Ok(Outcome::Yes)
}

pub(super) fn faces(args: &FacesArgs, output: &Output) -> CliResult<Outcome> {
    let id = PersonId::new(&args.person)?;
    let snapshot = file::open(&args.file, Access::Read)?.snapshot();
    for face in snapshot.person(&id)?.faces {
        output.result(&text::face_json(&face), || text::face(&face));
    }
    Ok(Outcome::Yes)
}

pub(super) fn remove(args: &RemoveArgs, output: &Output) -> CliResult<Outcome> {
    let id = PersonId::new(&args.person)?;
    let group = args.group.as_deref().map(GroupId::new).transpose()?;
    let faces: Vec<FaceId> = args
        .face
        .iter()
        .map(|&face| FaceId::from_number(face))
        .collect();
    let gallery = file::open(&args.file, Access::Write)?;
    let gone = gallery.edit(|edit| match (&group, faces.is_empty()) {
        (Some(group), _) => edit.remove_from_group(&id, group),
        (None, false) => edit.delete_faces(&id, &faces).map(|()| false),
        (None, true) => edit.delete_person(&id).map(|()| true),
    })?;
    let json = json!({ "person": id.as_str(), "deleted": gone, "faces_deleted": args.face });
    output.result(&json, || match gone {
        true => format!("{id} deleted, with all faces"),
        false => format!("{id} is still in the gallery"),
    });
    Ok(Outcome::Yes)
}
