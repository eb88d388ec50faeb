//! Python (3, and the print and exec statements of 2).

use super::{Kids, empty, other, slot};
use crate::cst::Cst;
use crate::kind::{Aux, Kind, Op};
use crate::symbols::Sym;
use crate::tree::{Builder, NodeId, Span};

pub(super) fn lower(cst: Cst, b: &mut Builder) -> NodeId {
    block(cst, b)
}

// ── statements ───────────────────────────────────────────────────────────────────────────────────

fn block(cst: Cst, b: &mut Builder) -> NodeId {
    let mut kids = Kids::new();
    for child in cst.named() {
        statement(child, b, &mut kids);
    }
    b.node(Kind::Block, cst.span(), &kids)
}

/// One statement may become several nodes (`import a, b`; the `else` of a loop).
fn statement(cst: Cst, b: &mut Builder, out: &mut Kids) {
    let span = cst.span();
    let node = match cst.kind() {
        "expression_statement" => {
            let mut kids: Kids = cst.named().map(|c| expression(c, b)).collect();
            match kids.as_slice() {
                [one] if b.kind(*one) == Kind::VarDef => kids[0],
                [one] => b.node(Kind::ExprStmt, span, &[*one]),
                _ => {
                    let tuple = b.node(Kind::Tuple, span, &kids);
                    kids.clear();
                    b.node(Kind::ExprStmt, span, &[tuple])
                }
            }
        }
        "return_statement" => {
            let value = optional(cst.named().next(), span.end, b);
            b.node(Kind::Return, span, &[value])
        }
        "if_statement" => conditional(cst, cst.all("alternative").collect::<Vec<_>>().as_slice(), b),
        "for_statement" => {
            let kids =
                [slot(cst, "left", b, expression), slot(cst, "right", b, expression), slot(cst, "body", b, block)];
            out.push(b.push(Kind::ForEach, asynchronous(cst), Sym::NONE, span, &kids));
            return else_after(cst, b, out);
        }
        "while_statement" => {
            let kids = [slot(cst, "condition", b, expression), slot(cst, "body", b, block)];
            out.push(b.node(Kind::While, span, &kids));
            return else_after(cst, b, out);
        }
        "try_statement" => try_statement(cst, b),
        "with_statement" => {
            let items: Vec<Cst> = cst.child_of_kind("with_clause").into_iter().flat_map(Cst::named).collect();
            let mut node = slot(cst, "body", b, block);
            // `with a, b:` is `with a:` around `with b:`.
            for (i, item) in items.iter().enumerate().rev() {
                let item = with_item(*item, b);
                let resources = b.node(Kind::Block, b.span(item), &[item]);
                node = b.push(Kind::With, asynchronous(cst), Sym::NONE, span, &[resources, node]);
                if i > 0 {
                    node = b.node(Kind::Block, span, &[node]);
                }
            }
            node
        }
        "function_definition" => function(cst, cst.span(), &[], b),
        "class_definition" => class(cst, cst.span(), &[], b),
        "decorated_definition" => {
            let decorators: Vec<Cst> = cst.named().filter(|c| c.kind() == "decorator").collect();
            match cst.get("definition") {
                Some(d) if d.kind() == "class_definition" => class(d, span, &decorators, b),
                Some(d) => function(d, span, &decorators, b),
                None => other(cst, b, expression),
            }
        }
        "import_statement" | "import_from_statement" | "future_import_statement" => return import(cst, b, out),
        "raise_statement" => {
            let cause = cst.get("cause");
            let value = cst.named().find(|c| c.field() != Some("cause"));
            let kids = [optional(value, span.end, b), optional(cause, span.end, b)];
            b.node(Kind::Throw, span, &kids)
        }
        "assert_statement" => {
            let mut parts = cst.named();
            let kids = [optional(parts.next(), span.end, b), optional(parts.next(), span.end, b)];
            b.node(Kind::Assert, span, &kids)
        }
        "delete_statement" => {
            let mut kids = Kids::new();
            for child in cst.named() {
                if child.kind() == "expression_list" {
                    kids.extend(child.named().map(|c| expression(c, b)));
                } else {
                    kids.push(expression(child, b));
                }
            }
            b.node(Kind::Delete, span, &kids)
        }
        "global_statement" | "nonlocal_statement" => {
            for name in cst.named() {
                let name = expression(name, b);
                out.push(b.node(Kind::Global, span, &[name]));
            }
            return;
        }
        "pass_statement" => b.node(Kind::Empty, span, &[]),
        "break_statement" => {
            let nil = b.nil(span.end);
            b.node(Kind::Break, span, &[nil])
        }
        "continue_statement" => {
            let nil = b.nil(span.end);
            b.node(Kind::Continue, span, &[nil])
        }
        "print_statement" | "exec_statement" => {
            let name = if cst.kind() == "print_statement" { "print" } else { "exec" };
            let callee = b.leaf(Kind::Ident, Span { start: span.start, end: span.start + name.len() as u32 }, name);
            let kids: Kids = cst.named().map(|c| expression(c, b)).collect();
            let args = b.node(Kind::Args, span, &kids);
            let call = b.node(Kind::Call, span, &[callee, args]);
            b.node(Kind::ExprStmt, span, &[call])
        }
        "match_statement" => {
            let subjects: Kids = cst.all("subject").map(|c| expression(c, b)).collect();
            let subject = if let [one] = subjects.as_slice() { *one } else { b.node(Kind::Tuple, span, &subjects) };
            let cases: Kids = match cst.get("body") {
                Some(body) => body.named().filter(|c| c.kind() == "case_clause").map(|c| case(c, b)).collect(),
                None => Kids::new(),
            };
            let cases = b.node(Kind::Block, span, &cases);
            b.node(Kind::Switch, span, &[subject, cases])
        }
        "type_alias_statement" => {
            let attrs = empty(Kind::Attrs, span.start, b);
            let kids = [attrs, slot(cst, "left", b, expression), slot(cst, "right", b, expression)];
            b.node(Kind::TypeDef, span, &kids)
        }
        "block" => block(cst, b),
        _ => {
            let node = expression(cst, b);
            if b.kind(node).is_statement() || b.kind(node) == Kind::Other {
                node
            } else {
                b.node(Kind::ExprStmt, span, &[node])
            }
        }
    };
    out.push(node);
}

/// `if`/`elif`: the rest of the chain is the `else` slot.
fn conditional(cst: Cst, rest: &[Cst], b: &mut Builder) -> NodeId {
    let mut parts: Vec<(Cst, NodeId, NodeId)> = Vec::with_capacity(rest.len() + 1);
    parts.push((cst, slot(cst, "condition", b, expression), slot(cst, "consequence", b, block)));
    let mut tail = None;
    for clause in rest {
        if clause.kind() == "elif_clause" {
            parts.push((*clause, slot(*clause, "condition", b, expression), slot(*clause, "consequence", b, block)));
        } else {
            tail = Some(slot(*clause, "body", b, block));
        }
    }
    let end = cst.span().end;
    let mut tail = tail.unwrap_or_else(|| b.nil(end));
    for (part, cond, then) in parts.into_iter().rev() {
        tail = b.node(Kind::If, Span { start: part.span().start, end }, &[cond, then, tail]);
    }
    tail
}

fn else_after(cst: Cst, b: &mut Builder, out: &mut Kids) {
    if let Some(body) = cst.get("alternative").and_then(|c| c.get("body")) {
        out.push(block(body, b));
    }
}

fn try_statement(cst: Cst, b: &mut Builder) -> NodeId {
    let span = cst.span();
    let resources = b.nil(span.start);
    let body = slot(cst, "body", b, block);
    let mut catches = Kids::new();
    let (mut otherwise, mut finally) = (None, None);
    for clause in cst.named() {
        match clause.kind() {
            "except_clause" | "except_group_clause" => catches.push(except(clause, b)),
            "else_clause" => otherwise = Some(slot(clause, "body", b, block)),
            "finally_clause" => finally = clause.child_of_kind("block").map(|c| block(c, b)),
            _ => {}
        }
    }
    let catches = b.node(Kind::Catches, span, &catches);
    let otherwise = otherwise.unwrap_or_else(|| b.nil(span.end));
    let finally = finally.unwrap_or_else(|| b.nil(span.end));
    b.node(Kind::Try, span, &[resources, body, catches, otherwise, finally])
}

fn except(cst: Cst, b: &mut Builder) -> NodeId {
    let end = cst.span().end;
    let mut value = cst.get("value");
    let mut alias = cst.get("alias");
    if let Some(pattern) = value.filter(|v| v.kind() == "as_pattern") {
        alias = pattern.get("alias");
        value = pattern.named().next();
    }
    let body = cst.named().filter(|c| c.kind() == "block").last();
    let kids = [
        optional(value, end, b),
        optional(alias, end, b),
        match body {
            Some(body) => block(body, b),
            None => b.nil(end),
        },
    ];
    b.node(Kind::Catch, cst.span(), &kids)
}

fn with_item(cst: Cst, b: &mut Builder) -> NodeId {
    let span = cst.span();
    let value = cst.get("value").unwrap_or(cst);
    match value.get("alias").filter(|_| value.kind() == "as_pattern") {
        Some(alias) => {
            let target = expression(alias, b);
            let ty = b.nil(span.end);
            let init = optional(value.named().next(), span.end, b);
            let attrs = empty(Kind::Attrs, span.start, b);
            b.node(Kind::VarDef, span, &[target, ty, init, attrs])
        }
        None => {
            let value = expression(value, b);
            b.node(Kind::ExprStmt, span, &[value])
        }
    }
}

fn case(cst: Cst, b: &mut Builder) -> NodeId {
    let labels: Kids = cst.named().filter(|c| c.kind() == "case_pattern").map(|c| expression(c, b)).collect();
    let labels = b.node(Kind::Args, cst.span(), &labels);
    let body = slot(cst, "consequence", b, block);
    b.node(Kind::Case, cst.span(), &[labels, body])
}

fn import(cst: Cst, b: &mut Builder, out: &mut Kids) {
    let span = cst.span();
    if cst.kind() == "import_statement" {
        for item in cst.all("name") {
            let (name, alias) = imported(item);
            let alias = optional(alias, span.end, b);
            let text = compact(name, b);
            out.push(b.named(Kind::Import, 0, &text, span, &[alias]));
        }
        return;
    }
    let module = match cst.get("module_name") {
        Some(module) => compact(module, b),
        None => "__future__".to_string(),
    };
    if cst.has("wildcard_import") {
        return out.push(b.named(Kind::ImportAll, 0, &module, span, &[]));
    }
    let mut names = Kids::new();
    for item in cst.all("name") {
        let (name, alias) = imported(item);
        let text = compact(name, b);
        if b.is_pattern() {
            // `from m import ...` and `from m import $X`
            let node = b.ident_named(name.span(), &text);
            if b.kind(node) == Kind::Ellipsis {
                names.push(node);
                continue;
            }
        }
        let alias = optional(alias, item.span().end, b);
        names.push(b.named(Kind::ImportName, 0, &text, item.span(), &[alias]));
    }
    out.push(b.named(Kind::ImportFrom, 0, &module, span, &names));
}

fn imported<'a>(item: Cst<'a>) -> (Cst<'a>, Option<Cst<'a>>) {
    match item.get("name").filter(|_| item.kind() == "aliased_import") {
        Some(name) => (name, item.get("alias")),
        None => (item, None),
    }
}

/// The text of a dotted name without white space.
fn compact(cst: Cst, b: &Builder) -> String {
    b.text(cst.span()).split_whitespace().collect()
}

// ── definitions ──────────────────────────────────────────────────────────────────────────────────

fn attributes(cst: Cst, decorators: &[Cst], b: &mut Builder) -> NodeId {
    let mut kids = Kids::new();
    for decorator in decorators {
        let span = decorator.span();
        let Some(value) = decorator.named().next() else { continue };
        let (name, args) = match (value.kind(), value.get("function"), value.get("arguments")) {
            ("call", Some(function), Some(arguments)) => (expression(function, b), arguments_of(arguments, b)),
            _ => (expression(value, b), b.nil(span.end)),
        };
        kids.push(if b.kind(name) == Kind::Ellipsis { name } else { b.node(Kind::Annotation, span, &[name, args]) });
    }
    if let Some(token) = cst.child_of_kind("async") {
        kids.push(b.leaf(Kind::Modifier, token.span(), "async"));
    }
    let at = cst.span().start;
    b.node(Kind::Attrs, Span { start: at, end: at }, &kids)
}

fn asynchronous(cst: Cst) -> u16 {
    if cst.has("async") { Aux::ASYNC } else { 0 }
}

fn function(cst: Cst, span: Span, decorators: &[Cst], b: &mut Builder) -> NodeId {
    let attrs = attributes(cst, decorators, b);
    let kids = [
        attrs,
        slot(cst, "type_parameters", b, type_parameters),
        slot(cst, "name", b, expression),
        slot(cst, "parameters", b, parameters),
        slot(cst, "return_type", b, expression),
        slot(cst, "body", b, block),
    ];
    b.node(Kind::FuncDef, span, &kids)
}

fn class(cst: Cst, span: Span, decorators: &[Cst], b: &mut Builder) -> NodeId {
    let attrs = attributes(cst, decorators, b);
    let types = slot(cst, "type_parameters", b, type_parameters);
    let name = slot(cst, "name", b, expression);
    let extends = match cst.get("superclasses") {
        Some(list) => {
            let kids: Kids = list.named().map(|c| expression(c, b)).collect();
            b.node(Kind::Extends, list.span(), &kids)
        }
        None => empty(Kind::Extends, span.start, b),
    };
    let implements = empty(Kind::Implements, span.start, b);
    let params = b.nil(span.start);
    let mut members = Kids::new();
    let body_span = cst.get("body").map_or(span, |body| body.span());
    for child in cst.get("body").into_iter().flat_map(Cst::named) {
        statement(child, b, &mut members);
    }
    let body = b.node(Kind::ClassBody, body_span, &members);
    b.node(Kind::ClassDef, span, &[attrs, types, name, extends, implements, params, body])
}

fn type_parameters(cst: Cst, b: &mut Builder) -> NodeId {
    let kids: Kids = cst.named().map(|c| expression(c, b)).collect();
    b.node(Kind::TypeParams, cst.span(), &kids)
}

fn parameters(cst: Cst, b: &mut Builder) -> NodeId {
    let kids: Kids = cst.named().map(|c| parameter(c, b)).collect();
    b.node(Kind::Params, cst.span(), &kids)
}

fn parameter(cst: Cst, b: &mut Builder) -> NodeId {
    let span = cst.span();
    let (name, ty, default) = match cst.kind() {
        "typed_parameter" => (cst.named().next(), cst.get("type"), None),
        "default_parameter" => (cst.get("name"), None, cst.get("value")),
        "typed_default_parameter" => (cst.get("name"), cst.get("type"), cst.get("value")),
        _ => (Some(cst), None, None),
    };
    let (name, aux) = match name {
        Some(n) if n.kind() == "list_splat_pattern" => (n.named().next(), Aux::REST),
        Some(n) if n.kind() == "dictionary_splat_pattern" => (n.named().next(), Aux::DOUBLE),
        n => (n, 0),
    };
    let name = optional(name, span.end, b);
    if aux == 0
        && ty.is_none()
        && default.is_none()
        && matches!(b.kind(name), Kind::Ellipsis | Kind::MetavarEllipsis | Kind::Other)
    {
        return name;
    }
    let kids = [name, optional(ty, span.end, b), optional(default, span.end, b), empty(Kind::Attrs, span.start, b)];
    b.push(Kind::Param, aux, Sym::NONE, span, &kids)
}

// ── expressions ──────────────────────────────────────────────────────────────────────────────────

fn optional(cst: Option<Cst>, at: u32, b: &mut Builder) -> NodeId {
    match cst {
        Some(cst) => expression(cst, b),
        None => b.nil(at),
    }
}

fn list(kind: Kind, cst: Cst, b: &mut Builder) -> NodeId {
    let kids: Kids = cst.named().map(|c| expression(c, b)).collect();
    b.node(kind, cst.span(), &kids)
}

fn arguments_of(cst: Cst, b: &mut Builder) -> NodeId {
    if cst.kind() == "generator_expression" {
        let generator = expression(cst, b);
        return b.node(Kind::Args, cst.span(), &[generator]);
    }
    list(Kind::Args, cst, b)
}

fn expression(cst: Cst, b: &mut Builder) -> NodeId {
    let span = cst.span();
    match cst.kind() {
        "identifier" => b.ident(span),
        "call" => {
            let kids = [slot(cst, "function", b, expression), slot(cst, "arguments", b, arguments_of)];
            b.node(Kind::Call, span, &kids)
        }
        "attribute" => {
            let object = slot(cst, "object", b, expression);
            let name = slot(cst, "attribute", b, expression);
            member(object, name, span, b)
        }
        "string" => string(cst, b),
        "concatenated_string" => concatenated(cst, b),
        "integer" => {
            let text = b.text(span).replace('_', "").to_ascii_lowercase();
            if text.ends_with('j') {
                b.leaf(Kind::Float, span, &text)
            } else {
                b.leaf(Kind::Int, span, text.trim_end_matches('l'))
            }
        }
        "float" => {
            let text = b.text(span).replace('_', "").to_ascii_lowercase();
            b.leaf(Kind::Float, span, &text)
        }
        "true" | "false" => b.push(Kind::Bool, u16::from(cst.kind() == "true"), Default::default(), span, &[]),
        "none" => b.node(Kind::Null, span, &[]),
        "keyword_argument" => {
            let name = cst.get("name").map_or("", |n| b.text(n.span()));
            let value = slot(cst, "value", b, expression);
            b.named(Kind::KwArg, 0, name, span, &[value])
        }
        "parenthesized_expression" | "type" | "as_pattern_target" | "case_pattern" | "parenthesized_list_splat" => {
            match cst.named().next() {
                Some(inner) if cst.kind() == "parenthesized_expression" => {
                    let inner = expression(inner, b);
                    b.widen(inner, span)
                }
                Some(inner) => expression(inner, b),
                None if cst.kind() == "case_pattern" => b.ident(span),
                None => other(cst, b, expression),
            }
        }
        "assignment" => assignment(cst, b),
        "augmented_assignment" => {
            let op = cst.get("operator").and_then(|o| Op::binary(b.text(o.span()).trim_end_matches('=')));
            let kids = [slot(cst, "left", b, expression), slot(cst, "right", b, expression)];
            b.op(Kind::AugAssign, op, span, &kids)
        }
        "named_expression" => {
            let kids = [slot(cst, "name", b, expression), slot(cst, "value", b, expression)];
            b.push(Kind::Assign, Aux::DECLARES, Default::default(), span, &kids)
        }
        "binary_operator" | "boolean_operator" => {
            let op = cst.get("operator").and_then(|o| Op::binary(b.text(o.span())));
            let kids = [slot(cst, "left", b, expression), slot(cst, "right", b, expression)];
            b.op(Kind::Binary, op, span, &kids)
        }
        "comparison_operator" => {
            // `not in` and `is not` are two tokens under one field.
            let text: Vec<&str> = cst.all("operators").flat_map(|o| b.text(o.span()).split_whitespace()).collect();
            let operands: Vec<Cst> = cst.named().filter(|c| c.field() != Some("operators")).collect();
            match operands.as_slice() {
                [left, right] => {
                    let kids = [expression(*left, b), expression(*right, b)];
                    b.op(Kind::Binary, Op::binary(&text.join(" ")), span, &kids)
                }
                _ => other(cst, b, expression),
            }
        }
        "not_operator" => {
            let kids = [slot(cst, "argument", b, expression)];
            b.op(Kind::Unary, Some(Op::Not), span, &kids)
        }
        "unary_operator" => {
            let op = cst.get("operator").and_then(|o| Op::unary(b.text(o.span())));
            let kids = [slot(cst, "argument", b, expression)];
            b.op(Kind::Unary, op, span, &kids)
        }
        "subscript" => subscript(cst, b),
        "list" | "list_pattern" => list(Kind::Array, cst, b),
        "tuple" | "expression_list" | "pattern_list" | "tuple_pattern" => list(Kind::Tuple, cst, b),
        "set" => list(Kind::Set, cst, b),
        "dictionary" => list(Kind::Dict, cst, b),
        "pair" => {
            let kids = [slot(cst, "key", b, expression), slot(cst, "value", b, expression)];
            if b.kind(kids[0]) == Kind::Ellipsis && b.kind(kids[1]) == Kind::Ellipsis {
                return kids[0];
            }
            b.node(Kind::Pair, span, &kids)
        }
        "list_splat" | "list_splat_pattern" | "splat_type" => list(Kind::Spread, cst, b),
        "dictionary_splat" | "dictionary_splat_pattern" => {
            let kids: Kids = cst.named().map(|c| expression(c, b)).collect();
            b.push(Kind::Spread, Aux::DOUBLE, Default::default(), span, &kids)
        }
        "list_comprehension" => comprehension(cst, Aux::LIST, b),
        "set_comprehension" => comprehension(cst, Aux::SET, b),
        "dictionary_comprehension" => comprehension(cst, Aux::DICT, b),
        "generator_expression" => comprehension(cst, Aux::GENERATOR, b),
        "for_in_clause" => {
            let kids = [slot(cst, "left", b, expression), slot(cst, "right", b, expression)];
            b.node(Kind::CompFor, span, &kids)
        }
        "if_clause" => list(Kind::CompIf, cst, b),
        "conditional_expression" => {
            let mut parts = cst.named();
            let then = optional(parts.next(), span.end, b);
            let cond = optional(parts.next(), span.end, b);
            let otherwise = optional(parts.next(), span.end, b);
            b.node(Kind::Ternary, span, &[cond, then, otherwise])
        }
        "lambda" => {
            let params = match cst.get("parameters") {
                Some(p) => parameters(p, b),
                None => empty(Kind::Params, span.start, b),
            };
            let kids = [params, b.nil(span.start), slot(cst, "body", b, expression)];
            b.node(Kind::Lambda, span, &kids)
        }
        "await" => list(Kind::Await, cst, b),
        "yield" => {
            let value = optional(cst.named().next(), span.end, b);
            b.push(Kind::Yield, if cst.has("from") { Aux::FROM } else { 0 }, Default::default(), span, &[value])
        }
        "dotted_name" => {
            let mut parts = cst.named();
            let mut node = optional(parts.next(), span.end, b);
            for part in parts {
                let name = expression(part, b);
                node = member(node, name, Span { start: span.start, end: part.span().end }, b);
            }
            node
        }
        "generic_type" => {
            let mut parts = cst.named();
            let base = optional(parts.next(), span.end, b);
            let args: Kids = parts.flat_map(Cst::named).map(|c| expression(c, b)).collect();
            let args = b.node(Kind::Args, span, &args);
            b.node(Kind::TypeApply, span, &[base, args])
        }
        "union_type" => list(Kind::TypeUnion, cst, b),
        "ellipsis" => b.leaf(Kind::Other, span, "ellipsis"),
        "block" => block(cst, b),
        _ => other(cst, b, expression),
    }
}

/// `object.name`, or the chain `object. ... ` of a pattern.
fn member(object: NodeId, name: NodeId, span: Span, b: &mut Builder) -> NodeId {
    if b.kind(name) == Kind::Ellipsis {
        return b.node(Kind::Chain, span, &[object]);
    }
    b.node(Kind::Member, span, &[object, name])
}

fn assignment(cst: Cst, b: &mut Builder) -> NodeId {
    let span = cst.span();
    let target = slot(cst, "left", b, expression);
    match cst.get("type") {
        Some(ty) => {
            let kids =
                [target, expression(ty, b), slot(cst, "right", b, expression), empty(Kind::Attrs, span.start, b)];
            b.node(Kind::VarDef, span, &kids)
        }
        None => {
            let value = slot(cst, "right", b, expression);
            b.node(Kind::Assign, span, &[target, value])
        }
    }
}

fn subscript(cst: Cst, b: &mut Builder) -> NodeId {
    let span = cst.span();
    let object = slot(cst, "value", b, expression);
    let mut indexes = Kids::new();
    for index in cst.all("subscript") {
        if index.kind() != "slice" {
            indexes.push(expression(index, b));
            continue;
        }
        // The parts of a slice have no fields: count the colons.
        let nil = b.nil(index.span().end);
        let mut parts = [nil; 3];
        let mut at = 0;
        for child in index.children() {
            if child.kind() == ":" {
                at += 1;
            } else if child.is_named() && !child.is_comment() && at < 3 {
                parts[at] = expression(child, b);
            }
        }
        if cst.all("subscript").count() == 1 {
            return b.node(Kind::Slice, span, &[object, parts[0], parts[1], parts[2]]);
        }
        indexes.push(b.node(Kind::Slice, index.span(), &[nil, parts[0], parts[1], parts[2]]));
    }
    let index = if let [one] = indexes.as_slice() { *one } else { b.node(Kind::Tuple, span, &indexes) };
    b.node(Kind::Index, span, &[object, index])
}

fn comprehension(cst: Cst, aux: u16, b: &mut Builder) -> NodeId {
    let kids: Kids = cst.named().map(|c| expression(c, b)).collect();
    b.push(Kind::Comprehension, aux, Default::default(), cst.span(), &kids)
}

/// Text between the quotes, and whether the prefix says bytes.
fn string(cst: Cst, b: &mut Builder) -> NodeId {
    let span = cst.span();
    let (Some(open), Some(close)) = (cst.child_of_kind("string_start"), cst.child_of_kind("string_end")) else {
        return b.leaf(Kind::Str, span, "");
    };
    let prefix = b.text(open.span());
    if prefix.bytes().take_while(|c| c.is_ascii_alphabetic()).any(|c| matches!(c, b'f' | b'F' | b't' | b'T')) {
        let kids = string_parts(cst, b);
        return b.push(Kind::Interp, Aux::FSTRING, Default::default(), span, &kids);
    }
    let inner = Span { start: open.span().end, end: close.span().start.max(open.span().end) };
    let text = b.text(inner);
    let bytes = prefix.bytes().any(|c| matches!(c, b'b' | b'B'));
    b.named(Kind::Str, if bytes { Aux::BYTES } else { 0 }, text, span, &[])
}

fn string_parts(cst: Cst, b: &mut Builder) -> Kids {
    let mut kids = Kids::new();
    for part in cst.named() {
        match part.kind() {
            "string_content" => {
                let text = b.text(part.span());
                kids.push(b.leaf(Kind::Str, part.span(), text));
            }
            "interpolation" => {
                let value = slot(part, "expression", b, expression);
                kids.push(b.node(Kind::Hole, part.span(), &[value]));
            }
            _ => {}
        }
    }
    kids
}

/// Adjacent literals: the literals themselves are the parts.
fn concatenated(cst: Cst, b: &mut Builder) -> NodeId {
    let kids: Kids = cst.named().map(|c| string(c, b)).collect();
    b.push(Kind::Interp, Aux::ADJACENT, Default::default(), cst.span(), &kids)
}
