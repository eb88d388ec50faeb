//! The report for people: what was found, where and why, then how much was looked at.
//!
//! Reads the same without colour: no meaning is carried by colour alone. Everything that comes from files goes through
//! [`crate::visible`] first.

mod flow;
mod frame;
mod style;
mod summary;

use std::collections::HashSet;
use std::io::{self, Write};

use crate::model::*;
use crate::visible::{one_line, width};
use frame::Frame;
use style::{Glyphs, Style, count, wrap};

/// How to draw. The caller knows the terminal.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    pub color: bool,
    /// Columns of the terminal; less than 40 is taken as 40.
    pub width: usize,
    /// Every skipped file, every step, suppressed findings and the explanation of each rule.
    pub verbose: bool,
    /// Draw with box characters; else with ASCII.
    pub unicode: bool,
}

impl Default for Options {
    fn default() -> Options {
        Options { color: false, width: 100, verbose: false, unicode: true }
    }
}

/// Narrower than this nothing can be read.
const NARROWEST: usize = 40;

/// Prose in longer lines is hard to read; code frames use the whole width.
const WIDEST_PROSE: usize = 88;

/// Everything about a finding stands this far in.
const INDENT: usize = 4;

pub fn write(report: &Report, out: &mut dyn Write, options: Options) -> io::Result<()> {
    let options = Options { width: options.width.max(NARROWEST), ..options };
    let mut page = Page { out, options, glyphs: Glyphs::of(options.unicode), explained: HashSet::new() };
    page.findings(report)?;
    page.summary(report)
}

/// What the parts of the report are written on.
struct Page<'a> {
    out: &'a mut dyn Write,
    options: Options,
    glyphs: Glyphs,
    /// The rules whose explanation is already on the page.
    explained: HashSet<String>,
}

impl Page<'_> {
    fn findings(&mut self, report: &Report) -> io::Result<()> {
        let index = report.rule_index();
        let shown: Vec<&Finding> =
            report.findings.iter().filter(|f| self.options.verbose || f.suppressed.is_none()).collect();
        for file in shown.chunk_by(|a, b| a.path == b.path) {
            self.file_heading(&file[0].path, file.len())?;
            for finding in file {
                self.finding(finding, index.get(finding.rule.as_str()).map(|&i| &report.rules[i]))?;
            }
        }
        Ok(())
    }

    /// `── src/app.py ───────────── 2 findings ──`
    fn file_heading(&mut self, path: &str, findings: usize) -> io::Result<()> {
        let (path, line) = (one_line(path), self.glyphs.line);
        let number = count(findings as u64, "finding");
        let fill = self.options.width.saturating_sub(width(&path) + number.len() + 8).max(2);
        let before = self.paint(Style::Dim, line.repeat(2));
        let path = self.paint(Style::Bold, path);
        let after = self.paint(Style::Dim, format!("{} {number} {}", line.repeat(fill), line.repeat(2)));
        writeln!(self.out, "{before} {path} {after}\n")
    }

    fn finding(&mut self, finding: &Finding, rule: Option<&RuleInfo>) -> io::Result<()> {
        let style = Style::of(finding.severity);
        let name = finding.severity.as_str().to_uppercase();
        let badge = if self.options.color { format!(" {name} ") } else { format!("[{name}]") };
        let badge = self.paint(style.badge(), badge);
        let title = rule.map(|r| r.name.as_str()).filter(|n| !n.trim().is_empty()).unwrap_or(&finding.rule);
        let about = self.about(finding, rule, title);
        let title = self.paint(Style::Bold, one_line(title));
        writeln!(self.out, "  {badge} {title}")?;
        if !about.is_empty() {
            writeln!(self.out, "{:INDENT$}{}", "", self.paint(Style::Dim, about))?;
        }
        writeln!(self.out)?;
        self.suppression(finding)?;
        if !finding.message.trim().is_empty() {
            self.prose(&finding.message, INDENT, Style::Plain)?;
            writeln!(self.out)?;
        }
        self.place(finding)?;
        self.frame(&Frame::of(finding), style)?;
        writeln!(self.out)?;
        self.trace(finding, style)?;
        self.fix(finding)?;
        self.explanation(rule)
    }

    /// `python.sql.concat · CWE-89 · confidence high`
    fn about(&self, finding: &Finding, rule: Option<&RuleInfo>, title: &str) -> String {
        let id = Some(one_line(&finding.rule)).filter(|_| finding.rule != title);
        let cwe = rule.iter().flat_map(|r| r.cwe_numbers()).map(|n| format!("CWE-{n}"));
        let confidence = rule.and_then(|r| r.confidence).map(|c| format!("confidence {}", c.as_str()));
        let parts = id.into_iter().chain(cwe).chain(confidence);
        parts.collect::<Vec<_>>().join(self.glyphs.dot)
    }

    /// `┌─ src/app.py:14:5`: the form that editors and terminals make a link of.
    fn place(&mut self, finding: &Finding) -> io::Result<()> {
        let gutter = Frame::of(finding).gutter();
        let corner = self.paint(Style::Dim, format!("{:gutter$} {}", "", self.glyphs.corner));
        let place = format!("{}:{}:{}", one_line(&finding.path), finding.start.line, finding.start.column);
        let place = self.paint(Style::Path, place);
        writeln!(self.out, "{:INDENT$}{corner} {place}", "")
    }

    fn suppression(&mut self, finding: &Finding) -> io::Result<()> {
        let Some(suppression) = &finding.suppressed else { return Ok(()) };
        let how = match (suppression.kind, suppression.line) {
            (SuppressionKind::InSource, Some(line)) => format!("Suppressed by a comment on line {line}"),
            (SuppressionKind::InSource, None) => "Suppressed by a comment".to_owned(),
            (SuppressionKind::Baseline, _) => "Suppressed: it is in the baseline".to_owned(),
        };
        let text = match suppression.reason.as_deref().map(str::trim) {
            None | Some("") => how,
            Some(reason) => format!("{how}: {reason}"),
        };
        self.prose(&text, INDENT, Style::Warn)?;
        writeln!(self.out)
    }

    fn explanation(&mut self, rule: Option<&RuleInfo>) -> io::Result<()> {
        let Some((rule, explanation)) = rule.and_then(|r| Some((r, r.explanation.as_ref()?))) else { return Ok(()) };
        if !self.options.verbose || !self.explained.insert(rule.id.clone()) {
            return Ok(());
        }
        for (heading, text) in explanation.parts() {
            self.heading(heading)?;
            self.prose(text, INDENT + 2, Style::Plain)?;
            writeln!(self.out)?;
        }
        Ok(())
    }

    /// A small heading inside a finding.
    fn heading(&mut self, text: &str) -> io::Result<()> {
        let text = self.paint(Style::Bold, text);
        writeln!(self.out, "{:INDENT$}{text}", "")
    }

    fn prose(&mut self, text: &str, indent: usize, style: Style) -> io::Result<()> {
        for line in wrap(text, self.options.width.min(WIDEST_PROSE + indent) - indent) {
            match line.as_str() {
                "" => writeln!(self.out)?,
                line => writeln!(self.out, "{:indent$}{}", "", self.paint(style, line))?,
            }
        }
        Ok(())
    }

    /// `text` in `style`, or as it is without colour.
    fn paint(&self, style: Style, text: impl std::fmt::Display) -> String {
        style.paint(self.options.color, text)
    }
}
