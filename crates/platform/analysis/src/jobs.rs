//! Later work: scans of repositories and of pushed commits, the nightly round, and removing what is old.

use std::time::Duration;

use rampart_forge::{BranchName, CommitHash, PullRequestId, RepositoryId};
use rampart_jobs::{Job, Queue, Schedule};
use serde::{Deserialize, Serialize};

use crate::model::ScanId;

/// Runs of a scan in all, the first included.
const ATTEMPTS: u32 = 4;

/// How long a scan may take, all in all.
pub const SCAN_LIMIT: Duration = Duration::from_secs(15 * 60);

/// Scans of one process at the same time; each has processes of its own.
const SCANS: Queue = Queue {
    name: "scan-jobs",
    concurrency: 5,
    // A little more: a scan that takes too long says so itself.
    timeout: Duration::from_secs(15 * 60 + 30),
    attempts: ATTEMPTS,
};

/// Housekeeping of all modules: one at a time, so that it stands in nobody's way.
const MAINTENANCE: Queue =
    Queue { name: "maintenance", concurrency: 1, timeout: Duration::from_secs(30 * 60), attempts: 4 };

/// Scans a repository where its branch is.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ScanRepository {
    pub scan: ScanId,
    pub repository: RepositoryId,
}

impl Job for ScanRepository {
    const KIND: &'static str = "scan_repository";
    const QUEUE: Queue = SCANS;

    fn dedupe_key(&self) -> Option<String> {
        Some(format!("scan:{}", self.scan))
    }

    fn exclusive_key(&self) -> Option<String> {
        Some(format!("repository:{}", self.repository))
    }
}

/// Scans a commit that was pushed.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct AnalyzeCommit {
    pub scan: ScanId,
    pub repository: RepositoryId,
    pub hash: CommitHash,
}

impl Job for AnalyzeCommit {
    const KIND: &'static str = "analyze_commit";
    const QUEUE: Queue = SCANS;

    fn dedupe_key(&self) -> Option<String> {
        Some(format!("commit:{}:{}", self.repository, self.hash))
    }

    fn exclusive_key(&self) -> Option<String> {
        Some(format!("repository:{}", self.repository))
    }
}

/// Scans the head of a pull request, and the commit at which the change began.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct AnalyzePullRequest {
    pub scan: ScanId,
    pub repository: RepositoryId,
    pub pull: PullRequestId,
    pub head: CommitHash,
    /// Where it is to go: into another branch it is another change.
    pub base: BranchName,
}

impl Job for AnalyzePullRequest {
    const KIND: &'static str = "analyze_pull_request";
    const QUEUE: Queue = SCANS;

    fn dedupe_key(&self) -> Option<String> {
        Some(format!("pr:{}:{}:{}", self.pull, self.head, self.base))
    }

    fn exclusive_key(&self) -> Option<String> {
        Some(format!("repository:{}", self.repository))
    }
}

/// Queues a full scan of every repository with automatic scans.
#[derive(Default, Serialize, Deserialize)]
pub struct ScanAll {}

impl Job for ScanAll {
    const KIND: &'static str = "scan_all";
    const QUEUE: Queue = MAINTENANCE;

    fn dedupe_key(&self) -> Option<String> {
        Some("scans.nightly".to_owned())
    }
}

/// Removes reports that were kept for as long as they are.
#[derive(Default, Serialize, Deserialize)]
pub struct CleanReports {}

impl Job for CleanReports {
    const KIND: &'static str = "clean_reports";
    const QUEUE: Queue = MAINTENANCE;

    fn dedupe_key(&self) -> Option<String> {
        Some("reports.cleanup".to_owned())
    }
}

pub fn schedules() -> Vec<Schedule> {
    vec![
        Schedule::new::<ScanAll>("scans.nightly", "0 2 * * *"),
        Schedule::new::<CleanReports>("reports.cleanup", "0 2 * * *"),
    ]
}
