use crate::geom::{Affine2, Orientation};

/// Size and orientation of a frame: which pixels a map between frames speaks of.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct View {
    /// Stored width and height in pixels.
    pub size: (u32, u32),
    /// How the stored pixels become upright.
    pub orientation: Orientation,
}

impl View {
    /// Brings upright coordinates to stored ones.
    #[must_use]
    pub fn upright_to_stored(&self) -> Affine2 {
        self.orientation.upright_to_stored(self.size)
    }

    /// Brings stored coordinates to upright ones.
    #[must_use]
    pub fn stored_to_upright(&self) -> Affine2 {
        self.upright_to_stored()
            .inverse()
            .expect("turns and flips can be undone")
    }
}
