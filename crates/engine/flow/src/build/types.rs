//! Names of types and of what is imported, as other files can understand them.

use super::*;

impl Builder<'_> {
    /// The class that a type names, without pointers, generic arguments and `| null`.
    pub(super) fn type_name(&self, ty: NodeId) -> Option<TypeName> {
        let tree = self.tree;
        match tree.kind(ty) {
            Kind::Ident | Kind::Member => self.dotted(ty).or_else(|| self.plain_type(ty)),
            Kind::TypeApply | Kind::TypePointer => self.type_name(tree.child(ty, 0)),
            Kind::Unary | Kind::Composite => self.type_name(tree.child(ty, 0)),
            Kind::TypeUnion => tree.children(ty).iter().find_map(|&part| self.type_name(part)),
            // `Annotated[T, …]`, `Optional[T]` of Python say what the value is; other brackets what it holds.
            Kind::Index if self.lang == Lang::Python => {
                let outer = tree.child(ty, 0);
                let name =
                    if tree.kind(outer) == Kind::Member { tree.text(tree.child(outer, 1)) } else { tree.text(outer) };
                let inner =
                    if matches!(name, "Annotated" | "Optional" | "Final" | "Type") { tree.child(ty, 1) } else { outer };
                self.type_name(inner)
            }
            Kind::Tuple if self.lang == Lang::Python => self.type_name(*tree.children(ty).first()?),
            Kind::Call if self.lang == Lang::Python => None,
            Kind::Str if self.lang == Lang::Python => {
                let text = tree.text(ty);
                let plain = !text.is_empty() && text.chars().all(|c| c.is_alphanumeric() || c == '_' || c == '.');
                plain.then(|| TypeName { path: text.split('.').map(str::to_string).collect(), imported: false })
            }
            _ => None,
        }
    }

    fn plain_type(&self, ty: NodeId) -> Option<TypeName> {
        (self.tree.kind(ty) == Kind::Ident)
            .then(|| TypeName { path: [self.tree.text(ty).to_string()].into(), imported: false })
    }

    /// `a.b.c` where `a` is imported, or is no variable at all: a module, package, class or something in one.
    pub(super) fn dotted(&self, id: NodeId) -> Option<TypeName> {
        let (path, imported) = self.dotted_path(id)?;
        Some(TypeName { path: path.into(), imported })
    }

    /// Its parts, and whether the first of them is imported.
    fn dotted_path(&self, id: NodeId) -> Option<(Vec<String>, bool)> {
        let tree = self.tree;
        match tree.kind(id) {
            Kind::Ident => match self.names.def(id) {
                None => Some((vec![tree.text(id).to_string()], false)),
                Some(def) => match &self.names.get(def).kind {
                    // Go's names know the package's own name only; the path leads to its folder.
                    DefKind::Import(_) if self.lang == Lang::Go => {
                        let node = self.names.get(def).node;
                        let import = if tree.kind(node) == Kind::Import { node } else { tree.parent(node)? };
                        Some((vec![tree.text(import).to_string()], true))
                    }
                    DefKind::Import(path) => {
                        Some((path.iter().map(|&s| tree.symbols.text(s).to_string()).collect(), true))
                    }
                    DefKind::Class => Some((vec![tree.text(id).to_string()], false)),
                    _ => None,
                },
            },
            Kind::Member => {
                let (mut path, imported) = self.dotted_path(tree.child(id, 0))?;
                path.push(tree.text(tree.child(id, 1)).to_string());
                Some((path, imported))
            }
            _ => None,
        }
    }

    /// What type the value of an expression has, as far as the text says.
    pub(super) fn type_of(&self, id: NodeId, value: Value) -> Option<TypeName> {
        if let Some(known) = self.types.get(&value) {
            return Some(known.clone());
        }
        self.names.type_of(self.tree, id).and_then(|ty| self.type_name(ty))
    }
}

impl Builder<'_> {
    /// Numbers and truth values, boxed or not.
    pub(super) fn is_number_type(&self, ty: NodeId) -> bool {
        matches!(
            self.tree.text(ty),
            "int"
                | "complex"
                | "long"
                | "short"
                | "byte"
                | "float"
                | "double"
                | "boolean"
                | "Integer"
                | "Long"
                | "Short"
                | "Double"
                | "Float"
                | "Boolean"
                | "number"
                | "bigint"
                | "bool"
                | "int64"
                | "int32"
                | "uint64"
                | "uint32"
                | "uint"
                | "float64"
                | "float32"
        ) && self.tree.kind(ty) == Kind::Ident
    }

    /// What a collection's declared type says of its elements.
    pub(super) fn typed_element(&mut self, collection: NodeId, element: Value) {
        let tree = self.tree;
        let Some(ty) = self.names.type_of(tree, collection) else { return };
        let of = match tree.kind(ty) {
            Kind::TypeArray => Some(tree.child(ty, 0)),
            Kind::TypeMap => Some(tree.child(ty, 1)),
            Kind::TypeApply => tree.children(tree.child(ty, 1)).last().copied(),
            _ => None,
        };
        if let Some(name) = of.and_then(|of| self.type_name(of)) {
            self.types.insert(element, name);
        }
    }
}
