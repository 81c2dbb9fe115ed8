use crate::geom::Pose;
use serde::Deserialize;

/// Everything that is known about how good a face is for recognition.
///
/// Scales are those of the product documents: 0 to 100 points, where more is better; brightness is
/// best in the middle. `docs/quality.md` defines every value.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(not(feature = "internals"), non_exhaustive)]
pub struct QualityReport {
    /// All in one, `0..=100`: below 40 poor, 40 to 60 fair, 60 to 80 good, from 80 on excellent;
    /// enrolment asks for 70.
    pub total: f32,
    /// What was measured in the picture.
    pub measured: Measured,
    /// How the head is turned.
    pub pose: Pose,
    /// Distance of the eye centres in pixels of the frame.
    pub eye_distance_px: f32,
    /// Shorter side of the detection in pixels.
    pub face_px: f32,
    /// Whether the eyes are open.
    pub eyes: EyesOpen,
    /// The mask, where the pack has a network that sees masks.
    pub mask: Option<MaskSeen>,
    /// The pack's learned quality, `0..=100`, where it has such a network.
    pub learned: Option<f32>,
}

/// What was measured in the pixels of the face.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(not(feature = "internals"), non_exhaustive)]
pub struct Measured {
    /// `0..=100`; enrolment asks for 80.
    pub sharpness: f32,
    /// Standard deviation of the blur at the strongest edges, in hundredths of the eye distance.
    pub blur: f32,
    /// `0..=100`; 30 to 70 is good.
    pub brightness: f32,
    /// Share of the face that is burnt out, `0..=1`.
    pub over_exposed: f32,
    /// Share of the face that is drowned in black, `0..=1`.
    pub under_exposed: f32,
    /// Standard deviation of the noise in luma levels, `0..`.
    pub noise: f32,
    /// Steps at the borders of compression blocks in luma levels, `0..`.
    pub block_steps: f32,
    /// Share of the face's outline inside the frame, `0..=1`: less than 1 is cut off.
    pub in_frame: f32,
    /// Which parts can be seen.
    pub completeness: Completeness,
}

/// How much of each part can be seen, `0..=100`. Of a pair the worse one counts.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(not(feature = "internals"), non_exhaustive)]
pub struct Completeness {
    /// Eyebrows; below 80 counts as covered.
    pub eyebrows: f32,
    /// Eyes; below 80 counts as covered.
    pub eyes: f32,
    /// Nose; below 60 counts as covered.
    pub nose: f32,
    /// Cheeks; below 70 counts as covered.
    pub cheeks: f32,
    /// Mouth; below 50 counts as covered.
    pub mouth: f32,
    /// Chin; below 70 counts as covered.
    pub chin: f32,
}

/// How far the eyes are open.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(not(feature = "internals"), non_exhaustive)]
pub struct EyesOpen {
    /// Aperture of each eye, first the one on the left of the upright picture: mean distance of the
    /// lids over the distance of the corners, `0..`; about 0.3 is wide open.
    pub apertures: [f32; 2],
    /// Whether a network for eyes measured them; otherwise the mesh did, which hardly sees a blink.
    pub by_network: bool,
}

impl EyesOpen {
    /// Of the eye that is less open, as points `0..=100`: nothing at an aperture of 0.05, all at
    /// 0.20. An open eye has 0.25 to 0.35; Soukupová and Čech (CVWW 2016) call 0.2 the border.
    #[must_use]
    pub fn points(&self) -> f32 {
        let least = self.apertures[0].min(self.apertures[1]);
        ((least - 0.05) / 0.15 * 100.0).clamp(0.0, 100.0)
    }
}

/// What a mask network saw.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(not(feature = "internals"), non_exhaustive)]
pub struct MaskSeen {
    /// Whether a mask is worn.
    pub worn: bool,
    /// How sure, `0..=1`: the share of the mask's score; 0.5 is undecided.
    pub probability: f32,
}

/// What a rule or a plot can ask a report for.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, PartialEq)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Component {
    /// All in one, `0..=100`.
    Total,
    /// Learned quality, `0..=100`.
    Learned,
    /// Sharpness, `0..=100`.
    Sharpness,
    /// Brightness, `0..=100`; good in the middle.
    Brightness,
    /// Over-exposed share in percent, `0..=100`.
    OverExposed,
    /// Under-exposed share in percent, `0..=100`.
    UnderExposed,
    /// Noise in luma levels.
    Noise,
    /// Steps of compression blocks in luma levels.
    BlockSteps,
    /// Share of the face in the frame in percent, `0..=100`.
    InFrame,
    /// Visible share of the eyebrows, `0..=100`.
    Eyebrows,
    /// Visible share of the eyes, `0..=100`.
    Eyes,
    /// Visible share of the nose, `0..=100`.
    Nose,
    /// Visible share of the cheeks, `0..=100`.
    Cheeks,
    /// Visible share of the mouth, `0..=100`.
    Mouth,
    /// Visible share of the chin, `0..=100`.
    Chin,
    /// Angle between the face's direction and the camera's axis in degrees, `0..=180`.
    OffAxis,
    /// How open the eyes are, `0..=100`.
    EyesOpen,
    /// Distance of the eyes in pixels.
    EyeDistance,
}

impl Component {
    /// Every component, in the order of reports.
    pub const ALL: [Self; 18] = [
        Self::Total,
        Self::Learned,
        Self::Sharpness,
        Self::Brightness,
        Self::OverExposed,
        Self::UnderExposed,
        Self::Noise,
        Self::BlockSteps,
        Self::InFrame,
        Self::Eyebrows,
        Self::Eyes,
        Self::Nose,
        Self::Cheeks,
        Self::Mouth,
        Self::Chin,
        Self::OffAxis,
        Self::EyesOpen,
        Self::EyeDistance,
    ];

    /// The name in rules, JSON and plots.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Total => "total",
            Self::Learned => "learned",
            Self::Sharpness => "sharpness",
            Self::Brightness => "brightness",
            Self::OverExposed => "over_exposed",
            Self::UnderExposed => "under_exposed",
            Self::Noise => "noise",
            Self::BlockSteps => "block_steps",
            Self::InFrame => "in_frame",
            Self::Eyebrows => "eyebrows",
            Self::Eyes => "eyes",
            Self::Nose => "nose",
            Self::Cheeks => "cheeks",
            Self::Mouth => "mouth",
            Self::Chin => "chin",
            Self::OffAxis => "off_axis",
            Self::EyesOpen => "eyes_open",
            Self::EyeDistance => "eye_distance",
        }
    }

    /// Its value in a report; `None` where the pack has no network for it.
    #[must_use]
    pub fn value(self, report: &QualityReport) -> Option<f32> {
        let measured = &report.measured;
        let parts = &measured.completeness;
        Some(match self {
            Self::Total => report.total,
            Self::Learned => return report.learned,
            Self::Sharpness => measured.sharpness,
            Self::Brightness => measured.brightness,
            Self::OverExposed => measured.over_exposed * 100.0,
            Self::UnderExposed => measured.under_exposed * 100.0,
            Self::Noise => measured.noise,
            Self::BlockSteps => measured.block_steps,
            Self::InFrame => measured.in_frame * 100.0,
            Self::Eyebrows => parts.eyebrows,
            Self::Eyes => parts.eyes,
            Self::Nose => parts.nose,
            Self::Cheeks => parts.cheeks,
            Self::Mouth => parts.mouth,
            Self::Chin => parts.chin,
            Self::OffAxis => report.pose.off_axis(),
            Self::EyesOpen => report.eyes.points(),
            Self::EyeDistance => report.eye_distance_px,
        })
    }

    /// The value turned so that more is better, for ranking faces: what is bad when large is
    /// negated, brightness is its distance from the middle of its range.
    #[must_use]
    pub fn goodness(self, report: &QualityReport) -> Option<f32> {
        let value = self.value(report)?;
        Some(match self {
            Self::Brightness => -(value - 50.0).abs(),
            Self::OverExposed
            | Self::UnderExposed
            | Self::Noise
            | Self::BlockSteps
            | Self::OffAxis => -value,
            _ => value,
        })
    }
}
