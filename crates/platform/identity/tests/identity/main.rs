//! The module over HTTP, as its callers see it, on both databases.

mod invitations;
mod office;
mod policies;
mod sign_in;
mod tokens;
mod workspaces;
