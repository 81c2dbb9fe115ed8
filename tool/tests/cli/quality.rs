//! Quality control by the tool.

use crate::common::{vultus, vultus_json};
use vultus_testkit::{TempDir, fixture};

#[test]
fn the_tool_knows_levels() {
    let portrait = fixture("people/barack_obama/portrait.jpg");
    let portrait = portrait.to_str().unwrap();
    let (code, objects) = vultus_json(&["quality", portrait]);
    assert_eq!(code, 0);
    let face = &objects[0]["faces"][0];
    assert_eq!(face["qualified"], true);
    assert!(face["quality"]["total"].as_f64().unwrap() > 70.0);
    assert!(face["quality"]["learned"].is_null());
    assert!(face["mask"].is_null());
    let illegal = vultus(&["quality", "--control", "5", portrait]);
    assert_eq!(illegal.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&illegal.stderr).contains("QualityControlIllegal"));

    // The same face, blurred beyond use: a photo call refuses it by name.
    let folder = TempDir::new("blurred");
    let sharp = image::open(portrait).unwrap().to_rgb8();
    let file = folder.path().join("blurred.png");
    image::imageops::blur(&sharp, 11.0).save(&file).unwrap();
    let file = file.to_str().unwrap();
    let (code, objects) = vultus_json(&["embed", "--quality", "1", file]);
    assert_eq!(code, 1);
    assert_eq!(objects[0]["error"]["name"], "FaceQualityNotQualified");
    assert!(
        objects[0]["error"]["message"]
            .as_str()
            .unwrap()
            .contains("very_blurred")
    );
    assert_eq!(vultus(&["embed", file]).status.code(), Some(0));
    let compared = vultus(&["compare", "--quality", "1", portrait, file]);
    assert_eq!(compared.status.code(), Some(1));
}
