//! The expressions of `metavariable-comparison`: a small part of Python.
//!
//! Literals, lists, metavariables, arithmetic, comparisons (also chained), `in`, `and`, `or`, `not`, and the calls
//! `int`, `str`, `today`, `strptime` and `re.match`. Values do not mix: what Python would answer with an exception, or a
//! value that is no truth value, is no answer here.

mod parse;

use std::time::{SystemTime, UNIX_EPOCH};

use crate::regex::Regex;

pub use parse::parse;

/// What a metavariable stands for.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    Int(i64),
    Float(f64),
    Bool(bool),
    /// The content of a string literal.
    Str(String),
    /// The text of anything else. Compares only as `str($X)`.
    Code(String),
    List(Vec<Value>),
}

/// A parsed expression.
#[derive(Debug)]
pub enum Expr {
    Value(Value),
    List(Vec<Expr>),
    Metavariable(String),
    Not(Box<Expr>),
    Negate(Box<Expr>),
    Plus(Box<Expr>),
    Invert(Box<Expr>),
    Binary(Operator, Box<Expr>, Box<Expr>),
    /// Comparisons in a row, each with the value before: `1 < $X < 5`.
    Chain(Box<Expr>, Vec<(Operator, Expr)>),
    Int(Box<Expr>),
    Str(Box<Expr>),
    Today,
    Date(Box<Expr>),
    Match(Box<Regex>, Box<Expr>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operator {
    And,
    Or,
    Equal,
    NotEqual,
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
    In,
    NotIn,
    Add,
    Subtract,
    Multiply,
    Divide,
    FloorDivide,
    Modulo,
    Power,
    BitAnd,
    BitOr,
    BitXor,
}

/// The truth of an expression, or `None` if it has none: a metavariable without a value, types that do not fit.
pub fn eval(expr: &Expr, lookup: &dyn Fn(&str) -> Option<Value>) -> Option<bool> {
    match value(expr, lookup)? {
        Value::Bool(b) => Some(b),
        _ => None,
    }
}

fn value(expr: &Expr, lookup: &dyn Fn(&str) -> Option<Value>) -> Option<Value> {
    Some(match expr {
        Expr::Value(value) => value.clone(),
        Expr::Metavariable(name) => lookup(name)?,
        Expr::List(items) => Value::List(items.iter().map(|i| value(i, lookup)).collect::<Option<_>>()?),
        Expr::Not(of) => match value(of, lookup)? {
            Value::Bool(b) => Value::Bool(!b),
            _ => return None,
        },
        Expr::Negate(of) => match value(of, lookup)? {
            Value::Int(n) => Value::Int(n.checked_neg()?),
            Value::Float(f) => Value::Float(-f),
            _ => return None,
        },
        Expr::Plus(of) => match value(of, lookup)? {
            number @ (Value::Int(_) | Value::Float(_)) => number,
            _ => return None,
        },
        Expr::Invert(of) => match value(of, lookup)? {
            Value::Int(n) => Value::Int(!n),
            _ => return None,
        },
        Expr::Binary(operator, left, right) => binary(*operator, value(left, lookup)?, value(right, lookup)?)?,
        Expr::Chain(first, links) => {
            let mut left = value(first, lookup)?;
            let mut all = true;
            for (operator, right) in links {
                let right = value(right, lookup)?;
                all &= matches!(binary(*operator, left, right.clone())?, Value::Bool(true));
                left = right;
            }
            Value::Bool(all)
        }
        Expr::Int(of) => match value(of, lookup)? {
            Value::Int(n) => Value::Int(n),
            Value::Str(text) => Value::Int(parse::integer(&text)?),
            _ => return None,
        },
        Expr::Str(of) => Value::Str(match value(of, lookup)? {
            Value::Bool(b) => b.to_string(),
            Value::Int(n) => n.to_string(),
            Value::Float(f) if f.fract() == 0.0 => format!("{f:.0}."),
            Value::Float(f) => f.to_string(),
            Value::Str(text) | Value::Code(text) => text,
            Value::List(_) => return None,
        }),
        Expr::Today => Value::Float(SystemTime::now().duration_since(UNIX_EPOCH).ok()?.as_secs() as f64),
        Expr::Date(of) => match value(of, lookup)? {
            Value::Str(text) => Value::Float(date(&text)?),
            _ => return None,
        },
        Expr::Match(regex, of) => match value(of, lookup)? {
            Value::Str(text) => Value::Bool(regex.is_match_at_start(&text).ok()?),
            _ => return None,
        },
    })
}

fn binary(operator: Operator, left: Value, right: Value) -> Option<Value> {
    use Operator::*;
    use Value::{Bool, Code, Float, Int, List, Str};
    if matches!(left, Code(_)) || matches!(right, Code(_)) {
        return None;
    }
    Some(match (operator, left, right) {
        (And, Bool(a), Bool(b)) => Bool(a && b),
        (Or, Bool(a), Bool(b)) => Bool(a || b),
        (Equal, a, b) => Bool(equal(&a, &b)),
        (NotEqual, a, b) => Bool(!equal(&a, &b)),
        (In, a, List(items)) => Bool(items.contains(&a)),
        (In, Str(part), Str(whole)) => Bool(whole.contains(&part)),
        (NotIn, a, List(items)) => Bool(!items.contains(&a)),
        (NotIn, Str(part), Str(whole)) => Bool(!whole.contains(&part)),
        (In | NotIn, _, _) => Bool(false),
        (_, Int(a), Int(b)) => return integers(operator, a, b),
        (_, Float(a), Float(b)) => return floats(operator, a, b),
        (_, Int(a), Float(b)) => return floats(operator, a as f64, b),
        (_, Float(a), Int(b)) => return floats(operator, a, b as f64),
        _ => return None,
    })
}

/// Integers and floats compare as numbers; otherwise different types differ.
fn equal(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Int(a), Value::Float(b)) | (Value::Float(b), Value::Int(a)) => *a as f64 == *b,
        (a, b) => a == b,
    }
}

/// Division rounds towards zero and its rest has the sign of the dividend, as in the language's own implementation.
fn integers(operator: Operator, a: i64, b: i64) -> Option<Value> {
    use Operator::*;
    Some(match operator {
        Less => Value::Bool(a < b),
        LessEqual => Value::Bool(a <= b),
        Greater => Value::Bool(a > b),
        GreaterEqual => Value::Bool(a >= b),
        Add => Value::Int(a.checked_add(b)?),
        Subtract => Value::Int(a.checked_sub(b)?),
        Multiply => Value::Int(a.checked_mul(b)?),
        Divide => Value::Int(a.checked_div(b)?),
        FloorDivide => Value::Int(a.checked_div_euclid(b)? - i64::from(b < 0 && a.checked_rem_euclid(b)? != 0)),
        Modulo => Value::Int(a.checked_rem(b)?),
        Power => Value::Int(a.checked_pow(u32::try_from(b).ok()?)?),
        BitAnd => Value::Int(a & b),
        BitOr => Value::Int(a | b),
        BitXor => Value::Int(a ^ b),
        _ => return None,
    })
}

fn floats(operator: Operator, a: f64, b: f64) -> Option<Value> {
    use Operator::*;
    Some(match operator {
        Less => Value::Bool(a < b),
        LessEqual => Value::Bool(a <= b),
        Greater => Value::Bool(a > b),
        GreaterEqual => Value::Bool(a >= b),
        Add => Value::Float(a + b),
        Subtract => Value::Float(a - b),
        Multiply => Value::Float(a * b),
        Divide => Value::Float(a / b),
        FloorDivide => Value::Float((a / b).floor()),
        Modulo => Value::Float(a % b),
        Power => Value::Float(a.powf(b)),
        _ => return None,
    })
}

/// `2026-01-31` in seconds since 1970, at midnight UTC.
fn date(text: &str) -> Option<f64> {
    let mut parts = text.split('-').map(|p| p.trim().parse::<i64>().ok());
    let (year, month, day) = (parts.next()??, parts.next()??, parts.next()??);
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days_in_month = match month {
        2 => 28 + i64::from(leap),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    };
    if parts.next().is_some()
        || !(0..=9999).contains(&year)
        || !(1..=12).contains(&month)
        || !(1..=days_in_month).contains(&day)
    {
        return None;
    }
    // Days since 1970 with years that begin in March, so that the leap day is a year's last.
    let (year, month) = if month <= 2 { (year - 1, month + 9) } else { (year, month - 3) };
    let (era, year_of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let day_of_year = (153 * month + 2) / 5 + day - 1;
    let days = era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468;
    Some((days * 86_400) as f64)
}
