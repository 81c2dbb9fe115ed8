//! Parsed Rust files, and paths of files as text.

use std::collections::BTreeMap;

/// Rust files by their path from the root of the repository, with `/` between folders.
pub(crate) struct Sources(BTreeMap<String, syn::File>);

impl Sources {
    /// Parses files given as path and text. A file that does not parse panics.
    pub(crate) fn parse(texts: impl IntoIterator<Item = (String, String)>) -> Self {
        let files = texts.into_iter().map(|(path, text)| {
            let file = syn::parse_file(&text).unwrap_or_else(|error| panic!("{path}: {error}"));
            (path, file)
        });
        Self(files.collect())
    }

    /// The file of this path, with the path as it is kept here.
    pub(super) fn get(&self, path: &str) -> Option<(&str, &syn::File)> {
        self.0
            .get_key_value(path)
            .map(|(path, file)| (path.as_str(), file))
    }
}

/// The folder of a file; empty at the root.
pub(super) fn folder(file: &str) -> &str {
    file.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// A path below a folder, with `.` and `..` taken away.
pub(super) fn join(folder: &str, path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in folder.split('/').chain(path.split('/')) {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts.join("/")
}
