/// Limits of the product documents for a picture file.
#[derive(Debug)]
pub struct PhotoLimits;

impl PhotoLimits {
    /// Largest file: 5 MB as base64.
    pub const MAX_BYTES: usize = 5 * 1024 * 1024 / 4 * 3;
    /// Longest side of a JPEG in pixels.
    pub const MAX_SIDE_JPEG: u32 = 4000;
    /// Longest side of a PNG or BMP in pixels.
    pub const MAX_SIDE_OTHER: u32 = 2000;
    /// Least short side in pixels.
    pub const MIN_SIDE: u32 = 64;
}
