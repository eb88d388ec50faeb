//! The newer syntax of formulas: `match` with `all`, `any`, `not`, `inside`, and `where`.

use super::classic::{Scope, plain, require_positive};
use super::conditions::{self, Syntax};
use super::fields::Loader;
use crate::model::{Condition, Formula, FormulaKind};
use crate::yaml::{Map, Node, Value};

const FORMULA_KEYS: &[&str] = &["pattern", "regex", "all", "any", "not", "inside", "anywhere"];

/// Keys that may stand beside the one of [`FORMULA_KEYS`].
const SIDE_KEYS: &[&str] = &["where", "as", "fix"];

/// A pattern, or a map with one formula and perhaps `where`, `as` and `fix`.
pub fn formula(loader: &mut Loader, node: &Node, scope: Scope) -> Option<Formula> {
    match &node.value {
        Value::Map(map) => formula_of(loader, node, map, &[], scope),
        _ => {
            let kind = FormulaKind::Pattern(loader.pattern(node, "pattern")?);
            Some(plain(loader, node, kind))
        }
    }
}

/// As [`formula`], in a map that has `other` keys as well.
pub fn formula_of(loader: &mut Loader, node: &Node, map: &Map, other: &[&str], scope: Scope) -> Option<Formula> {
    let known: Vec<&str> = FORMULA_KEYS.iter().chain(SIDE_KEYS).chain(other).copied().collect();
    let good = loader.check_keys(map, &known, "a formula");
    let found: Vec<_> = FORMULA_KEYS.iter().filter_map(|k| map.entry(k)).collect();
    let (key, value) = match found[..] {
        [(key, value)] => (key, value),
        [] => {
            if good {
                loader.error(node, "a formula is missing".to_string());
                loader.hint("add one of `pattern`, `regex`, `all`, `any`, `not`, `inside`, `anywhere`");
            }
            return None;
        }
        [(first, _), (second, _), ..] => {
            loader.error(second, format!("a formula has `{}` or `{}`, not both", first.text(), second.text()));
            loader.hint("to require both, put both under `all:`; to accept either, under `any:`");
            return None;
        }
    };
    let formula = pair(loader, key, value, scope);
    let filters = match map.get("where") {
        Some(list) => filters(loader, list),
        None => Some((Vec::new(), Vec::new())),
    };
    let bind_as = loader.string(map, "as");
    let fix = loader.string(map, "fix");
    let (conditions, focus) = filters?;
    let formula = formula?;
    good.then_some(Formula { conditions, focus, bind_as: bind_as?, fix: fix?, ..formula })
}

fn pair(loader: &mut Loader, key: &Node, value: &Node, scope: Scope) -> Option<Formula> {
    let name = key.text();
    let kind = match name {
        "pattern" => FormulaKind::Pattern(loader.pattern(value, name)?),
        "regex" => FormulaKind::Regex(loader.pattern(value, name)?),
        "not" => FormulaKind::Not(Box::new(formula(loader, value, scope)?)),
        "inside" => FormulaKind::Inside(Box::new(formula(loader, value, scope)?)),
        "anywhere" => FormulaKind::Anywhere(Box::new(formula(loader, value, scope)?)),
        _ => {
            let items = loader.list(value, name)?;
            if items.is_empty() {
                loader.error(key, format!("`{name}` is empty"));
                loader.hint("add at least one formula");
                return None;
            }
            // All are read before any is required, so that every error shows.
            let formulas: Vec<_> = items.iter().map(|item| formula(loader, item, scope)).collect();
            let formulas: Vec<Formula> = formulas.into_iter().collect::<Option<_>>()?;
            if name == "all" {
                require_positive(loader, key, &formulas, scope)?;
                FormulaKind::And(formulas)
            } else {
                FormulaKind::Or(formulas)
            }
        }
    };
    Some(plain(loader, key, kind))
}

fn filters(loader: &mut Loader, node: &Node) -> Option<(Vec<Condition>, Vec<Vec<String>>)> {
    let items = loader.list(node, "where")?;
    let (mut conditions, mut focus) = (Vec::new(), Vec::new());
    let mut good = true;
    for item in items {
        let Some(map) = loader.map(item, "an entry of `where`") else {
            good = false;
            continue;
        };
        if let Some(value) = map.get("focus") {
            let known = loader.check_keys(map, &["focus"], "an entry of `where` with `focus`");
            match conditions::focus(loader, value, "focus") {
                Some(metavariables) if known => focus.push(metavariables),
                _ => good = false,
            }
            continue;
        }
        match condition(loader, item, map) {
            Some(condition) => conditions.push(condition),
            None => good = false,
        }
    }
    good.then_some((conditions, focus))
}

/// An entry of `where`: what it is shows in the keys it has.
fn condition(loader: &mut Loader, item: &Node, map: &Map) -> Option<Condition> {
    if map.has("comparison") {
        return conditions::comparison(loader, item, Syntax::Modern);
    }
    if map.has("analyzer") {
        return conditions::analysis(loader, item);
    }
    if map.has("type") || map.has("types") {
        return conditions::types(loader, item);
    }
    if let Some(value) = map.get("setting") {
        let good = loader.check_keys(map, &["setting"], "an entry of `where` with `setting`");
        return conditions::setting(loader, value).filter(|_| good);
    }
    if !map.has("metavariable") {
        loader.error(item, "an entry of `where` needs `metavariable`, `comparison` or `focus`".to_string());
        return None;
    }
    let metavariable = loader.required_string(item, map, "metavariable", "an entry of `where`")?.to_string();
    let language = conditions::language(loader, map)?;
    let formula = formula_of(loader, item, map, &["metavariable", "language"], Scope::Metavariable)?;
    let is_bare = formula.conditions.is_empty() && formula.focus.is_empty() && formula.bind_as.is_none();
    Some(match formula.kind {
        FormulaKind::Regex(regex) if is_bare && formula.fix.is_none() => {
            Condition::Regex { metavariable, regex, constant_propagation: true }
        }
        _ => Condition::Pattern { metavariable, language, formula: Box::new(formula) },
    })
}
