//! Sockets over a real connection, with real clients.

mod hall;
mod io;
mod raw;
