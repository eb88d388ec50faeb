//! GitLab's REST API, version 4, as far as it is needed: <https://docs.gitlab.com/api/rest/>.
//!
//! It is asked with an access token, of a project, a group or a person: one that a repository was connected with, or the one that this
//! installation has. GitLab may lie anywhere, also below a path.

mod account;
mod client;
mod differences;
mod feedback;
mod guards;
mod hooks;
mod pulls;
mod settings;

pub use client::{Client, Gitlab, Project, path_of};
pub use pulls::MergeRequest;
pub use settings::GitlabSettings;
