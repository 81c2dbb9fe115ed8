//! Pictures in the form that the examples read.

use crate::common::door::Picture;
use std::path::{Path, PathBuf};

/// A picture as a camera hands it over, in the file that the examples read: NV21 of limited range, its size in
/// its name. An odd row or column is cut off.
pub fn nv21(folder: &Path, name: &str, picture: &Picture) -> PathBuf {
    let (width, height) = (picture.width & !1, picture.height & !1);
    let at = |x: u32, y: u32| -> [f32; 3] {
        let start = (y * picture.width + x) as usize * 3;
        std::array::from_fn(|channel| f32::from(picture.pixels[start + channel]))
    };
    // BT.601.
    let mix = |[r, g, b]: [f32; 3], [cr, cg, cb]: [f32; 3], zero: f32| {
        (zero + (cr * r + cg * g + cb * b) / 255.0).round() as u8
    };
    let mut bytes = Vec::new();
    for y in 0..height {
        bytes.extend((0..width).map(|x| mix(at(x, y), [65.481, 128.553, 24.966], 16.0)));
    }
    for y in (0..height).step_by(2) {
        for x in (0..width).step_by(2) {
            let four = [at(x, y), at(x + 1, y), at(x, y + 1), at(x + 1, y + 1)];
            let mean =
                std::array::from_fn(|i| four.iter().map(|pixel| pixel[i]).sum::<f32>() / 4.0);
            bytes.push(mix(mean, [112.0, -93.786, -18.214], 128.0));
            bytes.push(mix(mean, [-37.797, -74.203, 112.0], 128.0));
        }
    }
    let file = folder.join(format!("{name}-{width}x{height}.nv21"));
    std::fs::write(&file, bytes).unwrap();
    file
}

/// The picture with every n-th pixel of every n-th row.
pub fn thinned(picture: &Picture, n: u32) -> Picture {
    let (width, height) = (picture.width / n, picture.height / n);
    let pixel = |i: u32| {
        let start = ((i / width * n) * picture.width + i % width * n) as usize * 3;
        &picture.pixels[start..start + 3]
    };
    Picture {
        pixels: (0..width * height).flat_map(pixel).copied().collect(),
        width,
        height,
    }
}
