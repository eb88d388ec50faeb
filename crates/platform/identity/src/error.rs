//! What can come of this module's use cases.

use std::time::Duration;

use axum::http::StatusCode;
use rampart_web::ApiError;
use thiserror::Error;

use crate::password::Weakness;

#[derive(Debug, Error)]
pub enum Error {
    #[error("the e-mail address or the password is wrong")]
    InvalidCredentials,
    #[error("the account is locked after too many failed attempts")]
    Locked(Duration),
    #[error("the account is disabled")]
    Disabled,
    #[error("nobody can register here")]
    RegistrationClosed,
    #[error("the invitation is not valid")]
    InvitationInvalid,
    #[error("the invitation has expired")]
    InvitationExpired,
    #[error("there is an account with this e-mail address")]
    EmailTaken,
    #[error("the password is too weak")]
    WeakPassword(Vec<Weakness>),
    #[error("the token has expired")]
    TokenExpired,
    #[error("the token is not valid")]
    TokenInvalid,
    #[error("the session has ended")]
    TokenRevoked,
    #[error("the token was used before; the session has been ended")]
    RefreshTokenReused,
    #[error("the passkey was not accepted")]
    PasskeyInvalid,
    /// Passkeys belong to a host name.
    #[error("passkeys need a host name in FRONTEND_URL")]
    PasskeysUnavailable,
    #[error("there are too many passkeys; remove one first")]
    TooManyPasskeys,
    #[error("this is the last way to sign in; set a password or add another one first")]
    LastWayIn,
    #[error("sign in again first: your sign-in is too long ago for this")]
    SignInAgain,
    #[error("signing in with this provider is not configured")]
    ProviderNotConfigured,
    #[error("the sign-in was not begun in this browser, or too long ago; begin it again")]
    OauthStateMismatch,
    #[error("the provider did not confirm the sign-in; begin it again")]
    OauthCodeInvalid,
    #[error("the account is linked already, or you have one of this provider")]
    AlreadyLinked,
    #[error("the provider {0}; try again later")]
    Upstream(&'static str),
    #[error("confirm your e-mail address first, with the link that was mailed to you")]
    EmailNotVerified,
    #[error("the link is not valid any more; ask for another one")]
    VerificationInvalid,
    #[error("the link is not valid any more; ask for another one")]
    ResetInvalid,
    #[error("you have used this password before; choose another one")]
    PasswordReused,
    #[error("somebody else has this username")]
    UsernameTaken,
    #[error("the code is wrong, or was used before")]
    CodeInvalid,
    #[error("there is a second factor already; turn it off first")]
    FactorExists,
    /// The policy of the workspace names the domains.
    #[error("the workspace invites addresses of certain domains only")]
    DomainNotInvitable,
    #[error("your own second factor is turned off in your account, with a code of it")]
    OwnFactor,
    #[error("your own account is ended in its settings, with your password")]
    OwnAccount,
    #[error("the invitation was used, was revoked or has expired; make a new one")]
    InvitationOver,
    #[error("the invitation is for no address; hand its link over yourself, or make one for an address")]
    InvitationOfNobody,
    /// An invitation never changes a role.
    #[error("you are a member of the workspace already; its administrators change roles")]
    AlreadyMember,
    #[error("a workspace keeps at least one owner; make somebody else one first")]
    LastOwner,
    #[error("another workspace has this slug")]
    SlugTaken,
    #[error("confirm with the slug of the workspace")]
    NotConfirmed,
    #[error("you could not enter the workspace any more: {0}; to set it nevertheless ask with force=true")]
    WouldLockOut(rampart_access::Error),
    #[error("there are too many API tokens; revoke some first")]
    TooManyTokens,
    #[error("somebody must administer the installation; make somebody else an administrator first")]
    LastAdmin,
    /// An owner is made by handing over, not by inviting.
    #[error("nobody can be invited into this role")]
    RoleNotInvitable,
    #[error(transparent)]
    Access(#[from] rampart_access::Error),
    #[error(transparent)]
    Store(#[from] rampart_store::Error),
    #[error(transparent)]
    Mail(#[from] rampart_mail::Error),
    #[error("{0}")]
    Unexpected(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl From<Error> for ApiError {
    fn from(error: Error) -> ApiError {
        let message = error.to_string();
        let (status, code) = match error {
            Error::InvalidCredentials => (StatusCode::UNAUTHORIZED, "INVALID_CREDENTIALS"),
            Error::Locked(pause) => {
                return ApiError::new(StatusCode::LOCKED, "ACCOUNT_LOCKED", message).retry_after(pause);
            }
            Error::Disabled => (StatusCode::FORBIDDEN, "ACCOUNT_DISABLED"),
            Error::RegistrationClosed => (StatusCode::FORBIDDEN, "REGISTRATION_CLOSED"),
            Error::InvitationInvalid => (StatusCode::BAD_REQUEST, "INVITATION_INVALID"),
            Error::InvitationExpired => (StatusCode::GONE, "INVITATION_EXPIRED"),
            Error::EmailTaken => (StatusCode::CONFLICT, "EMAIL_TAKEN"),
            Error::WeakPassword(weaknesses) => {
                let details = serde_json::json!(weaknesses);
                return ApiError::new(StatusCode::BAD_REQUEST, "WEAK_PASSWORD", message).details(details);
            }
            Error::TokenExpired => (StatusCode::UNAUTHORIZED, "TOKEN_EXPIRED"),
            Error::TokenInvalid => (StatusCode::UNAUTHORIZED, "TOKEN_INVALID"),
            Error::TokenRevoked => (StatusCode::UNAUTHORIZED, "TOKEN_REVOKED"),
            Error::RefreshTokenReused => (StatusCode::UNAUTHORIZED, "REFRESH_TOKEN_REUSED"),
            Error::PasskeyInvalid => (StatusCode::UNAUTHORIZED, "INVALID_CREDENTIALS"),
            Error::PasskeysUnavailable | Error::ProviderNotConfigured => {
                (StatusCode::CONFLICT, "PROVIDER_NOT_CONFIGURED")
            }
            Error::TooManyPasskeys | Error::LastWayIn | Error::AlreadyLinked => (StatusCode::CONFLICT, "CONFLICT"),
            Error::SignInAgain => (StatusCode::FORBIDDEN, "FORBIDDEN"),
            Error::OauthStateMismatch => (StatusCode::BAD_REQUEST, "OAUTH_STATE_MISMATCH"),
            Error::OauthCodeInvalid => (StatusCode::BAD_REQUEST, "OAUTH_CODE_INVALID"),
            Error::Upstream(_) => (StatusCode::BAD_GATEWAY, "UPSTREAM_ERROR"),
            Error::EmailNotVerified => (StatusCode::FORBIDDEN, "EMAIL_NOT_VERIFIED"),
            Error::VerificationInvalid => (StatusCode::BAD_REQUEST, "VERIFICATION_TOKEN_INVALID"),
            Error::ResetInvalid => (StatusCode::BAD_REQUEST, "RESET_TOKEN_INVALID"),
            Error::PasswordReused => (StatusCode::BAD_REQUEST, "PASSWORD_REUSED"),
            Error::UsernameTaken => (StatusCode::CONFLICT, "CONFLICT"),
            Error::CodeInvalid => (StatusCode::UNAUTHORIZED, "TWO_FACTOR_INVALID"),
            Error::FactorExists => (StatusCode::CONFLICT, "TWO_FACTOR_ALREADY_ENABLED"),
            Error::RoleNotInvitable | Error::DomainNotInvitable | Error::NotConfirmed => {
                (StatusCode::BAD_REQUEST, "VALIDATION_ERROR")
            }
            Error::InvitationOver => (StatusCode::GONE, "INVITATION_EXPIRED"),
            Error::OwnFactor
            | Error::OwnAccount
            | Error::InvitationOfNobody
            | Error::AlreadyMember
            | Error::SlugTaken
            | Error::TooManyTokens
            | Error::LastAdmin
            | Error::WouldLockOut(_) => (StatusCode::CONFLICT, "CONFLICT"),
            Error::LastOwner => (StatusCode::CONFLICT, "LAST_OWNER"),
            Error::Access(error) => return error.into(),
            Error::Store(error) => return error.into(),
            Error::Mail(error) => return ApiError::internal(&error),
            Error::Unexpected(error) => return ApiError::internal(&*error),
        };
        ApiError::new(status, code, message)
    }
}
