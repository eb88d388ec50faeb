//! Addresses of services in settings.

use rampart_kernel::config::Setting;

/// Where a service is: `https://`, or `http://` on this machine, without a slash at the end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoint(pub String);

impl Setting for Endpoint {
    fn parse(text: &str) -> Result<Endpoint, String> {
        let wrong = || "an https address, such as https://api.example.org".to_owned();
        let url = url::Url::parse(text).map_err(|_| wrong())?;
        let here = match url.host() {
            Some(url::Host::Domain(name)) => name == "localhost",
            Some(url::Host::Ipv4(address)) => address.is_loopback(),
            Some(url::Host::Ipv6(address)) => address.is_loopback(),
            None => false,
        };
        let plain = url.username().is_empty() && url.password().is_none() && url.query().is_none();
        let safe = url.scheme() == "https" || (url.scheme() == "http" && here);
        if safe && plain { Ok(Endpoint(text.trim_end_matches('/').to_owned())) } else { Err(wrong()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn services_are_spoken_to_in_clear_on_this_machine_only() {
        for good in ["https://api.example.org/", "http://127.0.0.1:9000", "http://[::1]:1", "http://localhost:1"] {
            assert!(Endpoint::parse(good).is_ok(), "{good}");
        }
        for bad in ["http://api.example.org", "ftp://localhost", "https://u:p@h", "https://h/?q", "h", ""] {
            assert!(Endpoint::parse(bad).is_err(), "{bad}");
        }
        assert_eq!(Endpoint::parse("https://h/"), Ok(Endpoint("https://h".to_owned())));
    }
}
