//! Crates name each other in one direction.

use crate::files::manifest;
use crate::members::MEMBERS;
use std::collections::BTreeSet;

#[test]
fn crates_depend_in_one_direction() {
    for member in MEMBERS {
        let manifest = manifest(member);
        let all = manifest.get("dependencies").and_then(toml::Value::as_table);
        let names = all.into_iter().flat_map(toml::Table::keys);
        let ours: Vec<&str> = names
            .map(String::as_str)
            .filter(|name| name.starts_with("vultus"))
            .collect();
        assert_eq!(ours, member.may_name, "of {}/Cargo.toml", member.folder);
    }
}

#[test]
fn every_crate_has_a_place_here() {
    let workspace = MEMBERS
        .iter()
        .find(|member| member.folder.is_empty())
        .unwrap();
    let workspace = manifest(workspace);
    let members = workspace["workspace"]["members"].as_array().unwrap();
    let members = members.iter().map(|folder| match folder.as_str().unwrap() {
        "." => "",
        folder => folder,
    });
    let here = MEMBERS.iter().map(|member| member.folder);
    assert_eq!(
        members.collect::<BTreeSet<_>>(),
        here.collect::<BTreeSet<_>>()
    );
}
