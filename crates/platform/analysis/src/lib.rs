//! Scans: what is looked at when, by a process of its own, and what came of it.
//!
//! A scan is begun by a person, a push, a schedule or the connecting of a repository; always as a row and a job in the transaction of
//! what caused it. Its job fetches the commit into the mirror, writes its files out, has a process scan them, and saves what came
//! of it in one transaction: findings, scan, commit, repository, events. A scan that is cut off runs again from its beginning.
//!
//! Owns scans, their parts and what they leave. Never parses source code in its own process, and never runs anything that a repository
//! holds.

mod access;
mod diff;
mod documents;
mod error;
mod events;
mod jobs;
mod look;
mod model;
mod module;
mod outcome;
mod pulls;
mod routes;
mod run;
mod scanner;
mod service;
mod sessions;
mod settings;
mod store;

pub use access::{ReadScans, RunScans};
pub use error::Error;
pub use events::{
    CacheHit, ChangeAnalysis, ScanCancelled, ScanCompleted, ScanFailed, ScanProgress, ScanQueued, ScanStarted, Stage,
};
pub use model::{Mode, Scan, ScanId, Status, Trigger};
pub use module::{MIGRATIONS, Module, module, subscriptions};
pub use pulls::Sides;
pub use scanner::Scanner;
pub use service::{Analysis, Form, Ground, Request};
pub use settings::AnalysisSettings;
