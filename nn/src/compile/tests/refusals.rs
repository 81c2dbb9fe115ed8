//! What cannot be compiled is refused by name, and nothing panics.

use super::model::{Model, Value, spec};
use super::*;

#[test]
fn what_has_no_exact_form_is_refused_by_name() {
    let x = || Model::new(13, &[1, 2, 6, 6]);
    let conv = |attributes: &[(&str, Value<'_>)]| {
        x().floats("w", &[2, 2, 3, 3], noise(1, 36))
            .node("Conv", &["x", "w"], "y", attributes)
    };
    let unknown = x().node("Erf", &["x"], "y", &[]);
    let one = |name, value: &'static str| [(name, Value::Text(value))];
    let cases = [
        (unknown, "operator Erf of node n-y is not known"),
        (
            conv(&[("dilations", Value::Ints(&[2, 2]))]),
            "Conv of node n-y: dilations [2, 2]",
        ),
        (conv(&[("group", Value::Int(2))]), "2 groups"),
        (conv(&[("novel", Value::Int(2))]), "attribute novel"),
        (conv(&one("auto_pad", "SOME")), "auto_pad SOME"),
        (
            conv(&[("pads", Value::Ints(&[-1, 0, 0, 0]))]),
            "pads [-1, 0, 0, 0]",
        ),
        (conv(&[("strides", Value::Ints(&[0, 1]))]), "step"),
        (x().node("Reshape", &["x", "gone"], "y", &[]), "gone"),
        (
            x().node("Softmax", &["x"], "y", &[("axis", Value::Int(1))]),
            "axis 1",
        ),
        (x().node("Add", &["x", "x"], "z", &[]), "no such tensor"),
        (
            x().node("Relu", &["x"], "y", &[]),
            "[1, 2, 6, 6], not [1, 2, 4, 4]",
        ),
    ];
    for (model, words) in cases {
        let text = refused(&model.output("y", &[1, 2, 4, 4]));
        assert!(text.contains(words), "{text}");
    }
    let mut other = x()
        .node("Relu", &["x"], "y", &[])
        .output("y", &[1, 2, 6, 6]);
    other.signature.input = spec("z", &[1, 2, 6, 6]);
    assert!(refused(&other).contains("tensor z"), "{}", refused(&other));
}

#[test]
fn nodes_that_no_output_needs_may_be_of_any_kind() {
    let model = Model::new(13, &[1, 2, 3, 3])
        .node("Erf", &["x"], "other", &[])
        .node("Relu", &["x"], "y", &[])
        .output("y", &[1, 2, 3, 3]);
    assert_eq!(compiled(&model).map(|plan| plan.operations.len()), Ok(1));
}

#[test]
fn broken_files_are_refused_without_a_panic() {
    let file = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../models/source/lite/blazeface_short.onnx"
    );
    let good = std::fs::read(file).expect("a network of this repository");
    let outputs = vec![
        spec("regressors", &[1, 896, 16]),
        spec("scores", &[1, 896, 1]),
    ];
    let input = spec("input", &[1, 3, 128, 128]);
    let signature = Signature { input, outputs };
    let compile = crate::compile::compile;
    assert!(compile(&good, &signature).is_ok());
    for length in (0..good.len()).step_by(4999) {
        assert!(compile(&good[..length], &signature).is_err(), "{length}");
    }
    let places = noise(5, 300).into_iter().map(|v| (v + 1.0) / 2.0);
    for (round, place) in places.enumerate() {
        let mut bytes = good.clone();
        let at = (place * (bytes.len() - 1) as f32) as usize;
        bytes[at] ^= 1 << (round % 8);
        // A changed weight is another network; what matters is that nothing panics.
        if let Ok(plan) = compile(&bytes, &signature) {
            assert_eq!(plan.check(&signature), Ok(()));
        }
    }
}
