//! The facts that this module publishes.

use rampart_realtime::Feed;
use rampart_store::Event;
use serde::{Deserialize, Serialize};

use crate::access::ReadRepositories;
use crate::commits::model::CommitId;
use crate::fields::{BranchName, CommitHash};
use crate::model::RepositoryId;
use crate::pulls::model::{PullRequestAction, PullRequestId};

/// A repository was connected, or connected again. Without a head it holds no commit yet.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RepositoryConnected {
    pub repository_id: RepositoryId,
    pub full_name: String,
    pub branch: BranchName,
    pub hash: Option<CommitHash>,
}

impl Event for RepositoryConnected {
    const NAME: &'static str = "repository.connected";
}

/// What is done with a repository was changed.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RepositoryUpdated {
    pub repository_id: RepositoryId,
    pub full_name: String,
}

impl Event for RepositoryUpdated {
    const NAME: &'static str = "repository.updated";
}

/// A repository is looked at no more.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RepositoryDisconnected {
    pub repository_id: RepositoryId,
    pub full_name: String,
}

impl Event for RepositoryDisconnected {
    const NAME: &'static str = "repository.disconnected";
}

/// A watched branch has a new head.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PushReceived {
    pub repository_id: RepositoryId,
    pub commit_id: CommitId,
    pub branch: BranchName,
    pub hash: CommitHash,
}

impl Event for PushReceived {
    const NAME: &'static str = "push.received";
}

/// A pull request was opened, changed or closed. What was analyzed of it before counts only while its head is `head`.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PullRequestUpdated {
    pub repository_id: RepositoryId,
    pub pull_request_id: PullRequestId,
    pub number: u32,
    pub head: CommitHash,
    pub base_branch: BranchName,
    pub action: PullRequestAction,
}

impl Event for PullRequestUpdated {
    const NAME: &'static str = "pull_request.updated";
}

macro_rules! told {
    ($($(#[$meta:meta])* $type:ident = $name:literal;)+) => {$(
        $(#[$meta])*
        #[derive(Serialize)]
        #[serde(rename_all = "camelCase")]
        pub struct $type {
            pub pr_id: PullRequestId,
            pub repo_id: RepositoryId,
            pub pr_number: u32,
            pub head_sha: CommitHash,
        }

        impl Event for $type {
            const NAME: &'static str = $name;
        }
    )+};
}

// The same as `PullRequestUpdated`, under the documented names and with the documented keys, for sockets.
told! {
    /// A pull request was opened, or opened again.
    PullRequestOpened = "pr.opened";
    /// A pull request has another head, or another base.
    PullRequestSynchronized = "pr.synchronized";
    /// A pull request was closed; also by being merged.
    PullRequestClosed = "pr.closed";
}

/// Somebody reviewed a pull request.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PullRequestReviewed {
    pub pr_id: PullRequestId,
    pub repository_id: RepositoryId,
    /// Their name at the forge.
    pub author: String,
    /// `approved`, `changes_requested`, `commented`.
    pub verdict: String,
}

impl Event for PullRequestReviewed {
    const NAME: &'static str = "pr.reviewed";
}

/// Somebody wrote a comment at a pull request. For listeners inside: what is told outside is a comment that was kept.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PullRequestCommented {
    pub pr_id: PullRequestId,
    pub repository_id: RepositoryId,
    /// Of the comment, at the forge.
    pub external_id: String,
    /// Their name at the forge.
    pub author: String,
    /// Their number there.
    #[serde(default)]
    pub author_id: String,
    /// A program wrote it; it may be this one.
    pub by_bot: bool,
    /// It was written as this program writes, which people may do too, whose account it uses.
    #[serde(default)]
    pub by_own_account: bool,
    /// At most 65,536 characters; it may say anything.
    pub text: String,
}

impl Event for PullRequestCommented {
    const NAME: &'static str = "pull_request.commented";
}

/// What of it goes out over sockets.
pub fn feed() -> Feed {
    Feed::new()
        .to_workspace::<RepositoryConnected, ReadRepositories>()
        .to_workspace::<RepositoryUpdated, ReadRepositories>()
        .to_workspace::<RepositoryDisconnected, ReadRepositories>()
        .to_workspace::<PullRequestOpened, ReadRepositories>()
        .to_workspace::<PullRequestSynchronized, ReadRepositories>()
        .to_workspace::<PullRequestClosed, ReadRepositories>()
        .to_workspace::<PullRequestReviewed, ReadRepositories>()
}
