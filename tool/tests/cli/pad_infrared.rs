//! `vultus pad` on small simulated sets of infrared frames.

use crate::common::{text, vultus, vultus_json};
use crate::pad::refused;
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use vultus_testkit::TempDir;

/// Two people, two tablets, two inkjet prints and two reprints of infrared pictures before an infrared camera.
fn simulate_infrared(folder: &TempDir, name: &str, more: &[&str]) -> PathBuf {
    let out = folder.path().join(name);
    let species = "live,tablet,inkjet,nir-reprint";
    let base = ["pad", "simulate", "--modality", "ir", "--seed", "7"];
    let rest = ["--count", "2", "--species", species, "--out", text(&out)];
    let (code, objects) = vultus_json(&[&base[..], &rest, more].concat());
    assert_eq!(code, 0, "{objects:?}");
    assert_eq!(objects[0]["modality"], "ir");
    out
}

#[test]
fn an_infrared_set_is_simulated_judged_and_reported() {
    let folder = TempDir::new("pad-ir");
    let set = simulate_infrared(&folder, "a", &[]);
    let again = simulate_infrared(&folder, "b", &[]);
    let frame = |set: &Path, name: &str| fs::read(set.join(name)).unwrap();
    for (name, bytes) in [
        ("000000-lit.y10", 640 * 480 * 2),
        ("000007-unlit.y10", 640 * 480 * 2),
        ("000003.rgb", 640 * 480 * 3),
    ] {
        assert_eq!(frame(&set, name), frame(&again, name));
        assert_eq!(frame(&set, name).len(), bytes);
    }
    let (code, answers) = vultus_json(&["pad", "evaluate", "--set", text(&set)]);
    assert_eq!((code, answers.len()), (0, 8));
    for answer in &answers[2..6] {
        assert_ne!(answer["verdict"], "live", "{answer}");
    }
    let html = folder.path().join("report.html");
    let (code, objects) =
        vultus_json(&["pad", "report", "--set", text(&set), "--html", text(&html)]);
    assert_eq!(code, 0);
    let found = &objects[0];
    assert_eq!(
        (&found["modality"], &found["simulated"]),
        (&"ir".into(), &true.into())
    );
    for species in ["tablet", "inkjet", "nir-reprint"] {
        let of = answers.iter().filter(|a| a["species"] == species);
        let live = of.filter(|a| a["verdict"] == "live").count();
        assert_eq!(found["species"][species]["n"], 2);
        assert_eq!(found["species"][species]["accepted"], live, "{species}");
    }
    // The first two people of the grid: one in either light that is allowed for.
    for light in ["ambient-0.00-0.25", "ambient-0.25-0.50"] {
        assert_eq!(found["bpcer"][format!("adult, light {light}")]["n"], 1);
    }
    assert_ne!(found["model_sha256"], found["thresholds_sha256"]);
    let page = fs::read_to_string(html).unwrap();
    assert!(page.contains("infrared camera") && page.contains("print of an infrared picture"));

    // Without the frames of the room's light other things are measured of the same frames.
    let judged = ["pad", "report", "--lit-alone", "--set", text(&set)];
    let (code, objects) = vultus_json(&judged);
    assert_eq!((code, &objects[0]["lit_alone"]), (0, &true.into()));
    assert_eq!(objects[0]["frames_sha256"], found["frames_sha256"]);
    for wrong in ["--children", "--models=nowhere"] {
        let output = vultus(&["pad", "evaluate", wrong, "--set", text(&set)]);
        assert_eq!(output.status.code(), Some(2), "{wrong}");
    }

    for number in [0, 5] {
        let file = set.join(format!("{number:06}.json"));
        let (code, objects) = vultus_json(&["liveness", "ir", text(&file)]);
        for key in ["verdict", "score", "reasons", "evidence"] {
            assert_eq!(objects[0][key], answers[number][key], "{number}: {key}");
        }
        assert_eq!(code, i32::from(objects[0]["verdict"] != "live"));
        let measures = objects[0]["measures"].as_object().unwrap();
        assert!(measures.contains_key("light") && measures.contains_key("ambient"));
        let (_, objects) = vultus_json(&["liveness", "ir", "--lit-alone", text(&file)]);
        let measures = objects[0]["measures"].as_object().unwrap();
        assert!(!measures.contains_key("ambient"), "{measures:?}");
    }
    let (code, objects) = vultus_json(&["liveness", "depth", text(&set.join("000000.json"))]);
    assert_eq!(code, 2);
    let message = objects[0]["error"]["message"].as_str().unwrap();
    assert!(message.contains("liveness ir"), "{message}");
}

#[test]
fn a_broken_infrared_set_is_refused_by_the_name_of_what_is_broken() {
    let folder = TempDir::new("pad-ir-broken");
    let set = simulate_infrared(&folder, "set", &[]);
    let sidecar = set.join("000001.json");
    let good: Value = serde_json::from_slice(&fs::read(&sidecar).unwrap()).unwrap();
    let with = |pointer: &str, value: Value| {
        let mut record = good.clone();
        *record.pointer_mut(pointer).unwrap() = value;
        fs::write(&sidecar, record.to_string()).unwrap();
    };
    let map = serde_json::json!({ "affine": [[-1.0, 0.0, 640.0], [0.0, 1.0, 0.0]] });
    let time = |value: u64| Value::from(value);
    for (pointer, value, named) in [
        ("/frames/0/colour/timestamp_us", time(1_051_000), "51.0"),
        ("/frames/0/unlit/timestamp_us", time(1_040_001), "40.0"),
        ("/frames/0/lit/timestamp_us", time(0), "capture time"),
        ("/frames/0/unlit/emitter", "on".into(), "emitter"),
        ("/frames/0/camera/width", 641.into(), "its sidecar says"),
        ("/frames/0/camera/intrinsics/1", 80.into(), "fy is 80"),
        ("/frames/0/camera/format", "y12".into(), "y12"),
        ("/frames/0/landmarks/infrared", Value::Null, "registration"),
        ("/frames/0/registration", map, "mirrors"),
    ] {
        with(pointer, value);
        let cause = refused(&set);
        assert!(cause.contains(named) && cause.contains("000001"), "{cause}");
    }
    // Ten bits in the other order are no ten bits.
    with("/format", 1.into());
    let frame = set.join("000001-lit.y10");
    let bytes = fs::read(&frame).unwrap();
    let swapped: Vec<u8> = bytes.chunks(2).flat_map(|s| [s[1], s[0]]).collect();
    fs::write(&frame, swapped).unwrap();
    assert!(refused(&set).contains("000001-lit.y10"));
    fs::write(&frame, &bytes).unwrap();

    // Nobody says that the lamp was on; a detector finds no face; no face in the colour frame either.
    let answer = || {
        let (code, answers) = vultus_json(&["pad", "evaluate", "--set", text(&set)]);
        assert_eq!(code, 0, "{answers:?}");
        answers[1].clone()
    };
    with("/frames/0/lit/emitter", "unknown".into());
    assert_eq!(answer()["reasons"][0], "emitter_not_on");
    with(
        "/frames/0/detector",
        serde_json::json!({ "landmarks": null }),
    );
    assert_eq!(answer()["reasons"][0], "no_face_in_infrared");
    with("/frames/0/landmarks", Value::Null);
    assert_eq!(answer()["verdict"], "no_face");
    // A sensor that takes no frame of the room's light.
    with("/frames/0/unlit", Value::Null);
    assert!(answer()["verdict"].is_string());
}

#[test]
fn several_infrared_moments_are_decided_over() {
    let folder = TempDir::new("pad-ir-frames");
    let set = simulate_infrared(&folder, "set", &["--frames", "3"]);
    let frame = |name: &str| fs::read(set.join(name)).unwrap();
    assert_ne!(frame("000000-lit.y10"), frame("000000-1-lit.y10"));
    let (code, answers) = vultus_json(&["pad", "evaluate", "--set", text(&set)]);
    assert_eq!((code, answers.len()), (0, 8));
    for ink in &answers[4..6] {
        assert_eq!(ink["verdict"], "spoof", "{ink}");
        let passed = ink["evidence"].as_array().unwrap();
        assert!(passed.contains(&"several_frames".into()), "{ink}");
    }
}
