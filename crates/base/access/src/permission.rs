//! Permissions as types, and the proofs that one holds them.

use std::collections::BTreeMap;
use std::marker::PhantomData;
use std::sync::Arc;

use rampart_kernel::{UserId, WorkspaceId};
use thiserror::Error;

use crate::{Ctx, Scope, WorkspaceRole};

/// Why not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum Error {
    #[error("sign in first")]
    Unauthenticated,
    /// The role is too low.
    #[error("your role does not allow this")]
    Forbidden,
    /// Of a workspace that the caller has no part in, nothing exists.
    #[error("there is no such thing")]
    NotFound,
    #[error("the token was not made for this")]
    ScopeInsufficient,
    /// Only somebody who is present, not a token, may do this.
    #[error("this needs a session")]
    SessionNeeded,
    /// The workspace lets in certain addresses only.
    #[error("the workspace cannot be entered from this address; ask its administrators")]
    AddressNotAllowed,
    /// The workspace lets sessions live shorter than the installation does.
    #[error("the session is too old, or was unused for too long, for this workspace; sign in again")]
    SessionTooOld,
    #[error("your password is older than the workspace allows; change it")]
    PasswordTooOld,
    /// The workspace lets in only those who have one.
    #[error("the workspace asks for a second factor; set one up")]
    SecondFactorNeeded,
    /// By whoever administers the installation; they themselves come in.
    #[error("the workspace is suspended; ask the administrators of this installation")]
    Suspended,
}

/// Something that a member of a workspace may be allowed to do.
pub trait Permission: Send + Sync + 'static {
    const NAME: &'static str;
    /// The lowest role that may.
    const LEAST: WorkspaceRole;
    /// What an API token must be made for.
    const SCOPE: Scope;
}

/// Declares permissions: a type with a name, the lowest role that may, and the scope that a token needs.
#[macro_export]
macro_rules! permissions {
    ($($(#[$meta:meta])* $type:ident = $name:literal : $least:ident, $scope:ident;)+) => {$(
        $(#[$meta])*
        #[derive(Clone, Copy, Debug)]
        pub struct $type;

        impl $crate::Permission for $type {
            const NAME: &'static str = $name;
            const LEAST: $crate::WorkspaceRole = $crate::WorkspaceRole::$least;
            const SCOPE: $crate::Scope = $crate::Scope::$scope;
        }
    )+};
}

permissions! {
    /// Read everything of the workspace but credentials and the audit record.
    ReadWorkspace = "workspace.read": Viewer, Read;
}

/// The proof that the caller may do `P` in a workspace. Only [`Ctx::require`](crate::Ctx::require) makes one.
#[derive(Debug)]
pub struct Granted<P: Permission> {
    workspace: WorkspaceId,
    user: Option<UserId>,
    permission: PhantomData<P>,
}

impl<P: Permission> Granted<P> {
    pub(crate) fn new(workspace: WorkspaceId, user: Option<UserId>) -> Granted<P> {
        Granted { workspace, user, permission: PhantomData }
    }

    /// The only workspace whose rows may be touched.
    pub fn workspace(&self) -> WorkspaceId {
        self.workspace
    }

    /// Nobody when the program itself acts.
    pub fn user(&self) -> Option<UserId> {
        self.user
    }
}

/// The proof that the caller administers the installation. Only
/// [`Ctx::require_platform_admin`](crate::Ctx::require_platform_admin) makes one.
#[derive(Debug)]
pub struct PlatformAdmin {
    user: Option<UserId>,
}

impl PlatformAdmin {
    pub(crate) fn new(user: Option<UserId>) -> PlatformAdmin {
        PlatformAdmin { user }
    }

    pub fn user(&self) -> Option<UserId> {
        self.user
    }
}

/// What a route asks of its callers; the first of two walls. The second is the proof that its service asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rule {
    /// Anybody, with the reason why.
    Public(&'static str),
    /// Whoever is signed in.
    SignedIn,
    /// Somebody who is present: whoever is signed in, but no API token.
    InSession,
    /// Whoever has this permission in the workspace of the request.
    Workspace {
        name: &'static str,
        least: WorkspaceRole,
        scope: Scope,
    },
    PlatformAdmin,
    /// A signature over the body, which the handler checks; with its kind.
    Signed(&'static str),
}

impl Rule {
    pub const fn of<P: Permission>() -> Rule {
        Rule::Workspace { name: P::NAME, least: P::LEAST, scope: P::SCOPE }
    }
}

/// The permissions of a program, as its routes ask for them, each once, by name.
#[derive(Clone, Debug, Default)]
pub struct Permissions(Arc<[Rule]>);

impl Permissions {
    pub fn of_rules(rules: impl IntoIterator<Item = Rule>) -> Permissions {
        let named = rules.into_iter().filter_map(|rule| match rule {
            Rule::Workspace { name, .. } => Some((name, rule)),
            _ => None,
        });
        Permissions(named.collect::<BTreeMap<_, _>>().into_values().collect())
    }

    /// Names of those that the caller has, in the workspace of the request.
    pub fn held_by(&self, ctx: &Ctx) -> Vec<&'static str> {
        let held = self.0.iter().filter(|rule| ctx.check(**rule).is_ok());
        held.filter_map(|rule| if let Rule::Workspace { name, .. } = rule { Some(*name) } else { None }).collect()
    }
}
