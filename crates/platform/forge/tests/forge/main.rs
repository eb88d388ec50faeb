//! The module from outside.

mod github;
mod pulls;
mod repositories;
mod webhooks;
mod world;
