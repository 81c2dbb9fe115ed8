//! Photographs, and SDKs that are open.

use crate::repository::{fixture, lite_folder};
use std::fs;
use std::path::Path;
use std::sync::{Arc, OnceLock};
use vultus::frame::Photo;
use vultus::licensing::licence::{Licence, LivenessKinds, Tier};
use vultus::licensing::testkit;
use vultus::licensing::testkit::{ISSUED_AT, TestClock};
use vultus::{Config, Sdk};

/// A committed photograph, decoded.
pub fn photo(name: &str) -> Photo {
    Photo::decode(&fs::read(fixture(name)).unwrap()).unwrap()
}

/// The committed pack, opened once.
pub fn lite() -> &'static Sdk {
    static SDK: OnceLock<Sdk> = OnceLock::new();
    SDK.get_or_init(|| open(&lite_folder()).unwrap())
}

/// Opens a pack with everything licensed.
pub fn open(pack: &Path) -> vultus::error::Result<Sdk> {
    Sdk::open(&Config::new(pack), testkit::grant(Tier::Recognise))
}

/// Opens a pack by a licence for these kinds of liveness: of the tier liveness, which carries one kind, or of the tier
/// recognise for several.
pub fn licensed(pack: &Path, liveness: LivenessKinds) -> Sdk {
    let licence = Licence {
        tier: match liveness.count() {
            1 => Tier::Liveness,
            _ => Tier::Recognise,
        },
        liveness,
        ..testkit::licence()
    };
    let clock = Arc::new(TestClock::at(ISSUED_AT));
    Sdk::open(&Config::new(pack), testkit::grant_of(&licence, &clock)).unwrap()
}
