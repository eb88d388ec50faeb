//! From concrete trees to the generic tree: one file per language, all of one shape.
//!
//! Each language file has one `pub(super) fn lower(cst: Cst, b: &mut Builder) -> NodeId` for the root and one function per
//! group of constructs. Every construct that Kind knows is lowered to the layout given there; everything else becomes
//! [`Kind::Other`] through [`other`], with all named children lowered, so that nothing is lost. Parentheses around an
//! expression are dropped (in Python and JavaScript the expression's span takes them in, as users of the rules expect). Comments are not in the tree. Erroneous nodes become `Other("ERROR")`.

mod go;
mod java;
mod javascript;
mod python;
#[cfg(test)]
mod tests;

use std::borrow::Cow;

use smallvec::SmallVec;

use crate::cst::Cst;
use crate::kind::Kind;
use crate::lang::Lang;
use crate::symbols::Sym;
use crate::tree::{Builder, ELLIPSIS, MV_ELLIPSIS, NodeId, restore_placeholders};

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

/// The symbol of a text that is no name of its own (an import path, the name of a keyword argument). In a pattern,
/// placeholders inside the text are undone.
pub(crate) fn symbol(text: &str, b: &mut Builder) -> Sym {
    if b.is_pattern() { b.symbols.intern(&restore_placeholders(text)) } else { b.symbols.intern(text) }
}

/// Is this a placeholder for any number of items (`...`, `$...X`)?
pub(crate) fn is_ellipsis(cst: Cst, b: &Builder) -> bool {
    b.is_pattern() && {
        let text = b.text(cst.span());
        text == ELLIPSIS || text.starts_with(MV_ELLIPSIS)
    }
}

/// What one declaration of several names (`int a, b`) may spend on repeating its type and annotations for each name.
///
/// Each name gets its own copy, and copies may hold declarations again (a lambda in an annotation, a function in an array
/// length), so without a limit a small file could grow into a tree of any size. Names past the limit have no type.
pub(crate) struct Repeats {
    left: u32,
}

impl Repeats {
    pub(crate) fn new() -> Repeats {
        // Real declarations repeat a few hundred bytes.
        Repeats { left: 2048 }
    }

    /// May `part`, which was built right after `before`, be lowered once more? Counts its nodes and its bytes.
    pub(crate) fn allow(&mut self, before: NodeId, part: NodeId, b: &Builder) -> bool {
        let cost = (part.0 - before.0).saturating_add(b.span(part).len() as u32);
        let left = self.left.checked_sub(cost);
        self.left = left.unwrap_or(0);
        left.is_some()
    }
}

/// A number's text without `_`, in lower case.
pub(crate) fn plain_number(text: &str) -> Cow<'_, str> {
    if text.bytes().any(|c| c == b'_' || c.is_ascii_uppercase()) {
        Cow::Owned(text.chars().filter(|&c| c != '_').map(|c| c.to_ascii_lowercase()).collect())
    } else {
        Cow::Borrowed(text)
    }
}
