//! What tests are made of: keys that everybody knows, a clock to turn, a folder in memory, a
//! device and its licence. No build that ships names this feature.

mod clock;
mod device;
mod folder;
mod key;
mod licence;

pub use clock::TestClock;
pub use device::{device, grant, grant_of};
pub use folder::MemoryFolder;
pub use key::{FROM, OLD_SEED, PUBLIC_HEX, SEED, TestKey, UNTIL};
pub use licence::{ISSUED_AT, licence, licence_for, parts, sign, trial};
