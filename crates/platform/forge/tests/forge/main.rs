//! The module from outside.

mod github;
mod gitlab;
mod pulls;
mod repositories;
mod webhooks;
mod world;
