//! Faces and attacks before simulated sensors, drawn from a seed.
//!
//! A [`Scene`] is a live head or an artefact of a [`Species`] under [`Conditions`]; a
//! [`DepthSensor`], a [`NirCamera`] or a [`ColourCamera`] takes a picture of it. The same seeds give the same
//! bytes on every machine: random numbers are a hash of a counter, and no function of the platform's
//! mathematics library is called. What it cannot teach is in `docs/liveness.md`.
//!
//! Axes of a head: millimetres, x to the right of the picture, y up, z to the camera, the origin half way
//! between the eyes. Axes of a camera: x to the right, y down, z away from it.

mod artefact;
mod attack;
mod camera;
mod conditions;
mod depth;
mod head;
mod light;
mod mesh;
mod motion;
mod person;
mod raster;
mod recapture;
mod rng;
mod scanned;
mod scene;
mod skin;
mod space;
mod species;
mod subject;
mod texture;
mod wear;

/// What drew a picture, for those who keep it.
pub const NAME_AND_VERSION: &str = concat!(env!("CARGO_PKG_NAME"), " ", env!("CARGO_PKG_VERSION"));

pub use camera::{Camera, Picture};
pub use conditions::{Conditions, Detail};
pub use depth::{DepthPicture, DepthSensor, SensorClass};
pub use light::{ColourCamera, Emitter, NirCamera, NirPicture, View};
pub use motion::{FRAME_STEP_US, moments};
pub use person::{Expression, Person, Wear};
pub use recapture::Recapture;
pub use rng::Rng;
pub use scanned::HeadMesh;
pub use scene::Scene;
pub use species::Species;
