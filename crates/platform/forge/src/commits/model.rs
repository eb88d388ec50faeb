//! Commits as values.

use rampart_kernel::{Timestamp, WorkspaceId};
use serde::Serialize;
use utoipa::ToSchema;

use crate::fields::{BranchName, CommitHash};
use crate::model::RepositoryId;

rampart_kernel::id! {
    /// A commit of a repository.
    CommitId,
}

rampart_kernel::named! {
    /// How far a commit has come.
    pub enum CommitStatus {
        Queued = "queued",
        Analyzing = "analyzing",
        Completed = "completed",
        Failed = "failed",
        /// A later one was pushed with it, and is looked at instead.
        Skipped = "skipped",
    }
}

/// A commit of a repository. What it says of itself nobody has checked.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Commit {
    #[schema(value_type = String)]
    pub id: CommitId,
    #[serde(skip)]
    pub workspace: WorkspaceId,
    #[schema(value_type = String)]
    pub hash: CommitHash,
    /// Its first seven digits.
    pub short_hash: String,
    /// Empty until the commit was fetched.
    pub message: String,
    pub author: String,
    pub author_email: Option<String>,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub authored_at: Option<Timestamp>,
    #[schema(value_type = String)]
    pub branch: BranchName,
    #[schema(value_type = String)]
    pub repository_id: RepositoryId,
    pub repository_name: String,
    #[schema(value_type = String)]
    pub status: CommitStatus,
    /// Of the scan that looked at it last.
    pub scan_id: Option<String>,
    /// Open findings after that scan.
    pub vulnerabilities_found: Option<u32>,
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
}
