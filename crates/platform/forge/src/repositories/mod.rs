//! Repositories that are connected: seen, changed, disconnected.

pub mod at_forge;
pub mod connect;
pub mod forge_routes;
pub mod heads;
pub mod recovery;
pub mod routes;
pub mod service;
pub mod store;
