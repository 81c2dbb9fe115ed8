//! Runs the embedder of a pack that a licence for detection opened.

use vultus::Sdk;

fn embedder(sdk: &Sdk) {
    let _ = sdk.pack().networks()[0].runner();
}

fn main() {}
