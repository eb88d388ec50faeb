//! The second factor: six digits of an authenticator app, or one of ten codes on paper.
//!
//! A sign-in with a password ends in a challenge when there is a second factor; whoever answers it gets the session. The
//! challenge is a token of five minutes that dies with the password it was given for. Wrong codes count towards the lock of
//! the account as wrong passwords do, under the same lock of its row: guesses made at once are counted one after the other.

mod model;
pub mod routes;
mod service;
pub mod store;

pub use model::SignIn;
pub use store::{CHALLENGES, MIGRATION, SEED, drop_challenges};
