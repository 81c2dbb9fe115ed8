//! Windows over a picture, and what is made of what they see.

/// A window that slides over a picture.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Window {
    /// Rows and pixels of the window (ONNX `kernel_shape`).
    pub size: [u32; 2],
    /// Steps down and to the right (ONNX `strides`).
    pub stride: [u32; 2],
    /// Rows and pixels outside the picture that the first window covers, top and left (the first half of ONNX
    /// `pads`). Bottom and right follow from the output's size.
    pub before: [u32; 2],
}

impl Window {
    /// One pixel, each in its turn.
    pub const PIXEL: Self = Self {
        size: [1, 1],
        stride: [1, 1],
        before: [0, 0],
    };
}

/// How the channels of a convolution meet.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum ConvolutionKind {
    /// Every output channel sees every input channel.
    Dense,
    /// Output channel `c` sees input channel `c` alone.
    Depthwise,
}

/// What pooling makes of a window.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum PoolKind {
    /// Its largest value; pixels outside the picture do not count.
    Max,
    /// The mean of its pixels inside the picture.
    Average,
    /// The mean over the whole window, pixels outside the picture counting as 0.
    AverageWithBorder,
}

/// How a picture is enlarged.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum ResizeKind {
    /// Each pixel repeated (ONNX `asymmetric`, `floor`).
    Nearest,
    /// Bilinear between pixel centres, borders repeated (ONNX `half_pixel`).
    BilinearCentres,
    /// Bilinear with the corner pixels' centres kept in place (ONNX `align_corners`).
    BilinearCorners,
}
