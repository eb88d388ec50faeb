//! `cargo xtask picture`: the scan of the example shop, drawn as a terminal window for the README.

use std::fmt::Write;
use std::path::PathBuf;
use std::process::Command;

use anyhow::Context;

use crate::repository;

const PICTURE: &str = "docs/images/scan.svg";
const SCANNED: &str = "examples/shop";

/// So many lines are shown of the findings at most; the summary comes on top.
const MAX_LINES: usize = 45;

const FONT_SIZE: f64 = 14.0;
/// The grid, in pixels. Texts are stretched to it, so that every monospaced font fits; most are 0.602 times as wide as high.
const CELL: f64 = 0.602 * FONT_SIZE;
const LINE: f64 = 19.0;
const MARGIN: f64 = 24.0;
const TITLE_BAR: f64 = 36.0;

const BACKGROUND: &str = "#161b22";
const FOREGROUND: &str = "#c9d1d9";
const FAINT: &str = "#768390";

/// ANSI colours 0 to 7.
const COLOURS: [&str; 8] = ["#484f58", "#f47067", "#7fc98f", "#dcb062", "#6cb0f5", "#c297eb", "#6cc4cc", "#e6edf3"];
const FONTS: &str = "ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', 'Liberation Mono', monospace";

/// Scans with the program given by `--rampart`, or the release build, and writes the picture.
///
/// # Errors
/// When the program does not run or prints what this cannot draw, or when the picture cannot be written.
pub fn run(args: &[String]) -> anyhow::Result<()> {
    let program = match args {
        [] => std::env::var_os("CARGO_TARGET_DIR")
            .map_or_else(|| repository::root().join("target"), PathBuf::from)
            .join("release/rampart"),
        [option, path] if option == "--rampart" => std::path::absolute(path)?,
        _ => anyhow::bail!("usage: cargo xtask picture [--rampart PATH]"),
    };
    // Nothing here is a terminal, so the width is the program's default.
    let output = Command::new(&program)
        .args(["scan", SCANNED])
        .current_dir(repository::root())
        .env_remove("NO_COLOR")
        .envs([("CLICOLOR_FORCE", "1"), ("LC_ALL", "C.UTF-8")])
        .output()
        .with_context(|| format!("cannot run {}; build it, or name another with --rampart", program.display()))?;
    anyhow::ensure!(output.status.success(), "the scan failed: {}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).context("the scan's output is not UTF-8")?;

    let lines = text.lines().map(spans).collect::<anyhow::Result<Vec<_>>>()?;
    let file = repository::root().join(PICTURE);
    std::fs::write(&file, svg(&excerpt(&lines)?)).with_context(|| format!("cannot write {PICTURE}"))?;
    println!("picture: wrote {PICTURE}");
    Ok(())
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Style {
    bold: bool,
    faint: bool,
    inverse: bool,
    /// An index of `COLOURS`.
    colour: Option<usize>,
}

/// Text of one style within a line.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Span {
    /// The cell it begins in, from 0.
    column: usize,
    text: String,
    style: Style,
}

impl Span {
    fn width(&self) -> usize {
        self.text.chars().count()
    }
}

/// A line of terminal output, which begins unstyled. Fails on an escape other than a style known here, rather than draw it wrongly.
fn spans(line: &str) -> anyhow::Result<Vec<Span>> {
    let mut pieces = line.split('\x1b');
    let mut span = Span { text: pieces.next().unwrap_or_default().to_owned(), ..Span::default() };
    let mut spans = Vec::new();
    for piece in pieces {
        let escape = piece.strip_prefix('[').and_then(|rest| rest.split_once('m'));
        let (codes, text) = escape.with_context(|| format!("not the escape of a style: {piece:?}"))?;
        let (column, style) = (span.column + span.width(), styled(span.style, codes)?);
        let next = Span { column, text: text.to_owned(), style };
        spans.push(std::mem::replace(&mut span, next));
    }
    spans.push(span);
    spans.retain(|span| !span.text.is_empty());
    Ok(spans)
}

fn styled(mut style: Style, codes: &str) -> anyhow::Result<Style> {
    for code in codes.split(';') {
        match code.parse::<usize>() {
            Ok(0) => style = Style::default(),
            Ok(1) => style.bold = true,
            Ok(2) => style.faint = true,
            Ok(7) => style.inverse = true,
            Ok(number @ 30..=37) => style.colour = Some(number - 30),
            _ => anyhow::bail!("unknown code of a style: {code:?}"),
        }
    }
    Ok(style)
}

/// The command, the first findings and the summary. Findings are whole: what belongs to one is indented by four columns or more.
fn excerpt(lines: &[Vec<Span>]) -> anyhow::Result<Vec<Vec<Span>>> {
    let text = |line: &[Span]| line.iter().map(|span| span.text.as_str()).collect::<String>();
    let begins = |line: &[Span]| !line.is_empty() && !text(line).starts_with("    ");
    let end = lines.iter().take(MAX_LINES).rposition(|line| begins(line)).context("the scan printed nothing")?;
    // A rule over the full width stands above the summary.
    let rule = |line: &Vec<Span>| !line.is_empty() && text(line).chars().all(|c| c == '─');
    let summary = lines.iter().rposition(rule).filter(|&summary| summary >= end);
    let summary = summary.context("the scan printed no summary below its findings")?;

    let prompt = spans(&format!("\x1b[32m$\x1b[0m \x1b[1mrampart scan {SCANNED}\x1b[0m"))?;
    let left_out = spans("  \x1b[2m⋯\x1b[0m")?;
    let mut shown = vec![prompt, Vec::new()];
    shown.extend_from_slice(&lines[..end]);
    shown.extend([left_out, Vec::new()]);
    shown.extend_from_slice(&lines[summary..]);
    Ok(shown)
}

fn svg(lines: &[Vec<Span>]) -> String {
    let columns = lines.iter().flatten().map(|span| span.column + span.width()).max().unwrap_or(0);
    let width = columns as f64 * CELL + 2.0 * MARGIN;
    let height = lines.len() as f64 * LINE + TITLE_BAR + 1.5 * MARGIN;
    let mut svg = String::new();
    let mut put = |element: String| writeln!(svg, "{element}").expect("a string takes everything");
    put(format!(
        r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.1} {height:.1}" width="{width:.1}" height="{height:.1}" role="img" font-family="{FONTS}" font-size="{FONT_SIZE}" fill="{FOREGROUND}">"#
    ));
    put(format!("<title>rampart scan {SCANNED}</title>"));
    put(format!(r#"<rect width="{width:.1}" height="{height:.1}" rx="10" fill="{BACKGROUND}"/>"#));
    for dot in 0..3 {
        put(format!(r##"<circle cx="{}" cy="20" r="5.5" fill="#3d444d"/>"##, MARGIN + 6.0 + f64::from(dot) * 19.0));
    }
    for (row, line) in lines.iter().enumerate() {
        let top = TITLE_BAR + 0.5 * MARGIN + row as f64 * LINE;
        line.iter().filter(|span| !span.text.trim().is_empty()).for_each(|span| put(drawn(span, top)));
    }
    put("</svg>".to_owned());
    svg
}

fn drawn(span: &Span, top: f64) -> String {
    let x = MARGIN + span.column as f64 * CELL;
    let width = span.width() as f64 * CELL;
    let Style { bold, faint, inverse, colour } = span.style;
    let own = colour.map_or(if faint { FAINT } else { FOREGROUND }, |colour| COLOURS[colour]);
    let badge = format!(r#"<rect x="{x:.1}" y="{top:.1}" width="{width:.1}" height="{LINE}" rx="3" fill="{own}"/>"#);
    let (badge, fill) = if inverse { (badge.as_str(), BACKGROUND) } else { ("", own) };
    let weight = if bold { r#" font-weight="bold""# } else { "" };
    let baseline = top + 0.72 * LINE;
    let text = span.text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    format!(
        r#"{badge}<text xml:space="preserve" x="{x:.1}" y="{baseline:.1}" textLength="{width:.1}" fill="{fill}"{weight}>{text}</text>"#
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_become_spans() {
        let span = |column, text: &str, style| Span { column, text: text.to_owned(), style };
        let plain = Style::default();
        let check = |line: &str, expected: &[Span]| assert_eq!(spans(line).unwrap(), expected, "{line:?}");
        check("", &[]);
        check("a <b>", &[span(0, "a <b>", plain)]);
        check("\x1b[2m──\x1b[0m a", &[span(0, "──", Style { faint: true, ..plain }), span(2, " a", plain)]);
        let badge = Style { bold: true, inverse: true, colour: Some(1), ..plain };
        check("  \x1b[1;7;31m HIGH \x1b[0m", &[span(0, "  ", plain), span(2, " HIGH ", badge)]);
        let bold_cyan = Style { bold: true, colour: Some(6), ..plain };
        check("\x1b[1m\x1b[36mx\x1b[0my", &[span(0, "x", bold_cyan), span(1, "y", plain)]);
        for unknown in ["\x1b[2K", "\x1b[38;5;9mx", "\x1b]8;;m"] {
            assert!(spans(unknown).is_err(), "{unknown:?}");
        }
    }

    #[test]
    fn texts_are_escaped() {
        let span = Span { text: "<a> & b".to_owned(), ..Span::default() };
        assert!(drawn(&span, 0.0).ends_with(">&lt;a&gt; &amp; b</text>"));
    }
}
