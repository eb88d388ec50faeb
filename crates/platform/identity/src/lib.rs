//! Users, sessions and workspaces: who somebody is, and what part they have where.
//!
//! Owns registration by invitation, login, sessions and their tokens, workspaces and memberships. A session is one device's sign-in;
//! everything it hands out dies with it: the access token of programs, the cookie of browsers, and the chain of refresh tokens, each
//! of which is used once. An old one that comes back ends the session, as then somebody else has a copy.
//!
//! Never tells a password, a token or a code to a log, an event or a database row; rows hold hashes.

pub mod access;
mod authenticator;
mod epoch;
mod error;
mod events;
mod factor;
mod fields;
mod invitations;
mod jobs;
mod mailed;
mod model;
mod module;
mod password;
mod policies;
mod profile;
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
pub use factor::SEALED;
pub use invitations::model::InvitationId;
pub use model::{EmailAddress, User};
pub use module::{MIGRATIONS, module};
pub use service::{Ground, Identity};
pub use settings::IdentitySettings;
pub use workspaces::audience::{Members, Recipient};
pub use workspaces::service::MakeWorkspace;
