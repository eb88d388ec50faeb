//! PCRE syntax to the syntax of the two engines.
//!
//! The dialects look alike and differ in what bites: what `$` means, what `\h`, `\<` and `\Z` are, a `]` first in a
//! class, set operations inside classes, literal braces, ASCII or Unicode `\w`. So every expression is read as PCRE
//! reads it and written anew, with nothing in it that the engines could understand differently.

/// What a translation is for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Target {
    /// The linear engine: same meaning, or [`Refusal::NeedsBacktracking`].
    Linear,
    /// The backtracking engine: same meaning.
    Backtracking,
    /// The linear engine: matches wherever the expression does, and perhaps elsewhere. Group numbers are not kept.
    Loose,
}

#[derive(Debug, PartialEq, Eq)]
pub enum Refusal {
    NeedsBacktracking,
    /// What is wrong, for the author of the expression.
    Wrong(String),
}

#[derive(Clone, Copy, Default, Debug, PartialEq, Eq)]
pub struct Flags {
    /// `^` and `$` match at lines.
    pub multi_line: bool,
    pub case_insensitive: bool,
    /// `.` matches a newline as well.
    pub dot_all: bool,
}

pub struct Translation {
    pub text: String,
    /// A `$` or `\Z` was written as the very end: wrong if the text ends with a newline, before which they match too.
    pub end_is_strict: bool,
    /// A `^` matches at lines: at the end of a text that ends with a newline it must not.
    pub has_line_start: bool,
}

/// Longer expressions are refused: nobody writes them, and work on them is not always linear.
const MAX_LENGTH: usize = 100_000;

/// How deep groups nest.
const MAX_DEPTH: usize = 200;

pub fn translate(pattern: &str, flags: Flags, target: Target) -> Result<Translation, Refusal> {
    if pattern.len() > MAX_LENGTH {
        return wrong(format!("the expression is longer than {MAX_LENGTH} bytes"));
    }
    let mut translator = Translator {
        chars: pattern.chars().collect(),
        at: 0,
        out: String::with_capacity(pattern.len() * 2),
        target,
        line_mode: flags.multi_line,
        extended: false,
        open: Vec::new(),
        groups: 0,
        assertion: None,
        end_is_strict: false,
        has_line_start: false,
    };
    translator.groups = count_groups(&translator.chars);
    match (flags.case_insensitive, flags.dot_all) {
        (true, true) => translator.out.push_str("(?is)"),
        (true, false) => translator.out.push_str("(?i)"),
        (false, true) => translator.out.push_str("(?s)"),
        (false, false) => {}
    }
    translator.run()?;
    Ok(Translation {
        text: translator.out,
        end_is_strict: translator.end_is_strict,
        has_line_start: translator.has_line_start,
    })
}

fn wrong<T>(message: impl Into<String>) -> Result<T, Refusal> {
    Err(Refusal::Wrong(message.into()))
}

struct Translator {
    chars: Vec<char>,
    at: usize,
    out: String,
    target: Target,
    line_mode: bool,
    extended: bool,
    open: Vec<Group>,
    groups: usize,
    /// Where the assertion begins that the text so far ends with.
    assertion: Option<(usize, usize)>,
    end_is_strict: bool,
    has_line_start: bool,
}

/// An open group: what to go back to when it closes.
struct Group {
    line_mode: bool,
    extended: bool,
    /// Where the group's text begins, if it is an assertion.
    assertion_from: Option<usize>,
}

/// One item of a character class.
enum Item {
    Char(char),
    /// Something that stands for several characters, as it is written inside brackets.
    Set(String),
}

const WORD: &str = "0-9A-Za-z_";
const DIGIT: &str = "0-9";
const SPACE: &str = r"\x09-\x0D\x20";
const HORIZONTAL: &str = r"\x09\x20\u{A0}\u{1680}\u{180E}\u{2000}-\u{200A}\u{202F}\u{205F}\u{3000}";
const VERTICAL: &str = r"\x0A-\x0D\u{85}\u{2028}\u{2029}";

/// The set behind `\w` and its like, and whether the letter means all other characters. PCRE keeps these to ASCII.
fn shorthand(letter: char) -> Option<(&'static str, bool)> {
    Some(match letter {
        'w' => (WORD, false),
        'W' => (WORD, true),
        'd' => (DIGIT, false),
        'D' => (DIGIT, true),
        's' => (SPACE, false),
        'S' => (SPACE, true),
        'h' => (HORIZONTAL, false),
        'H' => (HORIZONTAL, true),
        'v' => (VERTICAL, false),
        'V' => (VERTICAL, true),
        _ => return None,
    })
}

impl Translator {
    fn run(&mut self) -> Result<(), Refusal> {
        self.start_verbs();
        while let Some(c) = self.next() {
            match c {
                '\\' => self.escape()?,
                '[' => self.class()?,
                '(' => self.group()?,
                ')' => self.close()?,
                '^' if self.line_mode => {
                    self.has_line_start = true;
                    self.out.push_str("(?m:^)");
                }
                '^' => self.out.push_str(r"\A"),
                '$' => self.end(),
                '*' | '+' | '?' => self.quantifier(c.to_string())?,
                '{' => match self.braces() {
                    Some(text) => self.quantifier(text)?,
                    None => self.literal('{'),
                },
                '#' if self.extended => while self.next().is_some_and(|c| c != '\n') {},
                c if self.extended && c.is_ascii_whitespace() => {}
                '|' | '.' => self.out.push(c),
                _ => self.literal(c),
            }
        }
        if self.open.is_empty() { Ok(()) } else { wrong("a `(` is not closed") }
    }

    fn peek(&self) -> Option<char> {
        self.chars.get(self.at).copied()
    }

    fn next(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.at += 1;
        Some(c)
    }

    fn accept(&mut self, text: &str) -> bool {
        let mut at = self.at;
        for c in text.chars() {
            if self.chars.get(at) != Some(&c) {
                return false;
            }
            at += 1;
        }
        self.at = at;
        true
    }

    /// Everything up to `end`, which is passed over.
    fn until(&mut self, end: char) -> Result<String, Refusal> {
        let mut text = String::new();
        loop {
            match self.next() {
                Some(c) if c == end => return Ok(text),
                Some(c) => text.push(c),
                None => return wrong(format!("a `{end}` is missing")),
            }
        }
    }

    fn literal(&mut self, c: char) {
        if matches!(c, '\\' | '.' | '+' | '*' | '?' | '(' | ')' | '|' | '[' | ']' | '{' | '}' | '^' | '$') {
            self.out.push('\\');
        }
        self.out.push(c);
    }

    fn set(&mut self, set: &str, negated: bool) {
        self.out.push_str(if negated { "[^" } else { "[" });
        self.out.push_str(set);
        self.out.push(']');
    }

    /// Something only the backtracking engine can do: `text` there, `loose` where more may match.
    fn hard(&mut self, text: &str, loose: &str) -> Result<(), Refusal> {
        match self.target {
            Target::Linear => return Err(Refusal::NeedsBacktracking),
            Target::Backtracking => self.out.push_str(text),
            Target::Loose => self.out.push_str(loose),
        }
        Ok(())
    }

    /// `$` and `\Z`.
    fn end(&mut self) {
        if self.line_mode {
            self.out.push_str("(?m:$)");
        } else {
            self.last_line_end();
        }
    }

    fn last_line_end(&mut self) {
        match self.target {
            Target::Linear => {
                self.end_is_strict = true;
                self.out.push_str(r"\z");
            }
            Target::Backtracking => self.out.push_str(r"(?=\n?\z)"),
            Target::Loose => self.out.push_str("(?m:$)"),
        }
    }

    /// `(*UTF8)` and its like, which say what is so here anyway.
    fn start_verbs(&mut self) {
        while ["(*UTF8)", "(*UTF)", "(*UCP)", "(*LF)", "(*NO_AUTO_POSSESS)", "(*NO_START_OPT)"]
            .iter()
            .any(|v| self.accept(v))
        {}
    }

    fn quantifier(&mut self, text: String) -> Result<(), Refusal> {
        if self.out.is_empty() || self.out.ends_with('|') && !self.out.ends_with(r"\|") {
            return wrong(format!("`{text}` has nothing to repeat"));
        }
        let suffix = self.peek().filter(|c| matches!(c, '?' | '+'));
        self.at += usize::from(suffix.is_some());
        // To assert several times is to assert once; the backtracking engine does not take it.
        if let Some((start, end)) = self.assertion
            && end == self.out.len()
        {
            if matches!(text.as_bytes(), [b'*' | b'?', ..] | [b'{', b'0', ..]) {
                self.out.insert_str(start, "(?:");
                self.out.push_str("|)");
            }
            return Ok(());
        }
        self.out.push_str(&text);
        match suffix {
            Some('?') => {
                self.out.push('?');
                Ok(())
            }
            Some(_) => self.hard("+", ""),
            None => Ok(()),
        }
    }

    /// `{2}`, `{2,}` or `{2,3}` after its `{`; anything else is text.
    fn braces(&mut self) -> Option<String> {
        let length = self.chars[self.at..].iter().take(14).position(|c| *c == '}')?;
        let body: String = self.chars[self.at..self.at + length].iter().collect();
        let (low, high) = body.split_once(',').unwrap_or((&body, "0"));
        let number = |s: &str| !s.is_empty() && s.bytes().all(|b| b.is_ascii_digit());
        if !number(low) || !(high.is_empty() || number(high)) {
            return None;
        }
        self.at += length + 1;
        Some(format!("{{{body}}}"))
    }

    fn group(&mut self) -> Result<(), Refusal> {
        if self.open.len() >= MAX_DEPTH {
            return wrong(format!("groups nest deeper than {MAX_DEPTH} levels"));
        }
        let group = Group { line_mode: self.line_mode, extended: self.extended, assertion_from: None };
        if self.peek() == Some('*') {
            return wrong("control verbs such as `(*SKIP)` are not supported");
        }
        if !self.accept("?") {
            self.out.push('(');
            self.open.push(group);
            return Ok(());
        }
        if self.accept("#") {
            return self.until(')').map(drop);
        }
        for start in ["<=", "<!", "=", "!"] {
            if self.accept(start) {
                if self.target == Target::Linear {
                    return Err(Refusal::NeedsBacktracking);
                }
                self.open.push(Group { assertion_from: Some(self.out.len()), ..group });
                self.out.push_str("(?");
                self.out.push_str(start);
                return Ok(());
            }
        }
        for (start, end) in [("P<", '>'), ("<", '>'), ("'", '\'')] {
            if self.accept(start) {
                let name = self.until(end)?;
                if !is_name(&name) {
                    return wrong(format!("`{name}` is no name for a group"));
                }
                self.out.push_str(&format!("(?P<{name}>"));
                self.open.push(group);
                return Ok(());
            }
        }
        if self.accept(">") {
            self.hard("(?>", "(?:")?;
            self.open.push(group);
            return Ok(());
        }
        if self.accept("P=") {
            let name = self.until(')')?;
            return self.back_reference(&name);
        }
        if self.accept("P>") || self.accept("&") {
            let name = self.until(')')?;
            return self.call(&name);
        }
        if self.accept("R)") {
            return self.call("0");
        }
        if self.peek().is_some_and(|c| c.is_ascii_digit()) {
            let number = self.until(')')?;
            return self.call(&number);
        }
        if self.accept("(") {
            let condition = self.until(')')?;
            let condition = condition.trim_matches(|c| matches!(c, '<' | '>' | '\''));
            let condition = match condition.parse::<usize>() {
                Ok(n) => n.to_string(),
                Err(_) if is_name(condition) && condition != "R" && condition != "DEFINE" => format!("<{condition}>"),
                Err(_) => return wrong(format!("the condition `{condition}` is not supported")),
            };
            self.hard(&format!("(?({condition})"), "(?:|")?;
            self.open.push(group);
            return Ok(());
        }
        if self.peek() == Some('|') {
            return wrong("groups that share numbers, `(?|`, are not supported");
        }
        self.flags(group)
    }

    /// `(?i)`, `(?i-s:…)`, `(?:…)`.
    fn flags(&mut self, group: Group) -> Result<(), Refusal> {
        let (mut on, mut off, mut negative) = (String::new(), String::new(), false);
        let is_group = loop {
            match self.next() {
                Some(':') => break true,
                Some(')') => break false,
                Some('-') if !negative => negative = true,
                Some('m') => self.line_mode = !negative,
                Some('x') => self.extended = !negative,
                Some('J' | 'a') => {}
                Some(c @ ('i' | 's')) => (if negative { &mut off } else { &mut on }).push(c),
                Some('U') if self.target != Target::Backtracking => {
                    (if negative { &mut off } else { &mut on }).push('U')
                }
                Some(c) => return wrong(format!("`(?{c}` is not supported")),
                None => return wrong("a `(` is not closed"),
            }
        };
        let flags = if off.is_empty() { on } else { format!("{on}-{off}") };
        if is_group {
            self.out.push_str(&format!("(?{flags}:"));
            self.open.push(group);
        } else if !flags.is_empty() {
            self.out.push_str(&format!("(?{flags})"));
        }
        Ok(())
    }

    fn close(&mut self) -> Result<(), Refusal> {
        let Some(group) = self.open.pop() else { return wrong("a `)` closes nothing") };
        self.line_mode = group.line_mode;
        self.extended = group.extended;
        self.out.push(')');
        if let Some(start) = group.assertion_from {
            if self.target == Target::Loose {
                self.out.truncate(start);
                self.out.push_str("(?:)");
            }
            self.assertion = Some((start, self.out.len()));
        }
        Ok(())
    }

    fn back_reference(&mut self, name: &str) -> Result<(), Refusal> {
        let text = match name.parse::<usize>() {
            Ok(n) if n == 0 || n > self.groups => return wrong(format!("there is no group {n}")),
            // In a group of its own, so that digits that follow stay digits.
            Ok(n) => format!(r"(?:\{n})"),
            Err(_) if is_name(name) => format!("(?P={name})"),
            Err(_) => return wrong(format!("`{name}` is no name of a group")),
        };
        self.hard(&text, "(?s:.*?)")
    }

    fn call(&mut self, name: &str) -> Result<(), Refusal> {
        if name.parse::<usize>().is_err() && !is_name(name) {
            return wrong(format!("`{name}` is no name of a group"));
        }
        self.hard(&format!(r"\g<{name}>"), "(?s:.*?)")
    }

    /// After a backslash, outside classes.
    fn escape(&mut self) -> Result<(), Refusal> {
        let Some(c) = self.next() else { return wrong("a backslash ends the expression") };
        if let Some((set, negated)) = shorthand(c) {
            self.set(set, negated);
            return Ok(());
        }
        match c {
            'A' => self.out.push_str(r"\A"),
            'z' => self.out.push_str(r"\z"),
            'Z' => self.last_line_end(),
            // Boundaries of ASCII words. The backtracking engine knows Unicode's only, the linear one `\B` only so:
            // there it differs beside letters beyond ASCII, which is rare and harmless.
            'b' if self.target == Target::Backtracking => {
                self.out.push_str("(?:(?<![0-9A-Za-z_])(?=[0-9A-Za-z_])|(?<=[0-9A-Za-z_])(?![0-9A-Za-z_]))");
            }
            'b' => self.out.push_str(r"(?-u:\b)"),
            'B' if self.target == Target::Loose => {}
            'B' => self.out.push_str(r"\B"),
            'G' => return self.hard(r"\G", ""),
            'K' => return self.hard(r"\K", ""),
            'X' => return self.hard(r"\X", "(?s:.+?)"),
            'N' => self.out.push_str(r"[^\n]"),
            'R' => {
                let atomic = if self.target == Target::Backtracking { "(?>" } else { "(?:" };
                self.out.push_str(&format!(r"{atomic}\r\n|[{VERTICAL}])"));
            }
            'Q' => {
                while !self.accept(r"\E") {
                    match self.next() {
                        Some(c) => self.literal(c),
                        None => break,
                    }
                }
            }
            'E' => {}
            'k' => {
                let end = match self.next() {
                    Some('<') => '>',
                    Some('\'') => '\'',
                    Some('{') => '}',
                    _ => return wrong(r"`\k` needs a name, as in `\k<name>`"),
                };
                let name = self.until(end)?;
                return self.back_reference(&name);
            }
            'g' => return self.numbered_reference(),
            '1'..='9' => {
                let start = self.at - 1;
                while self.peek().is_some_and(|c| c.is_ascii_digit()) {
                    self.at += 1;
                }
                let digits: String = self.chars[start..self.at].iter().collect();
                if digits.len() == 1 || digits.parse::<usize>().is_ok_and(|n| n <= self.groups) {
                    return self.back_reference(&digits);
                }
                self.at = start;
                let c = self.octal()?;
                self.literal(c);
            }
            'p' | 'P' => {
                let text = self.property(c)?;
                self.out.push_str(&text);
            }
            _ => {
                let c = self.escaped_char(c)?;
                self.literal(c);
            }
        }
        Ok(())
    }

    /// `\g1`, `\g{-1}`, `\g{name}`, `\g<1>`.
    fn numbered_reference(&mut self) -> Result<(), Refusal> {
        let name = match self.peek() {
            Some('{') => {
                self.at += 1;
                self.until('}')?
            }
            Some(open @ ('<' | '\'')) => {
                self.at += 1;
                let name = self.until(if open == '<' { '>' } else { '\'' })?;
                return self.call(&name);
            }
            _ => {
                let start = self.at;
                while self.peek().is_some_and(|c| c.is_ascii_digit() || (c == '-' && self.at == start)) {
                    self.at += 1;
                }
                self.chars[start..self.at].iter().collect()
            }
        };
        let Some(back) = name.strip_prefix('-').and_then(|n| n.parse::<usize>().ok()) else {
            return self.back_reference(&name);
        };
        let before = count_groups(&self.chars[..self.at]);
        match (before + 1).checked_sub(back) {
            Some(n) if n > 0 => self.back_reference(&n.to_string()),
            _ => wrong(format!("there is no group {name}")),
        }
    }

    /// `\p{L}`, `\pL`, `\p{^L}`.
    fn property(&mut self, letter: char) -> Result<String, Refusal> {
        let name = match self.next() {
            Some('{') => self.until('}')?,
            Some(c) if c.is_ascii_alphabetic() => c.to_string(),
            _ => return wrong(r"`\p` needs a property, as in `\p{L}`"),
        };
        let (name, negated) = match name.strip_prefix('^') {
            Some(name) => (name, letter == 'p'),
            None => (&*name, letter == 'P'),
        };
        if !name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '&' | ' ' | '=')) {
            return wrong(format!("`{name}` is no property of characters"));
        }
        let name = if name == "L&" { "LC" } else { name };
        Ok(format!(r"\{}{{{name}}}", if negated { 'P' } else { 'p' }))
    }

    /// The character behind an escape that stands for one character, inside or outside a class.
    fn escaped_char(&mut self, c: char) -> Result<char, Refusal> {
        Ok(match c {
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'f' => '\u{C}',
            'a' => '\u{7}',
            'e' => '\u{1B}',
            '0' => {
                self.at -= 1;
                self.octal()?
            }
            'o' if self.accept("{") => {
                let digits = self.until('}')?;
                character(u32::from_str_radix(&digits, 8).ok())?
            }
            'x' if self.accept("{") => {
                let digits = self.until('}')?;
                character(u32::from_str_radix(digits.trim(), 16).ok())?
            }
            'x' => {
                let mut value = 0;
                for _ in 0..2 {
                    let Some(digit) = self.peek().and_then(|c| c.to_digit(16)) else { break };
                    value = value * 16 + digit;
                    self.at += 1;
                }
                character(Some(value))?
            }
            'c' => match self.next() {
                Some(c) if c.is_ascii_graphic() => char::from(c.to_ascii_uppercase() as u8 ^ 0x40),
                _ => return wrong(r"`\c` needs a letter"),
            },
            c if c.is_ascii_alphanumeric() => return wrong(format!(r"`\{c}` means nothing")),
            c => c,
        })
    }

    /// Up to three octal digits.
    fn octal(&mut self) -> Result<char, Refusal> {
        let mut value = 0;
        let start = self.at;
        while self.at < start + 3
            && let Some(digit) = self.peek().and_then(|c| c.to_digit(8))
        {
            value = value * 8 + digit;
            self.at += 1;
        }
        if self.at == start {
            return wrong("a reference to a group that does not exist");
        }
        character(Some(value))
    }

    /// After the `[` of a class.
    fn class(&mut self) -> Result<(), Refusal> {
        let mut text = String::from(if self.accept("^") { "[^" } else { "[" });
        let mut first = true;
        loop {
            if self.peek() == Some(']') && !first {
                self.at += 1;
                break;
            }
            let item = self.class_item()?;
            first = false;
            let Some(item) = item else { continue };
            // A hyphen between two characters makes a range; anywhere else it is itself.
            let is_range = self.peek() == Some('-') && !matches!(self.chars.get(self.at + 1), None | Some(']'));
            match item {
                Item::Char(low) if is_range => {
                    let hyphen = self.at;
                    self.at += 1;
                    match self.class_item()? {
                        Some(Item::Char(high)) if low <= high => {
                            push_in_class(&mut text, low);
                            text.push('-');
                            push_in_class(&mut text, high);
                        }
                        Some(Item::Char(high)) => return wrong(format!("the range `{low}-{high}` is out of order")),
                        _ => {
                            push_in_class(&mut text, low);
                            push_in_class(&mut text, '-');
                            self.at = hyphen + 1;
                        }
                    }
                }
                Item::Char(c) => push_in_class(&mut text, c),
                Item::Set(set) => text.push_str(&set),
            }
        }
        text.push(']');
        // `\Q\E` alone leaves a class empty.
        if text == "[]" || text == "[^]" {
            return wrong("a class is empty");
        }
        self.out.push_str(&text);
        Ok(())
    }

    /// `None` for what stands for nothing, such as `\E`.
    fn class_item(&mut self) -> Result<Option<Item>, Refusal> {
        let Some(c) = self.next() else { return wrong("a `[` is not closed") };
        if c == '['
            && matches!(self.peek(), Some('.' | '='))
            && self.chars[self.at + 1..].windows(2).take(20).any(|w| w == [self.chars[self.at], ']'])
        {
            return wrong("collating elements in a class are not supported");
        }
        if c == '[' && self.peek() == Some(':') {
            let rest = &self.chars[self.at + 1..];
            let length = rest.iter().take(12).take_while(|c| c.is_ascii_alphabetic() || **c == '^').count();
            if rest[length..].starts_with(&[':', ']']) {
                let name: String = rest[..length].iter().collect();
                self.at += length + 3;
                return Ok(Some(Item::Set(format!("[:{name}:]"))));
            }
        }
        if c != '\\' {
            return Ok(Some(Item::Char(c)));
        }
        let Some(c) = self.next() else { return wrong("a backslash ends the expression") };
        if let Some((set, negated)) = shorthand(c) {
            return Ok(Some(Item::Set(if negated { format!("[^{set}]") } else { set.to_string() })));
        }
        Ok(Some(match c {
            'b' => Item::Char('\u{8}'),
            'p' | 'P' => Item::Set(self.property(c)?),
            'E' => return Ok(None),
            'Q' => {
                let mut text = String::new();
                while !self.accept(r"\E") {
                    match self.next() {
                        Some(c) => push_in_class(&mut text, c),
                        None => return wrong("a `[` is not closed"),
                    }
                }
                Item::Set(text)
            }
            '1'..='7' => {
                self.at -= 1;
                Item::Char(self.octal()?)
            }
            c => Item::Char(self.escaped_char(c)?),
        }))
    }
}

fn push_in_class(text: &mut String, c: char) {
    if c.is_ascii_punctuation() && c != '_' && c != '<' && c != '>' {
        text.push('\\');
        text.push(c);
    } else if c.is_ascii_alphanumeric() || !c.is_ascii() || matches!(c, '_' | '<' | '>') {
        text.push(c);
    } else {
        text.push_str(&format!(r"\x{:02X}", c as u32));
    }
}

fn character(value: Option<u32>) -> Result<char, Refusal> {
    match value.and_then(char::from_u32) {
        Some(c) => Ok(c),
        None => wrong("an escape stands for no character"),
    }
}

fn is_name(name: &str) -> bool {
    let mut chars = name.chars();
    chars.next().is_some_and(|c| c.is_ascii_alphabetic() || c == '_')
        && chars.all(|c| c.is_ascii_alphanumeric() || c == '_')
        && name.len() <= 128
}

/// How many groups capture.
fn count_groups(chars: &[char]) -> usize {
    let (mut at, mut count, mut in_class) = (0, 0, false);
    while at < chars.len() {
        match chars[at] {
            '\\' => at += 1,
            '[' if !in_class => {
                in_class = true;
                // A `]` that comes first is a member.
                at += usize::from(chars.get(at + 1) == Some(&'^'));
                at += usize::from(chars.get(at + 1) == Some(&']'));
            }
            ']' => in_class = false,
            '(' if !in_class => {
                let rest = &chars[at + 1..];
                let captures = match rest {
                    ['?', 'P', '<', ..] | ['?', '\'', ..] => true,
                    ['?', '<', c, ..] => !matches!(c, '=' | '!'),
                    ['?' | '*', ..] => false,
                    _ => true,
                };
                count += usize::from(captures);
            }
            _ => {}
        }
        at += 1;
    }
    count
}
