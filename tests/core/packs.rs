//! A pack is used whole and unharmed, or not at all.

use std::fs;
use std::path::Path;
use vultus::DetectOptions;
use vultus::Verification;
use vultus::error::{Error, Status};
use vultus::licensing::licence::Tier;
use vultus::licensing::testkit;
use vultus::{Config, Sdk};
use vultus_testkit::{copy_of_lite, flip_a_bit, lite, lite_with_manifest};

fn refused(folder: &Path) -> Error {
    vultus_testkit::open(folder).expect_err("the pack is refused")
}

fn refused_manifest(change: impl FnOnce(String) -> String) -> Error {
    refused(lite_with_manifest(change).path())
}

#[test]
fn one_flipped_bit_in_any_file_is_noticed() {
    for entry in fs::read_dir(vultus_testkit::root().join("models/lite")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        if name == "pack.toml" || name == "pack.sig" {
            continue;
        }
        let pack = copy_of_lite();
        flip_a_bit(&pack.path().join(&name));
        let error = refused(pack.path());
        assert_eq!(error.status(), Status::ModelPackCorrupt);
        assert!(error.to_string().contains(&name), "{error}");
    }
}

fn config_on_first_use(pack: &Path) -> Config {
    Config::builder(pack)
        .verification(Verification::OnFirstUse)
        .build()
}

#[test]
fn on_first_use_a_flipped_bit_is_noticed_by_what_needs_the_network() {
    let pack = copy_of_lite();
    flip_a_bit(&pack.path().join("dlib_resnet.plan"));
    let grant = testkit::grant(Tier::Recognise);
    let sdk = Sdk::open(&config_on_first_use(pack.path()), grant).unwrap();
    let mut session = sdk.session().unwrap();
    let picture = vultus_testkit::photo("probe.jpg");
    let options = DetectOptions::default();
    let face = session.largest_face(&picture.frame(), &options).unwrap();
    // Again and again: a network that was refused once is not taken the second time.
    for _ in 0..2 {
        let error = session.embed(&picture.frame(), &face).unwrap_err();
        assert_eq!(error.status(), Status::ModelPackCorrupt);
        assert!(error.to_string().contains("dlib_resnet.plan"), "{error}");
    }
}

#[test]
fn a_session_answers_alike_whenever_files_are_verified() {
    let pack = vultus_testkit::root().join("models/lite");
    let grant = testkit::grant(Tier::Recognise);
    let later = Sdk::open(&config_on_first_use(&pack), grant).unwrap();
    let picture = vultus_testkit::photo("probe.jpg");
    let [now, later] = [lite(), &later].map(|sdk| {
        let mut session = sdk.session().unwrap();
        let options = DetectOptions::default();
        let face = session.largest_face(&picture.frame(), &options).unwrap();
        session.embed(&picture.frame(), &face).unwrap()
    });
    assert_eq!(now.values(), later.values());
}

#[test]
fn missing_files_are_named() {
    let pack = copy_of_lite();
    fs::remove_file(pack.path().join("face_mesh.plan")).unwrap();
    let error = refused(pack.path());
    assert_eq!(error.status(), Status::ModelPackMissing);
    assert!(error.to_string().contains("face_mesh.plan"));
    let grant = testkit::grant(Tier::Recognise);
    let error = Sdk::open(&config_on_first_use(pack.path()), grant).err();
    assert_eq!(error.unwrap().status(), Status::ModelPackMissing);
    assert_eq!(
        refused(Path::new("no/such/pack")).status(),
        Status::ModelPackMissing
    );
}

#[test]
fn a_manifest_cannot_reach_outside_its_folder() {
    for name in [
        "../face_mesh.onnx",
        "/etc/passwd",
        "a/b.onnx",
        ".hidden",
        "",
    ] {
        let error =
            refused_manifest(|text| text.replace("\"face_mesh.plan\"", &format!("{name:?}")));
        assert_eq!(
            error.status(),
            Status::ModelManifestInvalid,
            "{name}: {error}"
        );
    }
}

#[test]
fn contradictions_are_refused_with_the_field() {
    let cases = [
        ("role = \"mesh\"", "role = \"detector\"", "network.decode"),
        ("size = 150", "size = 112", "chip"),
        (
            "shape = [1, 3, 150, 150]",
            "shape = [1, 3, 150, 0]",
            "input",
        ),
        (
            "shape = [1, 896, 16]",
            "shape = [1, 896, 15]",
            "[1, 896, 15]",
        ),
        (
            "std = [256.0, 256.0, 256.0]",
            "std = [256.0, 0.0, 256.0]",
            "std",
        ),
        (
            "score_threshold = 0.6",
            "score_threshold = 1.6",
            "score_threshold",
        ),
        (
            "strategy = \"union\"",
            "strategy = \"smallest_sufficient\"",
            "min_face_px",
        ),
        (
            "name = \"blazeface_full\"",
            "name = \"blazeface_short\"",
            "blazeface_short",
        ),
        ("roi_scale = 1.5", "roi_scale = 1.5\nunknown = 1", "unknown"),
        ("mesh_points = [263,", "mesh_points = [468,", "mesh_points"),
        ("strides = [4]", "strides = [1]", "[1, 2304, 16]"),
        ("tolerance = 0.0001", "tolerance = inf", "golden.tolerance"),
        (
            "licence = \"CC0-1.0\"",
            "licence = \"\\u001b[2J\"",
            "licence",
        ),
        (
            "name = \"embedding\"\nshape = [1, 128]",
            "name = \"embedding\"\nshape = [1, 5000]",
            "1 to 4096",
        ),
        (
            "[[network.output]]\nname = \"embedding\"\nshape = [1, 128]\n",
            "",
            "output",
        ),
        ("version = \"1.0.0\"", "version = \"1 0\"", "version"),
        ("format = 2", "format = 1", "in format 1"),
        ("plan = {", "# plan = {", "neither a plan nor an ONNX file"),
    ];
    for (from, to, word) in cases {
        let error = refused_manifest(|text| text.replacen(from, to, 1));
        assert_eq!(
            error.status(),
            Status::ModelManifestInvalid,
            "{from}: {error}"
        );
        assert!(error.to_string().contains(word), "{from}: {error}");
    }
}

#[test]
fn a_template_without_extent_is_refused_before_any_photograph() {
    let error = refused_manifest(|text| {
        let (before, rest) = text.split_once("template = [").unwrap();
        let (_, after) = rest.split_once("\n]").unwrap();
        format!(
            "{before}template = [{}\n]{after}",
            "[75.0, 75.0], ".repeat(5)
        )
    });
    assert_eq!(error.status(), Status::ModelManifestInvalid);
    assert!(error.to_string().contains("template"), "{error}");
}

#[test]
fn a_newer_format_says_so() {
    let error = refused_manifest(|text| text.replacen("format = 2", "format = 3", 1));
    assert_eq!(error.status(), Status::ModelVersionMismatch);
}

#[test]
fn every_prefix_of_a_manifest_is_refused_without_panic() {
    let pack = copy_of_lite();
    let manifest = pack.path().join("pack.toml");
    let whole = fs::read(&manifest).unwrap();
    // The last network's golden values may be cut short without a contradiction; stop before them.
    let end = whole.len() * 3 / 4;
    for length in (0..end).step_by(97) {
        fs::write(&manifest, &whole[..length]).unwrap();
        vultus_testkit::sign_pack(pack.path());
        assert_eq!(
            refused(pack.path()).status(),
            Status::ModelManifestInvalid,
            "{length}"
        );
    }
}

/// Why a pack does not find faces whose first network is replaced by these bytes, with their hash.
fn first_use(bytes: &[u8]) -> Error {
    let pack = copy_of_lite();
    fs::write(pack.path().join("other.plan"), bytes).unwrap();
    let manifest = pack.path().join("pack.toml");
    let text = fs::read_to_string(&manifest).unwrap();
    let (before, rest) = text.split_once("plan = {").unwrap();
    let (_, after) = rest.split_once('}').unwrap();
    let hash = vultus::internals::model::sha256_hex(bytes);
    let plan = format!("plan = {{ file = \"other.plan\", sha256 = \"{hash}\" }}");
    fs::write(&manifest, format!("{before}{plan}{after}")).unwrap();
    vultus_testkit::sign_pack(pack.path());
    let sdk = vultus_testkit::open(pack.path())
        .expect("hashes are right; networks are planned on first use");
    let picture = vultus_testkit::photo("probe.jpg");
    let mut session = sdk.session().unwrap();
    session
        .detect(&picture.frame(), &Default::default())
        .expect_err("no faces are found with it")
}

#[test]
fn a_file_that_is_no_plan_is_an_error_and_no_crash() {
    let error = first_use(&[0x5a; 5000]);
    assert_eq!(error.status(), Status::ModelNetworkInvalid);
    let text = error.to_string();
    assert!(
        text.contains("blazeface_short") && text.contains("no plan"),
        "{text}"
    );
}

#[test]
fn the_plan_of_another_network_is_refused() {
    let mesh = fs::read(vultus_testkit::root().join("models/lite/face_mesh.plan")).unwrap();
    let error = first_use(&mesh);
    assert_eq!(error.status(), Status::ModelNetworkInvalid);
    assert!(error.to_string().contains("another shape"), "{error}");
}

#[test]
fn golden_vectors_hold_on_this_machine() {
    let reports = lite().pack().check_golden().unwrap();
    assert_eq!(reports.len(), 6);
    for report in reports {
        assert!(report.passed() && report.compared > 0, "{report:?}");
    }
}

#[test]
fn the_committed_pack_is_small_and_calibrated() {
    let folder = vultus_testkit::root().join("models/lite");
    let bytes: u64 = fs::read_dir(folder)
        .unwrap()
        .map(|e| e.unwrap().metadata().unwrap().len())
        .sum();
    assert!(bytes <= 16 * 1024 * 1024, "{bytes}");
    let curve = lite().curve(vultus::MaskState::BARE).unwrap();
    assert!(curve.limit().get() >= 60.0);
    assert!(curve.source().impostor_pairs > 10_000_000);
}
