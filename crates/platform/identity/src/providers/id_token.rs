//! ID tokens (OpenID Connect Core §3.1.3.7): who signed them, for whom, for which sign-in, and until when.
//!
//! Two algorithms are known, RS256 and ES256, and a key is used only for the one it is made for; what the token's header says of
//! keys elsewhere is not read.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::signature::{ECDSA_P256_SHA256_FIXED, RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents, UnparsedPublicKey};
use serde::Deserialize;

use rampart_kernel::Timestamp;

/// Clocks of two machines may be this far apart.
const LEEWAY_S: i64 = 60;

/// The keys of a provider (RFC 7517).
#[derive(Deserialize)]
pub struct KeySet {
    keys: Vec<Key>,
}

#[derive(Deserialize)]
struct Key {
    kty: String,
    kid: Option<String>,
    #[serde(rename = "use")]
    purpose: Option<String>,
    alg: Option<String>,
    n: Option<String>,
    e: Option<String>,
    crv: Option<String>,
    x: Option<String>,
    y: Option<String>,
}

#[derive(Deserialize)]
struct Header {
    alg: String,
    kid: Option<String>,
    /// Extensions that must be understood; none is.
    crit: Option<serde_json::Value>,
}

/// What a token says.
#[derive(Deserialize)]
pub struct Claims {
    iss: String,
    pub sub: String,
    aud: Audience,
    azp: Option<String>,
    exp: i64,
    iat: i64,
    nonce: Option<String>,
    pub email: Option<String>,
    #[serde(default)]
    pub email_verified: bool,
    pub name: Option<String>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Many(Vec<String>),
}

/// What the token must say.
pub struct Expected<'a> {
    pub issuer: &'a str,
    pub client: &'a str,
    pub nonce: &'a str,
    pub now: Timestamp,
}

/// # Errors
/// Why the token is not believed, for the log.
pub fn verify(token: &str, keys: &KeySet, expected: &Expected<'_>) -> Result<Claims, &'static str> {
    let (signed, signature) = token.rsplit_once('.').ok_or("it is no token")?;
    let (header, claims) = signed.split_once('.').ok_or("it is no token")?;
    let decode = |text: &str| URL_SAFE_NO_PAD.decode(text).map_err(|_| "it is not in base64url");
    let header: Header = serde_json::from_slice(&decode(header)?).map_err(|_| "its header cannot be read")?;
    if header.crit.is_some() {
        return Err("it asks for extensions");
    }
    let key = find(keys, &header)?;
    check_signature(key, &header.alg, signed.as_bytes(), &decode(signature)?)?;
    let claims: Claims = serde_json::from_slice(&decode(claims)?).map_err(|_| "its claims cannot be read")?;
    check_claims(&claims, expected)?;
    Ok(claims)
}

/// The one key that fits: by name, or the only one of its kind.
fn find<'a>(keys: &'a KeySet, header: &Header) -> Result<&'a Key, &'static str> {
    let kind = match header.alg.as_str() {
        "RS256" => "RSA",
        "ES256" => "EC",
        _ => return Err("its algorithm is not accepted"),
    };
    let mut fitting = keys.keys.iter().filter(|key| {
        key.kty == kind
            && key.purpose.as_deref().is_none_or(|purpose| purpose == "sig")
            && key.alg.as_deref().is_none_or(|alg| alg == header.alg)
            && header.kid.as_ref().is_none_or(|kid| key.kid.as_ref() == Some(kid))
    });
    match (fitting.next(), fitting.next()) {
        (Some(key), None) => Ok(key),
        (Some(_), Some(_)) => Err("more than one key fits it"),
        (None, _) => Err("no key fits it"),
    }
}

fn check_signature(key: &Key, alg: &str, message: &[u8], signature: &[u8]) -> Result<(), &'static str> {
    let part = |part: &Option<String>| {
        part.as_ref().and_then(|text| URL_SAFE_NO_PAD.decode(text).ok()).ok_or("its key is incomplete")
    };
    let verified = if alg == "RS256" {
        // ring refuses keys of fewer than 2048 bits.
        RsaPublicKeyComponents { n: part(&key.n)?, e: part(&key.e)? }.verify(
            &RSA_PKCS1_2048_8192_SHA256,
            message,
            signature,
        )
    } else {
        if key.crv.as_deref() != Some("P-256") {
            return Err("its key is on another curve");
        }
        let point = [vec![4], part(&key.x)?, part(&key.y)?].concat();
        UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point).verify(message, signature)
    };
    verified.map_err(|_| "its signature is wrong")
}

fn check_claims(claims: &Claims, expected: &Expected<'_>) -> Result<(), &'static str> {
    let now = expected.now.as_millis() / 1_000;
    let (for_us, for_others) = match &claims.aud {
        Audience::One(one) => (one == expected.client, false),
        Audience::Many(many) => (many.iter().any(|one| one == expected.client), many.len() > 1),
    };
    let party = claims.azp.as_deref();
    if claims.iss != expected.issuer {
        Err("it is of another issuer")
    } else if !for_us || party.is_some_and(|party| party != expected.client) || (for_others && party.is_none()) {
        Err("it is for somebody else")
    } else if claims.exp.saturating_add(LEEWAY_S) <= now {
        Err("it has expired")
    } else if claims.iat.saturating_sub(LEEWAY_S) > now {
        Err("it is of the future")
    } else if claims.nonce.as_deref() != Some(expected.nonce) {
        Err("it is of another sign-in")
    } else if claims.sub.is_empty() || claims.sub.len() > 255 {
        Err("it names nobody")
    } else {
        Ok(())
    }
}
