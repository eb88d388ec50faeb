//! Pieces of a file as texts of another language: taken out, run through the rules for it, and what they find brought back to the
//! places in the file.
//!
//! Cost: linear in the pieces of a rule, which do not overlap.

use std::time::Instant;

use rampart_flow::Reach;
use rampart_syntax::Span;

use crate::engine::{FileInput, FileOutcome, Limits, RuleMatch, RuleSet};
use crate::model::{Extract, Mode, Transform};

/// Pieces of one rule in one file that are looked at; people write fewer.
const MAX_PIECES: usize = 1_000;

impl RuleSet {
    /// Runs the rules for other languages on the pieces that were found.
    pub(crate) fn scan_pieces(&self, file: &FileInput, limits: &Limits, start: Instant, outcome: &mut FileOutcome) {
        for (rule, spans) in std::mem::take(&mut outcome.pieces) {
            let Mode::Extract(extract) = &self.rules()[rule].mode else { continue };
            let mut pieces = pieces(file.text, spans, extract);
            if pieces.len() > MAX_PIECES {
                outcome.limits_hit.push((rule, format!("more than {MAX_PIECES} pieces")));
                pieces.truncate(MAX_PIECES);
            }
            for piece in &pieces {
                let Some(left) = limits.file.checked_sub(start.elapsed()) else {
                    outcome.failure = Some(format!("took longer than {} s", limits.file.as_secs_f32()));
                    return;
                };
                let reach = if limits.reach == Reach::Project { Reach::File } else { limits.reach };
                let limits = Limits { file: left, reach, ..limits.clone() };
                self.scan_piece(file, extract, piece, &limits, outcome);
            }
        }
        outcome.matches.sort_by_key(|m| (m.rule, m.span.start, m.span.end));
        // Several rules may extract the same.
        outcome.matches.dedup_by(|a, b| (a.rule, a.span, &a.message) == (b.rule, b.span, &b.message));
    }

    fn scan_piece(
        &self,
        file: &FileInput,
        extract: &Extract,
        piece: &Piece,
        limits: &Limits,
        outcome: &mut FileOutcome,
    ) {
        let takes = |rule: usize| {
            let (rule, language) = (&self.rules()[rule], &extract.language);
            let stands_for = |name: &String| {
                rule.id == *name || rule.id.strip_suffix(name.as_str()).is_some_and(|rest| rest.ends_with('.'))
            };
            let fits = language.langs.iter().any(|lang| rule.targets.langs.contains(lang))
                || language.generic && rule.targets.generic
                || language.regex && rule.targets.regex;
            fits && !matches!(rule.mode, Mode::Extract(_))
                && (extract.include.is_empty() || extract.include.iter().any(stands_for))
                && !extract.exclude.iter().any(stands_for)
        };
        let input = FileInput {
            path: file.path,
            text: &piece.text,
            lang: extract.language.langs.first().copied(),
            settings: file.settings,
        };
        let found = self.scan_text(&input, limits, &takes);
        outcome.parse_errors.extend(found.parse_errors.iter().map(|&span| piece.place(span)));
        outcome.too_deep |= found.too_deep;
        outcome.limits_hit.extend(found.limits_hit);
        outcome.flow_limits.extend(found.flow_limits);
        outcome.failure = outcome.failure.take().or(found.failure);
        outcome.matches.extend(found.matches.into_iter().map(|found| piece.bring_back(found)));
        let (all, own) = (&mut outcome.timings, found.timings);
        all.prefilter += own.prefilter;
        all.parse += own.parse;
        all.lower += own.lower;
        all.match_ += own.match_;
        all.flow += own.flow;
        all.per_rule.extend(own.per_rule);
    }
}

/// The texts to scan. Pieces that overlap are one.
fn pieces(text: &str, mut spans: Vec<Span>, extract: &Extract) -> Vec<Piece> {
    spans.sort_unstable_by_key(|span| (span.start, span.end));
    let mut apart: Vec<Span> = Vec::with_capacity(spans.len());
    for span in spans {
        match apart.last_mut() {
            Some(last) if span.start < last.end => last.end = last.end.max(span.end),
            _ => apart.push(span),
        }
    }
    let mut all = Vec::new();
    for span in apart {
        if all.is_empty() || !extract.concat {
            all.push(Piece::default());
        }
        let piece = all.last_mut().expect("one was just added");
        if !piece.text.is_empty() {
            piece.text.push('\n');
        }
        match extract.transform {
            Transform::None => piece.take(text, span.range().start, span.range().end),
            Transform::Unquote => piece.unquote(text, span),
            Transform::JsonArray => piece.elements(text, span),
        }
    }
    all.retain(|piece| !piece.text.is_empty());
    all
}

/// A text made of parts of a file.
#[derive(Default)]
struct Piece {
    text: String,
    /// In order. Between two of them stands what is not in the file.
    runs: Vec<Run>,
}

/// `len` bytes of the text stand for `of_len` bytes of the file; where the numbers are the same, byte for byte.
struct Run {
    at: usize,
    len: usize,
    of: usize,
    of_len: usize,
}

impl Piece {
    fn take(&mut self, text: &str, from: usize, to: usize) {
        let Some(part) = text.get(from..to).filter(|part| !part.is_empty()) else { return };
        self.runs.push(Run { at: self.text.len(), len: part.len(), of: from, of_len: part.len() });
        self.text.push_str(part);
    }

    /// `c` stands for the bytes of an escape.
    fn put(&mut self, c: char, from: usize, to: usize) {
        self.runs.push(Run { at: self.text.len(), len: c.len_utf8(), of: from, of_len: to - from });
        self.text.push(c);
    }

    /// The content of a string literal; what has no quotes is taken as it is.
    fn unquote(&mut self, text: &str, span: Span) {
        let (mut from, mut to) = (span.range().start, span.range().end);
        let literal = text.get(from..to).unwrap_or("");
        for quote in ["\"\"\"", "'''", "\"", "'", "`"] {
            if literal.len() >= 2 * quote.len() && literal.starts_with(quote) && literal.ends_with(quote) {
                (from, to) = (from + quote.len(), to - quote.len());
                break;
            }
        }
        self.unescape(text, from, to);
    }

    fn unescape(&mut self, text: &str, from: usize, to: usize) {
        let (mut plain, mut at) = (from, from);
        while let Some(back) = text.get(at..to).and_then(|rest| rest.find('\\')) {
            at += back;
            let Some(escaped) = text[at + 1..to].chars().next() else { break };
            let end = at + 1 + escaped.len_utf8();
            let known = match escaped {
                'n' => Some(('\n', end)),
                't' => Some(('\t', end)),
                'r' => Some(('\r', end)),
                'b' => Some(('\u{8}', end)),
                'f' => Some(('\u{c}', end)),
                '0' => Some(('\0', end)),
                '\\' | '"' | '\'' | '`' | '/' => Some((escaped, end)),
                'u' => hex(text, end, to, 4),
                'x' => hex(text, end, to, 2),
                _ => None,
            };
            if let Some((c, end)) = known {
                self.take(text, plain, at);
                self.put(c, at, end);
                plain = end;
            }
            at = known.map_or(end, |(_, end)| end);
        }
        self.take(text, plain, to);
    }

    /// The strings of a list in JSON; what is not one gives nothing.
    fn elements(&mut self, text: &str, span: Span) {
        let (from, to) = (span.range().start, span.range().end);
        let bytes = text.as_bytes();
        let mut strings = Vec::new();
        let mut at = from;
        while at < to {
            match bytes[at] {
                b'"' => {
                    let mut end = at + 1;
                    while end < to && bytes[end] != b'"' {
                        end += if bytes[end] == b'\\' { 2 } else { 1 };
                    }
                    if end >= to {
                        return;
                    }
                    strings.push((at + 1, end));
                    at = end + 1;
                }
                b'[' | b']' | b',' => at += 1,
                byte if byte.is_ascii_whitespace() => at += 1,
                _ => return,
            }
        }
        for (i, (from, to)) in strings.into_iter().enumerate() {
            if i > 0 && !self.text.ends_with('\n') {
                self.text.push('\n');
            }
            self.unescape(text, from, to);
        }
    }

    // ── the way back ─────────────────────────────────────────────────────────────────────────────

    /// The place in the file of a part of the text.
    fn place(&self, span: Span) -> Span {
        let (start, end) = (span.range().start, span.range().end);
        let from = self.runs.partition_point(|run| run.at + run.len <= start);
        let first = self.runs.get(from).or(self.runs.last());
        let start = first.map_or(0, |run| match start.checked_sub(run.at) {
            Some(past) if run.len == run.of_len => run.of + past.min(run.len),
            _ => run.of,
        });
        // The byte before the end is what the end stands behind.
        let upto = self.runs.partition_point(|run| run.at < end);
        let last = upto.checked_sub(1).and_then(|last| self.runs.get(last));
        let end = last.map_or(start, |run| match end - run.at {
            past if run.len == run.of_len && past < run.len => run.of + past,
            _ => run.of + run.of_len,
        });
        let offset = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        Span { start: offset(start), end: offset(end.max(start)) }
    }

    fn bring_back(&self, mut found: RuleMatch) -> RuleMatch {
        // What is written otherwise in the file cannot be replaced by what is written here.
        found.fix = found.fix.filter(|(span, _)| self.is_verbatim(*span)).map(|(span, text)| (self.place(span), text));
        found.span = self.place(found.span);
        for (_, span, _) in &mut found.metavariables {
            *span = self.place(*span);
        }
        for step in &mut found.steps {
            step.span = self.place(step.span);
        }
        found
    }

    fn is_verbatim(&self, span: Span) -> bool {
        let (start, end) = (span.range().start, span.range().end);
        let run = self.runs.partition_point(|run| run.at + run.len <= start);
        self.runs.get(run).is_some_and(|run| run.len == run.of_len && run.at <= start && end <= run.at + run.len)
            && self.runs.iter().all(|run| run.len == run.of_len)
    }
}

/// The character of `digits` hexadecimal digits, and where it ends.
fn hex(text: &str, from: usize, to: usize, digits: usize) -> Option<(char, usize)> {
    let code = text.get(from..to)?.get(..digits)?;
    let is_hex = code.bytes().all(|b| b.is_ascii_hexdigit());
    let c = char::from_u32(u32::from_str_radix(code, 16).ok().filter(|_| is_hex)?)?;
    Some((c, from + digits))
}
