//! One picture in every pixel format and orientation is one and the same face to the standard pack.

use crate::common::standard;
use vultus_testkit::formats::{formats_agree, rotations_agree};
use vultus_testkit::open;

#[test]
fn the_eight_formats_agree_standard() {
    if let Some(folder) = standard() {
        formats_agree(&open(folder).unwrap());
    }
}

#[test]
fn all_four_rotations_give_the_same_faces_standard() {
    if let Some(folder) = standard() {
        rotations_agree(&open(folder).unwrap());
    }
}
