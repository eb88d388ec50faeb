//! Graphs linked to a project: which functions a call may reach, and which values one file reads of another.

mod backwards;
mod classes;
mod held;
mod modules;
mod values;
mod waiting;

use std::sync::OnceLock;

use rustc_hash::FxHashMap;
use smallvec::SmallVec;

use crate::graph::*;
use backwards::Backwards;
use held::Held;
use modules::{Modules, Read};
use values::Values;

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

/// The nodes of all files, numbered one after the other.
#[derive(Clone, Debug)]
pub(crate) struct Numbers {
    /// By file: the number of its first node.
    starts: Vec<u32>,
    pub total: usize,
}

impl Numbers {
    fn new(units: &[&Unit]) -> Self {
        let mut total = 0;
        let start = |unit: &&Unit| {
            let start = total as u32;
            total += unit.graph.nodes.len();
            start
        };
        Numbers { starts: units.iter().map(start).collect(), total }
    }

    pub fn of(&self, (u, value): ValueRef) -> usize {
        (self.starts[u as usize] + value) as usize
    }

    /// The node of that number.
    pub fn at(&self, number: usize) -> ValueRef {
        let u = self.starts.partition_point(|&start| start as usize <= number) - 1;
        (u as u32, number as u32 - self.starts[u])
    }
}

/// Linked graphs, ready to be searched.
pub struct Project<'u> {
    pub units: Vec<&'u Unit>,
    pub(crate) numbers: Numbers,
    /// Per file and call: functions with a body that it may reach.
    targets: Vec<Vec<SmallVec<[FunctionRef; 1]>>>,
    callers: FxHashMap<FunctionRef, Vec<(u32, u32)>>,
    /// Edges between files.
    across: FxHashMap<ValueRef, Vec<(ValueRef, Step)>>,
    /// Calls whose result is none of what they are given.
    silent: rustc_hash::FxHashSet<(u32, u32)>,
    /// Per file: nodes that hold what a function returns or leaves in its parameters.
    exits: Vec<Exits>,
    /// Made when they are first asked for.
    backwards: OnceLock<Backwards>,
    leads: OnceLock<Vec<u8>>,
    /// Files whose names, or what their values hold, were not followed to the end.
    pub cut: Vec<u32>,
}

/// Functions that a node is an exit of.
type Exits = FxHashMap<Value, SmallVec<[(u32, ExitSlot); 1]>>;

/// By which way something leaves a function.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ExitSlot {
    Return,
    Thrown,
    Left(Slot),
}

/// Bits of [`Project::leads`].
pub(crate) const ACROSS: u8 = 1;
pub(crate) const EXIT: u8 = 2;

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
            silent: rustc_hash::FxHashSet::default(),
            exits,
            backwards: OnceLock::new(),
            leads: OnceLock::new(),
            cut: Vec::new(),
            numbers: Numbers::new(&units),
            units,
        };
        if reach == Reach::Function {
            return project;
        }
        let all = project.units.clone();
        let modules = Modules::new(&all, configs, reach);
        let mut across: Vec<(ValueRef, ValueRef, Step)> = Vec::new();
        let mut read: Vec<(ValueRef, Held)> = Vec::new();
        let mut made: rustc_hash::FxHashSet<ClassRef> = rustc_hash::FxHashSet::default();
        for u in 0..project.units.len() as u32 {
            let graph = &project.units[u as usize].graph;
            for (c, call) in graph.calls.iter().enumerate() {
                let mut found = modules.callees(u, call, &mut made);
                found.retain(|&mut (tu, f)| !project.units[tu as usize].graph.functions[f as usize].is_declaration);
                found.truncate(MAX_TARGETS);
                if found.is_empty() && modules.is_enum_lookup(u, call) {
                    project.silent.insert((u, c as u32));
                }
                for &target in &found {
                    project.callers.entry(target).or_default().push((u, c as u32));
                }
                project.targets[u as usize][c] = found;
            }
            for (name, value) in &graph.reads {
                match modules.read(u, name) {
                    Some(Read::Value(from, key)) => {
                        across.push((from, (u, *value), key.map_or(Step::Copy, Step::Load)))
                    }
                    Some(Read::Holds(held)) => read.push(((u, *value), held)),
                    None => {}
                }
            }
        }
        for u in 0..project.units.len() as u32 {
            for (c, call) in project.units[u as usize].graph.calls.iter().enumerate() {
                // An object without a constructor holds what its fields hold from the start.
                if project.targets[u as usize][c].is_empty() {
                    for (cu, c) in modules.classes_made(u, call) {
                        across.push((
                            (cu, project.units[cu as usize].graph.classes[c as usize].defaults),
                            (u, call.result),
                            Step::Copy,
                        ));
                    }
                }
            }
        }
        for (class, parents) in &modules.parents {
            let defaults = |&(u, c): &ClassRef| (u, project.units[u as usize].graph.classes[c as usize].defaults);
            across.extend(parents.iter().map(|parent| (defaults(parent), defaults(class), Step::Copy)));
        }
        across.retain(|(from, to, _)| from.1 != NOWHERE && to.1 != NOWHERE);
        for u in 0..project.units.len() as u32 {
            for (name, value) in &project.units[u as usize].graph.writes {
                if let Some(Read::Value(to, key)) = modules.read(u, name) {
                    across.push(((u, *value), to, key.map_or(Step::Copy, Step::Store)));
                }
            }
        }
        project.cut = Values::new(&mut project, &modules, &mut made, &across, &read).run();
        project.cut.extend(modules.cut());
        // What was found first depends on what else there is.
        project.targets.iter_mut().flatten().for_each(|targets| targets.sort_unstable());
        project.callers.values_mut().for_each(|callers| callers.sort_unstable());
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
                        across.extend(left.map(|&(_, v)| ((u, v), (u, class.defaults), Step::Parts)));
                    }
                }
            }
        }
        for (from, to, step) in across {
            if from != to {
                project.across.entry(from).or_default().push((to, step));
            }
        }
        project
    }

    /// The edges of the whole project by where they lead to. Of a project that is linked no more changes.
    pub(crate) fn backwards(&self) -> &Backwards {
        self.backwards.get_or_init(|| Backwards::new(self))
    }

    pub(crate) fn node(&self, at: ValueRef) -> &Node {
        &self.units[at.0 as usize].graph.nodes[at.1 as usize]
    }

    pub fn targets(&self, unit: u32, call: u32) -> &[FunctionRef] {
        &self.targets[unit as usize][call as usize]
    }

    /// Does the call give back nothing of what it gets?
    pub fn is_silent(&self, unit: u32, call: u32) -> bool {
        self.silent.contains(&(unit, call))
    }

    pub fn callers(&self, function: FunctionRef) -> &[(u32, u32)] {
        self.callers.get(&function).map_or(&[], Vec::as_slice)
    }

    pub fn across(&self, value: ValueRef) -> &[(ValueRef, Step)] {
        self.across.get(&value).map_or(&[], Vec::as_slice)
    }

    /// By number of a node: whether edges lead from it to other files ([`ACROSS`]) and out of functions ([`EXIT`]).
    pub(crate) fn leads(&self) -> &[u8] {
        self.leads.get_or_init(|| {
            let mut leads = vec![0; self.numbers.total];
            let across = self.across.keys().map(|&at| (at, ACROSS));
            let ways = across.chain(self.values_of_exits().map(|at| (at, EXIT)));
            ways.filter(|(at, _)| at.1 != NOWHERE).for_each(|(at, lead)| leads[self.numbers.of(at)] |= lead);
            leads
        })
    }

    /// Values that leave functions.
    fn values_of_exits(&self) -> impl Iterator<Item = ValueRef> {
        self.exits.iter().enumerate().flat_map(|(u, exits)| exits.keys().map(move |&value| (u as u32, value)))
    }

    pub fn exits(&self, value: ValueRef) -> &[(u32, ExitSlot)] {
        self.exits[value.0 as usize].get(&value.1).map_or(&[], |s| s.as_slice())
    }
}

fn exits_of(graph: &Graph) -> Exits {
    let mut out = Exits::default();
    for (f, function) in graph.functions.iter().enumerate() {
        out.entry(function.returned).or_default().push((f as u32, ExitSlot::Return));
        if function.thrown != function.returned {
            out.entry(function.thrown).or_default().push((f as u32, ExitSlot::Thrown));
        }
        for &(slot, value) in &function.left {
            out.entry(value).or_default().push((f as u32, ExitSlot::Left(slot)));
        }
    }
    out
}

/// How a call's input becomes what a parameter holds.
#[derive(Hash)]
pub(crate) enum Prefix {
    None,
    /// It becomes a part of what the parameter holds.
    Key(Key),
    /// A part of it is what the parameter holds.
    Element(Key),
}

/// Whether a call's input is given to a parameter of the function, and as what.
pub(crate) fn binds(call: &Call, slot: Slot, param: &Param, function: &Function) -> Option<Prefix> {
    // `Base.method(self, x)`: the first argument is the receiver.
    let given = |slot: &Slot| matches!(slot, Slot::At(_));
    let by_class = matches!(&call.callee, Callee::Named(name) if name.path.len() > 1)
        && function.params.first().is_some_and(|p| {
            p.slot == Slot::Receiver && (p.name == Key::name("self") || call.receiver.is_none() || call.is_go)
        })
        && call.args.iter().filter(|(slot, _)| given(slot)).count()
            > function.params.iter().filter(|p| given(&p.slot)).count()
        && !makes(call, function);
    let slot = match slot {
        Slot::Receiver if by_class => return None,
        Slot::At(0) if by_class => Slot::Receiver,
        Slot::At(n) if by_class => Slot::At(n - 1),
        slot => slot,
    };
    match (slot, param.slot) {
        (Slot::Receiver, Slot::Receiver) => Some(Prefix::None),
        // Go: `f(g())` gives all results of `g`.
        (Slot::At(0), Slot::At(n)) if is_spread(call, function) => Some(Prefix::Element(Key::index(u32::from(n)))),
        (Slot::At(a), Slot::At(b)) if a == b => Some(Prefix::None),
        (Slot::At(a), Slot::Rest) => {
            // `arguments` of scripts counts from the first.
            let is_all = param.name == Key::name("arguments");
            let before =
                if is_all { 0 } else { function.params.iter().filter(|p| matches!(p.slot, Slot::At(_))).count() };
            if call.ends_with_list && usize::from(a) == before && call.args.len() == before + 1 {
                return Some(Prefix::None);
            }
            (usize::from(a) >= before).then(|| Prefix::Key(Key::index(u32::from(a) - before as u32)))
        }
        (Slot::Named(key), Slot::At(_)) if key == param.name => Some(Prefix::None),
        (Slot::Named(key), Slot::At(_)) if key == Key::ANY => Some(Prefix::Element(param.name)),
        (Slot::Named(key), Slot::Named(_)) => {
            let taken =
                key != Key::ANY && function.params.iter().any(|p| p.name == key && matches!(p.slot, Slot::At(_)));
            (!taken).then(|| if key == Key::ANY { Prefix::None } else { Prefix::Key(key) })
        }
        (Slot::Rest, Slot::At(n)) => {
            let before = call.args.iter().filter(|(slot, _)| given(slot)).count();
            (usize::from(n) >= before).then(|| Prefix::Element(Key::index(u32::from(n) - before as u32)))
        }
        (Slot::Rest, Slot::Rest) | (Slot::Course, Slot::Course) => Some(Prefix::None),
        _ => None,
    }
}

/// A call with one argument of a function of several parameters.
fn is_spread(call: &Call, function: &Function) -> bool {
    call.is_go && call.args.len() == 1 && function.params.iter().filter(|p| matches!(p.slot, Slot::At(_))).count() > 1
}

/// The call makes an object, and the function is the constructor.
pub(crate) fn makes(call: &Call, function: &Function) -> bool {
    match &call.callee {
        Callee::New(_) => true,
        Callee::Method { .. } | Callee::Super { .. } => false,
        Callee::Named(name) if name.path.last().is_some_and(|n| n == "__init__") => false,
        _ => function.class.is_some() && matches!(function.name.as_str(), "__init__" | "constructor"),
    }
}

/// Where what leaves a function goes to at a call of it.
pub(crate) fn arrives(call: &Call, function: &Function, slot: ExitSlot) -> Option<Value> {
    let is_new = makes(call, function);
    match slot {
        ExitSlot::Return => (!is_new).then_some(call.result),
        ExitSlot::Thrown => Some(call.thrown),
        ExitSlot::Left(Slot::Receiver) if is_new => Some(call.result),
        ExitSlot::Left(left) => {
            let param = function.params.iter().find(|p| p.slot == left)?;
            let after =
                call.after.iter().find(|(slot, _)| matches!(binds(call, *slot, param, function), Some(Prefix::None)));
            after.map(|&(_, value)| value)
        }
    }
}
