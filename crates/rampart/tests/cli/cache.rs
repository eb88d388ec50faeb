use std::path::PathBuf;

use serde_json::Value;

use crate::Project;

/// From a request to a command, through functions of other files.
const RULE: &str = r"
rules:
  - id: demo.command
    languages: [python]
    severity: HIGH
    message: A request says what is run.
    mode: taint
    pattern-sources: [{pattern: request.args}]
    pattern-sinks: [{pattern: os.system(...)}]
";

const FILES: &[(&str, &str)] = &[
    ("src/web.py", "from flask import request\nfrom work import run\n\ndef view():\n    run(request.args)\n"),
    ("src/work.py", "import os\n\ndef run(line):\n    os.system(line)\n"),
    ("src/other.py", "import os\n\ndef main():\n    os.system('ls')\n"),
];

fn project() -> Project {
    let project = Project::new(FILES);
    project.write("taint.yaml", RULE);
    project
}

const CACHED: &[&str] = &["-c", "taint.yaml", "--cache", "kept"];

/// All that is said of the findings, the steps of flows too.
fn results(project: &Project, args: &[&str]) -> Value {
    let run = project.run(&[&["scan", "src", "-c", "rules.yaml", "--format", "json"], args].concat());
    let report: Value = serde_json::from_str(&run.out).unwrap();
    report["results"].clone()
}

fn entries(project: &Project) -> Vec<PathBuf> {
    let list = |path: PathBuf| std::fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path());
    let shards = list(project.path("kept")).filter(|path| path.is_dir());
    let mut entries: Vec<PathBuf> = shards.flat_map(list).collect();
    entries.sort();
    entries
}

#[test]
fn what_is_kept_gives_the_report_of_a_scan_without_it() {
    let project = project();
    let check = |expected: &[&str]| {
        assert_eq!(project.scan(&["-c", "taint.yaml"]).findings, expected);
        let plain = results(&project, &["-c", "taint.yaml"]);
        // Once to fill the cache, once to live on it.
        for _ in 0..2 {
            let cached = results(&project, CACHED);
            assert_eq!(cached, plain);
        }
    };
    check(&["src/work.py:4 demo.command"]);
    // A flow ends with the file at its other end.
    project.write("src/web.py", "from work import run\n\ndef view():\n    run('ls')\n");
    check(&[]);
    // And begins with it, at another line.
    project.write("src/web.py", "from flask import request\nfrom work import run\n\n\nrun(request.args)\nhello()\n");
    check(&["src/web.py:6 demo.hello", "src/work.py:4 demo.command"]);
    // A file that is gone takes its part in flows with it.
    std::fs::remove_file(project.path("src/web.py")).unwrap();
    check(&[]);
}

#[test]
fn only_files_that_changed_are_read_anew() {
    let project = project();
    project.scan(CACHED);
    let before = entries(&project);
    // Three files, what follows from all, and the search that it came from.
    assert_eq!(before.len(), 5);
    project.scan(CACHED);
    assert_eq!(entries(&project), before);
    project.write("src/other.py", "x = 1\n");
    project.scan(CACHED);
    // The search has nothing to do with that file.
    assert_eq!(entries(&project).len(), before.len() + 2);
    // Other rules share nothing with these.
    project.write("taint.yaml", RULE.replace("os.system(...)", "os.popen(...)"));
    assert_eq!(project.scan(CACHED).findings, Vec::<String>::new());
    assert_eq!(entries(&project).len(), before.len() + 6);
}

#[test]
fn damaged_entries_are_made_again() {
    let project = project();
    let expected = project.scan(CACHED).findings;
    let whole: Vec<Vec<u8>> = entries(&project).iter().map(|path| std::fs::read(path).unwrap()).collect();
    for damage in [
        |bytes: &[u8]| bytes[..bytes.len() / 2].to_vec(),
        |_: &[u8]| Vec::new(),
        |bytes: &[u8]| {
            let mut bytes = bytes.to_vec();
            bytes[5] ^= 1;
            bytes
        },
    ] {
        for path in entries(&project) {
            std::fs::write(&path, damage(&std::fs::read(&path).unwrap())).unwrap();
        }
        assert_eq!(project.scan(CACHED).findings, expected);
        let now: Vec<Vec<u8>> = entries(&project).iter().map(|path| std::fs::read(path).unwrap()).collect();
        assert_eq!(now, whole);
    }
}

#[test]
fn a_folder_that_cannot_be_used_is_said() {
    let project = project();
    project.write("kept", "a file");
    let run = project.run(&["scan", "src", "-c", "taint.yaml", "--cache", "kept"]);
    assert_eq!(run.code, 2);
    assert!(run.err.contains("the cache kept cannot be used") && run.err.contains("hint:"), "{}", run.err);
}
