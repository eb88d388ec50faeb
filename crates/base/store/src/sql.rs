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

    /// `$1, $2, $3`, for what something is in; of nothing `NULL`, which nothing is in. The last is repeated up to a power of two, so that
    /// lists of all lengths are few statements to prepare.
    #[must_use]
    pub fn bind_all(mut self, values: impl IntoIterator<Item = impl Into<Value>>) -> Sql {
        let mut values: Vec<Value> = values.into_iter().map(Into::into).collect();
        let Some(last) = values.last().cloned() else { return self.push("NULL") };
        values.resize(values.len().next_power_of_two(), last);
        for (index, value) in values.into_iter().enumerate() {
            self = self.push(if index == 0 { "" } else { ", " }).bind(value);
        }
        self
    }

    pub fn text(&self) -> &str {
        &self.text
    }

    pub fn params(&self) -> &[Value] {
        &self.params
    }
}

/// Values of one statement; both databases take at least 32,766.
const VALUES_AT_ONCE: usize = 4_096;

/// How many of so many rows go into the next statement: a power of two, so that few texts are to be prepared.
pub(crate) fn rows_at_once(rows: usize, columns: usize) -> usize {
    let most = (VALUES_AT_ONCE / columns.max(1)).clamp(1, rows.max(1));
    1 << most.ilog2()
}

/// The text for so many rows: `{rows}` becomes `($1, $2), ($3, $4)`.
pub(crate) fn of_rows(text: &str, rows: usize, columns: usize) -> String {
    let mut places = String::new();
    for place in 0..rows * columns {
        places.push_str(match (place, place % columns) {
            (0, _) => "(",
            (_, 0) => "), (",
            _ => ", ",
        });
        let _ = write!(places, "${}", place + 1);
    }
    text.replacen("{rows}", &(places + ")"), 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_written_in_few_sizes() {
        assert_eq!(
            of_rows("INSERT INTO t (a, b) VALUES {rows}", 2, 2),
            "INSERT INTO t (a, b) VALUES ($1, $2), ($3, $4)"
        );
        let (mut left, mut sizes) = (11, Vec::new());
        while left > 0 {
            sizes.push(rows_at_once(left, 3));
            left -= sizes[sizes.len() - 1];
        }
        assert_eq!(sizes, [8, 2, 1]);
        assert_eq!((rows_at_once(10_000, 15), rows_at_once(3, 10_000)), (256, 1));
    }

    #[test]
    fn lists_are_padded_with_their_last() {
        let sql = Sql::new("id IN (").bind_all([1_i64, 2, 3]).push(")");
        assert_eq!((sql.text(), sql.params()[3].clone()), ("id IN ($1, $2, $3, $4)", Value::Int(3)));
        assert_eq!(Sql::new("id IN (").bind_all([0_i64; 0]).push(")").text(), "id IN (NULL)");
    }
}
