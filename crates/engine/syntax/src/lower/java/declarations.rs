//! Definitions, directives and annotations of Java.

use super::types::{self, clause, is_annotation};
use super::{empty, node, node_into, optional, other, slot};
use crate::cst::Cst;
use crate::kind::{Aux, Kind};
use crate::lower::{Kids, Repeats, is_ellipsis, symbol};
use crate::symbols::Sym;
use crate::tree::{Builder, NodeId, Span};

/// `@A final T x = e, y[];`: one `VarDef` for each name, all of which start where the declaration starts.
pub(super) fn variables(cst: Cst, b: &mut Builder, kids: &mut Kids) {
    let start = cst.span().start;
    let mut declarators = cst.all("declarator").filter(|c| c.is_named()).peekable();
    let mut repeats = Repeats::new();
    let (mut with_type, mut with_attrs) = (true, true);
    while let Some(declarator) = declarators.next() {
        if let Some(ellipsis) = placeholder(cst.get("type"), declarator, b) {
            let ellipsis = b.ident(ellipsis.span());
            kids.push(b.node(Kind::ExprStmt, cst.span(), &[ellipsis]));
            continue;
        }
        let target = slot(declarator, "name", b, node);
        let ty = if with_type { types::declared(cst, declarator, b) } else { b.nil(declarator.span().start) };
        let init = slot(declarator, "value", b, node);
        let attrs = if with_attrs { attrs(cst, b) } else { empty(Kind::Attrs, start, b) };
        with_type = with_type && repeats.allow(target, ty, b);
        with_attrs = with_attrs && repeats.allow(init, attrs, b);
        let end = if declarators.peek().is_some() { declarator.span().end } else { cst.span().end };
        kids.push(b.node(Kind::VarDef, Span { start, end }, &[target, ty, init, attrs]));
    }
}

/// The ellipsis that a pattern's declaration `… …;` stands for.
fn placeholder<'a>(ty: Option<Cst<'a>>, declarator: Cst<'a>, b: &Builder) -> Option<Cst<'a>> {
    let name = declarator.get("name").filter(|&name| is_ellipsis(name, b))?;
    ty.filter(|&ty| is_ellipsis(ty, b)).map(|_| name)
}

/// A method, a constructor, a compact constructor of a record.
pub(super) fn function(cst: Cst, b: &mut Builder) -> NodeId {
    let start = cst.span().start;
    let attrs = attrs(cst, b);
    let type_params = optional(cst.get("type_parameters"), start, b);
    let name = slot(cst, "name", b, node);
    let at = b.span(name).end;
    let params = match cst.get("parameters") {
        Some(params) => node(params, b),
        None => empty(Kind::Params, at, b),
    };
    let returns = if cst.get("type").is_some() { types::declared(cst, cst, b) } else { b.nil(at) };
    let body = slot(cst, "body", b, node);
    b.node(Kind::FuncDef, cst.span(), &[attrs, type_params, name, params, returns, body])
}

/// `(T x, U... y)`, and the bare names of a lambda.
pub(super) fn parameters(cst: Cst, b: &mut Builder) -> NodeId {
    let kids: Kids = cst
        .named()
        .map(|param| if param.kind() == "identifier" { parameter_named(param, b) } else { node(param, b) })
        .collect();
    b.node(Kind::Params, cst.span(), &kids)
}

/// A parameter that is only a name.
pub(super) fn parameter_named(name: Cst, b: &mut Builder) -> NodeId {
    let target = b.ident(name.span());
    if is_ellipsis(name, b) {
        return target;
    }
    let end = name.span().end;
    let (ty, default) = (b.nil(end), b.nil(end));
    let attrs = empty(Kind::Attrs, name.span().start, b);
    b.node(Kind::Param, name.span(), &[target, ty, default, attrs])
}

/// `final T x[]`, `T... x`, `T this`.
pub(super) fn parameter(cst: Cst, b: &mut Builder) -> NodeId {
    let span = cst.span();
    let spread = cst.child_of_kind("variable_declarator");
    let name = spread.unwrap_or(cst).get("name").or(cst.child_of_kind("this"));
    // The types of spread and receiver parameters have no field.
    let bare = |c: &Cst| !is_annotation(*c) && c.kind() != "modifiers";
    let ty = cst.get("type").or_else(|| cst.named().find(bare));
    if let (Some(ty), Some(name)) = (ty, name)
        && is_ellipsis(ty, b)
        && is_ellipsis(name, b)
    {
        return b.ident(name.span());
    }
    let target = optional(name, span.end, b);
    let ty = optional(ty, span.start, b);
    let ty_span = b.span(ty);
    let ty = types::in_dimensions(ty, spread.unwrap_or(cst).get("dimensions"), ty_span, b);
    let default = b.nil(span.end);
    let attrs = attrs(cst, b);
    let aux = match cst.kind() {
        "spread_parameter" => Aux::REST,
        "receiver_parameter" => Aux::RECEIVER,
        _ => 0,
    };
    b.push(Kind::Param, aux, Sym::NONE, span, &[target, ty, default, attrs])
}

/// A class, interface, enum, record or annotation type.
pub(super) fn class(cst: Cst, aux: u16, b: &mut Builder) -> NodeId {
    let start = cst.span().start;
    let attrs = attrs(cst, b);
    let type_params = optional(cst.get("type_parameters"), start, b);
    let name = slot(cst, "name", b, node);
    let at = b.span(name).end;
    let parents = cst.get("superclass").or(cst.child_of_kind("extends_interfaces"));
    let extends = clause(Kind::Extends, parents, at, b);
    let implements = clause(Kind::Implements, cst.get("interfaces"), at, b);
    let params = optional(cst.get("parameters"), at, b);
    let body = match cst.get("body") {
        Some(body) if body.kind() == "enum_body" => enum_body(body, name, b),
        body => optional(body, cst.span().end, b),
    };
    b.push(Kind::ClassDef, aux, Sym::NONE, cst.span(), &[attrs, type_params, name, extends, implements, params, body])
}

/// Constants first, then the other members. `name` is the enum's name: each constant is an object of it.
fn enum_body(cst: Cst, name: NodeId, b: &mut Builder) -> NodeId {
    let mut kids = Kids::new();
    for member in cst.named() {
        if is_ellipsis(member, b) {
            let ellipsis = b.ident(member.span());
            kids.push(b.node(Kind::ExprStmt, member.span(), &[ellipsis]));
        } else if member.kind() == "enum_constant" {
            kids.push(enum_constant(member, name, b));
        } else {
            node_into(member, b, &mut kids);
        }
    }
    b.node(Kind::ClassBody, cst.span(), &kids)
}

/// `A`, or `A(x) { … }` as a variable that is `new E(x) { … }`.
fn enum_constant(cst: Cst, enum_name: NodeId, b: &mut Builder) -> NodeId {
    let span = cst.span();
    let target = slot(cst, "name", b, node);
    let at = b.span(target);
    let ty = b.nil(at.end);
    let init = match (cst.get("arguments"), cst.get("body")) {
        (None, None) => b.nil(at.end),
        (args, body) => {
            let (kind, sym) = (b.kind(enum_name), b.sym(enum_name));
            let ty = b.push(kind, 0, sym, at, &[]);
            let args = match args {
                Some(args) => node(args, b),
                None => empty(Kind::Args, at.end, b),
            };
            let body = optional(body, span.end, b);
            b.node(Kind::New, Span { start: at.start, end: span.end }, &[ty, args, body])
        }
    };
    let attrs = attrs(cst, b);
    b.node(Kind::VarDef, span, &[target, ty, init, attrs])
}

/// `int size() default 0;` of an annotation type: to those who use the annotation, a variable with an initial value.
pub(super) fn annotation_element(cst: Cst, b: &mut Builder) -> NodeId {
    let target = slot(cst, "name", b, node);
    let ty = types::declared(cst, cst, b);
    let init = slot(cst, "value", b, node);
    let attrs = attrs(cst, b);
    b.node(Kind::VarDef, cst.span(), &[target, ty, init, attrs])
}

/// Annotations and modifiers, then the clauses that have no slot of their own (`throws`, `permits`) as `Other`.
pub(super) fn attrs(cst: Cst, b: &mut Builder) -> NodeId {
    let start = cst.span().start;
    let mut span = Span { start, end: start };
    let mut kids = Kids::new();
    for part in cst.named() {
        match part.kind() {
            "modifiers" => {
                span = part.span();
                kids.extend(part.children().filter(|c| !c.is_comment()).map(|c| modifier(c, b)));
            }
            "marker_annotation" | "annotation" => kids.push(node(part, b)),
            "throws" | "permits" => {
                let types = part.child_of_kind("type_list").unwrap_or(part);
                let types: Kids = types.named().map(|t| node(t, b)).collect();
                let sym = b.symbols.intern(part.kind());
                kids.push(b.push(Kind::Other, 0, sym, part.span(), &types));
            }
            _ => {}
        }
    }
    b.node(Kind::Attrs, span, &kids)
}

fn modifier(cst: Cst, b: &mut Builder) -> NodeId {
    if cst.is_named() { node(cst, b) } else { b.leaf(Kind::Modifier, cst.span(), cst.kind()) }
}

/// `key = value` in an annotation.
pub(super) fn keyword_argument(cst: Cst, b: &mut Builder) -> NodeId {
    let Some(key) = cst.get("key") else {
        return other(cst, b, node);
    };
    if is_ellipsis(key, b) {
        return b.ident(key.span());
    }
    let value = slot(cst, "value", b, node);
    let sym = symbol(b.text(key.span()), b);
    b.push(Kind::KwArg, 0, sym, cst.span(), &[value])
}

/// `import a.b.C;`, `import a.b.*;`, with `static` or without.
pub(super) fn import(cst: Cst, b: &mut Builder) -> NodeId {
    let span = cst.span();
    let Some(path) = cst.named().find(|c| c.kind() != "asterisk") else {
        return other(cst, b, node);
    };
    if cst.has("asterisk") {
        let sym = dotted(path, b);
        return b.push(Kind::ImportAll, 0, sym, span, &[]);
    }
    let (scope, name) = match (path.get("scope"), path.get("name")) {
        (Some(scope), Some(name)) => (dotted(scope, b), name),
        _ => (Sym::NONE, path),
    };
    let alias = b.nil(name.span().end);
    let sym = symbol(b.text(name.span()), b);
    let name = b.push(Kind::ImportName, 0, sym, name.span(), &[alias]);
    b.push(Kind::ImportFrom, 0, scope, span, &[name])
}

pub(super) fn package(cst: Cst, b: &mut Builder) -> NodeId {
    match cst.named().find(|c| !is_annotation(*c)) {
        Some(path) => {
            let sym = dotted(path, b);
            b.push(Kind::Package, 0, sym, cst.span(), &[])
        }
        None => other(cst, b, node),
    }
}

/// The text of a dotted name; white space and comments may stand between its parts.
fn dotted(path: Cst, b: &mut Builder) -> Sym {
    let text = b.text(path.span());
    if !text.contains(|c: char| c.is_whitespace() || c == '/') {
        return symbol(text, b);
    }
    let mut names = Vec::new();
    let mut rest = Some(path);
    while let Some(path) = rest {
        names.push(b.text(path.get("name").unwrap_or(path).span()));
        rest = path.get("scope");
    }
    names.reverse();
    symbol(&names.join("."), b)
}
