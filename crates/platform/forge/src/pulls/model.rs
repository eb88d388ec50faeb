//! Pull requests as values.

use rampart_kernel::{Timestamp, WorkspaceId};
use serde::Serialize;
use utoipa::ToSchema;

use crate::fields::{BranchName, CommitHash};
use crate::model::RepositoryId;

rampart_kernel::id! {
    /// A pull request, or a merge request.
    PullRequestId,
}

rampart_kernel::named! {
    /// How far the analysis of its latest head has come.
    pub enum PullRequestStatus {
        Pending = "pending",
        Analyzing = "analyzing",
        Completed = "completed",
        Failed = "failed",
    }
}

rampart_kernel::named! {
    /// How it stands at the forge.
    pub enum PullRequestState {
        Open = "open",
        /// Without being merged.
        Closed = "closed",
        Merged = "merged",
    }
}

rampart_kernel::named! {
    /// What became of a pull request.
    pub enum PullRequestAction {
        Opened = "opened",
        Reopened = "reopened",
        /// It has another head, or is to go into another branch.
        Synchronized = "synchronized",
        /// Without being merged.
        Closed = "closed",
        Merged = "merged",
    }
}

impl PullRequestAction {
    /// Whether there is something to look at that was not there before.
    pub fn is_news(self) -> bool {
        matches!(self, PullRequestAction::Opened | PullRequestAction::Reopened | PullRequestAction::Synchronized)
    }

    pub fn state(self) -> PullRequestState {
        match self {
            PullRequestAction::Opened | PullRequestAction::Reopened | PullRequestAction::Synchronized => {
                PullRequestState::Open
            }
            PullRequestAction::Closed => PullRequestState::Closed,
            PullRequestAction::Merged => PullRequestState::Merged,
        }
    }
}

/// A pull request of a connected repository. Whoever opened it wrote its texts: they may say anything.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PullRequest {
    #[schema(value_type = String)]
    pub id: PullRequestId,
    #[serde(skip)]
    pub workspace: WorkspaceId,
    #[schema(value_type = String)]
    pub repo_id: RepositoryId,
    pub pr_number: u32,
    pub pr_title: String,
    pub pr_url: String,
    #[schema(value_type = String)]
    pub status: PullRequestStatus,
    #[schema(value_type = String)]
    pub state: PullRequestState,
    /// Of the scan that looked at it last.
    pub analysis_id: Option<String>,
    pub author: String,
    /// Where it comes from: a branch of the repository, or of a fork, which may be named in any way.
    pub branch: String,
    #[schema(value_type = String)]
    pub base_branch: BranchName,
    #[schema(value_type = String)]
    pub head_sha: CommitHash,
    /// Where the base branch was when it was opened or brought up to date. The change begins at the merge base of the two.
    #[serde(skip)]
    pub base_sha: Option<CommitHash>,
    /// Of the check run at the forge that tells of it.
    #[serde(skip)]
    pub check_run_id: Option<String>,
    /// Whether it comes from another repository, whose people need not be trusted.
    #[serde(skip)]
    pub from_fork: bool,
    #[serde(skip)]
    pub is_rampart_fix: bool,
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    pub updated_at: Timestamp,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub analyzed_at: Option<Timestamp>,
}

/// What a forge says of a pull request.
#[derive(Clone, Debug, PartialEq)]
pub struct SeenPullRequest {
    pub number: u32,
    pub title: String,
    pub url: String,
    /// Nothing where it is not said.
    pub author: Option<String>,
    pub branch: String,
    pub from_fork: bool,
    pub base_branch: BranchName,
    pub head: CommitHash,
    pub base: Option<CommitHash>,
    /// When it was so, by the forge's clock: what was seen earlier does not take the place of what was seen later.
    pub at: Timestamp,
}
