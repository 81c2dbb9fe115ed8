//! `vultus models quantize`: a pack in bytes is another model, whole, proved, and close to its twin.

use crate::common::{text, vultus, vultus_json};
use std::fs;
use std::path::Path;
use std::process::Command;
use vultus::DetectOptions;
use vultus::internals::model::{GoldenReport, LEAST_MEAN_COSINE, Pack};
use vultus_testkit::{TempDir, fixture, root};

const PICTURES: [&str; 5] = [
    "astronaut.png",
    "probe.jpg",
    "people/barack_obama/portrait.jpg",
    "people/barack_obama/address.jpg",
    "people/joe_biden/portrait.jpg",
];

/// Some of the committed pictures, one of them in a folder of its own.
fn photographs(count: usize) -> TempDir {
    let folder = TempDir::new("photographs");
    fs::create_dir(folder.path().join("more")).unwrap();
    for (number, name) in PICTURES[..count].iter().enumerate() {
        let place = if number == 0 { "more/" } else { "" };
        let ending = name.rsplit('.').next().unwrap();
        let to = folder.path().join(format!("{place}{number}.{ending}"));
        fs::copy(fixture(name), to).unwrap();
    }
    folder
}

fn quantize(pack: &str, images: &Path, out: &Path, more: &[&str]) -> Vec<String> {
    let args = ["models", "quantize", pack, "--images", text(images)];
    let args = args.into_iter().chain(["--out", text(out)]);
    let args = args.chain(more.iter().copied());
    args.map(str::to_owned).collect()
}

fn refused(args: &[String]) -> String {
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    let output = vultus(&args);
    assert_eq!(output.status.code(), Some(2), "{args:?}");
    let error = String::from_utf8(output.stderr).unwrap();
    assert!(!error.contains("panicked"), "{error}");
    error
}

#[test]
fn a_pack_in_bytes_is_another_model_and_sees_the_same() {
    let (images, folder) = (photographs(4), TempDir::new("bytes"));
    let out = folder.path().join("pack");
    let chosen = ["--networks", "face_mesh,dlib_resnet"];
    let args = quantize("models/lite", images.path(), &out, &chosen);
    let borrowed: Vec<&str> = args.iter().map(String::as_str).collect();
    let (code, objects) = vultus_json(&borrowed);
    assert_eq!(code, 0, "{objects:?}");
    let answer = &objects[0];
    assert_eq!(answer["model_id"], "lite-int8@1.0.0");
    assert_eq!(answer["photographs"], 4);
    assert_eq!(answer["kept_float"][0], "blazeface_short");
    let networks = answer["networks"].as_array().unwrap();
    assert_eq!(networks.len(), 2);
    for network in networks {
        let number = |key: &str| network[key].as_f64().unwrap();
        assert!(number("mean_cosine") >= LEAST_MEAN_COSINE, "{network}");
        assert!(
            number("plan_bytes") < 0.6 * number("float_bytes"),
            "{network}"
        );
        assert!(number("held_out") >= 1.0 && number("calibrated") >= 3.0);
        let float = network["float_layers"].as_array().unwrap();
        assert!(float.len() * 2 < network["layers"].as_u64().unwrap() as usize);
    }

    let (f32_pack, pack) = (root().join("models/lite"), Pack::open(&out).unwrap());
    assert!(pack.curve().is_none() && pack.description().ends_with("In bytes (int8)."));
    let golden = pack.check_golden().unwrap();
    assert!(golden.len() == 6 && golden.iter().all(GoldenReport::passed));
    let old = Pack::open(&f32_pack).unwrap();
    for (new, old) in pack.networks().iter().zip(old.networks()) {
        let (new, old) = (new.spec(), old.spec());
        let same = new.plan.as_ref().unwrap().sha256 == old.plan.as_ref().unwrap().sha256;
        let chosen = ["face_mesh", "dlib_resnet"].contains(&new.name.as_str());
        assert_eq!(same, !chosen, "{}", new.name);
        // What the network was made of is still said.
        assert!(new.file.is_none() && new.sha256 == old.sha256);
    }

    // The picture that was not calibrated with.
    let picture = vultus_testkit::photo(PICTURES[4]);
    let embed = |pack: &Path| {
        let mut session = vultus_testkit::open(pack).unwrap().session().unwrap();
        let face = session.largest_face(&picture.frame(), &DetectOptions::default());
        session.embed(&picture.frame(), &face.unwrap()).unwrap()
    };
    let (bytes, float) = (embed(&out), embed(&f32_pack));
    let pairs = bytes.values().iter().zip(float.values());
    let cosine: f32 = pairs.map(|(a, b)| a * b).sum();
    assert!((0.99..0.999_999).contains(&cosine), "{cosine}");
    assert!(vultus::internals::matching::cosine(&bytes, &float).is_err());

    let error = refused(&args);
    assert!(error.contains("there already"), "{error}");
    let again = quantize(text(&out), images.path(), &folder.path().join("x"), &chosen);
    let error = refused(&again);
    assert!(error.contains("in bytes already"), "{error}");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn the_same_photographs_make_the_same_pack_and_every_path_proves_it() {
    let folder = TempDir::new("twice");
    let chosen = ["--networks", "face_mesh", "--id", "mine", "--version", "2"];
    let manifests = [0, 1].map(|number| {
        let images = photographs(5);
        let out = folder.path().join(number.to_string());
        let args = quantize("models/lite", images.path(), &out, &chosen);
        let args: Vec<&str> = args.iter().map(String::as_str).collect();
        assert!(vultus(&args).status.success());
        fs::read_to_string(out.join("pack.toml")).unwrap()
    });
    assert_eq!(manifests[0], manifests[1]);
    assert!(manifests[0].contains("\nid = \"mine\"\nversion = \"2\"\n"));
    assert!(manifests[0].contains("# dlib's mean face"), "comments stay");
    let out = folder.path().join("0");
    for path in vultus_nn::cpu::CpuPath::available() {
        let verified = Command::new(env!("CARGO_BIN_EXE_vultus"))
            .args(["models", "verify", "--models", text(&out)])
            .env("VULTUS_CPU", path.name())
            .output()
            .unwrap();
        assert!(verified.status.success(), "{}", path.name());
    }
}

#[test]
fn what_cannot_be_done_is_refused_by_name_and_nothing_is_written() {
    let (images, folder) = (photographs(2), TempDir::new("refused"));
    let empty = TempDir::new("empty");
    let out = folder.path().join("pack");
    let lite = |images: &TempDir, more: &[&str]| {
        refused(&quantize("models/lite", images.path(), &out, more))
    };
    let cases: [(String, &str); 6] = [
        (
            lite(&images, &["--networks", "resnet"]),
            "no network resnet",
        ),
        (lite(&images, &["--id", "lite"]), "another model"),
        (lite(&images, &["--min-snr", "4"]), "allowed is 5 to 60 dB"),
        (lite(&empty, &[]), "no JPEG, PNG or BMP"),
        (
            lite(&images, &["--networks", "blazeface_short"]),
            "gave 2 inputs, needed are 4",
        ),
        (
            refused(&quantize("models/source/lite", images.path(), &out, &[])),
            "has no plan",
        ),
    ];
    for (error, word) in cases {
        assert!(error.contains(word), "{word}: {error}");
    }
    let error = refused(&[
        "models".to_owned(),
        "quantize".to_owned(),
        "models/lite".to_owned(),
    ]);
    assert!(error.contains("--images"), "{error}");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    let help = vultus(&["models", "quantize", "--help"]);
    assert!(String::from_utf8(help.stdout).unwrap().contains("Example"));
}
