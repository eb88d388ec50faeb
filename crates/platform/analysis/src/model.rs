//! Scans as values.

pub use rampart_findings::ScanId;
use rampart_forge::{BranchName, CommitHash, RepositoryId};
use rampart_kernel::{Timestamp, UserId, WorkspaceId};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

rampart_kernel::id! {
    /// A part of a scan: one tool.
    TaskId,
    /// A file that a scan left.
    ArtifactId,
}

rampart_kernel::named! {
    /// What is looked for.
    pub enum Kind {
        Security = "security",
        Analysis = "analysis",
    }
}

rampart_kernel::named! {
    /// What a scan was begun by.
    pub enum Trigger {
        /// A push.
        Webhook = "webhook",
        Manual = "manual",
        Scheduled = "scheduled",
        PullRequest = "pull_request",
        Import = "import",
        Api = "api",
    }
}

rampart_kernel::named! {
    /// How much is looked at.
    pub enum Mode {
        Full = "full",
        /// What a push changed; files that did not change are taken over from earlier scans.
        Incremental = "incremental",
    }
}

rampart_kernel::named! {
    /// Where a scan stands.
    pub enum Status {
        Created = "created",
        Queued = "queued",
        Running = "running",
        Completed = "completed",
        Failed = "failed",
        Cancelled = "cancelled",
    }
}

impl Status {
    pub fn is_over(self) -> bool {
        matches!(self, Status::Completed | Status::Failed | Status::Cancelled)
    }
}

rampart_kernel::named! {
    /// What a scan says of a finding.
    pub enum Seen {
        New = "new",
        Existing = "existing",
        Fixed = "fixed",
    }
}

rampart_kernel::named! {
    /// What a scan is at.
    pub enum Phase {
        Fetch = "fetch",
        Static = "static",
        Save = "save",
    }
}

rampart_kernel::named! {
    /// The kind of a part of a scan.
    pub enum TaskType {
        Static = "static",
        Dynamic = "dynamic",
        Graph = "graph",
        Ai = "ai",
    }
}

/// A look at one commit of a repository.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Scan {
    #[schema(value_type = String)]
    pub id: ScanId,
    #[serde(skip)]
    pub workspace: WorkspaceId,
    /// Who began it.
    #[serde(skip)]
    pub user: Option<UserId>,
    #[schema(value_type = String)]
    pub repository_id: RepositoryId,
    pub repository_name: String,
    pub project_id: Option<String>,
    /// Nothing until it is known where the branch is.
    #[schema(value_type = Option<String>)]
    pub commit_hash: Option<CommitHash>,
    #[schema(value_type = Option<String>)]
    pub branch: Option<BranchName>,
    pub pull_request_id: Option<String>,
    #[schema(value_type = String)]
    pub kind: Kind,
    #[schema(value_type = String)]
    pub trigger_type: Trigger,
    #[schema(value_type = String)]
    pub mode: Mode,
    #[schema(value_type = String)]
    pub status: Status,
    /// 0 to 100.
    pub progress: u32,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub started_at: Option<Timestamp>,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub completed_at: Option<Timestamp>,
    pub duration_ms: Option<i64>,
    pub files_scanned: u32,
    pub lines_scanned: u32,
    /// Open findings of the repository after the scan.
    pub vulnerabilities_found: u32,
    pub new_vulnerabilities: u32,
    pub fixed_vulnerabilities: u32,
    /// Open findings by severity.
    #[schema(value_type = Object)]
    pub severity_counts: Value,
    pub cache_hit: bool,
    pub report_available: bool,
    /// Of the repository as it was after the scan; nothing when it could not be rated.
    pub security_score: Option<u32>,
    pub error_message: Option<String>,
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
}

/// A part of a scan: one tool.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Task {
    #[schema(value_type = String)]
    pub id: TaskId,
    #[schema(value_type = String)]
    pub session_id: ScanId,
    #[serde(rename = "type")]
    #[schema(value_type = String)]
    pub kind: TaskType,
    pub tool: String,
    pub status: String,
    #[schema(value_type = Option<Object>)]
    pub result: Option<Value>,
    pub error_message: Option<String>,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub started_at: Option<Timestamp>,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub finished_at: Option<Timestamp>,
    pub duration_seconds: Option<i64>,
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
}
