use crate::Project;

#[test]
fn fixes_are_applied_to_files_as_they_were_scanned() {
    let project =
        Project::new(&[("src/a.py", "é = 1; hello(1); hello(2)\nhello(3)  # nosem\n"), ("src/b.py", "x = 1\n")]);
    project.write("src/mark.py", b"\xEF\xBB\xBFhello()\r\n");
    let dry = project.run(&["scan", "src", "-c", "rules.yaml", "--autofix", "--dry-run"]);
    assert!(
        dry.err.contains("src/a.py:1\n  - hello(\n  + goodbye(") && dry.err.contains("Would apply 3 fixes in 2 files"),
        "{}",
        dry.err
    );
    assert!(project.read("src/a.py").contains("hello(1)"), "a dry run writes nothing");

    let run = project.run(&["scan", "src", "-c", "rules.yaml", "--autofix"]);
    assert!(run.err.contains("Applied 3 fixes in 2 files"), "{}", run.err);
    assert_eq!(project.read("src/a.py"), "é = 1; goodbye(1); goodbye(2)\nhello(3)  # nosem\n");
    assert_eq!(project.read("src/mark.py"), "\u{FEFF}goodbye()\r\n");
    assert_eq!(std::fs::read_dir(project.path("src")).unwrap().count(), 3, "no file is left beside");
}

#[cfg(unix)]
#[test]
fn a_fixed_file_keeps_its_mode() {
    use std::os::unix::fs::PermissionsExt;
    let project = Project::new(&[("src/run.py", "hello()\n")]);
    std::fs::set_permissions(project.path("src/run.py"), PermissionsExt::from_mode(0o755)).unwrap();
    project.run(&["scan", "src", "-c", "rules.yaml", "--autofix"]);
    assert_eq!(std::fs::metadata(project.path("src/run.py")).unwrap().permissions().mode() & 0o777, 0o755);
}

#[test]
fn fixes_want_the_bytes_to_be_text() {
    let project = Project::new(&[]);
    project.write("src/latin.py", b"# \xE9\nhello()\n");
    let run = project.run(&["scan", "src", "-c", "rules.yaml", "--autofix"]);
    assert!(run.err.contains("Applied 0 fixes"), "{}", run.err);
    assert_eq!(std::fs::read(project.path("src/latin.py")).unwrap(), b"# \xE9\nhello()\n");
}
