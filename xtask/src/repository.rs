//! The files of this repository, as tasks see them.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Context;

/// The root of the checkout that this program was built from.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("xtask stands in the root")
}

/// All files that are tracked or could be: relative to the root, `/` between parts, sorted. Without git, the folders that hold
/// the project's own files are walked.
pub fn files() -> anyhow::Result<Vec<String>> {
    let listed = Command::new("git")
        .args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
        .current_dir(root())
        .output();
    let mut files = match listed {
        Ok(output) if output.status.success() => {
            let text = String::from_utf8(output.stdout).context("a file name is not UTF-8")?;
            // Deleted files are listed until their removal is staged.
            text.split_terminator('\0').filter(|file| root().join(file).is_file()).map(str::to_owned).collect()
        }
        _ => walked()?,
    };
    files.sort();
    files.dedup();
    Ok(files)
}

/// Every file below a folder of the repository.
pub fn below(folder: &str) -> anyhow::Result<Vec<String>> {
    let mut files = Vec::new();
    walk(&root().join(folder), &mut files)?;
    files.sort();
    Ok(files)
}

pub fn read(file: &str) -> anyhow::Result<String> {
    std::fs::read_to_string(root().join(file)).with_context(|| format!("cannot read {file}"))
}

fn walked() -> anyhow::Result<Vec<String>> {
    let mut files = Vec::new();
    for folder in ["crates", "docs", "examples", "rules", "tests", "xtask"] {
        files.extend(below(folder)?);
    }
    for entry in std::fs::read_dir(root())? {
        let path = entry?.path();
        if path.is_file() {
            files.push(relative(&path));
        }
    }
    Ok(files)
}

fn walk(folder: &Path, files: &mut Vec<String>) -> anyhow::Result<()> {
    if !folder.is_dir() {
        return Ok(());
    }
    for entry in std::fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))? {
        let path: PathBuf = entry?.path();
        if path.is_dir() && !path.ends_with("node_modules") && !path.ends_with("target") {
            walk(&path, files)?;
        } else if path.is_file() {
            files.push(relative(&path));
        }
    }
    Ok(())
}

fn relative(path: &Path) -> String {
    path.strip_prefix(root()).unwrap_or(path).to_string_lossy().replace('\\', "/")
}
