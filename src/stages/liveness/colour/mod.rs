//! Liveness from one colour frame: the convenience tier.
//!
//! Networks compare a face and what surrounds it with pictures of faces. They know what they were
//! trained on, which nobody has published; a good screen, or a print whose edge is out of the picture, passes.
//! They are asked only where they can know anything: see [`ColourRules`]. Infrared frames are of another
//! type, and what has no colours is not judged.

mod crop;
mod rules;
mod validity;

pub use rules::{ColourRules, ColourRulesError};
pub use validity::ColourMeasures;

use super::{Check, Evidence, Liveness, Reason, Reasons};
use crate::frame::{Frame, RgbImage};
use crate::geom::Rect;
use crate::model::{PackError, PackNetwork};
use crop::Crop;
use validity::FaceChip;
use vultus_nn::Runner;

/// What one colour frame says of a face.
#[derive(Clone, Debug, PartialEq)]
pub struct ColourAssessment {
    /// The answer.
    pub verdict: Liveness,
    /// Mean over the networks of the probability that they give a living face, `0..=1`: of their training data,
    /// not of your door. `None` where they were not asked.
    pub score: Option<f32>,
    /// The checks that passed.
    pub evidence: Evidence,
    /// What was measured of the picture; `None` of a rectangle that holds nothing.
    pub measures: Option<ColourMeasures>,
    /// The probability of each network, in the order of the pack.
    pub networks: Vec<f32>,
}

/// Judges faces in colour frames with the networks of a pack.
pub struct ColourLiveness {
    networks: Vec<PackNetwork>,
    rules: ColourRules,
}

/// Working memory of one thread.
#[derive(Default)]
pub struct ColourScratch {
    runners: Vec<Box<dyn Runner>>,
    crop: RgbImage,
    face: FaceChip,
}

impl ColourLiveness {
    /// With the networks of one role, whose answers are averaged, and the rules that the SDK comes with; `None`
    /// without networks.
    ///
    /// # Errors
    /// [`PackError::Manifest`] for a network that does not answer with one value a class.
    pub fn new<'a>(
        networks: impl Iterator<Item = &'a PackNetwork>,
    ) -> Result<Option<Self>, PackError> {
        let networks: Vec<PackNetwork> = networks.cloned().collect();
        for network in &networks {
            let spec = network.spec();
            let classes = match &spec.outputs[..] {
                [output] => output.shape.iter().product(),
                _ => 0,
            };
            let live = spec.liveness_colour.as_ref().map(|l| l.live_class);
            if !(2..=16).contains(&classes) || live.is_none_or(|live| live >= classes) {
                let cause = format!(
                    "network {}: liveness has one output of 2 to 16 classes, of which liveness_colour.live_class is one",
                    spec.name
                );
                return Err(PackError::manifest(cause));
            }
        }
        let rules = ColourRules::default();
        Ok((!networks.is_empty()).then_some(Self { networks, rules }))
    }

    /// With other rules.
    #[must_use]
    pub fn with_rules(self, rules: ColourRules) -> Self {
        Self { rules, ..self }
    }

    /// Judges the face in a rectangle (stored pixels) that a detector found in this frame.
    ///
    /// # Errors
    /// [`PackError`] when a network fails.
    pub fn assess(
        &self,
        scratch: &mut ColourScratch,
        frame: &Frame<'_>,
        rect: &Rect,
    ) -> Result<ColourAssessment, PackError> {
        let crops = self.networks.iter().map(scale_of);
        let widest = crops.fold(1.0, f64::max);
        let measures = scratch.face.measure(frame, rect, widest);
        let reasons = match &measures {
            Some(measures) => self.rules.invalid(measures),
            None => Reasons::default().with(Reason::FaceTooSmall),
        };
        if !reasons.is_empty() {
            return Ok(ColourAssessment {
                verdict: Liveness::Inconclusive(reasons),
                score: None,
                evidence: Evidence::default(),
                measures,
                networks: Vec::new(),
            });
        }
        let networks = self.ask(scratch, frame, rect)?;
        let score = networks.iter().sum::<f32>() / networks.len() as f32;
        let evidence = Evidence::default().with(Check::CaptureConditions);
        // Written so that no number is no life.
        let (verdict, evidence) = if score >= self.rules.threshold() {
            (Liveness::Live, evidence.with(Check::NoRecapture))
        } else {
            let reasons = Reasons::default().with(Reason::Recapture);
            (Liveness::Spoof(reasons), evidence)
        };
        Ok(ColourAssessment {
            verdict,
            score: Some(score),
            evidence,
            measures,
            networks,
        })
    }

    /// Runs the networks whatever the picture is like, for those who want to see what they are run on.
    ///
    /// # Errors
    /// [`PackError`] when a network fails.
    pub fn exercise(
        &self,
        scratch: &mut ColourScratch,
        frame: &Frame<'_>,
        rect: &Rect,
    ) -> Result<(), PackError> {
        self.ask(scratch, frame, rect).map(|_| ())
    }

    /// The probability of a living face by each network; 0 where an answer is no number.
    fn ask(
        &self,
        scratch: &mut ColourScratch,
        frame: &Frame<'_>,
        rect: &Rect,
    ) -> Result<Vec<f32>, PackError> {
        if scratch.runners.is_empty() {
            let runners = self.networks.iter().map(PackNetwork::runner);
            scratch.runners = runners.collect::<Result<_, _>>()?;
        }
        let mut found = Vec::with_capacity(self.networks.len());
        for (network, runner) in self.networks.iter().zip(&mut scratch.runners) {
            let spec = network.spec();
            let Some(crop) = Crop::around(frame, rect, scale_of(network)) else {
                found.push(0.0);
                continue;
            };
            let side = spec.input.side().0;
            frame.warp_unsmoothed(&crop.to_stored(frame, side), side, &mut scratch.crop);
            network.input().fill(&scratch.crop, runner.input_mut());
            runner.run()?;
            let logits: Vec<f32> = runner.output(0).iter().copied().collect();
            let live = spec.liveness_colour.as_ref().map_or(0, |l| l.live_class);
            found.push(softmax_of(&logits, live));
        }
        Ok(found)
    }
}

fn scale_of(network: &PackNetwork) -> f64 {
    let spec = network.spec().liveness_colour.as_ref();
    spec.map_or(1.0, |spec| spec.scale)
}

/// The softmax of one class; 0 where it is no number.
fn softmax_of(logits: &[f32], class: usize) -> f32 {
    let most = logits.iter().copied().fold(f32::MIN, f32::max);
    let sum: f32 = logits.iter().map(|v| (v - most).exp()).sum();
    let share = (logits[class] - most).exp() / sum;
    if share.is_finite() { share } else { 0.0 }
}

#[cfg(test)]
mod tests;
