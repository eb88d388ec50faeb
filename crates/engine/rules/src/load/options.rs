//! `options:` — how patterns match.

use super::fields::Loader;
use super::nearest;
use crate::model::Options;
use crate::yaml::{Node, Value};

/// Options of the language that change nothing here: languages without a grammar, modes of other engines, past defaults.
const OPTIONS_WITHOUT_EFFECT: &[&str] = &["cpp_parsing_pref", "commutative_compop", "implicit_return", "interfile"];

/// `None` after reporting what is wrong; unknown options are reported and ignored.
pub fn read(loader: &mut Loader, node: &Node) -> Option<Options> {
    let map = loader.map(node, "`options`")?;
    let mut options = Options::default();
    let mut good = true;
    let mut unknown = Vec::new();
    for (key, value) in &map.entries {
        let name = key.text();
        if let Some(flag) = flag(&mut options, name) {
            match value.as_bool() {
                Some(b) => *flag = b,
                None => good = loader.wrong_type(value, name, "true or false"),
            }
            continue;
        }
        match name {
            "generic_ellipsis_max_span" => match value.as_int().map(u32::try_from) {
                Some(Ok(n)) => options.generic_ellipsis_max_span = n,
                _ => good = loader.wrong_type(value, name, "a whole number that is not negative"),
            },
            "generic_engine" => match value.as_str() {
                Some("spacegrep") => options.aliengrep = false,
                Some("aliengrep") => options.aliengrep = true,
                _ => good = loader.one_of(value, name, &["spacegrep", "aliengrep"]),
            },
            "generic_comment_style" => match value.as_str() {
                Some(style @ ("c" | "cpp" | "shell")) => options.generic_comment_style = Some(style.to_string()),
                _ => good = loader.one_of(value, name, &["c", "cpp", "shell"]),
            },
            "generic_braces" => match pairs(value) {
                Some(pairs) => options.generic_braces = Some(pairs),
                None => good = loader.wrong_type(value, name, "a list of pairs of single characters"),
            },
            "generic_extra_braces" => match pairs(value) {
                Some(pairs) => options.generic_extra_braces = pairs,
                None => good = loader.wrong_type(value, name, "a list of pairs of single characters"),
            },
            "generic_extra_word_characters" => match loader.strings(map, name) {
                Some(characters) => options.generic_extra_word_characters = characters,
                None => good = false,
            },
            _ if name.starts_with("taint_") => {
                options.taint.insert(name.to_string(), value.to_json());
            }
            _ if OPTIONS_WITHOUT_EFFECT.contains(&name) => {}
            _ => unknown.push(key),
        }
    }
    for key in map.wrong_keys.iter() {
        loader.error(key, format!("`{}` stands here twice", key.text()));
        good = false;
    }
    for key in unknown {
        loader.error(key, format!("unknown option `{}`", key.text())).hint = nearest::hint(key.text(), OPTION_NAMES);
    }
    good.then_some(options)
}

const OPTION_NAMES: &[&str] = &[
    "constant_propagation",
    "symbolic_propagation",
    "ac_matching",
    "commutative_boolop",
    "symmetric_eq",
    "vardef_assign",
    "flddef_assign",
    "attr_expr",
    "unify_ids_strictly",
    "arrow_is_function",
    "let_is_var",
    "go_deeper_expr",
    "go_deeper_stmt",
    "implicit_deep_exprstmt",
    "implicit_ellipsis",
    "xml_singleton_loose_matching",
    "xml_attrs_implicit_ellipsis",
    "xml_children_ordered",
    "decorators_order_matters",
    "generic_ellipsis_max_span",
    "generic_engine",
    "generic_multiline",
    "generic_caseless",
    "generic_braces",
    "generic_extra_braces",
    "generic_extra_word_characters",
    "generic_comment_style",
    "implicit_return",
    "interfile",
    "taint_unify_mvars",
    "taint_focus_on",
    "taint_assume_safe_functions",
    "taint_assume_safe_indexes",
    "taint_assume_safe_comparisons",
    "taint_assume_safe_booleans",
    "taint_assume_safe_numbers",
    "taint_only_propagate_through_assignments",
];

fn flag<'o>(options: &'o mut Options, name: &str) -> Option<&'o mut bool> {
    Some(match name {
        "constant_propagation" => &mut options.constant_propagation,
        "symbolic_propagation" => &mut options.symbolic_propagation,
        "ac_matching" => &mut options.ac_matching,
        "commutative_boolop" => &mut options.commutative_boolop,
        "symmetric_eq" => &mut options.symmetric_eq,
        "vardef_assign" => &mut options.vardef_assign,
        "flddef_assign" => &mut options.flddef_assign,
        "attr_expr" => &mut options.attr_expr,
        "unify_ids_strictly" => &mut options.unify_ids_strictly,
        "arrow_is_function" => &mut options.arrow_is_function,
        "let_is_var" => &mut options.let_is_var,
        "go_deeper_expr" => &mut options.go_deeper_expr,
        "go_deeper_stmt" => &mut options.go_deeper_stmt,
        "implicit_deep_exprstmt" => &mut options.implicit_deep_exprstmt,
        "implicit_ellipsis" => &mut options.implicit_ellipsis,
        "xml_singleton_loose_matching" => &mut options.xml_singleton_loose_matching,
        "xml_attrs_implicit_ellipsis" => &mut options.xml_attrs_implicit_ellipsis,
        "xml_children_ordered" => &mut options.xml_children_ordered,
        "decorators_order_matters" => &mut options.decorators_order_matters,
        "generic_multiline" => &mut options.generic_multiline,
        "generic_caseless" => &mut options.generic_caseless,
        _ => return None,
    })
}

fn pairs(node: &Node) -> Option<Vec<(String, String)>> {
    let Value::List(items) = &node.value else { return None };
    items
        .iter()
        .map(|pair| match &pair.value {
            Value::List(two) if two.len() == 2 => {
                let (open, close) = (two[0].as_str()?, two[1].as_str()?);
                (open.len() == 1 && close.len() == 1).then(|| (open.to_string(), close.to_string()))
            }
            _ => None,
        })
        .collect()
}
