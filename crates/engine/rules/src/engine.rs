//! Rules compiled and run on one file at a time.

use std::time::{Duration, Instant};

use rampart_syntax::{Lang, Span};

use crate::model::{FormulaKind, Mode, Rule, RuleError};

/// Compiled rules; immutable, shared by all threads.
pub struct RuleSet {
    rules: Vec<Rule>,
    regexes: Vec<Option<fancy_regex::Regex>>,
}

#[derive(Clone, Debug, Default)]
pub struct CompileOptions {}

pub struct FileInput<'a> {
    pub path: &'a str,
    pub text: &'a str,
    pub lang: Option<Lang>,
}

#[derive(Clone, Debug)]
pub struct Limits {
    pub parse: Duration,
    pub file: Duration,
    pub steps: u64,
    pub matches_per_rule: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Limits { parse: Duration::from_secs(5), file: Duration::from_secs(10), steps: 50_000_000, matches_per_rule: 10_000 }
    }
}

#[derive(Clone, Debug, Default)]
pub struct FileOutcome {
    pub matches: Vec<RuleMatch>,
    pub parsed: bool,
    pub parse_errors: Vec<Span>,
    pub too_deep: bool,
    pub limits_hit: Vec<(usize, String)>,
    pub failure: Option<String>,
    pub timings: Timings,
}

#[derive(Clone, Debug)]
pub struct RuleMatch {
    pub rule: usize,
    pub span: Span,
    pub message: String,
    pub metavariables: Vec<(String, Span, String)>,
    pub fix: Option<(Span, String)>,
    pub scope: Vec<String>,
    pub tokens: String,
}

#[derive(Clone, Debug, Default)]
pub struct Timings {
    pub prefilter: Duration,
    pub parse: Duration,
    pub lower: Duration,
    pub match_: Duration,
    pub per_rule: Vec<(usize, Duration)>,
}

impl RuleSet {
    pub fn compile(rules: Vec<Rule>, _options: &CompileOptions) -> (RuleSet, Vec<RuleError>) {
        let regexes = rules
            .iter()
            .map(|rule| match &rule.mode {
                Mode::Search(formula) => match &formula.kind {
                    FormulaKind::Regex(regex) => fancy_regex::Regex::new(&regex.text).ok(),
                    _ => None,
                },
                _ => None,
            })
            .collect();
        (RuleSet { rules, regexes }, Vec::new())
    }

    pub fn rules(&self) -> &[Rule] {
        &self.rules
    }

    pub fn scan(&self, file: &FileInput, limits: &Limits) -> FileOutcome {
        let mut outcome = FileOutcome::default();
        let start = Instant::now();
        if let Some(lang) = file.lang {
            match rampart_syntax::parse(lang, file.text, Default::default(), limits.parse) {
                Ok(tree) => {
                    outcome.parsed = true;
                    outcome.parse_errors = tree.errors.clone();
                    outcome.too_deep = tree.too_deep.is_some();
                }
                Err(failure) => outcome.failure = Some(format!("{failure:?}")),
            }
        }
        outcome.timings.parse = start.elapsed();
        for (index, (rule, regex)) in self.rules.iter().zip(&self.regexes).enumerate() {
            let Some(regex) = regex else { continue };
            let targets = &rule.targets;
            if !(targets.generic || targets.regex || file.lang.is_some_and(|l| targets.langs.contains(&l))) {
                continue;
            }
            for found in regex.find_iter(file.text).flatten() {
                let span = Span::new(found.start(), found.end());
                outcome.matches.push(RuleMatch {
                    rule: index,
                    span,
                    message: rule.message.clone(),
                    metavariables: vec![("$0".to_owned(), span, found.as_str().to_owned())],
                    fix: rule.fix.clone().map(|fix| (span, fix)),
                    scope: Vec::new(),
                    tokens: found.as_str().to_owned(),
                });
            }
        }
        outcome
    }
}
