//! Pull requests with the real program and doubles of GitHub and GitLab.

mod changes;
mod durable;
mod faults;
mod gitlab;
mod latency;
mod stage;
