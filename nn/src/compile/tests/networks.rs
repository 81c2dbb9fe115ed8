//! Whole networks: what the plan computes is what tract computes.
#![allow(
    clippy::print_stderr,
    reason = "a test says which network it skips, and what it saw"
)]

use super::*;
use crate::TensorSpec;
use crate::cpu::CpuPath;
use crate::plan::{Activation, Operation};
use std::path::{Path, PathBuf};

struct Case {
    file: PathBuf,
    signature: Signature,
    /// Mean and deviation that turn a pixel into an input value.
    input: (f32, f32),
}

/// The repository, whose packs are the networks.
fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The networks of a manifest, with their files in `folder`; none where the folder is missing.
fn pack(manifest: &str, folder: &Path) -> Vec<Case> {
    let text = std::fs::read_to_string(root().join(manifest)).expect("a manifest");
    let table: toml::Table = text.parse().expect("TOML");
    let spec = |tensor: &toml::Value| TensorSpec {
        name: tensor["name"].as_str().expect("a name").into(),
        shape: tensor["shape"]
            .as_array()
            .expect("a shape")
            .iter()
            .map(|side| side.as_integer().expect("a side") as usize)
            .collect(),
    };
    let first = |value: &toml::Value| value[0].as_float().expect("a number") as f32;
    let networks = table["network"].as_array().expect("networks").iter();
    networks
        .map(|network| Case {
            file: folder.join(network["file"].as_str().expect("a file")),
            input: (
                first(&network["input"]["mean"]),
                first(&network["input"]["std"]),
            ),
            signature: Signature {
                input: spec(&network["input"]),
                outputs: network["output"]
                    .as_array()
                    .expect("outputs")
                    .iter()
                    .map(spec)
                    .collect(),
            },
        })
        .filter(|case: &Case| {
            let there = case.file.exists();
            if !there {
                eprintln!("skipped: {} is not there", case.file.display());
            }
            there
        })
        .collect()
}

fn case(file: &str, input: (&str, &[usize]), outputs: &[(&str, &[usize])]) -> Option<Case> {
    let file = root().join("../shared/models").join(file);
    if !file.exists() {
        eprintln!("skipped: {} is not there", file.display());
        return None;
    }
    let spec = |(name, shape): (&str, &[usize])| TensorSpec {
        name: name.into(),
        shape: shape.to_vec(),
    };
    let signature = Signature {
        input: spec(input),
        outputs: outputs.iter().copied().map(spec).collect(),
    };
    Some(Case {
        file,
        signature,
        input: (127.5, 127.5),
    })
}

fn check(case: &Case) -> Plan {
    let name = case.file.display().to_string();
    let bytes = std::fs::read(&case.file).expect("a network");
    let plan =
        super::super::compile(&bytes, &case.signature).unwrap_or_else(|e| panic!("{name}: {e}"));
    let network = crate::load_onnx(&name, &bytes, &case.signature).expect("tract reads it");
    let count = case.signature.input.values().expect("a shape");
    let (mean, deviation) = case.input;
    let input: Vec<f32> = noise(count as u64, count)
        .iter()
        .map(|v| ((v + 1.0) * 127.5 - mean) / deviation)
        .collect();
    let expected = reference(&*network, &input, case.signature.outputs.len());
    close(&name, case, &oracle::run(&plan, &input), &expected);
    for path in CpuPath::available() {
        let network = plan.network(&name, &case.signature, path);
        let network = network.unwrap_or_else(|error| panic!("{error}"));
        let found = reference(&*network, &input, case.signature.outputs.len());
        close(&format!("{name}, {}", path.name()), case, &found, &expected);
    }
    let bytes = plan.to_bytes();
    assert_eq!(
        Plan::from_bytes(&bytes, &case.signature).as_ref(),
        Ok(&plan),
        "{name}"
    );
    eprintln!(
        "{name}: {} operations, {} MMAC, {} bytes",
        plan.operations.len(),
        plan.multiply_adds() / 1_000_000,
        bytes.len()
    );
    plan
}

fn close(name: &str, case: &Case, found: &[Vec<f32>], expected: &[Vec<f32>]) {
    let outputs = case.signature.outputs.iter();
    for (spec, (found, expected)) in outputs.zip(found.iter().zip(expected)) {
        let (difference, cosine) = distance(found, expected);
        assert!(
            difference <= 1e-4 && cosine >= 0.99999,
            "{name}, {}: {difference:e}, cosine {cosine}",
            spec.name
        );
    }
}

/// How many operations are no convolutions.
fn others(plan: &Plan) -> usize {
    let convolution = |o: &&Operation| !matches!(o, Operation::Convolution(_));
    plan.operations.iter().filter(convolution).count()
}

#[test]
fn the_lite_pack_compiles() {
    let plans: Vec<Plan> = pack(
        "models/source/lite/pack.toml",
        &root().join("models/source/lite"),
    )
    .iter()
    .map(check)
    .collect();
    // Short: 3 pools. Full: 3 enlargings and the sums behind them. Mesh: 6 pools. Embedder: a pool of maxima,
    // 4 of means, 2 sums of unequal sizes, the mean at the end. Liveness: a mean each.
    assert_eq!(
        plans.iter().map(others).collect::<Vec<_>>(),
        [3, 6, 6, 8, 1, 1]
    );
    assert_eq!(plans[1].outputs[0].order, Order::Blocks(2));
}

#[test]
fn the_standard_pack_compiles() {
    for case in pack(
        "models/standard/pack.toml",
        &root().join("../shared/models"),
    ) {
        // The largest takes the oracle half a minute, and is the file of another one.
        if case.signature.input.shape != [1, 3, 1280, 1280] {
            check(&case);
        }
    }
}

#[test]
fn anti_spoofing_networks_compile() {
    for (file, gates) in [
        ("minivision_2.7_80x80_MiniFASNetV2.onnx", 0),
        ("minivision_4_0_0_80x80_MiniFASNetV1SE.onnx", 3),
    ] {
        let output: (&str, &[usize]) = ("logits", &[1, 3]);
        let Some(case) = case(file, ("input", &[1, 3, 80, 80]), &[output]) else {
            continue;
        };
        let plan = check(&case);
        // A mean, a scaling and a sum for each gate; nothing else is left beside convolutions.
        assert_eq!(others(&plan), 3 * gates);
    }
}

#[test]
fn a_detector_with_softmax_and_shapes_computed_in_the_graph_compiles() {
    let outputs: [(&str, &[usize]); 3] = [
        ("loc", &[1, 4200, 4]),
        ("conf", &[1, 4200, 2]),
        ("landms", &[1, 4200, 10]),
    ];
    let input: (&str, &[usize]) = ("input", &[1, 3, 320, 320]);
    let Some(case) = case("retinaface_mobilenet0.25_320.onnx", input, &outputs) else {
        return;
    };
    let plan = check(&case);
    assert_eq!(plan.outputs[1].softmax, Some(2));
    let alone = |o: &Operation| matches!(o, Operation::Activate { .. });
    assert!(!plan.operations.iter().any(alone));
}

#[test]
fn interleaved_inputs_compile() {
    let outputs: [(&str, &[usize]); 2] = [
        ("conv2d_20", &[1, 1, 1, 1404]),
        ("conv2d_30", &[1, 1, 1, 1]),
    ];
    let input: (&str, &[usize]) = ("input_1", &[1, 192, 192, 3]);
    let Some(case) = case("mediapipe_face_landmark.onnx", input, &outputs) else {
        return;
    };
    assert_eq!(check(&case).input_order, Order::Interleaved);
}

#[test]
fn a_quarter_of_a_quality_network_compiles() {
    let input: (&str, &[usize]) = ("input:0", &[1, 3, 96, 96]);
    let output: (&str, &[usize]) = ("confidence_st:0", &[1, 1]);
    let Some(case) = case("lightqnet-dm025.onnx", input, &[output]) else {
        return;
    };
    let plan = check(&case);
    let last = plan.operations.last();
    let sigmoid =
        matches!(last, Some(Operation::Convolution(o)) if o.activation == Activation::Sigmoid);
    assert!(sigmoid, "{last:?}");
}
