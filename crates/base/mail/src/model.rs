//! Addresses, names and languages: what a message is put together from.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// An address that a message can be sent to: no line break, no second address.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Address(lettre::Address);

/// RFC 5321 §4.5.3.1.3, without the angle brackets.
const ADDRESS_LENGTH: usize = 254;

impl Address {
    pub(crate) fn lettre(&self) -> &lettre::Address {
        &self.0
    }
}

impl FromStr for Address {
    type Err = String;

    fn from_str(text: &str) -> Result<Address, String> {
        let wrong = || "is not an e-mail address".to_owned();
        let hidden = |c: char| c.is_control() || c.is_whitespace();
        if text.len() > ADDRESS_LENGTH || text.chars().any(hidden) {
            return Err(wrong());
        }
        text.parse().map(Address).map_err(|_| wrong())
    }
}

impl TryFrom<String> for Address {
    type Error = String;

    fn try_from(text: String) -> Result<Address, String> {
        text.parse()
    }
}

impl From<Address> for String {
    fn from(address: Address) -> String {
        address.0.to_string()
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Logs are read by more people than mailboxes: the domain is enough to see where mail goes wrong.
impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "…@{}", self.0.domain())
    }
}

/// A text that others chose, made harmless: the name of a person, a workspace, a device, the title of a finding.
///
/// One line of at most 120 characters, without what turns the direction of writing. What mail programs would make a link of
/// gets an invisible joint, so that nobody can put a link of their own into a message that Rampart sends.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "String")]
pub struct Name(String);

/// Longer names are cut: a message is not a place for texts of others.
const NAME_LENGTH: usize = 120;

/// U+2060, word joiner: has no width and parts no words.
const JOINT: char = '\u{2060}';

impl Name {
    pub fn new(text: &str) -> Name {
        let plain: String =
            text.chars().filter(|c| !steers(*c)).map(|c| if c.is_control() { ' ' } else { c }).collect();
        let line = plain.split_whitespace().collect::<Vec<_>>().join(" ");
        let mut name = String::with_capacity(line.len());
        let mut rest = line.chars().peekable();
        for _ in 0..NAME_LENGTH {
            let Some(c) = rest.next() else { return Name(name) };
            name.push(c);
            let makes_link = match rest.peek() {
                Some(next) if c == '.' => next.is_alphabetic(),
                Some(next) if c == '@' => !next.is_whitespace(),
                Some('/') => c == ':',
                _ => false,
            };
            if makes_link {
                name.push(JOINT);
            }
        }
        if rest.peek().is_some() {
            name.push('…');
        }
        Name(name)
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<String> for Name {
    fn from(text: String) -> Name {
        Name::new(&text)
    }
}

impl From<&str> for Name {
    fn from(text: &str) -> Name {
        Name::new(text)
    }
}

/// Whether a character changes how others are shown, or is not shown at all (Unicode TR 36 §2.5; the joint is one of them).
fn steers(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{e0000}'..='\u{e007f}')
}

rampart_kernel::named! {
    /// The language of a message.
    pub enum Locale {
        En = "en",
        De = "de",
    }
}

impl Locale {
    /// The nearest to what a person has chosen (`de-AT`); English when there is none.
    pub fn nearest(tag: &str) -> Locale {
        let language = tag.split(['-', '_']).next().unwrap_or_default().to_ascii_lowercase();
        language.parse().unwrap_or(Locale::En)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_one_address() {
        assert!("ada@example.org".parse::<Address>().is_ok());
        let long = format!("{}@example.org", "a".repeat(300));
        for bad in ["", "ada", "a@b\r\nBcc: c@d", "a@b, c@d", "<a@b>", "a@b c", "Ada <a@b>", &long] {
            assert!(bad.parse::<Address>().is_err(), "{bad}");
        }
    }

    #[test]
    fn names_of_others_are_one_line_without_links() {
        assert_eq!(Name::new("Ada\r\n Lovelace").as_str(), "Ada Lovelace");
        assert_eq!(Name::new("a\u{202e}b\u{200b}").as_str(), "ab");
        assert_eq!(Name::new(&"x".repeat(500)).as_str().chars().count(), NAME_LENGTH + 1);
        let link = Name::new("https://evil.example/x");
        assert!(!link.as_str().contains("://") && !link.as_str().contains("evil.example"), "{link:?}");
        // What was made harmless stays as it is when it is read again.
        assert_eq!(Name::new(link.as_str()), link);
    }

    #[test]
    fn languages_fall_back_to_english() {
        assert_eq!(Locale::nearest("de-AT"), Locale::De);
        assert_eq!(Locale::nearest("xx"), Locale::En);
    }
}
