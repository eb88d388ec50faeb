//! Where the program listens, and by what address others reach it.

use std::net::{IpAddr, SocketAddr};

use axum::http::{HeaderMap, header};
use rampart_kernel::Secret;
use rampart_kernel::config::{Setting, Size};
use serde::{Deserialize, Serialize};

rampart_kernel::settings! {
    /// Where the program listens, and by what address others reach it.
    pub struct WebSettings {
        /// Listen address.
        host: IpAddr = "127.0.0.1" from "API_HOST",
        /// Listen port; 0 takes a free one.
        port: u16 = "8000" from "API_PORT" | "PORT",
        /// Public address of the API.
        base_url: BaseUrl = "http://localhost:8000" from "API_BASE_URL",
        /// Public address of the dashboard.
        frontend_url: Option<BaseUrl> = "" from "FRONTEND_URL",
        /// Origins, besides the dashboard's, whose pages may call the API.
        allowed_origins: Vec<BaseUrl> = "" from "CORS_ALLOWED_ORIGINS",
        /// Addresses or networks of proxies whose X-Forwarded-For is believed.
        trusted_proxies: Vec<Network> = "" from "TRUSTED_PROXIES",
        /// Largest JSON body.
        body_limit: Size = "10MB" from "BODY_LIMIT_JSON",
        /// Largest body of a webhook.
        webhook_limit: Size = "25MB" from "BODY_LIMIT_WEBHOOK",
        /// Token that may read /metrics from elsewhere than this machine.
        metrics_token: Option<Secret> = "" from "METRICS_TOKEN",
    }
}

impl WebSettings {
    pub fn address(&self) -> SocketAddr {
        SocketAddr::new(self.host, self.port)
    }

    pub fn frontend_url(&self) -> String {
        self.frontend_url.as_ref().map_or_else(|| format!("{}/app", self.base_url.0), |url| url.0.clone())
    }

    /// Whether the program is reached through TLS, as its public address says.
    pub fn is_https(&self) -> bool {
        self.base_url.0.starts_with("https://")
    }

    /// Whether pages of this origin may call the API.
    pub fn allows_origin(&self, origin: &str) -> bool {
        let frontend = BaseUrl(self.frontend_url());
        let known = [&self.base_url, &frontend].into_iter().chain(&self.allowed_origins);
        // The listen address too: an installation that nobody has configured is opened as 127.0.0.1 or as localhost.
        let local = [format!("http://127.0.0.1:{}", self.port), format!("http://localhost:{}", self.port)];
        known.map(BaseUrl::origin).any(|known| known == origin)
            || (self.host.is_loopback() && local.iter().any(|known| known == origin))
    }

    /// Whether a browser says that a page of an allowed origin sends this; not when it says nothing.
    pub fn allows_source(&self, headers: &HeaderMap) -> bool {
        let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
        let from = text(header::ORIGIN).or_else(|| text(header::REFERER).map(origin_of));
        from.is_some_and(|from| self.allows_origin(from))
    }
}

/// `http://` or `https://` and a host, without a slash at the end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BaseUrl(pub String);

impl BaseUrl {
    fn origin(&self) -> &str {
        origin_of(&self.0)
    }
}

/// The scheme and the host of an address.
fn origin_of(address: &str) -> &str {
    let scheme = address.find("://").map_or(0, |at| at + 3);
    let end = address[scheme..].find('/').map_or(address.len(), |at| scheme + at);
    &address[..end]
}

impl Setting for BaseUrl {
    fn parse(text: &str) -> Result<BaseUrl, String> {
        let host = text.strip_prefix("http://").or_else(|| text.strip_prefix("https://"));
        match host {
            Some(host) if !host.is_empty() && !host.contains(['@', '?', '#', ' ']) => {
                Ok(BaseUrl(text.trim_end_matches('/').to_owned()))
            }
            _ => Err("an address such as https://rampart.example.com".to_owned()),
        }
    }
}

/// An address, or `10.0.0.0/8`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Network {
    address: IpAddr,
    bits: u8,
}

impl Network {
    pub fn contains(&self, ip: IpAddr) -> bool {
        match (self.address, ip.to_canonical()) {
            (IpAddr::V4(own), IpAddr::V4(ip)) => (own.to_bits() ^ ip.to_bits()).leading_zeros() >= self.bits.into(),
            (IpAddr::V6(own), IpAddr::V6(ip)) => (own.to_bits() ^ ip.to_bits()).leading_zeros() >= self.bits.into(),
            _ => false,
        }
    }
}

/// As it is read: an address alone stands for itself.
impl std::fmt::Display for Network {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}/{}", self.address, self.bits)
    }
}

impl Serialize for Network {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Network {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Network, D::Error> {
        Network::parse(&String::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}

impl Setting for Network {
    fn parse(text: &str) -> Result<Network, String> {
        let wrong = || "an address or a network such as 10.0.0.0/8".to_owned();
        let (address, bits) = text.split_once('/').map_or((text, None), |(address, bits)| (address, Some(bits)));
        let address: IpAddr = address.trim().parse().map_err(|_| wrong())?;
        let most = if address.is_ipv4() { 32 } else { 128 };
        let bits = bits.map_or(Ok(most), |bits| bits.trim().parse().map_err(|_| wrong()))?;
        if bits > most { Err(wrong()) } else { Ok(Network { address, bits }) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn networks_contain_their_addresses() {
        let check = |network: &str, ip: &str, expected: bool| {
            let found = Network::parse(network).unwrap().contains(ip.parse().unwrap());
            assert_eq!(found, expected, "{network} {ip}");
        };
        check("10.0.0.0/8", "10.1.2.3", true);
        check("10.0.0.0/8", "::ffff:10.1.2.3", true);
        check("10.0.0.0/8", "11.1.2.3", false);
        check("127.0.0.1", "127.0.0.2", false);
        check("0.0.0.0/0", "9.9.9.9", true);
        check("fd00::/8", "fd12::1", true);
        assert!(Network::parse("10.0.0.0/33").is_err());
    }

    #[test]
    fn an_origin_is_exact() {
        let url = BaseUrl::parse("https://rampart.example.com/app/").unwrap();
        assert_eq!(url.origin(), "https://rampart.example.com");
        for bad in ["ftp://x", "https://", "https://user@host", "rampart.example.com"] {
            assert!(BaseUrl::parse(bad).is_err(), "{bad}");
        }
    }
}
