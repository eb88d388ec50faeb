//! The facts that this module publishes.

use std::collections::BTreeMap;

use rampart_forge::RepositoryId;
use rampart_kernel::{Timestamp, UserId};
use rampart_realtime::Feed;
use rampart_store::Event;
use serde::{Deserialize, Serialize};

use crate::access::ReadFindings;
use crate::model::{ScanId, Severity, Status, VulnerabilityId};

/// A finding was seen for the first time, or again after it was fixed.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct VulnerabilityFound<'a> {
    pub repo_id: RepositoryId,
    pub repository_id: RepositoryId,
    pub severity: Severity,
    #[serde(rename = "type")]
    pub kind: &'a str,
    pub vulnerability: Found<'a>,
}

#[derive(Serialize)]
pub struct Found<'a> {
    pub id: VulnerabilityId,
    #[serde(rename = "type")]
    pub kind: &'a str,
    pub severity: Severity,
    pub file: &'a str,
    pub line: u32,
}

impl Event for VulnerabilityFound<'_> {
    const NAME: &'static str = "vulnerability.found";
}

/// What a scan brought that is new or back: told once, however much it is.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct VulnerabilitiesFound<'a> {
    pub repository_id: RepositoryId,
    pub repository_name: &'a str,
    pub scan_id: ScanId,
    /// The worst of them.
    pub severity: Severity,
    pub total: u64,
    pub counts: &'a BTreeMap<Severity, u64>,
}

impl Event for VulnerabilitiesFound<'_> {
    const NAME: &'static str = "vulnerabilities.found";
}

/// A finding stands otherwise now. Nobody is named when a scan did it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct VulnerabilityStatusChanged {
    pub vuln_id: VulnerabilityId,
    pub repository_id: RepositoryId,
    pub severity: Severity,
    pub from: Status,
    pub to: Status,
    pub user_id: Option<UserId>,
}

impl Event for VulnerabilityStatusChanged {
    const NAME: &'static str = "vulnerability.status_changed";
}

/// Somebody has brought in what other tools have found: a scan that has run elsewhere.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FindingsImported {
    pub repository_id: RepositoryId,
    pub scan_id: ScanId,
    pub commit_hash: Option<String>,
    pub user_id: Option<UserId>,
    pub tools: Vec<String>,
    pub begun_at: Timestamp,
    /// Files that the tools say they have looked at.
    pub files: u64,
    /// Open findings of these tools by severity, and those of the whole repository.
    pub severity_counts: BTreeMap<Severity, u64>,
    pub open: u64,
    pub found: u64,
    pub new: u64,
    pub fixed: u64,
    /// Results that name no place in the repository.
    pub left_out: u64,
}

impl Event for FindingsImported {
    const NAME: &'static str = "findings.imported";
}

/// What of it goes out over sockets.
pub fn feed() -> Feed {
    Feed::new()
        .to_workspace::<VulnerabilityFound<'static>, ReadFindings>()
        .to_workspace::<VulnerabilityStatusChanged, ReadFindings>()
        .to_workspace::<FindingsImported, ReadFindings>()
}
