//! Vultus: an offline face SDK for doors and cameras.
//!
//! ```no_run
//! use vultus::{Config, DetectOptions, Device, MaskState, Photo, Sdk, TargetFmr};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let grant = Device::here("/var/lib/vultus".as_ref())?.activate()?;
//! let sdk = Sdk::open(&Config::new("models/lite"), grant)?;
//! let mut session = sdk.session()?;
//! let mut embed = |path: &str| -> Result<_, Box<dyn std::error::Error>> {
//!     let photo = Photo::decode(&std::fs::read(path)?)?;
//!     let face = session.largest_face(&photo.frame(), &DetectOptions::default())?;
//!     Ok(session.embed(&photo.frame(), &face)?)
//! };
//! let (a, b) = (embed("a.jpg")?, embed("b.jpg")?);
//! let comparison = sdk.compare(&a, &b, MaskState::BARE, TargetFmr::new(1e-5)?)?;
//! println!("score {} match {}", comparison.score, comparison.is_match);
//! # Ok(())
//! # }
//! ```
//!
//! # Where things are
//!
//! | for | take |
//! |---|---|
//! | a licence | [`Device::activate`] answers the [`Grant`] that everything needs |
//! | opening | [`Config`] and [`Sdk::open`]: one [`Sdk`] for all threads, one [`Session`] a thread or camera |
//! | pixels | [`Photo`] for files, [`Frame`] for what a camera lends, [`DepthFrame`] and [`InfraredFrame`] for sensors |
//! | faces | [`Session::detect`], [`Session::largest_face`], [`Session::quality`], [`Session::embed`] |
//! | 1:1 | [`Sdk::compare`] |
//! | 1:N | [`Gallery`], [`Session::enrol_photo`], [`Sdk::matcher`], [`Snapshot::search`](gallery::Snapshot::search) |
//! | faces from frame to frame | [`Tracker`](track::Tracker), [`BestShots`](track::BestShots) |
//! | liveness | [`Sdk::liveness_depth`], [`Sdk::liveness_infrared`], [`Sdk::liveness_colour`] make a judge, `Session::liveness_*` asks it |
//!
//! Outcomes such as "no face" in a frame or "unknown person" are values. A failure is an [`Error`] with a row of the [`Status`]
//! table, its module's own error ([`Error::detail`]) and its cause.
//!
//! # Features
//!
//! None is on by itself. `threads` shares one inference among threads; `onnx` runs packs of ONNX files, which brings tract;
//! `test-keys` accepts licences signed with the public test key, for tests alone.

#![warn(missing_debug_implementations)]
#![cfg_attr(
    not(feature = "internals"),
    // What only the tool, tests and benches call is checked in builds with `internals`.
    allow(dead_code, unreachable_pub, unused_imports)
)]

#[cfg(all(feature = "internals", vultus_device))]
compile_error!(
    "a library for devices is built without the feature `internals`: its stages need no licence"
);

pub mod config;
mod engine;
pub mod error;
pub mod frame;
pub mod gallery;
pub mod geom;
mod matching;
mod model;
mod sdk;
mod stages;
pub mod track;

pub use config::{MinFaceSize, QualityControl, TargetFmr, TargetFpir, TrackId};
pub use engine::{DetectOptions, Face, FindError, FoundFaces, Session};
pub use error::{Error, Result, Status};
pub use frame::{DepthFrame, Frame, FrameLayout, InfraredFrame, Photo, PixelFormat};
pub use gallery::{Gallery, GroupId, Matcher, PersonId};
pub use matching::Comparison;
pub use model::{Score, Verification};
pub use sdk::{Config, ConfigBuilder, EnrolOptions, ImageCode, Sdk, UpgradeReport};
pub use stages::attribute::MaskState;
pub use stages::embed::Embedding;
pub use stages::liveness::Liveness;
pub use stages::liveness::decision::{LivenessDecision, TrackDecisions};
pub use stages::quality::QualityReport;
pub use vultus_licensing::device::Device;
pub use vultus_licensing::grant::Grant;

/// The crate `vultus-licensing`: from a licence file to the grant that [`Sdk::open`] asks for.
pub use vultus_licensing as licensing;

/// Faces: what a session finds, straightens and embeds, and what it refuses.
pub mod face {
    pub use crate::engine::{
        CROP_SIDE, DetectOptions, Face, FaceWithoutMesh, FindError, FoundFaces, MaskUnknown,
        NoMesh, TransparentFace,
    };
    pub use crate::stages::align::{AlignError, AlignedFace};
    pub use crate::stages::attribute::MaskState;
    pub use crate::stages::embed::{EmbedError, Embedding};
    pub use crate::stages::mesh::FaceMesh;
}

/// How good a face is for recognition, and which rules refuse it.
pub mod quality {
    pub use crate::stages::quality::{
        Completeness, Component, EyesOpen, Flaw, MaskSeen, Measured, QualityRefused, QualityReport,
        QualityRules, RulesError, outlines,
    };
}

/// Whether a face is alive: by colour, infrared or depth frames, and over several frames of a track.
pub mod liveness {
    pub use crate::stages::liveness::{
        Assessment, Check, Evidence, Liveness, Modality, NetworkMissing, NoNumber, Reason, Reasons,
        Rules, RulesError,
    };

    /// By colour frames alone: the convenience tier.
    pub mod colour {
        pub use crate::stages::liveness::colour::{
            ColourAssessment, ColourLiveness, ColourMeasures, ColourRules,
        };
    }

    /// By near-infrared frames, beside a colour frame.
    pub mod infrared {
        pub use crate::stages::liveness::infrared::{
            InInfrared, InfraredAssessment, InfraredFace, InfraredFrames, InfraredLiveness,
            InfraredMeasures, InfraredPairError, InfraredRules, ReflectedLight,
        };
    }

    /// By depth frames of structured light.
    pub mod depth {
        pub use crate::stages::liveness::depth::{
            DepthAssessment, DepthFace, DepthLiveness, DepthMeasures, DepthRules, SensorClass,
            Subjects,
        };
    }

    /// One answer from several frames of a track.
    pub mod decision {
        pub use crate::stages::liveness::decision::{
            Decided, DecisionError, DecisionRules, FrameLiveness, LivenessDecision, TrackDecisions,
        };
    }
}

/// Model packs: their calibration, their scores, and why one is refused.
pub mod pack {
    pub use crate::model::{
        CURVE_FORMAT, CalibratedScore, Curve, CurveSource, PackError, PackKey, PackKeyRefused,
        Score, SignatureFault, Verification,
    };
    pub use crate::sdk::{CalibrationMissing, MaskUncalibrated};
    pub use vultus_nn::cpu::{CPU_VARIABLE, CpuPath, CpuPathRefused};
    pub use vultus_nn::{NetworkError, Threads, ThreadsRefused};
}

/// Comparing embeddings: what a comparison says, and why one is refused.
pub mod comparison {
    pub use crate::matching::{Comparison, DISTINGUISHABLE_DB, Margin, MatchError};
}

/// The stages behind a session, for the tool, tests and benches of this repository alone: they ask for no licence. Not
/// part of the interface; changes at will.
#[cfg(feature = "internals")]
#[doc(hidden)]
pub mod internals {
    /// Runs the stages.
    pub mod engine {
        pub use crate::engine::*;
    }
    /// One to one, one to many.
    pub mod matching {
        pub use crate::matching::*;
    }
    /// Packs.
    pub mod model {
        pub use crate::model::*;
    }
    /// The stages.
    pub mod stages {
        pub use crate::stages::*;
    }
}

/// The README's Rust example compiles.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
