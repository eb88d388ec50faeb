//! What is asked of providers: codes are exchanged, and who somebody is.
//!
//! GitHub: <https://docs.github.com/en/apps/oauth-apps/building-oauth-apps/authorizing-oauth-apps>.
//! Google: OpenID Connect Discovery 1.0 and Core 1.0, code flow.

use rampart_egress::{Ask, Egress};
use rampart_kernel::{Secret, Timestamp};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use url::Url;

use super::id_token::{self, Expected, KeySet};
use super::model::{Outsider, Provider};
use super::settings::ProviderSettings;
use crate::error::Error;

/// A provider that is configured.
pub struct Client<'a> {
    pub provider: Provider,
    pub settings: &'a ProviderSettings,
    pub egress: &'a Egress,
    pub id: &'a str,
    pub secret: &'a Secret,
    /// Where the provider sends the browser back to.
    pub redirect_uri: String,
}

/// What binds the provider's answer to this sign-in.
pub struct Proof {
    pub verifier: Secret,
    pub nonce: String,
}

#[derive(Deserialize)]
struct Discovery {
    issuer: String,
    authorization_endpoint: String,
    token_endpoint: String,
    jwks_uri: String,
}

#[derive(Deserialize)]
struct Tokens {
    access_token: Option<Secret>,
    id_token: Option<Secret>,
    #[serde(default)]
    scope: String,
}

impl Client<'_> {
    /// Where the browser is sent to.
    pub async fn authorization(&self, state: &Secret, challenge: &str, nonce: &str) -> Result<String, Error> {
        let (endpoint, scope, with_nonce) = match self.provider {
            Provider::GitHub => {
                let endpoint = format!("{}/login/oauth/authorize", self.settings.github_url.0);
                (endpoint, self.settings.github_scopes.join(" "), false)
            }
            Provider::Google => {
                (self.discover().await?.authorization_endpoint, "openid email profile".to_owned(), true)
            }
        };
        let mut url = Url::parse(&endpoint).map_err(|_| Error::Upstream("names no address"))?;
        url.query_pairs_mut()
            .append_pair("response_type", "code")
            .append_pair("client_id", self.id)
            .append_pair("redirect_uri", &self.redirect_uri)
            .append_pair("scope", &scope)
            .append_pair("state", state.expose())
            .append_pair("code_challenge", challenge)
            .append_pair("code_challenge_method", "S256");
        if with_nonce {
            url.query_pairs_mut().append_pair("nonce", nonce);
        }
        Ok(url.into())
    }

    /// Who came back with this code.
    pub async fn outsider(&self, code: &Secret, proof: &Proof, now: Timestamp) -> Result<Outsider, Error> {
        match self.provider {
            Provider::GitHub => self.github(code, proof).await,
            Provider::Google => self.google(code, proof, now).await,
        }
    }

    async fn github(&self, code: &Secret, proof: &Proof) -> Result<Outsider, Error> {
        #[derive(Deserialize)]
        struct Account {
            id: u64,
            login: String,
            name: Option<String>,
        }
        #[derive(Deserialize)]
        struct Email {
            email: String,
            primary: bool,
            verified: bool,
        }
        let endpoint = format!("{}/login/oauth/access_token", self.settings.github_url.0);
        let tokens = self.exchange(endpoint, code, proof).await?;
        let token = tokens.access_token.ok_or(Error::OauthCodeInvalid)?;
        let api = &self.settings.github_api_url.0;
        let account: Account = self.get(Ask::get(format!("{api}/user")).bearer(&token)).await?;
        let emails: Vec<Email> = self.get(Ask::get(format!("{api}/user/emails")).bearer(&token)).await?;
        let email = emails.into_iter().find(|email| email.primary && email.verified);
        Ok(Outsider {
            issuer: self.settings.github_url.0.clone(),
            subject: account.id.to_string(),
            login: account.login,
            name: account.name,
            verified_email: email.map(|email| email.email),
            access_token: Some(token),
            scopes: tokens.scope,
        })
    }

    async fn google(&self, code: &Secret, proof: &Proof, now: Timestamp) -> Result<Outsider, Error> {
        let discovery = self.discover().await?;
        let tokens = self.exchange(discovery.token_endpoint, code, proof).await?;
        let token = tokens.id_token.ok_or(Error::OauthCodeInvalid)?;
        let keys: KeySet = self.get(Ask::get(discovery.jwks_uri)).await?;
        let expected = Expected { issuer: &discovery.issuer, client: self.id, nonce: &proof.nonce, now };
        let claims = id_token::verify(token.expose(), &keys, &expected).map_err(|why| {
            tracing::warn!(provider = self.provider.name(), why, "an ID token is not believed");
            Error::OauthCodeInvalid
        })?;
        let email = claims.email.filter(|_| claims.email_verified);
        Ok(Outsider {
            issuer: discovery.issuer,
            login: email.clone().unwrap_or_else(|| claims.sub.clone()),
            subject: claims.sub,
            name: claims.name,
            verified_email: email,
            // Nothing is asked of Google in their name.
            access_token: None,
            scopes: tokens.scope,
        })
    }

    /// Where the provider's endpoints are; it must say that it is who was asked.
    async fn discover(&self) -> Result<Discovery, Error> {
        let issuer = &self.settings.google_issuer.0;
        let found: Discovery = self.get(Ask::get(format!("{issuer}/.well-known/openid-configuration"))).await?;
        if found.issuer == *issuer { Ok(found) } else { Err(Error::Upstream("says that it is somebody else")) }
    }

    async fn exchange(&self, endpoint: String, code: &Secret, proof: &Proof) -> Result<Tokens, Error> {
        let form = vec![
            ("grant_type", Secret::new("authorization_code")),
            ("code", code.clone()),
            ("redirect_uri", Secret::new(self.redirect_uri.as_str())),
            ("client_id", Secret::new(self.id)),
            ("client_secret", self.secret.clone()),
            ("code_verifier", proof.verifier.clone()),
        ];
        let answer = self.egress.send(Ask::post(endpoint, form)).await.map_err(unreachable)?;
        match answer.status {
            200 => read(&answer.body),
            400 | 401 | 403 => Err(Error::OauthCodeInvalid),
            _ => Err(Error::Upstream("answers with an error")),
        }
    }

    async fn get<T: DeserializeOwned>(&self, ask: Ask) -> Result<T, Error> {
        let answer = self.egress.send(ask).await.map_err(unreachable)?;
        if answer.status == 200 { read(&answer.body) } else { Err(Error::Upstream("answers with an error")) }
    }
}

fn unreachable(error: rampart_egress::Error) -> Error {
    tracing::warn!(%error, "a sign-in provider does not answer");
    Error::Upstream("does not answer")
}

fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, Error> {
    serde_json::from_slice(body).map_err(|_| Error::Upstream("answers something else than expected"))
}
