//! Liveness by depth and by infrared through a session: what opens it, and that the session says what the stages say.

use std::fs;
use vultus::error::{Error, Status};
use vultus::internals::model::Role;
use vultus::licensing::licence::LivenessKinds;
use vultus::liveness::depth::{DepthFace, DepthLiveness, DepthLook, SensorClass};
use vultus::liveness::infrared::InfraredLiveness;
use vultus::liveness::{Check, Liveness, Reason, Reasons};
use vultus::{Config, Sdk};
use vultus_simulator::Species;
use vultus_testkit::simulated::TIME_US;
use vultus_testkit::simulated::depth::Shot;
use vultus_testkit::simulated::infrared::NirShot;
use vultus_testkit::{licensed, lite_folder};

/// Seeds that neither training nor tuning nor the tables use.
const FROM: u64 = 4_500_000;

const STRUCTURED_LIGHT: LivenessKinds = LivenessKinds {
    structured_light: true,
    ..LivenessKinds::NONE
};

const INFRARED: LivenessKinds = LivenessKinds {
    infrared: true,
    ..LivenessKinds::NONE
};

fn refused(error: &Error, status: Status, word: &str) {
    assert_eq!(error.status(), status);
    assert!(error.to_string().contains(word), "{error}");
}

#[test]
fn each_kind_opens_with_its_own_capability_and_no_other() {
    let (depth, infrared) = (
        licensed(&lite_folder(), STRUCTURED_LIGHT),
        licensed(&lite_folder(), INFRARED),
    );
    let shot = Shot::draw(Species::Live, SensorClass::A, 500.0, FROM);
    let by_depth = |sdk: &Sdk| {
        let judge = DepthLiveness::new(SensorClass::A);
        let mut session = sdk.session().unwrap();
        session.liveness_depth(&judge, &shot.frame(), &shot.face)
    };
    assert!(by_depth(&depth).is_ok());
    let word = "live-structured-light";
    refused(&by_depth(&infrared).unwrap_err(), Status::NotEntitled, word);

    let nir = NirShot::draw(Species::Live, FROM);
    let judge = infrared.infrared_liveness().unwrap();
    let by_infrared = |sdk: &Sdk| {
        let mut session = sdk.session().unwrap();
        session.liveness_infrared(&judge, &nir.colour(), &nir.pair(), &nir.face)
    };
    assert!(by_infrared(&infrared).is_ok());
    let word = "live-infrared";
    refused(&by_infrared(&depth).unwrap_err(), Status::NotEntitled, word);
    let error = depth.infrared_liveness().err().unwrap();
    refused(&error, Status::NotEntitled, word);
}

#[test]
fn a_session_says_of_depth_what_both_stages_say() {
    let sdk = licensed(&lite_folder(), STRUCTURED_LIGHT);
    let network = sdk.pack().with_role(Role::LivenessDepth).next().unwrap();
    let look = DepthLook::new(network).unwrap();
    let mut runner = look.runner().unwrap();
    let mut session = sdk.session().unwrap();
    let (mut asked, mut refused) = (0, 0);
    for (i, species) in [Species::Live, Species::CutEyesNose, Species::Flat]
        .into_iter()
        .cycle()
        .take(24)
        .enumerate()
    {
        let class = SensorClass::ALL[i % 2];
        let shot = Shot::draw(species, class, 500.0, FROM + 100 + i as u64);
        let judge = DepthLiveness::new(class);
        let first = shot.assess(judge.clone());
        let said = session
            .liveness_depth(&judge, &shot.frame(), &shot.face)
            .unwrap();
        let both = look.assess(&mut *runner, &judge, &shot.frame(), &shot.face);
        assert_eq!(said, both.unwrap());
        // The second stage is asked of what the first accepts, and may only refuse it.
        assert_eq!(said.look.is_some(), first.verdict.is_live());
        let look_refuses = Liveness::Spoof(Reasons::default().with(Reason::DepthLook));
        if said.verdict == first.verdict {
            assert_eq!(
                said.evidence.contains(Check::DepthLook),
                first.verdict.is_live()
            );
        } else {
            assert!(first.verdict.is_live() && said.verdict == look_refuses);
            assert_eq!(said.evidence, first.evidence);
            refused += 1;
        }
        asked += usize::from(said.look.is_some());
    }
    assert!(asked >= 8 && refused >= 1, "{asked} {refused}");
}

/// Without a network of the role geometry answers alone, as it always did, and says so.
#[test]
fn a_pack_without_the_network_judges_by_geometry() {
    let copy = vultus_testkit::copy_of_lite();
    let manifest = copy.path().join("pack.toml");
    let text = fs::read_to_string(&manifest).unwrap();
    let mut kept: Vec<&str> = text.split("\n[[network]]").collect();
    kept.retain(|part| !part.contains("role = \"liveness_depth\""));
    let mut without = kept.join("\n[[network]]");
    if !without.contains("\n[calibration]") {
        let (_, calibration) = text.split_once("\n[calibration]").unwrap();
        without += &format!("\n[calibration]{calibration}");
    }
    fs::write(&manifest, without).unwrap();
    let grant = licensed(&lite_folder(), STRUCTURED_LIGHT).grant().clone();
    let sdk = Sdk::open(&Config::new(copy.path()), grant).unwrap();
    assert!(sdk.pack().with_role(Role::LivenessDepth).next().is_none());
    let mut session = sdk.session().unwrap();
    let judge = DepthLiveness::new(SensorClass::A);
    let shots = (0..20).map(|i| Shot::draw(Species::Live, SensorClass::A, 500.0, FROM + 200 + i));
    let mut said = shots.map(|shot| {
        let said = session.liveness_depth(&judge, &shot.frame(), &shot.face);
        (said.unwrap(), shot.assess(judge.clone()))
    });
    let (said, first) = said.find(|(said, _)| said.verdict.is_live()).unwrap();
    assert_eq!(said, first);
    assert!(said.look.is_none() && !said.evidence.contains(Check::DepthLook));
}

#[test]
fn a_session_says_of_infrared_what_the_stage_says() {
    let sdk = licensed(&lite_folder(), INFRARED);
    let judge = sdk.infrared_liveness().unwrap();
    let network = sdk.pack().with_role(Role::LivenessInfrared).next().unwrap();
    let alone = InfraredLiveness::new(network).unwrap();
    let mut runner = alone.runner().unwrap();
    let mut session = sdk.session().unwrap();
    for (i, species) in [Species::Live, Species::Laser, Species::Monitor]
        .into_iter()
        .cycle()
        .take(6)
        .enumerate()
    {
        let shot = NirShot::draw(species, FROM + 300 + i as u64);
        for frames in [shot.pair(), shot.lit_alone()] {
            let said = session.liveness_infrared(&judge, &shot.colour(), &frames, &shot.face);
            let expected = alone.assess(&mut *runner, &shot.colour(), &frames, &shot.face);
            assert_eq!(said.unwrap(), expected.unwrap());
        }
    }
}

#[test]
fn other_moments_are_refused_by_name() {
    let sdk = licensed(&lite_folder(), STRUCTURED_LIGHT);
    let shot = Shot::draw(Species::Live, SensorClass::A, 500.0, FROM);
    let late = DepthFace {
        timestamp_us: TIME_US + 51_000,
        ..shot.face
    };
    let mut session = sdk.session().unwrap();
    let judge = DepthLiveness::new(SensorClass::A);
    let error = session.liveness_depth(&judge, &shot.frame(), &late);
    refused(&error.unwrap_err(), Status::FrameUnsynced, "51.0 ms");
}
