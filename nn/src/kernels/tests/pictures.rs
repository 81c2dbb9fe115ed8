//! Whole pictures seen through windows, against double precision: which kernel computes a pixel, and together with
//! which others, depends on where it lies and on how rows are cut.

use super::{Exact, Random, rounds, tables};
use crate::ir::{Activation, PoolKind, Window};
use crate::kernels::{Aligned, Kernels, Layout, Rows, RowsMut, Windowed};

struct Picture {
    window: Window,
    input: Layout,
    output: Layout,
    values: Aligned,
}

impl Picture {
    fn random(random: &mut Random, kernels: &Kernels) -> Self {
        let size = [(); 2].map(|()| [2, 3, 3, 5][random.whole(0, 3)]);
        let stride = [(); 2].map(|()| random.whole(1, 2));
        let before = size.map(|side| random.whole(0, side / 2));
        let from = [random.whole(size[0], 9), random.whole(size[1], 30)];
        let channels = random.whole(1, 40);
        let places = |axis: usize| {
            let behind = before[axis];
            (from[axis] + before[axis] + behind - size[axis]) / stride[axis] + 1
        };
        let layout =
            |[height, width]: [usize; 2]| Layout::whole(height, width, channels, kernels.lanes);
        let input = layout(from);
        let mut values = Aligned::zeroed(input.len());
        for pixel in values.chunks_exact_mut(input.pixel) {
            pixel[..channels].copy_from_slice(&random.values(channels));
        }
        Self {
            window: Window {
                size: size.map(|side| side as u32),
                stride: stride.map(|step| step as u32),
                before: before.map(|side| side as u32),
            },
            input,
            output: layout([places(0), places(1)]),
            values,
        }
    }

    /// What the window of an output pixel sees of a channel, with the number of the cell.
    fn seen(&self, [y, x, channel]: [usize; 3]) -> impl Iterator<Item = (usize, f32)> + '_ {
        let [size, stride, before] = [self.window.size, self.window.stride, self.window.before]
            .map(|pair| pair.map(|side| side as usize));
        (0..size[0] * size[1]).filter_map(move |cell| {
            let row = (y * stride[0] + cell / size[1]).checked_sub(before[0])?;
            let column = (x * stride[1] + cell % size[1]).checked_sub(before[1])?;
            let inside = row < self.input.height && column < self.input.width;
            let at = row * self.input.row() + column * self.input.pixel + channel;
            inside.then(|| (cell, self.values[at]))
        })
    }

    /// All rows, computed a random number at a time into a buffer of `ring` rows.
    fn run(
        &self,
        random: &mut Random,
        work: impl Fn([Layout; 2]) -> Windowed,
        ring: usize,
    ) -> Vec<f32> {
        let layout = Layout {
            ring,
            ..self.output
        };
        let work = work([self.input, layout]);
        let mut buffer = Aligned::zeroed(layout.len());
        let mut found = Vec::new();
        let mut y = 0;
        while y < layout.height {
            let rows = y..layout.height.min(y + random.whole(1, ring));
            y = rows.end;
            let mut output = RowsMut::new(layout, &mut buffer);
            work.run(
                Rows::new(self.input, &self.values),
                &mut output,
                rows.clone(),
            );
            let output = Rows::new(layout, &buffer);
            rows.for_each(|y| found.extend_from_slice(output.row(y)));
        }
        found
    }

    /// Compares all values with a function of where they are that tells also how far off they may be.
    fn check(&self, kernels: &Kernels, found: &[f32], exact: impl Fn([usize; 3]) -> [f64; 2]) {
        let Layout {
            width, channels, ..
        } = self.output;
        for (at, pixel) in found.chunks_exact(self.output.pixel).enumerate() {
            for (channel, &value) in pixel[..channels].iter().enumerate() {
                let place = [at / width, at % width, channel];
                let [exact, tolerance] = exact(place);
                assert!(
                    (f64::from(value) - exact).abs() <= tolerance,
                    "{:?}: {value} for {exact} at {place:?} of {:?} through {:?}",
                    kernels.path,
                    self.output,
                    self.window
                );
            }
            assert!(pixel[channels..].iter().all(|&value| value == 0.0));
        }
    }
}

#[test]
fn depthwise_pictures_are_sums_of_products_however_rows_are_cut() {
    let random = &mut Random(23);
    for kernels in tables() {
        for round in 0..rounds(120) {
            let picture = Picture::random(random, kernels);
            let (channels, height) = (picture.output.channels, picture.output.height);
            let cells = picture.window.size.iter().product::<u32>() as usize;
            let weights = random.values(cells * channels);
            let bias = random.values(channels);
            let (low, high) = (-0.5, 0.75);
            let activation = match round % 4 {
                0 => Activation::None,
                1 => Activation::Relu,
                2 => Activation::Clip { low, high },
                _ => Activation::Sigmoid,
            };
            let work = |layouts| {
                let numbers = [&weights[..], &bias];
                Windowed::depthwise(kernels, &picture.window, numbers, &activation, layouts)
            };
            let found = picture.run(random, work, height);
            picture.check(kernels, &found, |place| {
                let mut exact = Exact::new(bias[place[2]]);
                for (cell, value) in picture.seen(place) {
                    exact.add(value, weights[cell * channels + place[2]]);
                }
                let sum = exact.sum;
                match activation {
                    Activation::Relu => [sum.max(0.0), exact.tolerance()],
                    Activation::Clip { low, high } => {
                        [sum.clamp(low.into(), high.into()), exact.tolerance()]
                    }
                    Activation::Sigmoid => [1.0 / (1.0 + (-sum).exp()), exact.tolerance() + 1e-6],
                    _ => [sum, exact.tolerance()],
                }
            });
            let ring = random.whole(1, height);
            let again = picture.run(random, work, ring);
            assert_eq!(found, again, "{:?}: {ring} rows at a time", kernels.path);
        }
    }
}

#[test]
fn pooled_pictures_are_maxima_however_rows_are_cut() {
    let random = &mut Random(29);
    for kernels in tables() {
        for _ in 0..rounds(120) {
            let picture = Picture::random(random, kernels);
            let ring = random.whole(1, picture.output.height);
            let work = |layouts| Windowed::pool(kernels, &picture.window, PoolKind::Max, layouts);
            let found = picture.run(random, work, ring);
            picture.check(kernels, &found, |place| {
                let values = picture.seen(place).map(|(_, value)| f64::from(value));
                [values.fold(f64::NEG_INFINITY, f64::max), 0.0]
            });
        }
    }
}
