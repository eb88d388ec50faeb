//! Findings for reports.

use std::collections::BTreeMap;

use rampart_access::Granted;
use rampart_forge::RepositoryId;
use rampart_kernel::Timestamp;
use rampart_store::{Reader, Result, Row, params};
use serde_json::Value;

use crate::access::ReadFindings;
use crate::described::Described;
use crate::ingest::MOST_FINDINGS;
use crate::model::{ScanId, Severity, Status, VulnerabilityId};
use crate::scores::Confidence;

/// Where a scan saw a finding, and how it stands now.
pub struct Seen {
    pub id: VulnerabilityId,
    pub rule: String,
    pub path: String,
    pub line: u32,
    pub severity: Severity,
    pub status: Status,
    pub reason: Option<String>,
    pub is_new: bool,
    pub is_fixed: bool,
    pub detected_at: Timestamp,
}

/// What a scan saw and what it found gone.
pub async fn of_scan(reader: &mut Reader, granted: &Granted<ReadFindings>, scan: ScanId) -> Result<Vec<Seen>> {
    let sql = "SELECT o.vulnerability_id, o.state, o.file_path, o.line_number, v.rule_id, v.severity, v.status, v.status_reason,
                   v.detected_at
               FROM vulnerability_occurrences o JOIN vulnerabilities v ON v.id = o.vulnerability_id
               WHERE o.scan_id = $1 AND v.workspace_id = $2 ORDER BY o.vulnerability_id LIMIT $3";
    // As many as a scan may bring, and as many that it may find gone.
    let limit = i64::try_from(MOST_FINDINGS * 2).unwrap_or(i64::MAX);
    let read = |row: &Row| {
        let state: String = row.get("state")?;
        Ok(Seen {
            id: row.get("vulnerability_id")?,
            rule: row.get("rule_id")?,
            path: row.get("file_path")?,
            line: row.get("line_number")?,
            severity: Severity::of_rank(row.get("severity")?).unwrap_or(Severity::Info),
            status: row.get("status")?,
            reason: row.get("status_reason")?,
            is_new: state == "new",
            is_fixed: state == "fixed",
            detected_at: row.get("detected_at")?,
        })
    };
    reader.list(sql, &params![scan, granted.workspace(), limit]).await?.iter().map(read).collect()
}

/// What is there, the worst first; within one severity by rule and place.
pub async fn of_repository(
    reader: &mut Reader,
    granted: &Granted<ReadFindings>,
    repository: RepositoryId,
    limit: i64,
) -> Result<Vec<Described>> {
    let sql = "SELECT id, type, rule_id, severity, status, status_reason, file_path, line_number, end_line, description, cwe_id,
                   owasp_category, cvss_score, confidence, detail, detected_at, first_scan_id, last_scan_id
               FROM vulnerabilities WHERE repository_id = $1 AND workspace_id = $2 AND status <> 'fixed'
               ORDER BY severity DESC, rule_id, file_path, line_number, id LIMIT $3";
    let read = |row: &Row| {
        let detail: Value = row.get("detail")?;
        let (first, last): (ScanId, ScanId) = (row.get("first_scan_id")?, row.get("last_scan_id")?);
        Ok(Described {
            id: Some(row.get("id")?),
            kind: row.get("type")?,
            rule: row.get("rule_id")?,
            severity: Severity::of_rank(row.get("severity")?).unwrap_or(Severity::Info),
            status: row.get("status")?,
            reason: row.get("status_reason")?,
            is_new: first == last,
            path: row.get("file_path")?,
            line: row.get("line_number")?,
            end_line: row.get("end_line")?,
            description: row.get("description")?,
            cwe: row.get("cwe_id")?,
            owasp: row.get("owasp_category")?,
            cvss: row.get("cvss_score")?,
            confidence: row.get::<Confidence>("confidence")?.name().to_owned(),
            detected_at: Some(row.get("detected_at")?),
            detail: serde_json::from_value(detail).unwrap_or_default(),
        })
    };
    reader.list(sql, &params![repository, granted.workspace(), limit]).await?.iter().map(read).collect()
}

/// How many there are, by severity and status.
pub async fn count(
    reader: &mut Reader,
    granted: &Granted<ReadFindings>,
    repository: RepositoryId,
) -> Result<BTreeMap<(Severity, Status), u64>> {
    let sql =
        "SELECT severity, status, COUNT(*) AS count FROM vulnerabilities WHERE repository_id = $1 AND workspace_id = $2
               GROUP BY severity, status ORDER BY severity, status LIMIT 100";
    let read = |row: &Row| {
        let severity = Severity::of_rank(row.get("severity")?).unwrap_or(Severity::Info);
        Ok(((severity, row.get("status")?), u64::try_from(row.get::<i64>("count")?).unwrap_or(0)))
    };
    reader.list(sql, &params![repository, granted.workspace()]).await?.iter().map(read).collect()
}
