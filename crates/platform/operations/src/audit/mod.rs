//! Who did what: looked into, taken along, verified.

mod export;
mod routes;
mod service;

pub use routes::routes;
