//! How often somebody may ask.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::http::StatusCode;
use rampart_kernel::config::Rate;
use rampart_kernel::{Timestamp, UserId};
use rampart_redis::Redis;

use crate::error::ApiError;

rampart_kernel::settings! {
    /// How often somebody may ask; `<count>/<time>` or `unlimited`.
    pub struct LimitSettings {
        /// Public endpoints, per address.
        public: Rate = "100/15m" from "RATE_LIMIT_PUBLIC",
        /// Endpoints behind a sign-in, per user.
        user: Rate = "1000/1h" from "RATE_LIMIT_USER",
        /// Endpoints that take credentials, per address.
        auth: Rate = "10/1m" from "RATE_LIMIT_AUTH",
        /// Failed logins, per address.
        login: Rate = "5/15m" from "RATE_LIMIT_LOGIN",
        /// Registrations, per address.
        register: Rate = "10/1h" from "RATE_LIMIT_REGISTER",
        /// Sockets that are opened, per address.
        sockets: Rate = "60/1m" from "RATE_LIMIT_WSCONN",
        /// Codes of a second factor, per user.
        two_factor: Rate = "5/5m" from "RATE_LIMIT_TWOFA",
        /// New workspaces, per user.
        workspace_create: Rate = "5/1h" from "RATE_LIMIT_WS_CREATE",
        /// Changes of a workspace, its members and policies, per user.
        workspace_update: Rate = "30/1h" from "RATE_LIMIT_WS_UPDATE",
        /// Invitations into workspaces, per user.
        workspace_invite: Rate = "20/1h" from "RATE_LIMIT_WS_INVITE",
        /// Exports, per user.
        export: Rate = "10/1h" from "RATE_LIMIT_EXPORT",
        /// Webhooks with a wrong signature, per address.
        hook: Rate = "30/1m" from "RATE_LIMIT_HOOK",
    }
}

/// What is counted together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Class {
    Public,
    User,
    Auth,
    /// Attempts that succeed are given back.
    Login,
    Register,
    /// Sockets that are opened.
    Sockets,
    /// Attempts that succeed are given back.
    TwoFactor,
    WorkspaceCreate,
    WorkspaceUpdate,
    WorkspaceInvite,
    Export,
    /// What others tell us, signed. Only what was not signed rightly counts.
    Hook,
}

impl Class {
    pub fn name(self) -> &'static str {
        match self {
            Class::Public => "PUBLIC",
            Class::User => "USER",
            Class::Auth => "AUTH",
            Class::Login => "LOGIN",
            Class::Register => "REGISTER",
            Class::Sockets => "WSCONN",
            Class::TwoFactor => "TWOFA",
            Class::WorkspaceCreate => "WS_CREATE",
            Class::WorkspaceUpdate => "WS_UPDATE",
            Class::WorkspaceInvite => "WS_INVITE",
            Class::Export => "EXPORT",
            Class::Hook => "HOOK",
        }
    }

    /// Whether only attempts that fail count.
    pub fn gives_back(self) -> bool {
        matches!(self, Class::Login | Class::TwoFactor)
    }

    /// Whether only requests that are answered 401 count, when they are: others are let in however many they are.
    pub fn counts_refusals(self) -> bool {
        self == Class::Hook
    }

    /// Who is counted: users where there is one, addresses otherwise.
    pub fn is_of_user(self) -> bool {
        match self {
            Class::User
            | Class::TwoFactor
            | Class::WorkspaceCreate
            | Class::WorkspaceUpdate
            | Class::WorkspaceInvite
            | Class::Export => true,
            Class::Public | Class::Auth | Class::Login | Class::Register | Class::Sockets | Class::Hook => false,
        }
    }
}

impl LimitSettings {
    fn rate(&self, class: Class) -> Rate {
        match class {
            Class::Public => self.public,
            Class::User => self.user,
            Class::Auth => self.auth,
            Class::Login => self.login,
            Class::Register => self.register,
            Class::Sockets => self.sockets,
            Class::TwoFactor => self.two_factor,
            Class::WorkspaceCreate => self.workspace_create,
            Class::WorkspaceUpdate => self.workspace_update,
            Class::WorkspaceInvite => self.workspace_invite,
            Class::Export => self.export,
            Class::Hook => self.hook,
        }
    }
}

/// Whose requests are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Key {
    Address(IpAddr),
    User(UserId),
}

impl Key {
    /// IPv6 by /64, which one customer has as others have one address.
    pub fn of_address(ip: IpAddr) -> Key {
        Key::Address(match ip.to_canonical() {
            IpAddr::V6(ip) => IpAddr::V6((ip.to_bits() & !u128::from(u64::MAX)).into()),
            v4 => v4,
        })
    }
}

/// Where somebody stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    pub limit: u32,
    pub remaining: u32,
    /// Until the count begins anew.
    pub reset: Duration,
    pub allowed: bool,
}

impl Standing {
    /// What whoever asks once too often is told.
    pub fn refusal(&self, class: Class) -> ApiError {
        metrics::counter!("rampart_rate_limited_total", "class" => class.name()).increment(1);
        ApiError::new(StatusCode::TOO_MANY_REQUESTS, "RATE_LIMITED", "too many requests; wait a little")
            .retry_after(self.reset.max(Duration::from_secs(1)))
    }
}

/// Counters in windows that begin with the first request; of this process, and with Redis of all that share it. Clones are the
/// same counters.
///
/// The process counts in any case: when Redis fails, or has lost what it counted, somebody starts where they stood here and is
/// never unlimited.
#[derive(Clone)]
pub struct Limiter {
    settings: Arc<LimitSettings>,
    redis: Option<Redis>,
    windows: Arc<Mutex<HashMap<(Class, Key), Window>>>,
}

struct Window {
    ends: Timestamp,
    count: u32,
}

/// Counters held at once, some 10 MB. When more are live, those that end soonest are forgotten: better some too many
/// requests than memory without an end.
const MOST: usize = 100_000;

impl Limiter {
    pub fn new(settings: LimitSettings) -> Limiter {
        Limiter { settings: Arc::new(settings), redis: None, windows: Arc::default() }
    }

    #[must_use]
    pub fn shared_by(self, redis: Option<Redis>) -> Limiter {
        Limiter { redis, ..self }
    }

    /// Counts a request. Nothing when its class is not limited.
    pub async fn take(&self, class: Class, key: Key, now: Timestamp) -> Option<Standing> {
        let rate = self.settings.rate(class);
        let limit = rate.count?;
        let own = self.take_here(class, key, limit, rate.window, now);
        let Some(redis) = self.redis.as_ref().filter(|_| own.allowed) else { return Some(own) };
        let Ok(counted) = redis.count(&name(class, key), limit, rate.window).await else { return Some(own) };
        let remaining = limit.saturating_sub(counted.count);
        Some(if counted.allowed && own.remaining < remaining {
            own
        } else {
            Standing { limit, remaining, reset: counted.reset, allowed: counted.allowed }
        })
    }

    fn take_here(&self, class: Class, key: Key, limit: u32, length: Duration, now: Timestamp) -> Standing {
        let mut windows = self.windows.lock().unwrap_or_else(PoisonError::into_inner);
        if windows.len() >= MOST && !windows.contains_key(&(class, key)) {
            make_room(&mut windows, now);
        }
        let window = windows.entry((class, key)).or_insert(Window { ends: now + length, count: 0 });
        if window.ends <= now {
            *window = Window { ends: now + length, count: 0 };
        }
        let allowed = window.count < limit;
        if allowed {
            window.count += 1;
        }
        Standing { limit, remaining: limit - window.count, reset: window.ends.since(now), allowed }
    }

    /// Takes back what was counted.
    pub async fn give_back(&self, class: Class, key: Key) {
        {
            let mut windows = self.windows.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some(window) = windows.get_mut(&(class, key)) {
                window.count = window.count.saturating_sub(1);
            }
        }
        if let Some(redis) = &self.redis {
            // When it fails somebody has one less until their window ends.
            let _ = redis.give_back(&name(class, key)).await;
        }
    }
}

/// By which processes know the counter.
fn name(class: Class, key: Key) -> String {
    match key {
        Key::Address(ip) => format!("rampart:limit:{}:{ip}", class.name()),
        Key::User(user) => format!("rampart:limit:{}:{user}", class.name()),
    }
}

fn make_room(windows: &mut HashMap<(Class, Key), Window>, now: Timestamp) {
    windows.retain(|_, window| window.ends > now);
    if windows.len() >= MOST {
        let mut ends: Vec<Timestamp> = windows.values().map(|window| window.ends).collect();
        ends.sort_unstable();
        let middle = ends[ends.len() / 2];
        windows.retain(|_, window| window.ends > middle);
    }
}

#[cfg(test)]
mod tests {
    use rampart_kernel::config::{Loader, Sources};

    use super::*;

    fn limiter() -> Limiter {
        Limiter::new(Loader::new(Sources::of_variables([("RATE_LIMIT_AUTH", "3/1m")])).group().unwrap())
    }

    fn key(ip: &str) -> Key {
        Key::of_address(ip.parse().unwrap())
    }

    #[tokio::test]
    async fn a_window_counts_and_begins_anew() {
        let (limiter, start) = (limiter(), Timestamp::from_millis(0));
        let take = async |seconds| {
            limiter.take(Class::Auth, key("192.0.2.1"), start + Duration::from_secs(seconds)).await.unwrap()
        };
        assert_eq!(take(0).await, Standing { limit: 3, remaining: 2, reset: Duration::from_secs(60), allowed: true });
        assert!(take(1).await.allowed && take(2).await.allowed);
        assert_eq!(take(20).await, Standing { limit: 3, remaining: 0, reset: Duration::from_secs(40), allowed: false });
        assert!(take(60).await.allowed);
    }

    #[tokio::test]
    async fn what_succeeded_is_given_back() {
        let (limiter, now) = (limiter(), Timestamp::from_millis(0));
        for _ in 0..10 {
            assert!(limiter.take(Class::Auth, key("192.0.2.1"), now).await.unwrap().allowed);
            limiter.give_back(Class::Auth, key("192.0.2.1")).await;
        }
    }

    #[test]
    fn one_customer_of_ipv6_is_one() {
        assert_eq!(key("2001:db8::1"), key("2001:db8::ffff:1"));
        assert_ne!(key("2001:db8::1"), key("2001:db8:0:1::1"));
        assert_eq!(key("::ffff:192.0.2.1"), key("192.0.2.1"));
    }

    #[tokio::test]
    async fn memory_has_an_end() {
        let limiter = limiter();
        for number in 0..(MOST as u32 + 10) {
            let (key, now) = (Key::Address(IpAddr::V4(number.into())), Timestamp::from_millis(number.into()));
            limiter.take(Class::Auth, key, now).await;
        }
        assert!(limiter.windows.lock().unwrap().len() <= MOST);
    }
}
