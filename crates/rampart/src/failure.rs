//! Why the program could not do what was asked, and what to do about it.

use std::fmt;

#[derive(Debug, Default)]
pub struct Failure {
    pub message: String,
    pub frame: Option<Box<Frame>>,
    pub hint: Option<String>,
    broken_pipe: bool,
}

/// A line of a text with carets under a part of it.
#[derive(Debug)]
pub struct Frame {
    pub file: String,
    /// From 1.
    pub line: usize,
    /// From 1, in characters.
    pub column: usize,
    pub text: String,
    /// How many characters are meant.
    pub length: usize,
}

impl Failure {
    pub fn new(message: impl fmt::Display) -> Failure {
        Failure { message: message.to_string(), ..Failure::default() }
    }

    pub fn hint(mut self, hint: impl fmt::Display) -> Failure {
        self.hint = Some(hint.to_string());
        self
    }

    pub fn frame(mut self, frame: Frame) -> Failure {
        self.frame = Some(Box::new(frame));
        self
    }

    pub fn is_broken_pipe(&self) -> bool {
        self.broken_pipe
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Failure {
        let broken_pipe = error.kind() == std::io::ErrorKind::BrokenPipe;
        Failure { message: format!("cannot write the output: {error}"), broken_pipe, ..Failure::default() }
    }
}

impl From<rampart_scan::Error> for Failure {
    fn from(error: rampart_scan::Error) -> Failure {
        use rampart_scan::Error;
        use rampart_scan::baseline::GitError;
        let hint = match &error {
            Error::NoSuchPath { .. } => Some("name a file or a folder that exists; `-` reads standard input"),
            Error::BadGlob { .. } => Some("globs are written as in .gitignore: `*.py`, `tests/`, `src/**/gen`"),
            Error::Rules(_) => Some("run `rampart rules check` on the rule files one by one to find the one to blame"),
            Error::Git(GitError::Start(_)) => Some("--diff needs the git program"),
            Error::Git(GitError::NoCommit(_)) => {
                Some("name a branch, tag or commit; a shallow clone may lack it (`git fetch --unshallow`)")
            }
            Error::Git(GitError::NoRepository(_)) => {
                Some("--diff compares with a commit of the repository that is scanned")
            }
            _ => None,
        };
        Failure { message: error.to_string(), hint: hint.map(str::to_owned), ..Failure::default() }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "error: {}", one_line(&self.message))?;
        if let Some(frame) = &self.frame {
            let number = frame.line.to_string();
            let pad = " ".repeat(number.len());
            writeln!(f, "{pad}--> {}:{}:{}", one_line(&frame.file), frame.line, frame.column)?;
            writeln!(f, "{pad} |")?;
            writeln!(f, "{number} | {}", one_line(&frame.text))?;
            writeln!(f, "{pad} | {}{}", " ".repeat(frame.column.saturating_sub(1)), "^".repeat(frame.length.max(1)))?;
        }
        match &self.hint {
            Some(hint) => writeln!(f, "hint: {}", one_line(hint)),
            None => Ok(()),
        }
    }
}

/// Text from elsewhere on one line and without what steers a terminal.
pub fn one_line(text: &str) -> String {
    let hidden = |c: char| c.is_control() && c != '\t';
    if text.contains(hidden) {
        text.chars().map(|c| if hidden(c) { '\u{FFFD}' } else { c }).collect()
    } else {
        text.to_owned()
    }
}
