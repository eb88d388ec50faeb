//! Access tokens: what programs show with each request.
//!
//! JSON Web Tokens (RFC 7519) of one kind: signed with HMAC-SHA-256 and nothing else. The header is compared as a whole and never
//! obeyed, so that no token can choose its algorithm or its key; what one algorithm needs fits on a page, while libraries of all of
//! them bring an RSA that is known to leak by its timing.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rampart_access::SessionId;
use rampart_kernel::{DerivedKey, Keys, Origin, Purpose, Secret, Timestamp, UserId};
use serde::{Deserialize, Serialize};

use crate::error::Error;
use crate::model::User;
use crate::workspaces::model::Tier;

const HEADER: &str = r#"{"alg":"HS256","typ":"JWT"}"#;
const ISSUER: &str = "rampart";
const AUDIENCE: &str = "rampart-api";

/// Clocks of two machines may be this far apart.
const LEEWAY_S: i64 = 60;

rampart_kernel::id! {
    /// One access token.
    JwtId,
}

/// What an access token says. The names are those of the interface; a token is believed only while its session lives.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Claims {
    user_id: UserId,
    email: String,
    subscription: Option<Tier>,
    role: String,
    sub: UserId,
    sid: SessionId,
    jti: JwtId,
    typ: String,
    iss: String,
    aud: String,
    /// Seconds since 1970; a text is refused.
    iat: i64,
    exp: i64,
}

/// Signs and checks access tokens with one algorithm, HS256.
#[derive(Clone)]
pub struct AccessTokens {
    key: DerivedKey,
}

impl AccessTokens {
    pub fn new(keys: &Keys) -> AccessTokens {
        AccessTokens { key: keys.derive(Purpose::AccessTokens) }
    }

    /// # Errors
    /// When it cannot be signed.
    pub fn sign(
        &self,
        origin: &Origin,
        user: &User,
        subscription: Option<Tier>,
        session: SessionId,
        expires_at: Timestamp,
    ) -> Result<Secret, Error> {
        let claims = Claims {
            user_id: user.id,
            email: user.email.clone(),
            subscription,
            role: user.role.name().to_owned(),
            sub: user.id,
            sid: session,
            jti: origin.new_id(),
            typ: "access".to_owned(),
            iss: ISSUER.to_owned(),
            aud: AUDIENCE.to_owned(),
            iat: origin.now().as_millis() / 1_000,
            exp: expires_at.as_millis() / 1_000,
        };
        let claims = serde_json::to_vec(&claims).map_err(|error| Error::Unexpected(error.into()))?;
        let signed = format!("{}.{}", URL_SAFE_NO_PAD.encode(HEADER), URL_SAFE_NO_PAD.encode(claims));
        let signature = URL_SAFE_NO_PAD.encode(self.key.sign(signed.as_bytes()));
        Ok(Secret::new(format!("{signed}.{signature}")))
    }

    /// Whose session it is of.
    ///
    /// # Errors
    /// When it is not ours, was changed, or has expired.
    pub fn check(&self, token: &Secret, now: Timestamp) -> Result<(UserId, SessionId), Error> {
        let (signed, signature) = token.expose().rsplit_once('.').ok_or(Error::TokenInvalid)?;
        let (header, claims) = signed.split_once('.').ok_or(Error::TokenInvalid)?;
        let decode = |part: &str| URL_SAFE_NO_PAD.decode(part).map_err(|_| Error::TokenInvalid);
        if !self.key.verifies(signed.as_bytes(), &decode(signature)?) || decode(header)? != HEADER.as_bytes() {
            return Err(Error::TokenInvalid);
        }
        let claims: Claims = serde_json::from_slice(&decode(claims)?).map_err(|_| Error::TokenInvalid)?;
        let ours =
            claims.typ == "access" && claims.iss == ISSUER && claims.aud == AUDIENCE && claims.sub == claims.user_id;
        if !ours {
            return Err(Error::TokenInvalid);
        }
        if claims.exp.saturating_add(LEEWAY_S) <= now.as_millis() / 1_000 {
            return Err(Error::TokenExpired);
        }
        Ok((claims.user_id, claims.sid))
    }
}

#[cfg(test)]
mod tests {
    use rampart_kernel::{MasterKey, SystemChance};

    use super::*;

    #[test]
    fn a_changed_message_or_signature_does_not_verify() {
        let key = MasterKey::generate(&SystemChance).derive(Purpose::AccessTokens);
        let signature = key.sign(b"header.claims");
        assert!(key.verifies(b"header.claims", &signature));
        assert!(!key.verifies(b"header.claimz", &signature));
        assert!(!key.verifies(b"header.claims", &signature[..31]));
        assert!(!key.verifies(b"header.claims", b""));
    }
}
