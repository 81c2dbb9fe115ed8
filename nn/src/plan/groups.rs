//! Which steps run band by band together: those between which a whole picture would not fit into the
//! second-level cache, as long as a band of all of them does.

use super::Plan;
use super::bands::{Group, Walk};
use super::steps::{BufferId, Source, Steps};
use std::ops::Range;

/// Values that the rows and weights of a group may take: most of a second-level cache of 1 MiB.
const BUDGET: usize = 160 * 1024;

/// Of a picture so many times as large as that, bands may be larger than this cache, too: the next cache
/// is still faster than the memory that the picture would need.
const LARGE_PICTURE: usize = 6;

/// Values from which on a picture counts as large: a smaller one is not kept in bands.
const LARGE: usize = 40 * 1024;

/// Longest group, and most bands of it that are laid out: bounds for the time that choosing takes.
const MAX_STEPS: usize = 24;
const MAX_BANDS: usize = 12;

/// Groups for all steps: those that move the fewest values of large pictures through memory.
pub(super) fn choose(plan: &Plan, steps: &Steps, lanes: usize) -> Vec<Group> {
    let chooser = Chooser { plan, steps, lanes };
    let count = steps.steps.len();
    // For each step, the least cost of all from it on, and where the group that it starts ends.
    let mut best = vec![(0, count); count + 1];
    for start in (0..count).rev() {
        best[start] = (start + 1..=count.min(start + MAX_STEPS))
            .map_while(|end| Some((chooser.cost(start..end)? + best[end].0, end)))
            .min()
            .expect("a step alone is a group");
    }
    let mut groups = Vec::new();
    let mut start = 0;
    while start < count {
        let end = best[start].1;
        groups.push(chooser.group(start..end));
        start = end;
    }
    groups
}

struct Chooser<'a> {
    plan: &'a Plan,
    steps: &'a Steps<'a>,
    lanes: usize,
}

impl Chooser<'_> {
    /// With the highest bands that fit.
    fn group(&self, steps: Range<usize>) -> Group {
        if steps.len() == 1 {
            return Group::alone(steps.start, self.steps);
        }
        let height = self.steps.buffers[self.steps.steps[steps.end - 1].output].height;
        let mut group = Group { steps, band: 1 };
        loop {
            let higher = Group {
                band: group.band * 2,
                ..group.clone()
            };
            if group.band >= height || !self.fits(&higher, &self.walk(&higher), 0) {
                return group;
            }
            group = higher;
        }
    }

    /// Values of large pictures that a group moves through memory; `None` when no such group can be,
    /// nor one with more steps.
    fn cost(&self, steps: Range<usize>) -> Option<usize> {
        let inside = steps.clone().rev().skip(1);
        let pictures = || {
            let outputs = inside.clone().map(|step| self.steps.steps[step].output);
            outputs.map(|output| self.picture(output))
        };
        if pictures().any(|values| values <= LARGE) {
            return None;
        }
        let group = Group {
            steps: steps.clone(),
            band: 1,
        };
        let walk = self.walk(&group);
        if steps.len() > 1 && !self.fits(&group, &walk, pictures().max().unwrap_or(0)) {
            return None;
        }
        let mut moved: Vec<BufferId> = walk.outputs().collect();
        for step in &self.steps.steps[steps.clone()] {
            for source in &step.sources {
                let Source::Buffer(buffer) = *source else {
                    continue;
                };
                let made = self.steps.steps[steps.clone()]
                    .iter()
                    .any(|step| step.output == buffer);
                if !made && !moved.contains(&buffer) {
                    moved.push(buffer);
                }
            }
        }
        Some(
            moved
                .into_iter()
                .map(|buffer| self.picture(buffer))
                .filter(|&values| values > LARGE)
                .sum(),
        )
    }

    fn fits(&self, group: &Group, walk: &Walk, picture: usize) -> bool {
        self.values(group, walk) <= BUDGET.max(picture / LARGE_PICTURE)
    }

    fn walk<'b>(&'b self, group: &'b Group) -> Walk<'b> {
        let mut walk = Walk::new(self.plan, self.steps, group);
        walk.bands(MAX_BANDS);
        walk
    }

    fn picture(&self, buffer: BufferId) -> usize {
        let buffer = &self.steps.buffers[buffer];
        buffer.row(self.lanes) * buffer.height
    }

    /// Values that a group touches in a band: rows of what it reads and writes, and its weights.
    fn values(&self, group: &Group, walk: &Walk) -> usize {
        let inside = &self.steps.steps[group.steps.clone()];
        let weights = inside.iter().map(|step| step.work.weights());
        let row = |buffer: BufferId| self.steps.buffers[buffer].row(self.lanes);
        let rows = walk.rows_kept().map(|(buffer, rows)| row(buffer) * rows);
        let first = &self.steps.steps[group.steps.start];
        let read = first.sources.iter().map(|source| match source {
            Source::Caller => 0,
            Source::Buffer(buffer) => row(*buffer) * group.band.min(4),
        });
        weights.sum::<usize>() + rows.sum::<usize>() + read.sum::<usize>()
    }
}
