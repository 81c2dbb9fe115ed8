//! Liveness by depth and by infrared through a session: what opens it, and that the session says what the stages say.

use std::fs;
use vultus::error::{Error, Status};
use vultus::internals::model::Role;
use vultus::internals::stages::liveness::{Judge, Scratch};
use vultus::licensing::licence::LivenessKinds;
use vultus::liveness::depth::{DepthFace, DepthLiveness, DepthRules, SensorClass};
use vultus::liveness::infrared::InfraredLiveness;
use vultus::liveness::{Check, Liveness, Reason, Reasons};
use vultus::{Config, Sdk};
use vultus_simulator::Species;
use vultus_testkit::simulated::TIME_US;
use vultus_testkit::simulated::depth::{Shot, geometry};
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
    let judge = depth.liveness_depth(SensorClass::A).unwrap();
    let by_depth = |sdk: &Sdk| {
        let mut session = sdk.session().unwrap();
        session.liveness_depth(&judge, &shot.frame(), &shot.face)
    };
    assert!(by_depth(&depth).is_ok());
    let word = "live-structured-light";
    refused(&by_depth(&infrared).unwrap_err(), Status::NotEntitled, word);
    let error = infrared.liveness_depth(SensorClass::A).err().unwrap();
    refused(&error, Status::NotEntitled, word);

    let nir = NirShot::draw(Species::Live, FROM);
    let judge = infrared.liveness_infrared().unwrap();
    let by_infrared = |sdk: &Sdk| {
        let mut session = sdk.session().unwrap();
        session.liveness_infrared(&judge, &nir.colour(), &nir.pair(), &nir.face)
    };
    assert!(by_infrared(&infrared).is_ok());
    let word = "live-infrared";
    refused(&by_infrared(&depth).unwrap_err(), Status::NotEntitled, word);
    let error = depth.liveness_infrared().err().unwrap();
    refused(&error, Status::NotEntitled, word);
}

#[test]
fn a_session_says_of_depth_what_both_stages_say() {
    let sdk = licensed(&lite_folder(), STRUCTURED_LIGHT);
    let mut scratch = Scratch::default();
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
        let judge = DepthLiveness::new(class, sdk.pack().with_role(Role::LivenessDepth)).unwrap();
        let first = shot.assess(&geometry(class));
        let said = session
            .liveness_depth(&judge, &shot.frame(), &shot.face)
            .unwrap();
        let both = judge.assess(&mut scratch, &shot.frame(), &shot.face);
        assert_eq!(said, both.unwrap());
        // The second stage is asked of what the first accepts, and may only refuse it.
        assert_eq!(!said.networks.is_empty(), first.verdict.is_live());
        let network_refuses = Liveness::Spoof(Reasons::default().with(Reason::DepthLook));
        if said.verdict == first.verdict {
            assert_eq!(
                said.evidence.contains(Check::DepthLook),
                first.verdict.is_live()
            );
        } else {
            assert!(first.verdict.is_live() && said.verdict == network_refuses);
            assert_eq!(said.evidence, first.evidence);
            refused += 1;
        }
        asked += usize::from(!said.networks.is_empty());
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
    vultus_testkit::sign_pack(copy.path());
    let grant = licensed(&lite_folder(), STRUCTURED_LIGHT).grant().clone();
    let sdk = Sdk::open(&Config::new(copy.path()), grant).unwrap();
    assert!(sdk.pack().with_role(Role::LivenessDepth).next().is_none());
    let mut session = sdk.session().unwrap();
    let judge = sdk.liveness_depth(SensorClass::A).unwrap();
    let shots = (0..20).map(|i| Shot::draw(Species::Live, SensorClass::A, 500.0, FROM + 200 + i));
    let mut said = shots.map(|shot| {
        let said = session.liveness_depth(&judge, &shot.frame(), &shot.face);
        (said.unwrap(), shot.assess(&judge))
    });
    let (said, first) = said.find(|(said, _)| said.verdict.is_live()).unwrap();
    assert_eq!(said, first);
    assert!(said.networks.is_empty() && !said.evidence.contains(Check::DepthLook));
}

#[test]
fn a_session_says_of_infrared_what_the_stage_says() {
    let sdk = licensed(&lite_folder(), INFRARED);
    let judge = sdk.liveness_infrared().unwrap();
    let alone = InfraredLiveness::new((), sdk.pack().with_role(Role::LivenessInfrared)).unwrap();
    let mut scratch = Scratch::default();
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
            let expected = alone.assess(&mut scratch, (&shot.colour(), &frames), &shot.face);
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
    let judge = sdk.liveness_depth(SensorClass::A).unwrap();
    let error = session.liveness_depth(&judge, &shot.frame(), &late);
    refused(&error.unwrap_err(), Status::FrameUnsynced, "51.0 ms");
}

/// Judges of two packs take turns in one session: each is answered by its own network.
#[test]
fn a_session_serves_judges_of_several_packs() {
    let copy = vultus_testkit::copy_of_lite();
    let kinds = LivenessKinds {
        infrared: true,
        ..STRUCTURED_LIGHT
    };
    let sdks = [&lite_folder(), copy.path()].map(|pack| licensed(pack, kinds));
    let mut session = sdks[0].session().unwrap();
    let (depth, nir) = (
        Shot::draw(Species::Live, SensorClass::A, 500.0, FROM),
        NirShot::draw(Species::Live, FROM),
    );
    let mut said = Vec::new();
    for sdk in sdks.iter().cycle().take(4) {
        let judge = sdk.liveness_depth(SensorClass::A).unwrap();
        let by_depth = session.liveness_depth(&judge, &depth.frame(), &depth.face);
        let judge = sdk.liveness_infrared().unwrap();
        let by_infrared = session.liveness_infrared(&judge, &nir.colour(), &nir.pair(), &nir.face);
        said.push((by_depth.unwrap(), by_infrared.unwrap()));
    }
    assert!(said.iter().all(|answers| *answers == said[0]));
}

/// The shipped thresholds mean nothing for another network: nothing is judged until it has its own.
#[test]
fn another_network_is_judged_by_its_own_rules_alone() {
    let network = "3330ef5f74b71a0d65c9f3e8e3df0b4b8374044a2c3daf3f3482e41b407a58ac";
    let other = "0".repeat(64);
    let pack = vultus_testkit::lite_with_manifest(|text| text.replace(network, &other));
    let sdk = licensed(pack.path(), STRUCTURED_LIGHT);
    let shot = Shot::draw(Species::Live, SensorClass::A, 500.0, FROM);
    let mut session = sdk.session().unwrap();
    let judge = sdk.liveness_depth(SensorClass::A).unwrap();
    assert!(judge.check_rules().is_err());
    let error = session.liveness_depth(&judge, &shot.frame(), &shot.face);
    refused(&error.unwrap_err(), Status::LivenessRulesInvalid, &other);
    let shipped = include_str!("../../models/liveness/depth.toml");
    let rules = DepthRules::parse(shipped).unwrap();
    assert!(judge.clone().with_rules(rules).is_err());
    let rules = DepthRules::parse(&shipped.replace(network, &other)).unwrap();
    let judge = judge.with_rules(rules).unwrap();
    assert!(judge.check_rules().is_ok());
    let said = session.liveness_depth(&judge, &shot.frame(), &shot.face);
    assert!(said.is_ok());
}
