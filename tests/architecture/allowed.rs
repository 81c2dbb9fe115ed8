//! Circles that are still there.

/// Files that are in a circle, and why it stands.
pub(crate) struct Allowed {
    pub(crate) folder: &'static str,
    /// Inside the folder.
    pub(crate) files: &'static [&'static str],
    pub(crate) reason: &'static str,
}

/// This list only shrinks: a file that is in no circle any more must leave it.
pub(crate) const ALLOWED: &[Allowed] = &[
    Allowed {
        folder: "src/frame",
        files: &["mod.rs", "sensor.rs"],
        reason: "what any frame checks stands in `mod.rs`, which itself views sensors' frames",
    },
    Allowed {
        folder: "src/model",
        files: &["golden.rs", "network.rs", "pack.rs", "read.rs"],
        reason: "what parts of a pack fail with is the pack's error",
    },
    Allowed {
        folder: "src/stages/detect",
        files: &[
            "blazeface.rs",
            "mod.rs",
            "scrfd.rs",
            "suppress.rs",
            "yunet.rs",
        ],
        reason: "what decoders answer stands beside the choice of the decoder",
    },
    Allowed {
        folder: "src/stages/quality",
        files: &["report.rs", "total.rs"],
        reason: "a report computes its total, which is made of the report's components",
    },
    Allowed {
        folder: "tests/simulator/src",
        files: &[
            "artefact/print.rs",
            "artefact/sheet.rs",
            "artefact/worn.rs",
            "light.rs",
            "scene.rs",
        ],
        reason: "a scene holds prints, which are pictures of scenes",
    },
    Allowed {
        folder: "tests/simulator/src",
        files: &["head.rs", "mesh.rs", "texture.rs"],
        reason: "a mesh has a texture, which is laid on the head that is made into the mesh",
    },
];
