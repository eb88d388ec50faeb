//! Running an installation: who did what in it, what waits to be done, what failed.
//!
//! Owns the routes of the audit record, of jobs, dead letters, queues and schedules; the tables are those of the ground, which
//! offers what is done with them. Users, invitations and workspaces are administered by the module that owns them.

pub mod access;
mod audit;
mod error;
mod jobs;
mod module;
mod system;

pub use error::Error;
pub use module::{Operations, module};
