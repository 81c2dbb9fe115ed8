//! `vultus gallery persons`, `faces` and `remove`

use super::args::{FileArgs, PageArgs, group_ids};
use super::{opening, print};
use crate::failure::Result;
use crate::terminal::{Outcome, Output};
use clap::Args;
use serde_json::json;
use vultus::gallery::store::Access;
use vultus::gallery::{FaceId, Gender, GroupId, Page, PersonId};

#[derive(Args)]
pub(crate) struct PersonsArgs {
    #[command(flatten)]
    file: FileArgs,
    /// The group to list, or whose fields are set.
    #[arg(long, value_name = "ID", required_unless_present = "person")]
    group: Option<String>,
    /// Show this person only.
    #[arg(long, value_name = "ID")]
    person: Option<String>,
    /// Rename them.
    #[arg(long, value_name = "NAME", requires = "person")]
    name: Option<String>,
    /// 0 not given, 1 male, 2 female.
    #[arg(long, value_name = "N", requires = "person")]
    gender: Option<u8>,
    /// Set a custom field; an empty value removes it. May be given several times.
    #[arg(long, value_name = "FIELD=VALUE", requires_all = ["person", "group"], value_parser = field_value)]
    set: Vec<(String, String)>,
    /// Add them to another group; may be given several times.
    #[arg(long, value_name = "GROUP", requires = "person")]
    copy_to: Vec<String>,
    #[command(flatten)]
    page: PageArgs,
}

#[derive(Args)]
pub(crate) struct FacesArgs {
    #[command(flatten)]
    file: FileArgs,
    /// The person.
    #[arg(long, value_name = "ID")]
    person: String,
}

#[derive(Args)]
pub(crate) struct RemoveArgs {
    #[command(flatten)]
    file: FileArgs,
    /// The person.
    #[arg(long, value_name = "ID")]
    person: String,
    /// From this group only.
    #[arg(long, value_name = "ID", conflicts_with = "face")]
    group: Option<String>,
    /// This face only; may be given several times.
    #[arg(long, value_name = "N")]
    face: Vec<u64>,
}

pub(super) fn run(args: &PersonsArgs, output: &Output) -> Result<Outcome> {
    let group = args.group.as_deref().map(GroupId::new).transpose()?;
    match &args.person {
        Some(id) => one(args, &PersonId::new(id)?, group.as_ref(), output),
        None => list(args, group.as_ref(), output),
    }
}

fn list(args: &PersonsArgs, group: Option<&GroupId>, output: &Output) -> Result<Outcome> {
    let page = Page::new(args.page.offset, args.page.limit)?;
    let snapshot = opening::open(&args.file, Access::Read)?.snapshot();
    // The command line asks for a group or a person.
    for person in group.map_or(Ok(Vec::new()), |group| snapshot.persons(group, page))? {
        output.result(&print::person_json(&person), || print::person(&person));
    }
    Ok(Outcome::Yes)
}

fn one(
    args: &PersonsArgs,
    id: &PersonId,
    group: Option<&GroupId>,
    output: &Output,
) -> Result<Outcome> {
    let gender = args.gender.map(Gender::new).transpose()?;
    let copies = group_ids(&args.copy_to)?;
    let changes =
        args.name.is_some() || gender.is_some() || !args.set.is_empty() || !copies.is_empty();
    let access = if changes { Access::Write } else { Access::Read };
    let gallery = opening::open(&args.file, access)?;
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
    output.result(&print::person_json(&person), || print::person(&person));
    Ok(Outcome::Yes)
}

pub(super) fn faces(args: &FacesArgs, output: &Output) -> Result<Outcome> {
    let id = PersonId::new(&args.person)?;
    let snapshot = opening::open(&args.file, Access::Read)?.snapshot();
    for face in snapshot.person(&id)?.faces {
        output.result(&print::face_json(&face), || print::face(&face));
    }
    Ok(Outcome::Yes)
}

pub(super) fn remove(args: &RemoveArgs, output: &Output) -> Result<Outcome> {
    let id = PersonId::new(&args.person)?;
    let group = args.group.as_deref().map(GroupId::new).transpose()?;
    let faces: Vec<FaceId> = args
        .face
        .iter()
        .map(|&face| FaceId::from_number(face))
        .collect();
    let gallery = opening::open(&args.file, Access::Write)?;
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

/// A field and its value.
fn field_value(text: &str) -> Result<(String, String), String> {
    let (name, value) = text
        .split_once('=')
        .ok_or_else(|| "it reads FIELD=VALUE".to_owned())?;
    Ok((name.to_owned(), value.to_owned()))
}
