//! Value by value: the portable bodies, compiled for AVX2.
#![allow(unsafe_code)]

use crate::nn::kernels::Curve;
use crate::nn::kernels::native::simple as portable;

/// Safe functions for the table, each around the body compiled with the table's instructions.
macro_rules! compiled {
    ($($name:ident($($argument:ident: $kind:ty),*);)*) => {$(
        pub(super) fn $name($($argument: $kind),*) {
            #[target_feature(enable = "avx2,fma")]
            fn compiled($($argument: $kind),*) {
                portable::$name($($argument),*);
            }
            // SAFETY: only the table has this function, and no processor without these instructions
            // is given the table.
            unsafe { compiled($($argument),*) }
        }
    )*};
}

compiled! {
    add(output: &mut [f32], left: &[f32], right: &[f32]);
    scale(output: &mut [f32], input: &[f32], by: &[f32]);
    clip(values: &mut [f32], low: f32, high: f32);
    prelu(values: &mut [f32], slopes: &[f32]);
    curve(values: &mut [f32], curve: Curve);
}
