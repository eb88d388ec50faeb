//! Running an installation: who did what in it, what waits to be done, what failed, what is kept of it, and whether it is well.
//!
//! Owns backups and alerts, and the routes of the audit record, of jobs, dead letters, queues and schedules; the tables of the latter
//! are those of the ground, which offers what is done with them. Users, invitations and workspaces are administered by the module that
//! owns them.

pub mod access;
mod alerts;
mod audit;
mod backups;
mod config;
mod error;
mod jobs;
mod module;
mod settings;
mod system;

pub use alerts::model::{AlertRule, Bad, Measured};
pub use alerts::service::SystemAlert;
pub use backups::archive;
pub use error::Error;
pub use module::{Ground, MIGRATIONS, Module, Operations, module};
pub use settings::OperationsSettings;
