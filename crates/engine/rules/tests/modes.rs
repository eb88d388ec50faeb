//! Rules of several files and languages: `mode: join` and `mode: extract`. Each file under `tests/modes` is an archive of cases:
//!
//! ```text
//! === name
//! the rules, in YAML
//! --- path
//! text    <-- id, id: message
//! ```
//!
//! A mark ends the line on which findings start, with the ids of their rules; a message is checked where it is given.

#![expect(clippy::disallowed_methods, reason = "the cases are files")]

use std::path::Path;

use rampart_rules::load::{expand, load};
use rampart_rules::{CompileOptions, FileInput, Limits, Reach, RuleMatch, RuleSet, Settings};
use rampart_syntax::Lang;

const MARK: &str = " <-- ";

/// `path:line id: message`, the message only where a mark has one.
type Finding = (String, usize, String, Option<String>);

#[derive(Default)]
struct Case {
    name: String,
    rules: String,
    files: Vec<(String, String)>,
    expected: Vec<Finding>,
}

fn read(text: &str) -> Vec<Case> {
    let mut cases: Vec<Case> = Vec::new();
    for line in text.lines() {
        if let Some(name) = line.strip_prefix("=== ") {
            cases.push(Case { name: name.to_string(), ..Case::default() });
            continue;
        }
        let case = cases.last_mut().expect("a file of cases begins with one");
        if let Some(path) = line.strip_prefix("--- ") {
            case.files.push((path.to_string(), String::new()));
            continue;
        }
        let Some((path, text)) = case.files.last_mut() else {
            case.rules += &format!("{line}\n");
            continue;
        };
        let (line, marks) = line.rsplit_once(MARK).unwrap_or((line, ""));
        *text += &format!("{}\n", line.trim_end());
        let number = text.lines().count();
        for mark in marks.split(", ").filter(|mark| !mark.is_empty()) {
            let (id, message) = match mark.split_once(": ") {
                Some((id, message)) => (id, Some(message.to_string())),
                None => (mark, None),
            };
            case.expected.push((path.clone(), number, id.to_string(), message));
        }
    }
    cases
}

fn found(case: &Case, reach: Reach) -> Vec<(Finding, String)> {
    let mut loaded = load("rules.yaml", &case.rules);
    let mut errors = loaded.errors;
    errors.extend(expand(&mut loaded.rules, &loaded.libraries));
    let (set, wrong) = RuleSet::compile(loaded.rules, &CompileOptions::default());
    errors.extend(wrong);
    assert!(errors.is_empty(), "{}: {errors:?}", case.name);
    let limits = Limits { reach, ..Limits::default() };
    let (mut flows, mut out) = (Vec::new(), Vec::new());
    let mut add = |path: &str, text: &str, one: &RuleMatch| {
        let line = text[..one.span.start as usize].matches('\n').count() + 1;
        let id = set.rules()[one.rule].id.clone();
        let code = text[one.span.range()].to_string();
        out.push(((path.to_string(), line, id, Some(one.message.clone())), code));
    };
    for (path, text) in &case.files {
        let lang = Lang::of_file(Path::new(path), "");
        let outcome = set.scan(&FileInput { path, text, lang, settings: &Settings::default() }, &limits);
        assert_eq!((outcome.failure, outcome.limits_hit), (None, Vec::new()), "{}", case.name);
        outcome.matches.iter().for_each(|one| add(path, text, one));
        flows.push((path.clone(), outcome.flow.unwrap_or_default()));
    }
    let (joined, cut) = set.follow(&mut flows, &[], reach, 1, None);
    assert!(cut.is_empty(), "{}: cut short", case.name);
    for one in joined {
        let (path, text) = &case.files[one.file];
        add(path, text, &one.found);
    }
    out
}

#[test]
fn rules_of_other_modes_find_what_is_marked() {
    let mut wrong = Vec::new();
    let mut files: Vec<_> = std::fs::read_dir("tests/modes").unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    for file in files {
        for mut case in read(&std::fs::read_to_string(&file).unwrap()) {
            for reach in [Reach::File, Reach::Project] {
                let mut found: Vec<Finding> = found(&case, reach).into_iter().map(|(finding, _)| finding).collect();
                // A message counts where the mark has one.
                for one in &mut found {
                    let says =
                        case.expected.iter().any(|e| (&e.0, e.1, &e.2) == (&one.0, one.1, &one.2) && e.3.is_some());
                    one.3 = one.3.take().filter(|_| says);
                }
                found.sort();
                case.expected.sort();
                if found != case.expected {
                    wrong.push(format!(
                        "{} {reach:?}:\n  expected {:?}\n  found    {found:?}",
                        case.name, case.expected
                    ));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} cases are wrong:\n{}", wrong.len(), wrong.join("\n"));
}

/// What is found in pieces stands where it stands in the file.
#[test]
fn pieces_are_brought_back_byte_by_byte() {
    let rule = |transform: &str, reduce: &str| {
        format!(
            "rules:\n- id: piece\n  mode: extract\n  languages: [regex]\n  pattern-regex: '=(?<PIECE>.*);'\n  extract: $PIECE\n  \
             dest-language: python\n  transform: {transform}\n  reduce: {reduce}\n- id: call\n  message: m\n  severity: LOW\n  \
             languages: [python]\n  patterns: [{{pattern: f($X)}}, {{focus-metavariable: $X}}]\n"
        )
    };
    let check = |transform: &str, text: &str, expected: &[&str]| {
        for reduce in ["separate", "concat"] {
            let case = Case {
                name: text.to_string(),
                rules: rule(transform, reduce),
                files: vec![("a.txt".to_string(), text.to_string())],
                expected: Vec::new(),
            };
            let found: Vec<String> = found(&case, Reach::File).into_iter().map(|(_, code)| code).collect();
            assert_eq!(found, expected, "{transform} {reduce} {text}");
        }
    };
    check("no_transform", "a=f(12);\nb=f(é);\n\nc=f('x');", &["12", "é", "'x'"]);
    check("no_transform", "nothing", &[]);
    check("no_transform", "a=;", &[]);
    check("unquote_string", r#"a="f(12)"; b"#, &["12"]);
    check("unquote_string", r#"a="x\nf(12 + \"é\" + 3)";"#, &[r#"12 + \"é\" + 3"#]);
    check("unquote_string", r#"a='f("\u00e9", 1)';"#, &[]);
    check("unquote_string", r#"a='f("\u00e9")';"#, &[r#""\u00e9""#]);
    check("unquote_string", r#"a="f(1)\";"#, &["1"]);
    check("unquote_string", "a=f(12);", &["12"]);
    check("concat_json_string_array", r#"a=["if x:\n", "  f(1)", "  f(\"é\")\n"];"#, &["1", r#"\"é\""#]);
    check("concat_json_string_array", r#"a=[];"#, &[]);
    check("concat_json_string_array", r#"a=["f(1)", 2];"#, &[]);
    check("concat_json_string_array", r#"a=["f(1)", "f(2];"#, &[]);
}
