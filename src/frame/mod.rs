//! Pictures as the SDK sees them: borrowed bytes with a checked layout, and photographs decoded
//! into such bytes. Depth and infrared frames, how they lie to the colour frame, and which of them
//! belong together in time.

mod colour;
mod depth;
mod encode;
mod error;
mod infrared;
mod jpeg;
mod layout;
mod letterbox;
mod pair;
mod photo;
mod reader;
mod registration;
mod rgb;
mod sensor;
mod view;
mod warp;

pub use colour::Frame;
pub use depth::{DepthFormat, DepthFrame, DepthLayout};
pub use error::{FrameError, MAX_FRAME_SIDE};
pub use infrared::{Emitter, InfraredFormat, InfraredFrame, InfraredLayout};
pub use layout::{FrameLayout, PixelFormat, YuvRange};
pub use letterbox::{Letterbox, LetterboxScratch};
pub use pair::{FramePairer, FrameUnsynced, PairError, Paired, Stream};
pub use photo::{Photo, PhotoError, PhotoLimits};
pub use registration::{Registration, RegistrationError};
pub use rgb::RgbImage;
pub use sensor::SensorError;
pub use view::View;
