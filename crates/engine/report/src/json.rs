//! JSON for programs. The outline is the one that readers of `semgrep --json` know, so that they can read ours; what it has no
//! place for stands under `rampart`.
//!
//! `results` holds the findings that call for action. Suppressed ones have the same form under `rampart.suppressed`: most readers
//! count `results` without looking at `is_ignored`.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::model::*;
use crate::wire::{Each, write_json};

pub fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let index = report.rule_index();
    let result = |finding| result(finding, index.get(finding.rule.as_str()).map(|&i| &report.rules[i]));
    let output = Output {
        version: &report.tool.version,
        results: Each(|| report.active().map(result)),
        errors: Each(|| errors(&report.coverage)),
        paths: Paths {
            scanned: &report.coverage.scanned,
            skipped: Each(|| report.coverage.skipped.iter().map(skipped)),
        },
        skipped_rules: [],
        rampart: Own {
            schema: report.schema,
            tool: &report.tool,
            started: &report.started,
            finished: &report.finished,
            root: &report.root,
            rules: &report.rules,
            suppressed: Each(|| report.findings.iter().filter(|f| f.suppressed.is_some()).map(result)),
            coverage: &report.coverage,
        },
    };
    write_json(&output, out)
}

#[derive(Serialize)]
struct Output<'a, R: Serialize, E: Serialize, P: Serialize, S: Serialize> {
    version: &'a str,
    results: R,
    errors: E,
    paths: Paths<'a, P>,
    skipped_rules: [(); 0],
    rampart: Own<'a, S>,
}

#[derive(Serialize)]
struct Paths<'a, S: Serialize> {
    scanned: &'a [String],
    skipped: S,
}

#[derive(Serialize)]
struct Own<'a, S: Serialize> {
    schema: u32,
    tool: &'a Tool,
    started: &'a str,
    finished: &'a str,
    root: &'a str,
    rules: &'a [RuleInfo],
    suppressed: S,
    coverage: &'a Coverage,
}

fn result(finding: &Finding, rule: Option<&RuleInfo>) -> Value {
    let mut extra = json!({
        "message": finding.message,
        "severity": severity(finding.severity),
        "metadata": rule.map(|r| &r.metadata).filter(|m| m.is_object()).cloned().unwrap_or_else(|| json!({})),
        "metavars": metavars(finding),
        "lines": finding.matched_lines().join("\n"),
        "fingerprint": finding.fingerprint().unwrap_or_default(),
        "is_ignored": finding.suppressed.is_some(),
        "engine_kind": "OSS",
        "validation_state": "NO_VALIDATOR",
    });
    if let Some(fix) = &finding.fix {
        extra["fix"] = json!(fix.replacement);
    }
    if let [source, between @ .., sink] = finding.trace.as_slice() {
        let end = |step: &TraceStep| json!(["CliLoc", [location(step), step.text]]);
        let middle = |step: &TraceStep| json!({ "location": location(step), "content": step.text });
        extra["dataflow_trace"] = json!({
            "taint_source": end(source),
            "intermediate_vars": between.iter().map(middle).collect::<Vec<_>>(),
            "taint_sink": end(sink),
        });
    }
    extra["rampart"] = json!({
        "severity": finding.severity,
        "first_line": finding.first_line,
        "lines": finding.lines,
        "fix": finding.fix,
        "suppressed": finding.suppressed,
        "fingerprints": finding.fingerprints,
        "trace": finding.trace,
    });
    json!({
        "check_id": finding.rule,
        "path": finding.path,
        "start": position(finding.start),
        "end": position(finding.end),
        "extra": extra,
    })
}

fn metavars(finding: &Finding) -> Map<String, Value> {
    let one = |c: &Captured| json!({ "start": position(c.start), "end": position(c.end), "abstract_content": c.text });
    finding.metavariables.iter().map(|(name, captured)| (name.clone(), one(captured))).collect()
}

fn errors(coverage: &Coverage) -> impl Iterator<Item = Value> {
    let rules = coverage.rule_errors.iter().map(rule_error);
    let files = coverage.skipped.iter().filter(|s| s.reason.is_failure()).map(file_error);
    rules.chain(files).chain(coverage.partially_parsed.iter().map(parse_error))
}

/// The codes and type names are those that readers know: 2 for a failure, 3 for a target that does not parse, 4 for a rule.
fn rule_error(problem: &RuleProblem) -> Value {
    let at = json!({ "line": problem.line, "col": problem.column, "offset": 0 });
    let mut error = json!({
        "code": 4,
        "level": "error",
        "type": "Rule parse error",
        "message": format!("{}:{}:{}: {}", problem.file, problem.line, problem.column, problem.message),
        "short_msg": "Rule parse error",
        "long_msg": problem.message,
        "path": problem.file,
        "spans": [{ "file": problem.file, "start": at, "end": at }],
    });
    if let Some(rule) = &problem.rule {
        error["rule_id"] = json!(rule);
    }
    if let Some(hint) = &problem.hint {
        error["help"] = json!(hint);
    }
    error
}

fn file_error(skipped: &Skipped) -> Value {
    let kind = match skipped.reason {
        SkipReason::Timeout => "Timeout",
        SkipReason::OutOfMemory => "Out of memory",
        _ => "Fatal error",
    };
    let detail = if skipped.detail.is_empty() { skipped.reason.describe() } else { &skipped.detail };
    let message = format!("{}: {detail}", skipped.path);
    json!({ "code": 2, "level": "warn", "type": kind, "message": message, "path": skipped.path })
}

fn parse_error(parse: &PartialParse) -> Value {
    let at = |line: u32| json!({ "line": line, "col": 1, "offset": 0 });
    // Lines `a..=b` end where the next one begins.
    let range = |r: &LineRange| json!({ "path": parse.path, "start": at(r.start), "end": at(r.end.saturating_add(1)) });
    let message = format!("{}: {}", parse.path, parse.describe());
    json!({
        "code": 3,
        "level": "warn",
        "type": ["PartialParsing", parse.errors.iter().map(range).collect::<Vec<_>>()],
        "message": message,
        "path": parse.path,
    })
}

fn skipped(skipped: &Skipped) -> Value {
    let reason = match skipped.reason {
        SkipReason::Binary => "binary",
        SkipReason::TooLarge => "exceeded_size_limit",
        SkipReason::Minified => "minified",
        SkipReason::Generated => "excluded_by_config",
        SkipReason::Ignored => "semgrepignore_patterns_match",
        SkipReason::NoRules => "wrong_language",
        SkipReason::NotAFile | SkipReason::Other => "always_skipped",
        SkipReason::Unreadable => "insufficient_permissions",
        SkipReason::NotUtf8 | SkipReason::Timeout | SkipReason::Crashed | SkipReason::OutOfMemory => {
            "analysis_failed_parser_or_internal_error"
        }
    };
    json!({ "path": skipped.path, "reason": reason, "details": skipped.detail })
}

fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical | Severity::High => "ERROR",
        Severity::Medium => "WARNING",
        Severity::Low | Severity::Info => "INFO",
    }
}

fn location(step: &TraceStep) -> Value {
    json!({ "path": step.path, "start": position(step.start), "end": position(step.end) })
}

fn position(at: Position) -> Value {
    json!({ "line": at.line, "col": at.column, "offset": at.offset })
}
