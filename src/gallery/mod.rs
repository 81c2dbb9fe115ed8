//! Groups, persons and faces on disk: encrypted, surviving power cuts, one file a gallery.
//!
//! [`store`] keeps records and knows nothing about faces.

pub mod store;
