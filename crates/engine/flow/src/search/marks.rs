//! What rules say of nodes, laid out for the search.

use rustc_hash::FxHashMap;
use smallvec::SmallVec;

use crate::facts::{Facts, Group, Rules};
use crate::graph::{Key, NOWHERE, Value};
use crate::link::{ACROSS, EXIT, Numbers, Project, ValueRef};

/// The facts by node, each with the rules that they are of.
pub(super) struct Marks<'f> {
    maps: Maps<'f>,
    numbers: &'f Numbers,
    /// By node: what there is to look up of it, a bit each. Of most nodes there is nothing.
    flags: Vec<u8>,
}

#[derive(Default)]
struct Maps<'f> {
    /// By number of the node.
    clean: FxHashMap<u32, Rules>,
    /// (node) → parts that are clean from here on.
    cleaned: FxHashMap<ValueRef, Vec<(&'f [Key], Rules)>>,
    sinks: FxHashMap<ValueRef, Found<u32>>,
    call_sinks: FxHashMap<(u32, u32), Found<u32>>,
    /// Propagators and conditional sources by the nodes that feed them.
    feeds: FxHashMap<ValueRef, Found<Feed>>,
}

type Found<T> = SmallVec<[(T, Rules); 1]>;

/// What waits for labels to arrive, by its place in its file's facts.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Feed {
    Source(u32),
    Propagator(u32),
}

/// Besides those of [`Project::leads`].
const CLEAN: u8 = 4;
const CLEANED: u8 = 8;
const SINK: u8 = 16;
const FEED: u8 = 32;

impl<'f> Marks<'f> {
    pub fn new(project: &'f Project, facts: &[(u32, &'f Facts)], group: &Group) -> Self {
        let numbers = &project.numbers;
        let maps = Maps::new(facts, group, numbers);
        let mut flags = project.leads().to_vec();
        let mut set = |at: ValueRef, flag: u8| {
            if at.1 != NOWHERE {
                flags[numbers.of(at)] |= flag;
            }
        };
        maps.cleaned.keys().for_each(|&at| set(at, CLEANED));
        maps.sinks.keys().for_each(|&at| set(at, SINK));
        maps.feeds.keys().for_each(|&at| set(at, FEED));
        maps.clean.keys().for_each(|&node| flags[node as usize] |= CLEAN);
        Marks { maps, numbers, flags }
    }

    fn has(&self, at: ValueRef, flag: u8) -> bool {
        at.1 != NOWHERE && self.flags[self.numbers.of(at)] & flag != 0
    }

    /// The rules that call a place clean.
    pub fn clean(&self, at: ValueRef) -> Rules {
        if at.1 == NOWHERE { 0 } else { self.clean_at(self.numbers.of(at)) }
    }

    /// The same by number of the node.
    pub fn clean_at(&self, node: usize) -> Rules {
        let is_known = self.flags[node] & CLEAN != 0;
        if is_known { self.maps.clean.get(&(node as u32)).copied().unwrap_or(0) } else { 0 }
    }

    /// The rules that call a part of it clean from here on.
    pub fn cleaned(&self, at: ValueRef, path: &[Key]) -> Rules {
        let parts = if self.has(at, CLEANED) { self.maps.cleaned.get(&at) } else { None };
        let parts = parts.into_iter().flatten().filter(|(part, _)| path.starts_with(part));
        parts.fold(0, |all, (_, rules)| all | rules)
    }

    pub fn sinks(&self, at: ValueRef) -> Found<u32> {
        if self.has(at, SINK) { self.maps.sinks.get(&at).cloned().unwrap_or_default() } else { Found::new() }
    }

    pub fn feeds(&self, at: ValueRef) -> Found<Feed> {
        if self.has(at, FEED) { self.maps.feeds.get(&at).cloned().unwrap_or_default() } else { Found::new() }
    }

    /// Sinks of which every input of a call counts.
    pub fn sinks_of_call(&self, call: (u32, u32)) -> Found<u32> {
        self.maps.call_sinks.get(&call).cloned().unwrap_or_default()
    }

    /// May edges lead from here to other files?
    pub fn is_across(&self, at: ValueRef) -> bool {
        self.has(at, ACROSS)
    }

    /// May it leave a function here?
    pub fn is_exit(&self, at: ValueRef) -> bool {
        self.has(at, EXIT)
    }
}

impl<'f> Maps<'f> {
    fn new(facts: &[(u32, &'f Facts)], group: &Group, numbers: &Numbers) -> Self {
        let mut marks = Maps::default();
        for &(u, facts) in facts {
            for sanitizer in &facts.sanitizers {
                let not_for = sanitizer.unless.iter().fold(0, |all, &entry| all | group.of(u, entry));
                let rules = group.of(u, sanitizer.entry) & !not_for;
                if rules == 0 {
                    continue;
                }
                for &value in sanitizer.values.iter().filter(|&&value| value != NOWHERE) {
                    *marks.clean.entry(numbers.of((u, value)) as u32).or_default() |= rules;
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
}
