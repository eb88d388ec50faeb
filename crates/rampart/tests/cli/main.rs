//! The real binary on real folders.

mod cache;
mod diff;
mod fix;
mod hostile;
mod modes;
mod rules;
mod scan;
mod settings;
mod suppression;

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;

/// Finds `hello(` in Python and `TODO` in any text; `hello(` has a fix.
const RULES: &str = r"
rules:
  - id: demo.hello
    languages: [python]
    severity: HIGH
    message: Do not say hello.
    pattern-regex: hello\(
    fix: goodbye(
  - id: demo.todo
    languages: [regex]
    severity: LOW
    message: Something is left to do.
    pattern-regex: TODO
";

/// A folder of its own with the rules above in `rules.yaml`, outside what is scanned.
struct Project {
    folder: tempfile::TempDir,
}

impl Project {
    fn new(files: &[(&str, &str)]) -> Project {
        let project = Project { folder: tempfile::tempdir().unwrap() };
        project.write("rules.yaml", RULES);
        std::fs::create_dir(project.path("src")).unwrap();
        for (path, text) in files {
            project.write(path, text);
        }
        project
    }

    fn path(&self, path: impl AsRef<Path>) -> PathBuf {
        self.folder.path().join(path)
    }

    fn write(&self, path: impl AsRef<Path>, text: impl AsRef<[u8]>) {
        let path = self.path(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    fn read(&self, path: &str) -> String {
        std::fs::read_to_string(self.path(path)).unwrap()
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_rampart"));
        command.args(args).current_dir(self.folder.path()).stdin(Stdio::null());
        for name in ["NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE"] {
            command.env_remove(name);
        }
        command
    }

    fn run(&self, args: &[&str]) -> Run {
        Run::of(self.command(args).output().unwrap())
    }

    /// Scans `src` with the rules and gives the findings.
    fn scan(&self, args: &[&str]) -> Scan {
        let all = [&["scan", "src", "-c", "rules.yaml", "--format", "json"], args].concat();
        let run = self.run(&all);
        assert_eq!(run.code, 0, "{}", run.err);
        Scan::of(&run.out)
    }
}

struct Run {
    code: i32,
    out: String,
    err: String,
}

impl Run {
    fn of(output: Output) -> Run {
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        Run { code: output.status.code().unwrap(), out: text(output.stdout), err: text(output.stderr) }
    }
}

/// What the JSON report says.
#[derive(Debug, PartialEq)]
struct Scan {
    /// `path:line rule`, with `(suppressed)` behind it where that holds.
    findings: Vec<String>,
    /// `path reason` of files that were not scanned.
    skipped: Vec<String>,
    fingerprints: Vec<String>,
}

impl Scan {
    fn of(json: &str) -> Scan {
        let report: Value = serde_json::from_str(json).unwrap();
        let list = |value: &Value| value.as_array().unwrap().clone();
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let finding = |value: &Value| {
            let suppressed = if value["extra"]["is_ignored"] == true { " (suppressed)" } else { "" };
            format!("{}:{} {}{suppressed}", text(&value["path"]), value["start"]["line"], text(&value["check_id"]))
        };
        let place = |value: &Value| (text(&value["path"]), value["start"]["line"].as_u64(), text(&value["check_id"]));
        let skipped = |value: &Value| format!("{} {}", text(&value["path"]), text(&value["reason"]));
        let mut results = list(&report["results"]);
        results.extend(list(&report["rampart"]["suppressed"]));
        results.sort_by_key(place);
        Scan {
            findings: results.iter().map(finding).collect(),
            skipped: list(&report["rampart"]["coverage"]["skipped"]).iter().map(skipped).collect(),
            fingerprints: results.iter().map(|value| text(&value["extra"]["fingerprint"])).collect(),
        }
    }
}

/// Runs git in a project, as a person of its own and without the settings of this machine.
fn git(project: &Project, args: &[&str]) {
    let output = Command::new("git")
        .args(["-c", "user.name=test", "-c", "user.email=test@example.invalid", "-c", "commit.gpgsign=false"])
        .args(args)
        .current_dir(project.folder.path())
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_SYSTEM", "/dev/null")
        .output()
        .unwrap();
    assert!(output.status.success(), "git {args:?}: {}", String::from_utf8_lossy(&output.stderr));
}
