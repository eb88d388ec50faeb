//! Passwords: which are good enough, and how they are kept.

use std::sync::{Arc, OnceLock};

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use rampart_kernel::{Origin, Secret};
use serde::Serialize;
use tokio::sync::Semaphore;

use crate::error::Error;
use crate::model::EmailAddress;
use crate::settings::IdentitySettings;

/// Hashes computed at once: each takes 64 MB.
const AT_ONCE: usize = 4;

/// Shorter ones are guessed, longer ones are not typed.
const LENGTHS: std::ops::RangeInclusive<usize> = 12..=128;
/// From here on length alone is enough.
const LONG: usize = 16;
const CLASSES: usize = 3;

/// What is wrong with a password.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Weakness {
    TooShort,
    TooLong,
    /// Fewer than three of lower case, upper case, digits, others, and shorter than 16.
    TooSimple,
    /// It is, or is made of, what everybody uses.
    TooCommon,
    ContainsEmail,
}

/// # Errors
/// Everything that is wrong with it.
pub fn check(password: &Secret, email: &EmailAddress) -> Result<(), Vec<Weakness>> {
    let text = password.expose();
    let length = text.chars().count();
    let mut weaknesses = Vec::new();
    if length < *LENGTHS.start() {
        weaknesses.push(Weakness::TooShort);
    }
    if length > *LENGTHS.end() {
        // Nothing more is looked at: looking takes time that grows with the length.
        return Err(vec![Weakness::TooLong]);
    }
    let has = |class: fn(char) -> bool| usize::from(text.chars().any(class));
    let classes =
        has(char::is_lowercase) + has(char::is_uppercase) + has(|c| c.is_ascii_digit()) + has(|c| !c.is_alphanumeric());
    if classes < CLASSES && length < LONG {
        weaknesses.push(Weakness::TooSimple);
    }
    let local = email.local_part();
    if local.len() >= 3 && text.to_lowercase().contains(local) {
        weaknesses.push(Weakness::ContainsEmail);
    }
    // zxcvbn's dictionaries know what people choose; below 3 a password falls to some 10^8 guesses.
    if zxcvbn::zxcvbn(text, &[email.as_str(), "rampart"]).score() < zxcvbn::Score::Three {
        weaknesses.push(Weakness::TooCommon);
    }
    if weaknesses.is_empty() { Ok(()) } else { Err(weaknesses) }
}

/// Argon2id, on threads that may be busy, a few at a time. Clones are the same hasher.
#[derive(Clone)]
pub struct Hasher {
    argon2: Argon2<'static>,
    permits: Arc<Semaphore>,
    /// Of a password that nobody has: what is verified when there is no account, so that it takes as long.
    dummy: Arc<OnceLock<String>>,
}

impl Hasher {
    /// # Errors
    /// When the parameters are none of Argon2's.
    pub fn new(settings: &IdentitySettings) -> Result<Hasher, Error> {
        let params = Params::new(
            settings.argon2_memory_kib,
            settings.argon2_iterations,
            settings.argon2_parallelism,
            Some(Params::DEFAULT_OUTPUT_LEN),
        );
        let params = params.map_err(|error| Error::Unexpected(error.to_string().into()))?;
        Ok(Hasher {
            argon2: Argon2::new(Algorithm::Argon2id, Version::V0x13, params),
            permits: Arc::new(Semaphore::new(AT_ONCE)),
            dummy: Arc::default(),
        })
    }

    /// As it is stored, in PHC form.
    ///
    /// # Errors
    /// When it cannot be computed, which is not the password's fault.
    pub async fn hash(&self, origin: &Origin, password: Secret) -> Result<String, Error> {
        let mut salt = [0; 16];
        origin.fill(&mut salt);
        let argon2 = self.argon2.clone();
        self.run(move || {
            let hash: PasswordHash = argon2
                .hash_password_with_salt(password.expose().as_bytes(), &salt)
                .map_err(|error| Error::Unexpected(error.to_string().into()))?;
            Ok(hash.to_string())
        })
        .await?
    }

    /// Whether it is the password of that hash. Takes as long when there is no hash, and is then never right.
    ///
    /// # Errors
    /// As [`Hasher::hash`].
    pub async fn verify(&self, origin: &Origin, password: Secret, hash: Option<String>) -> Result<bool, Error> {
        let known = hash.is_some();
        let hash = match hash {
            Some(hash) => hash,
            None => match self.dummy.get() {
                Some(dummy) => dummy.clone(),
                None => {
                    let dummy = self.hash(origin, origin.new_token()).await?;
                    self.dummy.get_or_init(|| dummy).clone()
                }
            },
        };
        let argon2 = self.argon2.clone();
        let matches = self
            .run(move || {
                let hash = PasswordHash::new(&hash).map_err(|error| Error::Unexpected(error.to_string().into()))?;
                Ok::<_, Error>(argon2.verify_password(password.expose().as_bytes(), &hash).is_ok())
            })
            .await??;
        Ok(matches && known)
    }

    async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, Error> {
        let permit = self.permits.clone().acquire_owned().await.map_err(|error| Error::Unexpected(error.into()))?;
        let work = move || {
            let _permit = permit;
            work()
        };
        tokio::task::spawn_blocking(work).await.map_err(|error| Error::Unexpected(error.into()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weak_passwords_are_refused_with_their_reasons() {
        let email: EmailAddress = "ada@example.com".parse().unwrap();
        let check = |text: &str| check(&Secret::new(text), &email).err().unwrap_or_default();
        assert_eq!(check("otter-Lamp-42-rivet"), []);
        assert_eq!(check("quiet river under seven stones"), []);
        assert!(check("Ab1!").contains(&Weakness::TooShort));
        assert!(check("abcdefghijkl").contains(&Weakness::TooSimple));
        assert!(check("Password1234").contains(&Weakness::TooCommon));
        assert_eq!(check("otter-ADA-Lamp-42-rivet"), [Weakness::ContainsEmail]);
        assert_eq!(check(&"x".repeat(129)), [Weakness::TooLong]);
    }
}
