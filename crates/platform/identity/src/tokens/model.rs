//! API tokens as values.

use rampart_access::{Scope, TokenId};
use rampart_kernel::{Secret, Timestamp, WorkspaceId};

/// A token, without itself: only its hash is kept.
#[derive(Clone, Debug)]
pub struct ApiToken {
    pub id: TokenId,
    pub name: String,
    /// By which people tell their tokens apart.
    pub prefix: String,
    pub scopes: Vec<Scope>,
    pub workspace: WorkspaceId,
    pub expires_at: Timestamp,
    /// To the minute.
    pub last_used: Option<Timestamp>,
    pub created_at: Timestamp,
}

/// The token is told once.
#[derive(Clone, Debug)]
pub struct NewToken {
    pub secret: Secret,
    pub token: ApiToken,
}
