//! Groups of arguments that several commands of galleries take.

use crate::failure::Result;
use clap::Args;
use std::path::PathBuf;
use vultus::gallery::{Against, GroupId};

/// Which gallery.
#[derive(Args)]
pub(crate) struct FileArgs {
    /// The gallery's file.
    #[arg(long, value_name = "FILE", env = "VULTUS_GALLERY")]
    pub(crate) gallery: PathBuf,
    /// File with the gallery's secret, 32 bytes [default: the gallery's file with .key behind it].
    #[arg(long, value_name = "FILE", env = "VULTUS_GALLERY_KEY")]
    pub(crate) key_file: Option<PathBuf>,
    /// Go on with a key file that others than its owner may read.
    #[arg(long)]
    pub(crate) insecure_key: bool,
}

/// Which part of a list.
#[derive(Args)]
pub(crate) struct PageArgs {
    /// Entries to pass over.
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(crate) offset: usize,
    /// Entries to show, 1 to 1000.
    #[arg(long, value_name = "N", default_value_t = 100)]
    pub(crate) limit: usize,
}

/// What a search looks at.
#[derive(Args)]
pub(crate) struct ScopeArgs {
    /// Groups to look in, with commas between them.
    #[arg(long, value_name = "ID", value_delimiter = ',', required = true)]
    group: Vec<String>,
    /// Compare one fused feature a person instead of every face.
    #[arg(long)]
    fused: bool,
}

impl ScopeArgs {
    /// Groups to look in, and what is compared.
    pub(super) fn parsed(&self) -> Result<(Vec<GroupId>, Against)> {
        let against = if self.fused {
            Against::Persons
        } else {
            Against::Faces
        };
        Ok((group_ids(&self.group)?, against))
    }
}

/// Ids as they are typed.
pub(crate) fn group_ids(ids: &[String]) -> Result<Vec<GroupId>> {
    ids.iter().map(|id| Ok(GroupId::new(id)?)).collect()
}
