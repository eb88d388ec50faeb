//! The use cases of API tokens. None of them is open to a token: it could prolong itself.

use std::time::Duration;

use rampart_access::audit::Record;
use rampart_access::{Ctx, Error as Refusal, Scope, TokenId, WorkspaceRole};
use rampart_kernel::{Origin, Secret, WorkspaceId};
use rampart_web::{Page, Paged};

use super::model::{ApiToken, NewToken};
use super::{PREFIX, store};
use crate::error::Error;
use crate::events::TokenRevoked;
use crate::service::{Identity, Result};
use crate::workspaces;

/// More than anybody keeps an eye on.
const MOST: u64 = 100;

/// Characters of a token that are kept to be shown.
const SHOWN: usize = 8;

/// Expired ones are kept this long, for those who look back.
const EXPIRED_KEPT: Duration = Duration::from_secs(30 * 24 * 3_600);

/// A token to be made.
#[derive(Clone, Debug)]
pub struct MakeToken {
    pub name: String,
    pub scopes: Vec<Scope>,
    /// That of the request when none is named.
    pub workspace: Option<WorkspaceId>,
    pub lifetime: Duration,
}

impl Identity {
    /// A token of the caller's own, for a workspace that they have a part in.
    ///
    /// # Errors
    /// When they have none, too many tokens, or are no person in a session.
    pub async fn make_token(&self, ctx: &Ctx, make: MakeToken) -> Result<NewToken> {
        let who = ctx.in_session()?;
        let workspace = make.workspace.or(ctx.workspace).ok_or(Refusal::NotFound)?;
        let secret = Secret::new(format!("{PREFIX}{}", ctx.new_token().expose()));
        let token = ApiToken {
            id: ctx.new_id(),
            name: make.name,
            prefix: secret.expose().chars().take(SHOWN).collect(),
            scopes: make.scopes,
            workspace,
            expires_at: ctx.now() + make.lifetime,
            last_used: None,
            created_at: ctx.now(),
        };
        let mut tx = self.store.begin(ctx).await?;
        let user = crate::store::lock_user(&mut tx, who.user()).await?;
        let member = workspaces::store::find_part(&mut tx, who, workspace).await?;
        let living = member.living.then_some(WorkspaceRole::effective(user.role, member.role)).flatten();
        if living.is_none() {
            return Err(Refusal::NotFound.into());
        }
        if store::count_living(&mut tx, who, ctx.now()).await? >= MOST {
            return Err(Error::TooManyTokens);
        }
        store::insert(&mut tx, who, &self.hash(&secret), &token).await?;
        let scopes: Vec<&str> = token.scopes.iter().map(|scope| scope.name()).collect();
        let record = Record::new("token.created", "token").of(token.id).in_workspace(workspace);
        self.audit.record(&mut tx, ctx, record.detail("scopes", scopes)).await?;
        tx.commit().await?;
        Ok(NewToken { secret, token })
    }

    /// The caller's own, of all workspaces.
    ///
    /// # Errors
    /// When they are no person in a session.
    pub async fn tokens(&self, ctx: &Ctx, page: Page) -> Result<Paged<ApiToken>> {
        let who = ctx.in_session()?;
        let (items, total) = store::list(&mut self.store.read().await?, who, page).await?;
        Ok(Paged { items, total, page })
    }

    /// Revokes one of the caller's own.
    ///
    /// # Errors
    /// When there is no such token of theirs.
    pub async fn revoke_token(&self, ctx: &Ctx, id: TokenId) -> Result<()> {
        let who = ctx.in_session()?;
        let mut tx = self.store.begin(ctx).await?;
        if !store::revoke_own(&mut tx, who, id).await? {
            return Err(Refusal::NotFound.into());
        }
        tx.emit(&TokenRevoked { user_id: who.user() });
        self.audit.record(&mut tx, ctx, Record::new("token.revoked", "token").of(id)).await?;
        Ok(tx.commit().await?)
    }

    /// Removes tokens that expired long ago; how many.
    ///
    /// # Errors
    /// As the database answers.
    pub async fn clean_tokens(&self, origin: &Origin) -> Result<u64> {
        Ok(self.store.remove_past(origin, &store::EXPIRED, origin.now() - EXPIRED_KEPT).await?)
    }
}
