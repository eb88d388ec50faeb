//! Rules that work on several files or languages, through the whole program.

use crate::{Project, git};

const JOIN: &str = "
rules:
- id: demo.joined
  mode: join
  message: $X comes from a.
  severity: HIGH
  join:
    refs: [{rule: demo.sink, as: to}]
    rules: [{id: from, languages: [python], pattern: source($X)}]
    on: ['from.$X == to.$X']
- id: demo.sink
  languages: [python]
  message: A sink.
  severity: LOW
  pattern: sink($X)
";

const EXTRACT: &str = "
rules:
- id: demo.scripts
  mode: extract
  languages: [generic]
  pattern: <script>$...BODY</script>
  extract: $...BODY
  dest-language: javascript
- id: demo.eval
  languages: [javascript]
  message: eval of $X
  severity: HIGH
  pattern: eval($X)
  fix: run($X)
";

#[test]
fn findings_of_several_files_are_joined() {
    let project = Project::new(&[("src/a.py", "source(x)\n"), ("src/b.py", "sink(y)\nsink(x)\n")]);
    project.write("rules.yaml", JOIN);
    let check = |args: &[&str], expected: &[&str]| assert_eq!(project.scan(args).findings, expected, "{args:?}");
    let all = ["src/b.py:1 demo.sink", "src/b.py:2 demo.joined", "src/b.py:2 demo.sink"];
    check(&[], &all);
    check(&["--jobs", "1"], &all);
    check(&["--dataflow", "file"], &all);
    // A rule that is joined does its part, even where its own findings are not asked for.
    check(&["--severity", "high"], &["src/b.py:2 demo.joined"]);
    check(&["--severity", "low"], &["src/b.py:1 demo.sink", "src/b.py:2 demo.sink"]);
    check(&["--exclude-rule", "demo.sink"], &["src/b.py:2 demo.joined"]);
    let run = project.run(&["rules", "check", "rules.yaml"]);
    assert_eq!((run.code, run.out.as_str()), (0, "2 rules in 1 files, 0 mistakes, 0 that cannot run here\n"));
    project.write("src/b.py", "sink(x)  # nosem: demo.joined\n");
    check(&["--severity", "high"], &["src/b.py:1 demo.joined (suppressed)"]);
}

#[test]
fn a_change_may_join_what_did_not_change() {
    let project = Project::new(&[("src/a.py", ""), ("src/b.py", "sink(x)\n")]);
    git(&project, &["init", "--quiet", "--initial-branch=main"]);
    git(&project, &["add", "."]);
    git(&project, &["commit", "--quiet", "--message=start"]);
    project.write("rules.yaml", JOIN);
    let findings = || project.scan(&["--diff", "HEAD"]).findings;
    assert_eq!(findings(), Vec::<String>::new());
    project.write("src/a.py", "source(x)\n");
    assert_eq!(findings(), ["src/b.py:1 demo.joined"]);
    // Joins know no languages.
    project.write("rules.yaml", JOIN.replace("[python], pattern: source($X)", "[generic], pattern: source($X)"));
    project.write("src/a.py", "");
    project.write("src/a.txt", "source(x)\n");
    assert_eq!(findings(), ["src/b.py:1 demo.joined"]);
}

#[test]
fn scripts_in_pages_are_scanned_and_fixed() {
    let project = Project::new(&[("src/page.html", "<p>eval(a)</p>\n<script>\n  eval(b)\n</script>\n")]);
    project.write("rules.yaml", EXTRACT);
    assert_eq!(project.scan(&[]).findings, ["src/page.html:3 demo.eval"]);
    assert_eq!(project.scan(&["--autofix"]).findings, ["src/page.html:3 demo.eval"]);
    assert_eq!(project.read("src/page.html"), "<p>eval(a)</p>\n<script>\n  run(b)\n</script>\n");
}

#[test]
fn fixtures_of_such_rules_are_tested() {
    let check = |rules: &str, fixture: &str, text: &str, code: i32| {
        let project = Project::new(&[]);
        project.write("tested/x.yaml", rules);
        project.write(fixture, text);
        let run = project.run(&["rules", "test", "tested"]);
        assert_eq!(run.code, code, "{}\n{}", run.out, run.err);
    };
    let page = |script: &str| format!("<script>\n// ruleid: demo.eval\n{script}\n</script>\n");
    check(EXTRACT, "tested/x.html", &page("eval(b)"), 0);
    check(EXTRACT, "tested/x.html", &page("run(b)"), 1);
    let code = |name: &str| format!("source(x)\n# ruleid: demo.joined, demo.sink\nsink({name})\n");
    check(JOIN, "tested/x.py", &code("x"), 0);
    check(JOIN, "tested/x.py", &code("y"), 1);
}

#[test]
fn what_a_join_rule_lacks_is_said() {
    let project = Project::new(&[("src/a.py", "source(x)\n")]);
    project.write("rules.yaml", JOIN.replace("rule: demo.sink", "rule: parts/sink.yaml"));
    let run = project.run(&["rules", "check", "rules.yaml"]);
    assert_eq!(run.code, 1, "{}", run.err);
    for said in ["there is no rule `parts/sink.yaml`", "rules.yaml:8:", "--config"] {
        assert!(run.err.contains(said), "{said}\n{}", run.err);
    }
}
