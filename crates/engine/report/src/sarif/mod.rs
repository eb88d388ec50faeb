//! SARIF 2.1.0, as GitHub code scanning takes it.
//!
//! GitHub reads `security-severity` and `precision` from a rule's properties and its CWE from tags `external/cwe/cwe-89`, and
//! knows a result again by its partial fingerprints.

mod notifications;
mod rules;

use std::collections::HashMap;
use std::io::{self, Write};

use serde::Serialize;
use serde_json::{Value, json};

use crate::model::*;
use crate::wire::{Each, is_link, uri_of_path, write_json};

const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";

/// What the paths of a report are relative to, by the name that readers know.
const ROOT: &str = "%SRCROOT%";

pub fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let results = Results {
        rules: report.rule_index(),
        // SARIF: when one result of a run has suppressions, all of them say whether they have.
        say_suppressions: report.findings.iter().any(|f| f.suppressed.is_some()),
    };
    let run = Run {
        tool: json!({ "driver": driver(report) }),
        invocations: [invocation(report)],
        original_uri_base_ids: json!({ ROOT: { "description": { "text": "The folder that was scanned." } } }),
        column_kind: "unicodeCodePoints",
        results: Each(|| report.findings.iter().map(|f| results.of(f))),
        properties: properties(report),
    };
    write_json(&Log { schema: SCHEMA, version: "2.1.0", runs: [run] }, out)
}

#[derive(Serialize)]
struct Log<R: Serialize> {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: &'static str,
    runs: [R; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Run<R: Serialize> {
    tool: Value,
    invocations: [Value; 1],
    original_uri_base_ids: Value,
    column_kind: &'static str,
    results: R,
    properties: Value,
}

fn driver(report: &Report) -> Value {
    let mut driver = json!({
        "name": report.tool.name,
        "version": report.tool.version,
        "semanticVersion": report.tool.version,
        "rules": report.rules.iter().map(rules::descriptor).collect::<Vec<_>>(),
        "notifications": notifications::descriptors(&report.coverage),
    });
    if let Some(url) = report.tool.url.as_deref().filter(|u| is_link(u)) {
        driver["informationUri"] = json!(url);
    }
    driver
}

fn invocation(report: &Report) -> Value {
    let coverage = &report.coverage;
    // Files that were skipped are told of one by one; the run as a whole failed when a limit ended it or nothing could be read.
    let nothing_read = coverage.files_scanned == 0 && coverage.skipped.iter().any(|s| s.reason.is_failure());
    let mut invocation = json!({
        "executionSuccessful": coverage.limits.is_empty() && !nothing_read,
        "toolConfigurationNotifications": notifications::of_configuration(coverage),
        "toolExecutionNotifications": notifications::of_execution(coverage),
    });
    // SARIF takes times in UTC only, written with a Z.
    for (key, time) in [("startTimeUtc", &report.started), ("endTimeUtc", &report.finished)] {
        if time.ends_with('Z') {
            invocation[key] = json!(time);
        }
    }
    invocation
}

fn properties(report: &Report) -> Value {
    let coverage = &report.coverage;
    json!({
        "rulesVersion": report.tool.rules_version,
        "filesScanned": coverage.files_scanned,
        "linesScanned": coverage.lines_scanned,
        "filesSkipped": coverage.skipped.len(),
        "filesPartiallyParsed": coverage.partially_parsed.len(),
        "rulesLoaded": coverage.rules_loaded,
        "rulesRun": coverage.rules_run,
        "complete": coverage.complete,
    })
}

struct Results<'a> {
    rules: HashMap<&'a str, usize>,
    say_suppressions: bool,
}

impl Results<'_> {
    fn of(&self, finding: &Finding) -> Value {
        let mut result = json!({
            "ruleId": finding.rule,
            "level": level(finding.severity),
            "message": { "text": finding.headline() },
            "locations": [{ "physicalLocation": physical_location(finding) }],
        });
        if let Some(index) = self.rules.get(finding.rule.as_str()) {
            result["ruleIndex"] = json!(index);
        }
        if !finding.fingerprints.is_empty() {
            result["partialFingerprints"] = json!(finding.fingerprints);
        }
        if let Some(fix) = &finding.fix {
            result["fixes"] = json!([sarif_fix(finding, fix)]);
        }
        if !finding.trace.is_empty() {
            result["codeFlows"] = json!([code_flow(&finding.trace)]);
        }
        if self.say_suppressions {
            result["suppressions"] = finding.suppressed.iter().map(suppression).collect();
        }
        result["properties"] = json!({ "severity": finding.severity });
        result
    }
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical | Severity::High => "error",
        Severity::Medium => "warning",
        Severity::Low | Severity::Info => "note",
    }
}

/// Where a file is: relative to the scanned folder, or absolute when its path is.
fn artifact(path: &str) -> Value {
    match path.starts_with('/') {
        true => json!({ "uri": format!("file://{}", uri_of_path(path)) }),
        false => json!({ "uri": uri_of_path(path), "uriBaseId": ROOT }),
    }
}

fn physical_location(finding: &Finding) -> Value {
    let mut place = region(finding.start, finding.end);
    if let Some(text) = finding.text_between(finding.start, finding.end).filter(|t| !t.is_empty()) {
        place["snippet"] = json!({ "text": text });
    }
    let mut location = json!({ "artifactLocation": artifact(&finding.path), "region": place });
    let lines = finding.lines.len() as u32;
    let last = finding.first_line.saturating_add(lines).saturating_sub(1);
    // A context is a region that truly contains the finding; the kept lines may end before it does.
    if lines > 0 && finding.first_line > 0 && finding.end.line <= last {
        location["contextRegion"] = json!({
            "startLine": finding.first_line,
            "endLine": last,
            "snippet": { "text": finding.lines.join("\n") },
        });
    }
    location
}

fn region(start: Position, end: Position) -> Value {
    let start = Position { line: start.line.max(1), column: start.column.max(1), ..start };
    let mut region = json!({ "startLine": start.line, "startColumn": start.column });
    if (end.line, end.column) >= (start.line, start.column) {
        region["endLine"] = json!(end.line);
        region["endColumn"] = json!(end.column.max(1));
    }
    region
}

fn sarif_fix(finding: &Finding, fix: &Fix) -> Value {
    json!({
        "description": { "text": "Replace the code as the rule suggests." },
        "artifactChanges": [{
            "artifactLocation": artifact(&finding.path),
            "replacements": [{
                "deletedRegion": region(fix.start, fix.end),
                "insertedContent": { "text": fix.replacement },
            }],
        }],
    })
}

fn code_flow(trace: &[TraceStep]) -> Value {
    let step = |(index, step): (usize, &TraceStep)| {
        let mut place = region(step.start, step.end);
        if !step.text.is_empty() {
            place["snippet"] = json!({ "text": step.text });
        }
        let note = if step.note.is_empty() { &step.text } else { &step.note };
        json!({
            "executionOrder": index + 1,
            "importance": if index == 0 || index + 1 == trace.len() { "essential" } else { "important" },
            "location": {
                "physicalLocation": { "artifactLocation": artifact(&step.path), "region": place },
                "message": { "text": note },
            },
        })
    };
    json!({ "threadFlows": [{ "locations": trace.iter().enumerate().map(step).collect::<Vec<_>>() }] })
}

fn suppression(suppression: &Suppression) -> Value {
    let kind = match suppression.kind {
        SuppressionKind::InSource => "inSource",
        SuppressionKind::Baseline => "external",
    };
    let fallback = match suppression.kind {
        SuppressionKind::InSource => suppression.comment.trim(),
        SuppressionKind::Baseline => "Present in the baseline.",
    };
    let reason = suppression.reason.as_deref().map(str::trim).filter(|r| !r.is_empty()).unwrap_or(fallback);
    match reason {
        "" => json!({ "kind": kind }),
        reason => json!({ "kind": kind, "justification": reason }),
    }
}
