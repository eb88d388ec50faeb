//! The queue's SQL, but for claims.

use std::collections::{BTreeMap, HashSet};

use rampart_kernel::{Origin, Timestamp};
use rampart_store::{Migration, Past, Reader, Result, Row, Sql, Tx, params};
use serde_json::{Value, json};

use crate::model::{DeadLetter, JobFilter, JobId, JobInfo, QueueDepth, ScheduleInfo, Status};

/// The tables of the queue.
///
/// `lane` is the workspace, or nothing's: what fairness turns between. `attempts` is also the fence: it grows with every claim.
pub const MIGRATIONS: &[Migration] = &[QUEUE, PAUSED, OWN_TIMES, TRACES, KEYS];

/// Most jobs have no key, and are begun and ended without the index of keys.
const KEYS: Migration = Migration::new(
    "jobs/0005-keys",
    "DROP INDEX jobs_exclusive;
    CREATE INDEX jobs_exclusive ON jobs (exclusive_key) WHERE status = 'running' AND exclusive_key IS NOT NULL",
);

/// The span that a job was added in, as `traceparent` has it, where requests are traced.
const TRACES: Migration = Migration::new("jobs/0004-traces", "ALTER TABLE jobs ADD COLUMN trace_context TEXT");

/// Times that an administrator chose in place of the program's.
const OWN_TIMES: Migration = Migration::new("jobs/0003-own-times", "ALTER TABLE schedules ADD COLUMN own_cron TEXT");

const PAUSED: Migration =
    Migration::new("jobs/0002-paused", "CREATE TABLE paused_queues (queue TEXT PRIMARY KEY, paused_at {ts} NOT NULL)");

const QUEUE: Migration = Migration::new(
    "jobs/0001-queue",
    "CREATE TABLE jobs (
        id {uuid} PRIMARY KEY,
        queue TEXT NOT NULL,
        type TEXT NOT NULL,
        workspace_id {uuid},
        lane TEXT NOT NULL,
        payload {json} NOT NULL,
        status TEXT NOT NULL,
        priority {int} NOT NULL DEFAULT 0,
        attempts {int} NOT NULL DEFAULT 0,
        max_attempts {int} NOT NULL,
        run_at {ts} NOT NULL,
        lease_until {ts},
        leased_by TEXT,
        dedupe_key TEXT,
        exclusive_key TEXT,
        started_at {ts},
        finished_at {ts},
        last_error TEXT,
        errors {json} NOT NULL,
        request_id TEXT NOT NULL,
        created_at {ts} NOT NULL
    );
    CREATE INDEX jobs_claim ON jobs (queue, lane, priority DESC, run_at, id) WHERE status = 'queued';
    CREATE INDEX jobs_due ON jobs (queue, run_at) WHERE status = 'queued';
    CREATE INDEX jobs_lease ON jobs (lease_until) WHERE status = 'running';
    CREATE INDEX jobs_exclusive ON jobs (exclusive_key) WHERE status = 'running';
    CREATE INDEX jobs_finished ON jobs (finished_at) WHERE status IN ('completed', 'cancelled');
    CREATE UNIQUE INDEX jobs_dedupe ON jobs (dedupe_key) WHERE status IN ('queued', 'running');
    CREATE TABLE dead_letters (
        job_id {uuid} PRIMARY KEY REFERENCES jobs (id) ON DELETE CASCADE,
        queue TEXT NOT NULL,
        type TEXT NOT NULL,
        payload {json} NOT NULL,
        attempts {int} NOT NULL,
        error TEXT NOT NULL,
        error_history {json} NOT NULL,
        failed_at {ts} NOT NULL
    );
    CREATE INDEX dead_letters_queue ON dead_letters (queue, failed_at);
    CREATE TABLE schedules (
        name TEXT PRIMARY KEY,
        cron TEXT NOT NULL,
        timezone TEXT NOT NULL,
        enabled {bool} NOT NULL,
        last_run_at {ts},
        next_run_at {ts} NOT NULL
    )",
);

pub struct NewJob {
    /// Who caused it, and for which workspace.
    pub origin: Origin,
    pub queue: &'static str,
    pub kind: &'static str,
    pub payload: Value,
    pub max_attempts: u32,
    pub run_at: Timestamp,
    pub dedupe_key: Option<String>,
    pub exclusive_key: Option<String>,
}

/// Of each the id, and nothing when one with its key waits or runs already.
pub async fn insert(tx: &mut Tx, jobs: Vec<NewJob>) -> Result<Vec<Option<JobId>>> {
    let trace = rampart_telemetry::here();
    let mut ids: Vec<JobId> = Vec::with_capacity(jobs.len());
    let mut rows = Vec::with_capacity(jobs.len());
    for job in jobs {
        let origin = &job.origin;
        ids.push(origin.new_id());
        rows.push(params![
            ids[ids.len() - 1],
            job.queue,
            job.kind,
            origin.workspace,
            origin.workspace.map(|workspace| workspace.to_string()).unwrap_or_default(),
            job.payload,
            job.max_attempts,
            job.run_at,
            job.dedupe_key,
            job.exclusive_key,
            origin.request_id.as_str(),
            trace.clone(),
            origin.now(),
            Status::Queued,
            json!([]),
        ]);
    }
    let added = tx
        .change_all(
            "INSERT INTO jobs (id, queue, type, workspace_id, lane, payload, max_attempts, run_at, dedupe_key, exclusive_key,
                request_id, trace_context, created_at, status, errors)
             VALUES {rows} ON CONFLICT (dedupe_key) WHERE status IN ('queued', 'running') DO NOTHING RETURNING id",
            &rows,
        )
        .await?;
    let added: HashSet<JobId> = added.iter().map(|row| row.get("id")).collect::<Result<_>>()?;
    Ok(ids.into_iter().map(|id| added.contains(&id).then_some(id)).collect())
}

/// When the next job of a queue is due; nothing while it is paused.
pub async fn next_due(reader: &mut Reader, queue: &str) -> Result<Option<Timestamp>> {
    // Whether it is paused is asked before, and not of each job that waits.
    let sql = "SELECT (SELECT MIN(run_at) FROM jobs WHERE queue = $1 AND status = 'queued') AS due
               WHERE NOT EXISTS (SELECT 1 FROM paused_queues WHERE queue = $1)";
    match reader.find(sql, &params![queue]).await? {
        Some(row) => row.get("due"),
        None => Ok(None),
    }
}

pub async fn depth(reader: &mut Reader, queue: &str, now: Timestamp) -> Result<QueueDepth> {
    let row = reader
        .get(
            "SELECT
                (SELECT COUNT(*) FROM jobs WHERE queue = $1 AND status = 'queued' AND run_at <= $2) AS ready,
                (SELECT COUNT(*) FROM jobs WHERE queue = $1 AND status = 'queued' AND run_at > $2) AS delayed,
                (SELECT COUNT(*) FROM jobs WHERE queue = $1 AND status = 'running') AS running,
                (SELECT COUNT(*) FROM dead_letters WHERE queue = $1) AS dead,
                (SELECT MIN(run_at) FROM jobs WHERE queue = $1 AND status = 'queued' AND run_at <= $2) AS oldest,
                EXISTS (SELECT 1 FROM paused_queues WHERE queue = $1) AS paused",
            &params![queue, now],
        )
        .await?;
    let count = |column| row.get::<i64>(column).map(|count| u64::try_from(count).unwrap_or(0));
    Ok(QueueDepth {
        ready: count("ready")?,
        delayed: count("delayed")?,
        running: count("running")?,
        dead: count("dead")?,
        oldest: row.get::<Option<Timestamp>>("oldest")?.map(|oldest| now.since(oldest)),
        paused: row.get("paused")?,
    })
}

pub async fn find(reader: &mut Reader, id: JobId) -> Result<Option<JobInfo>> {
    let row = reader.find("SELECT * FROM jobs WHERE id = $1", &params![id]).await?;
    row.as_ref().map(read_info).transpose()
}

/// Newest first. Ids are ordered by their time, so a page begins where the last one ended however many are added.
pub async fn list(reader: &mut Reader, filter: &JobFilter, limit: u32) -> Result<Vec<JobInfo>> {
    let mut sql = Sql::new("SELECT * FROM jobs WHERE attempts >= ").bind(0_i64);
    if let Some(queue) = &filter.queue {
        sql = sql.push(" AND queue = ").bind(queue);
    }
    if let Some(status) = filter.status {
        sql = sql.push(" AND status = ").bind(status);
    }
    if let Some(kind) = &filter.kind {
        sql = sql.push(" AND type = ").bind(kind);
    }
    if let Some(after) = filter.after {
        sql = sql.push(" AND id < ").bind(after);
    }
    let sql = sql.push(" ORDER BY id DESC LIMIT ").bind(limit);
    reader.list(sql.text(), sql.params()).await?.iter().map(read_info).collect()
}

/// Each part is answered from the index of its own.
pub async fn depths(reader: &mut Reader, now: Timestamp) -> Result<BTreeMap<String, QueueDepth>> {
    let mut depths = BTreeMap::<String, QueueDepth>::new();
    let number = |row: &Row, column| row.get::<i64>(column).map(|count| u64::try_from(count).unwrap_or(0));
    let waiting = "SELECT queue, SUM(CASE WHEN run_at <= $1 THEN 1 ELSE 0 END) AS ready, COUNT(*) AS waiting,
        MIN(run_at) AS oldest FROM jobs WHERE status = 'queued' GROUP BY queue ORDER BY queue LIMIT 1000";
    for row in reader.list(waiting, &params![now]).await? {
        let depth = depths.entry(row.get("queue")?).or_default();
        depth.ready = number(&row, "ready")?;
        depth.delayed = number(&row, "waiting")? - depth.ready;
        depth.oldest = (depth.ready > 0).then_some(now.since(row.get("oldest")?));
    }
    let running = "SELECT queue, COUNT(*) AS running FROM jobs WHERE status = 'running'
        GROUP BY queue ORDER BY queue LIMIT 1000";
    for row in reader.list(running, &[]).await? {
        depths.entry(row.get("queue")?).or_default().running = number(&row, "running")?;
    }
    let dead = "SELECT queue, COUNT(*) AS dead FROM dead_letters GROUP BY queue ORDER BY queue LIMIT 1000";
    for row in reader.list(dead, &[]).await? {
        depths.entry(row.get("queue")?).or_default().dead = number(&row, "dead")?;
    }
    for row in reader.list("SELECT queue FROM paused_queues ORDER BY queue LIMIT 1000", &[]).await? {
        depths.entry(row.get("queue")?).or_default().paused = true;
    }
    Ok(depths)
}

/// From now on nothing of the queue is begun, by no process; whether that is new.
pub async fn pause(tx: &mut Tx, queue: &str) -> Result<bool> {
    let sql = "INSERT INTO paused_queues (queue, paused_at) VALUES ($1, $2) ON CONFLICT (queue) DO NOTHING";
    let now = tx.origin().now();
    Ok(tx.execute(sql, &params![queue, now]).await? > 0)
}

/// Whether it was paused.
pub async fn resume(tx: &mut Tx, queue: &str) -> Result<bool> {
    Ok(tx.execute("DELETE FROM paused_queues WHERE queue = $1", &params![queue]).await? > 0)
}

pub async fn count_dead_letters(reader: &mut Reader, queue: Option<&str>) -> Result<u64> {
    let mut sql = Sql::new("SELECT COUNT(*) AS count FROM dead_letters");
    if let Some(queue) = queue {
        sql = sql.push(" WHERE queue = ").bind(queue);
    }
    Ok(u64::try_from(reader.get(sql.text(), sql.params()).await?.get::<i64>("count")?).unwrap_or(0))
}

pub async fn schedules(reader: &mut Reader) -> Result<Vec<ScheduleInfo>> {
    let rows = reader.list("SELECT * FROM schedules ORDER BY name LIMIT 1000", &[]).await?;
    rows.iter().map(read_schedule).collect()
}

fn read_schedule(row: &Row) -> Result<ScheduleInfo> {
    Ok(ScheduleInfo {
        name: row.get("name")?,
        cron: row.get("cron")?,
        own_cron: row.get("own_cron")?,
        timezone: row.get("timezone")?,
        enabled: row.get("enabled")?,
        last_run_at: row.get("last_run_at")?,
        next_run_at: row.get("next_run_at")?,
    })
}

pub async fn find_schedule(tx: &mut Tx, name: &str) -> Result<Option<ScheduleInfo>> {
    tx.find("SELECT * FROM schedules WHERE name = $1", &params![name]).await?.as_ref().map(read_schedule).transpose()
}

pub async fn save_schedule(tx: &mut Tx, schedule: &ScheduleInfo) -> Result<()> {
    let ScheduleInfo { name, own_cron, enabled, next_run_at, .. } = schedule;
    let sql = "UPDATE schedules SET enabled = $2, own_cron = $3, next_run_at = $4 WHERE name = $1";
    tx.execute(sql, &params![name, *enabled, own_cron.clone(), *next_run_at]).await.map(drop)
}

fn read_info(row: &Row) -> Result<JobInfo> {
    Ok(JobInfo {
        id: row.get("id")?,
        queue: row.get("queue")?,
        kind: row.get("type")?,
        workspace: row.get("workspace_id")?,
        status: row.get("status")?,
        attempts: row.get("attempts")?,
        max_attempts: row.get("max_attempts")?,
        run_at: row.get("run_at")?,
        started_at: row.get("started_at")?,
        finished_at: row.get("finished_at")?,
        last_error: row.get("last_error")?,
        request_id: row.get("request_id")?,
    })
}

/// Newest first.
pub async fn dead_letters(
    reader: &mut Reader,
    queue: Option<&str>,
    limit: u32,
    offset: u32,
) -> Result<Vec<DeadLetter>> {
    let mut sql = Sql::new("SELECT job_id, queue, type, attempts, error, error_history, failed_at FROM dead_letters");
    if let Some(queue) = queue {
        sql = sql.push(" WHERE queue = ").bind(queue);
    }
    sql = sql.push(" ORDER BY failed_at DESC, job_id LIMIT ").bind(limit).push(" OFFSET ").bind(offset);
    let read = |row: &Row| -> Result<DeadLetter> {
        Ok(DeadLetter {
            job: row.get("job_id")?,
            queue: row.get("queue")?,
            kind: row.get("type")?,
            attempts: row.get("attempts")?,
            error: row.get("error")?,
            errors: row.get("error_history")?,
            failed_at: row.get("failed_at")?,
        })
    };
    reader.list(sql.text(), sql.params()).await?.iter().map(read).collect()
}

/// Puts a dead job back, with all its attempts before it; its queue. Nothing when it is not dead, or one like it waits already.
pub async fn requeue(tx: &mut Tx, id: JobId) -> Result<Option<String>> {
    let now = tx.origin().now();
    let rows = tx
        .change(
            "UPDATE jobs SET status = 'queued', attempts = 0, run_at = $2, finished_at = NULL
             WHERE id = $1 AND status = 'dead' AND NOT EXISTS (
                SELECT 1 FROM jobs AS other
                WHERE other.dedupe_key = jobs.dedupe_key AND other.status IN ('queued', 'running'))
             RETURNING queue",
            &params![id, now],
        )
        .await?;
    if rows.is_empty() {
        return Ok(None);
    }
    tx.execute("DELETE FROM dead_letters WHERE job_id = $1", &params![id]).await?;
    rows[0].get("queue").map(Some)
}

/// Puts dead jobs back, of one queue or of all, the longest dead first; how many of each queue. Of those that are alike only the newest,
/// and none that is like one that waits already.
pub async fn requeue_all(tx: &mut Tx, queue: Option<&str>, most: u32) -> Result<BTreeMap<String, u64>> {
    let mut sql = Sql::new("UPDATE jobs SET status = 'queued', attempts = 0, finished_at = NULL, run_at = ");
    sql = sql.bind(tx.origin().now()).push(
        " WHERE id IN (
            SELECT dead.id FROM dead_letters JOIN jobs AS dead ON dead.id = dead_letters.job_id
            WHERE dead.status = 'dead' AND NOT EXISTS (
                SELECT 1 FROM jobs AS other WHERE other.dedupe_key = dead.dedupe_key AND (
                    other.status IN ('queued', 'running') OR other.status = 'dead' AND other.id > dead.id))",
    );
    if let Some(queue) = queue {
        sql = sql.push(" AND dead_letters.queue = ").bind(queue);
    }
    sql = sql.push(" ORDER BY dead_letters.failed_at, dead.id LIMIT ").bind(most).push(") RETURNING id, queue");
    let rows = tx.change(sql.text(), sql.params()).await?;
    let mut queues = BTreeMap::new();
    let mut ids: Vec<JobId> = Vec::with_capacity(rows.len());
    for row in &rows {
        *queues.entry(row.get("queue")?).or_default() += 1;
        ids.push(row.get("id")?);
    }
    if !ids.is_empty() {
        let sql = Sql::new("DELETE FROM dead_letters WHERE job_id IN (").bind_all(ids).push(")");
        tx.execute(sql.text(), sql.params()).await?;
    }
    Ok(queues)
}

/// Removes a dead job for good.
pub async fn discard(tx: &mut Tx, id: JobId) -> Result<bool> {
    tx.execute("DELETE FROM dead_letters WHERE job_id = $1", &params![id]).await?;
    Ok(tx.execute("DELETE FROM jobs WHERE id = $1 AND status = 'dead'", &params![id]).await? > 0)
}

/// Ends a job that waits or runs; the worker that runs it finds that its lease is gone.
pub async fn cancel(tx: &mut Tx, id: JobId) -> Result<bool> {
    let now = tx.origin().now();
    let changed = tx
        .execute(
            "UPDATE jobs SET status = 'cancelled', finished_at = $2, lease_until = NULL, leased_by = NULL
             WHERE id = $1 AND status IN ('queued', 'running')",
            &params![id, now],
        )
        .await?;
    Ok(changed > 0)
}

/// Jobs that ended well.
pub const ENDED: Past = Past::of("jobs", "finished_at").only("status IN ('completed', 'cancelled')");
