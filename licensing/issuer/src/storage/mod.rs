//! Where records are kept. A store keeps bytes in order and lets nothing in between; it proves
//! nothing, the chain does.

mod location;
mod memory;
mod postgres;
mod row;
mod sqlite;
mod traits;

pub use location::Location;
pub use memory::MemoryStorage;
pub use postgres::PostgresStorage;
pub use sqlite::SqliteStorage;
pub use traits::{Appended, Storage};
