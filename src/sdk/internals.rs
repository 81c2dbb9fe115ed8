//! What the tool, tests and benches of this repository need of an open SDK besides.

use super::Sdk;
use crate::error::Result;
use crate::model::Pack;
use vultus_licensing::grant::Grant;

impl Sdk {
    /// An SDK of a pack that is open already, such as one whose networks record what they are run on.
    ///
    /// # Errors
    /// As [`Sdk::open`].
    pub fn from_pack(pack: Pack, grant: Grant) -> Result<Self> {
        Self::with_pack(pack, grant)
    }

    /// The open pack.
    #[must_use]
    pub fn pack(&self) -> &Pack {
        &self.pack
    }
}
