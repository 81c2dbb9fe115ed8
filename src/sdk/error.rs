use crate::error::{Coded, Status};
use std::fmt;

/// The pack has no calibration curve, so there are no scores and no decisions.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct CalibrationMissing {
    /// `id@version` of the pack.
    pub model_id: String,
}

impl fmt::Display for CalibrationMissing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "pack {} has no calibration curve; run `vultus calibrate`",
            self.model_id
        )
    }
}

impl std::error::Error for CalibrationMissing {}

impl Coded for CalibrationMissing {
    fn status(&self) -> Status {
        Status::CalibrationMissing
    }
}

/// The pack has no curve for comparisons in which a face wears a mask.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct MaskUncalibrated;

impl fmt::Display for MaskUncalibrated {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the pack has no curve for faces with masks (masked_calibration)")
    }
}

impl std::error::Error for MaskUncalibrated {}

impl Coded for MaskUncalibrated {
    fn status(&self) -> Status {
        Status::CalibrationMissing
    }
}
