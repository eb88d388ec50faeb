//! Passkeys (WebAuthn): signing in without a password.
//!
//! A passkey proves possession and, as user verification is required, presence of its owner; so it is two factors in one and
//! asks for no code. Both ceremonies keep their state in the database, where it is used once and within minutes. A counter
//! that does not go up says that there is a copy of the key: refused. Failures do not count towards the lock of the account, which is
//! for what can be guessed.

mod model;
pub mod routes;
mod service;
mod store;

pub use model::RelyingParty;
pub use store::{CEREMONIES, MIGRATION};
