//! The SQL of artifacts. Rows are reached by a proof, through the scan that left them.

use rampart_access::{Granted, Permission};
use rampart_store::{Reader, Result, Row, Sql, params};

use super::model::{ArtifactType, Kept};
use crate::model::{ArtifactId, ScanId};

/// A session leaves some.
const MOST: i64 = 100;

const SELECT: &str = "SELECT a.* FROM artifacts a JOIN scans s ON s.id = a.session_id";

fn read(row: &Row) -> Result<Kept> {
    Ok(Kept {
        id: row.get("id")?,
        session: row.get("session_id")?,
        kind: row.get("type")?,
        object: row.get("object_key")?,
        sha256: row.get("sha256")?,
        size_bytes: u64::try_from(row.get::<i64>("size_bytes")?).unwrap_or(0),
        content_type: row.get("content_type")?,
        expires_at: row.get("expires_at")?,
        created_at: row.get("created_at")?,
    })
}

/// The newest first.
pub async fn list<P: Permission>(
    reader: &mut Reader,
    granted: &Granted<P>,
    session: ScanId,
    kind: Option<ArtifactType>,
) -> Result<Vec<Kept>> {
    let sql = Sql::new(SELECT).push(" WHERE a.session_id = ").bind(session);
    let mut sql = sql.push(" AND s.workspace_id = ").bind(granted.workspace());
    if let Some(kind) = kind {
        sql = sql.push(" AND a.type = ").bind(kind);
    }
    let sql = sql.push(" ORDER BY a.id DESC LIMIT ").bind(MOST);
    reader.list(sql.text(), sql.params()).await?.iter().map(read).collect()
}

pub async fn get<P: Permission>(reader: &mut Reader, granted: &Granted<P>, id: ArtifactId) -> Result<Kept> {
    let sql = format!("{SELECT} WHERE a.id = $1 AND s.workspace_id = $2");
    read(&reader.get(&sql, &params![id, granted.workspace()]).await?)
}
