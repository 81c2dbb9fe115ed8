//! Taking in what another gallery exported.

use super::contents::{Contents, GroupEntry, PersonEntry};
use super::edit::Edit;
use super::error::{LibraryError, at_most};
use super::ids::{FaceId, GroupId, PersonId};
use super::kinds::Counted;
use super::library::Gallery;
use super::load::Loader;
use super::matcher::Matcher;
use super::store::{ExportKey, StoreError, Table};
use crate::error::{Error, Result};
use std::collections::HashMap;
use std::io::Read;
use std::sync::Arc;

/// What an import added.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Imported {
    /// Groups.
    pub groups: usize,
    /// Persons.
    pub persons: usize,
    /// Faces, under new numbers.
    pub faces: usize,
}

impl Gallery {
    /// Adds everything that an export holds, under new face numbers, all of it or nothing. `open`
    /// is asked for the export twice, each time from its beginning: crops are read after the rest.
    ///
    /// The store's own [`export`](super::store::Store::export) writes one and asks for no licence;
    /// taking faces in does.
    ///
    /// # Errors
    /// An expired licence; [`LibraryError`]: a group or person of the same id, or a group of the
    /// same name, is there already, or there is no room;
    /// [`StoreError`]: the key is wrong, the export is damaged, or the disk fails.
    pub fn import(
        &self,
        matcher: &Matcher,
        key: &ExportKey,
        mut open: impl FnMut() -> std::io::Result<Box<dyn Read>>,
    ) -> Result<Imported> {
        matcher.check()?;
        let mut loader = Loader::default();
        self.read_export(
            key,
            &mut *open().map_err(StoreError::Io)?,
            |table, key, record| loader.visit(table, key, record),
        )?;
        let from = loader.finish()?;
        let mut numbers = HashMap::new();
        self.edit(|edit| {
            let imported = edit.merge(&from, matcher.gallery_max(), &mut numbers)?;
            let mut stream = open().map_err(StoreError::Io)?;
            self.read_export(key, &mut *stream, |table, key, record| {
                if let (Table::Crop, Some(face)) = (table, parse_crop_key(key))
                    && let Some(&new) = numbers.get(&face)
                {
                    edit.keep_crop(new, record.to_vec());
                }
                Ok(())
            })?;
            Ok(imported)
        })
    }

    /// Shows every record of an export to `visit`.
    fn read_export(
        &self,
        key: &ExportKey,
        input: &mut dyn Read,
        mut visit: impl FnMut(Table, &[u8], &[u8]) -> Result<()>,
    ) -> Result<()> {
        let mut refused: Option<Error> = None;
        self.store().import(key, input, |table, key, record| {
            if refused.is_none() {
                refused = visit(table, key, record).err();
            }
            // Nothing is taken as it is: faces get new numbers.
            Ok(false)
        })?;
        refused.map_or(Ok(()), Err)
    }
}

impl Edit {
    /// Adds the groups and persons of another gallery. `numbers` gets the new number of each face.
    fn merge(
        &mut self,
        from: &Contents,
        gallery_max: Option<usize>,
        numbers: &mut HashMap<FaceId, FaceId>,
    ) -> Result<Imported> {
        let groups = self.contents.groups.size() + from.groups.size();
        at_most(Counted::Groups, groups, self.limits.groups())?;
        self.check_room(from.faces, gallery_max, std::iter::empty())?;
        for (id, group) in from.groups.iter() {
            self.merge_group(id, group)?;
        }
        for (id, person) in from.persons.iter() {
            self.merge_person(id, person, from, numbers)?;
        }
        Ok(Imported {
            groups: from.groups.size(),
            persons: from.persons.size(),
            faces: from.faces,
        })
    }

    fn merge_group(&mut self, id: &GroupId, group: &GroupEntry) -> Result<(), LibraryError> {
        if self.contents.groups.contains_key(id) {
            return Err(LibraryError::GroupExists(id.clone()));
        }
        if self.contents.group_names.contains_key(&group.name) {
            return Err(LibraryError::GroupNameExists);
        }
        at_most(
            Counted::FacesInGroup,
            group.faces,
            self.limits.faces_per_group(),
        )?;
        let empty = GroupEntry::new(
            Arc::clone(&group.name),
            group.tag.clone(),
            group.fields.clone(),
            group.versions.clone(),
        );
        self.contents
            .group_names
            .insert_mut(Arc::clone(&group.name), id.clone());
        self.contents.groups.insert_mut(id.clone(), Arc::new(empty));
        self.touch_group(id);
        Ok(())
    }

    fn merge_person(
        &mut self,
        id: &PersonId,
        person: &PersonEntry,
        from: &Contents,
        numbers: &mut HashMap<FaceId, FaceId>,
    ) -> Result<()> {
        if self.contents.persons.contains_key(id) {
            return Err(LibraryError::PersonExists.into());
        }
        let mut copy = PersonEntry {
            fused: Vec::new(),
            ..person.clone()
        };
        for face in &mut copy.faces {
            let new = self.next_face();
            numbers.insert(std::mem::replace(&mut face.id, new), new);
            for (model, row) in std::mem::take(&mut face.rows) {
                let features = from.features.get(&model);
                if let Some(embedding) = features.and_then(|features| features.embedding(row)) {
                    face.rows.push(self.add_feature(id, new, embedding)?);
                }
            }
        }
        self.attach(id, copy);
        Ok(())
    }
}

/// The face of a crop's key.
fn parse_crop_key(key: &[u8]) -> Option<FaceId> {
    Some(FaceId(u64::from_le_bytes(key.try_into().ok()?)))
}
