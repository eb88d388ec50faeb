//! The other engine for texts of any language, chosen by the option `generic_engine: aliengrep`.
//!
//! It knows words, pairs of braces and single characters, but no indentation, and its details can be set: what belongs
//! to words, what the braces are, whether `...` stays on its line (then `....` does not), whether case counts.

use rustc_hash::FxHashMap;

use super::{GenericMatch, GenericMatches, MIN_STEPS};
use crate::model::Options;

/// Longer patterns are refused.
const MAX_TOKENS: usize = 2_000;

/// How many ellipses a pattern has; the matcher recurses with them.
const MAX_DOTS: usize = 300;

/// Steps that a pattern may take for each byte of a text, on average.
const STEPS_PER_BYTE: usize = 30;

/// How deep braces nest in a text; a deeper one is a character like others.
const MAX_DEPTH: usize = 200;

#[derive(Debug)]
pub(super) struct AlienPattern {
    elements: Vec<Element>,
    names: Vec<String>,
    is_word: [bool; 256],
    braces: Vec<(u8, u8)>,
    multiline: bool,
    caseless: bool,
}

#[derive(Clone, Debug)]
enum Element {
    Word(String),
    Text(String),
    Newline,
    Metavariable(u16),
    Ellipsis {
        name: Option<u16>,
        /// Crosses lines whatever the mode.
        long: bool,
        /// The brace that closes around it, which it must leave.
        excluded: Option<u8>,
    },
    TextStart,
    TextEnd,
    LineStart,
    LineEnd,
}

#[derive(Clone, Debug, PartialEq)]
enum Token<'p> {
    Ellipsis {
        name: Option<&'p str>,
        long: bool,
    },
    Metavariable(&'p str),
    Word(&'p str),
    Newline,
    /// A brace or any other character.
    Other(&'p str),
}

impl AlienPattern {
    pub fn compile(text: &str, options: &Options) -> Result<AlienPattern, String> {
        let mut braces = Vec::new();
        let chosen = options.generic_braces.as_deref();
        let standard = [("(", ")"), ("[", "]"), ("{", "}")].map(|(a, b)| (a.to_string(), b.to_string()));
        for (open, close) in chosen.unwrap_or(&standard).iter().chain(&options.generic_extra_braces) {
            let (Some(open), Some(close)) = (open.bytes().next(), close.bytes().next()) else { continue };
            if braces.iter().any(|(o, c)| *o == open || *c == close) {
                return Err(format!("the brace `{}` is set twice", char::from(open)));
            }
            braces.push((open, close));
        }
        let mut is_word = [false; 256];
        for byte in 0..=127u8 {
            is_word[usize::from(byte)] = super::doc::is_word_byte(byte);
        }
        for extra in &options.generic_extra_word_characters {
            match extra.as_bytes() {
                [byte] if byte.is_ascii() => is_word[usize::from(*byte)] = true,
                _ => return Err(format!("`{extra}` is no single ASCII character")),
            }
        }
        let multiline = options.generic_multiline;
        let mut pattern = AlienPattern {
            elements: Vec::new(),
            names: Vec::new(),
            is_word,
            braces,
            multiline,
            caseless: options.generic_caseless,
        };
        let tokens = pattern.tokens(text);
        if tokens.is_empty() {
            return Err("the pattern is empty".to_string());
        }
        if tokens.len() > MAX_TOKENS || tokens.iter().filter(|t| matches!(t, Token::Ellipsis { .. })).count() > MAX_DOTS
        {
            return Err("the pattern is too long".to_string());
        }
        pattern.arrange(&tokens);
        Ok(pattern)
    }

    fn tokens<'p>(&self, text: &'p str) -> Vec<Token<'p>> {
        let mut tokens = Vec::new();
        let mut rest = text;
        while let Some(first) = rest.chars().next() {
            let name = |s: &str| {
                let upper = s.starts_with(|c: char| c.is_ascii_uppercase());
                let length =
                    s.bytes().take_while(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || *b == b'_').count();
                if upper { length } else { 0 }
            };
            let mut length = first.len_utf8();
            let word = rest.bytes().take_while(|b| self.is_word[usize::from(*b)]).count();
            let dots = rest.bytes().take_while(|b| *b == b'.').count().min(4);
            let after_sign = rest.strip_prefix('$').unwrap_or("");
            let name_dots = after_sign.bytes().take_while(|b| *b == b'.').count();
            if dots >= 3 {
                length = dots;
                tokens.push(Token::Ellipsis { name: None, long: dots == 4 });
            } else if first == '$' && matches!(name_dots, 0 | 3 | 4) && name(&after_sign[name_dots..]) > 0 {
                length = 1 + name_dots + name(&after_sign[name_dots..]);
                let name = &rest[..length];
                tokens.push(match name_dots {
                    0 => Token::Metavariable(name),
                    dots => Token::Ellipsis { name: Some(name), long: dots == 4 },
                });
            } else if word > 0 {
                length = word;
                tokens.push(Token::Word(&rest[..word]));
            } else if !self.multiline && (first == '\n' || rest.starts_with("\r\n")) {
                length = if first == '\n' { 1 } else { 2 };
                tokens.push(Token::Newline);
            } else if !is_space(first as u32) {
                tokens.push(Token::Other(&rest[..length]));
            }
            rest = &rest[length..];
        }
        tokens
    }

    /// Tokens to elements: which ellipses stand in which braces, and what must be a start or an end.
    fn arrange(&mut self, tokens: &[Token]) {
        let enclosing = self.enclosing_braces(tokens);
        let last = tokens.len() - 1;
        for (i, token) in tokens.iter().enumerate() {
            let ellipsis = match token {
                Token::Ellipsis { long, .. } => Some(self.multiline || *long),
                _ => None,
            };
            let at_line_start = i == 0 || tokens[i - 1] == Token::Newline;
            let at_line_end = i == last || tokens[i + 1] == Token::Newline;
            match ellipsis {
                Some(true) if i == 0 => self.elements.push(Element::TextStart),
                Some(false) if at_line_start => self.elements.push(Element::LineStart),
                _ => {}
            }
            let element = match token {
                Token::Word(word) => Element::Word(word.to_string()),
                Token::Other(text) => Element::Text(text.to_string()),
                Token::Newline => Element::Newline,
                Token::Metavariable(name) => Element::Metavariable(self.number(name)),
                Token::Ellipsis { name, long } => {
                    // `$....X` and `$...X` are one metavariable.
                    let name = name.map(|n| self.number(&n.replace("$....", "$...")));
                    Element::Ellipsis { name, long: *long, excluded: enclosing[i] }
                }
            };
            self.elements.push(element);
            match ellipsis {
                Some(true) if i == last => self.elements.push(Element::TextEnd),
                Some(false) if at_line_end => self.elements.push(Element::LineEnd),
                _ => {}
            }
        }
    }

    fn number(&mut self, name: &str) -> u16 {
        let number = self.names.iter().position(|n| n == name).unwrap_or_else(|| {
            self.names.push(name.to_string());
            self.names.len() - 1
        });
        number as u16
    }

    /// For each token the closing brace of the innermost pair around it. A brace that nothing closes is text, and what
    /// follows it belongs to the pair before.
    fn enclosing_braces(&self, tokens: &[Token]) -> Vec<Option<u8>> {
        let mut is_text = vec![false; tokens.len()];
        loop {
            let mut enclosing = vec![None; tokens.len()];
            let mut open: Vec<(usize, u8)> = Vec::new();
            for (i, token) in tokens.iter().enumerate() {
                let byte = match token {
                    Token::Other(text) if text.len() == 1 && !is_text[i] => text.as_bytes()[0],
                    _ => {
                        enclosing[i] = open.last().map(|o| o.1);
                        continue;
                    }
                };
                if open.last().is_some_and(|(_, close)| *close == byte) {
                    open.pop();
                } else if let Some((_, close)) = self.braces.iter().find(|(o, _)| *o == byte) {
                    open.push((i, *close));
                }
            }
            match open.last() {
                Some((unclosed, _)) => is_text[*unclosed] = true,
                None => return enclosing,
            }
        }
    }

    pub fn metavariables(&self) -> &[String] {
        &self.names
    }

    /// Words that every match contains; none if case does not count.
    pub fn words(&self) -> Vec<&str> {
        let words = self.elements.iter().filter_map(|e| match e {
            Element::Word(word) if !self.caseless => Some(&**word),
            _ => None,
        });
        words.collect()
    }

    pub fn matches(&self, text: &str) -> GenericMatches {
        let steps = (text.len() * STEPS_PER_BYTE).max(MIN_STEPS);
        let mut search = Search { pattern: self, text, bytes: text.as_bytes(), steps, pairs: FxHashMap::default() };
        let mut matches = Vec::new();
        let mut at = 0;
        while let Some(start) = self.next_start(text, at) {
            let mut bindings = Vec::new();
            let end = search.run(&self.elements, start, &mut bindings);
            at = start + text[start..].chars().next().map_or(1, char::len_utf8);
            let Some(end) = end else { continue };
            at = at.max(end);
            bindings.sort_unstable();
            let bindings =
                bindings.iter().map(|(name, a, b)| (self.names[usize::from(*name)].clone(), *a, *b)).collect();
            matches.push(GenericMatch { start, end, bindings });
        }
        GenericMatches { matches, incomplete: search.steps == 0 }
    }

    /// Where the pattern may match next.
    fn next_start(&self, text: &str, at: usize) -> Option<usize> {
        if at > text.len() {
            return None;
        }
        match self.elements.first() {
            Some(Element::Word(first) | Element::Text(first)) if !self.caseless => {
                text[at..].find(first).map(|n| at + n)
            }
            Some(Element::TextStart) => (at == 0).then_some(0),
            _ => Some(at),
        }
    }
}

fn is_space(c: u32) -> bool {
    matches!(c, 9..=13 | 32)
}

struct Search<'p, 't> {
    pattern: &'p AlienPattern,
    text: &'t str,
    bytes: &'t [u8],
    steps: usize,
    /// Ends of pairs of braces by their starts and by whether they may cross lines.
    pairs: FxHashMap<(usize, bool), Option<usize>>,
}

type Bindings = Vec<(u16, usize, usize)>;

impl Search<'_, '_> {
    /// The end of the match of `elements` at `at`; bindings stay as they were if there is none.
    fn run(&mut self, mut elements: &[Element], mut at: usize, bindings: &mut Bindings) -> Option<usize> {
        let bound = bindings.len();
        let mut is_first = elements.len() == self.pattern.elements.len();
        let result = loop {
            if self.steps == 0 {
                break None;
            }
            self.steps -= 1;
            let Some((element, rest)) = elements.split_first() else { break Some(at) };
            if !is_first {
                at = self.skip_space(at, self.pattern.multiline);
            }
            is_first = false;
            if let Element::Ellipsis { name, long, excluded } = element {
                break self.ellipsis(*name, *long, *excluded, rest, at, bindings);
            }
            match self.one(element, at, bindings) {
                Some(end) => at = end,
                None => break None,
            }
            elements = rest;
        };
        if result.is_none() {
            bindings.truncate(bound);
        }
        result
    }

    fn one(&self, element: &Element, at: usize, bindings: &mut Bindings) -> Option<usize> {
        match element {
            Element::Word(word) => {
                let end = self.literal(word, at)?;
                (!self.is_word_before(at) && !self.is_word_at(end)).then_some(end)
            }
            Element::Text(text) => self.literal(text, at),
            Element::Newline => {
                [&b"\n"[..], b"\r\n"].iter().find(|n| self.bytes[at..].starts_with(n)).map(|n| at + n.len())
            }
            Element::Metavariable(name) => {
                let end = match bindings.iter().find(|b| b.0 == *name) {
                    Some((_, from, to)) => {
                        let length = to - from;
                        let same = self.bytes.get(at..at + length)? == &self.bytes[*from..*to];
                        (same && !self.is_word_before(at) && !self.is_word_at(at + length)).then_some(at + length)?
                    }
                    None => self.word(at)?,
                };
                if !bindings.iter().any(|b| b.0 == *name) {
                    bindings.push((*name, at, end));
                }
                Some(end)
            }
            Element::TextStart => (at == 0).then_some(at),
            Element::TextEnd => (at == self.bytes.len()).then_some(at),
            Element::LineStart => (at == 0 || self.bytes[at - 1] == b'\n').then_some(at),
            Element::LineEnd => {
                let rest = &self.bytes[at..];
                (rest.is_empty() || rest.starts_with(b"\n") || rest.starts_with(b"\r\n")).then_some(at)
            }
            Element::Ellipsis { .. } => None,
        }
    }

    /// As little as lets the rest match.
    fn ellipsis(
        &mut self,
        name: Option<u16>,
        long: bool,
        excluded: Option<u8>,
        rest: &[Element],
        start: usize,
        bindings: &mut Bindings,
    ) -> Option<usize> {
        if let Some((_, from, to)) = name.and_then(|n| bindings.iter().find(|b| b.0 == n)) {
            // Bound before: the same text again, with no word cut at its sides.
            let length = to - from;
            let same = self.bytes.get(start..start + length)? == &self.bytes[*from..*to];
            let cut = |at: usize| self.is_word_before(at) && self.is_word_at(at);
            return if same && !cut(start) && !cut(start + length) {
                self.run(rest, start + length, bindings)
            } else {
                None
            };
        }
        let multiline = self.pattern.multiline || long;
        let takes_newlines = long && !self.pattern.multiline;
        let after_newline =
            (takes_newlines && self.bytes.get(start) == Some(&b'\n')).then(|| self.skip_space(start + 1, true));
        for begin in [Some(start), after_newline].into_iter().flatten() {
            let mut at = begin;
            loop {
                let bound = bindings.len();
                bindings.extend(name.map(|n| (n, start, at)));
                if let Some(found) = self.run(rest, at, bindings) {
                    return Some(found);
                }
                bindings.truncate(bound);
                let next = if at == begin { at } else { self.skip_space(at, multiline) };
                if self.steps == 0 || (excluded.is_some() && self.bytes.get(next).copied() == excluded) {
                    break;
                }
                match self.node(next, multiline, 0) {
                    Some(end) => at = end,
                    None => break,
                }
            }
        }
        None
    }

    /// A word, a pair of braces with what is in it, or a character.
    fn node(&mut self, at: usize, multiline: bool, depth: usize) -> Option<usize> {
        self.steps = self.steps.saturating_sub(1);
        if let Some(end) = self.word(at) {
            return Some(end);
        }
        let byte = *self.bytes.get(at)?;
        if self.pattern.is_word[usize::from(byte)] || is_space(byte.into()) {
            return None;
        }
        if let Some(end) = self.pair(at, multiline, depth) {
            return Some(end);
        }
        self.text[at..].chars().next().map(|c| at + c.len_utf8())
    }

    fn pair(&mut self, start: usize, multiline: bool, depth: usize) -> Option<usize> {
        let (_, close) = *self.pattern.braces.iter().find(|(open, _)| *open == self.bytes[start])?;
        if let Some(known) = self.pairs.get(&(start, multiline)) {
            return *known;
        }
        if depth >= MAX_DEPTH || self.steps == 0 {
            return None;
        }
        let end = self.end_of_pair(start + 1, close, multiline, depth);
        self.pairs.insert((start, multiline), end);
        end
    }

    fn end_of_pair(&mut self, start: usize, close: u8, multiline: bool, depth: usize) -> Option<usize> {
        if self.bytes.get(start) == Some(&close) {
            return Some(start + 1);
        }
        let mut at = self.skip_space(start, multiline);
        // Braces with nothing but blanks between are no pair: so it is in the original.
        if self.bytes.get(at) == Some(&close) {
            return None;
        }
        while *self.bytes.get(at)? != close {
            at = self.node(at, multiline, depth + 1)?;
            at = self.skip_space(at, multiline);
        }
        Some(at + 1)
    }

    fn word(&self, at: usize) -> Option<usize> {
        let length = self.bytes.get(at..)?.iter().take_while(|b| self.pattern.is_word[usize::from(**b)]).count();
        (length > 0 && !self.is_word_before(at)).then_some(at + length)
    }

    fn literal(&self, literal: &str, at: usize) -> Option<usize> {
        let end = at + literal.len();
        let found = self.bytes.get(at..end)?;
        let same = found == literal.as_bytes()
            || (self.pattern.caseless
                && self.text.get(at..end).is_some_and(|t| t.to_lowercase() == literal.to_lowercase()));
        same.then_some(end)
    }

    fn is_word_at(&self, at: usize) -> bool {
        self.bytes.get(at).is_some_and(|b| self.pattern.is_word[usize::from(*b)])
    }

    fn is_word_before(&self, at: usize) -> bool {
        at > 0 && self.is_word_at(at - 1)
    }

    fn skip_space(&self, at: usize, multiline: bool) -> usize {
        let is_space = |b: &&u8| if multiline { is_space(u32::from(**b)) } else { matches!(b, b' ' | b'\t') };
        at + self.bytes[at.min(self.bytes.len())..].iter().take_while(is_space).count()
    }
}
