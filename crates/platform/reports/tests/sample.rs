//! A report as scans leave them, for the tests and the bench.

use rampart_reports::{CodeLine, Comparison, Count, Document, Fact, Files, Left, Place, Step, Summary, Weakness};

/// So many findings of forty rules.
pub fn document(findings: u32) -> Document {
    let severities = ["critical", "high", "high", "medium", "medium", "medium", "low"];
    let rules = findings.clamp(1, 40);
    let mut number = 0;
    let weaknesses = (0..rules).map(|rule| {
        let places = (0..findings).filter(|finding| finding % rules == rule).map(|finding| {
            number += 1;
            place(number, finding)
        });
        weakness(rule, severities[(rule * 7 / rules) as usize % 7], places.collect())
    });
    let weaknesses: Vec<Weakness> = weaknesses.collect();
    let counts = ["critical", "high", "medium", "low", "info"].map(|severity| Count {
        severity: severity.into(),
        open: weaknesses.iter().filter(|w| w.severity == severity).map(|w| w.places.len() as u64).sum(),
        new: 3,
        decided: 1,
        fixed: 2,
    });
    let fact = |name: &str, value: &str| Fact { name: name.into(), value: value.into() };
    Document {
        title: "Security report of a scan".into(),
        repository: "team/shop".into(),
        date: "2026-11-21 14:02 UTC".into(),
        facts: vec![
            fact("Repository", "team/shop"),
            fact("Branch", "main"),
            fact("Commit", "4f2a9c1e77b0d3a5c6e8f0123456789abcdef012"),
            fact("Scanned", "2026-11-21 14:02 UTC, in 3.1 s"),
            fact("Scope", "all files of the commit: 612 scanned, 38 not"),
            fact("Engine", "Rampart 0.1.0, 164 rules (rules 2026.11)"),
        ],
        summary: Summary {
            headline: format!("{findings} findings are open, 71 of them critical; 3 are new since the last scan."),
            score: Some(41),
            grade: Some("D".into()),
            counts: counts.to_vec(),
            compared: Some(Comparison {
                with: "the scan of 2026-11-20 02:00 UTC at 9c1f0ab".into(),
                new: 3,
                fixed: 2,
                unchanged: u64::from(findings).saturating_sub(3),
            }),
            limits: vec![
                "2 files could not be read to the end; what is in the rest of them was looked at.".into(),
                "A scan of code sees what the code says, not how the program is set up and run.".into(),
            ],
        },
        weaknesses,
        more: 0,
        files: Files {
            scanned: (0..600).map(|n| format!("services/orders/src/handlers/module_{n}/view.py")).collect(),
            scanned_more: 12,
            left: vec![
                Left {
                    reason: "no rules for this kind of file".into(),
                    files: (0..30).map(|n| (format!("assets/icons/icon-{n}.svg"), String::new())).collect(),
                    more: 0,
                },
                Left {
                    reason: "too large".into(),
                    files: vec![("data/fixtures/orders.sql".into(), "3200000 bytes, the limit is 1000000".into())],
                    more: 4,
                },
            ],
        },
    }
}

fn weakness(rule: u32, severity: &str, places: Vec<Place>) -> Weakness {
    Weakness {
        title: format!("SQL injection through string concatenation, kind {rule}"),
        rule: format!("python.sql.injection-{rule}"),
        severity: severity.into(),
        cwe: Some("CWE-89".into()),
        owasp: Some("A03:2021 - Injection".into()),
        cvss: Some(9.8),
        explanation: "A statement is put together from text that comes from a request. Whoever sends the request decides what the \
                      statement says."
            .into(),
        impact: "All rows can be read, changed and deleted; with some databases commands can be run on the server.".into(),
        remedy: "Give the values to the driver as parameters, and keep the text of the statement constant.".into(),
        references: vec!["https://cwe.mitre.org/data/definitions/89.html".into()],
        places,
    }
}

fn place(number: u32, finding: u32) -> Place {
    let line = 40 + finding % 200;
    let texts = [
        "def list_orders(request):",
        "    name = request.args[\"name\"]",
        "    query = \"SELECT * FROM orders WHERE customer = '\" + name + \"' ORDER BY created_at\"",
        "    rows = db.execute(query).fetchall()",
        "    return render(\"orders.html\", rows=rows)",
    ];
    let code = texts.iter().enumerate().map(|(index, text)| CodeLine {
        number: line - 2 + index as u32,
        text: (*text).to_owned(),
        hit: index == 2,
    });
    let path = format!("services/orders/src/handlers/module_{}/view.py", finding % 90);
    let step = |line, note: &str, text: &str| Step { path: path.clone(), line, note: note.into(), text: text.into() };
    Place {
        number,
        id: Some(format!("0192f0c1-0000-7000-8000-{finding:012}")),
        line,
        message: "The text of the statement holds `name`, which comes from the request.".into(),
        status: if finding % 9 == 4 { "false positive" } else { "open" }.into(),
        reason: (finding % 9 == 4).then(|| "The value was checked against a list by the gateway.".to_owned()),
        is_new: finding.is_multiple_of(11),
        since: Some("2026-10-02".into()),
        confidence: "high".into(),
        code: code.collect(),
        steps: vec![
            step(line - 1, "comes from the request", texts[1]),
            step(line, "becomes a part of the statement", texts[2]),
            step(line + 1, "is run", texts[3]),
        ],
        fix: None,
        path,
    }
}
