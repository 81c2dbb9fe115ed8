//! `vultus pad` on small simulated sets: what it writes, counts and refuses.
#![allow(clippy::unwrap_used)]

mod common;

use common::{TempDir, vultus, vultus_json};
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

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

/// Six people, six flat prints and six rigid masks.
fn simulate(folder: &TempDir, name: &str, seed: &str) -> PathBuf {
    let out = folder.path().join(name);
    let (code, objects) = vultus_json(&[
        "pad",
        "simulate",
        "--modality",
        "depth",
        "--seed",
        seed,
        "--count",
        "6",
        "--species",
        "live,flat,rigid-mask",
        "--out",
        text(&out),
    ]);
    assert_eq!(code, 0, "{objects:?}");
    assert_eq!(objects[0]["presentations"], 18);
    out
}

fn report(set: &Path) -> Value {
    let (code, objects) = vultus_json(&["pad", "report", "--set", text(set)]);
    assert_eq!(code, 0, "{objects:?}");
    objects.into_iter().next().unwrap()
}

fn refused(set: &Path) -> String {
    let output = vultus(&["pad", "evaluate", "--set", text(set)]);
    assert_eq!(output.status.code(), Some(2));
    String::from_utf8(output.stderr).unwrap()
}

#[test]
fn a_set_is_simulated_judged_and_reported() {
    let folder = TempDir::new("pad");
    let set = simulate(&folder, "a", "7");
    // The same seed, the same bytes; another one, others.
    let (again, other) = (simulate(&folder, "b", "7"), simulate(&folder, "c", "8"));
    let frame = |set: &Path, n| fs::read(set.join(format!("{n:06}.z16"))).unwrap();
    for number in [0, 7, 17] {
        assert_eq!(frame(&set, number), frame(&again, number));
        assert_ne!(frame(&set, number), frame(&other, number));
        assert_eq!(frame(&set, number).len(), 640 * 480 * 2);
    }

    let (code, answers) = vultus_json(&["pad", "evaluate", "--set", text(&set)]);
    assert_eq!((code, answers.len()), (0, 18));
    for (number, answer) in answers.iter().enumerate() {
        assert_eq!(answer["presentation"], number);
        assert_eq!(
            answer["species"],
            ["live", "flat", "rigid-mask"][number / 6]
        );
        let reasons = answer["reasons"].as_array().unwrap();
        assert_eq!(answer["verdict"] == "live", reasons.is_empty());
    }

    let html = folder.path().join("report.html");
    let (code, objects) =
        vultus_json(&["pad", "report", "--set", text(&set), "--html", text(&html)]);
    assert_eq!(code, 0);
    let found = &objects[0];
    assert_eq!(found["modality"], "depth");
    assert_eq!(
        (&found["simulated"], &found["seed"]),
        (&true.into(), &7.into())
    );
    let counted = |verdict: &str, species: &str| {
        let of = answers.iter().filter(|a| a["species"] == species);
        of.filter(|a| a["verdict"] == verdict).count()
    };
    for species in ["flat", "rigid-mask"] {
        let row = &found["species"][species];
        assert_eq!(row["n"], 6);
        assert_eq!(row["accepted"], counted("live", species));
        assert!(row["upper95"].as_f64().unwrap() > row["apcer"].as_f64().unwrap() - 1e-9);
    }
    // Geometry stops no rigid mask and every flat print.
    assert_eq!(found["species"]["flat"]["accepted"], 0);
    assert!((found["species"]["flat"]["upper95"].as_f64().unwrap() - 0.393).abs() < 1e-3);
    assert_eq!(found["apcer_max"], found["species"]["rigid-mask"]["apcer"]);
    assert_eq!(found["apcer_max_species"], "rigid-mask");
    assert_eq!(found["bpcer"]["adult"]["n"], 6);
    assert_eq!(found["bpcer"]["adult"]["refused"], counted("spoof", "live"));
    assert_eq!(
        found["inconclusive"]["bona_fide"]["adult"]["inconclusive"],
        counted("inconclusive", "live")
    );
    for hash in [
        "frames_sha256",
        "model_sha256",
        "thresholds_sha256",
        "simulator_sha256",
    ] {
        assert_eq!(found[hash].as_str().unwrap().len(), 64, "{hash}");
    }

    let page = fs::read_to_string(html).unwrap();
    assert!(page.starts_with("<!DOCTYPE html>") && page.matches("<svg").count() == 1);
    assert!(page.contains("SIMULATED") && page.contains("rigid mask"));
    for outside in ["<script", "http-equiv", "src=", "href=", "@import", "url("] {
        assert!(!page.contains(outside), "{outside}");
    }
}

#[test]
fn a_broken_set_is_refused_by_the_name_of_what_is_broken() {
    let folder = TempDir::new("pad-broken");
    let set = simulate(&folder, "set", "3");
    let sidecar = set.join("000004.json");
    let frame = set.join("000004.z16");
    let (good, bytes) = (
        fs::read_to_string(&sidecar).unwrap(),
        fs::read(&frame).unwrap(),
    );
    let with = |from: &str, to: &str| {
        assert!(good.contains(from), "{from}");
        fs::write(&sidecar, good.replacen(from, to, 1)).unwrap();
        refused(&set)
    };
    for (from, to, named) in [
        ("\"unit_mm\": 1.0", "\"unit_mm\": 0.001", "unit of depth"),
        ("\"unit_mm\": 1.0", "\"unit_mm\": 1e99", "unit"),
        ("580.0,\n        580.0", "580.0,\n        80.0", "fy is 80"),
        ("\"width\": 640", "\"width\": 641", "its sidecar says"),
        (
            "\"timestamp_us\": 1000000",
            "\"timestamp_us\": 0",
            "capture time",
        ),
        (
            "\"timestamp_us\": 1000000",
            "\"timestamp_us\": 1051000",
            "51.0",
        ),
        (
            "\"artefact\": null",
            "\"artefact\": \"x\"",
            "label.artefact",
        ),
        ("\"label\"", "\"lable\"", "lable"),
    ] {
        let text = with(from, to);
        assert!(text.contains(named) && text.contains("000004"), "{text}");
    }
    fs::write(&sidecar, &good).unwrap();
    fs::write(&frame, &bytes[1..]).unwrap();
    assert!(refused(&set).contains("000004.z16"));
    fs::remove_file(&frame).unwrap();
    assert!(refused(&set).contains("000004.z16"));
    fs::write(&frame, &bytes).unwrap();
    fs::write(&sidecar, vec![b' '; 70_000]).unwrap();
    assert!(refused(&set).contains("larger than"));
    fs::write(&sidecar, &good).unwrap();
    assert_eq!(report(&set)["presentations"], 18);

    // No face found: neither let in nor refused.
    let start = good.find("\"landmarks\"").unwrap();
    let blind = format!("{}\"landmarks\": null }} ] }}", &good[..start]);
    fs::write(&sidecar, blind).unwrap();
    assert_eq!(report(&set)["bpcer"]["adult"]["no_face"], 1);

    let head = set.join("set.json");
    let text = fs::read_to_string(&head).unwrap();
    fs::write(&head, text.replace("\"depth\"", "\"ir\"")).unwrap();
    assert!(refused(&set).contains("the stream depth"));
    fs::remove_file(&head).unwrap();
    assert!(refused(&set).contains("set.json"));
}

#[test]
fn simulate_overwrites_nothing_and_knows_its_species() {
    let folder = TempDir::new("pad-refused");
    let there = text(folder.path()).to_owned();
    let base = ["pad", "simulate", "--seed", "1", "--modality"];
    let said = |rest: &[&str]| {
        let output = vultus(&[&base[..], rest].concat());
        assert_eq!(output.status.code(), Some(2));
        String::from_utf8(output.stderr).unwrap()
    };
    assert!(said(&["depth", "--out", &there]).contains("exists"));
    let new = format!("{there}/new");
    assert!(said(&["sonar", "--out", &new]).contains("sonar"));
    let ink = said(&["depth", "--out", &new, "--species", "laser"]);
    assert!(ink.contains("laser") && ink.contains("--modality depth"));
    let unknown = said(&["depth", "--out", &new, "--species", "waxwork"]);
    assert!(unknown.contains("rigid-mask"));
    assert!(said(&["depth", "--out", &new, "--count", "0"]).contains("count"));
    assert!(!Path::new(&new).exists());
}

#[test]
fn one_file_is_judged_as_its_set_is() {
    let folder = TempDir::new("pad-one");
    let set = simulate(&folder, "set", "7");
    let (_, answers) = vultus_json(&["pad", "evaluate", "--set", text(&set)]);
    for number in [1, 7, 13] {
        let file = set.join(format!("{number:06}.json"));
        let (code, objects) = vultus_json(&["liveness", "depth", text(&file)]);
        let (one, expected) = (&objects[0], &answers[number]);
        for key in ["verdict", "score", "reasons", "evidence"] {
            assert_eq!(one[key], expected[key], "{number}: {key}");
        }
        assert_eq!(code, i32::from(one["verdict"] != "live"));
        let eyes = one["measures"]["eye_distance_mm"].as_f64();
        assert_eq!(eyes.is_some(), one["verdict"] != "inconclusive");
        // What was presented need not be known.
        let mut record: Value = serde_json::from_slice(&fs::read(&file).unwrap()).unwrap();
        record.as_object_mut().unwrap().remove("label").unwrap();
        fs::write(&file, record.to_string()).unwrap();
        let (_, unlabelled) = vultus_json(&["liveness", "depth", text(&file)]);
        assert_eq!(&unlabelled[0], one);
    }
    assert!(refused(&set).contains("it has no label"));
    let (code, objects) = vultus_json(&["liveness", "depth", text(&set.join("none.json"))]);
    assert_eq!(code, 2);
    assert!(objects[0]["error"]["message"].is_string());
}

/// The pack that comes with the clone has no networks for it.
#[test]
fn colour_pictures_need_a_pack_with_networks_for_them() {
    let (code, objects) = vultus_json(&["liveness", "mono", &common::path("probe.jpg")]);
    assert_eq!(code, 2);
    assert_eq!(objects[0]["error"]["name"], "FeatureNotAvailable");
}

#[test]
fn several_frames_are_decided_over() {
    let folder = TempDir::new("pad-frames");
    let out = folder.path().join("set");
    let base = [
        "pad",
        "simulate",
        "--modality",
        "depth",
        "--seed",
        "7",
        "--count",
        "2",
    ];
    let rest = [
        "--species",
        "live,flat",
        "--frames",
        "3",
        "--out",
        text(&out),
    ];
    assert_eq!(vultus_json(&[&base[..], &rest].concat()).0, 0);
    let frame = |name: &str| fs::read(out.join(name)).unwrap();
    assert_ne!(frame("000000.z16"), frame("000000-1.z16"));
    let (code, answers) = vultus_json(&["pad", "evaluate", "--set", text(&out)]);
    assert_eq!((code, answers.len()), (0, 4));
    for flat in &answers[2..] {
        assert_eq!(flat["verdict"], "spoof");
        let passed = flat["evidence"].as_array().unwrap();
        assert!(passed.contains(&"several_frames".into()), "{flat}");
    }
    // Two frames can never be three of five.
    let file = out.join("000000.json");
    let mut record: Value = serde_json::from_slice(&fs::read(&file).unwrap()).unwrap();
    let mut frames = record["frames"].as_array().unwrap().clone();
    record["frames"] = frames[..2].into();
    fs::write(&file, record.to_string()).unwrap();
    let (_, objects) = vultus_json(&["liveness", "depth", text(&file)]);
    assert_eq!(objects[0]["verdict"], "inconclusive");
    let why = objects[0]["reasons"].as_array().unwrap();
    assert!(why.contains(&"too_few_frames".into()), "{}", objects[0]);
    // And times run forward.
    frames.reverse();
    record["frames"] = frames.into();
    fs::write(&file, record.to_string()).unwrap();
    assert!(refused(&out).contains("the one before it of 1200000 us"));
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
