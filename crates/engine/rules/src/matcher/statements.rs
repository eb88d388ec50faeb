//! Statements and runs of statements.

use std::rc::Rc;

use rampart_syntax::{Kind, Lang, NodeId, Span, Tree};

use super::{Matcher, Target, Then, Val};
use crate::pattern::P;

impl<'m> Matcher<'m> {
    /// The pattern `p`, standing where a statement stands, against the statement `t`.
    pub(super) fn statement(&mut self, p: P, t: NodeId, then: Then<'_, 'm>) -> bool {
        if !self.step() {
            return true;
        }
        let (ps, ts) = (self.kids(p), self.tree.children(t));
        match (self.pk(p), self.tk(t)) {
            (Kind::Ellipsis, _) => then(self),
            (Kind::Metavar, _) => self.bind(self.pat.node(p).mv, Val::Node(t), then),
            (Kind::ExprStmt, tk) => {
                let e = ps[0];
                match (self.pk(e), tk) {
                    (Kind::Ellipsis, _) => then(self),
                    (Kind::Metavar, Kind::ExprStmt) => self.bind(self.pat.node(e).mv, Val::Node(ts[0]), then),
                    (Kind::Metavar, _) => self.bind(self.pat.node(e).mv, Val::Node(t), then),
                    (Kind::Deep, _) => self.deep(self.pat.child(e, 0), t, then),
                    (_, Kind::ExprStmt) if self.options.implicit_deep_exprstmt => self.deep_implicit(e, ts[0], then),
                    (_, Kind::ExprStmt) => self.node_at(e, ts[0], true, then),
                    (_, Kind::VarDef) if self.options.vardef_assign => {
                        self.node_at(e, t, true, then)
                            || self.tree.slot(t, 2).is_some_and(|init| self.deep(e, init, then))
                    }
                    (_, Kind::Return) => self.tree.slot(t, 0).is_some_and(|value| self.deep(e, value, then)),
                    (Kind::Assign, Kind::FuncDef) if self.options.flddef_assign => self.node_at(e, t, true, then),
                    _ => false,
                }
            }
            _ => self.statement_shape(p, t, then),
        }
    }

    /// An expression statement of a pattern finds the expression a little deeper: `f()` in `x = f()` and `print(f())`.
    pub(super) fn deep_implicit(&mut self, p: P, t: NodeId, then: Then<'_, 'm>) -> bool {
        if self.node_at(p, t, true, then) {
            return true;
        }
        let ts = self.tree.children(t);
        match self.tk(t) {
            Kind::Assign | Kind::AugAssign | Kind::Cast => self.deep_implicit(p, ts[1], then),
            Kind::Await | Kind::Yield | Kind::Member => self.deep_implicit(p, ts[0], then),
            Kind::Call => {
                if self.deep_implicit(p, ts[0], then) {
                    return true;
                }
                let args = self.tree.children(ts[1]);
                for &arg in args {
                    let arg = if self.tk(arg) == Kind::KwArg { self.tree.child(arg, 0) } else { arg };
                    if self.deep_implicit(p, arg, then) {
                        return true;
                    }
                }
                false
            }
            Kind::Array | Kind::Tuple | Kind::Set | Kind::Dict | Kind::Object | Kind::Binary | Kind::Unary => {
                for &item in ts {
                    let item = if self.tk(item) == Kind::Pair { self.tree.child(item, 1) } else { item };
                    if self.deep_implicit(p, item, then) {
                        return true;
                    }
                }
                false
            }
            Kind::Ident => match self.symbol_value(t) {
                Some(value) => {
                    self.derefs += 1;
                    let stop = self.deep_implicit(p, value, then);
                    self.derefs -= 1;
                    stop
                }
                None => false,
            },
            _ => false,
        }
    }

    /// Constructs that both sides write the same way.
    pub(super) fn statement_shape(&mut self, p: P, t: NodeId, then: Then<'_, 'm>) -> bool {
        let (pk, tk) = (self.pk(p), self.tk(t));
        let (ps, ts) = (self.kids(p), self.tree.children(t));
        match (pk, tk) {
            (Kind::Return, Kind::Return) => self.optional(ps[0], ts[0], then),
            (Kind::Block, Kind::Block) => self.block(p, t, then),
            (Kind::If, Kind::If) => self.node(ps[0], ts[0], &mut |m| {
                m.block(ps[1], ts[1], &mut |m| {
                    if m.pk(ps[2]) == Kind::Nil { then(m) } else { m.block(ps[2], ts[2], then) }
                })
            }),
            // `for ... { }` of Go: any loop.
            (Kind::While, Kind::While | Kind::For | Kind::ForEach)
                if self.target.lang == Lang::Go && self.pk(ps[0]) == Kind::Ellipsis =>
            {
                let body = *ts.last().expect("loops have a body slot");
                self.block(ps[1], body, then)
            }
            (Kind::While, Kind::While) => self.node(ps[0], ts[0], &mut |m| m.block(ps[1], ts[1], then)),
            (Kind::DoWhile, Kind::DoWhile) => self.block(ps[0], ts[0], &mut |m| m.node(ps[1], ts[1], then)),
            // `for (...)`: any header.
            (Kind::For, Kind::For | Kind::ForEach) if self.any_header(p) => {
                let body = *ts.last().expect("loops have a body slot");
                self.block(ps[3], body, then)
            }
            (Kind::For, Kind::For) => self.optional_statement(ps[0], ts[0], &mut |m| {
                m.optional(ps[1], ts[1], &mut |m| {
                    m.optional_statement(ps[2], ts[2], &mut |m| m.block(ps[3], ts[3], then))
                })
            }),
            // `for … of` and `for … in` of scripts are different loops; `async` is asked for where it is written.
            (Kind::ForEach | Kind::With, _)
                if pk == tk && self.pat.node(p).aux != 0 && self.pat.node(p).aux != self.tree[t].aux =>
            {
                false
            }
            (Kind::ForEach, Kind::ForEach) => {
                self.loop_target(ps[0], ts[0], &mut |m| m.node(ps[1], ts[1], &mut |m| m.block(ps[2], ts[2], then)))
            }
            (Kind::Try, Kind::Try) => {
                let (catches, targets) = (self.kids(ps[2]), self.tree.children(ts[2]));
                self.if_given(ps[0], ts[0], &mut |m| {
                    m.block(ps[1], ts[1], &mut |m| {
                        m.unordered(catches, targets, true, &mut |m| {
                            m.optional_block(ps[3], ts[3], &mut |m| m.optional_block(ps[4], ts[4], then))
                        })
                    })
                })
            }
            (Kind::Catch, Kind::Catch) => {
                if self.pk(ps[0]) == Kind::Ellipsis && self.pk(ps[1]) == Kind::Nil {
                    return self.block(ps[2], ts[2], then);
                }
                // `catch {` catches what `catch ($E) {` does.
                if let (Kind::Metavar, Kind::Nil, true) = (self.pk(ps[1]), self.tk(ts[1]), self.target.lang.is_script())
                {
                    let start = self.tree.span(t).start;
                    let word = Val::Text("catch".into(), Span { start, end: start + "catch".len() as u32 });
                    return self.bind(self.pat.node(ps[1]).mv, word, &mut |m| m.block(ps[2], ts[2], then));
                }
                self.optional(ps[0], ts[0], &mut |m| m.optional(ps[1], ts[1], &mut |m| m.block(ps[2], ts[2], then)))
            }
            (Kind::With, Kind::With) => {
                let (items, targets) = (self.kids(ps[0]), self.tree.children(ts[0]));
                self.with_items(items, targets, &mut |m| m.block(ps[1], ts[1], then))
            }
            (Kind::Switch, Kind::Switch) => {
                let (cases, targets) = (self.kids(ps[1]), self.tree.children(ts[1]));
                self.optional(ps[0], ts[0], &mut |m| m.unordered(cases, targets, true, then))
            }
            (Kind::Case, Kind::Case) => {
                let (labels, targets) = (self.kids(ps[0]), self.tree.children(ts[0]));
                self.list(labels, targets, 0, &mut |m| m.block(ps[1], ts[1], then))
            }
            (Kind::Throw, Kind::Throw) => self.optional(ps[0], ts[0], &mut |m| m.if_given(ps[1], ts[1], then)),
            (Kind::Assert, Kind::Assert) => {
                if self.pk(ps[0]) == Kind::Ellipsis && self.pk(ps[1]) == Kind::Nil {
                    return then(self);
                }
                self.optional(ps[0], ts[0], &mut |m| m.optional(ps[1], ts[1], then))
            }
            (Kind::Break | Kind::Continue, _) if pk == tk => self.optionals(ps, ts, then),
            (Kind::Delete, Kind::Delete) | (Kind::Global, Kind::Global) => self.list(ps, ts, 0, then),
            (Kind::Defer | Kind::Go, _) if pk == tk => self.node(ps[0], ts[0], then),
            (Kind::Export, Kind::Export) => self.all(ps, ts, then),
            (Kind::Import | Kind::ImportFrom | Kind::ImportAll | Kind::Package, _) => self.directive(p, t, then),
            (Kind::Empty, Kind::Empty) => then(self),
            (Kind::Label, Kind::Label) => {
                let text = self.tree.text(t);
                let span = self.tree.span(t);
                self.text(p, text, span, &mut |m| m.statement(ps[0], ts[0], then))
            }
            (Kind::ExprStmt, _) => self.statement(p, t, then),
            (Kind::VarDef | Kind::FuncDef | Kind::ClassDef | Kind::TypeDef | Kind::ClassBody, _) => {
                self.definition(p, t, then)
            }
            _ => false,
        }
    }

    fn any_header(&self, p: P) -> bool {
        let ps = self.kids(p);
        let dots = match self.pk(ps[0]) {
            Kind::Block => matches!(self.kids(ps[0]), [one] if self.pat.is_ellipsis(*one)),
            _ => self.pat.is_ellipsis(ps[0]),
        };
        dots && self.pk(ps[1]) == Kind::Nil && self.pk(ps[2]) == Kind::Nil
    }

    /// The target of a loop: with or without a declaration.
    fn loop_target(&mut self, p: P, t: NodeId, then: Then<'_, 'm>) -> bool {
        match (self.pk(p), self.tk(t)) {
            (Kind::Ellipsis, _) => then(self),
            // Whether the loop declares its variable with `let` or `const` is no difference.
            (Kind::VarDef, Kind::VarDef) => {
                let (ps, ts) = (self.kids(p), self.tree.children(t));
                self.node(ps[0], ts[0], &mut |m| m.if_given(ps[1], ts[1], then))
            }
            (_, Kind::VarDef) => self.node(p, self.tree.child(t, 0), then),
            (Kind::VarDef, _) => false,
            _ => self.node(p, t, then),
        }
    }

    fn with_items(&mut self, ps: &'m [P], ts: &'m [NodeId], then: Then<'_, 'm>) -> bool {
        let Some((&p, ps)) = ps.split_first() else { return ts.is_empty() && then(self) };
        if self.pat.is_ellipsis(p) && ps.is_empty() {
            return then(self);
        }
        let Some((&t, ts)) = ts.split_first() else { return false };
        let rest: Then<'_, 'm> = &mut |m| m.with_items(ps, ts, then);
        match (self.pk(p), self.tk(t)) {
            (Kind::ExprStmt, Kind::ExprStmt) => self.node(self.pat.child(p, 0), self.tree.child(t, 0), rest),
            // `with f():` finds `with f() as x:` no more than Semgrep does.
            _ => self.definition(p, t, rest),
        }
    }

    fn optional_statement(&mut self, p: P, t: NodeId, then: Then<'_, 'm>) -> bool {
        match (self.pk(p), self.tk(t)) {
            (Kind::Nil, Kind::Nil) => then(self),
            (Kind::Nil, _) | (_, Kind::Nil) => self.pat.is_ellipsis(p) && then(self),
            _ if self.pk(p).is_statement() => self.statement(p, t, then),
            _ => self.node(p, t, then),
        }
    }

    fn optional_block(&mut self, p: P, t: NodeId, then: Then<'_, 'm>) -> bool {
        match (self.pk(p), self.tk(t)) {
            (Kind::Nil, Kind::Nil) => then(self),
            (Kind::Nil, _) | (_, Kind::Nil) => false,
            _ => self.block(p, t, then),
        }
    }

    /// Bodies: a block, one statement without braces, or the expression of a short function.
    pub(super) fn block(&mut self, p: P, t: NodeId, then: Then<'_, 'm>) -> bool {
        if self.tk(t) == Kind::Nil {
            return self.pk(p) == Kind::Nil && then(self);
        }
        match (self.pk(p), self.tk(t)) {
            (Kind::Ellipsis, _) => then(self),
            (Kind::Block, Kind::Block) => {
                let ps = self.kids(p);
                let ts = self.tree.children(t);
                if matches!(ps, [one] if self.pat.is_ellipsis(*one)) {
                    return then(self);
                }
                // A Python body that is one metavariable is the whole body.
                if let (&[one], Lang::Python) = (ps, self.target.lang)
                    && ts.len() > 1
                    && self.pk(one) == Kind::ExprStmt
                    && self.pk(self.pat.child(one, 0)) == Kind::Metavar
                {
                    return self.bind(self.pat.node(self.pat.child(one, 0)).mv, Val::Node(t), then);
                }
                let last = self.last;
                let stop = self.statements_deep(ps, ts, false, &mut |m| {
                    let inner = std::mem::replace(&mut m.last, last);
                    let stop = then(m);
                    m.last = inner;
                    stop
                });
                self.last = last;
                stop
            }
            (Kind::Block, tk) => {
                let ps = self.kids(p);
                let wanted: smallvec::SmallVec<[P; 4]> =
                    ps.iter().copied().filter(|&p| !self.pat.is_ellipsis(p)).collect();
                match wanted.as_slice() {
                    [] => !ps.is_empty() && then(self),
                    &[one] if tk.is_statement() => self.statement(one, t, then),
                    // A function whose body is an expression returns it.
                    &[one] => match self.pk(one) {
                        Kind::Return => self.optional(self.pat.child(one, 0), t, then),
                        Kind::ExprStmt => match self.pat.child(one, 0) {
                            e if self.pk(e) == Kind::Deep => self.deep(self.pat.child(e, 0), t, then),
                            e => self.deep_implicit(e, t, then),
                        },
                        _ => false,
                    },
                    _ => false,
                }
            }
            (pk, Kind::Block) => {
                let ts = self.tree.children(t);
                if pk.is_statement() {
                    return matches!(ts, [one] if self.statement(p, *one, then));
                }
                // An expression body of the pattern finds a body that only returns it.
                matches!(ts, [one] if self.tk(*one) == Kind::Return && self.optional(p, self.tree.child(*one, 0), then))
            }
            (pk, tk) if pk.is_statement() && tk.is_statement() => self.statement(p, t, then),
            _ => self.node(p, t, then),
        }
    }

    // ── runs ─────────────────────────────────────────────────────────────────────────────────────

    /// A run of statements where `...` may go down into nested blocks.
    pub(super) fn statements_deep(&mut self, ps: &[P], ts: &[NodeId], less_is_ok: bool, then: Then<'_, 'm>) -> bool {
        if !self.step() {
            return true;
        }
        let Some((&p, rest)) = ps.split_first() else { return (less_is_ok || ts.is_empty()) && then(self) };
        if self.pat.is_ellipsis(p) {
            if rest.is_empty() {
                return self.tail(ts, then);
            }
            if ts.is_empty() && self.pat.is_ellipsis(rest[0]) {
                return false;
            }
            if self.statements_flat(ps, ts, true, then) {
                return true;
            }
            if !self.options.go_deeper_stmt || ts.is_empty() {
                return false;
            }
            let (flat, from) = self.target.flatten(ts);
            let flat = &flat[from..];
            return flat.len() > ts.len() && self.statements_flat(ps, flat, true, then);
        }
        if self.pat.metavar_ellipsis(p).is_some() {
            return self.statements_flat(ps, ts, true, then);
        }
        let Some((&t, others)) = ts.split_first() else { return false };
        self.statement(p, t, &mut |m| {
            let last = m.last;
            m.matched(t);
            let stop = m.statements_deep(rest, others, less_is_ok, then);
            m.last = last;
            stop
        })
    }

    fn statements_flat(&mut self, ps: &[P], ts: &[NodeId], less_is_ok: bool, then: Then<'_, 'm>) -> bool {
        if !self.step() {
            return true;
        }
        let Some((&p, rest)) = ps.split_first() else { return (less_is_ok || ts.is_empty()) && then(self) };
        if self.pat.is_ellipsis(p) {
            if rest.is_empty() {
                return self.tail(ts, then);
            }
            // Of two ellipses in a row, the first has a statement.
            if ts.is_empty() && self.pat.is_ellipsis(rest[0]) {
                return false;
            }
            for skip in 0..=ts.len() {
                if self.statements_flat(rest, &ts[skip..], true, then) {
                    return true;
                }
            }
            return false;
        }
        if let Some(mv) = self.pat.metavar_ellipsis(p) {
            let takes = if rest.is_empty() { ts.len()..=ts.len() } else { 0..=ts.len() };
            for take in takes {
                let last = self.last;
                let stop = self.bind_nodes(mv, &ts[..take], 0, &mut |m| {
                    if let Some(&t) = ts[..take].last() {
                        m.matched(t);
                    }
                    m.statements_flat(rest, &ts[take..], false, then)
                });
                self.last = last;
                if stop {
                    return true;
                }
            }
            return false;
        }
        let Some((&t, others)) = ts.split_first() else { return false };
        self.statement(p, t, &mut |m| {
            let last = m.last;
            m.matched(t);
            let stop = m.statements_flat(rest, others, less_is_ok, then);
            m.last = last;
            stop
        })
    }

    /// A trailing `...`: nothing, and all that is left. What lies between differs only in where the match ends.
    fn tail(&mut self, ts: &[NodeId], then: Then<'_, 'm>) -> bool {
        if (!self.inside || ts.is_empty()) && then(self) {
            return true;
        }
        let Some(&t) = ts.last() else { return false };
        let last = self.last;
        self.matched(t);
        let stop = then(self);
        self.last = last;
        stop
    }

    fn matched(&mut self, t: NodeId) {
        let further = self.last.is_none_or(|last| self.tree.span(last).end < self.tree.span(t).end);
        if further {
            self.last = Some(t);
        }
    }
}

impl Target<'_> {
    /// The statements of a list, each followed by those nested in it, bodies of functions and lambdas included: those from the
    /// returned index on. The tails of one list share what was made for the longest.
    pub(super) fn flatten(&self, list: &[NodeId]) -> (Rc<[NodeId]>, usize) {
        let (Some(&first), Some(&last)) = (list.first(), list.last()) else { return (Rc::new([]), 0) };
        let known = self.flat.borrow().get(&last).cloned();
        if let Some(flat) = &known {
            // Where a statement stands before its own start (the first part of an `if` of Go), it is not found and made anew.
            let start = self.tree.span(first).start;
            let from = flat.partition_point(|&id| self.tree.span(id).start < start);
            if let Some(at) = flat[from..].iter().position(|&id| id == first) {
                return (flat.clone(), from + at);
            }
        }
        let mut out = Vec::new();
        for &statement in list {
            nested(self.tree, statement, &mut out);
        }
        let flat: Rc<[NodeId]> = out.into();
        if known.is_none_or(|known| known.len() < flat.len()) {
            self.flat.borrow_mut().insert(last, flat.clone());
        }
        (flat, 0)
    }
}

/// `statement` and every statement below it, in source order.
fn nested(tree: &Tree, statement: NodeId, out: &mut Vec<NodeId>) {
    let mut stack = vec![statement];
    while let Some(id) = stack.pop() {
        let kind = tree.kind(id);
        if kind.is_statement() && !matches!(kind, Kind::Block | Kind::ClassBody) {
            out.push(id);
        }
        stack.extend(tree.children(id).iter().rev());
    }
}
