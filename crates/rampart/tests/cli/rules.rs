use crate::Project;

#[test]
fn rule_tests_pass_and_fail_by_their_annotations() {
    let project = Project::new(&[("t/a.yaml", crate::RULES)]);
    let check = |fixture: &str, code, said: &[&str]| {
        project.write("t/a.py", fixture);
        let run = project.run(&["rules", "test", "t"]);
        assert_eq!(run.code, code, "{fixture}\n{}{}", run.out, run.err);
        said.iter().for_each(|said| assert!(run.out.contains(said), "{fixture}\n{}", run.out));
    };
    check(
        "# ruleid: demo.hello\nhello()\n# ok: demo.hello\nbye()\n",
        0,
        &["2 rules: 1 ok, 0 failed, 1 without a fixture"],
    );
    check("# ruleid: hello, todo\nhello() # TODO\n", 0, &["2 ok"]);
    check("# ruleid: hello\nbye()\n", 1, &["demo.hello", "FAIL", "missed a.py:2"]);
    check("# ok: hello\nhello()\n", 1, &["unexpected a.py:2"]);
    check("hello()\n", 1, &["unexpected a.py:1"]);
    check("# todook: hello\nhello()\n# todoruleid: hello\nbye()\n", 0, &["2 left for some day"]);
    check("# todoruleid: hello\nhello()\n", 0, &["better than said: a.py:2 todoruleid is found"]);
    check("# ruleid: hello\n\nhello()\n", 1, &["missed a.py:2", "unexpected a.py:3"]);
}

#[test]
fn fixes_are_compared_with_the_fixed_file() {
    let project = Project::new(&[("t/a.yaml", crate::RULES), ("t/a.py", "# ruleid: hello\nhello(1)\n")]);
    project.write("t/a.fixed.py", "# ruleid: hello\ngoodbye(1)\n");
    assert_eq!(project.run(&["rules", "test", "t/a.yaml"]).code, 0);
    project.write("t/a.fixed.py", "# ruleid: hello\nfarewell(1)\n");
    let run = project.run(&["rules", "test", "t/a.yaml"]);
    assert_eq!(run.code, 1);
    assert!(run.out.contains("a.fixed.py:2: the fix gives `goodbye(1)`, expected is `farewell(1)`"), "{}", run.out);
}

#[test]
fn rules_are_checked_listed_and_explained() {
    let project = Project::new(&[(
        "bad.yaml",
        "rules:\n  - id: x\n    languages: [python]\n    severity: HIGH\n    message: m\n    patern: y\n",
    )]);
    let run = project.run(&["rules", "check", "rules.yaml"]);
    assert_eq!((run.code, run.out.as_str()), (0, "2 rules in 1 files, 0 mistakes, 0 that cannot run here\n"));
    let run = project.run(&["rules", "check", "bad.yaml"]);
    assert_eq!(run.code, 1);
    assert!(
        run.err.contains("error: rule x:") && run.err.contains("--> bad.yaml:6:5") && run.err.contains("hint:"),
        "{}",
        run.err
    );

    let run = project.run(&["rules", "list", "rules.yaml"]);
    assert_eq!(
        run.out.lines().map(|line| line.split_whitespace().next().unwrap()).collect::<Vec<_>>(),
        ["demo.hello", "demo.todo"]
    );
    let run = project.run(&["rules", "explain", "hello", "-c", "rules.yaml"]);
    assert!(run.out.starts_with("Hello\ndemo.hello\n") && run.out.contains("Do not say hello."), "{}", run.out);
    let run = project.run(&["rules", "explain", "absent", "-c", "rules.yaml"]);
    assert_eq!((run.code, run.err.as_str()), (2, "error: no rule `absent`\nhint: `rampart rules list` shows all\n"));
}

#[test]
fn completions_are_printed() {
    let project = Project::new(&[]);
    for shell in ["bash", "zsh", "fish"] {
        let run = project.run(&["completions", shell]);
        assert!(run.code == 0 && run.out.contains("rampart"), "{shell}");
    }
}

#[test]
fn the_binary_brings_packs() {
    let project = Project::new(&[("src/a.py", "import hashlib\nhashlib.md5(password)\n")]);
    let packs = project.run(&["scan", "src", "-c", "no-such-pack"]).err;
    assert!(packs.contains("hint: packs are default, ") && packs.contains("python"), "{packs}");
    let count = |args: &[&str]| project.run(&[&["rules", "list"], args].concat()).out.lines().count();
    assert!(
        count(&[]) > count(&["python"])
            && count(&["python"]) > count(&["python/crypto"])
            && count(&["python/crypto"]) > 1
    );
    let weak =
        |args: &[&str]| project.run(&[&["scan", "src", "--format", "csv"], args].concat()).out.contains("weak-hash");
    assert!(weak(&[]), "all packs without --config");
    assert!(weak(&["-c", "python"]) && weak(&["-c", "python/crypto"]) && !weak(&["-c", "java"]));
}

#[test]
fn a_mistake_in_a_pattern_is_reported_whether_or_not_a_file_wants_the_rule() {
    let rule = |id: usize, pattern: &str| {
        format!("  - {{id: r{id}, languages: [python], severity: LOW, message: m, pattern: '{pattern}'}}\n")
    };
    let rules = |count: usize| {
        let many: String = (1..count).map(|id| rule(id, &format!("absent{id}(...)"))).collect();
        format!("rules:\n{}{many}{}", rule(0, "hello(...)"), rule(count, "other(...) )"))
    };
    let project =
        Project::new(&[("src/a.py", "hello(1)\nx = [\n"), ("few.yaml", &rules(20)), ("many.yaml", &rules(400))]);
    let mistakes = |args: &[&str]| {
        let run = project.run(&[&["scan", "src", "--format", "json", "-c"], args].concat());
        assert_eq!(crate::Scan::of(&run.out).findings, ["src/a.py:1 r0"], "{args:?}");
        run.err.matches("error: rule ").count()
    };
    assert_eq!(mistakes(&["few.yaml"]), 1);
    // Of many rules, only those are compiled that some file may match, unless all is to be said.
    assert_eq!(mistakes(&["many.yaml"]), 0);
    assert_eq!(mistakes(&["many.yaml", "--verbose"]), 1);
    assert_eq!(project.run(&["rules", "check", "many.yaml"]).code, 1);
    // Where files are not few and small, it costs little to compile all.
    project.write("src/b.py", "# nothing\n".repeat(10_000));
    assert_eq!(mistakes(&["many.yaml"]), 1);
}
