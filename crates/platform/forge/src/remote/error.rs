//! What can come of asking a forge.

use std::time::Duration;

use axum::http::StatusCode;
use rampart_jobs::Failure;
use rampart_web::ApiError;
use thiserror::Error;

use crate::model::Provider;

#[derive(Debug, Error)]
pub enum Error {
    /// The token was taken back, or has expired.
    #[error("{} does not take the token any more; {}", .0.title(), renewal(*.0))]
    Unauthorized(Provider),
    #[error("{} does not let the account do this; it needs more rights there", .0.title())]
    Forbidden(Provider),
    /// What one may not see does not exist.
    #[error("{} knows nothing of this, or the account may not see it", .0.title())]
    NotFound(Provider),
    /// Nothing was asked, or nothing was answered, until then.
    #[error("{} asks to wait {} s", .0.title(), .1.as_secs())]
    Limited(Provider, Duration),
    /// What is asked for is not ready, and will be.
    #[error("{} is not ready yet: {what}", .forge.title())]
    NotYet { forge: Provider, what: &'static str },
    /// With its words, for the log: they are never shown.
    #[error("{} refused with {status}: {words}", .forge.title())]
    Refused { forge: Provider, status: u16, words: String },
    #[error("{} cannot be reached: {}", .0.title(), .1)]
    Unreachable(Provider, #[source] rampart_egress::Error),
    #[error("{} answered in a way that was not understood: {}", .0.title(), .1)]
    Answer(Provider, &'static str),
    #[error("the key of the GitHub App cannot be used: {0}")]
    Key(&'static str),
}

/// What helps where a token does not.
fn renewal(forge: Provider) -> &'static str {
    match forge {
        Provider::Github => "link the account again",
        Provider::Gitlab | Provider::Local => "give the repository another one",
    }
}

impl Error {
    /// What it means for a job: whether it may go better later, and when.
    pub fn failure(&self) -> Failure {
        match self {
            Error::Limited(_, pause) => Failure::RetryAfter(*pause, self.to_string()),
            Error::Refused { status: 500.., .. } | Error::Unreachable(..) | Error::NotYet { .. } => {
                Failure::retry(self)
            }
            Error::Unauthorized(_) | Error::Forbidden(_) | Error::NotFound(_) | Error::Refused { .. } => {
                Failure::fatal(self)
            }
            Error::Answer(..) | Error::Key(_) => Failure::fatal(self),
        }
    }

    /// Whether asking again later may go better.
    pub fn is_passing(&self) -> bool {
        !matches!(self.failure(), Failure::Fatal(_))
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Failure {
        error.failure()
    }
}

impl From<Error> for ApiError {
    fn from(error: Error) -> ApiError {
        let text = error.to_string();
        let upstream = |text: String| ApiError::new(StatusCode::BAD_GATEWAY, "UPSTREAM_ERROR", text);
        match error {
            Error::Unauthorized(Provider::Github) => ApiError::new(StatusCode::CONFLICT, "GITHUB_NOT_CONNECTED", text),
            Error::Unauthorized(_) => ApiError::new(StatusCode::CONFLICT, "PROVIDER_NOT_CONFIGURED", text),
            Error::Forbidden(_) | Error::NotFound(_) | Error::NotYet { .. } => upstream(text),
            Error::Limited(_, pause) => upstream(text).retry_after(pause),
            Error::Unreachable(forge, rampart_egress::Error::TimedOut) => ApiError::new(
                StatusCode::GATEWAY_TIMEOUT,
                "UPSTREAM_TIMEOUT",
                format!("{} did not answer in time; try again", forge.title()),
            ),
            Error::Refused { forge, .. } | Error::Unreachable(forge, _) | Error::Answer(forge, _) => {
                tracing::warn!(error = text, "a forge does not serve");
                upstream(format!("{} does not do this now; try again later", forge.title()))
            }
            Error::Key(_) => {
                tracing::warn!(error = text, "a forge does not serve");
                upstream("GitHub does not do this now; try again later".to_owned())
            }
        }
    }
}
