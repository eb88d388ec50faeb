//! Types of Go.

use super::declarations::{parameters, results};
use super::{list, node, other, slot};
use crate::cst::Cst;
use crate::kind::Kind;
use crate::lower::Kids;
use crate::tree::{Builder, NodeId};

/// `func(A) B`.
pub(super) fn function(cst: Cst, b: &mut Builder) -> NodeId {
    let params = match cst.get("parameters") {
        Some(params) => parameters(params, None, b),
        None => super::empty(Kind::Params, cst.span().start, b),
    };
    let returns = results(cst, b);
    b.node(Kind::TypeFunc, cst.span(), &[params, returns])
}

/// `A | B` of a constraint; a single type is itself.
pub(super) fn union(cst: Cst, b: &mut Builder) -> NodeId {
    let kids: Kids = cst.named().map(|t| node(t, b)).collect();
    match kids[..] {
        [only] => only,
        _ => b.node(Kind::TypeUnion, cst.span(), &kids),
    }
}

/// `T[A, B]` where an expression stands.
pub(super) fn instantiation(cst: Cst, b: &mut Builder) -> NodeId {
    let ty = slot(cst, "type", b, node);
    let types = || cst.named().filter(|c| c.field() != Some("type"));
    let span = types().map(Cst::span).reduce(|a, z| a.join(z)).unwrap_or(cst.span());
    let args = list(Kind::Args, span, types(), b);
    b.node(Kind::TypeApply, cst.span(), &[ty, args])
}

/// `struct { … }` without a name: `Other` with the fields.
pub(super) fn anonymous_struct(cst: Cst, b: &mut Builder) -> NodeId {
    let Some(fields) = cst.child_of_kind("field_declaration_list") else {
        return other(cst, b, node);
    };
    let mut kids = Kids::new();
    fields.named().for_each(|field| super::node_into(field, b, &mut kids));
    let sym = b.symbols.intern(cst.kind());
    b.push(Kind::Other, 0, sym, cst.span(), &kids)
}
