//! Statements of Java.

use super::declarations::attrs;
use super::types;
use super::{empty, list, node, optional, other, slot};
use crate::cst::Cst;
use crate::kind::{Aux, Kind};
use crate::lower::{Kids, is_ellipsis, symbol};
use crate::symbols::Sym;
use crate::tree::{Builder, NodeId, Span};

/// `return e;`, `break label;`: a statement with at most one operand.
pub(super) fn jump(kind: Kind, cst: Cst, b: &mut Builder) -> NodeId {
    let operand = optional(cst.named().next(), cst.span().end, b);
    b.node(kind, cst.span(), &[operand])
}

pub(super) fn throw(cst: Cst, b: &mut Builder) -> NodeId {
    let value = optional(cst.named().next(), cst.span().end, b);
    let cause = b.nil(cst.span().end);
    b.node(Kind::Throw, cst.span(), &[value, cause])
}

pub(super) fn assert(cst: Cst, b: &mut Builder) -> NodeId {
    let mut parts = cst.named();
    let cond = optional(parts.next(), cst.span().end, b);
    let message = optional(parts.next(), cst.span().end, b);
    b.node(Kind::Assert, cst.span(), &[cond, message])
}

pub(super) fn label(cst: Cst, b: &mut Builder) -> NodeId {
    let mut parts = cst.children().filter(|c| !c.is_comment() && c.kind() != ":");
    let Some(name) = parts.next() else {
        return other(cst, b, node);
    };
    let body = optional(parts.next(), cst.span().end, b);
    let sym = symbol(b.text(name.span()), b);
    b.push(Kind::Label, 0, sym, cst.span(), &[body])
}

/// `this(x);`, `super(x);`, `outer.super(x);`.
pub(super) fn constructor_call(cst: Cst, b: &mut Builder) -> NodeId {
    let constructor = cst.get("constructor");
    let callee = match (cst.get("object"), constructor) {
        (Some(object), Some(word)) => {
            let span = object.span().join(word.span());
            let object = node(object, b);
            let word = b.ident(word.span());
            b.node(Kind::Member, span, &[object, word])
        }
        _ => optional(constructor, cst.span().end, b),
    };
    let args = slot(cst, "arguments", b, node);
    let span = b.span(callee).join(b.span(args));
    let call = b.node(Kind::Call, span, &[callee, args]);
    b.node(Kind::ExprStmt, cst.span(), &[call])
}

pub(super) fn for_loop(cst: Cst, b: &mut Builder) -> NodeId {
    let init = expressions(cst, "init", b);
    let cond = slot(cst, "condition", b, node);
    let update = expressions(cst, "update", b);
    let body = slot(cst, "body", b, node);
    b.node(Kind::For, cst.span(), &[init, cond, update, body])
}

/// The constructs in `field`: none is `Nil`, one is itself, several are the statements of a `Block`.
fn expressions(cst: Cst, field: &'static str, b: &mut Builder) -> NodeId {
    let mut items = cst.all(field).filter(|c| c.is_named());
    let (Some(first), second) = (items.next(), items.next()) else {
        return b.nil(cst.span().end);
    };
    if second.is_none() {
        return node(first, b);
    }
    let mut span = first.span();
    let kids: Kids = cst
        .all(field)
        .filter(|c| c.is_named())
        .map(|c| {
            span = span.join(c.span());
            let expr = node(c, b);
            b.node(Kind::ExprStmt, c.span(), &[expr])
        })
        .collect();
    b.node(Kind::Block, span, &kids)
}

/// `for (T x : xs) …`.
pub(super) fn for_each(cst: Cst, b: &mut Builder) -> NodeId {
    let target = match (cst.get("type"), cst.get("name")) {
        (Some(ty), Some(name)) if is_ellipsis(ty, b) && is_ellipsis(name, b) => b.ident(name.span()),
        (Some(ty), Some(name)) => {
            let start = cst.child_of_kind("modifiers").unwrap_or(ty).span().start;
            let target = node(name, b);
            let ty = types::declared(cst, cst, b);
            // The field `value` is what is iterated, not what the variable starts with.
            let init = b.nil(name.span().end);
            let attrs = attrs(cst, b);
            b.node(Kind::VarDef, Span { start, end: name.span().end }, &[target, ty, init, attrs])
        }
        (_, name) => optional(name, cst.span().start, b),
    };
    let iterable = slot(cst, "value", b, node);
    let body = slot(cst, "body", b, node);
    b.node(Kind::ForEach, cst.span(), &[target, iterable, body])
}

/// `try { … } catch … finally …`, with or without resources.
pub(super) fn try_block(cst: Cst, b: &mut Builder) -> NodeId {
    let end = cst.span().end;
    let resources = match cst.get("resources") {
        Some(all) => {
            let kids: Kids = all.named().map(|r| resource(r, b)).collect();
            b.node(Kind::Block, all.span(), &kids)
        }
        None => b.nil(cst.span().start),
    };
    let body = slot(cst, "body", b, node);
    let at = b.span(body).end;
    let mut span = Span { start: at, end: at };
    let mut clauses = Kids::new();
    for clause in cst.named().filter(|c| c.kind() == "catch_clause") {
        span = if clauses.is_empty() { clause.span() } else { span.join(clause.span()) };
        clauses.push(catch(clause, b));
    }
    let catches = b.node(Kind::Catches, span, &clauses);
    let otherwise = b.nil(end);
    let finally = cst.child_of_kind("finally_clause").and_then(|f| f.child_of_kind("block"));
    let finally = optional(finally, end, b);
    b.node(Kind::Try, cst.span(), &[resources, body, catches, otherwise, finally])
}

/// `T r = e`, or an expression whose value is closed.
fn resource(cst: Cst, b: &mut Builder) -> NodeId {
    match (cst.get("type"), cst.get("name")) {
        (Some(ty), Some(name)) if !(is_ellipsis(ty, b) && is_ellipsis(name, b)) => {
            let target = node(name, b);
            let ty = types::declared(cst, cst, b);
            let init = slot(cst, "value", b, node);
            let attrs = attrs(cst, b);
            b.node(Kind::VarDef, cst.span(), &[target, ty, init, attrs])
        }
        (_, name) => {
            let expr = match name.or(cst.named().next()) {
                Some(expr) => node(expr, b),
                None => return other(cst, b, node),
            };
            b.node(Kind::ExprStmt, cst.span(), &[expr])
        }
    }
}

/// `catch (final A | B e) { … }`; modifiers are dropped, the layout has no place for them.
fn catch(cst: Cst, b: &mut Builder) -> NodeId {
    let start = cst.span().start;
    let param = cst.child_of_kind("catch_formal_parameter");
    let types = param.and_then(|p| p.child_of_kind("catch_type"));
    let name = param.and_then(|p| p.get("name"));
    let (ty, name) = match (types, name) {
        (Some(types), Some(name)) if is_ellipsis(types, b) && is_ellipsis(name, b) => {
            (b.ident(name.span()), b.nil(name.span().end))
        }
        _ => (catch_type(types, start, b), optional(name, start, b)),
    };
    let body = slot(cst, "body", b, node);
    b.node(Kind::Catch, cst.span(), &[ty, name, body])
}

fn catch_type(types: Option<Cst>, at: u32, b: &mut Builder) -> NodeId {
    let Some(types) = types else {
        return b.nil(at);
    };
    let kids: Kids = types.named().map(|t| node(t, b)).collect();
    match kids[..] {
        [only] => only,
        _ => b.node(Kind::TypeUnion, types.span(), &kids),
    }
}

/// `case 1: case 2: …`, `case A, B -> …`, `default: …`.
pub(super) fn case(cst: Cst, b: &mut Builder) -> NodeId {
    let is_label = |c: &Cst| c.kind() == "switch_label";
    let mut labels = Kids::new();
    let mut span = Span { start: cst.span().start, end: cst.span().start };
    for label in cst.named().filter(is_label) {
        span.end = label.span().end;
        labels.extend(label.named().map(|l| node(l, b)));
    }
    // Together with other labels, `default` needs a name: alone, it is the absence of labels.
    if !labels.is_empty() {
        for word in cst.named().filter(is_label).filter_map(|l| l.child_of_kind("default")) {
            labels.push(b.ident(word.span()));
        }
    }
    let labels = b.node(Kind::Args, span, &labels);
    let mut body = cst.named().filter(|c| !is_label(c));
    let body = match (body.next(), body.last()) {
        (Some(block), None) if cst.kind() == "switch_rule" && block.kind() == "block" => node(block, b),
        (Some(first), last) => {
            let span = first.span().join(last.unwrap_or(first).span());
            list(Kind::Block, span, cst.named().filter(|c| !is_label(c)), b)
        }
        (None, _) => empty(Kind::Block, cst.span().end, b),
    };
    let aux = if cst.kind() == "switch_rule" { Aux::ARROW } else { 0 };
    b.push(Kind::Case, aux, Sym::NONE, cst.span(), &[labels, body])
}
