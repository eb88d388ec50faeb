//! What a report says, in the order in which it says it.

use serde::Serialize;

/// Findings that a report describes. More are counted: nobody reads more, and a document has to be made while somebody waits.
pub const MOST_PLACES: usize = 2_000;

/// Files that an appendix names, of each kind.
pub const MOST_FILES: usize = 3_000;

/// A report. All text is plain, and may be anything.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Document {
    pub title: String,
    pub repository: String,
    /// When what it says was so, for people: `2026-11-21 14:02 UTC`.
    pub date: String,
    /// For the title page: what was looked at, when, with what.
    pub facts: Vec<Fact>,
    pub summary: Summary,
    /// The worst first.
    pub weaknesses: Vec<Weakness>,
    /// Findings that are not described.
    pub more: u64,
    pub files: Files,
}

/// `Commit: 4f2a…`
#[derive(Clone, Debug, Default, Serialize)]
pub struct Fact {
    pub name: String,
    pub value: String,
}

#[derive(Clone, Debug, Default, Serialize)]
pub struct Summary {
    /// What it comes to, in a sentence.
    pub headline: String,
    /// 0 to 100, and the letter for it; nothing when it is not rated.
    pub score: Option<u32>,
    pub grade: Option<String>,
    /// One line for each severity, the worst first.
    pub counts: Vec<Count>,
    pub compared: Option<Comparison>,
    /// How far what it says goes: what was not looked at, and what a scan cannot see.
    pub limits: Vec<String>,
}

#[derive(Clone, Debug, Default, Serialize)]
pub struct Count {
    /// `critical`, `high`, `medium`, `low`, `info`
    pub severity: String,
    pub open: u64,
    pub new: u64,
    /// Somebody has decided that nothing is to be done.
    pub decided: u64,
    pub fixed: u64,
}

/// What changed since an earlier scan.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Comparison {
    /// `the scan of 2026-11-20 02:00 UTC at 9c1f0ab`
    pub with: String,
    pub new: u64,
    pub fixed: u64,
    pub unchanged: u64,
}

/// Findings of one rule.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Weakness {
    pub title: String,
    pub rule: String,
    pub severity: String,
    pub cwe: Option<String>,
    pub owasp: Option<String>,
    pub cvss: Option<f64>,
    pub explanation: String,
    pub impact: String,
    pub remedy: String,
    /// Addresses of the web; anything else is left out.
    pub references: Vec<String>,
    pub places: Vec<Place>,
}

/// One finding.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Place {
    /// Through the whole document, from 1.
    pub number: u32,
    /// By which the platform knows it.
    pub id: Option<String>,
    pub path: String,
    pub line: u32,
    pub message: String,
    /// `open`, `fixed`, `ignored`, `false positive`
    pub status: String,
    /// Why somebody decided so.
    pub reason: Option<String>,
    /// Not there in the scan before.
    pub is_new: bool,
    /// `2026-10-02`
    pub since: Option<String>,
    /// `high`, `medium`, `low`
    pub confidence: String,
    pub code: Vec<CodeLine>,
    /// How data gets there, from where it comes in.
    pub steps: Vec<Step>,
    /// What the place would be with the rule's own fix.
    pub fix: Option<String>,
}

#[derive(Clone, Debug, Default, Serialize)]
pub struct CodeLine {
    pub number: u32,
    pub text: String,
    /// Of the finding itself, not of what is around it.
    pub hit: bool,
}

#[derive(Clone, Debug, Default, Serialize)]
pub struct Step {
    pub path: String,
    pub line: u32,
    pub text: String,
    pub note: String,
}

/// What was looked at and what was not.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Files {
    pub scanned: Vec<String>,
    pub scanned_more: u64,
    /// By reason.
    pub left: Vec<Left>,
}

#[derive(Clone, Debug, Default, Serialize)]
pub struct Left {
    pub reason: String,
    /// Path, and what more is to be said of it.
    pub files: Vec<(String, String)>,
    pub more: u64,
}
