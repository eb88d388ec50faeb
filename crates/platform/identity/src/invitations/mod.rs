//! Invitations: onto the installation, for who has no account, and into workspaces, for who has one too.

pub mod model;
pub mod routes;
pub mod service;
pub mod store;
