//! JSON as the renderers write it: one line, and nothing in it that a terminal would obey.

use std::io::{self, Write};

use serde::{Serialize, Serializer};
use serde_json::ser::Formatter;

use crate::visible::is_hidden;

/// Writes `value` and a line end.
pub(crate) fn write_json(value: &impl Serialize, out: &mut dyn Write) -> io::Result<()> {
    value.serialize(&mut serde_json::Serializer::with_formatter(&mut *out, Careful))?;
    out.write_all(b"\n")
}

/// A JSON array whose elements are made one at a time, so that a report of a hundred thousand findings is never held twice.
pub(crate) struct Each<F>(pub F);

impl<F, I> Serialize for Each<F>
where
    F: Fn() -> I,
    I: Iterator<Item: Serialize>,
{
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq((self.0)())
    }
}

/// Compact JSON that writes hidden characters as `\u…`; JSON itself asks that of the first 32 only.
struct Careful;

impl Formatter for Careful {
    fn write_string_fragment<W: ?Sized + Write>(&mut self, out: &mut W, fragment: &str) -> io::Result<()> {
        // Most text is ASCII; serde_json has already taken out the controls below a blank.
        if fragment.bytes().all(|byte| byte < 0x7f) {
            return out.write_all(fragment.as_bytes());
        }
        let mut rest = fragment;
        while let Some((at, c)) = rest.char_indices().find(|&(_, c)| is_hidden(c)) {
            out.write_all(&rest.as_bytes()[..at])?;
            for unit in c.encode_utf16(&mut [0; 2]) {
                write!(out, "\\u{unit:04x}")?;
            }
            rest = &rest[at + c.len_utf8()..];
        }
        out.write_all(rest.as_bytes())
    }
}

/// `text` cut to at most `limit` characters, the last of them `…` if some are missing.
pub(crate) fn at_most(text: &str, limit: usize) -> String {
    match text.char_indices().nth(limit) {
        None => text.to_owned(),
        Some(_) => text.chars().take(limit - 1).chain(['…']).collect(),
    }
}

/// An address that a reader may follow: `http` or `https`, and nothing in it that an address cannot have.
pub(crate) fn is_link(text: &str) -> bool {
    let host = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    let fits = |c: char| c.is_ascii_graphic() && !matches!(c, '<' | '>' | '"' | '\\' | '^' | '`' | '{' | '|' | '}');
    host.is_some_and(|h| h.starts_with(|c: char| c.is_ascii_alphanumeric()) && h.chars().all(fits))
}

/// A path as a relative reference of RFC 3986: every byte that could be read as something else is percent-encoded.
pub(crate) fn uri_of_path(path: &str) -> String {
    use std::fmt::Write;
    let mut uri = String::with_capacity(path.len());
    for &byte in path.as_bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => uri.push(byte as char),
            _ => _ = write!(uri, "%{byte:02X}"),
        }
    }
    uri
}
