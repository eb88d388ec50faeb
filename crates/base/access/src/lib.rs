//! Who may do what, and the record of who did what.
//!
//! A permission is a type; holding a [`Granted`] of it is the proof that the caller may, and for which workspace. Only
//! [`Ctx::require`] makes one. Every function that touches rows of a workspace takes a proof and filters by its workspace, so that
//! a check cannot be forgotten.
//!
//! Owns the audit record: a chain of rows, each with a keyed hash over itself and its predecessor. Knows no module: they declare
//! their own permissions with [`permissions!`].
//!
//! ```
//! use rampart_access::{Actor, Client, Ctx, Error, Granted, permissions};
//! use rampart_kernel::Origin;
//!
//! permissions! {
//!     /// Dismiss a finding, and take that back.
//!     TriageFindings = "findings.triage": Member, Write;
//! }
//!
//! let ctx = Ctx::new(Origin::of_system("example"), Actor::Anonymous, Client::default());
//! let granted: Result<Granted<TriageFindings>, Error> = ctx.require();
//! assert_eq!(granted.unwrap_err(), Error::Unauthenticated);
//! ```

pub mod audit;
mod ctx;
mod permission;
mod role;

pub use ctx::{Actor, Client, Ctx, Membership, SessionId, SignedIn, TokenId};
pub use permission::{Error, Granted, Permission, Permissions, PlatformAdmin, ReadWorkspace, Rule};
pub use role::{PlatformRole, Scope, WorkspaceRole};
