//! The way of a value, step by step, and the suggested fix as a small diff.

use std::io;

use super::frame::{Frame, numbered};
use super::style::{Style, count};
use super::{INDENT, Page};
use crate::model::*;
use crate::visible::{Shown, Window, one_line, width};

/// Longer traces are shown by their ends; the first steps and the last ones tell most.
pub(super) const MOST_STEPS: usize = 10;
const END_STEPS: usize = 4;

/// Longer fixes are for a patch, not for a terminal.
const MOST_FIX_LINES: usize = 16;

impl Page<'_> {
    pub(super) fn trace(&mut self, finding: &Finding, style: Style) -> io::Result<()> {
        let steps = &finding.trace;
        if steps.is_empty() {
            return Ok(());
        }
        self.heading("How the value gets there")?;
        let place = |step: &TraceStep| match step.path == finding.path {
            true => format!("{}:{}", step.start.line, step.start.column),
            false => format!("{}:{}:{}", one_line(&step.path), step.start.line, step.start.column),
        };
        let places: Vec<String> = steps.iter().map(place).collect();
        let widest = places.iter().map(|p| width(p)).max().unwrap_or(0).min(self.options.width / 3);
        let cut = !self.options.verbose && steps.len() > MOST_STEPS;
        for (index, (step, place)) in steps.iter().zip(&places).enumerate() {
            if cut && (END_STEPS..steps.len() - END_STEPS).contains(&index) {
                if index == END_STEPS {
                    let more = count((steps.len() - 2 * END_STEPS) as u64, "more step");
                    let text = self.paint(Style::Dim, format!("{} {more}", self.glyphs.gap));
                    writeln!(self.out, "{:INDENT$}  {text}", "")?;
                }
                continue;
            }
            self.step(step, place, widest, index + 1 == steps.len(), style)?;
        }
        writeln!(self.out)
    }

    fn step(&mut self, step: &TraceStep, place: &str, widest: usize, last: bool, style: Style) -> io::Result<()> {
        let dot = self.paint(style, if last { self.glyphs.last_step } else { self.glyphs.step });
        let blanks = widest.saturating_sub(width(place));
        let place = self.paint(Style::Path, place);
        let window = Window { shift: 0, width: self.options.width.saturating_sub(INDENT + widest + 6).max(20) };
        let line = step.text.lines().next().unwrap_or_default().trim();
        let code = Shown::new(line).through(window, 0..0, self.glyphs.more).concat();
        writeln!(self.out, "{:INDENT$}  {dot} {place}{:blanks$}  {code}", "", "")?;
        if !step.note.is_empty() {
            let bar = self.paint(Style::Dim, if last { " " } else { self.glyphs.bar });
            let note = self.paint(Style::Dim, one_line(&step.note));
            writeln!(self.out, "{:INDENT$}  {bar} {:widest$}  {note}", "", "")?;
        }
        Ok(())
    }

    pub(super) fn fix(&mut self, finding: &Finding) -> io::Result<()> {
        let Some(fix) = &finding.fix else { return Ok(()) };
        self.heading("Suggested fix")?;
        let gutter = Frame::of(finding).gutter();
        let (first, old, new) = match changed_lines(finding, fix) {
            Some(change) => change,
            // The place is not in the kept lines: the replacement alone.
            None => (fix.start.line, Vec::new(), fix.replacement.lines().map(str::to_owned).collect()),
        };
        let room = self.options.width.saturating_sub(INDENT + gutter + 3).max(20);
        let longest = old.iter().chain(&new).map(|l| Shown::new(l).columns(0..usize::MAX).end).max().unwrap_or(0);
        let start = old.first().map_or(0, |l| common_prefix(l, new.first().map_or("", String::as_str)));
        let shift = if longest <= room || start < room * 2 / 3 { 0 } else { start - room / 4 };
        let window = Window { shift, width: room };
        for (sign, style, lines) in [('-', Style::Remove, &old), ('+', Style::Add, &new)] {
            for (number, line) in numbered(first, lines).take(MOST_FIX_LINES) {
                let code = Shown::new(line).through(window, 0..0, self.glyphs.more).concat();
                let number = self.paint(Style::Dim, format!("{number:>gutter$}"));
                let text = self.paint(style, format!("{sign} {code}").trim_end());
                writeln!(self.out, "{:INDENT$}{number} {text}", "")?;
            }
            if lines.len() > MOST_FIX_LINES {
                let more = count((lines.len() - MOST_FIX_LINES) as u64, "more line");
                let text = self.paint(Style::Dim, format!("{:>gutter$} {more}", self.glyphs.gap));
                writeln!(self.out, "{:INDENT$}{text}", "")?;
            }
        }
        writeln!(self.out)
    }
}

/// The lines that the fix changes, before and after, and the number of the first; `None` when the context does not hold them.
fn changed_lines(finding: &Finding, fix: &Fix) -> Option<(u32, Vec<String>, Vec<String>)> {
    let line_start = Position { column: 1, ..fix.start };
    let last = finding.line(fix.end.line).filter(|l| l.chars().count() <= LINE_LIMIT)?;
    let line_end = Position { column: u32::try_from(last.chars().count()).ok()?.checked_add(1)?, ..fix.end };
    let before = finding.text_between(line_start, line_end)?;
    let (head, tail) = (finding.text_between(line_start, fix.start)?, finding.text_between(fix.end, line_end)?);
    let after = format!("{head}{}{tail}", fix.replacement);
    let mut old: Vec<String> = before.split('\n').map(str::to_owned).collect();
    let mut new: Vec<String> = after.lines().map(str::to_owned).collect();
    if fix.replacement.is_empty() && after.trim().is_empty() {
        new.clear();
    }
    while old.len() > 1 && new.len() > 1 && old.last() == new.last() {
        old.pop();
        new.pop();
    }
    let same = old.iter().zip(&new).take_while(|(a, b)| a == b).count().min(old.len() - 1);
    Some((fix.start.line.saturating_add(same as u32), old.split_off(same), new.split_off(same.min(new.len()))))
}

fn common_prefix(a: &str, b: &str) -> usize {
    a.chars().zip(b.chars()).take_while(|(a, b)| a == b).count()
}
