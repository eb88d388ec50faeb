//! Text to [`Expr`], by precedence climbing.

use super::{Expr, Operator, Value};
use crate::regex::{Flags, Regex};

/// How deep parentheses, lists and signs nest.
const MAX_DEPTH: usize = 100;

/// Reads an expression. With `strip` every metavariable stands for the integer that its text is, as `int($X)`.
/// Errors say what is wrong and where, in words for the author of the rule.
pub fn parse(text: &str, strip: bool) -> Result<Expr, String> {
    let mut parser = Parser { text, at: 0, strip, depth: 0 };
    let expr = parser.expression(0)?;
    parser.skip_space();
    if parser.at < text.len() { parser.unexpected() } else { Ok(expr) }
}

/// A whole number as source code writes it: `12`, `0o17`, `0xff`, `0b1`, `1_000`, `-5`.
pub fn integer(text: &str) -> Option<i64> {
    let text = text.trim();
    let (negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let digits = digits.replace('_', "").to_ascii_lowercase();
    let radix = |prefix: &str, radix| digits.strip_prefix(prefix).map(|d| (d, radix));
    let (digits, radix) =
        radix("0x", 16).or_else(|| radix("0o", 8)).or_else(|| radix("0b", 2)).unwrap_or((&digits, 10));
    if digits.starts_with(['+', '-']) {
        return None;
    }
    let value = i64::from_str_radix(digits, radix).ok()?;
    Some(if negative { -value } else { value })
}

struct Parser<'t> {
    text: &'t str,
    at: usize,
    strip: bool,
    depth: usize,
}

/// Operators by how tight they bind, from loose to tight; the longer of two that begin alike first.
const BINARY: &[(&str, u8, Operator)] = &[
    ("or", 1, Operator::Or),
    ("and", 2, Operator::And),
    ("in", COMPARISON, Operator::In),
    ("==", COMPARISON, Operator::Equal),
    ("!=", COMPARISON, Operator::NotEqual),
    ("<=", COMPARISON, Operator::LessEqual),
    (">=", COMPARISON, Operator::GreaterEqual),
    ("<", COMPARISON, Operator::Less),
    (">", COMPARISON, Operator::Greater),
    ("|", 5, Operator::BitOr),
    ("^", 6, Operator::BitXor),
    ("&", 7, Operator::BitAnd),
    ("+", 8, Operator::Add),
    ("-", 8, Operator::Subtract),
    ("**", POWER, Operator::Power),
    ("*", 9, Operator::Multiply),
    ("//", 9, Operator::FloorDivide),
    ("/", 9, Operator::Divide),
    ("%", 9, Operator::Modulo),
];

const NOT: u8 = 3;
const COMPARISON: u8 = 4;
const SIGN: u8 = 10;
const POWER: u8 = 11;

impl<'t> Parser<'t> {
    fn rest(&self) -> &'t str {
        &self.text[self.at..]
    }

    fn skip_space(&mut self) {
        self.at = self.text.len() - self.rest().trim_start().len();
    }

    fn unexpected<T>(&self) -> Result<T, String> {
        match self.rest().chars().next() {
            Some(c) => Err(format!("`{c}` was not expected after `{}`", self.text[..self.at].trim_end())),
            None => Err("the expression ends too early".to_string()),
        }
    }

    /// A word or sign, if it comes next.
    fn accept(&mut self, token: &str) -> bool {
        self.skip_space();
        let Some(after) = self.rest().strip_prefix(token) else { return false };
        let is_word = token.ends_with(|c: char| c.is_ascii_alphabetic());
        if is_word && after.starts_with(|c: char| c.is_alphanumeric() || c == '_') {
            return false;
        }
        self.at += token.len();
        true
    }

    fn expect(&mut self, token: &str) -> Result<(), String> {
        if self.accept(token) { Ok(()) } else { self.unexpected() }
    }

    /// An expression of operators that bind as tight as `level` or tighter.
    fn expression(&mut self, level: u8) -> Result<Expr, String> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err("the expression nests too deep".to_string());
        }
        let mut left = self.prefix()?;
        let mut in_chain = false;
        while let Some((operator, tightness, length)) = self.operator() {
            if tightness < level {
                break;
            }
            self.at += length;
            // `**` groups to the right, the others to the left.
            let right = self.expression(if tightness == POWER { SIGN } else { tightness + 1 })?;
            left = match left {
                // `1 < $X < 5`: an operand in parentheses is no link of the chain.
                Expr::Chain(first, mut links) if tightness == COMPARISON && in_chain => {
                    links.push((operator, right));
                    Expr::Chain(first, links)
                }
                left if tightness == COMPARISON => Expr::Chain(Box::new(left), vec![(operator, right)]),
                left => Expr::Binary(operator, Box::new(left), Box::new(right)),
            };
            in_chain = tightness == COMPARISON;
        }
        self.depth -= 1;
        Ok(left)
    }

    /// The operator that comes next, how tight it binds and its length; it is not consumed.
    fn operator(&mut self) -> Option<(Operator, u8, usize)> {
        self.skip_space();
        let start = self.at;
        let found = if self.accept("not") {
            self.accept("in").then_some((Operator::NotIn, COMPARISON))
        } else {
            BINARY.iter().find(|(token, ..)| self.accept(token)).map(|(_, tightness, operator)| (*operator, *tightness))
        };
        let length = self.at - start;
        self.at = start;
        found.map(|(operator, tightness)| (operator, tightness, length))
    }

    fn prefix(&mut self) -> Result<Expr, String> {
        self.skip_space();
        if self.accept("not") {
            return Ok(Expr::Not(Box::new(self.expression(NOT)?)));
        }
        for (sign, make) in [("-", Expr::Negate as fn(Box<Expr>) -> Expr), ("+", Expr::Plus), ("~", Expr::Invert)] {
            if self.accept(sign) {
                return Ok(make(Box::new(self.expression(SIGN)?)));
            }
        }
        if self.accept("(") {
            let inner = self.expression(0)?;
            self.expect(")")?;
            return Ok(inner);
        }
        if self.accept("[") {
            return Ok(Expr::List(self.items("]")?));
        }
        match self.rest().chars().next() {
            Some('$') => self.metavariable(),
            Some('"' | '\'') => self.string(),
            Some(c) if c.is_ascii_digit() || c == '.' => self.number(),
            Some(c) if c.is_alphabetic() || c == '_' => self.name(),
            _ => self.unexpected(),
        }
    }

    /// Expressions with commas between, up to `end`.
    fn items(&mut self, end: &str) -> Result<Vec<Expr>, String> {
        let mut items = Vec::new();
        while !self.accept(end) {
            items.push(self.expression(0)?);
            if !self.accept(",") {
                self.expect(end)?;
                break;
            }
        }
        Ok(items)
    }

    fn metavariable(&mut self) -> Result<Expr, String> {
        let name = &self.rest()[1..];
        let dots = if name.starts_with("...") { 3 } else { 0 };
        let length = name[dots..].bytes().take_while(|b| b.is_ascii_alphanumeric() || *b == b'_').count();
        if length == 0 {
            return self.unexpected();
        }
        let name = &self.rest()[..1 + dots + length];
        self.at += name.len();
        let metavariable = Expr::Metavariable(name.to_string());
        Ok(if self.strip { Expr::Int(Box::new(metavariable)) } else { metavariable })
    }

    /// Escapes stay as they are written, as they do in the literals of the code that is compared with.
    fn string(&mut self) -> Result<Expr, String> {
        let rest = self.rest();
        let quote = &rest[..1];
        let mut escaped = false;
        for (i, c) in rest.char_indices().skip(1) {
            if !escaped && rest[i..].starts_with(quote) {
                self.at += i + 1;
                return Ok(Expr::Value(Value::Str(rest[1..i].to_string())));
            }
            escaped = c == '\\' && !escaped;
        }
        Err("a string is not closed".to_string())
    }

    fn number(&mut self) -> Result<Expr, String> {
        let rest = self.rest();
        let mut length = rest.bytes().take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_')).count();
        let is_hex = rest.starts_with("0x") || rest.starts_with("0X");
        // The sign of an exponent: `1e-5`.
        if !is_hex && rest[..length].ends_with(['e', 'E']) && rest[length..].starts_with(['+', '-']) {
            length += 1 + rest[length + 1..].bytes().take_while(u8::is_ascii_digit).count();
        }
        let number = &rest[..length];
        let value = match (integer(number), number.replace('_', "").parse::<f64>()) {
            (Some(n), _) => Value::Int(n),
            (None, Ok(f)) if !is_hex => Value::Float(f),
            _ => return Err(format!("`{number}` is no number")),
        };
        self.at += length;
        Ok(Expr::Value(value))
    }

    fn name(&mut self) -> Result<Expr, String> {
        let rest = self.rest();
        let length = rest.find(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '.'))).unwrap_or(rest.len());
        let name = &rest[..length];
        self.at += length;
        if matches!(name, "r" | "R") && self.rest().starts_with(['"', '\'']) {
            return self.string();
        }
        match name {
            "True" | "true" => return Ok(Expr::Value(Value::Bool(true))),
            "False" | "false" => return Ok(Expr::Value(Value::Bool(false))),
            _ => {}
        }
        if !self.accept("(") {
            return Err(format!("`{name}` is unknown; a metavariable begins with `$`, a text stands in quotes"));
        }
        let mut arguments = self.items(")")?.into_iter();
        let call = match (name, arguments.next(), arguments.next()) {
            ("int", Some(of), None) => Expr::Int(Box::new(of)),
            ("str", Some(of), None) => Expr::Str(Box::new(of)),
            ("strptime", Some(of), None) => Expr::Date(Box::new(of)),
            ("today", _, None) => Expr::Today,
            ("re.match", Some(Expr::Value(Value::Str(pattern))), Some(of)) => {
                Expr::Match(Box::new(Regex::new(&pattern, Flags::default())?), Box::new(of))
            }
            ("re.match", ..) => return Err("`re.match` needs a text in quotes and a value".to_string()),
            ("int" | "str" | "strptime" | "today", ..) => return Err(format!("`{name}` needs one value")),
            _ => return Err(format!("`{name}` is unknown; known are int, str, today, strptime and re.match")),
        };
        if arguments.next().is_some() {
            return Err(format!("`{name}` has too many values"));
        }
        Ok(call)
    }
}
