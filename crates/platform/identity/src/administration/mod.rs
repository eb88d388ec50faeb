//! Users and workspaces, as who administers the installation sees them.

pub mod routes;
pub mod service;
pub mod store;
pub mod workspaces;
