//! API tokens: what programs show on behalf of a person, in one workspace, and for what it was made.

pub mod model;
pub mod routes;
pub mod service;
pub mod store;

/// How every API token begins, so that it is known when it turns up where it should not.
pub const PREFIX: &str = "rmp_";
