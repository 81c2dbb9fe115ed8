//! A pack is taken from those whose key is trusted, as they signed it.

use std::fs;
use std::path::Path;
use vultus::error::{Result, Status};
use vultus::internals::model::PackSigner;
use vultus::licensing::licence::Tier;
use vultus::licensing::testkit;
use vultus::pack::PackKey;
use vultus::{Config, Sdk};
use vultus_testkit::{copy_of_lite, development_signer, flip_a_bit, root};

fn open(folder: &Path, keys: &[PackKey]) -> Result<Sdk> {
    let config = Config::builder(folder).trusted_packs(keys.iter().copied());
    Sdk::open(&config.build(), testkit::grant(Tier::Recognise))
}

#[track_caller]
fn refused(folder: &Path, keys: &[PackKey], status: Status, word: &str) {
    let error = open(folder, keys).expect_err("the pack is refused");
    assert_eq!(error.status(), status, "{error}");
    assert!(error.to_string().contains(word), "{error}");
}

fn signed_with(signer: &PackSigner, folder: &Path) {
    let manifest = fs::read(folder.join("pack.toml")).unwrap();
    fs::write(folder.join("pack.sig"), signer.sign(&manifest)).unwrap();
}

#[test]
fn the_repositorys_packs_are_signed_as_they_are() {
    for pack in ["models/lite", "models/source/lite"] {
        let folder = root().join(pack);
        let right = development_signer().sign(&fs::read(folder.join("pack.toml")).unwrap());
        assert!(
            fs::read_to_string(folder.join("pack.sig")).is_ok_and(|found| found == right),
            "{pack} was changed and not signed anew: cargo run -p vultus-tool -- models sign {pack}"
        );
    }
}

#[test]
fn a_manifest_changed_after_signing_is_refused_before_it_is_parsed() {
    let id = development_signer().public().id().to_string();
    let pack = copy_of_lite();
    let manifest = pack.path().join("pack.toml");
    flip_a_bit(&manifest);
    refused(pack.path(), &[], Status::PackSignatureInvalid, &id);
    fs::write(&manifest, [0xff; 100]).unwrap();
    refused(pack.path(), &[], Status::PackSignatureInvalid, "pack.toml");
}

/// The two files that used to be enough to make every stranger match.
#[test]
fn an_edited_curve_with_its_new_hash_is_refused() {
    let pack = copy_of_lite();
    let (curve, manifest) = (
        pack.path().join("calibration.toml"),
        pack.path().join("pack.toml"),
    );
    let hash = |file: &Path| vultus::internals::model::sha256_hex(&fs::read(file).unwrap());
    let before = hash(&curve);
    flip_a_bit(&curve);
    let text = fs::read_to_string(&manifest).unwrap();
    fs::write(&manifest, text.replace(&before, &hash(&curve))).unwrap();
    refused(
        pack.path(),
        &[],
        Status::PackSignatureInvalid,
        "pack.toml is not what the key",
    );
}

#[test]
fn nobodys_pack_is_unsigned() {
    let pack = copy_of_lite();
    fs::remove_file(pack.path().join("pack.sig")).unwrap();
    refused(pack.path(), &[], Status::PackUnsigned, "vultus models sign");
}

#[test]
fn a_whole_pack_of_a_foreign_key_is_refused_until_the_key_is_trusted() {
    let foreign = PackSigner::of_seed(&[7; 32]).unwrap();
    let other = PackSigner::of_seed(&[8; 32]).unwrap().public();
    let pack = copy_of_lite();
    signed_with(&foreign, pack.path());
    let id = foreign.public().id().to_string();
    refused(pack.path(), &[], Status::PackSignatureInvalid, &id);
    refused(pack.path(), &[other], Status::PackSignatureInvalid, &id);
    assert!(open(pack.path(), &[other, foreign.public()]).is_ok());
    // A trusted key beside is no leave for others to sign in its name.
    let text = fs::read_to_string(pack.path().join("pack.sig")).unwrap();
    let name = text.replace(&id, &other.id().to_string());
    fs::write(pack.path().join("pack.sig"), name).unwrap();
    refused(
        pack.path(),
        &[other],
        Status::PackSignatureInvalid,
        &other.id().to_string(),
    );
}

#[test]
fn one_spelling_of_a_signature_is_read() {
    let pack = copy_of_lite();
    let file = pack.path().join("pack.sig");
    let text = fs::read_to_string(&file).unwrap();
    let cases = [
        String::new(),
        text.trim_end().to_owned(),
        format!("{text}\n"),
        text.to_uppercase(),
        text.replacen("signature 1", "signature 2", 1),
        text[..text.len() - 3].to_owned() + "\n",
        text.replace('\n', "\r\n"),
    ];
    for wrong in cases {
        fs::write(&file, &wrong).unwrap();
        refused(pack.path(), &[], Status::PackSignatureInvalid, "format 1");
    }
    fs::write(&file, [b'0'; 2000]).unwrap();
    refused(pack.path(), &[], Status::ModelPackCorrupt, "pack.sig");
    fs::write(&file, text).unwrap();
    assert!(open(pack.path(), &[]).is_ok());
}
