use super::classifier::softmax_of;
use super::*;
use crate::frame::{Frame, FrameLayout, PixelFormat};
use crate::geom::Rect;
use crate::stages::liveness::scratch::FaceChip;
use crate::stages::liveness::{Reason, Reasons};

fn usual() -> ColourMeasures {
    ColourMeasures {
        face_px: 120.0,
        surroundings: 3.0,
        in_frame: 1.0,
        brightness: 120.0,
        contrast: 40.0,
        colour: 40.0,
        sharpness: 0.6,
    }
}

#[test]
fn both_sides_of_every_gate() {
    let rules = ColourRules::default();
    assert!(rules.invalid(&usual()).is_empty());
    type Set = fn(&mut ColourMeasures, f32);
    let cases: [(Set, f32, f32, Reason); 8] = [
        (|m, v| m.face_px = v, 64.0, 63.9, Reason::FaceTooSmall),
        (|m, v| m.surroundings = v, 1.8, 1.79, Reason::TooNear),
        (|m, v| m.in_frame = v, 0.95, 0.94, Reason::FaceCutOff),
        (|m, v| m.brightness = v, 40.0, 39.9, Reason::BadlyLit),
        (|m, v| m.brightness = v, 220.0, 220.1, Reason::BadlyLit),
        (|m, v| m.contrast = v, 12.0, 11.9, Reason::LowContrast),
        (|m, v| m.colour = v, 6.0, 5.9, Reason::NoColour),
        (|m, v| m.sharpness = v, 0.2, 0.19, Reason::Blurred),
    ];
    for (set, inside, outside, reason) in cases {
        let mut measures = usual();
        set(&mut measures, inside);
        assert!(rules.invalid(&measures).is_empty(), "{reason:?} {inside}");
        for bad in [outside, f32::NAN] {
            set(&mut measures, bad);
            let only = Reasons::default().with(reason);
            assert_eq!(rules.invalid(&measures), only, "{reason:?} {bad}");
        }
    }
}

/// A picture of blocks, one colour channel a third of the others.
fn picture(width: u32, height: u32, block: u32, tint: u8) -> Vec<u8> {
    let mut rgb = Vec::new();
    for y in 0..height {
        for x in 0..width {
            let v = if (x / block + y / block).is_multiple_of(2) {
                90
            } else {
                180
            };
            rgb.extend([v, v - tint, v - tint]);
        }
    }
    rgb
}

fn measure(rgb: &[u8], (width, height): (u32, u32), rect: Rect) -> ColourMeasures {
    let layout = FrameLayout::packed(PixelFormat::Rgb8, width, height);
    let frame = Frame::new(layout, rgb).expect("a frame");
    FaceChip::default()
        .measure(&frame, &rect, 4.0)
        .expect("a face")
}

#[test]
fn measures_are_what_the_picture_is() {
    let rect = Rect {
        x: 100.0,
        y: 80.0,
        width: 128.0,
        height: 160.0,
    };
    let size = (640, 480);
    let m = measure(&picture(640, 480, 16, 30), size, rect);
    assert_eq!((m.face_px, m.in_frame), (128.0, 1.0));
    // 479 / 160 of the face.
    assert!((m.surroundings - 2.993_75).abs() < 1e-4);
    // Half 90 and half 180, less the tint's share of luma: 0.701 of 30.
    assert!((m.brightness - (135.0 - 21.0)).abs() < 2.0, "{m:?}");
    assert!((m.contrast - 45.0).abs() < 5.0 && (m.colour - 30.0).abs() < 0.5);
    let grey = measure(&picture(640, 480, 16, 0), size, rect);
    assert_eq!(grey.colour, 0.0);
    // The same edges at half the contrast are as sharp; fewer edges are less so.
    let coarse = measure(&picture(640, 480, 40, 30), size, rect);
    assert!(coarse.sharpness < 0.7 * m.sharpness);
    let outside = Rect { x: -64.0, ..rect };
    let cut = measure(&picture(640, 480, 16, 30), size, outside);
    assert!((cut.in_frame - 0.5).abs() < 1e-6);
}

#[test]
fn blur_is_measured_whatever_the_light() {
    let rect = Rect {
        x: 64.0,
        y: 64.0,
        width: 128.0,
        height: 128.0,
    };
    let sharp = picture(256, 256, 12, 30);
    let dim: Vec<u8> = sharp.iter().map(|v| v / 2).collect();
    let size = (256, 256);
    let (a, b) = (measure(&sharp, size, rect), measure(&dim, size, rect));
    assert!((a.sharpness - b.sharpness).abs() < 0.03 * a.sharpness);
    // A box of 9 × 9 pixels over every pixel.
    let at = |x: i64, y: i64, c: usize| {
        let [x, y] = [x, y].map(|v| v.clamp(0, 255) as usize);
        u32::from(sharp[(y * 256 + x) * 3 + c])
    };
    let mut blurred = Vec::new();
    for y in 0..256_i64 {
        for x in 0..256_i64 {
            for c in 0..3 {
                let sum: u32 = (-4..=4)
                    .flat_map(|dy| (-4..=4).map(move |dx| (dx, dy)))
                    .map(|(dx, dy)| at(x + dx, y + dy, c))
                    .sum();
                blurred.push((sum / 81) as u8);
            }
        }
    }
    assert!(measure(&blurred, size, rect).sharpness < 0.6 * a.sharpness);
}

#[test]
fn a_softmax_that_is_no_number_is_no_life() {
    assert!((softmax_of(&[1.0, 1.0], 0) - 0.5).abs() < 1e-6);
    let three = softmax_of(&[0.0, 2.0, -1.0], 1);
    assert!((three - 0.843_795).abs() < 1e-5);
    assert!(softmax_of(&[-1e30, 0.0], 1) == 1.0);
    for bad in [[f32::NAN, 0.0], [f32::INFINITY, 0.0], [0.0, f32::NAN]] {
        assert_eq!(softmax_of(&bad, 0), 0.0, "{bad:?}");
    }
}
