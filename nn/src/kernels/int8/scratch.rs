//! Working memory.

/// Memory that int8 kernels work in, one for each thread; large enough for every operation of a plan.
#[derive(Clone, Default)]
pub(crate) struct Scratch {
    padding: Vec<u8>,
    sums: Vec<i32>,
}

impl Scratch {
    /// Makes it large enough.
    pub(super) fn reserve(&mut self, padding: usize, sums: usize) {
        self.padding.resize(self.padding.len().max(padding), 0);
        self.sums.resize(self.sums.len().max(sums), 0);
    }

    pub(super) fn parts(&mut self) -> (&mut [u8], &mut [i32]) {
        (&mut self.padding, &mut self.sums)
    }
}
