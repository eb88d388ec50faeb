//! JUnit XML, for build servers that show test results: one suite a file, one failed test a finding.
//!
//! XML 1.0 cannot hold control characters, escaped or not; they are spelled out like all that is hidden.
//! A suppressed finding is a skipped test, and so is a file that could not be scanned. A scan without findings is one test that passed.

use std::io::{self, Write};

use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};

use crate::model::*;
use crate::visible::block;
use crate::wire::at_most;

/// Longest text of one failure, in characters: build servers keep all results in memory.
const LONGEST_TEXT: usize = 10_000;

pub fn write(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let index = report.rule_index();
    let mut xml = Xml(quick_xml::Writer::new_with_indent(out, b' ', 2));
    let lost: Vec<&Skipped> = report.coverage.skipped.iter().filter(|s| s.reason.is_failure()).collect();
    let failures = report.active().count();
    let passed = usize::from(report.findings.is_empty());
    let skipped = report.findings.len() - failures + lost.len();
    xml.0.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    xml.open(
        "testsuites",
        &[
            ("name", &report.tool.name),
            ("tests", &(report.findings.len() + lost.len() + passed).to_string()),
            ("failures", &failures.to_string()),
            ("errors", "0"),
            ("skipped", &skipped.to_string()),
            ("time", &format!("{:.3}", report.coverage.wall_ms as f64 / 1000.0)),
        ],
    )?;
    for findings in report.findings.chunk_by(|a, b| a.path == b.path) {
        let failures = findings.iter().filter(|f| f.suppressed.is_none()).count();
        xml.open_suite(&findings[0].path, findings.len(), failures, findings.len() - failures, report)?;
        for finding in findings {
            xml.finding(finding, index.get(finding.rule.as_str()).map(|&i| &report.rules[i]))?;
        }
        xml.close("testsuite")?;
    }
    if passed > 0 {
        xml.open_suite("scan", 1, 0, 0, report)?;
        let name = format!("no findings in {} files", report.coverage.files_scanned);
        xml.open("testcase", &[("classname", "scan"), ("name", &name)])?;
        xml.close("testcase")?;
        xml.close("testsuite")?;
    }
    if !lost.is_empty() {
        xml.open_suite("not scanned", lost.len(), 0, lost.len(), report)?;
        for file in lost {
            xml.open("testcase", &[("classname", "not scanned"), ("name", &file.path), ("file", &file.path)])?;
            let why = format!("{} {}", file.reason.describe(), file.detail);
            xml.element("skipped", &[("message", why.trim())], "")?;
            xml.close("testcase")?;
        }
        xml.close("testsuite")?;
    }
    xml.close("testsuites")?;
    xml.0.get_mut().write_all(b"\n")
}

struct Xml<'a>(quick_xml::Writer<&'a mut dyn Write>);

impl Xml<'_> {
    fn open_suite(
        &mut self,
        name: &str,
        tests: usize,
        failures: usize,
        skipped: usize,
        report: &Report,
    ) -> io::Result<()> {
        // JUnit takes times without a zone.
        let started = report.started.get(..19).unwrap_or_default();
        self.open(
            "testsuite",
            &[
                ("name", name),
                ("tests", &tests.to_string()),
                ("failures", &failures.to_string()),
                ("errors", "0"),
                ("skipped", &skipped.to_string()),
                ("timestamp", started),
            ],
        )
    }

    fn finding(&mut self, finding: &Finding, rule: Option<&RuleInfo>) -> io::Result<()> {
        let title = rule.map_or(finding.rule.as_str(), |r| r.name.as_str());
        let line = finding.start.line.to_string();
        let name = format!("{title} at line {line}, column {}", finding.start.column);
        self.open(
            "testcase",
            &[("classname", &finding.rule), ("name", &name), ("file", &finding.path), ("line", &line)],
        )?;
        match &finding.suppressed {
            Some(suppression) => {
                let reason = suppression.reason.as_deref().unwrap_or(match suppression.kind {
                    SuppressionKind::InSource => "suppressed by a comment",
                    SuppressionKind::Baseline => "present in the baseline",
                });
                self.element("skipped", &[("message", reason)], "")?;
            }
            None => {
                let attributes = [("message", finding.headline()), ("type", finding.severity.as_str())];
                self.element("failure", &attributes, &at_most(&failure_text(finding, rule), LONGEST_TEXT))?;
            }
        }
        self.close("testcase")
    }

    fn open(&mut self, name: &str, attributes: &[(&str, &str)]) -> io::Result<()> {
        self.0.write_event(Event::Start(start(name, attributes)))
    }

    fn close(&mut self, name: &str) -> io::Result<()> {
        self.0.write_event(Event::End(BytesEnd::new(name)))
    }

    fn element(&mut self, name: &str, attributes: &[(&str, &str)], text: &str) -> io::Result<()> {
        if text.is_empty() {
            return self.0.write_event(Event::Empty(start(name, attributes)));
        }
        self.open(name, attributes)?;
        self.0.write_event(Event::Text(BytesText::new(&block(text))))?;
        self.close(name)
    }
}

fn failure_text(finding: &Finding, rule: Option<&RuleInfo>) -> String {
    let mut text = format!("{}:{}:{}\n{}\n", finding.path, finding.start.line, finding.start.column, finding.message);
    if let Some(cwe) = rule.map(|r| r.cwe.join(", ")).filter(|c| !c.is_empty()) {
        text.push_str(&format!("{cwe}\n"));
    }
    for (index, line) in finding.lines.iter().enumerate() {
        let number = finding.first_line.saturating_add(index as u32);
        let mark = if (finding.start.line..=finding.end.line).contains(&number) { '>' } else { ' ' };
        text.push_str(&format!("\n{mark} {number:>5} | {line}"));
    }
    if let Some(fix) = &finding.fix {
        text.push_str(&format!("\n\nSuggested replacement:\n{}", fix.replacement));
    }
    text
}

fn start<'a>(name: &'a str, attributes: &[(&str, &str)]) -> BytesStart<'a> {
    let mut start = BytesStart::new(name);
    for (key, value) in attributes {
        start.push_attribute((*key, block(value).as_str()));
    }
    start
}
