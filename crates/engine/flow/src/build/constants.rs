//! Values that are known while the graph is built: literals, what is computed from them, functions and classes.

use std::sync::Arc;

use rampart_syntax::{Op, Value as Known, resolve::parse_int};

use super::*;

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Const {
    Str(Arc<str>),
    Int(i64),
    Float(f64),
    Bool(bool),
    Char(char),
    Null,
    /// A collection of constants, or one of its elements.
    Collection,
    /// An object literal with these functions.
    Record(Arc<[(Key, u32)]>),
    Function(u32),
    Class(u32),
}

/// Longest text that is computed.
pub(super) const MAX_TEXT: usize = 4096;

impl Const {
    pub(super) fn of_value(value: &Known) -> Option<Const> {
        Some(match value {
            Known::Str(text, _) => Const::Str(text.clone()),
            Known::Int(n) => Const::Int(*n),
            Known::Bool(b) => Const::Bool(*b),
            Known::Float(text) => Const::Float(text.parse().ok()?),
            _ => return None,
        })
    }

    pub(super) fn truth(&self, lang: Lang) -> Option<bool> {
        let loose = lang == Lang::Python || lang.is_script();
        Some(match self {
            Const::Bool(b) => *b,
            Const::Int(n) if loose => *n != 0,
            Const::Str(text) if loose => !text.is_empty(),
            Const::Null if loose => false,
            Const::Function(_) | Const::Class(_) if loose => true,
            _ => return None,
        })
    }

    /// Nobody who gets it can change it.
    pub(super) fn is_fixed(&self) -> bool {
        !matches!(self, Const::Collection | Const::Record(_))
    }

    fn number(&self) -> Option<f64> {
        match self {
            Const::Int(n) => Some(*n as f64),
            Const::Float(f) => Some(*f),
            _ => None,
        }
    }
}

impl Builder<'_> {
    /// The constant that a literal is.
    pub(super) fn literal(&self, id: NodeId) -> Option<Const> {
        let text = self.tree.text(id);
        Some(match self.tree.kind(id) {
            Kind::Str => Const::Str(text.into()),
            Kind::Int => Const::Int(parse_int(text)?),
            Kind::Float => Const::Float(text.parse().ok()?),
            Kind::Bool => Const::Bool(self.tree[id].aux == 1),
            Kind::Null | Kind::Undefined => Const::Null,
            Kind::Char => Const::Char(text.chars().next()?),
            _ => return None,
        })
    }

    /// What an expression that was followed is known to be.
    pub(super) fn constant_of(&self, id: NodeId) -> Option<Const> {
        self.constants.get(&self.of[id.index()]).cloned()
    }

    pub(super) fn fold_binary(&self, op: u16, a: Value, b: Value) -> Option<Const> {
        let (a, b) = (self.constants.get(&a)?, self.constants.get(&b)?);
        let is = |o: Op| op == o as u16;
        if is(Op::Eq) || is(Op::Same) || is(Op::Is) {
            return comparable(a, b).map(Const::Bool);
        }
        if is(Op::NotEq) || is(Op::NotSame) || is(Op::IsNot) {
            return comparable(a, b).map(|equal| Const::Bool(!equal));
        }
        if let (Const::Int(a), Const::Int(b)) = (a, b) {
            let (a, b) = (*a, *b);
            let folded = if is(Op::Plus) {
                a.checked_add(b)?
            } else if is(Op::Minus) {
                a.checked_sub(b)?
            } else if is(Op::Mul) {
                a.checked_mul(b)?
            } else if is(Op::Mod) && a >= 0 && b > 0 {
                a % b
            } else if (is(Op::FloorDiv) || is(Op::Div) && matches!(self.lang, Lang::Java | Lang::Go)) && a >= 0 && b > 0
            {
                a / b
            } else {
                return ordered(op, a as f64, b as f64);
            };
            return Some(Const::Int(folded));
        }
        if let (Some(a), Some(b)) = (a.number(), b.number()) {
            return ordered(op, a, b);
        }
        match (a, b) {
            (Const::Str(a), Const::Str(b)) if is(Op::Plus) && a.len() + b.len() <= MAX_TEXT => {
                Some(Const::Str(format!("{a}{b}").into()))
            }
            (Const::Str(a), Const::Str(b)) if is(Op::In) => Some(Const::Bool(b.contains(&**a))),
            (Const::Bool(a), Const::Bool(b)) if is(Op::And) => Some(Const::Bool(*a && *b)),
            (Const::Bool(a), Const::Bool(b)) if is(Op::Or) => Some(Const::Bool(*a || *b)),
            _ => None,
        }
    }

    pub(super) fn fold_unary(&self, op: u16, value: Value) -> Option<Const> {
        let known = self.constants.get(&value)?;
        match known {
            Const::Int(n) if op == Op::Minus as u16 => n.checked_neg().map(Const::Int),
            _ if op == Op::Not as u16 => known.truth(self.lang).map(|b| Const::Bool(!b)),
            _ => None,
        }
    }

    /// Methods of constants, of what programs really choose by: characters, lengths, comparisons.
    pub(super) fn fold_method(&self, object: Value, name: &str, args: &[Value]) -> Option<Const> {
        let text = match self.constants.get(&object)? {
            Const::Str(text) => text,
            _ => return None,
        };
        let argument = args.first().map(|a| self.constants.get(a));
        Some(match (name, argument) {
            ("charAt" | "at", Some(Some(&Const::Int(n)))) => {
                let c = text.chars().nth(usize::try_from(n).ok()?)?;
                if self.lang == Lang::Java { Const::Char(c) } else { Const::Str(c.to_string().into()) }
            }
            ("length" | "size", None) => Const::Int(text.chars().count() as i64),
            ("equals", Some(Some(other))) => Const::Bool(comparable(&Const::Str(text.clone()), other)?),
            ("equalsIgnoreCase", Some(Some(Const::Str(other)))) => Const::Bool(text.eq_ignore_ascii_case(other)),
            ("startsWith" | "startswith", Some(Some(Const::Str(other)))) if args.len() == 1 => {
                Const::Bool(text.starts_with(&**other))
            }
            ("endsWith" | "endswith", Some(Some(Const::Str(other)))) if args.len() == 1 => {
                Const::Bool(text.ends_with(&**other))
            }
            ("contains" | "includes", Some(Some(Const::Str(other)))) if args.len() == 1 => {
                Const::Bool(text.contains(&**other))
            }
            ("isEmpty", None) => Const::Bool(text.is_empty()),
            ("toLowerCase" | "lower", None) => Const::Str(text.to_lowercase().into()),
            ("toUpperCase" | "upper", None) => Const::Str(text.to_uppercase().into()),
            ("trim" | "strip", None) => Const::Str(text.trim().into()),
            ("toString" | "intern", None) => Const::Str(text.clone()),
            ("substring", Some(Some(&Const::Int(n)))) => {
                let end = match args.get(1) {
                    Some(end) => match self.constants.get(end)? {
                        Const::Int(end) => usize::try_from(*end).ok()?,
                        _ => return None,
                    },
                    None => text.len(),
                };
                Const::Str(text.get(usize::try_from(n).ok()?..end)?.into())
            }
            _ => return None,
        })
    }

    /// `"abc"[1]`
    pub(super) fn constant_index(&mut self, object: Value, index: Value, value: Value) {
        if let (Some(Const::Str(text)), Some(&Const::Int(n))) =
            (self.constants.get(&object), self.constants.get(&index))
            && let Some(c) = usize::try_from(n).ok().and_then(|n| text.chars().nth(n))
        {
            let known = if self.lang == Lang::Go { Const::Char(c) } else { Const::Str(c.to_string().into()) };
            self.constants.insert(value, known);
        }
    }
}

fn comparable(a: &Const, b: &Const) -> Option<bool> {
    match (a, b) {
        (Const::Function(_) | Const::Class(_) | Const::Collection | Const::Record(_), _)
        | (_, Const::Function(_) | Const::Class(_) | Const::Collection | Const::Record(_)) => None,
        (Const::Char(a), Const::Str(b)) | (Const::Str(b), Const::Char(a)) => Some(b.chars().eq([*a])),
        _ => match (a.number(), b.number()) {
            (Some(a), Some(b)) => Some(a == b),
            _ => Some(a == b),
        },
    }
}

fn ordered(op: u16, a: f64, b: f64) -> Option<Const> {
    let is = |o: Op| op == o as u16;
    Some(Const::Bool(if is(Op::Lt) {
        a < b
    } else if is(Op::LtE) {
        a <= b
    } else if is(Op::Gt) {
        a > b
    } else if is(Op::GtE) {
        a >= b
    } else {
        return None;
    }))
}
