//! The classic syntax of formulas: `pattern`, `patterns`, `pattern-either` and their filters.

use super::conditions::{self, Syntax};
use super::fields::Loader;
use crate::model::{Condition, Formula, FormulaKind};
use crate::yaml::{Map, Node, Value};

/// Where a formula stands. Below `metavariable-pattern` the metavariable's own range is what negations filter, so a
/// formula of negations alone is fine there.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    Rule,
    Metavariable,
}

/// Keys of which a rule, or whatever holds a formula among other keys, has exactly one.
pub const ROOT_KEYS: &[&str] = &["pattern", "patterns", "pattern-either", "pattern-regex"];

/// Keys that filter what others find, so they stand under `patterns` only (or in a formula of its own below it).
pub const FILTER_KEYS: &[&str] = &[
    "pattern-not",
    "pattern-inside",
    "pattern-not-inside",
    "pattern-not-regex",
    "semgrep-internal-pattern-anywhere",
    "focus-metavariable",
    "metavariable-regex",
    "metavariable-pattern",
    "metavariable-comparison",
    "metavariable-analysis",
    "metavariable-type",
    "metavariable-name",
    "semgrep-internal-metavariable-name",
    "setting",
];

fn is_entry_key(key: &str) -> bool {
    ROOT_KEYS.contains(&key) || FILTER_KEYS.contains(&key)
}

/// Whether a map holds a formula in either syntax.
pub fn has_pattern(map: &Map) -> bool {
    map.has("match") || ROOT_KEYS.iter().any(|k| map.has(k))
}

/// The formula that stands in `map` among other keys.
pub fn formula(loader: &mut Loader, node: &Node, map: &Map, whose: &str, scope: Scope) -> Option<Formula> {
    let found: Vec<_> = ROOT_KEYS.iter().filter_map(|k| map.entry(k)).collect();
    match found[..] {
        [(key, value)] => pair(loader, key, value, scope),
        [] => {
            let filter = map.entries.iter().map(|(k, _)| k).find(|k| FILTER_KEYS.contains(&k.text()));
            match filter {
                Some(key) => {
                    loader.error(key, format!("`{}` alone finds nothing: it filters what a pattern finds", key.text()));
                    loader.hint("put it under `patterns:` beside a `pattern`");
                }
                None => {
                    loader.error(node, format!("{whose} needs a pattern"));
                    loader.hint("add one of `pattern`, `patterns`, `pattern-either`, `pattern-regex`");
                }
            }
            None
        }
        [(first, _), (second, _), ..] => {
            loader.error(second, format!("{whose} has `{}` or `{}`, not both", first.text(), second.text()));
            loader.hint("to require both, put both under `patterns:`; to accept either, under `pattern-either:`");
            None
        }
    }
}

/// A formula of nothing but its kind.
pub fn plain(loader: &Loader, key: &Node, kind: FormulaKind) -> Formula {
    let place = loader.place(key);
    Formula { kind, conditions: Vec::new(), focus: Vec::new(), bind_as: None, fix: None, place }
}

fn pair(loader: &mut Loader, key: &Node, value: &Node, scope: Scope) -> Option<Formula> {
    let name = key.text();
    let kind = match name {
        "pattern" => FormulaKind::Pattern(loader.pattern(value, name)?),
        "pattern-regex" => FormulaKind::Regex(loader.pattern(value, name)?),
        "pattern-not-regex" => {
            let regex = FormulaKind::Regex(loader.pattern(value, name)?);
            FormulaKind::Not(Box::new(plain(loader, key, regex)))
        }
        "pattern-not" => FormulaKind::Not(Box::new(nested(loader, key, value, scope)?)),
        "pattern-inside" => FormulaKind::Inside(Box::new(nested(loader, key, value, scope)?)),
        "pattern-not-inside" => {
            let inside = FormulaKind::Inside(Box::new(nested(loader, key, value, scope)?));
            FormulaKind::Not(Box::new(plain(loader, key, inside)))
        }
        "semgrep-internal-pattern-anywhere" => FormulaKind::Anywhere(Box::new(nested(loader, key, value, scope)?)),
        "pattern-either" => FormulaKind::Or(alternatives(loader, key, value, scope)?),
        "patterns" => return patterns(loader, key, value, scope),
        _ => {
            wrong_entry(loader, key);
            return None;
        }
    };
    Some(plain(loader, key, kind))
}

/// A pattern by itself.
pub fn lone(pattern: crate::model::PatternText, place: crate::model::Place) -> Formula {
    Formula {
        kind: FormulaKind::Pattern(pattern),
        conditions: Vec::new(),
        focus: Vec::new(),
        bind_as: None,
        fix: None,
        place,
    }
}

/// What stands below `pattern-not` and its like: a pattern, or a map with one key.
fn nested(loader: &mut Loader, key: &Node, value: &Node, scope: Scope) -> Option<Formula> {
    if value.as_str().is_some() {
        let kind = FormulaKind::Pattern(loader.pattern(value, key.text())?);
        return Some(plain(loader, key, kind));
    }
    let (key, value) = entry(loader, value, key.text())?;
    pair(loader, key, value, scope)
}

fn alternatives(loader: &mut Loader, key: &Node, value: &Node, scope: Scope) -> Option<Vec<Formula>> {
    let items = loader.list(value, key.text())?;
    if items.is_empty() {
        loader.error(key, format!("`{}` is empty", key.text()));
        loader.hint("add at least one alternative");
        return None;
    }
    let mut formulas = Vec::with_capacity(items.len());
    for item in items {
        let formula = entry(loader, item, key.text()).and_then(|(key, value)| {
            if key.text().starts_with("pattern-not") {
                loader.error(key, format!("`{}` is no alternative: it finds nothing by itself", key.text()));
                loader.hint("put it under `patterns:`, beside a `pattern` or this `pattern-either`");
                return None;
            }
            pair(loader, key, value, scope)
        });
        formulas.push(formula);
    }
    formulas.into_iter().collect()
}

fn patterns(loader: &mut Loader, key: &Node, value: &Node, scope: Scope) -> Option<Formula> {
    let items = loader.list(value, "patterns")?;
    if items.is_empty() {
        loader.error(key, "`patterns` is empty".to_string());
        loader.hint("add at least one `pattern`");
        return None;
    }
    let mut formulas = Vec::new();
    let mut conditions = Vec::new();
    let mut focus = Vec::new();
    let mut good = true;
    for item in items {
        let part = entry(loader, item, "patterns").and_then(|(key, value)| part(loader, key, value, scope));
        match part {
            Some(Part::Formula(formula)) => formulas.push(formula),
            Some(Part::Condition(condition)) => conditions.push(condition),
            Some(Part::Focus(metavariables)) => focus.push(metavariables),
            None => good = false,
        }
    }
    if !good {
        return None;
    }
    require_positive(loader, key, &formulas, scope)?;
    let kind = FormulaKind::And(formulas);
    Some(Formula { conditions, focus, ..plain(loader, key, kind) })
}

/// A conjunction starts from what something finds; filters alone find nothing.
pub fn require_positive(loader: &mut Loader, key: &Node, formulas: &[Formula], scope: Scope) -> Option<()> {
    if scope == Scope::Metavariable || formulas.iter().any(|f| !matches!(f.kind, FormulaKind::Not(_))) {
        return Some(());
    }
    loader.error(key, format!("`{}` finds nothing: it only excludes and filters", key.text()));
    loader.hint("add something to find, such as a `pattern`");
    None
}

enum Part {
    Formula(Formula),
    Condition(Condition),
    Focus(Vec<String>),
}

fn part(loader: &mut Loader, key: &Node, value: &Node, scope: Scope) -> Option<Part> {
    let condition = match key.text() {
        "focus-metavariable" => return conditions::focus(loader, value, key.text()).map(Part::Focus),
        "metavariable-regex" => conditions::regex(loader, value),
        "metavariable-pattern" => conditions::pattern(loader, value),
        "metavariable-comparison" => conditions::comparison(loader, value, Syntax::Classic),
        "metavariable-analysis" => conditions::analysis(loader, value),
        "metavariable-type" => conditions::types(loader, value),
        "metavariable-name" | "semgrep-internal-metavariable-name" => conditions::name(loader, value),
        "setting" => conditions::setting(loader, value),
        _ => return pair(loader, key, value, scope).map(Part::Formula),
    };
    condition.map(Part::Condition)
}

/// The only key and value of a list entry.
fn entry<'n, 't>(loader: &mut Loader, node: &'n Node<'t>, below: &str) -> Option<(&'n Node<'t>, &'n Node<'t>)> {
    let map = match &node.value {
        Value::Map(map) => map,
        Value::Scalar { .. } if node.as_str().is_some() => {
            loader.error(node, format!("an entry of `{below}` names what it is, this is only text"));
            loader.hint("write `pattern: …` in front of it");
            return None;
        }
        _ => return loader.map(node, "an entry").and(None),
    };
    if let Some(key) = map.wrong_keys.first() {
        loader.error(key, format!("`{}` stands here twice", key.text()));
        loader.hint("did you forget a hyphen? Each entry of a list begins with `- `");
        return None;
    }
    match &map.entries[..] {
        [(key, value)] => Some((key, value)),
        [] => {
            loader.error(node, format!("an entry of `{below}` is empty"));
            None
        }
        [(first, _), (second, _), ..] => {
            if is_entry_key(second.text()) || !is_entry_key(first.text()) {
                loader.error(
                    second,
                    format!("an entry has one key, here `{}` follows `{}`", second.text(), first.text()),
                );
                loader.hint("did you forget a hyphen? Each entry of a list begins with `- `");
            } else {
                loader.error(second, format!("`{}` has no place beside `{}`", second.text(), first.text()));
                loader.hint("an entry has one key; what belongs to it is indented below it");
            }
            None
        }
    }
}

fn wrong_entry(loader: &mut Loader, key: &Node) {
    let name = key.text();
    if name == "pattern-where-python" {
        loader.error(key, "`pattern-where-python` is no longer part of the rule language".to_string());
        loader.hint("use `metavariable-comparison` or `metavariable-regex`");
    } else if is_entry_key(name) {
        loader.error(key, format!("`{name}` must stand directly under `patterns`"));
    } else {
        loader.unknown_key(key, &[ROOT_KEYS, FILTER_KEYS].concat(), "a formula");
    }
}
