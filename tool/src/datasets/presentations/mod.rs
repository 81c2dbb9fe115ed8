//! Sets of presentations to a sensor, of people and of artefacts, recorded or simulated (`docs/pad-set-format.md`): a
//! folder with `set.json`, and for each presentation a JSON sidecar with its frames beside it.

mod camera;
mod check;
mod colour;
mod depth;
mod error;
mod frames;
mod infrared;
mod limits;
mod record;
mod set;

pub use camera::{EmitterName, InfraredFile};
pub use depth::{DepthRecord, FoundLandmarks};
pub use error::RecordError;
pub use infrared::{InfraredBytes, InfraredRecord, LandmarksRecord};
pub use limits::{FORMAT, LIVE, MAX_FRAMES, MAX_PRESENTATIONS};
pub use record::{Age, Conditions, FrameRecord, Label, Record};
pub use set::{HEADER_FILE, Header, Modality, Set, Simulation, sidecar_name, write_json};
