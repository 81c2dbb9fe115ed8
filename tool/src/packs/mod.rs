//! Writes model packs: folders that are whole at every moment.

mod curve;
mod folder;
mod manifest;
mod signer;
mod whole;

#[cfg(feature = "onnx")]
pub(crate) use curve::CURVE_FILE;
pub(crate) use curve::install_curve;
#[cfg(feature = "onnx")]
pub(crate) use folder::extend;
pub(crate) use folder::{PackFile, check_vacant, create, manifest};
pub(crate) use manifest::{golden, plan, replaced};
pub(crate) use signer::Signer;
