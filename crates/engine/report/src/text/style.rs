//! Colours, line drawing, and the words around numbers.

use crate::model::Severity;
use crate::visible::{block, width};

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    Plain,
    Bold,
    Dim,
    Path,
    Good,
    Warn,
    Add,
    Remove,
    Severity(Severity),
    Badge(Severity),
}

impl Style {
    pub fn of(severity: Severity) -> Style {
        Style::Severity(severity)
    }

    /// The same, standing out on a ground of its own.
    pub fn badge(self) -> Style {
        match self {
            Style::Severity(severity) => Style::Badge(severity),
            other => other,
        }
    }

    pub fn paint(self, color: bool, text: impl std::fmt::Display) -> String {
        let text = text.to_string();
        match self.code() {
            Some(code) if color && !text.trim().is_empty() => format!("\x1b[{code}m{text}\x1b[0m"),
            _ => text,
        }
    }

    /// The sixteen colours only: people choose them to be readable on their ground.
    fn code(self) -> Option<&'static str> {
        Some(match self {
            Style::Plain => return None,
            Style::Bold => "1",
            Style::Dim => "2",
            Style::Path => "36",
            Style::Good | Style::Add => "32",
            Style::Warn => "33",
            Style::Remove => "31",
            Style::Severity(Severity::Critical) => "1;35",
            Style::Severity(Severity::High) => "1;31",
            Style::Severity(Severity::Medium) => "1;33",
            Style::Severity(Severity::Low) => "1;34",
            Style::Severity(Severity::Info) => "1;36",
            Style::Badge(Severity::Critical) => "1;7;35",
            Style::Badge(Severity::High) => "1;7;31",
            Style::Badge(Severity::Medium) => "1;7;33",
            Style::Badge(Severity::Low) => "1;7;34",
            Style::Badge(Severity::Info) => "1;7;36",
        })
    }
}

/// What lines are drawn with.
#[derive(Clone, Copy)]
pub(super) struct Glyphs {
    pub line: &'static str,
    pub bar: &'static str,
    pub corner: &'static str,
    pub range_start: &'static str,
    pub range_middle: &'static str,
    pub range_end: &'static str,
    pub gap: &'static str,
    pub more: &'static str,
    pub dot: &'static str,
    pub step: &'static str,
    pub last_step: &'static str,
    pub block: &'static str,
    pub done: &'static str,
    pub warning: &'static str,
}

impl Glyphs {
    pub fn of(unicode: bool) -> Glyphs {
        if unicode {
            Glyphs {
                line: "─",
                bar: "│",
                corner: "┌─",
                range_start: "╭",
                range_middle: "│",
                range_end: "╰",
                gap: "⋮",
                more: "…",
                dot: " · ",
                step: "○",
                last_step: "●",
                block: "■",
                done: "✓",
                warning: "!",
            }
        } else {
            Glyphs {
                line: "-",
                bar: "|",
                corner: "-->",
                range_start: "/",
                range_middle: "|",
                range_end: "\\",
                gap: ":",
                more: "~",
                dot: ", ",
                step: "o",
                last_step: "*",
                block: "#",
                done: "OK:",
                warning: "!",
            }
        }
    }
}

/// Messages are longer only by accident or by intent to flood.
const LONGEST_PROSE: usize = 4_000;

/// Prose in lines of at most `columns`. Lines that begin with white space are code and stay as they are; so do the items of a list.
/// Other lines run on until an empty one. A longer word has a line of its own.
pub(super) fn wrap(text: &str, columns: usize) -> Vec<String> {
    let text = block(&crate::wire::at_most(text.trim_end(), LONGEST_PROSE)).replace('\t', "    ");
    let mut lines: Vec<String> = Vec::new();
    let mut open = false;
    for line in text.lines() {
        let verbatim = line.starts_with(' ') && !line.trim().is_empty();
        if verbatim || line.trim().is_empty() {
            lines.push(line.trim_end().to_owned());
            open = false;
            continue;
        }
        if !open || line.starts_with("- ") || line.starts_with("* ") {
            lines.push(String::new());
            open = true;
        }
        for word in line.split_whitespace() {
            let last = lines.last_mut().expect("a line was opened above");
            if last.is_empty() {
                last.push_str(word);
            } else if width(last) + 1 + width(word) <= columns {
                last.push(' ');
                last.push_str(word);
            } else {
                lines.push(word.to_owned());
            }
        }
    }
    lines
}

/// `1 file`, `1,204 files`.
pub(super) fn count(number: u64, noun: &str) -> String {
    format!("{} {noun}{}", thousands(number), if number == 1 { "" } else { "s" })
}

pub(super) fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// `512 bytes`, `3.4 kB`, `1.2 GB`; steps of 1,000.
pub(super) fn bytes(number: u64) -> String {
    let mut value = number as f64;
    let mut unit = "bytes";
    for larger in ["kB", "MB", "GB", "TB"] {
        if value < 999.5 {
            break;
        }
        value /= 1000.0;
        unit = larger;
    }
    match unit {
        "bytes" => count(number, "byte"),
        _ if value < 9.95 => format!("{value:.1} {unit}"),
        _ => format!("{value:.0} {unit}"),
    }
}

/// `38 ms`, `1.24 s`, `2 min 5 s`.
pub(super) fn duration(ms: u64) -> String {
    match ms {
        0..1_000 => format!("{ms} ms"),
        1_000..60_000 => format!("{:.2} s", ms as f64 / 1000.0),
        _ => format!("{} min {} s", ms / 60_000, ms % 60_000 / 1000),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prose_is_wrapped_by_what_a_terminal_shows() {
        let check = |text: &str, expected: &[&str]| assert_eq!(wrap(text, 10), expected, "{text:?}");
        check("", &[]);
        check("one two three", &["one two", "three"]);
        check("one\ntwo", &["one two"]);
        check("one\n\ntwo\n", &["one", "", "two"]);
        check("code:\n    f(x, y, z, w)\nafter", &["code:", "    f(x, y, z, w)", "after"]);
        check("- a\n- b c", &["- a", "- b c"]);
        check("incomprehensible word", &["incomprehensible", "word"]);
        check("令牌 令牌 令牌", &["令牌 令牌", "令牌"]);
        check("a\u{1b}b", &["a\\x1bb"]);
    }

    #[test]
    fn figures_are_for_people() {
        let check = |shown: String, expected: &str| assert_eq!(shown, expected);
        check(count(1, "file"), "1 file");
        check(count(0, "file"), "0 files");
        check(thousands(999), "999");
        check(thousands(1_234_567), "1,234,567");
        check(bytes(1), "1 byte");
        check(bytes(999), "999 bytes");
        check(bytes(1_000), "1.0 kB");
        check(bytes(999_999), "1.0 MB");
        check(bytes(u64::MAX), "18446744 TB");
        check(duration(999), "999 ms");
        check(duration(61_000), "1 min 1 s");
    }
}
