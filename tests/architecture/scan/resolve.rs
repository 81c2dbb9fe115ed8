//! From a path in a module to the file that defines what it names.

use super::tree::{Binding, ModuleId, ROOT, Tree};

/// What a path leads to.
#[derive(Clone, PartialEq)]
pub(super) enum Found {
    Module(ModuleId),
    Item(Definition),
}

/// A definition, and how it was reached.
#[derive(Clone, Eq, Hash, PartialEq)]
pub(super) struct Definition {
    /// The module that defines it.
    pub(super) module: ModuleId,
    /// The module in which the path names it; another one where that module hands it on.
    pub(super) door: ModuleId,
    /// In tests alone.
    pub(super) test: bool,
    pub(super) name: String,
}

/// Names being looked up, so that imports in a ring come to an end.
type Trail = Vec<(ModuleId, String)>;

impl Tree<'_> {
    /// What a path means in a module: nothing where it leads outside. Several answers come from names that stand for several things.
    pub(super) fn resolve(&self, from: ModuleId, path: &[String]) -> Vec<Found> {
        self.follow(from, path, &mut Trail::new())
    }

    /// What the name of a macro means in a module, which sees the macros of those above without `use`.
    pub(super) fn resolve_macro(&self, from: ModuleId, name: &str) -> Vec<Found> {
        let found = self.bound(from, name, &mut Trail::new());
        if !found.is_empty() {
            return found;
        }
        let mut above = self.modules[from].parent;
        while let Some(id) = above {
            if self.modules[id].macros.contains(name) {
                return vec![self.defined(id, name, self.modules[id].test)];
            }
            above = self.modules[id].parent;
        }
        Vec::new()
    }

    fn follow(&self, from: ModuleId, path: &[String], trail: &mut Trail) -> Vec<Found> {
        let Some((first, rest)) = path.split_first() else {
            return Vec::new();
        };
        match first.as_str() {
            "crate" => self.descend(vec![Found::Module(ROOT)], rest, trail),
            "self" if rest.first().is_some_and(|next| next == "super") => {
                self.follow(from, rest, trail)
            }
            "self" => self.descend(vec![Found::Module(from)], rest, trail),
            "super" => self.ascend(from, rest, trail),
            name => {
                let found = self.bound(from, name, trail);
                self.descend(found, rest, trail)
            }
        }
    }

    fn ascend(&self, from: ModuleId, rest: &[String], trail: &mut Trail) -> Vec<Found> {
        match (self.modules[from].parent, rest.split_first()) {
            (Some(parent), Some((next, rest))) if next == "super" => {
                self.ascend(parent, rest, trail)
            }
            (Some(parent), _) => self.descend(vec![Found::Module(parent)], rest, trail),
            (None, _) => Vec::new(),
        }
    }

    fn descend(&self, found: Vec<Found>, rest: &[String], trail: &mut Trail) -> Vec<Found> {
        let Some((name, rest)) = rest.split_first() else {
            return found;
        };
        let modules = found.iter().filter_map(|found| match found {
            Found::Module(id) => Some(*id),
            Found::Item(_) => None,
        });
        let modules: Vec<ModuleId> = modules.collect();
        if modules.is_empty() {
            // A function or variant of a type: the type is what is used.
            return found;
        }
        let mut all = Vec::new();
        for id in modules {
            let below = self.looked_up(id, name, trail);
            all.extend(self.descend(below, rest, trail));
        }
        all
    }

    /// A name that a path asks of a module. What the module neither defines nor imports from this crate is its own: a macro
    /// makes it there, or the module brings it from another crate.
    fn looked_up(&self, id: ModuleId, name: &str, trail: &mut Trail) -> Vec<Found> {
        if trail
            .iter()
            .any(|(module, seen)| *module == id && seen == name)
        {
            return Vec::new();
        }
        let mut found = self.bound(id, name, trail);
        if found.is_empty() {
            found.push(self.defined(id, name, self.modules[id].test));
        }
        for one in &mut found {
            if let Found::Item(definition) = one {
                definition.door = id;
            }
        }
        found
    }

    /// What a name stands for inside a module; nothing for a name of another crate.
    fn bound(&self, id: ModuleId, name: &str, trail: &mut Trail) -> Vec<Found> {
        if trail
            .iter()
            .any(|(module, seen)| *module == id && seen == name)
        {
            return Vec::new();
        }
        trail.push((id, name.to_owned()));
        let mut found = Vec::new();
        let module = &self.modules[id];
        if let Some(bindings) = module.bindings.get(name) {
            for binding in bindings {
                match binding {
                    Binding::Item { test } => found.push(self.defined(id, name, *test)),
                    Binding::Module(child) => found.push(Found::Module(*child)),
                    Binding::Use(path) => found.extend(self.follow(id, path, trail)),
                }
            }
        } else {
            for path in &module.globs {
                for opened in self.follow(id, path, trail) {
                    if let Found::Module(opened) = opened {
                        found.extend(self.bound(opened, name, trail));
                    }
                }
            }
        }
        trail.pop();
        found
    }

    fn defined(&self, module: ModuleId, name: &str, test: bool) -> Found {
        Found::Item(Definition {
            module,
            door: module,
            test,
            name: name.to_owned(),
        })
    }
}
