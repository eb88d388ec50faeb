//! What can come of writing and of sending a message.

use std::time::Duration;

use rampart_jobs::Failure;
use thiserror::Error;

#[derive(Debug, Error)]
pub enum Error {
    /// The configuration names a way to send that cannot be used.
    #[error("{setting}: {what}")]
    Setting { setting: &'static str, what: String },
    #[error(transparent)]
    Store(#[from] rampart_store::Error),
    /// A mistake in a template, which its test finds.
    #[error("the message cannot be made: {0}")]
    Template(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl Error {
    pub(crate) fn setting(setting: &'static str, what: impl ToString) -> Error {
        Error::Setting { setting, what: what.to_string() }
    }
}

/// Why a message was not taken.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum SendError {
    /// It may be taken later.
    #[error("not taken now: {what}")]
    Temporary {
        what: String,
        /// When, if they said so.
        after: Option<Duration>,
    },
    /// It will not be taken: an address that does not exist, a password that is wrong.
    #[error("refused: {0}")]
    Permanent(String),
}

impl SendError {
    pub(crate) fn temporary(what: impl ToString) -> SendError {
        SendError::Temporary { what: what.to_string(), after: None }
    }
}

impl From<SendError> for Failure {
    fn from(error: SendError) -> Failure {
        match &error {
            SendError::Temporary { after: None, .. } => Failure::retry(error),
            SendError::Temporary { after: Some(after), .. } => Failure::RetryAfter(*after, error.to_string()),
            SendError::Permanent(_) => Failure::fatal(error),
        }
    }
}
