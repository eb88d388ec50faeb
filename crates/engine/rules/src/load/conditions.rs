//! Conditions on metavariables, in both syntaxes, and `focus`.

use super::classic::{self, Scope};
use super::fields::Loader;
use super::targets;
use crate::model::{Analyzer, Condition};
use crate::yaml::{Map, Node, Value};

/// Which syntax a condition is written in, where that makes a difference.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Syntax {
    Classic,
    Modern,
}

/// One metavariable or a list of them.
pub fn focus(loader: &mut Loader, value: &Node, key: &str) -> Option<Vec<String>> {
    let Value::List(items) = &value.value else {
        return loader.text_of(value, key).map(|name| vec![name.to_string()]);
    };
    items.iter().map(|item| loader.text_of(item, key).map(str::to_string)).collect()
}

pub fn regex(loader: &mut Loader, node: &Node) -> Option<Condition> {
    let what = "`metavariable-regex`";
    let map = loader.map(node, what)?;
    let good = loader.check_keys(map, &["metavariable", "regex", "constant-propagation"], what);
    let metavariable = loader.required_string(node, map, "metavariable", what);
    let regex = loader.required_pattern(node, map, "regex", what);
    let constant_propagation = loader.bool(map, "constant-propagation")?.unwrap_or(false);
    let condition = Condition::Regex { metavariable: metavariable?.to_string(), regex: regex?, constant_propagation };
    good.then_some(condition)
}

pub fn pattern(loader: &mut Loader, node: &Node) -> Option<Condition> {
    let what = "`metavariable-pattern`";
    let map = loader.map(node, what)?;
    let mut known = vec!["metavariable", "language"];
    known.extend_from_slice(classic::ROOT_KEYS);
    let good = loader.check_keys(map, &known, what);
    let metavariable = loader.required_string(node, map, "metavariable", what);
    let language = language(loader, map);
    let formula = classic::formula(loader, node, map, what, Scope::Metavariable);
    let (metavariable, language) = (metavariable?.to_string(), language?);
    let condition = Condition::Pattern { metavariable, language, formula: Box::new(formula?) };
    good.then_some(condition)
}

pub fn comparison(loader: &mut Loader, node: &Node, syntax: Syntax) -> Option<Condition> {
    let what = "`metavariable-comparison`";
    let map = loader.map(node, what)?;
    let good = loader.check_keys(map, &["metavariable", "comparison", "strip", "base"], what);
    let metavariable = loader.string(map, "metavariable");
    let comparison = loader.required_pattern(node, map, "comparison", what);
    let strip = loader.bool(map, "strip")?.unwrap_or(false);
    let base = match map.get("base") {
        None => None,
        Some(base) => match base.as_int().map(u32::try_from) {
            Some(Ok(n @ 2..=36)) => Some(n),
            _ => {
                loader.wrong_type(base, "base", "a whole number from 2 to 36");
                return None;
            }
        },
    };
    let metavariable = metavariable?;
    let comparison = comparison?;
    if let Err(message) = crate::compare::parse(&comparison.text, strip) {
        let value = map.get("comparison").expect("the comparison was just read");
        loader.error(value, format!("wrong comparison: {message}"));
        return None;
    }
    if strip && metavariable.is_none() && syntax == Syntax::Classic {
        loader.error(node, "`strip: true` needs `metavariable`".to_string());
        loader.hint("name the metavariable whose quotes are stripped");
        return None;
    }
    let condition = Condition::Comparison { metavariable, comparison, base, strip };
    good.then_some(condition)
}

pub fn analysis(loader: &mut Loader, node: &Node) -> Option<Condition> {
    let what = "`metavariable-analysis`";
    let map = loader.map(node, what)?;
    let good = loader.check_keys(map, &["metavariable", "analyzer"], what);
    let metavariable = loader.required_string(node, map, "metavariable", what);
    let value = loader.required(node, map, "analyzer", what)?;
    // In short a name, in long a map with `kind` and, for one kind, `mode`.
    let kind = match &value.value {
        Value::Map(map) => {
            loader.check_keys(map, &["kind", "mode"], "`analyzer`").then_some(())?;
            loader.required(value, map, "kind", "`analyzer`")?
        }
        _ => value,
    };
    let analyzer = match kind.as_str() {
        Some("entropy" | "entropy_v2") => Analyzer::Entropy,
        Some("redos") => Analyzer::Redos,
        _ => {
            loader.one_of(kind, "analyzer", &["entropy", "entropy_v2", "redos"]);
            return None;
        }
    };
    let condition = Condition::Analysis { metavariable: metavariable?.to_string(), analyzer };
    good.then_some(condition)
}

pub fn types(loader: &mut Loader, node: &Node) -> Option<Condition> {
    let what = "`metavariable-type`";
    let map = loader.map(node, what)?;
    let good = loader.check_keys(map, &["metavariable", "type", "types", "language"], what);
    let metavariable = loader.required_string(node, map, "metavariable", what);
    let one = loader.string(map, "type");
    let many = loader.strings(map, "types");
    let language = language(loader, map)?;
    let mut types: Vec<String> = one?.into_iter().collect();
    types.extend(many?);
    if types.is_empty() {
        loader.error(node, format!("{what} needs `type` or `types`"));
        return None;
    }
    let condition = Condition::Type { metavariable: metavariable?.to_string(), types, language };
    good.then_some(condition)
}

pub fn name(loader: &mut Loader, node: &Node) -> Option<Condition> {
    let what = "`metavariable-name`";
    let map = loader.map(node, what)?;
    let keys = ["kind", "module", "modules", "fqn", "fqns"];
    let good = loader.check_keys(map, &[&["metavariable"], &keys[..]].concat(), what);
    let metavariable = loader.required_string(node, map, "metavariable", what)?.to_string();
    if !keys.iter().any(|k| map.has(k)) {
        loader.error(node, format!("{what} needs one of `kind`, `module`, `modules`, `fqn`, `fqns`"));
        return None;
    }
    good.then(|| Condition::Name { metavariable, spec: node.to_json() })
}

pub fn setting(loader: &mut Loader, node: &Node) -> Option<Condition> {
    let what = "`setting`";
    let map = loader.map(node, what)?;
    let good = loader.check_keys(map, &["key", "regex", "value", "place"], what);
    let key = loader.required_pattern(node, map, "key", what);
    let regex = match map.get("regex") {
        Some(regex) => Some(loader.pattern(regex, "regex")?),
        None => None,
    };
    let mut bound = |name: &str| {
        let text = loader.string(map, name)?;
        if text.as_deref().is_some_and(|text| !rampart_syntax::is_metavar(text)) {
            loader.wrong_type(map.get(name).expect("the text was just read"), name, "a metavariable");
            return None;
        }
        Some(text)
    };
    let (value, place) = (bound("value")?, bound("place")?);
    let condition = Condition::Setting { key: key?, regex, value, place };
    good.then_some(condition)
}

/// The optional `language` that a metavariable's text is read in.
pub fn language(loader: &mut Loader, map: &Map) -> Option<Option<String>> {
    let Some(value) = map.get("language") else { return Some(None) };
    let name = loader.text_of(value, "language")?;
    if matches!(name, "spacegrep" | "aliengrep") || targets::is_language(name) {
        return Some(Some(name.to_string()));
    }
    loader.one_of(value, "language", &targets::languages());
    None
}
