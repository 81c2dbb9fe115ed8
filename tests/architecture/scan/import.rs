//! `use` trees taken apart.

use syn::ext::IdentExt;
use syn::{ItemUse, UseTree};

/// One name or one `*` of a `use` item.
pub(super) struct Import {
    /// The path as written.
    pub(super) path: Vec<String>,
    pub(super) kind: Kind,
}

pub(super) enum Kind {
    /// The path is known by this name.
    Name(String),
    /// `as _`: a trait whose methods are used.
    Unnamed,
    /// `*`: the path is what is opened.
    Glob,
}

/// The imports of an item; none where the path begins outside with `::`.
pub(super) fn imports(item: &ItemUse) -> Vec<Import> {
    let mut found = Vec::new();
    if item.leading_colon.is_none() {
        collect(&item.tree, &mut Vec::new(), &mut found);
    }
    found
}

fn collect(tree: &UseTree, path: &mut Vec<String>, found: &mut Vec<Import>) {
    match tree {
        UseTree::Path(step) => {
            path.push(step.ident.unraw().to_string());
            collect(&step.tree, path, found);
            path.pop();
        }
        UseTree::Name(name) => {
            let path = ended(path, &name.ident);
            if let Some(last) = path.last().cloned() {
                let kind = Kind::Name(last);
                found.push(Import { path, kind });
            }
        }
        UseTree::Rename(renamed) => found.push(Import {
            path: ended(path, &renamed.ident),
            kind: match renamed.rename.unraw().to_string() {
                name if name == "_" => Kind::Unnamed,
                name => Kind::Name(name),
            },
        }),
        UseTree::Glob(_) => found.push(Import {
            path: path.clone(),
            kind: Kind::Glob,
        }),
        UseTree::Group(group) => {
            for tree in &group.items {
                collect(tree, path, found);
            }
        }
    }
}

/// The path with its last name; `self` in a group names the path before it.
fn ended(path: &[String], last: &syn::Ident) -> Vec<String> {
    let mut path = path.to_vec();
    if path.is_empty() || last != "self" {
        path.push(last.unraw().to_string());
    }
    path
}
