//! Files stay small.

use crate::files::text;
use crate::house::HOUSE;

const REASON_ABOVE: usize = 400;
const FAIL_ABOVE: usize = 800;

#[test]
fn files_stay_small() {
    for name in HOUSE.iter().flat_map(|room| &room.files) {
        let text = text(name);
        let lines = text.lines().count();
        assert!(
            lines <= FAIL_ABOVE,
            "{name} has {lines} lines, allowed are {FAIL_ABOVE}"
        );
        let reason = text
            .lines()
            .take(10)
            .any(|line| line.contains("Long because"));
        assert!(
            lines <= REASON_ABOVE || reason,
            "{name} has {lines} lines; split it, or say \"Long because ...\" at its top"
        );
    }
}
