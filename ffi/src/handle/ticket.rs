//! A handle is a number in the shape of a pointer: a place in the table of slots, and a generation. It is looked up and never
//! followed, so that any pointer can be checked.

/// Handles are aligned as what a careful host would expect of a pointer to an object.
const ALIGN_BITS: u32 = 3;
/// Bits of a place in the table: so many handles of all types may exist at once.
pub(super) const PLACE_BITS: u32 = if usize::BITS == 64 { 29 } else { 18 };
/// Bits of a generation. On a processor of 32 bits, a slot must be used again a multiple of 2,047 times before an old
/// handle means the new owner's object.
const GENERATION_BITS: u32 = usize::BITS - PLACE_BITS - ALIGN_BITS;
const GENERATION_MAX: u32 = u32::MAX >> (u32::BITS - GENERATION_BITS);

/// What a handle says.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Ticket {
    pub(super) place: u32,
    /// Never 0, so that no handle is NULL.
    pub(super) generation: u32,
}

impl Ticket {
    pub(super) fn to_pointer<O>(self) -> *mut O {
        let generation = (self.generation as usize) << (PLACE_BITS + ALIGN_BITS);
        std::ptr::without_provenance_mut(generation | (self.place as usize) << ALIGN_BITS)
    }

    /// The pointer is aligned.
    pub(super) fn of_pointer<O>(pointer: *const O) -> Self {
        let number = pointer.addr() >> ALIGN_BITS;
        Self {
            place: (number & ((1 << PLACE_BITS) - 1)) as u32,
            generation: (number >> PLACE_BITS) as u32,
        }
    }
}

/// The generation after this one.
pub(super) fn next(generation: u32) -> u32 {
    if generation == GENERATION_MAX {
        1
    } else {
        generation + 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_handle_carries_place_and_generation_and_is_never_null() {
        for place in [0, 1, 63, 64, (1 << PLACE_BITS) - 1] {
            for generation in [1, 2, GENERATION_MAX] {
                let ticket = Ticket { place, generation };
                let pointer: *mut u64 = ticket.to_pointer();
                assert!(!pointer.is_null() && pointer.is_aligned());
                assert_eq!(Ticket::of_pointer(pointer), ticket);
            }
        }
        assert_eq!(next(1), 2);
        assert_eq!(next(GENERATION_MAX - 1), GENERATION_MAX);
        assert_eq!(next(GENERATION_MAX), 1);
    }
}
