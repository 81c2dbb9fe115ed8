//! Who or what is before the camera.

use crate::mesh::Part;
use crate::space::V3;

/// A person or an artefact in its own axes: parts, and where the face's landmarks lie on it.
pub(crate) struct Subject {
    pub(crate) parts: Vec<Part>,
    pub(crate) landmarks: [V3; 5],
    /// Real eyes look out of it.
    pub(crate) wet_eyes: bool,
}
