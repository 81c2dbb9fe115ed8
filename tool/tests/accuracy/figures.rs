//! The figures that README and docs/accuracy.md promise, measured again. Minutes of work, so they
//! run with `-- --ignored`, as CI does; without the photographs they are skipped and say so.

use crate::common::{standard, vultus_json};
use serde_json::Value;
use std::path::Path;
use vultus::DetectOptions;
use vultus::frame::Photo;
use vultus::gallery::store::{Protection, TemplateKey};
use vultus_testkit::shared;

fn verification(pack: &str) -> Option<Value> {
    let set = shared("data/lfw_dev")?;
    let (pairs, root) = (set.join("pairs.csv"), set.join("images"));
    let (pairs, root) = (pairs.to_str().unwrap(), root.to_str().unwrap());
    let args = [
        "eval",
        "verification",
        "--pairs",
        pairs,
        "--root",
        root,
        "--models",
        pack,
    ];
    let (code, mut objects) = vultus_json(&args);
    assert_eq!(code, 0);
    Some(objects.remove(0))
}

fn recognises(name: &str, pack: &str) {
    let Some(result) = verification(pack) else {
        return;
    };
    eprintln!("{pack}: {result}");
    assert_eq!(result["pairs"], 6000);
    assert!(result["accuracy"].as_f64().unwrap() >= 0.99);
    let page = std::fs::read_to_string(vultus_testkit::root().join("docs/accuracy.md")).unwrap();
    let start = format!("| {name} 1.0.0 |");
    let row = page.lines().find(|line| line.starts_with(&start)).unwrap();
    let targets = ["0.01", "0.001", "0.0001"].map(|target| &result["tar_at_fmr"][target]);
    for figure in [&result["accuracy"]].into_iter().chain(targets) {
        let percent = figure.as_f64().unwrap() * 100.0;
        let mut printed = row
            .split(" | ")
            .filter_map(|cell| cell.split(" %").next()?.parse::<f64>().ok());
        // Another processor may decide a pair or two of 3,000 differently.
        let said = printed.any(|figure| (figure - percent).abs() < 0.1);
        assert!(said, "docs/accuracy.md does not say {percent:.2} %: {row}");
    }
    let share_lost =
        result["failed_to_detect"].as_f64().unwrap() / result["images"].as_f64().unwrap();
    assert!(share_lost <= 0.001);
}

/// Every second name makes the curve, the others test it.
fn scores_keep_their_promise(pack: &str) {
    let Some(set) = shared("data/lfw_dev/images") else {
        return;
    };
    let args = [
        "eval",
        "calibration",
        "--images",
        set.to_str().unwrap(),
        "--splits",
        "1",
        "--models",
        pack,
    ];
    let (code, objects) = vultus_json(&args);
    assert_eq!(code, 0);
    let trials = objects[0]["trials"].as_array().unwrap();
    let alternating: Vec<&Value> = trials
        .iter()
        .filter(|trial| trial["split"] == "alternating")
        .collect();
    assert_eq!(alternating.len(), 2);
    for promise in alternating
        .iter()
        .flat_map(|trial| trial["scores"].as_array().unwrap())
    {
        eprintln!("{pack}: {promise}");
        let (expected, ratio) = (
            promise["expected"].as_f64().unwrap(),
            promise["ratio"].as_f64().unwrap(),
        );
        let factor = if expected >= 100.0 { 1.3 } else { 2.0 };
        if expected >= 20.0 {
            assert!((1.0 / factor..=factor).contains(&ratio), "{promise}");
        }
    }
}

/// Counts of all trials of one kind at a target: strangers named, strangers.
fn named(trials: &[&Value], target: f64) -> (u64, u64) {
    let mut sums = (0, 0);
    for trial in trials {
        let targets = trial["targets"].as_array().unwrap();
        let at = targets.iter().find(|at| at["target_fpir"] == target);
        let at = at.unwrap();
        assert_eq!(at["supported"], true, "{trial}");
        sums.0 += at["false_positives"].as_u64().unwrap();
        sums.1 += trial["strangers"].as_u64().unwrap();
    }
    sums
}

/// Half of the people enrolled, the others strangers; the curve has never seen these. The rate lies
/// between so many times the target and twice the target.
fn searches_keep_their_promise(name: &str, pack: &str, least: f64) {
    let Some(set) = shared("data/lfw_dev/images") else {
        return;
    };
    let same = vultus_testkit::root().join("tests/data/lfw_same_people.csv");
    let args = [
        "eval",
        "identification",
        "--images",
        folder(&set),
        "--same",
        folder(&same),
        "--splits",
        "15",
        "--models",
        pack,
    ];
    let (code, objects) = vultus_json(&args);
    assert_eq!(code, 0);
    let trials: Vec<&Value> = objects[0]["trials"].as_array().unwrap().iter().collect();
    let (alternating, random): (Vec<&Value>, Vec<&Value>) = trials
        .iter()
        .partition(|trial| trial["split"] == "alternating");
    assert_eq!((alternating.len(), random.len()), (2, 30));
    let page = std::fs::read_to_string(vultus_testkit::root().join("docs/accuracy.md")).unwrap();
    for target in [0.01, 0.001] {
        for trial in &trials {
            let targets = trial["targets"].as_array().unwrap();
            let at = targets.iter().find(|at| at["target_fpir"] == target);
            let at = at.unwrap();
            let (observed, bound) = (at["fpir"].as_f64(), at["expected_fpir"].as_f64());
            assert!(observed.unwrap() <= bound.unwrap(), "{trial}");
        }
        let (once, everybody) = named(&alternating, target);
        let (often, all) = named(&random, target);
        eprintln!("{pack}: FPIR {target}: {once} of {everybody}, {often} of {all}");
        let ratio = often as f64 / all as f64 / target;
        assert!((least..=2.0).contains(&ratio), "{ratio} times the target");

        let start = format!("| {name} 1.0.0 | {target} | ");
        let row = page.lines().find(|line| line.starts_with(&start)).unwrap();
        let cells: Vec<&str> = row.split(" | ").collect();
        let printed = |cell: usize, end: &str| -> f64 {
            cells[cell].split(end).next().unwrap().parse().unwrap()
        };
        // Another processor may decide a few of the closest differently.
        let near = |said: f64, counted: u64| (said - counted as f64).abs() <= 2.0 + 0.02 * said;
        assert!(near(printed(2, ":"), once), "{once}: {row}");
        assert!(near(printed(4, " of"), often), "{often}: {row}");
    }
}

fn folder(path: &Path) -> &str {
    path.to_str().unwrap()
}

#[test]
#[ignore = "minutes of work"]
fn lite_recognises() {
    recognises("lite", "models/lite");
}

#[test]
#[ignore = "minutes of work"]
fn standard_recognises() {
    if let Some(pack) = standard() {
        recognises("standard", folder(pack));
    }
}

#[test]
#[ignore = "minutes of work"]
fn scores_of_lite_keep_their_promise() {
    scores_keep_their_promise("models/lite");
}

#[test]
#[ignore = "minutes of work"]
fn scores_of_standard_keep_their_promise() {
    if let Some(pack) = standard() {
        scores_keep_their_promise(folder(pack));
    }
}

#[test]
#[ignore = "minutes of work"]
fn searches_with_standard_keep_their_promise() {
    if let Some(pack) = standard() {
        searches_keep_their_promise("standard", folder(pack), 0.5);
    }
}

/// At 1e-3 the exponential tail errs further to the safe side than a factor of two.
#[test]
#[ignore = "minutes of work"]
fn searches_with_lite_keep_their_promise() {
    searches_keep_their_promise("lite", "models/lite", 0.2);
}

/// Mean and standard deviation.
fn spread(cosines: &[f64]) -> (f64, f64) {
    let n = cosines.len() as f64;
    let mean = cosines.iter().sum::<f64>() / n;
    let variance = cosines.iter().map(|c| (c - mean).powi(2)).sum::<f64>() / n;
    (mean, variance.sqrt())
}

/// Templates of the first photographs of 600 people under the keys of two sites.
fn templates_tell_no_site_about_another(pack: &str) {
    let Some(set) = shared("data/lfw_dev/images") else {
        return;
    };
    let sdk = vultus_testkit::open(&vultus_testkit::root().join(pack)).unwrap();
    let mut session = sdk.session().unwrap();
    let mut people: Vec<_> = std::fs::read_dir(set)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    people.sort_unstable();
    let mut faces: Vec<Vec<f32>> = Vec::new();
    for person in people.iter().take(600) {
        let mut files: Vec<_> = std::fs::read_dir(person)
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .collect();
        files.sort_unstable();
        let photo = Photo::decode(&std::fs::read(&files[0]).unwrap()).unwrap();
        let frame = photo.frame();
        let Ok(face) = session.largest_face(&frame, &DetectOptions::default()) else {
            continue;
        };
        faces.push(session.embed(&frame, &face).unwrap().values().to_vec());
    }
    assert!(faces.len() > 590, "{}", faces.len());
    let model = sdk.pack().model_id().to_string();
    let site = |key: u8| {
        let key = TemplateKey::new([key; 32]);
        Protection::new(&key, &model, faces[0].len()).unwrap()
    };
    let (mut same, mut other, mut moved) = (Vec::new(), Vec::new(), 0.0_f64);
    for pair in 0..20_u8 {
        let of = |site: &Protection| -> Vec<Vec<f32>> {
            faces.iter().map(|face| site.apply(face).unwrap()).collect()
        };
        let (here, there) = (of(&site(2 * pair)), of(&site(2 * pair + 1)));
        for i in 0..faces.len() {
            let stranger = (i + 1) % faces.len();
            same.push(cosine(&here[i], &there[i]));
            other.push(cosine(&here[i], &there[stranger]));
            let kept = cosine(&faces[i], &faces[stranger]);
            moved = moved.max((cosine(&here[i], &here[stranger]) - kept).abs());
        }
    }
    let ((same_mean, same_spread), (other_mean, other_spread)) = (spread(&same), spread(&other));
    eprintln!(
        "{pack}: {} faces, 20 pairs of sites: one person {same_mean:.4} ± {same_spread:.4}, strangers \
         {other_mean:.4} ± {other_spread:.4}; cosines within a site kept within {moved:.1e}",
        faces.len()
    );
    assert!(moved < 1e-5, "{moved}");
    // Whoever holds both templates learns nothing from their cosine.
    let apart = (same_mean - other_mean).abs() / same_spread.max(other_spread);
    assert!(apart < 0.1, "{apart} standard deviations apart");
    let largest = same.iter().copied().fold(f64::MIN, f64::max);
    assert!(largest < 0.5, "{largest}");
}

fn cosine(a: &[f32], b: &[f32]) -> f64 {
    let dot = |a: &[f32], b: &[f32]| -> f64 {
        a.iter()
            .zip(b)
            .map(|(&a, &b)| f64::from(a) * f64::from(b))
            .sum()
    };
    dot(a, b) / (dot(a, a) * dot(b, b)).sqrt()
}

#[test]
#[ignore = "minutes of work"]
fn templates_of_lite_tell_no_site_about_another() {
    templates_tell_no_site_about_another("models/lite");
}

#[test]
#[ignore = "minutes of work"]
fn templates_of_standard_tell_no_site_about_another() {
    if let Some(pack) = standard() {
        templates_tell_no_site_about_another(folder(pack));
    }
}
