use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::{Project, Run, Scan};

/// A rule that needs a tree of every file that says `hello`.
const CALLS: &str = r"
rules:
  - id: demo.call
    languages: [python, javascript, java]
    severity: HIGH
    message: Do not say hello.
    pattern: hello(...)
";

/// Files that parse into hundreds of megabytes, among many that do not.
fn heavy(project: &Project) {
    project.write("rules.yaml", CALLS);
    project.write("src/deep.py", format!("hello{}", "(".repeat(500_000)));
    project.write(
        "src/Deep.java",
        format!("/* hello() */ class A{{int x={}1{};}}", "(".repeat(300_000), ")".repeat(300_000)),
    );
    for number in 0..60 {
        project.write(format!("src/n{number:02}.py"), "hello()\n");
    }
}

#[cfg(unix)]
#[test]
fn a_symlink_loop_ends() {
    let project = Project::new(&[("src/a.py", "hello()\n"), ("outside/secret.py", "hello()\n")]);
    std::os::unix::fs::symlink(".", project.path("src/loop")).unwrap();
    std::os::unix::fs::symlink("a.py", project.path("src/again.py")).unwrap();
    std::os::unix::fs::symlink("../outside", project.path("src/out")).unwrap();
    std::os::unix::fs::symlink("absent", project.path("src/broken.py")).unwrap();
    let scan = project.scan(&[]);
    assert_eq!(scan.findings, ["src/a.py:1 demo.hello"]);
    let links = ["src/again.py not-a-file", "src/broken.py not-a-file", "src/loop not-a-file", "src/out not-a-file"];
    assert_eq!(scan.skipped, links);
}

#[cfg(unix)]
#[test]
fn names_do_not_steer_the_terminal() {
    use std::os::unix::ffi::OsStrExt;
    let project = Project::new(&[]);
    let names: [&[u8]; 3] = [b"new\nline.py", b"esc\x1b[31m.py", b"not\xFFutf8.py"];
    for name in names {
        project.write(std::path::Path::new("src").join(std::ffi::OsStr::from_bytes(name)), "hello()\n");
    }
    let expected =
        ["src/esc\u{1b}[31m.py:1 demo.hello", "src/new\nline.py:1 demo.hello", "src/not\u{FFFD}utf8.py:1 demo.hello"];
    assert_eq!(project.scan(&[]).findings, expected);
    let run = project.run(&["scan", "src", "-c", "rules.yaml", "--verbose", "--timings"]);
    assert!(!run.out.contains('\x1b') && !run.err.contains('\x1b'), "{}", run.out);
    assert!(!run.out.contains("new\nline"));
}

#[cfg(unix)]
#[test]
fn a_pipe_among_the_files_does_not_hang_the_scan() {
    let project = Project::new(&[("src/a.py", "hello()\n")]);
    assert!(Command::new("mkfifo").arg(project.path("src/pipe.py")).status().unwrap().success());
    let scan = project.scan(&[]);
    assert_eq!((scan.findings.len(), scan.skipped.as_slice()), (1, &["src/pipe.py not-a-file".to_owned()][..]));
}

#[test]
fn the_result_does_not_depend_on_the_number_of_threads() {
    let project = Project::new(&[]);
    heavy(&project);
    let one = project.scan(&["--jobs", "1"]);
    assert_eq!(one.findings.len(), 60);
    for jobs in ["2", "7"] {
        assert_eq!(project.scan(&["--jobs", jobs]), one);
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_file_that_needs_too_much_memory_costs_only_itself() {
    let project = Project::new(&[]);
    heavy(&project);
    let rampart = env!("CARGO_BIN_EXE_rampart");
    for jobs in ["1", "2", "5"] {
        let output = Command::new("sh")
            .args(["-c", "ulimit -d 80000; exec \"$@\"", "sh", rampart])
            .args(["scan", "src", "-c", "rules.yaml", "--format", "json", "--jobs", jobs])
            .current_dir(project.folder.path())
            .output()
            .unwrap();
        let run = Run::of(output);
        assert_eq!(run.code, 0, "{}", run.err);
        let scan = Scan::of(&run.out);
        assert_eq!(scan.findings.len(), 60, "jobs {jobs}");
        assert_eq!(scan.skipped.len(), 2, "{:?}", scan.skipped);
        assert!(scan.skipped.iter().all(|s| s.contains("eep.")), "{:?}", scan.skipped);
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_killed_child_loses_nothing() {
    let project = Project::new(&[]);
    heavy(&project);
    let args = ["scan", "src", "-c", "rules.yaml", "--format", "json", "--jobs", "2"];
    let supervisor = project.command(&args).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let child = wait_for_child(supervisor.id());
    assert!(Command::new("kill").args(["-9", &child.to_string()]).status().unwrap().success());
    let run = Run::of(supervisor.wait_with_output().unwrap());
    // Killed while it read its rules, the child shows no file to blame and the scan says so; later, another one goes on.
    if run.code == 2 {
        assert!(run.err.contains("while it read the rules"), "{}", run.err);
    } else {
        let scan = Scan::of(&run.out);
        assert_eq!((scan.findings.len(), scan.skipped.len()), (60, 0), "{:?}", scan.skipped);
    }
}

/// The process that `parent` has started, once it scans: it holds some memory then.
#[cfg(target_os = "linux")]
fn wait_for_child(parent: u32) -> u32 {
    let until = Instant::now() + Duration::from_secs(20);
    while Instant::now() < until {
        let children = std::fs::read_to_string(format!("/proc/{parent}/task/{parent}/children")).unwrap_or_default();
        if let Some(child) = children.split_whitespace().next().and_then(|child| child.parse().ok()) {
            let status = std::fs::read_to_string(format!("/proc/{child}/status")).unwrap_or_default();
            let resident = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap_or("0");
            if resident.split_whitespace().next().and_then(|kb| kb.parse().ok()).unwrap_or(0) > 60_000 {
                return child;
            }
        }
        std::thread::yield_now();
    }
    panic!("no child of {parent} was seen at work");
}

#[test]
fn a_file_that_takes_too_long_costs_only_itself() {
    let project = Project::new(&[("src/a.js", "hello()\n"), ("src/b.py", "hello()\n"), ("rules.yaml", CALLS)]);
    project.write("src/slow.js", format!("hello();\n{}", "/[".repeat(100_000)));
    let begin = Instant::now();
    let scan = project.scan(&["--timeout", "0.5", "--no-ignore"]);
    assert_eq!(scan.findings, ["src/a.js:1 demo.call", "src/b.py:1 demo.call"]);
    assert_eq!(scan.skipped, ["src/slow.js timeout"]);
    assert!(begin.elapsed() < Duration::from_secs(30));
}
