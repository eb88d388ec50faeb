//! YAML (and JSON, which is YAML) as a tree whose every node knows its line and column.
//!
//! What a reader of rules needs and no more: scalars stay text until someone asks for a type, aliases share their
//! node instead of copying it, and hostile input is bounded: nesting by [`MAX_DEPTH`], what aliases stand for by
//! [`MAX_EXPANSION`].

use std::borrow::Cow;
use std::rc::Rc;

use rustc_hash::{FxHashMap, FxHashSet};
use saphyr_parser::{Event, Parser, ScalarStyle, Span};

/// How deep lists and maps nest. Rules need about twenty; whoever walks a tree may recurse.
pub const MAX_DEPTH: usize = 150;

/// How many bytes aliases may add to a document, were they all written out.
pub const MAX_EXPANSION: usize = 1 << 20;

#[derive(Debug)]
pub struct Node<'t> {
    pub value: Value<'t>,
    /// From 1. A block scalar stands where its text begins, not at its `|`.
    pub line: u32,
    /// From 1, in characters.
    pub column: u32,
    /// Bytes of text below, with aliases written out.
    weight: usize,
}

#[derive(Debug)]
pub enum Value<'t> {
    /// `plain` scalars (without quotes) may be null, a number or a truth value.
    Scalar {
        text: Cow<'t, str>,
        plain: bool,
    },
    List(Vec<Rc<Node<'t>>>),
    Map(Map<'t>),
}

#[derive(Debug, Default)]
pub struct Map<'t> {
    /// Keys and values as written; the first of equal keys only.
    pub entries: Vec<(Rc<Node<'t>>, Rc<Node<'t>>)>,
    /// Keys that stand in `entries` already, or that are no scalars.
    pub wrong_keys: Vec<Rc<Node<'t>>>,
}

/// Why reading stopped. Lines and columns count from 1.
#[derive(Debug, PartialEq, Eq)]
pub struct SyntaxError {
    pub line: u32,
    pub column: u32,
    pub message: String,
}

/// What a text says: the roots of its documents, and why reading stopped early, if it did. The document in which it
/// stopped has everything that was complete by then.
pub fn read(text: &str) -> (Vec<Rc<Node<'_>>>, Option<SyntaxError>) {
    let mut builder = Builder::default();
    for event in Parser::new_from_str(text) {
        let step = match event {
            Ok((event, span)) => builder.take(event, span),
            Err(e) => Err(SyntaxError {
                line: number(e.marker().line()),
                column: number(e.marker().col() + 1),
                message: e.info().to_string(),
            }),
        };
        if let Err(e) = step {
            builder.close_all();
            return (builder.roots, Some(e));
        }
    }
    (builder.roots, None)
}

impl<'t> Node<'t> {
    /// The text of a scalar that is a string: quoted, a block, or plain and not of another type.
    pub fn as_str(&self) -> Option<&str> {
        match &self.value {
            Value::Scalar { text, plain } if !plain || matches!(plain_type(text), Plain::Text) => Some(text),
            _ => None,
        }
    }

    /// A truth value; `"true"` in quotes is one too, as rule authors write both.
    pub fn as_bool(&self) -> Option<bool> {
        match &self.value {
            Value::Scalar { text, .. } => match &**text {
                "true" | "True" | "TRUE" => Some(true),
                "false" | "False" | "FALSE" => Some(false),
                _ => None,
            },
            _ => None,
        }
    }

    /// A whole number, in quotes or not.
    pub fn as_int(&self) -> Option<i64> {
        match &self.value {
            Value::Scalar { text, .. } => match plain_type(text) {
                Plain::Int(n) => Some(n),
                Plain::Float(f) if f.fract() == 0.0 && f.abs() < 1e15 => Some(f as i64),
                _ => None,
            },
            _ => None,
        }
    }

    pub fn is_null(&self) -> bool {
        matches!(&self.value, Value::Scalar { text, plain: true } if matches!(plain_type(text), Plain::Null))
    }

    /// What kind of value this is, for messages: "a list", "a number".
    pub fn kind(&self) -> &'static str {
        match &self.value {
            Value::List(_) => "a list",
            Value::Map(_) => "a map",
            Value::Scalar { plain: false, .. } => "a string",
            Value::Scalar { text, .. } => match plain_type(text) {
                Plain::Null => "nothing",
                Plain::Bool(_) => "a truth value",
                Plain::Int(_) | Plain::Float(_) => "a number",
                Plain::Text => "a string",
            },
        }
    }

    pub fn to_json(&self) -> serde_json::Value {
        use serde_json::Value as Json;
        match &self.value {
            Value::Scalar { text, plain: false } => Json::String(text.to_string()),
            Value::Scalar { text, plain: true } => match plain_type(text) {
                Plain::Null => Json::Null,
                Plain::Bool(b) => Json::Bool(b),
                Plain::Int(n) => Json::from(n),
                // Infinity has no JSON number; its text says it.
                Plain::Float(f) => {
                    serde_json::Number::from_f64(f).map_or_else(|| Json::String(text.to_string()), Json::Number)
                }
                Plain::Text => Json::String(text.to_string()),
            },
            Value::List(items) => Json::Array(items.iter().map(|i| i.to_json()).collect()),
            Value::Map(map) => {
                Json::Object(map.entries.iter().map(|(k, v)| (k.text().to_string(), v.to_json())).collect())
            }
        }
    }

    /// The text of a scalar of any type; empty for lists and maps.
    pub fn text(&self) -> &str {
        match &self.value {
            Value::Scalar { text, .. } => text,
            _ => "",
        }
    }
}

impl<'t> Map<'t> {
    pub fn get(&self, key: &str) -> Option<&Rc<Node<'t>>> {
        self.entry(key).map(|(_, value)| value)
    }

    pub fn entry(&self, key: &str) -> Option<&(Rc<Node<'t>>, Rc<Node<'t>>)> {
        self.entries.iter().find(|(k, _)| k.text() == key)
    }

    pub fn has(&self, key: &str) -> bool {
        self.entry(key).is_some()
    }
}

enum Plain {
    Null,
    Bool(bool),
    Int(i64),
    Float(f64),
    Text,
}

/// The type of a plain scalar by the core schema of YAML 1.2. Numbers beyond 64 bits are floats.
fn plain_type(text: &str) -> Plain {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Plain::Null,
        "true" | "True" | "TRUE" => return Plain::Bool(true),
        "false" | "False" | "FALSE" => return Plain::Bool(false),
        ".inf" | ".Inf" | ".INF" | "+.inf" => return Plain::Float(f64::INFINITY),
        "-.inf" | "-.Inf" | "-.INF" => return Plain::Float(f64::NEG_INFINITY),
        ".nan" | ".NaN" | ".NAN" => return Plain::Float(f64::NAN),
        _ => {}
    }
    // Most scalars are words: decide by the first byte before trying numbers.
    if !matches!(text.as_bytes()[0], b'0'..=b'9' | b'+' | b'-' | b'.') {
        return Plain::Text;
    }
    for (prefix, radix) in [("0x", 16), ("0o", 8)] {
        if let Some(digits) = text.strip_prefix(prefix)
            && !digits.starts_with(['+', '-'])
            && let Ok(n) = i64::from_str_radix(digits, radix)
        {
            return Plain::Int(n);
        }
    }
    if let Ok(n) = text.parse::<i64>() {
        return Plain::Int(n);
    }
    let number = text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'+' | b'-' | b'.' | b'e' | b'E'));
    match text.parse::<f64>() {
        Ok(f) if number => Plain::Float(f),
        _ => Plain::Text,
    }
}

#[derive(Default)]
struct Builder<'t> {
    roots: Vec<Rc<Node<'t>>>,
    open: Vec<Open<'t>>,
    anchors: FxHashMap<usize, Rc<Node<'t>>>,
    /// Bytes that aliases stood for so far.
    expanded: usize,
}

/// A list or map whose end has not come yet.
struct Open<'t> {
    anchor: usize,
    line: u32,
    column: u32,
    weight: usize,
    children: Children<'t>,
}

enum Children<'t> {
    List(Vec<Rc<Node<'t>>>),
    Map { map: Map<'t>, key: Option<Rc<Node<'t>>>, seen: FxHashSet<String> },
}

impl<'t> Builder<'t> {
    fn take(&mut self, event: Event<'t>, span: Span) -> Result<(), SyntaxError> {
        let (line, column) = (number(span.start.line()), number(span.start.col() + 1));
        match event {
            Event::Scalar(text, style, anchor, _) => {
                let (plain, weight) = (style == ScalarStyle::Plain, text.len() + 1);
                self.put(Node { value: Value::Scalar { text, plain }, line, column, weight }, anchor);
            }
            Event::SequenceStart(anchor, _) => self.open(Children::List(Vec::new()), anchor, line, column)?,
            Event::MappingStart(anchor, _) => {
                let children = Children::Map { map: Map::default(), key: None, seen: FxHashSet::default() };
                self.open(children, anchor, line, column)?;
            }
            Event::SequenceEnd | Event::MappingEnd => self.close(),
            Event::Alias(anchor) => {
                let fail = |message: &str| Err(SyntaxError { line, column, message: message.to_string() });
                let Some(node) = self.anchors.get(&anchor).cloned() else {
                    return fail("this alias stands inside the value that it names");
                };
                self.expanded = self.expanded.saturating_add(node.weight);
                if self.expanded > MAX_EXPANSION {
                    return fail("the aliases of this file stand for too much text");
                }
                self.add(node);
            }
            Event::DocumentStart(_) => self.anchors.clear(),
            _ => {}
        }
        Ok(())
    }

    fn open(&mut self, children: Children<'t>, anchor: usize, line: u32, column: u32) -> Result<(), SyntaxError> {
        if self.open.len() >= MAX_DEPTH {
            let message = format!("lists and maps nest deeper than {MAX_DEPTH} levels");
            return Err(SyntaxError { line, column, message });
        }
        self.open.push(Open { anchor, line, column, weight: 1, children });
        Ok(())
    }

    fn close(&mut self) {
        let Some(open) = self.open.pop() else { return };
        let value = match open.children {
            Children::List(items) => Value::List(items),
            Children::Map { map, .. } => Value::Map(map),
        };
        self.put(Node { value, line: open.line, column: open.column, weight: open.weight }, open.anchor);
    }

    /// After an error: what is complete stays; the rule that was being read does not. A rule is an item of a list
    /// that stands at the root or under one of the root's keys.
    fn close_all(&mut self) {
        while self.open.len() > 2 || (self.open.len() == 2 && !self.rules_are_open()) {
            self.open.pop();
        }
        while !self.open.is_empty() {
            self.close();
        }
    }

    fn rules_are_open(&self) -> bool {
        let root_is_map = matches!(self.open.first(), Some(Open { children: Children::Map { .. }, .. }));
        root_is_map && matches!(self.open.get(1), Some(Open { children: Children::List(_), .. }))
    }

    fn put(&mut self, node: Node<'t>, anchor: usize) {
        let node = Rc::new(node);
        if anchor != 0 {
            self.anchors.insert(anchor, node.clone());
        }
        self.add(node);
    }

    fn add(&mut self, node: Rc<Node<'t>>) {
        let Some(open) = self.open.last_mut() else {
            self.roots.push(node);
            return;
        };
        open.weight = open.weight.saturating_add(node.weight);
        match &mut open.children {
            Children::List(items) => items.push(node),
            Children::Map { map, key, seen } => match key.take() {
                None => *key = Some(node),
                Some(name) => {
                    let is_new = match &name.value {
                        Value::Scalar { text, .. } if map.entries.len() < 8 => !map.has(text),
                        Value::Scalar { text, .. } => {
                            // Large maps keep a set of their keys, so that hostile ones stay linear.
                            if seen.is_empty() {
                                seen.extend(map.entries.iter().map(|(k, _)| k.text().to_string()));
                            }
                            seen.insert(text.to_string())
                        }
                        _ => false,
                    };
                    if is_new {
                        map.entries.push((name, node));
                    } else {
                        map.wrong_keys.push(name);
                    }
                }
            },
        }
    }
}

/// Positions beyond four billion are all the last one.
fn number(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}
