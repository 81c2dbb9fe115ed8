//! Custom fields of persons.

use super::world::*;

#[test]
fn a_field_that_is_set_again_has_the_new_value_and_the_others_keep_theirs() {
    let world = World::new();
    world.group("g").unwrap();
    world.person("g", "a").unwrap();
    let (g, a) = (group("g"), person("a"));
    world
        .edit(|edit| {
            ["x", "y"]
                .iter()
                .try_for_each(|name| edit.add_field(&g, name))
        })
        .unwrap();
    let set = |fields: &[(&str, &str)]| {
        let fields: Vec<(String, String)> = fields
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect();
        world.edit(|edit| edit.set_fields(&a, &g, &fields)).unwrap();
        let person = world.snapshot().person(&a).unwrap();
        person.groups[0].1.clone()
    };
    let owned = |fields: &[(&str, &str)]| -> Vec<(String, String)> {
        let pairs = fields.iter();
        pairs.map(|(n, v)| ((*n).into(), (*v).into())).collect()
    };
    assert_eq!(
        set(&[("x", "1"), ("y", "2")]),
        owned(&[("x", "1"), ("y", "2")])
    );
    assert_eq!(set(&[("x", "3")]), owned(&[("x", "3"), ("y", "2")]));
    assert_eq!(set(&[("x", "")]), owned(&[("y", "2")]));
}
