//! A private PostgreSQL for one test: from the system's package, in a temporary folder, reachable through a socket in it.
//!
//! A socket needs no free port and lets nobody else in. The server runs as `nobody` when the test runs as root, as it refuses to
//! run as root, and ends when the test does, however that ends. `xtask/setup.sh` installs the package.

use std::fs::{self, File};
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

/// A loaded machine starts a server in seconds; one that takes longer does not start.
const START_LIMIT: Duration = Duration::from_secs(60);

/// The user and group `nobody`, on every Linux.
const NOBODY: u32 = 65_534;

/// For tests nothing needs to survive a power cut, and many servers run side by side.
const OPTIONS: [&str; 10] = [
    "-cfsync=off",
    "-csynchronous_commit=off",
    "-cfull_page_writes=off",
    "-clisten_addresses=",
    "-cshared_buffers=16MB",
    "-cmax_connections=40",
    "-cmax_wal_senders=0",
    "-cwal_level=minimal",
    "-cautovacuum=off",
    "-clog_min_messages=fatal",
];

pub struct Server {
    process: Child,
    folder: TempDir,
}

impl Server {
    /// # Panics
    /// When PostgreSQL is not installed or does not start.
    pub fn start() -> Server {
        let binaries = binaries();
        let template = template(&binaries);
        let folder = tempfile::Builder::new().prefix("rampart-pg-").tempdir_in("/tmp").expect("a temporary folder");
        let data = folder.path().join("data");
        run(Command::new("cp").args(["-r", "--reflink=auto"]).arg(&template).arg(&data));
        give_away(folder.path());
        let mut command = unprivileged(&binaries.join("postgres"));
        command.arg("-D").arg(&data).arg(format!("-k{}", folder.path().display())).args(OPTIONS);
        let process = command.stdout(Stdio::null()).stderr(Stdio::inherit()).spawn().expect("postgres starts");
        let mut server = Server { process, folder };
        server.wait();
        server
    }

    pub fn url(&self) -> String {
        self.url_of("postgres")
    }

    pub fn url_of(&self, database: &str) -> String {
        format!("postgresql://rampart@localhost/{database}?host={}", self.folder.path().display())
    }

    /// A copy of the usual database under another name. Nobody may be connected to it meanwhile.
    ///
    /// # Panics
    /// When there is one of that name.
    pub fn copy(&self, name: &str) {
        let mut command = Command::new(binaries().join("createdb"));
        command.arg("-h").arg(self.folder.path());
        run(command.args(["-U", "rampart", "--maintenance-db=template1", "--template=postgres", name]));
    }

    /// Its pid file says `ready` when it takes connections.
    fn wait(&mut self) {
        let pid_file = self.folder.path().join("data/postmaster.pid");
        let start = Instant::now();
        while !fs::read_to_string(&pid_file).is_ok_and(|text| text.lines().any(|line| line.trim() == "ready")) {
            assert!(self.process.try_wait().expect("the child is ours").is_none(), "postgres ended at its start");
            assert!(start.elapsed() < START_LIMIT, "postgres does not start");
            std::thread::park_timeout(Duration::from_millis(10));
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // At once: there is nothing to keep.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The newest version that is installed.
fn binaries() -> PathBuf {
    let versions = fs::read_dir("/usr/lib/postgresql").map(|entries| entries.flatten().collect::<Vec<_>>());
    let version = |path: &Path| path.file_name()?.to_str()?.parse::<u32>().ok();
    let mut found: Vec<PathBuf> = versions.unwrap_or_default().iter().map(std::fs::DirEntry::path).collect();
    found.retain(|path| path.join("bin/postgres").is_file());
    found.sort_by_key(|path| version(path));
    found.pop().expect("PostgreSQL is not installed: sh xtask/setup.sh test").join("bin")
}

/// A database folder as `initdb` makes it, made once per machine: that takes a second, a copy some milliseconds.
fn template(binaries: &Path) -> PathBuf {
    let version = binaries.parent().and_then(Path::file_name).expect("…/<version>/bin").to_string_lossy().into_owned();
    let me = uid();
    let shared = PathBuf::from(format!("/tmp/rampart-testkit-{me}-pg{version}"));
    if let Err(error) = fs::create_dir(&shared) {
        assert_eq!(error.kind(), std::io::ErrorKind::AlreadyExists, "{}: {error}", shared.display());
    }
    assert_eq!(fs::metadata(&shared).expect("it exists").uid(), me, "{} belongs to somebody else", shared.display());
    fs::set_permissions(&shared, fs::Permissions::from_mode(0o711)).expect("it is ours");
    let lock = File::create(shared.join("lock")).expect("it is ours");
    lock.lock().expect("a lock");
    let template = shared.join("template");
    if !template.is_dir() {
        let fresh = shared.join("fresh");
        let _ = fs::remove_dir_all(&fresh);
        fs::create_dir(&fresh).expect("it is ours");
        give_away(&fresh);
        run(unprivileged(&binaries.join("initdb")).arg("-D").arg(&fresh).args([
            "--username=rampart",
            "--auth=trust",
            "--no-sync",
            "--encoding=UTF8",
            "--locale=C",
        ]));
        fs::rename(&fresh, &template).expect("it is ours");
    }
    template
}

/// The command as somebody who is not root, ended when this process is.
fn unprivileged(program: &Path) -> Command {
    let mut command = Command::new("setpriv");
    command.args(["--pdeathsig", "KILL"]);
    if uid() == 0 {
        command.args(["--reuid", &NOBODY.to_string(), "--regid", &NOBODY.to_string(), "--clear-groups"]);
    }
    command.arg("--").arg(program).current_dir("/").env_clear().env("PATH", "/usr/bin:/bin").env("LC_ALL", "C");
    command
}

fn give_away(path: &Path) {
    if uid() != 0 {
        return;
    }
    chown(path, Some(NOBODY), Some(NOBODY)).expect("root may give files away");
    if path.is_dir() && !path.is_symlink() {
        for entry in fs::read_dir(path).expect("a folder of ours").flatten() {
            give_away(&entry.path());
        }
    }
}

fn uid() -> u32 {
    fs::metadata("/proc/self").expect("/proc is there").uid()
}

fn run(command: &mut Command) {
    let output = command.stdin(Stdio::null()).output().expect("the program starts");
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
}
