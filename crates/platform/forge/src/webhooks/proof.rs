//! By what a delivery shows that it comes from its forge: a signature over it, or the secret itself.

use axum::http::{HeaderMap, HeaderName};
use rampart_kernel::Secret;
use ring::digest;
use subtle::ConstantTimeEq;

use super::signature::Signature;
use crate::model::Provider;

const TOKEN: HeaderName = HeaderName::from_static("x-gitlab-token");

pub enum Proof {
    /// GitHub's.
    Signature(Signature),
    /// GitLab shows the secret, which nobody between there and here is to read: hooks lead to HTTPS.
    Token(Secret),
}

impl Proof {
    /// The one proof of a delivery. Two are none: which of them a proxy in front looked at is unknown.
    pub fn of(provider: Provider, headers: &HeaderMap) -> Option<Proof> {
        if provider != Provider::Gitlab {
            return Signature::of(headers).map(Proof::Signature);
        }
        let mut values = headers.get_all(TOKEN).iter();
        let (first, second) = (values.next()?.to_str().ok()?, values.next());
        (second.is_none() && !first.is_empty()).then(|| Proof::Token(Secret::new(first)))
    }

    /// Whether it is that of the secret, over these bytes; takes as long for every wrong one.
    pub fn is_of(&self, secret: &Secret, body: &[u8]) -> bool {
        match self {
            Proof::Signature(signature) => signature.is_of(secret, body),
            Proof::Token(token) => {
                // Of the same length whatever was sent.
                let hash = |secret: &Secret| digest::digest(&digest::SHA256, secret.expose().as_bytes());
                hash(token).as_ref().ct_eq(hash(secret).as_ref()).into()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_the_secret_itself_shown_once() {
        let of = |values: &[&str]| {
            let mut headers = HeaderMap::new();
            for value in values {
                headers.append(TOKEN, value.parse().unwrap());
            }
            Proof::of(Provider::Gitlab, &headers)
        };
        let secret = Secret::new("the secret of one hook");
        assert!(of(&["the secret of one hook"]).unwrap().is_of(&secret, b"x"));
        for wrong in ["the secret of one hoo", "the secret of one hook ", "The secret of one hook", "x"] {
            assert!(!of(&[wrong]).unwrap().is_of(&secret, b"x"), "{wrong}");
        }
        assert!(of(&[]).is_none() && of(&[""]).is_none());
        assert!(of(&["the secret of one hook", "the secret of one hook"]).is_none());
    }
}
