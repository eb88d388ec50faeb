//! What other tools have found, as SARIF 2.1.0 or as a plain list, becomes a report of ours.
//!
//! The file is hostile: nothing in it is believed but that somebody who may import says so. What it names is kept apart from our own:
//! its rules are called `tool:rule`. Paths that lead out of the repository, or are none, are left out and counted. Its fingerprints are
//! hints for the last pass of [`identity`](crate::identity), never more. Of everything there is a most.

use std::collections::{BTreeMap, HashMap};

use rampart_report::model::{
    Coverage, Explanation, Finding, Position, Report, RuleInfo, SCHEMA, Severity, Suppression, SuppressionKind, Tool,
    TraceStep,
};
use serde::Deserialize;
use serde_json::Value;

use crate::error::{Error, Result};
use crate::identity::Kind;
use crate::ingest::MOST_FINDINGS;

/// Runs of one file: a build server runs a handful of tools.
const MOST_RUNS: usize = 20;
/// Rules and files that a run names.
const MOST_NAMED: usize = 50_000;
/// Steps of one way of data.
const MOST_STEPS: usize = 100;
/// Longest text, name and path, in bytes.
const TEXT: usize = 4_096;
const NAME: usize = 200;
const PATH: usize = 1_000;

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
    if sarif.version != "2.1.0" {
        return Err(Error::Invalid("version", "is read as 2.1.0 only".to_owned()));
    }
    if sarif.runs.len() > MOST_RUNS {
        return Err(Error::Invalid("runs", format!("are at most {MOST_RUNS}")));
    }
    let mut reader = Reader::default();
    for run in sarif.runs {
        reader.run(run)?;
    }
    Ok(reader.finish())
}

#[derive(Deserialize)]
struct Sarif {
    #[serde(default)]
    version: String,
    runs: Vec<Run>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Run {
    tool: RunTool,
    #[serde(default)]
    results: Option<Vec<RunResult>>,
    /// The files that were looked at.
    #[serde(default)]
    artifacts: Vec<Artifact>,
}

#[derive(Deserialize)]
struct RunTool {
    driver: Driver,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Driver {
    name: String,
    #[serde(default)]
    version: Option<String>,
    #[serde(default)]
    semantic_version: Option<String>,
    #[serde(default)]
    rules: Vec<Rule>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Rule {
    id: String,
    name: Option<String>,
    short_description: Words,
    full_description: Words,
    help: Words,
    help_uri: Option<String>,
    default_configuration: Configuration,
    properties: Properties,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Words {
    text: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Configuration {
    level: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Properties {
    tags: Vec<Value>,
    #[serde(rename = "security-severity")]
    security_severity: Option<Value>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Artifact {
    location: Location,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Location {
    uri: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct RunResult {
    rule_id: Option<String>,
    rule_index: Option<i64>,
    rule: Option<RuleReference>,
    level: Option<String>,
    kind: Option<String>,
    message: Words,
    locations: Vec<Place>,
    partial_fingerprints: BTreeMap<String, Value>,
    suppressions: Vec<Suppressed>,
    code_flows: Vec<CodeFlow>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct RuleReference {
    id: Option<String>,
    index: Option<i64>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Place {
    physical_location: Physical,
    message: Words,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Physical {
    artifact_location: Location,
    region: Region,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Region {
    start_line: Option<u32>,
    start_column: Option<u32>,
    end_line: Option<u32>,
    end_column: Option<u32>,
    snippet: Words,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Suppressed {
    status: Option<String>,
    justification: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct CodeFlow {
    thread_flows: Vec<ThreadFlow>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct ThreadFlow {
    locations: Vec<FlowLocation>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct FlowLocation {
    location: Place,
}

#[derive(Default)]
struct Reader {
    reports: BTreeMap<String, Report>,
    left_out: u64,
    count: usize,
    /// How often a signature was given: equal ones are counted.
    given: HashMap<String, u32>,
}

impl Reader {
    fn run(&mut self, run: Run) -> Result<()> {
        let Driver { name, version, semantic_version, rules } = run.tool.driver;
        let results = run.results.unwrap_or_default();
        if rules.len() > MOST_NAMED || run.artifacts.len() > MOST_NAMED {
            return Err(Error::Invalid("runs", format!("name at most {MOST_NAMED} rules and files each")));
        }
        let tool = tool_name(&name).ok_or_else(|| Error::Invalid("runs.tool.driver.name", "is missing".to_owned()))?;
        self.count += results.len();
        if self.count > MOST_FINDINGS {
            return Err(Error::TooMany { found: self.count, limit: MOST_FINDINGS });
        }
        let version = cut(semantic_version.or(version).as_deref().unwrap_or_default(), NAME);
        let mut report = self.reports.remove(&tool).unwrap_or_else(|| empty(&tool, version));
        report.coverage.scanned.extend(run.artifacts.iter().filter_map(|file| path(file.location.uri.as_deref()?)));
        let infos: Vec<RuleInfo> = rules.iter().map(|rule| info(&tool, rule)).collect();
        for result in results {
            match self.result(&tool, &rules, result) {
                Some(finding) => report.findings.push(finding),
                None => self.left_out += 1,
            }
        }
        report.rules.extend(infos);
        self.reports.insert(tool, report);
        Ok(())
    }

    /// Nothing when it names no place in the repository, or says that nothing is wrong.
    fn result(&mut self, tool: &str, rules: &[Rule], result: RunResult) -> Option<Finding> {
        if matches!(result.kind.as_deref(), Some("pass" | "notApplicable")) {
            return None;
        }
        let index = result.rule_index.or(result.rule.as_ref().and_then(|rule| rule.index));
        let indexed = index.and_then(|index| rules.get(usize::try_from(index).ok()?));
        let named = result.rule_id.or(result.rule.and_then(|rule| rule.id));
        let id = named.or_else(|| indexed.map(|rule| rule.id.clone())).unwrap_or_else(|| "unnamed".to_owned());
        // `rule/part` is a part of a rule.
        let known = indexed.or_else(|| rules.iter().find(|rule| rule.id == id));
        let place = result.locations.first()?;
        let path = path(place.physical_location.artifact_location.uri.as_deref()?)?;
        let region = &place.physical_location.region;
        let message = result.message.text.or_else(|| known?.short_description.text.clone()).unwrap_or_default();
        let severity = known
            .and_then(|rule| security_severity(&rule.properties))
            .or_else(|| level(result.level.as_deref()))
            .or_else(|| level(known?.default_configuration.level.as_deref()))
            .unwrap_or(Severity::Medium);
        let hints: Vec<(String, String)> = result
            .partial_fingerprints
            .into_iter()
            .filter_map(|(key, value)| Some((key, value.as_str()?.to_owned())))
            .take(MOST_STEPS)
            .collect();
        let flow = result.code_flows.into_iter().flat_map(|flow| flow.thread_flows).next();
        let excused =
            result.suppressions.iter().find(|one| !matches!(one.status.as_deref(), Some("rejected" | "underReview")));
        let mut finding = self.finding(tool, &id, severity, &path, region, &message, &hints);
        finding.trace = flow.map(|flow| trace(flow.locations)).unwrap_or_default();
        finding.suppressed = excused.map(|one| Suppression {
            kind: SuppressionKind::InSource,
            comment: String::new(),
            reason: one.justification.as_deref().map(|reason| cut(reason, TEXT)),
            line: None,
        });
        Some(finding)
    }

    #[allow(clippy::too_many_arguments, reason = "what a finding is made of")]
    fn finding(
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

    fn finish(self) -> Imported {
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

/// `{ tool, findings[] }`
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Plain {
    tool: String,
    findings: Vec<PlainFinding>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct PlainFinding {
    rule_id: String,
    severity: crate::model::Severity,
    file_path: String,
    line_number: u32,
    end_line: Option<u32>,
    message: String,
    code_snippet: Option<String>,
    fingerprint: Option<String>,
}

impl Plain {
    fn into_imported(self) -> Result<Imported> {
        if self.findings.len() > MOST_FINDINGS {
            return Err(Error::TooMany { found: self.findings.len(), limit: MOST_FINDINGS });
        }
        let tool = tool_name(&self.tool).ok_or_else(|| Error::Invalid("tool", "is missing".to_owned()))?;
        let (mut reader, mut report) = (Reader::default(), empty(&tool, String::new()));
        for one in self.findings {
            let Some(path) = path(&one.file_path) else {
                reader.left_out += 1;
                continue;
            };
            let region = Region {
                start_line: Some(one.line_number),
                end_line: one.end_line,
                snippet: Words { text: one.code_snippet },
                ..Region::default()
            };
            let hints: Vec<(String, String)> =
                one.fingerprint.into_iter().map(|value| ("own".to_owned(), value)).collect();
            let severity = one.severity.into();
            report.findings.push(reader.finding(&tool, &one.rule_id, severity, &path, &region, &one.message, &hints));
        }
        reader.reports.insert(tool, report);
        Ok(reader.finish())
    }
}

fn empty(tool: &str, version: String) -> Report {
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
fn tool_name(name: &str) -> Option<String> {
    let name: String = name
        .chars()
        .take(60)
        .map(|c| if c.is_ascii_alphanumeric() || ".-_".contains(c) { c.to_ascii_lowercase() } else { '-' })
        .collect();
    let name = name.trim_matches('-').to_owned();
    (!name.is_empty()).then_some(name)
}

fn info(tool: &str, rule: &Rule) -> RuleInfo {
    let text = |words: &Words| words.text.as_deref().map(|text| cut(text, TEXT));
    let name = text(&rule.short_description).or_else(|| rule.name.as_deref().map(|name| cut(name, NAME)));
    let tags = rule.properties.tags.iter().filter_map(Value::as_str).take(MOST_STEPS);
    // `external/cwe/cwe-89`, `CWE-89`
    let cwe = tags.filter_map(|tag| {
        let tag = tag.rsplit('/').next()?.to_ascii_lowercase();
        rampart_report::model::cwe_number(tag.strip_prefix("cwe-")?).map(|number| format!("CWE-{number}"))
    });
    let full = text(&rule.full_description).unwrap_or_default();
    RuleInfo {
        id: format!("{tool}:{}", cut(&rule.id, NAME)),
        name: name.unwrap_or_else(|| cut(&rule.id, NAME)),
        message: full.clone(),
        cwe: cwe.collect(),
        references: rule.help_uri.iter().filter(|uri| uri.starts_with("https://")).map(|uri| cut(uri, PATH)).collect(),
        explanation: Some(Explanation {
            what: full,
            fix: text(&rule.help).unwrap_or_default(),
            ..Explanation::default()
        }),
        ..RuleInfo::default()
    }
}

fn level(level: Option<&str>) -> Option<Severity> {
    match level? {
        "error" => Some(Severity::High),
        "warning" => Some(Severity::Medium),
        "note" => Some(Severity::Low),
        "none" => Some(Severity::Info),
        _ => None,
    }
}

/// As GitHub reads it.
fn security_severity(properties: &Properties) -> Option<Severity> {
    let value = properties.security_severity.as_ref()?;
    let score =
        value.as_f64().or_else(|| value.as_str()?.trim().parse().ok()).filter(|score: &f64| score.is_finite())?;
    Some(match score {
        s if s >= 9.0 => Severity::Critical,
        s if s >= 7.0 => Severity::High,
        s if s >= 4.0 => Severity::Medium,
        s if s > 0.0 => Severity::Low,
        _ => Severity::Info,
    })
}

fn trace(locations: Vec<FlowLocation>) -> Vec<TraceStep> {
    let step = |FlowLocation { location }: FlowLocation| {
        let Physical { artifact_location, region } = location.physical_location;
        let line = region.start_line.unwrap_or(1).max(1);
        let start = Position { line, column: region.start_column.unwrap_or(1).max(1), offset: 0 };
        Some(TraceStep {
            path: path(artifact_location.uri.as_deref()?)?,
            start,
            end: Position { line: region.end_line.unwrap_or(line).max(line), ..start },
            text: cut(region.snippet.text.as_deref().unwrap_or_default(), NAME),
            note: cut(location.message.text.as_deref().unwrap_or_default(), NAME),
        })
    };
    locations.into_iter().take(MOST_STEPS).filter_map(step).collect()
}

/// A path in the repository: relative, without steps up, nothing that steers a terminal.
fn path(uri: &str) -> Option<String> {
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

fn cut(text: &str, limit: usize) -> String {
    text[..text.floor_char_boundary(limit)].to_owned()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

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
