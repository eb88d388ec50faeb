//! Evaluates formulas on a file: sets of ranges with bindings, as the rule language defines them.

mod conditions;
mod search;
mod sets;

use sets::Index;

use std::borrow::Cow;
use std::cell::{OnceCell, RefCell};
use std::rc::Rc;
use std::sync::Arc;

use rampart_syntax::{Kind as Node, Lang, Names, NodeId, Span, Sym, Tree, Value};
use rustc_hash::FxHashMap;

use crate::analysis;
use crate::budget::Budget;
use crate::compare;
use crate::compile::{Check, Compiled, Family, KeyPart, Kind, PatternId, Shared};
use crate::generic::{Comments, GenericDoc, is_readable};
use crate::matcher::{Env, Found, Matcher, Target, Val};
use crate::model::Options;
use crate::pattern::{Mv, P, Pattern, RootKind};
use crate::prefilter::Need;
use crate::regex::Regex;
use crate::settings::{Setting, Settings};

/// How a range takes part in set operations.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Role {
    Plain,
    Inside,
    Regex,
    Anywhere,
}

#[derive(Clone, Debug)]
pub struct Range {
    pub span: Span,
    pub env: Env,
    pub fix: Option<Arc<str>>,
    role: Role,
    node: Option<NodeId>,
}

/// Which ranges are of interest to those who ask: those around one of theirs. Such a range starts no later than the last of theirs does,
/// and ends no earlier than the first of theirs.
#[derive(Clone, Copy)]
struct Around {
    last_start: u32,
    first_end: u32,
}

impl Around {
    const ANYTHING: Around = Around { last_start: u32::MAX, first_end: 0 };

    fn any_of(ranges: &[Range]) -> Around {
        let nothing = Around { last_start: 0, first_end: u32::MAX };
        ranges.iter().fold(nothing, |all, range| Around {
            last_start: all.last_start.max(range.span.start),
            first_end: all.first_end.min(range.span.end),
        })
    }

    fn may_be(self, span: Span) -> bool {
        span.start <= self.last_start && span.end >= self.first_end
    }
}

/// What one evaluation works on: a file, or the code that a metavariable is bound to.
pub struct Scope<'f> {
    shared: &'f Shared,
    options: &'f Options,
    /// The text that expressions and generic patterns see, and where it begins in the text of the positions.
    text: &'f str,
    base: u32,
    code: Option<&'f FileCode<'f>>,
    /// Only nodes in this subtree are matched.
    region: Option<NodeId>,
    /// Bindings known from outside.
    outer: Env,
    /// What a conjunction without positive parts starts from.
    context: Option<Span>,
    /// The text as generic patterns see it; `None` where no person writes such text.
    generic: OnceCell<Option<GenericDoc<'f>>>,
    /// The same for the whole file, shared by its rules.
    file_doc: Option<&'f FileDoc<'f>>,
    /// Of the rule that is being run.
    budget: &'f Budget,
    depth: u32,
    /// The settings of the project, and the path of the file that asks for them.
    settings: Option<(&'f Settings, &'f str)>,
}

/// The text of a file as generic patterns see it, made when the first of them runs.
pub type FileDoc<'f> = OnceCell<Option<GenericDoc<'f>>>;

/// Longest list of ranges that one formula keeps.
pub const MAX_RANGES: usize = 20_000;
/// What work beside the search for patterns counts as, in steps of that search, measured on long lists.
const STEPS_OF_CHECK: u64 = 8;
const STEPS_OF_MERGE: u64 = 8;
const STEPS_OF_TYPE: u64 = 10_000;
const STEPS_OF_PARSE: u64 = 500;
const STEPS_PER_BYTE_PARSED: u64 = 8;
const PAIRS_PER_STEP: u64 = 8;
const NODES_PER_STEP: u64 = 8;
const EQUAL_NODES_PER_STEP: u64 = 2;
const BYTES_PER_STEP: u64 = 64;

/// Deepest nesting of `metavariable-pattern` in other languages.
const MAX_DEPTH: u32 = 8;

/// A parsed file with what helps to look things up in it.
pub struct FileCode<'f> {
    pub target: Target<'f>,
    by_kind: Vec<Vec<NodeId>>,
    by_name: FxHashMap<Sym, Vec<NodeId>>,
    found: RefCell<FxHashMap<PatternId, Rc<[Found]>>>,
    expressions: OnceCell<Box<[NodeId]>>,
    /// A bit for each name that some pattern mentions: whether it is there, or may come from a module that is imported whole.
    present: Vec<u64>,
}

impl<'f> FileCode<'f> {
    pub fn new(lang: Lang, text: &'f str, tree: &'f Tree, names: &'f Names) -> Self {
        let base = tree.symbols.base().len() as u32;
        let mut by_kind: Vec<Vec<NodeId>> = vec![Vec::new(); Node::COUNT];
        let mut by_name: FxHashMap<Sym, Vec<NodeId>> = FxHashMap::default();
        for id in tree.ids() {
            let kind = tree.kind(id);
            by_kind[kind as usize].push(id);
            // Only names that some pattern mentions are of use, and those have symbols below `base`.
            if kind == Node::Ident {
                let sym = tree.sym(id);
                if sym.0 < base {
                    by_name.entry(sym).or_default().push(id);
                }
                for &part in names.import(id).unwrap_or(&[]) {
                    if part != sym && part.0 < base {
                        by_name.entry(part).or_default().push(id);
                    }
                }
            }
        }
        let mut present = vec![0; base as usize / 64 + 1];
        for sym in by_name.keys().chain(names.wildcards.iter().flatten()).filter(|sym| sym.0 < base) {
            present[sym.0 as usize / 64] |= 1 << (sym.0 % 64);
        }
        FileCode {
            target: Target::new(lang, text, tree, names),
            by_kind,
            by_name,
            found: RefCell::default(),
            expressions: OnceCell::new(),
            present,
        }
    }

    /// Nodes that are expressions of their own, by kind.
    fn expressions(&self) -> &[NodeId] {
        let tree = self.target.tree;
        let all = || self.by_kind.iter().flatten().copied().filter(|&id| search::selectable(tree, id));
        self.expressions.get_or_init(|| all().collect())
    }

    /// Can the file satisfy `need`, judging by its names? Texts are taken as present.
    pub fn may(&self, need: &Need) -> bool {
        match need {
            Need::Nothing | Need::Text(_) | Need::Caseless(_) => true,
            Need::Name(sym) => {
                self.present.get(sym.0 as usize / 64).is_some_and(|names| names >> (sym.0 % 64) & 1 == 1)
            }
            Need::All(parts) => parts.iter().all(|p| self.may(p)),
            Need::Any(parts) => parts.iter().any(|p| self.may(p)),
        }
    }

    /// A module imported whole may provide the qualifier of a name.
    fn module_names(&self, sym: Sym) -> bool {
        self.target.names.wildcards.iter().any(|path| path.contains(&sym))
    }
}

impl<'f> Scope<'f> {
    /// Shares the generic view of the file with other rules.
    pub fn with_doc(mut self, doc: &'f FileDoc<'f>) -> Self {
        self.file_doc = Some(doc);
        self
    }

    /// Lets conditions ask for settings, from the place of the file at `path`.
    pub fn with_settings(mut self, settings: &'f Settings, path: &'f str) -> Self {
        self.settings = Some((settings, path));
        self
    }

    pub fn file(
        shared: &'f Shared,
        options: &'f Options,
        text: &'f str,
        code: Option<&'f FileCode<'f>>,
        budget: &'f Budget,
    ) -> Self {
        Scope {
            shared,
            options,
            text,
            base: 0,
            code,
            region: None,
            outer: Env::new(),
            context: None,
            generic: OnceCell::new(),
            file_doc: None,
            budget,
            depth: 0,
            settings: None,
        }
    }

    /// The source of a binding.
    pub fn source<'v>(&self, val: &'v Val) -> &'v str
    where
        'f: 'v,
    {
        match (val, self.code) {
            (Val::Text(text, _), _) => text,
            (_, Some(code)) => code.target.source(val),
            _ => "",
        }
    }

    pub fn span_of(&self, val: &Val) -> Span {
        match (val, self.code) {
            (Val::Text(_, span) | Val::Nodes(_, span), _) => *span,
            (Val::Node(_), Some(code)) => code.target.span(val),
            (Val::Node(_), None) => Span::default(),
        }
    }

    /// All ranges of a formula.
    pub fn evaluate(&self, formula: &Compiled) -> Vec<Range> {
        self.evaluate_around(formula, Around::ANYTHING)
    }

    /// All ranges of a formula that may be of interest.
    fn evaluate_around(&self, formula: &Compiled, around: Around) -> Vec<Range> {
        if self.budget.left() == 0 || self.region.is_none() && self.code.is_some_and(|code| !code.may(&formula.need)) {
            return Vec::new();
        }
        // Most of what a pattern finds fails the first conditions: that is seen before anything is made of it.
        let plain = formula.conditions.iter().take_while(|check| check.is_plain()).count();
        let (plain, others) = formula.conditions.split_at(plain);
        let mut ranges = match &formula.kind {
            Kind::Pattern(id) => self.pattern(*id, around, &|env| plain.iter().all(|check| self.holds(check, env))),
            kind => {
                let mut ranges = self.kind(kind, around);
                ranges.retain(|range| plain.iter().all(|check| self.holds(check, &range.env)));
                ranges
            }
        };
        for check in others {
            if ranges.is_empty() {
                return ranges;
            }
            let mut kept = Vec::new();
            for range in ranges {
                if kept.len() > MAX_RANGES || !self.budget.take(STEPS_OF_CHECK) {
                    break;
                }
                self.check(check, range, &mut kept);
            }
            ranges = kept;
        }
        if !formula.focus.is_empty() {
            ranges = ranges.into_iter().flat_map(|range| self.focus(&formula.focus, range)).collect();
        }
        for range in &mut ranges {
            if let Some(fix) = &formula.fix {
                range.fix = Some(fix.clone());
            }
            if let Some(mv) = formula.bind_as {
                let val = match range.node {
                    Some(id) => Val::Node(id),
                    None => Val::Text(self.slice(range.span).into(), range.span),
                };
                range.env.push((mv, val));
            }
        }
        self.shorten(&mut ranges);
        ranges
    }

    /// Keeps what may be kept.
    fn shorten(&self, ranges: &mut Vec<Range>) {
        if ranges.len() > MAX_RANGES {
            ranges.truncate(MAX_RANGES);
            self.budget.cut();
        }
    }

    fn slice(&self, span: Span) -> &'f str {
        match self.code {
            Some(code) => code.target.text.get(span.range()).unwrap_or(""),
            None => self.text.get(span.range()).unwrap_or(""),
        }
    }

    fn kind(&self, kind: &Kind, around: Around) -> Vec<Range> {
        match kind {
            Kind::Pattern(id) => self.pattern(*id, around, &|_| true),
            Kind::Regex(regex, groups) => {
                let mut ranges = Vec::new();
                for m in regex.find_iter(self.text).take(MAX_RANGES + 1) {
                    let Ok(m) = m else {
                        self.budget.exhaust();
                        break;
                    };
                    if !self.budget.take(steps_of(regex)) {
                        break;
                    }
                    let at =
                        |(start, end): (usize, usize)| Span::new(start + self.base as usize, end + self.base as usize);
                    let mut env = self.outer.clone();
                    for &(group, mv) in groups {
                        if let Some(range) = m.group(group)
                            && !env.iter().any(|(known, _)| *known == mv)
                        {
                            env.push((mv, Val::Text(self.text[range.0..range.1].into(), at(range))));
                        }
                    }
                    ranges.push(Range { span: at(m.range()), env, fix: None, role: Role::Regex, node: None });
                }
                ranges
            }
            Kind::Generic(pattern) => {
                let comments = self.options.generic_comment_style.as_deref().and_then(Comments::by_name);
                let shared = self.file_doc.filter(|_| comments.is_none());
                let make = || (self.depth > 0 || is_readable(self.text)).then(|| GenericDoc::new(self.text, comments));
                let Some(doc) = shared.unwrap_or(&self.generic).get_or_init(make) else { return Vec::new() };
                let found = pattern.matches(doc);
                if found.incomplete {
                    self.budget.exhaust();
                }
                let at = |start: usize, end: usize| Span::new(start + self.base as usize, end + self.base as usize);
                let ranges = found.matches.into_iter().filter_map(|m| {
                    let mut env = self.outer.clone();
                    for (name, start, end) in m.bindings {
                        let mv = self.shared.mvs.find(&name)?;
                        let val = Val::Text(self.text[start..end].into(), at(start, end));
                        match env.iter().find(|(known, _)| *known == mv) {
                            Some((_, known)) if self.source(known) != self.source(&val) => return None,
                            Some(_) => {}
                            None => env.push((mv, val)),
                        }
                    }
                    Some(Range { span: at(m.start, m.end), env, fix: None, role: Role::Plain, node: None })
                });
                ranges.take(MAX_RANGES + 1).collect()
            }
            Kind::Or(parts) => {
                let mut ranges = Vec::new();
                for part in parts {
                    ranges.extend(self.evaluate_around(part, around));
                }
                self.shorten(&mut ranges);
                ranges
            }
            Kind::Inside(inner) => self.with_role(inner, Role::Inside, around),
            Kind::Anywhere(inner) => self.with_role(inner, Role::Anywhere, Around::ANYTHING),
            Kind::And { positive, negative, selector } => self.conjunction(positive, negative, *selector, around),
        }
    }

    fn with_role(&self, inner: &Compiled, role: Role, around: Around) -> Vec<Range> {
        let mut ranges = self.evaluate_around(inner, around);
        for range in &mut ranges {
            range.role = role;
        }
        ranges
    }

    fn conjunction(
        &self,
        positive: &[Compiled],
        negative: &[Compiled],
        selector: Option<PatternId>,
        around: Around,
    ) -> Vec<Range> {
        let mut found = None;
        let mut inside = Vec::new();
        let (surroundings, parts): (Vec<&Compiled>, Vec<&Compiled>) =
            positive.iter().partition(|part| part.kind.is_inside());
        for part in parts {
            let set = self.evaluate_around(part, around);
            if set.first().is_some_and(|range| range.role == Role::Inside) {
                inside.push(set);
            } else if !self.meet(&mut found, set) {
                return Vec::new();
            }
        }
        for set in inside {
            if !self.meet(&mut found, set) {
                return Vec::new();
            }
        }
        for part in surroundings {
            let is_around = found.as_deref().filter(|r| r[0].role != Role::Inside).map_or(around, Around::any_of);
            let set = self.evaluate_around(part, is_around);
            if !self.meet(&mut found, set) {
                return Vec::new();
            }
        }
        let mut ranges = match (found, self.context) {
            (Some(ranges), _) => ranges,
            (None, Some(span)) => {
                vec![Range { span, env: self.outer.clone(), fix: None, role: Role::Plain, node: self.region }]
            }
            (None, None) => return Vec::new(),
        };
        if let Some(id) = selector {
            ranges = self.select(id, &ranges);
        }
        for part in negative {
            if ranges.is_empty() {
                break;
            }
            let was_cut = self.budget.was_cut();
            // What takes away lies around what it takes away; only expressions may also lie in it.
            let is_around = if part.kind.has_regex() { Around::ANYTHING } else { Around::any_of(&ranges) };
            let away = self.evaluate_around(part, is_around);
            if !away.is_empty() {
                let index = Index::new(&away);
                ranges.retain(|x| {
                    let mut seen = 0;
                    let is_away = index.near(x).inspect(|_| seen += 1).any(|y| self.takes_away(x, y));
                    self.budget.take(1 + seen / PAIRS_PER_STEP);
                    !is_away
                });
            }
            // Without all that takes away, what is left may be wrong.
            if self.budget.left() == 0 || self.budget.was_cut() && !was_cut {
                return Vec::new();
            }
        }
        ranges
    }

    /// Leaves of what was found what `set` agrees with; of the first set all. False when nothing is left: the rest need not be run.
    fn meet(&self, found: &mut Option<Vec<Range>>, set: Vec<Range>) -> bool {
        let met = match found {
            Some(ranges) => self.intersect(ranges, &set),
            None => set,
        };
        !found.insert(met).is_empty()
    }
}

/// What one search with `regex` may cost.
fn steps_of(regex: &Regex) -> u64 {
    // One that backtracks takes a million steps of its own at most, and mostly few: the clock is looked at in time.
    if regex.can_exceed_limit() { 500 } else { 1 }
}
