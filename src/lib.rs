//! Vultus: an offline face SDK for doors and cameras.
//!
//! ```no_run
//! use vultus::config::TargetFmr;
//! use vultus::frame::Photo;
//! use vultus::licensing::device::Device;
//! use vultus::pipeline::DetectOptions;
//! use vultus::sdk::{Config, Sdk};
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
//! let comparison = sdk.compare(&a, &b, TargetFmr::new(1e-5)?)?;
//! println!("score {} match {}", comparison.score, comparison.is_match);
//! # Ok(())
//! # }
//! ```
//!
//! Modules depend on each other in one direction only, from [`error`], [`cpu`], [`geom`] and
//! [`config`] at the bottom to [`sdk`] at the top; `docs/architecture.md` draws the house.

pub mod align;
pub mod attribute;
pub mod config;
pub mod cpu;
pub mod detect;
pub mod embed;
pub mod error;
pub mod frame;
pub mod gallery;
pub mod geom;
pub mod liveness;
pub mod matching;
pub mod mesh;
pub mod model;
pub mod nn;
pub mod pipeline;
pub mod pose;
pub mod quality;
pub mod sdk;

/// The crate `vultus-licensing`: from a licence file to the grant that [`sdk::Sdk::open`] asks for.
pub use vultus_licensing as licensing;

/// The README's Rust example compiles.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
