//! Functions of one instruction set, made of the bodies for any register.

/// Makes the functions of a table: each body for one register, compiled with its instructions.
macro_rules! instructions {
    ($register:ident, $features:literal) => {
        use crate::kernels::native::elementwise as portable;
        use crate::kernels::tile::InnerRows;
        use crate::kernels::x86::{dense, inner, window};
        use crate::kernels::{
            Curve, DenseTile, EdgeKernel, EdgeTile, InnerKernel, InnerTile, WindowKernel,
            WindowTile,
        };

        /// # Safety
        /// See [`DenseKernel`].
        #[target_feature(enable = $features)]
        unsafe fn tile<const PIXELS: usize, const VECTORS: usize>(t: &DenseTile) {
            // SAFETY: the caller's promise, and the instructions are here.
            unsafe { dense::tile::<$register, PIXELS, VECTORS>(t) }
        }

        /// # Safety
        /// See [`WindowKernel`].
        #[target_feature(enable = $features)]
        unsafe fn fixed<const PIXELS: usize, const SIDE: usize, const STEP: usize>(t: &WindowTile) {
            // SAFETY: the caller's promise, and the instructions are here.
            unsafe { window::fixed::<$register, PIXELS, SIDE, STEP>(t) }
        }

        /// # Safety
        /// See [`WindowKernel`].
        #[target_feature(enable = $features)]
        unsafe fn any(t: &WindowTile) {
            // SAFETY: the caller's promise, and the instructions are here.
            unsafe { window::any::<$register>(t) }
        }

        /// # Safety
        /// See [`WindowKernel`].
        #[target_feature(enable = $features)]
        unsafe fn pool<const PIXELS: usize, const LARGEST: bool>(t: &WindowTile) {
            // SAFETY: the caller's promise, and the instructions are here.
            unsafe { window::pool::<$register, PIXELS, LARGEST>(t) }
        }

        /// # Safety
        /// See [`InnerKernel`].
        #[target_feature(enable = $features)]
        unsafe fn convolve<const SIDE: usize, const STEP: usize>(t: &InnerTile) {
            // SAFETY: the caller's promise, and the instructions are here.
            unsafe { inner::convolve::<$register, SIDE, STEP>(t) }
        }

        /// # Safety
        /// See [`InnerKernel`].
        #[target_feature(enable = $features)]
        unsafe fn convolve_two<const SIDE: usize>(t: &InnerTile) {
            // SAFETY: the caller's promise, and the instructions are here.
            unsafe { inner::convolve_two::<$register, SIDE>(t) }
        }

        /// # Safety
        /// See [`EdgeKernel`](crate::kernels::EdgeKernel).
        #[target_feature(enable = $features)]
        unsafe fn edge<const SIDE: usize>(t: &EdgeTile) {
            // SAFETY: the caller's promise, and the instructions are here.
            unsafe { inner::edge::<$register, SIDE>(t) }
        }

        /// # Safety
        /// See [`InnerKernel`].
        #[target_feature(enable = $features)]
        unsafe fn largest<const SIDE: usize, const STEP: usize>(t: &InnerTile) {
            // SAFETY: the caller's promise, and the instructions are here.
            unsafe { inner::largest::<$register, SIDE, STEP>(t) }
        }

        static MAX: &[WindowKernel] = &[
            pool::<1, true>,
            pool::<2, true>,
            pool::<3, true>,
            pool::<4, true>,
        ];
        static MEAN: &[WindowKernel] = &[
            pool::<1, false>,
            pool::<2, false>,
            pool::<3, false>,
            pool::<4, false>,
        ];

        fn depthwise(window: [usize; 2], step: usize) -> &'static [WindowKernel] {
            macro_rules! pixels {
                ($side:literal, $step:literal) => {
                    &[
                        fixed::<1, $side, $step>,
                        fixed::<2, $side, $step>,
                        fixed::<3, $side, $step>,
                        fixed::<4, $side, $step>,
                        fixed::<5, $side, $step>,
                        fixed::<6, $side, $step>,
                    ]
                };
            }
            match (window, step) {
                ([3, 3], 1) => pixels!(3, 1),
                ([3, 3], 2) => pixels!(3, 2),
                ([5, 5], 1) => pixels!(5, 1),
                ([5, 5], 2) => pixels!(5, 2),
                _ => &[any],
            }
        }

        fn depthwise_inner(window: [usize; 2], step: usize) -> Option<InnerKernel> {
            type Rows = InnerRows;
            let (edge, one, two): (EdgeKernel, Rows, Option<Rows>) = match (window, step) {
                ([3, 3], 1) => (edge::<3>, convolve::<3, 1>, Some(convolve_two::<3>)),
                ([3, 3], 2) => (edge::<3>, convolve::<3, 2>, None),
                ([5, 5], 1) => (edge::<5>, convolve::<5, 1>, Some(convolve_two::<5>)),
                ([5, 5], 2) => (edge::<5>, convolve::<5, 2>, None),
                _ => return None,
            };
            Some(InnerKernel {
                least: inner::PIXELS,
                edge: Some(edge),
                one,
                two,
            })
        }

        fn max_inner(window: [usize; 2], step: usize) -> Option<InnerKernel> {
            let one: InnerRows = match (window, step) {
                ([2, 2], 2) => largest::<2, 2>,
                ([3, 3], 2) => largest::<3, 2>,
                _ => return None,
            };
            Some(InnerKernel {
                least: inner::PIXELS,
                edge: None,
                one,
                two: None,
            })
        }

        portable! { $features:
            add(output: &mut [f32], left: &[f32], right: &[f32]);
            scale(output: &mut [f32], input: &[f32], by: &[f32]);
            clip(values: &mut [f32], low: f32, high: f32);
            prelu(values: &mut [f32], slopes: &[f32]);
            curve(values: &mut [f32], curve: Curve);
        }
    };
}

/// Safe functions for a table, each around the portable body compiled with the table's instructions.
macro_rules! portable {
    ($features:literal: $($name:ident($($argument:ident: $kind:ty),*);)*) => {$(
        fn $name($($argument: $kind),*) {
            #[target_feature(enable = $features)]
            fn compiled($($argument: $kind),*) {
                portable::$name($($argument),*);
            }
            // SAFETY: only the table has this function, and no processor without these instructions
            // is given the table.
            unsafe { compiled($($argument),*) }
        }
    )*};
}

/// Dense kernels of so many vectors for so many pixels each.
macro_rules! shapes {
    ($($vectors:literal: $($pixels:literal)*;)*) => {
        &[$(DenseShape {
            vectors: $vectors,
            kernels: &[$(tile::<$pixels, $vectors> as DenseKernel),*],
        }),*]
    };
}

pub(in crate::kernels) use {instructions, portable, shapes};
