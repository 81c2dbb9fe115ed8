//! Words of the command line: which file, which tensors.

use std::path::PathBuf;
use vultus::internals::model::Role;
use vultus_nn::{Signature, TensorSpec};

pub(crate) struct Arguments {
    pub(crate) onnx: Option<PathBuf>,
    pub(crate) plan: Option<PathBuf>,
    /// Where a quantised plan goes.
    pub(crate) bytes: Option<PathBuf>,
    /// Inputs to quantise with.
    pub(crate) calibration: Option<PathBuf>,
    /// What a quantised network is for, which says what is asked of it.
    pub(crate) role: Role,
    pub(crate) signature: Signature,
}

impl Arguments {
    /// Options in any order, each followed by its value.
    pub(crate) fn parse(words: &[&str]) -> Result<Self, String> {
        let (mut onnx, mut plan, mut bytes, mut calibration) = (None, None, None, None);
        let (mut input, mut role) = (None, Role::Embedder);
        let mut outputs = Vec::new();
        let (pairs, rest) = words.as_chunks::<2>();
        if let [word] = rest {
            return Err(format!("{word} needs a value"));
        }
        for [option, value] in pairs {
            match *option {
                "--onnx" => onnx = Some(PathBuf::from(value)),
                "--plan" => plan = Some(PathBuf::from(value)),
                "--bytes" => bytes = Some(PathBuf::from(value)),
                "--calibration" => calibration = Some(PathBuf::from(value)),
                "--role" => role = self::role(value)?,
                "--input" => input = Some(tensor(value)?),
                "--output" => outputs.push(tensor(value)?),
                other => return Err(format!("unknown option {other}")),
            }
        }
        if outputs.is_empty() {
            return Err("--output is missing".to_owned());
        }
        Ok(Self {
            onnx,
            plan,
            bytes,
            calibration,
            role,
            signature: Signature {
                input: input.ok_or("--input is missing")?,
                outputs,
            },
        })
    }
}

/// A role of which something of its own is asked, or any other.
fn role(text: &str) -> Result<Role, String> {
    match text {
        "detector" => Ok(Role::Detector),
        "embedder" => Ok(Role::Embedder),
        _ => Err(format!("{text} is neither detector nor embedder")),
    }
}

/// `name=1,3,112,112`; a name may hold any character, also `=`.
fn tensor(text: &str) -> Result<TensorSpec, String> {
    let wrong = || format!("{text} is no NAME=SIDE,SIDE,...");
    let (name, sides) = text.rsplit_once('=').ok_or_else(wrong)?;
    let shape = sides.split(',').map(str::parse).collect::<Result<_, _>>();
    Ok(TensorSpec {
        name: name.to_owned(),
        shape: shape.map_err(|_| wrong())?,
    })
}
