//! Takes the grant of the tool's demonstrations.

use vultus::{Config, Grant, Sdk};

fn main() {
    let sdk = Sdk::open(&Config::new("models/lite"), Grant::demo());
    println!("{:?}", sdk.is_ok());
}
