//! Liveness from near-infrared frames: what the sensor's own lamp shows of a face.
//!
//! Screens are black in infrared and dye is not seen; prints that are, and masks, are left to a network that looks at
//! the light of the lamp alone (the frame with it on less the one with it off), the luminance of the colour frame, and
//! the room's infrared light. No ratio of brightnesses accepts a face by itself: prints have been made that
//! show every such ratio of a face.
//!
//! The caller finds faces in both frames: stages never import one another.

mod agree;
mod classifier;
mod error;
mod input;
mod judge;
mod measure;
mod picture;
mod reflected;
mod rules;

pub use error::InfraredPairError;
pub use input::{InInfrared, InfraredFace, InfraredFrames};
pub use judge::{InfraredAssessment, InfraredLiveness};
pub use measure::{InfraredMeasures, check_light, measure};
pub use picture::{Cut, FacePicture};
pub use reflected::ReflectedLight;
pub use rules::{InfraredFile, InfraredRules};
