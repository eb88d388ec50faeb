//! `rampart rules list` and `rampart rules explain`.

use std::io::Write;

use rampart_report::model::RuleInfo;
use rampart_scan::Options;

use crate::cli::{ExplainArgs, ListArgs};
use crate::failure::{Failure, one_line};
use crate::{exit, packs};

/// Prose in longer lines is hard to read.
const PROSE: usize = 88;

pub fn list(args: &ListArgs) -> Result<u8, Failure> {
    let rules = infos(&args.rules)?;
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    if args.json {
        let text = serde_json::to_string_pretty(&rules).map_err(Failure::new)?;
        writeln!(out, "{text}")?;
    } else {
        let width = rules.iter().map(|rule| rule.id.chars().count()).max().unwrap_or(0);
        for rule in &rules {
            let languages = rule.languages.join(",");
            writeln!(
                out,
                "{:<width$}  {:<8}  {:<22}  {}",
                one_line(&rule.id),
                rule.severity.as_str(),
                languages,
                one_line(&rule.name)
            )?;
        }
    }
    out.flush()?;
    Ok(exit::DONE)
}

pub fn explain(args: &ExplainArgs) -> Result<u8, Failure> {
    let rules = infos(&args.config)?;
    let found: Vec<&RuleInfo> = match rules.iter().find(|rule| rule.id == args.id) {
        Some(rule) => vec![rule],
        None => rules.iter().filter(|rule| rampart_scan::stands_for(&args.id, &rule.id)).collect(),
    };
    match found.as_slice() {
        [rule] => {
            let mut out = std::io::BufWriter::new(std::io::stdout().lock());
            page(rule, &mut out)?;
            out.flush()?;
            Ok(exit::DONE)
        }
        [] => Err(Failure::new(format!("no rule `{}`", args.id)).hint("`rampart rules list` shows all")),
        many => {
            let ids: Vec<&str> = many.iter().map(|rule| rule.id.as_str()).collect();
            Err(Failure::new(format!("`{}` could be {} rules", args.id, many.len()))
                .hint(format!("one of {}", ids.join(", "))))
        }
    }
}

fn infos(configs: &[String]) -> Result<Vec<RuleInfo>, Failure> {
    let default = [packs::DEFAULT.to_owned()];
    let files = packs::resolve(if configs.is_empty() { &default } else { configs })?;
    let read = rampart_scan::read_all(&files, Options::default().threads);
    let mut infos: Vec<RuleInfo> =
        read.iter().flat_map(|loaded| loaded.rules.iter().map(rampart_scan::rule_info)).collect();
    infos.sort_by(|a, b| a.id.cmp(&b.id));
    infos.dedup_by(|a, b| a.id == b.id);
    Ok(infos)
}

fn page(rule: &RuleInfo, out: &mut dyn Write) -> std::io::Result<()> {
    writeln!(out, "{}\n{}\n", one_line(&rule.name), one_line(&rule.id))?;
    let level = |level: Option<rampart_report::model::Level>| level.map_or("-", |level| level.as_str()).to_owned();
    let facts = [
        ("Severity", rule.severity.as_str().to_owned()),
        ("Confidence", level(rule.confidence)),
        ("Likelihood", level(rule.likelihood)),
        ("Languages", rule.languages.join(", ")),
        ("CWE", rule.cwe.join("; ")),
        ("OWASP", rule.owasp.join("; ")),
        ("Source", rule.source.clone().unwrap_or_default()),
    ];
    for (name, value) in facts.iter().filter(|(_, value)| !value.is_empty() && value != "-") {
        writeln!(out, "  {name:<11} {}", one_line(value))?;
    }
    writeln!(out, "\n{}", wrap(&rule.message, ""))?;
    for (heading, text) in rule.explanation.iter().flat_map(|explanation| explanation.parts()) {
        writeln!(out, "\n{heading}\n{}", wrap(text, "  "))?;
    }
    if !rule.references.is_empty() {
        writeln!(out, "\nReferences")?;
    }
    rule.references.iter().try_for_each(|reference| writeln!(out, "  {}", one_line(reference)))
}

/// Breaks prose into lines; lines that are indented are code and stay.
fn wrap(text: &str, indent: &str) -> String {
    let mut wrapped = String::new();
    for line in text.trim().lines() {
        let mut column = 0;
        wrapped.push_str(indent);
        if line.starts_with([' ', '\t']) {
            wrapped.push_str(&one_line(line));
        } else {
            for word in line.split_whitespace() {
                let length = word.chars().count();
                if column > 0 && column + 1 + length > PROSE {
                    wrapped.push('\n');
                    wrapped.push_str(indent);
                    column = 0;
                } else if column > 0 {
                    wrapped.push(' ');
                    column += 1;
                }
                wrapped.push_str(&one_line(word));
                column += length;
            }
        }
        wrapped.push('\n');
    }
    wrapped.truncate(wrapped.trim_end().len());
    wrapped
}
