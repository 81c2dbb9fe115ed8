//! The answer, why, and what it rests on.

use std::fmt;

/// Whether a face is alive.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Liveness {
    /// Every check was made and passed.
    Live,
    /// At least one check speaks against a living face.
    Spoof(Reasons),
    /// It cannot be said: the conditions are outside those in which the checks hold. Neither opens a
    /// door nor accuses anybody.
    Inconclusive(Reasons),
}

impl Liveness {
    /// Whether every check passed.
    #[must_use]
    pub fn is_live(self) -> bool {
        self == Self::Live
    }
}

macro_rules! named_bits {
    ($(#[$enum_doc:meta])* $item:ident, $(#[$set_doc:meta])* $set:ident:
        $($(#[$doc:meta])* $name:ident = $bit:literal, $text:literal;)+) => {
        $(#[$enum_doc])*
        #[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
        #[non_exhaustive]
        #[repr(u32)]
        pub enum $item {
            $($(#[$doc])* $name = 1 << $bit,)+
        }

        impl $item {
            /// All, in the order of their bits.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// Its name in reports and JSON.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$name => $text,)+ }
            }
        }

        $(#[$set_doc])*
        #[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
        pub struct $set(u32);

        impl $set {
            /// Adds one.
            pub fn insert(&mut self, item: $item) {
                self.0 |= item as u32;
            }

            /// With one more.
            #[must_use]
            pub const fn with(self, item: $item) -> Self {
                Self(self.0 | item as u32)
            }

            /// Whether one is there.
            #[must_use]
            pub const fn contains(self, item: $item) -> bool {
                self.0 & item as u32 != 0
            }

            /// What is in either.
            #[must_use]
            pub const fn union(self, other: Self) -> Self {
                Self(self.0 | other.0)
            }

            /// What is in both.
            #[must_use]
            pub const fn intersection(self, other: Self) -> Self {
                Self(self.0 & other.0)
            }

            /// Whether none is there.
            #[must_use]
            pub const fn is_empty(self) -> bool {
                self.0 == 0
            }

            /// The bits, which keep their meaning from version to version.
            #[must_use]
            pub const fn bits(self) -> u32 {
                self.0
            }

            /// Those that are there, in the order of their bits.
            pub fn iter(self) -> impl Iterator<Item = $item> {
                $item::ALL.iter().copied().filter(move |item| self.contains(*item))
            }
        }

        impl fmt::Display for $set {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                for (i, item) in self.iter().enumerate() {
                    let comma = if i == 0 { "" } else { ", " };
                    write!(f, "{comma}{}", item.name())?;
                }
                Ok(())
            }
        }
    };
}

named_bits! {
    /// Why a face is called a spoof, or cannot be judged.
    Reason,
    /// A set of [`Reason`]s.
    Reasons:
    /// The depth frame measured nothing at all in the face.
    NoDepth = 0, "no_depth";
    /// Too little of the face was measured.
    FewValidPixels = 1, "few_valid_pixels";
    /// The face is nearer than the sensor can be trusted.
    TooNear = 2, "too_near";
    /// The face is further away than the sensor can be trusted.
    TooFar = 3, "too_far";
    /// The face has too few pixels.
    FaceTooSmall = 4, "face_too_small";
    /// Part of the face is outside the frame.
    FaceCutOff = 5, "face_cut_off";
    /// The landmarks do not form a face.
    LandmarksImplausible = 6, "landmarks_implausible";
    /// Nothing was measured at a landmark.
    LandmarksUnmeasured = 7, "landmarks_unmeasured";
    /// Samples are those of DEPTH16 although the frame says Z16.
    LooksLikeDepth16 = 8, "looks_like_depth16";
    /// The infrared frame was not lit by the sensor's own light, or nobody says so.
    EmitterNotOn = 9, "emitter_not_on";
    /// The infrared frame is dark, or the face in it returns less light than its noise allows to judge.
    Underexposed = 10, "underexposed";
    /// Too much of the infrared frame, or of the face in it, is saturated.
    Overexposed = 11, "overexposed";
    /// The room's light is too strong beside the sensor's own.
    AmbientTooStrong = 12, "ambient_too_strong";
    /// The face that was found in infrared is not where the colour frame's face should be, or of another
    /// form: the frames show other moments, or one of them is mirrored.
    FramesDisagree = 13, "frames_disagree";
    /// The face is turned too far away.
    TurnedAway = 14, "turned_away";
    /// Parts of the face are brighter without the sensor's light than with it: something moved, or the exposure changed.
    UnlitBrighter = 15, "unlit_brighter";
    /// The eyes are nearer together or further apart than people's: a print or screen of another size,
    /// or a wrong unit.
    FaceSize = 16, "face_size";
    /// The nose is flatter than people's.
    NoseTooFlat = 17, "nose_too_flat";
    /// The nose is higher than people's.
    NoseTooHigh = 18, "nose_too_high";
    /// The relief is not that of a face.
    Relief = 19, "relief";
    /// The colour frame shows a face, the infrared frame none: a screen, or ink that infrared does not see.
    NoFaceInInfrared = 20, "no_face_in_infrared";
    /// The face returns more or less of the sensor's light than skin at its distance.
    Reflectance = 21, "reflectance";
    /// The network of infrared calls it an artefact.
    InfraredLook = 22, "infrared_look";
    /// The network of depth calls it an artefact.
    DepthLook = 23, "depth_look";
    /// The picture is too blurred to tell a face from a picture of one.
    Blurred = 26, "blurred";
    /// The face is too dark or too bright.
    BadlyLit = 27, "badly_lit";
    /// The face has too little contrast.
    LowContrast = 28, "low_contrast";
    /// The picture has no colours: it is of an infrared camera, or of a grey one.
    NoColour = 29, "no_colour";
    /// The networks see a picture of a face.
    Recapture = 30, "recapture";
    /// Too few frames agree.
    TooFewFrames = 31, "too_few_frames";
}

named_bits! {
    /// A check that was made and passed.
    Check,
    /// A set of [`Check`]s: what a verdict rests on.
    Evidence:
    /// Enough of the face was measured, within the sensor's range.
    DepthMeasured = 0, "depth_measured";
    /// Eyes as far apart as people's, in millimetres.
    FaceSize = 1, "face_size";
    /// A nose as high as people's, in millimetres.
    NoseHeight = 2, "nose_height";
    /// The relief of a face, by the model of its measures.
    Relief = 3, "relief";
    /// The infrared frames are lit and exposed so that a face can be judged.
    InfraredExposed = 4, "infrared_exposed";
    /// The face was found in infrared too, where it should be.
    FaceInInfrared = 5, "face_in_infrared";
    /// The face returns as much of the sensor's light as skin at its distance.
    Reflectance = 6, "reflectance";
    /// The network of infrared calls it a living face.
    InfraredLook = 7, "infrared_look";
    /// Size, place, light and sharpness within those in which the networks hold.
    CaptureConditions = 8, "capture_conditions";
    /// The networks see a face and no picture of one.
    NoRecapture = 9, "no_recapture";
    /// Several frames agree.
    SeveralFrames = 10, "several_frames";
    /// The network of depth calls it a living face.
    DepthLook = 11, "depth_look";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bits_are_distinct_and_names_too() {
        let mut bits: Vec<u32> = Reason::ALL.iter().map(|r| *r as u32).collect();
        bits.dedup();
        assert!(bits.is_sorted() && bits.len() == Reason::ALL.len());
        let mut names: Vec<&str> = Reason::ALL.iter().map(|r| r.name()).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), Reason::ALL.len());
    }

    #[test]
    fn a_set_knows_what_is_in_it() {
        let set = Reasons::default()
            .with(Reason::TooFar)
            .with(Reason::NoDepth);
        assert!(set.contains(Reason::TooFar) && !set.contains(Reason::TooNear));
        assert_eq!(set.to_string(), "no_depth, too_far");
        assert_eq!(set.bits(), 0b1001);
        assert!(Reasons::default().is_empty() && !set.is_empty());
        assert!(Liveness::Live.is_live() && !Liveness::Spoof(set).is_live());
    }
}
