//! Memory whose first value starts a cache line.

/// Bytes of a cache line and of the widest vector.
const LINE: usize = 64;

/// A fixed number of values, all 0 at first, on a cache line's border.
pub(crate) struct Aligned {
    values: Vec<f32>,
    first: usize,
    len: usize,
}

impl Aligned {
    pub(crate) fn zeroed(len: usize) -> Self {
        let values = vec![0.0_f32; len + LINE / size_of::<f32>()];
        let first = values.as_ptr().align_offset(LINE);
        // An interpreter may refuse to align; speed is all that is lost.
        let first = if first <= LINE / size_of::<f32>() {
            first
        } else {
            0
        };
        Self { values, first, len }
    }
}

impl std::ops::Deref for Aligned {
    type Target = [f32];

    fn deref(&self) -> &[f32] {
        &self.values[self.first..self.first + self.len]
    }
}

impl std::ops::DerefMut for Aligned {
    fn deref_mut(&mut self) -> &mut [f32] {
        &mut self.values[self.first..self.first + self.len]
    }
}
