//! `vultus gallery groups`

use super::args::GroupsArgs;
use super::{file, text};
use crate::Outcome;
use crate::context::pack_folder;
use crate::failure::{CliResult, Failure, WithFile};
use crate::output::Output;
use serde_json::json;
use vultus::gallery::store::Access;
use vultus::gallery::{Gallery, GroupId, NewGroup, Page};
use vultus::internals::model::Pack;

pub(super) fn run(args: &GroupsArgs, output: &Output) -> CliResult<Outcome> {
    if let Some(id) = &args.create {
        create(args, &GroupId::new(id)?, output)
    } else if let Some(id) = &args.change {
        change(args, &GroupId::new(id)?, output)
    } else if let Some(id) = &args.delete {
        delete(args, &GroupId::new(id)?, output)
    } else {
        list(args, output)
    }
}

fn create(args: &GroupsArgs, id: &GroupId, output: &Output) -> CliResult<Outcome> {
    let folder = pack_folder(&args.pack)?;
    let pack = Pack::open(&folder)
        .map_err(Failure::from)
        .with_file(&folder)?;
    let name = args.name.as_deref().unwrap_or(id.as_str());
    let new = NewGroup {
        tag: args.tag.clone().unwrap_or_default(),
        fields: args.field.clone(),
        ..NewGroup::new(id.clone(), name, pack.model_id())
    };
    let gallery = file::open(&args.file, Access::Write)?;
    gallery.edit(|edit| edit.create_group(&new))?;
    show(&gallery, id, output)
}

fn change(args: &GroupsArgs, id: &GroupId, output: &Output) -> CliResult<Outcome> {
    let gallery = file::open(&args.file, Access::Write)?;
    gallery.edit(|edit| {
        if let Some(name) = &args.name {
            edit.rename_group(id, name)?;
        }
        if let Some(tag) = &args.tag {
            edit.set_group_tag(id, tag)?;
        }
        args.field
            .iter()
            .try_for_each(|name| edit.add_field(id, name))
    })?;
    show(&gallery, id, output)
}

fn delete(args: &GroupsArgs, id: &GroupId, output: &Output) -> CliResult<Outcome> {
    let gallery = file::open(&args.file, Access::Write)?;
    let gone = gallery.edit(|edit| edit.delete_group(id))?;
    let json = json!({ "deleted": id.as_str(), "persons_deleted": gone });
    output.result(&json, || {
        format!("group {id} deleted, and {gone} persons who were in no other")
    });
    Ok(Outcome::Yes)
}

fn list(args: &GroupsArgs, output: &Output) -> CliResult<Outcome> {
    let page = Page::new(args.page.offset, args.page.limit)?;
    let snapshot = file::open(&args.file, Access::Read)?.snapshot();
    for group in snapshot.groups(page)? {
        output.result(&text::group_json(&group), || text::group(&group));
    }
    Ok(Outcome::Yes)
}

fn show(gallery: &Gallery, id: &GroupId, output: &Output) -> CliResult<Outcome> {
    let group = gallery.snapshot().group(id)?;
    output.result(&text::group_json(&group), || text::group(&group));
    Ok(Outcome::Yes)
}
