//! Copies of files to scan, so that both tools see the same ones.
//!
//! The two leave out different files of a repository by themselves: tests and examples here, built files there. What Semgrep has
//! scanned is copied to a folder of its own, in which Rampart leaves out nothing.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use anyhow::Context;
use tempfile::TempDir;

/// A temporary folder with files of a repository, at the paths they have there.
pub struct Stage {
    folder: TempDir,
    /// Relative, sorted.
    files: Vec<PathBuf>,
}

impl Stage {
    /// # Errors
    /// When a file cannot be copied.
    pub fn of(repo: &Path, files: &[PathBuf]) -> anyhow::Result<Stage> {
        let folder = tempfile::tempdir()?;
        let mut files = files.to_vec();
        files.sort();
        for file in &files {
            let to = folder.path().join(file);
            std::fs::create_dir_all(to.parent().unwrap_or(folder.path()))?;
            std::fs::copy(repo.join(file), &to).with_context(|| format!("cannot copy {}", file.display()))?;
        }
        Ok(Stage { folder, files })
    }

    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// One file of every `step`: folders and sizes are mixed as in the whole.
    pub fn every(&self, step: usize) -> anyhow::Result<Stage> {
        let files: Vec<PathBuf> = self.files.iter().step_by(step).cloned().collect();
        Stage::of(self.folder(), &files)
    }

    /// One file of one short line, in the language that most of the files have.
    pub fn one_line(&self) -> anyhow::Result<Stage> {
        let mut counts: BTreeMap<&OsStr, usize> = BTreeMap::new();
        for extension in self.files.iter().filter_map(|file| file.extension()) {
            *counts.entry(extension).or_default() += 1;
        }
        let most =
            counts.into_iter().max_by_key(|(_, count)| *count).map_or(OsStr::new("txt"), |(extension, _)| extension);
        let file = PathBuf::from("one").with_extension(most);
        let folder = tempfile::tempdir()?;
        std::fs::write(folder.path().join(&file), "x = 1\n")?;
        Ok(Stage { folder, files: vec![file] })
    }
}
