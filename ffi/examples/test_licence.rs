//! Installs a licence for this machine that is signed with the key that everybody knows, for trying a library that was built
//! with `test-keys`.
//!
//! ```sh
//! head -c 32 /dev/urandom > board.secret
//! cargo run --release -p vultus-ffi --features test-keys --example test_licence -- licence-folder board.secret
//! ```

use std::error::Error;
use std::path::Path;
use vultus::licensing::device::Device;
use vultus::licensing::fingerprint::{ComponentKind, Given};
use vultus::licensing::testkit;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [folder, secret] = arguments.as_slice() else {
        return Err("usage: test_licence FOLDER SECRET_FILE".into());
    };
    let secret = std::fs::read(secret)?;
    let given = Given::new().bytes(ComponentKind::OemSecret, &secret);
    let device = Device::here(Path::new(folder))?
        .with_source(Box::new(given))
        .with_test_keys();
    let licence = testkit::licence_for(device.request()?)?;
    device.install(&testkit::sign(&licence))?;
    Ok(())
}
