//! Rules as SARIF describes them.

use std::fmt::Write;

use serde_json::{Value, json};

use super::level;
use crate::model::*;
use crate::wire::{at_most, is_link};

/// GitHub refuses a rule with more.
const MOST_TAGS: usize = 20;

/// GitHub refuses longer short and full descriptions.
const LONGEST_DESCRIPTION: usize = 1_024;

pub(super) fn descriptor(rule: &RuleInfo) -> Value {
    let what = rule.explanation.as_ref().map(|e| one_paragraph(&e.what)).filter(|w| !w.is_empty());
    let message = one_paragraph(&rule.message);
    let full = what.as_ref().unwrap_or(&message);
    let title = title(rule);
    let full = if full.is_empty() { &title } else { full };
    let mut descriptor = json!({
        "id": rule.id,
        "name": pascal_case(&title),
        "shortDescription": { "text": sentence(&at_most(&title, LONGEST_DESCRIPTION - 1)) },
        "fullDescription": { "text": sentence(&at_most(full, LONGEST_DESCRIPTION - 1)) },
        "help": { "text": help_text(rule), "markdown": help_markdown(rule) },
        "defaultConfiguration": { "level": level(rule.severity) },
        "properties": properties(rule),
    });
    let links = rule.references.iter().chain(&rule.source).map(String::as_str);
    if let Some(uri) = links.into_iter().find(|l| is_link(l)) {
        descriptor["helpUri"] = json!(uri);
    }
    descriptor
}

fn properties(rule: &RuleInfo) -> Value {
    let mut properties = json!({ "tags": tags(rule) });
    if let Some(confidence) = rule.confidence {
        properties["precision"] = json!(confidence.as_str());
    }
    properties["problem.severity"] = json!(match rule.severity {
        Severity::Critical | Severity::High => "error",
        Severity::Medium => "warning",
        Severity::Low | Severity::Info => "recommendation",
    });
    if is_security(rule) {
        properties["security-severity"] = json!(security_severity(rule.severity));
    }
    properties
}

/// A rule is about security unless its category says otherwise.
fn is_security(rule: &RuleInfo) -> bool {
    rule.category.as_deref().is_none_or(|c| c.eq_ignore_ascii_case("security"))
}

/// The middle of the range that GitHub gives each name: critical above 9.0, high from 7.0, medium from 4.0, low from 0.1.
fn security_severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical => "9.5",
        Severity::High => "8.0",
        Severity::Medium => "5.5",
        Severity::Low => "2.5",
        Severity::Info => "0.1",
    }
}

/// The most telling first: some readers show ten.
fn tags(rule: &RuleInfo) -> Vec<String> {
    let category = rule.category.iter().filter(|_| !is_security(rule)).cloned();
    let mut tags: Vec<String> = is_security(rule).then(|| "security".to_owned()).into_iter().chain(category).collect();
    tags.extend(rule.cwe_numbers().map(|n| format!("external/cwe/cwe-{n}")));
    tags.extend(rule.owasp.iter().map(|o| format!("external/owasp/{}", owasp_tag(o))));
    tags.extend(rule.technology.iter().chain(&rule.languages).map(|t| at_most(&t.to_lowercase(), 64)));
    let mut seen = std::collections::HashSet::new();
    tags.retain(|t| seen.insert(t.clone()));
    tags.truncate(MOST_TAGS);
    tags
}

/// `A03:2021 - Injection` is tagged `a03-2021-injection`.
fn owasp_tag(name: &str) -> String {
    let words = name.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty());
    at_most(&words.collect::<Vec<_>>().join("-").to_lowercase(), 64)
}

fn help_text(rule: &RuleInfo) -> String {
    let mut text = rule.message.trim().to_owned();
    for (heading, part) in rule.explanation.iter().flat_map(Explanation::parts) {
        _ = write!(text, "\n\n{heading}\n{part}");
    }
    for link in rule.references.iter().filter(|l| is_link(l)) {
        _ = write!(text, "\n{link}");
    }
    if text.trim().is_empty() { title(rule) } else { text }
}

fn help_markdown(rule: &RuleInfo) -> String {
    let mut text = format!("# {}\n\n{}\n", title(rule), rule.message.trim());
    for (heading, part) in rule.explanation.iter().flat_map(Explanation::parts) {
        _ = write!(text, "\n## {heading}\n\n{}\n", fenced(part));
    }
    let weaknesses = rule.cwe.iter().map(|c| match cwe_number(c) {
        Some(n) => format!("[{c}](https://cwe.mitre.org/data/definitions/{n}.html)"),
        None => c.clone(),
    });
    let links = rule.references.iter().filter(|l| is_link(l)).map(|l| format!("<{l}>"));
    let further: Vec<String> = weaknesses.chain(rule.owasp.iter().map(|o| format!("OWASP {o}"))).chain(links).collect();
    if !further.is_empty() {
        text.push_str("\n## See also\n\n");
        for line in further {
            _ = writeln!(text, "- {}", one_paragraph(&line));
        }
    }
    text
}

/// SARIF takes no empty text.
fn title(rule: &RuleInfo) -> String {
    let name = one_paragraph(&rule.name);
    if name.is_empty() { one_paragraph(&rule.id) } else { name }
}

/// Indented lines of an explanation are code; Markdown would take them for it only after an empty line.
fn fenced(part: &str) -> String {
    let mut text = String::new();
    let mut in_code = false;
    for line in part.trim().lines() {
        let code = line.starts_with("    ") || line.starts_with('\t') || (in_code && line.trim().is_empty());
        if code != in_code {
            text.push_str(if code { "\n```\n" } else { "```\n\n" });
            in_code = code;
        }
        text.push_str(line.strip_prefix("    ").unwrap_or(line));
        text.push('\n');
    }
    text.push_str(if in_code { "```" } else { "" });
    text.trim_end().to_owned()
}

fn one_paragraph(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// SARIF asks for texts that end as a sentence does.
fn sentence(text: &str) -> String {
    match text.ends_with(['.', '!', '?', '…']) {
        true => text.to_owned(),
        false => format!("{text}."),
    }
}

/// `Weak hash function` is named `WeakHashFunction`: a name is for programs here, `shortDescription` for people.
pub(super) fn pascal_case(name: &str) -> String {
    let words = name.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty());
    let upper = |word: &str| {
        let mut letters = word.chars();
        let first = letters.next().into_iter().flat_map(char::to_uppercase);
        // Abbreviations too: `SqlStatement`.
        first.chain(letters.flat_map(char::to_lowercase)).collect::<String>()
    };
    words.map(upper).collect()
}
