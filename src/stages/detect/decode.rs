use super::detection::Detection;
use vultus_nn::Runner;

/// Turns the outputs of one run into faces in canvas pixels, in any order, duplicates included.
pub(super) trait Decode: Send + Sync {
    fn decode(&self, outputs: &dyn Runner) -> Vec<Detection>;

    /// Whether overlapping findings are averaged instead of dropped.
    fn blends(&self) -> bool {
        false
    }
}
