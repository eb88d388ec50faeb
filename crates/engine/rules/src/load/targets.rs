//! `languages:` — what a rule runs on.

use rampart_syntax::Lang;

use super::fields::Loader;
use crate::model::Targets;
use crate::yaml::{Map, Node};

/// `None` after reporting what is wrong.
pub fn read(loader: &mut Loader, node: &Node, map: &Map, mode: &str) -> Option<Targets> {
    // The rules that a join rule joins have languages of their own.
    if mode == "join" && !map.has("languages") {
        return Some(Targets::default());
    }
    let value = loader.required(node, map, "languages", "a rule")?;
    let items = loader.list(value, "languages")?;
    if items.is_empty() {
        loader.error(value, "`languages` is empty".to_string());
        loader.hint("name at least one language");
        return None;
    }
    let mut targets = Targets::default();
    let mut good = true;
    for item in items {
        let name = item.as_str().unwrap_or("");
        good &= add(loader, item, &mut targets);
        targets.names.push(name.to_string());
    }
    if items.len() > 1 && (targets.generic || targets.regex) {
        loader.error(value, "`generic` and `regex` cannot stand beside other languages".to_string());
        loader.hint("write one rule per kind of language");
        return None;
    }
    targets.langs.sort_unstable();
    targets.langs.dedup();
    good.then_some(targets)
}

/// A single language.
pub fn one(loader: &mut Loader, item: &Node) -> Option<Targets> {
    let mut targets = Targets { names: vec![item.text().to_string()], ..Targets::default() };
    add(loader, item, &mut targets).then_some(targets)
}

fn add(loader: &mut Loader, item: &Node, targets: &mut Targets) -> bool {
    let name = item.as_str().unwrap_or("");
    match (Lang::from_rule_name(name), name) {
        (Some(lang), _) => {
            targets.langs.push(lang);
            if lang == Lang::TypeScript {
                targets.langs.push(Lang::Tsx);
            }
        }
        (None, "generic") => targets.generic = true,
        (None, "regex" | "none") => targets.regex = true,
        (None, _) if OTHER_LANGUAGES.contains(&name.to_ascii_lowercase().as_str()) => {
            targets.unsupported.push(name.to_string());
        }
        _ => return loader.one_of(item, "language", &languages()),
    }
    true
}

/// Every name that a rule may use.
pub fn languages() -> Vec<&'static str> {
    OWN_LANGUAGES.iter().chain(OTHER_LANGUAGES).copied().collect()
}

pub fn is_language(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    OWN_LANGUAGES.contains(&&*name) || OTHER_LANGUAGES.contains(&&*name)
}

/// Names of languages that the rule language knows and that have no grammar here.
const OTHER_LANGUAGES: &[&str] = &[
    "apex",
    "bash",
    "sh",
    "c",
    "cairo",
    "circom",
    "clojure",
    "cpp",
    "c++",
    "csharp",
    "c#",
    "dart",
    "dockerfile",
    "docker",
    "fga",
    "openfga",
    "elixir",
    "ex",
    "gosu",
    "hack",
    "html",
    "json",
    "jsonnet",
    "julia",
    "kotlin",
    "kt",
    "lisp",
    "lua",
    "move_on_sui",
    "move_on_aptos",
    "objc",
    "objectivec",
    "objective-c",
    "ocaml",
    "php",
    "powershell",
    "promql",
    "protobuf",
    "proto",
    "proto3",
    "ql",
    "r",
    "ruby",
    "rust",
    "scala",
    "scheme",
    "solidity",
    "sol",
    "swift",
    "terraform",
    "tf",
    "hcl",
    "vue",
    "xml",
    "yaml",
];

const OWN_LANGUAGES: &[&str] = &[
    "python",
    "python2",
    "python3",
    "py",
    "javascript",
    "js",
    "typescript",
    "ts",
    "java",
    "go",
    "golang",
    "generic",
    "regex",
    "none",
];
