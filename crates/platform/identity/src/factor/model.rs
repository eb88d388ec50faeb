//! Codes as values: the seed they come from, and which of them count.

use std::time::Duration;

use qrcode::QrCode;
use qrcode::render::svg;
use rampart_kernel::{DerivedKey, Origin, Secret, Timestamp, UserId};
use totp_rs::{Algorithm, Builder, Totp};

use crate::error::Error;
use crate::sessions::model::Signed;

rampart_kernel::id! {
    /// A sign-in that waits for its second factor.
    ChallengeId,
}

/// What a sign-in comes to.
#[derive(Debug)]
pub enum SignIn {
    Complete(Box<Signed>),
    /// The password was right; now the code.
    Challenged(Challenge),
}

/// The right to show a code.
#[derive(Debug)]
pub struct Challenge {
    pub token: Secret,
}

/// What an authenticator app is set up with; told once.
pub struct Enrolment {
    /// In base32, to be typed.
    pub seed: Secret,
    pub url: Secret,
    /// The URL as a picture, SVG.
    pub picture: Secret,
}

/// From the password to the code.
pub const CHALLENGE_LIFETIME: Duration = Duration::from_secs(5 * 60);

/// RFC 4226 §4 recommends 160 bits.
const SEED_BYTES: usize = 20;
const DIGITS: u8 = 6;
const STEP_S: u64 = 30;
/// Clocks of phones and people's fingers: one step before and after.
const SKEW: u16 = 1;

/// What the codes of one account come from (RFC 6238; SHA-1 and six digits, as all apps know them).
pub struct Seed(Secret);

impl Seed {
    pub fn new(origin: &Origin) -> Seed {
        let mut bytes = [0; SEED_BYTES];
        origin.fill(&mut bytes);
        Seed(Secret::new(totp_rs::Secret::from(bytes.to_vec()).to_base32()))
    }

    /// As it was read from its column.
    pub fn from_text(text: Secret) -> Seed {
        Seed(text)
    }

    pub fn text(&self) -> &Secret {
        &self.0
    }

    /// The step that a code belongs to, in 30 seconds since 1970; nothing when it is of none that is accepted now.
    ///
    /// # Errors
    /// When the seed is none.
    pub fn step(&self, code: &Secret, now: Timestamp) -> Result<Option<i64>, Error> {
        let seconds = u64::try_from(now.as_millis() / 1_000).unwrap_or(0);
        let step = self.totp("")?.check(code.expose(), seconds);
        Ok(step.map(|step| i64::try_from(step).unwrap_or(i64::MAX)))
    }

    /// # Errors
    /// When it cannot be drawn.
    pub fn enrolment(&self, account: &str) -> Result<Enrolment, Error> {
        let url = self.totp(account)?.to_url().map_err(unexpected)?;
        let code = QrCode::new(url.as_bytes()).map_err(unexpected)?;
        let picture = code.render::<svg::Color<'_>>().min_dimensions(240, 240).build();
        Ok(Enrolment { seed: self.0.clone(), url: Secret::new(url), picture: Secret::new(picture) })
    }

    fn totp(&self, account: &str) -> Result<Totp, Error> {
        let seed = totp_rs::Secret::try_from_base32(self.0.expose()).map_err(unexpected)?;
        Builder::new()
            .with_algorithm(Algorithm::SHA1)
            .with_digits(DIGITS)
            .with_skew(SKEW)
            .with_step_duration(STEP_S)
            .with_secret(seed)
            .with_account_name(account)
            .with_issuer(Some("Rampart"))
            .build()
            .map_err(unexpected)
    }
}

fn unexpected(error: impl ToString) -> Error {
    Error::Unexpected(error.to_string().into())
}

/// How many codes are told at once.
pub const BACKUP_CODES: usize = 10;
const BACKUP_CODE_LENGTH: usize = 10;
/// Of 32 characters, so that each is five random bits; without those that are mistaken for others.
const BACKUP_ALPHABET: &[u8; 32] = b"abcdefghjkmnpqrstuvwxyz023456789";

/// A code to be kept on paper: 50 random bits.
pub fn new_backup_code(origin: &Origin) -> Secret {
    let mut bytes = [0; BACKUP_CODE_LENGTH];
    origin.fill(&mut bytes);
    Secret::new(bytes.iter().map(|byte| char::from(BACKUP_ALPHABET[usize::from(byte & 31)])).collect::<String>())
}

/// What of a code is kept. The same code of two accounts looks different; capitals, blanks and hyphens do not matter.
pub fn hash_backup_code(key: &DerivedKey, user: UserId, code: &Secret) -> String {
    let plain: String = code.expose().chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    key.hash_token(&Secret::new(format!("backup code/{user}/{plain}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 6238, appendix B, SHA-1, cut to six digits.
    #[test]
    fn codes_are_those_of_the_standard() {
        let seed = Seed(Secret::new(totp_rs::Secret::from(b"12345678901234567890".to_vec()).to_base32()));
        for (seconds, code) in
            [(1_111_111_109, "081804"), (1_111_111_111, "050471"), (1_234_567_890, "005924"), (2_000_000_000, "279037")]
        {
            let at = |offset: i64| Timestamp::from_millis((seconds + offset) * 1_000);
            let step = |offset| seed.step(&Secret::new(code), at(offset)).unwrap();
            let own = Some(seconds / 30);
            assert_eq!((step(0), step(-30), step(30)), (own, own, own), "one step before and after");
            assert_eq!((step(-60), step(60)), (None, None));
        }
        assert_eq!(seed.step(&Secret::new("287082"), Timestamp::from_millis(59_000)).unwrap(), Some(1));
        for bad in ["", "28708", "2870821", "+87082", " 287082", "２８７０８２", "abcdef"] {
            assert_eq!(seed.step(&Secret::new(bad), Timestamp::from_millis(59_000)).unwrap(), None, "{bad}");
        }
    }

    #[test]
    fn an_app_is_told_what_it_needs() {
        let seed = Seed::new(&Origin::of_system("test"));
        let enrolment = seed.enrolment("ada@example.com").unwrap();
        let url = format!("otpauth://totp/Rampart:ada%40example.com?secret={}&issuer=Rampart", seed.text().expose());
        assert_eq!(enrolment.url.expose(), url);
        assert!(enrolment.picture.expose().contains("<svg"));
    }

    #[test]
    fn backup_codes_differ_and_may_be_typed_loosely() {
        let origin = Origin::of_system("test");
        let key =
            rampart_kernel::MasterKey::generate(&rampart_kernel::SystemChance).derive(rampart_kernel::Purpose::Tokens);
        let (code, user, other) = (new_backup_code(&origin), origin.new_id(), origin.new_id());
        assert_eq!(code.expose().len(), 10);
        assert_ne!(code.expose(), new_backup_code(&origin).expose());
        let typed = Secret::new(format!(" {}-{} ", &code.expose()[..5].to_uppercase(), &code.expose()[5..]));
        assert_eq!(hash_backup_code(&key, user, &code), hash_backup_code(&key, user, &typed));
        assert_ne!(hash_backup_code(&key, user, &code), hash_backup_code(&key, other, &code));
    }
}
