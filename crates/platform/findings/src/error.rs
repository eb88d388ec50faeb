//! What can come of this module's use cases.

use axum::http::StatusCode;
use rampart_web::ApiError;
use thiserror::Error;

use crate::model::Status;

#[derive(Debug, Error)]
pub enum Error {
    /// A finding that stands like this cannot be made into that.
    #[error("a finding that is {from} cannot become {to}; look at it again")]
    Transition { from: Status, to: Status },
    #[error("say why: a finding is dismissed for a reason only")]
    ReasonMissing,
    /// A field that cannot be used, and why.
    #[error("{1}")]
    Invalid(&'static str, String),
    /// Findings of the repository were changed since the plan was made: make another.
    #[error("the findings of the repository have changed meanwhile; try again")]
    Outdated,
    /// More than one scan may bring.
    #[error("{found} findings are more than the {limit} that one scan may bring")]
    TooMany { found: usize, limit: usize },
    #[error(transparent)]
    Access(#[from] rampart_access::Error),
    #[error(transparent)]
    Forge(#[from] rampart_forge::Error),
    #[error(transparent)]
    Store(#[from] rampart_store::Error),
}

pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    /// As the API names it.
    pub fn code(&self) -> &'static str {
        match self {
            Error::Transition { .. } => "INVALID_STATE_TRANSITION",
            Error::Store(rampart_store::Error::NotFound) => "NOT_FOUND",
            Error::ReasonMissing | Error::Invalid(..) | Error::TooMany { .. } => "VALIDATION_ERROR",
            Error::Outdated => "CONFLICT",
            Error::Access(_) | Error::Forge(_) | Error::Store(_) => "INTERNAL_ERROR",
        }
    }
}

impl From<Error> for ApiError {
    fn from(error: Error) -> ApiError {
        match error {
            Error::Transition { .. } => ApiError::new(StatusCode::CONFLICT, error.code(), error.to_string()),
            Error::Outdated => ApiError::new(StatusCode::CONFLICT, error.code(), error.to_string()),
            Error::ReasonMissing => ApiError::invalid("reason", &error.to_string()),
            Error::Invalid(field, ref what) => ApiError::invalid(field, what),
            Error::TooMany { .. } => ApiError::invalid("", &error.to_string()),
            Error::Access(error) => error.into(),
            Error::Forge(error) => error.into(),
            Error::Store(error) => error.into(),
        }
    }
}
