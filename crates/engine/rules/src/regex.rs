//! Regular expressions as rules write them: PCRE's, with limits.
//!
//! Most run on a linear engine. Those that look around, refer back or match possessively run on a backtracking one,
//! and only on texts where a looser linear expression matches. No expression hangs: a search that takes too many steps
//! ends with [`Limit`].

mod first;
mod linear;
mod required;
mod translate;

use std::sync::OnceLock;
use std::time::{Duration, Instant};

use regex_automata::meta;
use regex_automata::util::captures::Captures;
use regex_automata::{Anchored, Input};
use smallvec::SmallVec;

use first::FirstBytes;
use linear::Linear;
pub use required::Required;
pub use translate::Flags;
use translate::{Refusal, Target, Translation, translate};

/// Steps that the backtracking engine may take in one search: some tens of milliseconds.
const MAX_STEPS: usize = 1_000_000;

/// How long one search goes on where steps are no measure: where each of them looks through the text. Far beyond what an
/// honest expression takes, so that results do not depend on the speed of a machine.
const MAX_TIME: Duration = Duration::from_secs(5);

/// Bytes of a compiled expression.
const MAX_SIZE: usize = 20 << 20;

/// A search took more than [`MAX_STEPS`]; whether there is a match is unknown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limit;

impl std::fmt::Display for Limit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the regular expression takes too many steps on this text")
    }
}

impl std::error::Error for Limit {}

/// A compiled expression.
#[derive(Debug)]
pub struct Regex {
    pattern: String,
    flags: Flags,
    engine: Engine,
    has_line_start: bool,
    /// Names of groups by number; group 0 is the whole match.
    names: Vec<Option<String>>,
    required: Required,
    /// What a text that matches at its start begins with, if that says anything.
    first: Option<FirstBytes>,
}

#[derive(Debug)]
enum Engine {
    Linear {
        regex: Linear,
        /// For texts that end with a newline, where `$` is not simply the end.
        before_final_newline: Option<OnceLock<Option<Box<fancy_regex::Regex>>>>,
    },
    Backtracking {
        regex: Box<fancy_regex::Regex>,
        /// Matches wherever `regex` does.
        loose: Option<Linear>,
    },
}

/// Where an expression matched: byte ranges of its groups, group 0 first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Match {
    groups: SmallVec<[Option<(usize, usize)>; 2]>,
}

impl Match {
    pub fn start(&self) -> usize {
        self.range().0
    }

    pub fn end(&self) -> usize {
        self.range().1
    }

    pub fn range(&self) -> (usize, usize) {
        self.groups[0].expect("group 0 takes part in every match")
    }

    /// The range of a group, if it took part.
    pub fn group(&self, number: usize) -> Option<(usize, usize)> {
        self.groups.get(number).copied().flatten()
    }

    /// Groups with their numbers, without group 0; those that took part.
    pub fn groups(&self) -> impl Iterator<Item = (usize, (usize, usize))> {
        self.groups.iter().enumerate().skip(1).filter_map(|(n, g)| Some((n, (*g)?)))
    }
}

impl Regex {
    /// Errors say what is wrong in words for the author of the expression.
    pub fn new(pattern: &str, flags: Flags) -> Result<Regex, String> {
        let (translation, is_linear) = match translate(pattern, flags, Target::Linear) {
            Ok(translation) => (translation, true),
            Err(Refusal::NeedsBacktracking) => {
                (translate(pattern, flags, Target::Backtracking).map_err(reason)?, false)
            }
            Err(wrong) => return Err(reason(wrong)),
        };
        let Translation { text, end_is_strict, has_line_start } = translation;
        let (required, first);
        let (engine, names) = if is_linear {
            let hir = linear::parse(&text)?;
            (required, first) = (Required::of(&hir), FirstBytes::of(&hir));
            let names = linear::group_names(&hir);
            let regex = Linear::new(hir)?;
            (Engine::Linear { regex, before_final_newline: end_is_strict.then(OnceLock::new) }, names)
        } else {
            let loose = translate(pattern, flags, Target::Loose).ok().and_then(|t| linear::parse(&t.text).ok());
            required = loose.as_ref().map_or(Required::Nothing, Required::of);
            first = loose.as_ref().and_then(FirstBytes::of);
            // One that matches nothing at all somewhere matches everywhere, and saves no work.
            let loose = loose.filter(|hir| hir.properties().minimum_len() != Some(0));
            let regex = backtracking(&text)?;
            let names = regex.capture_names().map(|n| n.map(str::to_string)).collect();
            let loose = loose.and_then(|hir| Linear::new(hir).ok());
            (Engine::Backtracking { regex: Box::new(regex), loose }, names)
        };
        Ok(Regex { pattern: pattern.to_string(), flags, engine, has_line_start, names, required, first })
    }

    pub fn as_str(&self) -> &str {
        &self.pattern
    }

    /// Names of the groups with their numbers.
    pub fn names(&self) -> impl Iterator<Item = (usize, &str)> {
        self.names.iter().enumerate().filter_map(|(n, name)| Some((n, name.as_deref()?)))
    }

    /// How many groups there are, with group 0.
    pub fn group_count(&self) -> usize {
        self.names.len()
    }

    /// What a text must contain for a match in it, as far as is known.
    pub fn required(&self) -> &Required {
        &self.required
    }

    /// Whether some search with this expression can end with [`Limit`].
    pub fn can_exceed_limit(&self) -> bool {
        match &self.engine {
            Engine::Linear { before_final_newline, .. } => before_final_newline.is_some(),
            Engine::Backtracking { .. } => true,
        }
    }

    pub fn is_match(&self, text: &str) -> Result<bool, Limit> {
        // Matches at the very end need a closer look.
        if self.has_line_start && text.ends_with('\n') {
            return self.find_at(text, 0, false).map(|m| m.is_some());
        }
        match self.engine_for(text) {
            Searcher::Linear(regex) => Ok(regex.is_match(text)),
            Searcher::Backtracking(..) => self.find_at(text, 0, false).map(|m| m.is_some()),
        }
    }

    /// Whether the expression matches at the start of the text, as `re.match` of Python.
    pub fn is_match_at_start(&self, text: &str) -> Result<bool, Limit> {
        if let Some(first) = &self.first
            && text.as_bytes().first().is_none_or(|&byte| !first.has(byte))
        {
            return Ok(false);
        }
        // Matches at the very end need a closer look.
        if self.has_line_start && text.ends_with('\n') {
            return self.match_at_start(text).map(|m| m.is_some());
        }
        let at_start = || Input::new(text).anchored(Anchored::Yes);
        match self.engine_for(text) {
            Searcher::Linear(regex) => Ok(regex.is_match(at_start())),
            Searcher::Backtracking(_, Some(loose)) if !loose.is_match(at_start()) => Ok(false),
            Searcher::Backtracking(..) => self.match_at_start(text).map(|m| m.is_some()),
        }
    }

    /// The match at the start of the text.
    pub fn match_at_start(&self, text: &str) -> Result<Option<Match>, Limit> {
        self.find_at(text, 0, true)
    }

    /// Matches from left to right, none overlapping another. After an error there are no more.
    pub fn find_iter<'r, 't>(&'r self, text: &'t str) -> Matches<'r, 't> {
        Matches { regex: self, text, at: 0, last_end: None, done: false }
    }

    /// The first match that begins at byte `at` or later.
    fn find_at(&self, text: &str, at: usize, anchored: bool) -> Result<Option<Match>, Limit> {
        let found = match self.engine_for(text) {
            Searcher::Linear(regex) => {
                let anchored = if anchored { Anchored::Yes } else { Anchored::No };
                let input = Input::new(text).range(at..).anchored(anchored);
                if self.names.len() == 1 {
                    regex.search(&input).map(|m| Match { groups: smallvec::smallvec![Some((m.start(), m.end()))] })
                } else {
                    let mut captures: Captures = regex.create_captures();
                    regex.search_captures(&input, &mut captures);
                    captures
                        .is_match()
                        .then(|| Match { groups: captures.iter().map(|g| g.map(|g| (g.start, g.end))).collect() })
                }
            }
            Searcher::Backtracking(regex, loose) => self.backtrack(regex, loose, text, at, anchored)?,
        };
        // In PCRE a line does not start after the newline that ends the text.
        Ok(found.filter(|m| !(self.has_line_start && m.start() == text.len() && text.ends_with('\n'))))
    }

    /// Tries the places where the loose expression matches, which cost little to find, or all.
    fn backtrack(
        &self,
        regex: &fancy_regex::Regex,
        loose: Option<&meta::Regex>,
        text: &str,
        mut at: usize,
        anchored: bool,
    ) -> Result<Option<Match>, Limit> {
        let attempt = |at: usize, anchored: bool| {
            let input = fancy_regex::RegexInput::new(text).range(at..text.len()).anchored(anchored);
            let captures = regex.captures_input(input).map_err(|_| Limit)?;
            Ok(captures.map(|c| Match {
                groups: (0..self.names.len()).map(|n| c.get(n).map(|g| (g.start(), g.end()))).collect(),
            }))
        };
        let (Some(loose), false) = (loose, anchored) else { return attempt(at, anchored) };
        let started = Instant::now();
        while let Some(candidate) = loose.find(Input::new(text).range(at..)) {
            if let Some(found) = attempt(candidate.start(), true)? {
                return Ok(Some(found));
            }
            // An attempt may look through the whole text at little cost in steps.
            if started.elapsed() > MAX_TIME {
                return Err(Limit);
            }
            match text[candidate.start()..].chars().next() {
                Some(c) => at = candidate.start() + c.len_utf8(),
                None => break,
            }
        }
        Ok(None)
    }

    fn engine_for(&self, text: &str) -> Searcher<'_> {
        match &self.engine {
            Engine::Linear { regex, before_final_newline: Some(exact) } if text.ends_with('\n') => {
                let exact = exact.get_or_init(|| {
                    let translation = translate(&self.pattern, self.flags, Target::Backtracking).ok()?;
                    backtracking(&translation.text).ok().map(Box::new)
                });
                match exact {
                    Some(exact) => Searcher::Backtracking(exact, None),
                    None => Searcher::Linear(regex.get()),
                }
            }
            Engine::Linear { regex, .. } => Searcher::Linear(regex.get()),
            Engine::Backtracking { regex, loose } => Searcher::Backtracking(regex, loose.as_ref().map(Linear::get)),
        }
    }
}

enum Searcher<'r> {
    Linear(&'r meta::Regex),
    Backtracking(&'r fancy_regex::Regex, Option<&'r meta::Regex>),
}

/// See [`Regex::find_iter`].
pub struct Matches<'r, 't> {
    regex: &'r Regex,
    text: &'t str,
    at: usize,
    last_end: Option<usize>,
    done: bool,
}

impl Iterator for Matches<'_, '_> {
    type Item = Result<Match, Limit>;

    fn next(&mut self) -> Option<Self::Item> {
        while !self.done && self.at <= self.text.len() {
            let found = match self.regex.find_at(self.text, self.at, false) {
                Ok(Some(found)) => found,
                Ok(None) => break,
                Err(limit) => {
                    self.done = true;
                    return Some(Err(limit));
                }
            };
            let (start, end) = found.range();
            // `\K` may put a start before the place where the search began.
            self.at = end.max(self.at);
            if start == end {
                self.at += self.text[self.at..].chars().next().map_or(1, char::len_utf8);
                if self.last_end == Some(end) {
                    continue;
                }
            }
            self.last_end = Some(end);
            return Some(Ok(found));
        }
        self.done = true;
        None
    }
}

/// An expression of plain syntax that matches wherever `pattern` does; `None` if that is none.
pub(crate) fn loosened(pattern: &str) -> Option<String> {
    translate(pattern, Flags::default(), Target::Loose).ok().map(|t| t.text)
}

fn reason(refusal: Refusal) -> String {
    match refusal {
        Refusal::Wrong(message) => message,
        Refusal::NeedsBacktracking => "the expression is not supported".to_string(),
    }
}

fn backtracking(text: &str) -> Result<fancy_regex::Regex, String> {
    fancy_regex::RegexBuilder::new(text)
        .backtrack_limit(MAX_STEPS)
        .delegate_size_limit(MAX_SIZE)
        .max_prog_size(1_000_000)
        .build()
        .map_err(|e| e.to_string())
}
