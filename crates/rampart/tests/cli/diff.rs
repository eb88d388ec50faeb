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
