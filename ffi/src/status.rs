//! The status table: name, text and family of each number.

use crate::fence::fence;
use crate::misuse::Misuse;
use crate::output::OutValue;
use crate::strings::OutText;
use std::ffi::c_char;
use vultus::error::{Family, Result, Status};

/// English, for `vultus_status_text`.
pub const VULTUS_LANGUAGE_ENGLISH: u32 = 1;
/// Chinese, for `vultus_status_text`.
pub const VULTUS_LANGUAGE_CHINESE: u32 = 2;

/// The name of a number of the status table, such as `LicenceExpired`; `Ok` for VULTUS_OK.
///
/// Errors: VULTUS_ERROR_INVALID_PARAMETER for a number that no version up to this one has used;
/// VULTUS_ERROR_BUFFER_TOO_SMALL.
///
/// ```c
/// char name[64];
/// size_t needed;
/// code = vultus_status_name(VULTUS_ERROR_LICENCE_EXPIRED, name, sizeof name, &needed);
/// ```
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vultus_status_name(
    code: i32,
    text: *mut c_char,
    capacity: usize,
    needed: *mut usize,
) -> i32 {
    fence(|| {
        // SAFETY: as the header's first page asks of every output.
        let out = unsafe { OutText::at(text, capacity, needed)? };
        out.put(match code {
            0 => "Ok",
            code => status_of(code)?.name(),
        })
    })
}

/// One line about a number of the status table: what is wrong and what to do, for the people in front of
/// the device.
///
/// `language` is VULTUS_LANGUAGE_ENGLISH or VULTUS_LANGUAGE_CHINESE.
///
/// Errors: VULTUS_ERROR_INVALID_PARAMETER for a number or a language that does not exist, and for
/// VULTUS_OK, which has no text; VULTUS_ERROR_BUFFER_TOO_SMALL.
///
/// ```c
/// char text[512];
/// size_t needed;
/// if (vultus_status_text(code, VULTUS_LANGUAGE_CHINESE, text, sizeof text, &needed) == VULTUS_OK)
///     show(text);
/// ```
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vultus_status_text(
    code: i32,
    language: u32,
    text: *mut c_char,
    capacity: usize,
    needed: *mut usize,
) -> i32 {
    fence(|| {
        // SAFETY: as the header's first page asks of every output.
        let out = unsafe { OutText::at(text, capacity, needed)? };
        let status = status_of(code)?;
        out.put(match language {
            VULTUS_LANGUAGE_ENGLISH => status.text_en(),
            VULTUS_LANGUAGE_CHINESE => status.text_zh(),
            other => return Err(Misuse::choice("language", other, "1 and 2").into()),
        })
    })
}

/// The family of a number of the status table: who can do something about it.
///
/// 1 caller (1 to 99), 2 licence (100 to 199), 3 model (200 to 299), 4 picture (300 to 399), 5
/// gallery (400 to 499), 6 defect of the SDK (900 to 999).
///
/// Errors: VULTUS_ERROR_INVALID_PARAMETER for a number that is in no family.
///
/// ```c
/// uint32_t family;
/// if (vultus_status_family(code, &family) == VULTUS_OK && family == 2)
///     show("licence");
/// ```
#[unsafe(no_mangle)]
pub unsafe extern "C" fn vultus_status_family(code: i32, family: *mut u32) -> i32 {
    fence(|| {
        // SAFETY: as the header's first page asks of every output.
        let out = unsafe { OutValue::at(family, "family")? };
        out.set(match status_of(code)?.family() {
            Family::Caller => 1,
            Family::Licence => 2,
            Family::Model => 3,
            Family::Image => 4,
            Family::Gallery => 5,
            Family::Internal => 6,
        });
        Ok(())
    })
}

/// The row of the status table that has a number.
fn status_of(code: i32) -> Result<Status> {
    let known = Status::ALL.iter().find(|row| i32::from(row.code()) == code);
    Ok(*known.ok_or(Misuse::Code { code })?)
}
