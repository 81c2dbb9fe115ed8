//! Reports as single HTML pages with plots as SVG: no script, and nothing that is read from elsewhere.

mod error_versus_reject;
mod html;
mod pad;
mod plots;
mod svg;
mod verification;

pub use error_versus_reject::error_versus_reject_page;
pub use html::escaped;
pub use pad::pad_page;
pub use verification::verification_page;
