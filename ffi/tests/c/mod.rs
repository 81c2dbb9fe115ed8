//! Programs in C and C++: compiled against the library that this test was built with, and run.

mod offline;
mod packages;
mod pictures;
mod run;
mod shipped;
mod workshop;

pub use pictures::thinned;
pub use run::{finished, has, words};
pub use shipped::{Shipped, answers, licensed_folder};
pub use workshop::{Linkage, SANITIZERS, Workshop};
