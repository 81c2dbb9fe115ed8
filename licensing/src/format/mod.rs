//! What every file format is made of: bounded reading, tagged fields, the text form. Knows nothing
//! of licences.

mod fault;
mod reader;
pub(crate) mod text;
pub(crate) mod tlv;

pub use fault::FormatFault;
pub(crate) use reader::Reader;
