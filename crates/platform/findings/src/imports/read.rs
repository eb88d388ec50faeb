//! What other tools have found, as SARIF 2.1.0 or as a plain list, becomes a report of ours.
//!
//! The file is hostile: nothing in it is believed but that somebody who may import says so. What it names is kept apart from our own:
//! its rules are called `tool:rule`. Paths that lead out of the repository, or are none, are left out and counted. Its fingerprints are
//! hints for the last pass of [`identity`](crate::identity), never more. Of everything there is a most.

use std::collections::{BTreeMap, HashMap};

use rampart_report::model::{Coverage, Finding, Position, Report, SCHEMA, Severity, Tool};
use serde_json::Value;

use super::plain::Plain;
use super::sarif::{Region, Sarif};
use crate::error::{Error, Result};
use crate::identity::Kind;

/// Steps of one way of data.
pub(super) const MOST_STEPS: usize = 100;
/// Longest text, name and path, in bytes.
pub(super) const TEXT: usize = 4_096;
pub(super) const NAME: usize = 200;
pub(super) const PATH: usize = 1_000;

/// What was in the file.
#[derive(Debug)]
pub struct Imported {
    /// One for each tool, by name.
    pub reports: Vec<Report>,
    /// Results that name no place in the repository.
    pub left_out: u64,
}

/// Reads a file of another tool.
///
/// # Errors
/// What is wrong with it.
pub fn read(document: Value) -> Result<Imported> {
    let wrong = |error: serde_json::Error| Error::Invalid("", format!("is not as it should be: {error}"));
    if document.get("runs").is_none() {
        let plain: Plain = serde_json::from_value(document).map_err(wrong)?;
        return plain.into_imported();
    }
    let sarif: Sarif = serde_json::from_value(document).map_err(wrong)?;
    sarif.into_imported()
}

/// What was read so far.
#[derive(Default)]
pub(super) struct Reader {
    pub(super) reports: BTreeMap<String, Report>,
    pub(super) left_out: u64,
    /// Results of all runs.
    pub(super) count: usize,
    /// How often a signature was given: equal ones are counted.
    given: HashMap<String, u32>,
}

impl Reader {
    #[allow(clippy::too_many_arguments, reason = "what a finding is made of")]
    pub(super) fn finding(
        &mut self,
        tool: &str,
        rule: &str,
        severity: Severity,
        path: &str,
        region: &Region,
        message: &str,
        hints: &[(String, String)],
    ) -> Finding {
        let rule = format!("{tool}:{}", cut(rule, NAME));
        let line = region.start_line.unwrap_or(1).max(1);
        let end_line = region.end_line.unwrap_or(line).max(line);
        let column = region.start_column.unwrap_or(1).max(1);
        let snippet = cut(region.snippet.text.as_deref().unwrap_or_default(), TEXT);
        let message = cut(message, TEXT);
        // The code if it is there, else the words: lines move.
        let told = if snippet.trim().is_empty() { &message } else { &snippet };
        let told = told.split_whitespace().collect::<Vec<_>>().join(" ");
        let own = hash("rampart finding import/v1", &[&rule, path, &told]);
        let count = self.given.entry(own.clone()).or_default();
        *count += 1;
        let own = if *count == 1 { own } else { format!("{own}:{}", *count - 1) };
        let mut fingerprints = BTreeMap::from([(Kind::Import.name().to_owned(), own)]);
        if !hints.is_empty() {
            let parts: Vec<&str> = [tool]
                .into_iter()
                .chain(hints.iter().flat_map(|(key, value)| [key.as_str(), value.as_str()]))
                .collect();
            fingerprints.insert(Kind::Hint.name().to_owned(), hash("rampart finding hint/v1", &parts));
        }
        let start = Position { line, column, offset: 0 };
        let end = Position { line: end_line, column: region.end_column.unwrap_or(column).max(1), offset: 0 };
        Finding {
            rule,
            path: path.to_owned(),
            start,
            end,
            severity,
            message,
            first_line: line,
            lines: snippet.lines().take(64).map(|line| cut(line, NAME)).collect(),
            fingerprints,
            ..Finding::default()
        }
    }

    pub(super) fn finish(self) -> Imported {
        let reports = self.reports.into_values().map(|mut report| {
            // A finding's file was looked at, and its rule ran.
            report.coverage.scanned.extend(report.findings.iter().map(|finding| finding.path.clone()));
            report.coverage.scanned.sort_unstable();
            report.coverage.scanned.dedup();
            report.sort();
            report
        });
        Imported { reports: reports.collect(), left_out: self.left_out }
    }
}

pub(super) fn empty(tool: &str, version: String) -> Report {
    Report {
        schema: SCHEMA,
        tool: Tool { name: tool.to_owned(), version, ..Tool::default() },
        started: String::new(),
        finished: String::new(),
        root: String::new(),
        rules: Vec::new(),
        findings: Vec::new(),
        coverage: Coverage::default(),
    }
}

/// Lower case, without what could be taken for something else; nothing when nothing is left. Our own name has a capital: no other
/// tool is us.
pub(super) fn tool_name(name: &str) -> Option<String> {
    let name: String = name
        .chars()
        .take(60)
        .map(|c| if c.is_ascii_alphanumeric() || ".-_".contains(c) { c.to_ascii_lowercase() } else { '-' })
        .collect();
    let name = name.trim_matches('-').to_owned();
    (!name.is_empty()).then_some(name)
}

/// A path in the repository: relative, without steps up, nothing that steers a terminal.
pub(super) fn path(uri: &str) -> Option<String> {
    let uri = uri.split(['?', '#']).next().unwrap_or_default();
    let decoded = percent_decoded(uri.strip_prefix("./").unwrap_or(uri))?;
    let is_plain = !decoded.is_empty()
        && decoded.len() <= PATH
        && !decoded.starts_with('/')
        && !decoded.contains(['\\', ':'])
        && !decoded.chars().any(char::is_control)
        && decoded.split('/').all(|part| !part.is_empty() && part != "." && part != "..");
    is_plain.then_some(decoded)
}

fn percent_decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        let digit = |byte: Option<u8>| char::from(byte?).to_digit(16);
        bytes.push(if byte == b'%' {
            u8::try_from(digit(rest.next())? * 16 + digit(rest.next())?).ok()?
        } else {
            byte
        });
    }
    String::from_utf8(bytes).ok()
}

fn hash(context: &str, fields: &[&str]) -> String {
    let mut hasher = blake3::Hasher::new_derive_key(context);
    for field in fields {
        hasher.update(&(field.len() as u64).to_le_bytes());
        hasher.update(field.as_bytes());
    }
    let mut hex = hasher.finalize().to_hex().to_string();
    hex.truncate(32);
    hex
}

pub(super) fn cut(text: &str, limit: usize) -> String {
    text[..text.floor_char_boundary(limit)].to_owned()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::ingest::MOST_FINDINGS;

    fn result(uri: &str, line: u32, snippet: &str) -> Value {
        json!({
            "ruleId": "B608",
            "level": "warning",
            "message": { "text": "SQL in a string" },
            "locations": [{ "physicalLocation": {
                "artifactLocation": { "uri": uri },
                "region": { "startLine": line, "snippet": { "text": snippet } },
            } }],
            "partialFingerprints": { "primaryLocationLineHash": "39fa2ee980eb94b0:1" },
        })
    }

    fn sarif(results: &[Value]) -> Value {
        let rule = json!({
            "id": "B608",
            "shortDescription": { "text": "SQL injection" },
            "properties": { "tags": ["security", "external/cwe/cwe-089"], "security-severity": "9.1" },
        });
        json!({ "version": "2.1.0", "runs": [{ "tool": { "driver": { "name": "Bandit!", "rules": [rule] } }, "results": results }] })
    }

    #[test]
    fn a_result_becomes_a_finding_of_its_tool() {
        let imported =
            read(sarif(&[result("src/a%20b.py", 7, "run(\n  x)"), result("src/a%20b.py", 9, "run( x)")])).unwrap();
        let [report] = &imported.reports[..] else { panic!("one tool") };
        assert_eq!((report.tool.name.as_str(), imported.left_out), ("bandit", 0));
        let [one, two] = &report.findings[..] else { panic!("two findings") };
        assert_eq!((one.rule.as_str(), one.path.as_str(), one.start.line), ("bandit:B608", "src/a b.py", 7));
        assert_eq!((one.severity, one.message.as_str()), (Severity::Critical, "SQL in a string"));
        assert_eq!((report.rules[0].name.as_str(), report.rules[0].cwe[0].as_str()), ("SQL injection", "CWE-89"));
        // Lines move and blanks change; equal ones are counted.
        assert_eq!(two.fingerprints["import/v1"], format!("{}:1", one.fingerprints["import/v1"]));
        assert!(!one.fingerprints.contains_key("match/v1") && one.fingerprints.contains_key("hint/v1"));
    }

    #[test]
    fn places_outside_of_the_repository_are_left_out() {
        let bad = [
            "/etc/passwd",
            "../a",
            "a/../../b",
            "file:///a",
            "https://x/a",
            "C:\\a",
            "a//b",
            "%2e%2e/a",
            "a%00b",
            "%ff",
            "%4",
            "",
            ".",
        ];
        let results: Vec<Value> = bad.iter().map(|uri| result(uri, 1, "x")).collect();
        let imported = read(sarif(&results)).unwrap();
        assert_eq!((imported.left_out, imported.reports[0].findings.len()), (bad.len() as u64, 0));
    }

    #[test]
    fn what_is_no_sarif_is_refused_and_nothing_panics() {
        for bad in [
            json!({}),
            json!({ "version": "2.0.0", "runs": [] }),
            json!({ "version": "2.1.0", "runs": {} }),
            json!({ "version": "2.1.0", "runs": [{}] }),
            json!({ "version": "2.1.0", "runs": [{ "tool": { "driver": { "name": "---" } } }] }),
            json!({ "version": "2.1.0", "runs": vec![json!({}); 21] }),
            json!({ "tool": "x", "findings": [{ "ruleId": "r" }] }),
            json!({ "tool": "x", "findings": [], "more": 1 }),
        ] {
            assert!(read(bad.clone()).is_err(), "{bad}");
        }
        let odd = json!({
            "ruleIndex": -1, "message": {}, "level": "worst",
            "locations": [{ "physicalLocation": { "artifactLocation": { "uri": "a" }, "region": { "startLine": 0, "endLine": 0, "startColumn": 0 } } }],
            "codeFlows": [{ "threadFlows": [{ "locations": [{ "location": {} }] }] }],
        });
        let imported = read(sarif(&[odd, json!({}), json!({ "kind": "pass" })])).unwrap();
        let finding = &imported.reports[0].findings[0];
        assert_eq!((finding.rule.as_str(), finding.start.line, finding.end.line), ("bandit:unnamed", 1, 1));
        assert_eq!((imported.left_out, finding.trace.len()), (2, 0));
        let many = vec![json!({}); MOST_FINDINGS + 1];
        assert!(matches!(read(sarif(&many)), Err(Error::TooMany { .. })));
    }

    #[test]
    fn a_plain_list_is_read_too() {
        let one = json!({ "ruleId": "r", "severity": "high", "filePath": "a.py", "lineNumber": 3, "message": "m" });
        let imported = read(json!({ "tool": "Own Tool", "findings": [one] })).unwrap();
        let finding = &imported.reports[0].findings[0];
        assert_eq!((finding.rule.as_str(), finding.severity), ("own-tool:r", Severity::High));
    }
}
