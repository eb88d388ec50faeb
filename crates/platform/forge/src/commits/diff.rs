//! What commits and pull requests change, as far as they were fetched: for people who read code.

use rampart_access::Ctx;

use crate::error::Error;
use crate::fields::CommitHash;
use crate::git::{self, Diff};
use crate::model::RepositoryId;
use crate::pulls::model::PullRequest;
use crate::service::{Forge, Result};

const OF_COMMIT: Error = Error::NotFetched("the commit was not fetched: scan it, and its changes are shown");
const OF_PULL: Error = Error::NotFetched("the pull request was not fetched yet: analyse it, and its changes are shown");

impl Forge {
    /// What a commit changes of its first parent; of one file by itself, with a `path`, more lines are shown.
    ///
    /// # Errors
    /// [`Error::NotFetched`]; as [`Forge::get_commit`]; [`Error::Git`] when the file does not differ.
    pub async fn diff_of_commit(
        &self,
        ctx: &Ctx,
        digits: &str,
        repository: Option<RepositoryId>,
        path: Option<&str>,
    ) -> Result<Diff> {
        let commit = self.get_commit(ctx, digits, repository).await?;
        let mirror = self.mirror(commit.repository_id);
        let described = mirror.describe(&commit.hash).await.map_err(|error| fetched(error, OF_COMMIT))?;
        let diff = mirror.diff(described.parent.as_ref(), &commit.hash, path).await;
        diff.map_err(|error| fetched(error, OF_COMMIT))
    }

    /// What a pull request changes from where it parted from its base branch. `looked_at` is from where to where, if that is known.
    ///
    /// # Errors
    /// As [`Forge::diff_of_commit`].
    pub async fn diff_of_pull_request(
        &self,
        ctx: &Ctx,
        pull: &PullRequest,
        looked_at: Option<(CommitHash, CommitHash)>,
        path: Option<&str>,
    ) -> Result<Diff> {
        let mirror = self.mirror(self.get_repository(ctx, pull.repo_id).await?.id());
        let diff = async {
            let (from, to) = match looked_at {
                Some((from, to)) => (Some(from), to),
                None => {
                    let base = match &pull.base_sha {
                        // Once it is merged the branch has all of it.
                        Some(base) if mirror.has(base).await => base.clone(),
                        _ => mirror.head(&pull.base_branch).await?,
                    };
                    (mirror.merge_base(&base, &pull.head_sha).await?, pull.head_sha.clone())
                }
            };
            mirror.diff(from.as_ref(), &to, path).await
        };
        diff.await.map_err(|error| fetched(error, OF_PULL))
    }
}

/// Says what to do when a commit is not in the mirror.
fn fetched(error: git::Error, otherwise: Error) -> Error {
    match error {
        git::Error::NoCommit => otherwise,
        error => error.into(),
    }
}
