//! What a scan says of a finding, as it is stored: replaced whole when a later scan says something else.

use std::collections::BTreeMap;

use rampart_report::model::{self as reported, Report, RuleInfo};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::identity::{Item, Kind};
use crate::model::Severity;
use crate::scores::{self, CodeReach, Confidence, Evidence, Impact};

/// Longest text of one finding that is kept, in bytes: words are for people.
const TEXT_LIMIT: usize = 16 << 10;

/// A finding of a scan.
#[derive(Clone, Debug, PartialEq)]
pub struct Content {
    pub item: Item,
    pub rule_revision: Option<String>,
    pub tool: String,
    /// `SQL injection`: the title of the rule.
    pub kind: String,
    pub category: Option<String>,
    pub severity: Severity,
    pub end_line: u32,
    pub code_snippet: String,
    /// The message.
    pub description: String,
    pub cwe_id: Option<String>,
    pub owasp: Option<String>,
    pub cvss_score: Option<f64>,
    pub confidence: Confidence,
    pub reach: CodeReach,
    /// In 0..1.
    pub risk: f64,
    pub detail: Detail,
    /// Why a comment in the code says that it is not to be acted on; nothing without a reason.
    pub excuse: Option<String>,
}

/// What is shown of one finding and never searched for.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Detail {
    pub impact: String,
    pub recommendation: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub explanation: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub references: Vec<String>,
    /// The number of the first of `lines`.
    pub first_line: u32,
    pub lines: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub trace: Vec<reported::TraceStep>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fix: Option<reported::Fix>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub suppression: Option<reported::Suppression>,
}

impl Content {
    /// The signature by which it is known first.
    pub fn fingerprint(&self) -> String {
        fingerprint(&self.item.signatures)
    }

    /// Files that the data goes through, without its own.
    pub fn through(&self) -> Vec<String> {
        through(&self.detail, &self.item.path)
    }

    /// What tells whether anything of it has changed.
    pub fn digest(&self) -> String {
        let parts = (
            (&self.item.rule, &self.item.path, self.item.line, self.item.column, self.end_line, &self.item.signatures),
            (&self.rule_revision, &self.tool, &self.kind, &self.category, self.severity, &self.code_snippet),
            (&self.description, &self.cwe_id, &self.owasp, self.cvss_score, self.confidence, self.reach),
            (self.risk, &self.detail, &self.excuse),
        );
        let text = serde_json::to_vec(&parts).unwrap_or_default();
        let mut hex = blake3::hash(&text).to_hex().to_string();
        hex.truncate(32);
        hex
    }
}

pub fn fingerprint(signatures: &BTreeMap<Kind, String>) -> String {
    let whole = Kind::WHOLE.into_iter().find_map(|kind| Some((kind, signatures.get(&kind)?)));
    whole.map(|(kind, signature)| format!("{kind}:{signature}")).unwrap_or_default()
}

pub fn through(detail: &Detail, own: &str) -> Vec<String> {
    let mut files: Vec<String> = detail.trace.iter().map(|step| step.path.clone()).filter(|path| path != own).collect();
    files.sort_unstable();
    files.dedup();
    files
}

/// The findings of a report, in its order.
pub fn contents(report: &Report, looked: &crate::identity::Looked) -> Vec<Content> {
    let index = report.rule_index();
    let unknown = RuleInfo::default();
    report
        .findings
        .iter()
        .map(|finding| {
            let rule = index.get(finding.rule.as_str()).map_or(&unknown, |&at| &report.rules[at]);
            let revision = looked.revision(&finding.rule).map(str::to_owned);
            content(&report.tool.name, finding, rule, revision)
        })
        .collect()
}

fn content(tool: &str, finding: &reported::Finding, rule: &RuleInfo, rule_revision: Option<String>) -> Content {
    let finding = &without_secrets(finding, rule);
    let signatures = finding.fingerprints.iter().filter_map(|(kind, value)| Some((kind.parse().ok()?, value.clone())));
    let signatures: BTreeMap<Kind, String> = signatures.collect();
    let severity = Severity::from(finding.severity);
    let confidence = match rule.confidence {
        Some(reported::Level::High) => Confidence::High,
        Some(reported::Level::Low) => Confidence::Low,
        Some(reported::Level::Medium) | None => Confidence::Medium,
    };
    let reach = reach(finding, rule);
    let cvss_score = rule.metadata.get("cvss").and_then(number).filter(|score| (0.0..=10.0).contains(score));
    let impact = cvss_score.map_or(Impact::Severity(finding.severity), Impact::Cvss);
    let terms = scores::risk(impact, Evidence::Code { reach, confidence }, scores::Context::default());
    let explanation = rule.explanation.clone().unwrap_or_default();
    let told = [explanation.what, explanation.exploit].map(|part| cut(part.trim()));
    let told = told.iter().filter(|part| !part.is_empty()).map(String::as_str).collect::<Vec<_>>().join("\n\n");
    Content {
        item: Item {
            rule: finding.rule.clone(),
            path: finding.path.clone(),
            line: finding.start.line,
            column: finding.start.column,
            signatures,
        },
        rule_revision,
        tool: tool.to_owned(),
        kind: if rule.name.trim().is_empty() { finding.rule.clone() } else { cut(&rule.name) },
        category: rule.category.as_deref().map(cut),
        severity,
        end_line: finding.end.line.max(finding.start.line),
        code_snippet: cut(&finding.matched_lines().join("\n")),
        description: cut(finding.headline()),
        cwe_id: rule.cwe_numbers().next().map(|number| format!("CWE-{number}")),
        owasp: rule.owasp.first().map(|owasp| cut(owasp)),
        cvss_score,
        confidence,
        reach,
        risk: terms.risk,
        excuse: finding.suppressed.as_ref().and_then(excuse),
        detail: Detail {
            impact: cut(&explanation.impact),
            recommendation: cut(&explanation.fix),
            explanation: Some(told).filter(|told| !told.is_empty()),
            references: rule.references.iter().take(20).map(|text| cut(text)).collect(),
            first_line: finding.first_line,
            lines: finding.lines.clone(),
            trace: finding.trace.clone(),
            fix: finding.fix.clone(),
            suppression: finding.suppressed.clone(),
        },
    }
}

/// A suppression without a reason changes nothing.
fn excuse(suppression: &reported::Suppression) -> Option<String> {
    let reason = suppression.reason.as_deref()?.trim();
    (suppression.kind == reported::SuppressionKind::InSource && !reason.is_empty())
        .then(|| reason.chars().take(crate::model::REASON_LENGTH).collect())
}

fn reach(finding: &reported::Finding, rule: &RuleInfo) -> CodeReach {
    if is_test(&finding.path) {
        CodeReach::Test
    } else if finding.trace.is_empty() {
        CodeReach::Pattern
    } else if rule.metadata.get("reach").and_then(Value::as_str) == Some("local") {
        CodeReach::Local
    } else {
        CodeReach::Network
    }
}

/// Whether only tests run a file, as names go.
fn is_test(path: &str) -> bool {
    let (folders, name) = path.rsplit_once('/').unwrap_or(("", path));
    let folder = |part: &str| matches!(part, "test" | "tests" | "__tests__" | "spec" | "testdata" | "fixtures");
    folders.split('/').any(folder)
        || name.starts_with("test_")
        || [".test.", ".spec.", "_test."].iter().any(|mark| name.contains(mark))
        || name.ends_with("Test.java")
}

fn number(value: &Value) -> Option<f64> {
    value.as_f64().or_else(|| value.as_str()?.parse().ok())
}

fn cut(text: &str) -> String {
    text[..text.floor_char_boundary(TEXT_LIMIT)].to_owned()
}

/// Weaknesses whose findings show a secret: hard-coded credentials, passwords, keys.
const SECRETS: [u32; 3] = [798, 259, 321];
/// What stands in place of a secret.
const MASK: &str = "•••";
/// Shorter literals are no secrets: a name of a setting, a separator.
const SHORTEST_SECRET: usize = 4;

/// The finding as it may be stored: a secret that is in the code is nobody's to read here. Its signatures were made before.
fn without_secrets(finding: &reported::Finding, rule: &RuleInfo) -> reported::Finding {
    let mut finding = finding.clone();
    if !rule.cwe_numbers().any(|cwe| SECRETS.contains(&cwe)) {
        return finding;
    }
    let mut secrets: Vec<String> = finding.matched_lines().iter().flat_map(|line| literals(line)).collect();
    // The longest first: one may be a part of another.
    secrets.sort_by_key(|secret| std::cmp::Reverse(secret.len()));
    let mask = |text: &mut String| {
        for secret in &secrets {
            if text.contains(secret.as_str()) {
                *text = text.replace(secret.as_str(), MASK);
            }
        }
    };
    mask(&mut finding.message);
    finding.lines.iter_mut().for_each(mask);
    for step in &mut finding.trace {
        mask(&mut step.text);
    }
    if let Some(fix) = &mut finding.fix {
        mask(&mut fix.replacement);
    }
    finding
}

/// What stands in quotes on a line.
fn literals(line: &str) -> Vec<String> {
    let mut literals = Vec::new();
    let mut open: Option<(char, String)> = None;
    let mut chars = line.chars();
    while let Some(c) = chars.next() {
        match &mut open {
            Some((quote, text)) if c == *quote => {
                literals.push(std::mem::take(text));
                open = None;
            }
            Some((_, text)) => {
                text.push(c);
                if c == '\\' {
                    text.extend(chars.next());
                }
            }
            None if matches!(c, '"' | '\'' | '`') => open = Some((c, String::new())),
            None => {}
        }
    }
    // One that goes on in the next line.
    literals.extend(open.map(|(_, text)| text));
    literals.retain(|text| text.chars().count() >= SHORTEST_SECRET);
    literals
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_in_code_are_not_kept() {
        let secret = "correct-horse-battery";
        let line = format!(r#"connect("db", password="{secret}", 'it\'s')"#);
        let finding = reported::Finding {
            message: format!("the password {secret} is in the code"),
            first_line: 1,
            start: reported::Position { line: 1, column: 1, offset: 0 },
            end: reported::Position { line: 1, column: 9, offset: 8 },
            lines: vec![line.clone(), format!("use(\"{secret}\")")],
            trace: vec![reported::TraceStep { text: line, ..reported::TraceStep::default() }],
            ..reported::Finding::default()
        };
        let rule = |cwe: &str| RuleInfo { cwe: vec![cwe.to_owned()], ..RuleInfo::default() };
        let stored = content("Rampart", &finding, &rule("CWE-798: Hard-coded credentials"), None);
        assert!(!format!("{stored:?}").contains(secret), "{stored:?}");
        assert_eq!(stored.code_snippet, r#"connect("db", password="•••", '•••')"#);
        let other = content("Rampart", &finding, &rule("CWE-89"), None);
        assert!(other.code_snippet.contains(secret));
    }
}
