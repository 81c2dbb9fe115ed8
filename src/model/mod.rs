//! Model packs: a manifest, networks, their contract with pixels, and the calibration of scores.

mod check;
#[cfg(feature = "onnx")]
mod compile;
mod curve;
mod error;
mod fault;
mod golden;
mod hex;
mod input;
mod manifest;
mod network;
mod pack;
mod quantise;
mod read;
mod record;
mod score;
mod signature;
mod tail;
mod trust;

#[cfg(feature = "onnx")]
pub use compile::{COMPILE_COSINE, COMPILE_DIFFERENCE, Compiled, compile};
pub use curve::{CURVE_FORMAT, CalibratedScore, Curve, CurveSource};
pub use error::PackError;
pub use fault::{SIGNATURE_FILE, SignatureFault};
pub use golden::GoldenReport;
#[cfg(feature = "internals")]
pub use hex::bytes_of_hex;
pub use hex::hex_of;
pub use input::PixelInput;
pub use manifest::{
    AlignSpec, ChannelOrder, DecodeKind, DecodeSpec, DetectSpec, DetectStrategy, EyesSpec, FileRef,
    GoldenOutput, GoldenSpec, InputSpec, LivenessColourSpec, LivenessDepthSpec,
    LivenessInfraredSpec, MANIFEST_FILE, MANIFEST_FORMAT, MAX_EMBEDDING_VALUES, MESH_POINTS,
    Manifest, MaskSpec, MeshSpec, NetworkSpec, OutputSpec, PLAN_FORMAT, QualitySpec, Role,
};
pub use network::{PackNetwork, Verification};
pub use pack::Pack;
pub use quantise::{
    HELD_OUT_SLACK_DB, InBytes, LEAST_INPUTS, LEAST_MEAN_COSINE, quantise, usual_snr_db,
};
pub use read::sha256_hex;
pub use record::Recorder;
pub use score::Score;
#[cfg(feature = "internals")]
pub use signature::PackSigner;
pub use trust::{PackKey, PackKeyRefused};
