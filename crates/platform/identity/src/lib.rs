//! Users, sessions and workspaces: who somebody is, and what part they have where.
//!
//! Owns accounts, every way to sign in to one, sessions and their tokens, workspaces, memberships and policies. Each part is a folder
//! with its own model, store, service and routes: `sign_in` and `factor` (password, then code), `passkeys`, `providers` (GitHub,
//! Google), `sessions`, `mailed` (tokens in mails), `profile`, `entrance` (which ways in there are); `workspaces`, `invitations`, `policies`, `tokens` (of the API).
//! Whatever the way in, it ends in `Identity::begin_session`, under the lock of the user's row.
//!
//! Never tells a password, a token or a code to a log, an event or a database row; rows hold hashes.

pub mod access;
mod administration;
mod authenticator;
mod entrance;
mod epoch;
mod error;
mod events;
mod factor;
mod fields;
mod installation;
mod invitations;
mod jobs;
mod mailed;
mod model;
mod module;
mod passkeys;
mod password;
mod policies;
mod profile;
mod providers;
mod routes;
mod service;
mod sessions;
mod settings;
mod sign_in;
mod store;
mod token;
mod tokens;
mod workspaces;

pub use error::Error;
pub use installation::{Days, Retention};
pub use invitations::model::InvitationId;
pub use model::{EmailAddress, User};
pub use module::{MIGRATIONS, SEALED, module};
pub use providers::{GithubAddresses, ProviderSettings};
pub use service::{Ground, Identity};
pub use settings::IdentitySettings;
pub use workspaces::audience::{Members, Recipient};
pub use workspaces::service::MakeWorkspace;
