//! What tests are made with: a database of each kind, a Redis, a clock that stands still, a client of an application in this
//! process, a mail server that keeps what it gets, a GitHub, a GitLab, and people of every kind.
//! Never part of the program.

mod client;
mod clock;
mod git;
mod github;
mod gitlab;
mod people;
mod postgres;
mod redis;
mod remote_git;
mod smtp;
mod store;

pub use client::{Answer, Client};
pub use clock::StillClock;
pub use git::TestRepository;
pub use github::{TestGithub, pull_request};
pub use gitlab::{TestGitlab, TestMergeRequest};
pub use people::{People, QUICK, Tenant};
pub use redis::TestRedis;
pub use remote_git::TestRemote;
pub use smtp::{Received, SmtpOptions, SmtpSink};
pub use store::{Frozen, TestStore, on_both};
