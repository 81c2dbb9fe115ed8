//! What the tests of `vultus pad` share.

use crate::common::{text, vultus, vultus_json};
use serde_json::Value;
use std::path::Path;

pub(crate) fn report(set: &Path) -> Value {
    let (code, objects) = vultus_json(&["pad", "report", "--set", text(set)]);
    assert_eq!(code, 0, "{objects:?}");
    objects.into_iter().next().unwrap()
}

pub(crate) fn refused(set: &Path) -> String {
    let output = vultus(&["pad", "evaluate", "--set", text(set)]);
    assert_eq!(output.status.code(), Some(2));
    String::from_utf8(output.stderr).unwrap()
}
