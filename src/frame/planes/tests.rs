use crate::frame::{
    ChromaLayout, Frame, FrameError, FrameLayout, OtherLayout, PixelFormat, RgbImage,
};
use crate::geom::Affine2;
use proptest::prelude::*;

/// Samples of a picture: luma, U and V, each without padding.
struct Picture {
    size: (usize, usize),
    y: Vec<u8>,
    u: Vec<u8>,
    v: Vec<u8>,
}

impl Picture {
    fn new(width: usize, height: usize) -> Self {
        let noise = |seed: usize, count: usize| {
            (0..count)
                .map(move |i| ((i + seed) * 7_919 % 251) as u8)
                .collect()
        };
        let chroma = width.div_ceil(2) * height.div_ceil(2);
        Self {
            size: (width, height),
            y: noise(1, width * height),
            u: noise(1_000, chroma),
            v: noise(5_000, chroma),
        }
    }

    fn chroma_size(&self) -> (usize, usize) {
        (self.size.0.div_ceil(2), self.size.1.div_ceil(2))
    }

    fn packed(&self, format: PixelFormat) -> FrameLayout {
        FrameLayout::packed(format, self.size.0 as u32, self.size.1 as u32)
    }

    /// What every layout has to show.
    fn expected(&self) -> RgbImage {
        let bytes = [&self.y[..], &self.u, &self.v].concat();
        let frame = Frame::new(self.packed(PixelFormat::I420), &bytes);
        frame.expect("packed").to_rgb()
    }

    /// A buffer of Y, U and V with samples where a layout says, and another value everywhere else.
    fn written(&self, length: usize, y: ChromaLayout, chroma: [ChromaLayout; 2]) -> Vec<u8> {
        let mut bytes = vec![0xee; length];
        put(&mut bytes, &self.y, self.size.0, y);
        put(&mut bytes, &self.u, self.chroma_size().0, chroma[0]);
        put(&mut bytes, &self.v, self.chroma_size().0, chroma[1]);
        bytes
    }
}

fn at(offset: usize, stride: usize, pixel_stride: usize) -> ChromaLayout {
    ChromaLayout {
        offset,
        stride,
        pixel_stride,
    }
}

fn put(bytes: &mut [u8], samples: &[u8], width: usize, plane: ChromaLayout) {
    for (i, sample) in samples.iter().enumerate() {
        let place = plane.offset + i / width * plane.stride + i % width * plane.pixel_stride;
        // Cameras' buffers may end before the last one.
        if let Some(byte) = bytes.get_mut(place) {
            *byte = *sample;
        }
    }
}

/// A picture of pairs in one buffer, planes of `rows` rows: the bytes that a driver writes.
fn paired(picture: &Picture, format: PixelFormat, stride: usize, rows: usize) -> Vec<u8> {
    let (first, second) = (stride * rows, stride * rows + 1);
    let [u, v] = match format {
        PixelFormat::Nv12 => [first, second],
        _ => [second, first],
    };
    let length = stride * (rows + rows.div_ceil(2));
    picture.written(length, at(0, stride, 1), [u, v].map(|o| at(o, stride, 2)))
}

/// The same, of three planes.
fn planar(picture: &Picture, stride: usize, chroma: usize) -> Vec<u8> {
    let (rows, chroma_rows) = (picture.size.1, picture.chroma_size().1);
    let u = stride * rows;
    let planes = [u, u + chroma * chroma_rows].map(|o| at(o, chroma, 1));
    picture.written(u + 2 * chroma * chroma_rows, at(0, stride, 1), planes)
}

fn refusal(layout: FrameLayout, bytes: &[u8]) -> String {
    Frame::new(layout, bytes).expect_err("refused").to_string()
}

proptest! {
    /// Wherever the planes lie, the pixels are those of the packed picture, to the bit.
    #[test]
    fn every_layout_shows_the_same_pixels(
        width in 1_usize..24, height in 1_usize..24, padding in 0_usize..20, gap in 0_usize..40,
        steps in prop::array::uniform2(1_usize..=4), more in prop::array::uniform2(0_usize..20),
    ) {
        let picture = Picture::new(width, height);
        let (chroma_width, chroma_rows) = picture.chroma_size();
        let strides = [0, 1].map(|i| (chroma_width - 1) * steps[i] + 1 + more[i]);
        let stride = width + padding;
        let u = at(stride * height + gap, strides[0], steps[0]);
        let v = at(u.offset + strides[0] * chroma_rows + gap, strides[1], steps[1]);
        let length = v.offset + strides[1] * chroma_rows;
        let bytes = picture.written(length, at(0, stride, 1), [u, v]);
        let mut layout = picture.packed(PixelFormat::I420).with_stride(stride);
        (layout.u, layout.v) = (u, v);
        let whole = Frame::new(layout, &bytes).expect("fits");
        prop_assert_eq!(whole.to_rgb(), picture.expected());

        (layout.u.offset, layout.v.offset) = (0, 0);
        let buffers = [&bytes[..u.offset], &bytes[u.offset..v.offset], &bytes[v.offset..]];
        let split = Frame::from_planes(layout, &buffers).expect("fits");
        prop_assert_eq!(split.to_rgb(), picture.expected());
        let map = Affine2::from_rows([0.7, 0.1, 1.3], [-0.2, 0.8, 2.1]);
        let (mut one, mut other) = (RgbImage::default(), RgbImage::default());
        whole.warp(&map, 16, &mut one);
        split.warp(&map, 16, &mut other);
        prop_assert_eq!(one, other);
    }

    /// Pairs: any stride, any height of a plane, in one buffer and in two.
    #[test]
    fn every_layout_of_pairs_shows_the_same_pixels(
        width in 1_usize..24, height in 1_usize..24, padding in 0_usize..20, more in 0_usize..40,
        format in prop::sample::select(vec![PixelFormat::Nv12, PixelFormat::Nv21]),
    ) {
        let picture = Picture::new(width, height);
        let layout = picture.packed(format);
        let (stride, rows) = (layout.stride + padding, height + more);
        let layout = layout.with_stride(stride).with_plane_rows(rows as u32);
        let bytes = paired(&picture, format, stride, rows);
        let whole = Frame::new(layout, &bytes).expect("fits");
        prop_assert_eq!(whole.to_rgb(), picture.expected());
        let (y, pairs) = bytes.split_at(stride * rows);
        let split = Frame::from_planes(layout, &[y, pairs]).expect("fits");
        prop_assert_eq!(split.to_rgb(), picture.expected());
    }

    /// Whatever is said of planes: a frame that can be read, or an error.
    #[test]
    fn no_layout_reaches_outside_its_buffers(
        format in prop::sample::select(PixelFormat::ALL.to_vec()),
        width in 0_u32..12, height in 0_u32..12, stride in 0_usize..40, plane_rows in 0_u32..30,
        said in prop::array::uniform2((0_usize..300, 0_usize..20, 0_usize..6)),
        absurd in prop::array::uniform2(prop::sample::select(vec![0, usize::MAX, usize::MAX / 2])),
        lengths in prop::collection::vec(0_usize..400, 0..5),
    ) {
        let mut layout = FrameLayout::packed(format, width, height)
            .with_stride(stride).with_plane_rows(plane_rows);
        let of = |i: usize| at(said[i].0 | absurd[i], said[i].1, said[i].2);
        (layout.u, layout.v) = (of(0), of(1));
        let bytes = [77_u8; 400];
        let buffers: Vec<&[u8]> = lengths.iter().map(|&length| &bytes[..length]).collect();
        let frames = [Frame::from_planes(layout, &buffers), Frame::new(layout, &bytes)];
        for frame in frames.into_iter().flatten() {
            prop_assert_eq!(frame.to_rgb().size(), (width, height));
        }
    }
}

#[test]
fn the_last_byte_of_pairs_may_be_missing_and_its_neighbour_stands_for_it() {
    for (format, last) in [(PixelFormat::Nv21, "u"), (PixelFormat::Nv12, "v")] {
        for stride in [48, 64] {
            let mut picture = Picture::new(48, 56);
            let layout = picture.packed(format).with_stride(stride);
            let whole = paired(&picture, format, stride, 56);
            let end = whole.len() - (stride - 48);
            let frame = Frame::new(layout, &whole[..end - 1]).expect("one byte short");
            let seen = frame.to_rgb();
            let plane = if last == "u" {
                &mut picture.u
            } else {
                &mut picture.v
            };
            assert_ne!(plane[24 * 28 - 1], plane[24 * 28 - 2]);
            plane[24 * 28 - 1] = plane[24 * 28 - 2];
            assert_eq!(seen, picture.expected(), "{format:?} {stride}");
            // A second one is not forgiven.
            assert_eq!(
                Frame::new(layout, &whole[..end - 2]).err(),
                Some(FrameError::TooFewBytes {
                    length: end - 2,
                    needed: end
                })
            );
        }
    }
}

#[test]
fn the_three_planes_of_camera2_are_a_frame() {
    let picture = Picture::new(48, 56);
    let (y, pairs) = (
        &picture.y,
        paired(&picture, PixelFormat::Nv21, 48, 56)[48 * 56..].to_vec(),
    );
    let layout = FrameLayout::yuv_420_888((48, 56), 48, 48, 2);
    // U and V share memory, and each ends with its own last sample.
    let (u, v) = (&pairs[1..], &pairs[..pairs.len() - 1]);
    let frame = Frame::from_planes(layout, &[y, u, v]).expect("Camera2");
    assert_eq!(frame.to_rgb(), picture.expected());
    // An emulator: planes of their own.
    let layout = FrameLayout::yuv_420_888((48, 56), 48, 24, 1);
    let frame = Frame::from_planes(layout, &[y, &picture.u, &picture.v]).expect("planar");
    assert_eq!(frame.to_rgb(), picture.expected());
    // U lacks its last sample: the one before it stands for it; two are too many.
    let layout = FrameLayout::yuv_420_888((48, 56), 48, 48, 2);
    let short = |cut: usize| Frame::from_planes(layout, &[y, &u[..u.len() - cut], v]);
    assert!(short(2).is_ok());
    let refused = short(3).expect_err("two samples are missing").to_string();
    assert_eq!(refused, "plane u has 1340 bytes, its layout needs 1343");
}

#[test]
fn a_plane_behind_aligned_rows_is_refused_by_name_until_it_is_said() {
    let picture = Picture::new(480, 560);
    for format in [PixelFormat::Nv12, PixelFormat::Nv21] {
        let bytes = paired(&picture, format, 480, 576);
        let silent = picture.packed(format);
        assert_eq!(
            Frame::new(silent, &bytes).err(),
            Some(FrameError::OtherLayout {
                length: 480 * 576 * 3 / 2,
                fits: OtherLayout::Aligned {
                    stride: 480,
                    rows: 576
                }
            })
        );
        let frame = Frame::new(silent.with_plane_rows(576), &bytes).expect("said");
        assert_eq!(frame.to_rgb(), picture.expected());
        // One byte more or less fits nothing, and what fits can be meant otherwise.
        assert!(Frame::new(silent, &bytes[1..]).is_ok());
        assert!(Frame::new(silent, &[&bytes[..], &[0]].concat()).is_ok());
        assert!(Frame::new(silent.with_plane_rows(560), &bytes).is_ok());
    }
    let full_hd = FrameLayout::packed(PixelFormat::Nv12, 1920, 1080);
    let refused = refusal(full_hd, &vec![0; 1920 * 1088 * 3 / 2]);
    assert!(
        refused.contains("a row stride of 1920 bytes and planes of 1088 rows"),
        "{refused}"
    );
    // Only luma is aligned.
    let refused = refusal(full_hd, &vec![0; 1920 * (1088 + 540)]);
    assert!(refused.contains("planes of 1088 rows"), "{refused}");
}

#[test]
fn rows_and_chroma_of_another_stride_are_refused_by_name_until_they_are_said() {
    let picture = Picture::new(480, 560);
    let silent = picture.packed(PixelFormat::I420);
    for (stride, chroma) in [(480, 256), (490, 256)] {
        let bytes = planar(&picture, stride, chroma);
        let layout = silent.with_stride(stride);
        let refused = refusal(layout, &bytes);
        assert!(
            refused.contains("chroma planes with a row stride of 256 bytes"),
            "{refused}"
        );
        let frame = Frame::new(layout.with_chroma_strides(chroma, 1), &bytes).expect("said");
        assert_eq!(frame.to_rgb(), picture.expected());
    }
    // Half of Y's is what the format has.
    for (stride, chroma) in [(480, 240), (512, 256), (481, 241)] {
        let bytes = planar(&picture, stride, chroma);
        let frame = Frame::new(silent.with_stride(stride), &bytes).expect("half of Y's");
        assert_eq!(frame.to_rgb(), picture.expected());
    }
    // Rows whose padding was forgotten.
    for (format, width, stride) in [
        (PixelFormat::Rgb8, 333, 1000),
        (PixelFormat::Gray8, 333, 336),
        (PixelFormat::Nv21, 480, 512),
        (PixelFormat::Yuyv, 330, 704),
    ] {
        let layout = FrameLayout::packed(format, width, 100);
        let rows = if format == PixelFormat::Nv21 {
            150
        } else {
            100
        };
        let refused = refusal(layout, &vec![0; stride * rows]);
        assert!(
            refused.contains(&format!("a row stride of {stride} bytes")),
            "{refused}"
        );
        assert!(Frame::new(layout.with_stride(stride), &vec![0; stride * rows]).is_ok());
    }
}

#[test]
fn samples_of_other_formats_are_refused_by_what_they_look_like() {
    let refused = |format, length| refusal(FrameLayout::packed(format, 640, 480), &vec![0; length]);
    let pixels = 640 * 480;
    for format in [PixelFormat::Nv12, PixelFormat::Nv21, PixelFormat::I420] {
        assert!(refused(format, pixels * 2).contains("NV16"));
        assert!(refused(format, pixels * 3).contains("P010"));
    }
    assert!(refused(PixelFormat::Gray8, pixels * 2).contains("10, 12 or 16 bits"));
    assert!(refused(PixelFormat::Gray8, pixels * 5 / 4).contains("RAW10"));
    // The luma of a YUV picture is grey, and nothing is wrong with that.
    let grey = FrameLayout::packed(PixelFormat::Gray8, 640, 480);
    assert!(Frame::new(grey, &vec![0; pixels * 3 / 2]).is_ok());
    assert!(Frame::new(grey.with_plane_rows(480), &vec![0; pixels * 2]).is_ok());
}

#[test]
fn what_is_said_of_planes_is_refused_by_name_outside_its_range() {
    let bytes = vec![0; 64 * 48 * 4];
    let good = FrameLayout::packed(PixelFormat::I420, 64, 48);
    let says = |change: fn(&mut FrameLayout)| {
        let mut layout = good;
        change(&mut layout);
        Frame::new(layout, &bytes).map_or_else(|refused| refused.to_string(), |_| "fine".into())
    };
    assert_eq!(says(|l| l.plane_rows = 48), "fine");
    assert_eq!(
        says(|l| l.plane_rows = 47),
        "plane_rows is 47, allowed is 0 or 48 to 16384"
    );
    assert!(says(|l| l.plane_rows = 16_385).contains("plane_rows is 16385"));
    // Behind its end.
    assert!(says(|l| l.plane_rows = 16_384).contains("plane u has 0 bytes, its layout needs 768"));
    assert_eq!(says(|l| l.u.stride = 32), "fine");
    assert!(says(|l| l.u.stride = 31).contains("plane u is 31 bytes, allowed is 32 to 32768"));
    assert!(says(|l| l.v.stride = 32_769).contains("plane v is 32769 bytes"));
    assert_eq!(says(|l| (l.v.pixel_stride, l.v.stride) = (4, 125)), "fine");
    assert!(says(|l| (l.v.pixel_stride, l.v.stride) = (4, 124)).contains("allowed is 125"));
    assert!(says(|l| l.v.pixel_stride = 5).contains("pixel stride of plane v is 5 bytes"));
    assert_eq!(says(|l| l.u.offset = 64 * 48), "fine");
    assert!(says(|l| l.u.offset = 64 * 48 - 1).contains("luma ends at 3072"));
    assert!(says(|l| l.v.offset = usize::MAX).contains("plane v has 0 bytes"));

    let rgb = FrameLayout::packed(PixelFormat::Rgb8, 8, 8).with_chroma_strides(8, 1);
    assert_eq!(refusal(rgb, &bytes), "the format has no plane u");
    let of = |layout, count: usize| {
        let buffers = vec![&bytes[..]; count];
        Frame::from_planes(layout, &buffers)
            .map(|_| ())
            .map_err(|refused| refused.to_string())
    };
    let count = |n: usize, allowed| {
        Err(format!(
            "frame has {n} buffers, its format allows {allowed}"
        ))
    };
    assert_eq!(of(good, 2), count(2, "1 or 3"));
    assert_eq!(of(good, 0), count(0, "1 or 3"));
    assert_eq!(of(good, 3), Ok(()));
    let nv12 = FrameLayout::packed(PixelFormat::Nv12, 64, 48);
    assert_eq!(of(nv12, 4), count(4, "1, 2 or 3"));
    assert_eq!((of(nv12, 2), of(nv12, 3)), (Ok(()), Ok(())));
    let grey = FrameLayout::packed(PixelFormat::Gray8, 64, 48);
    assert_eq!(of(grey, 2), count(2, "1"));
    let offset = of(good.with_chroma_offsets(0, 9), 3).expect_err("refused");
    assert_eq!(
        offset,
        "offset of plane v is 9 bytes, allowed is 0: it has a buffer of its own"
    );
}
