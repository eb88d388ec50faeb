//! Second pass: which value an identifier has where it stands.
//!
//! Statements are followed in order; branches join, loops forget what they assign, a branch that leaves (return, throw, break)
//! does not take part in the join. Values of names assigned once are known in nested functions too.

use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::{Def, DefId, DefKind, Names};
use crate::kind::{Aux, Kind, Op};
use crate::lang::Lang;
use crate::symbols::Sym;
use crate::tree::{NodeId, Tree};

/// What an expression is known to be.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// A text, and the literal it comes from when it is one literal.
    Str(Arc<str>, Option<NodeId>),
    /// The text of a regular-expression literal, likewise.
    Regex(Arc<str>, Option<NodeId>),
    Int(i64),
    /// A number with a fraction, by its text.
    Float(Arc<str>),
    Bool(bool),
    Null,
    /// A string constant, but not always the same.
    AnyStr,
    /// The expression at this node, for symbolic propagation.
    Node(NodeId),
}

/// Reads an integer literal as the languages write them.
pub fn parse_int(text: &str) -> Option<i64> {
    let text = text.trim_end_matches(['l', 'n', 'u']);
    let (digits, radix) = match text.get(..2) {
        Some("0x") => (&text[2..], 16),
        Some("0b") => (&text[2..], 2),
        Some("0o") => (&text[2..], 8),
        _ if text.len() > 1 && text.starts_with('0') && text.bytes().all(|b| b.is_ascii_digit()) => (&text[1..], 8),
        _ => (text, 10),
    };
    i64::from_str_radix(digits, radix).ok()
}

const MAX_FOLD: u32 = 64;
/// Longest string that folding builds.
const MAX_TEXT: usize = 8 * 1024;

/// Folds `id` to a constant; `lookup` gives the value of an identifier.
pub(super) fn constant(tree: &Tree, id: NodeId, lookup: &dyn Fn(NodeId) -> Option<Value>, depth: u32) -> Option<Value> {
    if depth > MAX_FOLD {
        return None;
    }
    let again = |id| constant(tree, id, lookup, depth + 1);
    match tree.kind(id) {
        Kind::Str => Some(Value::Str(tree.text(id).into(), Some(id))),
        Kind::Regex => Some(Value::Regex(tree.text(id).into(), Some(id))),
        Kind::Int => parse_int(tree.text(id)).map(Value::Int),
        Kind::Float => Some(Value::Float(tree.text(id).into())),
        Kind::Bool => Some(Value::Bool(tree[id].aux == 1)),
        Kind::Null => Some(Value::Null),
        Kind::Ident | Kind::Member => lookup(id).filter(|v| !matches!(v, Value::Node(_))),
        // `String.format` of Java, where all that goes in is constant.
        Kind::Call => {
            let (callee, args) = (tree.child(id, 0), tree.child(id, 1));
            let format = tree.kind(callee) == Kind::Member
                && tree.text(tree.child(callee, 1)) == "format"
                && tree.text(tree.child(callee, 0)) == "String";
            let constant = format && tree.children(args).iter().all(|&arg| again(arg).is_some());
            constant.then_some(Value::AnyStr)
        }
        Kind::Unary if tree.op(id) == Op::Minus as u16 => match again(tree.child(id, 0))? {
            Value::Int(n) => n.checked_neg().map(Value::Int),
            _ => None,
        },
        Kind::Unary if tree.op(id) == Op::Not as u16 => match again(tree.child(id, 0))? {
            Value::Bool(b) => Some(Value::Bool(!b)),
            _ => None,
        },
        Kind::Binary => {
            let op = tree.op(id);
            let is = |o: Op| op == o as u16;
            if ![Op::Plus, Op::Minus, Op::Mul, Op::FloorDiv, Op::Mod].into_iter().any(is) {
                return None;
            }
            match (again(tree.child(id, 0))?, again(tree.child(id, 1))?) {
                (Value::Int(a), Value::Int(b)) if is(Op::Plus) => a.checked_add(b).map(Value::Int),
                (Value::Int(a), Value::Int(b)) if is(Op::Minus) => a.checked_sub(b).map(Value::Int),
                (Value::Int(a), Value::Int(b)) if is(Op::Mul) => a.checked_mul(b).map(Value::Int),
                // Languages round negative numbers in different ways.
                (Value::Int(a), Value::Int(b)) if a >= 0 && b > 0 => {
                    Some(Value::Int(if is(Op::Mod) { a % b } else { a / b }))
                }
                (a, b) if is(Op::Plus) => join_text(&[a, b]),
                (Value::Str(..) | Value::AnyStr, Value::Int(_)) if is(Op::Mul) => Some(Value::AnyStr),
                _ => None,
            }
        }
        Kind::Interp => {
            let mut parts = Vec::new();
            for &part in tree.children(id) {
                parts.push(match tree.kind(part) {
                    Kind::Hole => again(*tree.children(part).first()?)?,
                    _ => again(part)?,
                });
            }
            join_text(&parts)
        }
        Kind::Cast => again(tree.child(id, 1)),
        Kind::Ternary => join_values(again(tree.child(id, 1)), again(tree.child(id, 2)).as_ref()),
        _ => None,
    }
}

/// Texts joined; anything but a text makes no constant (languages write numbers in different ways).
fn join_text(parts: &[Value]) -> Option<Value> {
    let mut text = String::new();
    let mut known = true;
    for part in parts {
        match part {
            Value::Str(s, _) => text.push_str(s),
            Value::AnyStr => known = false,
            Value::Int(_) | Value::Float(_) | Value::Bool(_) | Value::Null | Value::Regex(..) | Value::Node(_) => {
                return None;
            }
        }
    }
    Some(if known && text.len() <= MAX_TEXT { Value::Str(text.into(), None) } else { Value::AnyStr })
}

pub(super) fn flow(tree: &Tree, names: &mut Names, lang: Lang) {
    let changed = Changed::of(tree, names, lang);
    let keeps = |id: DefId, def: &Def| {
        let own = lang != Lang::Java || is_own(tree, def.node) && !changed.elsewhere.contains(&id);
        def.kind != DefKind::Field || own && !changed.members.contains(&tree.sym(def.node))
    };
    let defs = names.defs.iter().enumerate();
    let once = defs.map(|(i, def)| def.assigned == 1 && keeps(DefId(i as u32), def)).collect();
    let mut flow = Flow {
        tree,
        state: vec![None; names.defs.len()],
        single: vec![None; names.defs.len()],
        once,
        fields: FxHashMap::default(),
        elsewhere: changed.elsewhere,
        changes: Vec::new(),
        alive: true,
        function: 0,
        names,
    };
    flow.singles();
    flow.constant_fields(lang, &changed.members);
    flow.statement(tree.root());
}

/// What is changed in ways that the order of statements does not show.
#[derive(Default)]
struct Changed {
    /// Names of members that are assigned to: `this.a = …`, `x.a++`.
    members: FxHashSet<Sym>,
    /// Definitions that are assigned to in another function than their own.
    elsewhere: FxHashSet<DefId>,
}

impl Changed {
    fn of(tree: &Tree, names: &Names, lang: Lang) -> Changed {
        let mut changed = Changed::default();
        for id in tree.ids() {
            let assigns = match tree.kind(id) {
                Kind::Assign | Kind::AugAssign => true,
                Kind::Unary => tree.op(id) >= Op::PreInc as u16,
                _ => false,
            };
            let Some(&target) = tree.children(id).first().filter(|_| assigns) else { continue };
            match tree.kind(target) {
                Kind::Member => changed.member(tree, target),
                // Semgrep holds to what a module of Python says of its names, whatever functions do to them.
                Kind::Ident if lang != Lang::Python => {
                    let def = names.def(target).filter(|&def| names.get(def).function != function_around(tree, id));
                    changed.elsewhere.extend(def);
                }
                Kind::Tuple | Kind::Array | Kind::Object => {
                    let parts = (tree[target].low..target.0).map(NodeId);
                    parts.filter(|&part| tree.kind(part) == Kind::Member).for_each(|part| changed.member(tree, part));
                }
                _ => {}
            }
        }
        changed
    }

    fn member(&mut self, tree: &Tree, target: NodeId) {
        self.members.insert(tree.sym(tree.child(target, 1)));
    }
}

/// The function whose body `id` stands in, as definitions know it.
fn function_around(tree: &Tree, id: NodeId) -> u32 {
    let (mut at, mut up) = (id, tree.parent(id));
    while let Some(outer) = up {
        if matches!(tree.kind(outer), Kind::FuncDef | Kind::Lambda) && tree.children(outer).last() == Some(&at) {
            return at.0 + 1;
        }
        (at, up) = (outer, tree.parent(outer));
    }
    0
}

/// The body of the class that `id` stands in.
fn class_around(tree: &Tree, id: NodeId) -> Option<NodeId> {
    std::iter::successors(tree.parent(id), |&at| tree.parent(at)).find(|&at| tree.kind(at) == Kind::ClassBody)
}

/// Is the field of Java declared at this name changed by its own file only, or never?
fn is_own(tree: &Tree, name: NodeId) -> bool {
    let Some(field) = tree.parent(name).filter(|&field| tree.kind(field) == Kind::VarDef) else { return false };
    let mut modifiers = tree.children(tree.child(field, 3)).iter();
    let class = tree.parent(field).and_then(|body| tree.parent(body));
    let interface = class.is_some_and(|class| tree.kind(class) == Kind::ClassDef && tree[class].aux == Aux::INTERFACE);
    interface || modifiers.any(|&word| matches!(tree.text(word), "final" | "private"))
}

/// What a branch changed (definition → value at its end) and whether its end is reached.
type Branch = (FxHashMap<DefId, Option<Value>>, bool);

struct Flow<'t> {
    tree: &'t Tree,
    names: &'t mut Names,
    /// Value of each definition at this point.
    state: Vec<Option<Value>>,
    /// Constants of names that are assigned once, wherever they are used.
    single: Vec<Option<Value>>,
    once: Vec<bool>,
    /// Constants behind `this.name`, by the body of the class.
    fields: FxHashMap<(NodeId, Sym), Value>,
    /// Definitions that are changed in another function than their own.
    elsewhere: FxHashSet<DefId>,
    /// What was overwritten since a branch began: (definition, value before).
    changes: Vec<(DefId, Option<Value>)>,
    alive: bool,
    function: u32,
}

impl Flow<'_> {
    /// Constants of names assigned once, folded in definition order (a constant may be made of earlier ones).
    fn singles(&mut self) {
        for i in 0..self.names.defs.len() {
            let Some(init) = self.names.defs[i].init.filter(|_| self.once[i]) else { continue };
            let value = constant(
                self.tree,
                init,
                &|ident| self.names.def(ident).and_then(|d| self.single[d.0 as usize].clone()),
                0,
            );
            self.single[i] = value;
        }
    }

    /// Fields that have their first value for good.
    fn constant_fields(&mut self, lang: Lang, changed: &FxHashSet<Sym>) {
        for (i, def) in self.names.defs.iter().enumerate().filter(|(_, def)| def.kind == DefKind::Field) {
            let name = self.tree.sym(def.node);
            let Some(class) = class_around(self.tree, def.node).filter(|_| !changed.contains(&name)) else { continue };
            let value = match lang {
                Lang::Java => self.single[i].clone().filter(|_| self.once[i]),
                _ => def.init.and_then(|init| constant(self.tree, init, &|_| None, 0)),
            };
            self.fields.extend(value.map(|value| ((class, name), value)));
        }
    }

    fn set(&mut self, def: DefId, value: Option<Value>) {
        // Another function may run, and change it, at any time.
        let value = value.filter(|_| !self.elsewhere.contains(&def));
        let old = std::mem::replace(&mut self.state[def.0 as usize], value);
        self.changes.push((def, old));
    }

    fn lookup(&self, id: NodeId) -> Option<Value> {
        if self.tree.kind(id) == Kind::Member {
            return self.names.values.get(&id).cloned();
        }
        let def = self.names.def(id)?;
        let index = def.0 as usize;
        if self.names.defs[index].function == self.function
            && let Some(value) = &self.state[index]
        {
            return Some(value.clone());
        }
        if self.once[index] && self.names.defs[index].function != self.function {
            return self.single[index].clone().or_else(|| self.state[index].clone());
        }
        None
    }

    // ── branches ─────────────────────────────────────────────────────────────────────────────────

    /// Runs `body` and takes back what it changed; returns the changed definitions with their values and whether its end is reached.
    fn branch(&mut self, body: impl FnOnce(&mut Self)) -> Branch {
        let mark = self.changes.len();
        let alive = std::mem::replace(&mut self.alive, true);
        body(self);
        let reached = std::mem::replace(&mut self.alive, alive);
        // Taken back from the newest: the first value met for a definition is the one it ended with.
        let mut after: FxHashMap<DefId, Option<Value>> = FxHashMap::default();
        for (def, old) in self.changes.drain(mark..).rev() {
            let now = std::mem::replace(&mut self.state[def.0 as usize], old);
            after.entry(def).or_insert(now);
        }
        (after, reached)
    }

    /// Joins branches that start from the present state. A branch whose end is not reached does not count.
    fn join(&mut self, branches: Vec<Branch>) {
        let reached: Vec<_> = branches.into_iter().filter(|(_, r)| *r).map(|(c, _)| c).collect();
        if reached.is_empty() {
            self.alive = false;
            return;
        }
        let mut defs: Vec<DefId> = reached.iter().flat_map(|c| c.keys().copied()).collect();
        defs.sort_unstable();
        defs.dedup();
        for def in defs {
            let before = self.state[def.0 as usize].clone();
            let mut values = reached.iter().map(|c| c.get(&def).unwrap_or(&before));
            let first = values.next().cloned().flatten();
            let joined = values.fold(first, |a, b| join_values(a, b.as_ref()));
            self.set(def, joined);
        }
    }

    /// Forgets every definition assigned anywhere under `id`.
    fn forget(&mut self, id: NodeId) {
        let low = self.tree[id].low;
        for i in low..=id.0 {
            let id = NodeId(i);
            let target = match self.tree.kind(id) {
                Kind::Assign | Kind::AugAssign | Kind::VarDef | Kind::Unary | Kind::ForEach => {
                    self.tree.children(id).first()
                }
                _ => None,
            };
            if let Some(&target) = target {
                self.forget_target(target);
            }
        }
    }

    fn forget_target(&mut self, target: NodeId) {
        match self.tree.kind(target) {
            Kind::Ident => {
                if let Some(def) = self.names.def(target)
                    && self.state[def.0 as usize].is_some()
                {
                    self.set(def, None);
                }
            }
            Kind::Tuple | Kind::Array | Kind::Spread | Kind::Object | Kind::Pair | Kind::VarDef => {
                for &child in self.tree.children(target) {
                    self.forget_target(child);
                }
            }
            _ => {}
        }
    }

    // ── the walk ─────────────────────────────────────────────────────────────────────────────────

    fn children(&mut self, id: NodeId) {
        let tree = self.tree;
        for &child in tree.children(id) {
            self.statement(child);
        }
    }

    /// Statements and expressions alike: values change in both.
    fn statement(&mut self, id: NodeId) {
        let tree = self.tree;
        match tree.kind(id) {
            Kind::Ident => {
                if let Some(value) = self.lookup(id) {
                    self.names.values.insert(id, value);
                }
            }
            Kind::Member => {
                self.statement(tree.child(id, 0));
                if !self.fields.is_empty()
                    && tree.kind(tree.child(id, 0)) == Kind::This
                    && let Some(class) = class_around(tree, id)
                    && let Some(value) = self.fields.get(&(class, tree.sym(tree.child(id, 1))))
                {
                    self.names.values.insert(id, value.clone());
                }
            }
            Kind::If => {
                self.statement(tree.child(id, 0));
                let then = self.branch(|f| f.statement(tree.child(id, 1)));
                let otherwise = self.branch(|f| f.statement(tree.child(id, 2)));
                self.join(vec![then, otherwise]);
            }
            Kind::Ternary => {
                self.statement(tree.child(id, 0));
                let then = self.branch(|f| f.statement(tree.child(id, 1)));
                let otherwise = self.branch(|f| f.statement(tree.child(id, 2)));
                self.join(vec![then, otherwise]);
            }
            Kind::While | Kind::DoWhile | Kind::For | Kind::ForEach => {
                if tree.kind(id) == Kind::For {
                    self.statement(tree.child(id, 0));
                }
                if tree.kind(id) == Kind::ForEach {
                    self.statement(tree.child(id, 1));
                }
                self.forget(id);
                let body = self.branch(|f| match tree.kind(id) {
                    Kind::For => {
                        for slot in [1, 3, 2] {
                            f.statement(tree.child(id, slot));
                        }
                    }
                    Kind::ForEach => f.statement(tree.child(id, 2)),
                    _ => f.children(id),
                });
                self.join(vec![(body.0, true), (FxHashMap::default(), true)]);
            }
            Kind::Try => {
                if let Some(resources) = tree.slot(id, 0) {
                    self.statement(resources);
                }
                let body = self.branch(|f| {
                    f.statement(tree.child(id, 1));
                    f.statement(tree.child(id, 3));
                });
                let mut branches = vec![body];
                for &catch in tree.children(tree.child(id, 2)) {
                    branches.push(self.branch(|f| {
                        f.forget(tree.child(id, 1));
                        f.statement(catch);
                    }));
                }
                let alive = self.alive;
                self.join(branches);
                let after = self.alive;
                self.alive = alive;
                if let Some(finally) = tree.slot(id, 4) {
                    // It runs however the rest ended, and wherever.
                    let (_, reached) = self.branch(|f| {
                        f.forget(tree.child(id, 1));
                        f.forget(tree.child(id, 2));
                        f.statement(finally);
                    });
                    self.forget(finally);
                    self.alive &= reached;
                }
                self.alive &= after;
            }
            Kind::Switch => {
                self.statement(tree.child(id, 0));
                // A case may be entered from the one before: what any case assigns is not known in the others.
                self.forget(tree.child(id, 1));
                let mut branches = vec![(FxHashMap::default(), true)];
                for &case in tree.children(tree.child(id, 1)) {
                    let (changes, _) = self.branch(|f| f.statement(case));
                    branches.push((changes, true));
                }
                self.join(branches);
            }
            Kind::Return | Kind::Throw | Kind::Break | Kind::Continue => {
                self.children(id);
                self.alive = false;
            }
            Kind::FuncDef | Kind::Lambda => {
                let outer = self.function;
                self.function = tree.children(id).last().map_or(0, |body| body.0 + 1);
                let alive = self.alive;
                let _ = self.branch(|f| f.children(id));
                self.alive = alive;
                self.function = outer;
            }
            Kind::VarDef => {
                for slot in [3, 1, 2] {
                    self.statement(tree.child(id, slot));
                }
                if let Some(init) = tree.slot(id, 2) {
                    self.assign(tree.child(id, 0), Some(init));
                }
            }
            Kind::Assign => {
                self.statement(tree.child(id, 1));
                if tree.kind(tree.child(id, 0)) != Kind::Ident {
                    self.statement(tree.child(id, 0));
                }
                self.assign(tree.child(id, 0), Some(tree.child(id, 1)));
            }
            Kind::AugAssign => {
                self.children(id);
                let target = tree.child(id, 0);
                let folded = if tree.op(id) == Op::Plus as u16 {
                    match (self.fold(target), self.fold(tree.child(id, 1))) {
                        (Some(Value::Int(a)), Some(Value::Int(b))) => a.checked_add(b).map(Value::Int),
                        (Some(a), Some(b)) => join_text(&[a, b]),
                        _ => None,
                    }
                } else {
                    None
                };
                match self.names.def(target).filter(|_| tree.kind(target) == Kind::Ident) {
                    Some(def) => self.set(def, folded),
                    None => self.forget_target(target),
                }
            }
            Kind::Unary if tree.op(id) >= Op::PreInc as u16 => {
                self.children(id);
                self.forget_target(tree.child(id, 0));
            }
            _ => self.children(id),
        }
    }

    fn fold(&self, id: NodeId) -> Option<Value> {
        constant(self.tree, id, &|ident| self.lookup(ident), 0)
    }

    fn assign(&mut self, target: NodeId, value: Option<NodeId>) {
        let tree = self.tree;
        match tree.kind(target) {
            Kind::Ident => {
                if let Some(def) = self.names.def(target) {
                    let known = value.and_then(|v| self.fold(v).or_else(|| symbolic(tree, v, def, self.names)));
                    self.set(def, known);
                }
            }
            Kind::Tuple | Kind::Array => {
                let values = value.filter(|&v| {
                    matches!(tree.kind(v), Kind::Tuple | Kind::Array)
                        && tree.children(v).len() == tree.children(target).len()
                });
                for (i, &part) in tree.children(target).iter().enumerate() {
                    self.assign(part, values.map(|v| tree.child(v, i)));
                }
            }
            _ => self.forget_target(target),
        }
    }
}

/// Expressions that may stand for the name they are assigned to.
fn symbolic(tree: &Tree, value: NodeId, def: DefId, names: &Names) -> Option<Value> {
    let shape = matches!(
        tree.kind(value),
        Kind::Call
            | Kind::Member
            | Kind::Index
            | Kind::New
            | Kind::Binary
            | Kind::Interp
            | Kind::Array
            | Kind::Dict
            | Kind::Object
            | Kind::Tuple
            | Kind::Ident
            | Kind::Await
            | Kind::Unary
            | Kind::Composite
            | Kind::Cast
            | Kind::Slice
    );
    // `x = f(x)`: the name inside is the one before; it must not stand for itself.
    let low = tree[value].low;
    let itself =
        shape && (low..=value.0).any(|i| tree.kind(NodeId(i)) == Kind::Ident && names.def(NodeId(i)) == Some(def));
    (shape && !itself).then_some(Value::Node(value))
}

fn join_values(a: Option<Value>, b: Option<&Value>) -> Option<Value> {
    match (a, b) {
        (Some(a), Some(b)) if a == *b => Some(a),
        (Some(Value::Str(a, _)), Some(Value::Str(b, _))) if a == *b => Some(Value::Str(a, None)),
        (Some(Value::Str(..) | Value::AnyStr), Some(Value::Str(..) | Value::AnyStr)) => Some(Value::AnyStr),
        _ => None,
    }
}
