//! Lists of findings as files: CSV for spreadsheets, JSON for programs.

use std::io;

use rampart_report::csv::cell;
use serde_json::json;

use crate::model::VulnerabilitySummary;

rampart_kernel::named! {
    /// How a list is written.
    pub enum Format { Csv = "csv", Json = "json" }
}

impl Format {
    pub fn content_type(self) -> &'static str {
        match self {
            Format::Csv => "text/csv; charset=utf-8; header=present",
            Format::Json => "application/json",
        }
    }
}

const HEADER: [&str; 17] = [
    "id",
    "severity",
    "status",
    "title",
    "type",
    "rule",
    "repository",
    "path",
    "line",
    "cwe",
    "owasp",
    "cvss",
    "confidence",
    "reach",
    "risk",
    "detected_at",
    "last_seen_at",
];

/// `{ "vulnerabilities": [...] }` as the list has them, or a row each below the names of the columns.
///
/// # Errors
/// When memory for it cannot be had.
pub fn write(found: &[VulnerabilitySummary], format: Format) -> io::Result<Vec<u8>> {
    match format {
        Format::Json => Ok(serde_json::to_vec(&json!({ "vulnerabilities": found }))?),
        Format::Csv => {
            let mut table = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
            table.write_record(HEADER)?;
            for finding in found {
                table.write_record(row(finding).map(|text| cell(&text)))?;
            }
            table.into_inner().map_err(csv::IntoInnerError::into_error)
        }
    }
}

fn row(finding: &VulnerabilitySummary) -> [String; HEADER.len()] {
    let VulnerabilitySummary { id, severity, status, title, kind, rule, repository_name, file_path, .. } = finding;
    [
        id.to_string(),
        severity.to_string(),
        status.to_string(),
        title.clone(),
        kind.clone(),
        rule.clone(),
        repository_name.clone(),
        file_path.clone(),
        finding.line_number.to_string(),
        finding.cwe_id.clone().unwrap_or_default(),
        finding.owasp.clone().unwrap_or_default(),
        finding.cvss_score.map(|score| score.to_string()).unwrap_or_default(),
        finding.confidence.to_string(),
        finding.reach.clone(),
        finding.risk.to_string(),
        finding.detected_at.to_string(),
        finding.last_seen_at.to_string(),
    ]
}
