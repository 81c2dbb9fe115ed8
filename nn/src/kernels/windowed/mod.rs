//! Depthwise convolution and pooling: channels that do not meet, seen through a window.

mod inside;
mod run;
mod tiles;
mod work;

pub(crate) use work::{MAX_CELLS, Windowed};
