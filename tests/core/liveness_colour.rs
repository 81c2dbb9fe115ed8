//! Liveness in colour pictures: what opens it.

use vultus::DetectOptions;
use vultus::error::{Error, Status};
use vultus::licensing::licence::{LivenessKinds, Tier};
use vultus::licensing::testkit;
use vultus::{Config, Sdk};
use vultus_testkit::{licensed, lite_folder, photo};

const PICTURE: &str = "people/barack_obama/portrait.jpg";

const MONOCULAR: LivenessKinds = LivenessKinds {
    monocular: true,
    ..LivenessKinds::NONE
};

fn refused(sdk: &Sdk) -> Error {
    let photo = photo(PICTURE);
    let mut session = sdk.session().unwrap();
    let options = DetectOptions::default();
    let face = session.largest_face(&photo.frame(), &options).unwrap();
    let judge = sdk.liveness_colour();
    let judged = judge.and_then(|judge| session.liveness_colour(&judge, &photo.frame(), &face));
    judged.unwrap_err()
}

#[test]
fn lite_has_no_networks_for_it_and_says_so() {
    let sdk = licensed(&lite_folder(), MONOCULAR);
    let error = refused(&sdk);
    assert_eq!(error.status(), Status::FeatureNotAvailable);
    assert!(error.to_string().contains("liveness_colour"), "{error}");
}

/// The licence is looked at before the pack is.
#[test]
fn a_licence_without_monocular_liveness_does_not_open_it() {
    let lite = lite_folder();
    let infrared = LivenessKinds {
        infrared: true,
        ..LivenessKinds::NONE
    };
    let detection = Sdk::open(&Config::new(&lite), testkit::grant(Tier::Detect)).unwrap();
    for sdk in [detection, licensed(&lite, infrared)] {
        let error = refused(&sdk);
        assert_eq!(error.status(), Status::NotEntitled);
        assert!(error.to_string().contains("live-monocular"), "{error}");
    }
}
