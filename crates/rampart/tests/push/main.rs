//! From push to finding with the real program.

mod commits;
mod replay;
mod server;
