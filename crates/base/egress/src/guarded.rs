//! Requests to addresses that people have given.
//!
//! Nobody outside may reach, through this program, what only it can reach: its own machine, its network, the metadata service of its
//! cloud. Names are looked up by a resolver of its own, which answers with addresses that may be spoken to or not at all, and the
//! connection goes to what it answered: a name that leads elsewhere a moment later gains nothing.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use url::{Host, Url};

use crate::{Answer, Ask, Egress, Error, Method};

rampart_kernel::settings! {
    /// What people may have the program speak to.
    pub struct OutboundSettings {
        /// Whether webhooks may lead to private addresses of this machine and its network, and do without TLS. Link-local addresses, where
        /// clouds keep credentials, never.
        allow_private: bool = "false" from "OUTBOUND_ALLOW_PRIVATE",
    }
}

/// An address that somebody gave: of the web, and without a password in it.
#[derive(Clone, PartialEq, Eq)]
pub struct Target(Url);

/// Why it is not spoken to. Says nothing of what is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadTarget {
    #[error("is an address of the web: https://, a host, and no password")]
    NoAddress,
    #[error("begins with https://")]
    NotHttps,
    #[error("leads to an address that is not spoken to from here")]
    Forbidden,
}

impl Target {
    /// # Errors
    /// When it is none.
    pub fn parse(text: &str) -> Result<Target, BadTarget> {
        let url = Url::parse(text).map_err(|_| BadTarget::NoAddress)?;
        let plain = url.username().is_empty() && url.password().is_none();
        let web = matches!(url.scheme(), "https" | "http") && url.host().is_some();
        if plain && web { Ok(Target(url)) } else { Err(BadTarget::NoAddress) }
    }

    /// For people: of an address that may itself be a secret, where it leads.
    pub fn origin(&self) -> String {
        self.0.origin().ascii_serialization()
    }

    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }
}

impl std::fmt::Debug for Target {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Target({})", self.origin())
    }
}

/// Which addresses may be spoken to.
#[derive(Clone, Copy, Debug)]
struct Rule {
    allow_private: bool,
}

impl Rule {
    fn admits(self, ip: IpAddr) -> bool {
        match kind(ip) {
            Kind::Public => true,
            Kind::Private => self.allow_private,
            Kind::Special => false,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Public,
    /// Of this machine, or of a network that is somebody's own.
    Private,
    /// Link-local, many at once, reserved, or another address in disguise.
    Special,
}

/// By the registries of IANA for special-purpose addresses.
fn kind(ip: IpAddr) -> Kind {
    match ip.to_canonical() {
        IpAddr::V4(ip) => kind_v4(ip),
        IpAddr::V6(ip) => kind_v6(ip),
    }
}

fn kind_v4(ip: Ipv4Addr) -> Kind {
    let [a, b, c, _] = ip.octets();
    if ip.is_loopback() || ip.is_private() || (a == 100 && (64..128).contains(&b)) {
        Kind::Private
    } else if a == 0
        || a >= 224
        || ip.is_link_local()
        || ip.is_documentation()
        || (a == 192 && b == 0 && c == 0)
        || (a == 192 && b == 88 && c == 99)
        || (a == 198 && (18..20).contains(&b))
    {
        Kind::Special
    } else {
        Kind::Public
    }
}

fn kind_v6(ip: Ipv6Addr) -> Kind {
    let [a, b, ..] = ip.segments();
    if ip.is_loopback() || (a & 0xfe00) == 0xfc00 {
        Kind::Private
    } else if (a & 0xe000) != 0x2000
        // Teredo and what else is kept for protocols, documentation, 6to4: there an address of the older kind may hide.
        || (a == 0x2001 && b < 0x200)
        || (a == 0x2001 && b == 0xdb8)
        || a == 0x2002
        || a == 0x3fff
    {
        Kind::Special
    } else {
        Kind::Public
    }
}

impl Resolve for Rule {
    fn resolve(&self, name: Name) -> Resolving {
        let rule = *self;
        Box::pin(async move {
            let found: Vec<SocketAddr> = tokio::net::lookup_host((name.as_str(), 0)).await?.collect();
            // One that is not admitted spoils all: whoever answers so has something in mind.
            if found.iter().all(|address| rule.admits(address.ip())) {
                Ok(Box::new(found.into_iter()) as Addrs)
            } else {
                Err(BadTarget::Forbidden.into())
            }
        })
    }
}

/// A client for addresses that people have given. Clones share their connections.
#[derive(Clone)]
pub struct Guarded {
    egress: Egress,
    rule: Rule,
}

impl Guarded {
    /// As [`Egress::new`].
    ///
    /// # Errors
    /// When the machine has no certificates to trust.
    pub fn new(limit: Duration, settings: &OutboundSettings) -> Result<Guarded, Error> {
        let rule = Rule { allow_private: settings.allow_private };
        Ok(Guarded { egress: Egress::resolving(limit, rule)?, rule })
    }

    /// Whether it may be spoken to, as its name is answered for now; one that is not known may be known later.
    ///
    /// # Errors
    /// Why not.
    pub async fn check(&self, target: &Target) -> Result<(), BadTarget> {
        self.check_form(target)?;
        let Some(Host::Domain(name)) = target.0.host() else { return Ok(()) };
        let Ok(found) = tokio::net::lookup_host((name, 0)).await else { return Ok(()) };
        let mut found = found;
        if found.all(|address| self.rule.admits(address.ip())) { Ok(()) } else { Err(BadTarget::Forbidden) }
    }

    fn check_form(&self, target: &Target) -> Result<(), BadTarget> {
        if target.0.scheme() != "https" && !self.rule.allow_private {
            return Err(BadTarget::NotHttps);
        }
        // An address that is written out is not looked up.
        let written = match target.0.host() {
            Some(Host::Ipv4(ip)) => Some(IpAddr::V4(ip)),
            Some(Host::Ipv6(ip)) => Some(IpAddr::V6(ip)),
            Some(Host::Domain(_)) | None => None,
        };
        if written.is_none_or(|ip| self.rule.admits(ip)) { Ok(()) } else { Err(BadTarget::Forbidden) }
    }

    /// Posts to it what `with` makes of the request.
    ///
    /// # Errors
    /// [`Error::Forbidden`]; when there is no answer, or one that is too large.
    pub async fn post(&self, target: &Target, with: impl FnOnce(Ask) -> Ask) -> Result<Answer, Error> {
        self.check_form(target).map_err(Error::Forbidden)?;
        let asked = self.egress.send(with(Ask::new(Method::POST, target.as_str()))).await;
        asked.map_err(|error| match &error {
            Error::Unreachable(cause) if is_forbidden(cause) => Error::Forbidden(BadTarget::Forbidden),
            _ => error,
        })
    }
}

/// Whether the resolver said so.
fn is_forbidden(error: &(dyn std::error::Error + 'static)) -> bool {
    std::iter::successors(Some(error), |error| error.source()).any(|error| error.is::<BadTarget>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_only_this_program_can_reach_is_not_reached_through_it() {
        for (ip, expected) in [
            ("1.1.1.1", Kind::Public),
            ("2606:4700::1111", Kind::Public),
            ("127.0.0.1", Kind::Private),
            ("10.1.2.3", Kind::Private),
            ("172.31.0.1", Kind::Private),
            ("192.168.0.1", Kind::Private),
            ("100.64.0.1", Kind::Private),
            ("::1", Kind::Private),
            ("fd00:ec2::254", Kind::Private),
            ("::ffff:127.0.0.1", Kind::Private),
            ("::ffff:169.254.169.254", Kind::Special),
            ("169.254.169.254", Kind::Special),
            ("0.0.0.0", Kind::Special),
            ("255.255.255.255", Kind::Special),
            ("224.0.0.1", Kind::Special),
            ("198.18.0.1", Kind::Special),
            ("192.0.2.1", Kind::Special),
            ("::", Kind::Special),
            ("::7f00:1", Kind::Special),
            ("fe80::1", Kind::Special),
            ("ff02::1", Kind::Special),
            ("64:ff9b::7f00:1", Kind::Special),
            ("2002:7f00:1::", Kind::Special),
            ("2001::1", Kind::Special),
        ] {
            assert_eq!(kind(ip.parse().unwrap()), expected, "{ip}");
        }
    }

    #[test]
    fn addresses_are_of_the_web() {
        for bad in ["", "x", "ftp://h/", "https://user@h/", "https://u:p@h/", "file:///etc/passwd", "https://"] {
            assert_eq!(Target::parse(bad).unwrap_err(), BadTarget::NoAddress, "{bad}");
        }
        let secret = Target::parse("https://hooks.example.com/services/T0/B0/secret?x=1").unwrap();
        assert_eq!(secret.origin(), "https://hooks.example.com");
        assert!(!format!("{secret:?}").contains("secret?"));
    }

    fn guarded(allow_private: bool) -> Guarded {
        Guarded::new(Duration::from_secs(2), &OutboundSettings { allow_private }).unwrap()
    }

    #[tokio::test]
    async fn every_way_of_writing_this_machine_is_refused() {
        for text in [
            "https://127.0.0.1/",
            "https://2130706433/",
            "https://0x7f.1/",
            "https://0177.0.0.1/",
            "https://[::1]/",
            "https://[::ffff:7f00:1]/",
            "https://localhost/",
            "https://169.254.169.254/latest/meta-data/",
        ] {
            let target = Target::parse(text).unwrap();
            assert_eq!(guarded(false).check(&target).await, Err(BadTarget::Forbidden), "{text}");
            let posted = guarded(false).post(&target, |ask| ask).await;
            assert!(matches!(posted, Err(Error::Forbidden(BadTarget::Forbidden))), "{text}");
        }
        let plain = Target::parse("http://example.com/").unwrap();
        assert_eq!(guarded(false).check(&plain).await, Err(BadTarget::NotHttps));
        let metadata = Target::parse("http://169.254.169.254/").unwrap();
        assert_eq!(guarded(true).check(&metadata).await, Err(BadTarget::Forbidden), "allowed or not");
        assert_eq!(guarded(true).check(&Target::parse("http://127.0.0.1:9/").unwrap()).await, Ok(()));
    }
}
