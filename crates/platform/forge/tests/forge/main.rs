//! The module from outside.

mod pulls;
mod repositories;
mod world;
