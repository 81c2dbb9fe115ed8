//! How often a bench measures.

/// So many rounds, or one where cargo runs the bench as a test (`cargo bench -- --test`): its figures mean nothing then.
pub(crate) fn rounds(usual: usize) -> usize {
    let once = std::env::args().any(|argument| argument == "--test");
    if once { 1 } else { usual }
}
