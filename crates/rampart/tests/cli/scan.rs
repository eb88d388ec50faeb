use std::io::Write;
use std::process::Stdio;

use crate::{Project, Run, Scan};

#[test]
fn exit_codes_say_what_happened() {
    let project = Project::new(&[
        ("src/bad.py", "hello(1)\n"),
        ("good/good.py", "x = 1\n"),
        ("broken.yaml", "rules:\n  - id: [\n"),
    ]);
    let check = |args: &[&str], code, said: &str| {
        let run = project.run(args);
        assert_eq!(run.code, code, "{args:?}\n{}{}", run.out, run.err);
        assert!(run.err.contains(said), "{args:?}\n{}", run.err);
    };
    check(&["scan", "src", "-c", "rules.yaml"], 0, "");
    check(&["scan", "src", "-c", "rules.yaml", "--error"], 1, "");
    check(&["scan", "src", "-c", "rules.yaml", "--fail-on", "high"], 1, "");
    check(&["scan", "src", "-c", "rules.yaml", "--fail-on", "critical"], 0, "");
    check(&["scan", "good", "-c", "rules.yaml", "--error"], 0, "");
    check(&["scan", "src", "-c", "broken.yaml"], 2, "error: no rule could be loaded\nhint:");
    check(&["scan", "src", "-c", "absent.yaml"], 2, "error: no rule file, folder or pack `absent.yaml`\nhint:");
    check(&["scan", "absent", "-c", "rules.yaml"], 2, "error: cannot scan absent");
    check(&["scan", "src", "-c", "rules.yaml", "--exclude", "a{"], 2, "error: the glob `a{` is wrong");
    check(&["scan", "src", "-c", "rules.yaml", "--severity", "loud"], 2, "levels are");
    check(&["scan", "src", "-c", "https://example.invalid/r.yaml"], 2, "not fetched from the network");
    check(&["scan", "--nonsense"], 2, "--nonsense");
}

#[test]
fn a_wrong_rule_does_not_stop_the_others() {
    let project = Project::new(&[("src/a.py", "hello(1)\n")]);
    project.write(
        "more/wrong.yaml",
        "rules:\n  - id: wrong\n    languages: [python]\n    severity: HIGH\n    message: m\n    patern: x\n",
    );
    project.write("more/right.yaml", crate::RULES);
    let run = project.run(&["scan", "src", "-c", "more", "--format", "json"]);
    assert_eq!(run.code, 0, "{}", run.err);
    assert_eq!(Scan::of(&run.out).findings, ["src/a.py:1 demo.hello"]);
    assert!(run.err.contains("error: rule wrong:") && run.err.contains("--> more/wrong.yaml:"), "{}", run.err);
}

#[test]
fn quiet_says_nothing_when_there_is_nothing() {
    let project = Project::new(&[("src/good.py", "x = 1\n")]);
    let run = project.run(&["scan", "src", "-c", "rules.yaml", "--quiet"]);
    assert_eq!((run.code, run.out.as_str(), run.err.as_str()), (0, "", ""));
    project.write("src/bad.py", "hello(1)\n");
    let run = project.run(&["scan", "src", "-c", "rules.yaml", "--quiet"]);
    assert!(run.out.contains("demo.hello") && run.err.is_empty(), "{}{}", run.out, run.err);
}

#[test]
fn standard_input_is_scanned_as_the_named_file() {
    let project = Project::new(&[]);
    let check = |args: &[&str], text: &[u8], expected: &[&str]| {
        let all = [&["scan", "-", "-c", "rules.yaml", "--format", "json"], args].concat();
        let mut child = project.command(&all).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(text).unwrap();
        let run = Run::of(child.wait_with_output().unwrap());
        assert_eq!(Scan::of(&run.out).findings, expected, "{args:?}");
    };
    check(&["--stdin-name", "web/app.py"], b"\nhello(1)\n", &["web/app.py:2 demo.hello"]);
    check(&[], b"#!/usr/bin/env python3\nhello(1)\n", &["stdin:2 demo.hello"]);
    check(&[], b"hello(1) TODO", &["stdin:1 demo.todo"]);
    check(&[], b"", &[]);
    assert_eq!(project.run(&["scan", "-", "src", "-c", "rules.yaml"]).code, 2);
}

#[test]
fn paths_are_the_same_however_a_part_is_named() {
    let project = Project::new(&[("src/deep/a.py", "hello(1)\n")]);
    let absolute = project.path("src/deep");
    for target in [".", "src", "./src/deep/", "src/deep/a.py", "src/../src", absolute.to_str().unwrap()] {
        let run = project.run(&["scan", target, "-c", "rules.yaml", "--format", "json", "--include", "*.py"]);
        let expected = if target.contains("..") { "deep/a.py:1 demo.hello" } else { "src/deep/a.py:1 demo.hello" };
        assert_eq!(Scan::of(&run.out).findings, [expected], "{target}");
    }
    let run = project.run(&["scan", "src", "src/deep/a.py", "-c", "rules.yaml", "--format", "json"]);
    assert_eq!(Scan::of(&run.out).findings, ["src/deep/a.py:1 demo.hello"], "a file named twice is scanned once");
}

#[test]
fn ignore_files_and_globs_decide_what_is_scanned() {
    let project = Project::new(&[
        ("src/.gitignore", "git_ignored.py\n"),
        ("src/.semgrepignore", ":include .gitignore\nsemgrep_ignored.py\n"),
        ("src/.rampartignore", "rampart_ignored/\n"),
        ("src/git_ignored.py", "hello()"),
        ("src/semgrep_ignored.py", "hello()"),
        ("src/rampart_ignored/a.py", "hello()"),
        ("src/node_modules/a.py", "hello()"),
        ("src/.hidden/a.py", "hello()"),
        ("src/tests/a.py", "hello()"),
        ("src/kept.py", "hello()"),
        ("src/script", "#!/usr/bin/python3\nhello()"),
        ("src/notes.txt", "hello()"),
    ]);
    let check = |args: &[&str], expected: &[&str]| {
        let found: Vec<String> = project.scan(args).findings;
        let found: Vec<&str> =
            found.iter().map(|f| f.strip_prefix("src/").unwrap().split(':').next().unwrap()).collect();
        assert_eq!(found, expected, "{args:?}");
    };
    check(&[], &[".hidden/a.py", "kept.py", "script", "tests/a.py"]);
    check(&["--exclude", "tests", "--exclude", "scr*"], &[".hidden/a.py", "kept.py"]);
    check(&["--include", "k*.py"], &["kept.py"]);
    check(&["--include", "src/tests/**"], &["tests/a.py"]);
    check(&["--include", "tests"], &["tests/a.py"]);
    check(
        &["--no-ignore", "--exclude", "tests/"],
        &[
            ".hidden/a.py",
            "git_ignored.py",
            "kept.py",
            "node_modules/a.py",
            "rampart_ignored/a.py",
            "script",
            "semgrep_ignored.py",
        ],
    );
    let run = project.run(&["scan", "src/git_ignored.py", "-c", "rules.yaml", "--format", "json"]);
    assert_eq!(Scan::of(&run.out).findings.len(), 1, "what is named is scanned");
    assert!(project.scan(&[]).skipped.contains(&"src/node_modules/ ignored".to_owned()));
}

#[test]
fn an_ignore_file_brings_back_what_is_usually_left_out() {
    let project = Project::new(&[("src/vendor/a.py", "hello()"), (".rampartignore", "!vendor/\n")]);
    assert_eq!(project.scan(&[]).findings, ["src/vendor/a.py:1 demo.hello"]);
}

#[test]
fn what_is_not_source_is_skipped_with_a_reason() {
    let project = Project::new(&[("src/big.py", &"hello()\n".repeat(200)), ("src/gen.py", "# @generated\nhello()\n")]);
    project.write("src/binary.py", b"hello()\0");
    project.write("src/app.min.js", "hello()");
    let scan = project.scan(&["--max-file-size", "1kB"]);
    assert_eq!(scan.findings, Vec::<String>::new());
    assert_eq!(
        scan.skipped,
        ["src/app.min.js minified", "src/big.py too-large", "src/binary.py binary", "src/gen.py generated"]
    );
}

#[test]
fn other_encodings_keep_their_lines() {
    let project = Project::new(&[]);
    project.write("src/latin.py", b"# caf\xE9\nhello()\n");
    project.write("src/mark.py", b"\xEF\xBB\xBFhello()\n");
    let wide: Vec<u8> = "\u{FEFF}x = 1\nhello()\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    project.write("src/wide.py", wide);
    let expected = ["src/latin.py:2 demo.hello", "src/mark.py:1 demo.hello", "src/wide.py:2 demo.hello"];
    assert_eq!(project.scan(&[]).findings, expected);
}

#[test]
fn severities_and_rules_can_be_left_out() {
    let project = Project::new(&[("src/a.py", "hello() # TODO\n")]);
    let check = |args: &[&str], rules: &[&str]| {
        let expected: Vec<String> = rules.iter().map(|rule| format!("src/a.py:1 {rule}")).collect();
        assert_eq!(project.scan(args).findings, expected, "{args:?}");
    };
    check(&[], &["demo.hello", "demo.todo"]);
    check(&["--severity", "HIGH"], &["demo.hello"]);
    check(&["--severity", "low", "--severity", "info"], &["demo.todo"]);
    check(&["--exclude-rule", "hello"], &["demo.todo"]);
    check(&["--exclude-rule", "demo.hell"], &["demo.hello", "demo.todo"]);
}

#[test]
fn colours_are_for_terminals_that_want_them() {
    let project = Project::new(&[("src/a.py", "hello()\n")]);
    let check = |env: &[(&str, &str)], args: &[&str], expected: bool| {
        let all = [&["scan", "src", "-c", "rules.yaml"], args].concat();
        let run = Run::of(project.command(&all).envs(env.iter().copied()).output().unwrap());
        assert_eq!(run.out.contains('\x1b'), expected, "{env:?} {args:?}");
    };
    check(&[], &[], false);
    check(&[("CLICOLOR_FORCE", "1")], &[], true);
    check(&[("CLICOLOR_FORCE", "1")], &["--no-color"], false);
    check(&[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")], &[], false);
    check(&[("CLICOLOR_FORCE", "0")], &[], false);
}

#[test]
fn every_format_is_written_and_to_a_file_too() {
    let project = Project::new(&[("src/a.py", "hello()\n")]);
    for (format, sign) in [
        ("text", "demo.hello"),
        ("json", "\"check_id\":\"demo.hello\""),
        ("sarif", "\"2.1.0\""),
        ("gitlab-sast", "\"vulnerabilities\""),
        ("junit", "<testsuite"),
        ("csv", "demo.hello,"),
    ] {
        let run = project.run(&["scan", "src", "-c", "rules.yaml", "--format", format, "--output", "out"]);
        assert_eq!((run.code, run.out.as_str()), (0, ""), "{format} {}", run.err);
        let written = project.read("out");
        assert!(written.replace(": ", ":").contains(sign) || written.contains(sign), "{format}\n{written}");
    }
}
