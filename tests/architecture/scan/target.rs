//! One target, read: its files and the arrows between them.

use super::reader::read;
use super::source::Sources;
use super::tree::{ModuleId, ROOT, Tree};
use std::collections::BTreeSet;

/// A file, or the part of it that is there in tests alone.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(crate) struct Node {
    /// From the root of the repository.
    pub(crate) file: String,
    pub(crate) test: bool,
}

impl std::fmt::Display for Node {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.file)?;
        f.write_str(if self.test { " (tests)" } else { "" })
    }
}

/// One name that one file uses of another.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(crate) struct Arrow {
    pub(crate) from: Node,
    /// The file that defines the name.
    pub(crate) to: Node,
    pub(crate) name: String,
    /// The modules of both ends, as `a::b`; empty for the root.
    pub(crate) modules: [String; 2],
    /// The module that the path names; another one where that hands the name on.
    pub(crate) door: String,
}

/// A library, a program, a test, a bench or an example.
pub(crate) struct Target {
    /// The file in which it begins.
    pub(crate) root: String,
    /// Its modules with files of their own, as `a::b`, those of tests left out.
    pub(crate) modules: Vec<String>,
    pub(crate) files: BTreeSet<String>,
    pub(crate) arrows: BTreeSet<Arrow>,
}

impl Target {
    /// Reads a target from its root file.
    pub(crate) fn scan(sources: &Sources, root: &str) -> Self {
        let tree = Tree::grow(sources, root);
        let modules = (0..tree.modules.len())
            .filter(|&id| id != ROOT && !tree.modules[id].test && tree.whole_file(id) == id)
            .map(|id| tree.path(id));
        let files = tree.modules.iter().map(|module| module.file.to_owned());
        let mut arrows = BTreeSet::new();
        for id in 0..tree.modules.len() {
            arrows.extend(arrows_of(&tree, id));
        }
        Self {
            root: root.to_owned(),
            modules: modules.collect(),
            files: files.collect(),
            arrows,
        }
    }
}

fn arrows_of(tree: &Tree<'_>, from: ModuleId) -> Vec<Arrow> {
    let node = |id: ModuleId, test: bool| Node {
        file: tree.modules[id].file.to_owned(),
        test,
    };
    let noted = read(tree, from).into_iter();
    let leaving = noted.filter(|(_, to)| tree.modules[to.module].file != tree.modules[from].file);
    let arrows = leaving.map(|(test, to)| Arrow {
        from: node(from, test),
        to: node(to.module, to.test),
        name: to.name,
        modules: [tree.path(from), tree.path(to.module)],
        door: tree.path(to.door),
    });
    arrows.collect()
}
