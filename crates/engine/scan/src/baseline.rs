//! Only what a change introduced: the files that differ from a commit, in both states, and the findings that only the new state has.
//!
//! The repository is as hostile as its files: its own configuration must not make git run anything.

use std::collections::HashMap;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use rampart_report::model::{Suppression, SuppressionKind};
use rampart_syntax::Lang;

use crate::fingerprint::uncounted;
use crate::{Content, Outcome, Part, Reach, RuleFile, Target};

#[derive(Debug, thiserror::Error)]
pub enum GitError {
    #[error("git could not be started: {0}")]
    Start(io::Error),
    #[error("{} is not in a git repository", .0.display())]
    NoRepository(PathBuf),
    #[error("`{0}` is not a commit of this repository")]
    NoCommit(String),
    #[error("git {command} failed: {message}")]
    Failed { command: String, message: String },
    #[error("git answered in a way that was not understood: {0}")]
    Answer(&'static str),
}

/// Which files matter to a change beside those that it is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Beyond {
    None,
    /// Those that data could come from or go to.
    Flows,
    /// All: findings in any two files may be joined.
    Joins,
}

impl Beyond {
    pub fn of(rules: &[RuleFile], dataflow: Reach) -> Beyond {
        // The rules are read elsewhere; a rule file that has the word for another reason costs time, and nothing else.
        let joins = rules.iter().any(|file| file.text.contains("join:") || file.text.contains("\"join\""));
        match dataflow {
            _ if joins => Beyond::Joins,
            Reach::Project => Beyond::Flows,
            _ => Beyond::None,
        }
    }
}

/// What differs between the merge base with a commit and the work tree.
pub struct Change {
    git: Git,
    /// The folder that git's paths are relative to, without links.
    top: PathBuf,
    /// By path in the work tree: the id of the old content, when there was one.
    files: HashMap<PathBuf, Option<String>>,
}

impl Change {
    /// What has changed since `reference` and this branch parted, in commits, in the index and in the work tree; new files that
    /// git does not ignore are among it.
    ///
    /// # Errors
    /// When `folder` is in no repository or `reference` is no commit of it.
    pub fn since(reference: &str, folder: &Path) -> Result<Change, GitError> {
        let mut git = Git { folder: folder.to_owned(), settings: Vec::new() };
        let top = git.run(&["rev-parse", "--show-toplevel"]).map_err(|error| match error {
            GitError::Failed { .. } => GitError::NoRepository(folder.to_owned()),
            error => error,
        })?;
        let top = bytes_to_path(top.trim_ascii_end());
        git.settings = git.filters_off();
        let commit = format!("{reference}^{{commit}}");
        let commit = git
            .run(&["rev-parse", "--verify", "--quiet", "--end-of-options", &commit])
            .map_err(|_| GitError::NoCommit(reference.to_owned()))?;
        let commit = text(commit.trim_ascii())?;
        // Histories without a common commit are compared as they stand.
        let base = git
            .run(&["merge-base", "HEAD", &commit])
            .ok()
            .and_then(|base| text(base.trim_ascii()).ok())
            .unwrap_or(commit);
        let diff = git.run(&[
            "diff",
            "--raw",
            "-z",
            "--no-abbrev",
            "--find-renames",
            "--no-ext-diff",
            "--no-textconv",
            "--ignore-submodules",
            "--no-relative",
            &base,
            "--",
        ])?;
        let mut files = changed(&diff)?;
        let top_git = Git { folder: top.clone(), settings: git.settings.clone() };
        let new = top_git.run(&["ls-files", "--others", "--exclude-standard", "-z"])?;
        files.extend(new.split(|&b| b == 0).filter(|name| !name.is_empty()).map(|name| (bytes_to_path(name), None)));
        Ok(Change { git: top_git, top, files })
    }

    /// The targets that changed, and beside each the state before the change; then those that did not and matter all the same. `root`
    /// is what the targets were found below.
    ///
    /// # Errors
    /// When the old content cannot be read from git.
    pub fn narrow(
        &self,
        targets: Vec<Target>,
        root: &Path,
        max_file_bytes: u64,
        beyond: Beyond,
    ) -> Result<Vec<Target>, GitError> {
        let top = std::fs::canonicalize(&self.top).unwrap_or_else(|_| self.top.clone());
        let real_root = std::fs::canonicalize(root).unwrap_or_else(|_| root.to_owned());
        let (mut kept, mut others) = (Vec::new(), Vec::new());
        let mut old: Option<OldFiles> = None;
        for target in targets {
            let Content::File(path) = &target.source else { continue };
            let real = real_root.join(path.strip_prefix(root).unwrap_or(path));
            let Some(before) = real.strip_prefix(&top).ok().and_then(|name| self.files.get(name)) else {
                others.push(target);
                continue;
            };
            if let Some(id) = before {
                let old = match &mut old {
                    Some(old) => old,
                    None => old.insert(OldFiles::open(&self.git)?),
                };
                if let Some(bytes) = old.read(id, max_file_bytes)? {
                    let source = Content::Bytes(bytes.into());
                    kept.push(Target { source, any_form: true, part: Part::Before, ..target.clone() });
                }
            }
            kept.push(target);
        }
        kept.extend(around(&kept, others, beyond));
        Ok(kept)
    }

    /// Whether a path of the report, relative to `root`, changed.
    pub fn has(&self, path: &str, root: &Path) -> bool {
        let real = std::fs::canonicalize(root).unwrap_or_else(|_| root.to_owned()).join(path);
        let top = std::fs::canonicalize(&self.top).unwrap_or_else(|_| self.top.clone());
        real.strip_prefix(top).is_ok_and(|name| self.files.contains_key(name))
    }
}

/// Of the files that did not change, those that matter to the ones that did.
fn around(changed: &[Target], mut others: Vec<Target>, beyond: Beyond) -> Vec<Target> {
    // Data stays within a language.
    let mut langs: Vec<Lang> = changed.iter().filter_map(|target| target.lang).collect();
    langs.sort_unstable();
    langs.dedup();
    let meets = |lang: Lang| langs.iter().any(|&l| l == lang || l.is_script() && lang.is_script());
    others.retain(|target| match beyond {
        Beyond::None => false,
        Beyond::Flows => target.lang.is_some_and(meets),
        Beyond::Joins => !changed.is_empty(),
    });
    others.iter_mut().for_each(|target| target.part = Part::Around);
    others
}

/// Marks the findings that were there before as suppressed by the baseline. As many are marked as there were, of equal ones the first.
/// Those that have nothing to do with the change, as data flow between files that did not change, are taken out.
pub fn subtract(outcome: &mut Outcome, change: &Change, root: &Path) {
    let mut before: HashMap<String, usize> = HashMap::new();
    for finding in outcome.before.iter().filter(|finding| finding.suppressed.is_none()) {
        if let Some(signature) = finding.fingerprints.get("match/v1") {
            *before.entry(uncounted(signature).to_owned()).or_default() += 1;
        }
    }
    for finding in outcome.findings.iter_mut().filter(|finding| finding.suppressed.is_none()) {
        let Some(signature) = finding.fingerprints.get("match/v1") else { continue };
        if let Some(left) = before.get_mut(uncounted(signature)).filter(|left| **left > 0) {
            *left -= 1;
            finding.suppressed =
                Some(Suppression { kind: SuppressionKind::Baseline, comment: String::new(), reason: None, line: None });
        }
    }
    let mut known: HashMap<String, bool> = HashMap::new();
    let mut changed = |path: &str| match known.get(path) {
        Some(changed) => *changed,
        None => *known.entry(path.to_owned()).or_insert(change.has(path, root)),
    };
    outcome.findings.retain(|finding| {
        finding.suppressed.is_none() || changed(&finding.path) || finding.trace.iter().any(|step| changed(&step.path))
    });
}

/// Reads `git diff --raw -z`: for each path of the new state the id of the old content.
fn changed(diff: &[u8]) -> Result<HashMap<PathBuf, Option<String>>, GitError> {
    let mut fields = diff.split(|&byte| byte == 0).filter(|field| !field.is_empty());
    let mut files = HashMap::new();
    while let Some(head) = fields.next() {
        let head = text(head)?;
        let parts: Vec<&str> = head.trim_start_matches(':').split(' ').collect();
        let [old_mode, _, old_id, _, status] = parts[..] else {
            return Err(GitError::Answer("a line of `git diff --raw`"));
        };
        let mut path = fields.next().ok_or(GitError::Answer("a path of `git diff --raw`"))?;
        // Renames and copies have the old path first.
        if status.starts_with(['R', 'C']) {
            path = fields.next().ok_or(GitError::Answer("a new path of `git diff --raw`"))?;
        }
        // Only regular files have an old content: no links, no submodules.
        let old = (old_mode.starts_with("100") && status != "A").then(|| old_id.to_owned());
        files.insert(bytes_to_path(path), old);
    }
    Ok(files)
}

#[derive(Clone)]
struct Git {
    folder: PathBuf,
    settings: Vec<String>,
}

impl Git {
    fn command(&self) -> Command {
        let mut command = Command::new("git");
        command.arg("--no-pager").args(["-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null"]);
        command.args(self.settings.iter().flat_map(|setting| ["-c", setting]));
        command.arg("-C").arg(&self.folder).stdin(Stdio::null()).stderr(Stdio::piped());
        for name in [
            "GIT_DIR",
            "GIT_WORK_TREE",
            "GIT_INDEX_FILE",
            "GIT_EXTERNAL_DIFF",
            "GIT_DIFF_OPTS",
            "GIT_CONFIG_PARAMETERS",
        ] {
            command.env_remove(name);
        }
        // A partial clone would fetch what it lacks, and fetching runs programs that the repository names.
        command
            .env("GIT_NO_LAZY_FETCH", "1")
            .env("GIT_TERMINAL_PROMPT", "0")
            .env("GIT_OPTIONAL_LOCKS", "0")
            .env("LC_ALL", "C");
        command
    }

    fn run(&self, args: &[&str]) -> Result<Vec<u8>, GitError> {
        let output = self.command().args(args).output().map_err(GitError::Start)?;
        if output.status.success() {
            return Ok(output.stdout);
        }
        let message = String::from_utf8_lossy(&output.stderr).lines().next().unwrap_or("").to_owned();
        Err(GitError::Failed { command: args[0].to_owned(), message })
    }

    /// Settings that take the programs out of the filters that the repository defines: comparing a file would run them.
    fn filters_off(&self) -> Vec<String> {
        let names = self.run(&["config", "--null", "--name-only", "--get-regexp", "^filter\\."]).unwrap_or_default();
        let names = names.split(|&byte| byte == 0).filter_map(|name| std::str::from_utf8(name).ok());
        let mut filters: Vec<&str> = names.filter_map(|name| Some(name.rsplit_once('.')?.0)).collect();
        filters.sort_unstable();
        filters.dedup();
        let off = |filter: &str| {
            let settings = ["clean=", "smudge=", "process=", "required=false"];
            settings.map(|setting| format!("{filter}.{setting}"))
        };
        filters.into_iter().flat_map(off).collect()
    }
}

/// `git cat-file --batch`, asked for one object at a time.
struct OldFiles {
    child: std::process::Child,
    input: std::process::ChildStdin,
    output: BufReader<std::process::ChildStdout>,
}

impl OldFiles {
    fn open(git: &Git) -> Result<OldFiles, GitError> {
        let mut command = git.command();
        command.args(["cat-file", "--batch"]).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().map_err(GitError::Start)?;
        match (child.stdin.take(), child.stdout.take()) {
            (Some(input), Some(output)) => Ok(OldFiles { child, input, output: BufReader::new(output) }),
            _ => Err(GitError::Answer("no pipe to `git cat-file`")),
        }
    }

    /// The content of an object; `None` when it is missing, no file, or larger than `limit`.
    fn read(&mut self, id: &str, limit: u64) -> Result<Option<Vec<u8>>, GitError> {
        self.ask(id, limit)
            .map_err(|error| GitError::Failed { command: "cat-file".to_owned(), message: error.to_string() })
    }

    fn ask(&mut self, id: &str, limit: u64) -> io::Result<Option<Vec<u8>>> {
        writeln!(self.input, "{id}")?;
        self.input.flush()?;
        let mut head = String::new();
        self.output.read_line(&mut head)?;
        let mut parts = head.trim_end().split(' ').skip(1);
        let (Some(kind), Some(size)) = (parts.next(), parts.next().and_then(|size| size.parse::<u64>().ok())) else {
            return Ok(None);
        };
        // The content is followed by a line end; what is too large is read past.
        let mut bytes = Vec::new();
        let mut content = self.output.by_ref().take(size + 1);
        if kind != "blob" || size > limit {
            io::copy(&mut content, &mut io::sink())?;
            return Ok(None);
        }
        content.read_to_end(&mut bytes)?;
        bytes.pop();
        Ok(Some(bytes))
    }
}

impl Drop for OldFiles {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn text(bytes: &[u8]) -> Result<String, GitError> {
    String::from_utf8(bytes.to_vec()).map_err(|_| GitError::Answer("not UTF-8"))
}

#[cfg(unix)]
fn bytes_to_path(bytes: &[u8]) -> PathBuf {
    use std::os::unix::ffi::OsStrExt;
    PathBuf::from(std::ffi::OsStr::from_bytes(bytes))
}

#[cfg(not(unix))]
fn bytes_to_path(bytes: &[u8]) -> PathBuf {
    PathBuf::from(String::from_utf8_lossy(bytes).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn raw_diffs_are_read() {
        let (a, b) = ("a".repeat(40), "b".repeat(40));
        let diff = format!(
            ":100644 100644 {a} {b} M\0x\ny.py\0:000000 100644 {b} {b} A\0new.py\0:100644 100644 {b} {b} R095\0from.py\0to.py\0\
             :120000 100644 {a} {b} T\0link\0"
        );
        let files = changed(diff.as_bytes()).unwrap();
        let check = |path: &str, old: Option<&str>| assert_eq!(files[Path::new(path)].as_deref(), old, "{path}");
        check("x\ny.py", Some(&a));
        check("new.py", None);
        check("to.py", Some(&b));
        check("link", None);
        assert_eq!(files.len(), 4);
        assert!(changed(b":broken\0x\0").is_err());
    }
}
