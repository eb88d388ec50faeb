//! Who is asking, for which workspace, and with what clock and chance it is done.

use std::net::IpAddr;
use std::ops::Deref;
use std::sync::Arc;

use rampart_kernel::{Origin, UserId, WorkspaceId};

use crate::{Error, Granted, Permission, PlatformAdmin, PlatformRole, Rule, Scope, WorkspaceRole};

rampart_kernel::id! {
    /// Somebody signed in on one device.
    SessionId,
    /// An API token.
    TokenId,
}

/// Who is asking.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Actor {
    Anonymous,
    /// A person in a session.
    User {
        id: UserId,
        role: PlatformRole,
        session: SessionId,
        /// The part in the workspace of the request, or why there is none.
        membership: Result<Membership, Error>,
    },
    /// A program with a person's API token.
    Token {
        id: TokenId,
        user: UserId,
        role: PlatformRole,
        scopes: Vec<Scope>,
        /// The part in the workspace of the request, or why there is none.
        membership: Result<Membership, Error>,
    },
    /// The program itself: a job, a schedule, the command line.
    System {
        name: &'static str,
    },
}

/// The part that somebody has in the workspace of the request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Membership {
    pub workspace: WorkspaceId,
    pub role: WorkspaceRole,
}

/// Where a request came from, for the audit record.
#[derive(Clone, Debug, Default)]
pub struct Client {
    pub ip: Option<IpAddr>,
    pub user_agent: Option<Arc<str>>,
}

/// The context of a use case: an [`Origin`] with an actor.
#[derive(Clone, Debug)]
pub struct Ctx {
    origin: Origin,
    actor: Actor,
    client: Client,
}

/// The proof that somebody is signed in. Only [`Ctx::signed_in`] and [`Ctx::in_session`] make one.
#[derive(Clone, Copy, Debug)]
pub struct SignedIn {
    user: UserId,
    session: Option<SessionId>,
}

impl SignedIn {
    pub fn user(&self) -> UserId {
        self.user
    }

    /// Nothing when an API token is used.
    pub fn session(&self) -> Option<SessionId> {
        self.session
    }
}

impl Ctx {
    pub fn new(origin: Origin, actor: Actor, client: Client) -> Ctx {
        let workspace = match &actor {
            Actor::User { membership, .. } | Actor::Token { membership, .. } => {
                membership.ok().map(|part| part.workspace)
            }
            Actor::System { .. } => origin.workspace,
            Actor::Anonymous => None,
        };
        Ctx { origin: origin.in_workspace(workspace), actor, client }
    }

    /// The program itself, in a workspace or in none.
    pub fn of_system(origin: Origin, name: &'static str) -> Ctx {
        Ctx::new(origin, Actor::System { name }, Client::default())
    }

    pub fn actor(&self) -> &Actor {
        &self.actor
    }

    pub fn client(&self) -> &Client {
        &self.client
    }

    /// The person who asks or whose token is used.
    pub fn user(&self) -> Option<UserId> {
        match &self.actor {
            Actor::User { id, .. } => Some(*id),
            Actor::Token { user, .. } => Some(*user),
            Actor::Anonymous | Actor::System { .. } => None,
        }
    }

    /// What the caller is in the workspace of the request, as it counts; nothing when they have no part in it.
    pub fn role(&self) -> Option<WorkspaceRole> {
        match &self.actor {
            Actor::User { membership, .. } | Actor::Token { membership, .. } => membership.ok().map(|part| part.role),
            Actor::Anonymous | Actor::System { .. } => None,
        }
    }

    /// The proof that the caller may do `P` in the workspace of the request.
    ///
    /// # Errors
    /// Why not.
    pub fn require<P: Permission>(&self) -> Result<Granted<P>, Error> {
        self.check(Rule::of::<P>())?;
        Ok(Granted::new(self.origin.workspace.ok_or(Error::NotFound)?, self.user()))
    }

    /// # Errors
    /// When nobody is, or it is the program itself.
    pub fn signed_in(&self) -> Result<SignedIn, Error> {
        match &self.actor {
            Actor::User { id, session, .. } => Ok(SignedIn { user: *id, session: Some(*session) }),
            Actor::Token { user, .. } => Ok(SignedIn { user: *user, session: None }),
            Actor::Anonymous | Actor::System { .. } => Err(Error::Unauthenticated),
        }
    }

    /// As [`Ctx::signed_in`], for what no token may do: passwords, second factors, tokens.
    ///
    /// # Errors
    /// When a token is used, or nobody is signed in.
    pub fn in_session(&self) -> Result<SignedIn, Error> {
        let signed_in = self.signed_in()?;
        if signed_in.session.is_some() { Ok(signed_in) } else { Err(Error::SessionNeeded) }
    }

    /// # Errors
    /// When the caller does not administer the installation.
    pub fn require_platform_admin(&self) -> Result<PlatformAdmin, Error> {
        self.check(Rule::PlatformAdmin)?;
        Ok(PlatformAdmin::new(self.user()))
    }

    /// Whether a route with this rule is open to the caller.
    ///
    /// # Errors
    /// Why not.
    pub fn check(&self, rule: Rule) -> Result<(), Error> {
        match (rule, &self.actor) {
            (Rule::Public(_) | Rule::Signed(_), _) => Ok(()),
            (_, Actor::Anonymous) => Err(Error::Unauthenticated),
            (_, Actor::System { .. }) => Ok(()),
            (Rule::SignedIn | Rule::InSession, Actor::User { .. }) | (Rule::SignedIn, Actor::Token { .. }) => Ok(()),
            (Rule::InSession, Actor::Token { .. }) => Err(Error::SessionNeeded),
            (Rule::PlatformAdmin, Actor::User { role: PlatformRole::Admin, .. }) => Ok(()),
            (Rule::PlatformAdmin, Actor::Token { role: PlatformRole::Admin, scopes, .. }) => {
                scoped(scopes, Scope::Admin)
            }
            (Rule::PlatformAdmin, _) => Err(Error::Forbidden),
            (Rule::Workspace { least, .. }, Actor::User { membership, .. }) => part(*membership, least),
            (Rule::Workspace { least, scope, .. }, Actor::Token { membership, scopes, .. }) => {
                part(*membership, least)?;
                scoped(scopes, scope)
            }
        }
    }
}

fn part(membership: Result<Membership, Error>, least: WorkspaceRole) -> Result<(), Error> {
    if membership?.role >= least { Ok(()) } else { Err(Error::Forbidden) }
}

/// Reading is part of every scope.
fn scoped(scopes: &[Scope], needed: Scope) -> Result<(), Error> {
    if scopes.contains(&needed) || (needed == Scope::Read && !scopes.is_empty()) {
        Ok(())
    } else {
        Err(Error::ScopeInsufficient)
    }
}

impl Deref for Ctx {
    type Target = Origin;

    fn deref(&self) -> &Origin {
        &self.origin
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    crate::permissions! {
        Write = "test.write": Member, Write;
        Own = "test.own": Owner, Admin;
    }

    fn ctx(actor: impl FnOnce(&Origin) -> Actor) -> Ctx {
        let origin = Origin::of_system("test");
        let actor = actor(&origin);
        Ctx::new(origin, actor, Client::default())
    }

    fn user(origin: &Origin, role: PlatformRole, part: Option<WorkspaceRole>) -> Actor {
        let part = part.map(|role| Membership { workspace: origin.new_id(), role });
        let membership = part.ok_or(Error::NotFound);
        Actor::User { id: origin.new_id(), role, session: origin.new_id(), membership }
    }

    #[test]
    fn each_role_may_what_its_row_says() {
        for (role, write, own) in [
            (WorkspaceRole::Viewer, Err(Error::Forbidden), Err(Error::Forbidden)),
            (WorkspaceRole::Member, Ok(()), Err(Error::Forbidden)),
            (WorkspaceRole::Admin, Ok(()), Err(Error::Forbidden)),
            (WorkspaceRole::Owner, Ok(()), Ok(())),
        ] {
            let ctx = ctx(|origin| user(origin, PlatformRole::User, Some(role)));
            assert_eq!(ctx.require::<Write>().map(drop), write, "{role}");
            assert_eq!(ctx.require::<Own>().map(drop), own, "{role}");
            assert_eq!(ctx.require::<Write>().ok().map(|granted| granted.workspace()), write.ok().and(ctx.workspace));
        }
    }

    #[test]
    fn of_a_workspace_one_has_no_part_in_nothing_exists() {
        let ctx = ctx(|origin| user(origin, PlatformRole::User, None));
        assert_eq!(ctx.require::<Write>().map(drop), Err(Error::NotFound));
    }

    #[test]
    fn a_token_may_no_more_than_it_was_made_for() {
        let token = |scopes: &[Scope], role| {
            ctx(|origin| Actor::Token {
                id: origin.new_id(),
                user: origin.new_id(),
                role: PlatformRole::Admin,
                scopes: scopes.to_vec(),
                membership: Ok(Membership { workspace: origin.new_id(), role }),
            })
        };
        assert!(token(&[Scope::Write], WorkspaceRole::Member).require::<Write>().is_ok());
        assert!(token(&[Scope::Write], WorkspaceRole::Member).require::<crate::ReadWorkspace>().is_ok());
        let denied = |ctx: &Ctx| ctx.require::<Write>().map(drop);
        assert_eq!(denied(&token(&[Scope::Read], WorkspaceRole::Owner)), Err(Error::ScopeInsufficient));
        assert_eq!(denied(&token(&[Scope::Write], WorkspaceRole::Viewer)), Err(Error::Forbidden));
        let admin = token(&[Scope::Write], WorkspaceRole::Owner);
        assert_eq!(admin.require_platform_admin().map(drop), Err(Error::ScopeInsufficient));
        assert_eq!(admin.in_session().map(drop), Err(Error::SessionNeeded));
        assert_eq!(admin.check(Rule::InSession), Err(Error::SessionNeeded));
    }

    #[test]
    fn the_installation_is_administered_by_its_admins() {
        for role in PlatformRole::ALL {
            let ctx = ctx(|origin| user(origin, *role, Some(WorkspaceRole::Owner)));
            assert_eq!(ctx.require_platform_admin().is_ok(), *role == PlatformRole::Admin, "{role}");
        }
        let anonymous = ctx(|_| Actor::Anonymous);
        assert_eq!(anonymous.require_platform_admin().map(drop), Err(Error::Unauthenticated));
        assert_eq!(anonymous.signed_in().map(drop), Err(Error::Unauthenticated));
    }
}
