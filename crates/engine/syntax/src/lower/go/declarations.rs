//! Definitions and directives of Go.

use super::expressions::{string, unquoted};
use super::{empty, list, node, node_into, optional, other, slot};
use crate::cst::Cst;
use crate::kind::{Aux, Kind};
use crate::lower::{Kids, Repeats, is_ellipsis, symbol};
use crate::symbols::Sym;
use crate::tree::{Builder, NodeId, Span};

/// The specs of `var`, `const`, `type` and `import`, with parentheses or without.
/// An import is at its `import`, also in a list.
pub(super) fn specs_into(cst: Cst, b: &mut Builder, kids: &mut Kids) {
    let start = cst.span().start;
    for spec in cst.named() {
        match spec.kind() {
            "import_spec_list" => kids.extend(spec.named().map(|s| import(s, start, b))),
            "var_spec_list" => specs_into(spec, b, kids),
            "var_spec" => variables_into(spec, Aux::VAR, b, kids),
            "const_spec" => variables_into(spec, Aux::CONST, b, kids),
            "import_spec" => kids.push(import(spec, start, b)),
            _ => kids.push(node(spec, b)),
        }
    }
}

/// `a, b T = x, y` of `var` and `const`: one `VarDef` for each name; one for all names when a call gives all values.
fn variables_into(cst: Cst, aux: u16, b: &mut Builder, kids: &mut Kids) {
    let span = cst.span();
    let names = || cst.all("name").filter(|c| c.is_named());
    let values = cst.get("value");
    let count = names().count();
    let value_count = values.map_or(count, |v| v.named().count());
    if count != value_count {
        let targets: Kids = names().map(|name| node(name, b)).collect();
        let target = match targets[..] {
            [only] => only,
            _ => {
                let span = targets.iter().map(|&t| b.span(t)).reduce(|a, z| a.join(z)).unwrap_or(span);
                b.node(Kind::Tuple, span, &targets)
            }
        };
        let ty = slot(cst, "type", b, node);
        let init = optional(values, span.end, b);
        let attrs = empty(Kind::Attrs, span.start, b);
        kids.push(b.push(Kind::VarDef, aux, Sym::NONE, span, &[target, ty, init, attrs]));
        return;
    }
    let mut values = values.into_iter().flat_map(Cst::named);
    let mut repeats = Repeats::new();
    let mut with_type = true;
    for name in names() {
        let target = node(name, b);
        let ty = optional(cst.get("type").filter(|_| with_type), name.span().end, b);
        with_type = with_type && repeats.allow(target, ty, b);
        let init = optional(values.next(), span.end, b);
        let attrs = empty(Kind::Attrs, span.start, b);
        kids.push(b.push(Kind::VarDef, aux, Sym::NONE, span, &[target, ty, init, attrs]));
    }
}

/// `alias "path"`.
fn import(cst: Cst, start: u32, b: &mut Builder) -> NodeId {
    let span = Span { start, end: cst.span().end };
    let alias = optional(cst.get("name"), cst.span().start, b);
    let sym = match cst.get("path") {
        Some(path) => symbol(unquoted(path, b), b),
        None => Sym::NONE,
    };
    b.push(Kind::Import, 0, sym, span, &[alias])
}

pub(super) fn package(cst: Cst, b: &mut Builder) -> NodeId {
    let Some(name) = cst.named().next() else {
        return other(cst, b, node);
    };
    let sym = symbol(b.text(name.span()), b);
    b.push(Kind::Package, 0, sym, cst.span(), &[])
}

/// A function, a method, a method of an interface.
pub(super) fn function(cst: Cst, b: &mut Builder) -> NodeId {
    let start = cst.span().start;
    let attrs = empty(Kind::Attrs, start, b);
    let type_params = optional(cst.get("type_parameters"), start, b);
    let name = slot(cst, "name", b, node);
    let params = match cst.get("parameters") {
        Some(params) => parameters(params, cst.get("receiver"), b),
        None => empty(Kind::Params, b.span(name).end, b),
    };
    let returns = results(cst, b);
    let body = slot(cst, "body", b, node);
    b.node(Kind::FuncDef, cst.span(), &[attrs, type_params, name, params, returns, body])
}

/// `(a, b T, c ...U)`, after the receiver of a method.
pub(super) fn parameters(cst: Cst, receiver: Option<Cst>, b: &mut Builder) -> NodeId {
    let mut kids = Kids::new();
    for param in receiver.into_iter().flat_map(Cst::named) {
        parameters_into(param, Aux::RECEIVER, b, &mut kids);
    }
    for param in cst.named() {
        parameters_into(param, 0, b, &mut kids);
    }
    b.node(Kind::Params, cst.span(), &kids)
}

/// One parameter for each name, or one without a name.
fn parameters_into(cst: Cst, aux: u16, b: &mut Builder, kids: &mut Kids) {
    let aux = match cst.kind() {
        "parameter_declaration" => aux,
        "variadic_parameter_declaration" => Aux::REST,
        _ => return kids.push(node(cst, b)),
    };
    let ty = cst.get("type");
    let mut names = cst.all("name").filter(|c| c.is_named()).peekable();
    if names.peek().is_none() {
        match ty.filter(|&ty| is_ellipsis(ty, b)) {
            Some(ellipsis) => kids.push(node(ellipsis, b)),
            None => kids.push(parameter(None, ty, aux, cst.span(), b)),
        }
        return;
    }
    let mut repeats = Repeats::new();
    let mut with_type = true;
    while let Some(name) = names.next() {
        if is_ellipsis(name, b) {
            kids.push(node(name, b));
            continue;
        }
        let end = if names.peek().is_some() { name.span().end } else { cst.span().end };
        let span = Span { start: name.span().start, end };
        let param = parameter(Some(name), ty.filter(|_| with_type), aux, span, b);
        if let &[target, ty, ..] = b.children(param) {
            with_type = with_type && repeats.allow(target, ty, b);
        }
        kids.push(param);
    }
}

fn parameter(name: Option<Cst>, ty: Option<Cst>, aux: u16, span: Span, b: &mut Builder) -> NodeId {
    let target = optional(name, span.start, b);
    let ty = optional(ty, span.end, b);
    let default = b.nil(span.end);
    let attrs = empty(Kind::Attrs, span.start, b);
    b.push(Kind::Param, aux, Sym::NONE, span, &[target, ty, default, attrs])
}

/// What a function gives back: nothing, a type, or `Params` when there are several or they have names.
pub(super) fn results(cst: Cst, b: &mut Builder) -> NodeId {
    let at = cst.get("parameters").unwrap_or(cst).span().end;
    let result = cst.get("result");
    let only = result.filter(|r| r.kind() == "parameter_list").and_then(only_type).filter(|&ty| !is_ellipsis(ty, b));
    optional(only.or(result), at, b)
}

/// The type in `(T)`.
fn only_type(results: Cst) -> Option<Cst> {
    let mut params = results.named();
    let param = params.next().filter(|p| p.kind() == "parameter_declaration" && p.get("name").is_none())?;
    if params.next().is_none() { param.get("type") } else { None }
}

/// `[K comparable, V any]`: the names.
pub(super) fn type_parameters(cst: Cst, b: &mut Builder) -> NodeId {
    let names = cst.named().flat_map(|param| param.all("name")).filter(|c| c.is_named());
    list(Kind::TypeParams, cst.span(), names, b)
}

/// `T struct { … }` and `T interface { … }` are classes, any other type is a `TypeDef`.
pub(super) fn type_spec(cst: Cst, b: &mut Builder) -> NodeId {
    let span = cst.span();
    let attrs = empty(Kind::Attrs, span.start, b);
    let body = cst.get("type").filter(|_| cst.kind() == "type_spec");
    match body {
        Some(body) if matches!(body.kind(), "struct_type" | "interface_type") => class(cst, body, attrs, b),
        _ => {
            let name = slot(cst, "name", b, node);
            let ty = slot(cst, "type", b, node);
            b.node(Kind::TypeDef, span, &[attrs, name, ty])
        }
    }
}

fn class(cst: Cst, body: Cst, attrs: NodeId, b: &mut Builder) -> NodeId {
    let type_params = optional(cst.get("type_parameters"), cst.span().start, b);
    let name = slot(cst, "name", b, node);
    let at = b.span(name).end;
    // What an interface embeds it extends. What a struct embeds is a field.
    let (mut parents, mut members) = (Kids::new(), Kids::new());
    for parent in body.named().filter(|c| c.kind() == "type_elem") {
        if !is_ellipsis(parent, b) {
            parents.push(node(parent, b));
        }
    }
    let extends = b.node(Kind::Extends, Span { start: at, end: at }, &parents);
    let implements = empty(Kind::Implements, at, b);
    let params = b.nil(at);
    for member in body.child_of_kind("field_declaration_list").unwrap_or(body).named() {
        if member.kind() != "type_elem" {
            node_into(member, b, &mut members);
        } else if is_ellipsis(member, b) {
            let ellipsis = node(member, b);
            members.push(b.node(Kind::ExprStmt, member.span(), &[ellipsis]));
        }
    }
    let aux = if body.kind() == "interface_type" { Aux::INTERFACE } else { Aux::STRUCT };
    let body = b.node(Kind::ClassBody, body.span(), &members);
    b.push(Kind::ClassDef, aux, Sym::NONE, cst.span(), &[attrs, type_params, name, extends, implements, params, body])
}

/// `a, b T "tag"` of a struct: one `VarDef` for each name; an embedded type is a field without a name.
pub(super) fn fields_into(cst: Cst, b: &mut Builder, kids: &mut Kids) {
    let span = cst.span();
    let ty = cst.get("type");
    let mut names = cst.all("name").filter(|c| c.is_named()).peekable();
    if names.peek().is_none() {
        kids.push(match ty.filter(|&ty| is_ellipsis(ty, b)) {
            Some(ellipsis) => {
                let ellipsis = node(ellipsis, b);
                b.node(Kind::ExprStmt, span, &[ellipsis])
            }
            None => {
                let name = b.nil(span.start);
                let ty = embedded_type(cst, b);
                field(cst, name, ty, cst.get("tag"), b)
            }
        });
        return;
    }
    let mut repeats = Repeats::new();
    let (mut with_type, mut with_tag) = (true, true);
    for name in names {
        let target = node(name, b);
        let ty = optional(ty.filter(|_| with_type), name.span().end, b);
        let tag = cst.get("tag").filter(|_| with_tag);
        with_type = with_type && repeats.allow(target, ty, b);
        let field = field(cst, target, ty, tag, b);
        if let &[.., init, attrs] = b.children(field) {
            with_tag = with_tag && repeats.allow(init, attrs, b);
        }
        kids.push(field);
    }
}

fn field(cst: Cst, target: NodeId, ty: NodeId, tag: Option<Cst>, b: &mut Builder) -> NodeId {
    let span = cst.span();
    let init = b.nil(span.end);
    let attrs = match tag {
        Some(tag) => {
            let text = string(tag, b);
            let args = b.nil(tag.span().end);
            let annotation = b.node(Kind::Annotation, tag.span(), &[text, args]);
            b.node(Kind::Attrs, tag.span(), &[annotation])
        }
        None => empty(Kind::Attrs, span.end, b),
    };
    b.node(Kind::VarDef, span, &[target, ty, init, attrs])
}

/// `T`, `*T`: the star is no part of the grammar's type.
fn embedded_type(cst: Cst, b: &mut Builder) -> NodeId {
    let ty = slot(cst, "type", b, node);
    match cst.child_of_kind("*") {
        Some(star) => {
            let span = star.span().join(b.span(ty));
            b.node(Kind::TypePointer, span, &[ty])
        }
        None => ty,
    }
}
