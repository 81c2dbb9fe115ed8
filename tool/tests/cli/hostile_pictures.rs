//! Every bad picture has exit code 2 and its own name.

use crate::common::{vultus, vultus_json};
use image::ImageFormat;
use vultus_testkit::{TempDir, encoded, fixture};

#[test]
fn the_tool_answers_two_and_names_the_error() {
    let folder = TempDir::new("bad");
    let portrait = std::fs::read(fixture("people/joe_biden/portrait.jpg")).unwrap();
    let cases = [
        ("empty.jpg", vec![], "ImageEmpty"),
        ("cut.jpg", portrait[..400].to_vec(), "ImageDecodeFailed"),
        (
            "one.png",
            encoded(1, 1, ImageFormat::Png),
            "ImageResolutionTooSmall",
        ),
        (
            "narrow.jpg",
            encoded(63, 500, ImageFormat::Jpeg),
            "ImageResolutionTooSmall",
        ),
        (
            "wide.jpg",
            encoded(4001, 100, ImageFormat::Jpeg),
            "ImageResolutionExceed",
        ),
        (
            "anim.jpg",
            b"GIF89a\x40\x00\x40\x00\x00\x00\x00;".to_vec(),
            "ImageFormatUnsupported",
        ),
        ("note.txt", b"hello".to_vec(), "ImageDecodeFailed"),
    ];
    for (name, bytes, error) in cases {
        let path = folder.write(name, &bytes);
        let (code, objects) = vultus_json(&["detect", path.to_str().unwrap()]);
        assert_eq!(code, 2, "{name}");
        assert_eq!(objects[0]["error"]["name"], error, "{name}");
        let text = vultus(&["compare", path.to_str().unwrap(), path.to_str().unwrap()]);
        assert_eq!(text.status.code(), Some(2), "{name}");
        let stderr = String::from_utf8(text.stderr).unwrap();
        assert!(
            stderr.contains(error) && !stderr.contains("panicked"),
            "{name}: {stderr}"
        );
    }
    let missing = vultus(&["detect", "no/such/file.jpg"]);
    assert_eq!(missing.status.code(), Some(2));
}
