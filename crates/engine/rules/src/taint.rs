//! Taint rules: what their formulas match becomes facts about a file's value-flow graph; when all files are read, the search over the
//! linked graphs makes matches of them.

use rampart_flow::{
    Built, Digest, EntryId, Facts, Graph, Group, Key, NOWHERE, Parts, Passing, Project, Propagator, Reach, Rules,
    Sanitizer, Sink, Source, Unit, Value,
};
use rampart_syntax::{Kind, Span};
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use crate::compile::{CompiledEntry, Control};
use crate::evaluate::{FileCode, Range, Scope};
use crate::join::Row;
use crate::matcher::Val;
use crate::model::{Options, SideEffect, TaintKind};
use crate::pattern::Mv;

pub use rampart_flow::Role;

/// What is kept of a file until all files are read: its graph, and what the entries of taint rules match in it.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct FileFlow {
    pub graph: Graph,
    pub facts: Facts,
    /// Of the same lengths as those of `facts`.
    pub sources: Vec<Bound>,
    pub sinks: Vec<Bound>,
    /// Rules that do not look at this file, though rules that they share entries with do: indexes of compiled rules.
    pub barred: Vec<u32>,
    /// Findings that join rules ask for.
    pub rows: Vec<Row>,
    /// What stands for each part of the graph, where searches are kept.
    pub digests: Vec<Digest>,
}

impl FileFlow {
    /// Makes ready what searches that are kept go by.
    pub fn digest(&mut self) {
        self.digests = rampart_flow::digests(&self.graph, &self.facts);
    }
}

/// A match of a source or sink, without the tree it was found in. There are many of them, and few become findings.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Bound {
    pub span: Span,
    /// In the order in which they were bound, each metavariable once.
    pub bindings: Box<[Binding]>,
    /// Of sinks: what a finding there is told by.
    pub place: Option<Box<SinkPlace>>,
}

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct SinkPlace {
    /// Enclosing definitions, and the text that gives the finding its identity.
    pub scope: Box<[Box<str>]>,
    pub body: Box<str>,
    pub tokens: Box<str>,
    /// What stands there, for `fix-regex` and fixes.
    pub text: Box<str>,
    pub indent: Box<str>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Binding {
    pub mv: Mv,
    pub span: Span,
    pub text: Box<str>,
    /// What it evaluates to, when that is known.
    pub constant: Option<Box<str>>,
}

/// A way from a source to a sink as a match of a rule.
#[derive(Clone, Debug)]
pub struct FlowMatch {
    /// Index of the file of the sink.
    pub file: usize,
    pub found: crate::engine::RuleMatch,
}

#[derive(Clone, Copy, Debug)]
pub struct TraceStep {
    pub file: usize,
    pub span: Span,
    pub role: Role,
}

/// Nodes of a graph by place.
pub struct Places {
    /// By start, those that reach further first.
    sorted: Vec<(Span, Value)>,
    /// The call that a node is the result of.
    calls: FxHashMap<Value, u32>,
    after: FxHashMap<Value, (Value, Vec<Key>)>,
    indexes: FxHashMap<Value, Value>,
    passings: FxHashMap<Value, Passing>,
}

impl Places {
    pub fn new(built: &Built) -> Self {
        let nodes = built.graph.nodes.iter().enumerate().filter(|(_, n)| n.shown);
        let mut sorted: Vec<(Span, Value)> = nodes.map(|(i, n)| (n.span, i as Value)).collect();
        sorted.sort_by_key(|(span, value)| (span.start, std::cmp::Reverse(span.end), *value));
        let calls = built.graph.calls.iter().enumerate().map(|(i, call)| (call.result, i as u32)).collect();
        let after = built.after.iter().filter(|(id, _)| built.of[id.index()] != NOWHERE);
        let after = after.map(|(id, part)| (built.of[id.index()], part.clone())).collect();
        let indexes = built.indexes.iter().copied().collect();
        Places { sorted, calls, after, indexes, passings: built.passings.clone() }
    }

    /// All values in a range.
    fn within(&self, span: Span) -> impl Iterator<Item = (Span, Value)> + '_ {
        let from = self.sorted.partition_point(|(s, _)| s.start < span.start);
        self.sorted[from..]
            .iter()
            .copied()
            .take_while(move |(s, _)| s.start <= span.end)
            .filter(move |(s, _)| span.contains(*s))
    }

    /// The largest values in a range, none of which lies in another.
    fn largest(&self, span: Span) -> Vec<Value> {
        let mut out: Vec<(Span, Value)> = Vec::new();
        for (at, value) in self.within(span) {
            match out.last() {
                Some((last, _)) if last.contains(at) && *last != at => {}
                _ => out.push((at, value)),
            }
        }
        if out.is_empty() {
            return self.around(span).into_iter().collect();
        }
        out.into_iter().map(|(_, value)| value).collect()
    }

    /// The smallest value around a range, where the range itself is none: text within a literal. What has other parts is no
    /// literal: there the range is code that is never reached.
    fn around(&self, span: Span) -> Option<Value> {
        let upto = self.sorted.partition_point(|(s, _)| s.start <= span.start);
        let near = self.sorted[..upto].iter().rev().take(64);
        let (around, value) = *near.filter(|(s, _)| s.contains(span)).min_by_key(|(s, _)| s.len())?;
        self.within(around).all(|(s, _)| s == around).then_some(value)
    }

    /// Where values stand in the course of things, as far as rules ask for it.
    fn passings(&self, values: &[Value]) -> impl Iterator<Item = Passing> {
        values.iter().filter_map(|value| self.passings.get(value)).copied()
    }

    /// The variables that values name are changed from there on.
    fn later(&self, values: &[Value]) -> Vec<(Value, Vec<Key>)> {
        values.iter().filter_map(|v| self.after.get(v)).cloned().collect()
    }
}

/// Longest text of a binding that is kept, in bytes.
const MAX_BOUND: usize = 400;
const MAX_TEXT: usize = 4_096;

/// Evaluates entries of taint rules on one file.
pub struct Marker<'m, 'f> {
    pub code: &'m FileCode<'f>,
    pub places: &'m Places,
    pub text: &'f str,
    /// Names of the definitions around a place, and what tells the function around it from others.
    pub around: &'m dyn Fn(Span) -> (Vec<String>, String),
    pub tokens: &'m dyn Fn(&str) -> String,
    pub flow: FileFlow,
}

impl Marker<'_, '_> {
    /// Adds what an entry matches.
    pub fn mark(&mut self, id: EntryId, entry: &CompiledEntry, scope: &Scope) {
        for range in scope.evaluate(&entry.formula) {
            match entry.kind {
                TaintKind::Sources => self.source(id, entry, scope, &range),
                TaintKind::Sinks => self.sink(id, entry, scope, &range),
                TaintKind::Sanitizers => self.sanitizer(id, entry, &range),
                TaintKind::Propagators => self.propagator(id, entry, scope, &range),
            }
        }
    }

    fn later(&self, entry: &CompiledEntry, values: &[Value]) -> Vec<(Value, Vec<Key>)> {
        if entry.by_side_effect == SideEffect::No { Vec::new() } else { self.places.later(values) }
    }

    fn source(&mut self, id: EntryId, entry: &CompiledEntry, scope: &Scope, range: &Range) {
        let largest = self.places.largest(range.span);
        let later = self.later(entry, &largest);
        let values = match (entry.by_side_effect, entry.exact) {
            _ if entry.control.is_some() => largest,
            (SideEffect::Only, _) => Vec::new(),
            (_, true) => largest,
            (_, false) => {
                let all: Vec<Value> = self.places.within(range.span).map(|(_, v)| v).collect();
                if all.is_empty() { largest } else { all }
            }
        };
        let (values, later) = match entry.control {
            None => (values, later),
            // It is no value that is tainted, but what has happened; and that is what a condition is asked of.
            Some(control) => {
                let asks = self.places.passings(&values).filter(|_| control == Control::Conditional).map(|p| p.asks);
                (asks.collect(), self.places.passings(&values).map(|p| (p.begins, Vec::new())).collect())
            }
        };
        self.flow.facts.sources.push(Source { entry: id, values, later });
        self.flow.sources.push(self.bound(scope, range, false));
    }

    fn sanitizer(&mut self, id: EntryId, entry: &CompiledEntry, range: &Range) {
        let largest = self.places.largest(range.span);
        let later = self.later(entry, &largest);
        let mut values: Vec<Value> =
            if entry.exact { largest } else { self.places.within(range.span).map(|(_, v)| v).collect() };
        // What has happened is not undone; but what stands here neither asks for it nor adds to it.
        let own: Vec<Value> = self.places.passings(&values).flat_map(|p| [p.asks, p.begins]).collect();
        values.extend(own);
        let mut unless = Vec::new();
        if entry.not_conflicting {
            let FileFlow { facts, sources, sinks, .. } = &self.flow;
            let sources = facts.sources.iter().map(|s| s.entry).zip(sources);
            let conflicts = sources.chain(facts.sinks.iter().map(|s| s.entry).zip(sinks));
            unless.extend(conflicts.filter(|(_, bound)| bound.span == range.span).map(|(entry, _)| entry));
        }
        self.flow.facts.sanitizers.push(Sanitizer { entry: id, values, later, unless });
    }

    fn sink(&mut self, id: EntryId, entry: &CompiledEntry, scope: &Scope, range: &Range) {
        let values = if entry.exact {
            self.places.largest(range.span)
        } else {
            self.places.within(range.span).map(|(_, v)| v).collect()
        };
        if entry.at_exit && !self.is_at_exit(range.span) {
            return;
        }
        // Of a call that is a sink as a whole, every input counts.
        let calls = if entry.has_focus && entry.exact {
            Vec::new()
        } else {
            values.iter().filter_map(|v| self.places.calls.get(v)).copied().collect()
        };
        // Of an element, the index counts with the container.
        let mut values = values;
        let indexes: Vec<Value> = values.iter().filter_map(|v| self.places.indexes.get(v)).copied().collect();
        values.extend(indexes);
        let asks: Vec<Value> = self.places.passings(&values).map(|p| p.asks).collect();
        values.extend(asks);
        self.flow.facts.sinks.push(Sink { entry: id, values, calls });
        self.flow.sinks.push(self.bound(scope, range, true));
    }

    /// Does nothing run after this in its function?
    fn is_at_exit(&self, span: Span) -> bool {
        let tree = self.code.target.tree;
        let mut path = vec![tree.root()];
        while let Some(child) = tree.covering(path[path.len() - 1], span) {
            path.push(child);
        }
        let from =
            path.iter().rposition(|&id| matches!(tree.kind(id), Kind::FuncDef | Kind::Lambda)).map_or(0, |at| at + 1);
        let inside = &path[from..];
        inside.iter().any(|&id| tree.kind(id) == Kind::Return)
            || inside
                .windows(2)
                .all(|pair| tree.kind(pair[0]) != Kind::Block || tree.children(pair[0]).last() == Some(&pair[1]))
    }

    fn propagator(&mut self, id: EntryId, entry: &CompiledEntry, scope: &Scope, range: &Range) {
        let part = |mv: Mv| {
            let (_, val) = range.env.iter().find(|(m, _)| *m == mv)?;
            let span = scope.span_of(val);
            let largest = self.places.largest(span);
            (!largest.is_empty()).then_some(largest)
        };
        let (Some(from), Some(to)) = (part(entry.from), part(entry.to)) else { return };
        let later = self.later(entry, &to);
        self.flow.facts.propagators.push(Propagator { entry: id, from, to, later });
    }

    fn bound(&self, scope: &Scope, range: &Range, is_sink: bool) -> Bound {
        let is_first = |i: usize| range.env[..i].iter().all(|(mv, _)| *mv != range.env[i].0);
        let bindings = range.env.iter().enumerate().filter(|(i, _)| is_first(*i)).map(|(_, (mv, val))| Binding {
            mv: *mv,
            span: scope.span_of(val),
            text: shortened(scope.source(val), MAX_BOUND).into(),
            constant: self.constant(val).map(Into::into),
        });
        Bound { span: range.span, bindings: bindings.collect(), place: is_sink.then(|| self.place(range.span).into()) }
    }

    fn place(&self, span: Span) -> SinkPlace {
        let text = self.text.get(span.range()).unwrap_or("");
        let text = &text[..text.floor_char_boundary(MAX_TEXT)];
        let (scope, body) = (self.around)(span);
        let start = span.start as usize;
        let line = self.text[..start].rfind('\n').map_or(0, |p| p + 1);
        let indent: String = self.text[line..start].chars().take_while(|c| c.is_whitespace()).collect();
        SinkPlace {
            scope: scope.into_iter().map(Into::into).collect(),
            body: body.into(),
            tokens: (self.tokens)(text).into(),
            text: text.into(),
            indent: indent.into(),
        }
    }

    fn constant(&self, val: &Val) -> Option<String> {
        let &Val::Node(id) = val else { return None };
        match self.code.target.names.constant(self.code.target.tree, id)? {
            rampart_syntax::Value::Str(text, _) => Some(shortened(&text, MAX_BOUND)),
            rampart_syntax::Value::Int(n) => Some(n.to_string()),
            _ => None,
        }
    }
}

fn shortened(text: &str, limit: usize) -> String {
    match text.floor_char_boundary(limit) {
        end if end < text.len() => format!("{}…", &text[..end]),
        _ => text.to_string(),
    }
}

/// A way that was found, before it is told.
pub struct Found<'f> {
    /// Number of the rule in its group.
    pub rule: u32,
    pub sink: &'f Bound,
    pub source: &'f Bound,
    pub file: usize,
    pub steps: Vec<TraceStep>,
}

/// What a search found, by rule, and what cut it short.
pub struct Followed<'f> {
    pub found: Vec<Found<'f>>,
    /// Files in which a limit was met.
    pub cut: Vec<u32>,
    /// Rules that led to too many places.
    pub cut_rules: Rules,
}

/// Where searches are kept from scan to scan.
pub trait Shelf: Sync {
    /// What was kept under a name; any that fits no more is no harm.
    fn known(&self, name: &[u8]) -> Option<Vec<u8>>;
    fn keep(&self, name: &[u8], what: Vec<u8>);
}

/// Searches for the ways of a group of rules, which has a name on the shelf.
pub fn follow<'f>(
    project: &Project,
    files: &'f [(String, FileFlow)],
    group: &Group,
    through_calls: bool,
    shelf: Option<(&dyn Shelf, &Parts, &[u8])>,
) -> Followed<'f> {
    let limits = rampart_flow::Limits { through_calls, ..rampart_flow::Limits::default() };
    let facts: Vec<(u32, &Facts)> = files.iter().enumerate().map(|(u, (_, flow))| (u as u32, &flow.facts)).collect();
    let outcome = match shelf {
        None => rampart_flow::search(project, &facts, group, &limits),
        Some((shelf, parts, name)) => {
            let known = shelf.known(name).and_then(|bytes| postcard::from_bytes(&bytes).ok());
            let (outcome, known) = rampart_flow::search_again(project, &facts, group, &limits, parts, known.as_ref());
            if let Some(bytes) = known.and_then(|known| postcard::to_stdvec(&known).ok()) {
                shelf.keep(name, bytes);
            }
            outcome
        }
    };
    let found = outcome.flows.into_iter().map(|flow| Found {
        rule: flow.rule,
        sink: &files[flow.sink.0 as usize].1.sinks[flow.sink.1 as usize],
        source: &files[flow.source.0 as usize].1.sources[flow.source.1 as usize],
        file: flow.sink.0 as usize,
        steps: flow.steps.iter().map(|p| TraceStep { file: p.unit as usize, span: p.span, role: p.role }).collect(),
    });
    Followed { found: found.collect(), cut: outcome.cut, cut_rules: outcome.cut_rules }
}

/// Do source and sink bind the same to the metavariables that they share?
pub fn agree(found: &Found) -> bool {
    let of_source = |mv: Mv| found.source.bindings.iter().find(|binding| binding.mv == mv);
    found.sink.bindings.iter().all(|binding| of_source(binding.mv).is_none_or(|other| other.text == binding.text))
}

/// Is one of the options of taint mode set?
pub fn flag(options: &Options, name: &str) -> bool {
    options.taint.get(name).and_then(serde_json::Value::as_bool).unwrap_or(false)
}

/// Links files for [`follow`].
pub fn link<'u>(units: &'u [Unit], configs: &[(String, String)], reach: Reach) -> Project<'u> {
    Project::link(units.iter().collect(), configs, reach)
}
