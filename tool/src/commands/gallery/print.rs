//! How groups, persons and faces are printed.

use crate::terminal::json;
use serde_json::{Value, json};
use vultus::gallery::{FaceInfo, GroupInfo, PersonInfo};

pub(super) fn group_json(group: &GroupInfo) -> Value {
    json!({
        "id": group.id.as_str(),
        "name": group.name,
        "tag": group.tag,
        "fields": group.fields,
        "model_id": group.model_id,
        "upgrade": group.upgrade,
        "rollback": group.rollback,
        "persons": group.persons,
        "faces": group.faces,
        "searchable": group.searchable,
    })
}

pub(super) fn group(group: &GroupInfo) -> String {
    let mut text = format!(
        "{} ({}) {}: {} persons, {} faces",
        group.id, group.name, group.model_id, group.persons, group.faces
    );
    if group.searchable < group.faces {
        text += &format!(
            ", {} of them cannot be found",
            group.faces - group.searchable
        );
    }
    if !group.tag.is_empty() {
        text += &format!("; tag {}", group.tag);
    }
    if !group.fields.is_empty() {
        text += &format!("; fields {}", group.fields.join(", "));
    }
    if let Some(next) = &group.upgrade {
        text += &format!("; under upgrade to {next}");
    }
    if let Some(previous) = &group.rollback {
        text += &format!("; can return to {previous}");
    }
    text
}

pub(super) fn person_json(person: &PersonInfo) -> Value {
    let groups = person.groups.iter().map(|(group, values)| {
        let values = values
            .iter()
            .map(|(name, value)| (name.clone(), json!(value)));
        json!({ "id": group.as_str(), "fields": values.collect::<serde_json::Map<_, _>>() })
    });
    json!({
        "id": person.id.as_str(),
        "name": person.name,
        "gender": person.gender.number(),
        "groups": groups.collect::<Vec<_>>(),
        "faces": person.faces.iter().map(face_json).collect::<Vec<_>>(),
    })
}

pub(super) fn person(person: &PersonInfo) -> String {
    let groups = person.groups.iter().map(|(group, values)| {
        let values: Vec<String> = values
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        match values.is_empty() {
            true => group.to_string(),
            false => format!("{group} [{}]", values.join(", ")),
        }
    });
    format!(
        "{} ({}): {} faces; in {}",
        person.id,
        person.name,
        person.faces.len(),
        groups.collect::<Vec<_>>().join(", ")
    )
}

pub(super) fn face_json(face: &FaceInfo) -> Value {
    json!({
        "id": face.id.get(),
        "quality": json::rounded(face.quality, 1),
        "crop": face.has_crop,
        "models": face.models,
    })
}

pub(super) fn face(face: &FaceInfo) -> String {
    format!(
        "face {}: quality {:.0}, {}{}",
        face.id,
        face.quality,
        face.models.join(", "),
        if face.has_crop { ", crop kept" } else { "" }
    )
}
