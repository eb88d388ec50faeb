//! Commits of watched branches, and how far each has come.

pub mod diff;
pub mod model;
pub mod routes;
pub mod service;
pub mod store;
