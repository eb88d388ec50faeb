//! SARIF 2.1.0, as tools write it: nearly everything may be missing.

use std::collections::BTreeMap;

use rampart_report::model::{
    Explanation, Finding, Position, RuleInfo, Severity, Suppression, SuppressionKind, TraceStep,
};
use serde::Deserialize;
use serde_json::Value;

use super::read::{Imported, MOST_STEPS, NAME, PATH, Reader, TEXT, cut, empty, path, tool_name};
use crate::error::{Error, Result};
use crate::ingest::MOST_FINDINGS;

/// Runs of one file: a build server runs a handful of tools.
const MOST_RUNS: usize = 20;
/// Rules and files that a run names.
const MOST_NAMED: usize = 50_000;

#[derive(Deserialize)]
pub(super) struct Sarif {
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
pub(super) struct Words {
    pub(super) text: Option<String>,
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
pub(super) struct Region {
    pub(super) start_line: Option<u32>,
    pub(super) start_column: Option<u32>,
    pub(super) end_line: Option<u32>,
    pub(super) end_column: Option<u32>,
    pub(super) snippet: Words,
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

impl Sarif {
    pub(super) fn into_imported(self) -> Result<Imported> {
        if self.version != "2.1.0" {
            return Err(Error::Invalid("version", "is read as 2.1.0 only".to_owned()));
        }
        if self.runs.len() > MOST_RUNS {
            return Err(Error::Invalid("runs", format!("are at most {MOST_RUNS}")));
        }
        let mut reader = Reader::default();
        for run in self.runs {
            reader.run(run)?;
        }
        Ok(reader.finish())
    }
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
