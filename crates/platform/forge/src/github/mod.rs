//! GitHub's REST API, as far as it is needed: <https://docs.github.com/en/rest>, version 2022-11-28.
//!
//! One client asks for all: with a person's token or as an installation of the GitHub App. It keeps what GitHub said of its limits and
//! asks nothing before they are over, asks again only for what has changed, and reads no answer without an end.

mod account;
mod app;
mod calls;
mod client;
mod error;
mod feedback;
mod settings;

pub use account::{Installation, RemoteRepository, path_of, segment};
pub use app::App;
pub use calls::{HookDelivery, Protection};
pub use client::{Client, Credential, Github};
pub use error::Error;
pub use feedback::{
    Annotation, AnnotationLevel, CheckRun, CheckState, Conclusion, ForgeComment, InlineComment, ReviewComment,
    SeenCheckRun, StatusState,
};
pub use settings::GithubSettings;
