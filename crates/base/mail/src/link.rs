//! Links into messages: an address of the web that may hold a token.

use std::fmt;

use serde::{Deserialize, Serialize};
use url::Url;

/// A link of Rampart's own. It prints without its path, as that may open an account.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Link(Url);

impl Link {
    /// # Errors
    /// When it is no address of the web: `http://` or `https://` and a host, without a user or password.
    pub fn parse(text: &str) -> Result<Link, String> {
        let wrong = || "is not an http or https address".to_owned();
        let url = Url::parse(text).map_err(|_| wrong())?;
        let fits = matches!(url.scheme(), "http" | "https") && url.has_host();
        if fits && url.username().is_empty() && url.password().is_none() { Ok(Link(url)) } else { Err(wrong()) }
    }

    /// The link without what could be a token.
    pub(crate) fn masked(&self) -> String {
        format!("{}/***", self.0.origin().ascii_serialization())
    }
}

impl fmt::Debug for Link {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.masked())
    }
}

impl TryFrom<String> for Link {
    type Error = String;

    fn try_from(text: String) -> Result<Link, String> {
        Link::parse(&text)
    }
}

impl From<Link> for String {
    fn from(link: Link) -> String {
        link.0.into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_are_of_the_web_and_print_without_their_path() {
        let link = Link::parse("https://rampart.example:8443/reset/abc?token=def#ghi").unwrap();
        assert_eq!(format!("{link:?}"), "https://rampart.example:8443/***");
        for bad in ["javascript:alert(1)", "data:text/html,x", "/app", "https://", "https://u:p@host/", ""] {
            assert!(Link::parse(bad).is_err(), "{bad}");
        }
    }
}
