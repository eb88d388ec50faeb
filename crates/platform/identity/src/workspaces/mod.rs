//! Workspaces: the tenants, and who has which part in them.

pub mod audience;
pub mod events;
pub mod members;
pub mod model;
pub mod routes;
pub mod service;
pub mod store;
