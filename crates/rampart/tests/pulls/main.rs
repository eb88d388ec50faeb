//! Pull requests with the real program and a double of GitHub.

mod changes;
mod faults;
mod latency;
mod stage;
