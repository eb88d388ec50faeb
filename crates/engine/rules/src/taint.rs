//! Taint rules: what their formulas match becomes facts about a file's value-flow graph; when all files are read, the search over the
//! linked graphs makes matches of them.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

use rampart_flow::{
    Built, Facts, Graph, Key, NOWHERE, Project, Propagator, Reach, Sanitizer, Sink, Source, Unit, Value,
};
use rampart_syntax::{Kind, Span};
use rustc_hash::{FxHashMap, FxHashSet};
use serde::{Deserialize, Serialize};

use crate::compile::{CompiledSpec, CompiledTaint};
use crate::evaluate::{FileCode, Range, Scope};
use crate::matcher::Val;
use crate::model::{Options, SideEffect};
use crate::pattern::Mv;

pub use rampart_flow::Role;

/// What is kept of a file until all files are read.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct FileFlow {
    pub graph: Graph,
    /// By rule, for those of which something matches here.
    pub rules: Vec<RuleFacts>,
}

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct RuleFacts {
    /// Index of the compiled rule.
    pub rule: u32,
    pub facts: Facts,
    /// Of the same lengths as those of `facts`.
    pub sources: Vec<Bound>,
    pub sinks: Vec<Bound>,
}

/// A match of a source or sink, without the tree it was found in.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Bound {
    pub span: Span,
    pub bindings: BTreeMap<String, Binding>,
    /// Of sinks: enclosing definitions, and the text that gives the finding its identity.
    pub scope: Vec<String>,
    pub tokens: String,
    /// Of sinks: what stands there, for `fix-regex` and fixes.
    pub text: String,
    pub indent: String,
}

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Binding {
    pub span: Span,
    pub text: String,
    /// What it evaluates to, when that is known.
    pub constant: Option<String>,
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
    /// What has happened before a value is made and after.
    passings: FxHashMap<Value, (Value, Value)>,
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

    /// The variables that values name are changed from there on.
    fn later(&self, values: &[Value]) -> Vec<(Value, Vec<Key>)> {
        values.iter().filter_map(|v| self.after.get(v)).cloned().collect()
    }
}

/// Longest text of a binding that is kept, in bytes.
const MAX_BOUND: usize = 400;
const MAX_TEXT: usize = 4_096;

/// Ranges of formulas that several rules share, by where the formula lies in memory.
#[derive(Default)]
pub struct Known(RefCell<FxHashMap<usize, Rc<[Range]>>>);

/// Evaluates a taint rule on one file.
pub struct Marker<'m, 'f> {
    pub scope: &'m Scope<'f>,
    pub known: &'m Known,
    pub code: &'m FileCode<'f>,
    pub places: &'m Places,
    pub text: &'f str,
    pub names: &'m dyn Fn(Mv) -> String,
    pub around: &'m dyn Fn(Span) -> Vec<String>,
    pub tokens: &'m dyn Fn(&str) -> String,
}

impl Marker<'_, '_> {
    pub fn facts(&self, rule: u32, taint: &CompiledTaint) -> Option<RuleFacts> {
        let mut out = RuleFacts { rule, ..RuleFacts::default() };
        let mut controlling = Vec::new();
        for spec in &taint.sources {
            let from = out.facts.sources.len();
            for range in self.ranges(spec).iter() {
                self.source(spec, range, &mut out);
            }
            controlling.extend((from..out.facts.sources.len()).filter(|_| spec.control));
        }
        for spec in &taint.sinks {
            for range in self.ranges(spec).iter() {
                self.sink(spec, range, &mut out);
            }
        }
        for spec in &taint.sanitizers {
            for range in self.ranges(spec).iter() {
                let conflicts = |bound: &Bound| bound.span == range.span;
                if spec.not_conflicting && (out.sources.iter().any(conflicts) || out.sinks.iter().any(conflicts)) {
                    continue;
                }
                let largest = self.places.largest(range.span);
                let later =
                    if spec.by_side_effect == SideEffect::No { Vec::new() } else { self.places.later(&largest) };
                let values =
                    if spec.exact { largest } else { self.places.within(range.span).map(|(_, v)| v).collect() };
                out.facts.sanitizers.push(Sanitizer { values, later });
            }
        }
        for spec in &taint.propagators {
            for range in self.ranges(spec).iter() {
                self.propagator(spec, range, &mut out);
            }
        }
        if taint.sources.iter().any(|spec| spec.control) {
            self.control(&controlling, &mut out.facts);
        }
        let facts = &out.facts;
        let is_empty = facts.is_empty() && facts.sanitizers.is_empty() && facts.propagators.is_empty();
        (!is_empty).then_some(out)
    }

    fn ranges(&self, spec: &CompiledSpec) -> Rc<[Range]> {
        let key = Arc::as_ptr(&spec.formula) as usize;
        if let Some(known) = self.known.0.borrow().get(&key) {
            return known.clone();
        }
        let ranges: Rc<[Range]> = self.scope.evaluate(&spec.formula).into();
        // What was cut short by one rule's budget is looked at again for the next.
        if !self.scope.was_cut() && Arc::strong_count(&spec.formula) > 2 {
            self.known.0.borrow_mut().insert(key, ranges.clone());
        }
        ranges
    }

    fn source(&self, spec: &CompiledSpec, range: &Range, out: &mut RuleFacts) {
        let largest = self.places.largest(range.span);
        let later = if spec.by_side_effect == SideEffect::No { Vec::new() } else { self.places.later(&largest) };
        let values = match (spec.by_side_effect, spec.exact) {
            _ if spec.control => largest,
            (SideEffect::Only, _) => Vec::new(),
            (_, true) => largest,
            (_, false) => {
                let all: Vec<Value> = self.places.within(range.span).map(|(_, v)| v).collect();
                if all.is_empty() { largest } else { all }
            }
        };
        out.facts.sources.push(Source {
            values,
            later,
            label: spec.label.unwrap_or(0),
            requires: spec.requires.clone(),
        });
        out.sources.push(self.bound(range, false));
    }

    fn sink(&self, spec: &CompiledSpec, range: &Range, out: &mut RuleFacts) {
        let values = if spec.exact {
            self.places.largest(range.span)
        } else {
            self.places.within(range.span).map(|(_, v)| v).collect()
        };
        if spec.at_exit && !self.is_at_exit(range.span) {
            return;
        }
        // Of a call that is a sink as a whole, every input counts.
        let calls = if spec.has_focus && spec.exact {
            Vec::new()
        } else {
            values.iter().filter_map(|v| self.places.calls.get(v)).copied().collect()
        };
        // Of an element, the index counts with the container.
        let mut values = values;
        let indexes: Vec<Value> = values.iter().filter_map(|v| self.places.indexes.get(v)).copied().collect();
        values.extend(indexes);
        out.facts.sinks.push(Sink { values, calls, requires: spec.requires.clone() });
        out.sinks.push(self.bound(range, true));
    }

    /// These sources taint what has happened, not a value: what runs after them. Sinks look at what has happened before them. What
    /// stands within a sanitizer neither taints nor sinks.
    fn control(&self, sources: &[usize], facts: &mut Facts) {
        let clean: FxHashSet<Value> = facts.sanitizers.iter().flat_map(|s| s.values.iter().copied()).collect();
        let passings = |values: &[Value]| -> Vec<(Value, Value)> {
            let open = values.iter().filter(|value| !clean.contains(value));
            open.filter_map(|value| self.places.passings.get(value)).copied().collect()
        };
        for &index in sources {
            let source = &mut facts.sources[index];
            let passings = passings(&source.values);
            source.later = passings.iter().map(|&(_, after)| (after, Vec::new())).collect();
            // What meets its condition is what has happened, too.
            let asked = source.requires.is_some();
            source.values = passings.iter().filter(|_| asked).map(|&(before, _)| before).collect();
        }
        for sink in &mut facts.sinks {
            sink.values.extend(passings(&sink.values).iter().map(|&(before, _)| before));
        }
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

    fn propagator(&self, spec: &CompiledSpec, range: &Range, out: &mut RuleFacts) {
        let part = |mv: Mv| {
            let (_, val) = range.env.iter().find(|(m, _)| *m == mv)?;
            let span = self.scope.span_of(val);
            let largest = self.places.largest(span);
            (!largest.is_empty()).then_some(largest)
        };
        let (Some(from), Some(to)) = (part(spec.from), part(spec.to)) else { return };
        let later = if spec.by_side_effect == SideEffect::No { Vec::new() } else { self.places.later(&to) };
        out.facts.propagators.push(Propagator {
            from,
            to,
            later,
            requires: spec.requires.clone(),
            label: spec.label,
            replaces: spec.replaces.clone(),
        });
    }

    fn bound(&self, range: &Range, is_sink: bool) -> Bound {
        let mut bindings = BTreeMap::new();
        for (mv, val) in &range.env {
            bindings.entry((self.names)(*mv)).or_insert_with(|| Binding {
                span: self.scope.span_of(val),
                text: shortened(self.scope.source(val), MAX_BOUND),
                constant: self.constant(val),
            });
        }
        let mut bound = Bound { span: range.span, bindings, ..Bound::default() };
        if is_sink {
            let text = self.text.get(range.span.range()).unwrap_or("");
            let text = &text[..text.floor_char_boundary(MAX_TEXT)];
            bound.scope = (self.around)(range.span);
            bound.tokens = (self.tokens)(text);
            bound.text = text.to_string();
            let start = range.span.start as usize;
            let line = self.text[..start].rfind('\n').map_or(0, |p| p + 1);
            bound.indent = self.text[line..start].chars().take_while(|c| c.is_whitespace()).collect();
        }
        bound
    }

    fn constant(&self, val: &Val) -> Option<String> {
        let &Val::Node(id) = val else { return None };
        match self.code.target.names.constant(self.code.target.tree, id)? {
            rampart_syntax::Value::Str(text, _) => Some(shortened(text.to_string(), MAX_BOUND)),
            rampart_syntax::Value::Int(n) => Some(n.to_string()),
            _ => None,
        }
    }
}

fn shortened(mut text: String, limit: usize) -> String {
    if text.len() > limit {
        text.truncate(text.floor_char_boundary(limit));
        text.push('…');
    }
    text
}

/// A way that was found, before it is told.
pub struct Found<'f> {
    pub sink: &'f Bound,
    pub source: &'f Bound,
    pub file: usize,
    pub steps: Vec<TraceStep>,
}

/// Searches for the ways of one rule. The second value says that a limit cut the search.
pub fn follow<'f>(project: &Project, files: &'f [(u32, &'f RuleFacts)], options: &Options) -> (Vec<Found<'f>>, bool) {
    let flag = |name: &str| options.taint.get(name).and_then(serde_json::Value::as_bool).unwrap_or(false);
    let limits = rampart_flow::Limits {
        through_calls: !flag("taint_assume_safe_functions") && !flag("taint_only_propagate_through_assignments"),
        ..rampart_flow::Limits::default()
    };
    let facts: Vec<(u32, &Facts)> = files.iter().map(|(u, f)| (*u, &f.facts)).collect();
    let outcome = rampart_flow::search(project, &facts, &limits);
    let by_unit: FxHashMap<u32, &RuleFacts> = files.iter().copied().collect();
    let unify = flag("taint_unify_mvars");
    let mut out: Vec<Found> = Vec::new();
    for flow in outcome.flows {
        let sink = &by_unit[&flow.sink.0].sinks[flow.sink.1 as usize];
        let source = &by_unit[&flow.source.0].sources[flow.source.1 as usize];
        let agree = || {
            sink.bindings
                .iter()
                .all(|(name, binding)| source.bindings.get(name).is_none_or(|other| other.text == binding.text))
        };
        if unify && !agree() {
            continue;
        }
        let steps = flow.steps.iter().map(|p| TraceStep { file: p.unit as usize, span: p.span, role: p.role });
        out.push(Found { sink, source, file: flow.sink.0 as usize, steps: steps.collect() });
    }
    (out, outcome.cut)
}

/// Links files for [`follow`].
pub fn link<'u>(units: &'u [Unit], configs: &[(String, String)], reach: Reach) -> Project<'u> {
    Project::link(units.iter().collect(), configs, reach)
}
