//! `rampart findings`: the platform's findings in the terminal.

use std::io::Write;

use serde_json::{Value, json};

use super::{Remote, remote};
use crate::cli::{CloseArgs, FindingsCommand, ListFindingsArgs};
use crate::failure::{Failure, one_line};
use crate::{exit, terminal};

/// Columns from which on a finding has one line.
const WIDE: usize = 120;

/// `0192f0c1-7d4e-7c3a-9b1f-2f6d5e4c3b2a`
const ID: usize = 36;

pub fn run(command: &FindingsCommand) -> Result<u8, Failure> {
    crate::platform::run(async {
        let (remote, _, _) = remote()?;
        match command {
            FindingsCommand::List(args) => list(&remote, args).await,
            FindingsCommand::Show { id, json } => show(&remote, id, *json).await,
            FindingsCommand::Close(args) => close(&remote, args).await,
            FindingsCommand::Reopen { id, reason } => {
                let body = json!({ "status": "open", "reason": reason });
                decide(&remote, id, &body).await
            }
        }
    })
}

async fn list(remote: &Remote, args: &ListFindingsArgs) -> Result<u8, Failure> {
    let mut query = format!("limit={}&page={}&sort={}", args.limit, args.page, encoded(&args.sort));
    let mut ask = |name: &str, value: &str| query.push_str(&format!("&{name}={}", encoded(value)));
    ask("status", &args.status);
    if let Some(severity) = &args.severity {
        ask("severity", severity);
    }
    if let Some(text) = &args.text {
        ask("q", text);
    }
    if let Some(name) = &args.repository {
        ask("repositoryId", &super::repository(remote, name).await?.0);
    }
    let answer = remote.get(&format!("/vulnerabilities?{query}")).await?;
    let found = answer["vulnerabilities"].as_array().cloned().unwrap_or_default();
    let mut out = std::io::stdout().lock();
    if args.json {
        writeln!(out, "{answer:#}")?;
    } else {
        for line in table(&found, terminal::width(), terminal::color(args.no_color, false)) {
            writeln!(out, "{line}")?;
        }
        let total = answer["total"].as_u64().unwrap_or(0);
        match (found.len() as u64, total) {
            (_, 0) => writeln!(out, "No findings.")?,
            (shown, total) if shown < total => {
                writeln!(out, "\n{shown} of {total}; --page {} goes on.", args.page + 1)?
            }
            (shown, _) => writeln!(out, "\n{shown} {}", if shown == 1 { "finding" } else { "findings" })?,
        }
    }
    Ok(if args.error && !found.is_empty() { exit::FOUND } else { exit::DONE })
}

/// Lines for people: the worst catches the eye, the id can be copied.
fn table(found: &[Value], width: usize, color: bool) -> Vec<String> {
    let mut lines = Vec::new();
    if found.is_empty() {
        return lines;
    }
    if width >= WIDE {
        let room = width - ID - 8 - 6;
        let (what, place) = (room * 2 / 5, room - room * 2 / 5);
        lines.push(format!("{:<8}  {:<what$}  {:<place$}  {}", "SEVERITY", "FINDING", "PLACE", "ID"));
        for one in found {
            let severity = severity(&text(one, "severity"), color);
            let (kind, at) = (cut(&text(one, "type"), what), cut_left(&at(one), place));
            lines.push(format!("{severity}  {}  {}  {}", padded(&kind, what), padded(&at, place), text(one, "id")));
        }
        return lines;
    }
    for one in found {
        let severity = severity(&text(one, "severity"), color);
        lines.push(format!("{severity}  {}", cut(&text(one, "type"), width.saturating_sub(10))));
        lines.push(format!("          {}", cut_left(&at(one), width.saturating_sub(10))));
        lines.push(format!("          {}", text(one, "id")));
    }
    lines
}

fn at(one: &Value) -> String {
    format!("{} {}:{}", text(one, "repositoryName"), text(one, "filePath"), one["lineNumber"])
}

fn severity(name: &str, color: bool) -> String {
    let code = match name {
        "critical" => "1;97;41",
        "high" => "1;31",
        "medium" => "33",
        "low" => "34",
        _ => "2",
    };
    let padded = format!("{name:<8}");
    if color { format!("\x1b[{code}m{padded}\x1b[0m") } else { padded }
}

async fn show(remote: &Remote, id: &str, as_json: bool) -> Result<u8, Failure> {
    let found = remote.get(&format!("/vulnerabilities/{}?expand=flow", encoded(id))).await?;
    let mut out = std::io::stdout().lock();
    if as_json {
        writeln!(out, "{found:#}")?;
        return Ok(exit::DONE);
    }
    let color = terminal::color(false, false);
    writeln!(out, "{} {}", severity(&text(&found, "severity"), color).trim_end(), text(&found, "type"))?;
    writeln!(out, "{}", at(&found))?;
    let standing = text(&found, "status").replace('_', " ");
    let reason = found["statusReason"].as_str().map(|reason| format!(": {}", one_line(reason))).unwrap_or_default();
    let since = text(&found, "detectedAt");
    writeln!(out, "{standing}{reason} · since {} · {}", since.get(..10).unwrap_or(&since), text(&found, "rule"))?;
    let first = found["firstLine"].as_u64().unwrap_or(1);
    let hit = found["lineNumber"].as_u64().unwrap_or(0)..=found["endLine"].as_u64().unwrap_or(0);
    writeln!(out)?;
    for (number, line) in (first..).zip(found["lines"].as_array().into_iter().flatten()) {
        let mark = if hit.contains(&number) { '>' } else { ' ' };
        writeln!(out, "{mark} {number:>5}  {}", one_line(&line.as_str().unwrap_or_default().replace('\t', "    ")))?;
    }
    let steps = found["dataFlow"].as_array().cloned().unwrap_or_default();
    if !steps.is_empty() {
        writeln!(out, "\nHow data gets there:")?;
        for (index, step) in (1..).zip(&steps) {
            let place = format!("{}:{}", text(step, "path"), step["start"]["line"]);
            writeln!(out, "  {index}. {place}  {}", text(step, "note"))?;
        }
    }
    for (title, key) in
        [("", "description"), ("", "explanation"), ("What it leads to: ", "impact"), ("What to do: ", "recommendation")]
    {
        if let Some(words) = found[key].as_str().filter(|words| !words.trim().is_empty()) {
            writeln!(out)?;
            wrapped(&format!("{title}{words}"), terminal::width().min(100))
                .iter()
                .try_for_each(|line| writeln!(out, "{line}"))?;
        }
    }
    writeln!(out, "\n{}/app/findings/{}", remote.server, text(&found, "id"))?;
    Ok(exit::DONE)
}

async fn close(remote: &Remote, args: &CloseArgs) -> Result<u8, Failure> {
    let mut body = json!({ "status": args.status.name() });
    if let Some(reason) = &args.reason {
        body["reason"] = json!(reason);
    }
    if let Some(until) = &args.until {
        // A day ends with its last second.
        let whole = if until.contains('T') { until.clone() } else { format!("{until}T23:59:59Z") };
        body["ignoredUntil"] = json!(whole);
    }
    decide(remote, &args.id, &body).await
}

async fn decide(remote: &Remote, id: &str, body: &Value) -> Result<u8, Failure> {
    let found = remote.patch(&format!("/vulnerabilities/{}/status", encoded(id)), body).await?;
    println!("{} in {} is {} now.", text(&found, "type"), at(&found), text(&found, "status").replace('_', " "));
    Ok(exit::DONE)
}

fn text(value: &Value, key: &str) -> String {
    one_line(value[key].as_str().unwrap_or_default())
}

/// For a query or a part of a path.
pub fn encoded(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    text.bytes().map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}

fn cut(text: &str, width: usize) -> String {
    if text.chars().count() <= width {
        text.to_owned()
    } else {
        text.chars().take(width.saturating_sub(1)).chain(['…']).collect()
    }
}

/// The end of a path says more than its beginning.
fn cut_left(text: &str, width: usize) -> String {
    let count = text.chars().count();
    if count <= width {
        text.to_owned()
    } else {
        std::iter::once('…').chain(text.chars().skip(count + 1 - width.max(1))).collect()
    }
}

fn padded(text: &str, width: usize) -> String {
    let missing = width.saturating_sub(text.chars().count());
    format!("{text}{}", " ".repeat(missing))
}

fn wrapped(text: &str, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    for paragraph in text.lines() {
        let mut line = String::new();
        for word in paragraph.split_whitespace().map(one_line) {
            if !line.is_empty() && line.chars().count() + 1 + word.chars().count() > width {
                lines.push(std::mem::take(&mut line));
            }
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(&word);
        }
        lines.push(line);
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found() -> Vec<Value> {
        let one = |severity: &str, path: &str| {
            json!({ "id": "0192f0c1-7d4e-7c3a-9b1f-2f6d5e4c3b2a", "severity": severity, "type": "SQL injection",
                    "repositoryName": "team/shop", "filePath": path, "lineNumber": 45 })
        };
        vec![one("critical", "app/users.py"), one("low", &"very/".repeat(30))]
    }

    #[test]
    fn wide_terminals_show_a_finding_in_a_line() {
        let lines = table(&found(), 130, false);
        assert_eq!(lines.len(), 3);
        assert!(lines[0].starts_with("SEVERITY  FINDING"));
        assert!(lines[1].starts_with("critical  SQL injection ") && lines[1].contains("  team/shop app/users.py:45 "));
        assert!(lines.iter().all(|line| line.chars().count() <= 130), "{lines:#?}");
        assert!(lines[2].contains("…") && lines[2].ends_with("2f6d5e4c3b2a"));
    }

    #[test]
    fn narrow_ones_in_three() {
        let lines = table(&found(), 60, true);
        assert_eq!((lines.len(), lines[1].as_str()), (6, "          team/shop app/users.py:45"));
        assert!(lines[0].starts_with("\x1b[1;97;41mcritical\x1b[0m  SQL injection"));
        assert!(lines[4].chars().count() <= 60 && lines[4].ends_with("very/:45"));
    }

    #[test]
    fn what_others_wrote_does_not_steer_the_terminal() {
        let mut hostile = found();
        hostile[0]["type"] = json!("a\u{1b}[2Jb\nc");
        let lines = table(&hostile, 130, false);
        assert!(lines.iter().all(|line| !line.contains('\u{1b}') && !line.contains('\n')), "{lines:?}");
        assert_eq!(encoded("a b/&?"), "a%20b%2F%26%3F");
        assert_eq!(wrapped("one two three\nfour", 8), ["one two", "three", "four"]);
    }
}
