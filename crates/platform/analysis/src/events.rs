//! The facts that this module publishes.

use rampart_forge::{CommitHash, PullRequestId, RepositoryId};
use rampart_kernel::Timestamp;
use rampart_realtime::Feed;
use rampart_store::Event;
use serde::{Deserialize, Serialize};

use crate::access::ReadScans;
use crate::model::{Phase, ScanId, Trigger};

macro_rules! event {
    ($(#[$meta:meta])* $type:ident = $name:literal { $($field:ident: $of:ty),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Serialize)]
        #[serde(rename_all = "camelCase")]
        pub struct $type {
            $(pub $field: $of),+
        }

        impl Event for $type {
            const NAME: &'static str = $name;
        }
    };
}

event! {
    /// A scan waits for its turn.
    ScanQueued = "scan.queued" { repository_id: RepositoryId, scan_id: ScanId }
}

event! {
    /// A scan begins. Both names of the repository are of documented shapes.
    ScanStarted = "scan.started" {
        repo_id: RepositoryId,
        repository_id: RepositoryId,
        scan_id: ScanId,
        start_time: Timestamp,
        trigger: Trigger,
    }
}

event! {
    /// How far a scan is: at most every five seconds, and when a phase begins.
    ScanProgress = "scan.progress" {
        repo_id: RepositoryId,
        repository_id: RepositoryId,
        scan_id: ScanId,
        progress: u32,
        phase: Phase,
        files_scanned: u32,
    }
}

event! {
    /// A scan came to its end; `duration` in milliseconds, the score null when the repository cannot be rated.
    ScanCompleted = "scan.completed" {
        repo_id: RepositoryId,
        repository_id: RepositoryId,
        scan_id: ScanId,
        total_vulns: u32,
        new_vulns: u32,
        fixed_vulns: u32,
        duration: i64,
        security_score: Option<u32>,
    }
}

event! {
    /// A scan came to no end.
    ScanFailed = "scan.failed" {
        repo_id: RepositoryId,
        repository_id: RepositoryId,
        scan_id: ScanId,
        error: String,
    }
}

event! {
    /// A scan came to what an earlier one of the same code had come to, and did not look again.
    CacheHit = "cache.hit" { repository_id: RepositoryId, session_id: ScanId, code_hash: String, language: Option<String> }
}

event! {
    /// Somebody ended a scan.
    ScanCancelled = "scan.cancelled" { repository_id: RepositoryId, scan_id: ScanId }
}

rampart_kernel::named! {
    /// How far the analysis of a head has come.
    pub enum Stage {
        /// It waits for its turn.
        Queued = "queued",
        /// Both sides were looked at.
        Completed = "completed",
        /// They could not be.
        Failed = "failed",
        /// Somebody has ended it.
        Cancelled = "cancelled",
    }
}

/// There is something to say of a pull request.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ChangeAnalysis {
    pub repository_id: RepositoryId,
    pub pull_request_id: PullRequestId,
    pub scan_id: ScanId,
    pub head: CommitHash,
    pub stage: Stage,
}

impl Event for ChangeAnalysis {
    const NAME: &'static str = "change.analysis";
}

/// What of it goes out over sockets.
pub fn feed() -> Feed {
    Feed::new()
        .to_workspace::<ScanQueued, ReadScans>()
        .to_workspace::<ScanStarted, ReadScans>()
        .to_workspace::<ScanProgress, ReadScans>()
        .to_workspace::<ScanCompleted, ReadScans>()
        .to_workspace::<ScanFailed, ReadScans>()
        .to_workspace::<CacheHit, ReadScans>()
        .to_workspace::<ScanCancelled, ReadScans>()
}
