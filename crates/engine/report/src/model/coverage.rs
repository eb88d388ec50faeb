//! How much a scan looked at, and what it did not and why.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

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

/// The names of files in which people say what a scan leaves out, in the syntax of `.gitignore`; the last one wins.
pub const IGNORE_FILES: [&str; 2] = [".semgrepignore", ".rampartignore"];

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
