//! Taint rules, and the libraries of sources, sinks, sanitizers and propagators that they share.

use std::sync::Arc;

use super::classic::{self, Scope};
use super::fields::Loader;
use super::modern;
use crate::model::{Labels, Library, Rule, RuleError, SideEffect, Taint, TaintEntry, TaintKind, TaintSpec};
use crate::yaml::{Map, Node, Value};

/// One list of a taint rule: its key in both syntaxes, whether it must be there, and the keys of its entries beside
/// those of the formula.
struct Part {
    kind: TaintKind,
    classic: &'static str,
    modern: &'static str,
    required: bool,
    keys: &'static [&'static str],
}

const PARTS: &[Part] = &[
    Part {
        kind: TaintKind::Sources,
        classic: "pattern-sources",
        modern: "sources",
        required: true,
        keys: &["exact", "by-side-effect", "control", "label", "requires"],
    },
    Part {
        kind: TaintKind::Sinks,
        classic: "pattern-sinks",
        modern: "sinks",
        required: true,
        keys: &["exact", "at-exit", "requires"],
    },
    Part {
        kind: TaintKind::Sanitizers,
        classic: "pattern-sanitizers",
        modern: "sanitizers",
        required: false,
        keys: &["exact", "by-side-effect", "not_conflicting", "not-conflicting"],
    },
    Part {
        kind: TaintKind::Propagators,
        classic: "pattern-propagators",
        modern: "propagators",
        required: false,
        keys: &["from", "to", "by-side-effect", "label", "requires", "replace-labels"],
    },
];

/// `None` after reporting what is wrong with the taint parts of a rule.
pub fn read(loader: &mut Loader, node: &Node, map: &Map) -> Option<Taint> {
    let (holder, parts, is_modern) = match map.get("taint") {
        Some(taint) => (&**taint, loader.map(taint, "`taint`")?, true),
        None => (node, map, false),
    };
    let mut good = true;
    if is_modern {
        let known: Vec<&str> = PARTS.iter().map(|p| p.modern).collect();
        good &= loader.check_keys(parts, &known, "`taint`");
    }
    let mut taint = Taint::default();
    for (part, into) in PARTS.iter().zip(taint.lists_mut()) {
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
            match entry(loader, item, part, is_modern) {
                Some(entry) => into.push(entry),
                None => good = false,
            }
        }
    }
    good.then_some(taint)
}

fn entry(loader: &mut Loader, item: &Node, part: &Part, is_modern: bool) -> Option<TaintEntry> {
    let map = match &item.value {
        // In the newer syntax a pattern alone is an entry.
        Value::Scalar { .. } if is_modern => {
            let formula = loader.pattern(item, part.modern)?;
            return Some(TaintEntry::Spec(Arc::new(plain(classic::lone(formula, loader.place(item))))));
        }
        _ => loader.map(item, "an entry of a taint rule")?,
    };
    if let Some(name) = map.get("use") {
        loader.check_keys(map, &["use"], "an entry with `use`");
        let Some(text) = name.as_str() else {
            loader.wrong_type(name, "use", "the name of a library");
            return None;
        };
        return Some(TaintEntry::Use(text.to_string(), loader.place(name)));
    }
    let (mut from, mut to) = (String::new(), String::new());
    if part.kind == TaintKind::Propagators {
        from = loader.required_string(item, map, "from", "a propagator")?.to_string();
        to = loader.required_string(item, map, "to", "a propagator")?.to_string();
    }
    let formula = if is_modern {
        modern::formula_of(loader, item, map, part.keys, Scope::Rule)
    } else {
        let known: Vec<&str> = classic::ROOT_KEYS.iter().chain(part.keys).copied().collect();
        let whose = format!("an entry of `{}`", part.classic);
        // Rules in use have keys here that never had an effect: they are reported and cost no more.
        loader.check_keys(map, &known, &whose);
        classic::formula(loader, item, map, &whose, Scope::Rule)
    }?;
    let requires = match map.get("requires") {
        Some(value) => Some(requirement(loader, value)?),
        None => None,
    };
    Some(TaintEntry::Spec(Arc::new(TaintSpec {
        exact: flag(loader, map, "exact")?,
        by_side_effect: side_effect(loader, map, part.kind)?,
        control: flag(loader, map, "control")?.unwrap_or(false),
        at_exit: flag(loader, map, "at-exit")?.unwrap_or(false),
        not_conflicting: flag(loader, map, "not-conflicting")?
            .or(flag(loader, map, "not_conflicting")?)
            .unwrap_or(false),
        label: loader.string(map, "label")?,
        requires,
        replaces: match map.get("replace-labels") {
            Some(_) => loader.strings(map, "replace-labels")?,
            None => Vec::new(),
        },
        from,
        to,
        ..plain(formula)
    })))
}

fn plain(formula: crate::model::Formula) -> TaintSpec {
    TaintSpec {
        formula,
        exact: None,
        by_side_effect: SideEffect::No,
        control: false,
        at_exit: false,
        not_conflicting: false,
        label: None,
        requires: None,
        replaces: Vec::new(),
        from: String::new(),
        to: String::new(),
    }
}

fn flag(loader: &mut Loader, map: &Map, key: &str) -> Option<Option<bool>> {
    let Some(value) = map.get(key) else { return Some(None) };
    match value.as_bool() {
        Some(flag) => Some(Some(flag)),
        None => {
            loader.wrong_type(value, key, "true or false");
            None
        }
    }
}

fn side_effect(loader: &mut Loader, map: &Map, kind: TaintKind) -> Option<SideEffect> {
    // Propagators change what they propagate to unless they say otherwise.
    let default = if kind == TaintKind::Propagators { SideEffect::Yes } else { SideEffect::No };
    let Some(value) = map.get("by-side-effect") else { return Some(default) };
    match (value.as_bool(), value.as_str()) {
        (Some(true), _) => Some(SideEffect::Yes),
        (Some(false), _) => Some(SideEffect::No),
        (_, Some("only")) => Some(SideEffect::Only),
        _ => {
            loader.wrong_type(value, "by-side-effect", "true, false or `only`");
            None
        }
    }
}

// ── conditions on labels ─────────────────────────────────────────────────────────────────────────

fn requirement(loader: &mut Loader, node: &Node) -> Option<Labels> {
    // The newer kind lists conditions per metavariable; what it asks of any input is all that is kept.
    let Some(text) = node.as_str() else {
        if let Some(flag) = node.as_bool() {
            return Some(Labels::Always(flag));
        }
        loader.wrong_type(node, "requires", "a condition on labels such as `A and not B`");
        return None;
    };
    let words = words(text);
    let mut at = 0;
    let read = either(&words, &mut at, 0).filter(|_| at == words.len());
    if read.is_none() {
        loader.error(node, format!("`{text}` is no condition on labels"));
        loader.hint("it has names of labels, `and`, `or`, `not` and parentheses");
    }
    read
}

fn words(text: &str) -> Vec<&str> {
    let mut out = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let len = match first {
            '(' | ')' => 1,
            _ => rest.find(|c: char| c.is_whitespace() || c == '(' || c == ')').unwrap_or(rest.len()),
        };
        let (word, after) = rest.split_at(len);
        out.push(word);
        rest = after.trim_start();
    }
    out
}

/// Deeper parentheses are no condition a person wrote.
const MAX_NESTING: u32 = 64;

fn either(words: &[&str], at: &mut usize, depth: u32) -> Option<Labels> {
    let mut parts = vec![both(words, at, depth)?];
    while words.get(*at) == Some(&"or") {
        *at += 1;
        parts.push(both(words, at, depth)?);
    }
    Some(if parts.len() == 1 { parts.remove(0) } else { Labels::Or(parts) })
}

fn both(words: &[&str], at: &mut usize, depth: u32) -> Option<Labels> {
    let mut parts = vec![one(words, at, depth)?];
    while words.get(*at) == Some(&"and") {
        *at += 1;
        parts.push(one(words, at, depth)?);
    }
    Some(if parts.len() == 1 { parts.remove(0) } else { Labels::And(parts) })
}

fn one(words: &[&str], at: &mut usize, depth: u32) -> Option<Labels> {
    if depth > MAX_NESTING {
        return None;
    }
    let word = *words.get(*at)?;
    *at += 1;
    match word {
        "not" => Some(Labels::Not(Box::new(one(words, at, depth + 1)?))),
        "(" => {
            let inner = either(words, at, depth + 1)?;
            (words.get(*at) == Some(&")")).then(|| *at += 1)?;
            Some(inner)
        }
        ")" | "and" | "or" => None,
        "True" | "true" => Some(Labels::Always(true)),
        "False" | "false" => Some(Labels::Always(false)),
        name => Some(Labels::Has(name.to_string())),
    }
}

// ── libraries ────────────────────────────────────────────────────────────────────────────────────

/// One item under `library:`.
pub fn library(loader: &mut Loader, node: &Node) -> Option<Library> {
    loader.rule_id = None;
    let map = loader.map(node, "a library")?;
    loader.check_keys(map, &["id", "kind", "summary", "entries"], "a library");
    let id = loader.required_string(node, map, "id", "a library")?.to_string();
    let kind = loader.required(node, map, "kind", "a library")?;
    let names: Vec<&str> = PARTS.iter().map(|p| p.modern).collect();
    let Some(part) = PARTS.iter().find(|p| kind.as_str() == Some(p.modern)) else {
        loader.one_of(kind, "kind", &names);
        return None;
    };
    let entries = loader.required(node, map, "entries", "a library")?;
    let items = loader.list(entries, "entries")?;
    let entries: Vec<TaintEntry> = items.iter().filter_map(|item| entry(loader, item, part, false)).collect();
    Some(Library { id, kind: part.kind, entries, place: loader.place(node) })
}

/// Libraries may use others, this deep.
const MAX_USES: usize = 8;

/// Puts the entries of libraries in the place of `use`. Rules that use what is not there are taken out and reported.
pub fn expand(rules: &mut Vec<Rule>, libraries: &[Library]) -> Vec<RuleError> {
    let mut errors = Vec::new();
    rules.retain_mut(|rule| {
        let crate::model::Mode::Taint(taint) = &mut rule.mode else { return true };
        for _ in 0..MAX_USES {
            let mut used = false;
            for (part, list) in PARTS.iter().zip(taint.lists_mut()) {
                for entry in std::mem::take(list) {
                    let TaintEntry::Use(name, place) = &entry else {
                        list.push(entry);
                        continue;
                    };
                    used = true;
                    let found = libraries.iter().find(|l| l.id == *name);
                    match found {
                        Some(library) if library.kind == part.kind => list.extend(library.entries.iter().cloned()),
                        _ => {
                            let names: Vec<&str> =
                                libraries.iter().filter(|l| l.kind == part.kind).map(|l| l.id.as_str()).collect();
                            errors.push(RuleError {
                                rule_id: Some(rule.id.clone()),
                                place: place.clone(),
                                message: match found {
                                    Some(_) => format!("the library `{name}` holds no {}", part.modern),
                                    None => format!("there is no library `{name}`"),
                                },
                                hint: super::nearest::hint(name, &names),
                                source_line: None,
                            });
                            return false;
                        }
                    }
                }
            }
            if !used {
                return true;
            }
        }
        errors.push(RuleError {
            rule_id: Some(rule.id.clone()),
            place: rule.place.clone(),
            message: "libraries use one another without end".to_string(),
            hint: None,
            source_line: None,
        });
        false
    });
    errors
}
