//! Graphs linked to a project: which functions a call may reach, and which values one file reads of another.

mod classes;
mod modules;

use rustc_hash::FxHashMap;
use smallvec::SmallVec;

use crate::graph::*;
use modules::Modules;

/// A file's graph and where the file is.
#[derive(Clone, Debug, Default)]
pub struct Unit {
    /// Relative to the scanned root, with `/`.
    pub path: String,
    pub graph: Graph,
}

/// How far data is followed.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
pub enum Reach {
    /// Within one function; calls pass on what they get.
    Function,
    File,
    #[default]
    Project,
}

/// A function by file and number.
pub type FunctionRef = (u32, u32);
/// A class likewise.
pub type ClassRef = (u32, u32);
/// A node likewise.
pub type ValueRef = (u32, Value);

/// What a name means.
#[derive(Clone, Debug)]
pub(crate) enum Entity {
    Function(FunctionRef),
    /// A class; several where its methods stand in several files.
    Class(SmallVec<[ClassRef; 1]>),
    Value(ValueRef, Holds),
}

/// Linked graphs, ready to be searched.
pub struct Project<'u> {
    pub units: Vec<&'u Unit>,
    /// Per file and call: functions with a body that it may reach.
    targets: Vec<Vec<SmallVec<[FunctionRef; 1]>>>,
    callers: FxHashMap<FunctionRef, Vec<(u32, u32)>>,
    /// Edges between files.
    across: FxHashMap<ValueRef, Vec<(ValueRef, Step)>>,
    /// Per file: nodes that hold what a function returns or leaves in its parameters.
    exits: Vec<FxHashMap<Value, SmallVec<[(u32, ExitSlot); 1]>>>,
}

/// By which way something leaves a function.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ExitSlot {
    Return,
    Left(Slot),
}

/// At most so many implementations of one call are followed.
const MAX_TARGETS: usize = 16;

impl<'u> Project<'u> {
    /// Links files. `configs` are the texts of `tsconfig.json`, `package.json` and `go.mod` by their paths.
    ///
    /// Cost: linear in calls and names, but for the depth of re-exports and class hierarchies, which is limited.
    pub fn link(units: Vec<&'u Unit>, configs: &[(String, String)], reach: Reach) -> Project<'u> {
        let exits = units.iter().map(|unit| exits_of(&unit.graph)).collect();
        let mut project = Project {
            targets: units.iter().map(|u| vec![SmallVec::new(); u.graph.calls.len()]).collect(),
            callers: FxHashMap::default(),
            across: FxHashMap::default(),
            exits,
            units,
        };
        if reach == Reach::Function {
            return project;
        }
        let all = project.units.clone();
        let modules = Modules::new(&all, configs, reach);
        let mut across: Vec<(ValueRef, ValueRef, Step)> = Vec::new();
        let mut made: rustc_hash::FxHashSet<ClassRef> = rustc_hash::FxHashSet::default();
        for u in 0..project.units.len() as u32 {
            let graph = &project.units[u as usize].graph;
            for (c, call) in graph.calls.iter().enumerate() {
                let mut found = modules.callees(u, call, &mut made);
                found.retain(|&mut (tu, f)| !project.units[tu as usize].graph.functions[f as usize].is_declaration);
                found.truncate(MAX_TARGETS);
                project.targets[u as usize][c] = found;
            }
            for (name, value) in &graph.reads {
                if let Some((from, key)) = modules.value(u, name) {
                    across.push((from, (u, *value), key.map_or(Step::Copy, Step::Load)));
                }
            }
        }
        project.pass_functions(&modules);
        // What an object's fields hold from the start, and, when nobody is seen to make the object, what any method left in them.
        for (u, unit) in project.units.iter().enumerate() {
            let u = u as u32;
            for (c, class) in unit.graph.classes.iter().enumerate() {
                if class.defaults == NOWHERE || class.span.is_empty() {
                    continue;
                }
                let is_made = made.contains(&(u, c as u32));
                for &m in &class.methods {
                    let method = &unit.graph.functions[m as usize];
                    let this = method.params.iter().find(|p| p.slot == Slot::Receiver);
                    across.extend(this.map(|p| ((u, class.defaults), (u, p.value), Step::Copy)));
                    if !is_made {
                        let left = method.left.iter().find(|(slot, _)| *slot == Slot::Receiver);
                        across.extend(left.map(|&(_, v)| ((u, v), (u, class.defaults), Step::Copy)));
                    }
                }
            }
        }
        for (from, to, step) in across {
            if from != to {
                project.across.entry(from).or_default().push((to, step));
            }
        }
        for u in 0..project.units.len() as u32 {
            for c in 0..project.targets[u as usize].len() {
                for &target in &project.targets[u as usize][c] {
                    project.callers.entry(target).or_default().push((u, c as u32));
                }
            }
        }
        project
    }

    /// Calls of parameters reach the functions that known callers give for them.
    fn pass_functions(&mut self, modules: &Modules) {
        // (function, position) → functions given there
        let mut given: FxHashMap<ValueRef, SmallVec<[FunctionRef; 2]>> = FxHashMap::default();
        for u in 0..self.units.len() as u32 {
            let graph = &self.units[u as usize].graph;
            for (c, call) in graph.calls.iter().enumerate() {
                for &(slot, value) in &call.args {
                    let Some(function) = modules.function_of(u, value) else { continue };
                    for &(tu, tf) in &self.targets[u as usize][c] {
                        let params = &self.units[tu as usize].graph.functions[tf as usize].params;
                        for param in params.iter().filter(|p| p.slot == slot) {
                            let list = given.entry((tu, param.value)).or_default();
                            if !list.contains(&function) && list.len() < MAX_TARGETS {
                                list.push(function);
                            }
                        }
                    }
                }
            }
        }
        if given.is_empty() {
            return;
        }
        // A call through a variable reaches the functions of the parameter that the variable is a copy of.
        for u in 0..self.units.len() as u32 {
            let graph = &self.units[u as usize].graph;
            let mut sources: Option<FxHashMap<Value, Value>> = None;
            for (c, call) in graph.calls.iter().enumerate() {
                let Callee::Value(value) = call.callee else { continue };
                let sources = sources.get_or_insert_with(|| copies(graph));
                let mut at = value;
                for _ in 0..8 {
                    if let Some(list) = given.get(&(u, at)) {
                        self.targets[u as usize][c] = list.iter().copied().collect();
                        break;
                    }
                    match sources.get(&at) {
                        Some(&from) => at = from,
                        None => break,
                    }
                }
            }
        }
    }

    pub fn targets(&self, unit: u32, call: u32) -> &[FunctionRef] {
        &self.targets[unit as usize][call as usize]
    }

    pub fn callers(&self, function: FunctionRef) -> &[(u32, u32)] {
        self.callers.get(&function).map_or(&[], Vec::as_slice)
    }

    pub fn across(&self, value: ValueRef) -> &[(ValueRef, Step)] {
        self.across.get(&value).map_or(&[], Vec::as_slice)
    }

    pub fn exits(&self, value: ValueRef) -> &[(u32, ExitSlot)] {
        self.exits[value.0 as usize].get(&value.1).map_or(&[], |s| s.as_slice())
    }
}

fn exits_of(graph: &Graph) -> FxHashMap<Value, SmallVec<[(u32, ExitSlot); 1]>> {
    let mut out: FxHashMap<Value, SmallVec<[(u32, ExitSlot); 1]>> = FxHashMap::default();
    for (f, function) in graph.functions.iter().enumerate() {
        out.entry(function.returned).or_default().push((f as u32, ExitSlot::Return));
        for &(slot, value) in &function.left {
            out.entry(value).or_default().push((f as u32, ExitSlot::Left(slot)));
        }
    }
    out
}

/// For each node that is a plain copy: of what.
fn copies(graph: &Graph) -> FxHashMap<Value, Value> {
    let mut out = FxHashMap::default();
    for from in 0..graph.nodes.len() as Value {
        for edge in graph.out(from) {
            if edge.step == Step::Copy {
                out.entry(edge.to).or_insert(from);
            }
        }
    }
    out
}
