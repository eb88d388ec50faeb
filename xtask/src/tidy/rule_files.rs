//! Rampart's own rules: one per file, named by its place, explained in full, with a fixture beside it.

use rampart_rules::load::{load, load_str};
use rampart_rules::model::{Rule, RuleError};
use serde_json::Value;

use super::Problem;
use crate::{fixture, repository};

/// Severities of Rampart's own rules; the other names of the rule language are for rules from elsewhere.
const SEVERITIES: [&str; 5] = ["CRITICAL", "HIGH", "MEDIUM", "LOW", "INFO"];

const LEVELS: [&str; 3] = ["HIGH", "MEDIUM", "LOW"];

/// The parts of an explanation.
pub const PARTS: [&str; 5] = ["what", "exploit", "impact", "fix", "prevention"];

/// Lines that a fixture must show as found, and as many that it must show as not found.
const MIN_MARKS: usize = 2;

/// A rule names at most so many references: the reader is to read them.
const MAX_REFERENCES: usize = 3;

pub fn check(files: &[String]) -> anyhow::Result<Vec<Problem>> {
    let below: Vec<&String> = files.iter().filter(|file| file.starts_with("rules/")).collect();
    let mut problems = Vec::new();
    for file in below.iter().filter(|file| is_library(file)) {
        let errors = load(file, &repository::read(file)?).errors;
        problems.extend(errors.iter().map(|error| problem(file, error)));
    }
    for file in below.iter().filter(|file| is_rule_file(file)) {
        let text = repository::read(file)?;
        let stem = file.trim_end_matches("yaml");
        let fixtures: Vec<&String> =
            below.iter().copied().filter(|other| other.starts_with(stem) && !is_rule_file(other)).collect();
        let mut texts = Vec::new();
        for fixture in fixtures {
            texts.push((fixture.clone(), repository::read(fixture)?));
        }
        problems.extend(check_file(file, &text, &texts));
    }
    problems.extend(below.iter().filter(|file| file.ends_with(".yml")).map(|file| {
        Problem::new(file, 1, "the name ends in .yml", "rule files end in .yaml, so that none is overlooked")
    }));
    Ok(problems)
}

/// Whether a file below `rules/` holds a rule.
pub fn is_rule_file(file: &str) -> bool {
    !is_library(file)
        && file.strip_suffix(".yaml").is_some_and(|stem| !stem.ends_with(".test") && !stem.ends_with(".fixed"))
}

/// Whether it holds lists of sources, sinks and sanitizers that rules share.
fn is_library(file: &str) -> bool {
    file.contains("/library/")
}

fn problem(file: &str, error: &RuleError) -> Problem {
    let hint = error.hint.as_deref().unwrap_or("see docs/reference/rules.md");
    Problem::new(file, error.place.line as usize, &error.message, hint)
}

/// The fixtures of a rule file that show code before any fix.
pub fn is_plain_fixture(file: &str) -> bool {
    !file.contains(".fixed.")
}

fn check_file(file: &str, text: &str, fixtures: &[(String, String)]) -> Vec<Problem> {
    let (rules, errors) = load_str(file, text);
    let mut problems: Vec<Problem> = errors.iter().map(|error| problem(file, error)).collect();
    let parts = file.split('/').count();
    if parts != 4 {
        problems.push(Problem::new(
            file,
            1,
            "not at rules/<language>/<topic>/<rule>.yaml",
            "move it there, with its fixtures",
        ));
    }
    match rules.as_slice() {
        [rule] => problems.extend(check_rule(file, text, rule, fixtures)),
        // Not read at all: the errors above say why.
        [] if !errors.is_empty() => {}
        other => problems.push(Problem::new(
            file,
            1,
            format!("{} rules in one file", other.len()),
            "one rule per file: its name is its place",
        )),
    }
    problems
}

fn check_rule(file: &str, text: &str, rule: &Rule, fixtures: &[(String, String)]) -> Vec<Problem> {
    let mut problems = Vec::new();
    let mut say =
        |key: &str, what: String, mend: &str| problems.push(Problem::new(file, line_of(text, key), what, mend));

    let expected = file.trim_start_matches("rules/").trim_end_matches(".yaml").replace('/', ".");
    if rule.id != expected {
        say("id", format!("the id is `{}`, its place says `{expected}`", rule.id), "rename the one or move the other");
    }
    if !SEVERITIES.contains(&rule.severity_text.as_str()) {
        say("severity", format!("severity {}", rule.severity_text), "one of CRITICAL, HIGH, MEDIUM, LOW, INFO");
    }
    metadata(&rule.metadata, &mut say);

    let plain = fixtures.iter().filter(|(name, _)| is_plain_fixture(name));
    let marks: Vec<_> = plain.flat_map(|(_, text)| fixture::marks(text, &rule.id)).collect();
    for (word, found) in [("ruleid", true), ("ok", false)] {
        let count = marks.iter().filter(|mark| mark.found == found).count();
        if count < MIN_MARKS {
            say(
                "id",
                format!("{count} `{word}: {}` in the fixtures beside it", rule.id),
                "a fixture of the same stem shows at least two findings and two near misses",
            );
        }
    }
    let has_fix = rule.fix.is_some() || rule.fix_regex.is_some();
    let has_fixed = fixtures.iter().any(|(name, _)| !is_plain_fixture(name));
    if has_fix && !has_fixed {
        say("fix", "a fix that no fixture shows".to_owned(), "put what the fixture becomes into `<rule>.fixed.<ext>`");
    }
    if has_fixed && !has_fix {
        say("id", "a fixture of a fix, and no fix".to_owned(), "remove the `.fixed.` file or give the rule a `fix:`");
    }
    problems
}

/// What a rule must say of itself; `say` takes the key, what is wrong, and how to mend it.
fn metadata(metadata: &Value, say: &mut impl FnMut(&str, String, &str)) {
    for key in ["name", "category"] {
        if text(metadata, key).is_empty() {
            say("metadata", format!("`metadata.{key}` is missing"), "every rule has a short title and a category");
        }
    }
    for key in ["confidence", "likelihood", "impact"] {
        if !LEVELS.contains(&text(metadata, key)) {
            say("metadata", format!("`metadata.{key}` is missing or no level"), "one of HIGH, MEDIUM, LOW");
        }
    }
    let weaknesses = texts(metadata, "cwe");
    if weaknesses.is_empty() || !weaknesses.iter().all(|cwe| is_cwe(cwe)) {
        say(
            "cwe",
            "`metadata.cwe` names no weakness".to_owned(),
            "a list of official names: `CWE-328: Use of Weak Hash`",
        );
    }
    let categories = texts(metadata, "owasp");
    for year in ["2021", "2025"] {
        if !categories.iter().any(|category| is_owasp(category, year)) {
            say(
                "owasp",
                format!("no OWASP category of {year}"),
                "both years, written as `A02:2021 - Cryptographic Failures`",
            );
        }
    }
    if texts(metadata, "technology").is_empty() {
        say(
            "technology",
            "`metadata.technology` is missing".to_owned(),
            "a list of the libraries or frameworks it is about",
        );
    }
    let references = texts(metadata, "references");
    if references.is_empty()
        || references.len() > MAX_REFERENCES
        || !references.iter().all(|url| url.starts_with("https://"))
    {
        say(
            "references",
            "`metadata.references` is not one to three https addresses".to_owned(),
            "name stable official pages",
        );
    }
    let explanation = metadata.get("explanation").unwrap_or(&Value::Null);
    for part in PARTS {
        let words = text(explanation, part).trim();
        if words.is_empty() {
            say(
                "explanation",
                format!("`explanation.{part}` is missing"),
                "the five parts are what, exploit, impact, fix, prevention",
            );
        } else if words.starts_with("|\n") || words.starts_with(">\n") {
            say(
                "explanation",
                format!("`explanation.{part}` begins with the mark of a block"),
                "write the mark once, behind the key",
            );
        }
    }
}

fn is_cwe(text: &str) -> bool {
    let number = text.strip_prefix("CWE-").and_then(|rest| rest.split_once(": "));
    number.is_some_and(|(number, name)| !name.is_empty() && number.parse::<u32>().is_ok())
}

/// `A02:2021 - Cryptographic Failures`
fn is_owasp(text: &str, year: &str) -> bool {
    let Some((code, name)) = text.split_once(" - ") else { return false };
    let Some((place, of)) = code.strip_prefix('A').and_then(|code| code.split_once(':')) else { return false };
    of == year && place.len() == 2 && place.parse::<u8>().is_ok_and(|n| (1..=10).contains(&n)) && !name.is_empty()
}

/// The text at a key, or nothing.
pub fn text<'v>(value: &'v Value, key: &str) -> &'v str {
    value.get(key).and_then(Value::as_str).unwrap_or("")
}

/// The texts of a list at a key; one text is a list of one.
pub fn texts<'v>(value: &'v Value, key: &str) -> Vec<&'v str> {
    match value.get(key) {
        Some(Value::String(one)) => vec![one],
        Some(Value::Array(more)) => more.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    }
}

fn line_of(text: &str, key: &str) -> usize {
    let found = text.lines().position(|line| {
        line.trim_start().trim_start_matches("- ").strip_prefix(key).is_some_and(|rest| rest.starts_with(':'))
    });
    found.map_or(1, |index| index + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    const RULE: &str = r#"rules:
  - id: python.crypto.weak
    languages: [python]
    severity: LOW
    message: m
    metadata:
      name: Weak
      category: security
      cwe: ["CWE-328: Use of Weak Hash"]
      owasp: ["A02:2021 - Cryptographic Failures", "A04:2025 - Cryptographic Failures"]
      confidence: HIGH
      likelihood: LOW
      impact: LOW
      technology: [hashlib]
      references: [https://cwe.mitre.org/data/definitions/328.html]
      explanation: {what: a, exploit: b, impact: c, fix: d, prevention: e}
    pattern: weak()
"#;

    const FIXTURE: &str = "# ruleid: weak\nweak()\n# ruleid: weak\nweak()\n# ok: weak\na()\n# ok: weak\nb()\n";

    fn check(file: &str, rule: &str, fixtures: &[(&str, &str)], expected: &[(usize, &str)]) {
        let fixtures: Vec<_> = fixtures.iter().map(|(name, text)| (name.to_string(), text.to_string())).collect();
        let problems = check_file(file, rule, &fixtures);
        let found: Vec<_> = problems.iter().map(|problem| (problem.line, problem.what.as_str())).collect();
        assert_eq!(found, expected);
    }

    const PLACE: &str = "rules/python/crypto/weak.yaml";
    const BESIDE: (&str, &str) = ("rules/python/crypto/weak.py", FIXTURE);

    #[test]
    fn a_rule_in_order_passes() {
        check(PLACE, RULE, &[BESIDE], &[]);
    }

    #[test]
    fn the_id_is_the_place() {
        let what = "the id is `python.crypto.weak`, its place says `python.crypto.strong`";
        check("rules/python/crypto/strong.yaml", RULE, &[BESIDE], &[(2, what)]);
        let what = "the id is `python.crypto.weak`, its place says `python.weak`";
        check(
            "rules/python/weak.yaml",
            RULE,
            &[BESIDE],
            &[(1, "not at rules/<language>/<topic>/<rule>.yaml"), (2, what)],
        );
    }

    #[test]
    fn a_rule_says_all_of_itself() {
        let without = |line: &str| RULE.lines().filter(|l| !l.contains(line)).collect::<Vec<_>>().join("\n");
        check(PLACE, &without("name:"), &[BESIDE], &[(6, "`metadata.name` is missing")]);
        check(PLACE, &without("impact: LOW"), &[BESIDE], &[(6, "`metadata.impact` is missing or no level")]);
        check(PLACE, &RULE.replace("CWE-328:", "328"), &[BESIDE], &[(9, "`metadata.cwe` names no weakness")]);
        check(PLACE, &RULE.replace("A04:2025", "A44:2025"), &[BESIDE], &[(10, "no OWASP category of 2025")]);
        check(PLACE, &RULE.replace("exploit: b, ", ""), &[BESIDE], &[(16, "`explanation.exploit` is missing")]);
        check(
            PLACE,
            &RULE.replace("https:", "http:"),
            &[BESIDE],
            &[(15, "`metadata.references` is not one to three https addresses")],
        );
        check(PLACE, &RULE.replace("LOW\n    message", "ERROR\n    message"), &[BESIDE], &[(4, "severity ERROR")]);
        let doubled = RULE.replace("fix: d", "fix: \"|\\n  text\"");
        check(PLACE, &doubled, &[BESIDE], &[(16, "`explanation.fix` begins with the mark of a block")]);
    }

    #[test]
    fn a_rule_has_a_fixture() {
        let few = ("rules/python/crypto/weak.py", "# ruleid: weak\nweak()\n# ok: weak\na()\n# ok: weak\nb()\n");
        check(PLACE, RULE, &[few], &[(2, "1 `ruleid: python.crypto.weak` in the fixtures beside it")]);
        let fixed = ("rules/python/crypto/weak.fixed.py", FIXTURE);
        check(PLACE, RULE, &[BESIDE, fixed], &[(2, "a fixture of a fix, and no fix")]);
        let fixing = RULE.replace("    pattern: weak()\n", "    pattern: weak()\n    fix: strong()\n");
        check(PLACE, &fixing, &[BESIDE, fixed], &[]);
        check(PLACE, &fixing, &[BESIDE], &[(18, "a fix that no fixture shows")]);
    }
}
