//! `pack.toml`: what a model pack contains and how each network is fed and read.
//!
//! The fields are described in `docs/pack-format.md`. Unknown fields are refused.

use crate::geom::Point;
use serde::Deserialize;
use vultus_nn::{Signature, TensorSpec};

/// Name of the manifest inside a pack's folder.
pub const MANIFEST_FILE: &str = "pack.toml";

/// The newest manifest format that this SDK reads.
pub const MANIFEST_FORMAT: u32 = 2;

/// The first manifest format in which networks may have plans.
pub const PLAN_FORMAT: u32 = 2;

/// Points of the face mesh that the SDK reads.
pub const MESH_POINTS: usize = 468;

/// Most values of an embedding.
pub const MAX_EMBEDDING_VALUES: usize = 4096;

/// A whole manifest, as written.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// Manifest format, 1 or 2.
    pub format: u32,
    /// Short name of the pack: letters, digits, `-`, `_` and `.`.
    pub id: String,
    /// Version of the pack; id and version together name the embedding space.
    pub version: String,
    /// One line for people.
    pub description: String,
    /// How several detectors work together.
    pub detect: DetectSpec,
    /// The networks.
    #[serde(rename = "network")]
    pub networks: Vec<NetworkSpec>,
    /// The calibration curve, if the pack has one.
    pub calibration: Option<FileRef>,
    /// The curve for comparisons in which a face wears a mask, if the pack has one.
    pub masked_calibration: Option<FileRef>,
}

/// A file of the pack with its hash.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FileRef {
    /// Plain file name inside the pack's folder.
    pub file: String,
    /// SHA-256 in lower-case hexadecimal.
    pub sha256: String,
}

/// How several detectors work together.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DetectSpec {
    /// Which of them look at a frame.
    pub strategy: DetectStrategy,
}

/// Which detectors of a pack look at a frame.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "snake_case")]
pub enum DetectStrategy {
    /// All, and their findings are merged.
    Union,
    /// The one with the smallest input that still shows the minimum face large enough for it.
    SmallestSufficient,
}

/// One network of a pack.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NetworkSpec {
    /// Unique name inside the pack.
    pub name: String,
    /// What it is for.
    pub role: Role,
    /// The ONNX file: a plain file name inside the pack's folder. A network with a plan may lack it.
    pub file: Option<String>,
    /// SHA-256 of the ONNX file in lower-case hexadecimal; where the file is not in the pack, of
    /// the one that the plan was compiled from.
    pub sha256: String,
    /// The compiled network, from format 2 on.
    pub plan: Option<FileRef>,
    /// SPDX expression of the weights' licence.
    pub licence: String,
    /// Where the weights come from.
    pub source: String,
    /// What is known of the data they were trained on.
    pub training_data: String,
    /// The input tensor and how pixels become its values.
    pub input: InputSpec,
    /// The output tensors, in the order that the decoder expects.
    #[serde(rename = "output")]
    pub outputs: Vec<OutputSpec>,
    /// Detectors: how outputs become faces.
    pub decode: Option<DecodeSpec>,
    /// Meshes: how the face is cut out.
    pub mesh: Option<MeshSpec>,
    /// Embedders: how the face is straightened.
    pub align: Option<AlignSpec>,
    /// Learned quality: how the face is straightened and what its values mean.
    pub quality: Option<QualitySpec>,
    /// Eye networks: how an eye is cut out and which points its lids are.
    pub eyes: Option<EyesSpec>,
    /// Mask networks: how the face is cut out and which class is which.
    pub mask: Option<MaskSpec>,
    /// Liveness networks of colour pictures: how the face is cut out and which class is alive.
    pub liveness_colour: Option<LivenessColourSpec>,
    /// Infrared liveness: how the face is straightened.
    pub liveness_infrared: Option<LivenessInfraredSpec>,
    /// Depth liveness: how the relief is laid out.
    pub liveness_depth: Option<LivenessDepthSpec>,
    /// Values that a correct engine reproduces.
    pub golden: Option<GoldenSpec>,
}

/// What a network is for.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Finds faces.
    Detector,
    /// Refines a face to a mesh of points.
    Mesh,
    /// Turns an aligned face into an embedding.
    Embedder,
    /// Judges how well an aligned face can be recognised.
    Quality,
    /// Finds the contour of one eye.
    Eyes,
    /// Tells whether a mask is worn.
    Mask,
    /// Tells a face in a colour picture from a picture of one.
    LivenessColour,
    /// Tells living faces from artefacts in infrared.
    LivenessInfrared,
    /// Tells living faces from artefacts by their relief.
    LivenessDepth,
}

impl Role {
    /// Its name, which is also that of the manifest's table for it, except that detectors have a
    /// table `decode` and embedders a table `align`.
    #[must_use]
    pub const fn table(self) -> &'static str {
        match self {
            Self::Detector => "decode",
            Self::Mesh => "mesh",
            Self::Embedder => "align",
            Self::Quality => "quality",
            Self::Eyes => "eyes",
            Self::Mask => "mask",
            Self::LivenessColour => "liveness_colour",
            Self::LivenessInfrared => "liveness_infrared",
            Self::LivenessDepth => "liveness_depth",
        }
    }
}

/// The input tensor, three planes or interleaved pixels, and how pixels become its values.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InputSpec {
    /// Its name inside the network.
    pub name: String,
    /// `[1, 3, height, width]` (planes) or `[1, height, width, 3]` (interleaved).
    pub shape: Vec<usize>,
    /// Order of the three planes.
    pub channels: ChannelOrder,
    /// Subtracted from the pixel value 0–255, in the order of the planes.
    pub mean: [f32; 3],
    /// Divides the difference, in the order of the planes.
    pub std: [f32; 3],
}

/// Order of the colour planes of an input.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "snake_case")]
pub enum ChannelOrder {
    /// Red first.
    Rgb,
    /// Blue first.
    Bgr,
}

/// An output tensor.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OutputSpec {
    /// Its name inside the network.
    pub name: String,
    /// Its dimensions.
    pub shape: Vec<usize>,
}

/// How a detector's outputs become faces.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DecodeSpec {
    /// The decoder.
    pub kind: DecodeKind,
    /// Input pixels per cell, one for each output level (BlazeFace: for each anchor layer).
    pub strides: Vec<usize>,
    /// Anchors in a cell of one level or layer.
    #[serde(default = "one")]
    pub anchors_per_cell: usize,
    /// Least score of a face, `0..1`.
    pub score_threshold: f32,
    /// Smallest face, in input pixels, that the network finds reliably. Needed by
    /// [`DetectStrategy::SmallestSufficient`].
    pub min_face_px: Option<f32>,
}

const fn one() -> usize {
    1
}

/// The detector families whose outputs the SDK can read.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "lowercase")]
pub enum DecodeKind {
    /// Outputs: regressors `[1, anchors, 16]`, score logits `[1, anchors, 1]`.
    Blazeface,
    /// Outputs for each stride: class scores, then objectness, then boxes, then key points.
    Yunet,
    /// Outputs for each stride: scores, then box distances, then key point offsets.
    Scrfd,
}

/// How a face is cut out for the mesh network.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MeshSpec {
    /// Side of the square crop relative to the long side of the detection.
    pub roi_scale: f32,
    /// Least face score, `0..1`; below it the detection was no face.
    pub score_threshold: f32,
}

/// How a face is straightened for the embedder.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AlignSpec {
    /// Side of the square chip in pixels.
    pub size: u32,
    /// Where five points of the face lie in the chip, `[x, y]` in pixels.
    pub template: [[f32; 2]; 5],
    /// Indices of those five points in the mesh. Without it they are, in this order: left eye,
    /// right eye, nose, mouth left, mouth right.
    pub mesh_points: Option<[usize; 5]>,
    /// The embedding is the mean of the chip's and of its mirror image's: twice the work, and
    /// what differs between the halves of a face no longer counts.
    #[serde(default)]
    pub mirror_average: bool,
}

impl AlignSpec {
    /// The template as points.
    #[must_use]
    pub fn template_points(&self) -> [Point; 5] {
        self.template.map(|[x, y]| Point::new(x, y))
    }
}

/// How a face is straightened for a network of learned quality, and what its one value means.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct QualitySpec {
    /// Where the five landmarks lie in the square input, `[x, y]` in pixels, in the order left
    /// eye, right eye, nose, mouth left, mouth right.
    pub template: [[f32; 2]; 5],
    /// The network's value that counts as 0 points.
    pub low: f32,
    /// The network's value that counts as 100 points; the scale between is linear.
    pub high: f32,
}

/// How an eye is cut out, and which points of the network's contour are its lids.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EyesSpec {
    /// Side of the square crop relative to the distance of the eye's corners in the mesh.
    pub roi_scale: f32,
    /// Indices of the two corners in the contour of `x, y, z` triples.
    pub corners: [usize; 2],
    /// Points of the upper lid, each with the point of the lower lid below it.
    pub lids: Vec<[usize; 2]>,
}

/// How a face is cut out for the mask network, and which class is which.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MaskSpec {
    /// Side of the square crop relative to the long side of the detection.
    pub roi_scale: f32,
    /// Which of the two scores of each anchor means "mask", 0 or 1; the other means "no mask".
    pub mask_class: usize,
}

/// How a face is cut out for a liveness network of colour pictures, and which class is alive.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LivenessColourSpec {
    /// Sides of the crop over those of the detection, before it is made to fit into the picture.
    pub scale: f64,
    /// Which of the network's classes is a living face.
    pub live_class: usize,
}

/// How a face is straightened for a network of infrared liveness. Its input is no colour picture: red is the light of
/// the sensor's own lamp, green the luminance of the colour frame, blue the room's light in infrared
/// (`docs/liveness.md`). Its one value is the logit of a living face.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LivenessInfraredSpec {
    /// Where the five landmarks lie in the square input, `[x, y]` in pixels, in the order left
    /// eye, right eye, nose, mouth left, mouth right.
    pub template: [[f32; 2]; 5],
}

/// How a relief is laid out for a network of depth liveness. Its input is no colour picture: red is the height over the
/// face's plane, green that over its quadric, blue what was measured (`docs/liveness.md`). Its one value is the logit
/// of a living face.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LivenessDepthSpec {
    /// Side of a pixel of the square input in millimetres.
    pub cell_mm: f32,
}

/// Values that a correct engine reproduces from a generated picture.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GoldenSpec {
    /// Seed of the generated picture.
    pub seed: u64,
    /// Largest absolute difference of a value.
    pub tolerance: f32,
    /// Expected values, one entry an output.
    #[serde(rename = "output")]
    pub outputs: Vec<GoldenOutput>,
}

/// Expected values of one output.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GoldenOutput {
    /// The output's name.
    pub name: String,
    /// Values at evenly spread places, or all of a short output.
    pub values: Vec<f32>,
}

impl NetworkSpec {
    /// The tensors that the engine has to provide.
    #[must_use]
    pub fn signature(&self) -> Signature {
        let tensor = |name: &str, shape: &[usize]| TensorSpec {
            name: name.to_owned(),
            shape: shape.to_vec(),
        };
        Signature {
            input: tensor(&self.input.name, &self.input.shape),
            outputs: self
                .outputs
                .iter()
                .map(|o| tensor(&o.name, &o.shape))
                .collect(),
        }
    }
}

impl InputSpec {
    /// Width and height in pixels.
    #[must_use]
    pub fn side(&self) -> (u32, u32) {
        let (height, width) = if self.is_interleaved() {
            (self.shape[1], self.shape[2])
        } else {
            (self.shape[2], self.shape[3])
        };
        (width as u32, height as u32)
    }

    /// Whether the three values of a pixel lie side by side instead of in planes. Sides are at
    /// least 8, so a dimension of 3 is the channels.
    #[must_use]
    pub fn is_interleaved(&self) -> bool {
        self.shape[3] == 3
    }
}
