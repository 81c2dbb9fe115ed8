//! What a type of handle is: its name, its contents, and how it may be used.

use super::pool::Pool;

/// An opaque type of the header.
pub(crate) trait Object: Sized + 'static {
    /// What a handle of it contains.
    type Inner: Send + 'static;
    /// Its name in the header.
    const NAME: &'static str;
    /// The first word of its slots, different for every type.
    const MAGIC: u64;

    /// The pool of its slots.
    fn pool() -> &'static Pool<Self::Inner>;
}

/// Objects that several threads may use at once through `const X *`.
pub(crate) trait Shared: Object<Inner: Sync> {}

/// Objects that only one call at a time may use, through `X *`. A panic in such a call may leave them half
/// changed, so it poisons the handle.
pub(crate) trait Exclusive: Object {}

/// Objects that belong to the caller, who frees them. Only these can be handed out and freed.
pub(crate) trait Owned: Object {}

/// Declares an object: its contents, its magic word, and which of `Shared`, `Exclusive` and `Owned` it is.
macro_rules! object {
    ($name:ident, $inner:ty, $magic:literal, $($may:ident),+) => {
        impl $crate::handle::Object for $name {
            type Inner = $inner;
            const NAME: &'static str = stringify!($name);
            const MAGIC: u64 = u64::from_le_bytes(*$magic);

            fn pool() -> &'static $crate::handle::Pool<$inner> {
                static POOL: $crate::handle::Pool<$inner> =
                    $crate::handle::Pool::new(<$name as $crate::handle::Object>::MAGIC);
                &POOL
            }
        }
        $(impl $crate::handle::$may for $name {})+
    };
}
pub(crate) use object;
