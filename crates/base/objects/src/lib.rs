//! Objects: files of the platform (reports, uploads, backups) in a folder or in a bucket of S3.
//!
//! A name is a validated type: no part of it leaves the store's folder. What is put appears whole or not at all, and survives a
//! power cut; its size and SHA-256 are given back, to be kept beside its name.
//!
//! Knows nothing of who may read what: names of a workspace begin with it ([`ObjectName::of`]), and modules ask before they name.
//!
//! ```
//! use rampart_objects::{ObjectName, Objects};
//!
//! # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
//! let folder = tempfile::tempdir().unwrap();
//! let objects = Objects::in_folder(folder.path())?;
//! let name: ObjectName = "reports/2026/one.json".parse().unwrap();
//! let stored = objects.put_bytes(&name, "{}".into()).await?;
//! assert_eq!(stored.size_bytes, 2);
//! assert_eq!(objects.get(&name, None).await?.bytes(1_000).await?, "{}");
//! # Ok::<(), rampart_objects::Error>(())
//! # }).unwrap();
//! ```

mod error;
mod name;
mod objects;
mod settings;

pub use error::{Error, Result};
pub use name::{BadName, ObjectName, ObjectPrefix};
pub use objects::{Entry, Object, Objects, Stored};
pub use settings::{Kind, ObjectSettings};
