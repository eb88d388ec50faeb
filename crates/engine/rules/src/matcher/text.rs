//! Texts inside patterns: contents of strings, module names, keys.

use std::rc::Rc;

use rampart_syntax::{Aux, Kind, NodeId, Span, Value};

use super::{Matcher, Then, Val};
use crate::pattern::{P, TextPattern};

impl<'m> Matcher<'m> {
    /// The text pattern of `p` against `text` found at `span`.
    pub(super) fn text(&mut self, p: P, text: &str, span: Span, then: Then<'_, 'm>) -> bool {
        let node = self.pat.node(p);
        match &node.text {
            TextPattern::Any => then(self),
            TextPattern::Metavar(mv) => self.bind(*mv, Val::Text(Rc::from(text), span), then),
            TextPattern::Regex(regex) => regex.is_match(text).unwrap_or(false) && then(self),
            TextPattern::Exact => self.sym_text(node.sym) == text && then(self),
        }
    }

    /// A string, number, … of the pattern against an expression that is that constant or folds to it.
    pub(super) fn literal(&mut self, p: P, t: NodeId, then: Then<'_, 'm>) -> bool {
        let (pk, tk) = (self.pk(p), self.tk(t));
        if pk == tk {
            return match pk {
                Kind::Str => {
                    if self.pat.node(p).aux == Aux::BYTES && self.tree[t].aux != Aux::BYTES {
                        return false;
                    }
                    let text = self.tree.text(t);
                    let span = self.content_span(t);
                    self.text(p, text, span, then)
                }
                Kind::Bool => self.pat.node(p).aux == self.tree[t].aux && then(self),
                Kind::Null | Kind::Undefined => then(self),
                Kind::Int => self.same_int(p, t) && then(self),
                Kind::Float => self.same_float(p, t) && then(self),
                Kind::Regex => {
                    let flags = match (self.kids(p).first().copied(), self.tree.slot(t, 0)) {
                        (None, _) => true,
                        (Some(f), _) if self.pk(f) == Kind::Nil => true,
                        (Some(f), Some(g)) => self.sym_text(self.pat.node(f).sym) == self.tree.text(g),
                        (Some(_), None) => false,
                    };
                    let text = self.tree.text(t);
                    flags && self.text(p, text, self.tree.span(t), then)
                }
                _ => {
                    let text = self.tree.text(t);
                    self.text(p, text, self.tree.span(t), then)
                }
            };
        }
        // Scripts have one type of number.
        if matches!((pk, tk), (Kind::Int, Kind::Float) | (Kind::Float, Kind::Int)) {
            return self.target.lang.is_script() && self.same_float(p, t) && then(self);
        }
        let folds = matches!(
            tk,
            Kind::Ident | Kind::Member | Kind::Binary | Kind::Interp | Kind::Unary | Kind::Cast | Kind::Call
        );
        if !folds {
            return false;
        }
        let span = self.tree.span(t);
        match (pk, self.constant(t)) {
            // A binding to a propagated string is at the literal it comes from.
            (Kind::Str, Some(Value::Str(text, origin))) | (Kind::Regex, Some(Value::Regex(text, origin))) => {
                let span = origin.map_or(span, |literal| self.content_span(literal));
                self.text(p, &text, span, then)
            }
            (Kind::Str, Some(Value::AnyStr)) => matches!(self.pat.node(p).text, TextPattern::Any) && then(self),
            (Kind::Int, Some(Value::Int(n))) => {
                rampart_syntax::resolve::parse_int(self.sym_text(self.pat.node(p).sym)) == Some(n) && then(self)
            }
            (Kind::Null, Some(Value::Null)) => then(self),
            (Kind::Bool, Some(Value::Bool(b))) => (self.pat.node(p).aux == 1) == b && then(self),
            (Kind::Float, Some(Value::Float(f))) => self.sym_text(self.pat.node(p).sym) == &*f && then(self),
            _ => false,
        }
    }

    fn same_int(&self, p: P, t: NodeId) -> bool {
        let (a, b) = (self.sym_text(self.pat.node(p).sym), self.tree.text(t));
        a == b
            || matches!((rampart_syntax::resolve::parse_int(a), rampart_syntax::resolve::parse_int(b)), (Some(a), Some(b)) if a == b)
    }

    fn same_float(&self, p: P, t: NodeId) -> bool {
        let (a, b) = (self.sym_text(self.pat.node(p).sym), self.tree.text(t));
        a == b || matches!((a.parse::<f64>(), b.parse::<f64>()), (Ok(a), Ok(b)) if a == b)
    }

    /// The span between the quotes of a string.
    pub(super) fn content_span(&self, t: NodeId) -> Span {
        let span = self.tree.span(t);
        let source = self.target.text.get(span.range()).unwrap_or("");
        let text = self.tree.text(t);
        match source.rfind(text).filter(|_| !text.is_empty()) {
            Some(at) => Span { start: span.start + at as u32, end: span.start + (at + text.len()) as u32 },
            None => span,
        }
    }

    /// `f"...{$X}..."`: `...` stands for any texts and holes.
    pub(super) fn interpolation(&mut self, ps: &[P], ts: &[NodeId], then: Then<'_, 'm>) -> bool {
        if !self.step() {
            return true;
        }
        let Some((&p, rest)) = ps.split_first() else { return ts.is_empty() && then(self) };
        if self.pk(p) == Kind::Str && matches!(self.pat.node(p).text, TextPattern::Any) {
            if rest.is_empty() {
                return then(self);
            }
            for skip in 0..=ts.len() {
                if self.interpolation(rest, &ts[skip..], then) {
                    return true;
                }
            }
            return false;
        }
        let Some((&t, others)) = ts.split_first() else { return false };
        match (self.pk(p), self.tk(t)) {
            (Kind::Hole, Kind::Hole) => {
                let (Some(&p), Some(&t)) = (self.kids(p).first(), self.tree.children(t).first()) else { return false };
                self.node(p, t, &mut |m| m.interpolation(rest, others, then))
            }
            (Kind::Str, Kind::Str) => {
                let text = self.tree.text(t);
                let span = self.tree.span(t);
                self.text(p, text, span, &mut |m| m.interpolation(rest, others, then))
            }
            (Kind::Interp, Kind::Interp) => self.node(p, t, &mut |m| m.interpolation(rest, others, then)),
            _ => false,
        }
    }
}
