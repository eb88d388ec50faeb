//! Matches one compiled pattern against one tree.
//!
//! Matching is a search with continuations: a matcher function calls `then` once per way to match and goes on to the next way
//! when `then` returns `false`. Bindings live on one trail that is cut back on the way out, so a failed attempt costs no
//! allocation. The depth of the search is bounded by the size of the pattern (lists are walked by loops), its length by a
//! step budget.

mod definitions;
mod directives;
mod expressions;
mod lists;
mod statements;
mod text;

use std::cell::RefCell;
use std::rc::Rc;

use rampart_syntax::{Kind, Lang, Names, NodeId, Span, Sym, Tree, Value};
use rustc_hash::FxHashMap;
use smallvec::SmallVec;

use crate::model::Options;
use crate::pattern::{Mv, P, Pattern, RootKind};

/// What a metavariable is bound to.
#[derive(Clone, Debug)]
pub enum Val {
    Node(NodeId),
    /// `$...X`: neighbours in a list, with the span they cover.
    Nodes(Rc<[NodeId]>, Span),
    /// Text that is not a node: the content of a string, a regular-expression group, a resolved name.
    Text(Rc<str>, Span),
}

pub type Env = SmallVec<[(Mv, Val); 2]>;

type FlatLists = FxHashMap<NodeId, Rc<[NodeId]>>;

/// A file ready to be matched.
pub struct Target<'t> {
    pub lang: Lang,
    pub text: &'t str,
    pub tree: &'t Tree,
    pub names: &'t Names,
    /// Statements of a list with everything nested in them, by the last of the list.
    flat: RefCell<FlatLists>,
}

impl<'t> Target<'t> {
    pub fn new(lang: Lang, text: &'t str, tree: &'t Tree, names: &'t Names) -> Self {
        Target { lang, text, tree, names, flat: RefCell::default() }
    }

    pub fn span(&self, val: &Val) -> Span {
        match val {
            Val::Node(id) => self.tree.span(*id),
            Val::Nodes(_, span) | Val::Text(_, span) => *span,
        }
    }

    /// The source text of a binding; the text itself where it is one.
    pub fn source<'a>(&'a self, val: &'a Val) -> &'a str {
        match val {
            Val::Text(text, _) => text,
            _ => self.text.get(self.span(val).range()).unwrap_or(""),
        }
    }

    /// Do two bindings mean the same code?
    pub fn same(&self, a: &Val, b: &Val, strict: bool) -> bool {
        match (a, b) {
            (&Val::Node(a), &Val::Node(b)) => a == b || self.same_nodes(a, b, strict),
            (Val::Nodes(a, _), Val::Nodes(b, _)) => {
                a.len() == b.len() && a.iter().zip(b.iter()).all(|(&a, &b)| self.same_nodes(a, b, strict))
            }
            (Val::Text(a, _), Val::Text(b, _)) => a == b,
            (Val::Text(text, _), &Val::Node(id)) | (&Val::Node(id), Val::Text(text, _)) => match self.tree.kind(id) {
                Kind::Str | Kind::Ident => self.tree.text(id) == &**text,
                _ => self.text.get(self.tree.span(id).range()) == Some(&**text),
            },
            (Val::Nodes(list, _), &Val::Node(id)) | (&Val::Node(id), Val::Nodes(list, _)) => {
                list.len() == 1 && self.same_nodes(list[0], id, strict)
            }
            _ => false,
        }
    }

    fn same_nodes(&self, a: NodeId, b: NodeId, strict: bool) -> bool {
        let (a, b) = (self.unwrapped(a), self.unwrapped(b));
        if !self.tree.same(a, self.tree, b) {
            return false;
        }
        // Two names are the same thing only when they mean the same definition.
        if strict && self.tree.kind(a) == Kind::Ident {
            return match (self.names.def(a), self.names.def(b)) {
                (Some(x), Some(y)) => {
                    x == y || self.names.get(x).kind == self.names.get(y).kind && self.names.import(a).is_some()
                }
                _ => true,
            };
        }
        true
    }

    /// A statement that is only an expression is that expression; a parameter that is only a name is that name.
    fn unwrapped(&self, id: NodeId) -> NodeId {
        match self.tree.kind(id) {
            Kind::ExprStmt => self.tree.child(id, 0),
            Kind::Param => self.tree.child(id, 0),
            _ => id,
        }
    }
}

/// A match of a pattern: what it covers and binds. `node` is the matched node where it is one.
#[derive(Clone, Debug)]
pub struct Found {
    pub span: Span,
    pub env: Env,
    pub node: Option<NodeId>,
}

type Then<'x, 'm> = &'x mut dyn FnMut(&mut Matcher<'m>) -> bool;

/// The state of one search.
pub struct Matcher<'m> {
    pat: &'m Pattern,
    target: &'m Target<'m>,
    tree: &'m Tree,
    names: &'m Names,
    options: &'m Options,
    /// Is this a `pattern-inside`? A trailing `...` then covers all that follows, once.
    inside: bool,
    env: Env,
    /// Last statement matched by a run of statements.
    last: Option<NodeId>,
    steps: u64,
    /// Steps of symbolic propagation taken on this path.
    derefs: u32,
}

/// Different ways to match one pattern at one place that are kept.
const MAX_SOLUTIONS: usize = 64;
/// As in Semgrep: chains of names standing for names.
const MAX_DEREFS: u32 = 50;

impl<'m> Matcher<'m> {
    pub fn new(pat: &'m Pattern, target: &'m Target<'m>, options: &'m Options, inside: bool, steps: u64) -> Self {
        Matcher {
            pat,
            target,
            tree: target.tree,
            names: target.names,
            options,
            inside,
            env: Env::new(),
            last: None,
            steps,
            derefs: 0,
        }
    }

    /// Steps left; 0 means that the search was cut.
    pub fn steps_left(&self) -> u64 {
        self.steps
    }

    /// Starts every search from these bindings (a nested formula knows the outer ones).
    pub fn with_env(mut self, env: &Env) -> Self {
        self.env.clone_from(env);
        self
    }

    /// All matches of a one-root pattern at `id`.
    pub fn at(&mut self, id: NodeId, out: &mut Vec<Found>) {
        let root = self.pat.roots[0];
        let from = out.len();
        let span = self.root_span(root, id);
        self.last = None;
        let statement = self.pat.root_kind == RootKind::Statement;
        let mut keep = |m: &mut Matcher<'m>| {
            let found = Found { span, env: m.env.clone(), node: Some(id) };
            m.keep(found, out, from)
        };
        // `function ... (…) {…}` means the function itself.
        let whole = self.pat.kind(root) == Kind::FuncDef;
        if statement && !whole && self.tree.kind(id) == Kind::Lambda {
            self.short_body(root, id, &mut keep);
        } else if statement {
            self.statement(root, id, &mut keep);
        } else {
            self.root_node(root, id, &mut keep);
        }
    }

    /// A statement against the body of a function that is only an expression: `return $X`, or in Java the expression itself.
    fn short_body(&mut self, p: P, t: NodeId, then: Then<'_, 'm>) -> bool {
        let (body, value) = (self.tree.child(t, 2), self.pat.child(p, 0));
        if self.tree.kind(body) == Kind::Block || self.pat.kind(value) == Kind::Nil {
            return false;
        }
        match (self.pat.kind(p), self.target.lang) {
            // A lambda of Java is no function that returns.
            (Kind::Return, lang) => lang != Lang::Java && self.node(value, body, then),
            (Kind::ExprStmt, Lang::Java) => self.deep_implicit(value, body, then),
            _ => false,
        }
    }

    /// All matches of a run of statements that begins at `list[0]`.
    pub fn run(&mut self, list: &[NodeId], out: &mut Vec<Found>) {
        let from = out.len();
        let roots: Vec<P> = self.pat.roots.clone();
        self.last = None;
        let start = self.tree.span(list[0]);
        self.statements_deep(&roots, list, true, &mut |m| {
            let end = m.last.map_or(start.end, |last| m.tree.span(last).end.max(start.end));
            let found = Found { span: Span { start: start.start, end }, env: m.env.clone(), node: None };
            m.keep(found, out, from)
        });
    }

    fn keep(&self, found: Found, out: &mut Vec<Found>, from: usize) -> bool {
        let known = out[from..].iter().any(|f| {
            f.span == found.span
                && f.env.len() == found.env.len()
                && f.env.iter().zip(&found.env).all(|((m, a), (n, b))| {
                    m == n && self.target.same(a, b, true) && self.target.span(a) == self.target.span(b)
                })
        });
        if !known {
            out.push(found);
        }
        out.len() - from >= MAX_SOLUTIONS
    }

    /// A declaration matched as an assignment covers the name and the value, not the type and modifiers before them.
    fn root_span(&self, root: P, id: NodeId) -> Span {
        if self.tree.kind(id) == Kind::VarDef && self.pat.kind(root) == Kind::Assign {
            let target = self.tree.span(self.tree.child(id, 0));
            return Span { start: target.start, end: self.tree.span(id).end };
        }
        let whole = self.pat.kind(root) == Kind::FuncDef;
        if self.tree.kind(id) == Kind::Lambda && self.pat.root_kind == RootKind::Statement && !whole {
            return self.tree.span(self.tree.child(id, 2));
        }
        self.tree.span(id)
    }

    fn root_node(&mut self, p: P, t: NodeId, then: Then<'_, 'm>) -> bool {
        // A decorator is a call too: `f($X)` finds `@f(1)`.
        if self.tree.kind(t) == Kind::Annotation && self.pat.kind(p) == Kind::Call && self.options.attr_expr {
            return self.annotation(p, t, then);
        }
        self.node_at(p, t, true, then)
    }

    /// Takes one step; `false` when the budget is used up.
    fn step(&mut self) -> bool {
        self.steps = self.steps.saturating_sub(1);
        self.steps > 0
    }

    fn kids(&self, p: P) -> &'m [P] {
        self.pat.children(p)
    }

    fn pk(&self, p: P) -> Kind {
        self.pat.kind(p)
    }

    fn tk(&self, t: NodeId) -> Kind {
        self.tree.kind(t)
    }

    // ── bindings ─────────────────────────────────────────────────────────────────────────────────

    fn bound(&self, mv: Mv) -> Option<&Val> {
        self.env.iter().find(|(m, _)| *m == mv).map(|(_, v)| v)
    }

    /// Binds `mv` to `val`, or checks it against what it is bound to.
    fn bind(&mut self, mv: Mv, val: Val, then: Then<'_, 'm>) -> bool {
        if mv == Mv::ANONYMOUS {
            return then(self);
        }
        match self.bound(mv) {
            Some(known) => self.target.same(known, &val, self.options.unify_ids_strictly) && then(self),
            None => {
                self.env.push((mv, val));
                let stop = then(self);
                self.env.pop();
                stop
            }
        }
    }

    fn bind_nodes(&mut self, mv: Mv, nodes: &[NodeId], at: u32, then: Then<'_, 'm>) -> bool {
        let span = match (nodes.first(), nodes.last()) {
            (Some(&a), Some(&b)) => self.tree.span(a).join(self.tree.span(b)),
            _ => Span { start: at, end: at },
        };
        self.bind(mv, Val::Nodes(nodes.into(), span), then)
    }

    // ── constants and imports ────────────────────────────────────────────────────────────────────

    fn constant(&self, t: NodeId) -> Option<Value> {
        if !self.options.constant_propagation {
            return None;
        }
        self.names.constant(self.tree, t)
    }

    /// The expression that the name `t` stands for, when the rule asks for symbolic propagation.
    fn symbol_value(&self, t: NodeId) -> Option<NodeId> {
        if !self.options.symbolic_propagation || self.derefs >= MAX_DEREFS || self.tk(t) != Kind::Ident {
            return None;
        }
        match self.names.value(t) {
            Some(&Value::Node(id)) if id != t => Some(id),
            _ => None,
        }
    }

    fn sym_text(&self, sym: Sym) -> &'m str {
        self.tree.symbols.text(sym)
    }
}
