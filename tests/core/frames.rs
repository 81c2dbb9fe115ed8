//! One picture in every pixel format and orientation is one and the same face.

use proptest::prelude::*;
use vultus::frame::{Frame, FrameLayout, PixelFormat};
use vultus::geom::Rotation;
use vultus::internals::matching::cosine;
use vultus_testkit::formats::{embed, formats_agree, rotations_agree, turned};
use vultus_testkit::{fixture, lite, photo};

#[test]
fn the_eight_formats_agree_lite() {
    formats_agree(lite());
}

#[test]
fn all_four_rotations_give_the_same_faces_lite() {
    rotations_agree(lite());
}

#[test]
fn a_mirrored_camera_sees_the_same_person() {
    let picture = photo("people/barack_obama/portrait.jpg");
    let (width, height) = picture.image().size();
    let flipped: Vec<u8> = picture
        .image()
        .pixels()
        .chunks_exact(width as usize * 3)
        .flat_map(|row| {
            row.as_chunks::<3>()
                .0
                .iter()
                .rev()
                .flatten()
                .copied()
                .collect::<Vec<u8>>()
        })
        .collect();
    let layout = FrameLayout::packed(PixelFormat::Rgb8, width, height).with_mirror(true);
    let told = Frame::new(layout, &flipped).unwrap();
    let cosine = cosine(&embed(lite(), &picture.frame()), &embed(lite(), &told)).unwrap();
    assert!(cosine > 0.999, "{cosine}");
}

#[test]
fn exif_orientation_is_honoured_unless_told_otherwise() {
    let jpeg = std::fs::read(fixture("people/joe_biden/portrait.jpg")).unwrap();
    // APP1 with one little-endian IFD entry: orientation 6, to be turned 90 degrees clockwise.
    let exif: Vec<u8> = [
        b"\xff\xe1\x00\x22Exif\0\0II\x2a\0\x08\0\0\0".as_slice(),
        b"\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\0\0\0\0".as_slice(),
    ]
    .concat();
    let tagged = [&jpeg[..2], &exif, &jpeg[2..]].concat();
    let stored = vultus::frame::Photo::decode_ignoring_exif(&tagged).unwrap();
    let upright = vultus::frame::Photo::decode(&tagged).unwrap();
    assert_eq!(stored.image().size(), (456, 480));
    assert_eq!(upright.image().size(), (480, 456));
    let (turned, width, height) = turned(stored.image().pixels(), 456, 480, Rotation::Cw90);
    assert_eq!((width, height), (480, 456));
    assert!(
        upright.image().pixels() == turned,
        "the pixels were turned clockwise"
    );
}

proptest! {
    /// Whatever the bytes, size and stride: a frame or a named error, and every stage survives it.
    #[test]
    fn any_layout_is_a_frame_or_an_error(
        format in prop::sample::select(PixelFormat::ALL.to_vec()),
        width in 0_u32..40, height in 0_u32..40, stride in 0_usize..200, length in 0_usize..6000,
        turn in prop::sample::select(Rotation::ALL.to_vec()), mirror in any::<bool>(),
    ) {
        let bytes = vec![77_u8; length];
        let layout = FrameLayout::packed(format, width, height)
            .with_stride(stride).with_rotation(turn).with_mirror(mirror);
        if let Ok(frame) = Frame::new(layout, &bytes) {
            let rgb = frame.to_rgb();
            prop_assert_eq!(rgb.size(), (width, height));
            let mut scratch = vultus::frame::LetterboxScratch::default();
            let (canvas, _) = scratch.fit(&frame, 32, 24);
            prop_assert_eq!(canvas.size(), (32, 24));
        }
    }
}
