use crate::{Project, git};

fn committed(files: &[(&str, &str)]) -> Project {
    let project = Project::new(files);
    git(&project, &["init", "--quiet", "--initial-branch=main"]);
    git(&project, &["add", "."]);
    git(&project, &["commit", "--quiet", "--message=start"]);
    project
}

fn introduced(project: &Project, reference: &str) -> Vec<String> {
    let findings = project.scan(&["--diff", reference]).findings;
    findings.into_iter().filter(|finding| !finding.ends_with("(suppressed)")).collect()
}

#[test]
fn only_what_the_change_introduced_is_reported() {
    let project = committed(&[
        ("src/a.py", "hello(1)\n"),
        ("src/same.py", "hello(1)\n"),
        ("src/old.py", "x = 1\nhello(1)\ny = 2\nz = 3\n"),
    ]);
    assert_eq!(introduced(&project, "HEAD"), Vec::<String>::new());
    // Moved down, one more of the same, a new file, a renamed file, a committed change.
    project.write("src/a.py", "import x\n\nhello(1)\nhello(1)\n");
    project.write("src/new\nname.py", "hello()\n");
    git(&project, &["mv", "src/old.py", "src/renamed.py"]);
    let expected = ["src/a.py:4 demo.hello", "src/new\nname.py:1 demo.hello"];
    assert_eq!(introduced(&project, "HEAD"), expected);
    git(&project, &["add", "."]);
    git(&project, &["commit", "--quiet", "--message=more"]);
    assert_eq!(introduced(&project, "HEAD"), Vec::<String>::new());
    assert_eq!(introduced(&project, "HEAD~1"), expected);
}

#[test]
fn the_comparison_is_with_where_the_branches_parted() {
    let project = committed(&[("src/a.py", "x = 1\n")]);
    git(&project, &["checkout", "--quiet", "-b", "feature"]);
    project.write("src/mine.py", "hello()\n");
    git(&project, &["add", "."]);
    git(&project, &["commit", "--quiet", "--message=mine"]);
    git(&project, &["checkout", "--quiet", "main"]);
    project.write("src/a.py", "x = 2\n");
    git(&project, &["commit", "--quiet", "--all", "--message=theirs"]);
    git(&project, &["checkout", "--quiet", "feature"]);
    assert_eq!(introduced(&project, "main"), ["src/mine.py:1 demo.hello"]);
}

#[test]
fn a_removed_suppression_is_a_new_finding() {
    let project = committed(&[("src/a.py", "hello()  # nosem\n")]);
    project.write("src/a.py", "hello()\n");
    assert_eq!(introduced(&project, "HEAD"), ["src/a.py:1 demo.hello"]);
}

#[test]
fn mistakes_are_explained() {
    let project = committed(&[("src/a.py", "x = 1\n")]);
    let check = |args: &[&str], said: &str| {
        let run = project.run(args);
        assert_eq!(run.code, 2, "{args:?}");
        assert!(run.err.contains(said) && run.err.contains("hint:"), "{args:?}\n{}", run.err);
    };
    check(&["scan", "src", "-c", "rules.yaml", "--diff", "absent"], "`absent` is not a commit of this repository");
    check(&["scan", "src", "-c", "rules.yaml", "--diff=--output=/tmp/x"], "is not a commit of this repository");
    let outside = Project::new(&[]);
    let run = outside.run(&["scan", "src", "-c", "rules.yaml", "--diff", "HEAD"]);
    assert!(run.code == 2 && run.err.contains("is not in a git repository"), "{}", run.err);
}

#[cfg(unix)]
#[test]
fn the_repository_cannot_make_git_run_programs() {
    let project = committed(&[("src/a.py", "hello(1)\n"), (".gitattributes", "*.py filter=evil diff=evil\n")]);
    let trap = format!("touch {}", project.path("trapped").display());
    for (key, value) in [
        ("filter.evil.clean", trap.as_str()),
        ("filter.evil.process", &trap),
        ("diff.evil.command", &trap),
        ("diff.evil.textconv", &trap),
        ("diff.external", &trap),
        ("core.fsmonitor", &trap),
    ] {
        git(&project, &["config", key, value]);
    }
    project.write("src/a.py", "hello(1)\nhello(2)\n");
    assert_eq!(introduced(&project, "HEAD"), ["src/a.py:2 demo.hello"]);
    assert!(!project.path("trapped").exists());
}

const FLOW: &str = "
rules:
  - id: demo.flow
    mode: taint
    languages: [python]
    severity: HIGH
    message: It flows.
    pattern-sources: [{pattern: source(...)}]
    pattern-sinks: [{pattern: sink(...)}]
    pattern-sanitizers: [{pattern: clean(...)}]
";

/// Data comes in through `a.py`, is handed on by `b.py` and used in `c.py`.
const WAY: [(&str, &str); 3] = [
    ("src/a.py", "from b import hand_on\nhand_on(source())\n"),
    ("src/b.py", "from c import use\ndef hand_on(x):\n    use(x)\n"),
    ("src/c.py", "def use(x):\n    sink(x)\n"),
];

#[test]
fn data_flows_through_files_that_did_not_change() {
    // Files before, what is changed in them, and what is reported then.
    let check = |before: &[(&str, &str)], change: &[(&str, &str)], expected: &[&str]| {
        let files: Vec<(&str, &str)> = WAY.iter().chain(before).copied().collect();
        let project = committed(&files);
        project.write("rules.yaml", FLOW);
        change.iter().for_each(|(path, text)| project.write(path, text));
        assert_eq!(introduced(&project, "HEAD"), expected, "{before:?} {change:?}");
    };
    // The end of the way is where the finding is, whichever part of the way is new.
    check(&[("src/a.py", "import b\n")], &[WAY[0]], &["src/c.py:2 demo.flow"]);
    check(
        &[("src/b.py", "from c import use\ndef hand_on(x):\n    use(clean(x))\n")],
        &[WAY[1]],
        &["src/c.py:2 demo.flow"],
    );
    check(&[("src/c.py", "def use(x):\n    sink(1)\n")], &[WAY[2]], &["src/c.py:2 demo.flow"]);
    check(&[], &[("src/new.py", "from c import use\nuse(source())\n")], &[]);
    check(&[("src/a.py", "")], &[("src/new.py", "from c import use\nuse(source())\n")], &["src/c.py:2 demo.flow"]);
    // What was there before is not new, whether the change touches its way or not.
    check(&[], &[("src/a.py", "from b import hand_on\n\nhand_on(source())\n")], &[]);
    check(&[], &[("src/other.py", "x = 1\n")], &[]);
    // A way that the change closes is none.
    check(&[], &[("src/b.py", "def hand_on(x):\n    pass\n")], &[]);
    // Files that did not change are not scanned for anything else.
    check(&[("src/d.py", "sink(source())\n")], &[("src/other.py", "x = 1\n")], &[]);
}

#[test]
fn what_was_there_before_is_shown_as_such_where_the_change_touches_it() {
    let project = committed(&WAY);
    project.write("rules.yaml", FLOW);
    let findings = |dataflow: &str| project.scan(&["--diff", "HEAD", "--dataflow", dataflow]).findings;
    assert_eq!(findings("project"), Vec::<String>::new());
    project.write("src/other.py", "x = 1\n");
    assert_eq!(findings("project"), Vec::<String>::new());
    project.write("src/b.py", "from c import use\n\ndef hand_on(x):\n    use(x)\n");
    assert_eq!(findings("project"), ["src/c.py:2 demo.flow (suppressed)"]);
    assert_eq!(findings("file"), Vec::<String>::new());
}
