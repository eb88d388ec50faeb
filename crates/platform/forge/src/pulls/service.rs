//! The use cases of pull requests, and what modules above ask of them.

use rampart_access::{Ctx, Granted, Permission};
use rampart_kernel::uuid::Uuid;
use rampart_store::{Reader, Tx};
use rampart_web::{Page, Paged};

use super::model::{PullRequest, PullRequestAction, PullRequestId, PullRequestStatus, SeenPullRequest};
use super::store::{self, PullRequestFilter};
use crate::access::{ManageRepositories, ReadRepositories, RecordScans};
use crate::events::{PullRequestClosed, PullRequestOpened, PullRequestSynchronized, PullRequestUpdated};
use crate::fields::CommitHash;
use crate::model::RepositoryId;
use crate::service::{Forge, Result};

impl Forge {
    /// # Errors
    /// When there is none in the caller's workspace.
    pub async fn get_pull_request(&self, ctx: &Ctx, id: PullRequestId) -> Result<PullRequest> {
        let granted = ctx.require::<ReadRepositories>()?;
        Ok(store::get(&mut self.store.read().await?, &granted, id).await?)
    }

    /// The newest first.
    ///
    /// # Errors
    /// When the caller has no part in the workspace.
    pub async fn list_pull_requests(
        &self,
        ctx: &Ctx,
        filter: &PullRequestFilter,
        page: Page,
    ) -> Result<Paged<PullRequest>> {
        let granted = ctx.require::<ReadRepositories>()?;
        let (items, total) = store::list(&mut self.store.read().await?, &granted, filter, page).await?;
        Ok(Paged { items, total, page })
    }

    /// As [`Forge::get_pull_request`], as part of something larger and by whatever proof that is done.
    ///
    /// # Errors
    /// When there is none in the workspace of the proof.
    pub async fn pull_request_in<P: Permission>(
        &self,
        reader: &mut Reader,
        granted: &Granted<P>,
        id: PullRequestId,
    ) -> rampart_store::Result<PullRequest> {
        store::get(reader, granted, id).await
    }

    /// As [`Forge::pull_request_in`], held until the end of the transaction.
    ///
    /// # Errors
    /// When there is none in the workspace of the proof.
    pub async fn lock_pull_request_in<P: Permission>(
        &self,
        tx: &mut Tx,
        granted: &Granted<P>,
        id: PullRequestId,
    ) -> rampart_store::Result<PullRequest> {
        store::lock(tx, granted, id).await
    }

    /// The one with this number at its forge.
    ///
    /// # Errors
    /// As the database answers.
    pub async fn find_pull_request_in<P: Permission>(
        &self,
        reader: &mut Reader,
        granted: &Granted<P>,
        repository: RepositoryId,
        number: u32,
    ) -> rampart_store::Result<Option<PullRequest>> {
        store::find(reader, granted, repository, number).await
    }

    /// Notes what a forge says of a pull request, and says so; nothing when something later is known already.
    ///
    /// # Errors
    /// As the database answers.
    pub async fn note_pull_request_in(
        &self,
        tx: &mut Tx,
        granted: &Granted<ManageRepositories>,
        repository_id: RepositoryId,
        seen: &SeenPullRequest,
        action: PullRequestAction,
    ) -> rampart_store::Result<Option<PullRequestId>> {
        let Some(id) = store::note(tx, granted, repository_id, seen, action).await? else { return Ok(None) };
        tx.emit(&PullRequestUpdated {
            repository_id,
            pull_request_id: id,
            number: seen.number,
            head: seen.head.clone(),
            base_branch: seen.base_branch.clone(),
            action,
        });
        let (pr_id, repo_id, pr_number, head_sha) = (id, repository_id, seen.number, seen.head.clone());
        match action {
            PullRequestAction::Opened | PullRequestAction::Reopened => {
                tx.emit(&PullRequestOpened { pr_id, repo_id, pr_number, head_sha });
            }
            PullRequestAction::Synchronized => {
                tx.emit(&PullRequestSynchronized { pr_id, repo_id, pr_number, head_sha });
            }
            PullRequestAction::Closed | PullRequestAction::Merged => {
                tx.emit(&PullRequestClosed { pr_id, repo_id, pr_number, head_sha });
            }
        }
        Ok(Some(id))
    }

    /// How far the analysis of a head has come, by which scan; whether that head is the pull request's still. Of another nothing is
    /// written.
    ///
    /// # Errors
    /// As the database answers.
    pub async fn record_pull_request(
        &self,
        tx: &mut Tx,
        granted: &Granted<RecordScans>,
        pull: (PullRequestId, &CommitHash),
        status: PullRequestStatus,
        scan: Option<Uuid>,
    ) -> rampart_store::Result<bool> {
        store::record(tx, granted, pull, status, scan).await
    }

    /// The check run at the forge that tells of it; none when there is to be another.
    ///
    /// # Errors
    /// As the database answers.
    pub async fn record_check_run(
        &self,
        tx: &mut Tx,
        granted: &Granted<RecordScans>,
        id: PullRequestId,
        check_run: Option<&str>,
    ) -> rampart_store::Result<()> {
        store::record_check_run(tx, granted, id, check_run).await
    }
}
