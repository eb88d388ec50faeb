//! What can come of this module's use cases.

use axum::http::StatusCode;
use rampart_web::ApiError;
use thiserror::Error;

use crate::model::Provider;
use crate::{git, remote};

#[derive(Debug, Error)]
pub enum Error {
    /// This installation does not reach that provider.
    #[error("{0}")]
    ProviderNotConfigured(&'static str),
    /// Nobody in the workspace has linked an account there.
    #[error("{}", unlinked(*.0))]
    NotLinked(Provider),
    #[error("the repository is connected already")]
    AlreadyConnected,
    /// A field that cannot be, and why.
    #[error("{field} {what}")]
    Field { field: &'static str, what: String },
    /// Several commits begin so.
    #[error("commits of several repositories have this hash; name one with ?repositoryId=")]
    Ambiguous,
    /// A file that is no text, or too large to be shown.
    #[error("the file cannot be shown: {0}")]
    NotShown(&'static str),
    /// What is to be shown is not in the mirror: what, and what brings it.
    #[error("{0}")]
    NotFetched(&'static str),
    #[error("the signature is wrong, or missing")]
    InvalidSignature,
    #[error("this event is not listened to")]
    UnsupportedEvent,
    /// A delivery of which not enough is kept, and what to do instead.
    #[error("the delivery cannot be taken again here: {0}")]
    NotReplayed(&'static str),
    #[error(transparent)]
    Forge(#[from] remote::Error),
    #[error("what should work did not")]
    Unexpected(#[source] Box<dyn std::error::Error + Send + Sync>),
    #[error(transparent)]
    Git(#[from] git::Error),
    #[error(transparent)]
    Access(#[from] rampart_access::Error),
    #[error(transparent)]
    Store(#[from] rampart_store::Error),
}

/// What lets the program in.
fn unlinked(provider: Provider) -> &'static str {
    match provider {
        Provider::Github => "no account of GitHub is connected",
        Provider::Gitlab => {
            "this installation has no token for GitLab: give one with the project, or have an administrator set GITLAB_TOKEN"
        }
        Provider::Local => "this machine has no accounts",
    }
}

impl From<Error> for ApiError {
    fn from(error: Error) -> ApiError {
        let text = error.to_string();
        match error {
            Error::ProviderNotConfigured(_) => ApiError::new(StatusCode::CONFLICT, "PROVIDER_NOT_CONFIGURED", text),
            Error::NotLinked(Provider::Github) => ApiError::new(StatusCode::CONFLICT, "GITHUB_NOT_CONNECTED", text),
            Error::NotLinked(_) => ApiError::new(StatusCode::CONFLICT, "PROVIDER_NOT_CONFIGURED", text),
            Error::AlreadyConnected => ApiError::new(StatusCode::CONFLICT, "REPOSITORY_ALREADY_CONNECTED", text),
            Error::Ambiguous | Error::NotFetched(_) => ApiError::new(StatusCode::CONFLICT, "CONFLICT", text),
            Error::Field { field, what } => ApiError::invalid(field, &what),
            Error::NotShown(what) => ApiError::invalid("path", what),
            Error::InvalidSignature => ApiError::new(StatusCode::UNAUTHORIZED, "INVALID_SIGNATURE", text),
            Error::NotReplayed(_) => ApiError::new(StatusCode::CONFLICT, "INVALID_STATE_TRANSITION", text),
            Error::UnsupportedEvent => ApiError::new(StatusCode::BAD_REQUEST, "UNSUPPORTED_EVENT", text),
            Error::Forge(error) => error.into(),
            Error::Unexpected(error) => ApiError::internal(&*error),
            Error::Git(error) => of_git(error, text),
            Error::Access(error) => error.into(),
            Error::Store(error) => error.into(),
        }
    }
}

fn of_git(error: git::Error, text: String) -> ApiError {
    match error {
        git::Error::NoCommit | git::Error::NoFile => ApiError::new(StatusCode::NOT_FOUND, "NOT_FOUND", text),
        git::Error::Place(what) => ApiError::invalid("repoUrl", &what),
        git::Error::Denied => ApiError::new(StatusCode::BAD_GATEWAY, "UPSTREAM_ERROR", text),
        git::Error::Unreachable(_) => {
            tracing::warn!(%error, "a forge does not answer");
            ApiError::new(StatusCode::BAD_GATEWAY, "UPSTREAM_ERROR", "the forge does not answer now; try again later")
        }
        git::Error::Refused(_) | git::Error::TooManyFiles(_) | git::Error::TooLarge(_) => {
            ApiError::new(StatusCode::BAD_GATEWAY, "UPSTREAM_ERROR", text)
        }
        git::Error::Program(rampart_programs::Error::TookTooLong { .. }) => {
            ApiError::new(StatusCode::GATEWAY_TIMEOUT, "UPSTREAM_TIMEOUT", "git took too long; try again")
        }
        error => ApiError::internal(&error),
    }
}
