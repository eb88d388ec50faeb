//! What can come of asking GitHub.

use std::time::Duration;

use axum::http::StatusCode;
use rampart_jobs::Failure;
use rampart_web::ApiError;
use thiserror::Error;

/// A pause when GitHub says to wait and not how long: its documentation asks for a minute.
pub const PAUSE: Duration = Duration::from_secs(60);

#[derive(Debug, Error)]
pub enum Error {
    /// The token was taken back, or has expired.
    #[error("GitHub does not take the token any more; link the account again")]
    Unauthorized,
    #[error("GitHub does not let the account do this; it needs more rights there")]
    Forbidden,
    /// What one may not see does not exist.
    #[error("GitHub knows nothing of this, or the account may not see it")]
    NotFound,
    /// Nothing was asked, or nothing was answered, until then.
    #[error("GitHub asks to wait {} s", .0.as_secs())]
    Limited(Duration),
    /// With its words, for the log: they are never shown.
    #[error("GitHub refused with {status}: {words}")]
    Refused { status: u16, words: String },
    #[error("GitHub cannot be reached: {0}")]
    Unreachable(#[source] rampart_egress::Error),
    #[error("GitHub answered in a way that was not understood: {0}")]
    Answer(&'static str),
    #[error("the key of the GitHub App cannot be used: {0}")]
    Key(&'static str),
}

impl Error {
    /// What it means for a job: whether it may go better later, and when.
    pub fn failure(&self) -> Failure {
        match self {
            Error::Limited(pause) => Failure::RetryAfter(*pause, self.to_string()),
            Error::Refused { status: 500.., .. } | Error::Unreachable(_) => Failure::retry(self),
            Error::Unauthorized | Error::Forbidden | Error::NotFound | Error::Refused { .. } => Failure::fatal(self),
            Error::Answer(_) | Error::Key(_) => Failure::fatal(self),
        }
    }
}

impl From<Error> for ApiError {
    fn from(error: Error) -> ApiError {
        let upstream = |text: String| ApiError::new(StatusCode::BAD_GATEWAY, "UPSTREAM_ERROR", text);
        match error {
            Error::Unauthorized => ApiError::new(StatusCode::CONFLICT, "GITHUB_NOT_CONNECTED", error.to_string()),
            Error::Forbidden | Error::NotFound => upstream(error.to_string()),
            Error::Limited(pause) => upstream(error.to_string()).retry_after(pause),
            Error::Unreachable(rampart_egress::Error::TimedOut) => ApiError::new(
                StatusCode::GATEWAY_TIMEOUT,
                "UPSTREAM_TIMEOUT",
                "GitHub did not answer in time; try again",
            ),
            Error::Refused { .. } | Error::Unreachable(_) | Error::Answer(_) | Error::Key(_) => {
                tracing::warn!(%error, "GitHub does not serve");
                upstream("GitHub does not do this now; try again later".to_owned())
            }
        }
    }
}
