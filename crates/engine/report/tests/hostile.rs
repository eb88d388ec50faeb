//! What comes from scanned files cannot break a format, a terminal or a renderer.

mod sample;

use quick_xml::events::Event;
use rampart_report::model::*;
use rampart_report::text::Options;
use rampart_report::{csv, gitlab, json, junit, sarif, text};
use serde_json::Value;

const NASTY: &[&str] = &[
    "",
    " ",
    "plain",
    "two words",
    "line\nbreak",
    "carriage\rreturn\r\n",
    "100%25 %00 %",
    "a:b?c#d&e=f;g+h,i@j!k$l'm(n)*o[p]q",
    "C:\\temp\\x",
    "/absolute/../x",
    "//host/share",
    "../../outside",
    "=cmd|' /C calc'!A0",
    "+1",
    "-1",
    "@x",
    "\t=1",
    "＝1",
    "a,b;c\"d\"",
    "]]><!--</failure>&lt;&#0;",
    "\u{0}\u{1}\u{1b}[2J\u{7f}\u{9b}31m",
    "\u{202e}\u{2066}\u{200b}\u{feff}\u{2028}\u{fffe}\u{ffff}\u{e0041}",
    "\u{fffd}lossy\u{fffd}",
    "e\u{301}\u{301}\u{301} 令牌 👩\u{200d}💻 ﷽",
    "`*_~[x](javascript:alert(1))<script>",
    "{{7*7}} ${x} {0} {1}",
];

/// The sample with `text` in every place that takes a text.
fn filled(text: &str) -> Report {
    let mut report = sample::report();
    report.root = text.into();
    for rule in &mut report.rules {
        rule.name = text.into();
        rule.message = text.into();
        rule.cwe.push(text.into());
        rule.owasp.push(text.into());
        rule.references.push(text.into());
        rule.technology.push(text.into());
        rule.source = Some(text.into());
        rule.category = Some(text.into());
        rule.explanation = Some(Explanation { what: text.into(), fix: text.into(), ..Explanation::default() });
    }
    for finding in &mut report.findings {
        finding.path = text.into();
        finding.message = text.into();
        finding.lines.iter_mut().for_each(|l| *l = format!("{text}{l}{text}"));
        finding.metavariables.insert(text.into(), Captured { text: text.into(), ..Captured::default() });
        finding.fingerprints.insert(text.into(), text.into());
        finding.fix = Some(Fix { start: finding.start, end: finding.end, replacement: text.into() });
        finding.trace.push(TraceStep {
            path: text.into(),
            text: text.into(),
            note: text.into(),
            ..TraceStep::default()
        });
        if let Some(suppression) = &mut finding.suppressed {
            suppression.reason = Some(text.into());
        }
    }
    let coverage = &mut report.coverage;
    coverage.limits.push(text.into());
    coverage.skipped.push(Skipped { path: text.into(), reason: SkipReason::Unreadable, detail: text.into() });
    coverage.partially_parsed.push(PartialParse { path: text.into(), errors: Vec::new(), share_of_lines: f64::NAN });
    coverage.rules_skipped.push(SkippedRule { rule: text.into(), reason: text.into() });
    coverage.rule_errors.push(RuleProblem {
        rule: Some(text.into()),
        file: text.into(),
        message: text.into(),
        hint: Some(text.into()),
        source_line: Some(text.into()),
        ..RuleProblem::default()
    });
    report
}

#[test]
fn every_text_survives_every_format() {
    for nasty in NASTY {
        let report = filled(nasty);
        let first = &report.findings[0];

        let value = parsed(|out| json::write(&report, out).unwrap());
        assert_eq!(value["results"][0]["path"], *nasty);
        assert_eq!(value["results"][0]["extra"]["message"], *nasty);

        let value = parsed(|out| sarif::write(&report, out).unwrap());
        let uri = &value["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"];
        let uri = uri.as_str().unwrap();
        assert!(uri.bytes().all(|b| b.is_ascii_graphic()), "{uri}");
        assert_eq!(percent_decoded(uri.strip_prefix("file://").unwrap_or(uri)), *nasty);

        let value = parsed(|out| gitlab::write(&report, out).unwrap());
        assert_eq!(value["vulnerabilities"][0]["location"]["file"], *nasty);
        assert_eq!(value["vulnerabilities"].as_array().unwrap().len(), report.active().count());

        let mut bytes = Vec::new();
        csv::write(&report, &mut bytes).unwrap();
        let rows: Vec<_> =
            ::csv::Reader::from_reader(bytes.as_slice()).into_records().collect::<Result<_, _>>().unwrap();
        assert_eq!(rows.len(), report.findings.len());
        for cell in rows.iter().flatten() {
            assert!(!cell.starts_with(['=', '+', '-', '@', '\t', '\r', '＝']), "{cell:?}");
        }

        assert_eq!(xml_elements(&report, "testcase"), report.findings.len() + 3, "{first:?}");
    }
}

#[test]
fn a_terminal_obeys_nothing_from_a_file() {
    for nasty in NASTY {
        for (verbose, unicode, width) in [(false, true, 80), (true, false, 0), (true, true, 10_000)] {
            let mut bytes = Vec::new();
            let options = Options { color: false, width, verbose, unicode };
            text::write(&filled(nasty), &mut bytes, options).unwrap();
            let page = String::from_utf8(bytes).unwrap();
            let hidden =
                |c: char| c != '\n' && (c.is_control() || "\u{202e}\u{2066}\u{200b}\u{feff}\u{2028}".contains(c));
            assert!(!page.contains(hidden), "{nasty:?}:\n{page:?}");
        }
    }
}

/// A report may be read from a file that somebody else wrote.
#[test]
fn places_that_cannot_be_do_no_harm() {
    let numbers = [0, 1, 7, u32::MAX - 1, u32::MAX];
    for line in numbers {
        for column in numbers {
            for end in numbers {
                let mut report = sample::report();
                for finding in &mut report.findings {
                    finding.start = Position { line, column, offset: u64::MAX };
                    finding.end = Position { line: end, column: line, offset: 0 };
                    finding.first_line = column;
                    finding.fix = Some(Fix { start: finding.end, end: finding.start, replacement: "x\ny".into() });
                }
                report.coverage.partially_parsed[0].errors = vec![LineRange { start: line, end: column }];
                report.coverage.rule_errors[0].line = line;
                report.coverage.rule_errors[0].column = column;
                text::write(&report, &mut Vec::new(), Options::default()).unwrap();
                json::write(&report, &mut Vec::new()).unwrap();
                gitlab::write(&report, &mut Vec::new()).unwrap();
                sarif::write(&report, &mut Vec::new()).unwrap();
                junit::write(&report, &mut Vec::new()).unwrap();
                csv::write(&report, &mut Vec::new()).unwrap();
            }
        }
    }
}

fn parsed(write: impl Fn(&mut Vec<u8>)) -> Value {
    let mut bytes = Vec::new();
    write(&mut bytes);
    serde_json::from_slice(&bytes).expect("it is JSON")
}

fn xml_elements(report: &Report, name: &str) -> usize {
    let mut bytes = Vec::new();
    junit::write(report, &mut bytes).unwrap();
    let text = String::from_utf8(bytes).unwrap();
    assert!(
        !text.contains(|c: char| (c.is_control() && c != '\n' && c != '\t') || matches!(c, '\u{fffe}' | '\u{ffff}'))
    );
    let mut reader = quick_xml::Reader::from_str(&text);
    let mut count = 0;
    loop {
        match reader.read_event().expect("it is XML") {
            Event::Eof => return count,
            Event::Start(e) if e.name().as_ref() == name => count += 1,
            _ => {}
        }
    }
}

fn percent_decoded(uri: &str) -> String {
    let mut bytes = uri.bytes();
    let mut decoded = Vec::new();
    while let Some(byte) = bytes.next() {
        decoded.push(match byte {
            b'%' => {
                let hex = [bytes.next().unwrap(), bytes.next().unwrap()];
                u8::from_str_radix(std::str::from_utf8(&hex).unwrap(), 16).unwrap()
            }
            byte => byte,
        });
    }
    String::from_utf8(decoded).unwrap()
}
