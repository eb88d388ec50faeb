//! Functions, classes and what is in them.

use smallvec::SmallVec;

use super::expressions::property_name;
use super::{Cst, Kids, content, is_ellipsis, lower, slot, whole};
use crate::kind::{Aux, Kind};
use crate::lower::empty;
use crate::symbols::Sym;
use crate::tree::{Builder, NodeId, Span};

/// Any function or method with a name of its own; a signature has no body.
pub(super) fn function(cst: Cst, outer: &[Cst], b: &mut Builder) -> NodeId {
    let attrs = attrs(outer, cst, b);
    let type_params = slot(cst, "type_parameters", b, lower);
    let name = slot(cst, "name", b, property_name);
    let params = params_of(cst, b);
    let returns = slot(cst, "return_type", b, lower);
    let body = slot(cst, "body", b, lower);
    let aux = if cst.kind().starts_with("method") { Aux::METHOD } else { 0 };
    b.push(Kind::FuncDef, aux, Sym::NONE, whole(outer, cst), &[attrs, type_params, name, params, returns, body])
}

/// Arrow functions and function expressions. A name that only the function itself can see is dropped.
pub(super) fn lambda(cst: Cst, b: &mut Builder) -> NodeId {
    let params = params_of(cst, b);
    let returns = slot(cst, "return_type", b, lower);
    let body = slot(cst, "body", b, lower);
    b.push(Kind::Lambda, u16::from(cst.has("async")), Sym::NONE, cst.span(), &[params, returns, body])
}

fn params_of(cst: Cst, b: &mut Builder) -> NodeId {
    if let Some(params) = cst.get("parameters") {
        return lower(params, b);
    }
    match cst.get("parameter") {
        Some(bare) => {
            let param = param(bare, b);
            b.node(Kind::Params, bare.span(), &[param])
        }
        None => empty(Kind::Params, cst.span().end, b),
    }
}

pub(super) fn params(cst: Cst, b: &mut Builder) -> NodeId {
    let kids: Kids = cst.named().map(|c| if c.kind() == "ERROR" { lower(c, b) } else { param(c, b) }).collect();
    b.node(Kind::Params, cst.span(), &kids)
}

/// A parameter: in JavaScript a pattern that may have a default, in TypeScript a node around it.
pub(super) fn param(cst: Cst, b: &mut Builder) -> NodeId {
    let (pattern, typ, default) = match cst.kind() {
        "required_parameter" | "optional_parameter" => {
            (cst.get("pattern").or_else(|| cst.get("name")), cst.get("type"), cst.get("value"))
        }
        "assignment_pattern" => (cst.get("left"), None, cst.get("right")),
        _ => (Some(cst), None, None),
    };
    let rest = pattern.filter(|p| p.kind() == "rest_pattern");
    let name = match rest.map_or(pattern, content) {
        Some(name) => lower(name, b),
        None => b.nil(cst.span().start),
    };
    if is_ellipsis(name, b) && rest.is_none() && typ.is_none() && default.is_none() {
        return name;
    }
    let typ = optional(typ, cst, b);
    let default = optional(default, cst, b);
    let attrs = match cst.kind() {
        "required_parameter" | "optional_parameter" => attrs(&[], cst, b),
        _ => empty(Kind::Attrs, cst.span().start, b),
    };
    let aux = if rest.is_some() { Aux::REST } else { 0 };
    b.push(Kind::Param, aux, Sym::NONE, cst.span(), &[name, typ, default, attrs])
}

fn optional(child: Option<Cst>, parent: Cst, b: &mut Builder) -> NodeId {
    match child {
        Some(child) => lower(child, b),
        None => b.nil(parent.span().end),
    }
}

/// Classes, interfaces and enums.
pub(super) fn class(cst: Cst, outer: &[Cst], b: &mut Builder) -> NodeId {
    let aux = match cst.kind() {
        "interface_declaration" => Aux::INTERFACE,
        "enum_declaration" => Aux::ENUM,
        _ => Aux::CLASS,
    };
    let attrs = attrs(outer, cst, b);
    let type_params = slot(cst, "type_parameters", b, lower);
    let name = slot(cst, "name", b, lower);
    let (extends, implements) = heritage(cst, b);
    let params = b.nil(b.span(implements).end);
    let body = match cst.get("body") {
        Some(body) => lower(body, b),
        None => empty(Kind::ClassBody, cst.span().end, b),
    };
    let kids = [attrs, type_params, name, extends, implements, params, body];
    b.push(Kind::ClassDef, aux, Sym::NONE, whole(outer, cst), &kids)
}

pub(super) fn class_expression(cst: Cst, outer: &[Cst], b: &mut Builder) -> NodeId {
    let class = class(cst, outer, b);
    b.node(Kind::ClassExpr, whole(outer, cst), &[class])
}

fn heritage(cst: Cst, b: &mut Builder) -> (NodeId, NodeId) {
    let at = cst.get("body").map_or(cst.span().end, |body| body.span().start);
    let heritage = cst.child_of_kind("class_heritage");
    let (extends, implements) = match heritage {
        // JavaScript has the expression right here, TypeScript clauses.
        Some(h) if h.has("extends") => (Some(h), None),
        Some(h) => (h.child_of_kind("extends_clause"), h.child_of_kind("implements_clause")),
        None => (cst.child_of_kind("extends_type_clause"), None),
    };
    let extends = match extends {
        Some(clause) => {
            // The superclass of a class is an expression; type arguments after it are dropped as in a call.
            let types: Kids = clause.named().filter(|c| c.kind() != "type_arguments").map(|c| lower(c, b)).collect();
            b.node(Kind::Extends, clause.span(), &types)
        }
        None => empty(Kind::Extends, at, b),
    };
    let implements = match implements {
        Some(clause) => super::list(Kind::Implements, clause, b),
        None => empty(Kind::Implements, at, b),
    };
    (extends, implements)
}

/// Bodies of classes and interfaces.
pub(super) fn class_body(cst: Cst, b: &mut Builder) -> NodeId {
    let mut kids = Kids::new();
    // TypeScript's grammar puts the decorators of a method beside it.
    let mut decorators: SmallVec<[Cst; 2]> = SmallVec::new();
    for child in cst.named() {
        match child.kind() {
            "decorator" => {
                decorators.push(child);
                continue;
            }
            "method_definition" | "method_signature" | "abstract_method_signature" => {
                kids.push(function(child, &decorators, b));
            }
            "field_definition" | "public_field_definition" | "property_signature" => {
                kids.push(field(child, &decorators, b));
            }
            _ => {
                kids.extend(decorators.iter().map(|&d| annotation(d, b)));
                kids.push(lower(child, b));
            }
        }
        decorators.clear();
    }
    kids.extend(decorators.iter().map(|&d| annotation(d, b)));
    b.node(Kind::ClassBody, cst.span(), &kids)
}

/// Fields of classes and properties of interfaces.
pub(super) fn field(cst: Cst, outer: &[Cst], b: &mut Builder) -> NodeId {
    let name = match cst.get("name").or_else(|| cst.get("property")) {
        Some(name) => property_name(name, b),
        None => b.nil(cst.span().start),
    };
    let (typ, init) = (cst.get("type"), cst.get("value"));
    if is_ellipsis(name, b) && typ.is_none() && init.is_none() && outer.is_empty() {
        return b.node(Kind::ExprStmt, cst.span(), &[name]);
    }
    let typ = optional(typ, cst, b);
    let init = optional(init, cst, b);
    let attrs = attrs(outer, cst, b);
    b.node(Kind::VarDef, whole(outer, cst), &[name, typ, init, attrs])
}

pub(super) fn enum_body(cst: Cst, b: &mut Builder) -> NodeId {
    let kids: Kids = cst.named().map(|c| if c.kind() == "ERROR" { lower(c, b) } else { enum_member(c, b) }).collect();
    b.node(Kind::ClassBody, cst.span(), &kids)
}

/// `A` or `A = 1`.
pub(super) fn enum_member(cst: Cst, b: &mut Builder) -> NodeId {
    let name = property_name(cst.get("name").unwrap_or(cst), b);
    if is_ellipsis(name, b) {
        return b.node(Kind::ExprStmt, cst.span(), &[name]);
    }
    let typ = b.nil(b.span(name).end);
    let init = slot(cst, "value", b, lower);
    let attrs = empty(Kind::Attrs, cst.span().start, b);
    b.node(Kind::VarDef, cst.span(), &[name, typ, init, attrs])
}

pub(super) fn type_alias(cst: Cst, outer: &[Cst], b: &mut Builder) -> NodeId {
    let attrs = attrs(outer, cst, b);
    let name = slot(cst, "name", b, lower);
    let typ = slot(cst, "value", b, lower);
    b.node(Kind::TypeDef, whole(outer, cst), &[attrs, name, typ])
}

/// Decorators and modifiers of `cst` and of the nodes around it that belong to it, in the order of the source.
pub(super) fn attrs(outer: &[Cst], cst: Cst, b: &mut Builder) -> NodeId {
    let mut kids = Kids::new();
    for &around in outer.iter().chain([&cst]) {
        if around.kind() == "decorator" {
            kids.push(annotation(around, b));
        } else {
            push_attrs(around, b, &mut kids);
        }
    }
    let span = match (kids.first(), kids.last()) {
        (Some(&first), Some(&last)) => b.span(first).join(b.span(last)),
        _ => Span { start: cst.span().start, end: cst.span().start },
    };
    b.node(Kind::Attrs, span, &kids)
}

fn push_attrs(cst: Cst, b: &mut Builder, out: &mut Kids) {
    for child in cst.children() {
        let span = child.span();
        let words: &[&str] = match child.kind() {
            "decorator" => {
                out.push(annotation(child, b));
                continue;
            }
            "accessibility_modifier" | "override_modifier" => &[b.text(span)],
            "*" => &["generator"],
            // One token of the grammar, for a getter whose name is on the next line.
            "static get" => &["static", "get"],
            "const" if cst.kind() == "enum_declaration" => &["const"],
            word @ ("export" | "default" | "declare" | "async" | "static" | "get" | "set" | "readonly" | "abstract"
            | "accessor" | "using" | "await") => &[word],
            // Modifiers stand in front.
            "variable_declarator" | "formal_parameters" | "class_body" => break,
            _ => continue,
        };
        out.extend(words.iter().map(|word| b.leaf(Kind::Modifier, span, word)));
    }
}

/// `@name`, `@name(args)`, `@(expression)`.
pub(super) fn annotation(cst: Cst, b: &mut Builder) -> NodeId {
    let mut expr = content(cst);
    while let Some(parens) = expr.filter(|e| e.kind() == "parenthesized_expression") {
        expr = content(parens);
    }
    let (name, args) = match expr {
        Some(call) if call.kind() == "call_expression" => {
            (slot(call, "function", b, lower), slot(call, "arguments", b, lower))
        }
        _ => (optional(expr, cst, b), b.nil(cst.span().end)),
    };
    b.node(Kind::Annotation, cst.span(), &[name, args])
}
