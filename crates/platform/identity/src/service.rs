//! The use cases: the only door for other modules.

use std::sync::Arc;
use std::time::Duration;

use rampart_access::audit::{Audit, Record};
use rampart_access::{Ctx, PlatformRole, WorkspaceRole};
use rampart_egress::Egress;
use rampart_jobs::Jobs;
use rampart_kernel::{DerivedKey, Keys, Purpose, Secret, WorkspaceId};
use rampart_mail::Mail;
use rampart_store::{Store, Tx};
use rampart_web::WebSettings;

use crate::error::Error;
use crate::events::UserRegistered;
use crate::installation::store as installation;
use crate::invitations::service::usable;
use crate::invitations::store as invitations;
use crate::mailed::model::Purpose as MailedFor;
use crate::model::{EmailAddress, User};
use crate::passkeys::RelyingParty;
use crate::password::{self, Hasher};
use crate::policies::service::check_password;
use crate::providers::ProviderSettings;
use crate::settings::{IdentitySettings, RegistrationMode};
use crate::store::{self, NewUser};
use crate::token::AccessTokens;
use crate::workspaces::events::MemberJoined;
use crate::workspaces::model::Part;
use crate::workspaces::store::{self as workspaces, NewWorkspace};

/// How long a provider may take for one answer: somebody is waiting.
const UPSTREAM_LIMIT: Duration = Duration::from_secs(10);

pub(crate) type Result<T, E = Error> = std::result::Result<T, E>;

/// What somebody registers with.
#[derive(Clone, Debug)]
pub struct Registration {
    pub email: EmailAddress,
    pub password: Secret,
    pub invitation: Option<Secret>,
    pub username: Option<String>,
    pub name: Option<String>,
}

/// Somebody who is to have an account.
pub(crate) struct Newcomer<'a> {
    pub email: &'a EmailAddress,
    pub username: Option<&'a str>,
    pub name: Option<&'a str>,
    /// Nothing of those who come in by other means.
    pub password_hash: Option<&'a str>,
    /// Whether the address was shown to be theirs.
    pub verified: bool,
}

/// What the module stands on.
pub struct Ground {
    pub store: Store,
    pub keys: Arc<Keys>,
    pub jobs: Jobs,
    pub mail: Mail,
    /// By what addresses the program is reached: links lead there.
    pub web: WebSettings,
}

/// Users, sessions and workspaces. Clones are the same.
#[derive(Clone)]
pub struct Identity {
    pub(crate) store: Store,
    pub(crate) jobs: Jobs,
    pub(crate) mail: Mail,
    pub(crate) web: Arc<WebSettings>,
    pub(crate) audit: Audit,
    pub(crate) settings: IdentitySettings,
    pub(crate) hasher: Hasher,
    pub(crate) access_tokens: AccessTokens,
    pub(crate) token_key: DerivedKey,
    /// For sealed columns.
    pub(crate) keys: Arc<Keys>,
    pub(crate) relying_party: RelyingParty,
    pub(crate) providers: Arc<ProviderSettings>,
    pub(crate) egress: Egress,
}

impl Identity {
    /// # Errors
    /// When the settings of password hashing are none, or the machine trusts nobody.
    pub fn new(ground: Ground, settings: IdentitySettings, providers: ProviderSettings) -> Result<Identity> {
        let keys = ground.keys;
        Ok(Identity {
            relying_party: RelyingParty::new(&ground.web),
            providers: Arc::new(providers),
            egress: Egress::new(UPSTREAM_LIMIT).map_err(|error| Error::Unexpected(error.into()))?,
            store: ground.store,
            jobs: ground.jobs,
            mail: ground.mail,
            web: Arc::new(ground.web),
            audit: Audit::new(&keys),
            hasher: Hasher::new(&settings)?,
            access_tokens: AccessTokens::new(&keys),
            token_key: keys.derive(Purpose::Tokens),
            keys,
            settings,
        })
    }

    /// Makes an account; for whoever is invited onto the installation with a workspace of their own.
    ///
    /// # Errors
    /// When the invitation, the password or the address does not do.
    pub async fn register(&self, ctx: &Ctx, registration: Registration) -> Result<User> {
        if self.installation_now().await?.registration == RegistrationMode::Closed {
            return Err(Error::RegistrationClosed);
        }
        let email = &registration.email;
        let code = registration.invitation.as_ref().ok_or(Error::InvitationInvalid)?;
        let code_hash = self.token_key.hash_token(code);
        password::check(&registration.password, email).map_err(Error::WeakPassword)?;
        // Not for whoever merely knocks: hashing takes 64 MB.
        let mut tx = self.store.begin(ctx).await?;
        let invitation = usable(invitations::lock_invitation(&mut tx, &code_hash).await?, email, ctx.now())?;
        check_password(std::iter::once(&invitation.policy), &registration.password)?;
        drop(tx);
        let password_hash = self.hasher.hash(ctx, registration.password.clone()).await?;

        let mut tx = self.store.begin(ctx).await?;
        let newcomer = Newcomer {
            email,
            username: registration.username.as_deref(),
            name: registration.name.as_deref(),
            password_hash: Some(&password_hash),
            verified: false,
        };
        let made = self.admit(&mut tx, ctx, &code_hash, newcomer).await?;
        tx.commit().await?;
        Ok(made)
    }

    /// The account of somebody with an invitation, which is used by this.
    ///
    /// # Errors
    /// When the invitation or the address does not do.
    pub(crate) async fn admit(&self, tx: &mut Tx, ctx: &Ctx, code_hash: &str, newcomer: Newcomer<'_>) -> Result<User> {
        let email = newcomer.email;
        let invitation = usable(invitations::lock_invitation(tx, code_hash).await?, email, ctx.now())?;
        if store::email_is_taken(tx, email).await? {
            return Err(Error::EmailTaken);
        }
        let username = match newcomer.username {
            Some(name) if store::username_is_taken(tx, name).await? => None,
            other => other,
        };
        invitations::use_invitation(tx, invitation.id).await?;
        let wrong_role = || Error::Unexpected(format!("invitation {} has no role", invitation.id).into());
        let (role, part) = match invitation.workspace {
            None => (invitation.role.parse().map_err(|_| wrong_role())?, None),
            Some(workspace) => {
                let part: WorkspaceRole = invitation.role.parse().map_err(|_| wrong_role())?;
                (PlatformRole::User, Some((workspace, part)))
            }
        };
        let user = NewUser {
            id: ctx.new_id(),
            email,
            username,
            name: newcomer.name,
            password_hash: newcomer.password_hash,
            role,
            // Whoever sets the installation up is vouched for by its console; others have to show that the address is theirs.
            verified: newcomer.verified || invitation.bootstrap,
        };
        store::insert_user(tx, &user).await?;
        match part {
            Some((workspace, role)) => {
                workspaces::insert_member(tx, workspace, user.id, role).await?;
                tx.emit_in(workspace, &MemberJoined { user_id: user.id, role });
            }
            None => {
                let workspace: WorkspaceId = ctx.new_id();
                let name = newcomer.name.unwrap_or(email.local_part());
                let tier = installation::get(tx, self.settings.registration).await?.default_tier;
                let slug = workspace.to_string();
                let new = NewWorkspace { id: workspace, name, slug: &slug, owner: user.id, tier, personal: true };
                workspaces::insert_workspace(tx, &new).await?;
                workspaces::insert_member(tx, workspace, user.id, WorkspaceRole::Owner).await?;
            }
        }
        let made = store::get_user(tx, user.id).await?;
        if !made.verified {
            self.mail_token_to(tx, &made, email, MailedFor::VerifyEmail).await?;
        }
        tx.emit(&UserRegistered { user_id: made.id });
        let record = Record::new("user.registered", "user").of(made.id).detail("role", role.name());
        self.audit.record(tx, ctx, record).await?;
        Ok(made)
    }

    /// The caller, and the workspaces they have a part in.
    ///
    /// # Errors
    /// When nobody is signed in.
    pub async fn me(&self, ctx: &Ctx) -> Result<(User, Vec<Part>)> {
        let who = ctx.signed_in()?;
        let mut reader = self.store.read().await?;
        let user = store::get_user(&mut reader, who.user()).await?;
        let parts = workspaces::parts(&mut reader, who.user()).await?;
        Ok((user, parts))
    }
}
