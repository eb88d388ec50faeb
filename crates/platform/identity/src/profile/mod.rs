//! One's own account: what it says, its password and its address, and its end.

pub mod routes;
mod service;
mod store;

pub use store::MIGRATION;
