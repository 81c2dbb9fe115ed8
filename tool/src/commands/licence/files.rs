//! Files of licences.

use crate::failure::{Failure, Result, WithFile};
use crate::inputs::read_at_most;
use std::path::Path;
use vultus::licensing::keys::KeyTable;
use vultus::licensing::signed_licence::{self, SignedLicence};

/// No file of ours is larger, whatever its form.
const FILE_MAX: usize = 128 * 1024;

/// Reads a request, a licence or a revocation list, in whatever form.
pub(super) fn read(file: &Path) -> Result<Vec<u8>> {
    read_at_most(file, FILE_MAX)
}

/// A licence whose signature is good; whose it is, is another question.
pub(super) fn verified(file: &Path) -> Result<SignedLicence> {
    signed_licence::verify(&read(file)?, &KeyTable::compiled())
        .map_err(Failure::from)
        .with_file(file)
}
