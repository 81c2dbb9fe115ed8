//! An encrypted, transactional map `(table, key) → record` in one file.
//!
//! The library above holds what it searches in memory and writes through: [`Store::open`] hands it
//! every record once, [`Store::commit`] makes a list of changes durable together. A record is any
//! bytes ([`encode`] makes them).
//!
//! * On disk there is no key, no name and no number in clear: keys are keyed hashes, records are
//!   sealed with AES-256-GCM for their place, and one authenticator covers all of them, so that a
//!   record exchanged, put back from earlier or taken away is found when the gallery is opened.
//! * A power cut at any instant leaves the last commit that returned, or the one on its way.
//! * What it cannot do, and the bytes: `docs/gallery-format.md`.
//!
//! ```
//! use vultus::gallery::store::{Batch, FileStorage, Opening, Secret, Store, StoreError, Table};
//! # let folder = std::env::temp_dir().join(format!("vultus-store-{}", std::process::id()));
//! # std::fs::create_dir_all(&folder)?;
//! let storage = || Box::new(FileStorage::new(folder.join("door.gallery")));
//! let secret = Secret::new([7; 32]);
//! let store = Store::create(storage(), &secret)?;
//! let mut batch = Batch::new();
//! batch.put(Table::Person, b"p1", b"Zhang Wei".to_vec())?;
//! store.commit(&batch)?;
//! drop(store);
//!
//! let mut persons = Vec::new();
//! let opening = Opening::default();
//! Store::open(storage(), &secret, &opening, |table, key, record| {
//!     persons.push((table, key.to_vec(), record.to_vec()));
//!     Ok::<_, StoreError>(())
//! })?;
//! assert_eq!(persons, [(Table::Person, b"p1".to_vec(), b"Zhang Wei".to_vec())]);
//! # std::fs::remove_dir_all(&folder)?;
//! # Ok::<_, Box<dyn std::error::Error>>(())
//! ```
//!
//! From the ground up: `error`; `raw_file` (the bytes), `storage` (where they are) with `memory`;
//! `backend` and `overlay` between `raw_file` and redb, `file` on them; `table`, `codec`, `keys`,
//! `seal`, `head`; `db` (transactions), `ahead`, `scan`, `writer`, `inner`; `map` (the [`Store`]); what
//! it can do besides: `check`, `rotate`, `export`, and `salvage` on `carve`. `protect` stands alone.

mod ahead;
mod backend;
mod carve;
mod check;
mod codec;
mod db;
mod error;
mod export;
mod file;
mod head;
mod inner;
mod keys;
mod map;
mod memory;
mod overlay;
mod protect;
mod raw_file;
mod rotate;
mod salvage;
mod scan;
mod seal;
mod storage;
mod table;
#[cfg(test)]
mod tests;
mod writer;

pub use check::Report;
pub use codec::{decode, encode};
pub use error::{Cause, StoreError};
pub use export::{ExportKey, ImportedRecords};
pub use file::FileStorage;
pub use head::Anchor;
pub use keys::Secret;
pub use map::{Opening, Store};
pub use memory::MemoryStorage;
pub use protect::{DIMENSION_MAX, Protection, TemplateKey};
pub use raw_file::{LockKind, LockRange, RawFile};
pub use salvage::Salvage;
pub use storage::{Access, Storage};
pub use table::{BATCH_MAX, Batch, KEY_MAX, Table};
