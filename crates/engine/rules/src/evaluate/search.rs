//! Finds the places of a pattern in a file.

use super::*;

impl<'f> Scope<'f> {
    /// What a pattern finds that may be of interest and has the bindings that are wanted.
    pub(super) fn pattern(&self, id: PatternId, around: Around, wants: &dyn Fn(&Env) -> bool) -> Vec<Range> {
        let Some(code) = self.code else { return Vec::new() };
        let shared = &self.shared.patterns[id.0 as usize].pattern;
        if let (Some(mv), RootKind::Node, None) = (shared.lone_metavar(), shared.root_kind, self.region) {
            return self.expressions(code, mv, around, wants);
        }
        let ranges = |found: &[Found]| {
            let wanted = found.iter().filter(|f| around.may_be(f.span) && wants(&f.env));
            wanted
                .map(|f| Range { span: f.span, env: f.env.clone(), fix: None, role: Role::Plain, node: f.node })
                .collect()
        };
        // The same pattern in several rules is matched once per file; inside a metavariable the place and bindings differ.
        let cacheable = self.region.is_none() && self.outer.is_empty();
        if cacheable && let Some(found) = code.found.borrow().get(&id) {
            return ranges(found);
        }
        let found = self.search(code, id);
        let out = ranges(&found);
        if cacheable && self.budget.left() > 0 {
            code.found.borrow_mut().insert(id, found.into());
        }
        out
    }

    /// What a lone metavariable finds: every expression. Nothing is made of those that are not wanted.
    fn expressions(&self, code: &FileCode<'f>, mv: Mv, around: Around, wants: &dyn Fn(&Env) -> bool) -> Vec<Range> {
        let tree = code.target.tree;
        let known = self.outer.iter().find(|(outer, _)| *outer == mv).map(|(_, val)| val);
        let is_bound = known.is_some() || mv == Mv::ANONYMOUS;
        let mut out = Vec::new();
        let mut env = self.outer.clone();
        for &id in code.expressions() {
            if !self.budget.take(1) {
                break;
            }
            let (span, val) = (tree.span(id), Val::Node(id));
            if !around.may_be(span) || known.is_some_and(|known| !self.same(known, &val)) {
                continue;
            }
            env.truncate(self.outer.len());
            if !is_bound {
                env.push((mv, val));
            }
            if wants(&env) {
                out.push(Range { span, env: env.clone(), fix: None, role: Role::Plain, node: Some(id) });
            }
            if out.len() > MAX_RANGES {
                self.budget.cut();
                break;
            }
        }
        out
    }

    pub(super) fn search(&self, code: &FileCode<'f>, id: PatternId) -> Vec<Found> {
        let shared = &self.shared.patterns[id.0 as usize];
        let pattern = &shared.pattern;
        let tree = code.target.tree;
        let mut matcher = Matcher::new(pattern, &code.target, &shared.options, shared.inside, self.budget.left())
            .with_env(&self.outer);
        let mut out = Vec::new();
        let low = self.region.map_or(0, |r| tree[r].low);
        let high = self.region.map_or(u32::MAX, |r| r.0);
        let in_region = |id: NodeId| id.0 >= low && id.0 <= high;
        if pattern.root_kind == RootKind::Statements {
            let mut starts: Vec<(NodeId, usize)> = Vec::new();
            let leading = pattern.roots.first().is_some_and(|&p| pattern.is_ellipsis(p));
            let lists = [Node::Block, Node::ClassBody];
            let blocks = || lists.iter().flat_map(|&kind| between(&code.by_kind[kind as usize], low, high));
            if let Some(occurrences) = self.rarest(code, pattern) {
                for &at in between(occurrences, low, high) {
                    let mut node = at;
                    while let Some(up) = tree.parent(node) {
                        if lists.contains(&tree.kind(up)) {
                            let kids = tree.children(up);
                            let index = kids.binary_search(&node).ok().or_else(|| kids.iter().position(|&k| k == node));
                            starts.extend(index.map(|i| (up, i)));
                        }
                        node = up;
                    }
                }
                starts.sort_unstable();
                starts.dedup();
                if leading {
                    starts = before_each(starts);
                }
            } else {
                for &block in blocks() {
                    starts.extend((0..tree.children(block).len()).map(|i| (block, i)));
                }
            }
            // What is inside a run is inside the longest of those that end with it.
            if leading && shared.inside {
                starts.retain(|&(_, i)| i == 0);
            }
            // Code that a metavariable is bound to is a program of its own.
            if let Some(region) = self.region.filter(|&r| tree.kind(r).is_statement()) {
                matcher.run(&[region], &mut out);
            }
            for (block, index) in starts {
                if in_region(block) {
                    matcher.run(&tree.children(block)[index..], &mut out);
                }
                if matcher.steps_left() == 0 || out.len() > MAX_RANGES {
                    break;
                }
            }
        } else {
            let root = pattern.roots[0];
            let kinds = target_kinds(pattern, root);
            let lone_name = pattern.kind(root) == Node::Ident && pattern.root_kind == RootKind::Node;
            let symbolic = shared.options.symbolic_propagation;
            match self.rarest(code, pattern).filter(|_| !symbolic) {
                Some(occurrences) => {
                    let mut candidates: Vec<NodeId> = Vec::new();
                    for &at in between(occurrences, low, high) {
                        let mut node = Some(at);
                        while let Some(id) = node {
                            if kinds.has(tree.kind(id))
                                && (!lone_name || self.region == Some(id) || stands_alone(tree, id))
                            {
                                candidates.push(id);
                            }
                            node = tree.parent(id);
                        }
                    }
                    candidates.sort_unstable();
                    candidates.dedup();
                    for id in candidates {
                        if in_region(id) {
                            matcher.at(id, &mut out);
                        }
                        if matcher.steps_left() == 0 || out.len() > MAX_RANGES {
                            break;
                        }
                    }
                }
                None => {
                    'all: for (kind, nodes) in code.by_kind.iter().enumerate() {
                        if !kinds.has_index(kind) {
                            continue;
                        }
                        for &id in between(nodes, low, high) {
                            if in_region(id) && kinds.takes(tree, id) {
                                matcher.at(id, &mut out);
                            }
                            if matcher.steps_left() == 0 || out.len() > MAX_RANGES {
                                break 'all;
                            }
                        }
                    }
                }
            }
        }
        if out.len() > MAX_RANGES {
            self.budget.cut();
        }
        self.budget.leave(matcher.steps_left());
        out
    }

    /// Places of the pattern's rarest name, when it has one that must be there.
    pub(super) fn rarest<'c>(&self, code: &'c FileCode<'f>, pattern: &Pattern) -> Option<&'c [NodeId]> {
        let anchors = pattern.anchors.iter().filter(|&&s| !code.module_names(s));
        anchors.map(|s| code.by_name.get(s).map_or(&[][..], Vec::as_slice)).min_by_key(|places| places.len())
    }
}

/// Every place of a list from its start to the last of its places in `starts`, which are in order: a leading `...` takes in all
/// that comes before.
fn before_each(starts: Vec<(NodeId, usize)>) -> Vec<(NodeId, usize)> {
    let last_of_each = starts.chunk_by(|a, b| a.0 == b.0).filter_map(|places| places.last().copied());
    last_of_each.flat_map(|(block, last)| (0..=last).map(move |i| (block, i))).collect()
}

/// The ids from `low` to `high` of a list that is in order.
pub(super) fn between(ids: &[NodeId], low: u32, high: u32) -> &[NodeId] {
    &ids[ids.partition_point(|id| id.0 < low)..ids.partition_point(|id| id.0 <= high)]
}

/// Nodes that lie in `span`: the subtree of the smallest node that covers it.
pub(super) fn nodes_in(tree: &Tree, span: Span) -> impl Iterator<Item = NodeId> + use<> {
    let mut at = tree.root();
    while let Some(child) = tree.covering(at, span) {
        at = child;
    }
    (tree[at].low..=at.0).map(NodeId)
}

/// Is the node an expression of its own, as `$X` matches it?
pub(super) fn selectable(tree: &Tree, id: NodeId) -> bool {
    let kind = tree.kind(id);
    if kind.is_statement()
        || matches!(
            kind,
            Node::Nil
                | Node::Args
                | Node::KwArg
                | Node::Spread
                | Node::Params
                | Node::Param
                | Node::Attrs
                | Node::Annotation
                | Node::Modifier
                | Node::Pair
                | Node::Hole
                | Node::XmlAttrs
                | Node::XmlBody
                | Node::XmlText
                | Node::ClassBody
                | Node::Extends
                | Node::Implements
                | Node::Catches
                | Node::Catch
                | Node::Case
                | Node::ImportName
                | Node::CompFor
                | Node::CompIf
                | Node::TypeParams
        )
    {
        return false;
    }
    // Names after a dot, of keys and of definitions are parts, not expressions.
    match tree.parent(id) {
        Some(up) => match tree.kind(up) {
            Node::Member => tree.child(up, 1) != id,
            Node::FuncDef | Node::ClassDef => tree.child(up, 2) != id,
            Node::Param => tree.child(up, 0) != id,
            _ => true,
        },
        None => true,
    }
}

/// Is the name an expression or a type, and not a part of something else (a member, a key, what is declared)?
fn stands_alone(tree: &Tree, id: NodeId) -> bool {
    let key = tree.parent(id).is_some_and(|up| match tree.kind(up) {
        // The key of the shorthand `{name}` is the name as well.
        Node::Pair => tree.child(up, 0) == id && tree.span(id) != tree.span(tree.child(up, 1)),
        Node::XmlAttr | Node::VarDef => tree.child(up, 0) == id,
        _ => false,
    });
    !key && selectable(tree, id)
}

/// A set of node kinds.
struct Kinds {
    bits: u128,
    which: Which,
}

#[derive(Clone, Copy)]
enum Which {
    /// The kinds were named one by one.
    Named,
    /// Any expression of its own.
    Expressions,
    /// Any statement.
    Statements,
}

impl Kinds {
    fn of(kinds: &[Node]) -> Kinds {
        Kinds { bits: kinds.iter().fold(0, |bits, &k| bits | 1 << k as u32), which: Which::Named }
    }

    /// Is a node of one of these kinds one that is meant?
    fn takes(&self, tree: &Tree, id: NodeId) -> bool {
        match self.which {
            Which::Named => true,
            Which::Expressions => selectable(tree, id),
            Which::Statements => tree.kind(id).is_statement() && id != tree.root(),
        }
    }

    fn has(&self, kind: Node) -> bool {
        self.has_index(kind as usize)
    }

    fn has_index(&self, kind: usize) -> bool {
        self.bits >> kind & 1 == 1
    }
}

/// Kinds of nodes that a pattern with this root can match.
fn target_kinds(pattern: &Pattern, root: P) -> Kinds {
    let kind = pattern.kind(root);
    let also: &[Node] = match kind {
        Node::Call => &[Node::Annotation, Node::Tagged],
        Node::Composite => &[Node::Call],
        Node::Assign => &[Node::VarDef, Node::FuncDef],
        Node::Member => &[Node::Ident],
        Node::Pair => &[Node::KwArg, Node::FuncDef],
        Node::Set | Node::Dict => &[Node::Set, Node::Dict, Node::Comprehension],
        Node::Array => &[Node::Comprehension],
        Node::FuncDef => &[Node::Lambda],
        // The expression of a short function is what it returns.
        Node::Return => &[Node::Lambda],
        Node::Import | Node::ImportFrom => &[Node::Import, Node::ImportFrom, Node::VarDef],
        Node::For => &[Node::ForEach],
        Node::While => &[Node::For, Node::ForEach],
        Node::Unary => &[Node::Int, Node::Ident, Node::Call],
        Node::Str | Node::Int | Node::Bool | Node::Float => &[Node::Ident, Node::Binary, Node::Interp, Node::Unary],
        Node::ExprStmt => &[Node::VarDef, Node::Return, Node::FuncDef, Node::Lambda],
        Node::Typed | Node::Metavar | Node::MetavarEllipsis | Node::Deep | Node::Chain | Node::Ellipsis => {
            return Kinds { bits: u128::MAX, which: Which::Expressions };
        }
        _ => &[],
    };
    // A statement that is only a metavariable or `...` is any statement.
    if kind == Node::ExprStmt {
        let inner = pattern.child(root, 0);
        if matches!(pattern.kind(inner), Node::Metavar | Node::Ellipsis | Node::Deep) {
            return Kinds { bits: u128::MAX, which: Which::Statements };
        }
    }
    let mut kinds = Kinds::of(also);
    kinds.bits |= 1 << kind as u32;
    kinds
}
