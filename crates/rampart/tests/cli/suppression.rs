use crate::Project;

#[test]
fn comments_suppress_and_stay_in_the_report() {
    let check = |text: &str, expected: &[&str]| {
        let project = Project::new(&[("src/a.py", text)]);
        let expected: Vec<String> = expected.iter().map(|finding| format!("src/a.py:{finding}")).collect();
        assert_eq!(project.scan(&[]).findings, expected, "{text}");
    };
    check("hello()  # nosem\n", &["1 demo.hello (suppressed)"]);
    check("hello()  # nosemgrep: demo.hello\n", &["1 demo.hello (suppressed)"]);
    check("hello()  # nosemgrep: other\n", &["1 demo.hello"]);
    check("# rampart: ignore[hello] greeting is the point\nhello()\n", &["2 demo.hello (suppressed)"]);
    check("hello()  # rampart: ignore[todo] TODO\n", &["1 demo.hello", "1 demo.todo (suppressed)"]);
    check(
        "# rampart: ignore-file[hello] a demo\nhello()\nhello()\n",
        &["2 demo.hello (suppressed)", "3 demo.hello (suppressed)"],
    );
}

#[test]
fn suppressed_findings_do_not_fail_a_build() {
    let project = Project::new(&[("src/a.py", "hello()  # rampart: ignore[hello] greeting is the point\n")]);
    let run = project.run(&["scan", "src", "-c", "rules.yaml", "--error", "--format", "sarif"]);
    assert_eq!(run.code, 0);
    assert!(run.out.contains("suppressions") && run.out.contains("greeting is the point"), "{}", run.out);
}
