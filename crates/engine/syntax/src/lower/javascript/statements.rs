//! Statements, and where declarations find what stands around them.

use smallvec::SmallVec;

use super::{Cst, Kids, content, definitions, lower, modules, slot, symbol, whole};
use crate::kind::{Aux, Kind};
use crate::lower::empty;
use crate::symbols::Sym;
use crate::tree::{Builder, NodeId, Span};

/// `{ … }` and the whole file.
pub(super) fn block(cst: Cst, b: &mut Builder) -> NodeId {
    let kids = all(cst.named(), b);
    b.node(Kind::Block, cst.span(), &kids)
}

fn all<'a>(statements: impl Iterator<Item = Cst<'a>>, b: &mut Builder) -> Kids {
    let mut kids = Kids::new();
    for statement in statements.filter(|s| s.kind() != "hash_bang_line") {
        push(statement, b, &mut kids);
    }
    kids
}

/// Adds the statement `cst` to `out`: one node, or several that belong into the same list.
pub(super) fn push(cst: Cst, b: &mut Builder, out: &mut Kids) {
    if !declaration(cst, &[], b, out) {
        out.push(lower(cst, b));
    }
}

/// A declaration where one node is called for: several become a `Block`.
pub(super) fn single(cst: Cst, b: &mut Builder) -> NodeId {
    let mut kids = Kids::new();
    declaration(cst, &[], b, &mut kids);
    match kids[..] {
        [only] => only,
        _ => b.node(Kind::Block, cst.span(), &kids),
    }
}

/// Adds a declaration to `out`; false when `cst` is none. `outer` are the nodes around it whose modifiers and decorators
/// are its own: `export` and `declare` statements, outermost first.
pub(super) fn declaration(cst: Cst, outer: &[Cst], b: &mut Builder, out: &mut Kids) -> bool {
    match cst.kind() {
        "lexical_declaration" | "variable_declaration" | "using_declaration" => {
            for declared in cst.named().filter(|d| d.kind() == "variable_declarator") {
                out.push(declarator(declared, cst, outer, b));
            }
        }
        "function_declaration" | "generator_function_declaration" | "function_signature" => {
            out.push(definitions::function(cst, outer, b));
        }
        "class_declaration" | "abstract_class_declaration" | "interface_declaration" | "enum_declaration" => {
            out.push(definitions::class(cst, outer, b));
        }
        "type_alias_declaration" => out.push(definitions::type_alias(cst, outer, b)),
        "import_statement" => modules::import(cst, b, out),
        "import_alias" => out.push(modules::import_alias(cst, outer, b)),
        "export_statement" => modules::export(cst, outer, b, out),
        "ambient_declaration" => {
            let declared = content(cst).is_some_and(|child| declaration(child, &within(outer, cst), b, out));
            // `declare global { … }`, `declare module "m" { … }`
            if !declared {
                out.push(crate::lower::other(cst, b, lower));
            }
        }
        _ => return false,
    }
    true
}

/// `outer` with `cst` as the innermost.
pub(super) fn within<'a>(outer: &[Cst<'a>], cst: Cst<'a>) -> SmallVec<[Cst<'a>; 2]> {
    outer.iter().copied().chain([cst]).collect()
}

/// One variable of the declaration `statement`.
pub(super) fn declarator(cst: Cst, statement: Cst, outer: &[Cst], b: &mut Builder) -> NodeId {
    let target = slot(cst, "name", b, lower);
    let typ = slot(cst, "type", b, lower);
    let init = slot(cst, "value", b, lower);
    let attrs = definitions::attrs(outer, statement, b);
    let start = whole(outer, statement).start;
    let span = Span { start, end: cst.span().end };
    b.push(Kind::VarDef, storage(statement), Sym::NONE, span, &[target, typ, init, attrs])
}

fn storage(statement: Cst) -> u16 {
    if statement.kind() == "variable_declaration" {
        return Aux::VAR;
    }
    match statement.get("kind").map(|k| k.kind()) {
        Some("var") => Aux::VAR,
        Some("let") => Aux::LET,
        Some("const") => Aux::CONST,
        _ => 0,
    }
}

pub(super) fn expression(cst: Cst, b: &mut Builder) -> NodeId {
    match content(cst) {
        // TypeScript's grammar takes a namespace for an expression, and `using x = y` for an assignment.
        Some(namespace) if namespace.kind() == "internal_module" => lower(namespace, b),
        Some(using) if using.kind() == "assignment_expression" && using.has("using") => {
            let target = slot(using, "left", b, lower);
            let typ = b.nil(using.span().start);
            let init = slot(using, "right", b, lower);
            let attrs = definitions::attrs(&[], using, b);
            b.node(Kind::VarDef, using.span(), &[target, typ, init, attrs])
        }
        _ => super::wrap(Kind::ExprStmt, 0, cst, b),
    }
}

pub(super) fn for_loop(cst: Cst, b: &mut Builder) -> NodeId {
    let init = clause(cst, "initializer", b);
    let cond = clause(cst, "condition", b);
    let update = clause(cst, "increment", b);
    let body = slot(cst, "body", b, lower);
    b.node(Kind::For, cst.span(), &[init, cond, update, body])
}

/// The grammar has an empty statement, or a bare `;`, where a clause of `for` is absent.
fn clause(cst: Cst, field: &str, b: &mut Builder) -> NodeId {
    match cst.get(field) {
        Some(clause) if clause.is_named() && clause.kind() != "empty_statement" => lower(clause, b),
        Some(clause) => b.nil(clause.span().start),
        None => b.nil(cst.span().end),
    }
}

pub(super) fn for_each(cst: Cst, b: &mut Builder) -> NodeId {
    let mut target = slot(cst, "left", b, lower);
    if let (Some(kind), Some(left)) = (cst.get("kind"), cst.get("left")) {
        let typ = b.nil(left.span().end);
        let init = slot(cst, "value", b, lower);
        let attrs = empty(Kind::Attrs, kind.span().start, b);
        let span = kind.span().join(left.span());
        target = b.push(Kind::VarDef, storage(cst), Sym::NONE, span, &[target, typ, init, attrs]);
    }
    let iterable = slot(cst, "right", b, lower);
    let body = slot(cst, "body", b, lower);
    let aux = if cst.get("operator").is_some_and(|o| o.kind() == "in") { Aux::IN } else { Aux::OF };
    b.push(Kind::ForEach, aux, Sym::NONE, cst.span(), &[target, iterable, body])
}

pub(super) fn try_block(cst: Cst, b: &mut Builder) -> NodeId {
    let resources = b.nil(cst.span().start);
    let body = slot(cst, "body", b, lower);
    let catches = match cst.get("handler") {
        Some(handler) => {
            let catch = lower(handler, b);
            b.node(Kind::Catches, handler.span(), &[catch])
        }
        None => empty(Kind::Catches, b.span(body).end, b),
    };
    let otherwise = b.nil(b.span(catches).end);
    let finally = slot(cst, "finalizer", b, lower);
    b.node(Kind::Try, cst.span(), &[resources, body, catches, otherwise, finally])
}

pub(super) fn throw(cst: Cst, b: &mut Builder) -> NodeId {
    let value = super::inner(cst, b);
    let cause = b.nil(cst.span().end);
    b.node(Kind::Throw, cst.span(), &[value, cause])
}

pub(super) fn case(cst: Cst, b: &mut Builder) -> NodeId {
    let labels = match cst.get("value") {
        Some(value) => {
            let label = lower(value, b);
            b.node(Kind::Args, value.span(), &[label])
        }
        None => empty(Kind::Args, cst.span().start, b),
    };
    let statements = all(cst.all("body").filter(|s| s.is_named() && !s.is_comment()), b);
    let span = match (statements.first(), statements.last()) {
        (Some(&first), Some(&last)) => b.span(first).join(b.span(last)),
        _ => Span { start: cst.span().end, end: cst.span().end },
    };
    let body = b.node(Kind::Block, span, &statements);
    b.node(Kind::Case, cst.span(), &[labels, body])
}

pub(super) fn label(cst: Cst, b: &mut Builder) -> NodeId {
    let body = slot(cst, "body", b, lower);
    let sym = symbol(cst.get("label").map_or("", |l| b.text(l.span())), b);
    b.push(Kind::Label, 0, sym, cst.span(), &[body])
}

/// `with (object) body`.
pub(super) fn with(cst: Cst, b: &mut Builder) -> NodeId {
    let object = slot(cst, "object", b, lower);
    let span = b.span(object);
    let object = b.node(Kind::ExprStmt, span, &[object]);
    let objects = b.node(Kind::Block, span, &[object]);
    let body = slot(cst, "body", b, lower);
    b.node(Kind::With, cst.span(), &[objects, body])
}
