//! Rule files to rules.
//!
//! Every error names its place in the file and what to do. A wrong rule never stops the others: even where the YAML
//! itself is broken, reading goes on at the next rule.

mod classic;
mod conditions;
mod extract;
mod fields;
mod join;
mod modern;
mod nearest;
mod options;
mod taint;
mod targets;

use crate::model::{FixRegex, Formula, Library, Mode, Options, Paths, Rule, RuleError, Severity};
use crate::yaml::{self, Map, Node, Value};
use classic::Scope;
use fields::Loader;

/// The version of Semgrep whose rule language this is; `min-version` and `max-version` are compared with it.
pub const LANGUAGE_VERSION: [u32; 3] = [1, 182, 0];

/// Puts libraries where rules use them, and finds the rules that join rules name. Rules that name what is not there are taken out and
/// reported.
pub fn expand(rules: &mut Vec<Rule>, libraries: &[Library]) -> Vec<RuleError> {
    let mut errors = taint::expand(rules, libraries);
    errors.append(&mut join::resolve(rules));
    errors
}

/// Broken places after which reading goes on. A file with more is not a rule file with mistakes in it.
const MAX_RESUMPTIONS: usize = 20;

/// Reads the rules of a file; `file` is its name for messages. An error either stands for a rule that is missing from
/// the result, or for a part that the loaded rule does without (an unknown key beside the rule's own, an unknown option).
pub fn load_str(file: &str, text: &str) -> (Vec<Rule>, Vec<RuleError>) {
    let loaded = load(file, text);
    (loaded.rules, loaded.errors)
}

/// What a file of rules or libraries holds.
#[derive(Debug, Default)]
pub struct Loaded {
    pub rules: Vec<Rule>,
    pub libraries: Vec<Library>,
    pub errors: Vec<RuleError>,
}

/// Reads the rules and libraries of a file, see [`load_str`]. Libraries are not put into the rules yet: see [`expand`].
pub fn load(file: &str, text: &str) -> Loaded {
    let mut loader = Loader::new(file, text);
    let mut rules = Vec::new();
    let mut libraries = Vec::new();
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut offset = 0;
    let mut lines_before = 0;
    for _ in 0..MAX_RESUMPTIONS {
        loader.lines_before = lines_before;
        let (roots, error) = yaml::read(&text[offset..]);
        let mut indent = None;
        for root in &roots {
            if let Some(items) = library_items(root) {
                loader.rule_id = None;
                libraries.extend(items.iter().filter_map(|item| taint::library(&mut loader, item)));
            } else if let Some(items) = rule_items(&mut loader, root, offset > 0, error.is_some()) {
                indent = items.first().map(|r| r.column).or(indent);
                for item in items {
                    let whole = rule_within(&mut loader, item, None);
                    // Without the rule around them parts are of no use.
                    let parts = std::mem::take(&mut loader.parts);
                    if let Some(whole) = whole {
                        rules.push(whole);
                        rules.extend(parts);
                    }
                }
            }
        }
        let Some(error) = error else { break };
        loader.rule_id = None;
        let hint = "check the indentation, and quote text that holds `: `, ` #` or begins with a special character";
        loader.error_at(error.line, error.column, format!("this is not YAML: {}", error.message)).hint =
            Some(hint.into());
        let Some((skipped, next)) = next_rule(&text[offset..], error.line, indent) else { break };
        offset += next;
        lines_before += skipped;
    }
    Loaded { rules, libraries, errors: loader.errors }
}

fn library_items<'n, 't>(root: &'n Node<'t>) -> Option<&'n [std::rc::Rc<Node<'t>>]> {
    let Value::Map(map) = &root.value else { return None };
    match &map.get("library")?.value {
        Value::List(items) => Some(items),
        _ => None,
    }
}

/// Whether a text could be a rule file at all: a quick look before reading a folder's YAML files as rules.
pub fn looks_like_rules(text: &str) -> bool {
    text.lines().any(|line| {
        line.starts_with("rules:")
            || line.starts_with("library:")
            || line.contains("\"rules\"")
            || line.starts_with("- id:")
    })
}

/// The nodes of the rules of one document.
fn rule_items<'n, 't>(
    loader: &mut Loader,
    root: &'n Node<'t>,
    resumed: bool,
    broken: bool,
) -> Option<&'n [std::rc::Rc<Node<'t>>]> {
    loader.rule_id = None;
    let map = match &root.value {
        // A list of rules without `rules:` is accepted as well.
        Value::List(items) => return Some(items),
        Value::Map(map) => map,
        Value::Scalar { .. } if root.is_null() => return None,
        Value::Scalar { .. } => {
            loader.error(root, format!("a rule file is a map with the key `rules`, this is {}", root.kind()));
            return None;
        }
    };
    if !resumed {
        loader.check_keys(map, &["rules"], "a rule file");
    }
    match map.get("rules").map(|rules| (rules, &rules.value)) {
        Some((_, Value::List(items))) => Some(items),
        Some((rules, _)) => {
            loader.error(rules, format!("`rules` must be a list of rules, this is {}", rules.kind()));
            None
        }
        None if broken => None,
        None => {
            loader.error(root, "this file has no `rules`".to_string());
            loader.hint("rules stand in a list: `rules:` and below it `- id: …`");
            None
        }
    }
}

/// Where the first rule after line `broken` begins: how many lines and how many bytes of `text` stand before it. A rule
/// begins with `- ` as far from the margin as the rules before.
fn next_rule(text: &str, broken: u32, column: Option<u32>) -> Option<(u32, usize)> {
    let mut offset = 0;
    for (n, line) in text.split_inclusive('\n').enumerate() {
        let body = line.trim_start_matches(' ');
        // The place of a rule is that of its first key, two after the hyphen.
        let fits = match column {
            Some(column) => line.len() - body.len() + 3 == column as usize,
            None => body.starts_with("- id:"),
        };
        if n as u32 >= broken && fits && body.starts_with("- ") {
            return Some((n as u32, offset));
        }
        offset += line.len();
    }
    None
}

/// Keys that a rule may have whatever its mode.
const RULE_KEYS: &[&str] = &[
    "id",
    "message",
    "severity",
    "languages",
    "metadata",
    "paths",
    "options",
    "fix",
    "fix-regex",
    "min-version",
    "max-version",
    "version",
    "mode",
    "match",
    "pattern",
    "patterns",
    "pattern-either",
    "pattern-regex",
    "taint",
    "pattern-sources",
    "pattern-sinks",
    "pattern-sanitizers",
    "pattern-propagators",
    "join",
    "extract",
    "dest-language",
    "dest-rules",
    "transform",
    "reduce",
    "steps",
    "product",
    "validators",
    "dependencies",
    "interfile",
    "equivalences",
    "r2c-internal-project-depends-on",
];

/// Reads a rule; one within a join rule needs no message and no severity.
fn rule_within(loader: &mut Loader, node: &Node, join: Option<&str>) -> Option<Rule> {
    if join.is_none() {
        loader.rule_id = None;
    }
    let map = loader.map(node, "a rule")?;
    let id = loader.required_string(node, map, "id", "a rule")?.to_string();
    if let Some(odd) = id.chars().find(|c| !(c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-'))) {
        let key = map.get("id").expect("the id was just read");
        loader.error(key, format!("a rule id has no `{odd}`"));
        loader.hint("use letters, digits, `.`, `_` and `-`");
        return None;
    }
    // No rule of a file has such an id.
    let id = join.map_or_else(|| id.clone(), |join| format!("{join}/{id}"));
    loader.rule_id = Some(id.clone());
    check_version(loader, map)?;
    loader.check_keys(map, &[RULE_KEYS, classic::FILTER_KEYS].concat(), "a rule");
    if classic::has_pattern(map) {
        for (key, _) in map.entries.iter().filter(|(k, _)| classic::FILTER_KEYS.contains(&k.text())) {
            loader.error(key, format!("`{}` has no effect here", key.text()));
            loader.hint("put it under `patterns:`, and the rule's pattern beside it");
        }
    }

    // Everything is read before any of it is required, so that one run shows all errors of a rule.
    let name = rule_mode(loader, map);
    let message = match name {
        "extract" => Some(String::new()),
        _ if join.is_some() && !map.has("message") => Some(String::new()),
        _ => loader.required_string(node, map, "message", "a rule").map(str::to_string),
    };
    let severity = match join {
        Some(_) if !map.has("severity") => Some((Severity::Info, "INFO".to_string())),
        _ => severity(loader, node, map, name),
    };
    let options = map.get("options").map_or_else(|| Some(Options::default()), |o| options::read(loader, o));
    let targets = targets::read(loader, node, map, name);
    let paths = map.get("paths").map_or_else(|| Some(Paths::default()), |p| paths(loader, p));
    let fix = loader.string(map, "fix");
    let fix_regex = match map.get("fix-regex") {
        Some(f) => fix_regex(loader, f).map(Some),
        None => Some(None),
    };
    if join.is_some() && !matches!(name, "search" | "taint" | "wrong") {
        loader.error(map.get("mode").map_or(node, |mode| mode), format!("a join rule does not join {name} rules"));
        loader.hint("join search and taint rules");
        return None;
    }
    let mode = mode(loader, node, map, name, &id);
    let (severity, severity_text) = severity?;
    Some(Rule {
        id,
        message: message?,
        severity,
        severity_text,
        targets: targets?,
        metadata: map.get("metadata").map_or(serde_json::Value::Null, |m| m.to_json()),
        paths: paths?,
        options: options?,
        fix: fix?.map(|f| f.trim().to_string()),
        fix_regex: fix_regex?,
        mode: mode?,
        is_part: join.is_some(),
        place: loader.place(node),
    })
}

fn rule_mode<'m>(loader: &mut Loader, map: &'m Map) -> &'m str {
    match map.get("mode") {
        Some(mode) => match mode.as_str() {
            Some(name @ ("search" | "taint" | "join" | "extract" | "step")) => name,
            _ => {
                loader.one_of(mode, "mode", &["search", "taint", "join", "extract", "step"]);
                "wrong"
            }
        },
        None if map.has("taint") => "taint",
        None => "search",
    }
}

fn mode(loader: &mut Loader, node: &Node, map: &Map, name: &str, id: &str) -> Option<Mode> {
    match name {
        "search" => {
            let wrong = ["pattern-sources", "pattern-sinks"].iter().find_map(|k| map.entry(k));
            if let Some((key, _)) = wrong {
                loader.error(key, format!("`{}` belongs to taint rules", key.text()));
                loader.hint("add `mode: taint`");
                return None;
            }
            // A rule about dependencies alone has no pattern; it is about lockfiles, which are not matched here.
            let depends = map.has("r2c-internal-project-depends-on") || map.has("dependencies");
            if depends && !classic::has_pattern(map) {
                return Some(Mode::Unsupported("dependencies".to_string()));
            }
            formula_of_rule(loader, node, map).map(Mode::Search)
        }
        "taint" => taint::read(loader, node, map).map(|taint| Mode::Taint(Box::new(taint))),
        "extract" => extract::read(loader, node, map).map(|extract| Mode::Extract(Box::new(extract))),
        "join" => join::read(loader, node, map, id).map(|join| Mode::Join(Box::new(join))),
        "step" => {
            loader.required(node, map, "steps", "a step rule")?;
            Some(Mode::Unsupported("step".to_string()))
        }
        _ => None,
    }
}

/// The formula of a rule, in the syntax it uses.
fn formula_of_rule(loader: &mut Loader, node: &Node, map: &Map) -> Option<Formula> {
    let Some(value) = map.get("match") else {
        return classic::formula(loader, node, map, "a rule", Scope::Rule);
    };
    if let Some((key, _)) = classic::ROOT_KEYS.iter().find_map(|k| map.entry(k)) {
        loader.error(key, format!("a rule has `match` or `{}`, not both", key.text()));
        loader.hint("put the one below the other, under `all` or `any`");
        return None;
    }
    modern::formula(loader, value, Scope::Rule)
}

const SEVERITIES: &[&str] =
    &["CRITICAL", "HIGH", "MEDIUM", "LOW", "INFO", "ERROR", "WARNING", "INVENTORY", "EXPERIMENT"];

fn severity(loader: &mut Loader, node: &Node, map: &Map, mode: &str) -> Option<(Severity, String)> {
    if mode == "extract" && !map.has("severity") {
        return Some((Severity::Info, "INFO".to_string()));
    }
    let value = loader.required(node, map, "severity", "a rule")?;
    let severity = match value.as_str() {
        Some("CRITICAL") => Severity::Critical,
        Some("HIGH" | "ERROR") => Severity::High,
        Some("MEDIUM" | "WARNING") => Severity::Medium,
        Some("LOW") => Severity::Low,
        Some("INFO" | "INVENTORY" | "EXPERIMENT") => Severity::Info,
        _ => {
            loader.one_of(value, "severity", SEVERITIES);
            return None;
        }
    };
    Some((severity, value.text().to_string()))
}

fn paths(loader: &mut Loader, node: &Node) -> Option<Paths> {
    let map = loader.map(node, "`paths`")?;
    loader.check_keys(map, &["include", "exclude"], "`paths`");
    let include = loader.strings(map, "include");
    let exclude = loader.strings(map, "exclude");
    Some(Paths { include: include?, exclude: exclude? })
}

fn fix_regex(loader: &mut Loader, node: &Node) -> Option<FixRegex> {
    let map = loader.map(node, "`fix-regex`")?;
    loader.check_keys(map, &["regex", "replacement", "count"], "`fix-regex`");
    let regex = loader.required_pattern(node, map, "regex", "`fix-regex`");
    let replacement = loader.required_string(node, map, "replacement", "`fix-regex`");
    let count = match map.get("count") {
        None => None,
        Some(count) => match count.as_int().map(u32::try_from) {
            Some(Ok(n)) => Some(n),
            _ => {
                loader.wrong_type(count, "count", "a whole number that is not negative");
                return None;
            }
        },
    };
    Some(FixRegex { regex: regex?, replacement: replacement?.to_string(), count })
}

/// Rules that need another version of the language are not read further: what they contain may be unknown here.
fn check_version(loader: &mut Loader, map: &Map) -> Option<()> {
    for (key, bound) in [("min-version", std::cmp::Ordering::Greater), ("max-version", std::cmp::Ordering::Less)] {
        let Some(value) = map.get(key) else { continue };
        let Some(version) = value.as_str().and_then(parse_version) else {
            loader.wrong_type(value, key, "a version such as \"1.50.0\"");
            return None;
        };
        if version.cmp(&LANGUAGE_VERSION) == bound {
            let [major, minor, patch] = LANGUAGE_VERSION;
            let what = if key == "min-version" { "needs a newer version" } else { "is for an older version" };
            loader.error(
                value,
                format!(
                    "the rule {what} of the rule language ({}) than the {major}.{minor}.{patch} that is known here",
                    value.text()
                ),
            );
            return None;
        }
    }
    Some(())
}

fn parse_version(text: &str) -> Option<[u32; 3]> {
    let core = text.split(['-', '+']).next()?;
    let mut numbers = core.split('.').map(|n| n.parse::<u32>());
    let version = [numbers.next()?.ok()?, numbers.next()?.ok()?, numbers.next()?.ok()?];
    numbers.next().is_none().then_some(version)
}
