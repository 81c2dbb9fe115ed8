//! One register of `f32` of any width.

/// A register of `f32`. Every multiply-add is fused.
///
/// # Safety
/// Its functions are called only where the processor has the register's instructions.
#[allow(unsafe_code)]
pub(in crate::kernels) unsafe trait Vector: Copy {
    const LANES: usize;

    unsafe fn zero() -> Self;
    unsafe fn splat(value: f32) -> Self;
    /// Reads `LANES` values at any alignment.
    unsafe fn load(from: *const f32) -> Self;
    /// Writes `LANES` values at any alignment.
    unsafe fn store(to: *mut f32, values: Self);
    unsafe fn plus(self, other: Self) -> Self;
    unsafe fn times(self, other: Self) -> Self;
    /// `self * other + sum`, rounded once.
    unsafe fn multiply_add(self, other: Self, sum: Self) -> Self;
    unsafe fn larger(self, other: Self) -> Self;
    unsafe fn smaller(self, other: Self) -> Self;
}

/// Implements [`Vector`] with the instructions of one register.
macro_rules! vector {
    ($register:ident, $lanes:literal, $zero:ident $splat:ident $load:ident $store:ident
     $plus:ident $times:ident $multiply_add:ident $larger:ident $smaller:ident) => {
        // SAFETY: each function is one instruction, or an access to as much memory as a register holds, which the caller
        // guarantees.
        unsafe impl Vector for $register {
            const LANES: usize = $lanes;

            #[inline(always)]
            unsafe fn zero() -> Self {
                // SAFETY: the trait's promise.
                unsafe { $zero() }
            }
            #[inline(always)]
            unsafe fn splat(value: f32) -> Self {
                // SAFETY: the trait's promise.
                unsafe { $splat(value) }
            }
            #[inline(always)]
            unsafe fn load(from: *const f32) -> Self {
                // SAFETY: the trait's promise, and the caller's about the memory.
                unsafe { $load(from) }
            }
            #[inline(always)]
            unsafe fn store(to: *mut f32, values: Self) {
                // SAFETY: the trait's promise, and the caller's about the memory.
                unsafe { $store(to, values) }
            }
            #[inline(always)]
            unsafe fn plus(self, other: Self) -> Self {
                // SAFETY: the trait's promise.
                unsafe { $plus(self, other) }
            }
            #[inline(always)]
            unsafe fn times(self, other: Self) -> Self {
                // SAFETY: the trait's promise.
                unsafe { $times(self, other) }
            }
            #[inline(always)]
            unsafe fn multiply_add(self, other: Self, sum: Self) -> Self {
                // SAFETY: the trait's promise.
                unsafe { $multiply_add(self, other, sum) }
            }
            #[inline(always)]
            unsafe fn larger(self, other: Self) -> Self {
                // SAFETY: the trait's promise.
                unsafe { $larger(self, other) }
            }
            #[inline(always)]
            unsafe fn smaller(self, other: Self) -> Self {
                // SAFETY: the trait's promise.
                unsafe { $smaller(self, other) }
            }
        }
    };
}

pub(in crate::kernels) use vector;
