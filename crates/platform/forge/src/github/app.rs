//! Who the program is at GitHub as an app: signed assertions, and the tokens of installations that they are exchanged for.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rampart_egress::Method;
use rampart_kernel::{Origin, Secret, Timestamp};
use ring::rand::SystemRandom;
use ring::signature::{RSA_PKCS1_SHA256, RsaKeyPair};
use rustls::pki_types::PrivateKeyDer;
use rustls::pki_types::pem::PemObject;
use serde::Deserialize;
use serde_json::json;
use tokio::sync::Mutex;

use super::client::Github;
use crate::model::Provider;
use crate::remote::Error;
use crate::remote::transport::Caller;

/// An assertion lives this long; GitHub takes none of more than ten minutes.
const ASSERTION_LIFETIME: Duration = Duration::from_secs(9 * 60);

/// It is dated back so far, for clocks that disagree.
const DRIFT: Duration = Duration::from_secs(60);

/// A token of an installation lives an hour. One that ends within this is not used: a fetch that it begins takes as long.
const RESERVE: Duration = Duration::from_secs(6 * 60);

/// Tokens that are kept.
const KEPT: usize = 1_000;

/// The app. Clones are the same.
#[derive(Clone)]
pub struct App {
    id: String,
    key: Arc<RsaKeyPair>,
    tokens: Arc<Mutex<HashMap<String, (Secret, Timestamp)>>>,
}

#[derive(Deserialize)]
struct Granted {
    token: Secret,
    expires_at: Timestamp,
}

#[derive(Deserialize)]
struct Itself {
    slug: String,
}

impl App {
    /// # Errors
    /// When the key is no RSA key in PEM.
    pub fn new(id: &str, key: &Secret) -> Result<App, Error> {
        // In environment files a line end is often written as two characters.
        let pem = key.expose().replace("\\n", "\n");
        let key = match PrivateKeyDer::from_pem_slice(pem.as_bytes()) {
            Ok(PrivateKeyDer::Pkcs1(key)) => RsaKeyPair::from_der(key.secret_pkcs1_der()),
            Ok(PrivateKeyDer::Pkcs8(key)) => RsaKeyPair::from_pkcs8(key.secret_pkcs8_der()),
            _ => return Err(Error::Key("it is no private key in PEM")),
        };
        let key = Arc::new(key.map_err(|_| Error::Key("it is no RSA key of 2,048 bits or more"))?);
        Ok(App { id: id.to_owned(), key, tokens: Arc::default() })
    }

    /// As RFC 7519 and RFC 7518 §3.3 (RS256).
    fn assertion(&self, now: Timestamp) -> Result<Secret, Error> {
        let seconds = |moment: Timestamp| moment.as_millis() / 1_000;
        let claims = json!({ "iat": seconds(now - DRIFT), "exp": seconds(now + ASSERTION_LIFETIME), "iss": self.id });
        let head = URL_SAFE_NO_PAD.encode(br#"{"alg":"RS256","typ":"JWT"}"#);
        let text = format!("{head}.{}", URL_SAFE_NO_PAD.encode(claims.to_string()));
        let mut signature = vec![0; self.key.public().modulus_len()];
        self.key
            .sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), text.as_bytes(), &mut signature)
            .map_err(|_| Error::Key("it does not sign"))?;
        Ok(Secret::new(format!("{text}.{}", URL_SAFE_NO_PAD.encode(signature))))
    }

    /// The token of an installation: the one that is kept, or a new one shortly before that ends.
    pub(super) async fn token(&self, github: &Github, installation: &str, origin: &Origin) -> Result<Secret, Error> {
        if installation.is_empty() || !installation.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(Error::NotFound(Provider::Github));
        }
        // Held while one is asked for: others wait for the same instead of asking too.
        let mut tokens = self.tokens.lock().await;
        if let Some((token, until)) = tokens.get(installation)
            && *until > origin.now() + RESERVE
        {
            return Ok(token.clone());
        }
        let path = format!("/app/installations/{installation}/access_tokens");
        let granted: Granted = self.caller(github, origin)?.change(Method::POST, &path, &json!({})).await?;
        if tokens.len() >= KEPT {
            tokens.retain(|_, (_, until)| *until > origin.now() + RESERVE);
        }
        tokens.insert(installation.to_owned(), (granted.token.clone(), granted.expires_at));
        Ok(granted.token)
    }

    /// The app's name in addresses, as GitHub has it.
    pub(super) async fn slug(&self, github: &Github, origin: &Origin) -> Result<String, Error> {
        let itself: Itself = self.caller(github, origin)?.get("/app").await?;
        Ok(itself.slug)
    }

    fn caller(&self, github: &Github, origin: &Origin) -> Result<Caller, Error> {
        Ok(github.transport.caller(&format!("app {}", self.id), self.assertion(origin.now())?, origin))
    }
}
