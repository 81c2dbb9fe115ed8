//! Whether a manifest makes sense: every message names the field and its range.

mod face;

use super::manifest::{
    AlignSpec, DecodeKind, DecodeSpec, DetectStrategy, GoldenSpec, InputSpec, MANIFEST_FORMAT,
    MAX_EMBEDDING_VALUES, MESH_POINTS, Manifest, NetworkSpec, PLAN_FORMAT, Role,
};
use crate::error::Cause;
use crate::geom::Point;
use vultus_nn::TensorSpec;

/// Most networks of a pack.
const MAX_NETWORKS: usize = 16;

/// Most liveness networks of colour pictures, whose answers are averaged.
const MAX_LIVENESS_NETWORKS: usize = 4;

/// Longest free text of a manifest in bytes.
const MAX_TEXT_BYTES: usize = 2000;

/// Least mean distance of template points from their centre, in chip pixels.
const MIN_TEMPLATE_SPREAD: f32 = 1.0;

/// Longest side of a network's input picture in pixels.
const MAX_INPUT_SIDE: usize = 2048;

impl Manifest {
    /// Reads and checks a manifest; the text of the error names the field.
    pub(super) fn parse(text: &str) -> Result<Self, Cause> {
        let manifest: Self = toml::from_str(text)?;
        manifest.check()?;
        Ok(manifest)
    }

    fn check(&self) -> Result<(), String> {
        if !(1..=MANIFEST_FORMAT).contains(&self.format) {
            return Err(format!(
                "format is {}, this SDK reads 1 to {MANIFEST_FORMAT}",
                self.format
            ));
        }
        plain_name("id", &self.id)?;
        plain_name("version", &self.version)?;
        free_text("description", &self.description)?;
        if self.networks.len() > MAX_NETWORKS {
            return Err(format!(
                "{} networks, allowed are {MAX_NETWORKS}",
                self.networks.len()
            ));
        }
        for (index, network) in self.networks.iter().enumerate() {
            network
                .check(self.format)
                .map_err(|cause| format!("network {}: {cause}", network.name))?;
            if self.networks[..index]
                .iter()
                .any(|other| other.name == network.name)
            {
                return Err(format!("two networks are called {}", network.name));
            }
        }
        self.check_roles()
    }

    fn check_roles(&self) -> Result<(), String> {
        let count = |role| self.networks.iter().filter(|n| n.role == role).count();
        if count(Role::Detector) == 0 || count(Role::Embedder) != 1 || count(Role::Mesh) > 1 {
            return Err(
                "a pack has one or more detectors, one embedder and at most one mesh".to_owned(),
            );
        }
        for role in [
            Role::Quality,
            Role::Eyes,
            Role::Mask,
            Role::LivenessInfrared,
            Role::LivenessDepth,
        ] {
            if count(role) > 1 {
                return Err(format!(
                    "a pack has at most one network of role {}",
                    role.table()
                ));
            }
        }
        if count(Role::LivenessColour) > MAX_LIVENESS_NETWORKS {
            return Err(format!(
                "a pack has at most {MAX_LIVENESS_NETWORKS} networks of role liveness_colour"
            ));
        }
        let mesh = count(Role::Mesh) == 1;
        let every = |found: &dyn Fn(&DecodeSpec) -> bool| {
            self.networks
                .iter()
                .filter_map(|n| n.decode.as_ref())
                .all(found)
        };
        if self.detect.strategy == DetectStrategy::SmallestSufficient
            && !every(&|decode| decode.min_face_px.is_some())
        {
            return Err(
                "strategy smallest_sufficient needs decode.min_face_px in every detector"
                    .to_owned(),
            );
        }
        let needs_mesh = !every(&|decode| decode.kind != DecodeKind::Blazeface)
            || self
                .networks
                .iter()
                .filter_map(|n| n.align.as_ref())
                .any(|a| a.mesh_points.is_some())
            || count(Role::Eyes) == 1;
        if needs_mesh && !mesh {
            return Err(
                "BlazeFace, align.mesh_points and eye networks need a mesh network".to_owned(),
            );
        }
        if self.masked_calibration.is_some() && count(Role::Mask) == 0 {
            return Err("masked_calibration needs a network that sees masks".to_owned());
        }
        Ok(())
    }
}

impl NetworkSpec {
    fn check(&self, format: u32) -> Result<(), String> {
        plain_name("name", &self.name)?;
        self.check_files(format)?;
        free_text("licence", &self.licence)?;
        free_text("source", &self.source)?;
        free_text("training_data", &self.training_data)?;
        self.input.check()?;
        self.check_tensors()?;
        self.check_tables()?;
        if let Some(golden) = &self.golden {
            golden.check()?;
        }
        Ok(())
    }

    fn check_files(&self, format: u32) -> Result<(), String> {
        if format < PLAN_FORMAT && (self.plan.is_some() || self.file.is_none()) {
            return Err(format!(
                "in format {format} a network is an ONNX file, with plans the format is {PLAN_FORMAT}"
            ));
        }
        if self.plan.is_none() && self.file.is_none() {
            return Err("it has neither a plan nor an ONNX file".to_owned());
        }
        Ok(())
    }

    fn check_tensors(&self) -> Result<(), String> {
        let signature = self.signature();
        for tensor in std::iter::once(&signature.input).chain(&signature.outputs) {
            if tensor.values().is_none() {
                return Err(format!(
                    "tensor {} has an impossible shape {:?}",
                    tensor.name, tensor.shape
                ));
            }
        }
        if signature.outputs.is_empty() {
            return Err("it has no [[network.output]]".to_owned());
        }
        let values: usize = signature
            .outputs
            .iter()
            .filter_map(TensorSpec::values)
            .sum();
        let one = signature.outputs.len() == 1 && values <= MAX_EMBEDDING_VALUES;
        if self.role == Role::Embedder && !one {
            return Err(format!(
                "an embedder has one output of 1 to {MAX_EMBEDDING_VALUES} values"
            ));
        }
        let one_logit = matches!(self.role, Role::LivenessInfrared | Role::LivenessDepth);
        if one_logit && (signature.outputs.len(), values) != (1, 1) {
            return Err(format!("{} has one output of 1 value", self.role.table()));
        }
        Ok(())
    }

    /// The table of its role, and no other.
    fn check_tables(&self) -> Result<(), String> {
        let tables = [
            self.decode.is_some(),
            self.mesh.is_some(),
            self.align.is_some(),
            self.quality.is_some(),
            self.eyes.is_some(),
            self.mask.is_some(),
            self.liveness_colour.is_some(),
            self.liveness_infrared.is_some(),
            self.liveness_depth.is_some(),
        ];
        let only = || {
            format!(
                "a network of this role has the table [network.{}] and no other",
                self.role.table()
            )
        };
        if tables.iter().filter(|&&there| there).count() != 1 {
            return Err(only());
        }
        match self.role {
            Role::Detector => self.decode.as_ref().ok_or_else(only)?.check(),
            Role::Mesh => self.mesh.as_ref().ok_or_else(only)?.check(),
            Role::Embedder => self.align.as_ref().ok_or_else(only)?.check(&self.input),
            Role::Quality => self.quality.as_ref().ok_or_else(only)?.check(&self.input),
            Role::Eyes => self.eyes.as_ref().ok_or_else(only)?.check(&self.input),
            Role::Mask => self.mask.as_ref().ok_or_else(only)?.check(&self.input),
            Role::LivenessColour => {
                let spec = self.liveness_colour.as_ref().ok_or_else(only)?;
                spec.check(&self.input)
            }
            Role::LivenessInfrared => self
                .liveness_infrared
                .as_ref()
                .ok_or_else(only)?
                .check(&self.input),
            Role::LivenessDepth => {
                let spec = self.liveness_depth.as_ref().ok_or_else(only)?;
                spec.check(&self.input)
            }
        }
    }
}

impl GoldenSpec {
    fn check(&self) -> Result<(), String> {
        unit("golden.tolerance", self.tolerance)?;
        let finite = self
            .outputs
            .iter()
            .flat_map(|o| &o.values)
            .all(|v| v.is_finite());
        let some = self.outputs.iter().all(|output| !output.values.is_empty());
        if self.outputs.is_empty() || !finite || !some {
            return Err("golden needs finite values for one output or more".to_owned());
        }
        Ok(())
    }
}

impl InputSpec {
    fn check(&self) -> Result<(), String> {
        let ([1, 3, height, width] | [1, height, width, 3]) = self.shape[..] else {
            return Err(format!(
                "input shape is {:?}, needed is [1, 3, height, width] or [1, height, width, 3]",
                self.shape
            ));
        };
        if ![height, width]
            .iter()
            .all(|side| (8..=MAX_INPUT_SIDE).contains(side))
        {
            return Err(format!(
                "input is {width}×{height} px, allowed is 8 to {MAX_INPUT_SIDE}"
            ));
        }
        let mean = self.mean.iter().all(|m| m.is_finite());
        let std = self.std.iter().all(|s| s.is_normal() && *s > 0.0);
        if mean && std {
            Ok(())
        } else {
            Err("input mean or std is not a usable number".to_owned())
        }
    }
}

impl DecodeSpec {
    fn check(&self) -> Result<(), String> {
        unit("decode.score_threshold", self.score_threshold)?;
        let strides = (1..=16).contains(&self.strides.len())
            && self.strides.iter().all(|stride| (1..=256).contains(stride));
        if !strides || !(1..=16).contains(&self.anchors_per_cell) {
            return Err("decode needs 1 to 16 strides of 1 to 256 and 1 to 16 anchors".to_owned());
        }
        match self.min_face_px {
            Some(px) => between("decode.min_face_px", px, 1.0, 1000.0),
            None => Ok(()),
        }
    }
}

impl AlignSpec {
    fn check(&self, input: &InputSpec) -> Result<(), String> {
        usable_template("align.template", &self.template_points(), self.size as f32)?;
        self.check_points()?;
        let side = input.side();
        if side == (self.size, self.size) {
            return Ok(());
        }
        Err(format!(
            "the chip is {} px, the input is {side:?}",
            self.size
        ))
    }

    fn check_points(&self) -> Result<(), String> {
        match self.mesh_points {
            Some(indices) if indices.iter().any(|&index| index >= MESH_POINTS) => Err(format!(
                "align.mesh_points are {indices:?}, allowed is 0 to {}",
                MESH_POINTS - 1
            )),
            _ => Ok(()),
        }
    }
}

/// Five points inside a chip of `side` pixels that span a face.
fn usable_template(field: &str, points: &[Point; 5], side: f32) -> Result<(), String> {
    let inside = |v: f32| (0.0..=side).contains(&v);
    if !points.iter().all(|p| inside(p.x) && inside(p.y)) {
        return Err(format!("{field} lies outside the chip"));
    }
    let centre = Point::new(
        points.iter().map(|p| p.x).sum::<f32>() / 5.0,
        points.iter().map(|p| p.y).sum::<f32>() / 5.0,
    );
    let spread = points.iter().map(|p| p.distance(centre)).sum::<f32>() / 5.0;
    if spread < MIN_TEMPLATE_SPREAD {
        return Err(format!("{field} points lie {spread} px around one place"));
    }
    Ok(())
}

fn square(input: &InputSpec) -> Result<(), String> {
    let (width, height) = input.side();
    if width == height {
        return Ok(());
    }
    Err(format!(
        "input is {width}×{height} px, a network of this role has a square one"
    ))
}

fn plain_name(field: &str, value: &str) -> Result<(), String> {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    if value.is_empty() || value.len() > 64 || !value.chars().all(plain) {
        return Err(format!("{field} must be 1 to 64 of A-Z a-z 0-9 - _ ."));
    }
    Ok(())
}

/// Text that is shown to people: it must not be able to steer their terminal.
fn free_text(field: &str, value: &str) -> Result<(), String> {
    if value.len() > MAX_TEXT_BYTES || value.chars().any(char::is_control) {
        return Err(format!(
            "{field} must be at most {MAX_TEXT_BYTES} bytes without control characters"
        ));
    }
    Ok(())
}

fn unit(field: &str, value: f32) -> Result<(), String> {
    between(field, value, 0.0, 1.0)
}

fn between(field: &str, value: f32, least: f32, most: f32) -> Result<(), String> {
    if (least..=most).contains(&value) {
        Ok(())
    } else {
        Err(format!("{field} is {value}, allowed is {least} to {most}"))
    }
}
