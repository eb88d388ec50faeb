//! Sessions: one device's sign-in, what it hands out, and how it ends.
//!
//! Everything a session hands out dies with it: the access token of programs, the cookie of browsers, and the chain of refresh
//! tokens, each of which is used once. An old one that comes back ends the session, as then somebody else has a copy.

mod device;
pub mod model;
pub mod routes;
mod service;
pub mod store;

pub use store::MIGRATION;
