//! Extract rules: which pieces of a file hold another language, and what runs on them.

use super::fields::Loader;
use super::{formula_of_rule, targets};
use crate::model::{Extract, Transform};
use crate::yaml::{Map, Node};

const TRANSFORMS: &[&str] = &["no_transform", "unquote_string", "concat_json_string_array"];
const REDUCTIONS: &[&str] = &["separate", "concat"];

/// `None` after reporting what is wrong.
pub fn read(loader: &mut Loader, node: &Node, map: &Map) -> Option<Extract> {
    let piece = loader.required_string(node, map, "extract", "an extract rule").map(str::to_string);
    if let (Some(name), Some(value)) = (&piece, map.get("extract"))
        && !name.starts_with('$')
    {
        loader.error(value, format!("`{name}` is no metavariable"));
        loader.hint("`extract` names the metavariable of the pattern that holds the piece: `$...BODY`");
        return None;
    }
    let language = loader.required(node, map, "dest-language", "an extract rule");
    let language = language.and_then(|value| targets::one(loader, value));
    let transform = match map.get("transform") {
        None => Some(Transform::None),
        Some(value) => match value.as_str() {
            Some("no_transform") => Some(Transform::None),
            Some("unquote_string") => Some(Transform::Unquote),
            Some("concat_json_string_array") => Some(Transform::JsonArray),
            _ => {
                loader.one_of(value, "transform", TRANSFORMS);
                None
            }
        },
    };
    let concat = match map.get("reduce") {
        None => Some(false),
        Some(value) => match value.as_str() {
            Some("separate") => Some(false),
            Some("concat") => Some(true),
            _ => {
                loader.one_of(value, "reduce", REDUCTIONS);
                None
            }
        },
    };
    let (include, exclude) = match map.get("dest-rules") {
        None => (Some(Vec::new()), Some(Vec::new())),
        Some(value) => {
            let rules = loader.map(value, "`dest-rules`")?;
            loader.check_keys(rules, &["include", "exclude"], "`dest-rules`");
            (loader.strings(rules, "include"), loader.strings(rules, "exclude"))
        }
    };
    let formula = formula_of_rule(loader, node, map);
    Some(Extract {
        formula: formula?,
        piece: piece?,
        language: language?,
        transform: transform?,
        concat: concat?,
        include: include?,
        exclude: exclude?,
    })
}
