//! Forges over HTTP, in one set of terms: what is asked and told of a repository, whichever forge it lies at.
//!
//! [`ForgeClient`] is one repository at its forge and who asks there; `Desk` is a forge and who asks there, for what is of no one
//! repository. GitHub (`github`) and GitLab (`gitlab`) stand behind both, on one `transport`.

mod client;
mod error;
mod terms;
pub(crate) mod transport;

pub(crate) use client::Desk;
pub use client::ForgeClient;
pub use error::Error;
pub(crate) use terms::Credential;
pub use terms::{
    Account, Annotation, AnnotationLevel, CHECK, Change, Check, Conclusion, ForgeComment, HookDelivery, InlineComment,
    RemotePull, RemoteRepository,
};
