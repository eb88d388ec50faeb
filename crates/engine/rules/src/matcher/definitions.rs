//! Variables, functions, classes and what stands before them.

use rampart_syntax::{Aux, Kind, Lang, NodeId};
use smallvec::SmallVec;

use super::{Matcher, Then, Val};
use crate::pattern::P;

impl<'m> Matcher<'m> {
    pub(super) fn definition(&mut self, p: P, t: NodeId, then: Then<'_, 'm>) -> bool {
        let (ps, ts) = (self.kids(p), self.tree.children(t));
        match (self.pk(p), self.tk(t)) {
            (Kind::VarDef, Kind::VarDef) => {
                let (want, is) = (self.pat.node(p).aux, self.tree[t].aux);
                let keyword = want == 0 || want == is || want == Aux::VAR && is != 0 && self.options.let_is_var;
                keyword
                    && self.name(ps[0], ts[0], &mut |m| {
                        m.attributes(ps[3], ts[3], &mut |m| {
                            m.if_given(ps[1], ts[1], &mut |m| m.optional(ps[2], ts[2], then))
                        })
                    })
            }
            // `$M(…) {…}` is a method, `function $F(…) {…}` may be one.
            (Kind::FuncDef, Kind::FuncDef)
                if self.pat.node(p).aux == Aux::METHOD && self.tree[t].aux != Aux::METHOD =>
            {
                false
            }
            (Kind::FuncDef, Kind::FuncDef) => self.name(ps[2], ts[2], &mut |m| {
                m.attributes(ps[0], ts[0], &mut |m| {
                    m.if_given(ps[1], ts[1], &mut |m| m.function(ps[3], ps[4], ps[5], ts[3], ts[4], ts[5], then))
                })
            }),
            // `function ... (…) {…}`: a function of any name, or of none.
            (Kind::FuncDef, Kind::Lambda) => {
                self.pk(ps[2]) == Kind::Ellipsis && self.function(ps[3], ps[4], ps[5], ts[0], ts[1], ts[2], then)
            }
            (Kind::ClassDef, Kind::ClassDef) => {
                let (want, is) = (self.pat.node(p).aux, self.tree[t].aux);
                let java = self.target.lang == Lang::Java;
                // An enum of Java is a class, the declaration of an annotation an interface.
                let also = matches!((want, is), (Aux::CLASS, Aux::ENUM) | (Aux::INTERFACE, Aux::ANNOTATION));
                if want != is && !(java && also) {
                    return false;
                }
                let (extends, implements) = (self.kids(ps[3]), self.kids(ps[4]));
                self.name(ps[2], ts[2], &mut |m| {
                    m.attributes(ps[0], ts[0], &mut |m| {
                        m.if_given(ps[1], ts[1], &mut |m| {
                            m.parents(extends, m.tree.children(ts[3]), &mut |m| {
                                m.unordered(implements, m.tree.children(ts[4]), true, &mut |m| {
                                    m.if_given(ps[5], ts[5], &mut |m| m.class_body(ps[6], ts[6], then))
                                })
                            })
                        })
                    })
                })
            }
            (Kind::ClassBody, Kind::ClassBody) => self.class_body(p, t, then),
            (Kind::TypeDef, Kind::TypeDef) => self.name(ps[1], ts[1], &mut |m| m.node(ps[2], ts[2], then)),
            _ => false,
        }
    }

    fn class_body(&mut self, p: P, t: NodeId, then: Then<'_, 'm>) -> bool {
        if self.pk(p) == Kind::Nil {
            return then(self);
        }
        let (ps, ts) = (self.kids(p), self.tree.children(t));
        let open = self.options.implicit_ellipsis || ps.iter().any(|&p| self.pat.is_ellipsis(p));
        self.unordered(ps, ts, open, then)
    }

    /// The name a definition introduces.
    fn name(&mut self, p: P, t: NodeId, then: Then<'_, 'm>) -> bool {
        match self.pk(p) {
            Kind::Metavar => self.bind(self.pat.node(p).mv, Val::Node(t), then),
            Kind::Nil => then(self),
            Kind::Ident if self.tk(t) == Kind::Ident => {
                let text = self.tree.text(t);
                self.text(p, text, self.tree.span(t), then)
            }
            _ => self.node(p, t, then),
        }
    }

    /// Base classes: a prefix, with `...`.
    fn parents(&mut self, ps: &[P], ts: &[NodeId], then: Then<'_, 'm>) -> bool {
        let Some((&p, rest)) = ps.split_first() else { return then(self) };
        if self.pat.is_ellipsis(p) {
            for skip in 0..=ts.len() {
                if self.parents(rest, &ts[skip..], then) {
                    return true;
                }
            }
            return false;
        }
        let Some((&t, others)) = ts.split_first() else { return false };
        self.named_type(p, t, &mut |m| m.parents(rest, others, then))
    }

    /// Parameters, return type and body.
    #[expect(clippy::too_many_arguments, reason = "three slots of the pattern beside the same three of the target")]
    pub(super) fn function(
        &mut self,
        params: P,
        ret: P,
        body: P,
        tparams: NodeId,
        tret: NodeId,
        tbody: NodeId,
        then: Then<'_, 'm>,
    ) -> bool {
        let list = self.kids(params);
        let targets = self.tree.children(tparams);
        let at = self.tree.span(tparams).end;
        let any = self.pk(params) == Kind::Ellipsis;
        let rest: Then<'_, 'm> = &mut |m| {
            m.if_given(ret, tret, &mut |m| match m.pk(body) {
                Kind::Nil => then(m),
                Kind::Block if m.is_abstract(tbody) => {
                    m.kids(body).iter().all(|&statement| m.pat.is_ellipsis(statement)) && then(m)
                }
                _ => m.block(body, tbody, then),
            })
        };
        if any { rest(self) } else { self.list(list, targets, at, rest) }
    }

    /// Is this the absent body of a method in a class of Java? It counts as an empty one.
    fn is_abstract(&self, body: NodeId) -> bool {
        let up = |id: Option<NodeId>| id.and_then(|id| self.tree.parent(id));
        let class = up(up(self.tree.parent(body)));
        self.tk(body) == Kind::Nil
            && self.target.lang == Lang::Java
            && class.is_some_and(|class| self.tk(class) == Kind::ClassDef && self.tree[class].aux != Aux::INTERFACE)
    }

    pub(super) fn parameter(&mut self, p: P, t: NodeId, then: Then<'_, 'm>) -> bool {
        if self.pat.node(p).aux != self.tree[t].aux {
            return false;
        }
        let (ps, ts) = (self.kids(p), self.tree.children(t));
        self.optional(ps[0], ts[0], &mut |m| {
            m.if_given(ps[1], ts[1], &mut |m| m.if_given(ps[2], ts[2], &mut |m| m.attributes(ps[3], ts[3], then)))
        })
    }

    // ── decorators, annotations, modifiers ───────────────────────────────────────────────────────

    fn attributes(&mut self, p: P, t: NodeId, then: Then<'_, 'm>) -> bool {
        if self.pk(p) == Kind::Nil || self.kids(p).is_empty() {
            return then(self);
        }
        if self.tk(t) == Kind::Nil {
            return false;
        }
        let (ps, ts) = (self.kids(p), self.tree.children(t));
        if self.options.decorators_order_matters {
            let (annotations, modifiers): (SmallVec<[P; 4]>, SmallVec<[P; 4]>) =
                ps.iter().copied().partition(|&p| self.pk(p) != Kind::Modifier);
            return self.annotations_in_order(&annotations, ts, &mut |m| m.unordered(&modifiers, ts, true, then));
        }
        self.unordered(ps, ts, true, then)
    }

    fn annotations_in_order(&mut self, ps: &[P], ts: &[NodeId], then: Then<'_, 'm>) -> bool {
        let Some((&p, rest)) = ps.split_first() else { return then(self) };
        if self.pat.is_ellipsis(p) {
            return self.annotations_in_order(rest, ts, then);
        }
        for (i, &t) in ts.iter().enumerate() {
            if self.node(p, t, &mut |m| m.annotations_in_order(rest, &ts[i + 1..], then)) {
                return true;
            }
        }
        false
    }

    /// `@f($X)`, and `f($X)`, against `@f(1)`: both are a name and arguments.
    pub(super) fn annotation(&mut self, p: P, t: NodeId, then: Then<'_, 'm>) -> bool {
        let (ps, ts) = (self.kids(p), self.tree.children(t));
        let (args, targets) = (self.kids(ps[1]), self.tree.children(ts[1]));
        let at = self.tree.span(t).end;
        self.node(ps[0], ts[0], &mut |m| m.arguments(args, targets, at, then))
    }
}
