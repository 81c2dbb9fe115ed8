//! What the kernel says of a 32-bit ARM processor: the compiler's own way to ask is not stable.

/// `HWCAP_NEON` of the kernel's `arch/arm/include/uapi/asm/hwcap.h`.
const NEON: usize = 1 << 12;

pub(super) fn has_neon() -> bool {
    let (capabilities, _) = rustix::param::linux_hwcap();
    capabilities & NEON != 0
}
