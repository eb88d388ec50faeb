//! Repositories that are connected: seen, changed, disconnected.

pub mod routes;
pub mod service;
pub mod store;
