//! Taint rules: checked as far as their keys and formulas go.

use super::classic::{self, Scope};
use super::fields::Loader;
use super::modern;
use crate::yaml::{Map, Node, Value};

/// One list of a taint rule: its key in both syntaxes, whether it must be there, and the keys of its entries beside
/// those of the formula.
struct Part {
    classic: &'static str,
    modern: &'static str,
    required: bool,
    keys: &'static [&'static str],
}

const PARTS: &[Part] = &[
    Part {
        classic: "pattern-sources",
        modern: "sources",
        required: true,
        keys: &["exact", "by-side-effect", "control", "label", "requires"],
    },
    Part { classic: "pattern-sinks", modern: "sinks", required: true, keys: &["exact", "at-exit", "requires"] },
    Part {
        classic: "pattern-sanitizers",
        modern: "sanitizers",
        required: false,
        keys: &["exact", "by-side-effect", "not_conflicting", "not-conflicting"],
    },
    Part {
        classic: "pattern-propagators",
        modern: "propagators",
        required: false,
        keys: &["from", "to", "by-side-effect", "label", "requires", "replace-labels"],
    },
];

/// `None` after reporting what is wrong with the taint parts of a rule.
pub fn check(loader: &mut Loader, node: &Node, map: &Map) -> Option<()> {
    let (holder, parts, is_modern) = match map.get("taint") {
        Some(taint) => (&**taint, loader.map(taint, "`taint`")?, true),
        None => (node, map, false),
    };
    let mut good = true;
    if is_modern {
        let known: Vec<&str> = PARTS.iter().map(|p| p.modern).collect();
        good &= loader.check_keys(parts, &known, "`taint`");
    }
    for part in PARTS {
        let key = if is_modern { part.modern } else { part.classic };
        let list = match (parts.get(key), part.required) {
            (None, false) => continue,
            (None, true) => {
                loader.required(holder, parts, key, "a taint rule");
                None
            }
            (Some(value), _) => loader.list(value, key),
        };
        let Some(items) = list else {
            good = false;
            continue;
        };
        for item in items {
            good &= entry(loader, item, part, is_modern).is_some();
        }
    }
    good.then_some(())
}

fn entry(loader: &mut Loader, item: &Node, part: &Part, is_modern: bool) -> Option<()> {
    let map = match &item.value {
        // In the newer syntax a pattern alone is an entry.
        Value::Scalar { .. } if is_modern => return loader.pattern(item, part.modern).map(drop),
        _ => loader.map(item, "an entry of a taint rule")?,
    };
    if part.modern == "propagators" {
        loader.required_string(item, map, "from", "a propagator")?;
        loader.required_string(item, map, "to", "a propagator")?;
    }
    if is_modern {
        return modern::formula_of(loader, item, map, part.keys, Scope::Rule).map(drop);
    }
    let known: Vec<&str> = classic::ROOT_KEYS.iter().chain(part.keys).copied().collect();
    let whose = format!("an entry of `{}`", part.classic);
    // Rules in use have keys here that never had an effect: they are reported and cost no more.
    loader.check_keys(map, &known, &whose);
    classic::formula(loader, item, map, &whose, Scope::Rule).map(drop)
}
