//! Galleries: lists, and changes of what they show.

use crate::common::door::*;
use crate::common::galleries::*;
use crate::common::*;
use std::ptr::null_mut;
use vultus::error::Status;
use vultus_ffi::gallery::details::*;
use vultus_ffi::gallery::groups::*;
use vultus_ffi::gallery::library::*;
use vultus_ffi::gallery::lists::*;
use vultus_ffi::gallery::matcher::*;
use vultus_ffi::gallery::persons::*;
use vultus_ffi::strings::vultus_str;

#[test]
fn lists_show_one_moment_page_by_page() {
    let (door, folder) = (Door::open(), TempDir::new("gallery"));
    let shelf = Shelf::new(&door, &folder);
    shelf.enrol(&door, BIDEN, "biden", 0);
    let before = snapshot(&shelf);
    let gallery = shelf.gallery;
    // SAFETY: handles, lent texts and memory of this function.
    unsafe {
        let create = |id| vultus_gallery_create_group(gallery, shelf.matcher, text(id), text(id));
        ok(create("visitors"));
        refused(create("visitors"), Status::GroupIdAlreadyExist, "visitors");
        let now = snapshot(&shelf);
        let (mut groups, mut count): ([vultus_group; 5], usize) = ([zeroed(); 5], 0);
        let mut list = |of, offset, capacity| {
            let code =
                vultus_snapshot_groups(of, offset, groups.as_mut_ptr(), capacity, &raw mut count);
            ok(code);
            groups[..count]
                .iter()
                .map(|g| field(&g.id))
                .collect::<Vec<_>>()
        };
        assert_eq!(list(before, 0, 5), ["staff"]);
        assert_eq!(list(now, 0, 5), ["staff", "visitors"]);
        assert_eq!(list(now, 1, 1), ["visitors"]);
        assert_eq!(list(now, 2, 1), [""; 0]);
        let code = vultus_snapshot_groups(now, 3, groups.as_mut_ptr(), 1, &raw mut count);
        refused(code, Status::OffsetExceed, "3 of 2");
        let code = vultus_snapshot_groups(now, 0, null_mut(), 0, &raw mut count);
        refused(code, Status::ErrorParameterEmpty, "");

        let mut group: vultus_group = zeroed();
        ok(vultus_snapshot_group(now, text("staff"), &raw mut group));
        assert_eq!((group.persons, group.faces, group.searchable), (2, 2, 2));
        assert_eq!(field(&group.name), "Staff");
        let model = copied(|text, capacity, needed| {
            vultus_matcher_model_id(shelf.matcher, text, capacity, needed)
        });
        assert_eq!(field(&group.model_id), model);
        assert_eq!(field(&group.upgrade), "");

        let (mut persons, mut count): ([vultus_person; 5], usize) = ([zeroed(); 5], 0);
        ok(vultus_snapshot_persons(
            now,
            text("staff"),
            0,
            persons.as_mut_ptr(),
            5,
            &raw mut count,
        ));
        let ids: Vec<String> = persons[..count].iter().map(|p| field(&p.id)).collect();
        assert_eq!(ids, ["biden", "obama"]);
        assert_eq!((persons[0].groups, persons[0].faces), (1, 1));

        let mut counts: vultus_gallery_counts = zeroed();
        ok(vultus_gallery_count(gallery, &raw mut counts));
        assert_eq!((counts.groups, counts.persons, counts.faces), (2, 2, 2));
        vultus_snapshot_free(before);
        vultus_snapshot_free(now);
    }
}

/// Entries of a list, as name and value.
fn entries(list: impl Fn(*mut vultus_entry, usize, *mut usize) -> i32) -> Vec<(String, String)> {
    let (mut entries, mut count): ([vultus_entry; 8], usize) = ([zeroed(); 8], 0);
    ok(list(entries.as_mut_ptr(), 8, &raw mut count));
    let pairs = entries[..count].iter();
    pairs.map(|e| (field(&e.name), field(&e.value))).collect()
}

#[test]
fn groups_and_persons_are_changed_and_deleted() {
    let (door, folder) = (Door::open(), TempDir::new("gallery"));
    let shelf = Shelf::new(&door, &folder);
    shelf.enrol(&door, BIDEN, "biden", 0);
    let (gallery, staff, obama) = (shelf.gallery, text("staff"), text("obama"));
    let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    // SAFETY: handles, lent texts and memory of this function.
    unsafe {
        ok(vultus_gallery_rename_group(gallery, staff, text("Crew")));
        ok(vultus_gallery_set_group_tag(gallery, staff, text("day")));
        ok(vultus_gallery_add_field(gallery, staff, text("floor")));
        ok(vultus_gallery_add_field(gallery, staff, text("old")));
        ok(vultus_gallery_rename_field(
            gallery,
            staff,
            text("floor"),
            text("room"),
        ));
        ok(vultus_gallery_remove_field(gallery, staff, text("old")));
        ok(vultus_gallery_rename_person(gallery, obama, text("Barack")));
        ok(vultus_gallery_set_gender(gallery, obama, 1));
        refused(
            vultus_gallery_set_gender(gallery, obama, 300),
            Status::PersonGenderIllegal,
            "0 to 2",
        );
        ok(vultus_gallery_set_field(
            gallery,
            obama,
            staff,
            text("room"),
            text("No. 3"),
        ));
        let code = vultus_gallery_set_field(gallery, obama, staff, text("floor"), text("3"));
        refused(code, Status::PersonExDescriptionsNameIllegal, "");

        ok(vultus_gallery_create_group(
            gallery,
            shelf.matcher,
            text("night"),
            text("Night"),
        ));
        let groups: [vultus_str; 1] = [text("night")];
        ok(vultus_gallery_copy_person(
            gallery,
            obama,
            groups.as_ptr(),
            1,
        ));
        let code = vultus_gallery_copy_person(gallery, obama, groups.as_ptr(), 1);
        refused(code, Status::PersonExistInGroup, "night");
        let code = vultus_gallery_copy_person(gallery, obama, groups.as_ptr(), 1001);
        refused(
            code,
            Status::InvalidParameter,
            "groups has a length of 1001",
        );

        let now = snapshot(&shelf);
        let mut person: vultus_person = zeroed();
        ok(vultus_snapshot_person(now, obama, &raw mut person));
        assert_eq!(field(&person.name), "Barack");
        assert_eq!((person.gender, person.groups), (1, 2));
        let listed = entries(|list, capacity, count| {
            vultus_snapshot_person_groups(now, obama, list, capacity, count)
        });
        assert_eq!(listed, [pair("night", ""), pair("staff", "")]);
        let listed = entries(|list, capacity, count| {
            vultus_snapshot_person_fields(now, obama, staff, list, capacity, count)
        });
        assert_eq!(listed, [pair("room", "No. 3")]);
        let listed = entries(|list, capacity, count| {
            vultus_snapshot_group_fields(now, staff, list, capacity, count)
        });
        assert_eq!(listed, [pair("room", "")]);
        let (mut faces, mut count): ([vultus_enrolled_face; 5], usize) = ([zeroed(); 5], 0);
        ok(vultus_snapshot_faces(
            now,
            obama,
            faces.as_mut_ptr(),
            5,
            &raw mut count,
        ));
        assert_eq!(
            (count, faces[0].face, faces[0].has_crop, faces[0].models),
            (1, 1, 1, 1)
        );
        vultus_snapshot_free(now);

        let mut gone = 9;
        ok(vultus_gallery_remove_from_group(
            gallery,
            obama,
            staff,
            &raw mut gone,
        ));
        assert_eq!(gone, 0);
        ok(vultus_gallery_delete_group(
            gallery,
            text("night"),
            &raw mut gone,
        ));
        assert_eq!(gone, 1);
        ok(vultus_gallery_delete_person(gallery, text("biden")));
        let code = vultus_gallery_delete_person(gallery, text("biden"));
        refused(code, Status::PersonIdNotExist, "");
    }
}
