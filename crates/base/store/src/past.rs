//! Removal of what is past: sessions that ended, jobs that are done, messages nobody will send.

use rampart_kernel::{Origin, Timestamp};

use crate::{Result, Store, params};

/// Rows removed in one transaction: on SQLite others wait for the writer meanwhile.
const BATCH: u32 = 500;

/// Rows of a table that are not needed once a time of theirs lies far enough back.
///
/// ```
/// use rampart_store::Past;
///
/// pub const DONE: Past = Past::of("jobs", "finished_at").only("status IN ('completed', 'cancelled')");
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Past {
    table: &'static str,
    key: &'static str,
    time: &'static str,
    only: &'static str,
}

impl Past {
    /// The rows of a table with an `id`, by this column of theirs, which needs an index. Rows without the time stay.
    pub const fn of(table: &'static str, time: &'static str) -> Past {
        Past { table, key: "id", time, only: "TRUE" }
    }

    /// Where rows are told apart by something else than an `id`.
    #[must_use]
    pub const fn keyed(self, key: &'static str) -> Past {
        Past { key, ..self }
    }

    /// Only those of which this holds as well.
    #[must_use]
    pub const fn only(self, condition: &'static str) -> Past {
        Past { only: condition, ..self }
    }

    fn statement(&self) -> String {
        let Past { table, key, time, only } = self;
        format!(
            "DELETE FROM {table} WHERE {key} IN
                (SELECT {key} FROM {table} WHERE {time} <= $1 AND {only} ORDER BY {time} LIMIT $2)"
        )
    }
}

impl Store {
    /// Removes what lies at or before `until`, in transactions of a few hundred rows; how many rows.
    ///
    /// # Errors
    /// As the database answers. What was removed until then stays removed.
    pub async fn remove_past(&self, origin: &Origin, past: &Past, until: Timestamp) -> Result<u64> {
        let statement = past.statement();
        let mut removed = 0;
        loop {
            let mut tx = self.begin(origin).await?;
            let batch = tx.execute(&statement, &params![until, BATCH]).await?;
            tx.commit().await?;
            removed += batch;
            if batch < u64::from(BATCH) {
                return Ok(removed);
            }
        }
    }
}
