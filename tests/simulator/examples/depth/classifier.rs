//! Thresholds of stage B: as far from living people as from masks.

use super::dump;
use super::parallel::parallel;
use std::error::Error;
use std::fmt::Write as _;
use std::path::Path;
use vultus::internals::model::{Pack, PackNetwork, Role};
use vultus::internals::stages::liveness::depth::{ReliefCells, ReliefPicture};
use vultus::internals::stages::liveness::{Classifier, Judge, Runners};
use vultus::liveness::depth::{DepthLiveness, DepthRules, SensorClass, Subjects};
use vultus_simulator::Species;
use vultus_testkit::simulated::depth::Shot;

/// First seed: the half of the tuning seeds that stage A was not fitted to.
const TUNE: u64 = 2_500_000;

/// Living people of each class and policy, and masks of each kind.
const PEOPLE: u64 = 900;
const MASKS: u64 = 300;

/// What passes stage A of what the network was trained on.
const SEEN_MASKS: [Species; 2] = [Species::CutEyes, Species::CutEyesNose];

/// Share of people below, and of masks above, the two scores that the threshold lies between.
const OUTSIDE: f64 = 0.004;

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

type Network = Classifier<ReliefCells>;

/// The network of depth liveness of a pack.
pub(crate) fn network(models: &str) -> Result<PackNetwork, Box<dyn Error>> {
    let pack = Pack::open(Path::new(models))?;
    let network = pack.with_role(Role::LivenessDepth).next().cloned();
    Ok(network.ok_or("the pack has no network of depth liveness")?)
}

/// The network's answer, as a logit; nothing of what stage A does not accept.
fn score(
    network: &Network,
    judge: &DepthLiveness,
    species: Species,
    class: SensorClass,
    seed: u64,
) -> Option<f64> {
    let shot = Shot::under(species, class, &dump::conditions(species, seed), seed);
    if !shot.assess(judge).verdict.is_live() {
        return None;
    }
    let cells = *network.layout();
    let picture = ReliefPicture::of(cells, &shot.frame(), &shot.face.landmarks).ok()?;
    let living = network.living(&mut Runners::default(), picture.image());
    let score = living.expect("a number");
    let score = f64::from(score).clamp(1e-6, 1.0 - 1e-6);
    Some((score / (1.0 - score)).ln())
}

/// Logits in ascending order.
fn scores(
    network: &Network,
    judge: &DepthLiveness,
    species: Species,
    class: SensorClass,
    [from, count]: [u64; 2],
) -> Vec<f64> {
    let drawn = parallel(count, |n| score(network, judge, species, class, from + n));
    let mut scores: Vec<f64> = drawn.into_iter().flatten().collect();
    scores.sort_by(f64::total_cmp);
    scores
}

/// Half way, in logits, between the least of the living and the best of the masks. Heads and sensors that are none of this
/// simulator's move both of them; a threshold at the edge of either would refuse people, or let masks in, that differ a little.
fn threshold(
    network: &Network,
    judge: &DepthLiveness,
    species: Species,
    class: SensorClass,
    from: u64,
) -> f64 {
    let living = scores(network, judge, species, class, [from, PEOPLE]);
    let mut masks: Vec<f64> = SEEN_MASKS
        .into_iter()
        .zip([from + 5_000, from + 7_000])
        .flat_map(|(mask, from)| scores(network, judge, mask, class, [from, MASKS]))
        .collect();
    masks.sort_by(f64::total_cmp);
    let least = living[(living.len() as f64 * OUTSIDE) as usize];
    let best = masks[masks.len() - 1 - (masks.len() as f64 * OUTSIDE) as usize];
    println!(
        "class {class:?}, {}: {} accepted, from {least:.2}; {} masks, to {best:.2}",
        species.name(),
        living.len(),
        masks.len(),
    );
    1.0 / (1.0 + (-f64::midpoint(least, best)).exp())
}

/// Writes the table `look` of the file; the rest stays.
pub(crate) fn fit(models: &str, file: &Path) -> Result<(), Box<dyn Error>> {
    let network = Network::new(&network(models)?)?;
    let text = without_thresholds(&std::fs::read_to_string(file)?)?;
    let rules = DepthRules::parse(&text)?;
    let mut table = format!(
        "# Stage B: thresholds of one network, of the classes in their order. Written by\n\
         #     cargo run --release -p vultus-simulator --example depth -- fit-look MODELS models/liveness/depth.toml\n\
         [look]\nnetwork = \"{}\"\n",
        network.sha256()
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
            let judge = DepthLiveness::new(class, [])?
                .with_rules(rules.clone())?
                .with_subjects(subjects);
            let from = TUNE + (i * 2 + k) as u64 * 10_000;
            thresholds.push(format!(
                "{:.4}",
                threshold(&network, &judge, species, class, from)
            ));
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
fn without_thresholds(text: &str) -> Result<String, Box<dyn Error>> {
    let face = text.find("[face]").ok_or("the file has no table face")?;
    let look = text.find("# Stage B:").unwrap_or(face);
    Ok(format!("{}{}", &text[..look], &text[face..]))
}
