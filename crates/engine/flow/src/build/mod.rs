//! Tree to graph: every function body is followed once, in the order it runs, in SSA form.
//!
//! Each variable has one present value; branches join in nodes that take the value of each side, loops begin with such a node. Code
//! behind a condition that is known is followed only on the side that is taken; what is never reached has no nodes.
//!
//! Cost: linear in the tree, but for joins, which cost the variables changed in their branches.

mod callbacks;
mod calls;
mod collections;
mod conditions;
mod constants;
mod containers;
mod course;
mod definitions;
mod effects;
mod exports;
mod expressions;
mod implied;
mod library;
mod matching;
mod members;
mod patterns;
mod sharing;
mod statements;
mod targets;
mod types;

use rampart_syntax::{DefId, DefKind, Kind, Lang, Names, NodeId, Span, Tree};
use rustc_hash::{FxHashMap, FxHashSet};
use smallvec::SmallVec;

use crate::graph::*;
use constants::Const;
pub use course::Passing;

/// The graph of a file and where its values stand in the tree.
pub struct Built {
    pub graph: Graph,
    /// The value of each node of the tree, [`NOWHERE`] where it has none.
    pub of: Vec<Value>,
    /// Call by the tree's node.
    pub calls: FxHashMap<NodeId, u32>,
    /// What a variable given to a call is afterwards: by the tree's node of the argument or receiver, the value and the part of it.
    pub after: FxHashMap<NodeId, (Value, Vec<Key>)>,
    /// Elements of containers and the index each is taken by.
    pub indexes: Vec<(Value, Value)>,
    /// With [`Order::Kept`]: where a value is made in the course of things.
    pub passings: FxHashMap<Value, Passing>,
}

/// Whether a graph also says what runs after what. That makes it some three times as large.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    Kept,
    Dropped,
}

/// Builds the graph of a file.
pub fn build(tree: &Tree, names: &Names, lang: Lang, order: Order) -> Built {
    let mut builder = Builder::new(tree, names, lang, order);
    builder.file();
    builder.finish()
}

/// What joins may cost in one function, in variables that are joined: for each node of its tree, and in any case. Functions written by
/// people take less than one for a node; where a thousand branches each change another of a thousand variables, a million of joins would
/// follow.
const WORK_PER_NODE: usize = 32;
const WORK: usize = 100_000;

fn work_of(nodes: usize) -> usize {
    WORK + nodes * WORK_PER_NODE
}

/// A variable of the state: a definition's number, or one of those after the last, `this` and the course.
type Var = u32;

/// What a branch changed and whether its end is reached.
struct Branch {
    changed: FxHashMap<Var, Value>,
    reached: bool,
}

struct Builder<'t> {
    tree: &'t Tree,
    names: &'t Names,
    lang: Lang,
    order: Order,
    graph: Graph,
    edges: Vec<(Value, Edge)>,
    of: Vec<Value>,
    call_at: FxHashMap<NodeId, u32>,
    after: FxHashMap<NodeId, (Value, Vec<Key>)>,
    indexes: Vec<(Value, Value)>,
    passings: FxHashMap<Value, Passing>,
    /// Variables that the result of a call was made of.
    made_from: FxHashMap<Value, Vec<NodeId>>,
    /// Present value of each variable; the last two are `this` and the course.
    state: Vec<Value>,
    changes: Vec<(Var, Value)>,
    alive: bool,
    /// Number of the function that is being built, and its body as [`Names`] counts it.
    function: u32,
    body: u32,
    /// Bodies that are being followed right now, from the file inwards.
    open: Vec<u32>,
    class: Option<u32>,
    class_names: FxHashMap<String, u32>,
    constants: FxHashMap<Value, Const>,
    types: FxHashMap<Value, TypeName>,
    /// Lists of which every element is known: how many they are.
    lengths: FxHashMap<Value, u32>,
    /// Literals of maps and objects of which every field is known: those.
    fields: FxHashMap<Value, std::sync::Arc<[Key]>>,
    /// Per definition used by inner functions: everything it was ever given.
    cells: FxHashMap<DefId, Value>,
    given: FxHashMap<DefId, Value>,
    captured: FxHashSet<DefId>,
    /// Those that inner functions change, and parameters that get another value.
    written: FxHashSet<DefId>,
    reassigned: FxHashSet<DefId>,
    /// Reads in inner functions that see what is assigned later.
    listeners: FxHashMap<DefId, Vec<Value>>,
    /// Values that are one object under several names, by the first of them, and the names.
    origins: FxHashMap<Value, Value>,
    shares: FxHashMap<Var, Vec<sharing::Share>>,
    /// Parts, outermost last, of the variable that is being changed.
    changing: Vec<Key>,
    changed_part: Option<Value>,
    /// Functions and classes of the tree.
    function_at: FxHashMap<NodeId, u32>,
    class_at: FxHashMap<NodeId, u32>,
    /// Functions to build when what is around them has been.
    later: Vec<(NodeId, Option<u32>)>,
    exits: Vec<Exit>,
    /// Go: the named results of the function that is being built.
    results_named: Vec<DefId>,
    /// Go: names of embedded fields, which are their structs themselves.
    embedded: FxHashSet<Key>,
    /// Fields of Java that inner classes use: they are shared cells too.
    outer_fields: FxHashSet<DefId>,
    /// What the switches around here that are expressions yield.
    results: Vec<Value>,
    /// Fields of static kind and class-wide constants, by class and name.
    statics: FxHashMap<(u32, Key), Value>,
    /// Names of properties, and of methods that the language calls; of properties that are set.
    getters: FxHashSet<String>,
    setters: FxHashSet<String>,
    /// Versions of variables that are one of the program's own constants.
    chosen: FxHashSet<Value>,
    /// Parameters that were constants at each `return` of something true so far.
    vouched: Option<Vec<u16>>,
    /// Functions that use the object `arguments`, and that object.
    uses_arguments: FxHashSet<u32>,
    arguments: Value,
    /// Where what is thrown here arrives.
    thrown: Value,
    /// Promises by the expression that makes them, and parameters that settle one: which, and as which part of it.
    promises: FxHashMap<NodeId, Value>,
    settlers: FxHashMap<DefId, (Value, Option<Key>)>,
    /// Variables that hold the outcome of a check.
    checks: FxHashMap<DefId, conditions::Check>,
    /// Label of the statement that is being entered.
    label: Option<rampart_syntax::Sym>,
    /// Parameters of the function that is being built.
    params: Vec<Parameter>,
    /// What joins may still cost in this function.
    work: usize,
}

/// A parameter of the function that is being built, and what it holds where the function is left.
struct Parameter {
    var: Var,
    slot: Slot,
    left: Vec<Value>,
}

/// Where `break`, `continue` and `return` go.
struct Exit {
    kind: ExitKind,
    label: Option<rampart_syntax::Sym>,
    /// Length of the list of changes when it began.
    mark: usize,
    leaving: Vec<Branch>,
    continuing: Vec<Branch>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum ExitKind {
    Loop,
    Switch,
    Function,
}

impl<'t> Builder<'t> {
    fn new(tree: &'t Tree, names: &'t Names, lang: Lang, order: Order) -> Self {
        Builder {
            tree,
            names,
            lang,
            order,
            graph: Graph { lang: Some(lang), ..Graph::default() },
            edges: Vec::with_capacity(tree.len()),
            of: vec![NOWHERE; tree.len()],
            call_at: FxHashMap::default(),
            after: FxHashMap::default(),
            indexes: Vec::new(),
            passings: FxHashMap::default(),
            made_from: FxHashMap::default(),
            state: vec![NOWHERE; names.defs.len() + 2],
            changes: Vec::new(),
            alive: true,
            function: 0,
            body: 0,
            open: Vec::new(),
            class: None,
            class_names: FxHashMap::default(),
            constants: FxHashMap::default(),
            types: FxHashMap::default(),
            lengths: FxHashMap::default(),
            fields: FxHashMap::default(),
            cells: FxHashMap::default(),
            given: FxHashMap::default(),
            captured: FxHashSet::default(),
            written: FxHashSet::default(),
            reassigned: FxHashSet::default(),
            listeners: FxHashMap::default(),
            origins: FxHashMap::default(),
            shares: FxHashMap::default(),
            changing: Vec::new(),
            changed_part: None,
            function_at: FxHashMap::default(),
            class_at: FxHashMap::default(),
            later: Vec::new(),
            exits: Vec::new(),
            results_named: Vec::new(),
            embedded: FxHashSet::default(),
            outer_fields: FxHashSet::default(),
            results: Vec::new(),
            statics: FxHashMap::default(),
            getters: FxHashSet::default(),
            setters: FxHashSet::default(),
            chosen: FxHashSet::default(),
            vouched: None,
            uses_arguments: FxHashSet::default(),
            arguments: NOWHERE,
            thrown: NOWHERE,
            promises: FxHashMap::default(),
            settlers: FxHashMap::default(),
            checks: FxHashMap::default(),
            label: None,
            params: Vec::new(),
            work: work_of(tree.len()),
        }
    }

    fn this(&self) -> Var {
        self.names.defs.len() as Var
    }

    fn finish(self) -> Built {
        let mut graph = self.graph;
        let count = graph.nodes.len();
        let mut starts = vec![0u32; count + 1];
        for (from, _) in &self.edges {
            starts[*from as usize + 1] += 1;
        }
        for i in 0..count {
            starts[i + 1] += starts[i];
        }
        let mut next = starts.clone();
        let mut edges = vec![Edge { to: 0, step: Step::Copy }; self.edges.len()];
        for (from, edge) in &self.edges {
            edges[next[*from as usize] as usize] = *edge;
            next[*from as usize] += 1;
        }
        graph.starts = starts;
        graph.edges = edges;
        graph.statements.sort_unstable();
        graph.statements.dedup();
        Built {
            graph,
            of: self.of,
            calls: self.call_at,
            after: self.after,
            indexes: self.indexes,
            passings: self.passings,
        }
    }

    // ── nodes and edges ──────────────────────────────────────────────────────────────────────────

    fn node(&mut self, span: Span, shown: bool) -> Value {
        self.graph.nodes.push(Node { span, function: self.function, shown });
        self.graph.nodes.len() as Value - 1
    }

    /// A node for the expression or target `id`.
    fn at(&mut self, id: NodeId) -> Value {
        let value = self.node(self.tree.span(id), true);
        self.of[id.index()] = value;
        self.advance(id, value);
        value
    }

    /// A version of something that stands nowhere in the text itself.
    fn hidden(&mut self, id: NodeId) -> Value {
        self.node(self.tree.span(id), false)
    }

    fn edge(&mut self, from: Value, to: Value, step: Step) {
        if from != NOWHERE && to != NOWHERE && from != to {
            self.edges.push((from, Edge { to, step }));
        }
    }

    fn copy(&mut self, from: Value, to: Value) {
        self.edge(from, to, Step::Copy);
    }

    /// The value is a function of the file.
    fn is_function(&mut self, value: Value, number: u32) {
        self.constants.insert(value, Const::Function(number));
        self.graph.function_values.push((value, number));
    }

    fn is_class(&mut self, value: Value, number: u32) {
        self.constants.insert(value, Const::Class(number));
        self.graph.class_values.push((value, number));
    }

    /// Carries over what is known of the one value to the other, which is the same.
    fn same(&mut self, from: Value, to: Value) {
        self.copy(from, to);
        self.known_of(from, to);
    }

    /// Carries over what is known, without the value itself.
    fn known_of(&mut self, from: Value, to: Value) {
        if let Some(known) = self.constants.get(&from).cloned() {
            self.constants.insert(to, known);
        }
        if let Some(known) = self.types.get(&from).cloned() {
            self.types.insert(to, known);
        }
        if let Some(&known) = self.lengths.get(&from) {
            self.lengths.insert(to, known);
        }
        if let Some(known) = self.fields.get(&from).cloned() {
            self.fields.insert(to, known);
        }
        if let Some(from) = self.made_from.get(&from).cloned() {
            self.made_from.insert(to, from);
        }
        if let Some(&origin) = self.origins.get(&from) {
            self.origins.insert(to, origin);
        }
    }

    // ── variables ────────────────────────────────────────────────────────────────────────────────

    fn set_var(&mut self, var: Var, value: Value) {
        let old = std::mem::replace(&mut self.state[var as usize], value);
        self.changes.push((var, old));
    }

    /// A definition gets a new value (or a new version of it).
    fn set(&mut self, def: DefId, value: Value) {
        self.set_var(def.0, value);
        if self.names.get(def).home() != self.body && self.written.contains(&def) {
            let given = self.given(def);
            self.copy(value, given);
        }
        if self.captured.contains(&def) || self.names.get(def).home() == 0 {
            let cell = self.cell(def);
            self.copy(value, cell);
            for listener in self.listeners.get(&def).cloned().unwrap_or_default() {
                self.copy(value, listener);
            }
        }
    }

    /// What inner functions have given a definition.
    fn given(&mut self, def: DefId) -> Value {
        if let Some(&given) = self.given.get(&def) {
            return given;
        }
        let given = self.hidden(self.names.get(def).node);
        self.given.insert(def, given);
        given
    }

    /// Everything a definition was ever given.
    fn cell(&mut self, def: DefId) -> Value {
        if let Some(&cell) = self.cells.get(&def) {
            return cell;
        }
        let cell = self.hidden(self.names.get(def).node);
        if self.names.get(def).home() == 0 {
            self.graph.nodes[cell as usize].function = 0;
            // Java has no variables of files; these are fields and nested classes.
            if self.lang != Lang::Java {
                self.graph.shared.push(Shared {
                    name: self.name_of(def).to_string(),
                    value: cell,
                    holds: Holds::Anything,
                });
            }
        }
        self.cells.insert(def, cell);
        cell
    }

    fn name_of(&self, def: DefId) -> &'t str {
        self.tree.text(self.names.get(def).node)
    }

    /// What a definition holds here, [`NOWHERE`] when nothing is known.
    fn get(&mut self, def: DefId, at: NodeId) -> Value {
        let info = self.names.get(def);
        if matches!(info.kind, DefKind::Import(_) | DefKind::Function | DefKind::Class) && info.assigned < 2 {
            return NOWHERE;
        }
        let home = info.home();
        if home == self.body {
            let now = self.state[def.0 as usize];
            // Inner functions may have given it something.
            if self.captured.contains(&def) && self.written.contains(&def) {
                let (join, given) = (self.hidden(at), self.given(def));
                self.copy(now, join);
                self.copy(given, join);
                if let Some(ty) = self.types.get(&now).cloned() {
                    self.types.insert(join, ty);
                }
                if let Some(&origin) = self.origins.get(&now) {
                    self.origins.insert(join, origin);
                }
                return join;
            }
            return now;
        }
        // What this function itself has given it.
        let now = self.state[def.0 as usize];
        if now != NOWHERE && self.graph.nodes[now as usize].function == self.function {
            return now;
        }
        let read = self.hidden(at);
        if self.open.contains(&home) {
            let now = self.state[def.0 as usize];
            self.same(now, read);
            if info.assigned > 1 {
                self.constants.remove(&read);
            }
            self.listeners.entry(def).or_default().push(read);
            if self.written.contains(&def) {
                let given = self.given(def);
                self.copy(given, read);
            }
        } else if home == 0 && !self.written.contains(&def) {
            let now = self.state[def.0 as usize];
            self.same(now, read);
        } else {
            let cell = self.cell(def);
            self.copy(cell, read);
        }
        if info.assigned > 1 {
            self.constants.remove(&read);
        }
        if let Some(ty) = info.ty.and_then(|ty| self.type_name(ty)) {
            self.types.insert(read, ty);
        }
        read
    }

    // ── branches ─────────────────────────────────────────────────────────────────────────────────

    /// Follows `body` and takes back what it changed.
    fn branch(&mut self, body: impl FnOnce(&mut Self)) -> Branch {
        let mark = self.changes.len();
        let alive = std::mem::replace(&mut self.alive, true);
        body(self);
        let reached = std::mem::replace(&mut self.alive, alive);
        let mut changed = FxHashMap::default();
        // Taken back from the newest: the first value met for a variable is the one it ended with.
        for (var, old) in self.changes.drain(mark..).rev() {
            let now = std::mem::replace(&mut self.state[var as usize], old);
            changed.entry(var).or_insert(now);
        }
        Branch { changed, reached }
    }

    /// Accounts for work; says whether there is any left. Without it, what follows in the function is not looked at.
    fn spend(&mut self, work: usize) -> bool {
        if self.work < work && self.graph.too_intricate.is_none() {
            self.graph.too_intricate = Some(self.graph.functions[self.function as usize].span);
        }
        self.work = self.work.saturating_sub(work);
        self.work > 0
    }

    /// What was changed since `mark`, as a branch that leaves here.
    fn leaving(&mut self, mark: usize) -> Branch {
        if !self.spend(self.changes.len() - mark) {
            return Branch { changed: FxHashMap::default(), reached: false };
        }
        let changed = self.changes[mark..].iter().map(|&(var, _)| (var, self.state[var as usize])).collect();
        Branch { changed, reached: true }
    }

    /// Joins branches that start from the present state. A branch whose end is not reached does not count.
    fn join(&mut self, branches: Vec<Branch>, at: NodeId) {
        let reached: Vec<_> = branches.into_iter().filter(|b| b.reached).map(|b| b.changed).collect();
        if reached.is_empty() {
            self.alive = false;
            return;
        }
        if !self.spend(reached.iter().map(|changed| changed.len()).sum()) {
            return;
        }
        let mut ends: FxHashMap<Var, SmallVec<[Value; 4]>> = FxHashMap::default();
        for (&var, &value) in reached.iter().flatten() {
            ends.entry(var).or_default().push(value);
        }
        let mut ends: Vec<_> = ends.into_iter().collect();
        ends.sort_unstable_by_key(|(var, _)| *var);
        for (var, mut values) in ends {
            if values.len() < reached.len() {
                values.push(self.state[var as usize]);
            }
            values.sort_unstable();
            values.dedup();
            let joined = self.phi(&values, at);
            self.set_var(var, joined);
        }
    }

    /// One value of several.
    fn phi(&mut self, values: &[Value], at: NodeId) -> Value {
        let [first, ..] = values else { return NOWHERE };
        if values.len() == 1 {
            return *first;
        }
        let join = self.hidden(at);
        let known = values.iter().map(|v| self.constants.get(v)).reduce(|a, b| if a == b { a } else { None }).flatten();
        if let Some(known) = known.cloned() {
            self.constants.insert(join, known);
        }
        let types: Vec<_> = values.iter().filter_map(|v| self.types.get(v)).collect();
        if let Some(&ty) = types.first().filter(|ty| types.iter().all(|other| other == *ty)) {
            self.types.insert(join, ty.clone());
        }
        if values.iter().all(|v| self.chosen.contains(v)) {
            self.chosen.insert(join);
        }
        let lengths = values.iter().map(|v| self.lengths.get(v)).reduce(|a, b| if a == b { a } else { None }).flatten();
        if let Some(&length) = lengths {
            self.lengths.insert(join, length);
        }
        let origins = values.iter().map(|v| self.origins.get(v)).reduce(|a, b| if a == b { a } else { None }).flatten();
        if let Some(&origin) = origins {
            self.origins.insert(join, origin);
        }
        for &value in values {
            self.copy(value, join);
        }
        join
    }
}
