//! Reads the code of one module and notes what it uses.

use super::attributes::only_in_tests;
use super::import::{Import, Kind, imports};
use super::resolve::{Definition, Found};
use super::tokens::paths;
use super::tree::{ModuleId, Tree};
use proc_macro2::TokenStream;
use std::collections::HashSet;
use syn::ext::IdentExt;
use syn::visit::{self, Visit};
use syn::{Attribute, Expr, Item, ItemUse, Lit, Meta, Stmt, Visibility};

/// A definition, and whether code that uses it is there in tests alone.
pub(super) type Noted = HashSet<(bool, Definition)>;

/// What the code of a module uses, its inline modules left out.
pub(super) fn read(tree: &Tree<'_>, module: ModuleId) -> Noted {
    let mut reader = Reader {
        tree,
        module,
        test: tree.modules[module].test,
        locals: Vec::new(),
        variables: HashSet::new(),
        noted: Noted::new(),
    };
    for item in tree.modules[module].items {
        reader.variables = variables_of(item);
        reader.visit_item(item);
    }
    reader.noted
}

struct Reader<'a> {
    tree: &'a Tree<'a>,
    module: ModuleId,
    /// Inside something that is there in tests alone.
    test: bool,
    /// Names that the blocks around import, the nearest last.
    locals: Vec<(String, Vec<String>)>,
    /// Names that patterns of the item bind.
    variables: HashSet<String>,
    noted: Noted,
}

impl Reader<'_> {
    fn note(&mut self, found: Vec<Found>) {
        for found in found {
            if let Found::Item(definition) = found {
                self.noted.insert((self.test, definition));
            }
        }
    }

    fn name(&mut self, path: &[String]) {
        let local = path.first().and_then(|first| {
            let mut locals = self.locals.iter().rev();
            locals.find(|(name, _)| name == first)
        });
        let found = match local {
            Some((_, start)) => {
                let path: Vec<String> = start.iter().chain(&path[1..]).cloned().collect();
                self.tree.resolve(self.module, &path)
            }
            None => self.tree.resolve(self.module, path),
        };
        self.note(found);
    }

    fn name_macro(&mut self, path: &[String]) {
        match path {
            [name] => {
                let found = self.tree.resolve_macro(self.module, name);
                self.note(found);
            }
            path => self.name(path),
        }
    }

    fn tokens(&mut self, tokens: TokenStream, strings: bool) {
        for found in paths(tokens, strings) {
            if found.is_macro {
                self.name_macro(&found.path);
            } else {
                self.name(&found.path);
            }
        }
    }

    fn import(&mut self, item: &ItemUse) {
        let handed_on = !matches!(item.vis, Visibility::Inherited);
        let own = self.tree.whole_file(self.module);
        for Import { path, kind } in imports(item) {
            let found = self.tree.resolve(self.module, &path);
            let used = found
                .into_iter()
                .filter_map(|found| self.imported(found, &kind))
                // What a file hands on of its own children is theirs.
                .filter(|it| !handed_on || !self.tree.is_within(it.module, own));
            let used = used.map(Found::Item).collect();
            self.note(used);
        }
    }

    /// A module by itself is used by the paths that begin with it; a module opened whole, where it defines something.
    fn imported(&self, found: Found, kind: &Kind) -> Option<Definition> {
        match found {
            Found::Item(definition) => Some(definition),
            Found::Module(id) => {
                let module = &self.tree.modules[id];
                (matches!(kind, Kind::Glob) && module.defines()).then(|| Definition {
                    module: id,
                    door: id,
                    test: module.test,
                    name: "*".to_owned(),
                })
            }
        }
    }

    fn within(&mut self, attributes: &[Attribute], read: impl FnOnce(&mut Self)) {
        let before = self.test;
        self.test |= only_in_tests(attributes);
        read(self);
        self.test = before;
    }
}

impl<'ast> Visit<'ast> for Reader<'_> {
    fn visit_item(&mut self, item: &'ast Item) {
        self.within(attributes_of(item), |reader| match item {
            // Modules are read one by one.
            Item::Mod(_) => {}
            Item::Use(item) => reader.import(item),
            item => visit::visit_item(reader, item),
        });
    }

    fn visit_impl_item_fn(&mut self, item: &'ast syn::ImplItemFn) {
        self.within(&item.attrs, |reader| {
            visit::visit_impl_item_fn(reader, item);
        });
    }

    fn visit_field(&mut self, field: &'ast syn::Field) {
        self.within(&field.attrs, |reader| visit::visit_field(reader, field));
    }

    fn visit_local(&mut self, local: &'ast syn::Local) {
        self.within(&local.attrs, |reader| visit::visit_local(reader, local));
    }

    fn visit_block(&mut self, block: &'ast syn::Block) {
        let before = self.locals.len();
        for statement in &block.stmts {
            let Stmt::Item(Item::Use(item)) = statement else {
                continue;
            };
            for Import { path, kind } in imports(item) {
                if let Kind::Name(name) = kind {
                    self.locals.push((name, path));
                }
            }
        }
        visit::visit_block(self, block);
        self.locals.truncate(before);
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        if path.leading_colon.is_none() {
            self.name(&names_of(path));
        }
        visit::visit_path(self, path);
    }

    fn visit_expr_call(&mut self, call: &'ast syn::ExprCall) {
        match &*call.func {
            // A call names a function, even where a variable has its name.
            Expr::Path(function) if function.qself.is_none() => self.visit_path(&function.path),
            function => self.visit_expr(function),
        }
        for argument in &call.args {
            self.visit_expr(argument);
        }
    }

    fn visit_expr_path(&mut self, expression: &'ast syn::ExprPath) {
        let name = expression.path.get_ident();
        if !name.is_some_and(|name| self.variables.contains(&name.to_string())) {
            visit::visit_expr_path(self, expression);
        }
    }

    fn visit_pat_ident(&mut self, pattern: &'ast syn::PatIdent) {
        if !is_variable(pattern) {
            self.name(&[pattern.ident.to_string()]);
        }
        visit::visit_pat_ident(self, pattern);
    }

    fn visit_macro(&mut self, call: &'ast syn::Macro) {
        self.name_macro(&names_of(&call.path));
        self.tokens(call.tokens.clone(), false);
    }

    fn visit_attribute(&mut self, attribute: &'ast Attribute) {
        match &attribute.meta {
            // Links in comments are not uses.
            meta if meta.path().is_ident("doc") => {}
            Meta::List(list) => self.tokens(list.tokens.clone(), true),
            Meta::NameValue(pair) => match &pair.value {
                Expr::Lit(value) if matches!(value.lit, Lit::Str(_)) => {}
                value => self.visit_expr(value),
            },
            Meta::Path(_) => {}
        }
    }

    /// `pub(in path)` limits who may use, and uses nothing.
    fn visit_visibility(&mut self, _: &'ast Visibility) {}
}

fn names_of(path: &syn::Path) -> Vec<String> {
    let names = path.segments.iter();
    names.map(|part| part.ident.unraw().to_string()).collect()
}

fn is_variable(pattern: &syn::PatIdent) -> bool {
    let name = pattern.ident.to_string();
    pattern.subpat.is_some() || !name.starts_with(char::is_uppercase)
}

fn variables_of(item: &Item) -> HashSet<String> {
    struct Variables(HashSet<String>);

    impl<'ast> Visit<'ast> for Variables {
        fn visit_pat_ident(&mut self, pattern: &'ast syn::PatIdent) {
            if is_variable(pattern) {
                self.0.insert(pattern.ident.to_string());
            }
            visit::visit_pat_ident(self, pattern);
        }

        // Read as an item of its own.
        fn visit_item_mod(&mut self, _: &'ast syn::ItemMod) {}
    }

    let mut variables = Variables(HashSet::new());
    variables.visit_item(item);
    variables.0
}

fn attributes_of(item: &Item) -> &[Attribute] {
    match item {
        Item::Const(item) => &item.attrs,
        Item::Enum(item) => &item.attrs,
        Item::ExternCrate(item) => &item.attrs,
        Item::Fn(item) => &item.attrs,
        Item::ForeignMod(item) => &item.attrs,
        Item::Impl(item) => &item.attrs,
        Item::Macro(item) => &item.attrs,
        Item::Mod(item) => &item.attrs,
        Item::Static(item) => &item.attrs,
        Item::Struct(item) => &item.attrs,
        Item::Trait(item) => &item.attrs,
        Item::TraitAlias(item) => &item.attrs,
        Item::Type(item) => &item.attrs,
        Item::Union(item) => &item.attrs,
        Item::Use(item) => &item.attrs,
        _ => &[],
    }
}
