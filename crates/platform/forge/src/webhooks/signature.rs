//! Signatures over deliveries: HMAC-SHA-256 over the bytes as they came.

use axum::http::{HeaderMap, HeaderName};
use rampart_kernel::Secret;
use ring::hmac;

const HEADER: HeaderName = HeaderName::from_static("x-hub-signature-256");
const BYTES: usize = 32;

/// A signature as it was sent; of whom is to be seen.
pub struct Signature([u8; BYTES]);

impl Signature {
    /// The one signature of a delivery. Two are none: which of them a proxy in front looked at is unknown.
    pub fn of(headers: &HeaderMap) -> Option<Signature> {
        let mut values = headers.get_all(HEADER).iter();
        let (first, second) = (values.next()?, values.next());
        if second.is_some() {
            return None;
        }
        let digits = first.to_str().ok()?.strip_prefix("sha256=")?.as_bytes();
        let mut bytes = [0; BYTES];
        if digits.len() != 2 * BYTES {
            return None;
        }
        for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
            let [high, low] = [pair[0], pair[1]].map(|digit| char::from(digit).to_digit(16));
            *byte = (high? << 4 | low?) as u8;
        }
        Some(Signature(bytes))
    }

    /// Whether it is that of the secret over these bytes; takes as long for every wrong one.
    pub fn is_of(&self, secret: &Secret, body: &[u8]) -> bool {
        let key = hmac::Key::new(hmac::HMAC_SHA256, secret.expose().as_bytes());
        hmac::verify(&key, body, &self.0).is_ok()
    }
}

/// As GitHub signs; for tests of what it sends.
pub fn sign(secret: &Secret, body: &[u8]) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret.expose().as_bytes());
    let digits = hmac::sign(&key, body).as_ref().iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    format!("sha256={digits}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(values: &[&str]) -> Option<Signature> {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(HEADER, value.parse().unwrap());
        }
        Signature::of(&headers)
    }

    #[test]
    fn a_signature_is_that_of_a_secret_over_bytes() {
        // From GitHub's documentation of webhooks.
        let text = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";
        let secret = Secret::new("It's a Secret to Everybody");
        let signature = of(&[text]).unwrap();
        assert!(signature.is_of(&secret, b"Hello, World!"));
        assert!(!signature.is_of(&secret, b"Hello, World"));
        assert!(!signature.is_of(&Secret::new("It's a Secret to Nobody"), b"Hello, World!"));
        assert_eq!(sign(&secret, b"Hello, World!"), text);
        assert!(of(&[&text.to_uppercase().replace("SHA", "sha")]).unwrap().is_of(&secret, b"Hello, World!"));
    }

    #[test]
    fn what_is_no_signature_is_none() {
        let digits = "0".repeat(64);
        let good = format!("sha256={digits}");
        assert!(of(&[&good]).is_some());
        for bad in [
            String::new(),
            digits.clone(),
            format!("sha1={digits}"),
            format!("SHA256={digits}"),
            format!("sha256={digits}0"),
            format!("sha256={}", &digits[1..]),
            format!("sha256={}g", &digits[1..]),
            format!("sha256= {}", &digits[1..]),
        ] {
            assert!(of(&[&bad]).is_none(), "{bad}");
        }
        assert!(of(&[]).is_none());
        assert!(of(&[&good, &good]).is_none());
    }
}
