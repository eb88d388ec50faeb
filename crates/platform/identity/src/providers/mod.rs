//! Signing in through others: GitHub (OAuth 2.0 with PKCE) and Google (OpenID Connect).
//!
//! Who somebody is there is the issuer with their number or subject, nothing else. An e-mail address never leads to an account:
//! it may have had another owner. Linking begins with a request that pages of others cannot make, by somebody who has just shown
//! who they are, and ends in the same session.
//!
//! The state of a sign-in is a random value that must come back three ways: in the answer's address, in a cookie of the browser
//! that asked, and as a row that is used once. The PKCE verifier and the nonce are derived from it with a key, so that they are
//! nowhere to be read.

mod id_token;
pub mod model;
pub mod routes;
mod service;
mod settings;
mod store;
mod upstream;

pub use service::GithubAddresses;
pub use settings::ProviderSettings;
pub use store::{ACCESS_TOKEN, DEPARTURES, MIGRATION};
