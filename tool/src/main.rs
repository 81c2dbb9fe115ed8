//! The program `vultus`; all of it is in the library.

use std::process::ExitCode;

fn main() -> ExitCode {
    vultus_tool::run()
}
