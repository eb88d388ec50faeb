//! Workspaces: the tenants, who has which part in them, and how one is invited.

pub mod model;
pub mod routes;
pub mod service;
pub mod store;
