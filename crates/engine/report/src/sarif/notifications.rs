//! What SARIF calls notifications: what the scan could not look at, and what was wrong with the rules.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::rules::pascal_case;
use super::{artifact, region};
use crate::model::*;

const PARTIAL: &str = "partially-parsed";
const LIMIT: &str = "limit-reached";
const RULE_PROBLEM: &str = "rule-problem";
const RULE_SKIPPED: &str = "rule-skipped";

/// The kinds of notification in this report.
pub(super) fn descriptors(coverage: &Coverage) -> Value {
    let reasons: BTreeSet<SkipReason> = coverage.skipped.iter().map(|s| s.reason).collect();
    let skipped = reasons.into_iter().map(|r| (skip_id(r), format!("A file was not scanned: {}.", r.describe())));
    let others = [
        (!coverage.partially_parsed.is_empty(), PARTIAL, "Some lines of a file were not understood."),
        (!coverage.limits.is_empty(), LIMIT, "A limit cut the scan short."),
        (!coverage.rule_errors.is_empty(), RULE_PROBLEM, "A rule has a mistake and did not run."),
        (!coverage.rules_skipped.is_empty(), RULE_SKIPPED, "A rule could not run here."),
    ];
    let others = others.into_iter().filter(|(there, ..)| *there).map(|(_, id, text)| (id.to_owned(), text.to_owned()));
    // GitHub asks for all of a rule's texts here too.
    let descriptor = |(id, text): (String, String)| {
        let text = json!({ "text": text });
        json!({ "id": id, "name": pascal_case(&id), "shortDescription": text, "fullDescription": text, "help": text })
    };
    skipped.chain(others).map(descriptor).collect()
}

/// About rules and rule files.
pub(super) fn of_configuration(coverage: &Coverage) -> Value {
    let skipped = coverage.rules_skipped.iter().map(|s| {
        let text = format!("The rule '{}' did not run: {}.", s.rule, s.reason.trim_end_matches('.'));
        notification(RULE_SKIPPED, "note", text, None)
    });
    coverage.rule_errors.iter().map(rule_problem).chain(skipped).collect()
}

/// About the scanned files.
pub(super) fn of_execution(coverage: &Coverage) -> Value {
    let limits = coverage.limits.iter().map(|l| notification(LIMIT, "warning", l.clone(), None));
    let told = coverage.skipped.iter().filter(|s| !is_routine(s.reason)).map(skipped);
    limits.chain(told).chain(counted(coverage)).chain(coverage.partially_parsed.iter().map(partial)).collect()
}

/// Reasons that can hold for a hundred thousand files and surprise nobody: told as one number.
fn is_routine(reason: SkipReason) -> bool {
    matches!(reason, SkipReason::Ignored | SkipReason::NoRules | SkipReason::Binary | SkipReason::NotAFile)
}

fn counted(coverage: &Coverage) -> impl Iterator<Item = Value> {
    let mut counts: BTreeMap<SkipReason, usize> = BTreeMap::new();
    for skipped in coverage.skipped.iter().filter(|s| is_routine(s.reason)) {
        *counts.entry(skipped.reason).or_default() += 1;
    }
    counts.into_iter().map(|(reason, count)| {
        let files = if count == 1 { "file was" } else { "files were" };
        let text = format!("{count} {files} not scanned: {}.", reason.describe());
        notification(&skip_id(reason), "note", text, None)
    })
}

fn skipped(skipped: &Skipped) -> Value {
    let level = if skipped.reason.is_failure() { "warning" } else { "note" };
    let detail = match skipped.detail.trim_end_matches('.') {
        "" => String::new(),
        detail => format!(" ({detail})"),
    };
    let text = format!("The file was not scanned: {}{detail}.", skipped.reason.describe());
    let place = json!({ "artifactLocation": artifact(&skipped.path) });
    notification(&skip_id(skipped.reason), level, text, Some(place))
}

fn partial(parse: &PartialParse) -> Value {
    let mut place = json!({ "artifactLocation": artifact(&parse.path) });
    if let Some(first) = parse.errors.first() {
        place["region"] = json!({ "startLine": first.start.max(1), "endLine": first.end.max(first.start).max(1) });
    }
    notification(PARTIAL, "note", format!("The file was read in part: {}.", parse.describe()), Some(place))
}

fn rule_problem(problem: &RuleProblem) -> Value {
    let mut text = problem.message.clone();
    if let Some(hint) = &problem.hint {
        text = format!("{text}\nHint: {hint}");
    }
    // The rule file is where the user said it is, which need not be below the scanned folder: no base.
    let mut place = artifact(&problem.file);
    if let Some(place) = place.as_object_mut() {
        place.remove("uriBaseId");
    }
    let mut place = json!({ "artifactLocation": place });
    if problem.line > 0 {
        let at = Position { line: problem.line, column: problem.column, offset: 0 };
        place["region"] = region(at, Position { column: at.column.max(1).saturating_add(1), ..at });
        if let Some(line) = &problem.source_line {
            place["region"]["snippet"] = json!({ "text": line });
        }
    }
    let place = Some(place).filter(|_| !problem.file.is_empty());
    let mut notification = notification(RULE_PROBLEM, "error", text, place);
    if let Some(rule) = &problem.rule {
        notification["properties"] = json!({ "rule": rule });
    }
    notification
}

fn notification(id: &str, level: &str, text: String, place: Option<Value>) -> Value {
    let mut notification = json!({ "descriptor": { "id": id }, "level": level, "message": { "text": text } });
    if let Some(place) = place {
        notification["locations"] = json!([{ "physicalLocation": place }]);
    }
    notification
}

fn skip_id(reason: SkipReason) -> String {
    format!("skipped-{}", reason.as_str())
}
