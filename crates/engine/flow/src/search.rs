//! The search: from what sources produce, along edges, into calls and back, to sinks.
//!
//! A state is a place (node and access path), a label, and a *context*: the function entry it came in by. What a function does with
//! an entry is worked out once; each call that enters it so takes the results over (a summary), which keeps calls and returns
//! matched. The search is breadth first, so that the first way found to a sink is a shortest one.
//!
//! Rules have most of their sources in common and most of the ways from there, so up to 64 are searched for together: a state carries
//! the set of rules that it stands for, and a place that is reached again is looked at again only for rules that are new to it. For each
//! rule this gives the very states, in the same order, that a search for it alone would.
//!
//! Cost: states times edges; states are bounded by [`Limits::states`], paths by [`MAX_PATH`].

use std::collections::{BTreeSet, VecDeque};

use rampart_syntax::Span;
use rustc_hash::FxHashMap;
use smallvec::SmallVec;

use crate::facts::{Entry, Facts, Group, Requirement, Rules};
use crate::graph::*;
use crate::link::{ExitSlot, FunctionRef, Prefix, Project, ValueRef, arrives, binds};

/// Ways to one sink that are kept: the first from each source, of all rules.
const MAX_WAYS: usize = 256;

/// Longest access path; what lies deeper counts as the whole of what is there.
const MAX_PATH: usize = 4;

/// Parts of one value that are told apart; when there are more, any part counts. Objects into which thousands of fields are written one
/// after the other would cost the square of that.
const MAX_PARTS: u32 = 24;

/// Places of one way that are told, half of them from its beginning and half from its end: ten thousand ways through ten thousand
/// places would be gigabytes.
const MAX_TOLD: usize = 100;

/// Of all states, those that may lie in one file: what one file costs, the others need not pay.
const FILE_SHARE: usize = 4;

/// Steps for each state that there may be: most lead where something was before.
const STEPS_PER_STATE: usize = 8;

#[derive(Clone, Debug)]
pub struct Limits {
    /// States of one search, of some 100 bytes each.
    pub states: usize,
    /// Ways that are reported for one rule.
    pub flows: usize,
    /// A call of something unknown passes on what it gets.
    pub through_calls: bool,
}

impl Default for Limits {
    fn default() -> Self {
        Limits { states: 2_000_000, flows: 10_000, through_calls: true }
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
    /// Number of the rule in its group.
    pub rule: u32,
    /// File and index into its [`Facts::sinks`].
    pub sink: (u32, u32),
    /// File and index into its [`Facts::sources`].
    pub source: (u32, u32),
    pub steps: Vec<Place>,
}

#[derive(Clone, Debug, Default)]
pub struct Outcome {
    /// By rule, file and place of the sink; per sink and rule at most one way from each source.
    pub flows: Vec<Flow>,
    /// Files in which the limit on states cut the search short, in order.
    pub cut: Vec<u32>,
    pub states: usize,
}

type PathId = u32;
type StateId = u32;
type ContextId = u32;

#[derive(Clone, Copy)]
struct State {
    at: ValueRef,
    rules: Rules,
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

/// The facts by node, each with the rules that they are of.
#[derive(Default)]
struct Marks<'f> {
    clean: FxHashMap<ValueRef, Rules>,
    /// (node) → parts that are clean from here on.
    cleaned: FxHashMap<ValueRef, Vec<(&'f [Key], Rules)>>,
    sinks: FxHashMap<ValueRef, SmallVec<[(u32, Rules); 1]>>,
    call_sinks: FxHashMap<(u32, u32), SmallVec<[(u32, Rules); 1]>>,
    /// Propagators and conditional sources by the nodes that feed them.
    feeds: FxHashMap<ValueRef, SmallVec<[(Feed, Rules); 1]>>,
}

/// What there is to look up of a node, a bit each: of most nodes there is nothing.
#[derive(Clone)]
struct Flags {
    /// By file: the number of its first node among all.
    starts: Vec<u32>,
    of: Vec<u8>,
}

const CLEAN: u8 = 1;
const CLEANED: u8 = 2;
const SINK: u8 = 4;
const FEED: u8 = 8;
const ACROSS: u8 = 16;
const EXIT: u8 = 32;

impl Flags {
    fn new(project: &Project, marks: &Marks) -> Flags {
        let mut total = 0;
        let mut starts = Vec::with_capacity(project.units.len());
        for unit in &project.units {
            starts.push(total);
            total += unit.graph.nodes.len() as u32;
        }
        let mut flags = Flags { starts, of: vec![0; total as usize] };
        let mut set = |(u, value): ValueRef, flag: u8| {
            if value != NOWHERE {
                flags.of[(flags.starts[u as usize] + value) as usize] |= flag;
            }
        };
        marks.clean.keys().for_each(|&at| set(at, CLEAN));
        marks.cleaned.keys().for_each(|&at| set(at, CLEANED));
        marks.sinks.keys().for_each(|&at| set(at, SINK));
        marks.feeds.keys().for_each(|&at| set(at, FEED));
        project.values_across().for_each(|at| set(at, ACROSS));
        project.values_of_exits().for_each(|at| set(at, EXIT));
        flags
    }

    fn has(&self, (u, value): ValueRef, flag: u8) -> bool {
        self.of[(self.starts[u as usize] + value) as usize] & flag != 0
    }
}

/// What waits for labels to arrive, by its place in its file's facts.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Feed {
    Source(u32),
    Propagator(u32),
}

struct Search<'p, 'f> {
    project: &'p Project<'p>,
    facts: &'f [(u32, &'f Facts)],
    group: &'f Group<'f>,
    of_unit: FxHashMap<u32, &'f Facts>,
    marks: Marks<'f>,
    flags: Flags,
    limits: &'f Limits,
    paths: Vec<SmallVec<[Key; MAX_PATH]>>,
    path_ids: FxHashMap<SmallVec<[Key; MAX_PATH]>, PathId>,
    states: Vec<State>,
    seen: FxHashMap<(ValueRef, PathId, u16, ContextId), Rules>,
    /// How many parts of a value were seen; only of those with any.
    parts: FxHashMap<(ValueRef, u16, ContextId), u32>,
    /// By file: states, and steps to them.
    by_unit: Vec<(usize, usize)>,
    queue: VecDeque<StateId>,
    contexts: Vec<Context>,
    context_ids: FxHashMap<(ValueRef, PathId, u16), ContextId>,
    /// What reached each sink: (file, sink) → states and the rules of the sink that they stand for.
    reached: FxHashMap<(u32, u32), Vec<(StateId, Rules)>>,
    /// What reached each conditional source and propagator: labels and the rules for which they did.
    fed: FxHashMap<(u32, Feed), Vec<(u16, Rules)>>,
    cut: BTreeSet<u32>,
}

/// Searches for ways from the sources of rules to their sinks. `facts` are those of the files that have any, by index of the file.
pub fn search(project: &Project, facts: &[(u32, &Facts)], group: &Group, limits: &Limits) -> Outcome {
    let marks = marks(facts, group);
    let mut search = Search {
        project,
        facts,
        group,
        of_unit: facts.iter().copied().collect(),
        flags: Flags::new(project, &marks),
        marks,
        limits,
        paths: vec![SmallVec::new()],
        path_ids: [(SmallVec::new(), 0)].into_iter().collect(),
        states: Vec::new(),
        seen: FxHashMap::default(),
        parts: FxHashMap::default(),
        by_unit: vec![(0, 0); project.units.len()],
        queue: VecDeque::new(),
        contexts: vec![Context { function: (u32::MAX, u32::MAX), incoming: Vec::new(), exits: Vec::new() }],
        context_ids: FxHashMap::default(),
        reached: FxHashMap::default(),
        fed: FxHashMap::default(),
        cut: BTreeSet::new(),
    };
    search.begin();
    search.run();
    search.outcome()
}

fn marks<'f>(facts: &[(u32, &'f Facts)], group: &Group) -> Marks<'f> {
    let mut marks = Marks::default();
    for &(u, facts) in facts {
        for sanitizer in &facts.sanitizers {
            let not_for = sanitizer.unless.iter().fold(0, |all, &entry| all | group.of(u, entry));
            let rules = group.of(u, sanitizer.entry) & !not_for;
            if rules == 0 {
                continue;
            }
            for &value in &sanitizer.values {
                *marks.clean.entry((u, value)).or_default() |= rules;
            }
            for (value, path) in &sanitizer.later {
                marks.cleaned.entry((u, *value)).or_default().push((path, rules));
            }
        }
        for (i, sink) in facts.sinks.iter().enumerate() {
            let rules = group.of(u, sink.entry);
            if rules == 0 {
                continue;
            }
            for &value in &sink.values {
                marks.sinks.entry((u, value)).or_default().push((i as u32, rules));
            }
            for &call in &sink.calls {
                marks.call_sinks.entry((u, call)).or_default().push((i as u32, rules));
            }
        }
        let mut feeds = |values: &[Value], feed: Feed, rules: Rules| {
            for &value in values.iter().filter(|_| rules != 0) {
                marks.feeds.entry((u, value)).or_default().push((feed, rules));
            }
        };
        for (i, propagator) in facts.propagators.iter().enumerate() {
            feeds(&propagator.from, Feed::Propagator(i as u32), group.of(u, propagator.entry));
        }
        for (i, source) in facts.sources.iter().enumerate() {
            if group.entries[source.entry as usize].requires.is_some() {
                feeds(&source.values, Feed::Source(i as u32), group.of(u, source.entry));
            }
        }
    }
    marks
}

/// Of some rules, those of which the labels that arrived fulfil a condition.
fn fulfilled(requires: Option<&Requirement>, arrived: &[(u16, Rules)], rules: Rules) -> Rules {
    let Some(requires) = requires else { return rules };
    each(rules)
        .filter(|bit| requires.holds(&|label| arrived.iter().any(|&(l, of)| l == label && of & bit != 0)))
        .fold(0, |all, bit| all | bit)
}

/// The rules of a set, one by one.
fn each(mut rules: Rules) -> impl Iterator<Item = Rules> {
    std::iter::from_fn(move || {
        let lowest = rules & rules.wrapping_neg();
        rules &= !lowest;
        (lowest != 0).then_some(lowest)
    })
}

impl<'f> Search<'_, 'f> {
    fn entry(&self, id: u32) -> &'f Entry {
        &self.group.entries[id as usize]
    }

    fn begin(&mut self) {
        for &(u, facts) in self.facts {
            for (i, source) in facts.sources.iter().enumerate() {
                if self.entry(source.entry).requires.as_ref().is_none_or(|r| r.holds(&|_| false)) {
                    self.start(u, i as u32, self.group.of(u, source.entry), NO_STATE);
                }
            }
        }
    }

    /// A source produces its label; `from` is what satisfied its condition.
    fn start(&mut self, u: u32, index: u32, rules: Rules, from: StateId) {
        let Some(facts) = self.of_unit.get(&u).copied() else { return };
        let source = &facts.sources[index as usize];
        let (context, origin) = match self.states.get(from as usize) {
            Some(state) => (state.context, state.source),
            None => (0, (u, index)),
        };
        let start = State {
            at: (u, NOWHERE),
            rules,
            path: 0,
            label: self.entry(source.entry).label.unwrap_or(0),
            context,
            from,
            caller: NO_STATE,
            source: origin,
            kind: StateKind::Source,
        };
        for &value in &source.values {
            self.push(State { at: (u, value), ..start });
        }
        for (value, path) in &source.later {
            let path = self.path(path);
            self.push(State { at: (u, *value), path, ..start });
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

    fn push(&mut self, mut state: State) {
        if state.at.1 == NOWHERE {
            return;
        }
        state.rules &= !self.clean(state.at);
        if self.flags.has(state.at, CLEANED)
            && let Some(parts) = self.marks.cleaned.get(&state.at)
        {
            let path = &self.paths[state.path as usize];
            for (_, rules) in parts.iter().filter(|(part, _)| path.starts_with(part)) {
                state.rules &= !rules;
            }
        }
        if state.rules == 0 {
            return;
        }
        if self.is_full(state.at.0) {
            self.cut.insert(state.at.0);
            return;
        }
        self.by_unit[state.at.0 as usize].1 += 1;
        if state.path != 0 && self.parts.get(&(state.at, state.label, state.context)).is_some_and(|n| *n >= MAX_PARTS) {
            state.path = match self.paths[state.path as usize][0] {
                Key::KEYS => state.path,
                first if first.is_without() => 0,
                _ => self.path(&[Key::ANY]),
            };
        }
        let seen = self.seen.entry((state.at, state.path, state.label, state.context)).or_default();
        let is_new = *seen == 0;
        state.rules &= !*seen;
        if state.rules == 0 {
            return;
        }
        *seen |= state.rules;
        self.by_unit[state.at.0 as usize].0 += 1;
        if is_new && state.path != 0 {
            *self.parts.entry((state.at, state.label, state.context)).or_default() += 1;
        }
        self.states.push(state);
        self.queue.push_back(self.states.len() as StateId - 1);
    }

    /// The file, or all together, have had what they may have.
    fn is_full(&self, unit: u32) -> bool {
        let share = self.limits.states / FILE_SHARE;
        let (states, steps) = self.by_unit[unit as usize];
        self.states.len() >= self.limits.states || states >= share || steps >= share * STEPS_PER_STATE
    }

    /// The rules that call a place clean.
    fn clean(&self, at: ValueRef) -> Rules {
        if at.1 == NOWHERE || !self.flags.has(at, CLEAN) {
            return 0;
        }
        self.marks.clean.get(&at).copied().unwrap_or(0)
    }

    fn run(&mut self) {
        while let Some(id) = self.queue.pop_front() {
            let state = self.states[id as usize];
            if self.flags.has(state.at, SINK)
                && let Some(sinks) = self.marks.sinks.get(&state.at).cloned()
            {
                for (sink, rules) in sinks {
                    self.reach(state.at.0, sink, rules & state.rules, id);
                }
            }
            if self.flags.has(state.at, FEED)
                && let Some(feeds) = self.marks.feeds.get(&state.at).cloned()
            {
                for (feed, rules) in feeds {
                    self.feed(state.at.0, feed, rules & state.rules, id);
                }
            }
            let graph = &self.project.units[state.at.0 as usize].graph;
            for &edge in graph.out(state.at.1) {
                let rules = match edge.step {
                    Step::Argument(slot) => {
                        self.enter(edge.to, slot, id);
                        continue;
                    }
                    Step::Decided(condition) => state.rules & !self.clean((state.at.0, condition)),
                    Step::Checked(call, position) => state.rules & !self.vouched(state.at.0, call, position),
                    Step::Past(call) => state.rules & !self.replaced(state.at.0, call, edge.to),
                    _ => state.rules,
                };
                if rules != 0 {
                    self.follow((state.at.0, edge.to), edge.step, rules, id);
                }
            }
            let project = self.project;
            if self.flags.has(state.at, ACROSS) {
                for &(to, step) in project.across(state.at) {
                    self.follow(to, step, state.rules, id);
                }
            }
            if self.flags.has(state.at, EXIT) {
                for &(function, slot) in project.exits(state.at) {
                    self.leave((state.at.0, function), slot, id);
                }
            }
        }
    }

    /// Takes one plain edge.
    fn follow(&mut self, to: ValueRef, step: Step, rules: Rules, id: StateId) {
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
            self.push(State { at: to, rules, path, from: id, caller: NO_STATE, kind: StateKind::Step, ..state });
        }
    }

    /// The rules for which the call, known to have said yes, is a check: a sanitizer, or a function that says yes to constants only.
    fn vouched(&self, u: u32, call_id: u32, position: u16) -> Rules {
        let call = &self.project.units[u as usize].graph.calls[call_id as usize];
        let targets = self.project.targets(u, call_id);
        let vouches = |&(tu, f): &FunctionRef| {
            self.project.units[tu as usize].graph.functions[f as usize].vouches.contains(&position)
        };
        if !targets.is_empty() && targets.iter().all(vouches) { Rules::MAX } else { self.clean((u, call.result)) }
    }

    /// The rules for which it is known what a call leaves of a value: the way through the callee says it all.
    fn replaced(&self, u: u32, call_id: u32, to: Value) -> Rules {
        let call = &self.project.units[u as usize].graph.calls[call_id as usize];
        let targets = self.project.targets(u, call_id);
        if targets.is_empty() {
            return 0;
        }
        let Some(&(slot, _)) = call.after.iter().find(|(_, value)| *value == to) else { return Rules::MAX };
        let is_known = |&(tu, f): &FunctionRef| {
            let function = &self.project.units[tu as usize].graph.functions[f as usize];
            let mut params = function
                .params
                .iter()
                .filter(|p| matches!(binds(call, slot, p, function), Some(Prefix::None)))
                .peekable();
            params.peek().is_some() && params.all(|p| function.left.iter().any(|(s, _)| *s == p.slot))
        };
        if !targets.iter().all(is_known) {
            return 0;
        }
        // Where a rule calls this use of it clean, what stays of the variable does not go through the callee.
        let inputs = call.args.iter().copied().chain(call.receiver.map(|r| (Slot::Receiver, r)));
        !inputs.filter(|(s, _)| *s == slot).fold(0, |all, (_, value)| all | self.clean((u, value)))
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
            for (sink, rules) in sinks {
                self.reach(u, sink, rules & state.rules, id);
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
        if self.is_full(param.0) {
            self.cut.insert(param.0);
            return;
        }
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
        if self.is_full(u) {
            self.cut.insert(u);
            return;
        }
        let call = &self.project.units[u as usize].graph.calls[call_id as usize];
        let function = &self.project.units[callee.0 as usize].graph.functions[callee.1 as usize];
        let Some(to) = arrives(call, function, slot) else { return };
        let state = self.states[exit as usize];
        let rules = state.rules & self.states.get(caller as usize).map_or(Rules::MAX, |caller| caller.rules);
        if rules == 0 {
            return;
        }
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
            rules,
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

    fn reach(&mut self, u: u32, sink: u32, mut rules: Rules, id: StateId) {
        let State { label, source, .. } = self.states[id as usize];
        let list = self.reached.entry((u, sink)).or_default();
        for &(s, known) in list.iter() {
            let other = &self.states[s as usize];
            if other.label == label && other.source == source {
                rules &= !known;
            }
        }
        if rules != 0 && list.len() < MAX_WAYS {
            list.push((id, rules));
        }
    }

    fn feed(&mut self, u: u32, feed: Feed, rules: Rules, id: StateId) {
        let Some(facts) = self.of_unit.get(&u).copied().filter(|_| rules != 0) else { return };
        let state = self.states[id as usize];
        let fed = self.fed.entry((u, feed)).or_default();
        match fed.iter_mut().find(|(label, _)| *label == state.label) {
            Some((_, known)) => *known |= rules,
            None => fed.push((state.label, rules)),
        }
        let index = match feed {
            Feed::Source(index) => {
                let entry = self.entry(facts.sources[index as usize].entry);
                let rules = fulfilled(entry.requires.as_ref(), &self.fed[&(u, feed)], rules);
                if entry.label.unwrap_or(0) != state.label && rules != 0 {
                    self.start(u, index, rules, id);
                }
                return;
            }
            Feed::Propagator(index) => index,
        };
        let propagator = &facts.propagators[index as usize];
        let entry = self.entry(propagator.entry);
        let rules = fulfilled(entry.requires.as_ref(), &self.fed[&(u, feed)], rules);
        let label = match entry.label {
            Some(label) if entry.replaces.is_empty() || entry.replaces.contains(&state.label) => label,
            _ => state.label,
        };
        let next = State { rules, label, path: 0, from: id, caller: NO_STATE, kind: StateKind::Step, ..state };
        for &to in &propagator.to {
            self.push(State { at: (u, to), ..next });
        }
        for (to, path) in &propagator.later {
            let path = self.path(path);
            self.push(State { at: (u, *to), path, ..next });
        }
    }

    // ── results ──────────────────────────────────────────────────────────────────────────────────

    fn outcome(self) -> Outcome {
        // (which way to its sink it is, rule, sink, state)
        let mut ways: Vec<(usize, u32, (u32, u32), StateId)> = Vec::new();
        let mut reached: Vec<((u32, u32), &Vec<(StateId, Rules)>)> =
            self.reached.iter().map(|(k, v)| (*k, v)).collect();
        reached.sort_unstable_by_key(|(key, _)| *key);
        for ((u, index), states) in reached {
            let requires = self.entry(self.of_unit[&u].sinks[index as usize].entry).requires.as_ref();
            let mut wanted = Vec::new();
            requires.inspect(|r| r.wants(&mut wanted));
            let arrived: Vec<(u16, Rules)> =
                states.iter().map(|&(s, rules)| (self.states[s as usize].label, rules)).collect();
            let rules = fulfilled(requires, &arrived, arrived.iter().fold(0, |all, (_, rules)| all | rules));
            for bit in each(rules) {
                let rule = bit.trailing_zeros();
                // With a condition on labels one way is told; without, one from each source.
                let is_one = requires.is_some_and(|r| !matches!(r, Requirement::Always(_)));
                let ids = states
                    .iter()
                    .filter(|(_, rules)| rules & bit != 0)
                    .map(|&(id, _)| id)
                    .filter(|&id| wanted.is_empty() || wanted.contains(&self.states[id as usize].label))
                    .take(if is_one { 1 } else { usize::MAX });
                ways.extend(ids.enumerate().map(|(rank, id)| (rank, rule, (u, index), id)));
            }
        }
        // Each sink is told before any is told twice.
        ways.sort_by_key(|way| way.0);
        let mut counts = [0; Rules::BITS as usize];
        let mut cut = self.cut.clone();
        ways.retain(|&(rank, rule, sink, _)| {
            let count = &mut counts[rule as usize];
            *count += 1;
            if rank == 0 && *count > self.limits.flows {
                cut.insert(sink.0);
            }
            *count <= self.limits.flows
        });
        ways.sort_by_key(|&(rank, rule, sink, _)| (rule, sink, rank));
        let flow = |&(_, rule, sink, id): &(usize, u32, (u32, u32), StateId)| Flow {
            rule,
            sink,
            source: self.states[id as usize].source,
            steps: self.steps(id),
        };
        let flows = ways.iter().map(flow).collect();
        Outcome { flows, cut: cut.into_iter().collect(), states: self.states.len() }
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
        if steps.len() > MAX_TOLD {
            steps.drain(MAX_TOLD / 2..steps.len() - MAX_TOLD / 2);
        }
        steps
    }
}
