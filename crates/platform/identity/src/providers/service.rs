//! Leaving for a provider, coming back, and what of it stays.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rampart_access::Ctx;
use rampart_access::audit::Record;
use rampart_kernel::{Secret, UserId};
use rampart_store::Tx;
use ring::digest;

use super::model::{Departure, Link, Outsider, Provider, STATE_LIFETIME};
use super::store;
use super::upstream::{Client, Proof};
use crate::error::Error;
use crate::factor::SignIn;
use crate::installation::store as installation;
use crate::model::{EmailAddress, User};
use crate::service::{Identity, Newcomer, Result};
use crate::sessions::model::Begin;
use crate::settings::RegistrationMode;
use crate::store as users;

/// Where GitHub is: its pages and its API, without a slash at the end.
#[derive(Clone, Debug)]
pub struct GithubAddresses {
    pub web: String,
    pub api: String,
}

/// Where the browser goes, and what it must bring back in a cookie.
pub struct Leave {
    pub url: String,
    pub state: Secret,
}

/// What somebody wants who leaves.
#[derive(Default)]
pub struct Wish {
    /// Below the dashboard's address.
    pub redirect: Option<String>,
    pub invitation: Option<Secret>,
}

/// What came back.
pub struct Return {
    pub code: Secret,
    pub state: Secret,
    /// Of the cookie.
    pub kept_state: Option<Secret>,
    /// Who the provider says it is (RFC 9207).
    pub issuer: Option<String>,
}

/// Somebody is back.
pub struct Arrival {
    pub sign_in: Option<SignIn>,
    pub redirect: String,
}

impl Identity {
    /// The providers that one can sign in through here.
    pub fn configured_providers(&self) -> impl Iterator<Item = Provider> {
        [Provider::GitHub, Provider::Google].into_iter().filter(|&provider| self.registered_as(provider).is_some())
    }

    /// What this installation is at a provider, when it is known there.
    fn registered_as(&self, provider: Provider) -> Option<(&String, &Secret)> {
        let settings = &*self.providers;
        let (id, secret) = match provider {
            Provider::GitHub => (&settings.github_client_id, &settings.github_client_secret),
            Provider::Google => (&settings.google_client_id, &settings.google_client_secret),
        };
        id.as_ref().zip(secret.as_ref())
    }

    fn client(&self, provider: Provider) -> Result<Client<'_>> {
        let settings = &*self.providers;
        let (id, secret) = self.registered_as(provider).ok_or(Error::ProviderNotConfigured)?;
        let redirect_uri = format!("{}/api/v1/auth/{provider}/callback", self.web.base_url.0);
        Ok(Client { provider, settings, egress: &self.egress, id, secret, redirect_uri })
    }

    /// Sends somebody to a provider, to sign in.
    ///
    /// # Errors
    /// When the provider is not configured or does not answer.
    pub async fn leave_for(&self, ctx: &Ctx, provider: Provider, wish: Wish) -> Result<Leave> {
        let departure = Departure {
            provider,
            redirect: wish.redirect.unwrap_or_default(),
            link: None,
            invitation_hash: wish.invitation.map(|code| self.token_key.hash_token(&code)),
            expires_at: ctx.now() + STATE_LIFETIME,
        };
        self.leave(ctx, departure).await
    }

    /// Sends somebody who is signed in to a provider, to link the account there with theirs.
    ///
    /// # Errors
    /// As [`Identity::leave_for`]; and when they have not just shown who they are.
    pub async fn leave_to_link(&self, ctx: &Ctx, provider: Provider, password: Option<Secret>) -> Result<Leave> {
        let who = ctx.in_session()?;
        self.confirm_presence(ctx, who, password).await?;
        let departure = Departure {
            provider,
            redirect: "/profile/connections".to_owned(),
            link: Some(who.user()),
            invitation_hash: None,
            expires_at: ctx.now() + STATE_LIFETIME,
        };
        self.leave(ctx, departure).await
    }

    async fn leave(&self, ctx: &Ctx, departure: Departure) -> Result<Leave> {
        let client = self.client(departure.provider)?;
        let state = ctx.new_token();
        let proof = self.proof(&state);
        let hash = digest::digest(&digest::SHA256, proof.verifier.expose().as_bytes());
        let url = client.authorization(&state, &URL_SAFE_NO_PAD.encode(hash), &proof.nonce).await?;
        let mut tx = self.store.begin(ctx).await?;
        store::insert_departure(&mut tx, &self.token_key.hash_token(&state), &departure).await?;
        tx.commit().await?;
        Ok(Leave { url, state })
    }

    /// Derived from the state with a key: who knows the state knows neither.
    fn proof(&self, state: &Secret) -> Proof {
        let derive = |what: &[u8]| URL_SAFE_NO_PAD.encode(self.token_key.mac(&[what, state.expose().as_bytes()]));
        Proof { verifier: Secret::new(derive(b"pkce verifier")), nonce: derive(b"nonce") }
    }

    /// Signs in whoever came back, or links their account.
    ///
    /// # Errors
    /// When what came back is not what was sent, the provider does not know the code, or there is no account and none can be made.
    pub async fn come_back(&self, ctx: &Ctx, provider: Provider, back: Return) -> Result<Arrival> {
        let client = self.client(provider)?;
        let kept = back.kept_state.as_ref().ok_or(Error::OauthStateMismatch)?;
        // Compared as hashes: how far two values agree takes no longer to tell.
        if self.token_key.hash_token(kept) != self.token_key.hash_token(&back.state) {
            return Err(Error::OauthStateMismatch);
        }
        // Used up before the provider is asked, so that it does not come back whatever the answer.
        let mut tx = self.store.begin(ctx).await?;
        let departure = store::take_departure(&mut tx, &self.token_key.hash_token(&back.state)).await?;
        tx.commit().await?;
        let departure = departure.ok_or(Error::OauthStateMismatch)?;
        // Who is sent to one provider and comes back from another was mixed up by somebody.
        let expected_issuer = match provider {
            Provider::GitHub => &self.providers.github_url.0,
            Provider::Google => &self.providers.google_issuer.0,
        };
        let mixed_up = departure.provider != provider || back.issuer.is_some_and(|issuer| issuer != *expected_issuer);
        if mixed_up || departure.expires_at <= ctx.now() {
            return Err(Error::OauthStateMismatch);
        }
        if let Some(user) = departure.link
            && ctx.in_session().ok().map(|who| who.user()) != Some(user)
        {
            return Err(Error::OauthStateMismatch);
        }
        let outsider = client.outsider(&back.code, &self.proof(&back.state), ctx.now()).await?;
        let sign_in = match departure.link {
            Some(_) => {
                self.link_account(ctx, provider, &outsider).await?;
                None
            }
            None => Some(self.sign_in_outsider(ctx, provider, &outsider, departure.invitation_hash).await?),
        };
        Ok(Arrival { sign_in, redirect: departure.redirect })
    }

    async fn link_account(&self, ctx: &Ctx, provider: Provider, outsider: &Outsider) -> Result<()> {
        let who = ctx.in_session()?;
        let mut tx = self.store.begin(ctx).await?;
        let user = users::lock_user(&mut tx, who.user()).await?;
        if store::find_owner(&mut tx, outsider).await?.is_some()
            || store::list(&mut tx, who).await?.iter().any(|link| link.provider == provider)
        {
            return Err(Error::AlreadyLinked);
        }
        store::insert(&mut tx, &self.keys, user.id, provider, outsider).await?;
        let record = Record::new("user.provider_linked", "user").of(user.id).detail("provider", provider.name());
        self.audit.record(&mut tx, ctx, record).await?;
        Ok(tx.commit().await?)
    }

    async fn sign_in_outsider(
        &self,
        ctx: &Ctx,
        provider: Provider,
        outsider: &Outsider,
        invitation_hash: Option<String>,
    ) -> Result<SignIn> {
        let mut tx = self.store.begin(ctx).await?;
        let user = match store::find_owner(&mut tx, outsider).await? {
            Some((link, owner)) => {
                let user = users::lock_user(&mut tx, owner).await?;
                store::refresh(&mut tx, &self.keys, link, outsider).await?;
                user
            }
            None => {
                let user = self.admit_outsider(&mut tx, ctx, outsider, invitation_hash).await?;
                store::insert(&mut tx, &self.keys, user.id, provider, outsider).await?;
                user
            }
        };
        if user.disabled {
            return Err(Error::Disabled);
        }
        let begin = Begin { method: provider.method(), remember: false, device_name: None };
        let sign_in = if user.two_factor {
            SignIn::Challenged(self.challenge(&mut tx, ctx, &user, begin).await?)
        } else {
            SignIn::Complete(Box::new(self.begin_session(&mut tx, ctx, user, begin).await?))
        };
        tx.commit().await?;
        Ok(sign_in)
    }

    /// An account for somebody who has none here. An address that leads to one does not make it theirs.
    async fn admit_outsider(
        &self,
        tx: &mut Tx,
        ctx: &Ctx,
        outsider: &Outsider,
        invitation_hash: Option<String>,
    ) -> Result<User> {
        let installation = installation::get(tx, self.settings.registration).await?;
        if installation.registration == RegistrationMode::Closed {
            return Err(Error::RegistrationClosed);
        }
        let email = outsider.verified_email.as_ref().ok_or(Error::EmailNotVerified)?;
        let email: EmailAddress = email.parse().map_err(|_| Error::EmailNotVerified)?;
        let code_hash = invitation_hash.ok_or(Error::InvitationInvalid)?;
        let name =
            outsider.name.as_deref().filter(|name| name.chars().count() <= 80 && !name.contains(char::is_control));
        let newcomer = Newcomer { email: &email, username: None, name, password_hash: None, verified: true };
        self.admit(tx, ctx, &code_hash, newcomer).await
    }

    /// The caller's accounts elsewhere.
    ///
    /// # Errors
    /// When nobody is signed in.
    pub async fn links(&self, ctx: &Ctx) -> Result<Vec<Link>> {
        let who = ctx.signed_in()?;
        Ok(store::list(&mut self.store.read().await?, who).await?)
    }

    /// Where GitHub is, as this installation has it.
    pub fn github_addresses(&self) -> GithubAddresses {
        let settings = &self.providers;
        GithubAddresses { web: settings.github_url.0.clone(), api: settings.github_api_url.0.clone() }
    }

    /// What the caller's account at GitHub lets the program do there in their name; nothing when none is linked.
    ///
    /// For modules that act at GitHub for whoever asks: it goes into no row, no log and no answer.
    ///
    /// # Errors
    /// When nobody is signed in.
    pub async fn github_token(&self, ctx: &Ctx) -> Result<Option<Secret>> {
        let who = ctx.signed_in()?;
        self.github_token_of(who.user()).await
    }

    /// As [`Identity::github_token`], of who connected something and lets the program go on with it. Of somebody whose account is
    /// disabled there is none.
    ///
    /// # Errors
    /// As the database answers.
    pub async fn github_token_of(&self, user: UserId) -> Result<Option<Secret>> {
        let found = store::token(&mut self.store.read().await?, user, Provider::GitHub).await?;
        let open = |(id, sealed)| self.keys.open(store::cell(id), &sealed);
        found.map(open).transpose().map_err(|error| Error::Unexpected(error.into()))
    }

    /// Takes an account elsewhere from the caller's.
    ///
    /// # Errors
    /// When there is none, or it is the last way in.
    pub async fn unlink(&self, ctx: &Ctx, provider: Provider) -> Result<()> {
        let who = ctx.in_session()?;
        let mut tx = self.store.begin(ctx).await?;
        let user = users::lock_user(&mut tx, who.user()).await?;
        if !store::delete(&mut tx, who, provider).await? {
            return Err(rampart_access::Error::NotFound.into());
        }
        self.expect_way_in(&mut tx, user.id).await?;
        let record = Record::new("user.provider_unlinked", "user").of(user.id).detail("provider", provider.name());
        self.audit.record(&mut tx, ctx, record).await?;
        Ok(tx.commit().await?)
    }
}
