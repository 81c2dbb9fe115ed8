//! In which order rows are computed, and how many rows of each buffer must be kept.
//!
//! Steps that follow each other form groups. A group computes its last step's output band by band
//! and, of everything before, only the rows that the band needs: what is between the group's steps
//! then never leaves the cache, and takes a few rows of memory instead of a picture.

use super::Plan;
use super::steps::{BufferId, Source, Step, Steps};
use std::ops::Range;

/// Rows that one step computes.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Portion {
    pub(super) step: usize,
    pub(super) rows: Range<usize>,
}

/// Consecutive steps that run band by band.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Group {
    /// The steps.
    pub(super) steps: Range<usize>,
    /// Rows of the last step's output in a band.
    pub(super) band: usize,
}

impl Group {
    /// A step that runs over its whole output before the next starts.
    pub(super) fn alone(step: usize, steps: &Steps) -> Self {
        let output = steps.steps[step].output;
        Self {
            steps: step..step + 1,
            band: steps.buffers[output].height,
        }
    }
}

/// The work in its final order.
#[derive(Debug)]
pub(super) struct Schedule {
    pub(super) portions: Vec<Portion>,
    /// Rows to keep of each buffer.
    pub(super) rings: Vec<usize>,
    /// For each buffer the groups during which it is in use; empty when nothing uses it.
    pub(super) lifetimes: Vec<Range<usize>>,
}

impl Schedule {
    /// Orders the steps; `groups` covers all of them in their order.
    pub(super) fn new(plan: &Plan, steps: &Steps, groups: &[Group]) -> Self {
        let mut schedule = Self {
            portions: Vec::new(),
            rings: steps.buffers.iter().map(|buffer| buffer.height).collect(),
            lifetimes: vec![0..0; steps.buffers.len()],
        };
        for (number, group) in groups.iter().enumerate() {
            let mut walk = Walk::new(plan, steps, group);
            schedule.portions.extend(walk.bands(usize::MAX));
            for (buffer, ring) in walk.rings() {
                schedule.rings[buffer] = ring;
            }
            for step in &steps.steps[group.steps.clone()] {
                schedule.extend_lifetime(step.output, number);
                for source in &step.sources {
                    if let Source::Buffer(buffer) = source {
                        schedule.extend_lifetime(*buffer, number);
                    }
                }
            }
        }
        for part in plan.outputs.iter().flat_map(|output| &output.parts) {
            schedule.extend_lifetime(part.0 as usize, groups.len());
        }
        schedule
    }

    fn extend_lifetime(&mut self, buffer: BufferId, group: usize) {
        let groups = &mut self.lifetimes[buffer];
        let start = if groups.end == 0 { group } else { groups.start };
        *groups = start..group + 1;
    }
}

/// One group while its bands are laid out.
pub(super) struct Walk<'a> {
    steps: &'a Steps<'a>,
    group: &'a Group,
    /// For each step of the group, whether its output is used outside of the group.
    used_outside: Vec<bool>,
    /// For each step of the group, the group's steps that read its output, and as which source.
    readers: Vec<Vec<(usize, usize)>>,
    /// For each step of the group, rows of its output that are there.
    done: Vec<usize>,
    /// For each step of the group, most rows of its output that were needed or made at once.
    kept: Vec<usize>,
}

impl<'a> Walk<'a> {
    pub(super) fn new(plan: &Plan, steps: &'a Steps<'a>, group: &'a Group) -> Self {
        let inside = &steps.steps[group.steps.clone()];
        let readers = inside.iter().map(|step| {
            let output = Source::Buffer(step.output);
            let of = |(reader, step): (usize, &Step)| {
                let sources = step.sources.iter().enumerate();
                let read = sources.filter(|(_, source)| **source == output);
                read.map(|(source, _)| (reader, source)).collect::<Vec<_>>()
            };
            inside.iter().enumerate().flat_map(of).collect()
        });
        Self {
            steps,
            group,
            used_outside: inside
                .iter()
                .map(|step| !steps.stays_inside(plan, step.output, &group.steps))
                .collect(),
            readers: readers.collect(),
            done: vec![0; inside.len()],
            kept: vec![0; inside.len()],
        }
    }

    fn step(&self, step: usize) -> &'a Step<'a> {
        &self.steps.steps[self.group.steps.start + step]
    }

    fn height(&self, step: usize) -> usize {
        self.steps.buffers[self.step(step).output].height
    }

    /// Lays out the first bands, at most so many.
    pub(super) fn bands(&mut self, most: usize) -> Vec<Portion> {
        let last = self.group.steps.len() - 1;
        let bands = self.height(last).div_ceil(self.group.band);
        let mut portions = Vec::new();
        for band in 1..=bands.min(most) {
            let targets = self.targets(band, bands);
            self.keep(&targets);
            for (step, &target) in targets.iter().enumerate() {
                if target > self.done[step] {
                    portions.push(Portion {
                        step: self.group.steps.start + step,
                        rows: self.done[step]..target,
                    });
                }
            }
            self.done = targets;
        }
        portions
    }

    /// The buffers that only this group uses, and how many rows of each must be kept. Several steps
    /// may write parts of one buffer; it keeps the most rows that one of them asks for.
    fn rings(&self) -> Vec<(BufferId, usize)> {
        let mut rings: Vec<(BufferId, usize)> = Vec::new();
        for step in (0..self.used_outside.len()).filter(|&step| !self.used_outside[step]) {
            let output = self.step(step).output;
            let rows = self.kept[step].clamp(1, self.height(step));
            match rings.iter_mut().find(|(buffer, _)| *buffer == output) {
                Some((_, ring)) => *ring = (*ring).max(rows),
                None => rings.push((output, rows)),
            }
        }
        rings
    }

    /// The buffers that are written here and used outside of the group.
    pub(super) fn outputs(&self) -> impl Iterator<Item = BufferId> + '_ {
        let steps = (0..self.used_outside.len()).filter(|&step| self.used_outside[step]);
        steps.map(|step| self.step(step).output)
    }

    /// For each step its buffer and how many rows of it a band works on.
    pub(super) fn rows_kept(&self) -> impl Iterator<Item = (BufferId, usize)> + '_ {
        (0..self.kept.len()).map(|step| (self.step(step).output, self.kept[step]))
    }

    /// Up to which row each step has to come in a band.
    fn targets(&self, band: usize, bands: usize) -> Vec<usize> {
        let mut targets = self.done.clone();
        for step in (0..targets.len()).rev() {
            let share = (self.height(step) * band).div_ceil(bands);
            let own = if self.used_outside[step] { share } else { 0 };
            let asked = self.active(step, &targets).map(|rows| rows.end).max();
            targets[step] = targets[step].max(own).max(asked.unwrap_or(0));
        }
        targets
    }

    /// Before a step's readers run, the buffer holds all they still read and all that is new.
    fn keep(&mut self, targets: &[usize]) {
        for step in 0..targets.len() {
            let now = self.active(step, targets).map(|rows| rows.start).min();
            // Rows that no reader asks for in this band stay, too, if one asks for them later.
            let later = self.readers[step].iter().filter_map(|&(reader, source)| {
                let next = self.done[reader];
                (next < self.height(reader)).then(|| self.needs(reader, source, next + 1).start)
            });
            let first = now.into_iter().chain(later).min();
            let first = first.unwrap_or(targets[step]).min(self.done[step]);
            self.kept[step] = self.kept[step].max(targets[step] - first);
        }
    }

    /// Rows of a step's output that the steps with work to do in a band need for it.
    fn active<'b>(
        &'b self,
        step: usize,
        targets: &'b [usize],
    ) -> impl Iterator<Item = Range<usize>> + 'b {
        self.readers[step]
            .iter()
            .filter(|&&(reader, _)| targets[reader] > self.done[reader])
            .map(|&(reader, source)| self.needs(reader, source, targets[reader]))
    }

    /// Rows of a source for a step's rows from those that are done up to `target`.
    fn needs(&self, reader: usize, source: usize, target: usize) -> Range<usize> {
        self.steps
            .needed(self.step(reader), source, &(self.done[reader]..target))
    }
}
