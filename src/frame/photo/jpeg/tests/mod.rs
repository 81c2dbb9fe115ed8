//! Whole files that are written block by block, and what is left of them when something is lost.

mod codes;
mod writer;

use super::markers::{DHT, DQT, EOI, SOS};
use super::{Headers, Refused};
use crate::frame::photo::{MjpgFrame, Photo, PhotoError};
use writer::Coefficients;

const PLAIN: [(usize, usize); 3] = [(1, 1); 3];
const HALVED: [(usize, usize); 3] = [(2, 2), (1, 1), (1, 1)];
const WIDE: [(usize, usize); 3] = [(2, 1), (1, 1), (1, 1)];
const GREY: [(usize, usize); 1] = [(1, 1)];

/// The share that is missing; headers that end early lack everything.
fn missing(bytes: &[u8]) -> Result<f32, Refused> {
    match Headers::read(bytes) {
        Ok(headers) => headers.read_scans().map(|whole| whole.missing),
        Err(Refused::Ended) => Ok(1.0),
        Err(other) => Err(other),
    }
}

fn pixels(bytes: &[u8]) -> Vec<u8> {
    let photo = Photo::decode(bytes).map_err(|error| error.to_string());
    photo.expect("a whole file").image().pixels().to_vec()
}

/// Every kind of file of this picture.
fn files(picture: &Coefficients) -> Vec<Vec<u8>> {
    let mut files = vec![];
    for interval in [0, 1, 3, 1000] {
        files.push(picture.baseline(interval, true));
        files.push(picture.progressive(interval));
        files.push(picture.by_planes(interval));
    }
    files
}

/// Where a marker's second byte lies.
fn find(bytes: &[u8], marker: u8) -> usize {
    let mut pairs = bytes.windows(2);
    pairs
        .position(|pair| pair == [0xff, marker])
        .expect("there")
        + 1
}

#[test]
fn whole_files_of_every_kind_lack_nothing() {
    for sampling in [
        &PLAIN[..],
        &HALVED,
        &WIDE,
        &GREY,
        &[(2, 2)],
        &[(1, 1), (2, 2), (1, 2)],
    ] {
        for (width, height) in [(64, 64), (80, 97), (33, 16), (1, 1), (9, 250)] {
            let picture = Coefficients::new(width, height, sampling);
            for file in files(&picture) {
                assert_eq!(missing(&file), Ok(0.0), "{sampling:?} {width} {height}");
            }
        }
    }
}

#[test]
fn progressive_and_sequential_files_of_one_picture_have_the_same_pixels() {
    for sampling in [&PLAIN[..], &HALVED, &GREY] {
        let picture = Coefficients::new(96, 64, sampling);
        let expected = pixels(&picture.baseline(0, true));
        for file in [
            picture.baseline(0, false),
            picture.baseline(5, true),
            picture.progressive(0),
            picture.progressive(7),
        ] {
            assert!(pixels(&file) == expected, "{sampling:?}");
        }
    }
}

#[test]
fn every_prefix_lacks_something_with_an_end_marker_and_without() {
    for sampling in [&HALVED[..], &GREY] {
        let picture = Coefficients::new(40, 40, sampling);
        for file in [
            picture.baseline(0, true),
            picture.baseline(2, true),
            picture.progressive(0),
            picture.progressive(3),
            picture.by_planes(0),
        ] {
            let mut last = 1.0;
            for length in 2..file.len() - 2 {
                let cut = &file[..length];
                let share = missing(cut).expect("a share");
                assert!(
                    share > 0.0 && share <= last,
                    "{length}: {share} after {last}"
                );
                last = share;
                // The marker may become a part of a segment that was cut.
                let ended = missing(&[cut, &[0xff, EOI]].concat());
                assert!(ended.map_or(true, |share| share > 0.0), "{length}");
            }
            assert_eq!(
                missing(&file[..file.len() - 2]),
                Ok(0.0),
                "only the marker is missing"
            );
            assert_eq!(missing(&file[..file.len() - 1]), Ok(0.0));
        }
    }
}

#[test]
fn a_file_that_was_cut_and_ended_is_refused_with_its_share() {
    let picture = Coefficients::new(128, 128, &HALVED);
    let file = picture.baseline(0, true);
    let data = find(&file, SOS);
    let cut = data + (file.len() - data) * 4 / 10;
    let ended = [&file[..cut], &[0xff, EOI]].concat();
    let Err(error @ PhotoError::Incomplete { missing }) = Photo::decode(&ended) else {
        panic!("refused as incomplete");
    };
    assert!((0.5..0.7).contains(&missing), "{missing}");
    let percent = format!("lacks {:.1} %", missing * 100.0);
    assert!(error.to_string().contains(&percent), "{error}");
}

#[test]
fn a_progressive_file_without_its_later_scans_is_refused() {
    let picture = Coefficients::new(64, 64, &HALVED);
    let file = picture.progressive(0);
    let scans: Vec<usize> = (2..file.len())
        .filter(|&at| file[at - 1] == 0xff && file[at] == SOS)
        .collect();
    assert_eq!(scans.len(), 14);
    for (kept, &at) in scans.iter().enumerate().skip(1) {
        let ended = [&file[..at - 1], &[0xff, EOI]].concat();
        let share = missing(&ended).expect("a share");
        assert!(share > 0.0, "{kept} scans");
        assert!(matches!(
            Photo::decode(&ended),
            Err(PhotoError::Incomplete { .. })
        ));
    }
}

#[test]
fn a_hundred_scans_are_read_and_no_more() {
    let file = Coefficients::new(64, 64, &GREY).progressive(0);
    let scans = file.windows(2).filter(|pair| pair == b"\xff\xda").count();
    let last = file.windows(2).rposition(|pair| pair == b"\xff\xda");
    let last = last.expect("scans");
    let again = |times: usize| {
        let more = file[last..file.len() - 2].repeat(times);
        missing(&[&file[..last], &more, &[0xff, EOI]].concat())
    };
    assert_eq!(again(1), Ok(0.0));
    assert!(again(101 - scans).is_ok());
    let refused = Refused::Malformed("has more than 100 scans");
    assert_eq!(again(102 - scans), Err(refused));
}

#[test]
fn lost_restart_intervals_are_counted() {
    let picture = Coefficients::new(128, 128, &HALVED);
    let file = picture.baseline(8, true);
    let restarts: Vec<usize> = (2..file.len())
        .filter(|&at| file[at - 1] == 0xff && (0xd0..=0xd7).contains(&file[at]))
        .collect();
    assert_eq!(restarts.len(), 7);
    // Of 8 intervals the data of the third go, with the marker before them or with that behind.
    for gap in [
        restarts[1] + 1..restarts[2] - 1,
        restarts[1] - 1..restarts[2] - 1,
        restarts[1] + 1..restarts[2] + 1,
    ] {
        let lost = [&file[..gap.start], &file[gap.end..]].concat();
        assert_eq!(missing(&lost), Ok(0.125));
    }
    let half = [&file[..restarts[1] - 1], &file[restarts[5] - 1..]].concat();
    assert_eq!(missing(&half), Ok(0.5));
}

#[test]
fn stray_bytes_between_segments_are_passed_over() {
    let picture = Coefficients::new(64, 64, &HALVED);
    for file in [
        picture.baseline(0, true),
        picture.baseline(3, true),
        picture.progressive(0),
        picture.progressive(3),
    ] {
        let expected = pixels(&file);
        // Behind each marker and before it: all places between segments, and the ends of data.
        let places = (2..file.len()).filter(|&at| {
            let [before, code] = [file[at - 1], file[at]];
            before == 0xff && (matches!(code, DQT | DHT | SOS | EOI) || code & 0xf8 == 0xd0)
        });
        for at in places.map(|at| at - 1) {
            let marker = file[at + 1];
            for stray in [
                &[0, 0x11, 0x22, 0x33][..],
                &[0; 16],
                &[7, 0xff, 0, 9],
                &[0xff; 3],
            ] {
                let with = [&file[..at], stray, &file[at..]].concat();
                assert!(pixels(&with) == expected, "{marker:#x} {stray:?}");
            }
        }
    }
}

#[test]
fn only_the_first_picture_of_a_file_is_shown() {
    let first = Coefficients::new(64, 64, &HALVED).baseline(0, true);
    let second = Coefficients::new(96, 64, &PLAIN).progressive(0);
    let expected = pixels(&first);
    // As multi-picture files and gain maps have it: one picture behind the other.
    assert!(pixels(&[&first[..], &second].concat()) == expected);
    assert!(pixels(&[&first[..], &[0; 500], &second].concat()) == expected);
    // A thumbnail lies in a segment of camera data.
    let mut with = first[..2].to_vec();
    let exif = [b"Exif\0\0II\x2a\0\x08\0\0\0\0\0".as_slice(), &second].concat();
    super::markers::append(&mut with, 0xe1, &exif);
    with.extend(&first[2..]);
    assert!(pixels(&with) == expected);
    // Among stray bytes it would be a second beginning, at which libjpeg stops as well.
    let among = [&first[..2], &second, &first[2..]].concat();
    let refused = Photo::decode(&among).err().map(|error| error.to_string());
    assert_eq!(refused.as_deref(), Some("the JPEG begins twice"));
}

#[test]
fn a_frame_of_a_camera_is_whole_or_incomplete() {
    let picture = Coefficients::new(64, 64, &WIDE);
    let file = picture.baseline(0, false);
    let share = |bytes: &[u8]| match MjpgFrame::decode(bytes) {
        Ok(MjpgFrame::Whole(photo)) => {
            assert_eq!(photo.image().size(), (64, 64));
            0.0
        }
        Ok(MjpgFrame::Incomplete { missing }) => missing,
        Err(error) => panic!("{error}"),
    };
    assert_eq!(share(&file), 0.0);
    assert_eq!(share(&[&file[..], &[0; 4096]].concat()), 0.0);
    assert_eq!(share(&file[..file.len() - 2]), 0.0);
    for length in [0, 1, 2, 3, 20, 100] {
        assert_eq!(share(&file[..length]), 1.0, "{length}");
    }
    let half = find(&file, SOS) + (file.len() - find(&file, SOS)) / 2;
    assert!((0.3..0.7).contains(&share(&file[..half])));
    // Padding in place of data is no data either.
    let padded = [&file[..half], &vec![0; file.len() - half]].concat();
    assert!(share(&padded) >= 0.0);
    assert!(matches!(
        MjpgFrame::decode(b"\x89PNG\r\n\x1a\n"),
        Err(PhotoError::NotAPicture)
    ));
}

#[test]
fn a_picture_turns_by_itself_but_not_in_a_camera() {
    let entry = [1, 0, 0x12, 1, 4, 0, 1, 0, 0, 0, 6, 0, 0, 0];
    let exif = [b"Exif\0\0II\x2a\0\x08\0\0\0".as_slice(), &entry].concat();
    let plain = Coefficients::new(96, 64, &HALVED).baseline(0, true);
    let mut file = plain[..2].to_vec();
    super::markers::append(&mut file, 0xe1, &exif);
    file.extend(&plain[2..]);
    let size = |photo: Photo| photo.image().size();
    assert_eq!(Photo::decode(&file).map(size).ok(), Some((64, 96)));
    assert_eq!(
        Photo::decode_ignoring_exif(&file).map(size).ok(),
        Some((96, 64))
    );
    let Ok(MjpgFrame::Whole(frame)) = MjpgFrame::decode(&file) else {
        panic!("a whole frame");
    };
    assert_eq!(size(frame), (96, 64));
}

/// What reads all codes and what makes the pixels come to the same end, but for ones that are
/// missing from the last code.
fn agree(file: &[u8], blocks: f32) {
    if Photo::decode(file).is_ok() {
        let share = missing(file).expect("what is decoded is read");
        assert!(
            share <= 1.0 / blocks,
            "{share} is missing of what is decoded"
        );
    }
}

#[test]
fn every_prefix_of_a_guarded_file_is_refused_or_the_same_picture() {
    for interval in [0, 3] {
        let file = Coefficients::new(64, 80, &HALVED).baseline(interval, true);
        let expected = pixels(&file);
        let mut passed = 0;
        for length in 2..file.len() - 2 {
            let cut = [&file[..length], &[0xff, EOI]].concat();
            match Photo::decode(&cut) {
                Ok(photo) => {
                    passed += 1;
                    assert!(photo.image().pixels() == expected, "{length}");
                }
                Err(PhotoError::Incomplete { missing }) => assert!(missing > 0.0),
                Err(error) => assert!(length < find(&file, SOS) + 16, "{length}: {error}"),
            }
        }
        assert!(passed <= 1, "{passed}");
    }
}

#[test]
fn damaged_files_end_in_a_share_or_a_refusal() {
    let picture = Coefficients::new(80, 72, &HALVED);
    for file in [
        picture.baseline(0, true),
        picture.baseline(4, true),
        picture.progressive(0),
        picture.progressive(5),
    ] {
        for at in 2..file.len() {
            let mut damaged = file.clone();
            damaged[at] ^= 1 << (at % 8);
            if let Ok(share) = missing(&damaged) {
                assert!((0.0..=1.0).contains(&share));
            }
            agree(&damaged, 150.0);
            let shortened = [&file[..at], &file[at + 1..]].concat();
            agree(&shortened, 150.0);
        }
    }
}
