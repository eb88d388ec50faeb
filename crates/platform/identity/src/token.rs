//! Access tokens: what programs show with each request.

use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use rampart_access::SessionId;
use rampart_kernel::{DerivedKey, Id, Keys, Origin, Purpose, Secret, Timestamp, UserId};
use serde::{Deserialize, Serialize};

use crate::error::Error;
use crate::model::{Tier, User};

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
            jti: JwtId::from_uuid(origin.new_id::<JwtId>().uuid()),
            typ: "access".to_owned(),
            iss: ISSUER.to_owned(),
            aud: AUDIENCE.to_owned(),
            iat: origin.now().as_millis() / 1_000,
            exp: expires_at.as_millis() / 1_000,
        };
        let key = EncodingKey::from_secret(self.key.bytes());
        let token = jsonwebtoken::encode(&Header::new(Algorithm::HS256), &claims, &key);
        token.map(Secret::new).map_err(|error| Error::Unexpected(error.into()))
    }

    /// Whose session it is of.
    ///
    /// # Errors
    /// When it is not ours, was changed, or has expired.
    pub fn check(&self, token: &Secret, now: Timestamp) -> Result<(UserId, SessionId), Error> {
        let mut validation = Validation::new(Algorithm::HS256);
        validation.set_issuer(&[ISSUER]);
        validation.set_audience(&[AUDIENCE]);
        validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
        // By our clock, below.
        validation.validate_exp = false;
        let key = DecodingKey::from_secret(self.key.bytes());
        let token = jsonwebtoken::decode::<Claims>(token.expose(), &key, &validation);
        let claims = token.map_err(|_| Error::TokenInvalid)?.claims;
        if claims.typ != "access" || claims.sub != claims.user_id {
            return Err(Error::TokenInvalid);
        }
        if claims.exp + LEEWAY_S <= now.as_millis() / 1_000 {
            return Err(Error::TokenExpired);
        }
        Ok((claims.user_id, claims.sid))
    }
}
