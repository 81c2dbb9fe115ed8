//! Values that a caller sets, checked once at construction: building one from a number outside
//! its range fails and names the range. Nothing is ever clamped.

mod track;

pub use track::TrackId;

use crate::error::{Coded, Status};
use std::fmt;

/// A parameter outside its range.
#[derive(Clone, Debug, PartialEq)]
pub struct OutOfRange {
    /// The parameter's name.
    pub name: &'static str,
    /// What was passed.
    pub value: f64,
    /// The allowed range, in words.
    pub range: &'static str,
}

impl fmt::Display for OutOfRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { name, value, range } = self;
        write!(f, "{name} is {value}, allowed is {range}")
    }
}

impl std::error::Error for OutOfRange {}

impl Coded for OutOfRange {
    fn status(&self) -> Status {
        Status::InvalidParameter
    }
}

/// The false match rate (FMR) that a 1:1 decision may have, above 0 and below 1.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub struct TargetFmr(f64);

impl TargetFmr {
    /// Checks `0 < fmr < 1`.
    pub fn new(fmr: f64) -> Result<Self, OutOfRange> {
        open_unit_interval("target FMR", fmr).map(Self)
    }

    /// The rate.
    #[must_use]
    pub fn get(self) -> f64 {
        self.0
    }
}

impl Default for TargetFmr {
    /// 1e-5, which is score 60.
    fn default() -> Self {
        Self(1e-5)
    }
}

/// The false positive identification rate (FPIR) that a 1:N search may have, above 0 and below 1.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub struct TargetFpir(f64);

impl TargetFpir {
    /// Checks `0 < fpir < 1`.
    pub fn new(fpir: f64) -> Result<Self, OutOfRange> {
        open_unit_interval("target FPIR", fpir).map(Self)
    }

    /// The rate.
    #[must_use]
    pub fn get(self) -> f64 {
        self.0
    }
}

impl Default for TargetFpir {
    /// 1e-3.
    fn default() -> Self {
        Self(1e-3)
    }
}

fn open_unit_interval(name: &'static str, value: f64) -> Result<f64, OutOfRange> {
    if value > 0.0 && value < 1.0 {
        Ok(value)
    } else {
        Err(OutOfRange {
            name,
            value,
            range: "above 0 and below 1",
        })
    }
}

/// The smallest face that counts, as the shorter side of its rectangle in pixels.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub struct MinFaceSize(u32);

impl MinFaceSize {
    /// Checks `20 <= pixels <= 4000`.
    pub fn new(pixels: u32) -> Result<Self, OutOfRange> {
        if (20..=4000).contains(&pixels) {
            Ok(Self(pixels))
        } else {
            Err(OutOfRange {
                name: "minimum face size",
                value: f64::from(pixels),
                range: "20 to 4000 px",
            })
        }
    }

    /// In pixels.
    #[must_use]
    pub fn pixels(self) -> u32 {
        self.0
    }
}

impl Default for MinFaceSize {
    /// 34 px, the default of the product documents; they advise 80 px for enrolment.
    fn default() -> Self {
        Self(34)
    }
}

/// How strict the photo calls are about quality: 0, the default, takes every face; 4 only the best.
#[derive(Clone, Copy, Debug, Default, Eq, Ord, PartialEq, PartialOrd)]
pub struct QualityControl(u8);

impl QualityControl {
    /// Checks `0 <= level <= 4`.
    ///
    /// # Errors
    /// [`QualityControlIllegal`] with the level.
    pub fn new(level: u8) -> Result<Self, QualityControlIllegal> {
        if level <= 4 {
            Ok(Self(level))
        } else {
            Err(QualityControlIllegal { level })
        }
    }

    /// The level.
    #[must_use]
    pub fn level(self) -> u8 {
        self.0
    }
}

/// A level of quality control that does not exist.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct QualityControlIllegal {
    /// What was passed.
    pub level: u8,
}

impl fmt::Display for QualityControlIllegal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "quality control is {}, allowed is 0 to 4", self.level)
    }
}

impl std::error::Error for QualityControlIllegal {}

impl Coded for QualityControlIllegal {
    fn status(&self) -> Status {
        Status::QualityControlIllegal
    }
}

/// How far apart in time two frames may be that are looked at together, in milliseconds.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub struct MaxSkew(u32);

impl MaxSkew {
    /// Checks `1 <= milliseconds <= 200`: beyond that the frames show different moments.
    ///
    /// # Errors
    /// [`OutOfRange`] with the value.
    pub fn new(milliseconds: u32) -> Result<Self, OutOfRange> {
        if (1..=200).contains(&milliseconds) {
            Ok(Self(milliseconds))
        } else {
            Err(OutOfRange {
                name: "largest skew of two frames",
                value: f64::from(milliseconds),
                range: "1 to 200 ms",
            })
        }
    }

    /// In microseconds.
    #[must_use]
    pub const fn micros(self) -> u64 {
        self.0 as u64 * 1000
    }
}

impl Default for MaxSkew {
    /// 50 ms.
    fn default() -> Self {
        Self(50)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_refuse_both_ends_and_nonsense() {
        for bad in [0.0, 1.0, -1e-3, 1.5, f64::NAN, f64::INFINITY] {
            assert!(TargetFmr::new(bad).is_err(), "{bad}");
            let error = TargetFpir::new(bad).expect_err("refused");
            assert!(error.to_string().contains("above 0 and below 1"));
        }
        assert_eq!(TargetFmr::new(1e-6).map(TargetFmr::get), Ok(1e-6));
    }

    #[test]
    fn quality_control_ends_at_four() {
        assert_eq!(QualityControl::default().level(), 0);
        assert_eq!(QualityControl::new(4).map(QualityControl::level), Ok(4));
        let error = QualityControl::new(5).expect_err("refused");
        assert_eq!(error.status(), Status::QualityControlIllegal);
    }

    #[test]
    fn face_size_has_two_borders() {
        assert!(MinFaceSize::new(19).is_err());
        assert_eq!(MinFaceSize::new(20).map(MinFaceSize::pixels), Ok(20));
        assert_eq!(MinFaceSize::new(4000).map(MinFaceSize::pixels), Ok(4000));
        assert!(MinFaceSize::new(4001).is_err());
    }

    #[test]
    fn skew_has_two_borders() {
        assert!(MaxSkew::new(0).is_err());
        assert_eq!(MaxSkew::new(1).map(MaxSkew::micros), Ok(1000));
        assert_eq!(MaxSkew::new(200).map(MaxSkew::micros), Ok(200_000));
        assert!(MaxSkew::new(201).is_err());
        assert_eq!(MaxSkew::default().micros(), 50_000);
    }
}
