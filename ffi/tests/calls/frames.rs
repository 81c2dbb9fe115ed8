//! Every pixel format, stride, rotation and mirror shows the same face; what does not fit is refused.

use crate::common::door::{Door, OBAMA, Picture, detect_options};
use crate::common::{made, ok, refused, zeroed};
use vultus::error::Status;
use vultus_ffi::detect::*;
use vultus_ffi::frame::colour::*;
use vultus_ffi::frame::depth::*;
use vultus_ffi::frame::infrared::*;
use vultus_ffi::frame::pairer::*;

/// The best face of a frame.
pub(crate) fn best(door: &Door, frame: &vultus_frame) -> vultus_face {
    let options = detect_options();
    let mut face = zeroed();
    // SAFETY: handles and memory of this function.
    unsafe {
        let faces = made(|out| vultus_session_detect(door.session, frame, &raw const options, out));
        ok(vultus_faces_get(faces, 0, &raw mut face));
        vultus_faces_free(faces);
    }
    face
}

/// Intersection over union.
fn iou(a: &vultus_face, b: &vultus_face) -> f32 {
    let overlap = |a0: f32, a1: f32, b0: f32, b1: f32| (a1.min(b1) - a0.max(b0)).max(0.0);
    let both = overlap(a.x, a.x + a.width, b.x, b.x + b.width)
        * overlap(a.y, a.y + a.height, b.y, b.y + b.height);
    both / (a.width * a.height + b.width * b.height - both)
}

/// BT.601 luma and chroma of limited range.
fn yuv([r, g, b]: [f32; 3]) -> [u8; 3] {
    let y = 16.0 + (65.481 * r + 128.553 * g + 24.966 * b) / 255.0;
    let u = 128.0 + (-37.797 * r - 74.203 * g + 112.0 * b) / 255.0;
    let v = 128.0 + (112.0 * r - 93.786 * g - 18.214 * b) / 255.0;
    [y, u, v].map(|value| value.round() as u8)
}

/// A picture in a format, with `padding` more bytes in each row.
fn encode(picture: &Picture, format: u32, padding: usize) -> (Vec<u8>, u32) {
    // Even sides, so that chroma is whole.
    let (width, height) = (picture.width as usize & !1, picture.height as usize & !1);
    let at = |x: usize, y: usize| {
        let start = (y * picture.width as usize + x) * 3;
        let pixel: [u8; 3] = picture.pixels[start..start + 3].try_into().unwrap();
        pixel
    };
    let of = |x, y| yuv(at(x, y).map(f32::from));
    let pixel_bytes = match format {
        VULTUS_FORMAT_RGB8 | VULTUS_FORMAT_BGR8 => 3,
        VULTUS_FORMAT_RGBA8 => 4,
        VULTUS_FORMAT_YUYV => 2,
        _ => 1,
    };
    // I420's chroma stride is half of it.
    let stride = (width * pixel_bytes + padding).next_multiple_of(2);
    let mut bytes = Vec::new();
    for y in 0..height {
        for x in 0..width {
            let [r, g, b] = at(x, y);
            match format {
                VULTUS_FORMAT_RGB8 => bytes.extend([r, g, b]),
                VULTUS_FORMAT_BGR8 => bytes.extend([b, g, r]),
                VULTUS_FORMAT_RGBA8 => bytes.extend([r, g, b, 7]),
                VULTUS_FORMAT_YUYV => bytes.extend([of(x, y)[0], of(x & !1, y)[1 + x % 2]]),
                _ => bytes.push(of(x, y)[0]),
            }
        }
        bytes.resize((y + 1) * stride, 0xee);
    }
    let planes: &[&[usize]] = match format {
        VULTUS_FORMAT_NV21 => &[&[2, 1]],
        VULTUS_FORMAT_NV12 => &[&[1, 2]],
        VULTUS_FORMAT_I420 => &[&[1], &[2]],
        _ => &[],
    };
    for channels in planes {
        let row_bytes = if channels.len() == 2 {
            stride
        } else {
            stride / 2
        };
        for y in (0..height).step_by(2) {
            let end = bytes.len() + row_bytes;
            for x in (0..width).step_by(2) {
                bytes.extend(channels.iter().map(|&channel| of(x, y)[channel]));
            }
            bytes.resize(end, 0xee);
        }
    }
    (bytes, stride as u32)
}

fn frame_of(bytes: &[u8], format: u32, (width, height): (u32, u32), stride: u32) -> vultus_frame {
    vultus_frame {
        format,
        width,
        height,
        stride,
        yuv_range: VULTUS_YUV_LIMITED,
        data: bytes.as_ptr(),
        data_length: bytes.len(),
        ..zeroed()
    }
}

#[test]
fn eight_formats_and_any_stride_show_the_same_face() {
    let (door, picture) = (Door::open(), Picture::load(OBAMA));
    let expected = best(&door, &picture.frame());
    let size = (picture.width & !1, picture.height & !1);
    for format in VULTUS_FORMAT_RGB8..=VULTUS_FORMAT_YUYV {
        for padding in [0, 36] {
            let (bytes, stride) = encode(&picture, format, padding);
            let frame = frame_of(&bytes, format, size, stride);
            // SAFETY: a frame of this function.
            ok(unsafe { vultus_frame_check(&raw const frame) });
            let face = best(&door, &frame);
            let overlap = iou(&face, &expected);
            assert!(
                overlap > 0.8,
                "format {format}, padding {padding}: {overlap}"
            );
        }
    }
}

#[test]
fn a_turned_and_mirrored_picture_gives_faces_where_its_bytes_are() {
    let (door, picture) = (Door::open(), Picture::load(OBAMA));
    let expected = best(&door, &picture.frame());
    // Stored lying on its left side: it has to be turned clockwise by 90 degrees.
    let (w, h) = (picture.width as usize, picture.height as usize);
    let mut turned = vec![0; picture.pixels.len()];
    for y in 0..h {
        for x in 0..w {
            // The upright pixel (x, y) is stored in column y, row w - 1 - x.
            let to = ((w - 1 - x) * h + y) * 3;
            let from = (y * w + x) * 3;
            turned[to..to + 3].copy_from_slice(&picture.pixels[from..from + 3]);
        }
    }
    let size = (picture.height, picture.width);
    let mut frame = frame_of(&turned, VULTUS_FORMAT_RGB8, size, picture.height * 3);
    frame.rotation = 90;
    let face = best(&door, &frame);
    let back = vultus_face {
        x: picture.width as f32 - face.y - face.height,
        y: face.x,
        width: face.height,
        height: face.width,
        ..face
    };
    assert!(iou(&back, &expected) > 0.9);

    // Mirrored in memory: "left" is the left of the upright picture, after the flip.
    let mirrored: Vec<u8> = picture
        .pixels
        .chunks_exact(w * 3)
        .flat_map(|row| row.rchunks_exact(3).flatten().copied())
        .collect();
    let size = (picture.width, picture.height);
    let mut frame = frame_of(&mirrored, VULTUS_FORMAT_RGB8, size, picture.width * 3);
    frame.mirror = 1;
    let face = best(&door, &frame);
    assert!(face.landmarks[0][0] > face.landmarks[1][0]);
    let x = picture.width as f32 - face.x - face.width;
    assert!(iou(&vultus_face { x, ..face }, &expected) > 0.9);
}

#[test]
fn layouts_that_do_not_fit_are_refused_by_name() {
    let bytes = vec![0; 64 * 48 * 3];
    let good = frame_of(&bytes, VULTUS_FORMAT_RGB8, (64, 48), 192);
    let check = |change: fn(&mut vultus_frame)| {
        let mut frame = good;
        change(&mut frame);
        // SAFETY: a frame of this function.
        unsafe { vultus_frame_check(&raw const frame) }
    };
    ok(check(|_| {}));
    let (parameter, layout) = (Status::InvalidParameter, Status::FrameLayoutInvalid);
    refused(check(|f| f.format = 0), parameter, "format is 0");
    refused(check(|f| f.format = 9), parameter, "format is 9");
    refused(check(|f| f.rotation = 45), parameter, "rotation is 45");
    refused(check(|f| f.mirror = 2), parameter, "mirror is 2");
    refused(check(|f| f.yuv_range = 0), parameter, "yuv_range is 0");
    refused(check(|f| f.width = 0), layout, "width is 0");
    refused(check(|f| f.height = u32::MAX), layout, "height is");
    refused(check(|f| f.stride = 191), layout, "stride is 191");
    refused(check(|f| f.stride = u32::MAX), layout, "stride is");
    refused(
        check(|f| f.data_length -= 1),
        layout,
        "frame has 9215 bytes",
    );
    refused(
        check(|f| f.data_length = usize::MAX),
        parameter,
        "data has a length",
    );
    refused(
        check(|f| f.data = std::ptr::null()),
        parameter,
        "data is NULL",
    );
    let mut frame = zeroed();
    // SAFETY: lent bytes and memory of this function.
    unsafe {
        let lent = crate::common::bytes(&bytes);
        let code = vultus_frame_packed(VULTUS_FORMAT_NV21, 4000, 4000, lent, &raw mut frame);
        refused(code, layout, "needs 24000000");
        // All of them would fit a stride of 128 bytes as well, which is refused too.
        let code = vultus_frame_packed(VULTUS_FORMAT_NV21, 64, 48, lent, &raw mut frame);
        refused(code, layout, "a row stride of 128 bytes");
        let lent = crate::common::bytes(&bytes[..64 * 48 * 3 / 2]);
        ok(vultus_frame_packed(
            VULTUS_FORMAT_NV21,
            64,
            48,
            lent,
            &raw mut frame,
        ));
        assert_eq!((frame.stride, frame.yuv_range), (64, VULTUS_YUV_LIMITED));
    }
}

#[test]
fn frames_of_sensors_say_everything_and_say_it_right() {
    let bytes = vec![0; 640 * 480 * 2];
    let depth = vultus_depth_frame {
        format: VULTUS_DEPTH_Z16,
        width: 640,
        height: 480,
        stride: 1280,
        unit_mm: 1.0,
        fx: 580.0,
        fy: 580.0,
        cx: 320.0,
        cy: 240.0,
        timestamp_us: 1,
        data: bytes.as_ptr(),
        data_length: bytes.len(),
        ..zeroed()
    };
    let check = |change: fn(&mut vultus_depth_frame)| {
        let mut frame = depth;
        change(&mut frame);
        // SAFETY: a frame of this function.
        unsafe { vultus_depth_frame_check(&raw const frame) }
    };
    let sensor = Status::SensorFrameInvalid;
    ok(check(|_| {}));
    refused(
        check(|f| f.format = 3),
        Status::InvalidParameter,
        "format is 3",
    );
    refused(check(|f| f.unit_mm = 1000.0), sensor, "1000 mm");
    refused(check(|f| f.fx = 0.0), sensor, "fx is 0");
    refused(check(|f| f.timestamp_us = 0), sensor, "no capture time");
    refused(
        check(|f| f.stride = 1),
        Status::FrameLayoutInvalid,
        "stride is 1",
    );

    let infrared = vultus_infrared_frame {
        format: VULTUS_INFRARED_Y10,
        width: 640,
        height: 480,
        stride: 1280,
        emitter: VULTUS_EMITTER_ON,
        timestamp_us: 1,
        data: bytes.as_ptr(),
        data_length: bytes.len(),
        ..zeroed()
    };
    let check = |change: fn(&mut vultus_infrared_frame)| {
        let mut frame = infrared;
        change(&mut frame);
        // SAFETY: a frame of this function.
        unsafe { vultus_infrared_frame_check(&raw const frame) }
    };
    ok(check(|_| {}));
    refused(
        check(|f| f.emitter = 0),
        Status::InvalidParameter,
        "emitter is 0",
    );
    refused(check(|f| f.has_intrinsics = 1), sensor, "fx is 0");
    refused(
        check(|f| f.reserved = 1),
        Status::InvalidParameter,
        "reserved is 1",
    );
    let white = vec![0xff; bytes.len()];
    let mut frame = infrared;
    frame.data = white.as_ptr();
    // SAFETY: a frame of this function.
    let code = unsafe { vultus_infrared_frame_check(&raw const frame) };
    refused(code, sensor, "the sample in column 0, row 0 is 65535");
}

#[test]
fn frames_of_one_moment_find_each_other() {
    // SAFETY: handles and memory of this function.
    unsafe {
        let pairer = made(|out| vultus_pairer_new(VULTUS_STREAM_DEPTH, 50, out));
        let mut pair: vultus_pair = zeroed();
        let mut next = || {
            ok(vultus_pairer_next(pairer, &raw mut pair));
            (pair.state, pair.colour, pair.depth, pair.skew_us)
        };
        ok(vultus_pairer_push(
            pairer,
            VULTUS_STREAM_COLOUR,
            1_000_000,
            7,
        ));
        assert_eq!(next(), (VULTUS_PAIR_WAITING, 0, 0, 0));
        ok(vultus_pairer_push(
            pairer,
            VULTUS_STREAM_DEPTH,
            1_010_000,
            8,
        ));
        assert_eq!(next(), (VULTUS_PAIR_FOUND, 7, 8, 10_000));
        ok(vultus_pairer_push(
            pairer,
            VULTUS_STREAM_COLOUR,
            1_200_000,
            9,
        ));
        ok(vultus_pairer_push(
            pairer,
            VULTUS_STREAM_DEPTH,
            1_300_000,
            10,
        ));
        assert_eq!(next(), (VULTUS_PAIR_UNSYNCED, 0, 0, 100_000));
        let sensor = Status::SensorFrameInvalid;
        let push = |stream, time| vultus_pairer_push(pairer, stream, time, 1);
        refused(push(VULTUS_STREAM_DEPTH, 1), sensor, "the one before it");
        refused(push(VULTUS_STREAM_DEPTH, 0), sensor, "no capture time");
        refused(
            push(VULTUS_STREAM_INFRARED, 1),
            Status::InvalidParameter,
            "infrared",
        );
        refused(push(3, 1), Status::InvalidParameter, "stream is 3");
        vultus_pairer_free(pairer);
        let mut none = std::ptr::null_mut();
        for (streams, skew) in [(0, 50), (1, 50), (7, 50), (2, 0), (2, 201)] {
            let code = vultus_pairer_new(streams, skew, &raw mut none);
            refused(code, Status::InvalidParameter, "");
        }
    }
}
