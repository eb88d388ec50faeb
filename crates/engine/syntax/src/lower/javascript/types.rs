//! Types of TypeScript.

use super::{Cst, Kids, content, lower, slot};
use crate::kind::Kind;
use crate::lower::empty;
use crate::tree::{Builder, NodeId};

/// The type inside an annotation or parentheses. `const` is a keyword to the grammar and a name here.
pub(super) fn inner(cst: Cst, b: &mut Builder) -> NodeId {
    match (content(cst), cst.child_of_kind("const")) {
        (Some(typ), _) => lower(typ, b),
        (None, Some(token)) => b.ident(token.span()),
        (None, None) => b.nil(cst.span().end),
    }
}

/// `T<A>`, also of a value (`f<A>` without a call).
pub(super) fn apply(cst: Cst, b: &mut Builder) -> NodeId {
    let typ = match cst.get("name").or_else(|| content(cst)) {
        Some(typ) => lower(typ, b),
        None => b.nil(cst.span().start),
    };
    let args = match cst.get("type_arguments") {
        Some(args) => lower(args, b),
        None => empty(Kind::Args, cst.span().end, b),
    };
    b.node(Kind::TypeApply, cst.span(), &[typ, args])
}

/// `<T extends B, U = D>`: the names only.
pub(super) fn parameters(cst: Cst, b: &mut Builder) -> NodeId {
    super::list(Kind::TypeParams, cst, b)
}

pub(super) fn array(cst: Cst, b: &mut Builder) -> NodeId {
    let item = super::inner(cst, b);
    let size = b.nil(cst.span().end);
    b.node(Kind::TypeArray, cst.span(), &[item, size])
}

/// The grammar nests unions to the left; here they are one list. A leading `|` means nothing.
pub(super) fn union(cst: Cst, b: &mut Builder) -> NodeId {
    let mut kids = Kids::new();
    alternatives(cst, b, &mut kids);
    match kids[..] {
        [only] => only,
        _ => b.node(Kind::TypeUnion, cst.span(), &kids),
    }
}

fn alternatives(cst: Cst, b: &mut Builder, kids: &mut Kids) {
    for child in cst.named() {
        if child.kind() == "union_type" {
            alternatives(child, b, kids);
        } else {
            kids.push(lower(child, b));
        }
    }
}

/// `(a: A) => R`.
pub(super) fn function(cst: Cst, b: &mut Builder) -> NodeId {
    let params = match cst.get("parameters") {
        Some(params) => lower(params, b),
        None => empty(Kind::Params, cst.span().start, b),
    };
    let returns = slot(cst, "return_type", b, lower);
    b.node(Kind::TypeFunc, cst.span(), &[params, returns])
}
