//! What patterns match, construct by construct: the cases under `cases/`, whose expectations are Semgrep's.

#![expect(clippy::disallowed_methods, reason = "the cases are files")]

#[path = "cases/format.rs"]
mod format;

use std::path::Path;

/// Runs every case of a language; all that is wrong is shown at once.
fn check(folder: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases").join(folder);
    let mut files: Vec<_> = std::fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let mut wrong = Vec::new();
    for file in files {
        for case in format::read(&std::fs::read_to_string(&file).unwrap()) {
            let found = case.run(folder);
            let agrees = found.as_ref() == Ok(&case.found);
            let place = format!("{}:{}: {}", file.display(), case.line, case.name);
            match (agrees, &case.differs) {
                (false, None) => wrong.push(format!("{place}\n  expected {:?}\n  found    {found:?}", case.found)),
                (true, Some(_)) => wrong.push(format!("{place}\n  agrees now: take `differs:` away")),
                _ => {}
            }
        }
    }
    assert!(wrong.is_empty(), "{} cases:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn python() {
    check("python");
}

#[test]
fn javascript() {
    check("javascript");
}

#[test]
fn typescript() {
    check("typescript");
}

#[test]
fn tsx() {
    check("tsx");
}

#[test]
fn java() {
    check("java");
}

#[test]
fn go() {
    check("go");
}

#[test]
fn generic() {
    check("generic");
}

#[test]
fn regex() {
    check("regex");
}
