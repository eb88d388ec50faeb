//! Registering passkeys and signing in with them.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rampart_access::Ctx;
use rampart_access::audit::Record;
use rampart_kernel::{Id as _, Secret};
use rampart_store::Tx;
use serde_json::Value;
use webauthn_rs::prelude::{
    DiscoverableAuthentication, PasskeyRegistration, PublicKeyCredential, RegisterPublicKeyCredential, Webauthn,
    WebauthnError,
};

use super::model::{CeremonyId, MOST_PASSKEYS, PasskeyId, PasskeyInfo};
use super::store;
use crate::error::Error;
use crate::events::{PasskeyAdded, PasskeyRemoved};
use crate::service::{Identity, Result};
use crate::sessions::model::{Begin, Method, Signed};
use crate::store as users;

/// A ceremony and what the browser is handed for it.
pub struct Ceremony {
    pub id: CeremonyId,
    pub options: Value,
}

impl Identity {
    fn webauthn(&self) -> Result<&Webauthn> {
        self.relying_party.0.as_deref().ok_or(Error::PasskeysUnavailable)
    }

    /// Begins to register a passkey.
    ///
    /// # Errors
    /// When the password is wrong or, where there is none, the sign-in is too long ago; and when there are too many.
    pub async fn begin_passkey(&self, ctx: &Ctx, password: Option<Secret>) -> Result<Ceremony> {
        let webauthn = self.webauthn()?;
        let who = ctx.in_session()?;
        self.confirm_presence(ctx, who, password).await?;
        let mut tx = self.store.begin(ctx).await?;
        let user = users::get_user(&mut tx, who.user()).await?;
        let known = store::list(&mut tx, user.id).await?;
        if known.len() as i64 >= MOST_PASSKEYS {
            return Err(Error::TooManyPasskeys);
        }
        let known = known.iter().map(|(_, key)| key.cred_id().clone()).collect();
        let shown = user.name.as_deref().unwrap_or(&user.email);
        let (options, state) = webauthn
            .start_passkey_registration(user.id.uuid(), &user.email, shown, Some(known))
            .map_err(|error| Error::Unexpected(error.into()))?;
        let id = store::begin(&mut tx, Some(user.id), &state).await?;
        tx.commit().await?;
        let mut options = serde_json::to_value(options).map_err(|error| Error::Unexpected(error.into()))?;
        // So that it can be found without the name of its account; the library leaves that to the authenticator.
        let selection = &mut options["publicKey"]["authenticatorSelection"];
        selection["residentKey"] = "required".into();
        selection["requireResidentKey"] = true.into();
        Ok(Ceremony { id, options })
    }

    /// Keeps the passkey that the authenticator made.
    ///
    /// # Errors
    /// When the ceremony is not the caller's, was finished or has expired; and when the answer does not hold.
    pub async fn finish_passkey(
        &self,
        ctx: &Ctx,
        ceremony: CeremonyId,
        name: &str,
        credential: &RegisterPublicKeyCredential,
    ) -> Result<PasskeyInfo> {
        let webauthn = self.webauthn()?;
        let who = ctx.in_session()?;
        let state = self.take_ceremony::<PasskeyRegistration>(ctx, ceremony, Some(who.user())).await?;
        let mut tx = self.store.begin(ctx).await?;
        let user = users::lock_user(&mut tx, who.user()).await?;
        let key = match webauthn.finish_passkey_registration(credential, &state) {
            Ok(key) => key,
            Err(error) => return Err(self.refuse_passkey(tx, ctx, "passkey.added", &error).await?),
        };
        let id = URL_SAFE_NO_PAD.encode(key.cred_id());
        if store::credential_is_known(&mut tx, &id).await? {
            return Err(Error::PasskeyInvalid);
        }
        let info = store::insert(&mut tx, user.id, name, &id, &key).await?;
        tx.emit(&PasskeyAdded { user_id: user.id });
        let record = Record::new("passkey.added", "user").of(user.id).detail("passkey", info.id.to_string());
        self.audit.record(&mut tx, ctx, record).await?;
        tx.commit().await?;
        Ok(info)
    }

    /// The caller's passkeys, oldest first.
    ///
    /// # Errors
    /// When nobody is signed in.
    pub async fn passkeys(&self, ctx: &Ctx) -> Result<Vec<PasskeyInfo>> {
        let who = ctx.in_session()?;
        let listed = store::list(&mut self.store.read().await?, who.user()).await?;
        Ok(listed.into_iter().map(|(info, _)| info).collect())
    }

    /// # Errors
    /// When there is no such passkey of the caller's.
    pub async fn rename_passkey(&self, ctx: &Ctx, id: PasskeyId, name: &str) -> Result<()> {
        let who = ctx.in_session()?;
        let mut tx = self.store.begin(ctx).await?;
        if !store::rename(&mut tx, who, id, name).await? {
            return Err(rampart_access::Error::NotFound.into());
        }
        Ok(tx.commit().await?)
    }

    /// # Errors
    /// When there is no such passkey of the caller's, or it is their last way in.
    pub async fn remove_passkey(&self, ctx: &Ctx, id: PasskeyId) -> Result<()> {
        let who = ctx.in_session()?;
        let mut tx = self.store.begin(ctx).await?;
        let user = users::lock_user(&mut tx, who.user()).await?;
        if !store::delete(&mut tx, who, id).await? {
            return Err(rampart_access::Error::NotFound.into());
        }
        self.expect_way_in(&mut tx, user.id).await?;
        tx.emit(&PasskeyRemoved { user_id: user.id });
        let record = Record::new("passkey.removed", "user").of(user.id).detail("passkey", id.to_string());
        self.audit.record(&mut tx, ctx, record).await?;
        Ok(tx.commit().await?)
    }

    /// Asks for any passkey of this installation: the authenticator knows whose it is.
    ///
    /// # Errors
    /// When passkeys cannot be used here.
    pub async fn ask_for_passkey(&self, ctx: &Ctx) -> Result<Ceremony> {
        let (options, state) =
            self.webauthn()?.start_discoverable_authentication().map_err(|error| Error::Unexpected(error.into()))?;
        let mut tx = self.store.begin(ctx).await?;
        let id = store::begin(&mut tx, None, &state).await?;
        tx.commit().await?;
        let mut options = serde_json::to_value(options).map_err(|error| Error::Unexpected(error.into()))?;
        // Whether to ask at once or while typing is for the page to say.
        if let Some(options) = options.as_object_mut() {
            options.remove("mediation");
        }
        Ok(Ceremony { id, options })
    }

    /// Begins a session for whoever holds the passkey.
    ///
    /// # Errors
    /// [`Error::PasskeyInvalid`] when the ceremony or the answer does not hold, whatever the reason.
    pub async fn sign_in_with_passkey(
        &self,
        ctx: &Ctx,
        ceremony: CeremonyId,
        credential: &PublicKeyCredential,
        begin: Begin,
    ) -> Result<Signed> {
        let webauthn = self.webauthn()?;
        let state = self.take_ceremony::<DiscoverableAuthentication>(ctx, ceremony, None).await?;
        let (handle, id) =
            webauthn.identify_discoverable_authentication(credential).map_err(|_| Error::PasskeyInvalid)?;
        let id = URL_SAFE_NO_PAD.encode(id);
        let mut tx = self.store.begin(ctx).await?;
        let found = store::find(&mut tx, &id).await?.filter(|found| found.user.uuid() == handle);
        let user = users::lock_user(&mut tx, found.ok_or(Error::PasskeyInvalid)?.user).await?;
        // Read under the lock: of two uses of one key the second sees the counter of the first.
        let mut found = store::find(&mut tx, &id).await?.ok_or(Error::PasskeyInvalid)?;
        let used = match webauthn.finish_discoverable_authentication_v2(credential, state, &found.key) {
            Ok(used) => used,
            Err(error) => return Err(self.refuse_passkey(tx, ctx, "user.login", &error).await?),
        };
        if self.settings.require_verification && !user.verified {
            return Err(Error::EmailNotVerified);
        }
        found.key.update_credential(&used);
        store::save_use(&mut tx, found.id, &found.key).await?;
        let signed = self.begin_session(&mut tx, ctx, user, Begin { method: Method::Passkey, ..begin }).await?;
        tx.commit().await?;
        Ok(signed)
    }

    /// Used up before it is looked at, so that whatever comes of it it does not come back.
    async fn take_ceremony<T: serde::de::DeserializeOwned>(
        &self,
        ctx: &Ctx,
        id: CeremonyId,
        user: Option<rampart_kernel::UserId>,
    ) -> Result<T> {
        let mut tx = self.store.begin(ctx).await?;
        let state = store::take(&mut tx, id, user).await?;
        tx.commit().await?;
        state.ok_or(Error::PasskeyInvalid)
    }

    async fn refuse_passkey(
        &self,
        mut tx: Tx,
        ctx: &Ctx,
        action: &'static str,
        error: &WebauthnError,
    ) -> Result<Error> {
        self.audit.record(&mut tx, ctx, Record::new(action, "user").failed(&error.to_string())).await?;
        tx.commit().await?;
        Ok(Error::PasskeyInvalid)
    }
}
