//! The generic tree: a compact arena shared by all languages.

use std::sync::Arc;

use crate::kind::{Kind, Op};
use crate::symbols::{LocalSymbols, Sym, Symbols};

/// Index of a node in its tree. Children have smaller ids than their parent (post-order), and a subtree is the contiguous
/// range `tree[id].low ..= id`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord)]
pub struct NodeId(pub u32);

impl NodeId {
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// A range of bytes in the source.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord, Default, serde::Serialize, serde::Deserialize)]
pub struct Span {
    pub start: u32,
    pub end: u32,
}

impl Span {
    pub fn new(start: usize, end: usize) -> Span {
        Span { start: start as u32, end: end as u32 }
    }

    pub fn contains(self, other: Span) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    pub fn join(self, other: Span) -> Span {
        Span { start: self.start.min(other.start), end: self.end.max(other.end) }
    }

    pub fn len(self) -> usize {
        (self.end - self.start) as usize
    }

    pub fn is_empty(self) -> bool {
        self.start == self.end
    }

    pub fn range(self) -> std::ops::Range<usize> {
        self.start as usize..self.end as usize
    }
}

#[derive(Clone, Copy, Debug)]
pub struct Node {
    pub kind: Kind,
    /// See [`crate::kind::Aux`] and [`Op`].
    pub aux: u16,
    pub sym: Sym,
    pub span: Span,
    first: u32,
    count: u32,
    /// The smallest id in the subtree.
    pub low: u32,
    parent: u32,
    /// Structural hash of the subtree: kinds, `aux` and texts, no spans.
    pub hash: u64,
}

const NO_PARENT: u32 = u32::MAX;

/// One file (or one pattern), lowered.
#[derive(Clone, Debug)]
pub struct Tree {
    nodes: Vec<Node>,
    kids: Vec<NodeId>,
    pub symbols: LocalSymbols,
    root: NodeId,
    /// Spans of the source that the grammar could not make sense of.
    pub errors: Vec<Span>,
    /// The nesting limit cut something; what lies below was not looked at.
    pub too_deep: Option<Span>,
}

impl Tree {
    pub fn root(&self) -> NodeId {
        self.root
    }

    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    pub fn kind(&self, id: NodeId) -> Kind {
        self.nodes[id.index()].kind
    }

    pub fn children(&self, id: NodeId) -> &[NodeId] {
        let node = &self.nodes[id.index()];
        &self.kids[node.first as usize..(node.first + node.count) as usize]
    }

    /// The child in slot `slot`. The layouts in [`Kind`] say which slots exist.
    pub fn child(&self, id: NodeId, slot: usize) -> NodeId {
        self.children(id)[slot]
    }

    /// The child in slot `slot` when it is there and not `Nil`.
    pub fn slot(&self, id: NodeId, slot: usize) -> Option<NodeId> {
        self.children(id).get(slot).copied().filter(|&c| self.kind(c) != Kind::Nil)
    }

    pub fn parent(&self, id: NodeId) -> Option<NodeId> {
        let parent = self.nodes[id.index()].parent;
        (parent != NO_PARENT).then_some(NodeId(parent))
    }

    pub fn text(&self, id: NodeId) -> &str {
        self.symbols.text(self.nodes[id.index()].sym)
    }

    pub fn sym(&self, id: NodeId) -> Sym {
        self.nodes[id.index()].sym
    }

    pub fn span(&self, id: NodeId) -> Span {
        self.nodes[id.index()].span
    }

    pub fn hash(&self, id: NodeId) -> u64 {
        self.nodes[id.index()].hash
    }

    pub fn op(&self, id: NodeId) -> u16 {
        self.nodes[id.index()].aux
    }

    pub fn ids(&self) -> impl DoubleEndedIterator<Item = NodeId> + use<> {
        (0..self.nodes.len() as u32).map(NodeId)
    }

    /// Is `id` in the subtree of `root`?
    pub fn within(&self, id: NodeId, root: NodeId) -> bool {
        id <= root && id.0 >= self.nodes[root.index()].low
    }

    /// The first child of `id` that covers `span`. Long lists stand in the order of the source and are not read through.
    pub fn covering(&self, id: NodeId, span: Span) -> Option<NodeId> {
        let kids = self.children(id);
        let covers = |kid: NodeId| self.span(kid).contains(span) && !self.span(kid).is_empty();
        if kids.len() < 64 {
            return kids.iter().copied().find(|&kid| covers(kid));
        }
        let from = kids.partition_point(|&kid| self.span(kid).end < span.end);
        kids[from..].iter().copied().take_while(|&kid| self.span(kid).start <= span.start).find(|&kid| covers(kid))
    }

    /// Structural equality of two subtrees of two trees (spans do not count). Iterative.
    pub fn same(&self, a: NodeId, other: &Tree, b: NodeId) -> bool {
        if self.hash(a) != other.hash(b) {
            return false;
        }
        // Symbols of one tree are equal when their texts are.
        let is_one_tree = std::ptr::eq(self, other);
        let texts = |a: NodeId, b: NodeId| {
            if is_one_tree { self.sym(a) == other.sym(b) } else { self.text(a) == other.text(b) }
        };
        if self[a].count == 0 {
            let (x, y) = (&self[a], &other[b]);
            return x.kind == y.kind && x.aux == y.aux && y.count == 0 && texts(a, b);
        }
        let mut stack = vec![(a, b)];
        while let Some((a, b)) = stack.pop() {
            let (x, y) = (&self[a], &other[b]);
            if x.kind != y.kind || x.aux != y.aux || x.count != y.count || !texts(a, b) {
                return false;
            }
            stack.extend(self.children(a).iter().copied().zip(other.children(b).iter().copied()));
        }
        true
    }

    /// An S-expression of the subtree, for tests and `rampart dump`.
    pub fn dump(&self, id: NodeId) -> String {
        let mut out = String::new();
        self.dump_into(id, 0, &mut out);
        out
    }

    fn dump_into(&self, id: NodeId, depth: usize, out: &mut String) {
        use std::fmt::Write;
        let node = &self[id];
        let _ = write!(out, "{:indent$}{:?}", "", node.kind, indent = depth * 2);
        if node.aux != 0 {
            let _ = write!(out, "#{}", node.aux);
        }
        if node.sym.is_some() {
            let _ = write!(out, " {:?}", self.symbols.text(node.sym));
        }
        out.push('\n');
        for &child in self.children(id) {
            self.dump_into(child, depth + 1, out);
        }
    }
}

impl std::ops::Index<NodeId> for Tree {
    type Output = Node;
    fn index(&self, id: NodeId) -> &Node {
        &self.nodes[id.index()]
    }
}

/// Builds a tree bottom-up: children first. Knows how pattern placeholders look, so that no lowering has to.
pub struct Builder<'s> {
    pub src: &'s str,
    nodes: Vec<Node>,
    kids: Vec<NodeId>,
    pub symbols: LocalSymbols,
    /// `Some` when a pattern is lowered: identifiers may be placeholders.
    pattern: bool,
    /// Types of the typed metavariables of a pattern, by placeholder number.
    types: Vec<String>,
    pub errors: Vec<Span>,
    pub too_deep: Option<Span>,
}

/// Placeholders that the pattern reader puts in place of what no grammar accepts. See `crate::pattern`.
pub(crate) const MV: &str = "µMV_";
pub(crate) const MV_ELLIPSIS: &str = "µMVE_";
pub(crate) const ELLIPSIS: &str = "µELL";
pub(crate) const DEEP: &str = "µDEEP";
pub(crate) const TYPED: &str = "µTY";

/// Is this the name of a metavariable (`$X`, `$_`, `$FOO_1`)?
pub fn is_metavar(text: &str) -> bool {
    text.strip_prefix('$').is_some_and(|r| {
        let mut bytes = r.bytes();
        bytes.next().is_some_and(|b| b.is_ascii_uppercase() || b == b'_')
            && bytes.all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_')
    })
}

/// Undoes the placeholders inside a text (a string literal of a pattern keeps what the author wrote).
pub(crate) fn restore_placeholders(text: &str) -> String {
    text.replace(MV_ELLIPSIS, "$...").replace(MV, "$").replace(ELLIPSIS, "...").replace(DEEP, "<...")
}

impl<'s> Builder<'s> {
    pub fn new(src: &'s str, base: Arc<Symbols>, pattern: bool) -> Self {
        let guess = src.len() / 6 + 16;
        Builder {
            src,
            nodes: Vec::with_capacity(guess),
            kids: Vec::with_capacity(guess),
            symbols: LocalSymbols::new(base),
            pattern,
            types: Vec::new(),
            errors: Vec::new(),
            too_deep: None,
        }
    }

    pub(crate) fn set_types(&mut self, types: &[String]) {
        self.types = types.to_vec();
    }

    pub fn is_pattern(&self) -> bool {
        self.pattern
    }

    pub fn kind(&self, id: NodeId) -> Kind {
        self.nodes[id.index()].kind
    }

    pub fn span(&self, id: NodeId) -> Span {
        self.nodes[id.index()].span
    }

    pub fn sym(&self, id: NodeId) -> Sym {
        self.nodes[id.index()].sym
    }

    pub fn children(&self, id: NodeId) -> &[NodeId] {
        let node = &self.nodes[id.index()];
        &self.kids[node.first as usize..(node.first + node.count) as usize]
    }

    pub fn text(&self, span: Span) -> &'s str {
        &self.src[span.range()]
    }

    /// Any node.
    pub fn push(&mut self, kind: Kind, aux: u16, sym: Sym, span: Span, children: &[NodeId]) -> NodeId {
        if self.pattern {
            if let Some(&[callee, args]) = (kind == Kind::Call).then_some(children) {
                // `<... e ...>` was written as a call of the placeholder.
                if self.kind(callee) == Kind::Ident && self.symbols.text(self.sym(callee)) == "<..." {
                    let inner: Vec<NodeId> = self.children(args).to_vec();
                    return self.push(Kind::Deep, 0, Sym::NONE, span, &inner);
                }
            }
            if let (Kind::VarDef, Some(&name)) = (kind, children.first())
                && self.kind(name) == Kind::Ellipsis
            {
                return self.push(Kind::ExprStmt, 0, Sym::NONE, span, &[name]);
            }
            if let (Kind::KwArg, &[value]) = (kind, children)
                && self.kind(value) == Kind::Ellipsis
                && self.symbols.text(sym) == "..."
            {
                return value;
            }
            if kind == Kind::Member && children.len() == 2 && self.kind(children[1]) == Kind::Ellipsis {
                return self.push(Kind::Chain, 0, Sym::NONE, span, &children[..1]);
            }
        }
        let id = NodeId(self.nodes.len() as u32);
        let first = self.kids.len() as u32;
        self.kids.extend_from_slice(children);
        let mut low = id.0;
        let mut hash = mix(kind as u64 + 1, u64::from(aux));
        hash = mix(hash, self.symbols.hash(sym));
        for &child in children {
            let child_node = &mut self.nodes[child.index()];
            child_node.parent = id.0;
            low = low.min(child_node.low);
            hash = mix(hash, child_node.hash);
        }
        self.nodes.push(Node {
            kind,
            aux,
            sym,
            span,
            first,
            count: children.len() as u32,
            low,
            parent: NO_PARENT,
            hash,
        });
        id
    }

    /// A node with children and nothing else.
    pub fn node(&mut self, kind: Kind, span: Span, children: &[NodeId]) -> NodeId {
        self.push(kind, 0, Sym::NONE, span, children)
    }

    /// A leaf with a text. In a pattern, placeholders inside the text are undone.
    pub fn leaf(&mut self, kind: Kind, span: Span, text: &str) -> NodeId {
        self.named(kind, 0, text, span, &[])
    }

    /// Any node with a text. In a pattern, placeholders inside the text are undone.
    pub fn named(&mut self, kind: Kind, aux: u16, text: &str, span: Span, children: &[NodeId]) -> NodeId {
        let sym = if self.pattern && text.contains('µ') {
            let restored = restore_placeholders(text);
            self.symbols.intern(&restored)
        } else {
            self.symbols.intern(text)
        };
        self.push(kind, aux, sym, span, children)
    }

    /// An absent slot at byte `at`.
    pub fn nil(&mut self, at: u32) -> NodeId {
        self.push(Kind::Nil, 0, Sym::NONE, Span { start: at, end: at }, &[])
    }

    /// A name; in a pattern it may be a metavariable or an ellipsis.
    pub fn ident(&mut self, span: Span) -> NodeId {
        self.ident_named(span, self.text(span))
    }

    /// A name whose text is not its source text (quoted keys, keywords used as names).
    pub fn ident_named(&mut self, span: Span, text: &str) -> NodeId {
        if self.pattern {
            if text == ELLIPSIS {
                return self.push(Kind::Ellipsis, 0, Sym::NONE, span, &[]);
            }
            if let Some(name) = text.strip_prefix(MV_ELLIPSIS) {
                let sym = self.symbols.intern(&format!("$...{name}"));
                return self.push(Kind::MetavarEllipsis, 0, sym, span, &[]);
            }
            if let Some(name) = text.strip_prefix(MV) {
                let sym = self.symbols.intern(&format!("${name}"));
                return self.push(Kind::Metavar, 0, sym, span, &[]);
            }
            if let Some((number, name)) = text.strip_prefix(TYPED).and_then(|t| t.split_once('_')) {
                let ty = number.parse().ok().and_then(|n: usize| self.types.get(n).cloned()).unwrap_or_default();
                let ty = TypeReader { text: &ty, at: span, depth: 0 }.union(self);
                let sym = self.symbols.intern(&format!("${name}"));
                return self.push(Kind::Typed, 0, sym, span, &[ty]);
            }
            if is_metavar(text) {
                let sym = self.symbols.intern(text);
                return self.push(Kind::Metavar, 0, sym, span, &[]);
            }
        }
        self.leaf(Kind::Ident, span, text)
    }

    pub fn op(&mut self, kind: Kind, op: Option<Op>, span: Span, children: &[NodeId]) -> NodeId {
        self.push(kind, op.map_or(0, |op| op as u16), Sym::NONE, span, children)
    }

    /// Lets a node begin and end with the parentheses around it, which are not in the tree.
    pub fn widen(&mut self, id: NodeId, span: Span) -> NodeId {
        // The parentheses around a pattern may be the reader's own.
        if !self.pattern {
            self.nodes[id.index()].span = span;
        }
        id
    }

    pub fn finish(self, root: NodeId) -> Tree {
        Tree {
            nodes: self.nodes,
            kids: self.kids,
            symbols: self.symbols,
            root,
            errors: self.errors,
            too_deep: self.too_deep,
        }
    }
}

fn mix(hash: u64, value: u64) -> u64 {
    (hash.rotate_left(23) ^ value).wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ (hash >> 31)
}

/// Reads the type of a typed metavariable: names with dots, `<…>`, `[]` on either side, `*`, `map[K]V`, `|`.
struct TypeReader<'t> {
    text: &'t str,
    at: Span,
    depth: u32,
}

impl TypeReader<'_> {
    fn union(&mut self, b: &mut Builder) -> NodeId {
        let mut parts = vec![self.one(b)];
        while self.eat("|") {
            parts.push(self.one(b));
        }
        if let [one] = parts.as_slice() { *one } else { b.node(Kind::TypeUnion, self.at, &parts) }
    }

    fn one(&mut self, b: &mut Builder) -> NodeId {
        self.depth += 1;
        if self.depth > 50 {
            return b.nil(self.at.start);
        }
        if self.eat("*") || self.eat("&") {
            let inner = self.one(b);
            return b.node(Kind::TypePointer, self.at, &[inner]);
        }
        if self.eat("[") {
            let _ = self.word();
            self.eat("]");
            let kids = [self.one(b), b.nil(self.at.start)];
            return b.node(Kind::TypeArray, self.at, &kids);
        }
        let word = self.word().to_string();
        if word == "map" && self.eat("[") {
            let key = self.one(b);
            self.eat("]");
            let value = self.one(b);
            return b.node(Kind::TypeMap, self.at, &[key, value]);
        }
        let mut node =
            if word == "?" { b.leaf(Kind::Other, self.at, "wildcard") } else { b.ident_named(self.at, &word) };
        while self.eat(".") {
            let word = self.word().to_string();
            let name = b.ident_named(self.at, &word);
            node = b.node(Kind::Member, self.at, &[node, name]);
        }
        if self.eat("<") {
            let mut args = vec![self.union(b)];
            while self.eat(",") {
                args.push(self.union(b));
            }
            self.eat(">");
            let args = b.node(Kind::Args, self.at, &args);
            node = b.node(Kind::TypeApply, self.at, &[node, args]);
        }
        while self.eat("[") {
            self.eat("]");
            let size = b.nil(self.at.start);
            node = b.node(Kind::TypeArray, self.at, &[node, size]);
        }
        node
    }

    fn eat(&mut self, token: &str) -> bool {
        match self.text.trim_start().strip_prefix(token) {
            Some(rest) => {
                self.text = rest;
                true
            }
            None => false,
        }
    }

    fn word(&mut self) -> &str {
        let text = self.text.trim_start();
        let end = text.find(|c: char| !(c.is_alphanumeric() || "_$?".contains(c))).unwrap_or(text.len());
        let (word, rest) = text.split_at(end);
        self.text = rest;
        word
    }
}
