//! Bytes to text: decoding that keeps lines and offsets, and the files that are not worth reading.

use rampart_report::model::SkipReason;
use rampart_syntax::Lang;

/// Below this size a file is taken as written by hand whatever it looks like, in bytes.
const SMALL: usize = 1_000;

/// How much of a file decides whether it was written by hand, in bytes.
const HEAD: usize = 4_096;

/// Less white space than this part of a script means that a program wrote it: people indent.
const LEAST_SPACE: f64 = 0.07;

/// Longer lines than this on average are not read by people, in bytes.
const LONG_LINES: usize = 1_000;

/// Why a file is not scanned, with more words for people.
#[derive(Debug, PartialEq, Eq)]
pub struct Refused {
    pub reason: SkipReason,
    pub detail: &'static str,
}

#[derive(Debug, PartialEq, Eq)]
pub struct Decoded {
    pub text: String,
    /// Offsets in `text` plus this are offsets in the file; `None` when the file is not UTF-8 and its bytes cannot be edited in place.
    pub shift: Option<usize>,
}

/// Decodes a file. UTF-8 and UTF-16 with a mark are understood; a byte that is not UTF-8 becomes `?`, so that offsets stay.
///
/// # Errors
/// When the file is binary: it has a NUL byte and no mark.
pub fn decode(bytes: Vec<u8>) -> Result<Decoded, Refused> {
    match bytes.as_slice() {
        [0xFF, 0xFE, rest @ ..] => return Ok(utf16(rest, u16::from_le_bytes)),
        [0xFE, 0xFF, rest @ ..] => return Ok(utf16(rest, u16::from_be_bytes)),
        _ => {}
    }
    if memchr::memchr(0, &bytes).is_some() {
        return Err(Refused { reason: SkipReason::Binary, detail: "" });
    }
    let mark = if bytes.starts_with(b"\xEF\xBB\xBF") { 3 } else { 0 };
    match String::from_utf8(bytes) {
        Ok(mut text) => {
            text.drain(..mark);
            Ok(Decoded { text, shift: Some(mark) })
        }
        Err(error) => {
            let bytes = &error.as_bytes()[mark..];
            let mut text = String::with_capacity(bytes.len());
            for chunk in bytes.utf8_chunks() {
                text.push_str(chunk.valid());
                text.extend(chunk.invalid().iter().map(|_| '?'));
            }
            Ok(Decoded { text, shift: None })
        }
    }
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Decoded {
    let units = bytes.chunks_exact(2).map(|pair| unit([pair[0], pair[1]]));
    Decoded { text: char::decode_utf16(units).map(|c| c.unwrap_or('?')).collect(), shift: None }
}

/// Whether a program wrote the file, by its looks or by its own word.
pub fn machine_made(text: &str, lang: Option<Lang>) -> Option<Refused> {
    let head = &text.as_bytes()[..text.len().min(HEAD)];
    // Java's imports have little white space and Go is formatted by a program: only scripts are minified in earnest.
    if lang.is_some_and(Lang::is_script) && text.len() > SMALL {
        let spaces = head.iter().filter(|byte| byte.is_ascii_whitespace()).count();
        if (spaces as f64) < LEAST_SPACE * head.len() as f64 {
            return Some(Refused { reason: SkipReason::Minified, detail: "almost no white space" });
        }
        let lines = memchr::memchr_iter(b'\n', head).count() + 1;
        if head.len() / lines > LONG_LINES {
            return Some(Refused { reason: SkipReason::Minified, detail: "very long lines" });
        }
    }
    says_generated(head).then_some(Refused { reason: SkipReason::Generated, detail: "says so itself" })
}

/// Whether one of the first comment lines says that a program wrote the file: Go's `Code generated … DO NOT EDIT.`, or `@generated`.
fn says_generated(head: &[u8]) -> bool {
    let lines = head.split(|&byte| byte == b'\n').take(20).map(<[u8]>::trim_ascii);
    let comments = lines.filter(|line| matches!(line.first(), Some(b'#' | b'/' | b'*' | b'<' | b';' | b'-')));
    comments.into_iter().any(|line| {
        let go = line.strip_prefix(b"// Code generated ").is_some_and(|rest| rest.ends_with(b"DO NOT EDIT."));
        let marked = memchr::memmem::find(line, b"@generated").is_some_and(|at| {
            // A word of its own: not the decorator `@generated_by` in a comment.
            !line.get(at + 10).is_some_and(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'('))
        });
        go || marked
    })
}

/// Where lines start, and columns in characters, of one text. Answers in constant time after one pass.
pub struct Lines<'t> {
    text: &'t str,
    starts: Vec<u32>,
    /// Characters before each block of [`BLOCK`] bytes; empty for ASCII, where a byte is a character.
    before: Vec<u32>,
}

/// Bytes between two known counts of characters: a file that is one line of a megabyte must not be counted from its start for every
/// match.
const BLOCK: usize = 1_024;

impl<'t> Lines<'t> {
    pub fn new(text: &'t str) -> Lines<'t> {
        let mut starts = vec![0];
        starts.extend(memchr::memchr_iter(b'\n', text.as_bytes()).map(|at| at as u32 + 1));
        let mut before = Vec::new();
        if !text.is_ascii() {
            let mut sum = 0;
            for block in text.as_bytes().chunks(BLOCK) {
                before.push(sum);
                sum += characters(block);
            }
            before.push(sum);
        }
        Lines { text, starts, before }
    }

    /// How many lines the text has; a line end at the end of the file starts no new one.
    pub fn count(&self) -> usize {
        let last = self.starts.last().map_or(0, |&at| at as usize);
        if last == self.text.len() { self.starts.len() - 1 } else { self.starts.len() }
    }

    /// The line of an offset, from 1.
    pub fn line_of(&self, offset: usize) -> u32 {
        self.starts.partition_point(|&start| start as usize <= offset) as u32
    }

    /// A line by its number from 1, without its end.
    pub fn line(&self, number: u32) -> Option<&'t str> {
        let index = (number as usize).checked_sub(1).filter(|&index| index < self.count())?;
        let start = self.starts[index] as usize;
        let end = self.starts.get(index + 1).map_or(self.text.len(), |&next| next as usize - 1);
        Some(self.text[start..end].trim_end_matches('\r'))
    }

    pub fn position(&self, offset: usize) -> rampart_report::model::Position {
        let offset = offset.min(self.text.len());
        let line = self.line_of(offset);
        let start = self.starts[line as usize - 1] as usize;
        let column = self.characters_before(offset) - self.characters_before(start) + 1;
        rampart_report::model::Position { line, column, offset: offset as u64 }
    }

    fn characters_before(&self, offset: usize) -> u32 {
        match self.before.get(offset / BLOCK) {
            Some(known) => known + characters(&self.text.as_bytes()[offset / BLOCK * BLOCK..offset]),
            None => offset as u32,
        }
    }
}

/// Counts the bytes that start a character.
fn characters(bytes: &[u8]) -> u32 {
    bytes.iter().filter(|&&byte| byte & 0xC0 != 0x80).count() as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decoding_keeps_lines_and_offsets() {
        let check = |bytes: &[u8], text: &str, shift| {
            assert_eq!(decode(bytes.to_vec()), Ok(Decoded { text: text.into(), shift }), "{bytes:?}");
        };
        check(b"", "", Some(0));
        check("ä\n".as_bytes(), "ä\n", Some(0));
        check(b"\xEF\xBB\xBFx", "x", Some(3));
        check(b"a\xFF\xFEb\n\xE2\x82", "a??b\n??", None);
        check(b"\xFF\xFEa\0\n\0\x00\xD8", "a\n?", None);
        check(b"\xFE\xFF\0a\0\n\0", "a\n", None);
        assert_eq!(decode(b"a\0".to_vec()).unwrap_err().reason, SkipReason::Binary);
    }

    #[test]
    fn machine_made_files_are_known() {
        let check = |text: &str, lang, expected| {
            assert_eq!(machine_made(text, lang).map(|r| r.reason), expected, "{}", &text[..text.len().min(60)]);
        };
        let dense = "a=function(b){return b};".repeat(100);
        check(&dense, Some(Lang::JavaScript), Some(SkipReason::Minified));
        check(&dense, Some(Lang::Java), None);
        check(&"x y ".repeat(1_000), Some(Lang::TypeScript), Some(SkipReason::Minified));
        check(&"let x = 1;\n".repeat(1_000), Some(Lang::JavaScript), None);
        check(
            "// Code generated by stringer; DO NOT EDIT.\n\npackage a\n",
            Some(Lang::Go),
            Some(SkipReason::Generated),
        );
        check("/**\n * @generated\n */\n", Some(Lang::JavaScript), Some(SkipReason::Generated));
        check("@generated\ndef f(): pass\n", Some(Lang::Python), None);
        check("# @generated(by=me)\n", Some(Lang::Python), None);
    }

    #[test]
    fn positions_count_characters() {
        let text = format!("a\r\nöx{}ö|\n", "é".repeat(3_000));
        let lines = Lines::new(&text);
        let check = |offset, line, column| {
            let position = lines.position(offset);
            assert_eq!((position.line, position.column), (line, column), "{offset}");
        };
        check(0, 1, 1);
        check(3, 2, 1);
        check(5, 2, 2);
        check(text.len() - 2, 2, 3_004);
        check(text.len(), 3, 1);
        check(text.len() + 9, 3, 1);
        assert_eq!(lines.count(), 2);
        assert_eq!(lines.line(1), Some("a"));
        assert_eq!(lines.line(3), None);
        assert_eq!(lines.line(0), None);
    }
}
