//! What can come of an object.

use rampart_egress::reason;
use thiserror::Error;

pub type Result<T, E = Error> = std::result::Result<T, E>;

#[derive(Debug, Error)]
pub enum Error {
    #[error("there is no such object")]
    NotFound,
    #[error("the range lies outside of the object")]
    Range,
    #[error("the object is larger than {0} bytes")]
    TooLarge(u64),
    /// What was to be put could not be read to its end; nothing was put.
    #[error("what was to be stored broke off: {0}")]
    Source(#[source] std::io::Error),
    #[error("{setting}: {what}")]
    Setting { setting: &'static str, what: String },
    #[error("the object store is not available: {0}")]
    Unavailable(String),
}

impl From<object_store::Error> for Error {
    fn from(error: object_store::Error) -> Error {
        match &error {
            object_store::Error::NotFound { .. } => Error::NotFound,
            error => Error::Unavailable(reason(error)),
        }
    }
}
