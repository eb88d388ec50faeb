//! Backups of the embedded database, made by the server itself and kept among the objects.

pub mod archive;
pub mod jobs;
pub mod model;
pub mod routes;
pub mod service;
pub mod store;
