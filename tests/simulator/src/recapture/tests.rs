use super::*;

fn photo(colour: [u8; 3]) -> Picture {
    Picture {
        width: 96,
        height: 72,
        rgb: colour.repeat(96 * 72),
    }
}

fn pixel(picture: &Picture, x: usize, y: usize) -> [f32; 3] {
    let at = (y * picture.width + x) * 3;
    [0, 1, 2].map(|c| f32::from(picture.rgb[at + c]))
}

#[test]
fn the_same_seed_gives_the_same_bytes_and_another_one_others() {
    for kind in Recapture::ALL {
        let taken = kind.take(&photo([180, 120, 90]), 5);
        assert_eq!(taken.rgb.len(), 96 * 72 * 3);
        assert_eq!(taken, kind.take(&photo([180, 120, 90]), 5));
        assert_ne!(taken, kind.take(&photo([180, 120, 90]), 6));
    }
}

#[test]
fn edges_are_in_the_picture_only_where_they_should_be() {
    let black = photo([0; 3]);
    for seed in 0..8 {
        // Paper is white around a black photograph; a close one has none.
        let brightest = |kind: Recapture| {
            let taken = kind.take(&black, seed);
            let all = (0..96 * 72).map(|i| pixel(&taken, i % 96, i / 96)[1]);
            all.fold(0.0, f32::max)
        };
        assert!(brightest(Recapture::PhotoPrint) > 180.0);
        assert!(brightest(Recapture::PhotoPrintClose) < 150.0);
        // A screen's frame is black around a white photograph.
        let white = Picture {
            width: 240,
            height: 180,
            rgb: vec![255; 240 * 180 * 3],
        };
        let taken = Recapture::Screen.take(&white, seed);
        let row: Vec<f32> = (0..240).map(|x| pixel(&taken, x, 90)[1]).collect();
        assert!(row.iter().any(|v| *v < 90.0) && row[120] > 150.0, "{row:?}");
    }
}

#[test]
fn rasters_leave_a_pattern_that_continuous_tones_do_not() {
    let roughness = |kind: Recapture, seed| {
        let taken = kind.take(&photo([150; 3]), seed);
        let steps = (30..66).map(|x| pixel(&taken, x, 36)[1] - pixel(&taken, x + 1, 36)[1]);
        steps.map(f32::abs).sum::<f32>() / 36.0
    };
    let mean = |kind| (0..12).map(|seed| roughness(kind, seed)).sum::<f32>() / 12.0;
    let smooth = mean(Recapture::PhotoPrintClose);
    assert!(mean(Recapture::PrintClose) > 1.3 * smooth);
    assert!(mean(Recapture::ScreenClose) > 1.3 * smooth);
}

#[test]
fn ink_is_less_pure_and_has_less_contrast_than_the_photograph() {
    let spread = |p: [f32; 3]| p[0].max(p[2]) - p[0].min(p[2]);
    for kind in [Recapture::PrintClose, Recapture::PhotoPrintClose] {
        let taken = kind.take(&photo([220, 60, 60]), 1);
        let mean = [0, 1, 2].map(|c| {
            let values = (30..66).map(|x| pixel(&taken, x, 36)[c]);
            values.sum::<f32>() / 36.0
        });
        assert!(spread(mean) < 160.0 * 0.97, "{mean:?}");
    }
}

#[test]
fn decoding_undoes_encoding() {
    for byte in 0..=255 {
        assert_eq!((encode(decode(byte)) * 255.0 + 0.5) as u8, byte);
    }
}
