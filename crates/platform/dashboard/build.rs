//! Takes the built dashboard along, or the page that says how to build it.

use std::path::Path;

/// Relative, as `load_directory` wants it; a build script runs in its package's folder.
const BUILT: &str = "../../../web/dist";
const PLACEHOLDER: &str = "placeholder";

fn main() {
    // The folder is always there; what is in it comes and goes.
    println!("cargo::rerun-if-changed={BUILT}");
    let built = Path::new(BUILT).join("index.html").exists();
    memory_serve::load_directory(if built { BUILT } else { PLACEHOLDER });
}
