//! One statement on one connection, cut off when it takes too long.

use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use rampart_kernel::Value;
use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{CachedStatement, Connection, ToSql};

use super::STATEMENTS;
use crate::{Error, ROWS_LIMIT, Result, Row, STATEMENT_LIMIT};

/// Steps of SQLite's machine between two looks at the clock: some microseconds.
const STEPS_BETWEEN_LOOKS: i32 = 10_000;

/// A connection and the time at which its current statement is cut off.
pub(super) struct Line {
    pub connection: Connection,
    /// In milliseconds after `start`.
    deadline_ms: Arc<AtomicU64>,
    start: Instant,
    /// Of statements that ran, by their text; no more than are kept prepared.
    shapes: RefCell<HashMap<Box<str>, Shape>>,
}

/// What is the same each time a statement runs.
#[derive(Clone, Default)]
struct Shape {
    /// Of each place in the order of SQLite, which of the values stands there.
    places: Arc<[usize]>,
    columns: Arc<[String]>,
}

impl Line {
    pub fn new(connection: Connection) -> Result<Line> {
        let start = Instant::now();
        let deadline_ms = Arc::new(AtomicU64::new(u64::MAX));
        let seen = deadline_ms.clone();
        let overdue = move || elapsed_ms(start) > seen.load(Ordering::Relaxed);
        connection.progress_handler(STEPS_BETWEEN_LOOKS, Some(overdue))?;
        Ok(Line { connection, deadline_ms, start, shapes: RefCell::default() })
    }

    pub fn execute(&self, sql: &str, params: &[Value]) -> Result<u64> {
        self.start_clock();
        let mut statement = self.connection.prepare_cached(sql)?;
        let shape = self.shape(sql, &statement)?;
        bind(&mut statement, &shape, params)?;
        let changed = statement.raw_execute()?;
        Ok(changed as u64)
    }

    pub fn rows(&self, sql: &str, params: &[Value]) -> Result<Vec<Row>> {
        self.start_clock();
        let mut statement = self.connection.prepare_cached(sql)?;
        let shape = self.shape(sql, &statement)?;
        bind(&mut statement, &shape, params)?;
        let columns = shape.columns;
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

    fn shape(&self, sql: &str, statement: &CachedStatement<'_>) -> Result<Shape> {
        let mut shapes = self.shapes.borrow_mut();
        if let Some(shape) = shapes.get(sql) {
            // `*` is other columns after a migration.
            let same = |(index, name): (usize, &String)| statement.column_name(index).is_ok_and(|now| now == name);
            if statement.column_count() == shape.columns.len() && shape.columns.iter().enumerate().all(same) {
                return Ok(shape.clone());
            }
        }
        let shape = Shape {
            places: places(statement)?,
            columns: statement.column_names().into_iter().map(str::to_owned).collect(),
        };
        if shapes.len() >= STATEMENTS {
            shapes.clear();
        }
        shapes.insert(sql.into(), shape.clone());
        Ok(shape)
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
fn places(statement: &CachedStatement<'_>) -> Result<Arc<[usize]>> {
    let place = |place| {
        let name = statement.parameter_name(place).and_then(|name| name.strip_prefix('$'));
        let number = name.and_then(|number| number.parse::<usize>().ok()).and_then(|number| number.checked_sub(1));
        number.ok_or_else(|| Error::Unexpected("places for values are written $1, $2".into()))
    };
    (1..=statement.parameter_count()).map(place).collect()
}

fn bind(statement: &mut CachedStatement<'_>, shape: &Shape, params: &[Value]) -> Result<()> {
    for (place, index) in shape.places.iter().enumerate() {
        let value = params.get(*index);
        let value = value.ok_or_else(|| Error::Unexpected(format!("no value for ${}", index + 1).into()))?;
        statement.raw_bind_parameter(place + 1, Bound(value))?;
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
            Value::JsonText(it) => ToSqlOutput::Borrowed(ValueRef::Text(it.as_bytes())),
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
