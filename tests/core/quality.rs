//! What each degradation does to each component, on public-domain photographs. `--nocapture` prints
//! the table of `docs/quality.md`. Long because every cause shares one way to measure its series.

use image::codecs::jpeg::JpegEncoder;
use image::imageops::{self, FilterType};
use image::{Rgb, RgbImage};
use vultus::DetectOptions;
use vultus::error::Status;
use vultus::frame::{Frame, FrameLayout, PixelFormat};
use vultus::geom::Rotation;
use vultus::quality::{Component, QualityReport, outlines};
use vultus_testkit::{fixture, lite, photo};

const FACES: [&str; 4] = [
    "people/barack_obama/portrait.jpg",
    "people/barack_obama/address.jpg",
    "people/joe_biden/portrait.jpg",
    "astronaut.png",
];

/// What the table shows.
const SHOWN: [Component; 14] = [
    Component::Total,
    Component::Sharpness,
    Component::Brightness,
    Component::Noise,
    Component::BlockSteps,
    Component::Eyebrows,
    Component::Eyes,
    Component::Nose,
    Component::Cheeks,
    Component::Mouth,
    Component::Chin,
    Component::InFrame,
    Component::OffAxis,
    Component::EyeDistance,
];

fn pictures() -> Vec<RgbImage> {
    let open = |name: &&str| image::open(fixture(name)).unwrap().to_rgb8();
    FACES.iter().map(open).collect()
}

fn frame(picture: &RgbImage) -> Frame<'_> {
    let (width, height) = picture.dimensions();
    Frame::new(
        FrameLayout::packed(PixelFormat::Rgb8, width, height),
        picture,
    )
    .unwrap()
}

fn judge(picture: &RgbImage) -> Option<QualityReport> {
    let (frame, mut session) = (frame(picture), lite().session().unwrap());
    let face = session.largest_face(&frame, &DetectOptions::default());
    session.quality(&frame, &face.ok()?).ok()
}

/// The components of each picture in which the face is still found.
fn values(pictures: &[RgbImage]) -> Vec<Option<Vec<f32>>> {
    let of = |report: QualityReport| {
        let value = |c: Component| c.value(&report).unwrap();
        SHOWN.into_iter().map(value).collect()
    };
    pictures.iter().map(|p| judge(p).map(of)).collect()
}

/// Means of two series over the pictures that both have.
fn means(a: &[Option<Vec<f32>>], b: &[Option<Vec<f32>>]) -> (Vec<f32>, Vec<f32>) {
    let both: Vec<(&Vec<f32>, &Vec<f32>)> = a
        .iter()
        .zip(b)
        .filter_map(|(a, b)| Some((a.as_ref()?, b.as_ref()?)))
        .collect();
    assert!(both.len() >= 2, "only {} faces are left", both.len());
    let n = both.len() as f32;
    let mean = |i: usize| {
        let (a, b): (Vec<f32>, Vec<f32>) = both.iter().map(|(a, b)| (a[i], b[i])).unzip();
        (a.iter().sum::<f32>() / n, b.iter().sum::<f32>() / n)
    };
    (0..SHOWN.len()).map(mean).unzip()
}

fn at(component: Component) -> usize {
    SHOWN.iter().position(|&c| c == component).unwrap()
}

/// Prints a series and checks that `own` moves one way from step to step, `falls` or not, and by
/// at least `least` in all, while `others` move by at most as much as they are given.
fn series(
    name: &str,
    steps: &[(String, Vec<RgbImage>)],
    own: Component,
    (falls, least): (bool, f32),
    others: &[(Component, f32)],
) {
    let start = values(&pictures());
    let row = |values: &[f32]| {
        let cells: Vec<String> = values.iter().map(|v| format!("{v:.0}")).collect();
        cells.join(" | ")
    };
    eprintln!("| {name} | as it is | {} |", row(&means(&start, &start).0));
    let mut last = start.clone();
    let mut moved = 0.0;
    for (step, pictures) in steps {
        let now = values(pictures);
        let (before, after) = means(&last, &now);
        let change = after[at(own)] - before[at(own)];
        let right = if falls { change <= 0.5 } else { change >= -0.1 };
        assert!(right, "{name} {step}: {} moves by {change}", own.name());
        let (start, now_means) = means(&start, &now);
        eprintln!("| {name} | {step} | {} |", row(&now_means));
        for &(other, most) in others {
            let moved = (now_means[at(other)] - start[at(other)]).abs();
            assert!(
                moved <= most,
                "{name} {step}: {} moves by {moved}, {most} expected",
                other.name()
            );
        }
        moved = (now_means[at(own)] - start[at(own)]).abs();
        let total = at(Component::Total);
        assert!(
            now_means[total] <= start[total] + 3.0,
            "{name}: the total rises"
        );
        last = now;
    }
    assert!(
        moved >= least,
        "{name}: {} moves by {moved} in all",
        own.name()
    );
}

fn all(change: impl Fn(&RgbImage) -> RgbImage) -> Vec<RgbImage> {
    pictures().iter().map(change).collect()
}

/// Parts that a cause has nothing to do with.
fn parts(most: f32) -> Vec<(Component, f32)> {
    [
        Component::Eyebrows,
        Component::Eyes,
        Component::Nose,
        Component::Cheeks,
        Component::Mouth,
        Component::Chin,
    ]
    .map(|part| (part, most))
    .to_vec()
}

fn with(mut others: Vec<(Component, f32)>, more: &[(Component, f32)]) -> Vec<(Component, f32)> {
    others.extend(more);
    others
}

#[test]
fn blur_lowers_sharpness_and_little_else() {
    let steps: Vec<_> = [1.0, 2.0, 4.0, 6.0, 8.0]
        .map(|sigma: f32| (format!("σ {sigma} px"), all(|p| imageops::blur(p, sigma))))
        .to_vec();
    let others = with(
        parts(15.0),
        &[(Component::Brightness, 4.0), (Component::OffAxis, 5.0)],
    );
    series("blur", &steps, Component::Sharpness, (true, 35.0), &others);
}

#[test]
fn gamma_moves_brightness_and_little_else() {
    let gamma = |exponent: f32| {
        all(|p| {
            let mut p = p.clone();
            let curve = |v: u8| (255.0 * (f32::from(v) / 255.0).powf(exponent)).round() as u8;
            p.pixels_mut().for_each(|p| p.0 = p.0.map(curve));
            p
        })
    };
    let others = with(
        parts(20.0),
        &[(Component::Sharpness, 12.0), (Component::OffAxis, 5.0)],
    );
    for exponents in [[1.2, 1.5, 2.0], [0.85, 0.7, 0.5]] {
        let falls = exponents[0] > 1.0;
        let steps: Vec<_> = exponents
            .map(|e: f32| (format!("exponent {e}"), gamma(e)))
            .to_vec();
        series(
            "gamma",
            &steps,
            Component::Brightness,
            (falls, 10.0),
            &others,
        );
    }
}

#[test]
fn noise_is_seen_as_noise() {
    let noisy = |sigma: f32| {
        all(|p| {
            let mut state = 7_u64;
            let mut uniform = || {
                state = state
                    .wrapping_mul(6_364_136_223_846_793_005)
                    .wrapping_add(1);
                (state >> 40) as f32 / (1_u64 << 24) as f32
            };
            let mut p = p.clone();
            for v in p.iter_mut() {
                let normal = (0..12).map(|_| uniform()).sum::<f32>() - 6.0;
                *v = (f32::from(*v) + sigma * normal).clamp(0.0, 255.0) as u8;
            }
            p
        })
    };
    let steps: Vec<_> = [5.0, 10.0, 20.0, 30.0]
        .map(|s: f32| (format!("σ {s} levels"), noisy(s)))
        .to_vec();
    let others = with(
        parts(25.0),
        &[(Component::Brightness, 5.0), (Component::Sharpness, 12.0)],
    );
    series("noise", &steps, Component::Noise, (false, 3.0), &others);
}

#[test]
fn compression_is_seen_as_blocks() {
    let compressed = |quality: u8| {
        all(|p| {
            let mut bytes = Vec::new();
            JpegEncoder::new_with_quality(&mut bytes, quality)
                .encode_image(p)
                .unwrap();
            image::load_from_memory(&bytes).unwrap().to_rgb8()
        })
    };
    let steps: Vec<_> = [50, 20, 10]
        .map(|q: u8| (format!("quality {q}"), compressed(q)))
        .to_vec();
    let others = with(
        parts(20.0),
        &[(Component::Brightness, 5.0), (Component::OffAxis, 5.0)],
    );
    series("JPEG", &steps, Component::BlockSteps, (false, 2.0), &others);
}

#[test]
fn fewer_pixels_bring_the_eyes_together_and_cost_sharpness() {
    let smaller = |share: f32| {
        all(|p| {
            let side = |s: u32| (s as f32 * share) as u32;
            imageops::resize(p, side(p.width()), side(p.height()), FilterType::Triangle)
        })
    };
    let steps: Vec<_> = [0.7, 0.5, 0.35, 0.25]
        .map(|s: f32| (format!("{:.0} %", s * 100.0), smaller(s)))
        .to_vec();
    let others = with(
        parts(20.0),
        &[(Component::Brightness, 4.0), (Component::OffAxis, 6.0)],
    );
    series(
        "smaller",
        &steps,
        Component::EyeDistance,
        (true, 30.0),
        &others,
    );
    let (start, smallest) = means(&values(&pictures()), &values(&steps[3].1));
    let sharpness = at(Component::Sharpness);
    assert!(smallest[sharpness] < start[sharpness] - 5.0);
}

/// A patch of a colour over the lower `share` of a part's outline and some more on its sides.
fn covered(component: Component, share: f32, colour: [u8; 3]) -> Vec<RgbImage> {
    all(|p| {
        let mut p = p.clone();
        let frame = frame(&p);
        let mut session = lite().session().unwrap();
        let face = session
            .largest_face(&frame, &DetectOptions::default())
            .unwrap();
        let mesh = session.mesh(&frame, &face).unwrap();
        let eye = face.landmarks.eye_distance();
        for (part, outline) in outlines(&mesh.points) {
            if part != component {
                continue;
            }
            let (mut l, mut t, mut r, mut b) = (f32::MAX, f32::MAX, 0.0_f32, 0.0_f32);
            for q in outline {
                (l, t, r, b) = (l.min(q.x), t.min(q.y), r.max(q.x), b.max(q.y));
            }
            let margin = 0.06 * eye;
            let (l, t, r, b) = (l - margin, t - margin, r + margin, b + margin);
            let t = b - (b - t) * share;
            for y in t.max(0.0) as u32..(b as u32).min(p.height()) {
                for x in l.max(0.0) as u32..(r as u32).min(p.width()) {
                    p.put_pixel(x, y, Rgb(colour));
                }
            }
        }
        p
    })
}

#[test]
fn covering_a_part_lowers_that_part() {
    // Blue cloth, black plastic, white paper.
    for (name, colour) in [
        ("blue", [40, 80, 160]),
        ("black", [12, 12, 12]),
        ("white", [245, 245, 245]),
    ] {
        for (part, least) in [
            (Component::Eyebrows, 25.0),
            (Component::Eyes, 30.0),
            (Component::Nose, 35.0),
            (Component::Cheeks, 35.0),
            (Component::Mouth, 40.0),
            (Component::Chin, 35.0),
        ] {
            // White that reaches under both eyes passes for skin, so cheeks keep some of theirs.
            let shares = if part == Component::Cheeks {
                [0.35, 0.6, 0.85]
            } else {
                [0.4, 0.7, 1.0]
            };
            let steps: Vec<_> = shares
                .map(|share: f32| {
                    let text = format!("{name}, {:.0} %", share * 100.0);
                    (text, covered(part, share, colour))
                })
                .to_vec();
            let others = [(Component::Brightness, 12.0)];
            let cover = format!("{} covered", part.name());
            series(&cover, &steps, part, (true, least), &others);
        }
    }
}

#[test]
fn a_turned_picture_turns_roll_and_nothing_else() {
    for name in FACES {
        let photo = photo(name);
        let mut session = lite().session().unwrap();
        let judge = |session: &mut vultus::Session, frame: &Frame<'_>, rotate: bool| {
            let options = DetectOptions {
                rotate,
                ..DetectOptions::default()
            };
            let face = session.largest_face(frame, &options).unwrap();
            session.quality(frame, &face).unwrap()
        };
        let straight = judge(&mut session, &photo.frame(), false);
        // The same pixels, said to lie on their side: what is measured must be the same face.
        let turned = judge(&mut session, &photo.frame().turned(Rotation::Cw90), true);
        let moved = (straight.pose.roll - turned.pose.roll).rem_euclid(360.0);
        let quarter = (moved - 90.0).abs().min((moved - 270.0).abs());
        assert!(quarter < 5.0, "{name}: {moved}");
        assert!((straight.total - turned.total).abs() < 12.0, "{name}");
        let mirrored = *photo.frame().layout();
        let mirrored = Frame::new(mirrored.with_mirror(true), photo.image().pixels()).unwrap();
        let mirrored = judge(&mut session, &mirrored, false);
        assert!(
            (straight.pose.yaw + mirrored.pose.yaw).abs() < 10.0,
            "{name}"
        );
        assert!(
            (straight.pose.pitch - mirrored.pose.pitch).abs() < 8.0,
            "{name}"
        );
    }
}

#[test]
fn cut_off_faces_are_seen_to_be() {
    let cut = |share: f32| {
        all(|p| {
            let frame = frame(p);
            let face = lite()
                .session()
                .unwrap()
                .largest_face(&frame, &DetectOptions::default())
                .unwrap();
            // The lower edge of the picture moves up into the face.
            let bottom = face.rect.y + face.rect.height * (1.0 - share);
            imageops::crop_imm(p, 0, 0, p.width(), bottom as u32).to_image()
        })
    };
    let start = values(&pictures());
    let (whole, a_little) = means(&start, &values(&cut(0.05)));
    let (_, much) = means(&start, &values(&cut(0.2)));
    assert!(whole[at(Component::InFrame)] > 99.0);
    assert!(a_little[at(Component::InFrame)] < 100.0);
    assert!(much[at(Component::InFrame)] < a_little[at(Component::InFrame)]);
    assert!(much[at(Component::Chin)] < 70.0);
}

#[test]
fn whatever_comes_in_there_is_a_report_or_a_named_error() {
    let mut reports = 0;
    for picture in pictures() {
        let (width, height) = picture.dimensions();
        let mut grey = picture.clone();
        for p in grey.pixels_mut() {
            p.0 = [p.0[1]; 3];
        }
        let variants = [
            imageops::rotate90(&picture),
            imageops::rotate180(&picture),
            imageops::flip_horizontal(&picture),
            imageops::flip_vertical(&picture),
            imageops::crop_imm(&picture, 0, 0, width / 2, height).to_image(),
            imageops::crop_imm(&picture, 0, height / 3, width, height / 3).to_image(),
            imageops::resize(&picture, 64, 64, FilterType::Triangle),
            imageops::resize(&picture, 1, 1, FilterType::Triangle),
            imageops::resize(&picture, 700, 20, FilterType::Triangle),
            grey,
            RgbImage::from_pixel(width, height, Rgb([255, 255, 255])),
            RgbImage::from_pixel(width, height, Rgb([0, 0, 0])),
        ];
        for variant in &variants {
            let (frame, mut session) = (frame(variant), lite().session().unwrap());
            for rotate in [false, true] {
                let options = DetectOptions {
                    rotate,
                    ..DetectOptions::default()
                };
                let judged = session
                    .largest_face(&frame, &options)
                    .and_then(|face| session.quality(&frame, &face));
                match judged {
                    Ok(report) => {
                        reports += 1;
                        for component in Component::ALL {
                            let value = component.value(&report);
                            assert!(value.is_none_or(f32::is_finite), "{}", component.name());
                        }
                        assert!((0.0..=100.0).contains(&report.total));
                    }
                    Err(error) => assert!(
                        matches!(
                            error.status(),
                            Status::NoFaceInPhoto
                                | Status::FaceSizeTooSmall
                                | Status::FaceGeometryInvalid
                        ),
                        "{error}"
                    ),
                }
            }
        }
    }
    assert!(reports > 20);
}
