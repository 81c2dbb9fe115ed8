//! How large an activation is, and in which order its values lie in a flat tensor.

/// Size of an activation: one picture, channels innermost.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Extent {
    /// Rows.
    pub height: u32,
    /// Pixels of a row.
    pub width: u32,
    /// Values of a pixel.
    pub channels: u32,
}

impl Extent {
    /// Values of a tensor of this size.
    #[must_use]
    pub const fn values(self) -> u64 {
        // Three sides of 32 bits do not fit in 64 together; a checked plan's do.
        (self.height as u64)
            .saturating_mul(self.width as u64)
            .saturating_mul(self.channels as u64)
    }
}

/// In which order a flat tensor of the network's signature holds the values of a picture.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Order {
    /// Channel by channel (ONNX's NCHW).
    Planes,
    /// Pixel by pixel (NHWC).
    Interleaved,
    /// Pixel by pixel of a picture this many times as high and as wide: each pixel's channels are a
    /// square of its pixels, row by row (ONNX `DepthToSpace`, mode `DCR`). Outputs only.
    Blocks(u32),
}
