//! Who sends: VAPID (RFC 8292).

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rampart_egress::Target;
use rampart_kernel::{Secret, Timestamp};
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair};
use serde_json::json;
use std::time::Duration;

use super::settings::PushSettings;

/// RFC 8292 allows a day; clocks differ.
const LIFETIME: Duration = Duration::from_secs(12 * 3_600);

/// By what push services know this installation.
pub struct Vapid {
    pair: EcdsaKeyPair,
    /// In base64url, as browsers are told it.
    pub public_key: String,
    subject: String,
}

impl Vapid {
    /// Nothing when nothing is set.
    ///
    /// # Errors
    /// What is wrong with the settings, or missing.
    pub fn new(settings: &PushSettings) -> Result<Option<Vapid>, &'static str> {
        let (public, private, subject) = match (&settings.public_key, &settings.private_key, &settings.subject) {
            (None, None, _) => return Ok(None),
            (Some(public), Some(private), Some(subject)) => (public, private, subject),
            _ => return Err("Web Push needs VAPID_PUBLIC_KEY, VAPID_PRIVATE_KEY and VAPID_SUBJECT"),
        };
        if !subject.starts_with("mailto:") && !subject.starts_with("https://") {
            return Err("VAPID_SUBJECT: an address such as mailto:security@example.com");
        }
        let decode = |text: &str| URL_SAFE_NO_PAD.decode(text.trim().trim_end_matches('='));
        let wrong = "VAPID_PUBLIC_KEY and VAPID_PRIVATE_KEY: a pair of P-256, 65 and 32 bytes in base64url";
        let point = decode(public).map_err(|_| wrong)?;
        let scalar = decode(private.expose()).map_err(|_| wrong)?;
        let pair = EcdsaKeyPair::from_private_key_and_public_key(
            &ECDSA_P256_SHA256_FIXED_SIGNING,
            &scalar,
            &point,
            &SystemRandom::new(),
        );
        let public_key = URL_SAFE_NO_PAD.encode(&point);
        Ok(Some(Vapid { pair: pair.map_err(|_| wrong)?, public_key, subject: subject.clone() }))
    }

    /// What the push service of an endpoint is shown.
    ///
    /// # Errors
    /// When the machine has no chance to give.
    pub fn authorization(&self, endpoint: &Target, now: Timestamp) -> Result<Secret, &'static str> {
        let encode = |value: serde_json::Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let until = (now + LIFETIME).as_millis() / 1_000;
        let claims = json!({ "aud": endpoint.origin(), "exp": until, "sub": self.subject });
        let signed = format!("{}.{}", encode(json!({ "typ": "JWT", "alg": "ES256" })), encode(claims));
        let signature = self.pair.sign(&SystemRandom::new(), signed.as_bytes());
        let signature = URL_SAFE_NO_PAD.encode(signature.map_err(|_| "there is no chance")?);
        Ok(Secret::new(format!("vapid t={signed}.{signature}, k={}", self.public_key)))
    }
}
