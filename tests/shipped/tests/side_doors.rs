//! A foreign crate cannot work with faces without a licence: each program in `doors` tries one way around the grant, and must
//! not compile. The messages of the compiler are compared, so that none fails for another reason than the closed door;
//! after a new compiler, `TRYBUILD=overwrite cargo test --release -p vultus-shipped` writes them again: read the difference.

#[test]
fn no_side_door_around_the_licence_compiles() {
    let doors = trybuild::TestCases::new();
    doors.compile_fail("tests/doors/*.rs");
}
