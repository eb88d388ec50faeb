//! Where branches were when they were last looked at, or told of.

use std::collections::{HashMap, HashSet};

use rampart_kernel::Timestamp;
use rampart_store::{Reader, Result, Row, Tx, params};

use crate::fields::{BranchName, CommitHash};
use crate::model::RepositoryId;

/// A branch of a repository.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct BranchAt {
    pub repository: RepositoryId,
    pub name: BranchName,
}

/// Where a branch is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    pub hash: CommitHash,
    /// By the forge's clock, when the forge told of it.
    pub pushed_at: Option<Timestamp>,
}

pub async fn head(reader: &mut Reader, id: RepositoryId, branch: &BranchName) -> Result<Option<Head>> {
    let sql = "SELECT head, pushed_at FROM repository_branches WHERE repository_id = $1 AND name = $2";
    reader.find(sql, &params![id, branch]).await?.as_ref().map(read).transpose()
}

fn read(row: &Row) -> Result<Head> {
    Ok(Head { hash: row.get("head")?, pushed_at: row.get("pushed_at")? })
}

/// Of these branches, where those are that are known.
pub async fn heads(tx: &mut Tx, branches: impl Iterator<Item = BranchAt>) -> Result<HashMap<BranchAt, Head>> {
    let branches: HashSet<BranchAt> = branches.collect();
    let rows: Vec<_> = branches.iter().map(|at| params![at.repository, &at.name]).collect();
    let sql = "WITH given (repository, branch) AS (VALUES {rows})
        SELECT known.repository_id, known.name, known.head, known.pushed_at FROM given
        JOIN repository_branches AS known ON known.repository_id = given.repository AND known.name = given.branch";
    let known = tx.change_all(sql, &rows).await?;
    let of = |row: &Row| {
        let at = BranchAt { repository: row.get("repository_id")?, name: row.get("name")? };
        Ok((at, read(row)?))
    };
    known.iter().map(of).collect()
}

pub async fn save_head(
    tx: &mut Tx,
    repository: RepositoryId,
    branch: &BranchName,
    hash: &CommitHash,
    pushed_at: Option<Timestamp>,
) -> Result<()> {
    let at = BranchAt { repository, name: branch.clone() };
    save_heads(tx, [(&at, &Head { hash: hash.clone(), pushed_at })]).await
}

/// Each branch once.
pub async fn save_heads<'a>(tx: &mut Tx, heads: impl IntoIterator<Item = (&'a BranchAt, &'a Head)>) -> Result<()> {
    let now = tx.origin().now();
    let row = |(at, head): (&BranchAt, &Head)| params![at.repository, &at.name, &head.hash, now, head.pushed_at];
    let rows: Vec<_> = heads.into_iter().map(row).collect();
    let sql = "INSERT INTO repository_branches (repository_id, name, head, seen_at, pushed_at) VALUES {rows}
        ON CONFLICT (repository_id, name) DO UPDATE SET head = excluded.head, seen_at = excluded.seen_at,
            pushed_at = COALESCE(excluded.pushed_at, repository_branches.pushed_at)";
    tx.change_all(sql, &rows).await.map(drop)
}
