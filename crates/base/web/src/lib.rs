//! HTTP: the one way to mount a route, and what every request and answer goes through.
//!
//! A [`Route`] names its method, path, rule, limits and documentation in one place; [`App`] mounts routes and nothing else, under
//! every prefix, and writes the OpenAPI document from the same list. So there is no route without a rule, and none that the
//! document does not know.
//!
//! In order, a request meets: request id, allowed origins and security headers; the limit of its address; who is asking
//! ([`Authenticator`]); the route's rule; the protection of cookies against forgery; the limit of its user; its body; the handler.
//! Whatever goes wrong is answered as `{ "error", "code" }` ([`ApiError`]) and never with an inside.
//!
//! Knows no module and no table.

mod app;
mod attachment;
mod done;
mod error;
mod extract;
mod guard;
mod limit;
mod openapi;
mod outer;
mod page;
mod route;
mod serve;
mod settings;
mod system;

pub use app::{App, Kit};
pub use attachment::Attachment;
pub use done::Done;
pub use error::{ApiError, Problem};
pub use extract::{Beside, Body, Caller, Id, Ids, Listing, Params, read_body};
pub use guard::{Authenticator, CSRF_COOKIE, CSRF_HEADER, Cookies, Credentials, SESSION_COOKIE};
pub use limit::{Class, Key, LimitSettings, Limiter, Standing};
pub use outer::Request;
pub use page::{Page, Paged};
pub use route::Route;
pub use serve::serve;
pub use settings::{BaseUrl, Network, WebSettings};
