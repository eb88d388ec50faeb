//! The SQL of installations.

use rampart_access::{Granted, Permission};
use rampart_store::{Reader, Result, Sql, Tx, params};

use crate::access::ConnectForges;

/// Installations of one workspace that are looked at.
const MOST: i64 = 100;

/// The workspace may use this installation, as somebody showed who may manage it.
pub async fn insert(tx: &mut Tx, granted: &Granted<ConnectForges>, installation: &str, account: &str) -> Result<()> {
    let now = tx.origin().now();
    let sql = "INSERT INTO github_installations (installation_id, workspace_id, account, added_by, created_at)
               VALUES ($1, $2, $3, $4, $5)
               ON CONFLICT (installation_id, workspace_id) DO UPDATE SET account = excluded.account";
    tx.execute(sql, &params![installation, granted.workspace(), account, granted.user(), now]).await.map(drop)
}

/// Those of a workspace and the accounts that they are of, the oldest first.
pub async fn list<P: Permission>(reader: &mut Reader, granted: &Granted<P>) -> Result<Vec<(String, String)>> {
    let sql = "SELECT installation_id, account FROM github_installations WHERE workspace_id = $1
               ORDER BY created_at, installation_id LIMIT $2";
    let rows = reader.list(sql, &params![granted.workspace(), MOST]).await?;
    rows.iter().map(|row| Ok((row.get("installation_id")?, row.get("account")?))).collect()
}

/// Its repositories are no longer reached by it. With `gone` it is forgotten; otherwise it is suspended and may come back.
pub async fn forget(tx: &mut Tx, installation: &str, gone: bool) -> Result<()> {
    tx.execute("UPDATE repositories SET installation_id = NULL WHERE installation_id = $1", &params![installation])
        .await?;
    if gone {
        tx.execute("DELETE FROM github_installations WHERE installation_id = $1", &params![installation]).await?;
    }
    Ok(())
}

/// These repositories are reached by it, in the workspaces that may use it.
pub async fn give(tx: &mut Tx, installation: &str, repositories: &[String]) -> Result<()> {
    for some in repositories.chunks(BATCH) {
        let sql = Sql::new("UPDATE repositories SET installation_id = ").bind(installation);
        let sql = among(sql.push(" WHERE provider = 'github'"), some);
        let sql =
            sql.push(" AND workspace_id IN (SELECT workspace_id FROM github_installations WHERE installation_id = ");
        let sql = sql.bind(installation).push(")");
        tx.execute(sql.text(), sql.params()).await?;
    }
    Ok(())
}

/// These are no longer reached by it.
pub async fn take(tx: &mut Tx, installation: &str, repositories: &[String]) -> Result<()> {
    for some in repositories.chunks(BATCH) {
        let sql = Sql::new("UPDATE repositories SET installation_id = NULL WHERE provider = 'github'");
        let sql = among(sql, some).push(" AND installation_id = ").bind(installation);
        tx.execute(sql.text(), sql.params()).await?;
    }
    Ok(())
}

/// Ids in one statement: databases take no more than some thousands of parameters.
const BATCH: usize = 500;

fn among(mut sql: Sql, ids: &[String]) -> Sql {
    sql = sql.push(" AND provider_repo_id IN (");
    for (index, id) in ids.iter().enumerate() {
        sql = sql.push(if index == 0 { "" } else { ", " }).bind(id.as_str());
    }
    sql.push(")")
}
