//! What administrators change of the installation while it runs: who may register, whether changes are taken, how long things are
//! kept. Read anew with each use, so that a change is in force at once on every node.

pub mod model;
pub mod routes;
pub mod service;
pub mod store;

pub use model::{Days, Retention};
pub use store::TABLES;
