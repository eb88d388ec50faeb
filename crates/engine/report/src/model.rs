//! The wire form of a scan result. Everything a renderer says is read from here and nowhere else.
//!
//! Fields are added, never renamed; what is unknown to an older reader is ignored by it, what is missing for a newer one has a
//! default. Text that comes from scanned files (paths, lines, captured text) is hostile: renderers escape it.

use std::collections::{BTreeMap, HashMap};

use serde::{Deserialize, Serialize};
use serde_json::Value;

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

/// How sure, how likely or how bad, on the scale that rule metadata uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    Low,
    Medium,
    High,
}

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

/// How much was looked at, and what was not.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Coverage {
    pub files_scanned: u64,
    pub bytes_scanned: u64,
    pub lines_scanned: u64,
    pub files_by_language: BTreeMap<String, u64>,
    /// The files that were scanned, sorted; empty when the caller did not ask for them. Only a finding of a file named here can be
    /// held to be gone.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub scanned: Vec<String>,
    /// The files that were not scanned, sorted by path.
    pub skipped: Vec<Skipped>,
    /// The files whose grammar met lines it could not read, sorted by path. Their other lines were scanned.
    pub partially_parsed: Vec<PartialParse>,
    pub rules_loaded: u64,
    pub rules_run: u64,
    pub rules_skipped: Vec<SkippedRule>,
    pub rule_errors: Vec<RuleProblem>,
    /// Limits that cut the scan short, in words for people.
    pub limits: Vec<String>,
    /// No file was lost to a failure or a limit and every rule that was asked for ran.
    pub complete: bool,
    pub wall_ms: u64,
    pub cpu_ms: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub peak_memory_bytes: Option<u64>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Skipped {
    pub path: String,
    pub reason: SkipReason,
    /// More about it, for people: `3.2 MB, the limit is 1 MB`. May be empty.
    #[serde(default)]
    pub detail: String,
}

/// Why a file was not scanned.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SkipReason {
    Binary,
    TooLarge,
    Minified,
    Generated,
    /// An ignore file or an option excludes it.
    Ignored,
    /// No loaded rule is for its language.
    NoRules,
    /// A link, device, socket or pipe.
    NotAFile,
    NotUtf8,
    /// The system refused to read it.
    Unreadable,
    Timeout,
    /// The scanner died on it and went on without it.
    Crashed,
    OutOfMemory,
    /// A reason that this version does not know.
    #[serde(other)]
    Other,
}

/// A file that its grammar could read in part only.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PartialParse {
    pub path: String,
    /// The lines that were not understood.
    pub errors: Vec<LineRange>,
    /// The part of the file's lines that was not understood, from 0 to 1.
    pub share_of_lines: f64,
}

/// Lines from `start` to `end`, both included, from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct LineRange {
    pub start: u32,
    pub end: u32,
}

/// A rule that is right but cannot run here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SkippedRule {
    pub rule: String,
    /// For people: `no grammar for ocaml`.
    pub reason: String,
}

/// A mistake in a rule or a rule file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct RuleProblem {
    /// `None` when the file could not be read as rules.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rule: Option<String>,
    /// The rule file as the user named it.
    pub file: String,
    /// From 1; 0 when the problem has no place.
    pub line: u32,
    /// From 1, in characters; 0 when the problem has no place.
    pub column: u32,
    pub message: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
    /// The line of the rule file, for a frame with a caret.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source_line: Option<String>,
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

impl PartialParse {
    /// For people: `lines 3-5, 12 not understood (4 % of the file)`. Names at most eight places.
    pub fn describe(&self) -> String {
        const NAMED: usize = 8;
        let place =
            |r: &LineRange| if r.start >= r.end { r.start.to_string() } else { format!("{}-{}", r.start, r.end) };
        let mut places: Vec<String> = self.errors.iter().take(NAMED).map(place).collect();
        if self.errors.len() > NAMED {
            places.push(format!("{} more", self.errors.len() - NAMED));
        }
        let one = matches!(self.errors.as_slice(), [r] if r.start >= r.end);
        let percent = (self.share_of_lines * 100.0).clamp(0.0, 100.0);
        let percent = if percent > 0.0 && percent < 1.0 { "under 1".to_owned() } else { format!("{percent:.0}") };
        let lines = if one { "line" } else { "lines" };
        format!("{lines} {} not understood ({percent} % of the file)", places.join(", "))
    }
}

impl SkipReason {
    /// As on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            SkipReason::Binary => "binary",
            SkipReason::TooLarge => "too-large",
            SkipReason::Minified => "minified",
            SkipReason::Generated => "generated",
            SkipReason::Ignored => "ignored",
            SkipReason::NoRules => "no-rules",
            SkipReason::NotAFile => "not-a-file",
            SkipReason::NotUtf8 => "not-utf8",
            SkipReason::Unreadable => "unreadable",
            SkipReason::Timeout => "timeout",
            SkipReason::Crashed => "crashed",
            SkipReason::OutOfMemory => "out-of-memory",
            SkipReason::Other => "other",
        }
    }

    /// For people, to stand behind a file name.
    pub fn describe(self) -> &'static str {
        match self {
            SkipReason::Binary => "binary",
            SkipReason::TooLarge => "too large",
            SkipReason::Minified => "minified",
            SkipReason::Generated => "generated",
            SkipReason::Ignored => "ignored",
            SkipReason::NoRules => "no rules for this kind of file",
            SkipReason::NotAFile => "not a regular file",
            SkipReason::NotUtf8 => "not UTF-8",
            SkipReason::Unreadable => "could not be read",
            SkipReason::Timeout => "took too long",
            SkipReason::Crashed => "crashed the scanner",
            SkipReason::OutOfMemory => "needed too much memory",
            SkipReason::Other => "other reasons",
        }
    }

    /// The file should have been scanned and was not: nobody chose to leave it out.
    pub fn is_failure(self) -> bool {
        match self {
            SkipReason::Unreadable | SkipReason::Timeout | SkipReason::Crashed | SkipReason::OutOfMemory => true,
            SkipReason::NotUtf8 | SkipReason::Other => true,
            SkipReason::Binary | SkipReason::TooLarge | SkipReason::Minified | SkipReason::Generated => false,
            SkipReason::Ignored | SkipReason::NoRules | SkipReason::NotAFile => false,
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
