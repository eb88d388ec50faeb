//! Sessions and artifacts as they are answered.

use rampart_forge::RepositoryId;
use rampart_kernel::{Timestamp, UserId};
use rampart_objects::{ObjectName, Objects};
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;

use crate::model::{ArtifactId, Scan, ScanId, Status};

/// How a session is analysed. The first way scans and keeps a report; the others come with their modules.
pub const VERSION: &str = "v1";

/// A scan, in the words of sessions.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AnalysisSession {
    #[schema(value_type = String)]
    id: ScanId,
    /// The same as `id`.
    #[schema(value_type = String)]
    session_id: ScanId,
    #[schema(value_type = Option<String>)]
    user_id: Option<UserId>,
    project_id: Option<String>,
    #[schema(value_type = String)]
    repository_id: RepositoryId,
    version: &'static str,
    #[schema(value_type = String)]
    status: Status,
    /// 0 to 100.
    progress: u32,
    #[schema(value_type = Option<String>, format = DateTime)]
    started_at: Option<Timestamp>,
    #[schema(value_type = Option<String>, format = DateTime)]
    finished_at: Option<Timestamp>,
    error_message: Option<String>,
    /// Of what it is: repository, branch, commit, what began it, and how much it looks at.
    #[schema(value_type = Object)]
    metadata: Value,
    cache_hit: bool,
    /// What came of it, in numbers.
    #[schema(value_type = Object)]
    summary: Value,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
}

impl From<Scan> for AnalysisSession {
    fn from(scan: Scan) -> AnalysisSession {
        AnalysisSession {
            id: scan.id,
            session_id: scan.id,
            user_id: scan.user,
            project_id: scan.project_id,
            repository_id: scan.repository_id,
            version: VERSION,
            status: scan.status,
            progress: scan.progress,
            started_at: scan.started_at,
            finished_at: scan.completed_at,
            error_message: scan.error_message,
            metadata: json!({
                "repositoryName": scan.repository_name,
                "branch": scan.branch,
                "commitHash": scan.commit_hash,
                "pullRequestId": scan.pull_request_id,
                "triggerType": scan.trigger_type,
                "mode": scan.mode,
            }),
            cache_hit: scan.cache_hit,
            summary: json!({
                "durationMs": scan.duration_ms,
                "filesScanned": scan.files_scanned,
                "linesScanned": scan.lines_scanned,
                "vulnerabilitiesFound": scan.vulnerabilities_found,
                "newVulnerabilities": scan.new_vulnerabilities,
                "fixedVulnerabilities": scan.fixed_vulnerabilities,
                "severityCounts": scan.severity_counts,
                "securityScore": scan.security_score,
            }),
            created_at: scan.created_at,
        }
    }
}

rampart_kernel::named! {
    /// What a file of a session is.
    pub enum ArtifactType {
        Report = "report",
        Patch = "patch",
        Log = "log",
        Metrics = "metrics",
        Graph = "graph",
        Snapshot = "snapshot",
    }
}

/// A file that a session left, as its row says.
pub struct Kept {
    pub id: ArtifactId,
    pub session: ScanId,
    pub kind: ArtifactType,
    pub object: String,
    /// Of its bytes, 64 hexadecimal digits.
    pub sha256: String,
    pub size_bytes: u64,
    pub content_type: String,
    pub expires_at: Option<Timestamp>,
    pub created_at: Timestamp,
}

/// A file that a session left.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Artifact {
    #[schema(value_type = String)]
    id: ArtifactId,
    #[schema(value_type = String)]
    session_id: ScanId,
    #[serde(rename = "type")]
    #[schema(value_type = String)]
    kind: ArtifactType,
    /// Where it lies; null where objects are files of the server.
    s3_uri: Option<String>,
    /// Of its bytes, 64 hexadecimal digits.
    sha256: String,
    size_bytes: u64,
    content_type: String,
    /// Until when it is kept.
    #[schema(value_type = Object)]
    metadata: Value,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// Below the address of the API.
    download_url: String,
}

impl Artifact {
    pub fn new(kept: Kept, objects: &Objects) -> Artifact {
        Artifact {
            s3_uri: kept.object.parse().ok().and_then(|name: ObjectName| objects.uri(&name)),
            download_url: format!("/api/v1/analysis/artifacts/{}/download", kept.id),
            metadata: json!({ "expiresAt": kept.expires_at }),
            id: kept.id,
            session_id: kept.session,
            kind: kept.kind,
            sha256: kept.sha256,
            size_bytes: kept.size_bytes,
            content_type: kept.content_type,
            created_at: kept.created_at,
        }
    }
}
