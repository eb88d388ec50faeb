//! What is fuzzed: each part of the engine with its seeds, its tokens and what must hold of its results.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use rampart_rules::generic::{GenericDoc, GenericPattern};
use rampart_rules::load::load_str;
use rampart_rules::model::{Condition, Formula, FormulaKind, Mode, Options, Rule};
use rampart_rules::{CompileOptions, FileInput, Limits, RuleSet, Settings};
use rampart_syntax::{Lang, ParseFailure, Span, Tree};

use super::words::{GENERIC_WORDS, PATTERN_WORDS, RULE_WORDS, words};

/// How long a grammar may take. Far above what honest text of 64 kB takes.
pub const PARSE_LIMIT: Duration = Duration::from_millis(800);

/// Nodes that a tree may have for each byte, and in any case: a small file must not become a large tree.
const NODES_PER_BYTE: usize = 8;
const NODES: usize = 5_000;

/// What became of one input.
#[derive(Debug)]
pub enum Verdict {
    Fine,
    /// A limit that the engine is meant to have cut the work short.
    GaveUp,
    Wrong(String),
}

pub struct Target {
    pub name: &'static str,
    pub seeds: Vec<String>,
    pub words: Vec<&'static str>,
    pub run: Box<dyn Fn(&str) -> Verdict + Send + Sync>,
}

/// All targets, with seeds from `rules/` and `examples/`.
pub fn all() -> anyhow::Result<Vec<Target>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().context("the automation lives below the root")?;
    let mut files = Vec::new();
    for folder in ["rules", "examples"] {
        collect(&root.join(folder), &mut files);
    }
    files.sort();
    let texts: Vec<(PathBuf, String)> =
        files.into_iter().filter_map(|file| Some((file.clone(), std::fs::read_to_string(file).ok()?))).collect();
    let of = |endings: &[&str]| -> Vec<String> {
        let fits = |path: &Path| path.extension().and_then(|e| e.to_str()).is_some_and(|e| endings.contains(&e));
        texts.iter().filter(|(path, _)| fits(path)).map(|(_, text)| text.clone()).collect()
    };
    let rule_texts = of(&["yaml", "yml"]);
    let mut rules: Vec<Rule> = rule_texts.iter().flat_map(|text| load_str("rules", text).0).collect();
    let patterns = patterns(&rules);
    let mixed = load_str("mixed", &mixed_rules()).0;
    anyhow::ensure!(!mixed.is_empty(), "the rules of this file cannot be read");
    let compile = |rules| RuleSet::compile(rules, &CompileOptions::default()).0;
    let sets = Arc::new([compile(std::mem::take(&mut rules)), compile(mixed)]);

    let mut targets =
        vec![Target { name: "rules", seeds: rule_texts.clone(), words: RULE_WORDS.to_vec(), run: Box::new(rule_file) }];
    for lang in Lang::ALL {
        let seeds = match lang {
            Lang::Python => of(&["py"]),
            Lang::JavaScript => of(&["js"]),
            // There are few in TypeScript; its grammar reads the others too.
            Lang::TypeScript => of(&["ts", "js"]),
            Lang::Tsx => of(&["tsx", "ts", "js"]),
            Lang::Java => of(&["java"]),
            Lang::Go => of(&["go"]),
        };
        anyhow::ensure!(!seeds.is_empty(), "no files of {} in rules/", lang.name());
        let sets = sets.clone();
        targets.push(Target {
            name: lang.name(),
            seeds,
            words: words(lang).to_vec(),
            run: Box::new(move |text| code(lang, text, &sets)),
        });
    }
    let generic_seeds: Vec<String> = of(&["py", "js", "java", "go", "yaml"]);
    targets.push(Target {
        name: "generic",
        seeds: generic_seeds,
        words: GENERIC_WORDS.to_vec(),
        run: Box::new(generic),
    });
    anyhow::ensure!(!patterns.is_empty(), "no patterns in rules/");
    let samples: Vec<(Lang, String)> = Lang::ALL
        .into_iter()
        .flat_map(|lang| {
            let name = if lang == Lang::Tsx { "typescript" } else { lang.name() };
            let own = patterns.iter().filter(move |(of, _)| of == name).map(move |(_, text)| (lang, text.clone()));
            own.take(400)
        })
        .collect();
    let seeds = samples.into_iter().map(|(lang, text)| format!("{}\n{text}", lang.name())).collect();
    let mut all_words: Vec<&str> = Lang::ALL.into_iter().flat_map(words).copied().collect();
    all_words.extend(PATTERN_WORDS);
    let fixtures = [of(&["py"]), of(&["js"]), of(&["ts"]), of(&["tsx"]), of(&["java"]), of(&["go"])]
        .map(|texts| texts.into_iter().take(4).collect::<Vec<_>>().join("\n"));
    let flow_seeds = Lang::ALL.into_iter().flat_map(|lang| {
        let texts = match lang {
            Lang::Python => of(&["py"]),
            Lang::JavaScript | Lang::TypeScript | Lang::Tsx => of(&["js", "ts"]),
            Lang::Java => of(&["java"]),
            Lang::Go => of(&["go"]),
        };
        texts.into_iter().map(move |text| format!("{}\n{text}", lang.name()))
    });
    targets.push(Target {
        name: "flow",
        seeds: flow_seeds.collect(),
        words: all_words.clone(),
        run: Box::new(super::flow::run),
    });
    targets.push(Target {
        name: "pattern",
        seeds,
        words: all_words,
        run: Box::new(move |text| pattern(text, &fixtures)),
    });
    Ok(targets)
}

fn collect(folder: &Path, out: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() { collect(&path, out) } else { out.push(path) }
    }
}

// ── what is run ──────────────────────────────────────────────────────────────────────────────────

fn rule_file(text: &str) -> Verdict {
    let (rules, errors) = load_str("fuzz.yaml", text);
    // A lone carriage return ends a line of YAML too, and a mistake may be at the end of the text, below its last line.
    let lines = text.bytes().filter(|byte| matches!(byte, b'\n' | b'\r')).count() as u32 + 2;
    if let Some(error) = errors.iter().find(|error| error.place.line > lines) {
        return Verdict::Wrong(format!("an error at line {} of {lines}: {error}", error.place.line));
    }
    let (set, _) = RuleSet::compile(rules, &CompileOptions::default());
    for (lang, text) in [(Lang::Python, "f(x, 1)\nx = \"a\" + b\n"), (Lang::JavaScript, "f(x, 1);\nlet x = `a${b}`;\n")]
    {
        let outcome =
            set.scan(&FileInput { path: "a/b", text, lang: Some(lang), settings: &Settings::default() }, &limits());
        if let Some(wrong) = outcome.matches.iter().find(|found| !inside(found.span, text)) {
            return Verdict::Wrong(format!("a match at {:?}", wrong.span));
        }
    }
    Verdict::Fine
}

fn code(lang: Lang, text: &str, [own, mixed]: &[RuleSet; 2]) -> Verdict {
    let mut tree = match rampart_syntax::parse(lang, text, Arc::default(), PARSE_LIMIT) {
        Ok(tree) => tree,
        Err(ParseFailure::Timeout) => return Verdict::GaveUp,
        Err(failure) => return Verdict::Wrong(failure.to_string()),
    };
    if let Err(wrong) = check_tree(&tree, text) {
        return Verdict::Wrong(wrong);
    }
    let names = rampart_syntax::resolve::resolve(&mut tree, lang);
    for id in tree.ids() {
        names.import(id);
        names.type_of(&tree, id);
    }
    // The mixed rules take a hundred times as long as our own, and one input is like many others to them.
    let set = if text.len().is_multiple_of(8) { mixed } else { own };
    let outcome =
        set.scan(&FileInput { path: "a/b", text, lang: Some(lang), settings: &Settings::default() }, &limits());
    match outcome
        .matches
        .iter()
        .find(|found| !inside(found.span, text) || found.metavariables.iter().any(|(_, span, _)| !inside(*span, text)))
    {
        Some(wrong) => Verdict::Wrong(format!(
            "rule {} matches at {:?}, {:?}",
            set.rules()[wrong.rule].id,
            wrong.span,
            wrong.metavariables
        )),
        None => Verdict::Fine,
    }
}

fn generic(text: &str) -> Verdict {
    // The first lines are the pattern, the rest is the text, as far as there is an empty line between them.
    let (first, rest) = text.split_once("\n\n").unwrap_or((text, text));
    for (pattern, text) in
        [(first, rest), ("$X ... $Y", text), ("$...X ( ... $Y ... ) ... $X", text), ("a\n  ...\n  $X\n...", text)]
    {
        let Ok(pattern) = GenericPattern::compile(pattern, &Options::default()) else { continue };
        let found = pattern.matches(&GenericDoc::new(text, None));
        for one in &found.matches {
            let spans = one.bindings.iter().map(|&(_, start, end)| (start, end)).chain([(one.start, one.end)]);
            if let Some(wrong) = spans.into_iter().find(|&(start, end)| text.get(start..end).is_none()) {
                return Verdict::Wrong(format!("a match at {wrong:?}"));
            }
        }
    }
    Verdict::Fine
}

/// The first line is the language; the rest is the pattern, alone and in a rule that runs on real files.
fn pattern(text: &str, fixtures: &[String; 6]) -> Verdict {
    let (first, text) = text.split_once('\n').unwrap_or(("python", text));
    let lang = Lang::ALL.into_iter().find(|lang| lang.name() == first.trim()).unwrap_or(Lang::Java);
    let Ok(pattern) = rampart_syntax::pattern::read(lang, text, &Arc::default()) else { return Verdict::Fine };
    // Placeholders are longer than what they stand for, and a pattern may be mostly placeholders.
    if pattern.tree.len() > NODES + text.len() * NODES_PER_BYTE {
        return Verdict::Wrong(format!("{} nodes", pattern.tree.len()));
    }
    let Ok(quoted) = serde_json::to_string(text) else { return Verdict::Fine };
    let name = if lang == Lang::Tsx { "typescript" } else { lang.name() };
    let rule = format!("rules:\n- {{id: a, severity: LOW, message: $X, languages: [{name}], pattern: {quoted}}}\n");
    let (set, _) = RuleSet::compile(load_str("fuzz.yaml", &rule).0, &CompileOptions::default());
    let file =
        FileInput { path: "a/b", text: &fixtures[lang as usize], lang: Some(lang), settings: &Settings::default() };
    match set.scan(&file, &limits()).matches.iter().find(|found| !inside(found.span, file.text)) {
        Some(wrong) => Verdict::Wrong(format!("a match at {:?}", wrong.span)),
        None => Verdict::Fine,
    }
}

/// A tenth of what the scanner allows: an input that is slow all the same does work that is not counted.
fn limits() -> Limits {
    let usual = Limits::default();
    let (steps, file_steps) = (usual.steps / 10, usual.file_steps / 10);
    Limits { parse: PARSE_LIMIT, ignore_paths: true, steps, file_steps, ..usual }
}

// ── what must hold ───────────────────────────────────────────────────────────────────────────────

fn inside(span: Span, text: &str) -> bool {
    text.get(span.range()).is_some()
}

/// The promises of [`Tree`]: children before their parents, subtrees without gaps, spans in the text.
fn check_tree(tree: &Tree, text: &str) -> Result<(), String> {
    if tree.len() > NODES + text.len() * NODES_PER_BYTE {
        return Err(format!("{} nodes for {} bytes", tree.len(), text.len()));
    }
    let mut depths = vec![0u32; tree.len()];
    for id in tree.ids().rev() {
        let node = &tree[id];
        if !inside(node.span, text) {
            return Err(format!("{:?} {id:?} at {:?}", node.kind, node.span));
        }
        // A node may stand in several places; each of them knows where its children are.
        for &child in tree.children(id) {
            if child >= id || child.0 < node.low {
                return Err(format!("{:?} {id:?} from {} has the child {child:?}", node.kind, node.low));
            }
            depths[child.index()] = depths[id.index()] + 1;
        }
        if tree.parent(id).is_some_and(|up| up <= id) {
            return Err(format!("the parent of {id:?} comes first"));
        }
    }
    // Each level of the grammar becomes a few of the tree at most.
    let deepest = depths.into_iter().max().unwrap_or(0) as usize;
    if deepest > rampart_syntax::MAX_DEPTH * 4 { Err(format!("{deepest} levels")) } else { Ok(()) }
}

// ── seeds and tokens ─────────────────────────────────────────────────────────────────────────────

/// The patterns of rules with the language they are written in.
fn patterns(rules: &[Rule]) -> Vec<(String, String)> {
    fn walk(formula: &Formula, out: &mut Vec<String>) {
        match &formula.kind {
            FormulaKind::Pattern(pattern) => out.push(pattern.text.clone()),
            FormulaKind::Regex(_) => {}
            FormulaKind::And(parts) | FormulaKind::Or(parts) => parts.iter().for_each(|part| walk(part, out)),
            FormulaKind::Not(inner) | FormulaKind::Inside(inner) | FormulaKind::Anywhere(inner) => walk(inner, out),
        }
        for condition in &formula.conditions {
            if let Condition::Pattern { formula, .. } = condition {
                walk(formula, out);
            }
        }
    }
    let mut out = Vec::new();
    for rule in rules {
        if let Mode::Search(formula) = &rule.mode {
            let mut texts = Vec::new();
            walk(formula, &mut texts);
            let langs: Vec<&str> = rule.targets.langs.iter().map(|lang| lang.name()).collect();
            out.extend(
                texts.into_iter().flat_map(|text| langs.iter().map(move |lang| (lang.to_string(), text.clone()))),
            );
        }
    }
    out
}

/// Rules that match nearly everywhere, of every kind.
fn mixed_rules() -> String {
    let patterns: [(&str, &[&str]); 4] = [
        (
            "python",
            &[
                "def $F(..., $A, ...): ...",
                "if $X: ...",
                "$X = $Y\n...\n$Z = $X",
                "class $C(...): ...",
                "f\"...{$X}...\"",
                "with $X: ...",
                "for $I in $L: ...",
                "[..., $X, ...]",
                "lambda ...: $X",
                "{..., $K: $V, ...}",
                "import $M",
                "@$D\ndef $F(...): ...",
                "f(..., $K=$V, ...)",
            ],
        ),
        (
            "javascript, typescript",
            &[
                "function $F(..., $A, ...) { ... }",
                "if ($X) { ... }",
                "$X = $Y; ... $Z = $X;",
                "class $C { ... }",
                "`...${$X}...`",
                "(...) => $X",
                "{..., $K: $V, ...}",
                "<$T ... $A=$V ... />",
                "import $X from '...'",
                "try { ... } catch ($E) { ... }",
                "[..., $X, ...]",
            ],
        ),
        (
            "java",
            &[
                "$T $F(..., $P $A, ...) { ... }",
                "if ($X) { ... }",
                "$T $X = $Y; ... $Z($X);",
                "class $C { ... }",
                "($T $X).$M(...)",
                "new $T(..., $X, ...)",
                "@$A(...)",
                "try { ... } catch ($E $N) { ... }",
                "import $M;",
                "for ($T $I : $L) { ... }",
            ],
        ),
        (
            "go",
            &[
                "func $F(..., $A $T, ...) { ... }",
                "if $X { ... }",
                "$X := $Y\n...\n$Z($X)",
                "type $T struct { ... }",
                "$T{..., $K: $V, ...}",
                "for $I := range $L { ... }",
                "go $F(...)",
                "import \"$M\"",
                "func (...) $F(...) { ... }",
            ],
        ),
    ];
    let everywhere = [
        "$X",
        "$F(...)",
        "$F(..., $X, ..., $Y, ...)",
        "$A + $B",
        "$X.$Y",
        "$F(<... $X ...>)",
        "$X.$F(...). ... .$G(...)",
        "\"...\"",
        "\"$X\"",
        "$A == $A",
        "1",
    ];
    let mut text = String::from("rules:\n");
    for (langs, own) in patterns {
        for (number, pattern) in own.iter().chain(&everywhere).enumerate() {
            let options = if number % 3 == 0 { "{symbolic_propagation: true}" } else { "{}" };
            let head = format!("severity: LOW, message: \"$X $Y value($X)\", languages: [{langs}], options: {options}");
            let pattern = pattern.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n");
            text.push_str(&format!(
                "- {{id: a{}{number}, {head}, pattern: \"{pattern}\", fix: \"f($X)\"}}\n",
                langs.len()
            ));
            text.push_str(&format!(
                "- {{id: b{}{number}, {head}, patterns: [{{pattern: \"{pattern}\"}}, {{pattern-inside: \"{pattern}\"}}, \
                 {{pattern-not: \"f(...)\"}}, {{metavariable-regex: {{metavariable: $X, regex: \"(?!a)\\\\w+\"}}}}, \
                 {{metavariable-pattern: {{metavariable: $X, pattern: $Z}}}}, {{focus-metavariable: $X}}]}}\n",
                langs.len()
            ));
        }
    }
    text
}
