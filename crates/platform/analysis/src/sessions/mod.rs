//! The same scans in the words of analysis sessions: one record, two views of it, and the files that it left.

mod model;
mod routes;
mod service;
mod store;

pub use routes::routes;
