//! One statement on one connection, cut off when it takes too long.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use rampart_kernel::Value;
use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{CachedStatement, Connection, ToSql};

use crate::{Error, ROWS_LIMIT, Result, Row, STATEMENT_LIMIT};

/// Steps of SQLite's machine between two looks at the clock: some microseconds.
const STEPS_BETWEEN_LOOKS: i32 = 10_000;

/// A connection and the time at which its current statement is cut off.
pub(super) struct Line {
    pub connection: Connection,
    /// In milliseconds after `start`.
    deadline_ms: Arc<AtomicU64>,
    start: Instant,
}

impl Line {
    pub fn new(connection: Connection) -> Result<Line> {
        let start = Instant::now();
        let deadline_ms = Arc::new(AtomicU64::new(u64::MAX));
        let seen = deadline_ms.clone();
        let overdue = move || elapsed_ms(start) > seen.load(Ordering::Relaxed);
        connection.progress_handler(STEPS_BETWEEN_LOOKS, Some(overdue))?;
        Ok(Line { connection, deadline_ms, start })
    }

    pub fn execute(&self, sql: &str, params: &[Value]) -> Result<u64> {
        self.start_clock();
        let mut statement = self.connection.prepare_cached(sql)?;
        bind(&mut statement, params)?;
        let changed = statement.raw_execute()?;
        Ok(changed as u64)
    }

    pub fn rows(&self, sql: &str, params: &[Value]) -> Result<Vec<Row>> {
        self.start_clock();
        let mut statement = self.connection.prepare_cached(sql)?;
        bind(&mut statement, params)?;
        let columns: Arc<[String]> = statement.column_names().into_iter().map(str::to_owned).collect();
        let mut rows = Vec::new();
        let mut found = statement.raw_query();
        while let Some(row) = found.next()? {
            let values = (0..columns.len()).map(|index| value_of(row.get_ref(index)?));
            rows.push(Row::new(columns.clone(), values.collect::<Result<_>>()?));
            if rows.len() > ROWS_LIMIT {
                return Err(Error::TooManyRows(ROWS_LIMIT));
            }
        }
        Ok(rows)
    }

    /// Several statements without values; a migration may take its time.
    pub fn batch(&self, sql: &str) -> Result<()> {
        self.deadline_ms.store(u64::MAX, Ordering::Relaxed);
        self.connection.execute_batch(sql)?;
        Ok(())
    }

    fn start_clock(&self) {
        let limit = u64::try_from(STATEMENT_LIMIT.as_millis()).unwrap_or(u64::MAX);
        self.deadline_ms.store(elapsed_ms(self.start).saturating_add(limit), Ordering::Relaxed);
    }
}

fn elapsed_ms(start: Instant) -> u64 {
    u64::try_from(start.elapsed().as_millis()).unwrap_or(u64::MAX)
}

/// To SQLite `$1` is a name like any other, whose place is that of its first appearance.
fn bind(statement: &mut CachedStatement<'_>, params: &[Value]) -> Result<()> {
    for place in 1..=statement.parameter_count() {
        let number: usize = statement
            .parameter_name(place)
            .and_then(|name| name.strip_prefix('$'))
            .and_then(|number| number.parse().ok())
            .ok_or_else(|| Error::Unexpected("places for values are written $1, $2".into()))?;
        let value = number.checked_sub(1).and_then(|index| params.get(index));
        let value = value.ok_or_else(|| Error::Unexpected(format!("no value for ${number}").into()))?;
        statement.raw_bind_parameter(place, Bound(value))?;
    }
    Ok(())
}

struct Bound<'a>(&'a Value);

impl ToSql for Bound<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        use rusqlite::types::Value as Owned;
        Ok(match self.0 {
            Value::Null => ToSqlOutput::Borrowed(ValueRef::Null),
            Value::Bool(it) => ToSqlOutput::Borrowed(ValueRef::Integer((*it).into())),
            Value::Int(it) => ToSqlOutput::Borrowed(ValueRef::Integer(*it)),
            Value::Real(it) => ToSqlOutput::Borrowed(ValueRef::Real(*it)),
            Value::Text(it) => ToSqlOutput::Borrowed(ValueRef::Text(it.as_bytes())),
            Value::Uuid(it) => ToSqlOutput::Owned(Owned::Text(it.as_hyphenated().to_string())),
            Value::Time(it) => ToSqlOutput::Owned(Owned::Text(it.to_text())),
            Value::Json(it) => ToSqlOutput::Owned(Owned::Text(it.to_string())),
        })
    }
}

fn value_of(value: ValueRef<'_>) -> Result<Value> {
    Ok(match value {
        ValueRef::Null => Value::Null,
        ValueRef::Integer(it) => Value::Int(it),
        ValueRef::Real(it) => Value::Real(it),
        ValueRef::Text(it) => {
            Value::Text(String::from_utf8(it.to_vec()).map_err(|error| Error::Unexpected(error.into()))?)
        }
        ValueRef::Blob(_) => return Err(Error::Unexpected("no column holds bytes".into())),
    })
}
