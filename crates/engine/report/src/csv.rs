//! CSV (RFC 4180) for spreadsheets and scripts: a header row, one row a finding.

use std::io::{self, Write};

use crate::model::*;
use crate::visible::block;

const HEADER: [&str; 18] = [
    "rule",
    "name",
    "severity",
    "confidence",
    "category",
    "path",
    "start_line",
    "start_column",
    "end_line",
    "end_column",
    "message",
    "cwe",
    "owasp",
    "code",
    "fix",
    "suppressed",
    "suppression_reason",
    "fingerprint",
];

pub fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let index = report.rule_index();
    let mut table = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(out);
    table.write_record(HEADER)?;
    for finding in &report.findings {
        let rule = index.get(finding.rule.as_str()).map(|&i| &report.rules[i]);
        table.write_record(row(finding, rule).map(|c| cell(&c)))?;
    }
    table.flush()
}

fn row(finding: &Finding, rule: Option<&RuleInfo>) -> [String; HEADER.len()] {
    let kind = finding.suppressed.as_ref().map(|s| match s.kind {
        SuppressionKind::InSource => "in source",
        SuppressionKind::Baseline => "baseline",
    });
    [
        finding.rule.clone(),
        rule.map(|r| r.name.clone()).unwrap_or_default(),
        finding.severity.as_str().to_owned(),
        rule.and_then(|r| r.confidence).map(Level::as_str).unwrap_or_default().to_owned(),
        rule.and_then(|r| r.category.clone()).unwrap_or_default(),
        finding.path.clone(),
        finding.start.line.to_string(),
        finding.start.column.to_string(),
        finding.end.line.to_string(),
        finding.end.column.to_string(),
        finding.message.clone(),
        rule.map(|r| r.cwe.join("; ")).unwrap_or_default(),
        rule.map(|r| r.owasp.join("; ")).unwrap_or_default(),
        code(finding),
        finding.fix.as_ref().map(|f| f.replacement.clone()).unwrap_or_default(),
        kind.unwrap_or_default().to_owned(),
        finding.suppressed.as_ref().and_then(|s| s.reason.clone()).unwrap_or_default(),
        finding.fingerprint().unwrap_or_default().to_owned(),
    ]
}

/// The text of the finding, or the lines it is in.
fn code(finding: &Finding) -> String {
    let lines = || finding.matched_lines().join("\n").trim().to_owned();
    finding.text_between(finding.start, finding.end).unwrap_or_else(lines)
}

/// A spreadsheet runs a cell that begins like a formula, and file content is hostile: an apostrophe makes it text.
pub fn cell(text: &str) -> String {
    let text = block(text);
    match text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']) {
        true => format!("'{text}"),
        false => text,
    }
}
