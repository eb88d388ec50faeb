//! Expressions of Java.

use smallvec::SmallVec;

use super::declarations::{attrs, parameter_named};
use super::types::{MAX_DIMENSIONS, in_dimensions, is_annotation};
use super::{children, empty, list, node, optional, other, slot};
use crate::cst::Cst;
use crate::kind::{Aux, Kind, Op};
use crate::lower::{Kids, is_ellipsis};
use crate::symbols::Sym;
use crate::tree::{Builder, NodeId, Span};

/// `m(x)`, `o.m(x)`, `A.super.m(x)`. Explicit type arguments are dropped: they select no other method.
pub(super) fn call(cst: Cst, b: &mut Builder) -> NodeId {
    let callee = member(cst, "name", b);
    let args = slot(cst, "arguments", b, node);
    b.node(Kind::Call, cst.span(), &[callee, args])
}

pub(super) fn field_access(cst: Cst, b: &mut Builder) -> NodeId {
    member(cst, "field", b)
}

/// The field `name` of `cst`, as a member of its `object` if it has one.
fn member(cst: Cst, name: &str, b: &mut Builder) -> NodeId {
    let end = cst.span().end;
    let Some(name) = cst.get(name) else {
        return b.nil(end);
    };
    let Some(object) = cst.get("object") else {
        return b.ident(name.span());
    };
    let start = cst.span().start;
    let mut target = node(object, b);
    // `Outer.super.m()`: the methods of an outer class's superclass.
    if let Some(outer) = cst.children().find(|c| c.kind() == "super" && c.field() != Some("object")) {
        let word = b.ident(outer.span());
        let span = Span { start, end: outer.span().end };
        target = b.node(Kind::Member, span, &[target, word]);
    }
    // `Outer.this` too: its field is the word.
    let member = b.ident(name.span());
    b.node(Kind::Member, Span { start, end: name.span().end }, &[target, member])
}

pub(super) fn binary(cst: Cst, b: &mut Builder) -> NodeId {
    let left = slot(cst, "left", b, node);
    let right = slot(cst, "right", b, node);
    let op = cst.get("operator").and_then(|op| Op::binary(op.kind()));
    b.op(Kind::Binary, op, cst.span(), &[left, right])
}

pub(super) fn unary(cst: Cst, b: &mut Builder) -> NodeId {
    let operand = slot(cst, "operand", b, node);
    let op = cst.get("operator").and_then(|op| Op::unary(op.kind()));
    b.op(Kind::Unary, op, cst.span(), &[operand])
}

/// `++i`, `i++`.
pub(super) fn update(cst: Cst, b: &mut Builder) -> NodeId {
    let operand = optional(cst.named().next(), cst.span().end, b);
    let prefix = cst.children().next().is_some_and(|first| !first.is_named());
    let op = match (prefix, cst.has("++")) {
        (true, true) => Op::PreInc,
        (true, false) => Op::PreDec,
        (false, true) => Op::PostInc,
        (false, false) => Op::PostDec,
    };
    b.op(Kind::Unary, Some(op), cst.span(), &[operand])
}

pub(super) fn assignment(cst: Cst, b: &mut Builder) -> NodeId {
    let target = slot(cst, "left", b, node);
    let value = slot(cst, "right", b, node);
    match cst.get("operator").and_then(|op| op.kind().strip_suffix('=')) {
        None | Some("") => b.node(Kind::Assign, cst.span(), &[target, value]),
        Some(op) => b.op(Kind::AugAssign, Op::binary(op), cst.span(), &[target, value]),
    }
}

/// `new T(x) { … }`, and `outer.new T(x)` as `Other[outer, New]`.
pub(super) fn new_object(cst: Cst, b: &mut Builder) -> NodeId {
    let outer = cst.children().next().filter(|first| first.kind() != "new").map(|outer| node(outer, b));
    let ty = slot(cst, "type", b, node);
    let args = slot(cst, "arguments", b, node);
    let body = optional(cst.child_of_kind("class_body"), cst.span().end, b);
    let new = b.node(Kind::New, cst.span(), &[ty, args, body]);
    match outer {
        Some(outer) => {
            let sym = b.symbols.intern(cst.kind());
            b.push(Kind::Other, 0, sym, cst.span(), &[outer, new])
        }
        None => new,
    }
}

/// `new int[5][]`, `new int[] {1, 2}`: the first dimension written is the outermost array.
pub(super) fn new_array(cst: Cst, b: &mut Builder) -> NodeId {
    let span = cst.span();
    let mut ty = slot(cst, "type", b, node);
    let unsized_part = cst.all("dimensions").find(|d| d.kind() == "dimensions");
    ty = in_dimensions(ty, unsized_part, span, b);
    let sizes = cst.all("dimensions").filter(|d| d.kind() == "dimensions_expr").take(MAX_DIMENSIONS);
    for dimension in sizes.collect::<SmallVec<[Cst; 4]>>().into_iter().rev() {
        let size = optional(dimension.named().find(|c| !is_annotation(*c)), dimension.span().end, b);
        ty = b.node(Kind::TypeArray, span, &[ty, size]);
    }
    let args = match cst.get("value") {
        Some(value) => list(Kind::Args, value.span(), std::iter::once(value), b),
        None => empty(Kind::Args, span.end, b),
    };
    let body = b.nil(span.end);
    b.node(Kind::New, span, &[ty, args, body])
}

/// `(T) x`, `(A & B) x`.
pub(super) fn cast(cst: Cst, b: &mut Builder) -> NodeId {
    let types: Kids = cst.all("type").filter(|c| c.is_named()).map(|c| node(c, b)).collect();
    let ty = match types[..] {
        [only] => only,
        _ => {
            let span = types.iter().map(|&t| b.span(t)).reduce(|a, z| a.join(z)).unwrap_or(cst.span());
            let sym = b.symbols.intern("intersection_type");
            b.push(Kind::Other, 0, sym, span, &types)
        }
    };
    let value = slot(cst, "value", b, node);
    b.node(Kind::Cast, cst.span(), &[ty, value])
}

/// `x instanceof T`, `x instanceof final T t`, `x instanceof Point(int a, int b)`.
pub(super) fn instance_of(cst: Cst, b: &mut Builder) -> NodeId {
    let left = slot(cst, "left", b, node);
    let right = match (cst.get("name"), cst.get("right")) {
        (Some(name), Some(ty)) => {
            let span = ty.span().join(name.span());
            let target = node(name, b);
            let ty = node(ty, b);
            let init = b.nil(span.end);
            let attrs = match cst.child_of_kind("final") {
                Some(word) => {
                    let modifier = b.leaf(Kind::Modifier, word.span(), "final");
                    b.node(Kind::Attrs, word.span(), &[modifier])
                }
                None => empty(Kind::Attrs, span.start, b),
            };
            b.node(Kind::VarDef, span, &[target, ty, init, attrs])
        }
        (_, right) => optional(right.or(cst.get("pattern")), cst.span().end, b),
    };
    b.op(Kind::Binary, Some(Op::InstanceOf), cst.span(), &[left, right])
}

/// `T t` in a `case` or a record pattern: a variable; `_` alone is a name.
pub(super) fn type_pattern(cst: Cst, b: &mut Builder) -> NodeId {
    let mut named = cst.named();
    let (Some(ty), Some(name)) = (named.next(), named.next()) else {
        return super::only(cst, b);
    };
    if is_ellipsis(ty, b) && is_ellipsis(name, b) {
        return b.ident(name.span());
    }
    let target = node(name, b);
    let ty = node(ty, b);
    let init = b.nil(cst.span().end);
    let attrs = attrs(cst, b);
    b.node(Kind::VarDef, cst.span(), &[target, ty, init, attrs])
}

/// `x -> e`, `(x, y) -> e`, `(int x) -> { … }`.
pub(super) fn lambda(cst: Cst, b: &mut Builder) -> NodeId {
    let params = match cst.get("parameters") {
        Some(name) if name.kind() == "identifier" => {
            let param = parameter_named(name, b);
            b.node(Kind::Params, name.span(), &[param])
        }
        params => optional(params, cst.span().start, b),
    };
    let at = b.span(params).end;
    let returns = b.nil(at);
    let body = slot(cst, "body", b, node);
    b.node(Kind::Lambda, cst.span(), &[params, returns, body])
}

/// `A::b`, `A::new`: `Other[A, name]`.
pub(super) fn method_reference(cst: Cst, b: &mut Builder) -> NodeId {
    let Some(word) = cst.child_of_kind("new") else {
        return other(cst, b, node);
    };
    let mut kids: Kids = cst.named().map(|c| node(c, b)).collect();
    kids.push(b.ident(word.span()));
    let sym = b.symbols.intern(cst.kind());
    b.push(Kind::Other, 0, sym, cst.span(), &kids)
}

/// `T.class`.
pub(super) fn class_literal(cst: Cst, b: &mut Builder) -> NodeId {
    let ty = optional(cst.named().next(), cst.span().start, b);
    let word = match cst.child_of_kind("class") {
        Some(word) => b.ident(word.span()),
        None => b.nil(cst.span().end),
    };
    b.node(Kind::Member, cst.span(), &[ty, word])
}

/// `"…"`, `"""…"""`, and with `\{…}` holes.
pub(super) fn string(cst: Cst, b: &mut Builder) -> NodeId {
    let span = cst.span();
    if cst.has("string_interpolation") {
        return template(cst, b);
    }
    let text = b.text(span);
    let quote = if text.starts_with("\"\"\"") { "\"\"\"" } else { "\"" };
    let text = text.strip_prefix(quote).unwrap_or(text);
    b.leaf(Kind::Str, span, text.strip_suffix(quote).unwrap_or(text))
}

/// A string with holes: the text before, between and after them.
fn template(cst: Cst, b: &mut Builder) -> NodeId {
    let quote = cst.children().next().map_or(cst.span(), |open| open.span());
    let mut kids = Kids::new();
    let mut from = quote.end;
    for hole in cst.named().filter(|c| c.kind() == "string_interpolation") {
        text_part(from, hole.span().start, b, &mut kids);
        kids.push(children(Kind::Hole, 1, hole, b));
        from = hole.span().end;
    }
    text_part(from, cst.span().end.saturating_sub(quote.end - quote.start), b, &mut kids);
    b.push(Kind::Interp, Aux::TEMPLATE, Sym::NONE, cst.span(), &kids)
}

fn text_part(start: u32, end: u32, b: &mut Builder, kids: &mut Kids) {
    if start < end {
        let span = Span { start, end };
        kids.push(b.leaf(Kind::Str, span, b.text(span)));
    }
}

pub(super) fn character(cst: Cst, b: &mut Builder) -> NodeId {
    let text = b.text(cst.span());
    let text = text.strip_prefix('\'').unwrap_or(text);
    b.leaf(Kind::Char, cst.span(), text.strip_suffix('\'').unwrap_or(text))
}

/// `1_000L` is `1000`.
pub(super) fn integer(cst: Cst, b: &mut Builder) -> NodeId {
    number(Kind::Int, cst, "l", b)
}

/// `1.5F` is `1.5`.
pub(super) fn float(cst: Cst, b: &mut Builder) -> NodeId {
    number(Kind::Float, cst, "fd", b)
}

fn number(kind: Kind, cst: Cst, suffixes: &str, b: &mut Builder) -> NodeId {
    let text = crate::lower::plain_number(b.text(cst.span()));
    // `f` and `d` are digits in `0x1F`, which the grammar may take for a float without an exponent.
    let digits = text.starts_with("0x") && !text.contains('p') && kind == Kind::Float;
    let text = if digits { &*text } else { text.trim_end_matches(|c| suffixes.contains(c)) };
    b.leaf(kind, cst.span(), text)
}
