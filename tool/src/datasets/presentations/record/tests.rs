use super::*;
use std::fs;
use vultus::geom::{Point, Rotation};
use vultus::liveness::depth::SensorClass;

const GOOD: &str = r#"{
  "format": 1,
  "label": { "species": "flat", "subject": "p17", "artefact": "a3" },
  "conditions": { "distance_mm": 450.0, "yaw_deg": -3.5, "light": "indoor", "wearing": [], "age": "adult" },
  "frames": [
    {
      "stream": "depth",
      "file": "000000.z16",
      "class": "B",
      "format": "z16",
      "width": 4,
      "height": 3,
      "unit_mm": 1.0,
      "intrinsics": [4.0, 4.0, 2.0, 1.5],
      "rotation": 90,
      "mirror": true,
      "timestamp_us": 5,
      "landmarks": { "points": [[1, 1], [2, 1], [1.5, 1.5], [1, 2], [2, 2]], "timestamp_us": 5 }
    }
  ]
}"#;

fn refused(from: &str, to: &str) -> String {
    assert!(GOOD.contains(from), "{from}");
    Record::parse(GOOD.replacen(from, to, 1).as_bytes())
        .expect_err(to)
        .to_string()
}

#[test]
fn a_record_is_read_as_it_is_documented_and_written_back() {
    let record = Record::parse(GOOD.as_bytes()).expect("read");
    let FrameRecord::Depth(depth) = &record.frames[0] else {
        panic!("another stream");
    };
    let layout = depth.layout();
    assert_eq!((layout.stride, layout.unit_mm), (8, 1.0));
    assert_eq!(layout.orientation.rotation, Rotation::Cw90);
    assert!(layout.orientation.mirror && depth.class() == SensorClass::B);
    let found = depth.landmarks.as_ref().expect("a face");
    assert_eq!(found.landmarks().nose, Point::new(1.5, 1.5));
    let written = serde_json::to_vec(&record).expect("written");
    let again = Record::parse(&written).expect("read back");
    assert_eq!(serde_json::to_vec(&again).expect("written"), written);
}

#[test]
fn what_is_missing_or_wrong_is_named() {
    assert!(refused("\"format\": 1", "\"format\": 7").contains("format is 7"));
    assert!(refused("\"p17\"", "\"\"").contains("label.subject"));
    assert!(refused("\"p17\"", "\"../p17\"").contains("label.subject"));
    assert!(refused("\"flat\"", "\"flat\\u001b[2J\"").contains("label.species"));
    assert!(refused("\"flat\"", "\"live\"").contains("species is live"));
    assert!(refused("\"a3\"", "null").contains("species is flat"));
    assert!(refused("450.0", "9").contains("distance_mm is 9"));
    assert!(refused("-3.5", "-91").contains("yaw_deg is -91"));
    assert!(refused("\"indoor\"", "\"in door\"").contains("conditions.light"));
    assert!(refused("\"adult\"", "\"old\"").contains("old"));
    assert!(refused("\"000000.z16\"", "\"../../etc/passwd\"").contains("frames.file"));
    assert!(refused("\"000000.z16\"", "\".hidden\"").contains("frames.file"));
    assert!(refused("\"B\"", "\"D\"").contains('D'));
    assert!(refused("\"rotation\": 90", "\"rotation\": 45").contains("rotation is 45"));
    assert!(refused("[1, 1], [2, 1]", "[1, 1], [1e30, 1]").contains("landmarks is"));
    assert!(refused("[1, 1], [2, 1]", "[2, 1]").contains("length 4"));
    assert!(refused("\"unit_mm\": 1.0,", "").contains("unit_mm"));
    assert!(refused("\"mirror\"", "\"mirrored\"").contains("mirrored"));
    assert!(refused("\"stream\": \"depth\"", "\"stream\": \"sonar\"").contains("sonar"));
    assert!(refused("\"width\": 4", "\"width\": -4").contains("-4"));
}

#[test]
fn no_frame_and_too_many_are_refused() {
    let mut record = Record::parse(GOOD.as_bytes()).expect("read");
    let frame = record.frames[0].clone();
    for (count, fine) in [
        (0, false),
        (1, true),
        (MAX_FRAMES, true),
        (MAX_FRAMES + 1, false),
    ] {
        record.frames = vec![frame.clone(); count];
        let text = serde_json::to_vec(&record).expect("written");
        assert_eq!(Record::parse(&text).is_ok(), fine, "{count}");
    }
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
            // Some flips give another valid record; none may break anything.
            if let Ok(record) = Record::parse(&bytes) {
                assert_eq!(record.frames.len(), 1);
            }
        }
    }
}

#[test]
fn a_frame_has_exactly_its_bytes_and_the_limit_comes_before_them() {
    let folder = std::env::temp_dir().join(format!("vultus-pad-record-{}", std::process::id()));
    fs::create_dir_all(&folder).expect("a folder");
    let read = |json: &str| {
        let record = Record::parse(json.as_bytes()).expect("read");
        let Some(FrameRecord::Depth(depth)) = record.frames.into_iter().next() else {
            panic!("another stream");
        };
        depth.read(&folder).map_err(|f| f.to_string())
    };
    assert!(read(GOOD).expect_err("missing").contains("000000.z16"));
    for (bytes, fine) in [(23, false), (24, true), (25, false)] {
        fs::write(folder.join("000000.z16"), vec![1; bytes]).expect("written");
        assert_eq!(read(GOOD).is_ok(), fine, "{bytes}");
    }
    let huge = GOOD.replacen("\"width\": 4", "\"width\": 4294967295", 1);
    assert!(read(&huge).expect_err("too large").contains("allowed is"));
    fs::remove_dir_all(&folder).expect("removed");
}
