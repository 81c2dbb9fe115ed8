//! From photographs to a gallery and back: enrolment, search, crops, an upgrade to another pack.

use std::fs;
use std::ops::ControlFlow;
use std::path::Path;
use vultus::DetectOptions;
use vultus::config::{QualityControl, TargetFmr};
use vultus::error::Status;
use vultus::gallery::store::{FileStorage, Secret};
use vultus::gallery::{
    Against, Enrolment, FaceMatchThreshold, FaceOutcome, Gallery, GroupId, Limits, Matcher,
    NewGroup, NewPerson, PersonId, SearchOptions, UniquePersonControl,
};
use vultus::internals::matching::cosine;
use vultus::{EnrolOptions, ImageCode, MaskState, Sdk};
use vultus_testkit::{TempDir, copy_of_lite, fixture, lite, open, photo};

const OBAMA: [&str; 2] = [
    "people/barack_obama/portrait.jpg",
    "people/barack_obama/address.jpg",
];
const BIDEN: &str = "people/joe_biden/portrait.jpg";

fn with_crop() -> EnrolOptions {
    EnrolOptions {
        keep_crop: true,
        ..EnrolOptions::default()
    }
}

fn group() -> GroupId {
    GroupId::new("staff").unwrap()
}

fn person(id: &str) -> PersonId {
    PersonId::new(id).unwrap()
}

fn bytes(name: &str) -> Vec<u8> {
    fs::read(fixture(name)).unwrap()
}

fn gallery(folder: &TempDir, sdk: &Sdk) -> Gallery {
    let storage = FileStorage::new(folder.path().join("staff.gallery"));
    let gallery =
        Gallery::create(Box::new(storage), &Secret::new([3; 32]), Limits::default()).unwrap();
    let new = NewGroup::new(group(), "staff", sdk.pack().model_id());
    gallery.edit(|edit| edit.create_group(&new)).unwrap();
    gallery
}

fn enrol(gallery: &Gallery, sdk: &Sdk, id: &str, picture: &str, unique: u8) -> Enrolment {
    let face = sdk
        .session()
        .unwrap()
        .enrol_photo(&bytes(picture), &with_crop())
        .unwrap();
    let new = NewPerson::new(person(id), id);
    let unique = UniquePersonControl::new(unique).unwrap();
    gallery
        .edit(|edit| {
            edit.create_person(
                &sdk.matcher(MaskState::BARE).unwrap(),
                &group(),
                &new,
                face,
                unique,
            )
        })
        .unwrap()
}

/// Who the faces of the probe photograph are, unknown ones left out.
fn named(gallery: &Gallery, sdk: &Sdk, matcher: &Matcher) -> Vec<String> {
    let probe = photo("probe.jpg");
    let mut session = sdk.session().unwrap();
    let probes = session
        .probes(&probe.frame(), &DetectOptions::default(), 10)
        .unwrap();
    let mut names = Vec::new();
    for (_, embedding) in probes {
        let found = gallery
            .snapshot()
            .search(
                matcher,
                &embedding,
                &[group()],
                Against::Faces,
                &SearchOptions::default(),
            )
            .unwrap();
        names.extend(found.accepted().map(|one| one.person.to_string()));
    }
    names
}

#[test]
fn people_are_enrolled_from_photographs_and_found_again() {
    let (sdk, folder) = (lite(), TempDir::new("photos"));
    let gallery = gallery(&folder, sdk);
    assert!(matches!(
        enrol(&gallery, sdk, "barack_obama", OBAMA[0], 4),
        Enrolment::Created(_)
    ));
    assert!(matches!(
        enrol(&gallery, sdk, "joe_biden", BIDEN, 4),
        Enrolment::Created(_)
    ));
    assert_eq!(
        named(&gallery, sdk, &sdk.matcher(MaskState::BARE).unwrap()),
        ["barack_obama"]
    );

    // The same man under another id is held back, and his other photograph joins him, not the other.
    let Enrolment::Similar(similar) = enrol(&gallery, sdk, "again", OBAMA[0], 4) else {
        panic!("enrolled twice");
    };
    assert_eq!(similar.person, person("barack_obama"));
    let mut session = sdk.session().unwrap();
    let face = session.enrol_photo(&bytes(OBAMA[1]), &with_crop()).unwrap();
    let add = |id: &str| {
        let threshold = FaceMatchThreshold::new(50.0).unwrap();
        let faces = vec![face.clone()];
        let matcher = sdk.matcher(MaskState::BARE).unwrap();
        gallery
            .edit(|edit| edit.add_faces(&matcher, &person(id), faces, threshold))
            .unwrap()[0]
    };
    assert!(matches!(add("joe_biden"), FaceOutcome::NotSimilar(_)));
    assert_eq!(ImageCode::from(add("joe_biden")).number(), -1604);
    assert!(matches!(add("barack_obama"), FaceOutcome::Joined(_)));
    let target = TargetFmr::new(1e-4).unwrap();
    let snapshot = gallery.snapshot();
    let verify = |id: &str| {
        let matcher = sdk.matcher(MaskState::BARE).unwrap();
        snapshot
            .verify_person(&matcher, &person(id), &face.embedding, target)
            .unwrap()
    };
    assert!(verify("barack_obama").comparison.is_match);
    assert!(!verify("joe_biden").comparison.is_match);
}

#[test]
fn a_crop_is_as_good_as_its_photograph() {
    let mut session = lite().session().unwrap();
    for picture in [OBAMA[0], OBAMA[1], BIDEN, "astronaut.png"] {
        let face = session.enrol_photo(&bytes(picture), &with_crop()).unwrap();
        let crop = face.crop.unwrap();
        assert!(crop.len() < 60_000, "{picture}: {} bytes", crop.len());
        let again = session.embed_crop(&crop).unwrap();
        let cosine = cosine(&again, &face.embedding).unwrap();
        assert!(cosine > 0.99, "{picture}: {cosine}");
    }
}

#[test]
fn each_photograph_is_refused_under_its_number() {
    let mut session = lite().session().unwrap();
    let mut code = |bytes: &[u8], options: &EnrolOptions| {
        let error = session.enrol_photo(bytes, options).err().unwrap();
        ImageCode::of(&error).map(ImageCode::number)
    };
    let plain = vultus::frame::RgbImage::new(100, 100, vec![128; 30_000]).unwrap();
    let small = vultus::frame::RgbImage::new(63, 100, vec![128; 18_900]).unwrap();
    assert_eq!(code(&plain.to_jpeg(90).unwrap(), &with_crop()), Some(-1101));
    assert_eq!(code(b"no picture", &with_crop()), Some(-1102));
    assert_eq!(code(&small.to_jpeg(90).unwrap(), &with_crop()), Some(-1109));
    let strict = EnrolOptions {
        control: QualityControl::new(4).unwrap(),
        ..with_crop()
    };
    let poor = poor_copy("people/joe_biden/portrait.jpg");
    assert_eq!(code(&poor, &strict), Some(-1601));
}

/// The photograph as a very bad JPEG.
fn poor_copy(name: &str) -> Vec<u8> {
    photo(name).image().to_jpeg(4).unwrap()
}

/// The committed pack under another version, which is another pack to a gallery.
fn next_version() -> TempDir {
    let copy = copy_of_lite();
    let replace = |file: &Path, from: &str, to: &str| {
        let text = fs::read_to_string(file).unwrap();
        assert!(text.contains(from), "{from}");
        fs::write(file, text.replacen(from, to, 1)).unwrap();
    };
    let curve = copy.path().join("calibration.toml");
    let manifest = copy.path().join("pack.toml");
    let before = sha256(&curve);
    replace(&curve, "lite@1.0.0", "lite@1.1.0");
    replace(&manifest, &before, &sha256(&curve));
    replace(&manifest, "version = \"1.0.0\"", "version = \"1.1.0\"");
    vultus_testkit::sign_pack(copy.path());
    copy
}

fn sha256(file: &Path) -> String {
    let digest = ring::digest::digest(&ring::digest::SHA256, &fs::read(file).unwrap());
    digest
        .as_ref()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

#[test]
fn a_group_moves_to_another_pack_from_its_crops() {
    let (sdk, folder) = (lite(), TempDir::new("upgrade"));
    let gallery = gallery(&folder, sdk);
    enrol(&gallery, sdk, "barack_obama", OBAMA[0], 0);
    let without_crop = EnrolOptions {
        keep_crop: false,
        ..with_crop()
    };
    let mut session = sdk.session().unwrap();
    let face = session.enrol_photo(&bytes(BIDEN), &without_crop).unwrap();
    let new = NewPerson::new(person("joe_biden"), "Joe");
    let none = UniquePersonControl::default();
    let matcher = sdk.matcher(MaskState::BARE).unwrap();
    gallery
        .edit(|edit| edit.create_person(&matcher, &group(), &new, face, none))
        .unwrap();

    let pack = next_version();
    let next = open(pack.path()).unwrap();
    gallery
        .edit(|edit| edit.begin_upgrade(&group(), next.pack().model_id()))
        .unwrap();
    // The old pack's own session cannot fill the new version.
    let error = session
        .upgrade_group(&gallery, &matcher, &group(), |_, _| {
            ControlFlow::Continue(())
        })
        .unwrap_err();
    assert_eq!(error.status(), Status::AcrossVersions);
    let mut session = next.session().unwrap();
    let of_next = next.matcher(MaskState::BARE).unwrap();
    let stopped = session
        .upgrade_group(&gallery, &of_next, &group(), |_, _| ControlFlow::Break(()))
        .unwrap();
    assert!(stopped.stopped && stopped.done == 0);
    let report = session
        .upgrade_group(&gallery, &of_next, &group(), |_, _| {
            ControlFlow::Continue(())
        })
        .unwrap();
    assert_eq!((report.done, report.failed.len()), (1, 0));
    assert_eq!(report.without_crop[0].person, person("joe_biden"));
    // Still the old version.
    assert_eq!(named(&gallery, sdk, &matcher), ["barack_obama"]);
    let switched = gallery.edit(|edit| edit.finish_upgrade(&group())).unwrap();
    assert_eq!((switched.searchable, switched.failed.len()), (1, 1));
    assert_eq!(
        named(&gallery, &next, &next.matcher(MaskState::BARE).unwrap()),
        ["barack_obama"]
    );
    gallery.edit(|edit| edit.roll_back(&group())).unwrap();
    assert_eq!(named(&gallery, sdk, &matcher), ["barack_obama"]);
}
