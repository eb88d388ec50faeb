//! From concrete trees to the generic tree: one file per language, all of one shape.
//!
//! Each language file has one `pub(super) fn lower(cst: Cst, b: &mut Builder) -> NodeId` for the root and one function per
//! group of constructs. Every construct that Kind knows is lowered to the layout given there; everything else becomes
//! [`Kind::Other`] through [`other`], with all named children lowered, so that nothing is lost. Parentheses around an
//! expression are dropped. Comments are not in the tree. Erroneous nodes become `Other("ERROR")`.

mod go;
mod java;
mod javascript;
mod python;

use smallvec::SmallVec;

use crate::cst::Cst;
use crate::kind::Kind;
use crate::lang::Lang;
use crate::symbols::Sym;
use crate::tree::{Builder, NodeId};

/// Children under construction.
pub(crate) type Kids = SmallVec<[NodeId; 8]>;

pub(crate) fn lower(lang: Lang, root: Cst, b: &mut Builder) -> NodeId {
    match lang {
        Lang::Python => python::lower(root, b),
        Lang::JavaScript | Lang::TypeScript | Lang::Tsx => javascript::lower(root, b),
        Lang::Java => java::lower(root, b),
        Lang::Go => go::lower(root, b),
    }
}

/// `Other(kind of the grammar)[lowered named children…]`.
pub(crate) fn other(cst: Cst, b: &mut Builder, lower: fn(Cst, &mut Builder) -> NodeId) -> NodeId {
    let kids: Kids = cst.named().map(|c| lower(c, b)).collect();
    let sym = b.symbols.intern(cst.kind());
    b.push(Kind::Other, 0, sym, cst.span(), &kids)
}

/// The lowered child in `field`, or `Nil` at the end of `cst`.
pub(crate) fn slot(cst: Cst, field: &str, b: &mut Builder, lower: fn(Cst, &mut Builder) -> NodeId) -> NodeId {
    match cst.get(field) {
        Some(child) => lower(child, b),
        None => b.nil(cst.span().end),
    }
}

/// An empty list node (`Args`, `Attrs`, …) at byte `at`.
pub(crate) fn empty(kind: Kind, at: u32, b: &mut Builder) -> NodeId {
    b.push(kind, 0, Sym::NONE, crate::tree::Span { start: at, end: at }, &[])
}
