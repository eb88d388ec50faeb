//! What a scan found, put together from the records of its files.

use std::collections::{BTreeMap, HashMap};

use rampart_report::model::{Coverage, Finding, PartialParse, RuleInfo, SkipReason, Skipped};

use crate::file::{NotScanned, Scanned};
use crate::follow::Flows;
use crate::rules::Described;
use crate::{Part, Target};

/// How many of the slowest files are kept.
const SLOWEST: usize = 10;

/// Most words about limits that are kept; a hostile repository could reach one in every file.
const LIMITS_KEPT: usize = 1_000;

/// The result of a scan, without what only the caller knows (times, names, tool).
#[derive(Debug, Default)]
pub struct Outcome {
    pub rules: Vec<RuleInfo>,
    pub findings: Vec<Finding>,
    /// The findings of the targets marked `base`.
    pub before: Vec<Finding>,
    pub coverage: Coverage,
    /// By path: what a text must hash to so that its fixes can be applied.
    pub digests: HashMap<String, String>,
    pub spent: Spent,
}

/// Where the time went, in microseconds over all threads.
#[derive(Debug, Default)]
pub struct Spent {
    pub read: u64,
    pub prefilter: u64,
    pub parse: u64,
    pub lower: u64,
    pub match_: u64,
    /// Graphs of files, and what taint rules say of them.
    pub flow: u64,
    /// Linking the graphs and following data through the project, by the clock.
    pub following: u64,
    /// Reading and compiling the rules, by the clock.
    pub rules_ready: u64,
    pub per_rule: HashMap<String, u64>,
    /// Slowest first.
    pub slowest: Vec<Slow>,
}

#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Slow {
    pub micros: u64,
    pub path: String,
}

impl Outcome {
    pub(crate) fn new(described: Described) -> Outcome {
        let mut outcome = Outcome::default();
        outcome.describe(described);
        outcome
    }

    pub(crate) fn describe(&mut self, described: Described) {
        self.coverage.rules_loaded = described.loaded;
        self.coverage.rules_run = described.infos.len() as u64;
        self.coverage.rules_skipped = described.skipped;
        self.coverage.rule_errors = described.problems;
        self.rules = described.infos;
    }

    pub(crate) fn take(&mut self, target: &Target, result: Result<Scanned, NotScanned>) {
        match result {
            // The state before the change is only compared with: what it lacks makes findings new, never lost.
            Ok(scanned) if target.part == Part::Before => self.before.extend(scanned.findings),
            Err(_) if target.part == Part::Before => {}
            Ok(scanned) if target.part == Part::Around => {
                self.coverage.limits.extend(scanned.limits);
                self.spent.add(target, scanned.spent);
            }
            // Nobody asked for the file itself, so that no rules for it are no news.
            Err(not) if target.part == Part::Around && !not.reason.is_failure() => {}
            Ok(scanned) => self.add(target, scanned),
            Err(not) => {
                self.coverage.skipped.push(Skipped {
                    path: target.path.clone(),
                    reason: not.reason,
                    detail: not.detail,
                });
            }
        }
    }

    fn add(&mut self, target: &Target, scanned: Scanned) {
        let coverage = &mut self.coverage;
        coverage.files_scanned += 1;
        coverage.scanned.push(target.path.clone());
        coverage.bytes_scanned += scanned.bytes;
        coverage.lines_scanned += scanned.lines;
        let language = target.lang.map_or("text", |lang| lang.name());
        match coverage.files_by_language.get_mut(language) {
            Some(count) => *count += 1,
            None => drop(coverage.files_by_language.insert(language.to_owned(), 1)),
        }
        if !scanned.not_understood.is_empty() {
            let lines: u64 = scanned.not_understood.iter().map(|range| u64::from(range.end - range.start + 1)).sum();
            let share = (lines as f64 / scanned.lines.max(1) as f64).min(1.0);
            let partial =
                PartialParse { path: target.path.clone(), errors: scanned.not_understood, share_of_lines: share };
            coverage.partially_parsed.push(partial);
        }
        coverage.limits.extend(scanned.limits);
        if let Some(digest) = scanned.digest {
            self.digests.insert(target.path.clone(), digest);
        }
        self.findings.extend(scanned.findings);
        self.spent.add(target, scanned.spent);
    }

    /// Adds what data flow through the project has found.
    pub(crate) fn take_flows(&mut self, flows: Flows, path: impl Fn(u32) -> Option<String>) {
        for followed in flows.files {
            let Some(path) = path(followed.index) else { continue };
            if followed.before {
                self.before.extend(followed.findings);
                continue;
            }
            if let Some(digest) = followed.digest {
                self.digests.insert(path, digest);
            }
            self.findings.extend(followed.findings);
        }
        self.coverage.limits.extend(flows.limits);
        self.spent.following += flows.micros;
    }

    /// Puts everything into its order and says whether the scan is complete.
    pub(crate) fn finish(&mut self) {
        self.coverage.scanned.sort();
        self.coverage.limits.sort();
        let more = self.coverage.limits.len().saturating_sub(LIMITS_KEPT);
        if more > 0 {
            self.coverage.limits.truncate(LIMITS_KEPT);
            self.coverage.limits.push(format!("and {more} more limits were reached"));
        }
        self.findings.sort_by(|a, b| (&a.path, a.start, &a.rule, a.end).cmp(&(&b.path, b.start, &b.rule, b.end)));
        self.settle_completeness();
    }

    pub fn settle_completeness(&mut self) {
        let coverage = &mut self.coverage;
        let lost = coverage.skipped.iter().any(|skipped| skipped.reason.is_failure());
        coverage.complete =
            !lost && coverage.limits.is_empty() && coverage.rule_errors.is_empty() && coverage.rules_skipped.is_empty();
    }

    /// How many files were skipped for each reason.
    pub fn skipped_by_reason(&self) -> BTreeMap<SkipReason, usize> {
        let mut counts = BTreeMap::new();
        for skipped in &self.coverage.skipped {
            *counts.entry(skipped.reason).or_default() += 1;
        }
        counts
    }
}

impl Spent {
    fn add(&mut self, target: &Target, spans: crate::file::Spans) {
        let micros = spans.read + spans.prefilter + spans.parse + spans.lower + spans.match_ + spans.flow;
        self.read += spans.read;
        self.prefilter += spans.prefilter;
        self.parse += spans.parse;
        self.lower += spans.lower;
        self.match_ += spans.match_;
        self.flow += spans.flow;
        for (rule, time) in spans.rules {
            *self.per_rule.entry(rule).or_default() += time;
        }
        if self.slowest.len() < SLOWEST || self.slowest.last().is_some_and(|last| last.micros < micros) {
            let at = self.slowest.partition_point(|slow| slow.micros >= micros);
            self.slowest.insert(at, Slow { micros, path: target.path.clone() });
            self.slowest.truncate(SLOWEST);
        }
    }
}
