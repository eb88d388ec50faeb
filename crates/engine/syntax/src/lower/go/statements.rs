//! Statements of Go.

use super::expressions::of_statement;
use super::{empty, list, node, optional, other, slot};
use crate::cst::Cst;
use crate::kind::{Aux, Kind};
use crate::lower::{Kids, symbol};
use crate::symbols::Sym;
use crate::tree::{Builder, NodeId, Span};

/// An expression, assignment, send, `x++`.
pub(super) fn simple(cst: Cst, b: &mut Builder) -> NodeId {
    let expr = of_statement(cst, b);
    b.node(Kind::ExprStmt, cst.span(), &[expr])
}

/// `return a, b`, `break label`: a statement with at most one operand.
pub(super) fn jump(kind: Kind, cst: Cst, b: &mut Builder) -> NodeId {
    let operand = optional(cst.named().next(), cst.span().end, b);
    b.node(kind, cst.span(), &[operand])
}

/// `label: statement`; a label at the end of a block labels nothing.
pub(super) fn label(cst: Cst, b: &mut Builder) -> NodeId {
    let Some(name) = cst.get("label") else {
        return other(cst, b, node);
    };
    let end = cst.span().end;
    let body = match cst.named().find(|c| c.field() != Some("label")) {
        Some(body) => node(body, b),
        None => b.node(Kind::Empty, Span { start: end, end }, &[]),
    };
    let sym = symbol(b.text(name.span()), b);
    b.push(Kind::Label, 0, sym, cst.span(), &[body])
}

/// `if init; cond { … } else …`: the initialiser is a statement before the `If`.
pub(super) fn if_into(cst: Cst, b: &mut Builder, kids: &mut Kids) {
    initializer_into(cst, b, kids);
    let cond = slot(cst, "condition", b, node);
    let then = slot(cst, "consequence", b, node);
    let otherwise = slot(cst, "alternative", b, node);
    kids.push(b.node(Kind::If, cst.span(), &[cond, then, otherwise]));
}

/// `switch init; x { … }`, `switch init; y := x.(type) { … }`.
pub(super) fn switch_into(cst: Cst, b: &mut Builder, kids: &mut Kids) {
    initializer_into(cst, b, kids);
    let subject = if cst.kind() == "type_switch_statement" { type_of(cst, b) } else { slot(cst, "value", b, node) };
    let cases = cases(cst, b);
    kids.push(b.node(Kind::Switch, cst.span(), &[subject, cases]));
}

fn initializer_into(cst: Cst, b: &mut Builder, kids: &mut Kids) {
    if let Some(init) = cst.get("initializer") {
        super::node_into(init, b, kids);
    }
}

/// `y := x.(type)`: a cast to the type that the word `type` stands for.
fn type_of(cst: Cst, b: &mut Builder) -> NodeId {
    let end = cst.span().end;
    let alias = cst.get("alias").map(|alias| node(alias, b));
    let value = cst.get("value");
    let ty = match cst.child_of_kind("type") {
        Some(word) => b.ident(word.span()),
        None => b.nil(end),
    };
    let span = value.map_or(b.span(ty), |value| value.span().join(b.span(ty)));
    let value = optional(value, end, b);
    let cast = b.node(Kind::Cast, span, &[ty, value]);
    match alias {
        Some(alias) => {
            let span = b.span(alias).join(span);
            b.push(Kind::Assign, Aux::DECLARES, Sym::NONE, span, &[alias, cast])
        }
        None => cast,
    }
}

/// `select { … }`: a switch on nothing, whose labels are communications.
pub(super) fn select(cst: Cst, b: &mut Builder) -> NodeId {
    let subject = b.nil(cst.span().start);
    let cases = cases(cst, b);
    b.node(Kind::Switch, cst.span(), &[subject, cases])
}

/// The cases of a switch, in a `Block` from the brace on.
fn cases(cst: Cst, b: &mut Builder) -> NodeId {
    let end = cst.span().end;
    let open = cst.child_of_kind("{").map(|brace| brace.span().start);
    let start = open.unwrap_or(end);
    list(Kind::Block, Span { start, end }, cst.named().filter(|c| c.span().start > start), b)
}

/// `case a, b: …`, `case T: …`, `case x := <-c: …`, `default: …`.
pub(super) fn case(cst: Cst, b: &mut Builder) -> NodeId {
    let is_label = |c: &Cst| matches!(c.field(), Some("value" | "type" | "communication"));
    let mut labels = Kids::new();
    let mut span = Span { start: cst.span().start, end: cst.span().start };
    for label in cst.named().filter(is_label) {
        span.end = label.span().end;
        match label.kind() {
            "expression_list" => labels.extend(label.named().map(|l| node(l, b))),
            // Among types, the grammar takes `nil` for one.
            "type_identifier" if b.text(label.span()) == "nil" => labels.push(b.node(Kind::Null, label.span(), &[])),
            _ => labels.push(of_statement(label, b)),
        }
    }
    let labels = b.node(Kind::Args, span, &labels);
    let body = match cst.named().find(|c| !is_label(c)) {
        Some(first) => list(Kind::Block, first.span(), cst.named().filter(|c| !is_label(c)), b),
        None => empty(Kind::Block, cst.span().end, b),
    };
    b.node(Kind::Case, cst.span(), &[labels, body])
}

/// All four loops: `for {`, `for cond {`, `for init; cond; update {`, `for k, v := range xs {`.
pub(super) fn for_loop(cst: Cst, b: &mut Builder) -> NodeId {
    let span = cst.span();
    let header = cst.named().find(|c| c.field() != Some("body"));
    match header {
        Some(range) if range.kind() == "range_clause" => {
            let target = slot(range, "left", b, node);
            let iterable = slot(range, "right", b, node);
            let body = slot(cst, "body", b, node);
            b.node(Kind::ForEach, span, &[target, iterable, body])
        }
        Some(clause) if clause.kind() == "for_clause" => {
            let init = slot(clause, "initializer", b, of_statement);
            let cond = slot(clause, "condition", b, node);
            let update = slot(clause, "update", b, of_statement);
            let body = slot(cst, "body", b, node);
            b.node(Kind::For, span, &[init, cond, update, body])
        }
        _ => {
            let cond = match header {
                Some(cond) => node(cond, b),
                None => {
                    let at = cst.get("body").unwrap_or(cst).span().start;
                    b.push(Kind::Bool, 1, Sym::NONE, Span { start: at, end: at }, &[])
                }
            };
            let body = slot(cst, "body", b, node);
            b.node(Kind::While, span, &[cond, body])
        }
    }
}
