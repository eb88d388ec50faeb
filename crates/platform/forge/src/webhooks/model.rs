//! Deliveries as values.

use axum::body::Bytes;

use super::proof::Proof;
use crate::model::{Provider, RepositoryId};

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

/// What a delivery is about, whichever forge sends it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Push,
    PullRequest,
    Review,
    Comment,
    /// What installations of an app reach.
    Installation,
    /// Nothing that is looked at, and why.
    Nothing(&'static str),
}

/// What came in, as it came.
pub struct Incoming {
    pub provider: Provider,
    pub proof: Proof,
    /// Which repository the address of the hook names.
    pub repository: Option<String>,
    /// As the forge calls it.
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
    pub event: &'static str,
    pub repository: Option<RepositoryId>,
}
