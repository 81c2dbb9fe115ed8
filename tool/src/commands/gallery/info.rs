//! `vultus gallery info`

use super::args::FileArgs;
use super::{opening, print};
use crate::failure::Result;
use crate::shown::shown_path;
use crate::terminal::{Outcome, Output};
use serde_json::json;
use vultus::gallery::store::Access;
use vultus::gallery::{PAGE, Page};

pub(super) fn run(args: &FileArgs, output: &Output) -> Result<Outcome> {
    let gallery = opening::open(args, Access::Read)?;
    let snapshot = gallery.snapshot();
    let groups = snapshot.groups(Page::new(0, PAGE)?)?;
    let anchor = gallery.store().anchor()?;
    let json = json!({
        "gallery": shown_path(&args.gallery),
        "groups": snapshot.group_count(),
        "persons": snapshot.person_count(),
        "faces": snapshot.face_count(),
        "faces_allowed": gallery.limits().faces(),
        "generation": anchor.generation(),
        "listed": groups.iter().map(print::group_json).collect::<Vec<_>>(),
    });
    output.result(&json, || {
        let mut page = format!(
            "{}: {} groups, {} persons, {} faces; generation {}",
            shown_path(&args.gallery),
            snapshot.group_count(),
            snapshot.person_count(),
            snapshot.face_count(),
            anchor.generation()
        );
        for group in &groups {
            page += &format!("\n  {}", print::group(group));
        }
        page
    });
    Ok(Outcome::Yes)
}
