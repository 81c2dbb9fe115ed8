//! Thresholds of stage B at which few living people are refused that stage A accepts.

use super::dump;
use super::parallel::parallel;
use super::simulated::Shot;
use std::error::Error;
use std::fmt::Write as _;
use std::path::Path;
use vultus::liveness::depth::{
    DepthLiveness, DepthLook, DepthRules, ReliefPicture, SensorClass, Subjects,
};
use vultus::model::{Pack, PackNetwork, Role};
use vultus_simulator::Species;

/// First seed: the half of the tuning seeds that stage A was not fitted to.
const TUNE: u64 = 2_500_000;

/// Adults and children of each class.
const PEOPLE: [u64; 2] = [2400, 900];

/// Share of those that stage A accepts that stage B may refuse on the tuning set.
const REFUSED: f64 = 0.004;

/// What the network was trained on: `HELD_OUT` of `models/train/depth.py` are fabric and rigid masks.
const SEEN: [Species; 13] = [
    Species::Live,
    Species::Child,
    Species::CutEyes,
    Species::CutEyesNose,
    Species::Flat,
    Species::CurvedUpright,
    Species::CurvedAcross,
    Species::Folded,
    Species::Crumpled,
    Species::BentCrumpled,
    Species::Phone,
    Species::Tablet,
    Species::Monitor,
];

/// The network of depth liveness of a pack.
pub(crate) fn network(models: &str) -> Result<PackNetwork, Box<dyn Error>> {
    let pack = Pack::open(Path::new(models))?;
    let network = pack.with_role(Role::LivenessDepth).next().cloned();
    Ok(network.ok_or("the pack has no network of depth liveness")?)
}

/// The network's answer on a living face; nothing of one that stage A does not accept.
fn score(
    look: &DepthLook,
    judge: &DepthLiveness,
    species: Species,
    class: SensorClass,
    seed: u64,
) -> Option<f32> {
    let shot = Shot::under(species, class, &dump::conditions(species, seed), seed);
    if !shot.assess(judge.clone()).verdict.is_live() {
        return None;
    }
    let picture = ReliefPicture::of(look.cells(), &shot.frame(), &shot.face.landmarks).ok()?;
    let mut runner = look.runner().expect("the engine runs the network");
    Some(look.score(&mut *runner, &picture).expect("a number"))
}

/// Writes the table `look` of the file; the rest stays.
pub(crate) fn fit(models: &str, file: &Path) -> Result<(), Box<dyn Error>> {
    let network = network(models)?;
    let look = DepthLook::new(&network)?;
    let text = without_look(&std::fs::read_to_string(file)?)?;
    let rules = DepthRules::parse(&text)?;
    let mut table = format!(
        "# Stage B: thresholds of one network, of the classes in their order. Written by\n\
         #     cargo run --release -p vultus-simulator --example depth -- fit-look MODELS models/liveness/depth.toml\n\
         [look]\nnetwork = \"{}\"\n",
        network.spec().sha256
    );
    for (k, (key, subjects, species)) in [
        ("adults", Subjects::Adults, Species::Live),
        ("children", Subjects::AdultsAndChildren, Species::Child),
    ]
    .into_iter()
    .enumerate()
    {
        let mut thresholds = Vec::new();
        for (i, class) in SensorClass::ALL.into_iter().enumerate() {
            let judge = DepthLiveness::new(class)
                .with_rules(rules.clone())
                .with_subjects(subjects);
            let from = TUNE + (i * 2 + k) as u64 * 10_000;
            let drawn = parallel(PEOPLE[k], |n| {
                score(&look, &judge, species, class, from + n)
            });
            let mut scores: Vec<f32> = drawn.into_iter().flatten().collect();
            scores.sort_by(f32::total_cmp);
            let at = (scores.len() as f64 * REFUSED) as usize;
            // Four decimals, and no threshold so low that it asks nothing.
            let threshold = (f64::from(scores[at]) * 1e4).floor().clamp(200.0, 9900.0) / 1e4;
            println!(
                "{key}, class {class:?}: {threshold}, {} people",
                scores.len()
            );
            thresholds.push(format!("{threshold:.4}"));
        }
        writeln!(table, "{key} = [{}]", thresholds.join(", "))?;
    }
    let names: Vec<String> = SEEN.iter().map(|s| format!("\"{}\"", s.name())).collect();
    writeln!(table, "species = [{}]\n", names.join(", "))?;
    let text = text.replacen("[face]", &format!("{table}[face]"), 1);
    DepthRules::parse(&text)?;
    Ok(std::fs::write(file, text)?)
}

/// The file without its table `look` and the comment over it.
fn without_look(text: &str) -> Result<String, Box<dyn Error>> {
    let face = text.find("[face]").ok_or("the file has no table face")?;
    let look = text.find("# Stage B:").unwrap_or(face);
    Ok(format!("{}{}", &text[..look], &text[face..]))
}
