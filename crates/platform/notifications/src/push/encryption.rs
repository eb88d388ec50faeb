//! What only the browser can read: Message Encryption for Web Push (RFC 8291) in one record of `aes128gcm` (RFC 8188).

use ring::aead::{AES_128_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use ring::agreement::{ECDH_P256, EphemeralPrivateKey, UnparsedPublicKey, agree_ephemeral};
use ring::hkdf::{HKDF_SHA256, KeyType, Salt};
use ring::rand::{SecureRandom, SystemRandom};

/// Push services take at least 4096 bytes of a body (RFC 8030 §7.2).
const RECORD: u32 = 4_096;
/// Of a record: the end mark, and the tag of the seal.
const OVERHEAD: usize = 1 + 16;
const SALT: usize = 16;
const POINT: usize = 65;
const AUTH: usize = 16;

/// Bytes that a message may have.
pub const MOST: usize = RECORD as usize - OVERHEAD - SALT - 4 - 1 - POINT;

/// The keys of a browser's subscription.
#[derive(Clone)]
pub struct Keys {
    /// A point of P-256, uncompressed.
    public: Vec<u8>,
    auth: Vec<u8>,
}

/// Bytes of what is derived.
struct Length(usize);

impl KeyType for Length {
    fn len(&self) -> usize {
        self.0
    }
}

impl Keys {
    /// Nothing when they are none.
    pub fn new(public: Vec<u8>, auth: Vec<u8>) -> Option<Keys> {
        (public.len() == POINT && public[0] == 4 && auth.len() == AUTH).then_some(Keys { public, auth })
    }

    /// The body of a push message; nothing when the message is too long, or the key no point of the curve.
    pub fn seal(&self, message: &[u8]) -> Option<Vec<u8>> {
        if message.len() > MOST {
            return None;
        }
        // The pair is for this message alone, and the salt with it.
        let random = SystemRandom::new();
        let private = EphemeralPrivateKey::generate(&ECDH_P256, &random).ok()?;
        let own = private.compute_public_key().ok()?;
        let mut salt = [0; SALT];
        random.fill(&mut salt).ok()?;
        let browser = UnparsedPublicKey::new(&ECDH_P256, &self.public);
        let material = agree_ephemeral(private, &browser, |shared| self.material(shared, own.as_ref())).ok()??;
        let (key, nonce) = keys(&salt, &material)?;
        let mut record = [message, &[2]].concat();
        key.seal_in_place_append_tag(nonce, Aad::empty(), &mut record).ok()?;
        let header = [&salt[..], &RECORD.to_be_bytes(), &[POINT as u8], own.as_ref()].concat();
        Some([header, record].concat())
    }

    /// From what both agree on, with the secret that only they know (RFC 8291 §3.4).
    fn material(&self, shared: &[u8], sender: &[u8]) -> Option<[u8; 32]> {
        let info = [b"WebPush: info\0", self.public.as_slice(), sender];
        let mut material = [0; 32];
        Salt::new(HKDF_SHA256, &self.auth).extract(shared).expand(&info, Length(32)).ok()?.fill(&mut material).ok()?;
        Some(material)
    }
}

/// Of one record (RFC 8188 §2.2).
fn keys(salt: &[u8], material: &[u8]) -> Option<(LessSafeKey, Nonce)> {
    let derived = Salt::new(HKDF_SHA256, salt).extract(material);
    let (mut key, mut nonce) = ([0; 16], [0; 12]);
    derived.expand(&[b"Content-Encoding: aes128gcm\0"], Length(16)).ok()?.fill(&mut key).ok()?;
    derived.expand(&[b"Content-Encoding: nonce\0"], Length(12)).ok()?.fill(&mut nonce).ok()?;
    let key = LessSafeKey::new(UnboundKey::new(&AES_128_GCM, &key).ok()?);
    Some((key, Nonce::assume_unique_for_key(nonce)))
}

#[cfg(test)]
mod tests {
    use base64::Engine;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;

    use super::*;

    fn bytes(text: &str) -> Vec<u8> {
        URL_SAFE_NO_PAD.decode(text).unwrap()
    }

    /// RFC 8291, appendix A: from the shared secret to the key and the nonce.
    #[test]
    fn keys_are_derived_as_the_standard_shows() {
        let keys = Keys::new(
            bytes("BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"),
            bytes("BTBZMqHH6r4Tts7J_aSIgg"),
        )
        .unwrap();
        let shared = bytes("kyrL1jIIOHEzg3sM2ZWRHDRB62YACZhhSlknJ672kSs");
        let sender = bytes("BP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A8");
        let material = keys.material(&shared, &sender).unwrap();
        assert_eq!(URL_SAFE_NO_PAD.encode(material), "S4lYMb_L0FxCeq0WhDx813KgSYqU26kOyzWUdsXYyrg");
        let (key, nonce) = super::keys(&bytes("DGv6ra1nlYgDCS1FRnbzlw"), &material).unwrap();
        let mut record = [b"When I grow up, I want to be a watermelon".as_slice(), &[2]].concat();
        key.seal_in_place_append_tag(nonce, Aad::empty(), &mut record).unwrap();
        assert_eq!(
            URL_SAFE_NO_PAD.encode(record),
            "8pfeW0KbunFT06SuDKoJH9Ql87S1QUrdirN6GcG7sFz1y1sqLgVi1VhjVkHsUoEsbI_0LpXMuGvnzQ"
        );
    }

    #[test]
    fn what_is_no_key_or_too_long_is_refused() {
        assert!(Keys::new(vec![4; 64], vec![0; 16]).is_none() && Keys::new(vec![4; 65], vec![0; 15]).is_none());
        // No point of the curve.
        assert!(Keys::new(vec![4; 65], vec![0; 16]).unwrap().seal(b"x").is_none());
        let own = EphemeralPrivateKey::generate(&ECDH_P256, &SystemRandom::new()).unwrap();
        let keys = Keys::new(own.compute_public_key().unwrap().as_ref().to_vec(), vec![0; 16]).unwrap();
        assert_eq!(keys.seal(&vec![b'x'; MOST]).unwrap().len(), RECORD as usize);
        assert!(keys.seal(&vec![b'x'; MOST + 1]).is_none());
    }
}
