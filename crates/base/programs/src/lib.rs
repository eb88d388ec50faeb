//! Other programs, started with bounds: no inherited environment, limits of the system on what they may use, and an end for all that
//! they started when time is up or nobody waits any more.
//!
//! Knows no program and no path.
//!
//! ```
//! use std::time::Duration;
//! use rampart_programs::{Limits, Program};
//!
//! # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
//! let echo = Program::new("echo", "/usr/bin:/bin").limits(Limits::default()).arg("hello");
//! let output = echo.output(1_000, Duration::from_secs(10)).await.unwrap();
//! assert_eq!(output, b"hello\n");
//! # });
//! ```

use std::ffi::{OsStr, OsString};
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process_group};
use thiserror::Error;
use tokio::io::{AsyncRead, AsyncReadExt};
use tokio::process::{Child, ChildStderr, ChildStdin, ChildStdout, Command};

/// How much of what a program says of its failure is kept, in bytes: its last words.
const LAST_WORDS: usize = 4_096;

#[derive(Debug, Error)]
pub enum Error {
    #[error("{program} could not be started: {error}")]
    Start { program: String, error: std::io::Error },
    /// With its last words, which may be hostile: show them as escapes.
    #[error("{program} failed with {status}: {words}")]
    Failed { program: String, status: ExitStatus, words: String },
    #[error("{program} took longer than {} s", limit.as_secs())]
    TookTooLong { program: String, limit: Duration },
    #[error("{program} answered with more than {limit} bytes")]
    TooMuch { program: String, limit: u64 },
    #[error("{program}: {error}")]
    Pipe { program: String, error: std::io::Error },
}

/// What a program may use, by the limits of the system. Nothing said means no limit.
#[derive(Clone, Copy, Debug, Default)]
pub struct Limits {
    /// The largest file that it may write, in bytes, rounded down to 512.
    pub file_bytes: Option<u64>,
    /// Address space of each of its processes, in bytes, rounded down to 1,024.
    pub memory_bytes: Option<u64>,
    /// Processor time of each of its processes.
    pub processor: Option<Duration>,
}

/// A program to be started.
#[derive(Debug)]
pub struct Program {
    name: String,
    arguments: Vec<OsString>,
    environment: Vec<(&'static str, OsString)>,
    limits: Limits,
}

impl Program {
    /// `name` is a path, or is looked for in `path`, folders with colons between.
    pub fn new(name: &str, path: &str) -> Program {
        Program {
            name: name.to_owned(),
            arguments: Vec::new(),
            environment: vec![("PATH", path.into())],
            limits: Limits::default(),
        }
    }

    #[must_use]
    pub fn arg(mut self, argument: impl AsRef<OsStr>) -> Program {
        self.arguments.push(argument.as_ref().to_owned());
        self
    }

    #[must_use]
    pub fn args<A: AsRef<OsStr>>(mut self, arguments: impl IntoIterator<Item = A>) -> Program {
        self.arguments.extend(arguments.into_iter().map(|argument| argument.as_ref().to_owned()));
        self
    }

    /// All that it finds in its environment beside `PATH`.
    #[must_use]
    pub fn env(mut self, name: &'static str, value: impl AsRef<OsStr>) -> Program {
        self.environment.push((name, value.as_ref().to_owned()));
        self
    }

    #[must_use]
    pub fn limits(mut self, limits: Limits) -> Program {
        self.limits = limits;
        self
    }

    /// # Errors
    /// [`Error::Start`].
    pub fn start(self) -> Result<Running, Error> {
        // The shell sets the limits and becomes the program: they hold before its first instruction, and for all that it starts.
        let mut command = Command::new("/bin/sh");
        command.arg("-c").arg(self.script()).arg("sh").arg(&self.name).args(&self.arguments);
        command.env_clear().envs(self.environment).kill_on_drop(true).process_group(0);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let child = command.spawn().map_err(|error| Error::Start { program: self.name.clone(), error })?;
        Ok(Running { child, name: self.name })
    }

    fn script(&self) -> String {
        let Limits { file_bytes, memory_bytes, processor } = self.limits;
        let limits = [
            ("f", file_bytes.map(|bytes| bytes / 512)),
            ("v", memory_bytes.map(|bytes| bytes / 1_024)),
            ("t", processor.map(|time| time.as_secs())),
        ];
        let set = limits.iter().filter_map(|(name, value)| Some(format!("ulimit -{name} {} && ", (*value)?)));
        set.collect::<String>() + "exec \"$@\""
    }

    /// What it prints, when it succeeds within `limit`; nothing is given to it.
    ///
    /// # Errors
    /// When it does not start, fails, takes longer, or prints more than `most` bytes.
    pub async fn output(self, most: u64, limit: Duration) -> Result<Vec<u8>, Error> {
        self.output_of(&[], most, limit).await
    }

    /// As [`Program::output`], with something on its standard input.
    ///
    /// # Errors
    /// As [`Program::output`].
    pub async fn output_of(self, input: &[u8], most: u64, limit: Duration) -> Result<Vec<u8>, Error> {
        let mut running = self.start()?;
        let program = running.name.clone();
        let work = async {
            let (stdin, stdout) = (running.stdin(), running.stdout());
            let feed = async {
                // One that ends before it has read everything is judged by its status.
                if let Some(mut stdin) = stdin {
                    let _ = tokio::io::AsyncWriteExt::write_all(&mut stdin, input).await;
                }
            };
            let (read, ()) = tokio::join!(read_most(stdout, most, &program), feed);
            let output = read?;
            running.finish().await?;
            Ok(output)
        };
        match tokio::time::timeout(limit, work).await {
            Ok(done) => done,
            Err(_) => Err(Error::TookTooLong { program, limit }),
        }
    }
}

async fn read_most(stdout: Option<ChildStdout>, most: u64, program: &str) -> Result<Vec<u8>, Error> {
    let mut output = Vec::new();
    let Some(stdout) = stdout else { return Ok(output) };
    let read = stdout.take(most + 1).read_to_end(&mut output).await;
    read.map_err(|error| Error::Pipe { program: program.to_owned(), error })?;
    if output.len() as u64 > most {
        return Err(Error::TooMuch { program: program.to_owned(), limit: most });
    }
    Ok(output)
}

/// A program that runs. Dropped, it ends, with all that it started.
#[derive(Debug)]
pub struct Running {
    child: Child,
    name: String,
}

impl Running {
    /// Can be taken once; dropped, the program meets the end of its input.
    pub fn stdin(&mut self) -> Option<ChildStdin> {
        self.child.stdin.take()
    }

    /// Can be taken once.
    pub fn stdout(&mut self) -> Option<ChildStdout> {
        self.child.stdout.take()
    }

    /// Waits for its end. What it still prints is thrown away.
    ///
    /// # Errors
    /// [`Error::Failed`] with its last words.
    pub async fn finish(&mut self) -> Result<(), Error> {
        drop(self.stdin());
        let (stdout, stderr) = (self.child.stdout.take(), self.child.stderr.take());
        let (_, words, status) = tokio::join!(tail(stdout), last_words(stderr), self.child.wait());
        let status = status.map_err(|error| Error::Pipe { program: self.name.clone(), error })?;
        if status.success() { Ok(()) } else { Err(Error::Failed { program: self.name.clone(), status, words }) }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // Once waited for it has no id any more, and its group cannot be somebody else's.
        let id = self.child.id().and_then(|id| i32::try_from(id).ok()).and_then(Pid::from_raw);
        if let Some(group) = id {
            let _ = kill_process_group(group, Signal::KILL);
        }
    }
}

async fn last_words(stderr: Option<ChildStderr>) -> String {
    String::from_utf8_lossy(&tail(stderr).await).trim().to_owned()
}

/// Reads to the end and keeps the last part.
async fn tail(from: Option<impl AsyncRead + Unpin>) -> Vec<u8> {
    let mut tail = Vec::new();
    let Some(mut from) = from else { return tail };
    let mut buffer = [0; LAST_WORDS];
    while let Ok(count @ 1..) = from.read(&mut buffer).await {
        tail.extend_from_slice(&buffer[..count]);
        tail.drain(..tail.len().saturating_sub(LAST_WORDS));
    }
    tail
}
