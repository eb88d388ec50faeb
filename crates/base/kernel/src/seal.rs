//! Sealed columns: AES-256-GCM, bound to the place where the value stands.

use std::fmt;

use aes_gcm::aead::{Aead, KeyInit, Nonce, Payload};
use aes_gcm::{Aes256Gcm, Key};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use thiserror::Error;
use uuid::Uuid;

use crate::{Chance, DerivedKey, Keys, Secret};

/// The place of a value. A sealed value that is copied to another place does not open.
#[derive(Clone, Copy, Debug)]
pub struct Cell<'a> {
    pub table: &'a str,
    pub column: &'a str,
    pub row: Uuid,
}

impl Cell<'_> {
    fn associated_data(&self) -> Vec<u8> {
        format!("{}\0{}\0{}", self.table, self.column, self.row).into_bytes()
    }
}

/// A column of sealed values. Modules declare theirs, so that all can be sealed anew when the master key changes.
#[derive(Clone, Copy, Debug)]
pub struct SealedColumn {
    pub table: &'static str,
    pub column: &'static str,
    /// The column with the id of the row.
    pub row: &'static str,
    /// What the [`Cell`] calls the column; mostly the same.
    pub sealed_as: &'static str,
}

impl SealedColumn {
    pub fn cell(&self, row: Uuid) -> Cell<'static> {
        Cell { table: self.table, column: self.sealed_as, row }
    }
}

/// A value as it is stored: `v1:<key id>:<nonce>:<ciphertext>`, the last two in base64url.
#[derive(Clone, PartialEq, Eq)]
pub struct Sealed(String);

impl Sealed {
    /// A value as it was read from its column.
    pub fn from_text(text: String) -> Sealed {
        Sealed(text)
    }

    pub fn as_text(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Sealed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sealed(…)")
    }
}

#[derive(Debug, PartialEq, Eq, Error)]
pub enum SealError {
    #[error("the value is not a sealed one")]
    NotSealed,
    #[error("the value is sealed with the key {0}, which is not among the master keys that are configured")]
    UnknownKey(String),
    #[error("the value does not open: it was changed, or belongs to another place")]
    DoesNotOpen,
}

const VERSION: &str = "v1";
const NONCE_BYTES: usize = 12;

impl Keys {
    /// Seals with the current key. 96 random bits of nonce: safe for 2^32 values of one key (NIST SP 800-38D §8.3).
    pub fn seal(&self, chance: &dyn Chance, cell: Cell<'_>, value: &Secret) -> Sealed {
        let mut nonce = [0; NONCE_BYTES];
        chance.fill(&mut nonce);
        let (id, key) = self.current();
        let aad = cell.associated_data();
        let payload = Payload { msg: value.expose().as_bytes(), aad: &aad };
        let text = cipher(&key)
            .encrypt(&Nonce::<Aes256Gcm>::from(nonce), payload)
            .expect("AES-GCM seals whatever fits into memory");
        Sealed(format!("{VERSION}:{id}:{}:{}", URL_SAFE_NO_PAD.encode(nonce), URL_SAFE_NO_PAD.encode(text)))
    }

    /// # Errors
    /// When the key is not configured, or the value was changed or moved.
    pub fn open(&self, cell: Cell<'_>, sealed: &Sealed) -> Result<Secret, SealError> {
        let parts: Vec<&str> = sealed.0.split(':').collect();
        let [VERSION, id, nonce, text] = parts[..] else { return Err(SealError::NotSealed) };
        let decode = |text| URL_SAFE_NO_PAD.decode(text).map_err(|_| SealError::NotSealed);
        let nonce: [u8; NONCE_BYTES] = decode(nonce)?.try_into().map_err(|_| SealError::NotSealed)?;
        let text = decode(text)?;
        let key = self.named(id).ok_or_else(|| SealError::UnknownKey(id.to_owned()))?;
        let aad = cell.associated_data();
        let payload = Payload { msg: &text, aad: &aad };
        let opened =
            cipher(&key).decrypt(&Nonce::<Aes256Gcm>::from(nonce), payload).map_err(|_| SealError::DoesNotOpen)?;
        String::from_utf8(opened).map(Secret::new).map_err(|_| SealError::DoesNotOpen)
    }

    /// The value under the current key; nothing when it is under it already.
    ///
    /// # Errors
    /// As [`Keys::open`].
    pub fn reseal(&self, chance: &dyn Chance, cell: Cell<'_>, sealed: &Sealed) -> Result<Option<Sealed>, SealError> {
        if sealed.0.split(':').nth(1) == Some(self.current_id()) {
            return Ok(None);
        }
        let value = self.open(cell, sealed)?;
        Ok(Some(self.seal(chance, cell, &value)))
    }
}

fn cipher(key: &DerivedKey) -> Aes256Gcm {
    Aes256Gcm::new(&Key::<Aes256Gcm>::from(*key.bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{MasterKey, SystemChance};

    const ROW: Uuid = Uuid::from_u128(7);
    const CELL: Cell<'_> = Cell { table: "users", column: "totp_secret", row: ROW };

    fn keys() -> Keys {
        Keys::new(MasterKey::generate(&SystemChance), Vec::new()).unwrap()
    }

    #[test]
    fn a_sealed_value_opens_at_its_place_only() {
        let keys = keys();
        let sealed = keys.seal(&SystemChance, CELL, &Secret::new("value"));
        assert!(!sealed.as_text().contains("value"));
        assert_eq!(keys.open(CELL, &sealed).unwrap().expose(), "value");
        for elsewhere in [
            Cell { table: "other", ..CELL },
            Cell { column: "other", ..CELL },
            Cell { row: Uuid::from_u128(8), ..CELL },
        ] {
            assert_eq!(keys.open(elsewhere, &sealed).err(), Some(SealError::DoesNotOpen));
        }
    }

    #[test]
    fn a_changed_value_does_not_open() {
        let keys = keys();
        let sealed = keys.seal(&SystemChance, CELL, &Secret::new("value"));
        let mut text = sealed.as_text().to_owned();
        let last = text.pop().unwrap();
        text.push(if last == 'A' { 'E' } else { 'A' });
        assert_eq!(keys.open(CELL, &Sealed(text)).err(), Some(SealError::DoesNotOpen));
        assert_eq!(keys.open(CELL, &Sealed("plain".to_owned())).err(), Some(SealError::NotSealed));
    }

    #[test]
    fn rotation_moves_a_value_to_the_current_key() {
        let (old, new) = (MasterKey::generate(&SystemChance), MasterKey::generate(&SystemChance));
        let before = Keys::new(old.clone(), Vec::new()).unwrap();
        let sealed = before.seal(&SystemChance, CELL, &Secret::new("value"));

        let after = Keys::new(new.clone(), vec![old]).unwrap();
        let resealed = after.reseal(&SystemChance, CELL, &sealed).unwrap().unwrap();
        assert_eq!(after.reseal(&SystemChance, CELL, &resealed).unwrap(), None);

        let alone = Keys::new(new, Vec::new()).unwrap();
        assert_eq!(alone.open(CELL, &resealed).unwrap().expose(), "value");
        assert!(matches!(alone.open(CELL, &sealed), Err(SealError::UnknownKey(_))));
    }
}
