//! Later work: telling a pull request what came of it.

use std::time::Duration;

use rampart_analysis::{ScanId, Stage};
use rampart_forge::remote::Account;
use rampart_forge::{CommitHash, PullRequestId, RepositoryId};
use rampart_jobs::{Job, Queue};
use serde::{Deserialize, Serialize};

/// Calls to forges: they wait for others more than they work.
const INTEGRATIONS: Queue =
    Queue { name: "integrations", concurrency: 4, timeout: Duration::from_secs(10 * 60), attempts: 4 };

/// Makes the check and the comments of a head as they are to be by now.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct TellPullRequest {
    pub repository: RepositoryId,
    pub pull: PullRequestId,
    pub scan: ScanId,
    pub head: CommitHash,
    pub stage: Stage,
}

impl Job for TellPullRequest {
    const KIND: &'static str = "post_pr_comments";
    const QUEUE: Queue = INTEGRATIONS;

    fn dedupe_key(&self) -> Option<String> {
        Some(format!("tell:{}:{}", self.scan, self.stage))
    }

    /// One after the other: two that look for the same comment would each not find it.
    fn exclusive_key(&self) -> Option<String> {
        Some(format!("pull:{}", self.pull))
    }
}

/// Looks at a pull request again, as a comment asks, if its author may write to the repository. Forges say that only when asked.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct RescanAsAsked {
    pub repository: RepositoryId,
    pub pull: PullRequestId,
    pub author: Account,
}

impl Job for RescanAsAsked {
    const KIND: &'static str = "rescan_as_asked";
    const QUEUE: Queue = INTEGRATIONS;
}
