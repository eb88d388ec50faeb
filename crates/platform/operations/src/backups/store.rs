//! The SQL of backups.

use rampart_access::PlatformAdmin;
use rampart_kernel::{Timestamp, UserId};
use rampart_objects::Stored;
use rampart_store::{Migration, Reader, Result, Row, Tx, params};
use rampart_web::Page;

use super::model::{Backup, BackupId, Kind, Status};

pub const TABLES: Migration = Migration::new(
    "operations/0001-backups",
    "CREATE TABLE backups (
        id {uuid} PRIMARY KEY,
        kind TEXT NOT NULL CHECK (kind IN ('scheduled', 'manual')),
        status TEXT NOT NULL CHECK (status IN ('running', 'completed', 'verified', 'failed')),
        object_key TEXT,
        size_bytes {int} NOT NULL DEFAULT 0,
        sha256 TEXT,
        error TEXT,
        made_by {uuid} REFERENCES users (id) ON DELETE SET NULL,
        created_at {ts} NOT NULL,
        finished_at {ts}
    );
    CREATE INDEX backups_made ON backups (kind, status, created_at)",
);

/// More nightly ones than this there are not: some are kept.
const MOST_MADE: i64 = 1_000;

fn read(row: &Row) -> Result<Backup> {
    Ok(Backup {
        id: row.get("id")?,
        kind: row.get("kind")?,
        status: row.get("status")?,
        object: row.get("object_key")?,
        size_bytes: u64::try_from(row.get::<i64>("size_bytes")?).unwrap_or(0),
        sha256: row.get("sha256")?,
        error: row.get("error")?,
        created_at: row.get("created_at")?,
        finished_at: row.get("finished_at")?,
    })
}

/// The newest first; and how many there are.
pub async fn list(reader: &mut Reader, page: Page) -> Result<(Vec<Backup>, u64)> {
    let sql = "SELECT * FROM backups ORDER BY id DESC LIMIT $1 OFFSET $2";
    let rows = reader.list(sql, &params![page.limit, page.offset()]).await?;
    let total: i64 = reader.get("SELECT COUNT(*) AS count FROM backups", &[]).await?.get("count")?;
    Ok((rows.iter().map(read).collect::<Result<_>>()?, u64::try_from(total).unwrap_or(0)))
}

pub async fn get(reader: &mut Reader, id: BackupId) -> Result<Backup> {
    read(&reader.get("SELECT * FROM backups WHERE id = $1", &params![id]).await?)
}

pub async fn find(reader: &mut Reader, id: BackupId) -> Result<Option<Backup>> {
    reader.find("SELECT * FROM backups WHERE id = $1", &params![id]).await?.as_ref().map(read).transpose()
}

/// One that is about to be made.
pub async fn insert(tx: &mut Tx, id: BackupId, kind: Kind, made_by: Option<UserId>) -> Result<()> {
    let now = tx.origin().now();
    let sql = "INSERT INTO backups (id, kind, status, made_by, created_at) VALUES ($1, $2, $3, $4, $5)";
    tx.execute(sql, &params![id, kind, Status::Running, made_by, now]).await.map(drop)
}

/// It is made once more.
pub async fn begin_again(tx: &mut Tx, id: BackupId) -> Result<()> {
    let sql = "UPDATE backups SET status = $2, error = NULL, finished_at = NULL WHERE id = $1";
    tx.execute(sql, &params![id, Status::Running]).await.map(drop)
}

pub async fn complete(tx: &mut Tx, id: BackupId, object: &str, stored: &Stored) -> Result<()> {
    let now = tx.origin().now();
    let size = i64::try_from(stored.size_bytes).unwrap_or(i64::MAX);
    let sql =
        "UPDATE backups SET status = $2, object_key = $3, size_bytes = $4, sha256 = $5, finished_at = $6 WHERE id = $1";
    tx.execute(sql, &params![id, Status::Completed, object, size, &stored.sha256, now]).await.map(drop)
}

pub async fn fail(tx: &mut Tx, id: BackupId, error: &str) -> Result<()> {
    let now = tx.origin().now();
    let sql = "UPDATE backups SET status = $2, error = $3, finished_at = COALESCE(finished_at, $4) WHERE id = $1";
    tx.execute(sql, &params![id, Status::Failed, error, now]).await.map(drop)
}

pub async fn verify(tx: &mut Tx, id: BackupId) -> Result<()> {
    let sql = "UPDATE backups SET status = $2, error = NULL WHERE id = $1";
    tx.execute(sql, &params![id, Status::Verified]).await.map(drop)
}

pub async fn delete(tx: &mut Tx, id: BackupId) -> Result<()> {
    tx.execute("DELETE FROM backups WHERE id = $1", &params![id]).await.map(drop)
}

/// Those that have been under way since before `before`: whoever made them is gone.
pub async fn fail_abandoned(tx: &mut Tx, before: Timestamp) -> Result<u64> {
    let now = tx.origin().now();
    let sql = "UPDATE backups SET status = 'failed', error = 'it was cut off', finished_at = $2
               WHERE status = 'running' AND created_at < $1";
    tx.execute(sql, &params![before, now]).await
}

/// Nightly ones that can be restored, the newest first.
pub async fn scheduled(reader: &mut Reader) -> Result<Vec<Backup>> {
    let sql = "SELECT * FROM backups WHERE kind = 'scheduled' AND status IN ('completed', 'verified')
               ORDER BY created_at DESC, id DESC LIMIT $1";
    reader.list(sql, &params![MOST_MADE]).await?.iter().map(read).collect()
}

/// Of those that were made, the newest.
pub async fn newest_made(reader: &mut Reader) -> Result<Option<Backup>> {
    let sql =
        "SELECT * FROM backups WHERE status IN ('completed', 'verified') ORDER BY created_at DESC, id DESC LIMIT 1";
    reader.find(sql, &[]).await?.as_ref().map(read).transpose()
}

/// When the database was made.
pub async fn installed_at(reader: &mut Reader) -> Result<Option<Timestamp>> {
    reader.get("SELECT MIN(applied_at) AS at FROM schema_migrations", &[]).await?.get("at")
}

/// How many have failed since the last that was made.
pub async fn failed_since_made(reader: &mut Reader) -> Result<u32> {
    let sql = "SELECT COUNT(*) AS count FROM backups WHERE status = 'failed' AND created_at > COALESCE(
                   (SELECT MAX(created_at) FROM backups WHERE status IN ('completed', 'verified')), $1)";
    reader.get(sql, &params![Timestamp::from_millis(0)]).await?.get("count")
}

/// Nobody but an administrator asks for one or removes it.
pub async fn lock(tx: &mut Tx, _: &PlatformAdmin, id: BackupId) -> Result<Backup> {
    let sql = format!("SELECT * FROM backups WHERE id = $1{}", tx.for_update());
    read(&tx.get(&sql, &params![id]).await?)
}
