//! The queue's SQL.

use std::collections::BTreeMap;
use std::time::Duration;

use rampart_kernel::{RequestId, Timestamp, WorkspaceId};
use rampart_store::{Dialect, Migration, Past, Reader, Result, Row, Sql, Tx, params};
use serde_json::{Value, json};

use crate::model::{DeadLetter, Failure, JobFilter, JobId, JobInfo, QueueDepth, ScheduleInfo, Status, next_run};

/// The tables of the queue.
///
/// `lane` is the workspace, or nothing's: what fairness turns between. `attempts` is also the fence: it grows with every claim.
pub const MIGRATIONS: &[Migration] = &[QUEUE, PAUSED, OWN_TIMES, TRACES];

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

/// Errors of a job that are kept, the last ones.
const ERRORS_KEPT: usize = 10;

/// Lanes looked at in one claim. More wait for the next, which begins where this one ended.
const LANES: i64 = 64;

pub struct NewJob {
    pub queue: &'static str,
    pub kind: &'static str,
    pub payload: Value,
    pub max_attempts: u32,
    pub run_at: Timestamp,
    pub priority: i64,
    pub dedupe_key: Option<String>,
    pub exclusive_key: Option<String>,
}

/// Nothing when one with its key waits or runs already.
pub async fn insert(tx: &mut Tx, job: NewJob) -> Result<Option<JobId>> {
    let origin = tx.origin().clone();
    let id: JobId = origin.new_id();
    let lane = origin.workspace.map(|workspace| workspace.to_string()).unwrap_or_default();
    let added = tx
        .execute(
            "INSERT INTO jobs (id, queue, type, workspace_id, lane, payload, status, priority, max_attempts, run_at,
                dedupe_key, exclusive_key, errors, request_id, trace_context, created_at)
             VALUES ($1, $2, $3, $4, $5, $6, 'queued', $7, $8, $9, $10, $11, $12, $13, $14, $15)
             ON CONFLICT (dedupe_key) WHERE status IN ('queued', 'running') DO NOTHING",
            &params![
                id,
                job.queue,
                job.kind,
                origin.workspace,
                lane,
                job.payload,
                job.priority,
                job.max_attempts,
                job.run_at,
                job.dedupe_key,
                job.exclusive_key,
                json!([]),
                origin.request_id.as_str(),
                rampart_telemetry::here(),
                origin.now(),
            ],
        )
        .await?;
    Ok((added > 0).then_some(id))
}

/// A job in the hands of a worker.
#[derive(Clone, Debug)]
pub struct Claimed {
    pub id: JobId,
    pub kind: String,
    pub payload: Value,
    pub workspace: Option<WorkspaceId>,
    pub attempts: u32,
    pub max_attempts: u32,
    pub request_id: Option<RequestId>,
    pub trace_context: Option<String>,
    pub errors: Value,
}

/// Who claims, and for how long.
pub struct Claim<'a> {
    pub queue: &'static str,
    pub node: &'a str,
    pub free: usize,
    pub lease: Duration,
    /// The lane that was served last.
    pub after: &'a str,
}

/// Takes at most `free` jobs that are due, from the lanes in turns, and the lane that the next claim begins after.
pub async fn claim(tx: &mut Tx, claim: &Claim<'_>) -> Result<(Vec<Claimed>, String)> {
    let now = tx.origin().now();
    if tx.dialect() == Dialect::Postgres {
        // One claim of a queue at a time: which keys run must not change between looking and taking.
        tx.change("SELECT pg_advisory_xact_lock(hashtext($1))::text AS locked", &params![claim.queue]).await?;
    }
    let mut lanes = lanes(tx, claim.queue, now).await?;
    // Round robin: begin with the lanes behind the one that was served last.
    let start = lanes.iter().position(|lane| lane.as_str() > claim.after).unwrap_or(0);
    lanes.rotate_left(start);

    let mut claimed = Vec::new();
    let mut after = claim.after.to_owned();
    let mut keys: Vec<String> = Vec::new();
    for (index, lane) in lanes.iter().enumerate() {
        let free = claim.free - claimed.len();
        // What the lanes that follow leave free is anybody's.
        let share = free.div_ceil(lanes.len() - index);
        if share == 0 {
            break;
        }
        let ids = candidates(tx, claim.queue, lane, now, share, &mut keys).await?;
        if !ids.is_empty() {
            claimed.extend(take(tx, claim, now, &ids).await?);
            after.clone_from(lane);
        }
    }
    Ok((claimed, after))
}

/// The lanes with due jobs, found by leaps through the index: as many steps as there are lanes.
async fn lanes(reader: &mut Reader, queue: &str, now: Timestamp) -> Result<Vec<String>> {
    let rows = reader
        .list(
            "WITH RECURSIVE lanes (lane) AS (
                SELECT MIN(lane) FROM jobs WHERE queue = $1 AND status = 'queued' AND run_at <= $2
                    AND NOT EXISTS (SELECT 1 FROM paused_queues WHERE paused_queues.queue = $1)
                UNION ALL
                SELECT (SELECT MIN(jobs.lane) FROM jobs
                        WHERE jobs.queue = $1 AND jobs.status = 'queued' AND jobs.run_at <= $2 AND jobs.lane > lanes.lane)
                FROM lanes WHERE lanes.lane IS NOT NULL
             )
             SELECT lane FROM lanes WHERE lane IS NOT NULL LIMIT $3",
            &params![queue, now, LANES],
        )
        .await?;
    rows.iter().map(|row| row.get("lane")).collect()
}

/// At most `share` due jobs of a lane whose exclusive keys are free.
async fn candidates(
    tx: &mut Tx,
    queue: &str,
    lane: &str,
    now: Timestamp,
    share: usize,
    keys: &mut Vec<String>,
) -> Result<Vec<JobId>> {
    // Some more, as several may want the same key.
    let limit = i64::try_from(share.saturating_mul(2)).unwrap_or(i64::MAX).min(i64::from(u16::MAX));
    let mut sql = Sql::new("SELECT id, exclusive_key FROM jobs WHERE status = 'queued' AND queue = ").bind(queue);
    sql = sql.push(" AND lane = ").bind(lane).push(" AND run_at <= ").bind(now);
    sql = sql.push(
        " AND (exclusive_key IS NULL OR NOT EXISTS (
            SELECT 1 FROM jobs AS other WHERE other.status = 'running' AND other.exclusive_key = jobs.exclusive_key))
          ORDER BY priority DESC, run_at, id LIMIT ",
    );
    sql = sql.bind(limit);
    if tx.dialect() == Dialect::Postgres {
        sql = sql.push(" FOR UPDATE SKIP LOCKED");
    }
    let mut ids = Vec::new();
    for row in tx.change(sql.text(), sql.params()).await? {
        if ids.len() == share {
            break;
        }
        if let Some(key) = row.get::<Option<String>>("exclusive_key")? {
            if keys.contains(&key) {
                continue;
            }
            keys.push(key);
        }
        ids.push(row.get("id")?);
    }
    Ok(ids)
}

async fn take(tx: &mut Tx, claim: &Claim<'_>, now: Timestamp, ids: &[JobId]) -> Result<Vec<Claimed>> {
    let sql = Sql::new("UPDATE jobs SET status = 'running', attempts = attempts + 1, leased_by = ")
        .bind(claim.node)
        .push(", lease_until = ")
        .bind(now + claim.lease)
        .push(", started_at = ")
        .bind(now)
        .push(" WHERE status = 'queued' AND id IN (")
        .bind_all(ids.iter().copied())
        .push(") RETURNING ")
        .push(CLAIMED);
    let rows = tx.change(sql.text(), sql.params()).await?;
    let mut claimed = rows.iter().map(read_claimed).collect::<Result<Vec<_>>>()?;
    // RETURNING has no order.
    claimed.sort_by_key(|job| ids.iter().position(|id| *id == job.id));
    Ok(claimed)
}

fn read_claimed(row: &Row) -> Result<Claimed> {
    Ok(Claimed {
        id: row.get("id")?,
        kind: row.get("type")?,
        payload: row.get("payload")?,
        workspace: row.get("workspace_id")?,
        attempts: row.get("attempts")?,
        max_attempts: row.get("max_attempts")?,
        request_id: RequestId::parse(&row.get::<String>("request_id")?),
        trace_context: row.get("trace_context")?,
        errors: row.get("errors")?,
    })
}

/// Of a [`Claimed`].
const CLAIMED: &str = "id, type, payload, workspace_id, attempts, max_attempts, request_id, trace_context, errors";

/// Records that these are done. Only claims that are still current count: ` (id, attempts)` of this node.
pub async fn complete(tx: &mut Tx, node: &str, jobs: &[(JobId, u32)]) -> Result<u64> {
    if jobs.is_empty() {
        return Ok(0);
    }
    let now = tx.origin().now();
    let mut sql = Sql::new("UPDATE jobs SET status = 'completed', lease_until = NULL, finished_at = ").bind(now);
    sql = sql.push(" WHERE status = 'running' AND leased_by = ").bind(node).push(" AND (id, attempts) IN (VALUES ");
    for (index, (id, attempts)) in jobs.iter().enumerate() {
        sql = sql.push(if index == 0 { "(" } else { ", (" }).bind(*id).push(", ").bind(*attempts).push(")");
    }
    sql = sql.push(")");
    tx.execute(sql.text(), sql.params()).await
}

/// Records a failure: the job runs again later, or is put with the dead letters. Whether the claim was still current, and whether
/// the job is dead.
pub async fn fail(tx: &mut Tx, node: &str, job: &Claimed, failure: &Failure) -> Result<(bool, bool)> {
    let origin = tx.origin().clone();
    let message = failure.message();
    let errors = with_error(&job.errors, &message, origin.now());
    let again = next_run(failure, job.attempts, job.max_attempts, &origin);
    let status = if again.is_some() { Status::Queued } else { Status::Dead };
    let changed = tx
        .execute(
            // `attempts` is the fence, and only grows: a try that does not count is one more that is allowed.
            "UPDATE jobs SET status = $4, run_at = $5, lease_until = NULL, leased_by = NULL, last_error = $6, errors = $7,
                finished_at = $8, max_attempts = max_attempts + $9
             WHERE id = $1 AND attempts = $2 AND leased_by = $3 AND status = 'running'",
            &params![
                job.id,
                job.attempts,
                node,
                status,
                again.unwrap_or(origin.now()),
                &message,
                errors.clone(),
                again.is_none().then(|| origin.now()),
                i64::from(failure.gives_back()),
            ],
        )
        .await?;
    if changed > 0 && again.is_none() {
        bury(tx, job.id, &message, &errors).await?;
    }
    Ok((changed > 0, again.is_none()))
}

async fn bury(tx: &mut Tx, id: JobId, message: &str, errors: &Value) -> Result<()> {
    let now = tx.origin().now();
    tx.execute(
        "INSERT INTO dead_letters (job_id, queue, type, payload, attempts, error, error_history, failed_at)
         SELECT id, queue, type, payload, attempts, $2, $3, $4 FROM jobs WHERE id = $1
         ON CONFLICT (job_id) DO UPDATE SET attempts = excluded.attempts, error = excluded.error,
            error_history = excluded.error_history, failed_at = excluded.failed_at",
        &params![id, message, errors.clone(), now],
    )
    .await?;
    Ok(())
}

fn with_error(errors: &Value, message: &str, now: Timestamp) -> Value {
    let mut errors = errors.as_array().cloned().unwrap_or_default();
    errors.push(json!({ "at": now, "error": message }));
    let surplus = errors.len().saturating_sub(ERRORS_KEPT);
    Value::Array(errors.split_off(surplus))
}

/// Gives back what was claimed and not finished, as if it had not been claimed.
pub async fn release(tx: &mut Tx, node: &str, job: &Claimed) -> Result<()> {
    tx.execute(
        "UPDATE jobs SET status = 'queued', attempts = attempts - 1, lease_until = NULL, leased_by = NULL
         WHERE id = $1 AND attempts = $2 AND leased_by = $3 AND status = 'running'",
        &params![job.id, job.attempts, node],
    )
    .await?;
    Ok(())
}

/// Renews leases; those that are no longer held are missing from the answer.
pub async fn renew(tx: &mut Tx, node: &str, until: Timestamp, jobs: &[(JobId, u32)]) -> Result<Vec<JobId>> {
    let mut sql = Sql::new("UPDATE jobs SET lease_until = ").bind(until);
    sql = sql.push(" WHERE status = 'running' AND leased_by = ").bind(node).push(" AND (id, attempts) IN (VALUES ");
    for (index, (id, attempts)) in jobs.iter().enumerate() {
        sql = sql.push(if index == 0 { "(" } else { ", (" }).bind(*id).push(", ").bind(*attempts).push(")");
    }
    sql = sql.push(") RETURNING id");
    let rows = tx.change(sql.text(), sql.params()).await?;
    rows.iter().map(|row| row.get("id")).collect()
}

/// As if all leases had run out.
pub async fn end_claims(tx: &mut Tx) -> Result<u64> {
    let now = tx.origin().now();
    tx.execute("UPDATE jobs SET lease_until = $1 WHERE status = 'running'", &params![now - Duration::from_millis(1)])
        .await
}

/// Jobs whose worker fell silent run again, or are dead when that was their last attempt. At most `limit`; how many.
pub async fn reap(tx: &mut Tx, limit: i64) -> Result<u64> {
    let origin = tx.origin().clone();
    let message = "the worker fell silent";
    let mut sql = format!(
        "SELECT {CLAIMED} FROM jobs WHERE status = 'running' AND lease_until < $1 ORDER BY lease_until LIMIT $2"
    );
    if tx.dialect() == Dialect::Postgres {
        sql += " FOR UPDATE SKIP LOCKED";
    }
    let rows = tx.change(&sql, &params![origin.now(), limit]).await?;
    for row in &rows {
        let job = read_claimed(row)?;
        let errors = with_error(&job.errors, message, origin.now());
        let dead = job.attempts >= job.max_attempts;
        let status = if dead { Status::Dead } else { Status::Queued };
        tx.execute(
            "UPDATE jobs SET status = $2, run_at = $3, lease_until = NULL, leased_by = NULL, last_error = $4, errors = $5
             WHERE id = $1",
            &params![job.id, status, origin.now(), message, errors.clone()],
        )
        .await?;
        if dead {
            bury(tx, job.id, message, &errors).await?;
        }
    }
    Ok(rows.len() as u64)
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
