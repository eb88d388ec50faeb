//! The module from outside.

mod diff;
mod github;
mod gitlab;
mod groups;
mod pulls;
mod repositories;
mod webhooks;
mod world;
