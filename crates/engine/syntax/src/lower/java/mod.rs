//! Java: which construct goes where, names, literals, lists.

mod declarations;
mod expressions;
mod statements;
mod types;

use super::{Kids, empty, other, slot};
use crate::cst::Cst;
use crate::kind::{Aux, Kind};
use crate::symbols::Sym;
use crate::tree::{Builder, NodeId, Span};

pub(super) fn lower(root: Cst, b: &mut Builder) -> NodeId {
    list(Kind::Block, root.span(), root.named(), b)
}

/// Any construct as one node. The most frequent ones come first.
fn node(cst: Cst, b: &mut Builder) -> NodeId {
    let span = cst.span();
    match cst.kind() {
        "identifier" | "type_identifier" | "underscore_pattern" => b.ident(span),
        "method_invocation" => expressions::call(cst, b),
        "argument_list" | "annotation_argument_list" | "type_arguments" => list(Kind::Args, span, cst.named(), b),
        "expression_statement" => children(Kind::ExprStmt, 1, cst, b),
        "string_literal" => expressions::string(cst, b),
        "block" | "constructor_body" => list(Kind::Block, span, cst.named(), b),
        "field_access" => expressions::field_access(cst, b),
        "parenthesized_expression" => only(cst, b),

        // Literals and names.
        "decimal_integer_literal" | "octal_integer_literal" | "binary_integer_literal" | "hex_integer_literal" => {
            expressions::integer(cst, b)
        }
        "decimal_floating_point_literal" | "hex_floating_point_literal" => expressions::float(cst, b),
        "true" => b.push(Kind::Bool, 1, Sym::NONE, span, &[]),
        "false" => b.node(Kind::Bool, span, &[]),
        "null_literal" => b.node(Kind::Null, span, &[]),
        "character_literal" => expressions::character(cst, b),
        "this" => b.node(Kind::This, span, &[]),
        "super" => b.node(Kind::Super, span, &[]),
        "scoped_identifier" => slots(Kind::Member, cst, &["scope", "name"], b),

        // Expressions.
        "binary_expression" => expressions::binary(cst, b),
        "assignment_expression" => expressions::assignment(cst, b),
        "object_creation_expression" => expressions::new_object(cst, b),
        "array_creation_expression" => expressions::new_array(cst, b),
        "array_initializer" | "element_value_array_initializer" => list(Kind::Array, span, cst.named(), b),
        "array_access" => slots(Kind::Index, cst, &["array", "index"], b),
        "unary_expression" => expressions::unary(cst, b),
        "update_expression" => expressions::update(cst, b),
        "cast_expression" => expressions::cast(cst, b),
        "ternary_expression" => slots(Kind::Ternary, cst, &["condition", "consequence", "alternative"], b),
        "instanceof_expression" => expressions::instance_of(cst, b),
        "lambda_expression" => expressions::lambda(cst, b),
        "method_reference" => expressions::method_reference(cst, b),
        "class_literal" => expressions::class_literal(cst, b),
        "template_expression" => slots(Kind::Tagged, cst, &["template_processor", "template_argument"], b),
        "string_interpolation" => children(Kind::Hole, 1, cst, b),
        "pattern" => only(cst, b),
        "type_pattern" | "record_pattern_component" => expressions::type_pattern(cst, b),

        // Statements.
        "local_variable_declaration" | "field_declaration" | "constant_declaration" => {
            one(cst, b, declarations::variables)
        }
        "if_statement" => slots(Kind::If, cst, &["condition", "consequence", "alternative"], b),
        "while_statement" => slots(Kind::While, cst, &["condition", "body"], b),
        "do_statement" => slots(Kind::DoWhile, cst, &["body", "condition"], b),
        "for_statement" => statements::for_loop(cst, b),
        "enhanced_for_statement" => statements::for_each(cst, b),
        "return_statement" => statements::jump(Kind::Return, cst, b),
        "break_statement" => statements::jump(Kind::Break, cst, b),
        "continue_statement" => statements::jump(Kind::Continue, cst, b),
        "throw_statement" => statements::throw(cst, b),
        "try_statement" | "try_with_resources_statement" => statements::try_block(cst, b),
        "switch_expression" => slots(Kind::Switch, cst, &["condition", "body"], b),
        "switch_block" => list(Kind::Block, span, cst.named(), b),
        "switch_block_statement_group" | "switch_rule" => statements::case(cst, b),
        "assert_statement" => statements::assert(cst, b),
        "labeled_statement" => statements::label(cst, b),
        ";" => b.node(Kind::Empty, span, &[]),
        "explicit_constructor_invocation" => statements::constructor_call(cst, b),

        // Definitions and directives.
        "method_declaration" | "constructor_declaration" | "compact_constructor_declaration" => {
            declarations::function(cst, b)
        }
        "formal_parameters" | "inferred_parameters" => declarations::parameters(cst, b),
        "formal_parameter" | "spread_parameter" | "receiver_parameter" => declarations::parameter(cst, b),
        "class_declaration" => declarations::class(cst, Aux::CLASS, b),
        "interface_declaration" => declarations::class(cst, Aux::INTERFACE, b),
        "enum_declaration" => declarations::class(cst, Aux::ENUM, b),
        "record_declaration" => declarations::class(cst, Aux::RECORD, b),
        "annotation_type_declaration" => declarations::class(cst, Aux::ANNOTATION, b),
        "annotation_type_element_declaration" => declarations::annotation_element(cst, b),
        "class_body" | "interface_body" | "annotation_type_body" => list(Kind::ClassBody, span, cst.named(), b),
        "static_initializer" => only(cst, b),
        "type_parameters" => types::parameters(cst, b),
        "marker_annotation" | "annotation" => slots(Kind::Annotation, cst, &["name", "arguments"], b),
        "element_value_pair" => declarations::keyword_argument(cst, b),
        "requires_modifier" => b.leaf(Kind::Modifier, span, b.text(span)),
        "import_declaration" => declarations::import(cst, b),
        "package_declaration" => declarations::package(cst, b),

        // Types.
        "generic_type" => children(Kind::TypeApply, 2, cst, b),
        "array_type" => types::array(cst, b),
        "scoped_type_identifier" => types::scoped(cst, b),
        "annotated_type" => types::annotated(cst, b),
        "integral_type" | "floating_point_type" | "boolean_type" | "void_type" => b.ident(span),

        _ => other(cst, b, node),
    }
}

/// A construct in a list: a declaration of several variables gives several nodes.
fn node_into(cst: Cst, b: &mut Builder, kids: &mut Kids) {
    match cst.kind() {
        "local_variable_declaration" | "field_declaration" | "constant_declaration" => {
            declarations::variables(cst, b, kids);
        }
        "enum_body_declarations" => cst.named().for_each(|c| node_into(c, b, kids)),
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
fn one(cst: Cst, b: &mut Builder, lower_into: fn(Cst, &mut Builder, &mut Kids)) -> NodeId {
    let mut kids = Kids::new();
    lower_into(cst, b, &mut kids);
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

/// `kind` whose slots are the `count` named children; `Other` when errors stand among them.
fn children(kind: Kind, count: usize, cst: Cst, b: &mut Builder) -> NodeId {
    if cst.named().count() != count {
        return other(cst, b, node);
    }
    let kids: Kids = cst.named().map(|c| node(c, b)).collect();
    b.node(kind, cst.span(), &kids)
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
