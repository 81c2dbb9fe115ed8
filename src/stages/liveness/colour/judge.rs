//! Judging a face in a colour frame.

use super::classifier::FaceCrop;
use super::rules::ColourRules;
use super::validity::ColourMeasures;
use crate::error::Result;
use crate::frame::Frame;
use crate::geom::Rect;
use crate::model::{PackError, PackNetwork};
use crate::stages::liveness::assessment::{Assessment, Findings};
use crate::stages::liveness::classifier::Classifier;
use crate::stages::liveness::judge::{Judge, NetworkMissing};
use crate::stages::liveness::modality::Modality;
use crate::stages::liveness::rules::RulesError;
use crate::stages::liveness::scratch::Scratch;
use crate::stages::liveness::verdict::{Check, Reason, Reasons};

/// What one colour frame says of a face.
pub type ColourAssessment = Assessment<ColourMeasures>;

/// Judges faces in colour frames, by the mean of a pack's networks. Made by
/// [`Sdk::liveness_colour`](crate::Sdk::liveness_colour).
#[derive(Clone, Debug)]
pub struct ColourLiveness {
    classifiers: Vec<Classifier<FaceCrop>>,
    rules: ColourRules,
}

impl ColourLiveness {
    /// With other rules.
    ///
    /// # Errors
    /// None yet: rules of colour belong to no network.
    pub fn with_rules(self, rules: ColourRules) -> Result<Self, RulesError> {
        let with = Self { rules, ..self };
        with.check_rules()?;
        Ok(with)
    }

    /// Whether the rules belong to the pack's networks, as judging asks.
    ///
    /// # Errors
    /// None yet: rules of colour belong to no network.
    pub fn check_rules(&self) -> Result<(), RulesError> {
        self.rules.check_network(None)
    }

    /// Runs the networks whatever the picture is like, for those who want to see what they are run on.
    pub(crate) fn exercise(
        &self,
        scratch: &mut Scratch,
        frame: &Frame<'_>,
        rect: &Rect,
    ) -> Result<(), PackError> {
        self.ask(scratch, frame, rect).map(|_| ())
    }

    /// The probability of a living face by each network.
    fn ask(
        &self,
        scratch: &mut Scratch,
        frame: &Frame<'_>,
        rect: &Rect,
    ) -> Result<Vec<f32>, PackError> {
        let Scratch { runners, crop, .. } = scratch;
        let asked = self.classifiers.iter();
        asked.map(|c| c.asked(runners, crop, frame, rect)).collect()
    }
}

impl Judge for ColourLiveness {
    const MODALITY: Modality = Modality::Colour;
    type Sensor = ();
    type Frames<'a> = &'a Frame<'a>;
    /// The rectangle, in stored pixels, that a detector found in the frame.
    type Face = Rect;
    type Measures = ColourMeasures;

    fn new<'n>((): (), networks: impl IntoIterator<Item = &'n PackNetwork>) -> Result<Self> {
        let classifiers = networks.into_iter().map(Classifier::<FaceCrop>::new);
        let classifiers: Vec<_> = classifiers.collect::<Result<_, _>>()?;
        if classifiers.is_empty() {
            let modality = Self::MODALITY;
            return Err(NetworkMissing { modality }.into());
        }
        Ok(Self {
            classifiers,
            rules: ColourRules::default(),
        })
    }

    fn assess(
        &self,
        scratch: &mut Scratch,
        frame: &Frame<'_>,
        rect: &Rect,
    ) -> Result<ColourAssessment> {
        self.check_rules()?;
        let scales = self.classifiers.iter().map(|c| c.layout().scale);
        let widest = scales.fold(1.0, f64::max);
        let mut findings = Findings::default();
        findings.measures = scratch.chip.measure(frame, rect, widest);
        let invalid = match &findings.measures {
            Some(measures) => self.rules.invalid(measures),
            None => Reasons::default().with(Reason::FaceTooSmall),
        };
        if !invalid.is_empty() {
            return Ok(findings.inconclusive(invalid));
        }
        findings.passed(Check::CaptureConditions);
        let networks = self.ask(scratch, frame, rect)?;
        let score = networks.iter().sum::<f32>() / networks.len() as f32;
        findings.score = Some(score);
        findings.networks = networks;
        // Compared so that no number is no life.
        let living = score >= self.rules.threshold();
        findings.check(living, Check::NoRecapture, Reason::Recapture);
        Ok(findings.judged())
    }
}
