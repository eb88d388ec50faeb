//! A folder that is scanned by the real program, and what must hold of every scan.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;
use wait4::Wait4;

/// What a file may take, in seconds of processor time: less than the ten that are promised, as ending what takes longer takes a moment.
const TIMEOUT: &str = "8";

/// What a process may hold.
const MEMORY: &str = "1GiB";

/// What a scan of one hostile file may take, in processor time of all its processes: that of the file, the second and a half until what
/// does not heed it is ended, and that of reading the rules and the honest files again. Time by the clock would tell how busy the
/// machine is.
const BOUND: Duration = Duration::from_secs(12);

/// A scan that takes this long by the clock and no processor time hangs.
const HANGS: Duration = Duration::from_secs(120);

pub struct Folder(tempfile::TempDir);

impl Folder {
    /// Two honest files around what a test adds, by order of name, and rules.
    pub fn new(rules: &str) -> Folder {
        let folder = Folder(tempfile::tempdir().unwrap());
        folder.write("src/a.py", "hello(1)\n");
        folder.write("src/z.py", "hello(2)\n");
        folder.write("rules.yaml", rules);
        folder
    }

    pub fn path(&self, path: impl AsRef<Path>) -> PathBuf {
        self.0.path().join(path)
    }

    pub fn write(&self, path: impl AsRef<Path>, text: impl AsRef<[u8]>) {
        let path = self.path(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_rampart"));
        command.args(["scan", "src", "-c", "rules.yaml"]);
        command.args(args).current_dir(self.0.path()).stdin(Stdio::null());
        command
    }

    /// Scans `src`; whatever is in it, the scan ends in time and well.
    pub fn scan(&self, args: &[&str]) -> Scan {
        let begin = Instant::now();
        let (out, err) = (self.path("report.json"), self.path("err"));
        let mut command = self.command(&["--format", "json", "--timeout", TIMEOUT, "--max-memory", MEMORY]);
        command.args(args).stdout(File::create(&out).unwrap()).stderr(File::create(&err).unwrap());
        let used = command.spawn().unwrap().wait4().unwrap();
        assert_eq!(used.status.code(), Some(0), "{}", std::fs::read_to_string(err).unwrap());
        let time = used.rusage.utime + used.rusage.stime;
        assert!(time < BOUND, "{time:?} of processor time");
        assert!(begin.elapsed() < HANGS, "{:?}", begin.elapsed());
        Scan { report: serde_json::from_slice(&std::fs::read(out).unwrap()).unwrap(), time, memory: used.rusage.maxrss }
    }
}

pub struct Scan {
    pub report: Value,
    /// Processor time of all processes.
    pub time: Duration,
    /// Most that one of the processes held, in bytes.
    pub memory: u64,
}

impl Scan {
    /// `path:line` of what a rule found.
    pub fn found(&self, rule: &str) -> Vec<String> {
        let place = |finding: &Value| format!("{}:{}", finding["path"].as_str().unwrap(), finding["start"]["line"]);
        let results = self.report["results"].as_array().unwrap();
        results.iter().filter(|finding| finding["check_id"] == rule).map(place).collect()
    }

    pub fn coverage(&self, list: &str) -> &Vec<Value> {
        self.report["rampart"]["coverage"][list].as_array().unwrap()
    }

    /// What cut the scan short.
    pub fn limits(&self) -> Vec<&str> {
        self.coverage("limits").iter().filter_map(Value::as_str).collect()
    }

    /// `path reason` of what was not scanned.
    pub fn skipped(&self) -> Vec<String> {
        let text = |skipped: &Value, field: &str| skipped[field].as_str().unwrap().to_owned();
        self.coverage("skipped").iter().map(|s| format!("{} {}", text(s, "path"), text(s, "reason"))).collect()
    }
}
