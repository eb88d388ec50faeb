//! Go: which construct goes where, lists.

mod declarations;
mod expressions;
mod statements;
mod types;

use super::{Kids, empty, other, slot};
use crate::cst::Cst;
use crate::kind::Kind;
use crate::symbols::Sym;
use crate::tree::{Builder, NodeId, Span};

pub(super) fn lower(root: Cst, b: &mut Builder) -> NodeId {
    list(Kind::Block, root.span(), root.named(), b)
}

/// Any construct as one node. The most frequent ones come first.
fn node(cst: Cst, b: &mut Builder) -> NodeId {
    let span = cst.span();
    match cst.kind() {
        "identifier" | "type_identifier" | "field_identifier" | "package_identifier" => b.ident(span),
        "selector_expression" => slots(Kind::Member, cst, &["operand", "field"], b),
        "call_expression" => expressions::call(cst, b),
        "argument_list" | "type_arguments" => list(Kind::Args, span, cst.named(), b),
        "interpreted_string_literal" | "raw_string_literal" => expressions::string(cst, b),
        "literal_element" | "parenthesized_expression" | "parenthesized_type" => only(cst, b),
        "block" => list(Kind::Block, span, cst.named(), b),

        // Literals and names.
        "int_literal" => expressions::number(Kind::Int, cst, b),
        "float_literal" | "imaginary_literal" => expressions::number(Kind::Float, cst, b),
        "rune_literal" => expressions::rune(cst, b),
        "nil" => b.node(Kind::Null, span, &[]),
        "true" => b.push(Kind::Bool, 1, Sym::NONE, span, &[]),
        "false" => b.node(Kind::Bool, span, &[]),
        "iota" | "blank_identifier" | "dot" | "label_name" => b.ident(span),

        // Expressions.
        "expression_list" => expressions::tuple(cst, b),
        "binary_expression" => expressions::binary(cst, b),
        "unary_expression" => expressions::unary(cst, b),
        "index_expression" => slots(Kind::Index, cst, &["operand", "index"], b),
        "slice_expression" => slots(Kind::Slice, cst, &["operand", "start", "end", "capacity"], b),
        "composite_literal" => slots(Kind::Composite, cst, &["type", "body"], b),
        "literal_value" => list(Kind::Object, span, cst.named(), b),
        "keyed_element" => expressions::pair(cst, b),
        "func_literal" => expressions::lambda(cst, b),
        "type_assertion_expression" => slots(Kind::Cast, cst, &["type", "operand"], b),
        "type_conversion_expression" => expressions::conversion(cst, b),
        "type_instantiation_expression" => types::instantiation(cst, b),
        "variadic_argument" => children(Kind::Spread, cst, b),

        // Statements.
        "expression_statement"
        | "send_statement"
        | "receive_statement"
        | "inc_statement"
        | "dec_statement"
        | "assignment_statement"
        | "short_var_declaration" => statements::simple(cst, b),
        "if_statement"
        | "expression_switch_statement"
        | "type_switch_statement"
        | "const_declaration"
        | "var_declaration"
        | "type_declaration"
        | "import_declaration"
        | "field_declaration" => one(cst, b),
        "for_statement" => statements::for_loop(cst, b),
        "select_statement" => statements::select(cst, b),
        "expression_case" | "type_case" | "communication_case" | "default_case" => statements::case(cst, b),
        "return_statement" => statements::jump(Kind::Return, cst, b),
        "break_statement" => statements::jump(Kind::Break, cst, b),
        "continue_statement" => statements::jump(Kind::Continue, cst, b),
        "labeled_statement" => statements::label(cst, b),
        "defer_statement" => children(Kind::Defer, cst, b),
        "go_statement" => children(Kind::Go, cst, b),
        "empty_statement" => b.node(Kind::Empty, span, &[]),
        "statement_list" => list(Kind::Block, span, cst.named(), b),

        // Definitions and directives.
        "function_declaration" | "method_declaration" | "method_elem" => declarations::function(cst, b),
        "parameter_list" => declarations::parameters(cst, None, b),
        "type_parameter_list" => declarations::type_parameters(cst, b),
        "type_spec" | "type_alias" => declarations::type_spec(cst, b),
        "package_clause" => declarations::package(cst, b),

        // Types.
        "qualified_type" => slots(Kind::Member, cst, &["package", "name"], b),
        "pointer_type" => children(Kind::TypePointer, cst, b),
        "slice_type" | "array_type" | "implicit_length_array_type" => {
            slots(Kind::TypeArray, cst, &["element", "length"], b)
        }
        "map_type" => slots(Kind::TypeMap, cst, &["key", "value"], b),
        "generic_type" => slots(Kind::TypeApply, cst, &["type", "type_arguments"], b),
        "function_type" => types::function(cst, b),
        "type_elem" | "type_constraint" => types::union(cst, b),
        "struct_type" => types::anonymous_struct(cst, b),

        _ => other(cst, b, node),
    }
}

/// A construct in a list, where it may be several nodes: a declaration of several names, a statement with an initialiser.
fn node_into(cst: Cst, b: &mut Builder, kids: &mut Kids) {
    match cst.kind() {
        "statement_list" => cst.named().for_each(|c| node_into(c, b, kids)),
        "if_statement" => statements::if_into(cst, b, kids),
        "expression_switch_statement" | "type_switch_statement" => statements::switch_into(cst, b, kids),
        "const_declaration" | "var_declaration" | "type_declaration" | "import_declaration" => {
            declarations::specs_into(cst, b, kids);
        }
        "field_declaration" => declarations::fields_into(cst, b, kids),
        "empty_statement" => {}
        _ => kids.push(node(cst, b)),
    }
}

/// `kind` with everything in `items`.
fn list<'a>(kind: Kind, span: Span, items: impl Iterator<Item = Cst<'a>>, b: &mut Builder) -> NodeId {
    let mut kids = Kids::new();
    for item in items {
        node_into(item, b, &mut kids);
    }
    b.node(kind, span, &kids)
}

/// What may be several nodes, where there is room for one: several become a `Block`.
fn one(cst: Cst, b: &mut Builder) -> NodeId {
    let mut kids = Kids::new();
    node_into(cst, b, &mut kids);
    match kids[..] {
        [only] => only,
        _ => b.node(Kind::Block, cst.span(), &kids),
    }
}

/// `kind` whose slots are these fields of `cst`.
fn slots(kind: Kind, cst: Cst, fields: &[&str], b: &mut Builder) -> NodeId {
    let kids: Kids = fields.iter().map(|field| slot(cst, field, b, node)).collect();
    b.node(kind, cst.span(), &kids)
}

/// `kind` with one slot: the first named child.
fn children(kind: Kind, cst: Cst, b: &mut Builder) -> NodeId {
    let child = optional(cst.named().next(), cst.span().end, b);
    b.node(kind, cst.span(), &[child])
}

/// A construct that stands for its child: parentheses, wrappers of the grammar.
fn only(cst: Cst, b: &mut Builder) -> NodeId {
    let mut named = cst.named();
    match (named.next(), named.next()) {
        (Some(child), None) => node(child, b),
        _ => other(cst, b, node),
    }
}

/// The child, or `Nil` at byte `at`.
fn optional(cst: Option<Cst>, at: u32, b: &mut Builder) -> NodeId {
    match cst {
        Some(cst) => node(cst, b),
        None => b.nil(at),
    }
}
