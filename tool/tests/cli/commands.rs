//! The tool as scripts see it: exit codes and JSON keys, stable from the first version on.

use crate::common::{numbers, vultus, vultus_json};
use serde_json::Value;
use vultus_testkit::{TempDir, path};

fn keys(value: &Value) -> Vec<&str> {
    value
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect()
}

#[test]
fn detect_prints_faces_in_pixels() {
    let (code, objects) = vultus_json(&["detect", &path("probe.jpg")]);
    assert_eq!(code, 0);
    let picture = &objects[0];
    assert_eq!(picture["image"], path("probe.jpg"));
    assert_eq!(
        (picture["width"].as_u64(), picture["height"].as_u64()),
        (Some(960), Some(540))
    );
    let faces = picture["faces"].as_array().unwrap();
    assert_eq!(faces.len(), 2);
    // Where the two people's eyes and mouths are, read off the picture by hand.
    let expected = [
        [
            (214.0, 172.0),
            (287.0, 180.0),
            (260.0, 207.0),
            (212.0, 248.0),
            (279.0, 253.0),
        ],
        [
            (694.0, 106.0),
            (741.0, 109.0),
            (717.0, 137.0),
            (694.0, 146.0),
            (740.0, 150.0),
        ],
    ];
    for (face, points) in faces.iter().zip(expected) {
        assert!((0.5..=1.0).contains(&face["score"].as_f64().unwrap()));
        let [x, y, w, h] = numbers(&face["rect"])[..] else {
            panic!("rect has four numbers")
        };
        for (landmark, (px, py)) in face["landmarks"].as_array().unwrap().iter().zip(points) {
            let landmark = numbers(landmark);
            let distance = (landmark[0] - px).hypot(landmark[1] - py);
            assert!(
                distance < 9.0,
                "{landmark:?} is {distance} px from ({px}, {py})"
            );
            assert!((x..x + w).contains(&landmark[0]) && (y..y + h).contains(&landmark[1]));
        }
    }
}

#[test]
fn several_pictures_are_one_line_each_and_the_worst_decides() {
    let blank = TempDir::new("blank");
    let picture = image::RgbImage::from_pixel(200, 200, image::Rgb([90, 90, 90]));
    let blank_path = blank.path().join("blank.png");
    picture.save(&blank_path).unwrap();
    let blank_path = blank_path.to_str().unwrap();
    let (code, objects) = vultus_json(&["detect", &path("astronaut.png"), blank_path]);
    assert_eq!((code, objects.len()), (1, 2));
    assert_eq!(objects[1]["faces"].as_array().unwrap().len(), 0);
    let (code, objects) = vultus_json(&["detect", "missing.jpg", &path("astronaut.png")]);
    assert_eq!((code, objects.len()), (2, 2));
    assert_eq!(objects[1]["faces"].as_array().unwrap().len(), 1);
    // In calls that need a face, none is exit code 1 with the documented name.
    for command in [
        vec!["embed", blank_path],
        vec!["compare", blank_path, blank_path],
    ] {
        let (code, objects) = vultus_json(&command);
        assert_eq!(code, 1);
        assert_eq!(objects[0]["error"]["name"], "NoFaceInPhoto");
    }
    let (code, objects) = vultus_json(&["embed", "--min-face", "200", &path("astronaut.png")]);
    assert_eq!(
        (code, &objects[0]["error"]["name"]),
        (1, &Value::from("FaceSizeTooSmall"))
    );
}

#[test]
fn compare_says_yes_and_no() {
    let (portrait, address) = (
        path("people/barack_obama/portrait.jpg"),
        path("people/barack_obama/address.jpg"),
    );
    let (code, objects) = vultus_json(&["compare", &portrait, &address]);
    let result = &objects[0];
    assert_eq!((code, result["is_match"].as_bool()), (0, Some(true)));
    for key in ["cosine", "score", "fmr", "is_match", "model_id"] {
        assert!(keys(result).contains(&key), "{key} is missing");
    }
    assert_eq!(result["model_id"], "lite@1.0.0");
    assert!(result["score"].as_f64().unwrap() >= 60.0);
    let (code, objects) =
        vultus_json(&["compare", &portrait, &path("people/joe_biden/portrait.jpg")]);
    assert_eq!((code, objects[0]["is_match"].as_bool()), (1, Some(false)));
    assert!(objects[0]["score"].as_f64().unwrap() < 30.0);
    // The score and the rate say the same thing.
    let (score, fmr) = (
        objects[0]["score"].as_f64().unwrap(),
        objects[0]["fmr"].as_f64().unwrap(),
    );
    assert!((10.0 - 10.0 * fmr.log10() - score).abs() < 0.02);
}

#[test]
fn identify_names_the_known_and_not_the_unknown() {
    let folder = TempDir::new("annotated");
    let out = folder.path().join("out.png");
    let people = path("people");
    let probe = path("probe.jpg");
    let args = [
        "identify",
        "--people",
        &people,
        &probe,
        "--annotate",
        out.to_str().unwrap(),
    ];
    let (code, objects) = vultus_json(&args);
    assert_eq!(code, 0);
    assert_eq!(objects[0]["probe"], probe);
    let faces = objects[0]["faces"].as_array().unwrap();
    let decisions: Vec<&str> = faces
        .iter()
        .map(|face| face["decision"].as_str().unwrap())
        .collect();
    assert_eq!(decisions, ["match", "unknown"]);
    assert_eq!(faces[0]["candidates"][0]["person"], "barack_obama");
    for candidate in faces[1]["candidates"].as_array().unwrap() {
        assert_eq!(keys(candidate), ["person", "score", "cosine"]);
        assert!(candidate["score"].as_f64().unwrap() < faces[1]["threshold"].as_f64().unwrap());
    }
    // 10 + 10·log10(3 / 1e-3) for three enrolled photographs.
    assert!((faces[0]["threshold"].as_f64().unwrap() - 44.77).abs() < 0.01);
    let drawn = image::open(&out).unwrap().into_rgb8();
    let plain = image::open(&probe).unwrap().into_rgb8();
    assert_eq!(drawn.dimensions(), plain.dimensions());
    let changed = drawn
        .pixels()
        .zip(plain.pixels())
        .filter(|(a, b)| a != b)
        .count();
    assert!(
        (2_000..100_000).contains(&changed),
        "{changed} pixels were drawn"
    );

    let (code, objects) = vultus_json(&["identify", "--people", &people, &path("astronaut.png")]);
    assert_eq!(
        (code, &objects[0]["faces"][0]["decision"]),
        (1, &Value::from("unknown"))
    );
}

#[test]
fn bad_usage_is_two_and_says_what_to_do() {
    let probe = path("probe.jpg");
    let people = path("people");
    let cases: [(&[&str], &str); 10] = [
        (&["detect"], "IMG"),
        (&["detect", &probe, "--min-face", "5"], "20 to 4000"),
        (
            &["compare", &probe, &probe, "--fmr", "0"],
            "above 0 and below 1",
        ),
        (
            &["compare", &probe, &probe, "--fmr", "1e-9"],
            "CalibrationInsufficient",
        ),
        (
            &["identify", "--people", "no/such/folder", &probe],
            "no/such/folder",
        ),
        (
            &["identify", "--people", &people, &probe, "--fpir", "2"],
            "above 0 and below 1",
        ),
        (
            &["detect", &probe, &probe, "--annotate", "x.png"],
            "exactly one",
        ),
        (&["detect", &probe, "--annotate", "x.jpg"], "end in .png"),
        (
            &["identify", "--people", &people, &probe, "--fpir", "1e-7"],
            "faces can be searched",
        ),
        (
            &["detect", &probe, "--models", "no/such/pack"],
            "ModelPackMissing",
        ),
    ];
    for (args, word) in cases {
        let output = vultus(args);
        assert_eq!(output.status.code(), Some(2), "{args:?}");
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert!(
            stderr.contains(word) && !stderr.contains("panicked"),
            "{args:?}: {stderr}"
        );
    }
}

#[test]
fn help_shows_examples() {
    for command in ["detect", "embed", "compare", "identify", "calibrate"] {
        let output = vultus(&[command, "--help"]);
        assert!(output.status.success());
        assert!(
            String::from_utf8(output.stdout)
                .unwrap()
                .contains("Example"),
            "{command}"
        );
    }
}

#[test]
fn one_bad_probe_does_not_hide_the_others() {
    let people = path("people");
    let (code, objects) = vultus_json(&[
        "identify",
        "--people",
        &people,
        "missing.jpg",
        &path("probe.jpg"),
    ]);
    assert_eq!((code, objects.len()), (2, 2));
    assert_eq!(objects[1]["faces"][0]["decision"], "match");
}

#[test]
fn models_list_names_sources_and_licences() {
    let (code, objects) = vultus_json(&["models", "list"]);
    assert_eq!(code, 0);
    let networks = objects[0]["networks"].as_array().unwrap();
    assert_eq!(networks.len(), 6);
    for network in networks {
        for key in ["licence", "source", "training_data"] {
            assert!(network[key].as_str().unwrap().len() > 5, "{key}");
        }
    }
    let (code, objects) = vultus_json(&["models", "verify"]);
    assert_eq!((code, &objects[0]["passed"]), (0, &Value::from(true)));
}
