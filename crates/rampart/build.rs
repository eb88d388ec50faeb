//! Packs the rules of `rules/` into one file that the binary carries: name, NUL, text, NUL, again and again.

use std::path::{Path, PathBuf};
use std::{env, fs};

fn main() {
    // Where it is now: a build script that was kept from a build elsewhere has the path of that one.
    let manifest = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").expect("set by cargo"));
    let folder = manifest.join("../../rules");
    // A folder stands for everything below it.
    println!("cargo::rerun-if-changed={}", folder.display());
    let mut files = Vec::new();
    collect(&folder, &mut files);
    assert!(!files.is_empty(), "{} holds no rules", folder.display());
    files.sort();
    let mut archive = Vec::new();
    for file in files {
        let name = file.strip_prefix(&folder).expect("found below it").to_string_lossy().replace('\\', "/");
        let text = fs::read(&file).expect("a rule file can be read");
        assert!(!text.contains(&0), "{name} holds a NUL");
        archive.extend([name.as_bytes(), &[0], &text, &[0]].concat());
    }
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("set by cargo")).join("rules.pack");
    fs::write(out, archive).expect("the build folder can be written");
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        let name = entry.file_name().to_string_lossy().into_owned();
        if path.is_dir() {
            collect(&path, files);
        } else if (name.ends_with(".yaml") || name.ends_with(".yml")) && !name.contains(".test.") {
            files.push(path);
        }
    }
}
