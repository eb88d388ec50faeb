//! Sockets: what happens, told as it happens to those who may know.
//!
//! Nothing is told unless a module says so: its [`Feed`] names each event that leaves and the permission that whoever hears it
//! must hold. The rooms are the server's: a socket hears the events of the workspace it was let into, as far as its role
//! allows; a subscription narrows that and never widens it. Who somebody is is asked of the [`Authenticator`] when they come, on
//! each subscription, after the events that a module has declared as doubts, and every minute in case such an event was missed.
//!
//! Three doors, one stream: `/ws` and `/ws/notifications` speak JSON in text frames, `/socket.io/` speaks Socket.IO over polling or
//! WebSocket. Whoever reads too slowly is cut; after coming back it asks for what it missed by the id of the last event it had.
//!
//! Knows no module and owns no table; the past is read from the store's outbox.
//!
//! [`Authenticator`]: rampart_web::Authenticator
//!
//! ```
//! use rampart_access::ReadWorkspace;
//! use rampart_realtime::Feed;
//! use rampart_store::Event;
//!
//! #[derive(serde::Serialize)]
//! struct ScanCompleted {}
//! impl Event for ScanCompleted {
//!     const NAME: &'static str = "scan.completed";
//! }
//!
//! // Told as `scan:completed` to whoever may read the workspace in which it happened.
//! let feed = Feed::new().to_workspace::<ScanCompleted, ReadWorkspace>();
//! ```

mod door;
mod feed;
mod hub;
mod io;
mod past;
mod raw;
mod realtime;
mod session;
mod told;
mod words;

pub use feed::Feed;
pub use realtime::{Pace, Parts, Realtime, RealtimeSettings};
