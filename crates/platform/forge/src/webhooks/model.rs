//! Deliveries as values.

use axum::body::Bytes;

use super::signature::Signature;
use crate::model::RepositoryId;

rampart_kernel::id! {
    /// What a forge told once.
    DeliveryId,
}

rampart_kernel::named! {
    /// What became of a delivery.
    pub enum DeliveryStatus {
        Received = "received",
        Queued = "queued",
        Processed = "processed",
        /// It says nothing that is to be done.
        Ignored = "ignored",
        Rejected = "rejected",
        Failed = "failed",
    }
}

rampart_kernel::named! {
    /// What GitHub tells of and we listen to.
    pub enum GithubEvent {
        Push = "push",
        PullRequest = "pull_request",
        PullRequestReview = "pull_request_review",
        IssueComment = "issue_comment",
        Ping = "ping",
        Installation = "installation",
        InstallationRepositories = "installation_repositories",
    }
}

/// What came in, as it came.
pub struct Incoming {
    pub signature: Signature,
    /// Which repository the address of the hook names.
    pub repository: Option<String>,
    pub event: String,
    /// By which the forge knows the delivery, again and again when it is sent again.
    pub delivery: String,
    pub only_pull_requests: bool,
    pub body: Bytes,
}

/// What is said of a delivery that was rightly signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Taken {
    /// Something follows from it.
    Accepted,
    /// Nothing follows, and why.
    Ignored(&'static str),
}

/// A delivery for one repository.
pub struct Delivered<'a> {
    pub id: DeliveryId,
    pub delivery: &'a str,
    pub event: GithubEvent,
    pub repository: Option<RepositoryId>,
}
