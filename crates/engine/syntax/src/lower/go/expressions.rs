//! Expressions of Go.

use super::declarations::{parameters, results};
use super::{empty, list, node, optional, slot, slots};
use crate::cst::Cst;
use crate::kind::{Aux, Kind, Op};
use crate::lower::{Kids, is_ellipsis, plain_number};
use crate::symbols::Sym;
use crate::tree::{Builder, NodeId};

/// `f(x)`, `f[T](x)`.
pub(super) fn call(cst: Cst, b: &mut Builder) -> NodeId {
    let callee = slot(cst, "function", b, node);
    let callee = match cst.get("type_arguments") {
        Some(types) => {
            let span = b.span(callee).join(types.span());
            let types = node(types, b);
            b.node(Kind::TypeApply, span, &[callee, types])
        }
        None => callee,
    };
    let args = slot(cst, "arguments", b, node);
    b.node(Kind::Call, cst.span(), &[callee, args])
}

/// `[]byte(x)`: a call of the type.
pub(super) fn conversion(cst: Cst, b: &mut Builder) -> NodeId {
    let ty = slot(cst, "type", b, node);
    let args = match cst.get("operand") {
        Some(operand) => list(Kind::Args, operand.span(), std::iter::once(operand), b),
        None => empty(Kind::Args, cst.span().end, b),
    };
    b.node(Kind::Call, cst.span(), &[ty, args])
}

/// `a, b`; a list of one is the expression itself.
pub(super) fn tuple(cst: Cst, b: &mut Builder) -> NodeId {
    let kids: Kids = cst.named().map(|c| node(c, b)).collect();
    match kids[..] {
        [only] => only,
        _ => b.node(Kind::Tuple, cst.span(), &kids),
    }
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

/// `key: value` in a composite literal.
pub(super) fn pair(cst: Cst, b: &mut Builder) -> NodeId {
    match (cst.get("key"), cst.get("value")) {
        (Some(key), Some(value)) if is_ellipsis(key, b) && is_ellipsis(value, b) => node(key, b),
        _ => slots(Kind::Pair, cst, &["key", "value"], b),
    }
}

/// `func(x T) U { … }`.
pub(super) fn lambda(cst: Cst, b: &mut Builder) -> NodeId {
    let params = match cst.get("parameters") {
        Some(params) => parameters(params, None, b),
        None => empty(Kind::Params, cst.span().start, b),
    };
    let returns = results(cst, b);
    let body = slot(cst, "body", b, node);
    b.node(Kind::Lambda, cst.span(), &[params, returns, body])
}

/// The text between the quotes of a string.
pub(super) fn unquoted<'s>(cst: Cst, b: &Builder<'s>) -> &'s str {
    let text = b.text(cst.span());
    let quote = if text.starts_with('`') { '`' } else { '"' };
    let text = text.strip_prefix(quote).unwrap_or(text);
    text.strip_suffix(quote).unwrap_or(text)
}

pub(super) fn string(cst: Cst, b: &mut Builder) -> NodeId {
    b.leaf(Kind::Str, cst.span(), unquoted(cst, b))
}

pub(super) fn rune(cst: Cst, b: &mut Builder) -> NodeId {
    let text = b.text(cst.span());
    let text = text.strip_prefix('\'').unwrap_or(text);
    b.leaf(Kind::Char, cst.span(), text.strip_suffix('\'').unwrap_or(text))
}

/// The `i` of an imaginary number stays: it is another number without.
pub(super) fn number(kind: Kind, cst: Cst, b: &mut Builder) -> NodeId {
    let text = plain_number(b.text(cst.span()));
    b.leaf(kind, cst.span(), &text)
}

/// What a simple statement does, as an expression: `x := e`, `x += e`, `x++`, `c <- v`, `f()`.
pub(super) fn of_statement(cst: Cst, b: &mut Builder) -> NodeId {
    let span = cst.span();
    match cst.kind() {
        "short_var_declaration" => assign(cst, b),
        "assignment_statement" => {
            match cst.get("operator").and_then(|op| op.kind().strip_suffix('=')).filter(|op| !op.is_empty()) {
                None => assign(cst, b),
                Some(op) => {
                    let target = slot(cst, "left", b, node);
                    let value = slot(cst, "right", b, node);
                    b.op(Kind::AugAssign, Op::binary(op), span, &[target, value])
                }
            }
        }
        "inc_statement" => step(Op::PostInc, cst, b),
        "dec_statement" => step(Op::PostDec, cst, b),
        "send_statement" => {
            let channel = slot(cst, "channel", b, node);
            let value = slot(cst, "value", b, node);
            b.op(Kind::Binary, Some(Op::Arrow), span, &[channel, value])
        }
        "receive_statement" if cst.get("left").is_some() => assign(cst, b),
        "receive_statement" => slot(cst, "right", b, node),
        "expression_statement" => optional(cst.named().next(), span.end, b),
        _ => node(cst, b),
    }
}

fn assign(cst: Cst, b: &mut Builder) -> NodeId {
    let target = slot(cst, "left", b, node);
    let value = slot(cst, "right", b, node);
    let aux = if cst.has(":=") { Aux::DECLARES } else { 0 };
    b.push(Kind::Assign, aux, Sym::NONE, cst.span(), &[target, value])
}

fn step(op: Op, cst: Cst, b: &mut Builder) -> NodeId {
    let operand = optional(cst.named().next(), cst.span().end, b);
    b.op(Kind::Unary, Some(op), cst.span(), &[operand])
}
