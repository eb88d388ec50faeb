//! What commits and pull requests change, for who may read findings and with them the code that they are in.

use rampart_access::Ctx;
use rampart_findings::ReadFindings;
use rampart_forge::git::Diff;
use rampart_forge::{PullRequestId, RepositoryId};

use crate::model::ScanId;
use crate::service::{Analysis, Result};
use crate::store;

impl Analysis {
    /// What a commit changes of its first parent; of one file by itself, with a `path`, more lines are shown.
    ///
    /// # Errors
    /// When there is none in the caller's workspace, or it was not fetched, or the file does not differ.
    pub async fn diff_of_commit(
        &self,
        ctx: &Ctx,
        digits: &str,
        repository: Option<RepositoryId>,
        path: Option<&str>,
    ) -> Result<Diff> {
        ctx.require::<ReadFindings>()?;
        Ok(self.forge.diff_of_commit(ctx, digits, repository, path).await?)
    }

    /// What a pull request changes: between the commits that were looked at last, so that what was found stands where it was found.
    ///
    /// # Errors
    /// As [`Analysis::diff_of_commit`].
    pub async fn diff_of_pull_request(&self, ctx: &Ctx, id: PullRequestId, path: Option<&str>) -> Result<Diff> {
        let granted = ctx.require::<ReadFindings>()?;
        let pull = self.forge.get_pull_request(ctx, id).await?;
        let looked_at = match pull.analysis_id.as_deref().and_then(|id| id.parse::<ScanId>().ok()) {
            Some(scan) => {
                let mut reader = self.store.read().await?;
                let base = store::base_of(&mut reader, &granted, scan).await?;
                base.zip(store::get(&mut reader, &granted, scan).await?.commit_hash)
            }
            None => None,
        };
        Ok(self.forge.diff_of_pull_request(ctx, &pull, looked_at, path).await?)
    }
}
