//! `vultus gallery groups`

use super::args::{FileArgs, PageArgs};
use super::{opening, print};
use crate::failure::Result;
use crate::terminal::args::PackArgs;
use crate::terminal::opening::open_pack;
use crate::terminal::{Outcome, Output};
use clap::Args;
use serde_json::json;
use vultus::gallery::store::Access;
use vultus::gallery::{Gallery, GroupId, NewGroup, Page};

#[derive(Args)]
pub(crate) struct GroupsArgs {
    #[command(flatten)]
    file: FileArgs,
    /// Make a group of this id.
    #[arg(long, value_name = "ID", conflicts_with_all = ["change", "delete"])]
    create: Option<String>,
    /// Change the name or tag of a group, or add fields to it.
    #[arg(long, value_name = "ID", conflicts_with = "delete")]
    change: Option<String>,
    /// Delete a group, and every person who is in no other.
    #[arg(long, value_name = "ID")]
    delete: Option<String>,
    /// Its name [default: its id].
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    /// Its tag.
    #[arg(long, value_name = "TAG")]
    tag: Option<String>,
    /// A custom field of its members; may be given several times.
    #[arg(long, value_name = "NAME")]
    field: Vec<String>,
    /// Pack that a new group is for.
    #[command(flatten)]
    pack: PackArgs,
    #[command(flatten)]
    page: PageArgs,
}

pub(super) fn run(args: &GroupsArgs, output: &Output) -> Result<Outcome> {
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

fn create(args: &GroupsArgs, id: &GroupId, output: &Output) -> Result<Outcome> {
    let pack = open_pack(&args.pack)?;
    let name = args.name.as_deref().unwrap_or(id.as_str());
    let new = NewGroup {
        tag: args.tag.clone().unwrap_or_default(),
        fields: args.field.clone(),
        ..NewGroup::new(id.clone(), name, pack.model_id())
    };
    let gallery = opening::open(&args.file, Access::Write)?;
    gallery.edit(|edit| edit.create_group(&new))?;
    show(&gallery, id, output)
}

fn change(args: &GroupsArgs, id: &GroupId, output: &Output) -> Result<Outcome> {
    let gallery = opening::open(&args.file, Access::Write)?;
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

fn delete(args: &GroupsArgs, id: &GroupId, output: &Output) -> Result<Outcome> {
    let gallery = opening::open(&args.file, Access::Write)?;
    let gone = gallery.edit(|edit| edit.delete_group(id))?;
    let json = json!({ "deleted": id.as_str(), "persons_deleted": gone });
    output.result(&json, || {
        format!("group {id} deleted, and {gone} persons who were in no other")
    });
    Ok(Outcome::Yes)
}

fn list(args: &GroupsArgs, output: &Output) -> Result<Outcome> {
    let page = Page::new(args.page.offset, args.page.limit)?;
    let snapshot = opening::open(&args.file, Access::Read)?.snapshot();
    for group in snapshot.groups(page)? {
        output.result(&print::group_json(&group), || print::group(&group));
    }
    Ok(Outcome::Yes)
}

fn show(gallery: &Gallery, id: &GroupId, output: &Output) -> Result<Outcome> {
    let group = gallery.snapshot().group(id)?;
    output.result(&print::group_json(&group), || print::group(&group));
    Ok(Outcome::Yes)
}
