use super::blazeface::BlazeFace;
use super::decode::Decode;
use super::detection::Detection;
use super::scrfd::Scrfd;
use super::suppress::suppress;
use super::yunet::YuNet;
use crate::frame::{Frame, Letterbox, LetterboxScratch};
use crate::model::{DecodeKind, DecodeSpec, PackError, PackNetwork};
use std::fmt;
use vultus_nn::{NetworkError, Runner};

/// A detector network of a pack.
pub struct Detector {
    network: PackNetwork,
    decoder: Box<dyn Decode>,
    min_face_px: Option<f32>,
}

impl Detector {
    /// Checks that the network's outputs have the shapes that its decoder reads.
    ///
    /// # Errors
    /// [`PackError::Manifest`] naming the network and the shape.
    pub fn new(network: &PackNetwork) -> Result<Self, PackError> {
        let spec = network.spec();
        let invalid =
            |cause: String| PackError::manifest(format!("network {}: {cause}", spec.name));
        let decode: &DecodeSpec = spec
            .decode
            .as_ref()
            .ok_or_else(|| invalid("it has no [network.decode]".to_owned()))?;
        let side = spec.input.side();
        let outputs: Vec<&[usize]> = spec.outputs.iter().map(|o| o.shape.as_slice()).collect();
        let decoder: Box<dyn Decode> = match decode.kind {
            DecodeKind::Blazeface => {
                Box::new(BlazeFace::new(decode, side, &outputs).map_err(invalid)?)
            }
            DecodeKind::Yunet => Box::new(YuNet::new(decode, side, &outputs).map_err(invalid)?),
            DecodeKind::Scrfd => Box::new(Scrfd::new(decode, side, &outputs).map_err(invalid)?),
        };
        Ok(Self {
            network: network.clone(),
            decoder,
            min_face_px: decode.min_face_px,
        })
    }

    /// Working memory for one thread.
    ///
    /// # Errors
    /// [`PackError`] when the network cannot be read or the engine refuses it.
    pub fn runner(&self) -> Result<Box<dyn Runner>, PackError> {
        self.network.runner()
    }

    /// Pixels of the network's input.
    #[must_use]
    pub fn input_area(&self) -> u64 {
        let (width, height) = self.network.spec().input.side();
        u64::from(width) * u64::from(height)
    }

    /// Whether a face of `face_px` in an upright picture of this size is still as large in the
    /// network's input as the manifest asks for.
    #[must_use]
    pub fn suffices(&self, upright: (u32, u32), face_px: u32) -> bool {
        let (width, height) = self.network.spec().input.side();
        let shrink = f32::max(
            upright.0 as f32 / width as f32,
            upright.1 as f32 / height as f32,
        );
        self.min_face_px
            .is_some_and(|least| face_px as f32 / shrink >= least)
    }

    /// Faces of the frame, best first.
    ///
    /// # Errors
    /// [`NetworkError`] when the engine fails.
    pub fn detect(
        &self,
        runner: &mut dyn Runner,
        scratch: &mut LetterboxScratch,
        frame: &Frame<'_>,
    ) -> Result<Vec<Detection>, NetworkError> {
        let (width, height) = self.network.spec().input.side();
        let (canvas, letterbox): (_, Letterbox) = scratch.fit(frame, width, height);
        self.network.input().fill(canvas, runner.input_mut());
        runner.run()?;
        let mut found = self.decoder.decode(runner);
        found.retain(Detection::is_valid);
        let kept = suppress(found, self.decoder.blends()).into_iter();
        Ok(kept
            .map(|face| face.map(|p| letterbox.to_stored(p)))
            .filter(Detection::is_valid)
            .collect())
    }
}

impl fmt::Debug for Detector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Detector")
            .field("network", &self.network)
            .finish_non_exhaustive()
    }
}
