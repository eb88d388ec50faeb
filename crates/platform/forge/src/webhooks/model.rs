//! Deliveries as values.

use std::sync::OnceLock;

use axum::body::Bytes;
use rampart_kernel::{Timestamp, WorkspaceId};
use serde_json::Value;

use super::proof::Proof;
use super::told::about;
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
    /// The number, at its forge, of the repository that it is about, once it was looked for.
    pub about: OnceLock<Option<String>>,
}

impl Incoming {
    /// Nothing when it is about none or cannot be read.
    pub fn about(&self) -> Option<&str> {
        self.about.get_or_init(|| about(self.provider, &self.body)).as_deref()
    }
}

/// What is said of a delivery that was rightly signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Taken {
    /// Something follows from it.
    Accepted,
    /// Nothing follows, and why.
    Ignored(&'static str),
}

/// A delivery as it was noted.
#[derive(Clone, Debug)]
pub struct Delivery {
    pub id: DeliveryId,
    pub provider: Provider,
    /// By which the forge knows it.
    pub delivery: String,
    pub event: String,
    pub repository: Option<RepositoryId>,
    /// As people call it.
    pub repository_name: Option<String>,
    pub workspace: Option<WorkspaceId>,
    pub status: DeliveryStatus,
    /// Why nothing followed.
    pub error: Option<String>,
    /// Jobs that have replayed it, the last ones.
    pub jobs: Vec<String>,
    pub received_at: Timestamp,
    pub processed_at: Option<Timestamp>,
}

/// A delivery with what it said.
#[derive(Clone, Debug)]
pub struct WholeDelivery {
    pub delivery: Delivery,
    pub headers: Value,
    /// Of a large one only its size: `{ "bytes": … }`.
    pub payload: Value,
}

impl WholeDelivery {
    /// Whether all that it said is kept.
    pub fn is_whole(&self) -> bool {
        self.payload.as_object().is_none_or(|fields| !(fields.len() == 1 && fields.contains_key("bytes")))
    }
}
