//! What a rule says of one file's graph: where its sources, sinks, sanitizers and propagators are.

use serde::{Deserialize, Serialize};

use crate::graph::{Key, Value};

/// A part of a value: the node and the path in it.
pub type Part = (Value, Vec<Key>);

/// Index of an entry of the rules' lists of sources, sinks, sanitizers and propagators. Rules that use one library share its entries.
pub type EntryId = u32;

/// What the entries of all rules match in one file.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Facts {
    pub sources: Vec<Source>,
    pub sinks: Vec<Sink>,
    pub sanitizers: Vec<Sanitizer>,
    pub propagators: Vec<Propagator>,
}

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Source {
    pub entry: EntryId,
    pub values: Vec<Value>,
    /// Variables that are tainted from the match on.
    pub later: Vec<Part>,
}

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Sink {
    pub entry: EntryId,
    pub values: Vec<Value>,
    /// Calls of which every input counts.
    pub calls: Vec<u32>,
}

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Sanitizer {
    pub entry: EntryId,
    pub values: Vec<Value>,
    /// Variables that are clean from the match on.
    pub later: Vec<Part>,
    /// It does not count for rules with one of these entries: what it matches is a source or sink of theirs.
    pub unless: Vec<EntryId>,
}

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Propagator {
    pub entry: EntryId,
    pub from: Vec<Value>,
    pub to: Vec<Value>,
    /// Variables that have taken the taint over from the match on.
    pub later: Vec<Part>,
}

/// What holds for all matches of an entry.
#[derive(Clone, Debug, Default)]
pub struct Entry {
    /// Index into the rule's labels: what a source produces, or what comes out of a propagator.
    pub label: Option<u16>,
    pub requires: Option<Requirement>,
    /// Of propagators: the labels that the new one replaces; all when empty.
    pub replaces: Vec<u16>,
}

/// A set of at most 64 rules of a search, by their numbers there.
pub type Rules = u64;

/// Rules that are searched for together.
#[derive(Clone, Debug, Default)]
pub struct Group<'e> {
    pub entries: &'e [Entry],
    /// By entry: the rules that it is of.
    pub rules: Vec<Rules>,
    /// Rules that do not look at a file, by its number.
    pub barred: rustc_hash::FxHashMap<u32, Rules>,
}

impl Group<'_> {
    /// The rules that a match of an entry counts for.
    pub fn of(&self, unit: u32, entry: EntryId) -> Rules {
        let rules = self.rules[entry as usize];
        if self.barred.is_empty() { rules } else { rules & !self.barred.get(&unit).copied().unwrap_or(0) }
    }
}

/// A condition on the labels that reach a place.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Requirement {
    Label(u16),
    Not(Box<Requirement>),
    And(Vec<Requirement>),
    Or(Vec<Requirement>),
    Always(bool),
}

impl Requirement {
    pub fn holds(&self, has: &dyn Fn(u16) -> bool) -> bool {
        match self {
            Requirement::Label(label) => has(*label),
            Requirement::Not(inner) => !inner.holds(has),
            Requirement::And(parts) => parts.iter().all(|p| p.holds(has)),
            Requirement::Or(parts) => parts.iter().any(|p| p.holds(has)),
            Requirement::Always(value) => *value,
        }
    }

    /// Labels that may make it true by being there.
    pub fn wants(&self, out: &mut Vec<u16>) {
        match self {
            Requirement::Label(label) => out.push(*label),
            Requirement::And(parts) | Requirement::Or(parts) => parts.iter().for_each(|p| p.wants(out)),
            Requirement::Not(_) | Requirement::Always(_) => {}
        }
    }
}
