//! Ids of groups that the caller lends.

use crate::misuse::Misuse;
use crate::pointer::lent;
use crate::strings::vultus_str;
use vultus::error::Result;
use vultus::gallery::GroupId;

/// The group ids of an array that the caller lends.
///
/// # Safety
/// As for [`lent`], and each text is one that the caller lends.
pub(super) unsafe fn group_ids(groups: *const vultus_str, count: usize) -> Result<Vec<GroupId>> {
    // More than any call takes, and few enough to copy.
    const MOST: usize = 1000;
    if count > MOST {
        return Err(Misuse::TooLong {
            name: "groups",
            length: count,
        }
        .into());
    }
    // SAFETY: as asked of the caller.
    let groups = unsafe { lent(groups, count, "groups")? };
    groups
        .iter()
        // SAFETY: as asked of the caller.
        .map(|group| Ok(GroupId::new(unsafe { group.get("groups")? })?))
        .collect()
}
