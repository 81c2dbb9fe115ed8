//! Takes pictures of photographs, printed and shown on screens.
//!
//! Usage: `recapture FOLDER OUT`: every photograph of FOLDER, in the order of names, gives `OUT/SPECIES/NUMBER.png` of every
//! species and `OUT/photograph/NUMBER.png` of itself. The same photographs give the same bytes.
#![allow(clippy::print_stdout)]

use std::error::Error;
use std::fs;
use std::path::Path;
use vultus::frame::Photo;
use vultus_simulator::{Picture, Recapture};

fn main() -> Result<(), Box<dyn Error>> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let [from, to] = &words[..] else {
        return Err("usage: recapture FOLDER OUT".into());
    };
    let mut files: Vec<_> = fs::read_dir(from)?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<Result<_, _>>()?;
    files.sort();
    for (number, file) in files.iter().enumerate() {
        let photo = Photo::decode(&fs::read(file)?)?;
        let picture = enlarged(&photo);
        save(&picture, Path::new(to), "photograph", number)?;
        for kind in Recapture::ALL {
            let taken = kind.take(&picture, number as u64);
            save(&taken, Path::new(to), kind.name(), number)?;
        }
    }
    println!(
        "{} photographs, {} species",
        files.len(),
        Recapture::ALL.len()
    );
    Ok(())
}

/// A face in a small photograph, recaptured with what is around it, has too few pixels to be judged: twice as many, of the same
/// content.
fn enlarged(photo: &Photo) -> Picture {
    let (width, height) = photo.image().size();
    let times = if height < 480 { 2 } else { 1 };
    let pixels = photo.image().pixels().to_vec();
    let image = image::RgbImage::from_raw(width, height, pixels).expect("the bytes of its size");
    let filter = image::imageops::FilterType::CatmullRom;
    let (width, height) = (width * times, height * times);
    Picture {
        width: width as usize,
        height: height as usize,
        rgb: image::imageops::resize(&image, width, height, filter).into_raw(),
    }
}

fn save(picture: &Picture, to: &Path, kind: &str, number: usize) -> Result<(), Box<dyn Error>> {
    let folder = to.join(kind);
    fs::create_dir_all(&folder)?;
    let (width, height) = (picture.width as u32, picture.height as u32);
    let file = folder.join(format!("{number:04}.png"));
    image::save_buffer(file, &picture.rgb, width, height, image::ColorType::Rgb8)?;
    Ok(())
}
