//! Which steps run band by band together: those between which a whole picture would leave the
//! second-level cache, as long as a band of all of them stays in it.

use super::Plan;
use super::bands::{Group, Walk};
use super::steps::{Source, Steps, Work};
use std::ops::Range;

/// Values that the rows and weights of a group may take: half of the second-level cache of common
/// processors of 1 MiB.
const BUDGET: usize = 128 * 1024;

/// Values of a picture that is worth keeping in bands.
const LARGE: usize = 40 * 1024;

/// Longest group, and bands of it that are looked at: bounds for the time that choosing takes.
const MOST_STEPS: usize = 24;
const MOST_BANDS: usize = 64;

/// Groups for all steps.
pub(super) fn choose(plan: &Plan, steps: &Steps, lanes: usize) -> Vec<Group> {
    let chooser = Chooser { plan, steps, lanes };
    let mut groups = Vec::new();
    let mut start = 0;
    while start < steps.steps.len() {
        let group = chooser.group(start);
        start = group.steps.end;
        groups.push(group);
    }
    groups
}

struct Chooser<'a> {
    plan: &'a Plan,
    steps: &'a Steps<'a>,
    lanes: usize,
}

impl Chooser<'_> {
    fn group(&self, start: usize) -> Group {
        let mut end = start + 1;
        let most = (start + MOST_STEPS).min(self.steps.steps.len());
        while end < most
            && !self.wants_whole_pictures(end - 1)
            && !self.wants_whole_pictures(end)
            && self.picture(end - 1) > LARGE
            && self.values(start..end + 1, 1) <= BUDGET
        {
            end += 1;
        }
        if end == start + 1 {
            return Group::alone(start, self.steps);
        }
        let height = self.steps.buffers[self.steps.steps[end - 1].output].height;
        let mut band = 1;
        while band < height && self.values(start..end, band * 2) <= BUDGET {
            band *= 2;
        }
        Group {
            steps: start..end,
            band,
        }
    }

    fn wants_whole_pictures(&self, step: usize) -> bool {
        matches!(self.steps.steps[step].work, Work::Bytes(_))
    }

    /// Values of the output of a step.
    fn picture(&self, step: usize) -> usize {
        let buffer = &self.steps.buffers[self.steps.steps[step].output];
        buffer.row(self.lanes) * buffer.height
    }

    /// Values that a group touches in a band: rows of what it reads and writes, and its weights.
    fn values(&self, steps: Range<usize>, band: usize) -> usize {
        let group = Group { steps, band };
        let weights: usize = self.steps.steps[group.steps.clone()]
            .iter()
            .map(|step| match step.work {
                Work::Dense(filter) | Work::Depthwise(filter) => filter.weights.len(),
                _ => 0,
            })
            .sum();
        let mut walk = Walk::new(self.plan, self.steps, &group);
        walk.bands(MOST_BANDS);
        let kept = walk.rows_kept();
        let rows: usize = kept
            .map(|(buffer, rows)| self.steps.buffers[buffer].row(self.lanes) * rows)
            .sum();
        let first = &self.steps.steps[group.steps.start];
        let read = first.sources.iter().map(|source| match source {
            Source::Caller => 0,
            Source::Buffer(buffer) => self.steps.buffers[*buffer].row(self.lanes) * band.min(4),
        });
        weights + rows + read.sum::<usize>()
    }
}
