//! Every renderer over the sample report. `UPDATE_EXPECT=1 cargo test` writes the snapshots anew; read them before you commit them.

mod sample;

use expect_test::{ExpectFile, expect_file};
use rampart_report::text::Options;
use rampart_report::{csv, gitlab, json, junit, model::Report, sarif, text};

fn check(write: impl Fn(&Report, &mut Vec<u8>), report: &Report, expected: ExpectFile) {
    let mut bytes = Vec::new();
    write(report, &mut bytes);
    expected.assert_eq(&String::from_utf8(bytes).expect("renderers write UTF-8"));
}

/// Snapshots of JSON are read by people: one thing a line. The order of keys is kept.
fn pretty(write: impl Fn(&Report, &mut Vec<u8>)) -> impl Fn(&Report, &mut Vec<u8>) {
    move |report, out| {
        let mut compact = Vec::new();
        write(report, &mut compact);
        let value: serde_json::Value = serde_json::from_slice(&compact).expect("it is JSON");
        serde_json::to_writer_pretty(&mut *out, &value).expect("a vector takes all");
        out.push(b'\n');
    }
}

/// Snapshots are kept with `\n`; RFC 4180 ends its rows with `\r\n`.
fn unix_lines(write: impl Fn(&Report, &mut Vec<u8>)) -> impl Fn(&Report, &mut Vec<u8>) {
    move |report, out| {
        write(report, out);
        assert!(out.ends_with(b"\r\n"));
        *out = String::from_utf8_lossy(out).replace("\r\n", "\n").into_bytes();
    }
}

#[test]
fn text_for_people() {
    let plain = Options { width: 90, ..Options::default() };
    let shown = |options| move |report: &Report, out: &mut Vec<u8>| text::write(report, out, options).unwrap();
    check(shown(plain), &sample::report(), expect_file!["snapshots/plain.txt"]);
    check(shown(Options { color: true, ..plain }), &sample::report(), expect_file!["snapshots/color.txt"]);
    check(shown(Options { verbose: true, ..plain }), &sample::report(), expect_file!["snapshots/verbose.txt"]);
    check(
        shown(Options { unicode: false, width: 60, ..plain }),
        &sample::report(),
        expect_file!["snapshots/ascii-narrow.txt"],
    );
    check(shown(plain), &sample::clean(), expect_file!["snapshots/clean.txt"]);
    check(shown(plain), &sample::hard_to_draw(), expect_file!["snapshots/hard-to-draw.txt"]);
    check(shown(plain), &sample::blind(), expect_file!["snapshots/blind.txt"]);
}

#[test]
fn formats_for_programs() {
    let report = sample::report();
    check(pretty(|r, o| json::write(r, o).unwrap()), &report, expect_file!["snapshots/report.json"]);
    check(pretty(|r, o| sarif::write(r, o).unwrap()), &report, expect_file!["snapshots/report.sarif"]);
    check(pretty(|r, o| gitlab::write(r, o).unwrap()), &report, expect_file!["snapshots/gitlab.json"]);
    check(|r, o| junit::write(r, o).unwrap(), &report, expect_file!["snapshots/junit.xml"]);
    check(|r, o| junit::write(r, o).unwrap(), &sample::clean(), expect_file!["snapshots/junit-clean.xml"]);
    check(unix_lines(|r, o| csv::write(r, o).unwrap()), &report, expect_file!["snapshots/report.csv"]);
}
