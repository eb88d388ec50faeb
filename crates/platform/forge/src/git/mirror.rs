//! A bare mirror of a repository in the data folder: fetched into, and read from.

use std::path::{Path, PathBuf};

use rampart_programs::Program;

use super::error::{Error, Result};
use super::remote::Source;
use super::{FETCH_LIMIT, Git, READ_LIMIT};
use crate::fields::{BranchName, CommitHash};
use crate::model::RepositoryId;

/// What git says of a fetch, which is nothing but mistakes.
const FETCH_WORDS: u64 = 1_000_000;

/// A mirror. Whoever fetches into it does so alone: jobs of one repository exclude each other.
#[derive(Clone, Debug)]
pub struct Mirror {
    git: Git,
    folder: PathBuf,
}

impl Mirror {
    /// Where the mirror of a repository is, or will be.
    pub fn new(git: &Git, folder: &Path, id: RepositoryId) -> Mirror {
        Mirror { git: git.clone(), folder: folder.join(format!("{id}.git")) }
    }

    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Brings a branch to where it is in the repository, and what it needs with it; the commit that it is then at.
    ///
    /// # Errors
    /// [`Error::NoCommit`] when there is no such branch; when the repository cannot be read or is too large.
    pub async fn fetch(&self, source: &Source, branch: &BranchName) -> Result<CommitHash> {
        let heads = super::heads(&self.git, source).await?;
        let head = heads.branches.get(branch).ok_or(Error::NoCommit)?;
        let full = branch.full();
        self.fetch_into(source, &format!("+{full}:{full}"), head.is_sha256()).await?;
        self.tidy().await;
        self.resolve(&full).await
    }

    /// Brings a commit that no watched branch has, if the repository still has it.
    ///
    /// # Errors
    /// [`Error::NoCommit`] when it has not.
    pub async fn fetch_commit(&self, source: &Source, hash: &CommitHash) -> Result<()> {
        if self.has(hash).await {
            return Ok(());
        }
        match self.fetch_into(source, hash.as_str(), hash.is_sha256()).await {
            Ok(()) if self.has(hash).await => Ok(()),
            Ok(()) | Err(Error::Refused(_)) => Err(Error::NoCommit),
            Err(error) => Err(error),
        }
    }

    /// Brings the head of a pull request, which the forge keeps under this full name. What it is then at.
    ///
    /// # Errors
    /// [`Error::NoCommit`] when there is no such pull request; when the repository cannot be read.
    pub async fn fetch_pull(&self, source: &Source, name: &str, sha256: bool) -> Result<CommitHash> {
        match self.fetch_into(source, &format!("+{name}:{name}"), sha256).await {
            Ok(()) => self.resolve(name).await,
            Err(Error::Refused(_)) => Err(Error::NoCommit),
            Err(error) => Err(error),
        }
    }

    /// Where two commits parted; nothing when they have nothing in common.
    ///
    /// # Errors
    /// [`Error::NoCommit`] when one of them is not here.
    pub async fn merge_base(&self, one: &CommitHash, other: &CommitHash) -> Result<Option<CommitHash>> {
        if !self.has(one).await || !self.has(other).await {
            return Err(Error::NoCommit);
        }
        // It says nothing, and fails, when there is none.
        let found = self.read(&["merge-base", one.as_str(), other.as_str()], 200).await;
        Ok(found.ok().and_then(|output| std::str::from_utf8(&output).ok()?.trim().parse().ok()))
    }

    /// A mirror that was cut off while it was written to may hold locks of nobody: it is only a copy, and made anew.
    async fn fetch_into(&self, source: &Source, what: &str, sha256: bool) -> Result<()> {
        let is_new = !self.folder.exists();
        let done = match self.make(sha256).await {
            Ok(()) => self.fetch_ref(source, what).await,
            Err(error) => Err(error),
        };
        match done {
            // What a forge refuses says nothing of our mirror, and to bring everything again is much to ask of it.
            Err(Error::Refused(_)) if matches!(source, Source::Forge(_)) => done,
            Err(Error::Refused(_) | Error::Mirror(_) | Error::Program(rampart_programs::Error::Failed { .. }))
                if !is_new =>
            {
                self.remove().await?;
                self.make(sha256).await?;
                self.fetch_ref(source, what).await
            }
            done => done,
        }
    }

    /// Packs what many small fetches left, when it is worth it. Nothing is lost when it fails.
    async fn tidy(&self) {
        let settings = ["-c", "gc.auto=2000", "-c", "gc.autoPackLimit=20", "-c", "gc.autoDetach=false"];
        let program = self.git.program().args(settings).arg(self.git_dir()).args(["gc", "--auto", "--quiet"]);
        if let Err(error) = program.output(FETCH_WORDS, FETCH_LIMIT).await {
            tracing::warn!(%error, mirror = %self.folder.display(), "a mirror cannot be packed");
        }
    }

    async fn fetch_ref(&self, source: &Source, what: &str) -> Result<()> {
        let program = source.program(&self.git).arg(self.git_dir()).args([
            "fetch",
            "--quiet",
            "--no-tags",
            "--no-recurse-submodules",
            "--no-write-fetch-head",
            "--no-auto-maintenance",
            "--",
        ]);
        let done = program.arg(source.argument()).arg(what).output(FETCH_WORDS, FETCH_LIMIT).await;
        done.map(drop).map_err(|error| source.refused(error))
    }

    /// An empty mirror, unless there is one.
    async fn make(&self, sha256: bool) -> Result<()> {
        if self.folder.join("HEAD").exists() {
            return Ok(());
        }
        let format = if sha256 { "--object-format=sha256" } else { "--object-format=sha1" };
        let program = self.git.program().args(["init", "--quiet", "--bare", format, "--"]).arg(&self.folder);
        program.output(FETCH_WORDS, READ_LIMIT).await?;
        Ok(())
    }

    /// The commit that something stands for: a full name of a ref, or a hash.
    pub(super) async fn resolve(&self, what: &str) -> Result<CommitHash> {
        let what = format!("{what}^{{commit}}");
        let found = self.read(&["rev-parse", "--verify", "--quiet", "--end-of-options", &what], 200).await;
        let output = found.map_err(|_| Error::NoCommit)?;
        let text = std::str::from_utf8(&output).map_err(|_| Error::Answer("a hash"))?;
        text.trim().parse().map_err(|_| Error::Answer("a hash"))
    }

    /// Where a branch was at the last fetch.
    ///
    /// # Errors
    /// [`Error::NoCommit`] when it was not fetched.
    pub async fn head(&self, branch: &BranchName) -> Result<CommitHash> {
        self.resolve(&branch.full()).await
    }

    pub async fn has(&self, hash: &CommitHash) -> bool {
        self.folder.join("HEAD").exists() && self.resolve(hash.as_str()).await.is_ok()
    }

    /// Gone for good.
    ///
    /// # Errors
    /// When it cannot be removed.
    pub async fn remove(&self) -> Result<()> {
        match tokio::fs::remove_dir_all(&self.folder).await {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                Err(Error::Folder { path: self.folder.clone(), error })
            }
            _ => Ok(()),
        }
    }

    pub(super) fn program(&self) -> Program {
        // Nothing is to be fetched by who only reads.
        self.git.program().env("GIT_ALLOW_PROTOCOL", "none").arg(self.git_dir())
    }

    pub(super) async fn read(&self, arguments: &[&str], most: u64) -> Result<Vec<u8>> {
        Ok(self.program().args(arguments).output(most, READ_LIMIT).await?)
    }

    fn git_dir(&self) -> std::ffi::OsString {
        let mut argument = std::ffi::OsString::from("--git-dir=");
        argument.push(&self.folder);
        argument
    }
}
