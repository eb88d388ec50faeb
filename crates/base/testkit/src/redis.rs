//! A private Redis: its own folder in `/tmp`, a socket and no port, nothing kept on disk. Ends when the test does.
//! `xtask/setup.sh` installs the package.

use std::os::unix::net::UnixStream;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

/// A loaded machine starts a server in a second; one that takes longer does not start.
const START_LIMIT: Duration = Duration::from_secs(60);

pub struct TestRedis {
    folder: TempDir,
    process: Option<Child>,
}

impl TestRedis {
    /// # Panics
    /// When Redis is not installed or does not start.
    pub fn start() -> TestRedis {
        let folder = tempfile::Builder::new().prefix("rampart-redis-").tempdir_in("/tmp").expect("a temporary folder");
        let mut redis = TestRedis { folder, process: None };
        redis.restart();
        redis
    }

    pub fn url(&self) -> String {
        format!("redis+unix://{}", self.socket())
    }

    fn socket(&self) -> String {
        self.folder.path().join("socket").display().to_string()
    }

    /// At the same address, with nothing in it.
    ///
    /// # Panics
    /// As [`TestRedis::start`].
    pub fn restart(&mut self) {
        self.kill();
        let mut command = Command::new("setpriv");
        command.args(["--pdeathsig", "KILL", "--", "redis-server", "--port", "0", "--unixsocket", &self.socket()]);
        command.args(["--save", "", "--appendonly", "no", "--loglevel", "warning", "--maxmemory-policy", "noeviction"]);
        command.current_dir(self.folder.path()).stdout(Stdio::null()).stderr(Stdio::inherit());
        let process = command.spawn().expect("redis-server and setpriv are installed: sh xtask/setup.sh test");
        self.process = Some(process);
        let start = Instant::now();
        while UnixStream::connect(self.socket()).is_err() {
            assert!(start.elapsed() < START_LIMIT, "redis does not start");
            std::thread::park_timeout(Duration::from_millis(5));
        }
    }

    /// At once, as a machine dies.
    pub fn kill(&mut self) {
        if let Some(mut process) = self.process.take() {
            let _ = process.kill();
            let _ = process.wait();
        }
        let _ = std::fs::remove_file(self.socket());
    }

    /// It holds its connections and answers nothing.
    pub fn hang(&self) {
        self.signal("-STOP");
    }

    pub fn go_on(&self) {
        self.signal("-CONT");
    }

    fn signal(&self, name: &str) {
        let id = self.process.as_ref().expect("it runs").id().to_string();
        assert!(Command::new("kill").args([name, &id]).status().expect("kill starts").success());
    }

    /// Says one command to it.
    ///
    /// # Panics
    /// When it does not take it.
    pub fn command(&self, words: &[&str]) {
        let output = Command::new("redis-cli").args(["-s", &self.socket()]).args(words).output();
        let output = output.expect("redis-cli comes with redis-server");
        let said = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success() && said.trim() == "OK", "{words:?}: {said}");
    }
}

impl Drop for TestRedis {
    fn drop(&mut self) {
        self.kill();
    }
}
