//! Text from scanned files made safe and visible.
//!
//! File names and file content are hostile: an escape sequence can repaint a terminal, a bidirectional control can make code read
//! as other code than it is. What cannot be seen is spelled out (`\x1b`, `\u{202e}`).

use std::fmt::Write;
use std::ops::Range;

use unicode_width::UnicodeWidthChar;

/// Tabs are drawn to the next multiple of this.
const TAB: usize = 4;

/// Controls, and the characters that show nothing or change the order of what is shown.
pub(crate) fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{feff}' | '\u{ffa0}'
            | '\u{fff0}'..='\u{fffb}' | '\u{fffe}' | '\u{ffff}' | '\u{e0000}'..='\u{e0fff}')
}

/// `text` on one line with nothing hidden: for paths, ids and labels.
pub fn one_line(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        push(c, &mut shown);
    }
    shown
}

/// `text` with its line ends and tabs, and nothing else hidden.
pub fn block(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for c in text.replace("\r\n", "\n").chars() {
        match c {
            '\n' | '\t' => shown.push(c),
            c => push(c, &mut shown),
        }
    }
    shown
}

/// How many columns a terminal needs for `text`, which has been through [`one_line`].
pub(crate) fn width(text: &str) -> usize {
    text.chars().map(|c| c.width().unwrap_or(0)).sum()
}

fn push(c: char, shown: &mut String) {
    match c {
        '\n' => shown.push_str("\\n"),
        '\r' => shown.push_str("\\r"),
        '\t' => shown.push_str("\\t"),
        c if !is_hidden(c) => shown.push(c),
        c if c.is_ascii() => _ = write!(shown, "\\x{:02x}", c as u32),
        c => _ = write!(shown, "\\u{{{:x}}}", c as u32),
    }
}

/// A source line as a terminal shows it, with the place of each of its characters.
pub(crate) struct Shown {
    text: String,
    /// Where character `i` begins in `text`, in bytes, and the end.
    bytes: Vec<usize>,
    /// Where character `i` begins on the terminal, in columns from 0, and the end.
    columns: Vec<usize>,
}

/// The part of long lines that fits: `width` columns behind the first `shift`.
#[derive(Clone, Copy)]
pub(crate) struct Window {
    pub shift: usize,
    pub width: usize,
}

impl Shown {
    pub fn new(line: &str) -> Shown {
        let mut shown = Shown { text: String::with_capacity(line.len()), bytes: vec![0], columns: vec![0] };
        let mut column = 0;
        for c in line.chars() {
            if c == '\t' {
                let blanks = TAB - column % TAB;
                shown.text.extend(std::iter::repeat_n(' ', blanks));
                column += blanks;
            } else {
                let from = shown.text.len();
                push(c, &mut shown.text);
                column += width(&shown.text[from..]);
            }
            shown.bytes.push(shown.text.len());
            shown.columns.push(column);
        }
        shown
    }

    /// The terminal columns of the characters `range` (from 0); what lies behind the line's end is its end.
    pub fn columns(&self, range: Range<usize>) -> Range<usize> {
        let at = |index: usize| self.columns[index.min(self.columns.len() - 1)];
        at(range.start)..at(range.end)
    }

    /// The characters of the line's text, without white space at both sides.
    pub fn inked(&self, line: &str) -> Range<usize> {
        let count = line.chars().count();
        let start = count - line.trim_start().chars().count();
        start..(start + line.trim().chars().count())
    }

    /// What is seen through `window`: the text before, in and behind the characters `mark`, with `more` where something is cut off.
    pub fn through(&self, window: Window, mark: Range<usize>, more: &str) -> [String; 3] {
        let last = self.columns.len() - 1;
        let total = self.columns[last];
        let left = if window.shift > 0 { window.shift + 1 } else { 0 };
        let right = window.shift + window.width - usize::from(total > window.shift + window.width);
        let from = self.columns.partition_point(|&c| c < left).min(last);
        let to = self.columns.partition_point(|&c| c <= right).saturating_sub(1).max(from);
        let cut = |range: Range<usize>| {
            let (a, b) = (range.start.clamp(from, to), range.end.clamp(from, to));
            self.text[self.bytes[a]..self.bytes[b.max(a)]].to_owned()
        };
        let mut pieces = [cut(0..mark.start), cut(mark.start..mark.end), cut(mark.end..last)];
        if window.shift > 0 && total > 0 {
            // A wide character may straddle the edge.
            let blanks = " ".repeat(self.columns[from].saturating_sub(left));
            pieces[0].insert_str(0, &format!("{more}{blanks}"));
        }
        if total > window.shift + window.width {
            pieces[2].push_str(more);
        }
        pieces
    }
}
