//! Groups, persons and faces: enrolled under the rules of the product documents, searched exactly,
//! kept encrypted in one file that survives power cuts.
//!
//! [`Gallery`] is shared by all threads. Reading and searching happen on a [`Snapshot`], changes
//! in an [`Edit`] that is on disk before a reader sees it. Comparing faces asks for a [`Matcher`],
//! which only a licence opens; listing, exporting and deleting do not.
//!
//! The library knows embeddings and curves, not pictures or networks: what makes an [`EnrolFace`]
//! of a photograph is [`Session::enrol_face`](crate::Session::enrol_face). [`store`] keeps
//! records and knows nothing about faces. `docs/gallery.md` has the rules.
//!
//! Files from the ground up: [`store`]; `ids`, `kinds`, `limits`; `error`, which carries them; `text`,
//! `choices`, `model_id`, `enrol_face`; `fuse`, `owners`, `features`; `contents`, what a gallery holds;
//! `site`, `matcher`; `record`, the bytes of an entry; `snapshot`, and on it `search` and `duplicates`;
//! `edit`, and on it `groups`, `persons`, `faces`, `versions`; `load`; `library`, and on it `transfer`
//! and `salvage`.

mod choices;
mod contents;
mod duplicates;
mod edit;
mod enrol_face;
mod error;
mod faces;
mod features;
mod fuse;
mod groups;
mod ids;
mod kinds;
mod library;
mod limits;
mod load;
mod matcher;
mod model_id;
mod owners;
mod persons;
mod record;
mod salvage;
mod search;
mod site;
mod snapshot;
pub mod store;
#[cfg(test)]
mod tests;
mod text;
mod transfer;
mod versions;

pub use choices::{FaceMatchThreshold, Gender, Page, UniquePersonControl};
pub use duplicates::{Duplicate, DuplicateEstimate};
pub use edit::Edit;
pub use enrol_face::EnrolFace;
pub use error::LibraryError;
pub use faces::FaceOutcome;
pub use groups::NewGroup;
pub use ids::{FaceId, GroupId, PersonId};
pub use kinds::{Counted, Text, TextProblem};
pub use library::Gallery;
pub use limits::{
    CROP_BYTES, FACES_PER_CALL, FACES_PER_PERSON, FACES_PER_PROBE, FIELDS_PER_GROUP,
    GROUPS_PER_PERSON, GROUPS_PER_SEARCH, GROUPS_PER_SEARCH_BY_GROUP, Limits, PAGE, TOP,
    TOP_BY_GROUP,
};
pub use matcher::Matcher;
pub use persons::{Enrolment, NewPerson, Similar};
pub use salvage::Salvaged;
pub use search::{Against, Candidate, SearchDecision, SearchOptions, SearchResult, Verified};
pub use snapshot::{FaceInfo, GroupInfo, PersonInfo, Snapshot};
pub use text::{FIELD_NAME_CHARS, FIELD_VALUE_CHARS, ID_BYTES, NAME_CHARS, TAG_CHARS};
pub use transfer::Imported;
pub use versions::{Switched, Unready};
