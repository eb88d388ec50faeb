//! Expressions and types.

use std::rc::Rc;

use rampart_syntax::{Aux, Kind, Lang, NodeId, Op, Span, Sym, Value};
use smallvec::SmallVec;

use super::{Matcher, Then, Val};
use crate::pattern::{P, TextPattern};

impl<'m> Matcher<'m> {
    /// The pattern node `p` against the node `t`.
    pub(super) fn node(&mut self, p: P, t: NodeId, then: Then<'_, 'm>) -> bool {
        self.node_at(p, t, false, then)
    }

    /// As [`Self::node`]; at the root of a pattern a name does not stand for its value and a cast not for what it casts.
    pub(super) fn node_at(&mut self, p: P, t: NodeId, root: bool, then: Then<'_, 'm>) -> bool {
        if !self.step() {
            return true;
        }
        let (pk, tk) = (self.pk(p), self.tk(t));
        if !root
            && tk == Kind::Cast
            && !matches!(pk, Kind::Cast | Kind::Ellipsis)
            && self.node_at(p, self.tree.child(t, 1), false, then)
        {
            return true;
        }
        match pk {
            Kind::Ellipsis => return then(self),
            Kind::Metavar => {
                if self.metavar(p, t, then) {
                    return true;
                }
                return !root && self.by_value(p, t, then);
            }
            Kind::MetavarEllipsis => return self.bind_nodes(self.pat.node(p).mv, &[t], 0, then),
            // The body of an arrow function is a block, written short: no part of the expression.
            Kind::Deep if tk == Kind::Lambda && self.target.lang.is_script() => {
                return self.node_at(self.pat.child(p, 0), t, true, then);
            }
            Kind::Deep => return self.deep(self.pat.child(p, 0), t, then),
            Kind::Typed => return self.typed(p, t, then),
            Kind::Chain => return self.chain(self.pat.child(p, 0), t, then),
            _ => {}
        }
        if pk.is_literal() && (pk != tk) {
            if self.literal(p, t, then) {
                return true;
            }
        } else if self.same_shape(p, t, then) {
            return true;
        }
        if matches!(pk, Kind::Member | Kind::Ident) && matches!(tk, Kind::Ident) && self.imported(p, t, then) {
            return true;
        }
        !root && self.by_value(p, t, then)
    }

    /// The expression that the name `t` stands for, in its place.
    fn by_value(&mut self, p: P, t: NodeId, then: Then<'_, 'm>) -> bool {
        let Some(value) = self.symbol_value(t) else { return false };
        self.derefs += 1;
        let stop = self.node_at(p, value, false, then);
        self.derefs -= 1;
        stop
    }

    fn metavar(&mut self, p: P, t: NodeId, then: Then<'_, 'm>) -> bool {
        // What is only a part of another construct is not an expression of its own.
        if matches!(self.tk(t), Kind::Nil | Kind::KwArg | Kind::Args | Kind::Attrs) {
            return false;
        }
        self.bind(self.pat.node(p).mv, Val::Node(t), then)
    }

    fn same_shape(&mut self, p: P, t: NodeId, then: Then<'_, 'm>) -> bool {
        let (pk, tk) = (self.pk(p), self.tk(t));
        let (ps, ts) = (self.kids(p), self.tree.children(t));
        let at = self.tree.span(t).end;
        match (pk, tk) {
            (Kind::Ident, Kind::Ident) => {
                let node = self.pat.node(p);
                match &node.text {
                    TextPattern::Exact => node.sym == self.tree.sym(t) && then(self),
                    _ => {
                        let text = self.tree.text(t);
                        self.text(p, text, self.tree.span(t), then)
                    }
                }
            }
            // Keys may be names or strings.
            (Kind::Ident, Kind::Str) | (Kind::Str, Kind::Ident) => false,
            _ if pk.is_literal() && pk == tk => self.literal(p, t, then),
            (Kind::Member, Kind::Member) => {
                let (object, name) = (ps[0], ps[1]);
                if self.pk(object) == Kind::Chain {
                    // `o. ... .m()` finds `o.m()` as well.
                    let inner = self.pat.child(object, 0);
                    if self.field_name(name, ts[1], &mut |m| m.node(inner, ts[0], then)) {
                        return true;
                    }
                }
                self.field_name(name, ts[1], &mut |m| m.node(object, ts[0], then))
            }
            (Kind::Call, Kind::Call) => {
                let (callee, args) = (ps[0], self.kids(ps[1]));
                let targets = self.tree.children(ts[1]);
                self.node(callee, ts[0], &mut |m| m.arguments(args, targets, at, then))
            }
            // `` tag`text` `` calls the tag with the text.
            (Kind::Call, Kind::Tagged) => {
                let (args, text) = (self.kids(ps[1]), &ts[1..]);
                self.node(ps[0], ts[0], &mut |m| m.arguments(args, text, at, then))
            }
            (Kind::New, Kind::New) => {
                let (ty, args, body) = (ps[0], self.kids(ps[1]), ps[2]);
                let targets = self.tree.children(ts[1]);
                self.named_type(ty, ts[0], &mut |m| {
                    m.arguments(args, targets, at, &mut |m| {
                        if m.pk(body) == Kind::Nil { then(m) } else { m.optional(body, ts[2], then) }
                    })
                })
            }
            (Kind::Args, Kind::Args) => self.arguments(ps, ts, at, then),
            (Kind::KwArg, Kind::KwArg) => {
                let text = self.tree.text(t);
                let span = self.tree.span(t);
                self.text(p, text, span, &mut |m| m.node(ps[0], ts[0], then))
            }
            // `key: $V` alone finds keyword arguments too.
            (Kind::Pair, Kind::KwArg) => {
                let text = self.tree.text(t);
                let span = self.tree.span(t);
                let (key, value) = (ps[0], ps[1]);
                let span = Span { start: span.start, end: span.start + text.len() as u32 };
                match self.pk(key) {
                    Kind::Metavar => self
                        .bind(self.pat.node(key).mv, Val::Text(text.into(), span), &mut |m| m.node(value, ts[0], then)),
                    _ => self.text(key, text, span, &mut |m| m.node(value, ts[0], then)),
                }
            }
            (Kind::Pair, Kind::Pair) => {
                let (key, value) = (ps[0], ps[1]);
                self.key(key, ts[0], &mut |m| m.node(value, ts[1], then))
            }
            // A field with an ellipsis for its value is any member of that name.
            (Kind::Pair, Kind::FuncDef) if self.pk(ps[1]) == Kind::Ellipsis => self.key(ps[0], ts[2], then),
            (Kind::Array, Kind::Comprehension)
            | (Kind::Set, Kind::Comprehension)
            | (Kind::Dict, Kind::Comprehension) => {
                let kind = match pk {
                    Kind::Array => Aux::LIST,
                    Kind::Set => Aux::SET,
                    _ => Aux::DICT,
                };
                matches!(ps, [one] if self.pat.is_ellipsis(*one)) && self.tree[t].aux == kind && then(self)
            }
            (Kind::Array | Kind::Tuple, _) if pk == tk => self.list(ps, ts, at, then),
            (Kind::Set | Kind::Dict, Kind::Dict | Kind::Set) => {
                let open = ps.iter().any(|&p| self.pat.is_ellipsis(p));
                if open && ps.len() == 1 {
                    return then(self);
                }
                (pk == tk) && self.unordered(ps, ts, open, then)
            }
            (Kind::Object, Kind::Object) => {
                let open = ps.iter().any(|&p| self.pat.is_ellipsis(p));
                // Go: nothing is left out silently, and items without keys are ordered.
                if self.tree.parent(t).is_some_and(|up| self.tk(up) == Kind::Composite) {
                    let keyed = ps.iter().all(|&p| self.pat.is_ellipsis(p) || self.pk(p) == Kind::Pair);
                    return if keyed { self.unordered(ps, ts, open, then) } else { self.list(ps, ts, at, then) };
                }
                self.unordered(ps, ts, open || self.options.implicit_ellipsis, then)
            }
            (Kind::Binary, Kind::Binary) => self.binary(p, t, then),
            (Kind::Unary | Kind::AugAssign, _) if pk == tk => {
                self.pat.node(p).aux == self.tree[t].aux && self.all(ps, ts, then)
            }
            // `-1` of a pattern against a folded constant, and the other way round.
            (Kind::Unary, Kind::Int | Kind::Ident)
                if self.pat.node(p).aux == Op::Minus as u16 && self.pk(ps[0]) == Kind::Int =>
            {
                let n = rampart_syntax::resolve::parse_int(self.sym_text(self.pat.node(ps[0]).sym));
                matches!((self.constant(t), n), (Some(Value::Int(a)), Some(b)) if Some(a) == b.checked_neg())
                    && then(self)
            }
            (Kind::Assign, Kind::Assign) => {
                if self.pat.node(p).aux == Aux::DECLARES && self.tree[t].aux != Aux::DECLARES {
                    return false;
                }
                let (target, value) = (ps[0], ps[1]);
                if self.node(target, ts[0], &mut |m| m.node(value, ts[1], then)) {
                    return true;
                }
                self.pairwise(target, value, ts[0], ts[1], then)
            }
            (Kind::Assign, Kind::VarDef) if self.options.vardef_assign => {
                let (target, value) = (ps[0], ps[1]);
                let Some(init) = self.tree.slot(t, 2) else { return false };
                // `with open(f) as g` gives `g` what the context hands out, not the context.
                let list = self.tree.parent(t);
                let with = list.and_then(|up| self.tree.parent(up)).filter(|&up| self.tk(up) == Kind::With);
                let context = with.is_some_and(|with| list == Some(self.tree.child(with, 0)));
                // What is declared is a name, whatever it may stand for.
                let member = self.tk(ts[0]) == Kind::Ident && self.pk(target) == Kind::Member;
                if self.pat.node(p).aux == Aux::DECLARES || context || member {
                    return false;
                }
                self.node(target, ts[0], &mut |m| m.node(value, init, then))
                    || self.pairwise(target, value, ts[0], init, then)
            }
            (Kind::Tagged, Kind::Tagged) => {
                let (tag, text) = (ps[0], ps[1]);
                self.node(tag, ts[0], &mut |m| m.interpolation(m.kids(text), m.tree.children(ts[1]), then))
            }
            // A tagged template is a call, not a string.
            (Kind::Interp, Kind::Interp) if self.tree.parent(t).is_some_and(|up| self.tk(up) == Kind::Tagged) => false,
            (Kind::Interp, Kind::Interp) => {
                let fstring = self.pat.node(p).aux == Aux::FSTRING;
                (!fstring || self.tree[t].aux == Aux::FSTRING) && self.interpolation(ps, ts, then)
            }
            (Kind::Lambda, Kind::Lambda) => self.function(ps[0], ps[1], ps[2], ts[0], ts[1], ts[2], then),
            (Kind::ClassExpr, Kind::ClassExpr) => self.statement(ps[0], ts[0], then),
            (Kind::Slice, Kind::Slice) | (Kind::Yield, Kind::Yield) => {
                self.pat.node(p).aux == self.tree[t].aux && self.optionals(ps, ts, then)
            }
            (Kind::Comprehension, Kind::Comprehension) => {
                self.pat.node(p).aux == self.tree[t].aux && self.all(ps, ts, then)
            }
            (Kind::Xml, Kind::Xml) => self.xml(p, t, then),
            (Kind::XmlAttr, Kind::XmlAttr) => {
                // `a="x"` and `a={"x"}` are the same.
                let (p, t) = (self.bare(ps[1]), self.bare_target(ts[1]));
                // `a` alone is `a={true}`.
                let on = self.pk(p) == Kind::Nil && self.tk(t) == Kind::Bool && self.tree[t].aux == 1;
                self.key(ps[0], ts[0], &mut |m| if on { then(m) } else { m.optional(p, t, then) })
            }
            (Kind::XmlText, Kind::XmlText) => {
                let text = self.tree.text(t).trim();
                self.text(p, text, self.tree.span(t), then)
            }
            (Kind::Cast, Kind::Cast) => self.optionals(ps, ts, then),
            (Kind::Params, Kind::Params) | (Kind::TypeParams, Kind::TypeParams) => self.list(ps, ts, at, then),
            (Kind::Param, Kind::Param) => self.parameter(p, t, then),
            // `new(T)` and `make(T)` of Go make what `T{}` does, the first as `&T{}`.
            (Kind::Composite, Kind::Call) => match self.made(t) {
                Some((_, &[ty, ref sizes @ ..])) => {
                    self.node(ps[0], ty, &mut |m| m.list(m.kids(m.kids(p)[1]), sizes, at, then))
                }
                _ => false,
            },
            (Kind::Unary, Kind::Call) if self.pat.node(p).aux == Op::Ref as u16 => {
                self.pk(ps[0]) == Kind::Composite
                    && self.made(t).is_some_and(|(by, _)| by == "new")
                    && self.same_shape(ps[0], t, then)
            }
            (Kind::Composite, Kind::Composite) => {
                let (ty, body) = (ps[0], ps[1]);
                self.node(ty, ts[0], &mut |m| m.node(body, ts[1], then))
            }
            (Kind::Annotation, Kind::Annotation) => self.annotation(p, t, then),
            (Kind::Attrs, Kind::Attrs) => self.unordered(ps, ts, true, then),
            (Kind::TypeArray, Kind::TypeArray) => {
                let size = ps[1];
                self.node(ps[0], ts[0], &mut |m| {
                    if m.pk(size) == Kind::Nil { then(m) } else { m.optional(size, ts[1], then) }
                })
            }
            (Kind::Nil, Kind::Nil) => then(self),
            // A method may throw more than the pattern says.
            (Kind::Other, Kind::Other) if self.tree.text(t) == "throws" && self.pat.node(p).sym == self.tree.sym(t) => {
                self.unordered(ps, ts, true, then)
            }
            _ if pk.is_statement() || tk.is_statement() || matches!(pk, Kind::Catch | Kind::Case) => {
                self.statement_shape(p, t, then)
            }
            _ if pk == tk => {
                let node = self.pat.node(p);
                node.aux == self.tree[t].aux && node.sym == self.tree.sym(t) && self.all(ps, ts, then)
            }
            _ => false,
        }
    }

    /// What `new(T, …)` or `make(T, …)` of Go is called with, and which of them it is.
    fn made(&self, t: NodeId) -> Option<(&'m str, &'m [NodeId])> {
        let (callee, args) = (self.tree.child(t, 0), self.tree.child(t, 1));
        let by = self.tree.text(callee);
        let makes = self.target.lang == Lang::Go && self.tk(callee) == Kind::Ident && matches!(by, "new" | "make");
        makes.then(|| (by, self.tree.children(args)))
    }

    /// All children in order, one to one.
    pub(super) fn all(&mut self, ps: &[P], ts: &[NodeId], then: Then<'_, 'm>) -> bool {
        self.list(ps, ts, 0, then)
    }

    /// Children in order; a slot that is absent in the pattern must be absent in the target.
    pub(super) fn optionals(&mut self, ps: &[P], ts: &[NodeId], then: Then<'_, 'm>) -> bool {
        match (ps.split_first(), ts.split_first()) {
            (None, None) => then(self),
            (Some((&p, ps)), Some((&t, ts))) => self.optional(p, t, &mut |m| m.optionals(ps, ts, then)),
            _ => false,
        }
    }

    pub(super) fn optional(&mut self, p: P, t: NodeId, then: Then<'_, 'm>) -> bool {
        match (self.pk(p), self.tk(t)) {
            (Kind::Nil, Kind::Nil) | (Kind::Ellipsis, _) => then(self),
            (Kind::Nil, _) | (_, Kind::Nil) => false,
            _ => self.node(p, t, then),
        }
    }

    /// As [`Self::optional`], but what the pattern leaves out may be anything.
    pub(super) fn if_given(&mut self, p: P, t: NodeId, then: Then<'_, 'm>) -> bool {
        if self.pk(p) == Kind::Nil { then(self) } else { self.optional(p, t, then) }
    }

    /// A type that is constructed or inherited: its arguments may be left out.
    pub(super) fn named_type(&mut self, p: P, t: NodeId, then: Then<'_, 'm>) -> bool {
        let plain = !matches!(self.pk(p), Kind::TypeApply | Kind::Metavar | Kind::Ellipsis);
        let t = if plain && self.tk(t) == Kind::TypeApply { self.tree.child(t, 0) } else { t };
        self.node(p, t, then)
    }

    /// Names after a dot.
    fn field_name(&mut self, p: P, t: NodeId, then: Then<'_, 'm>) -> bool {
        match self.pk(p) {
            Kind::Metavar => self.bind(self.pat.node(p).mv, Val::Node(t), then),
            Kind::Ident => {
                let node = self.pat.node(p);
                if matches!(node.text, TextPattern::Exact) {
                    node.sym == self.tree.sym(t) && then(self)
                } else {
                    let text = self.tree.text(t);
                    self.text(p, text, self.tree.span(t), then)
                }
            }
            _ => self.node(p, t, then),
        }
    }

    fn bare(&self, p: P) -> P {
        match self.kids(p) {
            &[inner] if self.pk(p) == Kind::Hole => inner,
            _ => p,
        }
    }

    fn bare_target(&self, t: NodeId) -> NodeId {
        match self.tree.children(t) {
            &[inner] if self.tk(t) == Kind::Hole => inner,
            _ => t,
        }
    }

    /// Keys of pairs: names and strings are the same key in objects.
    pub(super) fn key(&mut self, p: P, t: NodeId, then: Then<'_, 'm>) -> bool {
        if self.pk(p) == Kind::Ident && self.tk(t) == Kind::Ident {
            let text = self.tree.text(t);
            return self.text(p, text, self.tree.span(t), then);
        }
        self.node(p, t, then)
    }

    /// `a, b = x, y` holds the assignments `a = x` and `b = y`.
    fn pairwise(&mut self, p: P, value: P, t: NodeId, init: NodeId, then: Then<'_, 'm>) -> bool {
        if self.tk(t) != Kind::Tuple || self.tk(init) != Kind::Tuple {
            return false;
        }
        let (ts, vs) = (self.tree.children(t), self.tree.children(init));
        if ts.len() != vs.len() || self.pk(p) == Kind::Tuple {
            return false;
        }
        for (&t, &v) in ts.iter().zip(vs) {
            if self.node(p, t, &mut |m| m.node(value, v, then)) {
                return true;
            }
        }
        false
    }

    // ── operators ────────────────────────────────────────────────────────────────────────────────

    fn binary(&mut self, p: P, t: NodeId, then: Then<'_, 'm>) -> bool {
        let op = self.pat.node(p).aux;
        if op != self.tree[t].aux {
            return false;
        }
        let (ps, ts) = (self.kids(p), self.tree.children(t));
        let is = |o: Op| op == o as u16;
        let associative = is(Op::And) || is(Op::Or) || is(Op::BitAnd) || is(Op::BitOr) || is(Op::BitXor);
        if associative && self.options.ac_matching {
            let commutative = is(Op::BitAnd) || is(Op::BitOr) || is(Op::BitXor) || self.options.commutative_boolop;
            let mut operands: SmallVec<[P; 8]> = SmallVec::new();
            self.pattern_operands(p, op, &mut operands);
            let mut targets: SmallVec<[NodeId; 8]> = SmallVec::new();
            self.target_operands(t, op, &mut targets);
            if commutative {
                return self.unordered(&operands, &targets, true, then);
            }
            if self.list(&operands, &targets, 0, then) {
                return true;
            }
            // A metavariable may stand for the left part of the chain, which is a node of its own.
            return (operands.len() < targets.len()) && self.node(ps[0], ts[0], &mut |m| m.node(ps[1], ts[1], then));
        }
        // `a + b + ...` finds longer sums, which lean to the left.
        if !associative && self.pk(ps[1]) == Kind::Ellipsis {
            return self.node(ps[0], ts[0], then) || self.node(p, ts[0], then);
        }
        // `x instanceof T t` asks for the same type.
        let right = if is(Op::InstanceOf) && self.tk(ts[1]) == Kind::VarDef && self.pk(ps[1]) != Kind::VarDef {
            self.tree.child(ts[1], 1)
        } else {
            ts[1]
        };
        if self.node(ps[0], ts[0], &mut |m| m.node(ps[1], right, then)) {
            return true;
        }
        let symmetric = self.options.symmetric_eq && (is(Op::Eq) || is(Op::NotEq));
        symmetric && self.node(ps[0], ts[1], &mut |m| m.node(ps[1], ts[0], then))
    }

    fn pattern_operands(&self, p: P, op: u16, out: &mut SmallVec<[P; 8]>) {
        if self.pk(p) == Kind::Binary && self.pat.node(p).aux == op {
            for &child in self.kids(p) {
                self.pattern_operands(child, op, out);
            }
        } else {
            out.push(p);
        }
    }

    fn target_operands(&self, t: NodeId, op: u16, out: &mut SmallVec<[NodeId; 8]>) {
        // Chains lean to the left and may be long: go down by a loop.
        let mut spine: SmallVec<[NodeId; 8]> = SmallVec::new();
        let mut at = t;
        while self.tk(at) == Kind::Binary && self.tree[at].aux == op && spine.len() < 200 {
            spine.push(self.tree.child(at, 1));
            at = self.tree.child(at, 0);
        }
        out.push(at);
        while let Some(right) = spine.pop() {
            if self.tk(right) == Kind::Binary && self.tree[right].aux == op {
                self.target_operands(right, op, out);
            } else {
                out.push(right);
            }
        }
    }

    // ── deep, chains, types ──────────────────────────────────────────────────────────────────────

    /// `<... e ...>`: here or anywhere below, but not in the statements of nested blocks and functions.
    pub(super) fn deep(&mut self, p: P, t: NodeId, then: Then<'_, 'm>) -> bool {
        let mut stack: SmallVec<[NodeId; 16]> = SmallVec::new();
        stack.push(t);
        while let Some(id) = stack.pop() {
            let kind = self.tk(id);
            if id != t && (matches!(kind, Kind::Block | Kind::ClassBody) || kind.is_statement() && kind != Kind::VarDef)
            {
                continue;
            }
            let part = matches!(kind, Kind::Nil | Kind::Args | Kind::Params | Kind::Attrs | Kind::Param)
                || kind.is_statement() && kind != Kind::VarDef;
            if !part && self.node_at(p, id, true, then) {
                return true;
            }
            if let Some(value) = self.symbol_value(id) {
                self.derefs += 1;
                let stop = self.deep(p, value, then);
                self.derefs -= 1;
                if stop {
                    return true;
                }
            }
            // Likewise.
            if kind == Kind::Lambda && id != t && self.target.lang.is_script() {
                continue;
            }
            let ts = self.tree.children(id);
            // A name after a dot is not an expression.
            stack.extend(if kind == Kind::Member { &ts[..1] } else { ts }.iter().rev().copied());
        }
        false
    }

    /// `o. ...`: `o` and any chain of members and calls on it.
    fn chain(&mut self, p: P, t: NodeId, then: Then<'_, 'm>) -> bool {
        let mut at = t;
        loop {
            if self.node(p, at, then) {
                return true;
            }
            at = match self.tk(at) {
                Kind::Member => self.tree.child(at, 0),
                Kind::Call if self.tk(self.tree.child(at, 0)) == Kind::Member => {
                    self.tree.child(self.tree.child(at, 0), 0)
                }
                _ => return false,
            };
        }
    }

    fn typed(&mut self, p: P, t: NodeId, then: Then<'_, 'm>) -> bool {
        let ty = self.pat.child(p, 0);
        let mv = self.pat.node(p).mv;
        if matches!(self.tk(t), Kind::Nil | Kind::KwArg | Kind::Spread) {
            return false;
        }
        if self.pk(ty) == Kind::TypeUnion {
            for &one in self.kids(ty) {
                if self.has_type(one, t, &mut |m| m.bind(mv, Val::Node(t), then)) {
                    return true;
                }
            }
            return false;
        }
        self.has_type(ty, t, &mut |m| m.bind(mv, Val::Node(t), then))
    }

    /// Has the expression `t` the type that the pattern `ty` describes?
    pub(super) fn has_type(&mut self, ty: P, t: NodeId, then: Then<'_, 'm>) -> bool {
        if let Some(builtin) = self.builtin_type(t) {
            let name = self.pat.node(ty);
            return match self.pk(ty) {
                // Nothing has any type.
                Kind::Metavar if self.tk(t) == Kind::Null => false,
                Kind::Metavar => {
                    let span = self.tree.span(t);
                    self.bind(name.mv, Val::Text(Rc::from(builtin[0]), span), then)
                }
                _ => builtin.contains(&self.plain_type(self.sym_text(name.sym))) && then(self),
            };
        }
        if let Some(found) = self.type_of(t) {
            // In Go, what was made as `&T{}` or `new(T)` is a pointer.
            let ty = match (self.pk(ty), self.is_pointer_to(found)) {
                (Kind::TypePointer, true) => self.pat.child(ty, 0),
                (Kind::Metavar, true) | (_, false) => ty,
                (_, true) => return false,
            };
            if self.node(ty, found, then) {
                return true;
            }
            let (want, is) = (self.sym_text(self.pat.node(ty).sym), self.tree.text(found));
            let both_named = self.pk(ty) == Kind::Ident && self.tk(found) == Kind::Ident;
            return both_named && want != is && self.plain_type(want) == self.plain_type(is) && then(self);
        }
        // Where the type of a name is not known, the name stands for it.
        let name = matches!(self.tk(t), Kind::Ident | Kind::Member);
        name && self.pk(ty) == Kind::Metavar && self.bind(self.pat.node(ty).mv, Val::Node(t), then)
    }

    /// The declared type of an expression. A field of Go is known by its name, whatever it is a field of.
    fn type_of(&self, t: NodeId) -> Option<NodeId> {
        if let Some(known) = self.names.type_of(self.tree, t) {
            return Some(known);
        }
        if self.target.lang != Lang::Go || self.tk(t) != Kind::Member {
            return None;
        }
        let field = self.names.fields.get(&self.tree.sym(self.tree.child(t, 1)))?;
        self.names.get(*field).ty
    }

    /// Is the type `found` that of `&T{…}` or `new(T)`?
    fn is_pointer_to(&self, found: NodeId) -> bool {
        let up = |id: NodeId| self.tree.parent(id);
        let Some(maker) = up(found).filter(|_| self.target.lang == Lang::Go) else { return false };
        match self.tk(maker) {
            Kind::Composite => {
                up(maker).is_some_and(|outer| self.tk(outer) == Kind::Unary && self.tree[outer].aux == Op::Ref as u16)
            }
            Kind::Args => up(maker)
                .is_some_and(|call| self.tk(call) == Kind::Call && self.made(call).is_some_and(|(by, _)| by == "new")),
            _ => false,
        }
    }

    /// Java boxes what is not an object: rules write either.
    fn plain_type<'n>(&self, name: &'n str) -> &'n str {
        match name {
            _ if self.target.lang != Lang::Java => name,
            "Integer" | "long" | "Long" | "short" | "Short" | "byte" | "Byte" => "int",
            "Boolean" => "boolean",
            "float" | "Float" | "Double" => "double",
            _ => name,
        }
    }

    /// Names of the type of a literal.
    fn builtin_type(&self, t: NodeId) -> Option<&'static [&'static str]> {
        let value = match self.tk(t) {
            Kind::Str | Kind::Interp => Some(Value::AnyStr),
            Kind::Int => Some(Value::Int(0)),
            Kind::Bool => Some(Value::Bool(true)),
            Kind::Float => return Some(&["float", "double", "float64", "number", "Double"]),
            Kind::Null => return Some(&["null", "nil", "NULL"]),
            Kind::Binary => self.constant(t),
            Kind::Ident if self.names.type_of(self.tree, t).is_none() => self.constant(t),
            _ => None,
        };
        Some(match value? {
            Value::Str(..) | Value::AnyStr => &["String", "string", "str"],
            // Scripts have one type of number.
            Value::Int(_) if self.target.lang.is_script() => &["number", "float", "int"],
            Value::Int(_) => &["int", "number", "Integer", "long"],
            Value::Bool(_) => &["bool", "boolean", "Boolean"],
            _ => return None,
        })
    }

    // ── imported names ───────────────────────────────────────────────────────────────────────────

    /// A dotted pattern against the name `t` by what it was imported as.
    fn imported(&mut self, p: P, t: NodeId, then: Then<'_, 'm>) -> bool {
        if let Some(path) = self.names.import(t) {
            let path: &'m [Sym] = path;
            // A metavariable for the last part is bound to the name itself where that is how it is written.
            if let (Kind::Member, Some((&last, before))) = (self.pk(p), path.split_last())
                && last == self.tree.sym(t)
                && !before.is_empty()
            {
                let (object, name) = (self.pat.child(p, 0), self.pat.child(p, 1));
                return self.field_name(name, t, &mut |m| m.path(object, before, m.tree.span(t), then));
            }
            return self.path(p, path, self.tree.span(t), then);
        }
        // `from m import *`: a name that nothing here defines may be of any such module.
        if self.pk(p) == Kind::Member && self.names.def(t).is_none() && !self.names.wildcards.is_empty() {
            let (object, name) = (self.pat.child(p, 0), self.pat.child(p, 1));
            // Which module that is, is not known: a metavariable is not bound to it.
            let metavar = self.pk(object) == Kind::Metavar;
            if metavar || self.pk(name) != Kind::Ident || self.pat.node(name).sym != self.tree.sym(t) {
                return false;
            }
            let wildcards: &'m [Box<[Sym]>] = &self.names.wildcards;
            for module in wildcards {
                if self.path(object, module, self.tree.span(t), then) {
                    return true;
                }
            }
        }
        false
    }

    fn path(&mut self, p: P, path: &'m [Sym], span: Span, then: Then<'_, 'm>) -> bool {
        let Some((&last, before)) = path.split_last() else { return false };
        match self.pk(p) {
            Kind::Ident => before.is_empty() && self.pat.node(p).sym == last && then(self),
            Kind::Metavar => {
                let text: Vec<&str> = path.iter().map(|&s| self.sym_text(s)).collect();
                self.bind(self.pat.node(p).mv, Val::Text(text.join(".").into(), span), then)
            }
            Kind::Member => {
                let (object, name) = (self.pat.child(p, 0), self.pat.child(p, 1));
                if before.is_empty() {
                    return false;
                }
                match self.pk(name) {
                    Kind::Ident => self.pat.node(name).sym == last && self.path(object, before, span, then),
                    Kind::Metavar => {
                        let text = self.sym_text(last);
                        self.bind(self.pat.node(name).mv, Val::Text(text.into(), span), &mut |m| {
                            m.path(object, before, span, then)
                        })
                    }
                    _ => false,
                }
            }
            _ => false,
        }
    }

    // ── elements ─────────────────────────────────────────────────────────────────────────────────

    fn xml(&mut self, p: P, t: NodeId, then: Then<'_, 'm>) -> bool {
        let (ps, ts) = (self.kids(p), self.tree.children(t));
        let attrs = self.kids(ps[1]);
        let open = self.options.xml_attrs_implicit_ellipsis || attrs.iter().any(|&a| self.pat.is_ellipsis(a));
        let body = self.kids(ps[2]);
        self.optional(ps[0], ts[0], &mut |m| {
            m.unordered(attrs, m.tree.children(ts[1]), open, &mut |m| m.content(body, m.tree.children(ts[2]), then))
        })
    }

    /// Children of an element in order; what follows those of the pattern does not matter.
    fn content(&mut self, ps: &[P], ts: &[NodeId], then: Then<'_, 'm>) -> bool {
        if !self.step() {
            return true;
        }
        let Some((&p, rest)) = ps.split_first() else { return then(self) };
        let dots = self.pat.is_ellipsis(p)
            || self.pk(p) == Kind::XmlText && self.sym_text(self.pat.node(p).sym).trim() == "...";
        if dots {
            return (0..=ts.len()).any(|skip| self.content(rest, &ts[skip..], then));
        }
        let Some((&t, others)) = ts.split_first() else { return false };
        self.node(p, t, &mut |m| m.content(rest, others, then))
    }
}
