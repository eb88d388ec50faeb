//! The wire form of a scan result. Everything a renderer says is read from here and nowhere else.
//!
//! Fields are added, never renamed; what is unknown to an older reader is ignored by it, what is missing for a newer one has a
//! default. Text that comes from scanned files (paths, lines, captured text) is hostile: renderers escape it.

mod coverage;
mod rule;

use std::collections::{BTreeMap, HashMap};

use serde::{Deserialize, Serialize};

pub use coverage::{Coverage, IGNORE_FILES, LineRange, PartialParse, RuleProblem, SkipReason, Skipped, SkippedRule};
pub use rule::{Explanation, Level, RuleInfo, cwe_number};

/// The version of this form; raised only when an old reader would misread a new report.
pub const SCHEMA: u32 = 1;

/// Longest source line kept in a report, in characters: minified files have lines of megabytes.
pub const LINE_LIMIT: usize = 300;

/// Most source lines kept for one finding: a finding that spans a file need not carry the file.
pub const CONTEXT_LIMIT: usize = 64;

/// Lines kept before and after a finding.
pub const CONTEXT_AROUND: u32 = 2;

/// What one scan found, and how much it looked at.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// [`SCHEMA`] when written by this version.
    pub schema: u32,
    pub tool: Tool,
    /// When the scan began, RFC 3339 in UTC, as the caller's clock had it.
    pub started: String,
    /// When the scan ended, RFC 3339 in UTC.
    pub finished: String,
    /// What was scanned, as the user named it. Paths in the report are relative to it.
    pub root: String,
    /// The rules that ran, sorted by id.
    pub rules: Vec<RuleInfo>,
    /// Sorted by path, start, rule. Suppressed findings are among them.
    pub findings: Vec<Finding>,
    pub coverage: Coverage,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tool {
    pub name: String,
    pub version: String,
    /// The page of the tool.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// The version of the rule packs, when they have one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rules_version: Option<String>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    #[default]
    Info,
    Low,
    Medium,
    High,
    Critical,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Finding {
    /// The id of the rule.
    pub rule: String,
    /// Relative to the root, `/` between parts. Bytes that are not UTF-8 are shown as U+FFFD.
    pub path: String,
    pub start: Position,
    /// Just behind the last character.
    pub end: Position,
    pub severity: Severity,
    /// The rule's message with its metavariables filled in.
    pub message: String,
    /// The number of the first of `lines`, from 1.
    pub first_line: u32,
    /// The lines of the finding and up to [`CONTEXT_AROUND`] before and after, without line ends.
    /// A line cut at [`LINE_LIMIT`] ends in `…`; at most [`CONTEXT_LIMIT`] lines.
    pub lines: Vec<String>,
    /// By name, with the dollar: `$X`.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub metavariables: BTreeMap<String, Captured>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fix: Option<Fix>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub suppressed: Option<Suppression>,
    /// Signatures by kind, such as `match/v1`.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub fingerprints: BTreeMap<String, String>,
    /// The way of the value from its source to the sink, in order; empty when nothing flows.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub trace: Vec<TraceStep>,
}

/// A place in a file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Position {
    /// From 1.
    pub line: u32,
    /// From 1, in characters (Unicode scalar values).
    pub column: u32,
    /// From 0, in bytes from the start of the file.
    pub offset: u64,
}

/// What a metavariable stands for in a finding.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Captured {
    pub text: String,
    pub start: Position,
    pub end: Position,
}

/// One replacement in the file of the finding.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fix {
    pub start: Position,
    /// Just behind the last character that goes.
    pub end: Position,
    pub replacement: String,
}

/// Why a finding is not to be acted on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Suppression {
    pub kind: SuppressionKind,
    /// The comment that suppresses, as it stands in the file; empty for a baseline.
    #[serde(default)]
    pub comment: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The line of the comment, from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<u32>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SuppressionKind {
    /// A comment in the scanned file.
    InSource,
    /// The finding was there before, by a baseline.
    Baseline,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TraceStep {
    pub path: String,
    pub start: Position,
    pub end: Position,
    /// The code of the step.
    pub text: String,
    /// What happens here: `comes from the request`, `is assigned to name`.
    pub note: String,
}

impl Report {
    /// Brings rules and findings into the order that the form promises, and drops rules and findings given twice.
    pub fn sort(&mut self) {
        self.rules.sort_by(|a, b| a.id.cmp(&b.id));
        self.rules.dedup_by(|a, b| a.id == b.id);
        self.findings.sort_by(|a, b| {
            let key = |f: &Finding| (f.start, f.end);
            a.path.cmp(&b.path).then(a.start.cmp(&b.start)).then_with(|| a.rule.cmp(&b.rule)).then(key(a).cmp(&key(b)))
        });
        self.findings.dedup();
        self.coverage.skipped.sort_by(|a, b| a.path.cmp(&b.path));
        self.coverage.partially_parsed.sort_by(|a, b| a.path.cmp(&b.path));
    }

    /// The findings that call for action.
    pub fn active(&self) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(|f| f.suppressed.is_none())
    }

    /// The place of each rule in `rules`, by id. A finding's rule may be missing: a report may come from elsewhere.
    pub fn rule_index(&self) -> HashMap<&str, usize> {
        self.rules.iter().enumerate().map(|(i, r)| (r.id.as_str(), i)).collect()
    }
}

impl Finding {
    /// Fills `lines` and `first_line` for the finding's range. `line` gives a line of the file by its number from 1, without its
    /// end, and `None` behind the last one.
    pub fn set_context<L: AsRef<[u8]>>(&mut self, line: impl Fn(u32) -> Option<L>) {
        let first = self.start.line.saturating_sub(CONTEXT_AROUND).max(1);
        let last = self.end.line.max(self.start.line).saturating_add(CONTEXT_AROUND);
        self.first_line = first;
        self.lines = (first..=last).map_while(line).take(CONTEXT_LIMIT).map(|l| cut_line(l.as_ref())).collect();
    }
}

impl Finding {
    /// A line of the context by its number in the file.
    pub fn line(&self, number: u32) -> Option<&str> {
        let index = number.checked_sub(self.first_line)?;
        self.lines.get(index as usize).map(String::as_str)
    }

    /// The whole lines that the finding touches, as far as the context holds them.
    pub fn matched_lines(&self) -> &[String] {
        let clamp = |line: u32| (line.saturating_sub(self.first_line) as usize).min(self.lines.len());
        let (from, to) = (clamp(self.start.line), clamp(self.end.line.saturating_add(1)));
        self.lines.get(from..to).unwrap_or_default()
    }

    /// The text from `start` to `end` in the finding's file; `None` unless the context holds all of it, uncut.
    pub fn text_between(&self, start: Position, end: Position) -> Option<String> {
        let mut text = String::new();
        for number in start.line..=end.line {
            let line = kept_part(self.line(number)?);
            let from = if number == start.line { byte_of_column(line, start.column)? } else { 0 };
            let to = if number == end.line { byte_of_column(line, end.column)? } else { line.len() };
            text.push_str(line.get(from..to)?);
            if number < end.line && self.line(number) != Some(line) {
                return None;
            }
            if number < end.line {
                text.push('\n');
            }
        }
        (start.line <= end.line).then_some(text)
    }

    /// The message, or the rule's id when the rule has none: never empty unless both are.
    pub fn headline(&self) -> &str {
        if self.message.trim().is_empty() { &self.rule } else { &self.message }
    }

    /// The signature by which others should know this finding.
    pub fn fingerprint(&self) -> Option<&str> {
        self.fingerprints.get("match/v1").or_else(|| self.fingerprints.values().next()).map(String::as_str)
    }
}

impl Severity {
    /// From the least to the worst.
    pub const ALL: [Severity; 5] =
        [Severity::Info, Severity::Low, Severity::Medium, Severity::High, Severity::Critical];

    pub fn as_str(self) -> &'static str {
        match self {
            Severity::Info => "info",
            Severity::Low => "low",
            Severity::Medium => "medium",
            Severity::High => "high",
            Severity::Critical => "critical",
        }
    }
}

/// A kept line without the `…` that `cut_line` put where it cut.
fn kept_part(line: &str) -> &str {
    line.char_indices().nth(LINE_LIMIT).map_or(line, |(end, _)| &line[..end])
}

/// The byte offset of a column from 1; one behind the last character is a column too.
fn byte_of_column(line: &str, column: u32) -> Option<usize> {
    let index = (column as usize).checked_sub(1)?;
    line.char_indices().map(|(at, _)| at).chain([line.len()]).nth(index)
}

/// At most [`LINE_LIMIT`] characters of a line, then `…` if some are missing. Looks at no more bytes than it can need.
fn cut_line(line: &[u8]) -> String {
    let text = String::from_utf8_lossy(&line[..line.len().min(LINE_LIMIT * 4 + 4)]);
    match text.char_indices().nth(LINE_LIMIT) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.trim_end_matches(['\r', '\n']).to_owned(),
    }
}
