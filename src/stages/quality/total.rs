//! The total: one number from all components.
//!
//! A product: the learned quality, where the pack has one, times a factor for each thing that may be
//! wrong. A factor is 1 while its component is good, so that good faces are ranked by the network
//! alone, and falls to its floor where the component is useless. Without a network the factors have
//! to rank good faces too, so they begin to fall earlier.

use super::report::{Component, QualityReport};

/// From which value on a component is good, at which it is useless, and what is left of the total
/// then.
struct Factor {
    component: Component,
    good: f32,
    useless: f32,
    floor: f32,
}

const fn factor(component: Component, good: f32, useless: f32, floor: f32) -> Factor {
    Factor {
        component,
        good,
        useless,
        floor,
    }
}

/// With learned quality.
const BESIDE_LEARNED: &[Factor] = &[
    factor(Component::Sharpness, 50.0, 0.0, 0.3),
    factor(Component::OverExposed, 15.0, 60.0, 0.4),
    factor(Component::UnderExposed, 40.0, 80.0, 0.4),
    factor(Component::Noise, 8.0, 30.0, 0.5),
    factor(Component::BlockSteps, 8.0, 25.0, 0.6),
    factor(Component::InFrame, 90.0, 50.0, 0.3),
    factor(Component::OffAxis, 45.0, 90.0, 0.3),
    factor(Component::EyeDistance, 20.0, 6.0, 0.2),
];

/// Without.
const ALONE: &[Factor] = &[
    factor(Component::Sharpness, 95.0, 0.0, 0.2),
    factor(Component::OverExposed, 2.0, 60.0, 0.4),
    factor(Component::UnderExposed, 5.0, 70.0, 0.4),
    factor(Component::Noise, 1.0, 30.0, 0.4),
    factor(Component::BlockSteps, 3.0, 25.0, 0.5),
    factor(Component::InFrame, 99.0, 50.0, 0.3),
    factor(Component::OffAxis, 5.0, 60.0, 0.3),
    factor(Component::EyeDistance, 60.0, 6.0, 0.2),
];

/// Brightness on either side of its good range: `|b - 50|` up to which it is good, and useless; first
/// with learned quality, which sees light itself.
const BRIGHTNESS: [(f32, f32); 2] = [(30.0, 50.0), (20.0, 50.0)];

/// What is left of the total when a part cannot be seen at all, and how far below its border a part
/// may fall, as a share of the border, before that counts: the borders are for rules, while a fringe,
/// spectacles or hard shadows cost recognition little. Learned quality sees covers itself, and better:
/// on the half of the people of LFW that this was chosen on, parts only blurred its ranking.
const HIDDEN: f32 = 0.45;
const TOLERATED: f32 = 0.2;

/// Parts and the borders of the product documents.
const PARTS: [(Component, f32); 6] = [
    (Component::Eyebrows, 80.0),
    (Component::Eyes, 80.0),
    (Component::Nose, 60.0),
    (Component::Cheeks, 70.0),
    (Component::Mouth, 50.0),
    (Component::Chin, 70.0),
];

impl QualityReport {
    /// A report with its total worked out from the rest.
    #[must_use]
    pub fn with_total(mut self) -> Self {
        self.total = of(&self);
        self
    }
}

/// The total of a report, `0..=100`.
fn of(report: &QualityReport) -> f32 {
    let (start, factors) = match report.learned {
        Some(learned) => (learned, BESIDE_LEARNED),
        None => (100.0, ALONE),
    };
    let measured: f32 = factors
        .iter()
        .filter_map(|f| {
            let value = f.component.value(report)?;
            Some(between(value, f.good, f.useless, f.floor))
        })
        .product();
    let off = (report.measured.brightness - 50.0).abs();
    let (good, useless) = BRIGHTNESS[usize::from(report.learned.is_none())];
    let light = between(off, good, useless, 0.4);
    let seen = if report.learned.is_some() {
        1.0
    } else {
        parts(report)
    };
    let total = start * measured * light * seen;
    // Nothing known is nothing good.
    if total.is_nan() { 0.0 } else { total }
}

/// The worst part counts.
fn parts(report: &QualityReport) -> f32 {
    let short = |(component, border): (Component, f32)| {
        let value = component.value(report).unwrap_or(0.0);
        (border - value) / border
    };
    // A mask is a choice of its wearer, and known to the matcher: only what it leaves free counts.
    let free = if report.mask.is_some_and(|mask| mask.worn) {
        &PARTS[..2]
    } else {
        &PARTS[..]
    };
    let worst = free.iter().copied().map(short).fold(0.0, f32::max);
    between(worst, TOLERATED, 1.0, HIDDEN)
}

/// 1 at `good` and beyond, `floor` at `useless` and beyond, linear between; either may be larger.
fn between(value: f32, good: f32, useless: f32, floor: f32) -> f32 {
    let lost = ((value - good) / (useless - good)).clamp(0.0, 1.0);
    1.0 - lost * (1.0 - floor)
}
