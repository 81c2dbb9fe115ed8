//! The modules of one target: a library, a program, a test.

use super::attributes::{only_in_tests, path_of_file};
use super::import::{Kind, imports};
use super::source::{Sources, folder, join};
use std::collections::{HashMap, HashSet};
use syn::ext::IdentExt;
use syn::{ForeignItem, Ident, Item, ItemMod, ItemUse};

pub(super) type ModuleId = usize;

/// The module in which a target begins.
pub(super) const ROOT: ModuleId = 0;

/// What a name of a module stands for.
pub(super) enum Binding {
    /// Defined here.
    Item {
        /// In tests alone.
        test: bool,
    },
    /// A module declared here.
    Module(ModuleId),
    /// Imported by this path.
    Use(Vec<String>),
}

/// A module, in a file of its own or inline.
pub(super) struct Module<'a> {
    pub(super) name: String,
    pub(super) parent: Option<ModuleId>,
    pub(super) file: &'a str,
    /// In tests alone.
    pub(super) test: bool,
    pub(super) items: &'a [Item],
    /// A name may stand for several things: a module and a function, or one for each target.
    pub(super) bindings: HashMap<String, Vec<Binding>>,
    /// Paths opened with `*`.
    pub(super) globs: Vec<Vec<String>>,
    /// `macro_rules!` defined here: modules below see them without `use`.
    pub(super) macros: HashSet<String>,
}

impl Module<'_> {
    /// Whether something is defined here, not only declared or handed on.
    pub(super) fn defines(&self) -> bool {
        self.items
            .iter()
            .any(|item| !matches!(item, Item::Mod(_) | Item::Use(_)))
    }

    fn bind(&mut self, name: &Ident, binding: Binding) {
        let name = name.unraw().to_string();
        self.bindings.entry(name).or_default().push(binding);
    }
}

pub(super) struct Tree<'a> {
    pub(super) modules: Vec<Module<'a>>,
}

/// Where a module's text is, and where its children's files are.
struct Place<'a> {
    file: &'a str,
    items: &'a [Item],
    children: String,
    inline: bool,
}

impl<'a> Tree<'a> {
    /// Follows `mod` from the root file of a target. A declared file that does not exist panics.
    pub(super) fn grow(sources: &'a Sources, root: &str) -> Self {
        let place = opened(sources, root, folder(root).to_owned())
            .unwrap_or_else(|| panic!("{root} does not exist"));
        let mut tree = Self {
            modules: Vec::new(),
        };
        tree.add(sources, None, String::new(), false, &place);
        tree
    }

    fn add(
        &mut self,
        sources: &'a Sources,
        parent: Option<ModuleId>,
        name: String,
        test: bool,
        place: &Place<'a>,
    ) -> ModuleId {
        let id = self.modules.len();
        self.modules.push(Module {
            name,
            parent,
            file: place.file,
            test,
            items: place.items,
            bindings: HashMap::new(),
            globs: Vec::new(),
            macros: HashSet::new(),
        });
        for item in place.items {
            match item {
                Item::Mod(child) => self.add_child(sources, id, child, place),
                Item::Use(item) => bind_imports(&mut self.modules[id], item),
                item => bind_item(&mut self.modules[id], item),
            }
        }
        id
    }

    fn add_child(
        &mut self,
        sources: &'a Sources,
        parent: ModuleId,
        child: &'a ItemMod,
        above: &Place<'a>,
    ) {
        let name = child.ident.unraw().to_string();
        let test = self.modules[parent].test || only_in_tests(&child.attrs);
        let place = place_of(sources, child, &name, above);
        let id = self.add(sources, Some(parent), name, test, &place);
        self.modules[parent].bind(&child.ident, Binding::Module(id));
    }

    /// The names from the root down to a module, with `::` between; empty for the root.
    pub(super) fn path(&self, id: ModuleId) -> String {
        let Module { name, parent, .. } = &self.modules[id];
        match parent.map(|parent| self.path(parent)) {
            Some(above) if !above.is_empty() => format!("{above}::{name}"),
            _ => name.clone(),
        }
    }

    /// The module with which the file of a module begins.
    pub(super) fn whole_file(&self, mut id: ModuleId) -> ModuleId {
        while let Some(parent) = self.modules[id].parent
            && self.modules[parent].file == self.modules[id].file
        {
            id = parent;
        }
        id
    }

    /// Whether a module is another one or lies in it.
    pub(super) fn is_within(&self, mut inner: ModuleId, outer: ModuleId) -> bool {
        while inner != outer {
            let Some(parent) = self.modules[inner].parent else {
                return false;
            };
            inner = parent;
        }
        true
    }
}

fn place_of<'a>(
    sources: &'a Sources,
    child: &'a ItemMod,
    name: &str,
    above: &Place<'a>,
) -> Place<'a> {
    let below = join(&above.children, name);
    if let Some((_, items)) = &child.content {
        return Place {
            file: above.file,
            items,
            children: below,
            inline: true,
        };
    }
    let found = if let Some(path) = path_of_file(&child.attrs) {
        let from = if above.inline {
            &above.children
        } else {
            folder(above.file)
        };
        let file = join(from, &path);
        let children = folder(&file).to_owned();
        opened(sources, &file, children)
    } else {
        opened(sources, &format!("{below}.rs"), below.clone())
            .or_else(|| opened(sources, &format!("{below}/mod.rs"), below.clone()))
    };
    found.unwrap_or_else(|| panic!("{} declares {name}, which has no file", above.file))
}

fn opened<'a>(sources: &'a Sources, file: &str, children: String) -> Option<Place<'a>> {
    let (file, parsed) = sources.get(file)?;
    Some(Place {
        file,
        items: &parsed.items,
        children,
        inline: false,
    })
}

fn bind_imports(module: &mut Module, item: &ItemUse) {
    for import in imports(item) {
        match import.kind {
            Kind::Glob => module.globs.push(import.path),
            Kind::Unnamed => {}
            Kind::Name(name) => {
                let names = module.bindings.entry(name).or_default();
                names.push(Binding::Use(import.path));
            }
        }
    }
}

fn bind_item(module: &mut Module, item: &Item) {
    let (attributes, name) = match item {
        Item::Const(item) => (&item.attrs, &item.ident),
        Item::Enum(item) => (&item.attrs, &item.ident),
        Item::Fn(item) => (&item.attrs, &item.sig.ident),
        Item::Static(item) => (&item.attrs, &item.ident),
        Item::Struct(item) => (&item.attrs, &item.ident),
        Item::Trait(item) => (&item.attrs, &item.ident),
        Item::TraitAlias(item) => (&item.attrs, &item.ident),
        Item::Type(item) => (&item.attrs, &item.ident),
        Item::Union(item) => (&item.attrs, &item.ident),
        Item::Macro(item) => {
            let Some(name) = &item.ident else { return };
            module.macros.insert(name.to_string());
            (&item.attrs, name)
        }
        Item::ForeignMod(block) => return bind_foreign(module, &block.items),
        _ => return,
    };
    let test = module.test || only_in_tests(attributes);
    module.bind(name, Binding::Item { test });
}

fn bind_foreign(module: &mut Module, items: &[ForeignItem]) {
    let test = module.test;
    for item in items {
        match item {
            ForeignItem::Fn(item) => module.bind(&item.sig.ident, Binding::Item { test }),
            ForeignItem::Static(item) => module.bind(&item.ident, Binding::Item { test }),
            ForeignItem::Type(item) => module.bind(&item.ident, Binding::Item { test }),
            _ => {}
        }
    }
}
