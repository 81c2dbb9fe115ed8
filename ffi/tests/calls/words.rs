//! Numbers and words agree with the status table, and versions with the crate.

use crate::common::{copied, field, ok, refused, zeroed};
use std::ptr::null_mut;
use vultus::error::{Family, Status};
use vultus::liveness::{Check, Reason};
use vultus_ffi::abi::*;
use vultus_ffi::c_string::vultus_str_of;
use vultus_ffi::error::*;
use vultus_ffi::liveness::verdict::{vultus_check_name, vultus_reason_name};
use vultus_ffi::status::*;

#[test]
fn every_row_of_the_table_has_its_name_texts_and_family() {
    for status in Status::ALL {
        let code = i32::from(status.code());
        // SAFETY: memory of this function.
        unsafe {
            let name = copied(|t, capacity, needed| vultus_status_name(code, t, capacity, needed));
            assert_eq!(name, status.name());
            let error: vultus_error = zeroed();
            assert!(
                name.len() < error.name.len(),
                "{name} does not fit vultus_error"
            );
            let words = |language| {
                copied(|t, capacity, needed| {
                    vultus_status_text(code, language, t, capacity, needed)
                })
            };
            assert_eq!(words(VULTUS_LANGUAGE_ENGLISH), status.text_en());
            assert_eq!(words(VULTUS_LANGUAGE_CHINESE), status.text_zh());
            let mut family = 0;
            ok(vultus_status_family(code, &raw mut family));
            let expected = match status.family() {
                Family::Caller => 1,
                Family::Licence => 2,
                Family::Model => 3,
                Family::Image => 4,
                Family::Gallery => 5,
                Family::Internal => 6,
            };
            assert_eq!(family, expected);
        }
    }
}

#[test]
fn numbers_that_mean_nothing_are_refused() {
    let mut needed = 0;
    // SAFETY: memory of this function.
    unsafe {
        let name = copied(|t, capacity, needed| vultus_status_name(0, t, capacity, needed));
        assert_eq!(name, "Ok");
        for code in [-1, 98, 99, 65_537, i32::MAX] {
            let refusal = vultus_status_name(code, null_mut(), 0, &raw mut needed);
            refused(
                refusal,
                Status::InvalidParameter,
                "no number of the status table",
            );
        }
        let refusal = vultus_status_text(1, 3, null_mut(), 0, &raw mut needed);
        refused(refusal, Status::InvalidParameter, "language is 3");
        assert_eq!(vultus_status_text(0, 1, null_mut(), 0, &raw mut needed), 1);
    }
}

#[test]
fn an_error_keeps_its_causes() {
    let folder = crate::common::TempDir::new("words");
    // A folder cannot be made below a file.
    let file = folder.write("file", b"x");
    let device = crate::common::made(|out| {
        // SAFETY: a lent text and memory of this function.
        unsafe {
            vultus_ffi::licence::device::vultus_device_new(
                crate::common::path(&file.join("x")),
                out,
            )
        }
    });
    let mut error: vultus_error = zeroed();
    // SAFETY: handles and memory of this function.
    unsafe {
        let mut grant = null_mut();
        let code = vultus_ffi::licence::device::vultus_device_activate(device, &raw mut grant);
        refused(code, Status::StateNotReadable, "cannot be read");
        ok(vultus_last_error(&raw mut error));
        assert_eq!(error.code, code);
        assert_eq!(field(&error.name), "StateNotReadable");
        assert!(error.causes >= 1);
        let cause = copied(|t, capacity, needed| vultus_last_error_text(1, t, capacity, needed));
        assert!(cause.to_lowercase().contains("directory"), "{cause}");
        let mut needed = 0;
        let beyond = error.causes + 1;
        assert_eq!(
            vultus_last_error_text(beyond, null_mut(), 0, &raw mut needed),
            1
        );
        vultus_ffi::licence::device::vultus_device_free(device);
    }
}

#[test]
fn reasons_and_checks_have_their_names() {
    // SAFETY: memory of this function.
    unsafe {
        for reason in Reason::ALL {
            let bit = *reason as u32;
            let name = copied(|t, capacity, needed| vultus_reason_name(bit, t, capacity, needed));
            assert_eq!(name, reason.name());
        }
        for check in Check::ALL {
            let bit = *check as u32;
            let name = copied(|t, capacity, needed| vultus_check_name(bit, t, capacity, needed));
            assert_eq!(name, check.name());
        }
        let mut needed = 0;
        for wrong in [0, 3, u32::MAX] {
            let code = vultus_reason_name(wrong, null_mut(), 0, &raw mut needed);
            refused(code, Status::InvalidParameter, "reason is");
        }
    }
}

#[test]
fn the_library_says_which_it_is() {
    assert_eq!(vultus_abi_version(), VULTUS_ABI_VERSION);
    assert_eq!(vultus_abi_check(VULTUS_ABI_VERSION), 0);
    refused(vultus_abi_check(99), Status::AbiMismatch, "interface 99");
    // SAFETY: memory and a C string of this function.
    unsafe {
        let version = copied(|t, capacity, needed| vultus_version(t, capacity, needed));
        assert_eq!(version, env!("CARGO_PKG_VERSION"));
        let made = vultus_str_of(c"staff".as_ptr());
        assert_eq!(made.length, 5);
    }
}

#[test]
fn debug_output_shows_no_personal_data() {
    use vultus_ffi::gallery::{details::*, lists::*, persons::*, search::*, upgrade::*};
    let text = |letter: u8| [letter as std::ffi::c_char; 68];
    let mut entry: vultus_entry = zeroed();
    entry.name[0] = 77;
    let shown = [
        format!("{entry:?}"),
        format!(
            "{:?}",
            vultus_person {
                id: text(77),
                ..zeroed()
            }
        ),
        format!(
            "{:?}",
            vultus_enrolment {
                similar: text(77),
                ..zeroed()
            }
        ),
        format!(
            "{:?}",
            vultus_candidate {
                person: text(77),
                ..zeroed()
            }
        ),
        format!(
            "{:?}",
            vultus_unready {
                person: text(77),
                ..zeroed()
            }
        ),
    ];
    for shown in shown {
        assert!(shown.ends_with(".. }") && !shown.contains("77"), "{shown}");
    }
}
