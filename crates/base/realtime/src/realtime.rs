//! The parts, put together.

use std::sync::Arc;
use std::time::Duration;

use axum::http::Method;
use rampart_access::Rule;
use rampart_events::Bus;
use rampart_store::Store;
use rampart_web::{Authenticator, Limiter, Route, WebSettings};
use tokio_util::sync::CancellationToken;

use crate::door::Door;
use crate::feed::Feed;
use crate::hub::Hub;
use crate::io::{self, Io};
use crate::raw;

rampart_kernel::settings! {
    /// Sockets.
    pub struct RealtimeSettings {
        /// Sockets that one address may hold at the same time; an office behind one address has one or two per person.
        per_address: u32 = "500" from "SOCKETS_PER_ADDRESS",
    }
}

/// How often things are done; tests are quicker.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    /// From opening to showing who one is.
    pub introduction: Duration,
    /// Between two pings.
    pub ping: Duration,
    /// Without a word, a dead peer.
    pub silence: Duration,
    /// Between two looks at who somebody is, when no event asks for one.
    pub check: Duration,
    /// A peer that takes nothing for this long is cut. Shorter than the five seconds within which whoever is shut out must be gone.
    pub write: Duration,
}

impl Default for Pace {
    fn default() -> Pace {
        Pace {
            introduction: Duration::from_secs(10),
            ping: Duration::from_secs(25),
            silence: Duration::from_secs(60),
            check: Duration::from_secs(60),
            write: Duration::from_secs(4),
        }
    }
}

/// What sockets are made of.
pub struct Parts {
    pub settings: RealtimeSettings,
    pub web: WebSettings,
    pub pace: Pace,
    pub store: Store,
    pub bus: Bus,
    pub authenticator: Arc<dyn Authenticator>,
    pub limiter: Limiter,
    pub feed: Feed,
    /// When cancelled, sockets are told that the process goes away.
    pub stop: CancellationToken,
}

pub(crate) struct Inner {
    pub pace: Pace,
    pub store: Store,
    pub feed: Feed,
    pub door: Door,
    pub hub: Arc<Hub>,
    pub stop: CancellationToken,
}

/// Sockets. Clones are the same.
#[derive(Clone)]
pub struct Realtime {
    inner: Arc<Inner>,
    io: Io,
}

/// A close frame takes one way there and one back.
const FAREWELL: Duration = Duration::from_secs(3);

const REASON: &str = "a socket says itself who it is of, in its first frame if need be";

impl Realtime {
    /// Begins to listen to the bus, until stopped.
    pub fn start(parts: Parts) -> Realtime {
        let door = Door {
            settings: parts.web,
            authenticator: parts.authenticator,
            limiter: parts.limiter,
            most_per_address: parts.settings.per_address,
            inside: Arc::default(),
        };
        let inner = Arc::new(Inner {
            pace: parts.pace,
            store: parts.store,
            feed: parts.feed,
            door,
            hub: Arc::default(),
            stop: parts.stop,
        });
        // Before anybody comes in, so that nobody misses what happens right after.
        let listener = parts.bus.listen();
        let own = inner.clone();
        tokio::spawn(async move { own.hub.run(listener, &own.feed, own.stop.clone()).await });
        let io = Io::new(&inner);
        Realtime { inner, io }
    }

    /// Returns after the stop, when all sockets have been told so, or would not listen.
    pub async fn ended(self) {
        self.inner.stop.cancelled().await;
        let _ = tokio::time::timeout(FAREWELL, self.inner.door.inside.empty()).await;
    }

    pub fn routes(&self) -> Vec<Route> {
        let rule = Rule::Public(REASON);
        let mut routes = vec![
            Route::new(Method::GET, "/ws", rule, &self.inner, raw::events),
            Route::new(Method::GET, "/ws/notifications", rule, &self.inner, raw::notifications),
        ];
        // Clients that poll send what they say with POST. Some leave out the slash.
        for path in ["/socket.io/", "/socket.io"] {
            for method in [Method::GET, Method::POST] {
                routes.push(Route::new(method, path, rule, &self.io, io::serve));
            }
        }
        routes.into_iter().map(Route::as_own_door).collect()
    }
}
