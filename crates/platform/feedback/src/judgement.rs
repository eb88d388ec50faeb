//! What a change brings that was not there before, and whether it may pass.

use std::collections::BTreeMap;

use rampart_findings::identity::Change;
use rampart_findings::{Severity, between};
use rampart_forge::Threshold;
use rampart_report::model::{Finding, Report, RuleInfo, SkipReason};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What the base branch says of changes to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rules {
    /// The check fails from this severity on.
    pub fail_on: Threshold,
    /// Comments beside lines.
    pub most_comments: usize,
}

impl Default for Rules {
    fn default() -> Rules {
        Rules { fail_on: Threshold::High, most_comments: 5 }
    }
}

rampart_kernel::named! {
    /// What becomes of the check.
    pub enum Verdict {
        /// Nothing new.
        Clean = "clean",
        /// Something new or unseen, and nothing for which it fails.
        Noted = "noted",
        Failed = "failed",
    }
}

/// A finding that the change brings.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct New {
    /// By which it is known again in another scan of the same change.
    pub key: String,
    #[schema(value_type = String)]
    pub severity: Severity,
    /// `SQL injection`
    pub title: String,
    pub rule: String,
    pub path: String,
    pub line: u32,
    pub end_line: u32,
    /// What is wrong here.
    pub message: String,
    /// What it leads to, and what to do, as the rule says.
    pub impact: String,
    pub remedy: String,
    pub cwe: Option<u32>,
    /// From where data comes.
    pub source: Option<Source>,
    /// Whether the change wrote the line: only there a comment can stand.
    pub is_on_change: bool,
    /// A comment in the change dismisses it.
    pub is_excused: bool,
    pub suggestion: Option<Suggestion>,
}

/// A line of a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Source {
    pub path: String,
    pub line: u32,
}

/// Whole lines in place of others.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Suggestion {
    pub first_line: u32,
    pub last_line: u32,
    pub text: String,
}

/// What a change comes to.
#[derive(Clone, Debug, PartialEq)]
pub struct Judgement {
    pub verdict: Verdict,
    pub fail_on: Threshold,
    /// The worst first.
    pub new: Vec<New>,
    /// Findings that were there and are not any more.
    pub fixed: usize,
    /// Files that should have been looked at and could not be: nobody can say whether something is new there.
    pub unseen: Vec<String>,
}

impl Judgement {
    /// By severity, the worst first; none that is zero.
    pub fn counts(&self) -> Vec<(Severity, usize)> {
        let mut counts: BTreeMap<Severity, usize> = BTreeMap::new();
        for new in &self.new {
            *counts.entry(new.severity).or_default() += 1;
        }
        counts.into_iter().rev().collect()
    }

    /// Those for which the check fails.
    pub fn failing(&self) -> usize {
        self.new.iter().filter(|new| fails(self.fail_on, new.severity)).count()
    }

    /// Those that get a comment beside their line: the worst, one for each line.
    pub fn beside(&self, most: usize) -> Vec<&New> {
        let mut chosen: Vec<&New> = Vec::new();
        for new in self.new.iter().filter(|new| new.is_on_change && !new.is_excused) {
            if chosen.len() == most {
                break;
            }
            if !chosen.iter().any(|other| (&other.path, other.line) == (&new.path, new.line)) {
                chosen.push(new);
            }
        }
        chosen
    }
}

/// Judges what lies between two commits by their scans. `change` is what git says happened from the first to the second.
pub fn judge(base: &Report, head: &Report, change: &Change, rules: &Rules) -> Judgement {
    let compared = between(base, head, change);
    let written = change.written();
    let index = head.rule_index();
    let unknown = RuleInfo::default();
    let existed = |path: &str| base.coverage.scanned.iter().any(|known| known == path);
    let mut new: Vec<New> = Vec::new();
    for (finding, _) in head.findings.iter().zip(&compared.is_new).filter(|(_, is_new)| **is_new) {
        let rule = index.get(finding.rule.as_str()).map_or(&unknown, |&at| &head.rules[at]);
        let is_on_change = match written.get(finding.path.as_str()) {
            Some(Some(ranges)) => {
                ranges.iter().any(|(from, to)| *from <= finding.start.line && finding.start.line <= *to)
            }
            Some(None) => true,
            // Not among what changed: a file that is new as a whole, or one that did not change.
            None => !existed(&finding.path),
        };
        new.push(of(finding, rule, is_on_change));
    }
    new.sort_by(|a, b| {
        let place = |new: &New| (std::cmp::Reverse(new.severity), !new.is_on_change, new.path.clone(), new.line);
        place(a).cmp(&place(b))
    });
    let failed = head.coverage.skipped.iter().filter(|skipped| skipped.reason.is_failure());
    let changed = |path: &str| written.contains_key(path) || !existed(path);
    let unseen = failed.filter(|skipped| skipped.reason != SkipReason::Other && changed(&skipped.path));
    let unseen: Vec<String> = unseen.map(|skipped| skipped.path.clone()).collect();
    // A file that is made so that nobody can look at it must not open the gate.
    let is_hidden = rules.fail_on != Threshold::None && !unseen.is_empty();
    let verdict = match is_hidden || new.iter().any(|new| fails(rules.fail_on, new.severity)) {
        true => Verdict::Failed,
        false if new.is_empty() && unseen.is_empty() => Verdict::Clean,
        false => Verdict::Noted,
    };
    Judgement { verdict, fail_on: rules.fail_on, new, fixed: compared.gone, unseen }
}

fn fails(fail_on: Threshold, severity: Severity) -> bool {
    let least = match fail_on {
        Threshold::None => return false,
        Threshold::Critical => Severity::Critical,
        Threshold::High => Severity::High,
        Threshold::Medium => Severity::Medium,
        Threshold::Low => Severity::Low,
    };
    severity >= least
}

fn of(finding: &Finding, rule: &RuleInfo, is_on_change: bool) -> New {
    let explanation = rule.explanation.clone().unwrap_or_default();
    let title = if rule.name.trim().is_empty() { finding.rule.clone() } else { rule.name.clone() };
    New {
        key: finding
            .fingerprint()
            .map_or_else(|| format!("{}:{}:{}", finding.rule, finding.path, finding.start.line), str::to_owned),
        severity: finding.severity.into(),
        title,
        rule: finding.rule.clone(),
        path: finding.path.clone(),
        line: finding.start.line,
        end_line: finding.end.line.max(finding.start.line),
        message: finding.headline().to_owned(),
        impact: explanation.impact,
        remedy: explanation.fix,
        cwe: rule.cwe_numbers().next(),
        source: finding.trace.first().map(|step| Source { path: step.path.clone(), line: step.start.line }),
        is_on_change,
        is_excused: finding.suppressed.is_some(),
        suggestion: suggestion(finding),
    }
}

/// The rule's own fix as whole lines; nothing when the lines around it are not known.
fn suggestion(finding: &Finding) -> Option<Suggestion> {
    let fix = finding.fix.as_ref()?;
    let (first, last) = (fix.start.line, fix.end.line);
    let before =
        finding.text_between(rampart_report::model::Position { line: first, column: 1, offset: 0 }, fix.start)?;
    let line = finding.line(last)?;
    let end = rampart_report::model::Position {
        line: last,
        column: u32::try_from(line.chars().count()).ok()?.checked_add(1)?,
        offset: 0,
    };
    let after = finding.text_between(fix.end, end)?;
    Some(Suggestion { first_line: first, last_line: last, text: format!("{before}{}{after}", fix.replacement) })
}

#[cfg(test)]
pub(crate) mod tests {
    use std::collections::HashMap;

    use rampart_findings::identity::{FileChange, Hunk};
    use rampart_report::model::{Coverage, Fix, Position, SCHEMA, Severity as Reported, Skipped, Suppression, Tool};

    use super::*;

    pub fn finding(rule: &str, path: &str, line: u32, severity: Reported) -> Finding {
        let position = |column| Position { line, column, offset: 0 };
        Finding {
            rule: rule.to_owned(),
            path: path.to_owned(),
            start: position(5),
            end: position(12),
            severity,
            message: format!("{rule} is weak"),
            first_line: line,
            lines: vec!["    weak(1)  # end".to_owned()],
            fingerprints: [("match/v1".to_owned(), format!("{rule}/{path}/{line}"))].into(),
            ..Finding::default()
        }
    }

    pub fn report(findings: Vec<Finding>, scanned: &[&str]) -> Report {
        let rules = findings.iter().map(|finding| RuleInfo { id: finding.rule.clone(), ..RuleInfo::default() });
        Report {
            schema: SCHEMA,
            tool: Tool { name: "Rampart".to_owned(), ..Tool::default() },
            rules: rules.collect(),
            coverage: Coverage {
                scanned: scanned.iter().map(|path| (*path).to_owned()).collect(),
                complete: true,
                ..Coverage::default()
            },
            findings,
            started: String::new(),
            finished: String::new(),
            root: ".".to_owned(),
        }
    }

    /// Line 10 of `a.py` was put in.
    pub fn change() -> Change {
        let hunk = Hunk { old_start: 9, old_lines: 0, new_start: 10, new_lines: 1 };
        Change::Between(HashMap::from([("a.py".to_owned(), FileChange::new("a.py", vec![hunk]))]))
    }

    #[test]
    fn what_was_there_at_the_base_is_not_told_again() {
        let old = finding("sql", "a.py", 20, Reported::Critical);
        // The same code one line further down, and a new one on the line that was put in.
        let mut moved = finding("sql", "a.py", 21, Reported::Critical);
        moved.fingerprints.clone_from(&old.fingerprints);
        let new = finding("xss", "a.py", 10, Reported::Medium);
        let (base, head) = (report(vec![old], &["a.py"]), report(vec![moved, new], &["a.py"]));
        let judged = judge(&base, &head, &change(), &Rules::default());
        assert_eq!(judged.new.iter().map(|new| (&*new.rule, new.is_on_change)).collect::<Vec<_>>(), [("xss", true)]);
        assert_eq!((judged.verdict, judged.fixed, judged.failing()), (Verdict::Noted, 0, 0));
        let strict = Rules { fail_on: Threshold::Medium, ..Rules::default() };
        assert_eq!(judge(&base, &head, &change(), &strict).verdict, Verdict::Failed);
        let lenient = Rules { fail_on: Threshold::None, ..Rules::default() };
        assert_eq!(judge(&base, &head, &change(), &lenient).verdict, Verdict::Noted);
        // The other way round the finding is gone.
        let back = judge(&head, &base, &Change::none(), &Rules::default());
        assert_eq!((back.verdict, back.fixed), (Verdict::Clean, 1));
    }

    #[test]
    fn a_change_cannot_excuse_itself() {
        let mut new = finding("sql", "a.py", 10, Reported::Critical);
        new.suppressed = Some(Suppression {
            kind: rampart_report::model::SuppressionKind::InSource,
            comment: "rampart-ignore".to_owned(),
            reason: Some("it is fine".to_owned()),
            line: Some(10),
        });
        let judged = judge(&report(vec![], &["a.py"]), &report(vec![new], &["a.py"]), &change(), &Rules::default());
        assert_eq!(judged.verdict, Verdict::Failed);
        assert!(judged.new[0].is_excused && judged.beside(5).is_empty());
    }

    #[test]
    fn comments_stand_on_lines_of_the_change_and_are_few() {
        let far = finding("far", "a.py", 40, Reported::Critical);
        let whole: Vec<Finding> = (1..9).map(|line| finding("new", "b.py", line, Reported::High)).collect();
        let twice = finding("other", "b.py", 1, Reported::Low);
        let head = report([vec![far, twice], whole].concat(), &["a.py", "b.py"]);
        let judged = judge(&report(vec![], &["a.py"]), &head, &change(), &Rules::default());
        let beside: Vec<(&str, u32)> = judged.beside(5).iter().map(|new| (&*new.path, new.line)).collect();
        assert_eq!(beside, [("b.py", 1), ("b.py", 2), ("b.py", 3), ("b.py", 4), ("b.py", 5)]);
        assert_eq!(judged.beside(100).len(), 8, "one for each line, and none where the change is not");
        assert_eq!((judged.new.len(), &*judged.new[0].rule), (10, "far"));
    }

    #[test]
    fn a_fix_is_suggested_as_whole_lines() {
        let mut new = finding("sql", "a.py", 10, Reported::Low);
        let at = |column| Position { line: 10, column, offset: 0 };
        new.fix = Some(Fix { start: at(5), end: at(9), replacement: "strong".to_owned() });
        let head = report(vec![new.clone()], &["a.py"]);
        let judged = judge(&report(vec![], &["a.py"]), &head, &change(), &Rules::default());
        let suggested = judged.new[0].suggestion.clone().unwrap();
        assert_eq!((suggested.first_line, suggested.last_line, &*suggested.text), (10, 10, "    strong(1)  # end"));
        new.lines.clear();
        let head = report(vec![new], &["a.py"]);
        assert_eq!(judge(&report(vec![], &["a.py"]), &head, &change(), &Rules::default()).new[0].suggestion, None);
    }

    #[test]
    fn files_of_the_change_that_could_not_be_looked_at_are_named_and_keep_the_gate_closed() {
        let mut head = report(vec![], &["a.py"]);
        let skip = |path: &str, reason| Skipped { path: path.to_owned(), reason, detail: String::new() };
        head.coverage.skipped = vec![
            skip("c.py", SkipReason::Crashed),
            skip("a.py", SkipReason::Timeout),
            skip("d.svg", SkipReason::NoRules),
        ];
        let judged = judge(&report(vec![], &["a.py"]), &head, &change(), &Rules::default());
        assert_eq!(judged.unseen, ["c.py", "a.py"]);
        assert_eq!((judged.verdict, judged.failing()), (Verdict::Failed, 0));
        let open = Rules { fail_on: Threshold::None, ..Rules::default() };
        assert_eq!(judge(&report(vec![], &["a.py"]), &head, &change(), &open).verdict, Verdict::Noted);
        // Of a file that the change leaves alone it is no news.
        head.coverage.skipped = vec![skip("far.py", SkipReason::Crashed)];
        assert_eq!(
            judge(&report(vec![], &["a.py", "far.py"]), &head, &change(), &Rules::default()).verdict,
            Verdict::Clean
        );
    }
}
