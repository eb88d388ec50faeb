//! Code with line numbers and the finding marked in it.

use std::io;
use std::ops::Range;

use super::style::{Style, count};
use super::{INDENT, Page};
use crate::model::*;
use crate::visible::{Shown, Window};

/// A finding of more lines is shown by its first and last ones.
const MOST_LINES: u32 = 10;
const FIRST_LINES: u32 = 5;
const LAST_LINES: u32 = 2;

/// The lines of a file around a range.
pub(super) struct Frame<'a> {
    pub first_line: u32,
    pub lines: &'a [String],
    pub start: Position,
    pub end: Position,
}

impl<'a> Frame<'a> {
    pub fn of(finding: &'a Finding) -> Frame<'a> {
        let (first_line, lines) = (finding.first_line, finding.lines.as_slice());
        Frame { first_line, lines, start: finding.start, end: finding.end.max(finding.start) }
    }

    /// How wide the line numbers are.
    pub fn gutter(&self) -> usize {
        let last = self.first_line.saturating_add(self.lines.len() as u32);
        last.max(self.start.line).to_string().len().max(3)
    }

    fn is_one_line(&self) -> bool {
        self.start.line == self.end.line
    }

    fn has(&self, number: u32) -> bool {
        (self.start.line..=self.end.line).contains(&number)
    }

    /// The lines worth showing: empty ones at the edges and the middle of a long range are not.
    fn numbered(&self) -> Vec<(u32, &'a str)> {
        let all = || numbered(self.first_line, self.lines).map(|(n, l)| (n, l.as_str()));
        let inked = |(n, line): &(u32, &str)| self.has(*n) || !line.trim().is_empty();
        let first = all().find(inked).map_or(self.first_line, |(n, _)| n);
        let last = all().filter(inked).last().map_or(self.first_line, |(n, _)| n);
        let long = self.end.line - self.start.line >= MOST_LINES;
        let hidden =
            |n: u32| long && self.has(n) && n - self.start.line >= FIRST_LINES && self.end.line - n >= LAST_LINES;
        all().filter(|&(n, _)| (first..=last).contains(&n) && !hidden(n)).collect()
    }

    /// The characters of a line that are in the range.
    fn mark(&self, number: u32, line: &str, shown: &Shown) -> Range<usize> {
        if !self.has(number) {
            return 0..0;
        }
        let ink = shown.inked(line);
        let column = |at: Position| at.column.saturating_sub(1) as usize;
        let start = if number == self.start.line { column(self.start) } else { ink.start };
        let end = if number == self.end.line { column(self.end) } else { ink.end };
        start..end.max(start)
    }

    /// Where to begin in long lines, so that the range is in sight.
    fn window(&self, width: usize) -> Window {
        let line = self.lines.get(self.start.line.saturating_sub(self.first_line) as usize);
        let shown = Shown::new(line.map_or("", String::as_str));
        let mark = self.mark(self.start.line, line.map_or("", String::as_str), &shown);
        let columns = shown.columns(mark);
        let fits = columns.end <= width || columns.start < width / 4;
        Window { shift: if fits { 0 } else { columns.start - width / 4 }, width }
    }
}

/// Lines with their numbers from `first` on.
pub(super) fn numbered(first: u32, lines: &[String]) -> impl Iterator<Item = (u32, &String)> {
    lines.iter().enumerate().map(move |(index, line)| (first.saturating_add(index as u32), line))
}

impl Page<'_> {
    pub(super) fn frame(&mut self, frame: &Frame, style: Style) -> io::Result<()> {
        let gutter = frame.gutter();
        let rail = if frame.is_one_line() { 0 } else { 2 };
        let window = frame.window(self.options.width.saturating_sub(INDENT + gutter + 3 + rail).max(20));
        let mut previous = None;
        for (number, line) in frame.numbered() {
            if previous.is_some_and(|p: u32| number - p > 1) {
                self.gap(frame, gutter, number - previous.unwrap_or(number).saturating_add(1), style)?;
            }
            previous = Some(number);
            let shown = Shown::new(line);
            let mark = frame.mark(number, line, &shown);
            let [before, inside, after] = shown.through(window, mark.clone(), self.glyphs.more);
            let rail = self.paint(style, self.rail(frame, number));
            let inside = self.paint(if inside.is_empty() { Style::Plain } else { style }, inside);
            let code = format!("{rail}{before}{inside}{after}");
            self.row(gutter, &number.to_string(), code.trim_end())?;
            if let Some(columns) = carets(frame, number, line, &shown, mark) {
                let start = columns.start.saturating_sub(window.shift).min(window.width - 1);
                let end = columns.end.saturating_sub(window.shift).clamp(start + 1, window.width.max(start + 1));
                let under = if number == frame.end.line { "" } else { self.glyphs.range_middle };
                let under = if frame.is_one_line() { String::new() } else { format!("{under:<2}") };
                let under = self.paint(style, format!("{under}{:start$}{}", "", "^".repeat(end - start)));
                self.row(gutter, "", &under)?;
            }
        }
        match previous {
            Some(last) if last < frame.end.line => self.gap(frame, gutter, frame.end.line - last, style),
            _ => Ok(()),
        }
    }

    fn rail(&self, frame: &Frame, number: u32) -> String {
        let glyph = match number {
            _ if frame.is_one_line() => return String::new(),
            n if n == frame.start.line => self.glyphs.range_start,
            n if n == frame.end.line => self.glyphs.range_end,
            n if frame.has(n) => self.glyphs.range_middle,
            _ => " ",
        };
        format!("{glyph} ")
    }

    fn gap(&mut self, frame: &Frame, gutter: usize, lines: u32, style: Style) -> io::Result<()> {
        let rail = if frame.is_one_line() { "" } else { self.glyphs.range_middle };
        let rail = self.paint(style, rail);
        let text = self.paint(Style::Dim, count(lines.into(), "more line"));
        self.row(gutter, self.glyphs.gap, &format!("{rail} {text}"))
    }

    fn row(&mut self, gutter: usize, number: &str, code: &str) -> io::Result<()> {
        let head = self.paint(Style::Dim, format!("{number:>gutter$} {}", self.glyphs.bar));
        match code {
            "" => writeln!(self.out, "{:INDENT$}{head}", ""),
            code => writeln!(self.out, "{:INDENT$}{head} {code}", ""),
        }
    }
}

/// Where carets go below a line, in columns. Of a range of several lines only the edges that the bar beside it does not tell.
fn carets(frame: &Frame, number: u32, line: &str, shown: &Shown, mark: Range<usize>) -> Option<Range<usize>> {
    let ink = shown.inked(line);
    let wanted = frame.is_one_line() && number == frame.start.line
        || !frame.is_one_line() && number == frame.start.line && mark.start > ink.start
        || !frame.is_one_line() && number == frame.end.line && mark.end + 1 < ink.end;
    wanted.then(|| shown.columns(mark))
}
