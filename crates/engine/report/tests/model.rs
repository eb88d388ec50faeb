//! The wire form: what is written is read again, and rule metadata is read however it is written.

mod sample;

use rampart_report::model::*;
use serde_json::{Value, json};

#[test]
fn a_report_is_read_as_it_was_written() {
    for report in [sample::report(), sample::clean()] {
        let text = serde_json::to_string(&report).unwrap();
        assert_eq!(serde_json::from_str::<Report>(&text).unwrap(), report);
    }
}

#[test]
fn other_versions_of_the_form_are_read() {
    let text = r#"{"schema":1,"new":1,"tool":{"name":"Rampart","version":"9"},"started":"","finished":"","root":".","rules":[],
        "findings":[{"rule":"r","path":"p"}],"coverage":{"skipped":[{"path":"x","reason":"sunspots"}]}}"#;
    let report: Report = serde_json::from_str(text).unwrap();
    assert_eq!(report.findings[0].severity, Severity::Info);
    assert_eq!(report.coverage.skipped[0].reason, SkipReason::Other);
}

#[test]
fn the_order_of_a_report_does_not_depend_on_the_order_of_its_making() {
    let mut report = sample::report();
    report.findings.reverse();
    report.rules.reverse();
    report.findings.push(report.findings[0].clone());
    report.sort();
    assert_eq!(report, sample::report());
}

#[test]
fn cwe_numbers_are_read_in_all_spellings() {
    let check = |text: &str, expected| assert_eq!(cwe_number(text), expected, "{text:?}");
    check("CWE-89: Improper Neutralization", Some(89));
    check("CWE-089", Some(89));
    check("cwe89", Some(89));
    check("cwe_79", Some(79));
    check("79", Some(79));
    check("CWE", None);
    check("CWE-99999999999", None);
    check("é89", None);
    check("", None);
}

#[test]
fn rule_metadata_is_read_however_it_is_written() {
    let check = |metadata: Value, expected: Value| {
        let rule = RuleInfo::new("a.b.my-rule_x", "m", Severity::Low, metadata.clone());
        let written = serde_json::to_value(&rule).unwrap();
        for (key, value) in expected.as_object().unwrap() {
            assert_eq!(written.get(key).unwrap_or(&Value::Null), value, "{key} of {metadata}");
        }
    };
    check(json!({}), json!({ "name": "My rule x", "cwe": [], "confidence": null, "explanation": null }));
    check(Value::Null, json!({ "name": "My rule x" }));
    check(json!("text"), json!({ "name": "My rule x" }));
    check(json!({ "name": "Title" }), json!({ "name": "Title" }));
    check(json!({ "cwe": "CWE-1", "owasp": ["A", "", 3, null] }), json!({ "cwe": ["CWE-1"], "owasp": ["A", "3"] }));
    check(json!({ "confidence": "HIGH", "impact": "huge" }), json!({ "confidence": "high", "impact": null }));
    check(json!({ "references": "https://x.example" }), json!({ "references": ["https://x.example"] }));
    check(json!({ "source": "https://x.example/r" }), json!({ "source": "https://x.example/r" }));
    check(
        json!({ "explanation": { "what": "W\n", "fix": 3 } }),
        json!({ "explanation": { "what": "W", "exploit": "", "impact": "", "fix": "", "prevention": "" } }),
    );
}

#[test]
fn the_context_of_a_finding_is_bounded() {
    let long = "é".repeat(LINE_LIMIT + 1);
    let just = "x".repeat(LINE_LIMIT);
    let lines: Vec<Vec<u8>> = [b"a\r".as_slice(), b"\xff\xfe", long.as_bytes(), just.as_bytes(), b"", b"f"]
        .iter()
        .map(|l| l.to_vec())
        .collect();
    let check = |start: u32, end: u32, first: u32, count: usize| {
        let at = |line| Position { line, column: 1, offset: 0 };
        let mut finding = Finding { start: at(start), end: at(end), ..Finding::default() };
        finding.set_context(|n| lines.get(n as usize - 1));
        assert_eq!((finding.first_line, finding.lines.len()), (first, count), "{start}-{end}");
        finding
    };
    check(1, 1, 1, 3);
    check(6, 6, 4, 3);
    check(6, u32::MAX, 4, 3);
    check(0, 0, 1, 2);
    check(40, 41, 38, 0);
    let all = check(3, 4, 1, 6);
    assert_eq!(all.lines[..2], ["a", "\u{fffd}\u{fffd}"]);
    assert_eq!(all.lines[2], "é".repeat(LINE_LIMIT) + "…");
    assert_eq!(all.lines[3], just);
    let mut huge = Finding { start: Position { line: 5, ..Position::default() }, ..Finding::default() };
    huge.end.line = u32::MAX;
    huge.set_context(|_| Some("x"));
    assert_eq!(huge.lines.len(), CONTEXT_LIMIT);
}

#[test]
fn the_text_of_a_range_is_given_only_when_it_is_known() {
    let lines = vec!["x = f(é)".to_owned(), "y".repeat(LINE_LIMIT) + "…", "z".to_owned()];
    let finding = Finding { first_line: 4, lines, ..Finding::default() };
    let check = |from: (u32, u32), to: (u32, u32), expected: Option<&str>| {
        let at = |(line, column)| Position { line, column, offset: 0 };
        assert_eq!(finding.text_between(at(from), at(to)).as_deref(), expected, "{from:?}-{to:?}");
    };
    check((4, 5), (4, 9), Some("f(é)"));
    check((4, 5), (4, 10), None);
    check((4, 0), (4, 3), None);
    check((4, 9), (5, 3), Some("\nyy"));
    check((5, 300), (5, 301), Some("y"));
    check((5, 300), (5, 302), None);
    check((5, 1), (6, 2), None);
    check((6, 1), (6, 1), Some(""));
    check((6, 2), (6, 1), None);
    check((6, 2), (5, 1), None);
    check((3, 1), (4, 1), None);
}
