//! One rich report, made of code, that every renderer is tested with.
#![allow(dead_code)] // Each test program uses its part.

use std::collections::BTreeMap;

use rampart_report::model::*;
use serde_json::json;

pub const USERS: &str = r#"from flask import request

from app.db import connect


def find_user():
    name = request.args["name"]
    order = request.args.get("order", "id")
    query = (
        "select * from users where name = '"
        + name
        + "' order by "
        + order
    )
    return connect().execute(query)


def token(user):
	# naïve — 令牌
	return hashlib.md5(user.email.encode()).hexdigest()
"#;

/// Bidirectional controls, an escape sequence and a zero-width space in code.
pub const HOSTILE: &str =
    "access = \"user\u{202e} \u{2066}// admin\u{2069} \u{2066}\"\nprint(\"\u{1b}[2J\u{200b}\u{7}\") ; eval(x)\n";

pub fn report() -> Report {
    let mut report = Report {
        schema: SCHEMA,
        tool: Tool {
            name: "Rampart".into(),
            version: "0.1.0".into(),
            url: Some("https://rampart.example/".into()),
            rules_version: Some("2026.11".into()),
        },
        started: "2026-11-21T06:00:00Z".into(),
        finished: "2026-11-21T06:00:01Z".into(),
        root: ".".into(),
        rules: rules(),
        findings: findings(),
        coverage: coverage(),
    };
    report.sort();
    report
}

/// Nothing found, nothing lost.
pub fn clean() -> Report {
    let coverage = Coverage {
        files_scanned: 12,
        bytes_scanned: 40_960,
        lines_scanned: 1_310,
        files_by_language: BTreeMap::from([("go".into(), 12)]),
        rules_loaded: 240,
        rules_run: 240,
        complete: true,
        wall_ms: 41,
        ..Coverage::default()
    };
    Report { rules: Vec::new(), findings: Vec::new(), coverage, ..report() }
}

fn rules() -> Vec<RuleInfo> {
    let injection = json!({
        "name": "SQL statement built from request data",
        "category": "security",
        "cwe": ["CWE-89: Improper Neutralization of Special Elements used in an SQL Command ('SQL Injection')"],
        "owasp": ["A03:2021 - Injection", "A05:2025 - Injection"],
        "confidence": "HIGH", "likelihood": "HIGH", "impact": "HIGH",
        "technology": ["flask", "sql"],
        "references": ["https://cwe.mitre.org/data/definitions/89.html", "javascript:alert(1)"],
        "explanation": {
            "what": "Data of a request becomes part of the text of an SQL statement.",
            "exploit": "A name such as `' or 1=1 --` ends the literal and changes the statement.",
            "impact": "Every row that the account of the application may read or write.",
            "fix": "Give the values as parameters:\n    db.execute(\"select * from users where name = %s\", [name])\nNames of columns come from a fixed list.",
            "prevention": "Use a query builder."
        }
    });
    // As public registries write it: strings where lists are expected, levels in capitals.
    let registry = json!({
        "cwe": "CWE-328: Use of Weak Hash", "owasp": "A02:2021 - Cryptographic Failures",
        "references": "https://cwe.mitre.org/data/definitions/328.html",
        "category": "security", "technology": ["python"], "confidence": "MEDIUM", "likelihood": "low",
        "source": "https://rules.example/r/weak-hash"
    });
    let style = json!({ "category": "correctness", "cwe": ["CWE-95"], "explanation": "not an object" });
    let mut rules = vec![
        RuleInfo::new("python.sql.request-to-statement", "$X reaches an SQL statement.", Severity::Critical, injection),
        RuleInfo::new("python.crypto.weak-hash", "MD5 can be forged", Severity::Medium, registry),
        RuleInfo::new("python.eval_used", "eval runs its argument as code", Severity::Low, style),
    ];
    rules.iter_mut().for_each(|r| r.languages = vec!["python".into()]);
    rules
}

fn findings() -> Vec<Finding> {
    let mut injection = finding(
        "app/users.py",
        USERS,
        "python.sql.request-to-statement",
        Severity::Critical,
        "connect().execute(query)",
    );
    injection.message =
        "The request parameter `name` reaches an SQL statement. Whoever sends the request can change what \
        the statement does.\nGive values as parameters:\n\n    execute(\"… where name = %s\", [name])"
            .into();
    injection.fix = fix(USERS, "execute(query)", "execute(query, [name])");
    injection.metavariables.insert("$X".into(), captured(USERS, "query)", 5));
    injection.fingerprints = BTreeMap::from([("match/v1".into(), "1f6b".into()), ("body/v1".into(), "77aa".into())]);
    injection.trace = vec![
        step("app/users.py", USERS, "request.args[\"name\"]", "comes from the request"),
        step("app/users.py", USERS, "+ name", "becomes part of query"),
        step("app/db.py", "def execute(q):\n    raw(q)\n", "raw(q)", "is handed on by execute()"),
        step("app/users.py", USERS, "connect().execute(query)", "reaches the statement"),
    ];

    let mut built = finding(
        "app/users.py",
        USERS,
        "python.sql.request-to-statement",
        Severity::High,
        "(\n        \"select * from users where name = '\"\n        + name\n        + \"' order by \"\n        + order\n    )",
    );
    built.message = "A statement is put together from values.".into();
    built.fix = fix(
        USERS,
        "        + name\n        + \"' order by \"\n        + order\n",
        "        \"%s order by \"\n        + checked(order)\n",
    );

    let mut hash = finding("app/users.py", USERS, "python.crypto.weak-hash", Severity::Medium, "hashlib.md5");
    hash.message = "MD5 can be forged. Use hashlib.sha256.".into();
    hash.fix = fix(USERS, "hashlib.md5", "hashlib.sha256");

    let mut quiet = finding("app/users.py", USERS, "python.eval_used", Severity::Low, "hexdigest()");
    quiet.message = "Known and accepted".into();
    quiet.suppressed = Some(Suppression {
        kind: SuppressionKind::InSource,
        comment: "# rampart: ignore[python.eval_used] digest of a public value".into(),
        reason: Some("digest of a public value".into()),
        line: Some(20),
    });
    let mut old = finding("app/users.py", USERS, "python.eval_used", Severity::Low, "user.email");
    old.suppressed =
        Some(Suppression { kind: SuppressionKind::Baseline, comment: String::new(), reason: None, line: None });

    let mut hostile =
        finding("weird/50% off\n=\u{202e}txt \u{fffd}<&>\".py", HOSTILE, "python.eval_used", Severity::Low, "eval(x)");
    hostile.message = "=HYPERLINK(\"x\") \u{1b}[31m <b>&amp; \u{0}]]> \u{202e}olleh".into();
    let mut unknown = finding("weird/min.js", &minified(), "no.such-rule", Severity::Info, "document.write(q)");
    unknown.message = String::new();
    vec![injection, built, hash, quiet, old, hostile, unknown]
}

/// One line in which the finding stands far to the right.
fn minified() -> String {
    format!("{}document.write(q);{}", "var a=1;".repeat(20), "b();".repeat(900))
}

fn coverage() -> Coverage {
    let skipped = |path: &str, reason, detail: &str| Skipped { path: path.into(), reason, detail: detail.into() };
    Coverage {
        files_scanned: 1_284,
        bytes_scanned: 9_876_543,
        lines_scanned: 245_120,
        files_by_language: BTreeMap::from([("python".into(), 903), ("typescript".into(), 300), ("go".into(), 81)]),
        scanned: vec!["app/db.py".into(), "app/users.py".into()],
        skipped: vec![
            skipped("logo.png", SkipReason::Binary, ""),
            skipped("dist/a.js", SkipReason::TooLarge, "3.2 MB, the limit is 1 MB"),
            skipped("dist/b.js", SkipReason::TooLarge, "1.7 MB, the limit is 1 MB"),
            skipped("dist/c.js", SkipReason::TooLarge, "1.1 MB, the limit is 1 MB"),
            skipped("dist/d e.js", SkipReason::TooLarge, "9 MB, the limit is 1 MB"),
            skipped("evil/\u{1b}[2J.js", SkipReason::Timeout, "5 s"),
            skipped("evil/deep.go", SkipReason::Crashed, ""),
        ],
        partially_parsed: vec![PartialParse {
            path: "app/odd.py".into(),
            errors: vec![LineRange { start: 3, end: 5 }, LineRange { start: 12, end: 12 }],
            share_of_lines: 0.042,
        }],
        rules_loaded: 423,
        rules_run: 419,
        rules_skipped: vec![
            SkippedRule { rule: "ocaml.exec".into(), reason: "no grammar for ocaml".into() },
            SkippedRule { rule: "ocaml.crypto".into(), reason: "no grammar for ocaml".into() },
            SkippedRule { rule: "join.a".into(), reason: "mode: join is not supported".into() },
        ],
        rule_errors: vec![RuleProblem {
            rule: Some("my.rule".into()),
            file: "rules/my.yaml".into(),
            line: 7,
            column: 14,
            message: "this pattern is not Python".into(),
            hint: Some("close the parenthesis".into()),
            source_line: Some("    pattern: foo($X".into()),
        }],
        limits: vec!["Stopped after 60 s; 3 files were not reached.".into()],
        complete: false,
        wall_ms: 1_240,
        cpu_ms: 2_310,
        peak_memory_bytes: Some(84_000_000),
    }
}

/// A finding of `rule` where `matched` first stands in `source`.
fn finding(path: &str, source: &str, rule: &str, severity: Severity, matched: &str) -> Finding {
    let (start, end) = range(source, matched);
    let message = format!("found by {rule}");
    let mut finding =
        Finding { rule: rule.into(), path: path.into(), start, end, severity, message, ..Finding::default() };
    let lines: Vec<&str> = source.lines().collect();
    finding.set_context(|n| lines.get(n as usize - 1));
    finding
}

fn step(path: &str, source: &str, matched: &str, note: &str) -> TraceStep {
    let (start, end) = range(source, matched);
    TraceStep { path: path.into(), start, end, text: matched.into(), note: note.into() }
}

fn fix(source: &str, old: &str, new: &str) -> Option<Fix> {
    let (start, end) = range(source, old);
    Some(Fix { start, end, replacement: new.into() })
}

fn captured(source: &str, at: &str, length: usize) -> Captured {
    let (start, _) = range(source, at);
    Captured { text: at[..length].into(), start, end: position(source, start.offset as usize + length) }
}

fn range(source: &str, matched: &str) -> (Position, Position) {
    let start = source.find(matched).expect("the sample has what it marks");
    (position(source, start), position(source, start + matched.len()))
}

fn position(source: &str, offset: usize) -> Position {
    let before = &source[..offset];
    let line = before.matches('\n').count() as u32 + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() as u32 + 1;
    Position { line, column, offset: offset as u64 }
}

/// Findings that are hard to draw: many lines, more lines than are kept, wide characters, tabs, no lines at all, a deletion.
pub fn hard_to_draw() -> Report {
    let long: String = (1..=100).map(|n| format!("line({n})\n")).collect();
    let many = finding(
        "long.py",
        &long,
        "python.eval_used",
        Severity::Low,
        &long[long.find("line(4)").unwrap()..long.find("line(30)").unwrap() + 7],
    );
    let most = finding(
        "long.py",
        &long,
        "python.eval_used",
        Severity::Low,
        &long[long.find("line(8)").unwrap()..long.find("line(95)").unwrap()],
    );
    let wide = "\tif 令牌 == \"密码密码\": 👩\u{200d}💻; eval(\t'é' , e\u{301})  # 说明\n\tpass\n";
    let mut wide = finding("wide.py", wide, "python.eval_used", Severity::High, "eval(\t'é' , e\u{301})");
    wide.trace =
        (1..=14).map(|n| TraceStep { text: format!("step_{n}(\n  x)"), note: String::new(), ..wide_step(n) }).collect();
    let mut gone = finding("gone.py", "a\n", "python.eval_used", Severity::Info, "a");
    (gone.lines, gone.start.line, gone.end.line) = (Vec::new(), 7, 7);
    let source = "import os\nimport pickle\nos.exit()\n";
    let mut delete = finding("delete.py", source, "python.eval_used", Severity::Info, "import pickle");
    delete.fix = fix(source, "import pickle", "");
    let mut report = Report { findings: vec![many, most, wide, gone, delete], ..clean() };
    report.coverage.complete = false;
    report.sort();
    report
}

fn wide_step(line: u32) -> TraceStep {
    let start = Position { line, column: 2, offset: 0 };
    TraceStep { path: "wide.py".into(), start, end: start, ..TraceStep::default() }
}

/// Nothing found because hardly anything was read.
pub fn blind() -> Report {
    let mut report = clean();
    let skipped = Skipped { path: "deep.go".into(), reason: SkipReason::Crashed, detail: String::new() };
    report.coverage = Coverage { skipped: vec![skipped], files_scanned: 1, ..Coverage::default() };
    report
}
