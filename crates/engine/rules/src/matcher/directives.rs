//! Imports and packages.

use rampart_syntax::{Kind, Lang, NodeId, Span};

use super::{Matcher, Then, Val};
use crate::pattern::{Mv, P, TextPattern};

impl<'m> Matcher<'m> {
    pub(super) fn directive(&mut self, p: P, t: NodeId, then: Then<'_, 'm>) -> bool {
        let (pk, tk) = (self.pk(p), self.tk(t));
        let (ps, ts) = (self.kids(p), self.tree.children(t));
        match (pk, tk) {
            (Kind::Package, Kind::Package) | (Kind::ImportAll, Kind::ImportAll) => self.module(p, t, then),
            (Kind::Import, Kind::Import) => self.module(p, t, &mut |m| m.if_given(ps[0], ts[0], then)),
            (Kind::ImportFrom, Kind::ImportFrom) => {
                let mut plain = false;
                let stop = self.module(p, t, &mut |m| {
                    m.unordered_names(ps, ts, &mut |m| {
                        plain = true;
                        then(m)
                    })
                });
                stop || !plain && self.normalised(p, t, then)
            }
            (Kind::Import, Kind::ImportFrom) if self.target.lang.is_script() => {
                self.pk(ps[0]) == Kind::Nil && self.module(p, t, then)
            }
            (Kind::Import | Kind::ImportFrom, Kind::Import | Kind::ImportFrom) => self.normalised(p, t, then),
            (Kind::Import | Kind::ImportFrom, Kind::VarDef) if self.target.lang.is_script() => {
                let Some((module, at)) = self.required(t) else { return false };
                if pk == Kind::Import {
                    return self.pk(ps[0]) == Kind::Nil && self.text(p, module, at, then);
                }
                if self.tk(ts[0]) != Kind::Object {
                    return ps.is_empty() && self.text(p, module, at, then);
                }
                let pairs = self.tree.children(ts[0]);
                self.text(p, module, at, &mut |m| m.unordered_names(ps, pairs, then))
            }
            _ => false,
        }
    }

    /// `const … = require("module")`: the module and where it is named.
    fn required(&self, t: NodeId) -> Option<(&'m str, Span)> {
        let init = self.tree.slot(t, 2).filter(|&i| self.tk(i) == Kind::Call)?;
        let callee = self.tree.child(init, 0);
        if self.tk(callee) != Kind::Ident || self.tree.text(callee) != "require" {
            return None;
        }
        match self.tree.children(self.tree.child(init, 1)) {
            &[module] if self.tk(module) == Kind::Str => Some((self.tree.text(module), self.tree.span(module))),
            _ => None,
        }
    }

    /// The module named by `p` is the one of `t` or a parent of it.
    fn module(&mut self, p: P, t: NodeId, then: Then<'_, 'm>) -> bool {
        let name = self.tree.text(t);
        // What a metavariable is bound to is the name, not the whole directive.
        let span = self.content_span(t);
        if self.text(p, name, span, then) {
            return true;
        }
        let node = self.pat.node(p);
        if !matches!(node.text, TextPattern::Exact) {
            return false;
        }
        let want = self.sym_text(node.sym);
        let separator = if self.target.lang.is_script() || self.target.lang == Lang::Go { '/' } else { '.' };
        self.path_prefix(want, name, separator, span, then)
    }

    /// Parts of a path against a longer one; `$X` among them binds one part, at the end all that is left.
    fn path_prefix(&mut self, want: &str, name: &str, separator: char, span: Span, then: Then<'_, 'm>) -> bool {
        let parts: Vec<&str> = name.split(separator).collect();
        let wants: Vec<&str> = want.split(separator).collect();
        if wants.len() > parts.len() {
            return false;
        }
        let mark = self.env.len();
        let mut ok = true;
        for (i, piece) in wants.iter().enumerate() {
            if !rampart_syntax::is_metavar(piece) {
                ok &= *piece == parts[i];
                continue;
            }
            let text =
                if i + 1 == wants.len() { parts[i..].join(&separator.to_string()) } else { parts[i].to_string() };
            let Some(mv) = self.mv_named(piece).filter(|&mv| mv != Mv::ANONYMOUS) else { continue };
            match self.bound(mv) {
                Some(known) => ok &= self.target.source(known) == text,
                None => self.env.push((mv, Val::Text(text.into(), span))),
            }
        }
        let stop = ok && then(self);
        self.env.truncate(mark);
        stop
    }

    fn mv_named(&self, name: &str) -> Option<Mv> {
        self.pat.path_metavars.iter().find(|(n, _)| n == name).map(|(_, mv)| *mv)
    }

    /// Imported names in any order; the target may import more.
    fn unordered_names(&mut self, ps: &[P], ts: &[NodeId], then: Then<'_, 'm>) -> bool {
        let Some((&p, rest)) = ps.split_first() else { return then(self) };
        if self.pat.is_ellipsis(p) {
            return self.unordered_names(rest, ts, then);
        }
        for &t in ts {
            if self.import_name(p, t, &mut |m| m.unordered_names(rest, ts, then)) {
                return true;
            }
        }
        false
    }

    fn import_name(&mut self, p: P, t: NodeId, then: Then<'_, 'm>) -> bool {
        let alias = self.kids(p).first().copied();
        let wants_alias = alias.filter(|&a| self.pk(a) != Kind::Nil);
        if self.tk(t) == Kind::Pair {
            // `{ name: alias }` of a `require`.
            let (key, value) = (self.tree.child(t, 0), self.tree.child(t, 1));
            let text = self.tree.text(key);
            let span = self.tree.span(key);
            return self.text(p, text, span, &mut |m| match wants_alias {
                Some(alias) => m.node(alias, value, then),
                None => m.tree.sym(key) == m.tree.sym(value) && then(m),
            });
        }
        let text = self.tree.text(t);
        let span = self.tree.span(t);
        self.text(p, text, span, &mut |m| match wants_alias {
            Some(alias) => m.tree.slot(t, 0).is_some_and(|a| m.node(alias, a, then)),
            None => then(m),
        })
    }

    /// `import a.b` and `from a import b` name the same thing; a shorter path names all below it.
    fn normalised(&mut self, p: P, t: NodeId, then: Then<'_, 'm>) -> bool {
        if self.target.lang.is_script() {
            return false;
        }
        let aliased = |m: &Self| {
            m.kids(p).iter().any(|&k| {
                let alias = if m.pk(k) == Kind::ImportName { m.kids(k).first().copied() } else { Some(k) };
                alias.is_some_and(|a| m.pk(a) != Kind::Nil)
            })
        };
        if aliased(self) {
            return false;
        }
        let module = self.sym_text(self.pat.node(p).sym);
        let wants: Vec<String> = if self.pk(p) == Kind::Import {
            vec![module.to_string()]
        } else {
            self.kids(p)
                .iter()
                .map(|&k| {
                    format!("{module}.{}", self.sym_text(self.pat.node(k).sym)).trim_start_matches('.').to_string()
                })
                .collect()
        };
        let base = self.tree.text(t);
        let names: Vec<String> = if self.tk(t) == Kind::Import {
            vec![base.to_string()]
        } else {
            self.tree.children(t).iter().map(|&n| format!("{base}.{}", self.tree.text(n))).collect()
        };
        self.each_prefix(&wants, &names, self.tree.span(t), then)
    }

    fn each_prefix(&mut self, wants: &[String], names: &[String], span: Span, then: Then<'_, 'm>) -> bool {
        let Some((want, rest)) = wants.split_first() else { return then(self) };
        names
            .iter()
            .any(|name| self.path_prefix(want, name, '.', span, &mut |m| m.each_prefix(rest, names, span, then)))
    }
}
