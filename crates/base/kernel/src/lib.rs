//! What every part of the platform stands on: ids, time and chance, secrets, sealed columns, configuration.
//!
//! Owns the two ports to the outside that make a run repeatable, [`Clock`] and [`Chance`], and is the sole reader of the
//! environment. Knows no database, no network and no module.
//!
//! ```
//! use rampart_kernel::{Origin, UserId};
//!
//! let origin = Origin::of_system("example");
//! let (first, second): (UserId, UserId) = (origin.new_id(), origin.new_id());
//! assert_ne!(first, second);
//! ```

mod chance;
pub mod config;
mod files;
mod id;
mod keys;
mod origin;
mod seal;
mod secret;
mod stream;
mod time;
mod value;

pub use chance::{Chance, SystemChance};
pub use files::{FileError, free_space, make_private_folder, read_or_create_private, write_private};
pub use id::{BadId, Id, UserId, WorkspaceId};
pub use keys::{DerivedKey, KeyError, Keys, MasterKey, Purpose};
pub use origin::{Origin, RequestId};
pub use seal::{Cell, SealError, Sealed, SealedColumn};
pub use secret::Secret;
pub use stream::{SealedReader, SealedWriter};
pub use time::{BadTimestamp, Clock, SystemClock, Timestamp};
pub use value::{FromValue, Value};

/// The target of spans (`tracing`): what is measured and passed on where somebody traces, and stands in no log line.
pub const SPANS: &str = "trace";

/// The target of log lines in which nothing is masked: mail where no mail server is configured, whose links somebody asked to see.
pub const VERBATIM: &str = "rampart_verbatim";

// What the macro `id!` writes needs these wherever it is used.
#[doc(hidden)]
pub use {serde, uuid};
