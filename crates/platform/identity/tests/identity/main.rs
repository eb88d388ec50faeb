//! The module over HTTP, as its callers see it, on both databases.

mod administration;
mod attacks;
mod canaries;
mod factor;
mod installation;
mod invitations;
mod mailed;
mod office;
mod passkeys;
mod policies;
mod profile;
mod provider_double;
mod providers;
mod sign_in;
mod soft_key;
mod tokens;
mod workspaces;
