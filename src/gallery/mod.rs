//! Groups, persons and faces: enrolled under the rules of the product documents, searched exactly,
//! kept encrypted in one file that survives power cuts.
//!
//! [`Gallery`] is shared by all threads. Reading and searching happen on a [`Snapshot`], changes
//! in an [`Edit`] that is on disk before anybody sees it. Comparing faces asks for a [`Matcher`],
//! which only a licence opens; listing, exporting and deleting do not.
//!
//! The library knows embeddings and curves, not pictures or networks: what makes an [`EnrolFace`]
//! of a photograph is [`Session::enrol_face`](crate::sdk::Session::enrol_face). [`store`] keeps
//! records and knows nothing about faces. `docs/gallery.md` has the rules.

mod duplicates;
mod edit;
mod error;
mod faces;
mod features;
mod fuse;
mod groups;
mod library;
mod limits;
mod load;
mod matcher;
mod owners;
mod persons;
mod record;
mod salvage;
mod search;
mod site;
mod snapshot;
mod state;
pub mod store;
#[cfg(test)]
mod tests;
mod text;
mod transfer;
mod versions;

pub use duplicates::{Duplicate, DuplicateEstimate};
pub use edit::Edit;
pub use error::{Counted, LibraryError, Text, TextProblem};
pub use faces::{EnrolFace, FaceOutcome};
pub use groups::NewGroup;
pub use library::Gallery;
pub use limits::{
    CROP_BYTES, FACES_PER_CALL, FACES_PER_PERSON, FACES_PER_PROBE, FIELDS_PER_GROUP,
    FaceMatchThreshold, GROUPS_PER_PERSON, GROUPS_PER_SEARCH, GROUPS_PER_SEARCH_BY_GROUP, Limits,
    PAGE, Page, TOP, TOP_BY_GROUP, UniquePersonControl,
};
pub use matcher::Matcher;
pub use persons::{Enrolment, NewPerson, Similar};
pub use salvage::Salvaged;
pub use search::{Against, Candidate, Found, SearchOptions, Verified};
pub use snapshot::{FaceInfo, GroupInfo, PersonInfo, Snapshot};
pub use text::{
    FIELD_NAME_CHARS, FIELD_VALUE_CHARS, FaceId, Gender, GroupId, ID_BYTES, NAME_CHARS, PersonId,
    TAG_CHARS,
};
pub use transfer::Imported;
pub use versions::{Switched, Unready};
