//! The module over HTTP, as its callers see it, on both databases.

mod factor;
mod invitations;
mod mailed;
mod office;
mod policies;
mod profile;
mod sign_in;
mod tokens;
mod workspaces;
