//! One folder names the runtime that reads ONNX files.

use crate::files::{below, text};
use crate::house::HOUSE;

const NN: &str = "nn/src/";

#[test]
fn only_nn_names_the_runtime() {
    for room in HOUSE.iter() {
        let source = below(room.member.folder, "src/");
        let files = room.files.iter().filter(|file| file.starts_with(&source));
        for file in files.filter(|file| !file.starts_with(NN)) {
            assert!(!text(file).contains("tract_"), "{file} names tract");
        }
    }
    let nn = HOUSE.iter().flat_map(|room| &room.files);
    let named = nn.filter(|file| file.starts_with(NN) && text(file).contains("tract_"));
    assert!(named.count() > 0, "{NN} is elsewhere");
}
