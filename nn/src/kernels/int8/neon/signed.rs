//! Unsigned bytes as signed ones.

use std::arch::aarch64::*;

/// What reading a byte as signed, its first bit flipped, takes from its value.
pub(super) const OFFSET: i32 = 128;

/// Sixteen bytes less [`OFFSET`].
#[inline(always)]
pub(super) fn signed(bytes: uint8x16_t) -> int8x16_t {
    // SAFETY: NEON belongs to every processor of this architecture.
    unsafe { vreinterpretq_s8_u8(veorq_u8(bytes, vdupq_n_u8(0x80))) }
}
