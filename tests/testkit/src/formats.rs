//! One picture in every pixel format and orientation.

use crate::sdk::photo;
use vultus::frame::{Frame, FrameLayout, PixelFormat, YuvRange};
use vultus::geom::{Orientation, Point, Rotation};
use vultus::internals::matching::cosine;
use vultus::{DetectOptions, Embedding, Face, Sdk};

/// RGB bytes of a picture in another format, with some padding after each row. BT.601.
fn convert(
    rgb: &[u8],
    width: usize,
    height: usize,
    format: PixelFormat,
    range: YuvRange,
) -> (Vec<u8>, usize) {
    let stride = format.min_stride(width as u32) + 10;
    let pixel = |x: usize, y: usize| {
        let at = (y.min(height - 1) * width + x.min(width - 1)) * 3;
        [rgb[at], rgb[at + 1], rgb[at + 2]]
    };
    let mut bytes = vec![0_u8; stride * height];
    for y in 0..height {
        for x in 0..width {
            let [r, g, b] = pixel(x, y);
            let row = y * stride;
            match format {
                PixelFormat::Rgb8 => bytes[row + x * 3..][..3].copy_from_slice(&[r, g, b]),
                PixelFormat::Bgr8 => bytes[row + x * 3..][..3].copy_from_slice(&[b, g, r]),
                PixelFormat::Rgba8 => bytes[row + x * 4..][..4].copy_from_slice(&[r, g, b, 7]),
                PixelFormat::Gray8 | PixelFormat::Nv12 | PixelFormat::Nv21 | PixelFormat::I420 => {
                    bytes[row + x] = yuv([r, g, b], range)[0];
                }
                PixelFormat::Yuyv => bytes[row + x * 2] = yuv([r, g, b], range)[0],
            }
        }
    }
    // Chroma of the mean colour of each block.
    let chroma = |x: usize, y: usize, rows: usize| {
        let block: Vec<[u8; 3]> = (0..rows)
            .flat_map(|dy| [pixel(x, y + dy), pixel(x + 1, y + dy)])
            .collect();
        let mean: [u8; 3] = std::array::from_fn(|c| {
            (block.iter().map(|p| usize::from(p[c])).sum::<usize>() / block.len()) as u8
        });
        let [_, u, v] = yuv(mean, range);
        (u, v)
    };
    match format {
        PixelFormat::Yuyv => {
            for y in 0..height {
                for x in (0..width).step_by(2) {
                    let (u, v) = chroma(x, y, 1);
                    bytes[y * stride + x * 2 + 1] = u;
                    bytes[y * stride + x * 2 + 3] = v;
                }
            }
        }
        PixelFormat::Nv12 | PixelFormat::Nv21 | PixelFormat::I420 => {
            let planar = format == PixelFormat::I420;
            let chroma_stride = if planar { stride.div_ceil(2) } else { stride };
            let rows = height.div_ceil(2);
            let start = bytes.len();
            bytes.resize(start + chroma_stride * rows * if planar { 2 } else { 1 }, 0);
            for y in (0..height).step_by(2) {
                for x in (0..width).step_by(2) {
                    let (u, v) = chroma(x, y, 2);
                    let row = start + y / 2 * chroma_stride;
                    let (u_at, v_at) = match format {
                        PixelFormat::Nv12 => (row + x, row + x + 1),
                        PixelFormat::Nv21 => (row + x + 1, row + x),
                        _ => (row + x / 2, row + chroma_stride * rows + x / 2),
                    };
                    bytes[u_at] = u;
                    bytes[v_at] = v;
                }
            }
        }
        _ => {}
    }
    (bytes, stride)
}

fn yuv([r, g, b]: [u8; 3], range: YuvRange) -> [u8; 3] {
    let [r, g, b] = [f64::from(r), f64::from(g), f64::from(b)];
    let y = 0.299 * r + 0.587 * g + 0.114 * b;
    let (u, v) = ((b - y) / 1.772, (r - y) / 1.402);
    let values = match range {
        YuvRange::Full => [y, u + 128.0, v + 128.0],
        YuvRange::Limited => [
            16.0 + y * 219.0 / 255.0,
            128.0 + u * 224.0 / 255.0,
            128.0 + v * 224.0 / 255.0,
        ],
    };
    values.map(|value| value.round().clamp(0.0, 255.0) as u8)
}

/// The embedding of the largest face of a frame.
pub fn embed(sdk: &Sdk, frame: &Frame<'_>) -> Embedding {
    let mut session = sdk.session().unwrap();
    let face = session
        .largest_face(frame, &DetectOptions::default())
        .unwrap();
    session.embed(frame, &face).unwrap()
}

/// Every pixel format of a picture is one and the same face to this SDK.
pub fn formats_agree(sdk: &Sdk) {
    for name in [
        "people/barack_obama/portrait.jpg",
        "people/joe_biden/portrait.jpg",
        "astronaut.png",
    ] {
        let picture = photo(name);
        let (width, height) = picture.image().size();
        let reference = embed(sdk, &picture.frame());
        for format in PixelFormat::ALL {
            for range in [YuvRange::Limited, YuvRange::Full] {
                let (bytes, stride) = convert(
                    picture.image().pixels(),
                    width as usize,
                    height as usize,
                    format,
                    range,
                );
                let layout = FrameLayout::packed(format, width, height)
                    .with_stride(stride)
                    .with_yuv_range(range);
                let frame = Frame::new(layout, &bytes).unwrap();
                let cosine = cosine(&reference, &embed(sdk, &frame)).unwrap();
                let least = match format {
                    PixelFormat::Rgb8 | PixelFormat::Bgr8 | PixelFormat::Rgba8 => 0.9999,
                    PixelFormat::Gray8 => 0.9,
                    _ => 0.995,
                };
                assert!(cosine >= least, "{name} {format:?} {range:?}: {cosine}");
            }
        }
    }
}

/// The picture turned clockwise, as a camera on its side would store it.
pub fn turned(rgb: &[u8], width: u32, height: u32, by: Rotation) -> (Vec<u8>, u32, u32) {
    let orientation = Orientation {
        rotation: by,
        mirror: false,
    };
    let (new_width, new_height) = orientation.upright_size((width, height));
    let back = orientation.upright_to_stored((width, height));
    let mut bytes = Vec::new();
    for y in 0..new_height {
        for x in 0..new_width {
            let from = back.apply(Point::new(x as f32 + 0.5, y as f32 + 0.5));
            let at = (from.y as usize * width as usize + from.x as usize) * 3;
            bytes.extend_from_slice(&rgb[at..at + 3]);
        }
    }
    (bytes, new_width, new_height)
}

fn faces_of(sdk: &Sdk, frame: &Frame<'_>, rotate: bool) -> Vec<Face> {
    let options = DetectOptions {
        rotate,
        ..DetectOptions::default()
    };
    let mut faces = sdk
        .session()
        .unwrap()
        .detect(frame, &options)
        .unwrap()
        .faces;
    faces.sort_by(|a, b| b.score.total_cmp(&a.score));
    faces
}

/// Every rotation of a picture shows this SDK the same faces in the same places.
pub fn rotations_agree(sdk: &Sdk) {
    for name in [
        "probe.jpg",
        "people/barack_obama/address.jpg",
        "people/joe_biden/portrait.jpg",
    ] {
        let picture = photo(name);
        let (width, height) = picture.image().size();
        let upright = faces_of(sdk, &picture.frame(), false);
        assert!(!upright.is_empty());
        for by in Rotation::ALL {
            let (bytes, new_width, new_height) =
                turned(picture.image().pixels(), width, height, by);
            let layout = FrameLayout::packed(PixelFormat::Rgb8, new_width, new_height);
            // Once without a word about it, and once told how to turn it back.
            let silent = Frame::new(layout, &bytes).unwrap();
            let told = Frame::new(layout.with_rotation(by.inverse()), &bytes).unwrap();
            for (frame, rotate) in [(silent, true), (told, false)] {
                let found = faces_of(sdk, &frame, rotate);
                assert_eq!(found.len(), upright.len(), "{name} {by:?}");
                let to_upright = Orientation {
                    rotation: by,
                    mirror: false,
                }
                .upright_to_stored((width, height));
                for (a, b) in upright.iter().zip(&found) {
                    for (p, q) in a.landmarks.to_array().iter().zip(b.landmarks.to_array()) {
                        let distance = p.distance(to_upright.apply(q));
                        assert!(distance <= 3.0, "{name} {by:?}: {distance} px");
                    }
                    let distance = a.rect.centre().distance(to_upright.apply(b.rect.centre()));
                    assert!(distance <= 3.0, "{name} {by:?}: {distance} px");
                }
            }
        }
    }
}
