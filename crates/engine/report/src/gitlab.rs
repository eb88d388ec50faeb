//! GitLab's SAST report, schema 15.
//!
//! GitLab has no place for suppressed findings, so they are left out: what it is not told of it counts as resolved.

use std::collections::HashMap;
use std::io::{self, Write};

use serde::Serialize;
use serde_json::{Value, json};

use crate::model::*;
use crate::wire::{Each, at_most, is_link, write_json};

const VERSION: &str = "15.0.7";
const SCHEMA: &str = "https://gitlab.com/gitlab-org/security-products/security-report-schemas/-/raw/v15.0.7/dist/sast-report-format.json";

/// GitLab refuses a report with longer texts.
const LONGEST_NAME: usize = 255;
const LONGEST_SOLUTION: usize = 7_000;
const LONGEST_DESCRIPTION: usize = 1_048_576;

pub fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let index = report.rule_index();
    let vulnerabilities = || {
        let (mut ids, index) = (Ids::default(), &index);
        report.active().map(move |f| {
            let rule = index.get(f.rule.as_str()).map(|&i| &report.rules[i]);
            vulnerability(f, rule, ids.of(f), &report.tool.name)
        })
    };
    let vulnerabilities = Each(vulnerabilities);
    let output = Output { version: VERSION, schema: SCHEMA, scan: scan(report), vulnerabilities };
    write_json(&output, out)
}

#[derive(Serialize)]
struct Output<V: Serialize> {
    version: &'static str,
    schema: &'static str,
    scan: Value,
    vulnerabilities: V,
}

fn scan(report: &Report) -> Value {
    let mut tool = json!({
        "id": slug(&report.tool.name),
        "name": report.tool.name,
        "version": report.tool.version,
        "vendor": { "name": report.tool.name },
    });
    if let Some(url) = report.tool.url.as_deref().filter(|u| is_link(u)) {
        tool["url"] = json!(url);
    }
    json!({
        "type": "sast",
        "analyzer": tool,
        "scanner": tool,
        "start_time": seconds(&report.started),
        "end_time": seconds(&report.finished),
        "status": "success",
        "messages": messages(&report.coverage),
    })
}

/// What was not looked at, as far as somebody should do something about it.
fn messages(coverage: &Coverage) -> Vec<Value> {
    let warn = |value: String| json!({ "level": "warn", "value": value });
    let failed = coverage.skipped.iter().filter(|s| s.reason.is_failure());
    let failed = failed.map(|s| warn(format!("{} was not scanned: {}", s.path, s.reason.describe())));
    let limits = coverage.limits.iter().filter(|l| !l.is_empty()).cloned().map(warn);
    let rules = coverage.rule_errors.iter();
    let rules = rules.map(|p| warn(format!("{}:{}:{}: {}", p.file, p.line, p.column, p.message)));
    let partial = coverage.partially_parsed.iter();
    let partial = partial.map(|p| json!({ "level": "info", "value": format!("{}: {}", p.path, p.describe()) }));
    limits.chain(rules).chain(failed).chain(partial).collect()
}

fn vulnerability(finding: &Finding, rule: Option<&RuleInfo>, id: String, tool: &str) -> Value {
    let name = rule.map_or(finding.rule.as_str(), |r| r.name.as_str());
    let mut vulnerability = json!({
        "id": id,
        "category": "sast",
        "name": at_most(name, LONGEST_NAME),
        "description": at_most(&description(finding, rule), LONGEST_DESCRIPTION),
        "severity": severity(finding.severity),
        "location": {
            "file": finding.path,
            "start_line": finding.start.line,
            "end_line": finding.end.line.max(finding.start.line),
        },
        "identifiers": identifiers(finding, rule, tool),
    });
    let solution = rule.and_then(|r| r.explanation.as_ref()).map(|e| e.fix.trim()).filter(|f| !f.is_empty());
    if let Some(solution) = solution {
        vulnerability["solution"] = json!(at_most(solution, LONGEST_SOLUTION));
    }
    let links: Vec<&String> = rule.iter().flat_map(|r| &r.references).filter(|l| is_link(l)).collect();
    if !links.is_empty() {
        vulnerability["links"] = links.into_iter().map(|url| json!({ "url": url })).collect();
    }
    if let Some(confidence) = rule.and_then(|r| r.confidence) {
        vulnerability["details"] =
            json!({ "confidence": { "type": "text", "name": "Confidence", "value": confidence.as_str() } });
    }
    let code = finding.matched_lines().join("\n");
    if !code.is_empty() {
        vulnerability["raw_source_code_extract"] = json!(code);
    }
    vulnerability
}

fn description(finding: &Finding, rule: Option<&RuleInfo>) -> String {
    let parts = rule.iter().flat_map(|r| &r.explanation).flat_map(Explanation::parts);
    // The fix has a field of its own.
    let parts = parts
        .filter(|(heading, _)| *heading != "How to fix it")
        .map(|(heading, text)| format!("**{heading}**\n\n{text}"));
    std::iter::once(finding.headline().to_owned()).chain(parts).collect::<Vec<_>>().join("\n\n")
}

/// The first identifier is the one GitLab keeps a finding by.
fn identifiers(finding: &Finding, rule: Option<&RuleInfo>, tool: &str) -> Vec<Value> {
    let key = if finding.rule.is_empty() { "unnamed" } else { &finding.rule };
    let mut own = json!({ "type": format!("{}_rule_id", slug(tool)), "name": key, "value": key });
    if let Some(url) = rule.and_then(|r| r.source.as_deref()).filter(|s| is_link(s)) {
        own["url"] = json!(url);
    }
    let cwe = rule.iter().flat_map(|r| r.cwe_numbers()).map(|n| {
        let url = format!("https://cwe.mitre.org/data/definitions/{n}.html");
        json!({ "type": "cwe", "name": format!("CWE-{n}"), "value": n.to_string(), "url": url })
    });
    let owasp = rule.iter().flat_map(|r| &r.owasp).filter(|o| !o.trim().is_empty()).map(|o| {
        let value = o.split(" - ").next().unwrap_or(o).trim();
        json!({ "type": "owasp", "name": o, "value": if value.is_empty() { o } else { value } })
    });
    std::iter::once(own).chain(cwe).chain(owasp).collect()
}

fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Info => "Info",
        Severity::Low => "Low",
        Severity::Medium => "Medium",
        Severity::High => "High",
        Severity::Critical => "Critical",
    }
}

/// GitLab takes times in UTC to the second, without a zone.
fn seconds(time: &str) -> &str {
    time.get(..19).unwrap_or("1970-01-01T00:00:00")
}

/// A name for programs: lower case letters, digits and `_`, never empty.
fn slug(name: &str) -> String {
    let slug: String =
        name.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '_' }).collect();
    if slug.is_empty() { "scanner".to_owned() } else { slug }
}

/// Ids that stay the same from scan to scan as long as the fingerprint does.
#[derive(Default)]
struct Ids {
    /// How often each signature was met: equal findings differ by their order.
    seen: HashMap<blake3::Hash, u32>,
}

impl Ids {
    fn of(&mut self, finding: &Finding) -> String {
        let mut hasher = blake3::Hasher::new();
        let place = format!("{}:{}", finding.start.line, finding.start.column);
        for part in [&finding.rule, &finding.path, finding.fingerprint().unwrap_or(&place)] {
            // The length keeps neighbouring parts apart.
            hasher.update(&(part.len() as u64).to_le_bytes()).update(part.as_bytes());
        }
        let count = self.seen.entry(hasher.finalize()).or_default();
        let hash = hasher.update(&count.to_le_bytes()).finalize();
        *count += 1;
        uuid(hash.as_bytes())
    }
}

/// The first bytes of a hash as a UUID of version 8 (RFC 9562: made by a way of one's own).
fn uuid(hash: &[u8; 32]) -> String {
    let mut bytes = *hash.first_chunk::<16>().expect("a hash is longer than a UUID");
    bytes[6] = 0x80 | (bytes[6] & 0x0f);
    bytes[8] = 0x80 | (bytes[8] & 0x3f);
    let hex: String = bytes.iter().map(|b| format!("{b:02x}")).collect();
    format!("{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..])
}
