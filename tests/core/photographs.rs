//! Only what a viewer shows of a photograph counts: not what is transparent, not a second picture, and no half of one.

use image::{DynamicImage, GrayAlphaImage, ImageFormat, Rgba, RgbaImage, imageops};
use std::fs;
use std::io::Cursor;
use vultus::error::{Coded, Status};
use vultus::face::TransparentFace;
use vultus::frame::{MjpgFrame, Photo, PhotoError};
use vultus::internals::matching::cosine;
use vultus::{DetectOptions, EnrolOptions, ImageCode};
use vultus_testkit::{fixture, lite, photo};

const OBAMA: &str = "people/barack_obama/portrait.jpg";
const BIDEN: &str = "people/joe_biden/portrait.jpg";

/// A committed photograph as pixels that a test may change.
fn picture(name: &str) -> RgbaImage {
    let photo = photo(name);
    let (width, height) = photo.image().size();
    let pixels = photo.image().pixels().to_vec();
    let rgb = image::RgbImage::from_raw(width, height, pixels).unwrap();
    DynamicImage::ImageRgb8(rgb).into_rgba8()
}

fn file(picture: impl Into<DynamicImage>, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    picture.into().write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

fn with_alpha(mut picture: RgbaImage, alpha: impl Fn(u32, u32) -> u8) -> RgbaImage {
    for (x, y, pixel) in picture.enumerate_pixels_mut() {
        pixel[3] = alpha(x, y);
    }
    picture
}

fn enrolled(bytes: &[u8]) -> Result<vultus::Embedding, vultus::Error> {
    let mut session = lite().session().unwrap();
    let face = session.enrol_photo(bytes, &EnrolOptions::default())?;
    Ok(face.embedding)
}

fn known(name: &str) -> vultus::Embedding {
    enrolled(&fs::read(fixture(name)).unwrap()).unwrap()
}

/// One person is visible, another one, larger, in what is transparent.
fn visible_and_hidden() -> RgbaImage {
    let (obama, biden) = (picture(OBAMA), picture(BIDEN));
    let (width, height) = (biden.width() * 3 / 2, biden.height() * 3 / 2);
    let biden = imageops::resize(&biden, width, height, imageops::FilterType::Triangle);
    let hidden = with_alpha(biden, |_, _| 0);
    let all = (obama.width() + width, obama.height().max(height));
    let mut both = RgbaImage::from_pixel(all.0, all.1, Rgba([255; 4]));
    imageops::replace(&mut both, &obama, 0, 0);
    imageops::replace(&mut both, &hidden, i64::from(obama.width()), 0);
    both
}

#[test]
fn the_visible_person_is_enrolled_and_not_the_invisible_one() {
    for format in [ImageFormat::Png, ImageFormat::Bmp] {
        let embedding = enrolled(&file(visible_and_hidden(), format)).unwrap();
        let visible = cosine(&embedding, &known(OBAMA)).unwrap();
        let hidden = cosine(&embedding, &known(BIDEN)).unwrap();
        assert!(
            visible > 0.99 && hidden < visible - 0.1,
            "{format:?}: {visible} {hidden}"
        );
    }
}

#[test]
fn a_picture_that_looks_blank_has_no_face() {
    let blank = with_alpha(picture(BIDEN), |_, _| 0);
    let error = enrolled(&file(blank, ImageFormat::Png)).unwrap_err();
    assert_eq!(error.status(), Status::NoFaceInPhoto);
}

#[test]
fn a_face_that_something_shines_through_is_found_but_not_judged_or_embedded() {
    for alpha in [140, 254] {
        let faded = with_alpha(picture(BIDEN), |_, _| alpha);
        let bytes = file(faded, ImageFormat::Png);
        let error = enrolled(&bytes).unwrap_err();
        assert_eq!(error.status(), Status::FaceTransparent, "{alpha}");
        assert_eq!(ImageCode::of(&error), Some(ImageCode::Quality));
        assert_eq!(error.detail::<TransparentFace>().unwrap().share, 1.0);
        assert!(error.to_string().contains("100 % of the face"), "{error}");

        let photo = Photo::decode(&bytes).unwrap();
        let frame = photo.frame();
        let mut session = lite().session().unwrap();
        let face = session
            .largest_face(&frame, &DetectOptions::default())
            .unwrap();
        let refused = |result: Result<(), vultus::Error>| {
            assert_eq!(result.unwrap_err().status(), Status::FaceTransparent);
        };
        refused(session.embed(&frame, &face).map(drop));
        refused(session.align(&frame, &face).map(drop));
        refused(session.quality(&frame, &face).map(drop));
        refused(session.crop(&frame, &face).map(drop));
        refused(
            session
                .probes(&frame, &DetectOptions::default(), 1)
                .map(drop),
        );
    }
}

#[test]
fn a_head_cut_out_of_its_background_and_an_opaque_picture_are_as_good_as_any() {
    let opaque = file(picture(BIDEN), ImageFormat::Png);
    let plain = known(BIDEN);
    assert_eq!(cosine(&enrolled(&opaque).unwrap(), &plain).unwrap(), 1.0);
    let photo = Photo::decode(&opaque).unwrap();
    let mut session = lite().session().unwrap();
    let face = session
        .largest_face(&photo.frame(), &DetectOptions::default())
        .unwrap();
    // An ellipse around the face and the hair.
    let (centre, rect) = (face.rect.centre(), face.rect);
    let cut = with_alpha(picture(BIDEN), |x, y| {
        let across = (x as f32 - centre.x) / (rect.width * 0.58);
        let down = (y as f32 - centre.y) / (rect.height * 0.78);
        if across * across + down * down < 1.0 {
            255
        } else {
            0
        }
    });
    let bytes = file(cut, ImageFormat::Png);
    let photo = Photo::decode(&bytes).unwrap();
    let share = photo.frame().transparent_share(&rect);
    assert!((0.005..0.1).contains(&share), "{share}");
    let same = cosine(&enrolled(&bytes).unwrap(), &plain).unwrap();
    assert!(same > 0.8, "{same}");
}

#[test]
fn every_way_to_be_transparent_is_put_in_front_of_white() {
    let pixel = |bytes: &[u8], at: usize| -> [u8; 3] {
        let photo = Photo::decode(bytes).unwrap();
        photo.image().pixels()[at * 3..][..3].try_into().unwrap()
    };
    let half = |x: u32| if x < 32 { 0 } else { 255 };
    let colour = RgbaImage::from_fn(64, 64, |x, _| Rgba([10, 20, 30, half(x)]));
    let grey = GrayAlphaImage::from_fn(64, 64, |x, _| image::LumaA([40, half(x)]));
    let deep = DynamicImage::ImageRgba8(colour.clone()).into_rgba16();
    let deep_grey = DynamicImage::ImageLumaA8(grey.clone()).into_luma_alpha16();
    let mut keyed = file(
        DynamicImage::ImageRgba8(colour.clone()).into_rgb8(),
        ImageFormat::Png,
    );
    for (bytes, shown) in [
        (file(colour.clone(), ImageFormat::Png), [10, 20, 30]),
        (file(colour, ImageFormat::Bmp), [10, 20, 30]),
        (file(grey, ImageFormat::Png), [40; 3]),
        (
            file(DynamicImage::ImageRgba16(deep), ImageFormat::Png),
            [10, 20, 30],
        ),
        (
            file(DynamicImage::ImageLumaA16(deep_grey), ImageFormat::Png),
            [40; 3],
        ),
    ] {
        assert_eq!((pixel(&bytes, 0), pixel(&bytes, 40)), ([255; 3], shown));
    }
    // A single colour that is declared transparent.
    insert_chunk(&mut keyed, b"tRNS", &[0, 10, 0, 20, 0, 30]);
    assert_eq!(pixel(&keyed, 0), [255; 3]);
    let photo = Photo::decode(&keyed).unwrap();
    let all = vultus::geom::Rect {
        x: 0.0,
        y: 0.0,
        width: 64.0,
        height: 64.0,
    };
    assert_eq!(photo.frame().transparent_share(&all), 1.0);
}

#[test]
fn an_animation_is_no_photograph() {
    let still = file(picture(BIDEN), ImageFormat::Png);
    let mut animated = still.clone();
    // From the back to the front, each before the data.
    let mut frame = [0; 26];
    frame[4..12].copy_from_slice(&[0, 0, 0x1, 0xc8, 0, 0, 0x1, 0xe0]);
    insert_chunk(&mut animated, b"fcTL", &frame);
    insert_chunk(&mut animated, b"acTL", &[0, 0, 0, 2, 0, 0, 0, 0]);
    let error = Photo::decode(&animated).err().unwrap();
    assert_eq!(error.status(), Status::ImageFormatUnsupported);
    assert!(error.to_string().contains("APNG"), "{error}");
    assert!(Photo::decode(&still).is_ok());
}

/// Puts a chunk before the data of a PNG.
fn insert_chunk(png: &mut Vec<u8>, kind: &[u8; 4], content: &[u8]) {
    let data = png.windows(4).position(|four| four == b"IDAT").unwrap() - 4;
    let checked = [kind, content].concat();
    let chunk = [
        &(content.len() as u32).to_be_bytes(),
        checked.as_slice(),
        &vultus_testkit::crc32(&checked).to_be_bytes(),
    ]
    .concat();
    png.splice(data..data, chunk);
}

/// Where the data of a JPEG's first scan begin.
fn data_of(jpeg: &[u8]) -> usize {
    let header = jpeg
        .windows(2)
        .position(|pair| pair == [0xff, 0xda])
        .unwrap();
    header + 2 + usize::from(jpeg[header + 3])
}

#[test]
fn a_portrait_that_was_cut_is_refused_wherever_it_was_cut() {
    let whole = fs::read(fixture(BIDEN)).unwrap();
    let data = data_of(&whole);
    for part in 0..20 {
        let cut = data + (whole.len() - 2 - data) * part / 20;
        let ended = [&whole[..cut], &[0xff, 0xd9]].concat();
        let error = Photo::decode(&ended).err().unwrap();
        assert_eq!(error.status(), Status::ImageDecodeFailed);
        let PhotoError::Incomplete { missing } = error else {
            panic!("{error}");
        };
        let expected = 1.0 - part as f32 / 20.0;
        assert!((missing - expected).abs() < 0.25, "{missing} of {expected}");
    }
}

#[test]
fn a_portrait_without_its_end_marker_or_with_stray_bytes_is_whole() {
    let whole = fs::read(fixture(BIDEN)).unwrap();
    let expected = photo(BIDEN);
    let same = |bytes: &[u8]| {
        let photo = Photo::decode(bytes).unwrap();
        photo.image().pixels() == expected.image().pixels()
    };
    assert!(whole.ends_with(&[0xff, 0xd9]));
    assert!(same(&whole[..whole.len() - 2]));
    for marker in [0xdb, 0xc4, 0xda] {
        let at = whole
            .windows(2)
            .position(|pair| pair == [0xff, marker])
            .unwrap();
        assert!(same(
            &[&whole[..at], &[0, 0, 0x11, 0x22], &whole[at..]].concat()
        ));
        assert!(same(&[&whole[..at], &[0; 16], &whole[at..]].concat()));
    }
}

#[test]
fn a_portrait_without_huffman_tables_gets_the_standards() {
    // The encoder of crate image writes the standard's tables.
    let with = file(
        DynamicImage::ImageRgba8(picture(BIDEN)).into_rgb8(),
        ImageFormat::Jpeg,
    );
    let mut without = with[..2].to_vec();
    let mut at = 2;
    while at < data_of(&with) {
        let length = 2 + usize::from(u16::from_be_bytes([with[at + 2], with[at + 3]]));
        if with[at + 1] != 0xc4 {
            without.extend(&with[at..at + length]);
        }
        at += length;
    }
    without.extend(&with[at..]);
    assert!(with.len() - without.len() > 400, "tables were left out");
    let expected = Photo::decode(&with).unwrap();
    let file = Photo::decode(&without).unwrap();
    assert!(file.image().pixels() == expected.image().pixels());
    let Ok(MjpgFrame::Whole(frame)) = MjpgFrame::decode(&without) else {
        panic!("a whole frame");
    };
    assert!(frame.image().pixels() == expected.image().pixels());
}
