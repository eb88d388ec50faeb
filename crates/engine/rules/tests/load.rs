//! Rule files as users write them, right and wrong.

use rampart_rules::load::load_str;
use rampart_rules::model::{Condition, Formula, FormulaKind, Mode, Rule, Severity};
use rampart_syntax::Lang;

const GOOD: &str = "- {id: good, message: m, severity: LOW, languages: [go], pattern: f()}";

/// The body of a rule for which only its pattern matters.
fn rule(rest: &str) -> String {
    let rest: String = rest.lines().map(|l| format!("    {l}\n")).collect();
    format!("rules:\n  - id: a\n    message: m\n    severity: LOW\n    languages: [go]\n{rest}  {GOOD}\n")
}

fn load(text: &str) -> Vec<Rule> {
    let (rules, errors) = load_str("r.yaml", text);
    assert!(errors.is_empty(), "{text}\n{errors:?}");
    rules
}

/// Formulas in short, so that tests can say what they expect.
fn show(f: &Formula) -> String {
    let list = |fs: &[Formula]| fs.iter().map(show).collect::<Vec<_>>().join(" ");
    let mut text = match &f.kind {
        FormulaKind::Pattern(p) => format!("`{}`", p.text.trim_end()),
        FormulaKind::Regex(p) => format!("/{}/", p.text),
        FormulaKind::And(fs) => format!("and({})", list(fs)),
        FormulaKind::Or(fs) => format!("or({})", list(fs)),
        FormulaKind::Not(f) => format!("not({})", show(f)),
        FormulaKind::Inside(f) => format!("in({})", show(f)),
        FormulaKind::Anywhere(f) => format!("anywhere({})", show(f)),
    };
    for c in &f.conditions {
        text += &match c {
            Condition::Regex { metavariable, regex, constant_propagation } => {
                format!(" {metavariable}~{}{}", regex.text, if *constant_propagation { "!" } else { "" })
            }
            Condition::Pattern { metavariable, language, formula } => {
                format!(" {metavariable}<{}>={}", language.as_deref().unwrap_or(""), show(formula))
            }
            Condition::Comparison { comparison, base, strip, .. } => {
                format!(" [{} {base:?} {strip}]", comparison.text)
            }
            Condition::Analysis { metavariable, analyzer } => format!(" {metavariable}:{analyzer:?}"),
            Condition::Type { metavariable, types, .. } => format!(" {metavariable}:{}", types.join("|")),
            Condition::Setting { key, regex, value, place } => {
                let regex = regex.as_ref().map_or("", |regex| &regex.text);
                let bound: Vec<&str> = value.iter().chain(place).map(String::as_str).collect();
                format!(" {{{}~{regex} {}}}", key.text, bound.join(" "))
            }
            Condition::Name { metavariable, spec } => format!(" {metavariable}:{spec}"),
        };
    }
    for group in &f.focus {
        text += &format!(" focus({})", group.join(" "));
    }
    if let Some(name) = &f.bind_as {
        text += &format!(" as {name}");
    }
    if let Some(fix) = &f.fix {
        text += &format!(" fix {fix}");
    }
    text
}

#[test]
fn formulas_of_both_syntaxes_become_one_model() {
    let cases = [
        ("pattern: f()", "`f()`"),
        ("pattern: |\n  f()\n  g()", "`f()\ng()`"),
        ("pattern-regex: a+", "/a+/"),
        ("pattern-either: [{pattern: f()}, {pattern-regex: x}]", "or(`f()` /x/)"),
        (
            "patterns:\n- pattern: f($X)\n- pattern-not: f(1)\n- pattern-inside: class A\n- pattern-not-inside:\n    pattern-either:\n    - pattern: a\n    - pattern: b\n- pattern-not-regex: z",
            "and(`f($X)` not(`f(1)`) in(`class A`) not(in(or(`a` `b`))) not(/z/))",
        ),
        (
            "patterns:\n- pattern: f($X)\n- focus-metavariable: $X\n- focus-metavariable: [$Y, $Z]\n- metavariable-regex: {metavariable: $X, regex: a}",
            "and(`f($X)`) $X~a focus($X) focus($Y $Z)",
        ),
        (
            "patterns:\n- pattern: f($X)\n- metavariable-pattern:\n    metavariable: $X\n    language: generic\n    patterns:\n    - pattern-not: x",
            "and(`f($X)`) $X<generic>=and(not(`x`))",
        ),
        (
            "patterns:\n- pattern: f($X)\n- metavariable-comparison: {metavariable: $X, comparison: $X > 1, base: '16', strip: true}\n- metavariable-analysis: {analyzer: {kind: entropy_v2, mode: strict}, metavariable: $X}\n- metavariable-type: {metavariable: $X, types: [int, str]}",
            "and(`f($X)`) [$X > 1 Some(16) true] $X:Entropy $X:int|str",
        ),
        (
            "patterns:\n- pattern: f($A, $B)\n- setting: {key: $A.$B, regex: md5, value: $V, place: $P}\n- setting: {key: a}",
            "and(`f($A, $B)`) {$A.$B~md5 $V $P} {a~ }",
        ),
        ("match:\n  pattern: f($X)\n  where:\n  - setting: {key: $X}", "`f($X)` {$X~ }"),
        ("match: f()", "`f()`"),
        ("match:\n  any:\n  - f()\n  - regex: x\n  - inside: g()", "or(`f()` /x/ in(`g()`))"),
        (
            "match:\n  all:\n  - f($X)\n  - not: f(1)\n  - not: {inside: h()}\n  - anywhere: k\n  where:\n  - metavariable: $X\n    regex: a\n  - comparison: $X == 1\n  - focus: $X\n  - metavariable: $X\n    type: int\n  - metavariable: $X\n    analyzer: redos\n  - metavariable: $X\n    not: q",
            "and(`f($X)` not(`f(1)`) not(in(`h()`)) anywhere(`k`)) $X~a! [$X == 1 None false] $X:int $X:Redos $X<>=not(`q`) focus($X)",
        ),
        ("match:\n  pattern: f()\n  as: $F\n  fix: g()", "`f()` as $F fix g()"),
    ];
    for (text, expected) in cases {
        match &load(&rule(text))[0].mode {
            Mode::Search(formula) => assert_eq!(show(formula), expected, "{text}"),
            other => panic!("{text}: {other:?}"),
        }
    }
}

#[test]
fn fields_are_read() {
    let rules = load(
        "rules:\n- id: a\n  message: m\n  severity: WARNING\n  languages: [ts, python, ruby]\n  pattern: f()\n  metadata: {cwe: ['CWE-1'], n: 1, d: 2021-01-01}\n  paths: {include: ['*.py'], exclude: [a/]}\n  options: {symmetric_eq: true, generic_ellipsis_max_span: 0, taint_unify_mvars: true, interfile: true}\n  fix: |\n    g()\n  fix-regex: {regex: a, replacement: b, count: 1}\n  min-version: 1.20.0\n",
    );
    let r = &rules[0];
    assert_eq!((r.severity, r.severity_text.as_str()), (Severity::Medium, "WARNING"));
    assert_eq!(r.targets.langs, [Lang::Python, Lang::TypeScript, Lang::Tsx]);
    assert_eq!(r.targets.unsupported, ["ruby"]);
    assert_eq!(r.metadata.to_string(), r#"{"cwe":["CWE-1"],"n":1,"d":"2021-01-01"}"#);
    assert_eq!((&r.paths.include[..], &r.paths.exclude[..]), (&["*.py".to_string()][..], &["a/".to_string()][..]));
    assert!(r.options.symmetric_eq && r.options.generic_ellipsis_max_span == 0);
    assert_eq!(r.options.taint.len(), 1);
    assert_eq!(r.fix.as_deref(), Some("g()"));
    assert_eq!(r.fix_regex.as_ref().map(|f| (f.regex.text.as_str(), f.count)), Some(("a", Some(1))));
    assert_eq!((r.place.line, r.place.column), (2, 3));
}

#[test]
fn a_pattern_knows_where_its_text_begins() {
    for (text, line, column) in [("pattern: f()", 6, 14), ("pattern: |\n  f()\n", 7, 7), ("pattern: 'f()'", 6, 14)] {
        match &load(&rule(text))[0].mode {
            Mode::Search(Formula { kind: FormulaKind::Pattern(p), .. }) => {
                assert_eq!((p.place.line, p.place.column), (line, column), "{text}");
            }
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn json_and_aliases_and_lists_without_a_key_are_rule_files() {
    let json = r#"{"rules": [{"id": "a", "message": "m", "severity": "HIGH", "languages": ["java"], "pattern": "f(\"a\\n\")"}]}"#;
    assert_eq!(load(json).len(), 1);
    let aliases = "rules:\n- &r\n  id: a\n  message: &m hello\n  severity: HIGH\n  languages: [java]\n  pattern: f()\n- id: b\n  message: *m\n  severity: HIGH\n  languages: [java]\n  pattern: f()\n";
    assert_eq!(load(aliases)[1].message, "hello");
    assert_eq!(load(GOOD).len(), 1);
    assert_eq!(load("").len(), 0);
    assert_eq!(load("\u{feff}rules: []\n").len(), 0);
}

#[test]
fn other_modes_are_known_and_checked() {
    let cases = [
        (
            "mode: taint\npattern-sources: [{pattern: a, exact: true}]\npattern-sinks:\n- patterns: [{pattern: b}]\n  requires: A",
            "taint",
        ),
        (
            "taint:\n  sources: [a, {pattern: b, label: A}]\n  sinks: [{any: [a, b]}]\n  propagators: [{pattern: p, from: $A, to: $B}]",
            "taint",
        ),
        ("mode: extract\npattern: a\nextract: $X\ndest-language: js", "extract"),
        ("mode: join\njoin: {refs: [{rule: good}, {rule: g.yaml, as: b}], on: [good.$X == b.path]}", "join"),
        ("mode: join\njoin: {rules: [{id: b, languages: [go], pattern: f($X)}], on: [b.$X > b.$X]}", "join"),
        ("r2c-internal-project-depends-on: {namespace: npm, package: a, version: '< 1'}", "dependencies"),
    ];
    for (text, expected) in cases {
        match &load(&rule(text))[0].mode {
            Mode::Taint(_) => assert_eq!(expected, "taint"),
            Mode::Extract(_) => assert_eq!(expected, "extract"),
            Mode::Join(_) => assert_eq!(expected, "join"),
            Mode::Unsupported(name) => assert_eq!(name, expected),
            other => panic!("{text}: {other:?}"),
        }
    }
}

/// What is wrong in the first of two rules: line and column, what the message has, what the hint has.
type Wrong<'a> = (u32, u32, &'a str, &'a str);

fn check_wrong(text: &str, expected: &[Wrong], loaded: &[&str]) {
    let (rules, errors) = load_str("r.yaml", text);
    let ids: Vec<&str> = rules.iter().map(|r| r.id.as_str()).collect();
    assert_eq!(ids, loaded, "{text}\n{errors:#?}");
    assert_eq!(errors.len(), expected.len(), "{text}\n{errors:#?}");
    for (error, (line, column, message, hint)) in errors.iter().zip(expected) {
        assert_eq!((error.place.line, error.place.column), (*line, *column), "{text}\n{error:#?}");
        assert!(error.message.contains(message), "{text}\n{error:#?}");
        assert!(error.hint.as_deref().unwrap_or("").contains(hint), "{text}\n{error:#?}");
        assert_eq!(error.source_line.as_deref(), text.lines().nth(*line as usize - 1));
    }
}

#[test]
fn wrong_rules_are_explained_and_stop_no_others() {
    let cases: &[(&str, Wrong)] = &[
        ("pattern: f()\npatterns: [{pattern: g()}]", (7, 5, "not both", "pattern-either")),
        ("pattern: ''", (6, 14, "`pattern` is empty", "")),
        ("pattern: 12", (6, 14, "must be a string, this is a number", "\"12\"")),
        ("pattern: [a]", (6, 14, "must be a string, this is a list", "")),
        ("patterns: []", (6, 5, "`patterns` is empty", "add at least one")),
        ("pattern-either: []", (6, 5, "is empty", "")),
        ("patterns: f()", (6, 15, "must be a list, this is a string", "")),
        ("patterns: [{pattern-not: f()}]", (6, 5, "only excludes", "something to find")),
        ("pattern-not: f()", (6, 5, "alone finds nothing", "`patterns:`")),
        ("patterns: [{pattern: f($X)}, {setting: {regex: a}}]", (6, 44, "`setting` needs `key`", "")),
        ("patterns: [{pattern: f($X)}, {setting: {key: $X, value: x}}]", (6, 61, "must be a metavariable", "")),
        ("fix: f()", (2, 5, "a rule needs a pattern", "`pattern-either`")),
        ("patterns:\n- patern: f()", (7, 7, "unknown key `patern`", "did you mean `pattern`?")),
        ("patterns:\n- f()", (7, 7, "only text", "`pattern: …`")),
        ("patterns:\n- pattern: f()\n  pattern-not: g()", (8, 7, "one key", "hyphen")),
        ("patterns:\n- pattern: f()\n  pattern: g()", (8, 7, "twice", "hyphen")),
        (
            "patterns:\n- metavariable-regex:\n    metavariable: $X\n    regexp: x\n- pattern: a",
            (9, 9, "unknown key `regexp`", "regex"),
        ),
        ("pattern-either:\n- pattern-not: a", (7, 7, "no alternative", "")),
        (
            "pattern-either:\n- metavariable-regex: {metavariable: $X, regex: a}",
            (7, 7, "directly under `patterns`", ""),
        ),
        (
            "patterns:\n- pattern: a\n- metavariable-analysis: {metavariable: $X, analyzer: entropie}",
            (8, 59, "unknown analyzer", "entropy"),
        ),
        (
            "patterns:\n- pattern: a\n- metavariable-comparison: {comparison: 1 > 2, base: 99}",
            (8, 58, "from 2 to 36", ""),
        ),
        (
            "patterns:\n- pattern: a\n- metavariable-pattern: {metavariable: $X, language: pyton, pattern: a}",
            (8, 58, "unknown language", "python"),
        ),
        ("match:\n  pattern: a\n  regex: b", (8, 7, "not both", "`all:`")),
        ("match:\n  patern: a", (7, 7, "unknown key `patern`", "pattern")),
        ("match: a\npattern: b", (7, 5, "not both", "")),
        ("match: {all: [{not: a}]}", (6, 13, "only excludes", "")),
        ("mode: tainted", (6, 11, "unknown mode", "`taint`")),
        ("mode: taint\npattern-sinks: [{pattern: a}]", (2, 5, "needs `pattern-sources`", "")),
        (
            "mode: taint\npattern-sources: [{pattern: a, lable: x}]\npattern-sinks: [{pattern: a}]",
            (7, 36, "unknown key `lable`", "label"),
        ),
        ("pattern-sources: [{pattern: a}]\npattern-sinks: []", (6, 5, "belongs to taint", "mode: taint")),
        ("mode: extract\npattern: a\ndest-language: js", (2, 5, "needs `extract`", "add `extract")),
        ("mode: extract\npattern: a\nextract: X\ndest-language: js", (8, 14, "no metavariable", "`$...BODY`")),
        ("mode: extract\npattern: a\nextract: $X\ndest-language: jss", (9, 20, "unknown language", "js")),
        ("mode: extract\nextract: $X\ndest-language: js", (2, 5, "needs a pattern", "")),
        (
            "mode: extract\npattern: a\nextract: $X\ndest-language: js\ntransform: unquote",
            (10, 16, "unknown transform", "`unquote_string`"),
        ),
        (
            "mode: extract\npattern: a\nextract: $X\ndest-language: js\nreduce: join",
            (10, 13, "unknown reduce", "`concat`"),
        ),
        ("mode: extract\npattern: a\nextract: $X\ndest-language: js\ndest-rules: [a]", (10, 17, "must be a map", "")),
        ("mode: join", (2, 5, "needs `join`", "add `join")),
        ("mode: join\njoin: {on: [a.$X == b.$X]}", (7, 11, "needs `rules` or `refs`", "`rules:`")),
        ("mode: join\njoin: {rules: [{id: b, languages: [go], pattern: f()}]}", (7, 11, "needs `on`", "")),
        ("mode: join\njoin: {rules: [{id: b, languages: [go]}], on: []}", (7, 20, "needs a pattern", "")),
        (
            "mode: join\njoin: {rules: [{id: b, mode: join, join: {}}], on: []}",
            (7, 34, "does not join join rules", "search and taint"),
        ),
        ("mode: join\njoin: {refs: [{as: b}], on: []}", (7, 19, "needs `rule`", "")),
        ("mode: join\njoin: {refs: [{rule: b, renames: [{from: $X}]}], on: []}", (7, 39, "needs `to`", "")),
        ("mode: join\njoin: {refs: [{rule: b}], on: []}", (7, 35, "needs a condition", "a.$X == b.$Y")),
        ("mode: join\njoin: {refs: [{rule: b}], on: [b.$X = b.$Y]}", (7, 36, "is no condition", "==")),
        ("mode: join\njoin: {refs: [{rule: b}], on: [b.X == b.$Y]}", (7, 36, "is no condition", "==")),
        ("mode: join\njoin: {refs: [{rule: bad}], on: [bda.$X == bad.$Y]}", (7, 38, "is called `bda`", "`bad`")),
        (
            "mode: join\njoin: {refs: [{rule: b}, {rule: c}], on: [b.$X --> c.$Y]}",
            (7, 47, "findings of one rule", "same name"),
        ),
        ("pattern: a\npattern-not: b", (7, 5, "has no effect here", "`patterns:`")),
        ("pattern: a\npaths: {includes: [a]}", (7, 13, "unknown key `includes`", "include")),
        ("pattern: a\npaths: {include: a}", (7, 22, "must be a list", "")),
        ("pattern: a\noptions: {symmetric_eq: 1}", (7, 29, "true or false", "")),
        ("pattern: a\nmin-version: 9.0.0", (7, 18, "needs a newer version", "")),
        ("pattern: a\nmax-version: 1.0.0", (7, 18, "older version", "")),
        ("pattern: a\nmin-version: 1.5", (7, 18, "must be a version", "")),
    ];
    for (text, wrong) in cases {
        // These cost no more than the key itself.
        let loaded: &[&str] = if ["includes", "a\npattern-not", "lable"].iter().any(|t| text.contains(t)) {
            &["a", "good"]
        } else {
            &["good"]
        };
        check_wrong(&rule(text), &[*wrong], loaded);
    }
}

#[test]
fn join_rules_find_the_rules_they_name() {
    let join = |name: &str| {
        format!(
            "rules:\n- {{id: j, mode: join, message: m, severity: LOW, join: {{refs: [{{rule: {name}, as: x}}], on: [x.$A == x.$B]}}}}\n\
             - {{id: team.one, message: m, severity: LOW, languages: [go], pattern: f()}}\n"
        )
    };
    // What the rule is called, which rule that is.
    let check = |name: &str, expected: Option<&str>| {
        let mut loaded = rampart_rules::load::load("rules/r.yaml", &join(name));
        assert!(loaded.errors.is_empty(), "{:?}", loaded.errors);
        let errors = rampart_rules::load::expand(&mut loaded.rules, &[]);
        let found = loaded.rules.iter().find_map(|rule| match &rule.mode {
            Mode::Join(join) => Some(join.parts[0].rule.as_str()),
            _ => None,
        });
        assert_eq!(found, expected, "{name}");
        assert_eq!(errors.is_empty(), expected.is_some(), "{name}");
        for error in errors {
            assert_eq!((error.place.line, error.rule_id.as_deref()), (2, Some("j")));
            assert!(error.message.contains(name) && error.hint.is_some_and(|hint| hint.contains("--config")));
        }
    };
    check("team.one", Some("team.one"));
    check("one", Some("team.one"));
    check("r.yaml", Some("team.one"));
    check("./rules/r.yaml", Some("team.one"));
    check("ne", None);
    check("j", None);
    check("other.yaml", None);
}

#[test]
fn wrong_heads_are_explained() {
    let cases: &[(&str, &[Wrong], &[&str])] = &[
        (
            "rules:\n- id: a",
            &[
                (2, 3, "needs `message`", ""),
                (2, 3, "needs `severity`", ""),
                (2, 3, "needs `languages`", ""),
                (2, 3, "needs a pattern", ""),
            ],
            &[],
        ),
        ("rules:\n- message: a", &[(2, 3, "needs `id`", "add `id")], &[]),
        ("rules:\n- idd: a", &[(2, 3, "needs `id`", "where `idd` stands")], &[]),
        ("rules:\n- 5", &[(2, 3, "a rule must be a map", "")], &[]),
        ("rules: 5", &[(1, 8, "must be a list", "")], &[]),
        ("rule: []", &[(1, 1, "unknown key `rule`", "`rules`"), (1, 1, "no `rules`", "")], &[]),
        ("hello", &[(1, 1, "a rule file is a map", "")], &[]),
        ("rules:\n- {id: a b, message: m}", &[(2, 8, "has no ` `", "letters")], &[]),
        (
            "rules:\n- {id: a, message: m, severity: BIG, languages: [go], pattern: a}",
            &[(2, 33, "unknown severity `BIG`", "HIGH")],
            &[],
        ),
        (
            "rules:\n- {id: a, message: m, severity: LOW, language: [go], pattern: a}",
            &[(2, 38, "unknown key `language`", "languages")],
            &[],
        ),
        (
            "rules:\n- {id: a, message: m, severity: LOW, languages: [pyhton], pattern: a}",
            &[(2, 50, "unknown language", "python")],
            &[],
        ),
        (
            "rules:\n- {id: a, message: m, severity: LOW, languages: [go, generic], pattern: a}",
            &[(2, 49, "cannot stand beside", "")],
            &[],
        ),
        (
            "rules:\n- {id: a, message: m, severity: LOW, languages: [go], pattern: a, mesage: x, options: {symetric_eq: true}}",
            &[(2, 67, "unknown key `mesage`", "message"), (2, 88, "unknown option", "symmetric_eq")],
            &["a"],
        ),
        (
            "rules:\n- {id: a, id: b, message: m, severity: LOW, languages: [go], pattern: a}",
            &[(2, 11, "twice", "")],
            &["a"],
        ),
    ];
    for (text, expected, loaded) in cases {
        check_wrong(text, expected, loaded);
    }
}

#[test]
fn broken_yaml_costs_the_broken_rule_only() {
    let good = |id: &str| format!("- id: {id}\n  message: m\n  severity: LOW\n  languages: [go]\n  pattern: f()\n");
    let text = format!("rules:\n{}- id: broken\n  message: \"m\n{}", good("a"), good("b"));
    let (rules, errors) = load_str("r.yaml", &text);
    assert!(!errors.is_empty());
    assert_eq!(rules[0].id, "a");

    let text = format!("rules:\n{}- id: broken\n  pattern: a: b: c\n{}{}", good("a"), good("b"), good("c"));
    let (rules, errors) = load_str("r.yaml", &text);
    assert_eq!(
        rules.iter().map(|r| (r.id.as_str(), r.place.line)).collect::<Vec<_>>(),
        [("a", 2), ("b", 9), ("c", 14)]
    );
    assert_eq!(errors.len(), 1);
    assert_eq!((errors[0].place.line, errors[0].source_line.as_deref()), (8, Some("  pattern: a: b: c")));
}

#[test]
fn hostile_files_end_with_an_error() {
    let bomb: String = (0..40).map(|i| format!("a{}: &a{} [*a{i}, *a{i}, *a{i}]\n", i + 1, i + 1)).collect();
    let cases = [
        "[".repeat(100_000),
        "- ".repeat(100_000),
        "{a: ".repeat(100_000),
        "? ".repeat(100_000),
        format!("a0: &a0 x\n{bomb}"),
        "a: &a [*a]".to_string(),
        format!("rules: [{}]", "{}, ".repeat(100_000)),
        format!("rules:\n{}", "- id: \"x\n".repeat(20_000)),
        (0..50_000).map(|i| format!("k{i}: 1\n")).collect(),
        "\u{0}\u{1}rules:\t- x".to_string(),
        "rules: !!binary |\n  x\n".to_string(),
        "%YAML 9.9\n---\nrules: *x".to_string(),
    ];
    for text in cases {
        let (rules, errors) = load_str("r.yaml", &text);
        assert!(rules.is_empty() && !errors.is_empty(), "{:.60}", text);
        assert!(errors.len() <= 2_000);
    }
}
