//! Rules compiled and run on one file at a time.

mod flows;

use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use rampart_flow::{EntryId, Group, Order, Parts, Project, Reach, Rules, Unit};
use rampart_syntax::{Lang, Span, Symbols};

use crate::around::Surroundings;
use crate::budget::Budget;
use crate::compile::{self, Compiled, CompiledEntry, CompiledRule, Family, Shared};
use crate::evaluate::{FileCode, FileDoc, Range, Scope};
use crate::join::{self, Row};
use crate::matcher::Val;
use crate::model::{Mode, Rule, RuleError, TaintKind};
use crate::prefilter::Prefilter;
use crate::read_ahead::ReadAhead;
use crate::settings::Settings;
use crate::taint::{self, FileFlow, FlowMatch, Marker, Places, TraceStep};
use crate::wording::{
    MAX_BOUND, MAX_FIX, MAX_INTERPOLATED, MAX_TOKENS, cut, indented, interpolate, replace, tokens, without_empty,
};
pub use flows::{Cut, CutAt};

/// Compiled rules; immutable, shared by all threads.
pub struct RuleSet {
    rules: Vec<Rule>,
    compiled: Vec<CompiledRule>,
    shared: Shared,
    symbols: Arc<Symbols>,
    /// (index into `compiled`, index into its formulas), in the order of the prefilter's conditions; those of the entries of taint
    /// rules follow.
    formulas: Vec<(u32, u32)>,
    prefilter: Prefilter,
    /// By condition of the prefilter: the languages that it is for.
    families: Vec<Family>,
    /// By entry: the taint rules that it is of, as indexes into `compiled`.
    users: Vec<Vec<u32>>,
    /// By rule: whether some rule joins what it finds.
    joined: Vec<bool>,
    /// Language families that some taint rule is for, and whether one of those asks what runs after what.
    flowing: Vec<(Family, Order)>,
}

#[derive(Clone, Debug, Default)]
pub struct CompileOptions {}

/// A file to scan.
pub struct FileInput<'a> {
    /// Relative to the scanned root, with `/`, for `paths:`.
    pub path: &'a str,
    pub text: &'a str,
    /// `None`: only generic rules and expressions run.
    pub lang: Option<Lang>,
    /// What the project's configuration says. Answers depend on it only where [`RuleSet::asks_settings`].
    pub settings: &'a Settings,
}

/// What one file may cost.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Processor time for parsing, at most; small files get less: see [`Limits::parse_of`].
    pub parse: Duration,
    pub file: Duration,
    /// Matching steps of one rule in one file. A step is some tens of nanoseconds.
    pub steps: u64,
    /// Matching steps of all rules in one file. When they are used up, each rule that is left may take a hundredth of [`Self::steps`]:
    /// far more than an honest rule needs.
    pub file_steps: u64,
    pub matches_per_rule: usize,
    /// Measure each rule.
    pub per_rule_timings: bool,
    /// Run rules whatever their `paths:` say (on their own test targets).
    pub ignore_paths: bool,
    /// How far taint rules follow data. With [`Reach::Project`] what a file holds is kept for [`RuleSet::follow`].
    pub reach: Reach,
    /// Only taint rules, for what the file adds to the flow through the project.
    pub only_flow: bool,
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            parse: Duration::from_secs(5),
            file: Duration::from_secs(10),
            steps: 20_000_000,
            file_steps: 100_000_000,
            matches_per_rule: 10_000,
            per_rule_timings: false,
            ignore_paths: false,
            reach: Reach::File,
            only_flow: false,
        }
    }
}

/// Processor time that any file may take to be parsed, and more for each byte. Grammars read code at five million bytes a second and more;
/// those that need twenty times as long try everything and will not end.
const PARSE: Duration = Duration::from_secs(1);
const PARSE_BYTE: Duration = Duration::from_micros(4);

impl Limits {
    /// Processor time that this text may take to be parsed.
    fn parse_of(&self, text: &str) -> Duration {
        let bytes = u32::try_from(text.len()).unwrap_or(u32::MAX);
        self.parse.min(PARSE + PARSE_BYTE.saturating_mul(bytes))
    }
}

#[derive(Clone, Debug, Default)]
pub struct FileOutcome {
    /// Ordered by rule, then by place.
    pub matches: Vec<RuleMatch>,
    pub parsed: bool,
    /// What the grammar did not understand.
    pub parse_errors: Vec<Span>,
    /// Nesting beyond the limit was not looked at.
    pub too_deep: bool,
    /// Rules that were cut short here, and why.
    pub limits_hit: Vec<(usize, String)>,
    /// Limits that cut the following of data through this file short, for people.
    pub flow_limits: Vec<String>,
    /// The file could not be analysed.
    pub failure: Option<String>,
    pub timings: Timings,
    /// For taint rules, when the limits say that data is followed through the project.
    pub flow: Option<FileFlow>,
    /// What extract rules found: the rule and the places of the pieces.
    pub(crate) pieces: Vec<(usize, Vec<Span>)>,
}

#[derive(Clone, Debug)]
pub struct RuleMatch {
    /// Index into [`RuleSet::rules`].
    pub rule: usize,
    pub span: Span,
    pub message: String,
    /// Name, place and text of each binding, ordered by name.
    pub metavariables: Vec<(String, Span, String)>,
    pub fix: Option<(Span, String)>,
    /// Enclosing classes and functions, outermost first.
    pub scope: Vec<String>,
    /// What tells the enclosing function and the place in it from others, whatever its variables are called and wherever it stands;
    /// empty outside of functions and where no code was parsed.
    pub body: String,
    /// The match without comments, white space and quote style.
    pub tokens: String,
    /// Of taint rules: how the data gets there. Files are counted as they were given to [`RuleSet::follow`]; a file scanned by itself
    /// is number 0.
    pub steps: Vec<TraceStep>,
}

#[derive(Clone, Debug, Default)]
pub struct Timings {
    pub prefilter: Duration,
    pub parse: Duration,
    pub lower: Duration,
    pub match_: Duration,
    /// Value-flow graphs and what taint rules say of them.
    pub flow: Duration,
    pub per_rule: Vec<(usize, Duration)>,
}

impl RuleSet {
    /// Compiles rules; those that cannot be used are reported and left out of the run, but keep their place in `rules`.
    pub fn compile(rules: Vec<Rule>, _options: &CompileOptions) -> (RuleSet, Vec<RuleError>) {
        let mut shared = Shared::default();
        shared.read = ReadAhead::of(&rules);
        let mut compiled = Vec::with_capacity(rules.len());
        let mut errors = Vec::new();
        for (index, rule) in rules.iter().enumerate() {
            match compile::compile(index, rule, &mut shared) {
                Ok(rule) => compiled.push(rule),
                Err(error) => errors.push(error),
            }
        }
        shared.read = ReadAhead::default();
        let mut formulas = Vec::new();
        for (i, rule) in compiled.iter().enumerate() {
            formulas.extend((0..rule.formulas.len()).map(|j| (i as u32, j as u32)));
        }
        let needs = formulas.iter().map(|&(i, j)| &compiled[i as usize].formulas[j as usize].1.need);
        let needs = needs.chain(shared.entries.iter().map(|entry| &entry.formula.need));
        let prefilter = Prefilter::new(needs, &shared.symbols);
        let families = formulas.iter().map(|&(i, j)| compiled[i as usize].formulas[j as usize].0);
        let families = families.chain(shared.entries.iter().map(|entry| entry.family)).collect();
        let mut users = vec![Vec::new(); shared.entries.len()];
        for (i, rule) in compiled.iter().enumerate() {
            for entry in rule.taint.iter().flat_map(|(_, taint)| taint.entries()) {
                users[entry as usize].push(i as u32);
            }
        }
        users.iter_mut().for_each(Vec::dedup);
        let flowing = flowing(&compiled, &shared.entries);
        let symbols = Arc::new(shared.symbols.clone());
        let joined = join::joined(&rules);
        (RuleSet { joined, rules, compiled, shared, symbols, formulas, prefilter, families, users, flowing }, errors)
    }

    pub fn rules(&self) -> &[Rule] {
        &self.rules
    }

    /// Does some rule ask what the project's configuration says?
    pub fn asks_settings(&self) -> bool {
        self.shared.asks_settings
    }

    /// Can any rule run on a file of this language and path?
    pub fn wants(&self, path: &str, lang: Option<Lang>) -> bool {
        self.compiled.iter().any(|rule| {
            let families = rule.formulas.iter().map(|f| f.0).chain(rule.taint.iter().map(|t| t.0));
            rule.paths.wants(path) && families.into_iter().any(|family| self.applies(rule, family, lang))
        })
    }

    fn applies(&self, rule: &CompiledRule, family: Family, lang: Option<Lang>) -> bool {
        match family {
            Family::Generic | Family::Text => true,
            Family::Code(_) => lang
                .is_some_and(|lang| Family::of(lang) == family && self.rules[rule.index].targets.langs.contains(&lang)),
        }
    }

    /// What taint rules ask of the graph of a file; `None` when there are none for its language.
    fn order(&self, lang: Lang) -> Option<Order> {
        let family = Family::of(lang);
        self.flowing.iter().find(|(other, _)| *other == family).map(|(_, order)| *order)
    }

    /// Runs all rules on a file. Never fails: what could not be done is said in the outcome.
    pub fn scan(&self, file: &FileInput, limits: &Limits) -> FileOutcome {
        let start = Instant::now();
        let mut outcome = self.scan_text(file, limits, &|rule| {
            !limits.only_flow || self.joined[rule] || matches!(self.rules[rule].mode, Mode::Taint(_))
        });
        if !outcome.pieces.is_empty() {
            self.scan_pieces(file, limits, start, &mut outcome);
        }
        let joined = outcome.matches.iter().filter(|found| self.joined[found.rule]);
        let rows: Vec<Row> = joined.map(Row::of).collect();
        if !rows.is_empty() {
            outcome.flow.get_or_insert_default().rows = rows;
            outcome.matches.retain(|found| !self.rules[found.rule].is_part);
        }
        outcome
    }

    /// Runs those rules on a text that `takes` says yes to.
    pub(crate) fn scan_text(&self, file: &FileInput, limits: &Limits, takes: &dyn Fn(usize) -> bool) -> FileOutcome {
        let mut outcome = FileOutcome::default();
        let start = Instant::now();
        let family = file.lang.map(Family::of);
        let is_asked = |n: usize| !matches!(self.families[n], Family::Code(_)) || Some(self.families[n]) == family;
        let possible = self.prefilter.run(file.text, is_asked);
        let mut wanted: Vec<(&CompiledRule, Family, &Compiled)> = Vec::new();
        let wants = |i: u32, family| {
            let rule = &self.compiled[i as usize];
            takes(rule.index)
                && self.applies(rule, family, file.lang)
                && (limits.ignore_paths || rule.paths.wants(file.path))
        };
        for (&(i, j), _) in self.formulas.iter().zip(&possible).filter(|(_, possible)| **possible) {
            let rule = &self.compiled[i as usize];
            let (family, formula) = &rule.formulas[j as usize];
            if wants(i, *family) {
                wanted.push((rule, *family, formula));
            }
        }
        let possible = &possible[self.formulas.len()..];
        let marking = self.marking(possible, family, limits.reach, &wants);
        let flows = marking.is_some() && file.lang.is_some_and(|lang| self.order(lang).is_some());
        outcome.timings.prefilter = start.elapsed();
        let needs_tree = flows || wanted.iter().any(|(_, family, _)| matches!(family, Family::Code(_)));
        let Some(lang) = file.lang.filter(|_| needs_tree) else {
            self.run(&wanted, file, None, limits, start, &mut outcome);
            return outcome;
        };
        let parsing = Instant::now();
        match rampart_syntax::parse(lang, file.text, self.symbols.clone(), limits.parse_of(file.text)) {
            Ok(mut tree) => {
                outcome.timings.parse = parsing.elapsed();
                let lowering = Instant::now();
                outcome.parsed = true;
                outcome.parse_errors = std::mem::take(&mut tree.errors);
                outcome.too_deep = tree.too_deep.is_some();
                let names = rampart_syntax::resolve::resolve(&mut tree, lang);
                let code = FileCode::new(lang, file.text, &tree, &names);
                outcome.timings.lower = lowering.elapsed();
                self.run(&wanted, file, Some(&code), limits, start, &mut outcome);
                if let Some(marking) = marking.filter(|_| flows) {
                    self.mark(&marking, file, &code, limits, start, &mut outcome);
                }
            }
            Err(failure) => {
                outcome.failure = Some(failure.to_string());
                wanted.retain(|(_, family, _)| !matches!(family, Family::Code(_)));
                self.run(&wanted, file, None, limits, start, &mut outcome);
            }
        }
        outcome
    }

    fn run(
        &self,
        wanted: &[(&CompiledRule, Family, &Compiled)],
        file: &FileInput,
        code: Option<&FileCode>,
        limits: &Limits,
        start: Instant,
        outcome: &mut FileOutcome,
    ) {
        let matching = Instant::now();
        let budget = Budget::new(start + limits.file);
        let mut file_steps = limits.file_steps;
        let enclosing = OnceCell::new();
        let doc = FileDoc::new();
        for (rule, family, formula) in wanted {
            if start.elapsed() > limits.file {
                outcome.failure = Some(format!("took longer than {} s", limits.file.as_secs_f32()));
                break;
            }
            let began = limits.per_rule_timings.then(Instant::now);
            let steps = limits.steps.min(file_steps.max(limits.steps / 100));
            budget.refill(steps);
            let code = if matches!(family, Family::Code(_)) { code } else { None };
            let scope = Scope::file(&self.shared, &rule.options, file.text, code, &budget)
                .with_doc(&doc)
                .with_settings(file.settings, file.path);
            let mut ranges = scope.evaluate(formula);
            file_steps = file_steps.saturating_sub(steps - budget.left());
            if budget.was_cut() {
                outcome.limits_hit.push((rule.index, "matching took too long and was cut short".into()));
            }
            if ranges.len() > limits.matches_per_rule {
                outcome.limits_hit.push((rule.index, format!("more than {} matches", limits.matches_per_rule)));
                ranges.truncate(limits.matches_per_rule);
            }
            ranges.sort_by_key(|r| (r.span.start, r.span.end));
            if let Mode::Extract(extract) = &self.rules[rule.index].mode {
                let piece = self.shared.mvs.find(&extract.piece);
                let bound = ranges.iter().filter_map(|r| r.env.iter().find(|(mv, _)| Some(*mv) == piece));
                let spans = bound.map(|(_, val)| scope.span_of(val)).collect();
                outcome.pieces.push((rule.index, spans));
                continue;
            }
            let from = outcome.matches.len();
            for range in ranges {
                let around = code.map(|code| {
                    let around = enclosing.get_or_init(|| Surroundings::of(code.target.tree, code.target.names));
                    (around.scope(range.span), around.body(range.span))
                });
                let found = self.rule_match(rule, &scope, file, code, range, around.unwrap_or_default());
                let known = outcome.matches[from..]
                    .iter()
                    .rev()
                    .take_while(|m| m.span == found.span)
                    .any(|m| m.message == found.message);
                if !known {
                    outcome.matches.push(found);
                }
            }
            if let Some(began) = began {
                outcome.timings.per_rule.push((rule.index, began.elapsed()));
            }
        }
        outcome.timings.match_ = matching.elapsed();
    }

    fn rule_match(
        &self,
        rule: &CompiledRule,
        scope: &Scope,
        file: &FileInput,
        code: Option<&FileCode>,
        range: Range,
        (around, body): (Vec<String>, String),
    ) -> RuleMatch {
        let model = &self.rules[rule.index];
        let mut bindings: BTreeMap<&str, (Span, String)> = BTreeMap::new();
        for (mv, val) in &range.env {
            bindings
                .entry(self.shared.mvs.name(*mv))
                .or_insert_with(|| (scope.span_of(val), scope.source(val).to_string()));
        }
        let constant = |name: &str| {
            let mv = self.shared.mvs.find(name)?;
            let (_, val) = range.env.iter().find(|(m, _)| *m == mv)?;
            match (val, code) {
                (&Val::Node(id), Some(code)) => match code.target.names.constant(code.target.tree, id)? {
                    rampart_syntax::Value::Str(text, _) => Some(text.to_string()),
                    rampart_syntax::Value::Int(n) => Some(n.to_string()),
                    _ => None,
                },
                _ => None,
            }
        };
        let matched = file.text.get(range.span.range()).unwrap_or("");
        let template = range.fix.as_deref().or(model.fix.as_deref());
        let fix = match (template, &rule.fix_regex) {
            (Some(template), _) => {
                let template = without_empty(template.trim_end_matches('\n'), &bindings);
                let text = interpolate(&template, &bindings, usize::MAX, &|_| None);
                Some(indented(&text, file.text, range.span.start as usize))
            }
            (None, Some((regex, replacement, count))) => Some(replace(regex, matched, replacement, *count)),
            (None, None) => None,
        };
        RuleMatch {
            rule: rule.index,
            span: range.span,
            message: interpolate(&model.message, &bindings, MAX_INTERPOLATED, &constant),
            fix: fix.filter(|text| text.len() <= MAX_FIX).map(|text| (range.span, text)),
            scope: around,
            body,
            tokens: tokens(cut(matched, MAX_TOKENS), file.lang),
            steps: Vec::new(),
            metavariables: bindings
                .into_iter()
                .map(|(name, (span, text))| {
                    let short = cut(&text, MAX_BOUND).len();
                    (name.to_string(), span, if short < text.len() { format!("{}…", &text[..short]) } else { text })
                })
                .collect(),
        }
    }

    /// Rules that this engine cannot run, with the reason.
    pub fn not_run(&self) -> Vec<(usize, String)> {
        let mut out = Vec::new();
        for (index, rule) in self.rules.iter().enumerate() {
            if let Mode::Unsupported(mode) = &rule.mode {
                out.push((index, format!("mode `{mode}` is not run yet")));
            } else if !matches!(rule.mode, Mode::Join(_))
                && rule.targets.langs.is_empty()
                && !rule.targets.generic
                && !rule.targets.regex
            {
                out.push((index, format!("no grammar yet for {}", rule.targets.unsupported.join(", "))));
            }
        }
        out
    }
}

/// The language families of taint rules, and what the rules ask of the graphs.
fn flowing(rules: &[CompiledRule], entries: &[CompiledEntry]) -> Vec<(Family, Order)> {
    let mut out: Vec<(Family, Order)> = Vec::new();
    for (family, taint) in rules.iter().flat_map(|rule| &rule.taint) {
        let controls = taint.sources.iter().any(|&id| entries[id as usize].control.is_some());
        let order = if controls { Order::Kept } else { Order::Dropped };
        match out.iter_mut().find(|(other, _)| other == family) {
            Some((_, known)) if order == Order::Kept => *known = order,
            Some(_) => {}
            None => out.push((*family, order)),
        }
    }
    out
}
