//! Signatures by which a finding is known again in another commit.
//!
//! `match/v1`, `scope/v1` and `body/v1` are BLAKE3 over length-prefixed fields under a context of their own, so that no two kinds and no two splits of
//! the same text collide. `primaryLocationLineHash` is the rolling hash of CodeQL's uploader, for services that expect it.

use std::collections::{BTreeMap, HashMap};

use crate::read::Lines;

/// Characters of a signature kept, in hexadecimal: 128 bits.
const DIGITS: usize = 32;

/// What identifies one match.
pub struct Identity<'a> {
    pub rule: &'a str,
    pub path: &'a str,
    /// Enclosing functions and classes, outermost first.
    pub scope: &'a [String],
    /// What tells the enclosing function and the place in it from others; empty outside of functions.
    pub body: &'a str,
    /// Normalised text of the match.
    pub tokens: &'a str,
    /// Where the match starts, in bytes.
    pub offset: usize,
    /// Its first line, from 1.
    pub line: u32,
}

/// Gives the signatures of the matches of one file, which must come in the order of their places: equal matches are counted.
pub struct Signer<'t> {
    text: &'t str,
    lines: &'t Lines<'t>,
    seen: HashMap<String, u32>,
    line_hashes: Option<HashMap<u32, String>>,
    tokens: Option<Tokens>,
}

impl<'t> Signer<'t> {
    pub fn new(text: &'t str, lines: &'t Lines<'t>) -> Signer<'t> {
        Signer { text, lines, seen: HashMap::new(), line_hashes: None, tokens: None }
    }

    pub fn sign(&mut self, identity: &Identity) -> BTreeMap<String, String> {
        let mut signatures = BTreeMap::new();
        let mut fields = vec![identity.rule, identity.path];
        fields.extend(identity.scope.iter().map(String::as_str));
        let scope_fields = fields.clone();
        fields.push(identity.tokens);
        let signature = hash("rampart finding match/v1", &fields);
        signatures.insert("match/v1".to_owned(), self.counted(signature));

        let tokens = self.tokens.get_or_insert_with(|| Tokens::of(self.text));
        let start = scope_start(self.text, identity.scope, identity.offset);
        let distance = (tokens.before(identity.offset) - tokens.before(start)).to_string();
        let mut fields = scope_fields;
        fields.push(&distance);
        signatures.insert("scope/v1".to_owned(), hash("rampart finding scope/v1", &fields));

        // Without the path: it is known again in another file.
        if !identity.body.is_empty() {
            let signature = hash("rampart finding body/v1", &[identity.rule, identity.body]);
            signatures.insert("body/v1".to_owned(), signature);
        }

        let hashes = self.line_hashes.get_or_insert_with(|| line_hashes(self.text));
        if let Some(hash) = hashes.get(&identity.line.min(self.lines.count() as u32)) {
            signatures.insert("primaryLocationLineHash".to_owned(), hash.clone());
        }
        signatures
    }

    /// The first match keeps its signature bare, the second gets `:1`, and so on.
    fn counted(&mut self, signature: String) -> String {
        let count = self.seen.entry(signature.clone()).or_default();
        *count += 1;
        if *count == 1 { signature } else { format!("{signature}:{}", *count - 1) }
    }
}

/// A `match/v1` signature without its count: equal for equal matches of one file.
pub fn uncounted(signature: &str) -> &str {
    signature.split_once(':').map_or(signature, |(bare, _)| bare)
}

fn hash(context: &str, fields: &[&str]) -> String {
    let mut hasher = blake3::Hasher::new_derive_key(context);
    for field in fields {
        hasher.update(&(field.len() as u64).to_le_bytes());
        hasher.update(field.as_bytes());
    }
    let mut hex = hasher.finalize().to_hex().to_string();
    hex.truncate(DIGITS);
    hex
}

/// How far back the beginning of a scope is looked for, in bytes; a file with thousands of matches must not be read for each.
const SCOPE_REACH: usize = 64 << 10;

/// Where the innermost scope begins, as far as the text alone tells: at the last place before `offset` where its name is defined.
fn scope_start(text: &str, scope: &[String], offset: usize) -> usize {
    let Some(name) = scope.last().filter(|name| !name.is_empty()) else { return 0 };
    let end = offset.min(text.len());
    let from = end.saturating_sub(SCOPE_REACH);
    let before = &text.as_bytes()[from..end];
    let word = |byte: Option<&u8>| byte.is_some_and(|b| b.is_ascii_alphanumeric() || *b == b'_' || *b >= 0x80);
    let whole = |at: &usize| !word(at.checked_sub(1).and_then(|i| before.get(i))) && !word(before.get(at + name.len()));
    let mut first = None;
    for at in memchr::memmem::rfind_iter(before, name.as_bytes()).filter(whole) {
        let defined = [&b"def"[..], b"class", b"function", b"func", b"fn", b"interface", b"enum", b"record"];
        let lead = before[..at].trim_ascii_end();
        if lead.len() < at && defined.iter().any(|keyword| lead.ends_with(keyword)) {
            return from + at;
        }
        first = Some(from + at);
    }
    first.unwrap_or(from)
}

/// Where the significant tokens of a text begin: words and single marks, without white space and line comments.
struct Tokens {
    starts: Vec<u32>,
}

impl Tokens {
    fn of(text: &str) -> Tokens {
        let bytes = text.as_bytes();
        let mut starts = Vec::new();
        let mut i = 0;
        while i < bytes.len() {
            let comment = bytes[i] == b'#' || bytes[i..].starts_with(b"//") && (i == 0 || bytes[i - 1] != b':');
            if comment {
                i = memchr::memchr(b'\n', &bytes[i..]).map_or(bytes.len(), |end| i + end);
            } else if is_word(bytes[i]) {
                starts.push(i as u32);
                i += bytes[i..].iter().take_while(|&&byte| is_word(byte)).count();
            } else {
                if !bytes[i].is_ascii_whitespace() {
                    starts.push(i as u32);
                }
                i += 1;
            }
        }
        Tokens { starts }
    }

    fn before(&self, offset: usize) -> usize {
        self.starts.partition_point(|&start| (start as usize) < offset)
    }
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80
}

/// Characters that one hash of a line covers, without blanks: the line and what follows it.
const WINDOW: usize = 100;

/// The base of the rolling hash.
const BASE: u64 = 37;

/// `primaryLocationLineHash` of every line: a polynomial hash over the next [`WINDOW`] characters without blanks, in UTF-16 units, line ends
/// as `\n`, the end of the file as one unit 65535, then a count of equal hashes. As defined by GitHub's `codeql-action`.
fn line_hashes(text: &str) -> HashMap<u32, String> {
    let top = (0..WINDOW).fold(1u64, |power, _| power.wrapping_mul(BASE));
    let mut roll = Roll {
        top,
        window: [0; WINDOW],
        line_at: [0; WINDOW],
        at: 0,
        hash: 0,
        counts: HashMap::new(),
        lines: HashMap::new(),
    };
    let (mut line, mut line_starts, mut after_cr) = (0, true, false);
    for unit in text.encode_utf16().chain([u16::MAX]) {
        let blank = unit == u16::from(b' ') || unit == u16::from(b'\t') || after_cr && unit == u16::from(b'\n');
        after_cr = unit == u16::from(b'\r');
        if blank {
            continue;
        }
        let unit = if after_cr { u16::from(b'\n') } else { unit };
        roll.leave();
        if line_starts {
            line += 1;
            roll.line_at[roll.at] = line;
        }
        line_starts = unit == u16::from(b'\n');
        roll.push(u64::from(unit));
    }
    for _ in 0..WINDOW {
        roll.leave();
        roll.push(0);
    }
    roll.lines
}

struct Roll {
    /// `BASE` to the power of `WINDOW`.
    top: u64,
    window: [u64; WINDOW],
    /// The line that starts at each character of the window; 0 for none.
    line_at: [u32; WINDOW],
    at: usize,
    hash: u64,
    counts: HashMap<u64, u32>,
    lines: HashMap<u32, String>,
}

impl Roll {
    /// The character at `at` is about to leave the window: if a line starts there, the hash is that line's.
    fn leave(&mut self) {
        let line = std::mem::take(&mut self.line_at[self.at]);
        if line > 0 {
            let count = self.counts.entry(self.hash).or_default();
            *count += 1;
            self.lines.insert(line, format!("{:x}:{count}", self.hash));
        }
    }

    fn push(&mut self, unit: u64) {
        let gone = std::mem::replace(&mut self.window[self.at], unit);
        self.hash = self.hash.wrapping_mul(BASE).wrapping_add(unit).wrapping_sub(self.top.wrapping_mul(gone));
        self.at = (self.at + 1) % WINDOW;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn line_hashes_are_those_of_the_uploader() {
        let check = |text: &str, expected: &[&str]| {
            let hashes = line_hashes(text);
            let hashes: Vec<&str> = (1..=hashes.len() as u32).map(|line| hashes[&line].as_str()).collect();
            assert_eq!(hashes, expected, "{text:?}");
        };
        // The published vectors.
        let four = ["271789c17abda88f:1", "54703d4cd895b18:1", "180aee12dab6264:1", "a23a3dc5e078b07b:1"];
        check(" a\nb\n  \t\tc\n d", &four);
        check(" a\r\nb\r\n  \t\tc\r\n d", &four);
    }

    #[test]
    fn a_match_keeps_its_signature_when_lines_move() {
        let sign = |text: &str, offset: usize| {
            let lines = Lines::new(text);
            let scope = ["f".to_owned()];
            let line = lines.line_of(offset);
            let identity =
                Identity { rule: "r", path: "a.py", scope: &scope, body: "", tokens: "g ( 1 )", offset, line };
            Signer::new(text, &lines).sign(&identity)
        };
        let before = sign("def f():\n    g(1)\n", 13);
        let after = sign("import x\n# words\ndef f():\n    # why\n    g(1)\n", 40);
        assert_eq!(before["match/v1"], after["match/v1"]);
        assert_eq!(before["scope/v1"], after["scope/v1"]);
        let later = sign("def f():\n    h()\n    g(1)\n", 21);
        assert_ne!(before["scope/v1"], later["scope/v1"]);
    }

    #[test]
    fn equal_matches_are_counted() {
        let lines = Lines::new("g(1)\ng(1)\n");
        let mut signer = Signer::new("g(1)\ng(1)\n", &lines);
        let mut sign = |offset, line| {
            signer.sign(&Identity { rule: "r", path: "a", scope: &[], body: "", tokens: "g(1)", offset, line })["match/v1"]
                .clone()
        };
        let (first, second) = (sign(0, 1), sign(5, 2));
        assert_eq!(second, format!("{first}:1"));
        assert_eq!(uncounted(&second), first);
    }
}
