//! The search: from what sources produce, along edges, into calls and back, to sinks.
//!
//! A state is a place (node and access path), a label, and a *context*: the function entry it came in by. What a function does with
//! an entry is worked out once; each call that enters it so takes the results over (a summary), which keeps calls and returns
//! matched. The search is breadth first, so that the first way found to a sink is a shortest one.
//!
//! Rules have most of their sources in common and most of the ways from there, so several (at most as many as [`Rules`] has bits) are searched for together: a state carries
//! the set of rules that it stands for, and a place that is reached again is looked at again only for rules that are new to it. For each
//! rule this gives the very states, in the same order, that a search for it alone would.
//!
//! A look [`ahead`] leaves out what leads to no sink.
//!
//! Cost: states times edges; states are bounded by [`Limits::states`], paths by [`MAX_PATH`].

mod ahead;
mod calls;
mod marks;
mod told;
mod trail;

use std::collections::{BTreeSet, VecDeque};
use std::hash::BuildHasher;

use hashbrown::HashTable;
use rampart_syntax::Span;
use rustc_hash::{FxHashMap, FxHashSet};
use serde::{Deserialize, Serialize};
use smallvec::SmallVec;

use crate::content::Parts;
use crate::facts::{Entry, Facts, Group, Requirement, Rules, Source};
use crate::graph::*;
use crate::link::{ExitSlot, FunctionRef, Prefix, Project, ValueRef, arrives, binds};
use ahead::Ahead;
use marks::{Feed, Marks};
use told::Told;
pub use trail::Known;

/// Ways to one sink that are kept: the first from each source, of all rules.
const MAX_WAYS: usize = 256;

/// Longest access path; what lies deeper counts as the whole of what is there.
const MAX_PATH: usize = 4;

/// Parts of one value that are told apart; when there are more, any part counts. Objects into which thousands of fields are written one
/// after the other would cost the square of that.
const MAX_PARTS: u32 = 24;

/// Of all states, those that may lie in one file: what one file costs, the others need not pay.
const FILE_SHARE: usize = 12;

/// Steps for each state that there may be: most lead where something was before.
const STEPS_PER_STATE: usize = 8;

#[derive(Clone, Debug)]
pub struct Limits {
    /// States of one search, of some 70 bytes each.
    pub states: usize,
    /// States that one rule may have its part in where there are many: a rule that leads everywhere must not take what is for the others.
    /// Where there are few, each may have its share of `states`.
    pub states_of_rule: usize,
    /// Ways that are reported for one rule.
    pub flows: usize,
    /// A call of something unknown passes on what it gets.
    pub through_calls: bool,
}

impl Default for Limits {
    fn default() -> Self {
        Limits { states: 1_000_000, states_of_rule: 100_000, flows: 10_000, through_calls: true }
    }
}

/// A place on the way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    pub unit: u32,
    pub span: Span,
    pub role: Role,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
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
    /// Rules that led to too many places.
    pub cut_rules: Rules,
    pub states: usize,
}

/// States, and the rules that they arrived for.
type Arrivals = Vec<(StateId, Rules)>;

type PathId = u32;
type StateId = u32;
type ContextId = u32;

#[derive(Clone, Copy)]
struct State {
    at: ValueRef,
    rules: Rules,
    /// Of the first state of a place: all rules that have been there.
    seen: Rules,
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

impl State {
    /// The place alone: node, path, label and context, hashed.
    fn place(&self) -> u32 {
        rustc_hash::FxBuildHasher.hash_one((self.at, self.path, self.label, self.context)) as u32
    }

    fn is_at(&self, other: &State) -> bool {
        (self.at, self.path, self.label, self.context) == (other.at, other.path, other.label, other.context)
    }
}

/// A hash of half the length over the whole length, as tables want it.
fn spread(hash: u32) -> u64 {
    u64::from(hash).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum StateKind {
    Source,
    Step,
    Entry,
    Return,
}

const NO_STATE: StateId = u32::MAX;

/// After so many states they are added up by rule.
const COUNT_EVERY: StateId = 4_096;

struct Context {
    function: FunctionRef,
    /// Calls that entered so: (file, call, the state that was given).
    incoming: Vec<(u32, u32, StateId)>,
    exits: Vec<(ExitSlot, StateId)>,
}

struct Search<'p, 'f> {
    project: &'p Project<'p>,
    facts: &'f [(u32, &'f Facts)],
    group: &'f Group<'f>,
    of_unit: FxHashMap<u32, &'f Facts>,
    marks: Marks<'f>,
    ahead: Ahead,
    limits: &'f Limits,
    paths: Vec<SmallVec<[Key; MAX_PATH]>>,
    path_ids: FxHashMap<SmallVec<[Key; MAX_PATH]>, PathId>,
    states: Vec<State>,
    /// The first state of each place, beside the hash of the place: states lie far apart, and most need not be looked at.
    seen: HashTable<(u32, StateId)>,
    /// How many states there are of each set of rules, since they were last added up.
    counts: FxHashMap<Rules, usize>,
    counted: [usize; Rules::BITS as usize],
    exhausted: Rules,
    /// States that one rule may have its part in.
    of_rule: usize,
    /// How many parts of a value were seen; only of those with any.
    parts: FxHashMap<(ValueRef, u16, ContextId), u32>,
    /// By file: states, and steps to them.
    by_unit: Vec<(usize, usize)>,
    queue: VecDeque<StateId>,
    contexts: Vec<Context>,
    /// Functions that were left without having been entered.
    left: FxHashSet<FunctionRef>,
    context_ids: FxHashMap<(ValueRef, PathId, u16), ContextId>,
    /// What reached each sink: (file, sink) → states and the rules of the sink that they stand for.
    reached: FxHashMap<(u32, u32), Arrivals>,
    /// What reached each conditional source and propagator: labels and the rules for which they did.
    fed: FxHashMap<(u32, Feed), Vec<(u16, Rules)>>,
    cut: BTreeSet<u32>,
}

/// Searches for ways from the sources of rules to their sinks. `facts` are those of the files that have any, by index of the file.
pub fn search<'f>(
    project: &'f Project,
    facts: &'f [(u32, &'f Facts)],
    group: &'f Group,
    limits: &'f Limits,
) -> Outcome {
    let mut search = Search::new(project, facts, group, limits);
    search.run();
    search.outcome().placed(project)
}

/// The same, where the search before this one is known, if there was one, and what stands for each part of the files. What is known after it
/// is given if that is something else.
pub fn search_again<'f>(
    project: &'f Project,
    facts: &'f [(u32, &'f Facts)],
    group: &'f Group,
    limits: &'f Limits,
    parts: &'f Parts<'f>,
    known: Option<&Known>,
) -> (Outcome, Option<Known>) {
    let mut search = Search::new(project, facts, group, limits);
    if let Some(told) = known.and_then(|known| search.recall(parts, known)) {
        return (told.placed(project), None);
    }
    search.run();
    let told = search.outcome();
    let known = search.remember(parts, &told);
    (told.placed(project), known)
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

impl<'p, 'f> Search<'p, 'f> {
    fn new(
        project: &'p Project<'p>,
        facts: &'f [(u32, &'f Facts)],
        group: &'f Group<'f>,
        limits: &'f Limits,
    ) -> Search<'p, 'f>
    where
        'p: 'f,
    {
        let rules = group.rules.iter().fold(0, |all, rules| all | rules).count_ones() as usize;
        let marks = Marks::new(project, facts, group);
        Search {
            project,
            facts,
            group,
            of_unit: facts.iter().copied().collect(),
            ahead: Ahead::new(project, facts, group, &marks),
            marks,
            limits,
            paths: vec![SmallVec::new()],
            path_ids: [(SmallVec::new(), 0)].into_iter().collect(),
            states: Vec::new(),
            seen: HashTable::new(),
            counts: FxHashMap::default(),
            counted: [0; Rules::BITS as usize],
            exhausted: 0,
            of_rule: limits.states_of_rule.max(limits.states / rules.max(1)),
            parts: FxHashMap::default(),
            by_unit: vec![(0, 0); project.units.len()],
            queue: VecDeque::new(),
            contexts: vec![Context { function: (u32::MAX, u32::MAX), incoming: Vec::new(), exits: Vec::new() }],
            left: FxHashSet::default(),
            context_ids: FxHashMap::default(),
            reached: FxHashMap::default(),
            fed: FxHashMap::default(),
            cut: BTreeSet::new(),
        }
    }

    fn entry(&self, id: u32) -> &'f Entry {
        &self.group.entries[id as usize]
    }

    fn begin(&mut self) {
        for &(u, facts) in self.facts {
            for (i, source) in facts.sources.iter().enumerate() {
                if self.is_free(source) {
                    self.start(u, i as u32, self.group.of(u, source.entry), NO_STATE);
                }
            }
        }
    }

    /// A source that waits for no label.
    fn is_free(&self, source: &Source) -> bool {
        self.entry(source.entry).requires.as_ref().is_none_or(|requires| requires.holds(&|_| false))
    }

    /// The rules for which it may be worth while to stand at a place.
    fn open(&self, at: ValueRef) -> Rules {
        if at.1 == NOWHERE {
            return 0;
        }
        let node = self.project.numbers.of(at);
        self.ahead.of(node) & !self.marks.clean_at(node)
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
            seen: 0,
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
        state.rules &= self.open(state.at) & !self.exhausted;
        if state.rules == 0 {
            return;
        }
        state.rules &= !self.marks.cleaned(state.at, &self.paths[state.path as usize]);
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
        let id = self.states.len() as StateId;
        let place = state.place();
        let is_same = |&(of, first): &(u32, StateId)| of == place && self.states[first as usize].is_at(&state);
        let known = self.seen.find(spread(place), is_same).copied();
        if let Some((_, first)) = known {
            let seen = &mut self.states[first as usize].seen;
            state.rules &= !*seen;
            *seen |= state.rules;
            if state.rules == 0 {
                return;
            }
        } else {
            state.seen = state.rules;
            self.seen.insert_unique(spread(place), (place, id), |&(other, _)| spread(other));
            if state.path != 0 {
                *self.parts.entry((state.at, state.label, state.context)).or_default() += 1;
            }
        }
        self.by_unit[state.at.0 as usize].0 += 1;
        *self.counts.entry(state.rules).or_default() += 1;
        self.states.push(state);
        self.queue.push_back(id);
        if id.is_multiple_of(COUNT_EVERY) {
            self.count();
        }
    }

    /// Rules that have had as many states as a rule may have go no further.
    fn count(&mut self) {
        for (rules, count) in self.counts.drain() {
            each(rules).for_each(|rule| self.counted[rule.trailing_zeros() as usize] += count);
        }
        for (rule, &count) in self.counted.iter().enumerate() {
            if count > self.of_rule {
                self.exhausted |= 1 << rule;
            }
        }
    }

    /// The file, or all together, have had what they may have.
    fn is_full(&self, unit: u32) -> bool {
        let share = self.limits.states / FILE_SHARE;
        let (states, steps) = self.by_unit[unit as usize];
        self.states.len() >= self.limits.states || states >= share || steps >= share * STEPS_PER_STATE
    }

    fn run(&mut self) {
        self.begin();
        while let Some(id) = self.queue.pop_front() {
            let state = self.states[id as usize];
            for (sink, rules) in self.marks.sinks(state.at) {
                self.reach(state.at.0, sink, rules & state.rules, id);
            }
            for (feed, rules) in self.marks.feeds(state.at) {
                self.feed(state.at.0, feed, rules & state.rules, id);
            }
            let graph = &self.project.units[state.at.0 as usize].graph;
            for &edge in graph.out(state.at.1) {
                let rules = match edge.step {
                    Step::Argument(slot) => {
                        self.enter(edge.to, slot, id);
                        continue;
                    }
                    Step::Decided(condition) => state.rules & !self.marks.clean((state.at.0, condition)),
                    Step::Checked(call, position) => state.rules & !self.vouched(state.at.0, call, position),
                    Step::Past(call) => state.rules & !self.replaced(state.at.0, call, edge.to),
                    _ => state.rules,
                };
                if rules != 0 {
                    self.follow((state.at.0, edge.to), edge.step, rules, id);
                }
            }
            let project = self.project;
            if self.marks.is_across(state.at) {
                for &(to, step) in project.across(state.at) {
                    self.follow(to, step, state.rules, id);
                }
            }
            if self.marks.is_exit(state.at) {
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
        if !targets.is_empty() && targets.iter().all(vouches) { Rules::MAX } else { self.marks.clean((u, call.result)) }
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
        !inputs.filter(|(s, _)| *s == slot).fold(0, |all, (_, value)| all | self.marks.clean((u, value)))
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
}
