//! Imports and exports.

use smallvec::SmallVec;

use super::statements::{declaration, within};
use super::{Cst, Kids, content, definitions, is_ellipsis_text, lower, slot, symbol, unquoted, whole};
use crate::kind::{Aux, Kind};
use crate::symbols::Sym;
use crate::tree::{Builder, NodeId};

/// Adds what the statement imports: its default and its names as one `ImportFrom`, its namespace as an `Import`.
pub(super) fn import(cst: Cst, b: &mut Builder, out: &mut Kids) {
    if let Some(require) = cst.child_of_kind("import_require_clause") {
        out.push(import_require(require, cst, b));
        return;
    }
    let module = module(cst, b);
    let Some(clause) = cst.child_of_kind("import_clause") else {
        let alias = b.nil(cst.span().end);
        out.push(b.push(Kind::Import, 0, module, cst.span(), &[alias]));
        return;
    };
    let mut names = None;
    let mut namespace = None;
    for part in clause.named() {
        match part.kind() {
            "identifier" => names.get_or_insert_with(Kids::new).push(default_import(part, b)),
            "named_imports" => {
                let specifiers = part.named().map(|s| lower(s, b));
                names.get_or_insert_with(Kids::new).extend(specifiers);
            }
            "namespace_import" => namespace = Some(part),
            _ => names.get_or_insert_with(Kids::new).push(lower(part, b)),
        }
    }
    if let Some(names) = names {
        out.push(b.push(Kind::ImportFrom, 0, module, cst.span(), &names));
    }
    if let Some(namespace) = namespace {
        let alias = super::inner(namespace, b);
        out.push(b.push(Kind::Import, 0, module, cst.span(), &[alias]));
    }
}

/// `import x = require("m")` is `const x = require("m")`.
fn import_require(clause: Cst, statement: Cst, b: &mut Builder) -> NodeId {
    let target = super::inner(clause, b);
    let typ = b.nil(b.span(target).end);
    let require = match clause.child_of_kind("require") {
        Some(token) => b.ident(token.span()),
        None => b.ident_named(clause.span(), "require"),
    };
    let source = slot(clause, "source", b, lower);
    let span = b.span(source);
    let args = b.node(Kind::Args, span, &[source]);
    let call_span = b.span(require).join(clause.span());
    let init = b.node(Kind::Call, call_span, &[require, args]);
    let attrs = definitions::attrs(&[], statement, b);
    b.push(Kind::VarDef, Aux::CONST, Sym::NONE, statement.span(), &[target, typ, init, attrs])
}

/// `import x = a.b`.
pub(super) fn import_alias(cst: Cst, outer: &[Cst], b: &mut Builder) -> NodeId {
    let target = super::inner(cst, b);
    let typ = b.nil(b.span(target).end);
    let init = match cst.named().nth(1) {
        Some(name) => lower(name, b),
        None => b.nil(cst.span().end),
    };
    let attrs = definitions::attrs(outer, cst, b);
    b.push(Kind::VarDef, Aux::CONST, Sym::NONE, whole(outer, cst), &[target, typ, init, attrs])
}

fn default_import(name: Cst, b: &mut Builder) -> NodeId {
    if is_ellipsis_text(b.text(name.span()), b) {
        return b.ident(name.span());
    }
    let alias = b.ident(name.span());
    let sym = b.symbols.intern("default");
    b.push(Kind::ImportName, 0, sym, name.span(), &[alias])
}

/// `a`, `a as b`, `"a" as b` between the braces of an import.
pub(super) fn import_name(cst: Cst, b: &mut Builder) -> NodeId {
    let name = cst.get("name").map_or("", |n| unquoted(b.text(n.span())));
    if is_ellipsis_text(name, b) {
        return b.ident_named(cst.span(), name);
    }
    let alias = slot(cst, "alias", b, lower);
    let sym = symbol(name, b);
    b.push(Kind::ImportName, 0, sym, cst.span(), &[alias])
}

/// Adds the declaration that is exported, or an `Export`.
pub(super) fn export(cst: Cst, outer: &[Cst], b: &mut Builder, out: &mut Kids) {
    if let Some(declared) = cst.get("declaration") {
        // What is declared without a kind of its own (a namespace) stands for itself.
        if !declaration(declared, &within(outer, cst), b, out) {
            out.push(lower(declared, b));
        }
        return;
    }
    let kids = match cst.get("value") {
        Some(class) if class.kind() == "class" => {
            let decorators: SmallVec<[Cst; 2]> = cst.all("decorator").collect();
            Kids::from_slice(&[definitions::class_expression(class, &decorators, b)])
        }
        Some(value) => Kids::from_slice(&[lower(value, b)]),
        None if cst.get("source").is_some() => Kids::from_slice(&[re_export(cst, b)]),
        None => match cst.child_of_kind("export_clause") {
            Some(clause) => clause.named().map(|s| lower(s, b)).collect(),
            None => cst.named().map(|c| lower(c, b)).collect(),
        },
    };
    out.push(b.node(Kind::Export, cst.span(), &kids));
}

/// `export … from "m"`, seen as the import that it is.
fn re_export(cst: Cst, b: &mut Builder) -> NodeId {
    let module = module(cst, b);
    let span = cst.span();
    if let Some(clause) = cst.child_of_kind("export_clause") {
        let names: Kids = clause.named().map(|s| import_name(s, b)).collect();
        return b.push(Kind::ImportFrom, 0, module, span, &names);
    }
    match cst.child_of_kind("namespace_export") {
        Some(namespace) => {
            let alias = super::inner(namespace, b);
            b.push(Kind::Import, 0, module, span, &[alias])
        }
        None => b.push(Kind::ImportAll, 0, module, span, &[]),
    }
}

/// `a` is the variable; `a as b` puts it under the key `b`.
pub(super) fn export_name(cst: Cst, b: &mut Builder) -> NodeId {
    let Some(alias) = cst.get("alias") else { return name(cst, b) };
    let key = super::expressions::property_name(alias, b);
    let value = name(cst, b);
    b.node(Kind::Pair, cst.span(), &[key, value])
}

fn name(cst: Cst, b: &mut Builder) -> NodeId {
    match cst.get("name").or_else(|| content(cst)) {
        Some(name) if name.is_named() => super::expressions::property_name(name, b),
        // The keyword `default`.
        Some(token) => b.ident(token.span()),
        None => b.nil(cst.span().start),
    }
}

/// The module that the field `source` names.
fn module(cst: Cst, b: &mut Builder) -> Sym {
    let text = cst.get("source").map_or("", |s| unquoted(b.text(s.span())));
    symbol(text, b)
}
