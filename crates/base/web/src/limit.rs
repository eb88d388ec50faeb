//! How often somebody may ask.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rampart_kernel::config::Rate;
use rampart_kernel::{Timestamp, UserId};

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
    /// Attempts that succeed are given back.
    TwoFactor,
    WorkspaceCreate,
    WorkspaceUpdate,
    WorkspaceInvite,
    Export,
}

impl Class {
    pub fn name(self) -> &'static str {
        match self {
            Class::Public => "PUBLIC",
            Class::User => "USER",
            Class::Auth => "AUTH",
            Class::Login => "LOGIN",
            Class::Register => "REGISTER",
            Class::TwoFactor => "TWOFA",
            Class::WorkspaceCreate => "WS_CREATE",
            Class::WorkspaceUpdate => "WS_UPDATE",
            Class::WorkspaceInvite => "WS_INVITE",
            Class::Export => "EXPORT",
        }
    }

    /// Whether only attempts that fail count.
    pub fn gives_back(self) -> bool {
        matches!(self, Class::Login | Class::TwoFactor)
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
            Class::Public | Class::Auth | Class::Login | Class::Register => false,
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
            Class::TwoFactor => self.two_factor,
            Class::WorkspaceCreate => self.workspace_create,
            Class::WorkspaceUpdate => self.workspace_update,
            Class::WorkspaceInvite => self.workspace_invite,
            Class::Export => self.export,
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

/// Counters of this process, in windows that begin with the first request. Clones are the same counters.
#[derive(Clone)]
pub struct Limiter {
    settings: Arc<LimitSettings>,
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
        Limiter { settings: Arc::new(settings), windows: Arc::default() }
    }

    /// Counts a request. Nothing when its class is not limited.
    pub fn take(&self, class: Class, key: Key, now: Timestamp) -> Option<Standing> {
        let rate = self.settings.rate(class);
        let limit = rate.count?;
        let mut windows = self.windows.lock().unwrap_or_else(PoisonError::into_inner);
        if windows.len() >= MOST && !windows.contains_key(&(class, key)) {
            make_room(&mut windows, now);
        }
        let window = windows.entry((class, key)).or_insert(Window { ends: now + rate.window, count: 0 });
        if window.ends <= now {
            *window = Window { ends: now + rate.window, count: 0 };
        }
        let allowed = window.count < limit;
        if allowed {
            window.count += 1;
        }
        Some(Standing { limit, remaining: limit - window.count, reset: window.ends.since(now), allowed })
    }

    /// Takes back what was counted.
    pub fn give_back(&self, class: Class, key: Key) {
        let mut windows = self.windows.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(window) = windows.get_mut(&(class, key)) {
            window.count = window.count.saturating_sub(1);
        }
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

    #[test]
    fn a_window_counts_and_begins_anew() {
        let (limiter, start) = (limiter(), Timestamp::from_millis(0));
        let take = |seconds| limiter.take(Class::Auth, key("192.0.2.1"), start + Duration::from_secs(seconds)).unwrap();
        assert_eq!(take(0), Standing { limit: 3, remaining: 2, reset: Duration::from_secs(60), allowed: true });
        assert!(take(1).allowed && take(2).allowed);
        assert_eq!(take(20), Standing { limit: 3, remaining: 0, reset: Duration::from_secs(40), allowed: false });
        assert!(take(60).allowed);
    }

    #[test]
    fn what_succeeded_is_given_back() {
        let (limiter, now) = (limiter(), Timestamp::from_millis(0));
        for _ in 0..10 {
            assert!(limiter.take(Class::Auth, key("192.0.2.1"), now).unwrap().allowed);
            limiter.give_back(Class::Auth, key("192.0.2.1"));
        }
    }

    #[test]
    fn one_customer_of_ipv6_is_one() {
        assert_eq!(key("2001:db8::1"), key("2001:db8::ffff:1"));
        assert_ne!(key("2001:db8::1"), key("2001:db8:0:1::1"));
        assert_eq!(key("::ffff:192.0.2.1"), key("192.0.2.1"));
    }

    #[test]
    fn memory_has_an_end() {
        let limiter = limiter();
        for number in 0..(MOST as u32 + 10) {
            limiter.take(Class::Auth, Key::Address(IpAddr::V4(number.into())), Timestamp::from_millis(number.into()));
        }
        assert!(limiter.windows.lock().unwrap().len() <= MOST);
    }
}
