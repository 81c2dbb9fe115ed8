//! The header: how it is made, and what it declares.

use super::repository::crate_root;
use std::fs;

/// What cbindgen makes of the crate, with a title before each part.
pub fn generate() -> String {
    let root = crate_root();
    let mut config = cbindgen::Config::from_file(root.join("cbindgen.toml")).unwrap();
    // It knows nothing of what only tests have.
    config.parse.parse_deps = false;
    let bindings = cbindgen::Builder::new()
        .with_crate(&root)
        .with_config(config)
        .generate()
        .unwrap();
    let mut bytes = Vec::new();
    bindings.write(&mut bytes);
    with_titles(&String::from_utf8(bytes).unwrap())
}

/// The header as it is committed.
pub fn committed() -> String {
    fs::read_to_string(crate_root().join("include/vultus.h")).unwrap()
}

/// Titles of the manual's chapters, each before the first function of it.
const CHAPTERS: &[(&str, &str)] = &[
    ("vultus_abi_version", "Which library this is"),
    ("vultus_str_of", "Texts"),
    ("vultus_last_error", "What went wrong"),
    ("vultus_log_set", "The log"),
    ("vultus_status_name", "The status table"),
    ("vultus_device_new", "The device and its licence"),
    ("vultus_grant_free", "The right to run"),
    ("vultus_device_parts", "The fingerprint"),
    ("vultus_sdk_options_new", "Opening the SDK"),
    ("vultus_session_new", "Sessions"),
    ("vultus_frame_packed", "Frames"),
    ("vultus_detect_options_default", "Finding faces"),
    ("vultus_session_embed", "Embeddings"),
    ("vultus_sdk_compare", "Comparing two faces"),
    ("vultus_enrol_options_default", "Faces to enrol"),
    ("vultus_gallery_add_faces", "Galleries: faces"),
    ("vultus_gallery_create_group", "Galleries: groups"),
    ("vultus_gallery_create", "Galleries: the file"),
    (
        "vultus_snapshot_group_fields",
        "Galleries: of one group or person",
    ),
    ("vultus_gallery_snapshot", "Galleries: lists"),
    ("vultus_matcher_new", "Galleries: the matcher"),
    ("vultus_gallery_options_new", "Galleries: options"),
    ("vultus_gallery_enrol", "Galleries: persons"),
    ("vultus_search_options_default", "Galleries: searching"),
    ("vultus_gallery_verify_face", "Galleries: verifying"),
    ("vultus_gallery_export", "Galleries: export and import"),
    (
        "vultus_gallery_begin_upgrade",
        "Galleries: moving to another pack",
    ),
    ("vultus_mjpg_decode", "Frames of motion JPEG"),
    ("vultus_depth_frame_check", "Frames of depth sensors"),
    ("vultus_infrared_frame_check", "Frames of infrared cameras"),
    (
        "vultus_registration_same",
        "From the colour camera to another sensor",
    ),
    (
        "vultus_session_liveness_colour",
        "Liveness by colour frames",
    ),
    (
        "vultus_liveness_decision_new",
        "Liveness over several frames",
    ),
    ("vultus_depth_judge_new", "Liveness by depth"),
    ("vultus_infrared_judge_new", "Liveness by infrared"),
    ("vultus_reason_name", "Liveness: names"),
    ("vultus_session_quality", "Quality"),
];

fn with_titles(header: &str) -> String {
    let mut text = header.to_owned();
    for (function, title) in CHAPTERS {
        let declared = text
            .find(&format!(" {function}("))
            .unwrap_or_else(|| panic!("the header does not declare {function}"));
        let comment = text[..declared].rfind("/**").unwrap();
        let rule = "-".repeat(96 - title.len());
        text.insert_str(comment, &format!("/* {title} {rule} */\n\n"));
    }
    text
}

/// A function of the header.
#[derive(Debug)]
pub struct Function {
    pub name: String,
    /// Type and name of each parameter.
    pub parameters: Vec<(String, String)>,
}

impl Function {
    /// Names of the parameters that must not be NULL, or hold a pointer that must not be.
    pub fn pointers(&self) -> Vec<&str> {
        let pointers = self.parameters.iter().filter(|(kind, _)| {
            ["*", "vultus_str", "vultus_bytes", "_callback"]
                .iter()
                .any(|part| kind.contains(part))
        });
        pointers.map(|(_, name)| name.as_str()).collect()
    }
}

/// Every function that the committed header declares.
pub fn functions() -> Vec<Function> {
    let text = committed();
    let code = without_comments(&text);
    let mut found = Vec::new();
    for declaration in code.split(';') {
        let Some((before, rest)) = declaration.split_once('(') else {
            continue;
        };
        let name = before.split_whitespace().last().unwrap_or("");
        let name = name.trim_start_matches('*');
        if !name.starts_with("vultus_") || before.contains("typedef") {
            continue;
        }
        let inside = rest.trim_end().trim_end_matches(')');
        let parameters = split_parameters(inside);
        found.push(Function {
            name: name.to_owned(),
            parameters,
        });
    }
    assert!(found.len() > 30, "the header cannot be read: {found:?}");
    found
}

fn split_parameters(inside: &str) -> Vec<(String, String)> {
    let parameters = inside.split(',').map(str::trim);
    parameters
        .filter(|one| !one.is_empty() && *one != "void")
        .map(|one| {
            let at = one
                .rfind(|c: char| !(c.is_alphanumeric() || c == '_'))
                .unwrap();
            (one[..=at].trim().to_owned(), one[at + 1..].to_owned())
        })
        .collect()
}

fn without_comments(text: &str) -> String {
    let mut code = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("/*") {
        code.push_str(before);
        rest = after.split_once("*/").unwrap().1;
    }
    code.push_str(rest);
    let lines = code.lines().filter(|line| !line.starts_with('#'));
    lines.collect::<Vec<_>>().join("\n")
}
