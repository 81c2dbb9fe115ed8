//! Quality control: a table of flaws and of the levels that refuse them.

use super::report::{Component, QualityReport};
use crate::config::QualityControl;
use crate::error::{Coded, Status};
use serde::Deserialize;
use std::fmt;

/// The table that the SDK comes with; `docs/quality.md` says how it reads the product documents.
const DEFAULT: &str = include_str!("rules.toml");

const MAX_FLAWS: usize = 100;

/// A checked table of flaws and refusals.
#[derive(Clone, Debug)]
pub struct QualityRules {
    table: Table,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    #[serde(rename = "flaw")]
    flaws: Vec<FlawRule>,
    #[serde(rename = "refusal")]
    refusals: Vec<Refusal>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct FlawRule {
    name: String,
    component: Component,
    below: Option<f32>,
    above: Option<f32>,
    #[serde(default = "yes")]
    masked: bool,
}

const fn yes() -> bool {
    true
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Refusal {
    level: u8,
    at_least: usize,
    of: Vec<String>,
}

/// Something that is wrong with a face, and by how much.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Flaw {
    /// Its name in the table.
    pub name: String,
    /// What was measured.
    pub component: Component,
    /// The value in the report.
    pub value: f32,
    /// The border that it crossed.
    pub border: f32,
    /// Whether the value is below the border; otherwise it is above.
    pub is_below: bool,
}

impl fmt::Display for Flaw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let side = if self.is_below { "below" } else { "above" };
        write!(
            f,
            "{} ({} {:.1} is {side} {})",
            self.name,
            self.component.name(),
            self.value,
            self.border
        )
    }
}

impl Default for QualityRules {
    fn default() -> Self {
        Self::parse(DEFAULT).expect("the default table is part of the SDK and tested")
    }
}

impl QualityRules {
    /// Reads a table of your own, in the form of the SDK's (`src/quality/rules.toml`).
    ///
    /// # Errors
    /// [`RulesError`] naming the flaw or the level.
    pub fn parse(text: &str) -> Result<Self, RulesError> {
        let wrong = |cause: String| RulesError { cause };
        let table: Table = toml::from_str(text).map_err(|error| wrong(error.to_string()))?;
        if table.flaws.len() > MAX_FLAWS {
            return Err(wrong(format!(
                "{} flaws, allowed are {MAX_FLAWS}",
                table.flaws.len()
            )));
        }
        for (index, flaw) in table.flaws.iter().enumerate() {
            let name = &flaw.name;
            let border = flaw.below.or(flaw.above);
            if flaw.below.is_some() == flaw.above.is_some() {
                return Err(wrong(format!("flaw {name} needs either below or above")));
            }
            if !border.is_some_and(f32::is_finite) {
                return Err(wrong(format!("flaw {name} has a border that is no number")));
            }
            if table.flaws[..index].iter().any(|other| other.name == *name) {
                return Err(wrong(format!("two flaws are called {name}")));
            }
        }
        for refusal in &table.refusals {
            let Refusal {
                level,
                at_least,
                of,
            } = refusal;
            if !(1..=4).contains(level) {
                return Err(wrong(format!("level is {level}, allowed is 1 to 4")));
            }
            if !(1..=of.len()).contains(at_least) {
                return Err(wrong(format!(
                    "level {level}: at_least is {at_least}, allowed is 1 to {}",
                    of.len()
                )));
            }
            let unknown = |name: &&String| !table.flaws.iter().any(|flaw| flaw.name == **name);
            if let Some(name) = of.iter().find(unknown) {
                return Err(wrong(format!("level {level}: there is no flaw {name}")));
            }
        }
        Ok(Self { table })
    }

    /// All flaws of a face, in the table's order. With a mask on, what the mask covers is none.
    #[must_use]
    pub fn flaws(&self, report: &QualityReport) -> Vec<Flaw> {
        let masked = report.mask.is_some_and(|mask| mask.worn);
        let rules = self
            .table
            .flaws
            .iter()
            .filter(|rule| rule.masked || !masked);
        rules.filter_map(|rule| rule.of(report)).collect()
    }

    /// Whether a face is good enough.
    ///
    /// # Errors
    /// [`QualityRefused`] naming what is wrong and by how much.
    pub fn check(
        &self,
        report: &QualityReport,
        control: QualityControl,
    ) -> Result<(), QualityRefused> {
        let flaws = self.flaws(report);
        let mut reasons: Vec<Flaw> = Vec::new();
        let applies = |refusal: &&Refusal| refusal.level <= control.level();
        for refusal in self.table.refusals.iter().filter(applies) {
            let counted: Vec<&Flaw> = flaws
                .iter()
                .filter(|flaw| refusal.of.contains(&flaw.name))
                .collect();
            if counted.len() >= refusal.at_least {
                for flaw in counted {
                    if !reasons.contains(flaw) {
                        reasons.push(flaw.clone());
                    }
                }
            }
        }
        if reasons.is_empty() {
            Ok(())
        } else {
            Err(QualityRefused { control, reasons })
        }
    }
}

impl FlawRule {
    fn of(&self, report: &QualityReport) -> Option<Flaw> {
        let value = self.component.value(report)?;
        let (border, is_below) = match (self.below, self.above) {
            (Some(below), _) => (below, true),
            (None, above) => (above?, false),
        };
        // A value that is no number is a flaw, whichever side it should be on.
        let fine = if is_below {
            value >= border
        } else {
            value <= border
        };
        (!fine).then(|| Flaw {
            name: self.name.clone(),
            component: self.component,
            value,
            border,
            is_below,
        })
    }
}

/// A table of rules that contradicts itself.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct RulesError {
    /// What is wrong, with the flaw or level.
    pub cause: String,
}

impl fmt::Display for RulesError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "quality rules: {}", self.cause)
    }
}

impl std::error::Error for RulesError {}

impl Coded for RulesError {
    fn status(&self) -> Status {
        Status::InvalidParameter
    }
}

/// A face that is not good enough.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct QualityRefused {
    /// What was asked for.
    pub control: QualityControl,
    /// The flaws that led to the refusal, at least one.
    pub reasons: Vec<Flaw>,
}

impl fmt::Display for QualityRefused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let reasons: Vec<String> = self.reasons.iter().map(Flaw::to_string).collect();
        write!(
            f,
            "quality control {} refuses: {}",
            self.control.level(),
            reasons.join(", ")
        )
    }
}

impl std::error::Error for QualityRefused {}

impl Coded for QualityRefused {
    fn status(&self) -> Status {
        Status::FaceQualityNotQualified
    }
}
