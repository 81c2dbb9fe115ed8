use super::*;
use crate::datasets::presentations::{FrameRecord, Record};
use std::fs;
use vultus::liveness::infrared::InInfrared;

const GOOD: &str = r#"{
  "format": 1,
  "conditions": { "distance_mm": null, "yaw_deg": null, "light": "ambient-0.00-0.25", "wearing": [], "age": "adult" },
  "frames": [
    {
      "stream": "ir",
      "camera": { "format": "y10", "width": 4, "height": 3, "intrinsics": [4, 4, 2, 1.5], "rotation": 0, "mirror": false },
      "lit": { "file": "lit.y10", "emitter": "on", "timestamp_us": 5 },
      "unlit": { "file": "unlit.y10", "emitter": "off", "timestamp_us": 6 },
      "colour": { "file": "colour.rgb", "format": "rgb8", "width": 8, "height": 6, "intrinsics": [8, 8, 4, 3], "rotation": 0, "mirror": false, "timestamp_us": 7 },
      "registration": { "affine": [[0.5, 0, 0], [0, 0.5, 0]] },
      "landmarks": { "colour": [[2, 2], [4, 2], [3, 3], [2, 4], [4, 4]], "infrared": null },
      "detector": null
    }
  ]
}"#;

fn parsed(text: &str) -> Result<InfraredRecord, RecordError> {
    let record = Record::parse(text.as_bytes())?;
    let frame = record.frames.into_iter().next();
    let Some(FrameRecord::Infrared(infrared)) = frame else {
        panic!("another stream");
    };
    Ok(*infrared)
}

fn changed(from: &str, to: &str) -> String {
    assert!(GOOD.contains(from), "{from}");
    GOOD.replacen(from, to, 1)
}

fn refused(from: &str, to: &str) -> String {
    parsed(&changed(from, to)).expect_err(to).to_string()
}

fn face(from: &str, to: &str) -> InfraredFace {
    let record = parsed(&changed(from, to)).expect("read");
    record.face().expect("registered").expect("a face")
}

#[test]
fn a_record_is_read_as_it_is_documented_and_written_back() {
    let record = parsed(GOOD).expect("read");
    let face = record.face().expect("registered").expect("a face");
    assert_eq!(face.timestamp_us, 7);
    assert_eq!(face.in_colour.nose, Point::new(3.0, 3.0));
    assert_eq!(face.in_infrared.nose, Point::new(1.5, 1.5));
    assert_eq!(face.found, InInfrared::NotAsked);
    let record = Record::parse(GOOD.as_bytes()).expect("read");
    let written = serde_json::to_vec(&record).expect("written");
    let again = Record::parse(&written).expect("read back");
    assert_eq!(serde_json::to_vec(&again).expect("written"), written);
}

#[test]
fn what_a_detector_said_and_other_landmarks_are_taken_over() {
    let none = face(
        "\"detector\": null",
        "\"detector\": { \"landmarks\": null }",
    );
    assert_eq!(none.found, InInfrared::NoFace);
    let points = "[[1, 1], [2, 1], [1.5, 1.5], [1, 2], [2, 2]]";
    let found = face(
        "\"detector\": null",
        &format!("\"detector\": {{ \"landmarks\": {points} }}"),
    );
    let InInfrared::Face(landmarks) = found.found else {
        panic!("{:?}", found.found);
    };
    assert_eq!(landmarks.mouth_right, Point::new(2.0, 2.0));
    let own = face("\"infrared\": null", &format!("\"infrared\": {points}"));
    assert_eq!(own.in_infrared, landmarks);
}

#[test]
fn two_cameras_put_a_face_where_eyes_of_65_mm_say_it_is() {
    let cameras = r#""registration": { "cameras": { "rotation": [[1, 0, 0], [0, 1, 0], [0, 0, 1]], "shift_mm": [26, 0, 0] } }"#;
    let face = face(
        "\"registration\": { \"affine\": [[0.5, 0, 0], [0, 0.5, 0]] }",
        cameras,
    );
    // Eyes 2 px apart at a focal length of 8 px: 260 mm away, where 26 mm are 0.4 px of the other camera.
    let nose = face.in_infrared.nose;
    assert!((nose.x - 1.9).abs() < 1e-4 && (nose.y - 1.5).abs() < 1e-4);
}

#[test]
fn a_map_that_contradicts_the_frames_is_refused_by_its_status() {
    for (to, named) in [
        ("[[-0.5, 0, 4], [0, 0.5, 0]]", "mirrors"),
        ("[[0, 0, 0], [0, 0, 0]]", "enlarges"),
        ("[[0, -0.5, 4], [0.5, 0, 0]]", "turned"),
    ] {
        let record = parsed(&changed("[[0.5, 0, 0], [0, 0.5, 0]]", to)).expect("read");
        let cause = record.face().expect_err(to).to_string();
        assert!(cause.contains(named), "{cause}");
    }
}

#[test]
fn what_is_missing_or_wrong_is_named() {
    for field in ["unlit", "registration", "landmarks", "detector"] {
        let (from, to) = (format!("\"{field}\""), format!("\"{field}s\""));
        assert!(refused(&from, &to).contains(field), "{field}");
    }
    assert!(refused("\"lit.y10\"", "\"../lit.y10\"").contains("frames.file"));
    assert!(refused("\"unlit.y10\"", "\".unlit\"").contains("frames.file"));
    assert!(refused("\"colour.rgb\"", "\"\"").contains("frames.file"));
    assert!(refused("\"y10\"", "\"y12\"").contains("y12"));
    assert!(refused("\"rgb8\"", "\"mjpeg\"").contains("mjpeg"));
    assert!(refused("\"on\"", "\"perhaps\"").contains("perhaps"));
    assert!(refused("\"rotation\": 0", "\"rotation\": 45").contains("rotation is 45"));
    assert!(refused("[3, 3]", "[3, 1e30]").contains("landmarks is"));
    assert!(refused("[[2, 2], ", "[").contains("length 4"));
    assert!(refused("{ \"affine\": [[0.5, 0, 0], [0, 0.5, 0]] }", "null").contains("registration"));
    let known = "\"intrinsics\": [8, 8, 4, 3]";
    let cameras = r#"{ "cameras": { "rotation": [[1, 0, 0], [0, 1, 0], [0, 0, 1]], "shift_mm": [26, 0, 0] } }"#;
    let text = changed("{ \"affine\": [[0.5, 0, 0], [0, 0.5, 0]] }", cameras);
    let unknown = text.replacen(known, "\"intrinsics\": null", 1);
    assert!(parsed(&text).is_ok());
    let cause = parsed(&unknown).expect_err("refused").to_string();
    assert!(cause.contains("colour.intrinsics"), "{cause}");
    let odd = changed("\"rgb8\", \"width\": 8", "\"nv12\", \"width\": 7");
    let cause = parsed(&odd).expect_err("refused").to_string();
    assert!(cause.contains("7 by 6"), "{cause}");
}

#[test]
fn frames_have_exactly_their_bytes_and_are_checked_even_where_they_are_not_used() {
    let folder = std::env::temp_dir().join(format!("vultus-pad-ir-{}", std::process::id()));
    fs::create_dir_all(&folder).expect("a folder");
    let write = |name: &str, bytes: usize| {
        fs::write(folder.join(name), vec![1; bytes]).expect("written");
    };
    // 0x0101 is a sample of 10 bits.
    write("lit.y10", 24);
    write("unlit.y10", 24);
    write("colour.rgb", 144);
    let record = parsed(GOOD).expect("read");
    let bytes = record.read(&folder).expect("all there");
    assert_eq!(bytes.each().map(<[u8]>::len).sum::<usize>(), 24 + 24 + 144);
    let pair = record.frames(&folder, &bytes, false).expect("a pair");
    let alone = record.frames(&folder, &bytes, true).expect("a frame");
    assert!(pair.unlit().is_some() && alone.unlit().is_none());
    assert_eq!(
        record.colour(&folder, &bytes).expect("a frame").size(),
        (8, 6)
    );
    for (from, to, named) in [
        ("\"off\"", "\"on\"", "emitter"),
        ("\"timestamp_us\": 6", "\"timestamp_us\": 40006", "40.0"),
        ("\"timestamp_us\": 6", "\"timestamp_us\": 0", "capture time"),
    ] {
        let record = parsed(&changed(from, to)).expect("read");
        let cause = record.frames(&folder, &bytes, true).expect_err(to);
        assert!(cause.to_string().contains(named), "{cause}");
    }
    for (name, wrong, right) in [
        ("lit.y10", 23, 24),
        ("unlit.y10", 25, 24),
        ("colour.rgb", 143, 144),
    ] {
        write(name, wrong);
        let cause = record.read(&folder).expect_err("refused").to_string();
        assert!(
            cause.contains(name) && cause.contains("its sidecar says"),
            "{cause}"
        );
        write(name, right);
    }
    let huge = changed("\"width\": 4", "\"width\": 4294967295");
    let cause = parsed(&huge)
        .expect("read")
        .read(&folder)
        .expect_err("refused");
    assert!(cause.to_string().contains("allowed is"), "{cause}");
    fs::remove_dir_all(&folder).expect("removed");
}

#[test]
fn no_prefix_and_no_flipped_bit_panics() {
    for end in 0..GOOD.len() {
        assert!(Record::parse(&GOOD.as_bytes()[..end]).is_err(), "{end}");
    }
    for at in 0..GOOD.len() {
        for bit in 0..8 {
            let mut bytes = GOOD.as_bytes().to_vec();
            bytes[at] ^= 1 << bit;
            if let Ok(record) = Record::parse(&bytes) {
                assert_eq!(record.frames.len(), 1);
            }
        }
    }
}
