//! Findings as people and scans see them, over HTTP, on both databases.

mod figures;
mod scans;
mod triage;
mod views;
mod world;
