//! The measuring commands of the tool on a handful of pictures: keys, counts and refusals.

use crate::common::{numbers, vultus, vultus_json};
use vultus_testkit::{TempDir, fixture, path};

/// Two people, two folds, everything small: the keys and the counting, not the accuracy.
#[test]
fn eval_and_calibrate_work_on_a_handful_of_pictures() {
    let folder = TempDir::new("eval");
    let rows = "fold,image_a,image_b,same\n\
        0,barack_obama/portrait.jpg,barack_obama/address.jpg,1\n\
        0,barack_obama/portrait.jpg,joe_biden/portrait.jpg,0\n\
        1,barack_obama/address.jpg,barack_obama/portrait.jpg,1\n\
        1,joe_biden/portrait.jpg,barack_obama/address.jpg,0\n";
    let pairs = folder.write("pairs.csv", rows.as_bytes());
    let report = folder.path().join("report.html");
    let people = path("people");
    let base = [
        "eval",
        "verification",
        "--pairs",
        pairs.to_str().unwrap(),
        "--root",
        &people,
    ];
    let (code, objects) =
        vultus_json(&[&base[..], &["--report", report.to_str().unwrap()]].concat());
    assert_eq!(code, 0);
    let result = &objects[0];
    assert_eq!(result["pairs"], 4);
    assert_eq!(result["failed_to_detect"], 0);
    assert_eq!(result["accuracy"], 1.0);
    assert_eq!(numbers(&result["accuracy_ci95"]).len(), 2);
    for target in ["0.01", "0.001", "0.0001"] {
        assert_eq!(result["tar_at_fmr"][target], 1.0);
        assert!(
            numbers(&result["tar_at_fmr_ci95"][target])[0] < 1.0,
            "two pairs prove little"
        );
    }
    assert!(result["threshold"].is_f64());
    let page = std::fs::read_to_string(report).unwrap();
    assert!(page.starts_with("<!DOCTYPE html>") && page.matches("<svg").count() == 2);

    // Two impostor pairs support no score, and the tool says so.
    let out = folder.path().join("curve.toml");
    let output = vultus(&[
        "calibrate",
        "--images",
        &people,
        "--set",
        "two",
        "--out",
        out.to_str().unwrap(),
    ]);
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("impostor pairs"));
    assert!(!out.exists());
}

/// 26 "people" of three faces: enough impostor pairs for a curve, and equal pictures among them.
#[test]
fn calibrate_installs_a_curve_that_the_pack_then_uses() {
    let pack = vultus_testkit::copy_of_lite();
    let people = TempDir::new("people");
    let pictures = [
        "people/barack_obama/portrait.jpg",
        "people/joe_biden/portrait.jpg",
        "astronaut.png",
    ];
    for number in 0..26 {
        let folder = people.path().join(format!("person{number}"));
        std::fs::create_dir(&folder).unwrap();
        let picture = fixture(pictures[number % 3]);
        std::fs::copy(&picture, folder.join(picture.file_name().unwrap())).unwrap();
    }
    let models = pack.path().to_str().unwrap();
    let images = people.path().to_str().unwrap();
    let args = [
        "calibrate",
        "--models",
        models,
        "--images",
        images,
        "--set",
        "copies",
        "--install",
    ];
    let (code, objects) = vultus_json(&args);
    assert_eq!(code, 0);
    let curve = &objects[0];
    assert_eq!(
        (curve["people"].as_u64(), curve["impostor_pairs"].as_u64()),
        (Some(26), Some(325))
    );
    // 10 + 10·log10(325 / 30), rounded down.
    assert_eq!(curve["score_limit"].as_f64(), Some(20.34));
    let (_, objects) = vultus_json(&["models", "list", "--models", models]);
    assert_eq!(objects[0]["calibration"]["set"], "copies");
    // A third of these "strangers" are one person, so equal pictures prove nothing here.
    let portrait = path(pictures[1]);
    let args = [
        "compare", &portrait, &portrait, "--models", models, "--fmr", "0.1",
    ];
    let (code, objects) = vultus_json(&args);
    assert_eq!(code, 1);
    assert!(objects[0]["fmr"].as_f64().unwrap() > 0.25, "{}", objects[0]);
}

#[test]
fn broken_pair_files_are_named() {
    let folder = TempDir::new("pairs");
    let cases = [
        (
            "fold,image_a,image_b,same\n0,a.jpg,b.jpg,2\n",
            "allowed is 0 or 1",
        ),
        ("fold,image_a,image_b\n0,a.jpg,b.jpg\n", "same"),
        ("fold,image_a,image_b,same\nx,a.jpg,b.jpg,1\n", "line: 2"),
    ];
    for (text, word) in cases {
        let pairs = folder.write("pairs.csv", text.as_bytes());
        let people = path("people");
        let output = vultus(&[
            "eval",
            "verification",
            "--pairs",
            pairs.to_str().unwrap(),
            "--root",
            &people,
        ]);
        assert_eq!(output.status.code(), Some(2));
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert!(stderr.contains(word), "{text}: {stderr}");
    }
}
