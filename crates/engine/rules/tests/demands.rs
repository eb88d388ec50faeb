//! Rules are left out unparsed only where they could not match.

#![expect(clippy::disallowed_methods, reason = "the rules of Rampart are files")]

use std::path::{Path, PathBuf};

use rampart_rules::demands::{Texts, words};
use rampart_rules::load::{expand, load};
use rampart_rules::{CompileOptions, FileInput, Limits, RuleSet, Settings};
use rampart_syntax::Lang;

#[test]
fn only_plain_names_are_demanded() {
    let check = |pattern: &str, expected: &[&str]| assert_eq!(words(pattern), expected, "{pattern}");
    check("os.system(...)", &["system"]);
    check("$X.execute($Q)", &["execute"]);
    check("eval($X)", &["eval"]);
    check("$CALL(...)", &[]);
    check("f(g(1), h = 2)", &["f", "g"]);
    check("if (a) { b(); }", &["b"]);
    check("return foo(...).bar", &["foo", "bar"]);
    check("$A. ... .end()", &["end"]);
    check("<... f() ...>", &["f"]);
    check("\"x.y(1)\" + f()", &["f"]);
    check("'it\\'s' + f()", &["f"]);
    // Not told apart: nothing is demanded.
    for pattern in [
        "import a.b",
        "from a import b",
        "f() # a",
        "f() // a",
        "`${a.b}`",
        "<a href={b.c()} />",
        "a < b.c",
        "f('\n')",
        "'''a''' + f()",
        "f(\"",
        "x é.b()",
        "throws a.B",
        "export { a.b }",
    ] {
        check(pattern, &[]);
    }
    // The type of a typed metavariable may be written otherwise.
    check("(java.util.List $X).add(...)", &["add"]);
    check("f((a.B $X))", &["f"]);
    check("($X : http.Request).Get(...)", &["Get"]);
    check("f($X: a.B)", &["f"]);
    check("super(...)", &[]);
    check("super.f()", &["f"]);
    check("$x.y()", &["y"]);
    check("a$b(); f$.c()", &["c"]);
}

/// Every rule of Rampart compiles (a debug build compares what is demanded with what the compiled pattern needs), and what it
/// finds in the targets of all rules it would have been wanted for.
#[test]
fn no_rule_that_matches_is_left_out() {
    let (mut yaml, mut targets) = (Vec::new(), Vec::new());
    collect(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../rules"), &mut yaml, &mut targets);
    let (mut rules, mut libraries) = (Vec::new(), Vec::new());
    for file in yaml {
        let loaded = load("rules", &std::fs::read_to_string(file).unwrap());
        rules.extend(loaded.rules);
        libraries.extend(loaded.libraries);
    }
    assert_eq!(expand(&mut rules, &libraries), []);
    assert!(rules.len() > 100 && targets.len() > 100);
    let (set, errors) = RuleSet::compile(rules, &CompileOptions::default());
    assert!(errors.is_empty(), "{errors:?}");
    let limits = Limits { ignore_paths: true, ..Limits::default() };
    let (mut left_out, mut found) = (0, 0);
    for path in targets {
        let text = std::fs::read_to_string(&path).unwrap();
        let lang = Lang::of_file(&path, "");
        let mut texts = Texts::new(vec![&text]);
        let wanted: Vec<bool> = set.rules().iter().map(|rule| texts.may_match(rule)).collect();
        for found in set
            .scan(
                &FileInput { path: &path.to_string_lossy(), text: &text, lang, settings: &Settings::default() },
                &limits,
            )
            .matches
        {
            assert!(wanted[found.rule], "{} matches in {}", set.rules()[found.rule].id, path.display());
        }
        left_out += wanted.iter().filter(|wanted| !**wanted).count();
        found += 1;
    }
    // Otherwise nothing is gained, or shown.
    assert!(left_out > found * set.rules().len() / 2, "{left_out} of {found} times {}", set.rules().len());
}

fn collect(folder: &Path, yaml: &mut Vec<PathBuf>, targets: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, yaml, targets);
        } else if path.extension().is_some_and(|ending| ending == "yaml") {
            yaml.push(path);
        } else {
            targets.push(path);
        }
    }
}
