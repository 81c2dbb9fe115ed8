//! Makes a permit without a licence.

use vultus::licensing::capability::Recognise;
use vultus::licensing::grant::{Grant, Permit};

fn main() {
    let _: Permit<Recognise> = Permit::default();
    let _ = Grant { everything: true };
}
