//! Paths in the tokens of macros, which nobody parses before the macro is expanded.

use proc_macro2::{Delimiter, Ident, Spacing, TokenStream, TokenTree};

/// What looks like a path.
pub(super) struct TokenPath {
    /// Its names; `$crate` reads `crate`.
    pub(super) path: Vec<String>,
    /// Whether it is called as a macro.
    pub(super) is_macro: bool,
}

/// Every path of two names or more, and every single name that reads like a type, a constant, a call or a macro. Strings
/// that are paths count where `strings` says so: attributes have such.
pub(super) fn paths(tokens: TokenStream, strings: bool) -> Vec<TokenPath> {
    let mut found = Vec::new();
    collect(tokens, &[], strings, &mut found);
    found
}

fn collect(tokens: TokenStream, before: &[String], strings: bool, found: &mut Vec<TokenPath>) {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let mut at = 0;
    while at < tokens.len() {
        at = match &tokens[at] {
            TokenTree::Group(group) => {
                collect(group.stream(), &[], strings, found);
                at + 1
            }
            TokenTree::Ident(ident) if ident == "pub" => after_visibility(&tokens, at),
            TokenTree::Ident(_) => one_path(&tokens, at, before, strings, found),
            TokenTree::Punct(dollar) if dollar.as_char() == '$' => variable(&tokens, at),
            TokenTree::Literal(literal) if strings => {
                of_string(&literal.to_string(), found);
                at + 1
            }
            _ => at + 1,
        };
    }
}

/// Reads the path that begins here, and answers where to go on.
fn one_path(
    tokens: &[TokenTree],
    start: usize,
    before: &[String],
    strings: bool,
    found: &mut Vec<TokenPath>,
) -> usize {
    let mut path = before.to_vec();
    let mut at = start;
    while let Some(TokenTree::Ident(ident)) = tokens.get(at) {
        path.push(name_of(ident));
        at += 1;
        if !colons(tokens, at) {
            break;
        }
        match (tokens.get(at + 2), tokens.get(at + 3)) {
            (Some(TokenTree::Ident(_)), _) => at += 2,
            (Some(TokenTree::Group(group)), _) if group.delimiter() == Delimiter::Brace => {
                collect(group.stream(), &path, strings, found);
                return at + 3;
            }
            // The last name is a macro's variable: only its file is known.
            (Some(TokenTree::Punct(dollar)), Some(TokenTree::Ident(name)))
                if dollar.as_char() == '$' =>
            {
                path.push(format!("${name}"));
                at += 4;
                break;
            }
            _ => break,
        }
    }
    if path.last().is_some_and(|last| last == "self") && !before.is_empty() {
        path.pop();
    }
    let is_macro =
        punct(tokens, at, '!') && matches!(tokens.get(at + 1), Some(TokenTree::Group(_)));
    if !is_a_continuation(tokens, start, before) && says_enough(&path, is_macro, tokens.get(at)) {
        found.push(TokenPath { path, is_macro });
    }
    at
}

fn name_of(ident: &Ident) -> String {
    let name = ident.to_string();
    name.strip_prefix("r#").map_or(name.clone(), str::to_owned)
}

/// A name by itself may be a variable or a field: only a type, a constant, a call or a macro is told from them.
fn says_enough(path: &[String], is_macro: bool, next: Option<&TokenTree>) -> bool {
    let called = matches!(next, Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Parenthesis);
    path.len() > 1
        || is_macro
        || called
        || path.iter().any(|name| name.starts_with(char::is_uppercase))
}

/// Whether something before makes this a field, a method, the name of a definition or of an import, or the end of a path.
fn is_a_continuation(tokens: &[TokenTree], start: usize, before: &[String]) -> bool {
    if start == 0 {
        return false;
    }
    if let TokenTree::Ident(word) = &tokens[start - 1] {
        return word == "fn" || word == "as" && !before.is_empty();
    }
    let twice =
        |mark| start > 1 && punct(tokens, start - 1, mark) && punct(tokens, start - 2, mark);
    twice(':') || punct(tokens, start - 1, '.') && !twice('.')
}

fn after_visibility(tokens: &[TokenTree], at: usize) -> usize {
    match tokens.get(at + 1) {
        Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Parenthesis => at + 2,
        _ => at + 1,
    }
}

/// Behind `$`: `crate` begins a path, another name and what follows it are known only when the macro is expanded.
fn variable(tokens: &[TokenTree], dollar: usize) -> usize {
    match tokens.get(dollar + 1) {
        Some(TokenTree::Ident(name)) if name != "crate" => {
            let mut at = dollar + 2;
            while colons(tokens, at) && matches!(tokens.get(at + 2), Some(TokenTree::Ident(_))) {
                at += 3;
            }
            at
        }
        _ => dollar + 1,
    }
}

fn of_string(literal: &str, found: &mut Vec<TokenPath>) {
    let text = literal.trim_matches('"');
    if let Ok(path) = syn::parse_str::<syn::Path>(text)
        && path.segments.len() > 1
    {
        let path = path.segments.iter().map(|part| name_of(&part.ident));
        found.push(TokenPath {
            path: path.collect(),
            is_macro: false,
        });
    }
}

fn punct(tokens: &[TokenTree], at: usize, mark: char) -> bool {
    matches!(tokens.get(at), Some(TokenTree::Punct(punct)) if punct.as_char() == mark)
}

fn colons(tokens: &[TokenTree], at: usize) -> bool {
    matches!(tokens.get(at), Some(TokenTree::Punct(first))
        if first.as_char() == ':' && first.spacing() == Spacing::Joint)
        && punct(tokens, at + 1, ':')
}
