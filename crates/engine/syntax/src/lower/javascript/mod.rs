//! JavaScript, TypeScript and TSX: one lowering for three grammars, since TypeScript's extends JavaScript's.
//!
//! [`lower`] is the table of contents: it knows every kind of node and hands it to the file of its group. Statements that
//! become several nodes (`let a, b`) and declarations that take something from around them (`export`, decorators) go
//! through [`statements::push`].

mod definitions;
mod expressions;
mod jsx;
mod modules;
mod statements;
mod types;

use super::{Kids, other, slot};
use crate::cst::Cst;
use crate::kind::{Aux, Kind, Op};
use crate::symbols::Sym;
use crate::tree::{Builder, ELLIPSIS, MV_ELLIPSIS, NodeId, Span, restore_placeholders};

/// Lowers any named node. The most frequent kinds stand first: the match compares in order.
pub(super) fn lower(cst: Cst, b: &mut Builder) -> NodeId {
    let span = cst.span();
    match cst.kind() {
        "identifier" | "property_identifier" | "type_identifier" | "predefined_type" => b.ident(span),
        "member_expression" => expressions::member(cst, ["object", "property"], b),
        "call_expression" => expressions::call(cst, b),
        "arguments" => list(Kind::Args, cst, b),
        "string" => expressions::string(cst, b),
        "expression_statement" => statements::expression(cst, b),
        "statement_block" | "program" => statements::block(cst, b),
        "object" | "object_pattern" => expressions::object(cst, b),
        "pair" | "pair_pattern" => expressions::pair(cst, b),
        "lexical_declaration" | "variable_declaration" => statements::single(cst, b),
        "arrow_function" | "function_expression" | "generator_function" => definitions::lambda(cst, b),
        "formal_parameters" => definitions::params(cst, b),
        "number" => expressions::number(cst, b),
        "parenthesized_expression" => expressions::parenthesized(cst, b),
        "binary_expression" => expressions::binary(cst, b),

        // ── expressions ──────────────────────────────────────────────────────────────────────────
        "private_property_identifier"
        | "shorthand_property_identifier"
        | "shorthand_property_identifier_pattern"
        | "statement_identifier"
        | "import" => b.ident(span),
        "this" | "this_type" => b.node(Kind::This, span, &[]),
        "super" => b.node(Kind::Super, span, &[]),
        "true" => b.push(Kind::Bool, 1, Sym::NONE, span, &[]),
        "false" => b.node(Kind::Bool, span, &[]),
        "null" => b.node(Kind::Null, span, &[]),
        "undefined" => b.node(Kind::Undefined, span, &[]),
        "template_string" => expressions::template(cst, b),
        "string_fragment" | "escape_sequence" => b.leaf(Kind::Str, span, b.text(span)),
        "template_substitution" | "template_type" => wrap(Kind::Hole, 0, cst, b),
        "regex" => expressions::regex(cst, b),
        "array" | "array_pattern" => expressions::array(cst, b),
        "spread_element" | "rest_pattern" => wrap(Kind::Spread, 0, cst, b),
        "computed_property_name" => inner(cst, b),
        "subscript_expression" => slots(Kind::Index, cst, ["object", "index"], b),
        "new_expression" => expressions::new(cst, b),
        "await_expression" => wrap(Kind::Await, 0, cst, b),
        "yield_expression" => wrap(Kind::Yield, if cst.has("*") { Aux::FROM } else { 0 }, cst, b),
        "assignment_expression" | "assignment_pattern" => slots(Kind::Assign, cst, ["left", "right"], b),
        "object_assignment_pattern" => expressions::shorthand_default(cst, b),
        "augmented_assignment_expression" => expressions::augmented(cst, b),
        "ternary_expression" => slots(Kind::Ternary, cst, ["condition", "consequence", "alternative"], b),
        "unary_expression" => expressions::unary(cst, b),
        "update_expression" => expressions::update(cst, b),
        "sequence_expression" => list(Kind::Seq, cst, b),
        "meta_property" => expressions::meta_property(cst, b),
        "as_expression" | "satisfies_expression" => expressions::cast(cst, b),
        "type_assertion" => expressions::type_assertion(cst, b),
        "non_null_expression" => expressions::non_null(cst, b),
        "instantiation_expression" => types::apply(cst, b),
        "class" => definitions::class_expression(cst, &[], b),

        // ── JSX ──────────────────────────────────────────────────────────────────────────────────
        "jsx_element" => jsx::element(cst, b),
        "jsx_self_closing_element" => jsx::tag(cst, None, b),
        "jsx_expression" => jsx::hole(cst, b),
        "jsx_attribute" => jsx::attribute(cst, b),
        "jsx_namespace_name" => b.ident(span),
        "jsx_text" | "html_character_reference" => b.leaf(Kind::XmlText, span, b.text(span)),

        // ── statements ───────────────────────────────────────────────────────────────────────────
        "return_statement" => wrap(Kind::Return, 0, cst, b),
        "if_statement" => slots(Kind::If, cst, ["condition", "consequence", "alternative"], b),
        "else_clause" => inner(cst, b),
        "for_statement" => statements::for_loop(cst, b),
        "for_in_statement" => statements::for_each(cst, b),
        "while_statement" => slots(Kind::While, cst, ["condition", "body"], b),
        "do_statement" => slots(Kind::DoWhile, cst, ["body", "condition"], b),
        "try_statement" => statements::try_block(cst, b),
        "catch_clause" => slots(Kind::Catch, cst, ["type", "parameter", "body"], b),
        "finally_clause" | "class_static_block" => slot(cst, "body", b, lower),
        "throw_statement" => statements::throw(cst, b),
        "switch_statement" => slots(Kind::Switch, cst, ["value", "body"], b),
        "switch_body" => list(Kind::Block, cst, b),
        "switch_case" | "switch_default" => statements::case(cst, b),
        "break_statement" => slots(Kind::Break, cst, ["label"], b),
        "continue_statement" => slots(Kind::Continue, cst, ["label"], b),
        "labeled_statement" => statements::label(cst, b),
        "with_statement" => statements::with(cst, b),
        "empty_statement" => b.node(Kind::Empty, span, &[]),

        // ── definitions and modules ──────────────────────────────────────────────────────────────
        "using_declaration"
        | "function_declaration"
        | "generator_function_declaration"
        | "function_signature"
        | "class_declaration"
        | "abstract_class_declaration"
        | "interface_declaration"
        | "enum_declaration"
        | "type_alias_declaration"
        | "import_alias"
        | "ambient_declaration"
        | "export_statement"
        | "import_statement" => statements::single(cst, b),
        "method_definition" | "method_signature" | "abstract_method_signature" => definitions::function(cst, &[], b),
        "field_definition" | "public_field_definition" | "property_signature" => definitions::field(cst, &[], b),
        "class_body" | "interface_body" => definitions::class_body(cst, b),
        "enum_body" => definitions::enum_body(cst, b),
        "enum_assignment" => definitions::enum_member(cst, b),
        "variable_declarator" => statements::declarator(cst, cst, &[], b),
        "required_parameter" | "optional_parameter" => definitions::param(cst, b),
        "decorator" => definitions::annotation(cst, b),
        "accessibility_modifier" | "override_modifier" => b.leaf(Kind::Modifier, span, b.text(span)),
        "import_specifier" => modules::import_name(cst, b),
        "export_specifier" => modules::export_name(cst, b),

        // ── types ────────────────────────────────────────────────────────────────────────────────
        "type_annotation"
        | "omitting_type_annotation"
        | "adding_type_annotation"
        | "opting_type_annotation"
        | "asserts_annotation"
        | "type_predicate_annotation"
        | "parenthesized_type"
        | "literal_type"
        | "constraint"
        | "default_type" => types::inner(cst, b),
        "generic_type" => types::apply(cst, b),
        "type_arguments" => list(Kind::Args, cst, b),
        "type_parameters" => types::parameters(cst, b),
        "type_parameter" => slot(cst, "name", b, lower),
        "nested_type_identifier" => expressions::member(cst, ["module", "name"], b),
        "nested_identifier" => expressions::member(cst, ["object", "property"], b),
        "array_type" => types::array(cst, b),
        "union_type" => types::union(cst, b),
        "function_type" => types::function(cst, b),

        // Without a kind of their own: `debugger`, namespaces, call and index signatures, object, tuple, conditional,
        // mapped and intersection types, type operators, erroneous nodes; and what only its parent can place.
        _ => other(cst, b, lower),
    }
}

/// `kind[lowered named children…]`.
fn list(kind: Kind, cst: Cst, b: &mut Builder) -> NodeId {
    let kids: Kids = cst.named().map(|c| lower(c, b)).collect();
    b.node(kind, cst.span(), &kids)
}

/// `kind[lowered fields…]`, with `Nil` for each that is absent.
fn slots<const N: usize>(kind: Kind, cst: Cst, fields: [&str; N], b: &mut Builder) -> NodeId {
    let kids = fields.map(|field| slot(cst, field, b, lower));
    b.node(kind, cst.span(), &kids)
}

/// `kind[the one thing inside]`.
fn wrap(kind: Kind, aux: u16, cst: Cst, b: &mut Builder) -> NodeId {
    let kid = inner(cst, b);
    b.push(kind, aux, Sym::NONE, cst.span(), &[kid])
}

/// The one thing inside a node that has no fields, or `Nil`. Erroneous text before it is passed over.
fn inner(cst: Cst, b: &mut Builder) -> NodeId {
    match content(cst) {
        Some(child) => lower(child, b),
        None => b.nil(cst.span().end),
    }
}

fn content(cst: Cst) -> Option<Cst> {
    cst.named().find(|c| c.kind() != "ERROR").or_else(|| cst.named().next())
}

/// The text between the quotes of a string or template; all of it when the end is missing.
fn unquoted(text: &str) -> &str {
    let Some(quote) = text.chars().next().filter(|c| matches!(c, '"' | '\'' | '`')) else { return text };
    let inside = &text[1..];
    inside.strip_suffix(quote).unwrap_or(inside)
}

/// The symbol of a text that is no node by itself; placeholders of patterns are undone.
fn symbol(text: &str, b: &mut Builder) -> Sym {
    if b.is_pattern() && text.contains('µ') {
        let restored = restore_placeholders(text);
        b.symbols.intern(&restored)
    } else {
        b.symbols.intern(text)
    }
}

/// Would a name with this text become an `Ellipsis` or `MetavarEllipsis`?
fn is_ellipsis_text(text: &str, b: &Builder) -> bool {
    b.is_pattern() && (text == ELLIPSIS || text.starts_with(MV_ELLIPSIS))
}

/// Stands for any number of things, and so takes the place of a whole list item and not only of its name.
fn is_ellipsis(id: NodeId, b: &Builder) -> bool {
    matches!(b.kind(id), Kind::Ellipsis | Kind::MetavarEllipsis)
}

/// The operator in the field `operator`.
fn operator(cst: Cst, table: fn(&str) -> Option<Op>) -> Option<Op> {
    table(cst.get("operator")?.kind())
}

/// A declaration with what stands around it: from the first of `outer` to the end of the last.
fn whole(outer: &[Cst], cst: Cst) -> Span {
    outer.first().map_or(cst.span(), |first| first.span().join(cst.span()))
}
