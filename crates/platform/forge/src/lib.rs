//! Where code comes from: repositories, their commits, and the forges they lie in.
//!
//! A repository is connected to a workspace, and mirrored in the data folder when it is scanned. It lies on this machine, in a folder
//! below one of the roots that the operator has opened (`docs/decisions/0006-local-git.md`), or at GitHub or GitLab ([`remote`]), which
//! tell by webhooks what happens to it; what was not heard is found by looking. What is fetched is hostile: the git program runs
//! hardened ([`git`]), and what a commit holds is counted before it is written anywhere.
//!
//! Owns repositories, their branches, commits and pull requests, deliveries, and the cache of file trees. Knows nothing of scans: it says what was connected and
//! pushed by its events, and takes down what others tell it of a scan.

mod access;
mod accounts;
mod commits;
mod error;
mod events;
mod fields;
pub mod git;
mod github;
mod gitlab;
mod installations;
mod jobs;
mod model;
mod module;
mod pulls;
pub mod remote;
mod repositories;
mod service;
mod settings;
mod webhooks;

pub use access::{ConnectForges, DisconnectRepositories, ManageRepositories, ReadRepositories, RecordScans};
pub use commits::model::{Commit, CommitId, CommitStatus};
pub use error::Error;
pub use events::{
    PullRequestCommented, PullRequestUpdated, PushReceived, RepositoryConnected, RepositoryDisconnected,
    RepositoryUpdated,
};
pub use fields::{BranchName, CommitHash};
pub use github::GithubSettings;
pub use gitlab::GitlabSettings;
pub use model::{Provider, Repository, RepositoryId, RepositorySettings, ScanStatus, Threshold};
pub use module::{MIGRATIONS, Module, SEALED, module};
pub use pulls::model::{
    PullRequest, PullRequestAction, PullRequestId, PullRequestState, PullRequestStatus, SeenPullRequest,
};
pub use pulls::store::PullRequestFilter;
pub use remote::{CHECK, ForgeClient};
pub use repositories::at_forge::Guarded;
pub use repositories::connect::Connect;
pub use repositories::service::{Listing, Shown};
pub use repositories::store::{Counts, Measured};
pub use service::{Fetched, Forge, Ground};
pub use settings::ForgeSettings;
pub use webhooks::github::GithubEvent;
pub use webhooks::signature::sign;
