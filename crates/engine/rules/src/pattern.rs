//! Code patterns, compiled: a small arena with symbols of the rule set and numbered metavariables.

use std::sync::Arc;

use rampart_syntax::pattern::{self, Root};
use rampart_syntax::{Kind, Lang, NodeId, Sym, Symbols, Tree, is_metavar};

use crate::regex::{Flags, Regex};

/// A metavariable of a rule set. `$_` is [`Mv::ANONYMOUS`] and is never bound.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
pub struct Mv(pub u16);

impl Mv {
    pub const ANONYMOUS: Mv = Mv(0);
}

/// Metavariable names of a rule set, by number. More than 65,000 are not accepted.
#[derive(Clone, Debug)]
pub struct Metavariables {
    names: Vec<String>,
    numbers: rustc_hash::FxHashMap<String, Mv>,
}

impl Default for Metavariables {
    fn default() -> Self {
        let mut mvs = Metavariables { names: Vec::new(), numbers: Default::default() };
        mvs.number("$_");
        mvs
    }
}

impl Metavariables {
    /// The number of `name` (`$X`, `$...ARGS`, `$1`).
    pub fn number(&mut self, name: &str) -> Mv {
        if let Some(&mv) = self.numbers.get(name) {
            return mv;
        }
        // Past the limit names share the anonymous number: they then match anything, and the loader has refused such sets.
        let mv = Mv(u16::try_from(self.names.len()).unwrap_or(0));
        self.names.push(name.to_string());
        self.numbers.insert(name.to_string(), mv);
        mv
    }

    pub fn find(&self, name: &str) -> Option<Mv> {
        self.numbers.get(name).copied()
    }

    pub fn name(&self, mv: Mv) -> &str {
        &self.names[mv.0 as usize]
    }
}

/// What a text inside a pattern (string content, name of a key or module) matches.
#[derive(Clone, Debug)]
pub enum TextPattern {
    /// `"..."`
    Any,
    /// `"$X"`
    Metavar(Mv),
    /// `"=~/re/"`
    Regex(Arc<Regex>),
    Exact,
}

/// Index of a node in its pattern.
pub type P = u32;

#[derive(Clone, Debug)]
pub struct PNode {
    pub kind: Kind,
    pub aux: u16,
    pub sym: Sym,
    /// For `Metavar`, `MetavarEllipsis`, `Typed`.
    pub mv: Mv,
    pub text: TextPattern,
    first: u32,
    count: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RootKind {
    /// Matched at any node.
    Node,
    /// Matched at statements.
    Statement,
    /// Matched at runs of statements.
    Statements,
}

#[derive(Clone, Debug)]
pub struct Pattern {
    nodes: Vec<PNode>,
    kids: Vec<P>,
    pub roots: Vec<P>,
    pub root_kind: RootKind,
    /// Names that any match contains, rarest first as far as can be told (longest first).
    pub required: Vec<Sym>,
    /// Names that the first statement (or the one root) contains: where to look.
    pub anchors: Vec<Sym>,
    /// Metavariables that a match binds.
    pub binds: Vec<Mv>,
    /// Metavariables inside dotted module names (`import a.$X`).
    pub path_metavars: Vec<(String, Mv)>,
}

impl Pattern {
    /// Compiles a pattern that was read.
    ///
    /// # Errors
    /// A sentence when a string in it is no good expression.
    pub fn compile(
        lang: Lang,
        read: &pattern::Pattern,
        symbols: &mut Symbols,
        mvs: &mut Metavariables,
    ) -> Result<Pattern, String> {
        let mut out = Pattern {
            nodes: Vec::new(),
            kids: Vec::new(),
            roots: Vec::new(),
            root_kind: RootKind::Node,
            required: Vec::new(),
            anchors: Vec::new(),
            binds: Vec::new(),
            path_metavars: Vec::new(),
        };
        let (kind, roots) = match &read.root {
            Root::Node(id) => (RootKind::Node, vec![*id]),
            Root::Statement(id) => (RootKind::Statement, vec![*id]),
            Root::Statements(ids) => (RootKind::Statements, ids.clone()),
        };
        out.root_kind = kind;
        for id in roots {
            let root = out.add(&read.tree, id, symbols, mvs)?;
            out.roots.push(root);
        }
        out.normalise(lang);
        let first = out.roots.iter().copied().find(|&r| !out.is_ellipsis(r));
        for (list, roots) in [(0, out.roots.clone()), (1, first.into_iter().collect())] {
            let mut names = Vec::new();
            for root in roots {
                out.names(root, &mut names);
            }
            names.sort_by_key(|&s| (std::cmp::Reverse(symbols.text(s).len()), s));
            names.dedup();
            if list == 0 { out.required = names } else { out.anchors = names }
        }
        out.binds = out
            .nodes
            .iter()
            .filter_map(|n| match (n.kind, &n.text) {
                (Kind::Metavar | Kind::MetavarEllipsis | Kind::Typed, _) => Some(n.mv),
                (_, TextPattern::Metavar(mv)) => Some(*mv),
                _ => None,
            })
            .chain(out.path_metavars.iter().map(|(_, mv)| *mv))
            .filter(|&mv| mv != Mv::ANONYMOUS)
            .collect();
        out.binds.sort_unstable();
        out.binds.dedup();
        Ok(out)
    }

    fn add(&mut self, tree: &Tree, id: NodeId, symbols: &mut Symbols, mvs: &mut Metavariables) -> Result<P, String> {
        let mut kids = Vec::with_capacity(tree.children(id).len());
        for &child in tree.children(id) {
            kids.push(self.add(tree, child, symbols, mvs)?);
        }
        let node = &tree[id];
        let name = tree.text(id);
        let mv = match node.kind {
            Kind::Metavar | Kind::MetavarEllipsis | Kind::Typed => mvs.number(name),
            _ => Mv::ANONYMOUS,
        };
        let text = match node.kind {
            Kind::Metavar | Kind::MetavarEllipsis | Kind::Typed => TextPattern::Exact,
            _ => text_pattern(name, mvs)?,
        };
        if matches!(node.kind, Kind::Import | Kind::ImportFrom | Kind::ImportAll | Kind::Package | Kind::ImportName) {
            for part in name.split(['.', '/']).filter(|part| is_metavar(part)) {
                self.path_metavars.push((part.to_string(), mvs.number(part)));
            }
        }
        let first = self.kids.len() as u32;
        self.kids.extend_from_slice(&kids);
        self.nodes.push(PNode {
            kind: node.kind,
            aux: node.aux,
            sym: symbols.intern(name),
            mv,
            text,
            first,
            count: kids.len() as u32,
        });
        Ok(self.nodes.len() as u32 - 1)
    }

    /// Readings of a pattern that its grammar cannot know.
    fn normalise(&mut self, lang: Lang) {
        let [root] = self.roots.as_slice() else { return };
        let root = *root;
        // `key: $VALUE` reads as a labelled statement where labels exist.
        if self.kind(root) == Kind::Label && (lang.is_script() || lang == Lang::Go) {
            let statement = self.children(root)[0];
            if self.kind(statement) == Kind::ExprStmt {
                let value = self.children(statement)[0];
                let label = &self.nodes[root as usize];
                let (sym, text) = (label.sym, label.text.clone());
                let (kind, mv) = match text {
                    TextPattern::Metavar(mv) => (Kind::Metavar, mv),
                    _ => (Kind::Ident, Mv::ANONYMOUS),
                };
                let first = self.kids.len() as u32;
                self.nodes.push(PNode { kind, aux: 0, sym, mv, text: TextPattern::Exact, first, count: 0 });
                let key = self.nodes.len() as u32 - 1;
                self.kids.extend([key, value]);
                self.nodes.push(PNode {
                    kind: Kind::Pair,
                    aux: 0,
                    sym: Sym::NONE,
                    mv: Mv::ANONYMOUS,
                    text: TextPattern::Exact,
                    first,
                    count: 2,
                });
                self.roots = vec![self.nodes.len() as u32 - 1];
                self.root_kind = RootKind::Node;
            }
        }
    }

    pub fn node(&self, p: P) -> &PNode {
        &self.nodes[p as usize]
    }

    pub fn kind(&self, p: P) -> Kind {
        self.nodes[p as usize].kind
    }

    pub fn children(&self, p: P) -> &[P] {
        let node = &self.nodes[p as usize];
        &self.kids[node.first as usize..(node.first + node.count) as usize]
    }

    pub fn child(&self, p: P, slot: usize) -> P {
        self.children(p)[slot]
    }

    /// `...` as an expression, a statement or a list item.
    pub fn is_ellipsis(&self, p: P) -> bool {
        match self.kind(p) {
            Kind::Ellipsis => true,
            Kind::ExprStmt => self.children(p).first().is_some_and(|&e| self.kind(e) == Kind::Ellipsis),
            _ => false,
        }
    }

    /// `$...X` likewise.
    pub fn metavar_ellipsis(&self, p: P) -> Option<Mv> {
        match self.kind(p) {
            Kind::MetavarEllipsis => Some(self.node(p).mv),
            Kind::ExprStmt => self.children(p).first().and_then(|&e| self.metavar_ellipsis(e)),
            Kind::Param => {
                self.children(p).first().filter(|&&n| self.kind(n) == Kind::MetavarEllipsis).map(|&n| self.node(n).mv)
            }
            _ => None,
        }
    }

    /// Is the whole pattern one metavariable?
    pub fn lone_metavar(&self) -> Option<Mv> {
        match self.roots.as_slice() {
            &[root] if self.kind(root) == Kind::Metavar => Some(self.node(root).mv),
            _ => None,
        }
    }

    /// Is what it binds to `mv` a piece of the code, as it stands there? Contents of strings and parts of module names are not.
    pub fn binds_code(&self, mv: Mv) -> bool {
        let as_text = |node: &PNode| matches!(node.text, TextPattern::Metavar(text) if text == mv);
        !self.nodes.iter().any(as_text) && !self.path_metavars.iter().any(|(_, part)| *part == mv)
    }

    /// Names that any match of `p` must contain as names.
    fn names(&self, p: P, out: &mut Vec<Sym>) {
        let node = self.node(p);
        let named = matches!(node.kind, Kind::Ident | Kind::Modifier)
            && matches!(node.text, TextPattern::Exact)
            && node.sym.is_some();
        if named && node.kind == Kind::Ident {
            out.push(node.sym);
        }
        match node.kind {
            // `import a.b.c`, `from a import b`: the parts are found as paths of imported names, or as module texts.
            Kind::Import | Kind::ImportFrom | Kind::ImportAll | Kind::ImportName | Kind::Package => {}
            // A type may be inferred or written through an import.
            Kind::Typed => {}
            // An associative operator or a parameter default may hide nothing: all children are needed.
            _ => {
                for &child in self.children(p) {
                    self.names(child, out);
                }
            }
        }
    }
}

fn text_pattern(text: &str, mvs: &mut Metavariables) -> Result<TextPattern, String> {
    if text == "..." {
        return Ok(TextPattern::Any);
    }
    if is_metavar(text) || text.strip_prefix("$...").is_some_and(|t| is_metavar(&format!("${t}"))) {
        return Ok(TextPattern::Metavar(mvs.number(text)));
    }
    if let Some(rest) = text.strip_prefix("=~/")
        && let Some((regex, flags)) = rest.rsplit_once('/')
    {
        let flags =
            Flags { case_insensitive: flags.contains('i'), multi_line: flags.contains('m'), ..Flags::default() };
        let regex = Regex::new(regex, flags).map_err(|e| format!("bad expression in a string: {e}"))?;
        return Ok(TextPattern::Regex(Arc::new(regex)));
    }
    Ok(TextPattern::Exact)
}
