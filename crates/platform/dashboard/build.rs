//! Takes the built dashboard along, or the page that says how to build it.

use std::path::Path;

/// Relative, as `load_directory` wants it.
const BUILT: &str = "../../../web/dist";
const PLACEHOLDER: &str = "placeholder";

fn main() {
    // The folder is always there; what is in it comes and goes.
    println!("cargo::rerun-if-changed={BUILT}");
    // As it is now: where this script was compiled may have been another copy of the project, with the same target folder.
    let here = std::env::var_os("CARGO_MANIFEST_DIR").expect("cargo says where a package is");
    let built = Path::new(&here).join(BUILT).join("index.html").exists();
    memory_serve::load_directory(if built { BUILT } else { PLACEHOLDER });
}
