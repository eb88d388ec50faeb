//! The module over HTTP and by its events, on both databases.

mod channels;
mod office;
mod people;
mod push;
