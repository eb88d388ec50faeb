//! Findings: what is wrong where, since when, and what was decided about it.
//!
//! A scan brings findings; [`identity`] says which of them are known already, [`scores`] what they amount to. Writing them down has
//! two steps: [`Findings::plan`] reads and compares, [`Findings::record`] writes, in the transaction of the module above, and refuses
//! when somebody has decided about a finding meanwhile. What people decide stays with a finding through all scans.
//!
//! Owns findings, where scans saw them, what was decided about them, the figures made of them, and the activity feed. Knows nothing of
//! how a scan runs: it takes its report.

mod access;
mod activity;
mod between;
mod content;
mod dashboard;
mod described;
mod error;
mod events;
mod export;
pub mod identity;
mod imports;
mod ingest;
mod jobs;
mod model;
mod module;
mod routes;
pub mod scores;
mod service;
mod store;
mod views;

pub use access::{ImportFindings, KeepViews, ReadFindings, TriageFindings};
pub use between::{Between, between};
pub use content::Detail;
pub use described::{Described, DescribedRepository, DescribedScan};
pub use error::Error;
pub use events::{FindingsImported, VulnerabilitiesFound, VulnerabilityFound, VulnerabilityStatusChanged};
pub use imports::ImportedScan;
pub use ingest::{Comparison, Ingest, Ingested, MOST_FINDINGS, Plan, Scope};
pub use model::{Decision, FixedBy, ScanId, Severity, Status, StatusChange, VulnerabilityId, VulnerabilitySummary};
pub use module::{MIGRATIONS, Module, module, subscriptions};
pub use routes::VulnerabilityDetail;
pub use service::{Decided, Findings, History};
pub use store::look::{Filter, Order, Whole};
pub use views::{NewView, SavedView, ViewId};
