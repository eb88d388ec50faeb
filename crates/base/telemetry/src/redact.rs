//! Takes secrets out of texts.

use std::borrow::Cow;
use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, MatchKind};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD};
use rampart_kernel::Secret;
use regex::{Captures, Regex, RegexSet};

const MASK: &str = "***";

/// Shorter ones would be found in texts by chance.
const SHORTEST_KNOWN: usize = 8;

/// What secrets look like, and what is written in their place.
const SHAPES: [(&str, &str); 6] = [
    // In addresses, before the host.
    (r"://[^/\s:@]*:[^/\s@]+@", "://***@"),
    // Header fields.
    (r"(?i)\b(bearer|basic)\s+[a-z0-9._~+/=-]{8,}", "$1 ***"),
    // JSON Web Tokens.
    (r"\beyJ[A-Za-z0-9_-]{6,}\.[A-Za-z0-9_-]{6,}\.[A-Za-z0-9_-]*", MASK),
    // Tokens that say what they are: our own, those of forges, of chats, of clouds and of payment services.
    (
        r"\b(?:rmp_|gh[pousr]_|github_pat_|gl(?:pat|dt|ft|rt)-|xox[abeprs]-|[sr]k_(?:live|test)_|whsec_|AKIA|ASIA|SG\.)[A-Za-z0-9_.\-]{12,}",
        MASK,
    ),
    (r"(?s)-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|\z)", MASK),
    // Of an address the first character and the domain are enough to know whose it is.
    (r"\b([A-Za-z0-9])[A-Za-z0-9._%+\-]*@((?:[A-Za-z0-9\-]+\.)+[A-Za-z]{2,})", "$1***@$2"),
];

/// A name that says that a secret follows, what stands between, and the secret: up to the closing quote, or up to the next space.
const NAMED: &str = concat!(
    r#"(?i)((?:password|passwd|pwd|secret|token|api[_-]?key|cookie|credential|passphrase)(?:=|\\?["']\s*:\s*|\\?["']\s*=\s*))"#,
    r#"(?:(\\?["'])([^"'\\]+)|([^\s"'\\,;&}]+))"#
);

static PATTERNS: LazyLock<Patterns> = LazyLock::new(Patterns::new);

struct Patterns {
    /// All of them, to pass over what has none in one look.
    any: RegexSet,
    shapes: Vec<(Regex, &'static str)>,
    named: Regex,
}

impl Patterns {
    fn new() -> Patterns {
        let regex = |text: &str| Regex::new(text).expect("the patterns are constant");
        let all = SHAPES.iter().map(|(shape, _)| *shape).chain([NAMED]);
        Patterns {
            any: RegexSet::new(all).expect("the patterns are constant"),
            shapes: SHAPES.iter().map(|(shape, mask)| (regex(shape), *mask)).collect(),
            named: regex(NAMED),
        }
    }
}

/// Takes out what is known to be secret, in every usual spelling, and what looks like it.
pub struct Redactor {
    known: Option<AhoCorasick>,
}

impl Redactor {
    /// With the secrets that the program was given; of fewer than eight bytes they are not looked for.
    pub fn new(secrets: &[Secret]) -> Redactor {
        let spellings: Vec<String> = secrets
            .iter()
            .map(Secret::expose)
            .filter(|text| text.len() >= SHORTEST_KNOWN)
            .flat_map(spellings)
            .collect();
        let known = (!spellings.is_empty())
            .then(|| AhoCorasick::builder().match_kind(MatchKind::LeftmostLongest).build(&spellings).ok())
            .flatten();
        Redactor { known }
    }

    /// In one pass over a text with nothing in it.
    pub fn redact<'a>(&self, text: &'a str) -> Cow<'a, str> {
        let known = match &self.known {
            Some(known) if known.is_match(text) => {
                Cow::Owned(known.replace_all(text, &vec![MASK; known.patterns_len()]))
            }
            _ => Cow::Borrowed(text),
        };
        if !PATTERNS.any.is_match(&known) {
            return known;
        }
        let mut text = known.into_owned();
        for (shape, mask) in &PATTERNS.shapes {
            if let Cow::Owned(without) = shape.replace_all(&text, *mask) {
                text = without;
            }
        }
        let masked = |found: &Captures<'_>| {
            let quote = found.get(2).map_or("", |quote| quote.as_str());
            format!("{}{quote}{MASK}", &found[1])
        };
        Cow::Owned(PATTERNS.named.replace_all(&text, masked).into_owned())
    }
}

/// As it is, in JSON, in addresses, in base64 and in hexadecimal.
fn spellings(text: &str) -> Vec<String> {
    let bytes = text.as_bytes();
    let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    let mut all = vec![
        text.to_owned(),
        format!("{text:?}").trim_matches('"').to_owned(),
        url::form_urlencoded::byte_serialize(bytes).collect(),
        STANDARD.encode(bytes),
        STANDARD_NO_PAD.encode(bytes),
        URL_SAFE.encode(bytes),
        URL_SAFE_NO_PAD.encode(bytes),
        hex.to_uppercase(),
        hex,
    ];
    all.sort_unstable();
    all.dedup();
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn redact(text: &str) -> String {
        Redactor::new(&[]).redact(text).into_owned()
    }

    #[test]
    fn what_looks_like_a_secret_is_masked() {
        for (text, expected) in [
            ("clone of https://me:a-key@git.example.org/x", "clone of https://***@git.example.org/x"),
            ("Authorization: Bearer abcdefgh.ijkl", "Authorization: Bearer ***"),
            ("got eyJhbGciOi.eyJzdWIiOi.c2ln from it", "got *** from it"),
            (&format!("with {}{}", "rmp_", "a".repeat(20)), "with ***"),
            (&format!("with {}{}", "ghp_", "b".repeat(36)), "with ***"),
            ("mail to ana.b@acme.example failed", "mail to a***@acme.example failed"),
            ("password=hunter22&next=/", "password=***&next=/"),
            (r#"{"password":"two words","user":"ana"}"#, r#"{"password":"***","user":"ana"}"#),
            (r#"{"message":"{\"apiKey\": \"k1 k2\", \"n\": 1}"}"#, r#"{"message":"{\"apiKey\": \"***\", \"n\": 1}"}"#),
            ("refresh_token='abc', x", "refresh_token='***', x"),
        ] {
            assert_eq!(redact(text), expected);
        }
        let key = format!("-----BEGIN {} KEY-----\nAAAA\n-----END {0} KEY-----\nrest", "EC PRIVATE");
        assert_eq!(redact(&key), "***\nrest");
    }

    #[test]
    fn plain_texts_stay_as_they_are() {
        for text in [
            "the token: is it expired?",
            "GET /auth/password answered 200",
            "commit 1a79a4d60de6718e8e5b326e338ae533 of main",
            "5 tokens, 3 secrets and a cookie",
            "https://example.org:8443/a@b",
        ] {
            assert!(matches!(Redactor::new(&[]).redact(text), Cow::Borrowed(same) if same == text), "{text}");
        }
    }

    #[test]
    fn what_is_known_to_be_secret_is_masked_in_every_spelling() {
        let secret = "correct horse/battery\"";
        let redactor = Redactor::new(&[Secret::new(secret), Secret::new("short")]);
        for spelling in spellings(secret) {
            let text = format!("before {spelling} after");
            assert_eq!(redactor.redact(&text), "before *** after");
        }
        assert_eq!(redactor.redact("too short to look for: short"), "too short to look for: short");
    }
}
