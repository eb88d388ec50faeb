//! A look ahead: the rules of which a sink may be reached from a node, whatever part of a value goes that way and whoever calls.
//!
//! Sources are many and lead nearly everywhere; sinks are few. What leads to none of them is not worth a state.

use rustc_hash::FxHashMap;

use super::marks::Marks;
use crate::facts::{Facts, Group, Rules};
use crate::graph::{NOWHERE, Slot, Step};
use crate::link::{Project, ValueRef};

/// By number of a node: the rules that have a sink ahead.
pub(super) struct Ahead {
    rules: Vec<Rules>,
}

/// Ways that rules make: by the node they lead to, where they come from, and of which rules they are.
type Led = FxHashMap<u32, Vec<(u32, Rules)>>;

struct Look<'a> {
    project: &'a Project<'a>,
    marks: &'a Marks<'a>,
    rules: Vec<Rules>,
    /// Nodes of which more is known than was handed back yet, a bit each.
    waiting: Vec<u64>,
    /// The number of words of `waiting` below which those lie that were written to since the last round began.
    again: usize,
}

impl Ahead {
    /// Cost: each edge on the way to a sink a few times, at most once for each rule; 9 bytes for each node.
    pub fn new(project: &Project, facts: &[(u32, &Facts)], group: &Group, marks: &Marks) -> Ahead {
        let total = project.numbers.total;
        let mut look = Look { project, marks, rules: vec![0; total], waiting: vec![0; total.div_ceil(64)], again: 0 };
        facts.iter().for_each(|&(u, facts)| look.begin(u, facts, group));
        look.run(&led(project, facts, group));
        Ahead { rules: look.rules }
    }

    pub fn of(&self, node: usize) -> Rules {
        self.rules[node]
    }
}

impl Look<'_> {
    /// Stands at the sinks of a file.
    fn begin(&mut self, u: u32, facts: &Facts, group: &Group) {
        let mut calls: FxHashMap<u32, Rules> = FxHashMap::default();
        for sink in &facts.sinks {
            let rules = group.of(u, sink.entry);
            sink.values.iter().for_each(|&value| self.add_at((u, value), rules));
            sink.calls.iter().filter(|_| rules != 0).for_each(|&call| *calls.entry(call).or_default() |= rules);
        }
        if calls.is_empty() {
            return;
        }
        let graph = &self.project.units[u as usize].graph;
        for value in 0..graph.nodes.len() as u32 {
            for out in graph.out(value) {
                if matches!(out.step, Step::Argument(slot) if slot != Slot::Course)
                    && let Some(&rules) = calls.get(&out.to)
                {
                    self.add_at((u, value), rules);
                }
            }
        }
    }

    fn add_at(&mut self, at: ValueRef, rules: Rules) {
        if at.1 != NOWHERE {
            self.add(self.project.numbers.of(at) as u32, rules);
        }
    }

    fn add(&mut self, node: u32, rules: Rules) {
        let known = &mut self.rules[node as usize];
        let new = rules & !*known & !self.marks.clean_at(node as usize);
        if new == 0 {
            return;
        }
        *known |= new;
        let word = node as usize / 64;
        self.waiting[word] |= 1 << (node % 64);
        self.again = self.again.max(word + 1);
    }

    /// Nodes are numbered in the order of the program, mostly, and what is looked for goes against it: they are passed from the last to
    /// the first, again and again, so that what comes to a node comes to it together.
    fn run(&mut self, led: &Led) {
        let project = self.project;
        let backwards = project.backwards();
        let mut next = self.waiting.len();
        while let Some(word) = next.checked_sub(1) {
            while let Some(bit) = self.waiting[word].checked_ilog2() {
                self.waiting[word] &= !(1 << bit);
                let node = word as u32 * 64 + bit;
                let rules = self.rules[node as usize];
                backwards.to(node as usize).iter().for_each(|&from| self.add(from, rules));
                for &(from, of) in led.get(&node).into_iter().flatten() {
                    self.add(from, rules & of);
                }
            }
            next = word;
            if word == 0 {
                next = std::mem::take(&mut self.again);
            }
        }
    }
}

/// The ways of propagators, and of sources that ask for what arrives at them.
fn led(project: &Project, facts: &[(u32, &Facts)], group: &Group) -> Led {
    let mut led = Led::default();
    for &(u, facts) in facts {
        let mut lead = |from: &[u32], to: &mut dyn Iterator<Item = u32>, rules: Rules| {
            let number = |value: u32| (value != NOWHERE).then(|| project.numbers.of((u, value)) as u32);
            for to in to.filter_map(number) {
                led.entry(to).or_default().extend(from.iter().filter_map(|&from| Some((number(from)?, rules))));
            }
        };
        for propagator in &facts.propagators {
            let rules = group.of(u, propagator.entry);
            let mut to = propagator.to.iter().copied().chain(propagator.later.iter().map(|(to, _)| *to));
            if rules != 0 {
                lead(&propagator.from, &mut to, rules);
            }
        }
        for source in facts.sources.iter().filter(|source| group.entries[source.entry as usize].requires.is_some()) {
            let rules = group.of(u, source.entry);
            let mut to = source.values.iter().copied().chain(source.later.iter().map(|(to, _)| *to));
            if rules != 0 {
                lead(&source.values, &mut to, rules);
            }
        }
    }
    led
}
