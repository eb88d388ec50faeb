//! What a workspace asks of those who enter it: from where, how recently signed in, with what password.

pub mod model;
pub mod routes;
pub mod service;
pub mod store;
