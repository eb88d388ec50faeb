//! When what is no longer found is fixed.

use std::collections::{BTreeMap, HashMap, HashSet};

use rampart_report::model::{LineRange, Report};

use super::change::Change;

/// Where a stored finding was last seen.
#[derive(Clone, Debug, Default)]
pub struct Place {
    pub rule: String,
    /// What the rule said when it was last seen; nothing when that was not recorded.
    pub rule_revision: Option<String>,
    pub path: String,
    /// Both from 1.
    pub line: u32,
    pub end_line: u32,
    /// Other files that the data goes through on its way.
    pub through: Vec<String>,
    /// The line is that of the commit from which the change is told.
    pub is_placed: bool,
}

/// What a scan looked at, and what it could not.
#[derive(Clone, Debug, Default)]
pub struct Looked {
    scanned: HashSet<String>,
    /// Every file of the commit, scanned or not; nothing when the caller does not know.
    files: Option<HashSet<String>>,
    not_understood: HashMap<String, Vec<LineRange>>,
    /// What each rule that ran says, by its id.
    rules: HashMap<String, String>,
    /// A limit cut the work short on these files, for these rules, or nobody can tell where.
    cut_files: HashSet<String>,
    cut_rules: HashSet<String>,
    is_cut: bool,
}

rampart_kernel::named! {
    /// Why nobody can say whether a finding is still there.
    pub enum Unseen {
        /// Its file was skipped, or is not part of what was scanned.
        NotScanned = "not_scanned",
        /// The grammar did not understand its lines.
        NotParsed = "not_parsed",
        /// A limit ended the search before its end.
        CutShort = "cut_short",
        /// The rule is no longer there, or could not run.
        RuleNotRun = "rule_not_run",
        /// The rule says something else now, and the code is as it was.
        RuleChanged = "rule_changed",
    }
}

/// What has become of a finding that a scan did not find again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Absence {
    /// It would have been found if it were there.
    Fixed,
    NotObserved(Unseen),
}

impl Looked {
    /// As the report says; `files` are all those of the commit, where the caller knows them.
    pub fn of(report: &Report, files: Option<HashSet<String>>) -> Looked {
        let coverage = &report.coverage;
        let mut looked = Looked {
            scanned: coverage.scanned.iter().cloned().collect(),
            files,
            rules: report.rules.iter().map(|rule| (rule.id.clone(), revision(report, rule))).collect(),
            ..Looked::default()
        };
        for part in &coverage.partially_parsed {
            looked.not_understood.insert(part.path.clone(), part.errors.clone());
        }
        for skipped in &coverage.rules_skipped {
            looked.rules.remove(&skipped.rule);
        }
        for problem in coverage.rule_errors.iter().filter_map(|problem| problem.rule.as_ref()) {
            looked.rules.remove(problem);
        }
        for limit in &coverage.limits {
            looked.note(limit);
        }
        looked
    }

    /// Limits are in words: `path: what`, `path: rule id: what`, `rule id: what`. What names neither may be anywhere.
    fn note(&mut self, limit: &str) {
        let Some((place, what)) = limit.split_once(": ") else {
            self.is_cut = true;
            return;
        };
        if let Some(rule) = place.strip_prefix("rule ") {
            self.cut_rules.insert(rule.to_owned());
        } else if self.scanned.contains(place) || what.starts_with("rule ") || what.starts_with("line ") {
            self.cut_files.insert(place.to_owned());
        } else {
            self.is_cut = true;
        }
    }

    /// What a rule says, if it ran.
    pub fn revision(&self, rule: &str) -> Option<&str> {
        self.rules.get(rule).map(String::as_str)
    }

    fn is_gone(&self, path: &str, change: &Change) -> bool {
        match &self.files {
            Some(files) => !files.contains(path),
            None => change.is_deleted(path),
        }
    }
}

/// What has become of a finding that was not found again.
///
/// It is fixed only if its file, or that file's deletion, was looked at, was understood where the finding was, the rule ran to its end,
/// and either says what it said or the code is not what it was.
pub fn absence(known: &Place, looked: &Looked, change: &Change) -> Absence {
    let path = change.path(&known.path).unwrap_or(&known.path);
    let is_gone = looked.is_gone(path, change) && !looked.scanned.contains(path);
    if is_gone {
        return Absence::Fixed;
    }
    if !looked.scanned.contains(path) {
        return Absence::NotObserved(Unseen::NotScanned);
    }
    let Some(revision) = looked.revision(&known.rule) else { return Absence::NotObserved(Unseen::RuleNotRun) };
    let cut = |path: &str| looked.cut_files.contains(path);
    let through = || known.through.iter().map(|path| change.path(path).unwrap_or(path));
    if looked.is_cut || looked.cut_rules.contains(&known.rule) || cut(path) || through().any(cut) {
        return Absence::NotObserved(Unseen::CutShort);
    }
    // Data that goes through a file that was not read may still go there.
    if through().any(|path| !looked.scanned.contains(path) && !looked.is_gone(path, change)) {
        return Absence::NotObserved(Unseen::NotScanned);
    }
    if is_obscured(known, path, looked, change) {
        return Absence::NotObserved(Unseen::NotParsed);
    }
    let is_same_rule = known.rule_revision.as_deref() == Some(revision);
    if is_same_rule || is_changed(known, change) { Absence::Fixed } else { Absence::NotObserved(Unseen::RuleChanged) }
}

/// Whether lines that were not understood may hide it: those where it is now, or any if nobody can say where that is.
fn is_obscured(known: &Place, path: &str, looked: &Looked, change: &Change) -> bool {
    let obscured = |path: &str| looked.not_understood.get(path).is_some_and(|lines| !lines.is_empty());
    let Some(lines) = looked.not_understood.get(path).filter(|lines| !lines.is_empty()) else {
        return known.through.iter().any(|path| obscured(change.path(path).unwrap_or(path)));
    };
    let now = |line| known.is_placed.then(|| change.place(&known.path, line))?.map(|(_, line)| line);
    match (now(known.line), now(known.end_line.max(known.line))) {
        (Some(from), Some(to)) => lines.iter().any(|range| range.start <= to && from <= range.end),
        _ => true,
    }
}

/// Whether the code is known to be different where the finding was, or where its data came through.
fn is_changed(known: &Place, change: &Change) -> bool {
    let own = known.is_placed.then(|| change.touches(&known.path, known.line, known.end_line)).flatten();
    own == Some(true) || known.through.iter().any(|path| change.changes(path) == Some(true))
}

/// What tells a rule from what it was before, as far as a report says: its words, and the versions of the engine and of the pack. Of
/// patterns that somebody edits without touching either a report does not tell.
fn revision(report: &Report, rule: &rampart_report::model::RuleInfo) -> String {
    let words: BTreeMap<&str, serde_json::Value> = [
        ("engine", report.tool.version.clone().into()),
        ("pack", report.tool.rules_version.clone().into()),
        ("message", rule.message.clone().into()),
        ("severity", rule.severity.as_str().into()),
        ("languages", rule.languages.clone().into()),
        ("metadata", rule.metadata.clone()),
    ]
    .into();
    let text = serde_json::to_vec(&words).unwrap_or_default();
    let mut hex =
        blake3::Hasher::new_derive_key("rampart rule revision/v1").update(&text).finalize().to_hex().to_string();
    hex.truncate(32);
    hex
}
