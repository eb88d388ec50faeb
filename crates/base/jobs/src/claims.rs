//! The SQL of claims: who works on what, and what came of it. Each statement is for any number of jobs.

use std::collections::HashSet;
use std::time::Duration;

use rampart_kernel::{RequestId, Timestamp, WorkspaceId};
use rampart_store::{Dialect, Reader, Result, Row, Sql, Tx, params};
use serde_json::{Value, json};

use crate::model::{JobId, Status};

/// Errors of a job that are kept, the last ones.
const ERRORS_KEPT: usize = 10;

/// Jobs of one lane that are looked at in one claim.
const MOST_OF_LANE: usize = 256;

/// Lanes looked at in one claim. More wait for the next, which begins where this one ended.
const LANES: i64 = 64;

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

impl Claimed {
    pub fn fence(&self) -> Fence {
        Fence { job: self.id, attempts: self.attempts }
    }
}

/// Who claims, and for how long.
pub struct Claim<'a> {
    pub queue: &'static str,
    pub node: &'a str,
    pub free: usize,
    /// Of these, how many begin at once.
    pub places: usize,
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
    let (ids, after) = choose(candidates(tx, claim, now, &lanes).await?, claim.free, claim.places);
    if ids.is_empty() {
        return Ok((Vec::new(), claim.after.to_owned()));
    }
    Ok((take(tx, claim, now, &ids).await?, lanes.swap_remove(after)))
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

/// A due job whose key no running job has.
struct Candidate {
    id: JobId,
    key: Option<String>,
    was_tried: bool,
}

/// Of each lane the first that are due: some more than its share, as several may want the same key.
async fn candidates(tx: &mut Tx, claim: &Claim<'_>, now: Timestamp, lanes: &[String]) -> Result<Vec<Vec<Candidate>>> {
    let mut found: Vec<Vec<Candidate>> = lanes.iter().map(|_| Vec::new()).collect();
    if lanes.is_empty() {
        return Ok(found);
    }
    let limit = claim.free.div_ceil(lanes.len()).saturating_mul(2).min(MOST_OF_LANE) as i64;
    let mut sql = Sql::new("SELECT * FROM (");
    for (turn, lane) in lanes.iter().enumerate() {
        sql = sql.push(if turn == 0 { "" } else { " UNION ALL " }).push("SELECT * FROM (SELECT ").bind(turn as i64);
        sql = sql.push(
            " AS turn, id, exclusive_key, attempts, priority, run_at FROM jobs WHERE status = 'queued' AND queue = ",
        );
        sql = sql.bind(claim.queue).push(" AND lane = ").bind(lane).push(" AND run_at <= ").bind(now);
        sql = sql.push(
            " AND (exclusive_key IS NULL OR NOT EXISTS (
                SELECT 1 FROM jobs AS other WHERE other.status = 'running' AND other.exclusive_key = jobs.exclusive_key))
              ORDER BY priority DESC, run_at, id LIMIT ",
        );
        sql = sql.bind(limit).push(") AS of_lane");
    }
    let sql = sql.push(") AS due ORDER BY turn, priority DESC, run_at, id");
    for row in tx.change(sql.text(), sql.params()).await? {
        let turn = usize::try_from(row.get::<i64>("turn")?).unwrap_or(0);
        found[turn].push(Candidate {
            id: row.get("id")?,
            key: row.get("exclusive_key")?,
            was_tried: row.get::<i64>("attempts")? > 0,
        });
    }
    Ok(found)
}

/// At most `free` of them, of each key one, from every lane its share; and which lane was the last that something was taken from.
///
/// What was tried before begins at once or waits: beside a job that ends its process each time, others would lose one try after the
/// other without ever having begun.
fn choose(lanes: Vec<Vec<Candidate>>, free: usize, places: usize) -> (Vec<JobId>, usize) {
    let (mut ids, mut keys, mut last) = (Vec::new(), HashSet::new(), 0);
    let count = lanes.len();
    for (turn, lane) in lanes.into_iter().enumerate() {
        // What the lanes that follow leave free is anybody's.
        let end = ids.len() + (free - ids.len()).div_ceil(count - turn);
        for Candidate { id, key, was_tried } in lane {
            if ids.len() == end {
                break;
            }
            if !(was_tried && ids.len() >= places) && key.is_none_or(|key| keys.insert(key)) {
                ids.push(id);
                last = turn;
            }
        }
    }
    (ids, last)
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

/// A claim, and who has it: what is said of a job counts only while that claim is current.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Fence {
    pub job: JobId,
    pub attempts: u32,
}

/// Records that these are done; those of them whose claim was current.
pub async fn complete(tx: &mut Tx, node: &str, done: &[Fence]) -> Result<HashSet<JobId>> {
    let now = tx.origin().now();
    let rows: Vec<_> = done.iter().map(|fence| params![fence.job, fence.attempts, node, now]).collect();
    let sql = "WITH given (job, attempt, node, at) AS (VALUES {rows})
        UPDATE jobs SET status = 'completed', lease_until = NULL, finished_at = given.at FROM given
        WHERE jobs.id = given.job AND jobs.attempts = given.attempt AND jobs.leased_by = given.node AND jobs.status = 'running'
        RETURNING jobs.id";
    ids(&tx.change_all(sql, &rows).await?)
}

fn ids(rows: &[Row]) -> Result<HashSet<JobId>> {
    rows.iter().map(|row| row.get("id")).collect()
}

/// A claim that came to nothing.
pub struct Failed<'a> {
    pub job: &'a Claimed,
    pub node: &'a str,
    pub message: &'a str,
    /// When it runs again; when never, it is put with the dead letters.
    pub again: Option<Timestamp>,
    /// Whether the try does not count.
    pub gives_back: bool,
}

/// Records failures; those of them whose claim was current.
pub async fn fail(tx: &mut Tx, failed: &[Failed<'_>]) -> Result<HashSet<JobId>> {
    let now = tx.origin().now();
    let mut rows = Vec::with_capacity(failed.len());
    for Failed { job, node, message, again, gives_back } in failed {
        let status = if again.is_some() { Status::Queued } else { Status::Dead };
        let (errors, back) = (with_error(&job.errors, message, now), i64::from(*gives_back));
        rows.push(params![job.id, job.attempts, *node, status, again.unwrap_or(now), *message, errors, back, now]);
    }
    // `attempts` is the fence, and only grows: a try that does not count is one more that is allowed.
    let sql = "WITH given (job, attempt, node, state, again_at, message, history, back, at) AS (VALUES {rows})
        UPDATE jobs SET status = given.state, run_at = given.again_at, lease_until = NULL, leased_by = NULL,
            last_error = given.message, errors = given.history, max_attempts = max_attempts + given.back,
            finished_at = CASE WHEN given.state = 'dead' THEN given.at END
        FROM given
        WHERE jobs.id = given.job AND jobs.attempts = given.attempt AND jobs.leased_by = given.node AND jobs.status = 'running'
        RETURNING jobs.id";
    let current = ids(&tx.change_all(sql, &rows).await?)?;
    let dead = failed.iter().filter(|it| it.again.is_none() && current.contains(&it.job.id)).map(|it| it.job.id);
    bury(tx, dead.collect()).await?;
    Ok(current)
}

async fn bury(tx: &mut Tx, dead: Vec<JobId>) -> Result<()> {
    if dead.is_empty() {
        return Ok(());
    }
    let now = tx.origin().now();
    let sql =
        Sql::new("INSERT INTO dead_letters (job_id, queue, type, payload, attempts, error, error_history, failed_at)");
    let sql = sql.push(" SELECT id, queue, type, payload, attempts, last_error, errors, ").bind(now);
    let sql = sql.push(" FROM jobs WHERE id IN (").bind_all(dead).push(
        ") ON CONFLICT (job_id) DO UPDATE SET attempts = excluded.attempts, error = excluded.error,
            error_history = excluded.error_history, failed_at = excluded.failed_at",
    );
    tx.execute(sql.text(), sql.params()).await.map(drop)
}

fn with_error(errors: &Value, message: &str, now: Timestamp) -> Value {
    let mut errors = errors.as_array().cloned().unwrap_or_default();
    errors.push(json!({ "at": now, "error": message }));
    let surplus = errors.len().saturating_sub(ERRORS_KEPT);
    Value::Array(errors.split_off(surplus))
}

/// Gives back what was claimed and not finished, as if it had not been claimed.
pub async fn release(tx: &mut Tx, node: &str, claims: &[Fence]) -> Result<()> {
    let rows: Vec<_> = claims.iter().map(|fence| params![fence.job, fence.attempts, node]).collect();
    let sql = "WITH given (job, attempt, node) AS (VALUES {rows})
        UPDATE jobs SET status = 'queued', attempts = attempts - 1, lease_until = NULL, leased_by = NULL FROM given
        WHERE jobs.id = given.job AND jobs.attempts = given.attempt AND jobs.leased_by = given.node AND jobs.status = 'running'";
    tx.change_all(sql, &rows).await.map(drop)
}

/// Renews leases; those of them that are still held.
pub async fn renew(tx: &mut Tx, node: &str, until: Timestamp, claims: &[Fence]) -> Result<HashSet<JobId>> {
    let rows: Vec<_> = claims.iter().map(|fence| params![fence.job, fence.attempts, node, until]).collect();
    let sql = "WITH given (job, attempt, node, until) AS (VALUES {rows})
        UPDATE jobs SET lease_until = given.until FROM given
        WHERE jobs.id = given.job AND jobs.attempts = given.attempt AND jobs.leased_by = given.node AND jobs.status = 'running'
        RETURNING jobs.id";
    ids(&tx.change_all(sql, &rows).await?)
}

/// As if all leases had run out.
pub async fn end_claims(tx: &mut Tx) -> Result<u64> {
    let now = tx.origin().now();
    tx.execute("UPDATE jobs SET lease_until = $1 WHERE status = 'running'", &params![now - Duration::from_millis(1)])
        .await
}

/// Jobs whose worker fell silent run again, or are dead when that was their last attempt. At most `limit`; how many.
pub async fn reap(tx: &mut Tx, limit: i64) -> Result<u64> {
    let now = tx.origin().now();
    let mut sql = format!(
        "SELECT {CLAIMED}, leased_by FROM jobs WHERE status = 'running' AND lease_until < $1 ORDER BY lease_until LIMIT $2"
    );
    if tx.dialect() == Dialect::Postgres {
        sql += " FOR UPDATE SKIP LOCKED";
    }
    let rows = tx.change(&sql, &params![now, limit]).await?;
    let silent: Vec<(Claimed, String)> =
        rows.iter().map(|row| Ok((read_claimed(row)?, row.get("leased_by")?))).collect::<Result<_>>()?;
    let failed = silent.iter().map(|(job, node)| {
        let again = (job.attempts < job.max_attempts).then_some(now);
        Failed { job, node, message: "the worker fell silent", again, gives_back: false }
    });
    fail(tx, &failed.collect::<Vec<_>>()).await?;
    Ok(rows.len() as u64)
}

#[cfg(test)]
mod tests {
    use rampart_kernel::Id;
    use rampart_kernel::uuid::Uuid;

    use super::*;

    fn candidate(id: u128, was_tried: bool) -> Candidate {
        Candidate { id: JobId::from_uuid(Uuid::from_u128(id)), key: None, was_tried }
    }

    fn chosen(lanes: Vec<Vec<Candidate>>, free: usize, places: usize) -> Vec<u128> {
        choose(lanes, free, places).0.into_iter().map(|id| id.uuid().as_u128()).collect()
    }

    #[test]
    fn what_was_tried_before_is_not_claimed_ahead() {
        let lane = || vec![candidate(1, true), candidate(2, true), candidate(3, false), candidate(4, true)];
        assert_eq!(chosen(vec![lane()], 4, 4), [1, 2, 3, 4]);
        assert_eq!(chosen(vec![lane()], 4, 1), [1, 3]);
        assert_eq!(chosen(vec![lane(), vec![candidate(5, true), candidate(6, false)]], 4, 2), [1, 2, 6]);
    }
}
