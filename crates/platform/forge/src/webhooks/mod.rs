//! What forges tell: signed deliveries, each taken once, noted in one transaction with what it says.

pub mod model;
pub mod payload;
pub mod routes;
pub mod service;
pub mod signature;
pub mod store;
