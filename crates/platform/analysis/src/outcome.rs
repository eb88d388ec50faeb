//! What a scan came to: the numbers that are shown of it, and the reports that are kept.

use std::collections::BTreeMap;

use rampart_findings::{Comparison, Ingested, Severity};
use rampart_kernel::Timestamp;
use rampart_objects::{ObjectName, Stored};
use rampart_report::model::Report;
use serde_json::{Value, json};

use crate::error::Error;
use crate::model::Scan;
use crate::run::Work;
use crate::service::Result;
use crate::store::{Artifact, Ended};

/// The names of what is kept of a scan: the report, and for a pull request that of where the change began.
pub(crate) const REPORT: &str = "report";
pub(crate) const BASE: &str = "base";

/// What a scan came to, in the numbers that are shown of it.
pub(crate) struct Came {
    pub open: u32,
    pub new: u32,
    pub fixed: u32,
    pub severities: Value,
    pub score: Option<u32>,
}

impl Came {
    pub fn recorded(ingested: &Ingested) -> Came {
        let counts = ingested.severity_counts.iter();
        let severities = counts.map(|(severity, count)| (severity.name().to_owned(), json!(count))).collect();
        Came {
            open: number(ingested.open),
            new: number(ingested.new),
            fixed: number(ingested.fixed),
            severities: Value::Object(severities),
            score: ingested.score,
        }
    }

    /// Of another branch: what would be.
    pub fn compared(report: &Report, comparison: &Comparison) -> Came {
        let new = comparison.known.iter().filter(|known| known.is_none()).count();
        Came::of_change(report, new, comparison.fixed.len())
    }

    /// Of a change that is no part of the default branch.
    pub fn of_change(report: &Report, new: usize, fixed: usize) -> Came {
        let mut counts: BTreeMap<Severity, u64> = BTreeMap::new();
        for finding in report.active() {
            *counts.entry(finding.severity.into()).or_default() += 1;
        }
        let severities = counts.iter().map(|(severity, count)| (severity.name().to_owned(), json!(count))).collect();
        Came {
            open: number(counts.values().sum()),
            new: number(new as u64),
            fixed: number(fixed as u64),
            severities: Value::Object(severities),
            score: None,
        }
    }
}

/// A report that was put away.
pub(crate) struct Kept {
    pub object: ObjectName,
    stored: Stored,
}

impl Kept {
    pub fn artifact(&self, expires_at: Timestamp) -> Artifact<'_> {
        Artifact {
            object: self.object.as_str(),
            sha256: &self.stored.sha256,
            size_bytes: i64::try_from(self.stored.size_bytes).unwrap_or(i64::MAX),
            content_type: "application/json",
            expires_at,
        }
    }
}

impl Work<'_> {
    /// Puts a report away under a name of the scan; a run that is repeated replaces it.
    pub(crate) async fn keep(&self, name: &str, report: &Report) -> Result<Kept> {
        let object = object_of(&self.scan, name)?;
        let bytes = serde_json::to_vec(report).map_err(|error| Error::Report(error.to_string()))?;
        let stored = self.analysis.objects.put_bytes(&object, bytes.into()).await?;
        Ok(Kept { object, stored })
    }

    pub(crate) fn ended<'o>(&self, report: &Report, came: &Came, (object, until): (&'o str, Timestamp)) -> Ended<'o> {
        let coverage = &report.coverage;
        Ended {
            files: number(coverage.files_scanned),
            lines: number(coverage.lines_scanned),
            open: came.open,
            new: came.new,
            fixed: came.fixed,
            severities: came.severities.clone(),
            summary: summary(report, came.score),
            report: object,
            report_until: until,
        }
    }
}

/// Where a report of a scan is kept.
pub(crate) fn object_of(scan: &Scan, name: &str) -> Result<ObjectName> {
    let object = ObjectName::of(scan.workspace, &format!("scans/{}/{name}.json", scan.id));
    object.map_err(|error| Error::Report(error.to_string()))
}

pub(crate) fn number(count: u64) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

/// That of most files.
pub(crate) fn language(report: &Report) -> Option<String> {
    report.coverage.files_by_language.iter().max_by_key(|(_, files)| **files).map(|(name, _)| name.clone())
}

/// What was looked at, in numbers: what was left out is a part of every answer.
fn summary(report: &Report, score: Option<u32>) -> serde_json::Value {
    let coverage = &report.coverage;
    json!({
        "filesScanned": coverage.files_scanned,
        "filesSkipped": coverage.skipped.len(),
        "filesPartlyUnderstood": coverage.partially_parsed.len(),
        "rulesRun": coverage.rules_run,
        "complete": coverage.complete,
        "limits": coverage.limits,
        "wallMs": coverage.wall_ms,
        "securityScore": score,
    })
}
