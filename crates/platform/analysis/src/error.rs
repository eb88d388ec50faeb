//! What can come of this module's use cases.

use std::time::Duration;

use axum::http::StatusCode;
use rampart_web::ApiError;
use thiserror::Error;

#[derive(Debug, Error)]
pub enum Error {
    #[error("a full scan of the repository waits or runs already")]
    AlreadyRunning,
    /// A scan that is over is not cancelled any more.
    #[error("the scan is over already")]
    Over,
    #[error("{most} scans may be begun on one day; {used} were, and the next day begins at midnight UTC")]
    QuotaExceeded {
        most: u32,
        used: u32,
        /// Until the day ends.
        wait: Duration,
    },
    #[error("the repository is not connected")]
    Disconnected,
    #[error("the scan has no report yet")]
    ReportNotReady,
    #[error("the report was kept for as long as reports are, and is gone; scan again")]
    ReportExpired,
    /// A field that cannot be, and why.
    #[error("{field} {what}")]
    Field { field: &'static str, what: String },
    #[error(transparent)]
    Scanner(#[from] crate::scanner::Error),
    #[error(transparent)]
    Identity(#[from] rampart_identity::Error),
    #[error(transparent)]
    Forge(#[from] rampart_forge::Error),
    #[error(transparent)]
    Findings(#[from] rampart_findings::Error),
    #[error(transparent)]
    Objects(#[from] rampart_objects::Error),
    #[error("the folder of scans cannot be used: {0}")]
    Folder(std::io::Error),
    #[error(transparent)]
    Document(#[from] rampart_reports::Error),
    #[error(transparent)]
    File(#[from] rampart_kernel::FileError),
    #[error("the report cannot be written: {0}")]
    Report(String),
    #[error(transparent)]
    Access(#[from] rampart_access::Error),
    #[error(transparent)]
    Store(#[from] rampart_store::Error),
}

impl From<Error> for ApiError {
    fn from(error: Error) -> ApiError {
        let text = error.to_string();
        let conflict = |code| ApiError::new(StatusCode::CONFLICT, code, text.clone());
        match error {
            Error::AlreadyRunning => conflict("SCAN_ALREADY_RUNNING"),
            Error::Over => conflict("INVALID_STATE_TRANSITION"),
            Error::QuotaExceeded { wait, .. } => {
                ApiError::new(StatusCode::TOO_MANY_REQUESTS, "SCAN_QUOTA_EXCEEDED", text).retry_after(wait)
            }
            Error::Disconnected => conflict("CONFLICT"),
            Error::ReportNotReady => conflict("REPORT_NOT_READY"),
            Error::ReportExpired => ApiError::new(StatusCode::GONE, "ARTIFACT_EXPIRED", text),
            Error::Field { field, what } => ApiError::invalid(field, &what),
            Error::Document(rampart_reports::Error::NoPaper) => conflict("PROVIDER_NOT_CONFIGURED"),
            Error::Identity(error) => error.into(),
            Error::Forge(error) => error.into(),
            Error::Findings(error) => error.into(),
            Error::Access(error) => error.into(),
            Error::Store(error) => error.into(),
            error @ (Error::Document(_)
            | Error::Scanner(_)
            | Error::Objects(_)
            | Error::Folder(_)
            | Error::File(_)
            | Error::Report(_)) => ApiError::internal(&error),
        }
    }
}

impl Error {
    /// Whether the same again may succeed: the machine was in the way, not the repository.
    pub fn may_pass(&self) -> bool {
        match self {
            Error::Forge(rampart_forge::Error::Git(error)) => error.may_pass(),
            Error::Forge(rampart_forge::Error::Store(_))
            | Error::Store(_)
            | Error::Objects(_)
            | Error::Folder(_)
            | Error::File(_) => true,
            Error::Scanner(crate::scanner::Error::Program(_)) => true,
            Error::Findings(error) => !matches!(error, rampart_findings::Error::TooMany { .. }),
            _ => false,
        }
    }
}

impl Error {
    /// Whether there is nothing to begin: one runs already, the repository is gone, or its workspace is suspended.
    pub(crate) fn is_no_turn(&self) -> bool {
        use rampart_access::Error as Refusal;
        matches!(
            self,
            Error::AlreadyRunning
                | Error::Disconnected
                | Error::Access(Refusal::Suspended)
                | Error::Store(rampart_store::Error::NotFound)
        )
    }
}

/// For what runs in the transaction of an event.
impl From<Error> for rampart_store::Error {
    fn from(error: Error) -> rampart_store::Error {
        match error {
            Error::Store(error) => error,
            error => rampart_store::Error::Unexpected(error.into()),
        }
    }
}
