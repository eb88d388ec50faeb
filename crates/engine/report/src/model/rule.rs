//! What a report says about a rule, read from the rule's own metadata.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::Severity;

/// What a report says about a rule.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct RuleInfo {
    pub id: String,
    /// A short title; the last part of the id, spelled out, when the rule has none.
    pub name: String,
    pub message: String,
    pub severity: Severity,
    pub languages: Vec<String>,
    /// As the rule has them: `CWE-89: …`. [`cwe_number`] reads the number.
    pub cwe: Vec<String>,
    /// As the rule has them: `A03:2021 - Injection`.
    pub owasp: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub confidence: Option<Level>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub likelihood: Option<Level>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub impact: Option<Level>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub category: Option<String>,
    pub technology: Vec<String>,
    pub references: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub explanation: Option<Explanation>,
    /// Where the rule comes from: its file, or the address of its page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// The rule's own `metadata`, whole.
    pub metadata: Value,
}

/// A rule explained to someone who is no specialist. Plain text; indented lines are code.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Explanation {
    pub what: String,
    pub exploit: String,
    pub impact: String,
    pub fix: String,
    pub prevention: String,
}

/// How sure, how likely or how bad, on the scale that rule metadata uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    Low,
    Medium,
    High,
}

impl RuleInfo {
    /// Reads `metadata` as Rampart's own rules and those of public registries write it: a field may be a string, a list or absent,
    /// levels in any case. What cannot be read is left out here and stays in `metadata`.
    pub fn new(id: &str, message: &str, severity: Severity, metadata: Value) -> RuleInfo {
        let text = |key: &str| metadata.get(key).and_then(Value::as_str).map(str::to_owned).filter(|t| !t.is_empty());
        let list = |key: &str| metadata.get(key).map(strings).unwrap_or_default();
        let level = |key: &str| metadata.get(key).and_then(Value::as_str).and_then(Level::from_name);
        let either = |key: &str, other: &str| Some(list(key)).filter(|l| !l.is_empty()).unwrap_or_else(|| list(other));
        RuleInfo {
            id: id.to_owned(),
            name: text("name").or_else(|| text("title")).unwrap_or_else(|| title_of(id)),
            message: message.to_owned(),
            severity,
            languages: Vec::new(),
            cwe: either("cwe", "cwe-id"),
            owasp: list("owasp"),
            confidence: level("confidence"),
            likelihood: level("likelihood"),
            impact: level("impact"),
            category: text("category"),
            technology: list("technology"),
            references: either("references", "reference"),
            explanation: metadata.get("explanation").and_then(Explanation::from_metadata),
            source: text("source").or_else(|| text("source-rule-url")),
            metadata,
        }
    }

    /// The CWE numbers in the order of `cwe`, without those that cannot be read.
    pub fn cwe_numbers(&self) -> impl Iterator<Item = u32> + '_ {
        self.cwe.iter().filter_map(|c| cwe_number(c))
    }
}

impl Explanation {
    fn from_metadata(value: &Value) -> Option<Explanation> {
        let part = |key: &str| value.get(key).and_then(Value::as_str).unwrap_or_default().trim_end().to_owned();
        let explanation = Explanation {
            what: part("what"),
            exploit: part("exploit"),
            impact: part("impact"),
            fix: part("fix"),
            prevention: part("prevention"),
        };
        (explanation != Explanation::default()).then_some(explanation)
    }

    /// Its parts that are not empty, each under a heading for people.
    pub fn parts(&self) -> impl Iterator<Item = (&'static str, &str)> {
        [
            ("What it is", &self.what),
            ("How it is exploited", &self.exploit),
            ("Impact", &self.impact),
            ("How to fix it", &self.fix),
            ("How to prevent it", &self.prevention),
        ]
        .into_iter()
        .map(|(heading, text)| (heading, text.as_str()))
        .filter(|(_, text)| !text.trim().is_empty())
    }
}

impl Level {
    pub fn from_name(name: &str) -> Option<Level> {
        match name.to_ascii_lowercase().as_str() {
            "low" => Some(Level::Low),
            "medium" => Some(Level::Medium),
            "high" => Some(Level::High),
            _ => None,
        }
    }

    pub fn as_str(self) -> &'static str {
        match self {
            Level::Low => "low",
            Level::Medium => "medium",
            Level::High => "high",
        }
    }
}

/// The number in `CWE-89`, `CWE-89: …`, `cwe89` or `89`.
pub fn cwe_number(text: &str) -> Option<u32> {
    let text = text.trim_start();
    let rest = match text.get(..3) {
        Some(head) if head.eq_ignore_ascii_case("cwe") => text[3..].trim_start_matches(['-', ' ', '_', ':']),
        _ => text,
    };
    let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    rest[..digits].parse().ok()
}

/// A string, or the strings of a list; numbers are spelled out. Anything else is nothing.
fn strings(value: &Value) -> Vec<String> {
    let one = |value: &Value| match value {
        Value::String(s) if !s.trim().is_empty() => Some(s.trim().to_owned()),
        Value::Number(n) => Some(n.to_string()),
        _ => None,
    };
    match value {
        Value::Array(items) => items.iter().filter_map(one).collect(),
        other => one(other).into_iter().collect(),
    }
}

/// `python.ssh.host-key-not-checked` is titled `Host key not checked`.
fn title_of(id: &str) -> String {
    let last = id.rsplit('.').find(|part| !part.is_empty()).unwrap_or(id);
    let words = last.replace(['-', '_'], " ");
    let mut letters = words.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}
