//! Lists: arguments, elements, parameters, sets, fields.

use rampart_syntax::{Kind, NodeId};
use smallvec::SmallVec;

use super::{Matcher, Then};
use crate::pattern::P;

type Targets = SmallVec<[NodeId; 8]>;

/// Longest list whose items are tried in every order.
const MAX_UNORDERED: usize = 2_000;

impl<'m> Matcher<'m> {
    /// Ordered items with `...` and `$...X`.
    pub(super) fn list(&mut self, ps: &[P], ts: &[NodeId], at: u32, then: Then<'_, 'm>) -> bool {
        if !self.step() {
            return true;
        }
        let Some((&p, rest)) = ps.split_first() else { return ts.is_empty() && then(self) };
        if self.pat.is_ellipsis(p) {
            if rest.is_empty() {
                return then(self);
            }
            // Everything after the last ellipsis has as many items as the pattern.
            let fixed = rest.iter().all(|&r| !self.pat.is_ellipsis(r) && self.pat.metavar_ellipsis(r).is_none());
            if fixed {
                return ts.len() >= rest.len() && self.list(rest, &ts[ts.len() - rest.len()..], at, then);
            }
            for skip in 0..=ts.len() {
                if self.list(rest, &ts[skip..], at, then) {
                    return true;
                }
            }
            return false;
        }
        if let Some(mv) = self.pat.metavar_ellipsis(p) {
            if rest.is_empty() {
                return self.bind_nodes(mv, ts, at, then);
            }
            for take in 0..=ts.len() {
                if self.bind_nodes(mv, &ts[..take], at, &mut |m| m.list(rest, &ts[take..], at, then)) {
                    return true;
                }
            }
            return false;
        }
        let Some((&t, others)) = ts.split_first() else { return false };
        self.node(p, t, &mut |m| m.list(rest, others, at, then))
    }

    /// Arguments: keyword arguments in any order, the rest ordered.
    pub(super) fn arguments(&mut self, ps: &[P], ts: &[NodeId], at: u32, then: Then<'_, 'm>) -> bool {
        let Some(k) = ps.iter().position(|&p| self.pk(p) == Kind::KwArg) else {
            return self.list(ps, ts, at, then);
        };
        let p = ps[k];
        let rest: SmallVec<[P; 8]> = ps.iter().enumerate().filter(|(i, _)| *i != k).map(|(_, &p)| p).collect();
        for (i, &t) in ts.iter().enumerate() {
            if self.tk(t) != Kind::KwArg {
                continue;
            }
            let others: Targets = ts.iter().enumerate().filter(|(j, _)| *j != i).map(|(_, &t)| t).collect();
            let stop = self.keyword(p, t, &mut |m| m.arguments(&rest, &others, at, then));
            if stop {
                return true;
            }
        }
        false
    }

    fn keyword(&mut self, p: P, t: NodeId, then: Then<'_, 'm>) -> bool {
        let name = self.tree.text(t);
        let span = self.tree.span(t);
        let span = rampart_syntax::Span { start: span.start, end: (span.start + name.len() as u32).min(span.end) };
        let (value, target) = (self.pat.child(p, 0), self.tree.child(t, 0));
        self.text(p, name, span, &mut |m| m.node(value, target, then))
    }

    /// Items in any order; `more` when the target may have items that the pattern has not.
    pub(super) fn unordered(&mut self, ps: &[P], ts: &[NodeId], more: bool, then: Then<'_, 'm>) -> bool {
        let wanted: SmallVec<[P; 8]> = ps.iter().copied().filter(|&p| !self.pat.is_ellipsis(p)).collect();
        if wanted.len() > ts.len() || ts.len() > MAX_UNORDERED && wanted.len() > 1 {
            return false;
        }
        let free: Targets = ts.iter().copied().collect();
        self.each_once(&wanted, free, more, then)
    }

    fn each_once(&mut self, ps: &[P], free: Targets, more: bool, then: Then<'_, 'm>) -> bool {
        if !self.step() {
            return true;
        }
        let Some((&p, rest)) = ps.split_first() else { return (more || free.is_empty()) && then(self) };
        if let Some(mv) = self.pat.metavar_ellipsis(p).filter(|_| rest.is_empty()) {
            return self.bind_nodes(mv, &free, 0, then);
        }
        for i in 0..free.len() {
            let t = free[i];
            let stop = self.member(p, t, &mut |m| {
                if rest.is_empty() && (more || free.len() == 1) {
                    return then(m);
                }
                let mut others = free.clone();
                others.remove(i);
                m.each_once(rest, others, more, then)
            });
            if stop {
                return true;
            }
        }
        false
    }

    /// One item of an unordered list: a statement in a class body, an expression elsewhere.
    fn member(&mut self, p: P, t: NodeId, then: Then<'_, 'm>) -> bool {
        // `{$X}` finds the shorthand `{name}`.
        if self.pk(p) == Kind::Metavar && self.tk(t) == Kind::Pair {
            let (key, value) = (self.tree.child(t, 0), self.tree.child(t, 1));
            let shorthand = self.tk(value) == Kind::Ident && self.tree.sym(key) == self.tree.sym(value);
            return shorthand && self.node(p, value, then);
        }
        if self.pk(p).is_statement() || self.tk(t).is_statement() && self.pk(p) != Kind::Pair {
            self.statement(p, t, then)
        } else {
            self.node(p, t, then)
        }
    }
}
