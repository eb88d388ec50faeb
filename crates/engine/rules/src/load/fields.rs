//! Reading fields: each method gives the value or records why there is none.

use std::rc::Rc;
use std::sync::Arc;

use super::nearest;
use crate::model::{PatternText, Place, Rule, RuleError};
use crate::yaml::{Map, Node, Value};

/// A longer source line says nothing in a message.
const MAX_SOURCE_LINE: usize = 400;

/// A file with more errors is hostile or no rule file; the last error takes the place of those beyond.
const MAX_ERRORS: usize = 2_000;

pub struct Loader<'t> {
    file: Arc<str>,
    text: &'t str,
    /// Where each line begins; filled at the first error.
    line_starts: Vec<usize>,
    /// Lines before the part of the file that is being read.
    pub lines_before: u32,
    /// The rule that is being read.
    pub rule_id: Option<String>,
    /// Rules within the rule that is being read.
    pub parts: Vec<Rule>,
    pub errors: Vec<RuleError>,
}

impl<'t> Loader<'t> {
    pub fn new(file: &str, text: &'t str) -> Self {
        Loader {
            file: file.into(),
            text,
            line_starts: Vec::new(),
            lines_before: 0,
            rule_id: None,
            parts: Vec::new(),
            errors: Vec::new(),
        }
    }

    pub fn place(&self, node: &Node) -> Place {
        Place { file: self.file.clone(), line: node.line.saturating_add(self.lines_before), column: node.column }
    }

    pub fn error(&mut self, node: &Node, message: String) -> &mut RuleError {
        self.error_at(node.line, node.column, message)
    }

    pub fn error_at(&mut self, line: u32, column: u32, message: String) -> &mut RuleError {
        let line = line.saturating_add(self.lines_before);
        let place = Place { file: self.file.clone(), line, column };
        let source_line = self.source_line(line);
        let rule_id = self.rule_id.clone();
        self.errors.truncate(MAX_ERRORS - 1);
        self.errors.push(RuleError { rule_id, place, message, hint: None, source_line });
        self.errors.last_mut().expect("an error was just added")
    }

    /// What to do about the last error.
    pub fn hint(&mut self, hint: &str) {
        if let Some(error) = self.errors.last_mut() {
            error.hint = Some(hint.to_string());
        }
    }

    pub fn unknown_key(&mut self, key: &Node, known: &[&str], whose: &str) {
        let name = key.text();
        self.error(key, format!("unknown key `{}` in {whose}", shortened(name))).hint = nearest::hint(name, known);
    }

    fn source_line(&mut self, line: u32) -> Option<String> {
        if self.line_starts.is_empty() {
            self.line_starts.push(0);
            self.line_starts.extend(self.text.bytes().enumerate().filter(|(_, b)| *b == b'\n').map(|(i, _)| i + 1));
        }
        let start = *self.line_starts.get((line as usize).checked_sub(1)?)?;
        let end = self.text.floor_char_boundary(start.saturating_add(MAX_SOURCE_LINE));
        Some(self.text[start..end].lines().next()?.to_string())
    }

    /// Reports keys that are not `known` and keys that stand twice. `whose` is "a rule", "`paths`".
    pub fn check_keys(&mut self, map: &Map, known: &[&str], whose: &str) -> bool {
        let before = self.errors.len();
        for key in &map.wrong_keys {
            match &key.value {
                Value::Scalar { text, .. } => {
                    self.error(key, format!("`{}` stands here twice", shortened(text))).hint =
                        Some("keep one of them; lists take several values".to_string());
                }
                _ => {
                    self.error(key, format!("a key is text, this is {}", key.kind()));
                }
            }
        }
        for (key, _) in &map.entries {
            if !known.contains(&key.text()) {
                self.unknown_key(key, known, whose);
            }
        }
        self.errors.len() == before
    }

    pub fn map<'n, 'y>(&mut self, node: &'n Node<'y>, what: &str) -> Option<&'n Map<'y>> {
        match &node.value {
            Value::Map(map) => Some(map),
            _ => {
                self.error(node, format!("{what} must be a map of keys and values, this is {}", node.kind()));
                None
            }
        }
    }

    pub fn list<'n, 'y>(&mut self, node: &'n Node<'y>, key: &str) -> Option<&'n [Rc<Node<'y>>]> {
        match &node.value {
            Value::List(items) => Some(items),
            _ => {
                self.wrong_type(node, key, "a list");
                None
            }
        }
    }

    pub fn required<'n, 'y>(
        &mut self,
        parent: &Node,
        map: &'n Map<'y>,
        key: &str,
        whose: &str,
    ) -> Option<&'n Rc<Node<'y>>> {
        if let Some(value) = map.get(key) {
            return Some(value);
        }
        let close = map.entries.iter().map(|(k, _)| k).find(|k| nearest::nearest(k.text(), &[key]).is_some());
        let hint = match close {
            // The misspelt key has its message already.
            Some(close) if self.errors.last().is_some_and(|e| e.place == self.place(close)) => return None,
            Some(close) => format!("did you mean `{key}` where `{}` stands?", shortened(close.text())),
            None => format!("add `{key}: …`"),
        };
        self.error(parent, format!("{whose} needs `{key}`")).hint = Some(hint);
        None
    }

    pub fn required_string<'n>(&mut self, parent: &Node, map: &'n Map, key: &str, whose: &str) -> Option<&'n str> {
        let value = self.required(parent, map, key, whose)?;
        self.text_of(value, key)
    }

    pub fn required_pattern(&mut self, parent: &Node, map: &Map, key: &str, whose: &str) -> Option<PatternText> {
        let value = self.required(parent, map, key, whose)?;
        self.pattern(value, key)
    }

    /// An optional string: `None` is wrong, `Some(None)` absent.
    pub fn string(&mut self, map: &Map, key: &str) -> Option<Option<String>> {
        match map.get(key) {
            Some(value) => self.text_of(value, key).map(|s| Some(s.to_string())),
            None => Some(None),
        }
    }

    pub fn bool(&mut self, map: &Map, key: &str) -> Option<Option<bool>> {
        let Some(value) = map.get(key) else { return Some(None) };
        match value.as_bool() {
            Some(b) => Some(Some(b)),
            None => {
                self.wrong_type(value, key, "true or false");
                None
            }
        }
    }

    /// A list of strings; absent is empty.
    pub fn strings(&mut self, map: &Map, key: &str) -> Option<Vec<String>> {
        let Some(value) = map.get(key) else { return Some(Vec::new()) };
        let items = self.list(value, key)?;
        let mut strings = Vec::with_capacity(items.len());
        for item in items {
            strings.push(self.text_of(item, key)?.to_string());
        }
        Some(strings)
    }

    pub fn text_of<'n>(&mut self, value: &'n Node, key: &str) -> Option<&'n str> {
        let text = value.as_str();
        if text.is_none() {
            self.wrong_type(value, key, "a string");
        }
        text
    }

    pub fn pattern(&mut self, value: &Node, key: &str) -> Option<PatternText> {
        let text = self.text_of(value, key)?;
        if text.trim().is_empty() {
            self.error(value, format!("`{key}` is empty"));
            return None;
        }
        Some(PatternText { text: text.to_string(), place: self.place(value) })
    }

    /// Always false, so that a caller can note it in passing.
    pub fn wrong_type(&mut self, value: &Node, key: &str, wanted: &str) -> bool {
        let quote = match &value.value {
            Value::Scalar { plain: true, text } if wanted == "a string" && !text.is_empty() => {
                Some(format!("put it in quotes: \"{}\"", shortened(text)))
            }
            _ => None,
        };
        self.error(value, format!("`{key}` must be {wanted}, this is {}", value.kind())).hint = quote;
        false
    }

    /// The value is none of those known. Always false, as [`Self::wrong_type`].
    pub fn one_of(&mut self, value: &Node, key: &str, known: &[&str]) -> bool {
        let hint = nearest::hint(value.text(), known);
        let message = match value.value {
            Value::Scalar { .. } => format!("unknown {key} `{}`", shortened(value.text())),
            _ => format!("`{key}` must be a string, this is {}", value.kind()),
        };
        self.error(value, message).hint = hint;
        false
    }
}

/// Text of a file inside a message: enough to recognise it.
fn shortened(text: &str) -> &str {
    &text[..text.floor_char_boundary(60)]
}
