//! The two programs, run with settings that ask the same of both.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Context;
use serde_json::Value;

use crate::repository::root;

use super::process::{Usage, measure, output};

/// What is installed when no Semgrep is named. A newer one is a decision: figures of two versions are not compared.
const SEMGREP: &str = "semgrep==1.182.0";

/// Larger files are skipped by both.
const MAX_FILE_BYTES: &str = "1000000";

/// Semgrep gives up on a rule on a file after this long, Rampart on a file.
const TIMEOUT_SECONDS: &str = "30";

pub struct Semgrep {
    program: PathBuf,
    pub version: String,
}

impl Semgrep {
    /// The named program, or one from PyPI in a virtual environment in the user's cache folder, made when it is not there.
    ///
    /// # Errors
    /// When it cannot be installed or does not tell its version.
    pub fn find(program: Option<&Path>) -> anyhow::Result<Semgrep> {
        let program = match program {
            Some(program) => std::path::absolute(program)?,
            None => install()?,
        };
        let version = output(Command::new(&program).args(["--version", "--disable-version-check"]))
            .with_context(|| format!("{} does not run", program.display()))?;
        Ok(Semgrep { program, version })
    }

    /// Scans a folder with one thread; the report goes to `out`.
    pub fn scan(&self, folder: &Path, rules: &Path, out: &Path) -> anyhow::Result<Usage> {
        let mut command = Command::new(&self.program);
        command
            .current_dir(folder)
            .arg("scan")
            .arg("--config")
            .arg(rules)
            .args(["--metrics=off", "--disable-version-check", "--json", "--no-git-ignore", "--quiet", "-j", "1"])
            .args(["--max-target-bytes", MAX_FILE_BYTES, "--timeout", TIMEOUT_SECONDS, "."]);
        succeeded(measure(&mut command, out, &out.with_extension("err"))?, out)
    }
}

fn install() -> anyhow::Result<PathBuf> {
    let cache = std::env::var_os("XDG_CACHE_HOME")
        .map(PathBuf::from)
        .or_else(|| std::env::home_dir().map(|home| home.join(".cache")))
        .context("no cache folder: name a program with --semgrep")?;
    let folder = cache.join("rampart-bench").join(SEMGREP.replace("==", "-"));
    let program = folder.join("bin/semgrep");
    if !program.is_file() {
        eprintln!("installing {SEMGREP} in {}", folder.display());
        run(Command::new("python3").args(["-m", "venv"]).arg(&folder))?;
        run(Command::new(folder.join("bin/pip")).args(["install", "--quiet", "--disable-pip-version-check", SEMGREP]))?;
    }
    Ok(program)
}

pub struct Rampart {
    program: PathBuf,
    pub version: String,
}

impl Rampart {
    /// The named program, or the release build of this checkout.
    ///
    /// # Errors
    /// When it does not build or run.
    pub fn find(program: Option<&Path>) -> anyhow::Result<Rampart> {
        let program = match program {
            Some(program) => std::path::absolute(program)?,
            None => build()?,
        };
        let version = output(Command::new(&program).arg("--version"))
            .with_context(|| format!("{} does not run", program.display()))?;
        let version = version.strip_prefix("rampart ").unwrap_or(&version).to_owned();
        Ok(Rampart { program, version })
    }

    /// Scans a folder or file with `jobs` threads; the report goes to `out`.
    pub fn scan(&self, folder: &Path, rules: &Path, jobs: usize, out: &Path) -> anyhow::Result<Usage> {
        let mut command = Command::new(&self.program);
        command
            .current_dir(folder)
            .arg("scan")
            .arg("--config")
            .arg(rules)
            .args(["--format", "json", "--quiet", "--no-ignore", "--jobs", &jobs.to_string()])
            .args(["--max-file-size", MAX_FILE_BYTES, "--timeout", TIMEOUT_SECONDS, "."]);
        succeeded(measure(&mut command, out, &out.with_extension("err"))?, out)
    }
}

fn build() -> anyhow::Result<PathBuf> {
    let root = root();
    run(Command::new("cargo")
        .args(["build", "--quiet", "--locked", "--release", "--package", "rampart"])
        .current_dir(root))?;
    let metadata =
        output(Command::new("cargo").args(["metadata", "--format-version", "1", "--no-deps"]).current_dir(root))
            .context("cargo metadata failed")?;
    let metadata: Value = serde_json::from_str(&metadata)?;
    let target = metadata["target_directory"].as_str().context("cargo names no target folder")?;
    Ok(Path::new(target).join("release/rampart"))
}

/// The commit of a checkout, with `-dirty` when files differ from it; nothing when the folder is not the root of one.
pub fn commit(checkout: &Path) -> Option<String> {
    let git = |args: &[&str]| output(Command::new("git").arg("-C").arg(checkout).args(args));
    let top = git(&["rev-parse", "--show-toplevel"])?;
    (Path::new(&top) == checkout.canonicalize().ok()?)
        .then(|| git(&["describe", "--always", "--dirty", "--exclude=*"]))?
}

fn run(command: &mut Command) -> anyhow::Result<()> {
    let status = command.status().with_context(|| format!("cannot start {}", command.get_program().display()))?;
    anyhow::ensure!(status.success(), "{} failed: {status}", command.get_program().display());
    Ok(())
}

/// Neither tool is asked to fail on findings: another exit code than 0 means that there is no complete report.
fn succeeded(usage: Usage, out: &Path) -> anyhow::Result<Usage> {
    let err = out.with_extension("err");
    anyhow::ensure!(usage.exit == 0, "{} ended with {}; see {}", usage.command.join(" "), usage.exit, err.display());
    Ok(usage)
}
