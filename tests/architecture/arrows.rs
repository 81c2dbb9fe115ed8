//! Prints who uses whom, for whoever wants to see it.

use crate::house::HOUSE;
use crate::scan::{Graph, Node};
use std::io::Write;

/// Names the file or folder whose arrows are printed.
const ASKED: &str = "VULTUS_ARROWS";

#[test]
#[ignore = "prints the arrows of the file or folder that VULTUS_ARROWS names"]
fn arrows_of() {
    let asked = std::env::var(ASKED).unwrap_or_default();
    let asked = asked.trim_end_matches('/');
    let inside = |node: &Node| {
        let rest = node.file.strip_prefix(asked);
        rest.is_some_and(|rest| asked.is_empty() || rest.is_empty() || rest.starts_with('/'))
    };
    for room in HOUSE.iter() {
        let lines = Graph::of(room.arrows()).lines(|from, to| inside(from) || inside(to));
        std::io::stdout().write_all(lines.as_bytes()).unwrap();
    }
}
