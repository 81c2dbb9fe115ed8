//! Faces in a stream of camera frames: raw NV12 on standard input, one line a frame on standard output.
//!
//! ```sh
//! ffmpeg -i /dev/video0 -pix_fmt nv12 -f rawvideo - | \
//!     cargo run --release --example camera_frames -- LICENCE_FOLDER models/lite 640 480
//! ```
//!
//! A frame is borrowed, never copied: what a camera's driver lends is given as it is, with its stride, its rotation and its time.

#![allow(clippy::print_stdout, clippy::print_stderr)]

use std::error::Error;
use std::io::Read;
use vultus::geom::Rotation;
use vultus::{Config, DetectOptions, Device, Frame, FrameLayout, PixelFormat, Sdk};

/// How the camera is mounted, clockwise.
const MOUNTED: Rotation = Rotation::None;

fn main() -> Result<(), Box<dyn Error>> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let [licence, pack, width, height] = words.as_slice() else {
        return Err("usage: camera_frames LICENCE_FOLDER PACK WIDTH HEIGHT < frames.nv12".into());
    };
    let (width, height): (u32, u32) = (width.parse()?, height.parse()?);
    let grant = Device::here(licence.as_ref())?.activate()?;
    let sdk = Sdk::open(&Config::new(pack), grant)?;
    let mut session = sdk.session()?; // one for each camera

    let bytes = u64::from(width) * u64::from(height) * 3 / 2;
    let mut camera = std::io::stdin().lock();
    let mut buffer = Vec::new();
    for number in 0_u64.. {
        buffer.clear();
        (&mut camera).take(bytes).read_to_end(&mut buffer)?;
        if buffer.is_empty() {
            break;
        }
        let layout = FrameLayout::packed(PixelFormat::Nv12, width, height)
            .with_rotation(MOUNTED)
            .with_timestamp_us(1 + number * 33_333);
        // A frame that ends too early is refused here, with both lengths.
        let frame = Frame::new(layout, &buffer)?;
        let found = session.detect(&frame, &DetectOptions::default())?;
        let sides: Vec<f32> = found
            .faces
            .iter()
            .map(|face| face.rect.short_side())
            .collect();
        println!(
            "frame {number}: {} faces, sides in pixels {sides:?}",
            sides.len()
        );
    }
    Ok(())
}
