//! Files and rules that are made to stop a scan: each costs at most itself, in bounded time and memory and with a reason.

mod code;
mod files;
mod flow;
mod folder;
