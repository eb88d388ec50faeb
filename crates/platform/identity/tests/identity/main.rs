//! The module over HTTP, as its callers see it, on both databases.

mod factor;
mod office;
mod sign_in;
