//! Searches embeddings without a matcher, which only a grant makes.

use vultus::matching::cosine;
use vultus::matching::index::Index;

fn main() {}
