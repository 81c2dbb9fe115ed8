//! Every bad picture has its own name, and no way to make us allocate.

use image::ImageFormat;
use vultus::error::{Coded, Status};
use vultus::frame::{Photo, PhotoLimits};
use vultus_testkit::{Counting, crc32, encoded};

/// Decodes and returns the status of the error and the bytes that were live at most.
fn refused(bytes: &[u8]) -> (Status, usize) {
    Counting::restart();
    let error = Photo::decode(bytes).expect_err("the picture is refused");
    (error.status(), Counting::peak())
}

fn decodes(bytes: &[u8]) -> bool {
    Photo::decode(bytes).is_ok()
}

#[test]
fn each_limit_holds_on_both_sides() {
    use ImageFormat::{Bmp, Jpeg, Png};
    assert!(decodes(&encoded(4000, 64, Jpeg)));
    assert_eq!(
        refused(&encoded(4001, 64, Jpeg)).0,
        Status::ImageResolutionExceed
    );
    assert_eq!(
        refused(&encoded(64, 4001, Jpeg)).0,
        Status::ImageResolutionExceed
    );
    for format in [Png, Bmp] {
        assert!(decodes(&encoded(2000, 64, format)));
        assert_eq!(
            refused(&encoded(2001, 64, format)).0,
            Status::ImageResolutionExceed
        );
        assert_eq!(
            refused(&encoded(64, 63, format)).0,
            Status::ImageResolutionTooSmall
        );
    }
    assert!(decodes(&encoded(64, 64, Jpeg)));
    assert_eq!(
        refused(&encoded(63, 500, Jpeg)).0,
        Status::ImageResolutionTooSmall
    );
    assert_eq!(
        refused(&encoded(1, 1, Png)).0,
        Status::ImageResolutionTooSmall
    );

    // Trailing bytes are allowed, up to the limit of the file.
    let mut large = encoded(64, 64, Jpeg);
    large.resize(PhotoLimits::MAX_BYTES, 0);
    assert!(decodes(&large));
    large.push(0);
    assert_eq!(refused(&large).0, Status::ImageSizeExceed);
}

#[test]
fn what_is_no_picture_is_named() {
    assert_eq!(refused(b"").0, Status::ImageEmpty);
    assert_eq!(
        refused(b"GIF89a\x40\x00\x40\x00\x00\x00\x00;").0,
        Status::ImageFormatUnsupported
    );
    let error = Photo::decode(b"GIF89a\x40\x00\x40\x00\x00\x00\x00;")
        .err()
        .unwrap();
    assert!(error.to_string().contains("GIF"));
    assert_eq!(
        refused(b"just some text, no picture").0,
        Status::ImageDecodeFailed
    );
    assert_eq!(refused(&[0xff, 0xd8, 0xff]).0, Status::ImageDecodeFailed);
}

#[test]
fn truncated_at_fifty_lengths() {
    for format in [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::Bmp] {
        let whole = encoded(200, 150, format);
        for step in 0..50 {
            let cut = &whole[..whole.len() * step / 50];
            let status = refused(cut).0;
            let expected = if step == 0 {
                Status::ImageEmpty
            } else {
                Status::ImageDecodeFailed
            };
            assert_eq!(status, expected, "{format:?} {step}");
        }
    }
    let jpeg = encoded(200, 150, ImageFormat::Jpeg);
    // The end marker is no part of the picture; what is before it is.
    assert!(decodes(&jpeg[..jpeg.len() - 1]));
    assert!(decodes(&jpeg[..jpeg.len() - 2]));
    let last_byte_lost = &jpeg[..jpeg.len() - 3];
    assert_eq!(refused(last_byte_lost).0, Status::ImageDecodeFailed);
}

/// A JPEG header with another size, and nothing behind it.
fn jpeg_claiming(width: u16, height: u16, progressive: bool) -> Vec<u8> {
    let mut bytes = encoded(64, 64, ImageFormat::Jpeg);
    let sof = bytes
        .windows(2)
        .position(|w| w[0] == 0xff && (0xc0..=0xc2).contains(&w[1]))
        .unwrap();
    if progressive {
        bytes[sof + 1] = 0xc2;
    }
    bytes[sof + 5..sof + 7].copy_from_slice(&height.to_be_bytes());
    bytes[sof + 7..sof + 9].copy_from_slice(&width.to_be_bytes());
    bytes
}

fn png_claiming(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = encoded(64, 64, ImageFormat::Png);
    bytes[16..20].copy_from_slice(&width.to_be_bytes());
    bytes[20..24].copy_from_slice(&height.to_be_bytes());
    let crc = crc32(&bytes[12..29]);
    bytes[29..33].copy_from_slice(&crc.to_be_bytes());
    bytes
}

fn bmp_claiming(width: i32, height: i32) -> Vec<u8> {
    let mut bytes = encoded(64, 64, ImageFormat::Bmp);
    bytes[18..22].copy_from_slice(&width.to_le_bytes());
    bytes[22..26].copy_from_slice(&height.to_le_bytes());
    bytes
}

#[test]
fn a_forged_header_allocates_nothing_large() {
    let most = 64 * 1024 * 1024;
    let bombs = [
        ("jpeg 65500", jpeg_claiming(65500, 65500, false)),
        ("jpeg 4000", jpeg_claiming(4000, 4000, false)),
        ("jpeg 4000 progressive", jpeg_claiming(4000, 4000, true)),
        ("png 2^31", png_claiming(0x7fff_ffff, 0x7fff_ffff)),
        ("png 2000", png_claiming(2000, 2000)),
        ("bmp 2^31", bmp_claiming(i32::MAX, i32::MAX)),
        ("bmp 2000", bmp_claiming(2000, 2000)),
        ("bmp negative", bmp_claiming(-2000, i32::MIN)),
    ];
    for (name, bytes) in bombs {
        let (status, peak) = refused(&bytes);
        assert!(peak < most, "{name}: {peak} bytes were live");
        assert!(
            matches!(
                status,
                Status::ImageDecodeFailed | Status::ImageResolutionExceed
            ),
            "{name}: {status:?}"
        );
    }
}

/// A header within the limits and just enough bytes behind it looks like a photograph until its blocks are counted. A
/// sequential one costs what a photograph costs until its decoder stumbles, and no single allocation more; a progressive
/// one is refused before there are pixels.
#[test]
fn a_plausible_forgery_costs_no_more_than_a_photograph() {
    for progressive in [false, true] {
        let mut bytes = jpeg_claiming(4000, 4000, progressive);
        bytes.truncate(bytes.len() - 2);
        bytes.extend((0..60_000_u32).map(|i| (i.wrapping_mul(2_654_435_761) >> 25) as u8));
        bytes.extend([0xff, 0xd9]);
        let (status, peak) = refused(&bytes);
        assert_eq!(status, Status::ImageDecodeFailed);
        let largest = Counting::largest();
        assert!(largest <= 4000 * 4000 * 3, "{largest} bytes at once");
        assert!(!progressive || peak < 8 * 1024 * 1024, "{peak} bytes");
    }
}

#[test]
fn flipped_bits_never_panic() {
    for format in [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::Bmp] {
        let whole = encoded(64, 64, format);
        let step = (whole.len() / 400).max(1);
        for position in (0..whole.len()).step_by(step) {
            let mut broken = whole.clone();
            broken[position] ^= 1 << (position % 8);
            let _ = Photo::decode(&broken);
        }
    }
}
