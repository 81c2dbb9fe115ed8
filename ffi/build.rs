//! Gives the shared library the name under which it is installed.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let system = std::env::var("CARGO_CFG_TARGET_OS").unwrap_or_default();
    // The number is that of VULTUS_ABI_VERSION: programs of another one do not find this library.
    if matches!(system.as_str(), "linux" | "android") {
        println!("cargo::rustc-cdylib-link-arg=-Wl,-soname,libvultus.so.1");
    }
}
