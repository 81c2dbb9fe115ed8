//! Packs of ONNX files become packs of plans that compute the same.

use crate::common::{text, vultus, vultus_json};
use std::fs;
use std::path::{Path, PathBuf};
use vultus::DetectOptions;
use vultus::internals::model::{COMPILE_COSINE, COMPILE_DIFFERENCE, Pack};
use vultus_testkit::{TempDir, lite};

fn source() -> PathBuf {
    vultus_testkit::root().join("models/source/lite")
}

/// A copy of the pack of ONNX files.
fn copy_of_source() -> TempDir {
    let copy = TempDir::new("source");
    for entry in fs::read_dir(source()).unwrap() {
        let entry = entry.unwrap();
        fs::copy(entry.path(), copy.path().join(entry.file_name())).unwrap();
    }
    copy
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[test]
fn the_committed_plans_are_what_the_compiler_makes() {
    let folder = TempDir::new("compiled");
    let made = folder.path().join("lite");
    let source = source();
    let args = ["models", "compile", text(&source), "--out", text(&made)];
    let (code, objects) = vultus_json(&args);
    assert_eq!(code, 0, "{objects:?}");
    let networks = objects[0]["networks"].as_array().unwrap();
    assert_eq!(networks.len(), 6);
    for network in networks {
        assert!(network["max_difference"].as_f64().unwrap() <= COMPILE_DIFFERENCE);
        assert!(network["cosine"].as_f64().unwrap() >= COMPILE_COSINE);
        assert!(network["multiply_adds"].as_u64().unwrap() > 800_000);
        assert!(network["activation_bytes"].as_u64().unwrap() > 10_000);
    }
    let committed = vultus_testkit::root().join("models/lite");
    assert_eq!(names(&made), names(&committed));
    for name in names(&committed) {
        let same = fs::read(made.join(&name)).unwrap() == fs::read(committed.join(&name)).unwrap();
        assert!(
            same,
            "{name} differs: compile models/source/lite again (models/build/README.md)"
        );
    }
    // A folder that is there is never written over.
    let again = vultus(&args);
    assert_eq!(again.status.code(), Some(2));
    assert_eq!(names(folder.path()), ["lite"]);
}

#[test]
fn plans_and_onnx_files_see_the_same_face() {
    let onnx = vultus_testkit::open(&source()).unwrap();
    let picture = vultus_testkit::photo("people/joe_biden/portrait.jpg");
    let embed = |sdk: &vultus::Sdk| {
        let mut session = sdk.session().unwrap();
        let face = session.largest_face(&picture.frame(), &DetectOptions::default());
        let face = face.unwrap();
        let embedding = session.embed(&picture.frame(), &face).unwrap();
        (face.rect, embedding)
    };
    let (expected, found) = (embed(&onnx), embed(lite()));
    assert!(
        (expected.0.x - found.0.x).abs() < 0.05,
        "{expected:?} {found:?}"
    );
    let pairs = expected.1.values().iter().zip(found.1.values());
    let cosine: f32 = pairs.map(|(a, b)| a * b).sum();
    assert!(cosine > 0.9999, "{cosine}");
}

#[test]
fn plans_go_into_the_pack_itself_and_leave_the_rest_alone() {
    let pack = copy_of_source();
    let manifest = pack.path().join("pack.toml");
    let old = fs::read_to_string(&manifest).unwrap();
    // Without golden values, which the compiler then adds.
    let (before, rest) = old.split_once("[network.golden]").unwrap();
    let (_, after) = rest.split_once("# -----").unwrap();
    fs::write(&manifest, format!("{before}# -----{after}")).unwrap();
    vultus_testkit::sign_pack(pack.path());
    for _ in 0..2 {
        let output = vultus(&["models", "compile", text(pack.path())]);
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
    }
    let new = fs::read_to_string(&manifest).unwrap();
    assert!(new.contains("format = 2") && new.contains("file = \"face_mesh.onnx\""));
    assert!(new.contains("# dlib's mean face"), "comments stay");
    let mut expected = names(&source());
    let plans = [
        "blazeface_full",
        "blazeface_short",
        "depth",
        "dlib_resnet",
        "face_mesh",
        "infrared",
    ];
    expected.extend(plans.map(|name| format!("{name}.plan")));
    expected.sort();
    assert_eq!(names(pack.path()), expected);
    let opened = Pack::open(pack.path()).unwrap();
    let golden = opened.check_golden().unwrap();
    assert_eq!(golden.len(), 6);
    assert!(
        golden
            .iter()
            .all(|report| report.passed() && report.compared > 0)
    );
}

#[test]
fn a_network_with_an_unknown_operator_is_named_and_nothing_is_written() {
    let pack = copy_of_source();
    let file = pack.path().join("face_mesh.onnx");
    let bytes = fs::read(&file).unwrap();
    // The same number of letters: the file stays well-formed.
    let name: Vec<u8> = b"PRelu".to_vec();
    let at = bytes.windows(5).position(|part| part == name).unwrap();
    let mut changed = bytes.clone();
    changed[at..at + 5].copy_from_slice(b"Prune");
    fs::write(&file, &changed).unwrap();
    let manifest = pack.path().join("pack.toml");
    let hash = |bytes: &[u8]| vultus::internals::model::sha256_hex(bytes);
    let old = fs::read_to_string(&manifest).unwrap();
    fs::write(&manifest, old.replace(&hash(&bytes), &hash(&changed))).unwrap();
    vultus_testkit::sign_pack(pack.path());
    let before = names(pack.path());
    let output = vultus(&["models", "compile", text(pack.path())]);
    assert_eq!(output.status.code(), Some(2));
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(
        error.contains("face_mesh") && error.contains("Prune"),
        "{error}"
    );
    assert_eq!(names(pack.path()), before);
}

#[test]
fn a_pack_of_plans_alone_cannot_be_compiled_again() {
    let folder = TempDir::new("again");
    let to = folder.path().join("pack");
    let output = vultus(&["models", "compile", "models/lite", "--out", text(&to)]);
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("no ONNX file"));
    assert!(!to.exists());
}

#[test]
fn import_refuses_a_changed_weight() {
    if !cfg!(feature = "onnx") {
        eprintln!("skipped: importing needs a build with --features onnx");
        return;
    }
    let Some(models) = vultus_testkit::shared("models") else {
        return;
    };
    let from = TempDir::new("downloads");
    for entry in fs::read_dir(models).unwrap() {
        let entry = entry.unwrap();
        if entry
            .path()
            .extension()
            .is_some_and(|ending| ending == "onnx")
        {
            fs::copy(entry.path(), from.path().join(entry.file_name())).unwrap();
        }
    }
    let victim = from.path().join("yunet_n_320_320.onnx");
    let mut bytes = fs::read(&victim).unwrap();
    bytes[1000] ^= 1;
    fs::write(&victim, bytes).unwrap();
    let to = TempDir::new("imported");
    let target = to.path().join("pack");
    let args = [
        "models",
        "import",
        "--from",
        from.path().to_str().unwrap(),
        "--to",
        target.to_str().unwrap(),
    ];
    let output = vultus(&args);
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("yunet_n_320_320.onnx"));
    assert!(
        !target.exists(),
        "nothing is written before everything is checked"
    );
}
