//! Whether a manifest makes sense: every message names the field and its range.

use super::manifest::{
    AlignSpec, DecodeKind, DecodeSpec, DetectStrategy, GoldenSpec, InputSpec, MANIFEST_FORMAT,
    MAX_EMBEDDING_VALUES, MESH_POINTS, Manifest, MeshSpec, NetworkSpec, Role,
};
use crate::geom::Point;
use crate::nn::TensorSpec;

/// Most networks of a pack.
const MAX_NETWORKS: usize = 16;

/// Longest free text of a manifest in bytes.
const MAX_TEXT_BYTES: usize = 2000;

/// Least mean distance of template points from their centre, in chip pixels.
const MIN_TEMPLATE_SPREAD: f32 = 1.0;

/// Longest side of a network's input picture in pixels.
const MAX_INPUT_SIDE: usize = 2048;

impl Manifest {
    /// Reads and checks a manifest; the text of the error names the field.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let manifest: Self = toml::from_str(text).map_err(|error| error.to_string())?;
        manifest.check()?;
        Ok(manifest)
    }

    fn check(&self) -> Result<(), String> {
        if self.format != MANIFEST_FORMAT {
            return Err(format!(
                "format is {}, this SDK reads {MANIFEST_FORMAT}",
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
                .check()
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
                .any(|a| a.mesh_points.is_some());
        if needs_mesh && !mesh {
            return Err("BlazeFace and align.mesh_points need a mesh network".to_owned());
        }
        Ok(())
    }
}

impl NetworkSpec {
    fn check(&self) -> Result<(), String> {
        plain_name("name", &self.name)?;
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
        Ok(())
    }

    /// The table of its role, and no other.
    fn check_tables(&self) -> Result<(), String> {
        match (self.role, &self.decode, &self.mesh, &self.align) {
            (Role::Detector, Some(decode), None, None) => decode.check(),
            (Role::Mesh, None, Some(mesh), None) => mesh.check(),
            (Role::Embedder, None, None, Some(align)) => {
                align.check()?;
                let side = self.input.side();
                if side == (align.size, align.size) {
                    return Ok(());
                }
                Err(format!(
                    "the chip is {} px, the input is {side:?}",
                    align.size
                ))
            }
            (role, ..) => {
                let wanted = match role {
                    Role::Detector => "decode",
                    Role::Mesh => "mesh",
                    Role::Embedder => "align",
                };
                Err(format!(
                    "a network of this role has the table [network.{wanted}] and no other"
                ))
            }
        }
    }
}

impl MeshSpec {
    fn check(&self) -> Result<(), String> {
        unit("mesh.score_threshold", self.score_threshold)?;
        between("mesh.roi_scale", self.roi_scale, 1.0, 4.0)
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
        let [1, 3, height, width] = self.shape[..] else {
            return Err(format!(
                "input shape is {:?}, needed is [1, 3, height, width]",
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
    fn check(&self) -> Result<(), String> {
        let side = self.size as f32;
        if self
            .template
            .iter()
            .flatten()
            .all(|v| (0.0..=side).contains(v))
        {
            self.check_points()
        } else {
            Err("align.template lies outside the chip".to_owned())
        }
    }

    fn check_points(&self) -> Result<(), String> {
        let points = self.template_points();
        let centre = Point::new(
            points.iter().map(|p| p.x).sum::<f32>() / 5.0,
            points.iter().map(|p| p.y).sum::<f32>() / 5.0,
        );
        let spread = points.iter().map(|p| p.distance(centre)).sum::<f32>() / 5.0;
        if spread < MIN_TEMPLATE_SPREAD {
            return Err(format!(
                "align.template points lie {spread} px around one place"
            ));
        }
        match self.mesh_points {
            Some(indices) if indices.iter().any(|&index| index >= MESH_POINTS) => Err(format!(
                "align.mesh_points are {indices:?}, allowed is 0 to {}",
                MESH_POINTS - 1
            )),
            _ => Ok(()),
        }
    }
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
