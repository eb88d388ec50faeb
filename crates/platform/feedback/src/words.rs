//! What a check, the summary and the comments say: read in ten seconds by somebody who wants to merge.
//!
//! The worst comes first, a line says what and where, and what the forge shows already (the code) is not said again.

use rampart_analysis::Stage;
use rampart_findings::Severity;
use rampart_forge::{CommitHash, Threshold};

use crate::judgement::{Judgement, New, Source, Verdict};
use crate::markdown::{code, text};

/// What everything begins with that is said here.
pub const MARK: &str = "<!-- rampart:";

/// By which the one summary of a pull request is known again, whoever else comments.
pub const SUMMARY_MARK: &str = "<!-- rampart:summary -->";

/// Findings that are listed; what is more is in the dashboard.
const LISTED: usize = 20;

/// Annotations of one check (GitHub takes fifty at a time).
pub const MOST_ANNOTATIONS: usize = 50;

/// Where things are.
#[derive(Clone, Debug)]
pub struct Places<'a> {
    /// The page in the dashboard that shows all of it.
    pub details: &'a str,
    /// The commit at which the change began.
    pub base: &'a CommitHash,
    pub head: &'a CommitHash,
}

/// How a check ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Conclusion {
    /// It has not ended.
    Pending,
    Success,
    Neutral,
    Failure,
    Cancelled,
}

/// A check of a commit.
#[derive(Clone, Debug, PartialEq)]
pub struct Check {
    pub conclusion: Conclusion,
    pub title: String,
    pub summary: String,
    pub annotations: Vec<Annotation>,
}

/// A word beside a line of the change.
#[derive(Clone, Debug, PartialEq)]
pub struct Annotation {
    pub path: String,
    pub first_line: u32,
    pub last_line: u32,
    pub level: Level,
    /// Not Markdown.
    pub title: String,
    pub message: String,
}

/// How loud an annotation is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    Notice,
    Warning,
    Failure,
}

/// A comment beside a line of the change.
#[derive(Clone, Debug, PartialEq)]
pub struct Comment {
    /// By which it is known again.
    pub mark: String,
    pub path: String,
    pub first_line: u32,
    pub last_line: u32,
    pub severity: Severity,
    pub body: String,
    /// What is suggested in place of the lines.
    pub suggestion: Option<String>,
}

/// `2 new findings: 1 critical, 1 low`
pub fn headline(judgement: &Judgement) -> String {
    let counts = judgement.counts();
    match judgement.new.len() {
        0 if judgement.unseen.len() == 1 => "1 changed file could not be looked at".to_owned(),
        0 if judgement.unseen.len() > 1 => format!("{} changed files could not be looked at", judgement.unseen.len()),
        0 => "No new findings".to_owned(),
        1 => format!("1 new finding: {}", judgement.new[0].severity),
        many => {
            let counts = counts.iter().map(|(severity, count)| format!("{count} {severity}")).collect::<Vec<_>>();
            format!("{many} new findings: {}", counts.join(", "))
        }
    }
}

/// The check of a head.
pub fn check(judgement: &Judgement, places: &Places) -> Check {
    let conclusion = match judgement.verdict {
        Verdict::Clean => Conclusion::Success,
        Verdict::Noted => Conclusion::Neutral,
        Verdict::Failed => Conclusion::Failure,
    };
    let annotations = judgement.new.iter().filter(|new| new.is_on_change).take(MOST_ANNOTATIONS);
    Check {
        conclusion,
        title: headline(judgement),
        summary: body(judgement, places),
        annotations: annotations.map(|new| annotation(judgement.fail_on, new)).collect(),
    }
}

/// The check of a head of which nothing is known, or will be. `gates`: findings fail the check, so not to know does too.
pub fn stage(stage: Stage, gates: bool, details: &str) -> Check {
    let unknown = if gates { Conclusion::Failure } else { Conclusion::Neutral };
    let (conclusion, title, summary) = match stage {
        Stage::Queued | Stage::Completed => (
            Conclusion::Pending,
            "Looking at the change",
            format!("The change is compared with where it began. [How far it is]({details})"),
        ),
        Stage::Failed => (
            unknown,
            "Could not be analyzed",
            format!("The scan came to no end; [it says why]({details}). Push again, or have it analyzed again there."),
        ),
        Stage::Cancelled => (
            Conclusion::Cancelled,
            "The analysis was cancelled",
            format!("Somebody ended it. Push again, or have it [analyzed again]({details})."),
        ),
    };
    Check { conclusion, title: title.to_owned(), summary, annotations: Vec::new() }
}

/// The one line of a commit status, where there are no checks: at most 140 characters.
pub fn status(judgement: &Judgement) -> String {
    let line = match judgement.verdict {
        Verdict::Failed if judgement.failing() == 0 => {
            format!("{} (fails for what cannot be seen)", headline(judgement))
        }
        Verdict::Failed => format!("{} (fails from {} on)", headline(judgement), judgement.fail_on),
        _ => headline(judgement),
    };
    line.chars().take(140).collect()
}

/// The summary in the conversation. Nothing when there is nothing to say: `told` is whether there is one already, which then says that
/// it is done.
pub fn summary(judgement: &Judgement, places: &Places, told: bool) -> Option<String> {
    if judgement.new.is_empty() && judgement.unseen.is_empty() && !told {
        return None;
    }
    Some(format!("{SUMMARY_MARK}\n### {}\n\n{}", headline(judgement), body(judgement, places)))
}

/// Few comments beside lines.
pub fn comments(judgement: &Judgement, most: usize) -> Vec<Comment> {
    judgement.beside(most).into_iter().map(comment).collect()
}

/// By which the comment of a finding is known again. The key is of the code: what stands in it must not end the mark.
pub fn mark(new: &New) -> String {
    let key: String =
        new.key.chars().filter(|c| c.is_ascii_alphanumeric() || matches!(c, ':' | '_' | '/' | '.')).take(200).collect();
    format!("<!-- rampart:finding:{key} -->")
}

fn body(judgement: &Judgement, places: &Places) -> String {
    let mut out = String::new();
    let mut line = |text: &str| {
        out.push_str(text);
        out.push('\n');
    };
    match judgement.verdict {
        Verdict::Clean => line("This change brings nothing that was not there before."),
        Verdict::Noted if judgement.fail_on == Threshold::None => line("The check does not fail for what is found."),
        Verdict::Noted => line(&format!("None of them is {} or worse: the check does not fail.", judgement.fail_on)),
        Verdict::Failed if judgement.failing() == 0 => line(
            "**The check fails** – what cannot be looked at may hold anything. Make it smaller or simpler, or leave it out by the ignore \
             file of the branch that it goes to.",
        ),
        Verdict::Failed => {
            let failing = judgement.failing();
            let of = if failing == judgement.new.len() { String::new() } else { format!("{failing} of them: ") };
            line(&format!("**The check fails** – {of}{} or worse.", judgement.fail_on));
        }
    }
    if !judgement.new.is_empty() {
        line("\n| | What | Where |\n|---|---|---|");
        for new in judgement.new.iter().take(LISTED) {
            let excused =
                if new.is_excused { " · dismissed by a comment in this change, which does not count" } else { "" };
            let place = code(&format!("{}:{}", new.path, new.line));
            line(&format!("| **{}** | {}{excused} | {place} |", new.severity, text(&new.title)));
        }
        let more = judgement.new.len().saturating_sub(LISTED);
        if more > 0 {
            line(&format!("\n… and {more} more."));
        }
    }
    if !judgement.unseen.is_empty() {
        let named: Vec<String> = judgement.unseen.iter().take(5).map(|path| code(path)).collect();
        let more = judgement.unseen.len().saturating_sub(named.len());
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        line(&format!("\n⚠️ Could not be looked at, and may hold more: {}{more}.", named.join(", ")));
    }
    let fixed = match judgement.fixed {
        0 => String::new(),
        1 => "It fixes 1 finding. ".to_owned(),
        many => format!("It fixes {many} findings. "),
    };
    let short = |hash: &CommitHash| hash.as_str().get(..10).unwrap_or(hash.as_str()).to_owned();
    line(&format!(
        "\n<sub>{fixed}{} compared with {} · [all of it]({})</sub>",
        short(places.head),
        short(places.base),
        places.details
    ));
    out
}

fn annotation(fail_on: Threshold, new: &New) -> Annotation {
    let level = match new.severity {
        severity if severity >= Severity::High => Level::Failure,
        Severity::Medium => Level::Warning,
        _ => Level::Notice,
    };
    // What does not fail the check does not look as if it did.
    let level = if fail_on == Threshold::None && level == Level::Failure { Level::Warning } else { level };
    let plain = |text: &str| rampart_report::visible::block(text.trim());
    let mut message = plain(&new.message);
    if let Some(Source { path, line }) = from_elsewhere(new) {
        message.push_str(&plain(&format!("\nThe data comes from {path}:{line}.")).replacen("The", "\nThe", 1));
    }
    if !new.remedy.trim().is_empty() {
        message.push_str("\n\n");
        message.push_str(&plain(&new.remedy));
    }
    let title = format!("{} ({})", plain(&new.title), new.severity);
    let message = message.chars().take(4_000).collect();
    Annotation { path: new.path.clone(), first_line: new.line, last_line: new.end_line, level, title, message }
}

fn from_elsewhere(new: &New) -> Option<&Source> {
    new.source.as_ref().filter(|source| (&source.path, source.line) != (&new.path, new.line))
}

fn comment(new: &New) -> Comment {
    let mark = mark(new);
    let mut body = format!("{mark}\n**{}** · {}\n\n{}\n", new.severity, text(&new.title), text(&new.message));
    if let Some(Source { path, line }) = from_elsewhere(new) {
        body.push_str(&format!("\nThe data comes from {}.\n", code(&format!("{path}:{line}"))));
    }
    if !new.remedy.trim().is_empty() {
        body.push_str(&format!("\n{}\n", text(&new.remedy)));
    }
    let (mut first_line, mut last_line) = (new.line, new.line);
    if let Some(suggestion) = &new.suggestion {
        // A suggestion replaces the lines that the comment stands at.
        (first_line, last_line) = (suggestion.first_line, suggestion.last_line);
    }
    let suggestion = new.suggestion.as_ref().map(|suggestion| suggestion.text.clone());
    Comment { mark, path: new.path.clone(), first_line, last_line, severity: new.severity, body, suggestion }
}

#[cfg(test)]
mod tests {
    use rampart_findings::identity::Change;
    use rampart_report::model::Severity as Reported;

    use super::*;
    use crate::judgement::tests::{change, finding, report};
    use crate::judgement::{Rules, judge};

    fn hash(digit: &str) -> CommitHash {
        digit.repeat(40).parse().unwrap()
    }

    fn with<T>(findings: &[(&str, Reported)], of: impl Fn(&Judgement, &Places) -> T) -> T {
        let found = findings.iter().map(|(rule, severity)| finding(rule, "a.py", 10, *severity)).collect();
        let judged = judge(&report(vec![], &["a.py"]), &report(found, &["a.py"]), &change(), &Rules::default());
        let (base, head) = (hash("b"), hash("c"));
        of(&judged, &Places { details: "https://rampart.example/app/scans/1", base: &base, head: &head })
    }

    #[test]
    fn a_summary_is_read_in_ten_seconds() {
        let said = with(&[("xss", Reported::Low), ("sql", Reported::Critical)], |judged, places| {
            summary(judged, places, false)
        });
        let expected = "<!-- rampart:summary -->\n### 2 new findings: 1 critical, 1 low\n\n\
            **The check fails** – 1 of them: high or worse.\n\n\
            | | What | Where |\n|---|---|---|\n| **critical** | sql | `a.py:10` |\n| **low** | xss | `a.py:10` |\n\n\
            <sub>cccccccccc compared with bbbbbbbbbb · [all of it](https://rampart.example/app/scans/1)</sub>\n";
        assert_eq!(said.unwrap(), expected);
    }

    #[test]
    fn clean_changes_are_not_talked_about() {
        with(&[], |judged, places| {
            assert_eq!(summary(judged, places, false), None);
            assert!(
                summary(judged, places, true).unwrap().contains("### No new findings"),
                "what was told is taken back"
            );
            assert_eq!(comments(judged, 5), []);
            let check = check(judged, places);
            assert_eq!(
                (check.conclusion, &*check.title, check.annotations.len()),
                (Conclusion::Success, "No new findings", 0)
            );
            assert_eq!(status(judged), "No new findings");
        });
    }

    #[test]
    fn a_check_says_why_it_fails_and_where() {
        with(&[("sql", Reported::Critical)], |judged, places| {
            let check = check(judged, places);
            assert_eq!((check.conclusion, &*check.title), (Conclusion::Failure, "1 new finding: critical"));
            let [annotation] = &check.annotations[..] else { panic!("{check:?}") };
            assert_eq!(
                (annotation.level, annotation.first_line, &*annotation.title),
                (Level::Failure, 10, "sql (critical)")
            );
            assert_eq!(status(judged), "1 new finding: critical (fails from high on)");
        });
        with(&[("sql", Reported::Low)], |judged, places| {
            assert_eq!(check(judged, places).conclusion, Conclusion::Neutral);
        });
    }

    #[test]
    fn a_gate_that_cannot_look_stays_closed() {
        let concluded = |it, gates| stage(it, gates, "https://r.example").conclusion;
        assert_eq!(concluded(Stage::Queued, true), Conclusion::Pending);
        assert_eq!(concluded(Stage::Failed, true), Conclusion::Failure);
        assert_eq!(concluded(Stage::Failed, false), Conclusion::Neutral);
        assert_eq!(concluded(Stage::Cancelled, true), Conclusion::Cancelled);
    }

    #[test]
    fn hostile_code_cannot_write_the_summary() {
        let evil = "x --> </details> | @admin <script> [ok](https://evil.example)";
        let mut found = finding("sql", "a.py", 10, Reported::High);
        (found.path, found.message) = (evil.to_owned(), evil.to_owned());
        found.fingerprints = [("match/v1".to_owned(), evil.to_owned())].into();
        let mut head = report(vec![found], &[]);
        head.rules[0].name = evil.to_owned();
        let judged = judge(&report(vec![], &[]), &head, &Change::none(), &Rules::default());
        let (base, head) = (hash("b"), hash("c"));
        let said = summary(&judged, &Places { details: "https://r.example", base: &base, head: &head }, false).unwrap();
        let row = said.lines().find(|line| line.starts_with("| **high**")).unwrap();
        assert!(!row.contains("<script") && !row.contains("@admin <") || row.contains('`'), "{row}");
        assert!(row.contains("@\u{200b}admin &lt;script&gt; \\[ok\\]\\(https&#58;"), "{row}");
        assert_eq!(said.matches("-->").count(), 2, "the mark, and the path in its fence: {said}");
        let [comment] = &comments(&judged, 5)[..] else { panic!("one") };
        assert!(
            comment.body.starts_with("<!-- rampart:finding:x/detailsadminscriptokhttps://evil.example -->\n"),
            "{}",
            comment.body
        );
        assert_eq!(comment.body.matches("-->").count(), 1, "{}", comment.body);
    }

    #[test]
    fn a_long_list_ends() {
        let found: Vec<_> = (0..90).map(|line| finding("sql", "b.py", line + 1, Reported::High)).collect();
        let judged = judge(&report(vec![], &[]), &report(found, &["b.py"]), &Change::none(), &Rules::default());
        let (base, head) = (hash("b"), hash("c"));
        let places = Places { details: "https://r.example", base: &base, head: &head };
        let said = summary(&judged, &places, false).unwrap();
        assert!(said.contains("… and 70 more.") && said.len() < 10_000, "{said}");
        assert_eq!(check(&judged, &places).annotations.len(), MOST_ANNOTATIONS);
    }
}
