//! In which order rows are computed, and how many rows of each buffer must be kept.
//!
//! Steps that follow each other form groups. A group computes its last step's output band by band
//! and, of everything before, only the rows that the band needs: what is between the group's steps
//! then never leaves the cache, and takes a few rows of memory instead of a picture.

use super::Plan;
use super::steps::{BufferId, Source, Steps};
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
    /// For each buffer the groups during which it is alive; empty when nothing uses it.
    pub(super) lives: Vec<Range<usize>>,
}

impl Schedule {
    /// Orders the steps; `groups` covers all of them in their order.
    pub(super) fn new(plan: &Plan, steps: &Steps, groups: &[Group]) -> Self {
        let mut schedule = Self {
            portions: Vec::new(),
            rings: steps.buffers.iter().map(|buffer| buffer.height).collect(),
            lives: vec![0..0; steps.buffers.len()],
        };
        for (number, group) in groups.iter().enumerate() {
            let (portions, rings) = Walk::new(plan, steps, group).walk();
            schedule.portions.extend(portions);
            for (buffer, ring) in rings {
                schedule.rings[buffer] = ring;
            }
            for step in &steps.steps[group.steps.clone()] {
                schedule.lives(step.output, number);
                for source in &step.sources {
                    if let Source::Buffer(buffer) = source {
                        schedule.lives(*buffer, number);
                    }
                }
            }
        }
        for part in plan.outputs.iter().flat_map(|output| &output.parts) {
            schedule.lives(part.0 as usize, groups.len());
        }
        schedule
    }

    fn lives(&mut self, buffer: BufferId, group: usize) {
        let life = &mut self.lives[buffer];
        let start = if life.end == 0 { group } else { life.start };
        *life = start..group + 1;
    }
}

/// One group while its bands are laid out.
struct Walk<'a> {
    steps: &'a Steps<'a>,
    group: &'a Group,
    /// For each step of the group, whether its output is used outside.
    leaves: Vec<bool>,
    /// For each step of the group, rows of its output that are there.
    done: Vec<usize>,
    /// For each step of the group, most rows of its output that were needed at once.
    kept: Vec<usize>,
}

impl<'a> Walk<'a> {
    fn new(plan: &Plan, steps: &'a Steps<'a>, group: &'a Group) -> Self {
        let count = group.steps.len();
        let leaves = steps.steps[group.steps.clone()]
            .iter()
            .map(|step| !steps.stays_inside(plan, step.output, &group.steps))
            .collect();
        Self {
            steps,
            group,
            leaves,
            done: vec![0; count],
            kept: vec![0; count],
        }
    }

    fn height(&self, step: usize) -> usize {
        let output = self.steps.steps[self.group.steps.start + step].output;
        self.steps.buffers[output].height
    }

    fn walk(mut self) -> (Vec<Portion>, Vec<(BufferId, usize)>) {
        let last = self.group.steps.len() - 1;
        let bands = self.height(last).div_ceil(self.group.band);
        let mut portions = Vec::new();
        for band in 1..=bands {
            let targets = self.targets(band, bands);
            self.keep(&targets);
            for (step, &target) in targets.iter().enumerate() {
                if target > self.done[step] {
                    let rows = self.done[step]..target;
                    portions.push(Portion {
                        step: self.group.steps.start + step,
                        rows,
                    });
                }
            }
            for (done, target) in self.done.iter_mut().zip(targets) {
                *done = target.max(*done);
            }
        }
        let mut rings = Vec::new();
        for step in 0..=last {
            if !self.leaves[step] {
                let output = self.steps.steps[self.group.steps.start + step].output;
                let ring = self.ring(step, output);
                rings.push((output, ring));
            }
        }
        (portions, rings)
    }

    /// Several steps may write parts of one buffer; it keeps what the neediest asks for.
    fn ring(&self, step: usize, output: BufferId) -> usize {
        let writers = self.steps.steps[self.group.steps.clone()]
            .iter()
            .zip(&self.kept);
        let most = writers
            .filter(|(writer, _)| writer.output == output)
            .map(|(_, &kept)| kept)
            .max();
        most.unwrap_or(0).clamp(1, self.height(step))
    }

    /// Up to which row each step has to come in a band.
    fn targets(&self, band: usize, bands: usize) -> Vec<usize> {
        let count = self.group.steps.len();
        let mut targets = vec![0; count];
        for step in (0..count).rev() {
            let share = (self.height(step) * band).div_ceil(bands);
            let own = if self.leaves[step] { share } else { 0 };
            let asked = self
                .readers(step)
                .filter(|&(reader, _)| targets[reader] > self.done[reader]);
            let asked =
                asked.map(|(reader, source)| self.needs(reader, source, targets[reader]).end);
            targets[step] = asked.max().unwrap_or(0).max(own).max(self.done[step]);
        }
        targets
    }

    /// Before a step's readers run, the buffer holds all they still read and all that is new.
    fn keep(&mut self, targets: &[usize]) {
        for step in 0..targets.len() {
            let unread = self
                .readers(step)
                .filter(|&(reader, _)| targets[reader] > self.done[reader]);
            let first = unread
                .map(|(reader, source)| self.needs(reader, source, targets[reader]).start)
                .min();
            // What comes later is read later: rows that no reader asks for in this band stay, too.
            let later = self
                .readers(step)
                .filter(|&(reader, _)| self.done[reader] < self.height(reader));
            let later = later
                .map(|(reader, source)| self.needs(reader, source, self.done[reader] + 1).start)
                .min();
            if let Some(first) = first.into_iter().chain(later).min() {
                self.kept[step] = self.kept[step].max(targets[step].saturating_sub(first));
            }
        }
    }

    /// The group's steps that read the output of a step, and as which source.
    fn readers(&self, step: usize) -> impl Iterator<Item = (usize, usize)> + '_ {
        let output = Source::Buffer(self.steps.steps[self.group.steps.start + step].output);
        self.steps.steps[self.group.steps.clone()]
            .iter()
            .enumerate()
            .flat_map(move |(reader, step)| {
                let sources = step.sources.iter().enumerate();
                sources
                    .filter(move |(_, source)| **source == output)
                    .map(move |(source, _)| (reader, source))
            })
    }

    /// Rows of a source for a step's rows from those that are done up to `target`.
    fn needs(&self, reader: usize, source: usize, target: usize) -> Range<usize> {
        let step = &self.steps.steps[self.group.steps.start + reader];
        self.steps
            .needed(step, source, &(self.done[reader]..target))
    }
}
