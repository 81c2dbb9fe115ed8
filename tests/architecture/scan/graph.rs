//! Arrows between files, and the circles that they make.

use super::target::{Arrow, Node};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

/// Who uses whom, and by which names.
#[derive(Default)]
pub(crate) struct Graph(BTreeMap<Node, BTreeMap<Node, BTreeSet<String>>>);

impl Graph {
    pub(crate) fn of<'a>(arrows: impl IntoIterator<Item = &'a Arrow>) -> Self {
        let mut graph = Self::default();
        for arrow in arrows {
            let from = graph.0.entry(arrow.from.clone()).or_default();
            let names = from.entry(arrow.to.clone()).or_default();
            names.insert(arrow.name.clone());
        }
        graph
    }

    /// How many pairs of files have an arrow, those of tests left out.
    pub(crate) fn size(&self) -> usize {
        let own = self.0.iter().filter(|(from, _)| !from.test);
        own.map(|(_, to)| to.len()).sum()
    }

    /// Files that use each other in a ring: each reaches all others of its circle.
    pub(crate) fn circles(&self) -> Vec<BTreeSet<Node>> {
        let reached: BTreeMap<&Node, BTreeSet<&Node>> = self
            .0
            .keys()
            .map(|node| (node, self.reached(node)))
            .collect();
        let mut circles = BTreeSet::new();
        for (node, below) in &reached {
            let circle = below
                .iter()
                .filter(|other| reached.get(*other).is_some_and(|back| back.contains(node)));
            let circle: BTreeSet<Node> = circle.map(|other| (*other).clone()).collect();
            if circle.len() > 1 {
                circles.insert(circle);
            }
        }
        circles.into_iter().collect()
    }

    fn reached<'a>(&'a self, start: &'a Node) -> BTreeSet<&'a Node> {
        let mut reached = BTreeSet::new();
        let mut open = vec![start];
        while let Some(node) = open.pop() {
            for next in self.0.get(node).into_iter().flat_map(BTreeMap::keys) {
                if reached.insert(next) {
                    open.push(next);
                }
            }
        }
        reached
    }

    /// The arrows whose both ends are chosen, one a line with the names used.
    pub(crate) fn lines(&self, chosen: impl Fn(&Node, &Node) -> bool) -> String {
        let mut text = String::new();
        for (from, targets) in &self.0 {
            for (to, names) in targets.iter().filter(|(to, _)| chosen(from, to)) {
                let names: Vec<&str> = names.iter().map(String::as_str).collect();
                writeln!(text, "  {from} -> {to}: {}", names.join(", "))
                    .expect("a string takes all");
            }
        }
        text
    }
}
