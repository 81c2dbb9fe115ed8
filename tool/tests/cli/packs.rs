//! What the tool says of packs.

use crate::common::{standard, vultus, vultus_json};
use std::fs;
use vultus::error::Status;
use vultus_testkit::{TempDir, copy_of_lite, fixture, flip_a_bit, lite_with_manifest, open, root};

#[test]
fn an_onnx_file_beside_a_plan_is_not_run_but_verified_on_request() {
    let pack = copy_of_lite();
    let onnx = pack.path().join("face_mesh.onnx");
    fs::copy(root().join("models/source/lite/face_mesh.onnx"), &onnx).unwrap();
    let manifest = pack.path().join("pack.toml");
    let text = fs::read_to_string(&manifest).unwrap();
    let plan = "plan = { file = \"face_mesh.plan\"";
    assert!(text.contains(plan), "the test changed nothing");
    let both = text.replace(plan, &format!("file = \"face_mesh.onnx\"\n{plan}"));
    fs::write(&manifest, both).unwrap();
    vultus_testkit::sign_pack(pack.path());
    assert!(open(pack.path()).unwrap().pack().check_files().is_ok());
    flip_a_bit(&onnx);
    let error = open(pack.path()).unwrap().pack().check_files();
    let error = error.expect_err("the file differs");
    assert!(error.to_string().contains("face_mesh.onnx"), "{error}");
    let folder = pack.path().to_str().unwrap();
    let output = vultus(&["models", "verify", "--models", folder]);
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("face_mesh.onnx"));
    fs::remove_file(&onnx).unwrap();
    let error = open(pack.path()).expect_err("the pack is refused");
    assert_eq!(error.status(), Status::ModelPackMissing);
}

#[test]
fn a_pack_without_golden_values_is_not_called_verified() {
    let pack = lite_with_manifest(|text| {
        let mut table: toml::Table = toml::from_str(&text).unwrap();
        for network in table["network"].as_array_mut().unwrap() {
            network.as_table_mut().unwrap().remove("golden");
        }
        toml::to_string(&table).unwrap()
    });
    let models = pack.path().to_str().unwrap();
    let (code, objects) = vultus_json(&["models", "verify", "--models", models]);
    assert_eq!(code, 1);
    assert_eq!(objects[0]["passed"], false);
    assert_eq!(objects[0]["without_golden"].as_array().unwrap().len(), 6);
}

#[test]
fn golden_vectors_of_another_engine_fail() {
    let pack = lite_with_manifest(|text| text.replacen("0.09389365", "0.19389365", 1));
    let output = vultus(&[
        "models",
        "verify",
        "--models",
        pack.path().to_str().unwrap(),
    ]);
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stdout).contains("WRONG"));
}

#[test]
fn embeddings_of_different_packs_do_not_compare() {
    let Some(standard) = standard() else { return };
    let portrait = fixture("people/joe_biden/portrait.jpg");
    let portrait = portrait.to_str().unwrap();
    let folder = TempDir::new("embeddings");
    let lite = vultus(&["--json", "embed", portrait]);
    let stored = folder.write("lite.json", &lite.stdout);
    let models = standard.to_str().unwrap();
    let (code, objects) = vultus_json(&[
        "compare",
        stored.to_str().unwrap(),
        portrait,
        "--models",
        models,
    ]);
    assert_eq!(code, 2);
    assert_eq!(objects[0]["error"]["name"], "AcrossVersions");
    let (code, objects) = vultus_json(&["compare", stored.to_str().unwrap(), portrait]);
    assert_eq!(code, 0);
    assert!(objects[0]["cosine"].as_f64().unwrap() > 0.9999);
}

#[test]
fn a_pack_is_signed_with_a_key_of_ones_own_and_taken_by_those_who_trust_it() {
    let folder = TempDir::new("pack-key");
    let key = folder.path().join("vendor.key");
    let key = key.to_str().unwrap();
    let made = vultus(&["models", "keygen", key]);
    assert!(made.status.success());
    let public = String::from_utf8(made.stdout).unwrap();
    let public = public.trim();
    assert_eq!(public.len(), 64, "{public}");
    assert_eq!(vultus(&["models", "keygen", key]).status.code(), Some(2));

    let pack = copy_of_lite();
    let models = pack.path().to_str().unwrap();
    let verify = ["models", "verify", "--models", models];
    let (code, objects) = vultus_json(&verify);
    assert_eq!((code, &objects[0]["development_key"]), (0, &true.into()));

    let signed = vultus(&["models", "sign", "--key", key, models]);
    assert!(signed.status.success(), "{signed:?}");
    let (code, objects) = vultus_json(&verify);
    assert_eq!(code, 2);
    assert_eq!(objects[0]["error"]["name"], "PackSignatureInvalid");
    let (code, objects) = vultus_json(&[&verify[..], &["--pack-key", public]].concat());
    assert_eq!((code, &objects[0]["development_key"]), (0, &false.into()));

    fs::remove_file(pack.path().join("pack.sig")).unwrap();
    let (_, objects) = vultus_json(&verify);
    assert_eq!(objects[0]["error"]["name"], "PackUnsigned");
}

#[test]
fn a_pack_whose_files_differ_is_not_signed() {
    let pack = copy_of_lite();
    let before = fs::read(pack.path().join("pack.sig")).unwrap();
    flip_a_bit(&pack.path().join("calibration.toml"));
    let signed = vultus(&["models", "sign", pack.path().to_str().unwrap()]);
    assert_eq!(signed.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&signed.stderr).contains("calibration.toml"));
    assert_eq!(fs::read(pack.path().join("pack.sig")).unwrap(), before);
}
