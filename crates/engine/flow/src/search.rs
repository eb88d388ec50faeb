//! The search: from what sources produce, along edges, into calls and back, to sinks.
//!
//! A state is a place (node and access path), a label, and a *context*: the function entry it came in by. What a function does with
//! an entry is worked out once per rule; each call that enters it so takes the results over (a summary), which keeps calls and returns
//! matched. The search is breadth first, so that the first way found to a sink is a shortest one.
//!
//! Cost: states times edges; states are bounded by [`Limits::states`], paths by [`MAX_PATH`].

use std::collections::VecDeque;

use rampart_syntax::Span;
use rustc_hash::{FxHashMap, FxHashSet};
use smallvec::SmallVec;

use crate::facts::{Facts, Requirement};
use crate::graph::*;
use crate::link::{ExitSlot, FunctionRef, Prefix, Project, ValueRef, arrives, binds};

/// Longest access path; what lies deeper counts as the whole of what is there.
const MAX_PATH: usize = 4;

#[derive(Clone, Debug)]
pub struct Limits {
    /// States of one rule.
    pub states: usize,
    /// Ways that are reported for one rule.
    pub flows: usize,
    /// A call of something unknown passes on what it gets.
    pub through_calls: bool,
}

impl Default for Limits {
    fn default() -> Self {
        Limits { states: 200_000, flows: 10_000, through_calls: true }
    }
}

/// A place on the way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    pub unit: u32,
    pub span: Span,
    pub role: Role,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    Source,
    Step,
    /// Given to a function as this parameter.
    Enters,
    /// Given back by a function.
    Returns,
    Sink,
}

/// One way from a source to a sink.
#[derive(Clone, Debug)]
pub struct Flow {
    /// File and index into its [`Facts::sinks`].
    pub sink: (u32, u32),
    /// File and index into its [`Facts::sources`].
    pub source: (u32, u32),
    pub steps: Vec<Place>,
}

#[derive(Clone, Debug, Default)]
pub struct Outcome {
    /// By file and place of the sink; per sink at most one way from each source.
    pub flows: Vec<Flow>,
    /// The limit that cut the search short.
    pub cut: bool,
    pub states: usize,
}

type PathId = u32;
type StateId = u32;
type ContextId = u32;

#[derive(Clone, Copy)]
struct State {
    at: ValueRef,
    path: PathId,
    label: u16,
    context: ContextId,
    /// What it came from; itself for a source.
    from: StateId,
    /// For what came back from a function: the state that was given to the call.
    caller: StateId,
    source: (u32, u32),
    kind: StateKind,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum StateKind {
    Source,
    Step,
    Entry,
    Return,
}

const NO_STATE: StateId = u32::MAX;

struct Context {
    function: FunctionRef,
    /// Calls that entered so: (file, call, the state that was given).
    incoming: Vec<(u32, u32, StateId)>,
    exits: Vec<(ExitSlot, StateId)>,
}

/// One rule's facts, by node.
struct Marks<'f> {
    clean: FxHashSet<ValueRef>,
    /// (node) → parts that are clean from here on.
    cleaned: FxHashMap<ValueRef, Vec<&'f [Key]>>,
    sinks: FxHashMap<ValueRef, SmallVec<[u32; 1]>>,
    call_sinks: FxHashMap<(u32, u32), SmallVec<[u32; 1]>>,
    /// Propagators and conditional sources by the nodes that feed them.
    feeds: FxHashMap<ValueRef, SmallVec<[(u32, bool); 1]>>,
}

struct Search<'p, 'f> {
    project: &'p Project<'p>,
    facts: &'f [(u32, &'f Facts)],
    of_unit: FxHashMap<u32, &'f Facts>,
    marks: Marks<'f>,
    limits: &'f Limits,
    paths: Vec<SmallVec<[Key; MAX_PATH]>>,
    path_ids: FxHashMap<SmallVec<[Key; MAX_PATH]>, PathId>,
    states: Vec<State>,
    seen: FxHashSet<(ValueRef, PathId, u16, ContextId)>,
    queue: VecDeque<StateId>,
    contexts: Vec<Context>,
    context_ids: FxHashMap<(ValueRef, PathId, u16), ContextId>,
    /// What reached each sink: (file, sink) → states by label.
    reached: FxHashMap<(u32, u32), Vec<StateId>>,
    /// What reached each conditional source and propagator: (file, index, is source) → labels and states.
    fed: FxHashMap<(u32, u32, bool), Vec<(u16, StateId)>>,
    cut: bool,
}

/// Searches for ways from a rule's sources to its sinks. `facts` are those of the files that have any, by index of the file.
pub fn search(project: &Project, facts: &[(u32, &Facts)], limits: &Limits) -> Outcome {
    if facts.iter().all(|(_, f)| f.sources.is_empty()) || facts.iter().all(|(_, f)| f.sinks.is_empty()) {
        return Outcome::default();
    }
    let mut search = Search {
        project,
        facts,
        of_unit: facts.iter().copied().collect(),
        marks: marks(facts),
        limits,
        paths: vec![SmallVec::new()],
        path_ids: [(SmallVec::new(), 0)].into_iter().collect(),
        states: Vec::new(),
        seen: FxHashSet::default(),
        queue: VecDeque::new(),
        contexts: vec![Context { function: (u32::MAX, u32::MAX), incoming: Vec::new(), exits: Vec::new() }],
        context_ids: FxHashMap::default(),
        reached: FxHashMap::default(),
        fed: FxHashMap::default(),
        cut: false,
    };
    search.begin();
    search.run();
    search.outcome()
}

fn marks<'f>(facts: &[(u32, &'f Facts)]) -> Marks<'f> {
    let mut marks = Marks {
        clean: FxHashSet::default(),
        cleaned: FxHashMap::default(),
        sinks: FxHashMap::default(),
        call_sinks: FxHashMap::default(),
        feeds: FxHashMap::default(),
    };
    for &(u, facts) in facts {
        for sanitizer in &facts.sanitizers {
            marks.clean.extend(sanitizer.values.iter().map(|&v| (u, v)));
            for (value, path) in &sanitizer.later {
                marks.cleaned.entry((u, *value)).or_default().push(path);
            }
        }
        for (i, sink) in facts.sinks.iter().enumerate() {
            for &value in &sink.values {
                marks.sinks.entry((u, value)).or_default().push(i as u32);
            }
            for &call in &sink.calls {
                marks.call_sinks.entry((u, call)).or_default().push(i as u32);
            }
        }
        for (i, propagator) in facts.propagators.iter().enumerate() {
            for &value in &propagator.from {
                marks.feeds.entry((u, value)).or_default().push((i as u32, false));
            }
        }
        for (i, source) in facts.sources.iter().enumerate().filter(|(_, s)| s.requires.is_some()) {
            for &value in &source.values {
                marks.feeds.entry((u, value)).or_default().push((i as u32, true));
            }
        }
    }
    marks
}

impl Search<'_, '_> {
    fn begin(&mut self) {
        for &(u, facts) in self.facts {
            for (i, source) in facts.sources.iter().enumerate() {
                if source.requires.as_ref().is_none_or(|r| r.holds(&|_| false)) {
                    self.start(u, i as u32, NO_STATE);
                }
            }
        }
    }

    /// A source produces its label; `from` is what satisfied its condition.
    fn start(&mut self, u: u32, index: u32, from: StateId) {
        let Some(facts) = self.of_unit.get(&u).copied() else { return };
        let source = &facts.sources[index as usize];
        let (context, origin) = match self.states.get(from as usize) {
            Some(state) => (state.context, state.source),
            None => (0, (u, index)),
        };
        for &value in &source.values {
            self.push(State {
                at: (u, value),
                path: 0,
                label: source.label,
                context,
                from,
                caller: NO_STATE,
                source: origin,
                kind: StateKind::Source,
            });
        }
        for (value, path) in &source.later {
            let path = self.path(path);
            self.push(State {
                at: (u, *value),
                path,
                label: source.label,
                context,
                from,
                caller: NO_STATE,
                source: origin,
                kind: StateKind::Source,
            });
        }
    }

    fn path(&mut self, keys: &[Key]) -> PathId {
        let keys: SmallVec<[Key; MAX_PATH]> = keys.iter().take(MAX_PATH).copied().collect();
        let next = self.paths.len() as PathId;
        *self.path_ids.entry(keys).or_insert_with_key(|keys| {
            self.paths.push(keys.clone());
            next
        })
    }

    fn push(&mut self, state: State) {
        if state.at.1 == NOWHERE || self.marks.clean.contains(&state.at) {
            return;
        }
        if let Some(parts) = self.marks.cleaned.get(&state.at) {
            let path = &self.paths[state.path as usize];
            if parts.iter().any(|part| path.starts_with(part)) {
                return;
            }
        }
        if !self.seen.insert((state.at, state.path, state.label, state.context)) {
            return;
        }
        if self.states.len() >= self.limits.states {
            self.cut = true;
            return;
        }
        self.states.push(state);
        self.queue.push_back(self.states.len() as StateId - 1);
    }

    fn run(&mut self) {
        while let Some(id) = self.queue.pop_front() {
            let state = self.states[id as usize];
            if let Some(sinks) = self.marks.sinks.get(&state.at).cloned() {
                for sink in sinks {
                    self.reach(state.at.0, sink, id);
                }
            }
            if let Some(feeds) = self.marks.feeds.get(&state.at).cloned() {
                for (index, is_source) in feeds {
                    self.feed(state.at.0, index, is_source, id);
                }
            }
            let graph = &self.project.units[state.at.0 as usize].graph;
            for &edge in graph.out(state.at.1) {
                match edge.step {
                    Step::Argument(slot) => self.enter(edge.to, slot, id),
                    Step::Decided(condition) if self.marks.clean.contains(&(state.at.0, condition)) => {}
                    Step::Checked(call, position) if self.vouched(state.at.0, call, position) => {}
                    Step::Past(call) if self.is_replaced(state.at.0, call, edge.to) => {}
                    step => self.follow((state.at.0, edge.to), step, id),
                }
            }
            let project = self.project;
            for &(to, step) in project.across(state.at) {
                self.follow(to, step, id);
            }
            for &(function, slot) in project.exits(state.at) {
                self.leave((state.at.0, function), slot, id);
            }
        }
    }

    /// Takes one plain edge.
    fn follow(&mut self, to: ValueRef, step: Step, id: StateId) {
        let state = self.states[id as usize];
        let path = match step {
            Step::Copy | Step::Checked(..) | Step::Decided(_) | Step::Past(_) => Some(state.path),
            Step::Derive => Some(0),
            Step::Store(key) => {
                let keys: SmallVec<[Key; MAX_PATH]> =
                    std::iter::once(key).chain(self.paths[state.path as usize].iter().copied()).collect();
                Some(self.path(&keys))
            }
            Step::Parts => {
                self.paths[state.path as usize].first().is_some_and(|k| !k.is_without()).then_some(state.path)
            }
            Step::Load(key) => self.load(state.path, key),
            Step::Keep(key) => {
                let keys = &self.paths[state.path as usize];
                match keys.first() {
                    Some(first) if *first == key => None,
                    Some(first) if !first.is_without() => Some(state.path),
                    // The whole of it, without the part that was replaced.
                    _ if keys.contains(&key.without()) || keys.len() >= MAX_PATH => Some(state.path),
                    _ => {
                        let mut keys = keys.clone();
                        keys.push(key.without());
                        keys.sort_unstable();
                        Some(self.path(&keys))
                    }
                }
            }
            Step::Insert(at) => self.moved(state.path, |n| Some(if n >= at { n + 1 } else { n })),
            Step::Remove(at) => self.moved(state.path, |n| match n.cmp(&at) {
                std::cmp::Ordering::Less => Some(n),
                std::cmp::Ordering::Equal => None,
                std::cmp::Ordering::Greater => Some(n - 1),
            }),
            Step::Below(end) => self.moved(state.path, |n| (n < end).then_some(n)),
            Step::Shift(by) => self.moved(state.path, |n| u32::try_from(i64::from(n) + i64::from(by)).ok()),
            Step::Argument(_) => None,
        };
        if let Some(path) = path {
            self.push(State { at: to, path, from: id, caller: NO_STATE, kind: StateKind::Step, ..state });
        }
    }

    /// The call, known to have said yes, is a check: a sanitizer of the rule, or a function that says yes to constants only.
    fn vouched(&self, u: u32, call_id: u32, position: u16) -> bool {
        let call = &self.project.units[u as usize].graph.calls[call_id as usize];
        if self.marks.clean.contains(&(u, call.result)) {
            return true;
        }
        let targets = self.project.targets(u, call_id);
        !targets.is_empty()
            && targets
                .iter()
                .all(|&(tu, f)| self.project.units[tu as usize].graph.functions[f as usize].vouches.contains(&position))
    }

    /// What a call leaves of a value is known: the way through the callee says it all.
    fn is_replaced(&self, u: u32, call_id: u32, to: Value) -> bool {
        let call = &self.project.units[u as usize].graph.calls[call_id as usize];
        let targets = self.project.targets(u, call_id);
        let slot = call.after.iter().find(|(_, value)| *value == to).map(|(slot, _)| *slot);
        // Where the rule calls this use of it clean, what stays of the variable does not go through the callee.
        let is_clean = |slot: Slot| {
            let mut inputs = call.args.iter().copied().chain(call.receiver.map(|r| (Slot::Receiver, r)));
            inputs.any(|(s, value)| s == slot && self.marks.clean.contains(&(u, value)))
        };
        !targets.is_empty()
            && slot.is_none_or(|slot| {
                !is_clean(slot)
                    && targets.iter().all(|&(tu, f)| {
                        let function = &self.project.units[tu as usize].graph.functions[f as usize];
                        let params = function
                            .params
                            .iter()
                            .filter(|p| binds(call, slot, p, function).is_some_and(|b| matches!(b, Prefix::None)));
                        params.clone().next().is_some()
                            && params.clone().all(|p| function.left.iter().any(|(s, _)| *s == p.slot))
                    })
            })
    }

    /// The part `key` of what the path says.
    fn load(&mut self, path: PathId, key: Key) -> Option<PathId> {
        let keys = self.paths[path as usize].clone();
        match keys.split_first() {
            None => Some(0),
            Some((first, _)) if first.is_without() => (!keys.contains(&key.without())).then_some(0),
            Some((first, rest)) if first.meets(key) => Some(self.path(rest)),
            Some(_) => None,
        }
    }

    /// Elements of a list move.
    fn moved(&mut self, path: PathId, to: impl Fn(u32) -> Option<u32>) -> Option<PathId> {
        let keys = self.paths[path as usize].clone();
        match keys.first().and_then(|k| k.as_index()) {
            Some(index) => {
                let moved: SmallVec<[Key; MAX_PATH]> =
                    std::iter::once(Key::index(to(index)?)).chain(keys[1..].iter().copied()).collect();
                Some(self.path(&moved))
            }
            None => Some(path),
        }
    }

    // ── calls ────────────────────────────────────────────────────────────────────────────────────

    fn enter(&mut self, call_id: u32, slot: Slot, id: StateId) {
        let state = self.states[id as usize];
        let u = state.at.0;
        let project = self.project;
        let call = &project.units[u as usize].graph.calls[call_id as usize];
        // The object around is not what a call without a receiver is given, and what happened before is no value.
        let is_implied = call.is_implied && slot == Slot::Receiver;
        let counts = !is_implied && slot != Slot::Course;
        if let Some(sinks) = self.marks.call_sinks.get(&(u, call_id)).filter(|_| counts).cloned() {
            for sink in sinks {
                self.reach(u, sink, id);
            }
        }
        let targets = project.targets(u, call_id);
        if targets.is_empty() {
            if call.unknown == Unknown::Passes
                && slot != Slot::Course
                && self.limits.through_calls
                && !(is_implied && state.path != 0)
                && !project.is_silent(u, call_id)
            {
                self.push(State {
                    at: (u, call.result),
                    path: 0,
                    from: id,
                    caller: NO_STATE,
                    kind: StateKind::Step,
                    ..state
                });
            }
            return;
        }
        let mut bound = false;
        for &target in targets {
            let function = &project.units[target.0 as usize].graph.functions[target.1 as usize];
            for param in &function.params {
                let Some(prefix) = binds(call, slot, param, function) else { continue };
                bound = true;
                let path = match prefix {
                    Prefix::None => state.path,
                    Prefix::Key(key) => {
                        let keys: SmallVec<[Key; MAX_PATH]> =
                            std::iter::once(key).chain(self.paths[state.path as usize].iter().copied()).collect();
                        self.path(&keys)
                    }
                    Prefix::Element(key) => match self.load(state.path, key) {
                        Some(path) => path,
                        None => continue,
                    },
                };
                self.enter_param((target.0, param.value), target, path, (u, call_id), id);
            }
        }
        // An object is made, and what makes it takes no such argument: it is kept in the object.
        if !bound && matches!(call.callee, Callee::New(_)) && !matches!(slot, Slot::Receiver | Slot::Course) {
            self.push(State {
                at: (u, call.result),
                path: 0,
                from: id,
                caller: NO_STATE,
                kind: StateKind::Step,
                ..state
            });
        }
    }

    fn enter_param(&mut self, param: ValueRef, function: FunctionRef, path: PathId, call: (u32, u32), id: StateId) {
        let label = self.states[id as usize].label;
        let next = self.contexts.len() as ContextId;
        let context = *self.context_ids.entry((param, path, label)).or_insert(next);
        if context == next {
            self.contexts.push(Context { function, incoming: Vec::new(), exits: Vec::new() });
        }
        self.contexts[context as usize].incoming.push((call.0, call.1, id));
        for (slot, exit) in self.contexts[context as usize].exits.clone() {
            self.come_back(call, function, slot, exit, id);
        }
        let state = self.states[id as usize];
        self.push(State { at: param, path, context, from: id, caller: NO_STATE, kind: StateKind::Entry, ..state });
    }

    /// A state stands where something leaves `function`.
    fn leave(&mut self, function: FunctionRef, slot: ExitSlot, id: StateId) {
        let state = self.states[id as usize];
        if state.context != 0 && self.contexts[state.context as usize].function == function {
            // What a parameter held from the start it still holds: the caller knows.
            self.contexts[state.context as usize].exits.push((slot, id));
            for (u, call, caller) in self.contexts[state.context as usize].incoming.clone() {
                self.come_back((u, call), function, slot, id, caller);
            }
            return;
        }
        let project = self.project;
        for &(u, call) in project.callers(function) {
            self.come_back((u, call), function, slot, id, NO_STATE);
        }
    }

    /// What the state `exit` holds reaches the call's result, or what was given to it.
    fn come_back(
        &mut self,
        (u, call_id): (u32, u32),
        callee: FunctionRef,
        slot: ExitSlot,
        exit: StateId,
        caller: StateId,
    ) {
        let call = &self.project.units[u as usize].graph.calls[call_id as usize];
        let function = &self.project.units[callee.0 as usize].graph.functions[callee.1 as usize];
        let Some(to) = arrives(call, function, slot) else { return };
        let state = self.states[exit as usize];
        let (context, source) = match self.states.get(caller as usize) {
            Some(caller) => (caller.context, caller.source),
            // Back in the function that the context is of, the context holds again.
            None if state.context != 0 && self.contexts[state.context as usize].function == (u, call.function) => {
                (state.context, state.source)
            }
            None => (0, state.source),
        };
        self.push(State {
            at: (u, to),
            path: state.path,
            label: state.label,
            context,
            from: exit,
            caller,
            source,
            kind: StateKind::Return,
        });
    }

    // ── sinks, conditional sources, propagators ──────────────────────────────────────────────────

    fn reach(&mut self, u: u32, sink: u32, id: StateId) {
        let label = self.states[id as usize].label;
        let source = self.states[id as usize].source;
        let list = self.reached.entry((u, sink)).or_default();
        let known =
            list.iter().any(|&s| self.states[s as usize].label == label && self.states[s as usize].source == source);
        if !known && list.len() < 64 {
            list.push(id);
        }
    }

    fn feed(&mut self, u: u32, index: u32, is_source: bool, id: StateId) {
        let Some(facts) = self.of_unit.get(&u).copied() else { return };
        let state = self.states[id as usize];
        let fed = self.fed.entry((u, index, is_source)).or_default();
        if !fed.iter().any(|f| f.0 == state.label) {
            fed.push((state.label, id));
        }
        let labels: Vec<u16> = fed.iter().map(|f| f.0).collect();
        let has = |label: u16| labels.contains(&label);
        if is_source {
            let source = &facts.sources[index as usize];
            if source.label != state.label && source.requires.as_ref().is_none_or(|r| r.holds(&has)) {
                self.start(u, index, id);
            }
            return;
        }
        let propagator = &facts.propagators[index as usize];
        if propagator.requires.as_ref().is_some_and(|r| !r.holds(&has)) {
            return;
        }
        let label = match propagator.label {
            Some(label) if propagator.replaces.is_empty() || propagator.replaces.contains(&state.label) => label,
            _ => state.label,
        };
        for &to in &propagator.to {
            self.push(State {
                at: (u, to),
                path: 0,
                label,
                from: id,
                caller: NO_STATE,
                kind: StateKind::Step,
                ..state
            });
        }
        for (to, path) in &propagator.later {
            let path = self.path(path);
            self.push(State { at: (u, *to), path, label, from: id, caller: NO_STATE, kind: StateKind::Step, ..state });
        }
    }

    // ── results ──────────────────────────────────────────────────────────────────────────────────

    fn outcome(self) -> Outcome {
        let mut flows = Vec::new();
        let mut reached: Vec<((u32, u32), &Vec<StateId>)> = self.reached.iter().map(|(k, v)| (*k, v)).collect();
        reached.sort_unstable_by_key(|(key, _)| *key);
        for ((u, index), states) in reached {
            let sink = &self.of_unit[&u].sinks[index as usize];
            let labels: Vec<u16> = states.iter().map(|&s| self.states[s as usize].label).collect();
            let mut wanted = Vec::new();
            if let Some(requires) = &sink.requires {
                if !requires.holds(&|label| labels.contains(&label)) {
                    continue;
                }
                requires.wants(&mut wanted);
            }
            // With a condition on labels one way is told; without, one from each source.
            for &id in states {
                let state = self.states[id as usize];
                if !wanted.is_empty() && !wanted.contains(&state.label) {
                    continue;
                }
                if flows.len() >= self.limits.flows {
                    break;
                }
                flows.push(Flow { sink: (u, index), source: state.source, steps: self.steps(id) });
                if sink.requires.as_ref().is_some_and(|r| !matches!(r, Requirement::Always(_))) {
                    break;
                }
            }
        }
        Outcome { flows, cut: self.cut, states: self.states.len() }
    }

    /// The way to a state, from its source; what people would not call a step is left out.
    fn steps(&self, id: StateId) -> Vec<Place> {
        let mut back = Vec::new();
        let mut callers: Vec<StateId> = Vec::new();
        let mut at = id;
        let mut role = Role::Sink;
        for _ in 0..10_000 {
            let state = &self.states[at as usize];
            let node = self.project.units[state.at.0 as usize].graph.nodes[state.at.1 as usize];
            let shown = node.shown || state.kind == StateKind::Source;
            if state.kind == StateKind::Source && state.from == NO_STATE {
                role = Role::Source;
            } else if role == Role::Step {
                role = match state.kind {
                    StateKind::Entry => Role::Enters,
                    StateKind::Return => Role::Returns,
                    _ => Role::Step,
                };
            }
            if shown || role != Role::Step {
                back.push(Place { unit: state.at.0, span: node.span, role });
            }
            role = Role::Step;
            match state.kind {
                StateKind::Source if state.from == NO_STATE => break,
                // The way went through the callee: on to where it was entered, and there back to this call.
                StateKind::Return if state.caller != NO_STATE => {
                    callers.push(state.caller);
                    at = state.from;
                }
                StateKind::Entry => at = callers.pop().unwrap_or(state.from),
                _ => at = state.from,
            }
        }
        back.reverse();
        let mut steps: Vec<Place> = Vec::with_capacity(back.len());
        for place in back {
            match steps.last_mut() {
                // The same place twice says no more than once.
                Some(last) if last.unit == place.unit && last.span == place.span => {
                    if last.role == Role::Step || place.role == Role::Sink && last.role != Role::Source {
                        last.role = place.role;
                    }
                }
                _ => steps.push(place),
            }
        }
        steps
    }
}
