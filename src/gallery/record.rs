//! The records of a gallery: what of groups, persons and faces is written, and under which keys.
//! `docs/gallery.md` has the table.

use super::contents::{FaceEntry, Field, GroupEntry, Membership, PersonEntry};
use super::ids::{FaceId, GroupId, PersonId};
use super::model_id::ModelId;
use super::store::{Batch, StoreError, Table, encode};
use crate::stages::embed::Embedding;
use bincode::de::Decoder;
use bincode::de::read::Reader;
use bincode::error::DecodeError;
use bincode::{Decode, Encode};
use std::sync::Arc;

/// The key of the one record of [`Table::Meta`].
pub(super) const COUNTER_KEY: &[u8] = b"next face";

/// A face and the model of one of its features.
pub(super) type FeatureKey = (FaceId, ModelId);

/// The number of the next face.
#[derive(Debug, Decode, Encode, PartialEq)]
pub(super) struct CounterRecord {
    pub(super) next_face: u64,
}

#[derive(Debug, Decode, Encode, PartialEq)]
pub(super) struct GroupRecord {
    pub(super) name: String,
    pub(super) tag: String,
    /// Slot and name.
    pub(super) fields: Vec<(u8, String)>,
    pub(super) serving: String,
    pub(super) next: Option<String>,
    pub(super) previous: Option<String>,
}

#[derive(Debug, Decode, Encode, PartialEq)]
pub(super) struct PersonRecord {
    pub(super) name: String,
    pub(super) gender: u8,
    pub(super) memberships: Vec<MembershipRecord>,
    pub(super) faces: Vec<FaceRecord>,
}

#[derive(Debug, Decode, Encode, PartialEq)]
pub(super) struct MembershipRecord {
    pub(super) group: String,
    /// Slot and value.
    pub(super) values: Vec<(u8, String)>,
}

#[derive(Debug, Decode, Encode, PartialEq)]
pub(super) struct FaceRecord {
    pub(super) id: u64,
    pub(super) quality: f32,
    pub(super) crop: bool,
    /// Models of its features.
    pub(super) models: Vec<String>,
}

/// The values of one feature.
#[derive(Debug, Encode, PartialEq)]
pub(super) struct FeatureRecord {
    pub(super) values: Vec<f32>,
}

/// What the derived one reads, all values at once: a gallery is opened through this.
impl<C> Decode<C> for FeatureRecord {
    fn decode<D: Decoder<Context = C>>(decoder: &mut D) -> Result<Self, DecodeError> {
        let length = u64::decode(decoder)?;
        let length = usize::try_from(length).map_err(|_| DecodeError::LimitExceeded)?;
        // Refused here when it is beyond the limit, before anything is reserved.
        decoder.claim_container_read::<f32>(length)?;
        let mut bytes = vec![0; length * size_of::<f32>()];
        decoder.reader().read(&mut bytes)?;
        let values = bytes.as_chunks().0.iter().copied();
        Ok(Self {
            values: values.map(f32::from_le_bytes).collect(),
        })
    }
}

/// The face's number, little-endian, and the model id.
fn feature_key((face, model): &FeatureKey) -> Vec<u8> {
    [&face.get().to_le_bytes(), model.as_bytes()].concat()
}

/// The reverse of [`feature_key`].
pub(super) fn parse_feature_key(key: &[u8]) -> Option<(FaceId, &str)> {
    let (face, model) = key.split_first_chunk()?;
    let model = std::str::from_utf8(model).ok()?;
    Some((FaceId(u64::from_le_bytes(*face)), model))
}

/// The face's number, little-endian.
pub(super) fn crop_key(face: FaceId) -> [u8; 8] {
    face.get().to_le_bytes()
}

pub(super) fn write_counter(batch: &mut Batch, next_face: u64) -> Result<(), StoreError> {
    batch.put(
        Table::Meta,
        COUNTER_KEY,
        encode(&CounterRecord { next_face })?,
    )
}

pub(super) fn write_group(
    batch: &mut Batch,
    id: &GroupId,
    group: Option<&Arc<GroupEntry>>,
) -> Result<(), StoreError> {
    let key = id.as_str().as_bytes();
    let Some(group) = group else {
        return batch.remove(Table::Group, key);
    };
    let pair = |field: &Field| (field.slot, field.name.clone());
    let record = GroupRecord {
        name: group.name.as_ref().to_owned(),
        tag: group.tag.clone(),
        fields: group.fields.iter().map(pair).collect(),
        serving: group.versions.serving.as_ref().to_owned(),
        next: group.versions.next.as_deref().map(str::to_owned),
        previous: group.versions.previous.as_deref().map(str::to_owned),
    };
    batch.put(Table::Group, key, encode(&record)?)
}

pub(super) fn write_person(
    batch: &mut Batch,
    id: &PersonId,
    person: Option<&Arc<PersonEntry>>,
) -> Result<(), StoreError> {
    let key = id.as_str().as_bytes();
    let Some(person) = person else {
        return batch.remove(Table::Person, key);
    };
    let record = PersonRecord {
        name: person.name.clone(),
        gender: person.gender.number(),
        memberships: person.memberships.iter().map(membership).collect(),
        faces: person.faces.iter().map(face).collect(),
    };
    batch.put(Table::Person, key, encode(&record)?)
}

fn membership(membership: &Membership) -> MembershipRecord {
    MembershipRecord {
        group: membership.group.as_str().to_owned(),
        values: membership.values.clone(),
    }
}

fn face(face: &FaceEntry) -> FaceRecord {
    FaceRecord {
        id: face.id.get(),
        quality: face.quality,
        crop: face.crop,
        models: face
            .rows
            .iter()
            .map(|(model, _)| model.as_ref().to_owned())
            .collect(),
    }
}

pub(super) fn write_feature(
    batch: &mut Batch,
    key: &FeatureKey,
    embedding: Option<&Embedding>,
) -> Result<(), StoreError> {
    let key = feature_key(key);
    let Some(embedding) = embedding else {
        return batch.remove(Table::Face, &key);
    };
    let record = FeatureRecord {
        values: embedding.values().to_vec(),
    };
    batch.put(Table::Face, &key, encode(&record)?)
}

pub(super) fn write_crop(
    batch: &mut Batch,
    face: FaceId,
    crop: Option<Vec<u8>>,
) -> Result<(), StoreError> {
    match crop {
        Some(crop) => batch.put(Table::Crop, &crop_key(face), crop),
        None => batch.remove(Table::Crop, &crop_key(face)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gallery::store::decode;

    /// Galleries that were written stay readable: these bytes never change.
    #[test]
    fn records_have_their_bytes_for_ever() {
        let group = GroupRecord {
            name: "门".to_owned(),
            tag: "t".to_owned(),
            fields: vec![(0, "age".to_owned())],
            serving: "a@1".to_owned(),
            next: None,
            previous: Some("a@0".to_owned()),
        };
        let bytes = b"\x03\xe9\x97\xa8\x01t\x01\x00\x03age\x03a@1\x00\x01\x03a@0";
        assert_eq!(encode(&group).expect("small"), bytes);
        assert_eq!(decode::<GroupRecord>(bytes).expect("a group"), group);

        let person = PersonRecord {
            name: "Li".to_owned(),
            gender: 2,
            memberships: vec![MembershipRecord {
                group: "g".to_owned(),
                values: vec![(0, "30".to_owned())],
            }],
            faces: vec![FaceRecord {
                id: 300,
                quality: 0.5,
                crop: true,
                models: vec!["a@1".to_owned()],
            }],
        };
        let bytes =
            b"\x02Li\x02\x01\x01g\x01\x00\x0230\x01\xfb\x2c\x01\x00\x00\x00\x3f\x01\x01\x03a@1";
        assert_eq!(encode(&person).expect("small"), bytes);
        assert_eq!(decode::<PersonRecord>(bytes).expect("a person"), person);

        let feature = FeatureRecord {
            values: vec![0.5, -1.0],
        };
        let bytes = [2, 0, 0, 0, 63, 0, 0, 128, 191];
        assert_eq!(encode(&feature).expect("small"), bytes);
        assert_eq!(decode::<FeatureRecord>(&bytes).expect("a feature"), feature);
        for length in 0..bytes.len() {
            assert!(
                decode::<FeatureRecord>(&bytes[..length]).is_err(),
                "{length}"
            );
        }
        let huge = [&[253][..], &(1_u64 << 60).to_le_bytes()].concat();
        assert!(decode::<FeatureRecord>(&huge).is_err());
        assert_eq!(encode(&CounterRecord { next_face: 7 }).expect("small"), [7]);
    }

    #[test]
    fn keys_are_read_back() {
        let key = (FaceId(0x0102), ModelId::from("a@1"));
        let bytes = feature_key(&key);
        assert_eq!(bytes, b"\x02\x01\0\0\0\0\0\0a@1");
        assert_eq!(parse_feature_key(&bytes), Some((FaceId(0x0102), "a@1")));
        assert_eq!(parse_feature_key(b"1234567"), None);
        assert_eq!(parse_feature_key(b"12345678\xff"), None);
    }
}
