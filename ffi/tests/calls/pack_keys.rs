//! Whose packs an SDK takes.

use crate::common::licences::grant_of;
use crate::common::{made, ok, path, refused, text};
use std::fs;
use std::ptr::null_mut;
use vultus::error::Status;
use vultus::internals::model::PackSigner;
use vultus_ffi::options::*;
use vultus_ffi::sdk::*;
use vultus_testkit::copy_of_lite;

#[test]
fn a_foreign_pack_is_refused_until_its_key_is_trusted() {
    let grant = grant_of(|licence| licence);
    let foreign = PackSigner::of_seed(&[7; 32]).unwrap();
    let pack = copy_of_lite();
    let signature = pack.path().join("pack.sig");
    fs::remove_file(&signature).unwrap();
    let digits: String = foreign
        .public()
        .bytes()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    // SAFETY: handles, lent texts and memory of this function.
    unsafe {
        let options = made(|out| vultus_sdk_options_new(out));
        let mut sdk = null_mut();
        ok(vultus_sdk_options_set_pack(options, path(pack.path())));
        let code = vultus_sdk_open(options, grant, &raw mut sdk);
        refused(code, Status::PackUnsigned, "pack.sig");

        let manifest = fs::read(pack.path().join("pack.toml")).unwrap();
        fs::write(&signature, foreign.sign(&manifest)).unwrap();
        let code = vultus_sdk_open(options, grant, &raw mut sdk);
        let id = foreign.public().id().to_string();
        refused(code, Status::PackSignatureInvalid, &id);

        let code = vultus_sdk_options_trust_pack_key(options, text(&digits[1..]));
        refused(code, Status::InvalidParameter, "64 digits");
        ok(vultus_sdk_options_trust_pack_key(options, text(&digits)));
        ok(vultus_sdk_open(options, grant, &raw mut sdk));
        vultus_sdk_free(sdk);

        fs::write(
            pack.path().join("pack.toml"),
            [&manifest[..], b"\n"].concat(),
        )
        .unwrap();
        sdk = null_mut();
        let code = vultus_sdk_open(options, grant, &raw mut sdk);
        refused(code, Status::PackSignatureInvalid, "pack.toml");
        assert!(sdk.is_null());
        vultus_sdk_options_free(options);
        vultus_ffi::licence::grant::vultus_grant_free(grant);
    }
}
