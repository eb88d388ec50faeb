//! Evaluates formulas on a file: sets of ranges with bindings, as the rule language defines them.

use std::cell::{OnceCell, RefCell};
use std::rc::Rc;
use std::sync::Arc;

use rampart_syntax::{Kind as Node, Lang, Names, NodeId, Span, Sym, Tree, Value};
use rustc_hash::FxHashMap;

use crate::analysis;
use crate::budget::Budget;
use crate::compare;
use crate::compile::{Check, Compiled, Family, Kind, PatternId, Shared};
use crate::generic::{Comments, GenericDoc, is_readable};
use crate::matcher::{Env, Found, Matcher, Target, Val};
use crate::model::Options;
use crate::pattern::{Mv, P, Pattern, RootKind};
use crate::prefilter::Need;
use crate::regex::Regex;

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
        FileCode { target: Target::new(lang, text, tree, names), by_kind, by_name, found: RefCell::default() }
    }

    /// Can the file satisfy `need`, judging by its names? Texts are taken as present.
    pub fn may(&self, need: &Need) -> bool {
        match need {
            Need::Nothing | Need::Text(_) => true,
            Need::Name(sym) => self.by_name.contains_key(sym) || self.module_names(*sym),
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

    pub fn file(shared: &'f Shared, options: &'f Options, text: &'f str, code: Option<&'f FileCode<'f>>, budget: &'f Budget) -> Self {
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
        }
    }

    /// The source of a binding.
    pub fn source(&self, val: &Val) -> String {
        match (val, self.code) {
            (Val::Text(text, _), _) => text.to_string(),
            (_, Some(code)) => code.target.source(val).to_string(),
            _ => String::new(),
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
        if self.budget.left() == 0 || self.region.is_none() && self.code.is_some_and(|code| !code.may(&formula.need)) {
            return Vec::new();
        }
        let mut ranges = self.kind(&formula.kind);
        for check in &formula.conditions {
            if ranges.is_empty() {
                return ranges;
            }
            let mut kept = Vec::new();
            for range in ranges {
                if kept.len() > MAX_RANGES || !self.budget.take(STEPS_OF_CHECK) {
                    break;
                }
                kept.extend(self.check(check, range));
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

    fn kind(&self, kind: &Kind) -> Vec<Range> {
        match kind {
            Kind::Pattern(id) => self.pattern(*id),
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
                    let at = |(start, end): (usize, usize)| Span::new(start + self.base as usize, end + self.base as usize);
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
                    ranges.extend(self.evaluate(part));
                }
                self.shorten(&mut ranges);
                ranges
            }
            Kind::Inside(inner) => self.with_role(inner, Role::Inside),
            Kind::Anywhere(inner) => self.with_role(inner, Role::Anywhere),
            Kind::And { positive, negative, selector } => self.conjunction(positive, negative, *selector),
        }
    }

    fn with_role(&self, inner: &Compiled, role: Role) -> Vec<Range> {
        let mut ranges = self.evaluate(inner);
        for range in &mut ranges {
            range.role = role;
        }
        ranges
    }

    fn conjunction(&self, positive: &[Compiled], negative: &[Compiled], selector: Option<PatternId>) -> Vec<Range> {
        let mut sets = Vec::with_capacity(positive.len());
        let mut inside = Vec::new();
        for part in positive {
            let ranges = self.evaluate(part);
            // Nothing to intersect with: the rest need not be run.
            if ranges.is_empty() {
                return Vec::new();
            }
            if ranges[0].role == Role::Inside { inside.push(ranges) } else { sets.push(ranges) }
        }
        sets.append(&mut inside);
        let mut sets = sets.into_iter();
        let mut ranges = match (sets.next(), self.context) {
            (Some(first), _) => first,
            (None, Some(span)) => vec![Range { span, env: self.outer.clone(), fix: None, role: Role::Plain, node: self.region }],
            (None, None) => return Vec::new(),
        };
        for set in sets {
            ranges = self.intersect(&ranges, &set);
            if ranges.is_empty() {
                return ranges;
            }
        }
        if let Some(id) = selector {
            ranges = self.select(id, &ranges);
        }
        for part in negative {
            if ranges.is_empty() {
                break;
            }
            let was_cut = self.budget.was_cut();
            let away = self.evaluate(part);
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

    // ── sets of ranges ───────────────────────────────────────────────────────────────────────────

    /// Is `x` in `y`, with bindings that agree?
    fn within(&self, x: &Range, y: &Range) -> bool {
        (y.span.contains(x.span) || y.role == Role::Anywhere)
            && self.budget.take(1)
            && x.env.iter().all(|(mv, a)| match y.env.iter().find(|(m, _)| m == mv) {
                Some((_, b)) => self.numbered(*mv) || self.same(a, b),
                None => true,
            })
    }

    fn same(&self, a: &Val, b: &Val) -> bool {
        match self.code {
            Some(code) => {
                // Trees that are equal by their hashes are compared node by node.
                if let (&Val::Node(a), &Val::Node(b)) = (a, b)
                    && a != b
                    && code.target.tree.hash(a) == code.target.tree.hash(b)
                {
                    self.budget.take(u64::from(a.0 - code.target.tree[a].low) / EQUAL_NODES_PER_STEP);
                }
                code.target.same(a, b, self.options.unify_ids_strictly)
            }
            None => self.source(a) == self.source(b),
        }
    }

    /// `$1`: groups of expressions never have to agree.
    fn numbered(&self, mv: Mv) -> bool {
        self.shared.mvs.name(mv)[1..].bytes().all(|b| b.is_ascii_digit())
    }

    fn intersect(&self, xs: &[Range], ys: &[Range]) -> Vec<Range> {
        let merge = |u: &Range, v: &Range| {
            if !self.within(u, v) || u.role == Role::Inside && v.role != Role::Inside {
                return None;
            }
            let mut merged = u.clone();
            for (mv, val) in &v.env {
                if !merged.env.iter().any(|(m, _)| m == mv) {
                    merged.env.push((*mv, val.clone()));
                }
            }
            merged.fix = merged.fix.or_else(|| v.fix.clone());
            Some(merged)
        };
        let mut out = Vec::new();
        let index = Index::new(ys);
        for x in xs {
            let (mut pairs, before) = (0, out.len());
            for y in index.near(x) {
                pairs += 1;
                out.extend(merge(x, y));
                out.extend(merge(y, x));
            }
            let merged = (out.len() - before) as u64;
            if out.len() > MAX_RANGES {
                dedup(&mut out);
                if out.len() > MAX_RANGES {
                    self.budget.exhaust();
                    break;
                }
            }
            if !self.budget.take(1 + pairs / PAIRS_PER_STEP + merged * STEPS_OF_MERGE) {
                break;
            }
        }
        dedup(&mut out);
        out
    }

    fn takes_away(&self, x: &Range, y: &Range) -> bool {
        match y.role {
            Role::Inside => self.within(x, y),
            Role::Regex => self.within(x, y) || self.within(y, x),
            Role::Plain => self.within(x, y) && self.within(y, x),
            Role::Anywhere => true,
        }
    }

    /// `pattern: $X` inside ranges that may bind `$X`.
    fn select(&self, id: PatternId, ranges: &[Range]) -> Vec<Range> {
        let (Some(code), Some(mv)) = (self.code, self.shared.patterns[id.0 as usize].pattern.lone_metavar()) else { return Vec::new() };
        let tree = code.target.tree;
        let mut out = Vec::new();
        for range in ranges {
            let bound = range.env.iter().find(|(m, _)| *m == mv).map(|(_, v)| v);
            let (mut seen, before) = (0, out.len());
            for id in nodes_in(tree, range.span) {
                seen += 1;
                if !selectable(tree, id) || !range.span.contains(tree.span(id)) {
                    continue;
                }
                let val = Val::Node(id);
                if bound.is_none_or(|known| self.same(known, &val)) {
                    let mut env = range.env.clone();
                    if bound.is_none() {
                        env.push((mv, val));
                    }
                    out.push(Range { span: tree.span(id), env, fix: range.fix.clone(), role: Role::Plain, node: Some(id) });
                }
            }
            let selected = (out.len() - before) as u64;
            if out.len() > MAX_RANGES {
                self.budget.exhaust();
            }
            if !self.budget.take(1 + seen / NODES_PER_STEP + selected * STEPS_OF_MERGE) {
                break;
            }
        }
        dedup(&mut out);
        out
    }

    fn focus(&self, lists: &[Vec<Mv>], range: Range) -> Vec<Range> {
        let mut current: Option<Vec<Span>> = None;
        for list in lists {
            let mut spans = Vec::new();
            for mv in list {
                if let Some((_, val)) = range.env.iter().find(|(m, _)| m == mv)
                    && let Some(span) = overlap(self.span_of(val), range.span)
                {
                    spans.push(span);
                }
            }
            current = Some(match current {
                None => spans,
                Some(before) => before.iter().flat_map(|&a| spans.iter().filter_map(move |&b| overlap(a, b))).collect(),
            });
        }
        let spans = current.unwrap_or_default();
        spans.into_iter().map(|span| Range { span, node: None, ..range.clone() }).collect()
    }

    // ── patterns ─────────────────────────────────────────────────────────────────────────────────

    fn pattern(&self, id: PatternId) -> Vec<Range> {
        let Some(code) = self.code else { return Vec::new() };
        let ranges = |found: &[Found]| {
            found.iter().map(|f| Range { span: f.span, env: f.env.clone(), fix: None, role: Role::Plain, node: f.node }).collect()
        };
        // The same pattern in several rules is matched once per file; inside a metavariable the place and bindings differ.
        let cacheable = self.region.is_none() && self.outer.is_empty();
        if cacheable && let Some(found) = code.found.borrow().get(&id) {
            return ranges(found);
        }
        let found = self.search(code, id);
        let out = ranges(&found);
        if cacheable && self.budget.left() > 0 {
            code.found.borrow_mut().insert(id, found.into());
        }
        out
    }

    fn search(&self, code: &FileCode<'f>, id: PatternId) -> Vec<Found> {
        let shared = &self.shared.patterns[id.0 as usize];
        let pattern = &shared.pattern;
        let tree = code.target.tree;
        let mut matcher = Matcher::new(pattern, &code.target, &shared.options, shared.inside, self.budget.left()).with_env(&self.outer);
        let mut out = Vec::new();
        let low = self.region.map_or(0, |r| tree[r].low);
        let high = self.region.map_or(u32::MAX, |r| r.0);
        let in_region = |id: NodeId| id.0 >= low && id.0 <= high;
        if pattern.root_kind == RootKind::Statements {
            let mut starts: Vec<(NodeId, usize)> = Vec::new();
            let leading = pattern.roots.first().is_some_and(|&p| pattern.is_ellipsis(p));
            let lists = [Node::Block, Node::ClassBody];
            let blocks = || lists.iter().flat_map(|&kind| between(&code.by_kind[kind as usize], low, high));
            if leading {
                starts.extend(blocks().filter(|&&b| !tree.children(b).is_empty()).map(|&b| (b, 0)));
            } else if let Some(occurrences) = self.rarest(code, pattern) {
                for &at in between(occurrences, low, high) {
                    let mut node = at;
                    while let Some(up) = tree.parent(node) {
                        if lists.contains(&tree.kind(up)) {
                            let kids = tree.children(up);
                            let index = kids.binary_search(&node).ok().or_else(|| kids.iter().position(|&k| k == node));
                            starts.extend(index.map(|i| (up, i)));
                        }
                        node = up;
                    }
                }
                starts.sort_unstable();
                starts.dedup();
            } else {
                for &block in blocks() {
                    starts.extend((0..tree.children(block).len()).map(|i| (block, i)));
                }
            }
            // Code that a metavariable is bound to is a program of its own.
            if let Some(region) = self.region.filter(|&r| tree.kind(r).is_statement()) {
                matcher.run(&[region], &mut out);
            }
            for (block, index) in starts {
                if in_region(block) {
                    matcher.run(&tree.children(block)[index..], &mut out);
                }
                if matcher.steps_left() == 0 || out.len() > MAX_RANGES {
                    break;
                }
            }
        } else {
            let root = pattern.roots[0];
            let kinds = target_kinds(pattern, root);
            let symbolic = shared.options.symbolic_propagation;
            match self.rarest(code, pattern).filter(|_| !symbolic) {
                Some(occurrences) => {
                    let mut candidates: Vec<NodeId> = Vec::new();
                    for &at in between(occurrences, low, high) {
                        let mut node = Some(at);
                        while let Some(id) = node {
                            if kinds.has(tree.kind(id)) {
                                candidates.push(id);
                            }
                            node = tree.parent(id);
                        }
                    }
                    candidates.sort_unstable();
                    candidates.dedup();
                    for id in candidates {
                        if in_region(id) {
                            matcher.at(id, &mut out);
                        }
                        if matcher.steps_left() == 0 || out.len() > MAX_RANGES {
                            break;
                        }
                    }
                }
                None => {
                    'all: for (kind, nodes) in code.by_kind.iter().enumerate() {
                        if !kinds.has_index(kind) {
                            continue;
                        }
                        for &id in between(nodes, low, high) {
                            if in_region(id) && (kinds.exact || selectable(tree, id)) {
                                matcher.at(id, &mut out);
                            }
                            if matcher.steps_left() == 0 || out.len() > MAX_RANGES {
                                break 'all;
                            }
                        }
                    }
                }
            }
        }
        if out.len() > MAX_RANGES {
            self.budget.cut();
        }
        self.budget.leave(matcher.steps_left());
        out
    }

    /// Places of the pattern's rarest name, when it has one that must be there.
    fn rarest<'c>(&self, code: &'c FileCode<'f>, pattern: &Pattern) -> Option<&'c [NodeId]> {
        let anchors = pattern.anchors.iter().filter(|&&s| !code.module_names(s));
        anchors.map(|s| code.by_name.get(s).map_or(&[][..], Vec::as_slice)).min_by_key(|places| places.len())
    }

    // ── conditions ───────────────────────────────────────────────────────────────────────────────

    fn check(&self, check: &Check, mut range: Range) -> Vec<Range> {
        let bound = |range: &Range, mv: Mv| range.env.iter().find(|(m, _)| *m == mv).map(|(_, v)| v.clone());
        let keep = |yes: bool, range: Range| if yes { vec![range] } else { Vec::new() };
        match check {
            Check::Never => Vec::new(),
            Check::Regex { mv, regex, groups, constant } => {
                let Some(val) = bound(&range, *mv) else { return Vec::new() };
                let text = match constant.then(|| self.constant(&val)).flatten() {
                    Some(Value::Str(text, _)) => text.to_string(),
                    Some(Value::Int(n)) => n.to_string(),
                    _ => self.source(&val),
                };
                self.budget.take(steps_of(regex) + text.len() as u64 / BYTES_PER_STEP);
                let found = match regex.match_at_start(&text) {
                    Ok(Some(found)) => found,
                    Ok(None) => return Vec::new(),
                    Err(_) => {
                        self.budget.exhaust();
                        return Vec::new();
                    }
                };
                let at = self.span_of(&val).start as usize;
                for &(group, mv) in groups {
                    if let Some((start, end)) = found.group(group)
                        && bound(&range, mv).is_none()
                    {
                        range.env.push((mv, Val::Text(text[start..end].into(), Span::new(at + start, at + end))));
                    }
                }
                vec![range]
            }
            Check::Comparison(comparison) => {
                let yes = compare::eval(comparison, &|name| {
                    let mv = self.shared.mvs.find(name)?;
                    let val = bound(&range, mv)?;
                    Some(match self.constant(&val) {
                        Some(Value::Str(text, _)) => compare::Value::Str(text.to_string()),
                        Some(Value::Int(n)) => compare::Value::Int(n),
                        Some(Value::Bool(b)) => compare::Value::Bool(b),
                        Some(Value::Float(text)) => match text.parse() {
                            Ok(number) => compare::Value::Float(number),
                            Err(_) => compare::Value::Code(text.to_string()),
                        },
                        _ => match &val {
                            Val::Text(text, _) => compare::Value::Str(text.to_string()),
                            _ => compare::Value::Code(self.source(&val)),
                        },
                    })
                });
                keep(yes == Some(true), range)
            }
            Check::Entropy(mv) | Check::Redos(mv) => {
                let text = bound(&range, *mv).and_then(|val| match self.constant(&val) {
                    Some(Value::Str(text, _) | Value::Regex(text, _)) => Some(text.to_string()),
                    _ => None,
                });
                let yes = text.is_some_and(|text| match check {
                    Check::Entropy(_) => analysis::is_high_entropy(&text),
                    _ => analysis::is_redos(&text),
                });
                keep(yes, range)
            }
            Check::Type { mv, patterns } => {
                let (Some(code), Some(Val::Node(id))) = (self.code, bound(&range, *mv)) else { return Vec::new() };
                let yes = patterns.iter().any(|p| {
                    let shared = &self.shared.patterns[p.0 as usize];
                    let mut found = Vec::new();
                    let steps = self.budget.left().min(STEPS_OF_TYPE);
                    let mut matcher = Matcher::new(&shared.pattern, &code.target, &shared.options, false, steps);
                    matcher.at(id, &mut found);
                    self.budget.take(steps - matcher.steps_left());
                    !found.is_empty()
                });
                keep(yes, range)
            }
            Check::Formula { mv, family, formula } => {
                let Some(val) = bound(&range, *mv) else { return Vec::new() };
                self.nested(&range, &val, *family, formula)
            }
        }
    }

    /// The constant that a binding is or folds to.
    fn constant(&self, val: &Val) -> Option<Value> {
        match (val, self.code) {
            (&Val::Node(id), Some(code)) => {
                let tree = code.target.tree;
                let id = if matches!(tree.kind(id), Node::ExprStmt) { tree.child(id, 0) } else { id };
                code.target.names.constant(tree, id).filter(|_| self.options.constant_propagation || tree.kind(id).is_literal())
            }
            (Val::Text(text, _), _) => Some(Value::Str(text.as_ref().into(), None)),
            _ => None,
        }
    }

    /// `metavariable-pattern`: the formula on the code that the metavariable is bound to.
    fn nested(&self, range: &Range, val: &Val, family: Option<(Family, Option<Lang>)>, formula: &Compiled) -> Vec<Range> {
        if self.depth >= MAX_DEPTH {
            return Vec::new();
        }
        let span = self.span_of(val);
        let found = match family {
            // The same language: the nodes themselves.
            None => {
                let regions: Vec<Option<NodeId>> = match val {
                    Val::Node(id) => vec![Some(*id)],
                    Val::Nodes(ids, _) => ids.iter().map(|&id| Some(id)).collect(),
                    Val::Text(..) => vec![None],
                };
                let mut found = Vec::new();
                for region in regions {
                    let text = match val {
                        Val::Text(text, _) => text.to_string(),
                        _ => self.slice(span).to_string(),
                    };
                    // Text is no code: only expressions see it, and the string that it is the content of.
                    let content = (region.is_none()).then(|| self.string_at(span)).flatten();
                    if let (None, None, Some(code)) = (region, content, self.code) {
                        let outer = self.as_texts(&range.env);
                        found.extend(self.foreign(&text, Some(code.target.lang), outer, formula));
                        continue;
                    }
                    let code = if region.is_some() || content.is_some() { self.code } else { None };
                    let mut scope = Scope::file(self.shared, self.options, &text, code, self.budget);
                    scope.base = span.start;
                    scope.region = region.or(content);
                    (scope.outer, scope.context, scope.depth) = (range.env.clone(), Some(span), self.depth + 1);
                    found.extend(scope.evaluate(formula).into_iter().map(|r| r.env));
                }
                found
            }
            Some((_, lang)) => {
                let text = match (val, self.constant(val)) {
                    (Val::Text(text, _), _) => text.to_string(),
                    (_, Some(Value::Str(text, _))) => text.to_string(),
                    _ if lang.is_none() => self.slice(span).to_string(),
                    _ => return Vec::new(),
                };
                self.foreign(&text, lang, self.as_texts(&range.env), formula)
            }
        };
        if found.is_empty() {
            return Vec::new();
        }
        // The bindings made inside stay, one range for each way.
        let mut out = Vec::new();
        for env in found {
            let new: Env = env.into_iter().filter(|(mv, _)| !range.env.iter().any(|(m, _)| m == mv)).collect();
            if !new.is_empty() {
                let mut extended = range.clone();
                extended.env.extend(new);
                out.push(extended);
            }
        }
        if out.is_empty() {
            out.push(range.clone());
        }
        dedup(&mut out);
        out
    }

    /// Bindings without their nodes, for code that is another tree.
    fn as_texts(&self, env: &Env) -> Env {
        env.iter().map(|(mv, v)| (*mv, Val::Text(self.source(v).into(), self.span_of(v)))).collect()
    }

    /// The string literal whose content is at `span`.
    fn string_at(&self, span: Span) -> Option<NodeId> {
        let code = self.code?;
        let tree = code.target.tree;
        let strings = &code.by_kind[Node::Str as usize];
        self.budget.take(strings.len() as u64 / NODES_PER_STEP);
        strings.iter().copied().find(|&id| tree.span(id).contains(span) && !span.is_empty())
    }

    /// Runs a formula on a text in another language. Its bindings come back as texts.
    fn foreign(&self, text: &str, lang: Option<Lang>, outer: Env, formula: &Compiled) -> Vec<Env> {
        let context = Some(Span::new(0, text.len()));
        let to_text = |scope: &Scope, ranges: Vec<Range>| -> Vec<Env> {
            ranges
                .into_iter()
                .map(|r| r.env.iter().map(|(mv, v)| (*mv, Val::Text(scope.source(v).into(), Span::default()))).collect())
                .collect()
        };
        let Some(lang) = lang else {
            let mut scope = Scope::file(self.shared, self.options, text, None, self.budget);
            (scope.outer, scope.context, scope.depth) = (outer, context, self.depth + 1);
            let ranges = scope.evaluate(formula);
            return to_text(&scope, ranges);
        };
        let base = match self.code {
            Some(code) => code.target.tree.symbols.base().clone(),
            None => Arc::new(self.shared.symbols.clone()),
        };
        self.budget.take(STEPS_OF_PARSE + text.len() as u64 * STEPS_PER_BYTE_PARSED);
        let limit = std::time::Duration::from_millis(500);
        let Ok(mut tree) = rampart_syntax::parse(lang, text, base, limit) else { return Vec::new() };
        let names = rampart_syntax::resolve::resolve(&mut tree, lang);
        let code = FileCode::new(lang, text, &tree, &names);
        let mut scope = Scope::file(self.shared, self.options, text, Some(&code), self.budget);
        (scope.outer, scope.context, scope.depth) = (outer, context, self.depth + 1);
        let ranges = scope.evaluate(formula);
        to_text(&scope, ranges)
    }
}

/// Ranges by place, so that only those that contain or lie in another are compared with it.
struct Index<'r> {
    /// By start, then by end.
    sorted: Vec<&'r Range>,
    /// The largest end among the ranges up to each.
    reach: Vec<u32>,
    anywhere: bool,
}

impl<'r> Index<'r> {
    fn new(ranges: &'r [Range]) -> Self {
        let mut sorted: Vec<&Range> = ranges.iter().collect();
        sorted.sort_by_key(|r| (r.span.start, r.span.end));
        let mut end = 0;
        let reach = sorted.iter().map(|r| {
            end = end.max(r.span.end);
            end
        });
        let reach = reach.collect();
        Index { reach, anywhere: ranges.iter().any(|r| r.role == Role::Anywhere), sorted }
    }

    /// All ranges that contain `x` or lie in it (and some that do not), in order of place.
    fn near<'i>(&'i self, x: &Range) -> impl Iterator<Item = &'r Range> + use<'i, 'r> {
        let all = self.anywhere || x.role == Role::Anywhere;
        // Containing ranges start at or before `x`; walking back ends where nothing reaches its end.
        let before = if all { 0 } else { self.sorted.partition_point(|r| r.span.start < x.span.start) };
        let mut from = before;
        while from > 0 && self.reach[from - 1] >= x.span.end {
            from -= 1;
        }
        let after = if all { self.sorted.len() } else { self.sorted.partition_point(|r| r.span.start <= x.span.end) };
        self.sorted[from..after].iter().copied()
    }
}

fn overlap(a: Span, b: Span) -> Option<Span> {
    if b.contains(a) {
        Some(a)
    } else if a.contains(b) {
        Some(b)
    } else {
        None
    }
}

fn dedup(ranges: &mut Vec<Range>) {
    let mut seen = rustc_hash::FxHashSet::default();
    ranges.retain(|r| {
        let env: Vec<(Mv, u32, u32)> = r
            .env
            .iter()
            .map(|(mv, v)| match v {
                Val::Node(id) => (*mv, id.0, u32::MAX),
                Val::Nodes(_, s) | Val::Text(_, s) => (*mv, s.start, s.end),
            })
            .collect();
        seen.insert((r.span, r.role as u8, env))
    });
}

/// The ids from `low` to `high` of a list that is in order.
fn between(ids: &[NodeId], low: u32, high: u32) -> &[NodeId] {
    &ids[ids.partition_point(|id| id.0 < low)..ids.partition_point(|id| id.0 <= high)]
}

/// What one search with `regex` may cost.
fn steps_of(regex: &Regex) -> u64 {
    // One that backtracks takes a million steps of its own at most, and mostly few: the clock is looked at in time.
    if regex.can_exceed_limit() { 500 } else { 1 }
}

/// Nodes that lie in `span`: the subtree of the smallest node that covers it.
fn nodes_in(tree: &Tree, span: Span) -> impl Iterator<Item = NodeId> + use<> {
    let mut at = tree.root();
    loop {
        match tree.covering(at, span) {
            Some(child) => at = child,
            None => break,
        }
    }
    (tree[at].low..=at.0).map(NodeId)
}

/// Is the node an expression of its own, as `$X` matches it?
fn selectable(tree: &Tree, id: NodeId) -> bool {
    let kind = tree.kind(id);
    if kind.is_statement()
        || matches!(
            kind,
            Node::Nil | Node::Args | Node::KwArg | Node::Spread | Node::Params | Node::Param | Node::Attrs | Node::Annotation | Node::Modifier
                | Node::Pair | Node::Hole | Node::XmlAttrs | Node::XmlBody | Node::XmlText | Node::ClassBody | Node::Extends | Node::Implements
                | Node::Catches | Node::Catch | Node::Case | Node::ImportName | Node::CompFor | Node::CompIf | Node::TypeParams
        )
    {
        return false;
    }
    // Names after a dot, of keys and of definitions are parts, not expressions.
    match tree.parent(id) {
        Some(up) => match tree.kind(up) {
            Node::Member => tree.child(up, 1) != id,
            Node::FuncDef | Node::ClassDef => tree.child(up, 2) != id,
            _ => true,
        },
        None => true,
    }
}

/// A set of node kinds.
struct Kinds {
    bits: u128,
    /// The kinds were named one by one; otherwise any expression is meant.
    exact: bool,
}

impl Kinds {
    fn of(kinds: &[Node]) -> Kinds {
        Kinds { bits: kinds.iter().fold(0, |bits, &k| bits | 1 << k as u32), exact: true }
    }

    fn has(&self, kind: Node) -> bool {
        self.has_index(kind as usize)
    }

    fn has_index(&self, kind: usize) -> bool {
        self.bits >> kind & 1 == 1
    }
}

/// Kinds of nodes that a pattern with this root can match.
fn target_kinds(pattern: &Pattern, root: P) -> Kinds {
    let kind = pattern.kind(root);
    let also: &[Node] = match kind {
        Node::Call => &[Node::Annotation],
        Node::Assign => &[Node::VarDef, Node::FuncDef],
        Node::Member => &[Node::Ident],
        Node::Pair => &[Node::KwArg, Node::FuncDef],
        Node::Set | Node::Dict => &[Node::Set, Node::Dict, Node::Comprehension],
        Node::Array => &[Node::Comprehension],
        // The expression of a short function is what it returns.
        Node::Return => &[Node::Lambda],
        Node::Import | Node::ImportFrom => &[Node::Import, Node::ImportFrom, Node::VarDef],
        Node::For => &[Node::ForEach],
        Node::Unary => &[Node::Int, Node::Ident],
        Node::Str | Node::Int | Node::Bool | Node::Float => &[Node::Ident, Node::Binary, Node::Interp, Node::Unary],
        Node::ExprStmt => &[Node::VarDef, Node::Return, Node::FuncDef],
        Node::Typed | Node::Metavar | Node::MetavarEllipsis | Node::Deep | Node::Chain | Node::Ellipsis => {
            return Kinds { bits: u128::MAX, exact: false };
        }
        _ => &[],
    };
    // A statement that is only a metavariable or `...` is any statement.
    if kind == Node::ExprStmt {
        let inner = pattern.child(root, 0);
        if matches!(pattern.kind(inner), Node::Metavar | Node::Ellipsis | Node::Deep) {
            return Kinds { bits: u128::MAX, exact: true };
        }
    }
    let mut kinds = Kinds::of(also);
    kinds.bits |= 1 << kind as u32;
    kinds
}
