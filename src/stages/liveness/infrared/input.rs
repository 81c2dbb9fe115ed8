//! What is judged.

use super::error::InfraredPairError;
use crate::frame::{Emitter, InfraredFrame};
use crate::geom::Landmarks5;

/// How far the frames with the lamp on and off may be apart, in microseconds.
const PAIR_SKEW_US: u64 = 40_000;

/// A frame that was lit by the sensor's lamp and, where the sensor takes one, its twin with the lamp off, which shows the
/// room's light alone.
#[derive(Clone, Copy, Debug)]
pub struct InfraredFrames<'a> {
    lit: InfraredFrame<'a>,
    unlit: Option<InfraredFrame<'a>>,
}

impl<'a> InfraredFrames<'a> {
    /// The lit frame alone: the room's light in it cannot be told from the lamp's.
    #[must_use]
    pub fn lit_alone(lit: InfraredFrame<'a>) -> Self {
        Self { lit, unlit: None }
    }

    /// Both, at most 40 ms apart, of one size, orientation and encoding.
    ///
    /// # Errors
    /// [`InfraredPairError`] naming what does not fit.
    pub fn pair(
        lit: InfraredFrame<'a>,
        unlit: InfraredFrame<'a>,
    ) -> Result<Self, InfraredPairError> {
        let emitter = unlit.layout().emitter;
        if emitter != Emitter::Off {
            return Err(InfraredPairError::UnlitFrame { emitter });
        }
        let of = |frame: &InfraredFrame<'_>| (frame.size(), frame.layout().format);
        if lit.view() != unlit.view() || of(&lit) != of(&unlit) {
            return Err(InfraredPairError::Differs {
                lit: of(&lit),
                unlit: of(&unlit),
            });
        }
        let skew_us = lit.timestamp_us().abs_diff(unlit.timestamp_us());
        if skew_us > PAIR_SKEW_US {
            return Err(InfraredPairError::Unsynced {
                skew_us,
                most_us: PAIR_SKEW_US,
            });
        }
        Ok(Self {
            lit,
            unlit: Some(unlit),
        })
    }

    /// The frame that was lit.
    #[must_use]
    pub fn lit(&self) -> &InfraredFrame<'a> {
        &self.lit
    }

    /// The frame of the room's light.
    #[must_use]
    pub fn unlit(&self) -> Option<&InfraredFrame<'a>> {
        self.unlit.as_ref()
    }
}

/// A face of the colour frame, before an infrared camera.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct InfraredFace {
    /// Its landmarks in stored pixels of the colour frame.
    pub in_colour: Landmarks5,
    /// The same in stored pixels of the infrared frame (see [`Registration`](crate::frame::Registration)).
    pub in_infrared: Landmarks5,
    /// Capture time of the colour frame in microseconds.
    pub timestamp_us: u64,
    /// What a detector found in the infrared frame itself.
    pub found: InInfrared,
}

/// What a detector found in the infrared frame.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum InInfrared {
    /// None was asked.
    NotAsked,
    /// No face, in a frame in which it would find a person's.
    NoFace,
    /// The landmarks of the face nearest to the colour frame's, in stored pixels of the infrared frame.
    Face(Landmarks5),
}
