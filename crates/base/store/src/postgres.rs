//! PostgreSQL: a pool of connections; every transaction commits for itself, as its server groups them.

use std::str::FromStr;
use std::sync::Arc;

use rampart_kernel::{Secret, Timestamp, Value};
use serde_json::value::RawValue;
use sqlx::encode::IsNull;
use sqlx::error::BoxDynError;
use sqlx::pool::PoolConnection;
use sqlx::postgres::types::Oid;
use sqlx::postgres::{
    PgArgumentBuffer, PgArguments, PgConnectOptions, PgPool, PgPoolOptions, PgRow, PgTypeInfo, Postgres,
};
use sqlx::types::Json;
use sqlx::{Arguments, AssertSqlSafe, Column, Row as _, TypeInfo, ValueRef};

use crate::{Error, ROWS_LIMIT, Result, Row, STATEMENT_LIMIT, TURN_LIMIT, WAIT_LIMIT};

/// The advisory lock that migrations are run under: `rampart` in ASCII.
const MIGRATION_LOCK: i64 = 0x72_61_6d_70_61_72_74;

#[derive(Clone)]
pub(crate) struct Database {
    pool: PgPool,
}

impl Database {
    pub async fn connect(url: &Secret, pool_size: u32) -> Result<Database> {
        // The message of a parse error may quote the address, which holds the password.
        let options = PgConnectOptions::from_str(url.expose())
            .map_err(|_| Error::Unavailable("DATABASE_URL is not the address of a PostgreSQL database".to_owned()))?
            .application_name("rampart")
            .statement_cache_capacity(512)
            .options([
                ("statement_timeout", millis(STATEMENT_LIMIT)),
                ("lock_timeout", millis(TURN_LIMIT)),
                ("idle_in_transaction_session_timeout", millis(TURN_LIMIT)),
                ("timezone", "UTC".to_owned()),
            ]);
        let pool = PgPoolOptions::new()
            .max_connections(pool_size.max(2))
            .acquire_timeout(WAIT_LIMIT)
            .connect_with(options)
            .await?;
        Ok(Database { pool })
    }

    pub async fn begin(&self) -> Result<Connection> {
        Ok(Connection::InTransaction(self.pool.begin().await?))
    }

    pub async fn acquire(&self) -> Result<Connection> {
        Ok(Connection::Plain(self.pool.acquire().await?))
    }

    /// Held until dropped: the connection is closed with it, and the lock goes with the connection.
    pub async fn lock_migrations(&self) -> Result<MigrationLock> {
        let mut connection = self.pool.acquire().await?.detach();
        sqlx::raw_sql("SET statement_timeout = 0; SET lock_timeout = 0").execute(&mut connection).await?;
        sqlx::query("SELECT pg_advisory_lock($1)").bind(MIGRATION_LOCK).execute(&mut connection).await?;
        Ok(MigrationLock { _connection: connection })
    }

    pub async fn close(self) {
        self.pool.close().await;
    }
}

fn millis(limit: std::time::Duration) -> String {
    limit.as_millis().to_string()
}

pub(crate) struct MigrationLock {
    _connection: sqlx::PgConnection,
}

pub(crate) enum Connection {
    Plain(PoolConnection<Postgres>),
    InTransaction(sqlx::Transaction<'static, Postgres>),
}

impl Connection {
    fn get(&mut self) -> &mut sqlx::PgConnection {
        match self {
            Connection::Plain(connection) => connection,
            Connection::InTransaction(transaction) => transaction,
        }
    }

    pub async fn rows(&mut self, sql: &str, params: &[Value]) -> Result<Vec<Row>> {
        use futures_util::TryStreamExt;
        let query = sqlx::query_with(AssertSqlSafe(sql.to_owned()), arguments(params)?);
        let mut found = query.fetch(self.get());
        let mut columns: Option<Arc<[String]>> = None;
        let mut rows = Vec::new();
        while let Some(row) = found.try_next().await? {
            let columns =
                columns.get_or_insert_with(|| row.columns().iter().map(|column| column.name().to_owned()).collect());
            let values = (0..columns.len()).map(|index| value_of(&row, index));
            rows.push(Row::new(columns.clone(), values.collect::<Result<_>>()?));
            if rows.len() > ROWS_LIMIT {
                return Err(Error::TooManyRows(ROWS_LIMIT));
            }
        }
        Ok(rows)
    }

    pub async fn execute(&mut self, sql: &str, params: &[Value]) -> Result<u64> {
        let query = sqlx::query_with(AssertSqlSafe(sql.to_owned()), arguments(params)?);
        Ok(query.execute(self.get()).await?.rows_affected())
    }

    /// For migrations: several statements, and as much time as they need.
    pub async fn batch(&mut self, sql: &str) -> Result<()> {
        let sql = format!("SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = 0; {sql}");
        sqlx::raw_sql(AssertSqlSafe(sql)).execute(self.get()).await?;
        Ok(())
    }

    pub async fn commit(self) -> Result<()> {
        match self {
            Connection::Plain(_) => Err(Error::Unexpected("a reader has nothing to commit".into())),
            Connection::InTransaction(transaction) => Ok(transaction.commit().await?),
        }
    }

    pub async fn roll_back(self) -> Result<()> {
        match self {
            Connection::Plain(_) => Ok(()),
            Connection::InTransaction(transaction) => Ok(transaction.rollback().await?),
        }
    }
}

/// A `NULL` whose type the server finds out.
struct Null;

impl sqlx::Type<Postgres> for Null {
    fn type_info() -> PgTypeInfo {
        // 0 stands for "not said" in the protocol's Parse message.
        PgTypeInfo::with_oid(Oid(0))
    }
}

impl sqlx::Encode<'_, Postgres> for Null {
    fn encode_by_ref(&self, _: &mut PgArgumentBuffer) -> Result<IsNull, BoxDynError> {
        Ok(IsNull::Yes)
    }
}

fn arguments(params: &[Value]) -> Result<PgArguments> {
    let mut arguments = PgArguments::default();
    for value in params {
        match value {
            Value::Null => arguments.add(Null),
            Value::Bool(it) => arguments.add(*it),
            Value::Int(it) => arguments.add(*it),
            Value::Real(it) => arguments.add(*it),
            Value::Text(it) => arguments.add(it),
            Value::Uuid(it) => arguments.add(*it),
            Value::Time(it) => arguments.add(it.to_chrono()),
            Value::Json(it) => arguments.add(it),
            Value::JsonText(it) => match RawValue::from_string(it.clone()) {
                Ok(it) => arguments.add(Json(it)),
                Err(error) => Err(error.into()),
            },
        }
        .map_err(Error::Unexpected)?;
    }
    Ok(arguments)
}

fn value_of(row: &PgRow, index: usize) -> Result<Value> {
    let raw = row.try_get_raw(index)?;
    if raw.is_null() {
        return Ok(Value::Null);
    }
    let name = raw.type_info().name().to_owned();
    Ok(match name.as_str() {
        "BOOL" => Value::Bool(row.try_get(index)?),
        "INT8" => Value::Int(row.try_get(index)?),
        "INT4" => Value::Int(row.try_get::<i32, _>(index)?.into()),
        "FLOAT8" => Value::Real(row.try_get(index)?),
        "TEXT" | "VARCHAR" | "NAME" => Value::Text(row.try_get(index)?),
        "UUID" => Value::Uuid(row.try_get(index)?),
        "TIMESTAMPTZ" => Value::Time(Timestamp::from(row.try_get::<chrono::DateTime<chrono::Utc>, _>(index)?)),
        "JSONB" => Value::Json(row.try_get(index)?),
        other => return Err(Error::Unexpected(format!("no column is of type {other}").into())),
    })
}
