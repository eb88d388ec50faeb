//! Names, literals and operators.

use std::borrow::Cow;

use super::{Cst, Kids, content, inner, lower, operator, slot, symbol, types, unquoted};
use crate::kind::{Aux, Kind, Op};
use crate::lower::empty;
use crate::symbols::Sym;
use crate::tree::{Builder, NodeId, Span};

/// The name of a property: an `Ident` however it is written, or the expression when it is computed.
pub(super) fn property_name(cst: Cst, b: &mut Builder) -> NodeId {
    let span = cst.span();
    match cst.kind() {
        "string" => b.ident_named(span, unquoted(b.text(span))),
        "number" => b.ident(span),
        _ => lower(cst, b),
    }
}

pub(super) fn string(cst: Cst, b: &mut Builder) -> NodeId {
    let span = cst.span();
    b.leaf(Kind::Str, span, unquoted(b.text(span)))
}

/// Separators, the suffix of big integers and the case of letters do not count.
pub(super) fn number(cst: Cst, b: &mut Builder) -> NodeId {
    let span = cst.span();
    let text = b.text(span);
    let text = text.strip_suffix('n').unwrap_or(text);
    let radix = matches!(text.as_bytes(), [b'0', b'x' | b'X' | b'o' | b'O' | b'b' | b'B', ..]);
    let kind = if !radix && text.contains(['.', 'e', 'E']) { Kind::Float } else { Kind::Int };
    let normal = if text.bytes().any(|c| c == b'_' || c.is_ascii_uppercase()) {
        Cow::Owned(text.replace('_', "").to_ascii_lowercase())
    } else {
        Cow::Borrowed(text)
    };
    b.leaf(kind, span, &normal)
}

pub(super) fn template(cst: Cst, b: &mut Builder) -> NodeId {
    let span = cst.span();
    let mut parts = Kids::new();
    let mut text_from = span.start + 1;
    for hole in cst.named().filter(|c| c.kind() == "template_substitution") {
        template_text(Span { start: text_from, end: hole.span().start }, b, &mut parts);
        parts.push(lower(hole, b));
        text_from = hole.span().end;
    }
    let closed = cst.children().last().is_some_and(|c| c.kind() == "`" && !c.is_error());
    template_text(Span { start: text_from, end: span.end - u32::from(closed) }, b, &mut parts);
    b.push(Kind::Interp, Aux::TEMPLATE, Sym::NONE, span, &parts)
}

fn template_text(span: Span, b: &mut Builder, parts: &mut Kids) {
    if span.start < span.end {
        parts.push(b.leaf(Kind::Str, span, b.text(span)));
    }
}

pub(super) fn regex(cst: Cst, b: &mut Builder) -> NodeId {
    let flags = match cst.get("flags") {
        Some(flags) => b.leaf(Kind::Str, flags.span(), b.text(flags.span())),
        None => b.nil(cst.span().end),
    };
    let pattern = cst.get("pattern").map_or("", |p| b.text(p.span()));
    let sym = symbol(pattern, b);
    b.push(Kind::Regex, 0, sym, cst.span(), &[flags])
}

/// Object literals and object patterns.
pub(super) fn object(cst: Cst, b: &mut Builder) -> NodeId {
    let kids: Kids = cst.named().map(|c| member_of_object(c, b)).collect();
    b.node(Kind::Object, cst.span(), &kids)
}

fn member_of_object(cst: Cst, b: &mut Builder) -> NodeId {
    match cst.kind() {
        "shorthand_property_identifier" | "shorthand_property_identifier_pattern" => {
            let key = b.ident(cst.span());
            if b.kind(key) != Kind::Ident {
                return key;
            }
            let value = b.ident(cst.span());
            b.node(Kind::Pair, cst.span(), &[key, value])
        }
        _ => lower(cst, b),
    }
}

pub(super) fn pair(cst: Cst, b: &mut Builder) -> NodeId {
    let key = slot(cst, "key", b, property_name);
    let value = slot(cst, "value", b, lower);
    b.node(Kind::Pair, cst.span(), &[key, value])
}

/// `{ a = 1 }` in an object pattern: the property `a`, taken apart into the variable `a` with a default.
pub(super) fn shorthand_default(cst: Cst, b: &mut Builder) -> NodeId {
    let span = cst.span();
    let left = cst.get("left");
    // Only a plain name is also a key.
    let key = left.filter(|l| l.kind() == "shorthand_property_identifier_pattern").map(|l| b.ident(l.span()));
    let target = slot(cst, "left", b, lower);
    let default = slot(cst, "right", b, lower);
    let value = b.node(Kind::Assign, span, &[target, default]);
    match key {
        Some(key) => b.node(Kind::Pair, span, &[key, value]),
        None => value,
    }
}

/// Array literals and array patterns. A hole (`[, b]`) is a `Nil`, so that items keep their places.
pub(super) fn array(cst: Cst, b: &mut Builder) -> NodeId {
    let mut items = Kids::new();
    let mut vacant = true;
    for child in cst.children() {
        if child.kind() == "," {
            if vacant {
                items.push(b.nil(child.span().start));
            }
            vacant = true;
        } else if child.is_named() && !child.is_comment() {
            items.push(lower(child, b));
            vacant = false;
        }
    }
    b.node(Kind::Array, cst.span(), &items)
}

/// Dropped, except that Flow's `(x: T)` is a cast.
pub(super) fn parenthesized(cst: Cst, b: &mut Builder) -> NodeId {
    let Some(annotation) = cst.get("type") else {
        let expr = inner(cst, b);
        // The parentheses of `if (…)` belong to the statement.
        let of_statement = matches!(cst.field(), Some("condition" | "value"));
        return if of_statement { expr } else { b.widen(expr, cst.span()) };
    };
    let typ = lower(annotation, b);
    let expr = inner(cst, b);
    b.node(Kind::Cast, cst.span(), &[typ, expr])
}

/// A dotted name of any sort; `fields` are the grammar's names of the two sides.
pub(super) fn member(cst: Cst, fields: [&str; 2], b: &mut Builder) -> NodeId {
    super::slots(Kind::Member, cst, fields, b)
}

/// `new.target`, `import.meta`.
pub(super) fn meta_property(cst: Cst, b: &mut Builder) -> NodeId {
    let mut tokens = cst.children().filter(|c| !c.is_comment());
    let (Some(object), Some(name)) = (tokens.next(), tokens.last()) else { return b.ident(cst.span()) };
    let object = b.ident(object.span());
    let name = b.ident(name.span());
    b.node(Kind::Member, cst.span(), &[object, name])
}

/// Calls and tagged templates. Type arguments are dropped: they decide nothing at run time.
pub(super) fn call(cst: Cst, b: &mut Builder) -> NodeId {
    let callee = slot(cst, "function", b, lower);
    let tagged = cst.get("arguments").is_some_and(|a| a.kind() == "template_string");
    let args = args(cst, b);
    b.node(if tagged { Kind::Tagged } else { Kind::Call }, cst.span(), &[callee, args])
}

pub(super) fn new(cst: Cst, b: &mut Builder) -> NodeId {
    let typ = slot(cst, "constructor", b, lower);
    let args = args(cst, b);
    let body = b.nil(cst.span().end);
    b.node(Kind::New, cst.span(), &[typ, args, body])
}

fn args(cst: Cst, b: &mut Builder) -> NodeId {
    match cst.get("arguments") {
        Some(args) => lower(args, b),
        None => empty(Kind::Args, cst.span().end, b),
    }
}

pub(super) fn binary(cst: Cst, b: &mut Builder) -> NodeId {
    let left = slot(cst, "left", b, lower);
    let right = slot(cst, "right", b, lower);
    b.op(Kind::Binary, operator(cst, Op::binary), cst.span(), &[left, right])
}

pub(super) fn augmented(cst: Cst, b: &mut Builder) -> NodeId {
    let left = slot(cst, "left", b, lower);
    let right = slot(cst, "right", b, lower);
    let op = operator(cst, |text| Op::binary(text.strip_suffix('=')?));
    b.op(Kind::AugAssign, op, cst.span(), &[left, right])
}

pub(super) fn unary(cst: Cst, b: &mut Builder) -> NodeId {
    let operand = slot(cst, "argument", b, lower);
    b.op(Kind::Unary, operator(cst, Op::unary), cst.span(), &[operand])
}

pub(super) fn update(cst: Cst, b: &mut Builder) -> NodeId {
    let operand = slot(cst, "argument", b, lower);
    let prefix = cst.children().next().is_some_and(|c| c.field() == Some("operator"));
    let op = operator(cst, Op::unary).map(|op| match op {
        Op::PreInc if !prefix => Op::PostInc,
        Op::PreDec if !prefix => Op::PostDec,
        op => op,
    });
    b.op(Kind::Unary, op, cst.span(), &[operand])
}

/// `x as T`, `x satisfies T`.
pub(super) fn cast(cst: Cst, b: &mut Builder) -> NodeId {
    let typ = match (cst.named().nth(1), cst.child_of_kind("const")) {
        (Some(typ), _) => lower(typ, b),
        (None, Some(token)) => b.ident(token.span()),
        (None, None) => b.nil(cst.span().end),
    };
    let expr = inner(cst, b);
    b.node(Kind::Cast, cst.span(), &[typ, expr])
}

/// `<T>x`.
pub(super) fn type_assertion(cst: Cst, b: &mut Builder) -> NodeId {
    let typ = match content(cst) {
        Some(args) => types::inner(args, b),
        None => b.nil(cst.span().start),
    };
    let expr = match cst.named().nth(1) {
        Some(expr) => lower(expr, b),
        None => b.nil(cst.span().end),
    };
    b.node(Kind::Cast, cst.span(), &[typ, expr])
}

/// `x!`.
pub(super) fn non_null(cst: Cst, b: &mut Builder) -> NodeId {
    let typ = b.nil(cst.span().end);
    let expr = inner(cst, b);
    b.node(Kind::Cast, cst.span(), &[typ, expr])
}
