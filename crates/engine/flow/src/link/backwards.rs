//! The ways of data through a project, backwards: from where a node's value may come.

use super::{ExitSlot, Project, ValueRef, arrives, binds};
use crate::graph::{Callee, NOWHERE, Slot, Step, Unknown};

/// All edges of a project by the node they lead to, those into and out of functions among them. Which part of a value goes along an edge
/// is not said: whatever a search may follow stands here.
///
/// Four bytes for each node and edge.
#[derive(Clone, Debug)]
pub(crate) struct Backwards {
    /// Edges to node `n` come from `from[starts[n]..starts[n + 1]]`.
    starts: Vec<u32>,
    from: Vec<u32>,
}

impl Backwards {
    /// Cost: linear in nodes, edges, and calls times the functions that each may reach.
    pub fn new(project: &Project) -> Backwards {
        let mut starts = vec![0u32; project.numbers.total + 1];
        // Working an edge out takes longer than keeping it for a moment.
        let mut edges: Vec<(u32, u32)> = Vec::with_capacity(project.numbers.total);
        each_edge(project, &mut |source, to| {
            starts[to + 1] += 1;
            edges.push((source as u32, to as u32));
        });
        for n in 1..starts.len() {
            starts[n] += starts[n - 1];
        }
        let mut next = starts.clone();
        let mut from = vec![0; edges.len()];
        for (source, to) in edges {
            from[next[to as usize] as usize] = source;
            next[to as usize] += 1;
        }
        Backwards { starts, from }
    }

    /// The nodes with an edge to this one, by number; some more than once.
    pub fn to(&self, node: usize) -> &[u32] {
        &self.from[self.starts[node] as usize..self.starts[node + 1] as usize]
    }
}

fn each_edge(project: &Project, found: &mut dyn FnMut(usize, usize)) {
    let numbers = &project.numbers;
    let mut edge = |from: ValueRef, to: ValueRef| {
        if from.1 != NOWHERE && to.1 != NOWHERE {
            found(numbers.of(from), numbers.of(to));
        }
    };
    for (u, unit) in project.units.iter().enumerate() {
        let u = u as u32;
        for value in 0..unit.graph.nodes.len() as u32 {
            let at = (u, value);
            for out in unit.graph.out(value) {
                match out.step {
                    Step::Argument(slot) => into_call(project, (u, out.to), slot, &mut |to| edge(at, to)),
                    _ => edge(at, (u, out.to)),
                }
            }
        }
        for (&value, exits) in &project.exits[u as usize] {
            for &(function, slot) in exits {
                out_of_function(project, (u, function), slot, &mut |to| edge((u, value), to));
            }
        }
    }
    for (&from, edges) in &project.across {
        edges.iter().for_each(|&(to, _)| edge(from, to));
    }
}

/// Where an argument goes: to parameters of what is called, or to the result when that is not known.
fn into_call(project: &Project, (u, call_id): (u32, u32), slot: Slot, found: &mut dyn FnMut(ValueRef)) {
    let call = &project.units[u as usize].graph.calls[call_id as usize];
    let targets = project.targets(u, call_id);
    for &(tu, f) in targets {
        let function = &project.units[tu as usize].graph.functions[f as usize];
        let bound = function.params.iter().filter(|param| binds(call, slot, param, function).is_some());
        bound.for_each(|param| found((tu, param.value)));
    }
    let is_unknown = targets.is_empty() && call.unknown == Unknown::Passes;
    // What makes an object may keep what it has no parameter for.
    if is_unknown || matches!(call.callee, Callee::New(_)) {
        found((u, call.result));
    }
}

fn out_of_function(project: &Project, callee: (u32, u32), slot: ExitSlot, found: &mut dyn FnMut(ValueRef)) {
    let function = &project.units[callee.0 as usize].graph.functions[callee.1 as usize];
    for &(u, call) in project.callers(callee) {
        let call = &project.units[u as usize].graph.calls[call as usize];
        found((u, arrives(call, function, slot).unwrap_or(NOWHERE)));
    }
}
