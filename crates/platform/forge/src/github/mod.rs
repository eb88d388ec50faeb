//! GitHub's REST API, as far as it is needed: <https://docs.github.com/en/rest>, version 2022-11-28.
//!
//! It is asked with a person's token or as an installation of the GitHub App.

mod account;
mod app;
mod client;
mod feedback;
mod guards;
mod hooks;
mod pulls;
mod settings;

pub use client::{Client, Github, Lot, path_of};
pub use pulls::{Login, Pull};
pub use settings::GithubSettings;
