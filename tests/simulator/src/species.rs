//! What can be presented to a camera.

/// What is presented.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum Species {
    /// A living adult.
    Live,
    /// A living child of about seven.
    Child,
    /// A flat print.
    Flat,
    /// A print bent around an upright axis.
    CurvedUpright,
    /// A print bent around an axis across.
    CurvedAcross,
    /// A print folded once, mostly along the nose.
    Folded,
    /// A crumpled print, smoothed out.
    Crumpled,
    /// A crumpled print, bent.
    BentCrumpled,
    /// A print worn as a mask, the eyes cut out.
    CutEyes,
    /// The same with the nose cut out too.
    CutEyesNose,
    /// A telephone's screen.
    Phone,
    /// A tablet's screen.
    Tablet,
    /// A monitor.
    Monitor,
    /// A print with dye on plain paper, flat or bent.
    Inkjet,
    /// A print with toner, flat or bent.
    Laser,
    /// A print on photographic paper, flat or bent.
    PhotoPaper,
    /// A print on vinyl, flat or bent.
    Vinyl,
    /// A print of an infrared picture, the light of a face baked in, flat or bent.
    NirReprint,
    /// A hood of printed cloth.
    Fabric,
    /// A rigid mask of a face.
    RigidMask,
}

impl Species {
    /// Every attack.
    pub const ATTACKS: [Self; 18] = [
        Self::Flat,
        Self::CurvedUpright,
        Self::CurvedAcross,
        Self::Folded,
        Self::Crumpled,
        Self::BentCrumpled,
        Self::CutEyes,
        Self::CutEyesNose,
        Self::Phone,
        Self::Tablet,
        Self::Monitor,
        Self::Inkjet,
        Self::Laser,
        Self::PhotoPaper,
        Self::Vinyl,
        Self::NirReprint,
        Self::Fabric,
        Self::RigidMask,
    ];

    /// Its name in files and reports.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Live => "live",
            Self::Child => "child",
            Self::Flat => "flat",
            Self::CurvedUpright => "curved-upright",
            Self::CurvedAcross => "curved-across",
            Self::Folded => "folded",
            Self::Crumpled => "crumpled",
            Self::BentCrumpled => "bent-crumpled",
            Self::CutEyes => "cut-eyes",
            Self::CutEyesNose => "cut-eyes-nose",
            Self::Phone => "phone",
            Self::Tablet => "tablet",
            Self::Monitor => "monitor",
            Self::Inkjet => "inkjet",
            Self::Laser => "laser",
            Self::PhotoPaper => "photo-paper",
            Self::Vinyl => "vinyl",
            Self::NirReprint => "nir-reprint",
            Self::Fabric => "fabric",
            Self::RigidMask => "rigid-mask",
        }
    }

    /// Whether it is a living person.
    #[must_use]
    pub const fn is_live(self) -> bool {
        matches!(self, Self::Live | Self::Child)
    }

    /// Whether it is a printed sheet, held or worn.
    #[must_use]
    pub const fn is_paper(self) -> bool {
        !matches!(
            self,
            Self::Live
                | Self::Child
                | Self::Phone
                | Self::Tablet
                | Self::Monitor
                | Self::Fabric
                | Self::RigidMask
        )
    }

    /// Whether it is a sheet between two hands, which bend it.
    #[must_use]
    pub const fn is_held_sheet(self) -> bool {
        self.is_paper() && !matches!(self, Self::CutEyes | Self::CutEyesNose)
    }
}
