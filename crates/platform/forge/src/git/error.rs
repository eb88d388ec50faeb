//! What can come of git.

use std::path::PathBuf;

use rampart_programs::Error as Program;
use thiserror::Error;

pub type Result<T, E = Error> = std::result::Result<T, E>;

#[derive(Debug, Error)]
pub enum Error {
    #[error("there is no such commit or branch in the repository")]
    NoCommit,
    #[error("there is no such file in the commit")]
    NoFile,
    #[error("the commit holds more than {0} files")]
    TooManyFiles(usize),
    #[error("the files of the commit have more than {0} bytes")]
    TooLarge(u64),
    /// Of a place on this machine: what is wrong with it, and what to do.
    #[error("{0}")]
    Place(String),
    #[error("the repository cannot be read: {0}")]
    Refused(String),
    #[error("the forge does not let the account read the repository; link it again, or connect with another token")]
    Denied,
    #[error("the forge cannot be reached: {0}")]
    Unreachable(String),
    /// The copy here, not the repository.
    #[error("the mirror cannot be used: {0}")]
    Mirror(String),
    #[error("{0}")]
    Program(#[from] Program),
    #[error("git answered in a way that was not understood: {0}")]
    Answer(&'static str),
    #[error("the folder {} cannot be used: {error}", path.display())]
    Folder { path: PathBuf, error: std::io::Error },
}

impl Error {
    /// Whether the same again may succeed: the machine was in the way, not the repository.
    pub fn may_pass(&self) -> bool {
        match self {
            Error::Program(Program::Start { .. } | Program::Pipe { .. } | Program::TookTooLong { .. }) => true,
            Error::Folder { .. } | Error::Unreachable(_) | Error::Mirror(_) => true,
            Error::Denied => false,
            Error::Program(Program::Failed { .. } | Program::TooMuch { .. }) => false,
            Error::NoCommit | Error::NoFile | Error::TooManyFiles(_) | Error::TooLarge(_) => false,
            Error::Place(_) | Error::Refused(_) | Error::Answer(_) => false,
        }
    }
}
