//! One file from bytes to findings.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read;
use std::time::{Duration, Instant};

use rampart_report::model::{Captured, Finding, Fix, LineRange, SkipReason, TraceStep};
use rampart_rules::model::Rule;
use rampart_rules::{FileInput, FileOutcome, Limits, Role, RuleMatch, RuleSet, Settings};
use rampart_syntax::Span;
use serde::{Deserialize, Serialize};

use crate::cache::{Cache, Kept};
use crate::fingerprint::{Identity, Signer};
use crate::read::{Lines, decode, machine_made};
use crate::suppress::Suppressions;
use crate::{Content, Options, Part, Target, severity};

/// Longest text of a metavariable and longest message in a report, in bytes: a match may span a file, its finding need not carry it.
const TEXT_LIMIT: usize = 4_096;

/// What became of one file.
#[derive(Debug, Serialize, Deserialize)]
pub struct Record {
    /// The place of the file in the list of targets.
    pub index: u32,
    pub result: Result<Scanned, NotScanned>,
}

#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Scanned {
    pub bytes: u64,
    pub lines: u64,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub findings: Vec<Finding>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub not_understood: Vec<LineRange>,
    /// Limits that cut the work on this file short, for people.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub limits: Vec<String>,
    /// [`digest`] of the text, when a finding has a fix: the fix is for this text only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub digest: Option<String>,
    pub spent: Spans,
}

/// Where the time of one file went, in microseconds.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Spans {
    pub read: u64,
    pub prefilter: u64,
    pub parse: u64,
    pub lower: u64,
    pub match_: u64,
    #[serde(default)]
    pub flow: u64,
    /// By rule id; only when asked for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rules: Vec<(String, u64)>,
}

#[derive(Debug, Serialize, Deserialize)]
pub struct NotScanned {
    pub reason: SkipReason,
    pub detail: String,
}

/// Which files some rule could be for.
pub struct Reach {
    langs: Vec<rampart_syntax::Lang>,
    any_text: bool,
}

impl Reach {
    pub fn of(rules: &[Rule]) -> Reach {
        let mut langs: Vec<_> = rules.iter().flat_map(|rule| rule.targets.langs.iter().copied()).collect();
        langs.sort_unstable();
        langs.dedup();
        Reach { langs, any_text: rules.iter().any(|rule| rule.targets.generic || rule.targets.regex) }
    }

    fn covers(&self, target: &Target) -> bool {
        self.any_text || target.lang.is_some_and(|lang| self.langs.contains(&lang))
    }
}

/// Reads one file, runs the rules and makes its findings.
/// What the file adds to the data flow of the project comes beside.
pub fn scan_file(
    target: &Target,
    set: &RuleSet,
    reach: &Reach,
    cache: Option<&Cache>,
    settings: &Settings,
    options: &Options,
) -> Result<(Scanned, Option<Kept>), NotScanned> {
    if !reach.covers(target) {
        return Err(NotScanned { reason: SkipReason::NoRules, detail: String::new() });
    }
    let begin = Instant::now();
    let bytes = read(target, options.max_file_bytes)?;
    let size = bytes.len() as u64;
    let key = cache.map(|cache| cache.key(target, &bytes));
    if let Some(known) = cache.zip(key).and_then(|(cache, key)| cache.file(key)) {
        return Ok(known);
    }
    let decoded =
        decode(bytes).map_err(|refused| NotScanned { reason: refused.reason, detail: refused.detail.to_owned() })?;
    if !target.any_form
        && let Some(refused) = machine_made(&decoded.text, target.lang)
    {
        return Err(NotScanned { reason: refused.reason, detail: refused.detail.to_owned() });
    }
    let read_time = begin.elapsed();
    let text = decoded.text.as_str();
    let limits = Limits {
        file: options.file_time,
        parse: options.file_time.min(Limits::default().parse),
        per_rule_timings: options.time_rules,
        reach: options.dataflow,
        only_flow: target.part == Part::Around,
        ..Limits::default()
    };
    let mut outcome = set.scan(&FileInput { path: &target.path, text, lang: target.lang, settings }, &limits);
    let failure = outcome.failure.take();
    let ran_out = failure.is_some();
    if let Some(failure) = &failure
        && outcome.matches.is_empty()
        && !outcome.parsed
    {
        return Err(failed(failure.clone()));
    }
    let mut scanned =
        Scanned { bytes: size, lines: count_lines(text), spent: spans(set, &outcome, read_time), ..Scanned::default() };
    if let Some(failure) = failure {
        scanned.limits.push(format!("{}: {failure}; only a part of the rules was run", target.path));
    }
    for (rule, limit) in &outcome.limits_hit {
        scanned.limits.push(format!("{}: rule {}: {limit}", target.path, set.rules()[*rule].id));
    }
    scanned.limits.extend(outcome.flow_limits.iter().map(|limit| format!("{}: {limit}", target.path)));
    if outcome.too_deep {
        scanned.limits.push(format!("{}: nested too deeply; the innermost code was not scanned", target.path));
    }
    if !(outcome.matches.is_empty() && outcome.parse_errors.is_empty()) {
        let lines = Lines::new(text);
        scanned.not_understood = line_ranges(&outcome.parse_errors, &lines);
        let step = |step: &rampart_rules::TraceStep| Some(trace_step(&target.path, text, &lines, step, decoded.shift));
        scanned.findings = findings(target, text, &lines, set, outcome.matches, decoded.shift, &step);
        scanned.digest = scanned.findings.iter().any(|finding| finding.fix.is_some()).then(|| digest(text));
    }
    // What time cut short, another run may finish; other limits are met by every run alike.
    let key = key.filter(|_| !ran_out && begin.elapsed() < options.file_time / 2);
    let kept = outcome.flow.and_then(|flow| Kept::new(key, flow));
    if let Some((cache, key)) = cache.zip(key) {
        let spent = std::mem::take(&mut scanned.spent);
        cache.keep_file(key, &scanned, kept.as_ref());
        scanned.spent = spent;
    }
    Ok((scanned, kept))
}

/// What a text is known by when fixes are applied to it.
pub fn digest(text: &str) -> String {
    blake3::hash(text.as_bytes()).to_hex().to_string()
}

/// The bytes of a target, if they are no more than `limit`.
pub fn read(target: &Target, limit: u64) -> Result<Vec<u8>, NotScanned> {
    let path = match &target.source {
        Content::Bytes(bytes) => return Ok(bytes.to_vec()),
        Content::File(path) => path,
    };
    let unreadable = |error: std::io::Error| NotScanned { reason: SkipReason::Unreadable, detail: error.to_string() };
    let file = File::open(path).map_err(unreadable)?;
    let size = file.metadata().map_err(unreadable)?.len();
    let mut bytes = Vec::with_capacity(size.min(limit) as usize + 1);
    // One byte more than allowed tells that the file has grown since it was found.
    file.take(limit + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    if bytes.len() as u64 > limit {
        return Err(NotScanned { reason: SkipReason::TooLarge, detail: "it grew during the scan".to_owned() });
    }
    Ok(bytes)
}

/// The engine says in words why it gave up; a time limit has a reason of its own.
fn failed(failure: String) -> NotScanned {
    let slow = failure.contains("too long") || failure.to_ascii_lowercase().contains("time");
    NotScanned { reason: if slow { SkipReason::Timeout } else { SkipReason::Other }, detail: failure }
}

fn count_lines(text: &str) -> u64 {
    memchr::memchr_iter(b'\n', text.as_bytes()).count() as u64 + u64::from(!text.is_empty() && !text.ends_with('\n'))
}

fn spans(set: &RuleSet, outcome: &FileOutcome, read: Duration) -> Spans {
    let micros = |time: Duration| u64::try_from(time.as_micros()).unwrap_or(u64::MAX);
    let timings = &outcome.timings;
    Spans {
        read: micros(read),
        prefilter: micros(timings.prefilter),
        parse: micros(timings.parse),
        lower: micros(timings.lower),
        match_: micros(timings.match_),
        flow: micros(timings.flow),
        rules: timings.per_rule.iter().map(|&(rule, time)| (set.rules()[rule].id.clone(), micros(time))).collect(),
    }
}

/// The lines of spans, merged where they touch.
fn line_ranges(spans: &[Span], lines: &Lines) -> Vec<LineRange> {
    let mut ranges: Vec<LineRange> = spans
        .iter()
        .map(|span| {
            let start = lines.line_of(span.start as usize);
            LineRange { start, end: lines.line_of((span.end as usize).saturating_sub(1)).max(start) }
        })
        .collect();
    ranges.sort_unstable();
    ranges.dedup_by(|next, kept| {
        let joins = next.start <= kept.end + 1;
        if joins {
            kept.end = kept.end.max(next.end);
        }
        joins
    });
    ranges
}

/// Matches to findings. `shift` is what offsets in the file are larger by than in the text; without it there are no fixes.
pub fn findings(
    target: &Target,
    text: &str,
    lines: &Lines,
    set: &RuleSet,
    mut matches: Vec<RuleMatch>,
    shift: Option<usize>,
    step: &dyn Fn(&rampart_rules::TraceStep) -> Option<TraceStep>,
) -> Vec<Finding> {
    matches.sort_by_key(|found| (found.span, found.rule));
    let suppressions = Suppressions::of(lines, text);
    let mut signer = Signer::new(text, lines);
    matches
        .into_iter()
        .map(|found| {
            let rule = &set.rules()[found.rule];
            let at = |offset: u32| {
                let mut position = lines.position(offset as usize);
                position.offset += shift.unwrap_or(0) as u64;
                position
            };
            let start = at(found.span.start);
            let identity = Identity {
                rule: &rule.id,
                path: &target.path,
                scope: &found.scope,
                body: &found.body,
                tokens: &found.tokens,
                offset: found.span.start as usize,
                line: start.line,
            };
            let fingerprints = signer.sign(&identity);
            let captured = found.metavariables.into_iter().map(|(name, span, text)| {
                (name, Captured { text: cut(text), start: at(span.start), end: at(span.end) })
            });
            let mut finding = Finding {
                rule: rule.id.clone(),
                path: target.path.clone(),
                start,
                end: at(found.span.end),
                severity: severity(rule.severity),
                message: cut(found.message),
                metavariables: captured.collect::<BTreeMap<_, _>>(),
                fix: found.fix.filter(|_| shift.is_some()).map(|(span, replacement)| Fix {
                    start: at(span.start),
                    end: at(span.end),
                    replacement,
                }),
                suppressed: suppressions.find(&rule.id, start.line),
                fingerprints,
                trace: found.steps.iter().filter_map(step).collect(),
                ..Finding::default()
            };
            finding.set_context(|number| lines.line(number));
            finding
        })
        .collect()
}

/// Longest text of a step, in bytes.
const STEP_TEXT: usize = 200;

/// A step of a trace as a report has it.
pub fn trace_step(
    path: &str,
    text: &str,
    lines: &Lines,
    step: &rampart_rules::TraceStep,
    shift: Option<usize>,
) -> TraceStep {
    let at = |offset: u32| {
        let mut position = lines.position(offset as usize);
        position.offset += shift.unwrap_or(0) as u64;
        position
    };
    let code = text.get(step.span.range()).unwrap_or_default();
    let code = &code[..code.floor_char_boundary(STEP_TEXT)];
    let note = match step.role {
        Role::Source => "the data comes in here",
        Role::Step => "",
        Role::Enters => "it is given to the function",
        Role::Returns => "it comes back from the function",
        Role::Sink => "it is used here",
    };
    TraceStep {
        path: path.to_owned(),
        start: at(step.span.start),
        end: at(step.span.end),
        text: code.to_owned(),
        note: note.to_owned(),
    }
}

fn cut(mut text: String) -> String {
    if text.len() > TEXT_LIMIT {
        text.truncate(text.floor_char_boundary(TEXT_LIMIT));
        text.push('…');
    }
    text
}
