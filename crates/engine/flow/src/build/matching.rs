//! Patterns of Python's `match`, and what the cases of a switch ask for.

use super::*;

impl Builder<'_> {
    /// Gives the names in a pattern of Python's `match` their parts of the value.
    pub(super) fn capture(&mut self, pattern: NodeId, value: Value) {
        let tree = self.tree;
        match tree.kind(pattern) {
            Kind::Ident if tree.text(pattern) != "_" => {
                let part = self.hidden(pattern);
                self.copy(value, part);
                self.assign(pattern, part, None);
            }
            Kind::Tuple | Kind::Array => self.capture_parts(pattern, value),
            Kind::Other => match tree.text(pattern) {
                "list_pattern" | "tuple_pattern" => self.capture_parts(pattern, value),
                "splat_pattern" | "as_pattern" | "union_pattern" => {
                    for &part in tree.children(pattern) {
                        self.capture(part, value);
                    }
                }
                _ => {
                    for &part in tree.children(pattern) {
                        let inner = self.hidden(part);
                        self.edge(value, inner, Step::Load(Key::ANY));
                        self.capture(part, inner);
                    }
                }
            },
            kind if kind.is_literal() => self.expr_if(pattern),
            _ => {}
        }
    }

    fn capture_parts(&mut self, pattern: NodeId, value: Value) {
        let tree = self.tree;
        for (i, &part) in tree.children(pattern).iter().enumerate() {
            let inner = self.hidden(part);
            let is_rest =
                tree.kind(part) == Kind::Spread || tree.kind(part) == Kind::Other && tree.text(part) == "splat_pattern";
            self.edge(value, inner, if is_rest { Step::Shift(-(i as i32)) } else { Step::Load(Key::index(i as u32)) });
            let name = if tree.kind(part) == Kind::Spread { tree.child(part, 0) } else { part };
            self.capture(name, inner);
        }
    }

    /// What a case asks for: `"a" | "b"` of Python are two.
    pub(super) fn labels_of(&self, case: NodeId) -> Vec<NodeId> {
        let tree = self.tree;
        let is_either =
            |id: NodeId| tree.kind(id) == Kind::Other && tree.text(id) == "union_pattern" && self.lang == Lang::Python;
        let labels = tree.children(tree.child(case, 0));
        labels.iter().flat_map(|&l| if is_either(l) { tree.children(l).to_vec() } else { vec![l] }).collect()
    }

    /// Takes whatever comes.
    pub(super) fn takes_all(&self, case: NodeId) -> bool {
        let tree = self.tree;
        tree.kind(case) == Kind::Case
            && match tree.children(tree.child(case, 0)) {
                [] => true,
                &[label] => self.lang == Lang::Python && tree.kind(label) == Kind::Ident,
                _ => false,
            }
    }
}
