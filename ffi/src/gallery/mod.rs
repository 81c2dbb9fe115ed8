//! Galleries: groups, persons and faces.

pub mod details;
pub mod faces;
pub mod groups;
pub mod library;
pub mod lists;
pub mod matcher;
pub mod options;
pub mod persons;
pub mod search;
pub mod transfer;
pub mod upgrade;
pub mod verify;

use crate::error::Misuse;
use crate::strings::vultus_str;
use vultus::error::Result;
use vultus::gallery::GroupId;

/// Groups of a lent array.
///
/// # Safety
/// As for [`lent`](crate::strings::lent), for the texts too.
unsafe fn group_ids(groups: *const vultus_str, count: usize) -> Result<Vec<GroupId>> {
    // More than any call takes, and little enough to copy.
    const MOST: usize = 1000;
    if count > MOST {
        return Err(Misuse::TooLong {
            name: "groups",
            length: count,
        }
        .into());
    }
    // SAFETY: as asked of the caller.
    let groups = unsafe { crate::strings::lent(groups, count, "groups")? };
    groups
        .iter()
        // SAFETY: as asked of the caller.
        .map(|group| Ok(GroupId::new(unsafe { group.get("groups")? })?))
        .collect()
}
