//! `rampart rules`: for those who write rules.

pub mod check;
mod fixture;
pub mod show;
pub mod test;
