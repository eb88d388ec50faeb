//! Types of Java. Annotations inside a type are dropped: as in the language, they do not change what the type is.

use super::{list, node};
use crate::cst::Cst;
use crate::kind::Kind;
use crate::lower::{Kids, other};
use crate::tree::{Builder, NodeId, Span};

/// The virtual machine has no arrays of more. Each one makes the tree deeper, while the concrete tree stays flat.
pub(super) const MAX_DIMENSIONS: usize = 255;

/// `T[][]`.
pub(super) fn array(cst: Cst, b: &mut Builder) -> NodeId {
    let element = super::slot(cst, "element", b, node);
    in_dimensions(element, cst.get("dimensions"), cst.span(), b)
}

/// The type of a declaration: the field `type` in the dimensions that may follow the name (`String args[]`).
pub(super) fn declared(cst: Cst, named: Cst, b: &mut Builder) -> NodeId {
    let element = super::slot(cst, "type", b, node);
    let span = b.span(element);
    in_dimensions(element, named.get("dimensions"), span, b)
}

/// `element` in one `TypeArray` for each `[]` of `dimensions`.
pub(super) fn in_dimensions(element: NodeId, dimensions: Option<Cst>, span: Span, b: &mut Builder) -> NodeId {
    let count = dimensions.map_or(0, |d| d.children().filter(|c| c.kind() == "[").count());
    (0..count.min(MAX_DIMENSIONS)).fold(element, |element, _| {
        let size = b.nil(span.end);
        b.node(Kind::TypeArray, span, &[element, size])
    })
}

/// `a.b.C`, any part of which may have annotations or arguments.
pub(super) fn scoped(cst: Cst, b: &mut Builder) -> NodeId {
    let parts = || cst.named().filter(|c| !is_annotation(*c));
    if parts().count() != 2 {
        return other(cst, b, node);
    }
    let kids: Kids = parts().map(|c| node(c, b)).collect();
    b.node(Kind::Member, cst.span(), &kids)
}

pub(super) fn annotated(cst: Cst, b: &mut Builder) -> NodeId {
    match cst.named().find(|c| !is_annotation(*c)) {
        Some(bare) => node(bare, b),
        None => other(cst, b, node),
    }
}

/// `<T extends A, U>` of a declaration: the names.
pub(super) fn parameters(cst: Cst, b: &mut Builder) -> NodeId {
    let kids: Kids =
        cst.named().filter_map(|p| p.child_of_kind("type_identifier")).map(|name| b.ident(name.span())).collect();
    b.node(Kind::TypeParams, cst.span(), &kids)
}

/// `kind` with the types of a clause (`extends A`, `implements A, B`).
pub(super) fn clause(kind: Kind, clause: Option<Cst>, at: u32, b: &mut Builder) -> NodeId {
    let Some(clause) = clause else {
        return super::empty(kind, at, b);
    };
    let types = clause.child_of_kind("type_list").unwrap_or(clause);
    list(kind, clause.span(), types.named(), b)
}

pub(super) fn is_annotation(cst: Cst) -> bool {
    matches!(cst.kind(), "marker_annotation" | "annotation")
}
