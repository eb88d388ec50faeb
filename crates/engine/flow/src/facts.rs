//! What a rule says of one file's graph: where its sources, sinks, sanitizers and propagators are.

use serde::{Deserialize, Serialize};

use crate::graph::{Key, Value};

/// A part of a value: the node and the path in it.
pub type Part = (Value, Vec<Key>);

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Facts {
    pub sources: Vec<Source>,
    pub sinks: Vec<Sink>,
    pub sanitizers: Vec<Sanitizer>,
    pub propagators: Vec<Propagator>,
}

impl Facts {
    pub fn is_empty(&self) -> bool {
        self.sources.is_empty() && self.sinks.is_empty()
    }
}

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Source {
    pub values: Vec<Value>,
    /// Variables that are tainted from the match on.
    pub later: Vec<Part>,
    /// Index into the rule's labels.
    pub label: u16,
    pub requires: Option<Requirement>,
}

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Sink {
    pub values: Vec<Value>,
    /// Calls of which every input counts.
    pub calls: Vec<u32>,
    pub requires: Option<Requirement>,
}

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Sanitizer {
    pub values: Vec<Value>,
    /// Variables that are clean from the match on.
    pub later: Vec<Part>,
}

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Propagator {
    pub from: Vec<Value>,
    pub to: Vec<Value>,
    /// Variables that have taken the taint over from the match on.
    pub later: Vec<Part>,
    pub requires: Option<Requirement>,
    /// The label of what comes out, and which labels it replaces (all when empty).
    pub label: Option<u16>,
    pub replaces: Vec<u16>,
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
