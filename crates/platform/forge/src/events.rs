//! The facts that this module publishes.

use rampart_realtime::Feed;
use rampart_store::Event;
use serde::{Deserialize, Serialize};

use crate::access::ReadRepositories;
use crate::commits::model::CommitId;
use crate::fields::{BranchName, CommitHash};
use crate::model::RepositoryId;

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

/// What of it goes out over sockets.
pub fn feed() -> Feed {
    Feed::new()
        .to_workspace::<RepositoryConnected, ReadRepositories>()
        .to_workspace::<RepositoryUpdated, ReadRepositories>()
        .to_workspace::<RepositoryDisconnected, ReadRepositories>()
}
