//! One master key, and the keys derived from it: what one of them protects says nothing about the others.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use hkdf::Hkdf;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use thiserror::Error;
use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::{Chance, Secret};

#[derive(Debug, PartialEq, Eq, Error)]
pub enum KeyError {
    #[error("a master key is 32 bytes in base64 (such as `openssl rand -base64 32` prints)")]
    NotAKey,
    #[error("the master keys are the same: an old key is one that is no longer in use")]
    Repeated,
}

/// What a derived key is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Sealed columns.
    Seal,
    /// Hashes of tokens and codes, which must not be guessable from a copy of the database.
    Tokens,
    /// The chain of audit records.
    Audit,
    /// Signatures of access tokens.
    AccessTokens,
    /// Backups.
    Backup,
}

impl Purpose {
    /// Part of every derived key: changing one makes unreadable what it protects.
    fn label(self) -> &'static str {
        match self {
            Purpose::Seal => "rampart/seal/v1",
            Purpose::Tokens => "rampart/tokens/v1",
            Purpose::Audit => "rampart/audit/v1",
            Purpose::AccessTokens => "rampart/access-tokens/v1",
            Purpose::Backup => "rampart/backup/v1",
        }
    }
}

const KEY_BYTES: usize = 32;

/// 32 random bytes from which all other keys are made.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct MasterKey([u8; KEY_BYTES]);

impl MasterKey {
    pub fn generate(chance: &dyn Chance) -> MasterKey {
        let mut bytes = [0; KEY_BYTES];
        chance.fill(&mut bytes);
        MasterKey(bytes)
    }

    /// # Errors
    /// When the text is not 32 bytes in base64, of either alphabet.
    pub fn parse(text: &Secret) -> Result<MasterKey, KeyError> {
        let text = text.expose().trim();
        let bytes = STANDARD.decode(text).or_else(|_| URL_SAFE_NO_PAD.decode(text)).map_err(|_| KeyError::NotAKey)?;
        Ok(MasterKey(bytes.try_into().map_err(|_| KeyError::NotAKey)?))
    }

    pub fn to_text(&self) -> Secret {
        Secret::new(STANDARD.encode(self.0))
    }

    pub fn derive(&self, purpose: Purpose) -> DerivedKey {
        let mut bytes = [0; KEY_BYTES];
        Hkdf::<Sha256>::new(None, &self.0)
            .expand(purpose.label().as_bytes(), &mut bytes)
            .expect("32 bytes are within what HKDF-SHA-256 gives");
        DerivedKey(bytes)
    }

    /// By which a sealed value names its key: 8 hexadecimal digits that give nothing of the key away.
    fn id(&self) -> String {
        let mut bytes = [0; 4];
        Hkdf::<Sha256>::new(None, &self.0)
            .expand(b"rampart/key-id/v1", &mut bytes)
            .expect("4 bytes are within what HKDF-SHA-256 gives");
        bytes.iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

/// A key for one purpose.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct DerivedKey([u8; KEY_BYTES]);

impl DerivedKey {
    pub fn bytes(&self) -> &[u8; KEY_BYTES] {
        &self.0
    }

    /// HMAC-SHA-256 over parts, each with its length in front so that no two lists of parts look the same.
    pub fn mac(&self, parts: &[&[u8]]) -> [u8; 32] {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.0).expect("HMAC takes keys of any length");
        for part in parts {
            mac.update(&(part.len() as u64).to_be_bytes());
            mac.update(part);
        }
        mac.finalize().into_bytes().into()
    }

    /// A key for one thing only, which `parts` name: one file, one stream.
    #[must_use]
    pub fn for_one(&self, parts: &[&[u8]]) -> DerivedKey {
        DerivedKey(self.mac(parts))
    }

    /// Plain HMAC-SHA-256, for formats that others have set.
    pub fn sign(&self, message: &[u8]) -> [u8; 32] {
        let mac = Hmac::<Sha256>::new_from_slice(&self.0).expect("HMAC takes keys of any length");
        mac.chain_update(message).finalize().into_bytes().into()
    }

    /// Whether a signature is that of [`DerivedKey::sign`]; takes as long for every wrong one.
    pub fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        let mac = Hmac::<Sha256>::new_from_slice(&self.0).expect("HMAC takes keys of any length");
        mac.chain_update(message).verify_slice(signature).is_ok()
    }

    /// The hash under which a token is stored: 43 characters.
    pub fn hash_token(&self, token: &Secret) -> String {
        URL_SAFE_NO_PAD.encode(self.mac(&[token.expose().as_bytes()]))
    }
}

/// The master key in use and those that were.
pub struct Keys {
    current: (String, MasterKey),
    old: Vec<(String, MasterKey)>,
}

impl Keys {
    /// # Errors
    /// When a key appears twice.
    pub fn new(current: MasterKey, old: Vec<MasterKey>) -> Result<Keys, KeyError> {
        let named = |key: MasterKey| (key.id(), key);
        let current = named(current);
        let old: Vec<_> = old.into_iter().map(named).collect();
        let mut ids: Vec<&str> = old.iter().map(|(id, _)| id.as_str()).chain([current.0.as_str()]).collect();
        ids.sort_unstable();
        if ids.windows(2).any(|pair| pair[0] == pair[1]) {
            return Err(KeyError::Repeated);
        }
        Ok(Keys { current, old })
    }

    pub fn derive(&self, purpose: Purpose) -> DerivedKey {
        self.current.1.derive(purpose)
    }

    /// The key for a purpose of the master key in use, then those of the ones that were, the newest first: for what was signed in
    /// their time and cannot be signed again.
    pub fn derive_all(&self, purpose: Purpose) -> Vec<DerivedKey> {
        std::iter::once(&self.current).chain(&self.old).map(|(_, key)| key.derive(purpose)).collect()
    }

    /// The key for a purpose of the master key with this id, if it is configured.
    pub fn derive_named(&self, id: &str, purpose: Purpose) -> Option<DerivedKey> {
        let mut all = std::iter::once(&self.current).chain(&self.old);
        all.find(|(own, _)| own == id).map(|(_, key)| key.derive(purpose))
    }

    pub fn current_id(&self) -> &str {
        &self.current.0
    }

    pub(crate) fn current(&self) -> (&str, DerivedKey) {
        (&self.current.0, self.current.1.derive(Purpose::Seal))
    }

    pub(crate) fn named(&self, id: &str) -> Option<DerivedKey> {
        self.derive_named(id, Purpose::Seal)
    }
}

impl std::fmt::Debug for Keys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Keys").field("current", &self.current.0).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::SystemChance;

    #[test]
    fn keys_of_different_purposes_differ() {
        let key = MasterKey::generate(&SystemChance);
        assert_ne!(key.derive(Purpose::Seal).bytes(), key.derive(Purpose::Tokens).bytes());
        assert_eq!(MasterKey::parse(&key.to_text()).unwrap().0, key.0);
        assert_eq!(MasterKey::parse(&Secret::new("short")).err(), Some(KeyError::NotAKey));
    }

    #[test]
    fn parts_do_not_run_together() {
        let key = MasterKey::generate(&SystemChance).derive(Purpose::Audit);
        assert_ne!(key.mac(&[b"ab", b"c"]), key.mac(&[b"a", b"bc"]));
    }

    #[test]
    fn a_key_is_not_its_own_predecessor() {
        let key = MasterKey::generate(&SystemChance);
        assert_eq!(Keys::new(key.clone(), vec![key]).err(), Some(KeyError::Repeated));
    }
}
