//! Installations of the GitHub App: which workspace may use which.

pub mod store;
