//! Statements that are put together from parts: filters of a list, many rows at once.

use std::fmt::Write;

use rampart_kernel::Value;

/// The values of a statement's `$1`, `$2` …: `&params![id, name]`.
#[macro_export]
macro_rules! params {
    ($($value:expr),* $(,)?) => { [$($crate::Value::from($value)),*] };
}

/// The pattern of texts that contain this one: `column LIKE $1 ESCAPE '\\'`. What `LIKE` gives a meaning has none here.
pub fn containing(text: &str) -> String {
    let mut pattern = String::from("%");
    for c in text.chars() {
        if matches!(c, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    pattern + "%"
}

/// A statement that numbers its own places.
///
/// ```
/// use rampart_store::Sql;
///
/// let mut sql = Sql::new("SELECT id FROM users WHERE disabled = ").bind(false);
/// sql = sql.push(" AND role = ").bind("admin");
/// assert_eq!(sql.text(), "SELECT id FROM users WHERE disabled = $1 AND role = $2");
/// ```
#[derive(Clone, Debug, Default)]
pub struct Sql {
    text: String,
    params: Vec<Value>,
}

impl Sql {
    pub fn new(text: &'static str) -> Sql {
        Sql { text: text.to_owned(), params: Vec::new() }
    }

    /// Text of the program's own: `'static` keeps out what came from elsewhere.
    #[must_use]
    pub fn push(mut self, text: &'static str) -> Sql {
        self.text.push_str(text);
        self
    }

    #[must_use]
    pub fn bind(mut self, value: impl Into<Value>) -> Sql {
        self.params.push(value.into());
        let _ = write!(self.text, "${}", self.params.len());
        self
    }

    /// `$1, $2, $3`; of nothing `NULL`, which nothing is in.
    #[must_use]
    pub fn bind_all(mut self, values: impl IntoIterator<Item = impl Into<Value>>) -> Sql {
        let mut any = false;
        for value in values {
            if std::mem::replace(&mut any, true) {
                self.text.push_str(", ");
            }
            self = self.bind(value);
        }
        if any { self } else { self.push("NULL") }
    }

    pub fn text(&self) -> &str {
        &self.text
    }

    pub fn params(&self) -> &[Value] {
        &self.params
    }
}
