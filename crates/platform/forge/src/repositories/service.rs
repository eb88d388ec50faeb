//! The use cases of repositories.

use std::time::Duration;

use rampart_access::Ctx;
use rampart_access::audit::Record;
use rampart_kernel::{Origin, Timestamp};
use rampart_web::{Page, Paged};
use serde_json::{Value, json};

use super::heads::{self, BranchAt};
use super::store::{self, Filter};
use crate::access::{ManageRepositories, ReadRepositories};
use crate::commits;
use crate::error::Error;
use crate::events::{PushReceived, RepositoryDisconnected, RepositoryUpdated};
use crate::fields::{BranchName, CommitHash};
use crate::git;
use crate::model::{Provider, Repository, RepositoryId, RepositorySettings};
use crate::service::{Forge, Result, system};

/// How long the tree of a branch is kept.
const TREE_KEPT: Duration = Duration::from_secs(3_600);

/// Bytes of a file that is shown.
const SHOWN_BYTES: u64 = 1_000_000;

/// Repositories in one query of a look.
const ROUND: i64 = 500;

/// Bytes of a path that is asked for.
const PATH_LENGTH: usize = 1_024;

/// What is to be changed; the rest stays.
#[derive(Clone, Debug, Default)]
pub struct Change {
    pub default_branch: Option<BranchName>,
    pub active: Option<bool>,
    pub auto_scan: Option<bool>,
    pub auto_fix: Option<bool>,
    pub settings: Option<RepositorySettings>,
}

/// The files of a branch.
#[derive(Clone, Debug)]
pub struct Listing {
    pub branch: BranchName,
    pub hash: CommitHash,
    pub expires_at: Timestamp,
    /// `[{path, type, size}]`, in the order of paths.
    pub tree: Value,
}

/// A file of a commit.
#[derive(Clone, Debug)]
pub struct Shown {
    pub hash: CommitHash,
    pub text: String,
}

impl Forge {
    /// A page of the connected ones.
    ///
    /// # Errors
    /// When the caller has no part in the workspace.
    pub async fn list_repositories(&self, ctx: &Ctx, filter: &Filter, page: Page) -> Result<Paged<Repository>> {
        let granted = ctx.require::<ReadRepositories>()?;
        let (items, total) = store::list(&mut self.store.read().await?, &granted, filter, page).await?;
        Ok(Paged { items, total, page })
    }

    /// # Errors
    /// [`Error::Field`] for settings that cannot be; when there is none in the caller's workspace.
    pub async fn change_repository(&self, ctx: &Ctx, id: RepositoryId, change: Change) -> Result<Repository> {
        let granted = ctx.require::<ManageRepositories>()?;
        if let Some(settings) = &change.settings {
            settings.check().map_err(|(field, what)| Error::Field { field, what })?;
        }
        let mut tx = self.store.begin(ctx).await?;
        let before = store::lock(&mut tx, &granted, id).await?;
        let mut repository = before.clone();
        repository.default_branch = change.default_branch.unwrap_or(repository.default_branch);
        repository.active = change.active.unwrap_or(repository.active);
        let summary = &mut repository.summary;
        summary.auto_scan_enabled = change.auto_scan.unwrap_or(summary.auto_scan_enabled);
        summary.auto_fix_enabled = change.auto_fix.unwrap_or(summary.auto_fix_enabled);
        repository.settings = change.settings.unwrap_or(repository.settings);
        store::save(&mut tx, &granted, &repository).await?;
        let record = Record::new("repository.updated", "repository").of(id).changed(shown(&before), shown(&repository));
        self.audit.record(&mut tx, ctx, record).await?;
        let full_name = repository.summary.full_name.clone();
        match (before.active, repository.active) {
            (true, false) => tx.emit(&RepositoryDisconnected { repository_id: id, full_name }),
            // What was pushed meanwhile is found by the next look.
            _ => tx.emit(&RepositoryUpdated { repository_id: id, full_name }),
        }
        let repository = store::get(&mut tx, &granted, id).await?;
        tx.commit().await?;
        Ok(repository)
    }

    /// The files of a branch, as they were within the last hour.
    ///
    /// # Errors
    /// [`Error::Git`] when there is no such branch, or the repository cannot be read.
    pub async fn tree(&self, ctx: &Ctx, id: RepositoryId, branch: Option<BranchName>, fresh: bool) -> Result<Listing> {
        let repository = self.get_repository(ctx, id).await?;
        let branch = branch.unwrap_or_else(|| repository.default_branch.clone());
        let kept = commits::store::cached(&mut self.store.read().await?, id, &branch).await?;
        if let Some((hash, expires_at, tree)) = kept.filter(|(_, until, _)| !fresh && *until > ctx.now()) {
            return Ok(Listing { branch, hash, expires_at, tree });
        }
        // As far as it is fetched; before the first scan there is nothing to see.
        let mirror = self.mirror(id);
        let hash = mirror.head(&branch).await?;
        let listed = mirror.tree(&hash).await?;
        let kind = |kind| match kind {
            git::Kind::File => "file",
            git::Kind::Link => "link",
            git::Kind::Submodule => "submodule",
        };
        let entries = listed.entries.iter();
        let tree: Value = entries
            .map(|entry| json!({ "path": entry.shown(), "type": kind(entry.kind), "size": entry.size }))
            .collect();
        let expires_at = ctx.now() + TREE_KEPT;
        let mut tx = self.store.begin(ctx).await?;
        commits::store::keep_tree(&mut tx, id, &branch, (&hash, expires_at, tree.clone())).await?;
        tx.commit().await?;
        Ok(Listing { branch, hash, expires_at, tree })
    }

    /// A file of a commit that was fetched; `reference` is a branch or a whole hash, the default branch when nothing is said.
    ///
    /// # Errors
    /// [`Error::NotShown`] when it is no text or too large; [`Error::Git`] when there is none.
    pub async fn show_file(&self, ctx: &Ctx, id: RepositoryId, path: &str, reference: Option<&str>) -> Result<Shown> {
        let repository = self.get_repository(ctx, id).await?;
        if path.is_empty() || path.len() > PATH_LENGTH || path.contains('\0') {
            return Err(git::Error::NoFile.into());
        }
        let mirror = self.mirror(id);
        let hash = match reference {
            None => mirror.head(&repository.default_branch).await?,
            Some(text) => match text.parse::<CommitHash>() {
                Ok(hash) => hash,
                Err(_) => mirror.head(&text.parse().map_err(|_| git::Error::NoCommit)?).await?,
            },
        };
        let bytes = mirror.file(&hash, path, SHOWN_BYTES).await?.ok_or(Error::NotShown("it is larger than 1 MB"))?;
        let text = String::from_utf8(bytes).map_err(|_| Error::NotShown("it is no text in UTF-8"))?;
        Ok(Shown { hash, text })
    }

    /// Looks whether watched branches of local repositories have moved, and says so; how many have.
    ///
    /// # Errors
    /// As the database answers. A repository that cannot be read is passed over: its scans say why.
    pub async fn look(&self, origin: &Origin) -> Result<u64> {
        let (mut moved, mut after) = (0, None);
        if !self.places.any() {
            return Ok(0);
        }
        loop {
            let found = store::watched(&mut self.store.read().await?, Provider::Local, after, ROUND).await?;
            let Some(last) = found.last() else { return Ok(moved) };
            after = Some(last.id());
            for repository in &found {
                match self.look_at(origin, repository).await {
                    Ok(count) => moved += count,
                    Err(Error::Store(error)) => return Err(error.into()),
                    Err(error) => tracing::debug!(%error, repository = %repository.id(), "cannot be looked at"),
                }
            }
        }
    }

    /// Looks at one repository; how many of its watched branches have moved.
    pub(crate) async fn look_at(&self, origin: &Origin, repository: &Repository) -> Result<u64> {
        let source = self.source(repository).await?;
        let heads = git::heads(&self.git, &source).await?;
        let mut moved = 0;
        for branch in repository.watched() {
            let Some(head) = heads.branches.get(branch) else { continue };
            let known = heads::head(&mut self.store.read().await?, repository.id(), branch).await?;
            if known.is_none_or(|known| known.hash != *head) {
                moved += u64::from(self.note_push(origin, repository, branch, head).await?);
            }
        }
        Ok(moved)
    }

    /// Notes that a branch is at a commit now; whether that was news.
    async fn note_push(
        &self,
        origin: &Origin,
        repository: &Repository,
        branch: &BranchName,
        head: &CommitHash,
    ) -> Result<bool> {
        let ctx = system(origin, repository.workspace);
        let granted = ctx.require::<ManageRepositories>()?;
        let mut tx = self.store.begin(&ctx).await?;
        // Another process may look at the same time: the row decides.
        let current = store::lock(&mut tx, &granted, repository.id()).await?;
        let known = heads::head(&mut tx, repository.id(), branch).await?;
        if !current.active || known.is_some_and(|known| known.hash == *head) {
            return Ok(false);
        }
        heads::save_head(&mut tx, repository.id(), branch, head, None).await?;
        let commit_id = commits::store::note(&mut tx, repository.workspace, repository.id(), branch, head).await?;
        let at = BranchAt { repository: repository.id(), name: branch.clone() };
        commits::store::forget_trees(&mut tx, [&at]).await?;
        let (branch, hash) = (branch.clone(), head.clone());
        tx.emit(&PushReceived { repository_id: repository.id(), commit_id, branch, hash });
        tx.commit().await?;
        Ok(true)
    }
}

/// What people choose, for the audit record.
fn shown(repository: &Repository) -> Value {
    json!({
        "defaultBranch": repository.default_branch,
        "active": repository.active,
        "autoScanEnabled": repository.summary.auto_scan_enabled,
        "autoFixEnabled": repository.summary.auto_fix_enabled,
        "settings": repository.settings,
    })
}
