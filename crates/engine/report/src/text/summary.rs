//! The end of the report: how many findings, how much was looked at, what was not and why.

use std::collections::{BTreeMap, BTreeSet};
use std::io;

use super::flow::MOST_STEPS;
use super::frame::Frame;
use super::style::{Style, bytes, count, duration, thousands};
use super::{INDENT, Page};
use crate::model::*;
use crate::visible::{one_line, width};

/// How many paths, rules and problems are named when not all are asked for.
const NAMED: usize = 3;

/// Where the second column of the summary begins.
const COLUMN: usize = 16;

impl Page<'_> {
    pub(super) fn summary(&mut self, report: &Report) -> io::Result<()> {
        let coverage = &report.coverage;
        let rule = self.paint(Style::Dim, self.glyphs.line.repeat(self.options.width));
        writeln!(self.out, "{rule}\n")?;
        self.rule_problems(&coverage.rule_errors)?;
        self.verdict(report)?;
        writeln!(self.out)?;
        self.scanned(coverage)?;
        self.rules(coverage)?;
        self.skipped(&coverage.skipped)?;
        self.partially_parsed(&coverage.partially_parsed)?;
        for limit in &coverage.limits {
            self.entry("Limit", Style::Warn, &one_line(limit))?;
        }
        self.time(coverage)?;
        if !self.options.verbose && has_more(report) {
            let hint = self.paint(Style::Dim, "--verbose shows everything that was left out here.");
            writeln!(self.out, "\n  {hint}")?;
        }
        Ok(())
    }

    fn verdict(&mut self, report: &Report) -> io::Result<()> {
        let active = report.active().count();
        let suppressed = report.findings.len() - active;
        let coverage = &report.coverage;
        if active == 0 {
            let lost = coverage.skipped.iter().any(|s| s.reason.is_failure()) || !coverage.limits.is_empty();
            let (glyph, style, text) = if coverage.files_scanned == 0 {
                (self.glyphs.warning, Style::Warn, "Nothing was scanned")
            } else if lost {
                (self.glyphs.warning, Style::Warn, "No findings in what could be scanned")
            } else {
                (self.glyphs.done, Style::Good, "No findings")
            };
            let glyph = self.paint(style, glyph);
            let text = self.paint(Style::Bold, text);
            writeln!(self.out, "  {glyph} {text}")?;
        } else {
            let files: BTreeSet<&str> = report.active().map(|f| f.path.as_str()).collect();
            let text = format!("{} in {}", count(active as u64, "finding"), count(files.len() as u64, "file"));
            let text = self.paint(Style::Bold, text);
            writeln!(self.out, "  {text}\n")?;
            self.severities(report)?;
        }
        if suppressed > 0 {
            let text = self.paint(Style::Dim, format!("+ {suppressed} suppressed"));
            writeln!(self.out, "{:INDENT$}{text}", "")?;
        }
        Ok(())
    }

    fn severities(&mut self, report: &Report) -> io::Result<()> {
        let mut counts: BTreeMap<Severity, u64> = BTreeMap::new();
        for finding in report.active() {
            *counts.entry(finding.severity).or_default() += 1;
        }
        let digits = counts.values().map(|&n| thousands(n).len()).max().unwrap_or(1);
        let most = counts.values().copied().max().unwrap_or(1);
        let room = (self.options.width.saturating_sub(INDENT + 10 + digits + 4) as u64).min(40);
        for (&severity, &number) in counts.iter().rev() {
            // One block a finding as long as that fits, in proportion beyond.
            let length = if most <= room { number } else { (number * room).div_ceil(most) };
            let name = self.paint(Style::of(severity), format!("{:<8}", severity.as_str()));
            let bar = self.paint(Style::of(severity), self.glyphs.block.repeat(length as usize));
            writeln!(self.out, "{:INDENT$}{name}  {:>digits$}  {bar}", "", thousands(number))?;
        }
        Ok(())
    }

    fn scanned(&mut self, coverage: &Coverage) -> io::Result<()> {
        let size = bytes(coverage.bytes_scanned);
        let (files, lines) = (count(coverage.files_scanned, "file"), count(coverage.lines_scanned, "line"));
        self.entry("Scanned", Style::Plain, &format!("{files}, {lines}, {size}"))?;
        if coverage.files_by_language.is_empty() {
            return Ok(());
        }
        let mut languages: Vec<_> = coverage.files_by_language.iter().collect();
        languages.sort_by_key(|&(name, &number)| (std::cmp::Reverse(number), name));
        let text = languages.iter().map(|(name, number)| format!("{} {}", one_line(name), thousands(**number)));
        self.list(text, self.glyphs.dot)
    }

    fn rules(&mut self, coverage: &Coverage) -> io::Result<()> {
        let (run, loaded) = (coverage.rules_run, coverage.rules_loaded);
        let text = match run == loaded {
            true => format!("{} ran", thousands(run)),
            false => format!("{} of {} ran", thousands(run), thousands(loaded)),
        };
        self.entry("Rules", Style::Plain, &text)?;
        let mut reasons: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for skipped in &coverage.rules_skipped {
            reasons.entry(&skipped.reason).or_default().push(&skipped.rule);
        }
        for (reason, rules) in reasons {
            self.named(&format!("{} not run: {}", rules.len(), one_line(reason)), &rules)?;
        }
        Ok(())
    }

    fn skipped(&mut self, skipped: &[Skipped]) -> io::Result<()> {
        if skipped.is_empty() {
            return Ok(());
        }
        let mut reasons: BTreeMap<(bool, SkipReason), Vec<&Skipped>> = BTreeMap::new();
        for file in skipped {
            reasons.entry((!file.reason.is_failure(), file.reason)).or_default().push(file);
        }
        let failed = skipped.iter().any(|s| s.reason.is_failure());
        let style = if failed { Style::Warn } else { Style::Plain };
        self.entry("Skipped", style, &count(skipped.len() as u64, "file"))?;
        for ((_, reason), files) in reasons {
            let heading = format!("{} {}", thousands(files.len() as u64), reason.describe());
            if self.options.verbose {
                self.under(&heading)?;
                for file in files {
                    let detail =
                        if file.detail.is_empty() { String::new() } else { format!("  {}", one_line(&file.detail)) };
                    let detail = self.paint(Style::Dim, detail);
                    writeln!(self.out, "{:COLUMN$}    {}{detail}", "", one_line(&file.path))?;
                }
            } else {
                self.named(&heading, &files.iter().map(|f| f.path.as_str()).collect::<Vec<_>>())?;
            }
        }
        Ok(())
    }

    fn partially_parsed(&mut self, files: &[PartialParse]) -> io::Result<()> {
        if files.is_empty() {
            return Ok(());
        }
        self.entry("Read in part", Style::Plain, &count(files.len() as u64, "file"))?;
        let most = if self.options.verbose { usize::MAX } else { NAMED };
        for file in files.iter().take(most) {
            let detail = self.paint(Style::Dim, file.describe());
            self.under(&format!("{}  {detail}", one_line(&file.path)))?;
        }
        match files.len().saturating_sub(most) {
            0 => Ok(()),
            more => self.under(&self.paint(Style::Dim, format!("and {}", count(more as u64, "more file")))),
        }
    }

    fn time(&mut self, coverage: &Coverage) -> io::Result<()> {
        let mut text = duration(coverage.wall_ms);
        if coverage.cpu_ms > 0 {
            text = format!("{text}, {} of processor time", duration(coverage.cpu_ms));
        }
        if let Some(memory) = coverage.peak_memory_bytes {
            text = format!("{text}, {} of memory", bytes(memory));
        }
        self.entry("Time", Style::Plain, &text)
    }

    /// Each with its line of the rule file, a caret and what to do.
    fn rule_problems(&mut self, problems: &[RuleProblem]) -> io::Result<()> {
        let most = if self.options.verbose { usize::MAX } else { NAMED };
        for problem in problems.iter().take(most) {
            let label = self.paint(Style::Severity(Severity::High), "error:");
            let rule = problem.rule.as_ref().map(|r| format!("rule {}: ", one_line(r))).unwrap_or_default();
            writeln!(self.out, "  {label} {rule}{}", one_line(&problem.message))?;
            let at = Position { line: problem.line, column: problem.column.max(1), offset: 0 };
            let end = Position { column: at.column.saturating_add(1), ..at };
            let lines: Vec<String> = problem.source_line.iter().filter(|_| problem.line > 0).cloned().collect();
            let frame = Frame { first_line: at.line, lines: &lines, start: at, end };
            let place = match problem.line {
                0 => one_line(&problem.file),
                line => format!("{}:{line}:{}", one_line(&problem.file), at.column),
            };
            let gutter = frame.gutter();
            let corner = self.paint(Style::Dim, format!("{:gutter$} {}", "", self.glyphs.corner));
            if !place.is_empty() {
                writeln!(self.out, "{:INDENT$}{corner} {}", "", self.paint(Style::Path, place))?;
            }
            self.frame(&frame, Style::Severity(Severity::High))?;
            if let Some(hint) = &problem.hint {
                writeln!(self.out, "  {} {}", self.paint(Style::Good, "hint:"), one_line(hint))?;
            }
            writeln!(self.out)?;
        }
        match problems.len().saturating_sub(most) {
            0 => Ok(()),
            more => writeln!(self.out, "  and {} in rules\n", count(more as u64, "more error")),
        }
    }

    /// `  Scanned       128 files`
    fn entry(&mut self, label: &str, style: Style, text: &str) -> io::Result<()> {
        let label = self.paint(Style::Dim, format!("{label:<0$}", COLUMN - 4));
        writeln!(self.out, "  {label}  {}", self.paint(style, text))
    }

    /// A line below an entry.
    fn under(&mut self, text: &str) -> io::Result<()> {
        writeln!(self.out, "{:COLUMN$}  {text}", "")
    }

    /// A line below an entry with the first few of some names.
    fn named(&mut self, heading: &str, names: &[&str]) -> io::Result<()> {
        self.under(heading)?;
        let most = if self.options.verbose { usize::MAX } else { NAMED };
        let mut shown: Vec<String> = names.iter().take(most).map(|n| one_line(n)).collect();
        if names.len() > shown.len() {
            shown.push(format!("and {} more", thousands((names.len() - shown.len()) as u64)));
        }
        for name in shown {
            let name = self.paint(Style::Dim, name);
            writeln!(self.out, "{:COLUMN$}    {name}", "")?;
        }
        Ok(())
    }

    /// Short items one after the other, in as many lines as they need.
    fn list(&mut self, items: impl Iterator<Item = String>, between: &str) -> io::Result<()> {
        let mut line = String::new();
        for item in items {
            if !line.is_empty() && COLUMN + 2 + width(&line) + width(between) + width(&item) > self.options.width {
                self.under(&self.paint(Style::Dim, &line))?;
                line.clear();
            }
            line = if line.is_empty() { item } else { format!("{line}{between}{item}") };
        }
        self.under(&self.paint(Style::Dim, line))
    }
}

/// Whether `--verbose` would say more.
fn has_more(report: &Report) -> bool {
    let coverage = &report.coverage;
    let mut reasons: BTreeMap<SkipReason, usize> = BTreeMap::new();
    for skipped in &coverage.skipped {
        *reasons.entry(skipped.reason).or_default() += 1;
    }
    reasons.values().any(|&n| n > NAMED)
        || coverage.rules_skipped.len() > NAMED
        || coverage.partially_parsed.len() > NAMED
        || coverage.rule_errors.len() > NAMED
        || report.findings.iter().any(|f| f.suppressed.is_some() || f.trace.len() > MOST_STEPS)
}
