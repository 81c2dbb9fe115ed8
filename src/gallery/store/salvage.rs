//! Saves what is intact of a damaged gallery into a new one.

use super::carve::{PageNumber, Pages, Roots, entries, value_of};
use super::db::{BODIES, FACTS, HEAD, RECORDS, SLOT, SPARE};
use super::error::StoreError;
use super::head::Head;
use super::keys::{self, Keys, Secret};
use super::map::Store;
use super::seal::{DiskKey, Kind, Stamp, stamp_of, table_of};
use super::storage::{Access, Storage};
use super::table::{Batch, Table};
use redb::TableHandle;
use std::collections::{HashMap, HashSet};

/// Saved records that are written together.
const BATCH: usize = 4096;

/// What was saved.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Salvage {
    /// Records of each table that are in the new gallery.
    pub saved: Vec<(Table, u64)>,
    /// Records of each table that the head counts; `None` when the head is lost.
    pub expected: Option<Vec<(Table, u64)>>,
    /// Records that were found but could not be opened.
    pub damaged: u64,
    /// Whether what was saved is exactly one state of the gallery: nothing is missing, nothing is
    /// from earlier.
    pub is_whole: bool,
}

impl Salvage {
    /// Records that are lost, where the head tells.
    #[must_use]
    pub fn lost(&self) -> Option<u64> {
        let sum = |counts: &[(Table, u64)]| counts.iter().map(|(_, count)| count).sum::<u64>();
        Some(sum(self.expected.as_ref()?).saturating_sub(sum(&self.saved)))
    }
}

impl Store {
    /// Reads what is intact of a damaged gallery, which is not changed, into a new one at `to`
    /// with the same secret. Only [`Salvage::is_whole`] shows whether records were put back from an
    /// earlier time. Where the latest commit cannot be found at all, the one before is
    /// saved.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] when nothing can be saved: the file's header, both copies of the key
    /// slot or the root of the tables are lost. [`StoreError::SecretWrong`], and as
    /// [`create`](Self::create).
    pub fn salvage(
        from: &dyn Storage,
        to: Box<dyn Storage>,
        secret: &Secret,
    ) -> Result<(Self, Salvage), StoreError> {
        const LOST: StoreError = StoreError::corrupt("nothing of the gallery can be saved");
        let pages = Pages::new(from.open(Access::Read)?).ok_or(LOST)?;
        let mut refused = LOST;
        for roots in pages.commits() {
            match Rescue::begin(&pages, &roots, secret) {
                Ok(rescue) => return rescue.run(Self::create(to, secret)?),
                Err(StoreError::Corrupt { .. }) => {}
                Err(other) => refused = other,
            }
        }
        Err(refused)
    }
}

/// One commit of the damaged file.
struct Rescue<'a> {
    pages: &'a Pages,
    records: Option<PageNumber>,
    keys: Keys,
    head: Option<Head>,
    /// The pages where bodies lie.
    bodies: HashMap<DiskKey, PageNumber>,
}

impl<'a> Rescue<'a> {
    fn begin(pages: &'a Pages, roots: &Roots, secret: &Secret) -> Result<Self, StoreError> {
        let fact = |table: &str, fact: u8| {
            let mut found = None;
            pages.leaves(*roots.get(table)?, |_, page| {
                let mut entries = entries(page, Some(1));
                found = entries
                    .find(|(key, _)| *key == [fact])
                    .map(|(_, value)| value.to_vec());
            });
            found
        };
        let slots = [fact(FACTS.name(), SLOT), fact(SPARE.name(), SLOT)];
        let keys = keys::open_any(secret, slots.into_iter().flatten())?;
        let head = fact(FACTS.name(), HEAD).and_then(|sealed| Head::open(&keys, sealed));
        let mut bodies = HashMap::new();
        if let Some(root) = roots.get(BODIES.name()) {
            pages.leaves(*root, |at, page| {
                let names = entries(page, Some(17)).filter_map(|(name, _)| name.try_into().ok());
                bodies.extend(names.map(|name: DiskKey| (name, at)));
            });
        }
        Ok(Self {
            pages,
            records: roots.get(RECORDS.name()).copied(),
            keys,
            head,
            bodies,
        })
    }

    fn run(self, store: Store) -> Result<(Store, Salvage), StoreError> {
        let mut found = self.head.as_ref().map_or(Head::new(), Head::recount);
        let mut saved = HashSet::new();
        let mut damaged = 0;
        let mut batch = Batch::new();
        let mut failed = None;
        if let Some(root) = self.records {
            self.pages.leaves(root, |_, page| {
                for (name, sealed) in entries(page, Some(17)) {
                    let Some(rescued) = self.record(name, sealed) else {
                        damaged += 1;
                        continue;
                    };
                    if failed.is_some() || !saved.insert(rescued.name) {
                        continue;
                    }
                    found.add(&self.keys, &rescued.name, &rescued.stamp);
                    failed = rescued.put(&mut batch, &store).err();
                }
            });
        }
        if let Some(cause) = failed {
            return Err(cause);
        }
        store.commit(&batch)?;
        let counts = |head: &Head| {
            let counted = Table::ALL.iter().map(|&table| (table, head.count(table)));
            counted.collect()
        };
        let report = Salvage {
            saved: counts(&store.lock()?.head),
            expected: self.head.as_ref().map(counts),
            damaged,
            is_whole: self.head.is_some_and(|head| head == found),
        };
        Ok((store, report))
    }

    fn record(&self, name: &[u8], sealed: &[u8]) -> Option<Rescued> {
        let name: DiskKey = name.try_into().ok()?;
        let table = table_of(&name)?;
        let stamp = stamp_of(sealed)?;
        let mut sealed = sealed.to_vec();
        let opened = self.keys.unseal(Kind::Record, &name, &mut sealed)?;
        let record = if table.is_large() {
            self.body(&name, opened.record)?
        } else {
            opened.record.to_vec()
        };
        Some(Rescued {
            table,
            key: opened.key.to_vec(),
            record,
            name,
            stamp,
        })
    }

    fn body(&self, name: &DiskKey, stamp: &[u8]) -> Option<Vec<u8>> {
        let page = self.pages.page(*self.bodies.get(name)?)?;
        let mut sealed = value_of(&page, name)?.to_vec();
        if stamp_of(&sealed)? != stamp {
            return None;
        }
        let opened = self.keys.unseal(Kind::Body, name, &mut sealed)?;
        Some(opened.record.to_vec())
    }
}

struct Rescued {
    table: Table,
    key: Vec<u8>,
    record: Vec<u8>,
    name: DiskKey,
    stamp: Stamp,
}

impl Rescued {
    fn put(self, batch: &mut Batch, store: &Store) -> Result<(), StoreError> {
        batch.put(self.table, &self.key, self.record)?;
        if batch.len() >= BATCH || self.table.is_large() {
            store.commit(&std::mem::take(batch))?;
        }
        Ok(())
    }
}
