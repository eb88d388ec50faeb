//! A chain of rows: how one is hashed, where the chain ends, and whether it holds.

use rampart_kernel::{DerivedKey, Timestamp, UserId, WorkspaceId};
use rampart_store::{Reader, Result, Store, Tx, params};
use serde_json::Value;

use super::canonical::canonical;
use super::{Audit, AuditId, Checkpoint, Outcome};

/// Rows looked at in one query while verifying.
const BATCH: i64 = 1_000;

/// The hash before the first row.
const START: &str = "start";

/// The chain of a workspace, or the installation's own.
pub fn name(workspace: Option<WorkspaceId>) -> String {
    workspace.map_or_else(|| "platform".to_owned(), |workspace| workspace.to_string())
}

/// A row of the record.
#[derive(Clone, Debug)]
pub struct Row {
    pub id: AuditId,
    pub chain: String,
    pub seq: i64,
    pub workspace: Option<WorkspaceId>,
    pub user: Option<UserId>,
    pub actor_type: String,
    pub action: String,
    pub resource: String,
    pub resource_id: Option<String>,
    pub status: Outcome,
    pub details: Value,
    pub changes: Option<Value>,
    pub ip_address: Option<String>,
    pub user_agent: Option<String>,
    pub request_id: String,
    pub created_at: Timestamp,
    pub prev_hash: String,
}

impl Row {
    pub(super) fn read(row: &rampart_store::Row) -> Result<Row> {
        Ok(Row {
            id: row.get("id")?,
            chain: row.get("chain")?,
            seq: row.get("seq")?,
            workspace: row.get("workspace_id")?,
            user: row.get("user_id")?,
            actor_type: row.get("actor_type")?,
            action: row.get("action")?,
            resource: row.get("resource")?,
            resource_id: row.get("resource_id")?,
            status: row.get("status")?,
            details: row.get("details")?,
            changes: row.get("changes")?,
            ip_address: row.get("ip_address")?,
            user_agent: row.get("user_agent")?,
            request_id: row.get("request_id")?,
            created_at: row.get("created_at")?,
            prev_hash: row.get("prev_hash")?,
        })
    }

    /// Over everything the row says, in a fixed order; what is absent differs from what is empty.
    pub fn hash(&self, key: &DerivedKey) -> String {
        fn optional(value: Option<&str>) -> String {
            value.map_or_else(|| "-".to_owned(), |value| format!("+{value}"))
        }
        let id_text = |id: Option<String>| optional(id.as_deref());
        let parts = [
            "row".to_owned(),
            self.prev_hash.clone(),
            self.chain.clone(),
            self.seq.to_string(),
            self.id.to_string(),
            id_text(self.workspace.map(|id| id.to_string())),
            id_text(self.user.map(|id| id.to_string())),
            self.actor_type.clone(),
            self.action.clone(),
            self.resource.clone(),
            optional(self.resource_id.as_deref()),
            self.status.name().to_owned(),
            canonical(&self.details),
            id_text(self.changes.as_ref().map(canonical)),
            optional(self.ip_address.as_deref()),
            optional(self.user_agent.as_deref()),
            self.request_id.clone(),
            self.created_at.to_text(),
        ];
        hex(&key.mac(&parts.each_ref().map(|part| part.as_bytes())))
    }
}

/// The end of a chain: as its number counts from 1, also its length.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    pub chain: String,
    pub seq: i64,
    pub hash: String,
}

impl Head {
    pub fn mac(&self, key: &DerivedKey) -> String {
        hex(&key.mac(&[b"head", self.chain.as_bytes(), self.seq.to_string().as_bytes(), self.hash.as_bytes()]))
    }
}

pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The head of a chain, held for change; made when the chain is new.
pub async fn lock_head(tx: &mut Tx, key: &DerivedKey, chain: &str) -> Result<Head> {
    let fresh = Head { chain: chain.to_owned(), seq: 0, hash: START.to_owned() };
    tx.execute(
        "INSERT INTO audit_heads (chain, seq, hash, mac) VALUES ($1, $2, $3, $4) ON CONFLICT (chain) DO NOTHING",
        &params![chain, fresh.seq, &fresh.hash, fresh.mac(key)],
    )
    .await?;
    let sql = match tx.for_update() {
        "" => "SELECT seq, hash FROM audit_heads WHERE chain = $1",
        _ => "SELECT seq, hash FROM audit_heads WHERE chain = $1 FOR UPDATE",
    };
    let row = tx.get(sql, &params![chain]).await?;
    Ok(Head { chain: chain.to_owned(), seq: row.get("seq")?, hash: row.get("hash")? })
}

pub async fn move_head(tx: &mut Tx, key: &DerivedKey, head: &Head) -> Result<()> {
    tx.execute(
        "UPDATE audit_heads SET seq = $2, hash = $3, mac = $4 WHERE chain = $1",
        &params![&head.chain, head.seq, &head.hash, head.mac(key)],
    )
    .await?;
    Ok(())
}

/// Every chain's head, with the code that says whether it is ours.
pub async fn heads(reader: &mut Reader, after: &str) -> Result<Vec<(Head, String)>> {
    let rows = reader
        .list(
            "SELECT chain, seq, hash, mac FROM audit_heads WHERE chain > $1 ORDER BY chain LIMIT $2",
            &params![after, BATCH],
        )
        .await?;
    let head = |row: &rampart_store::Row| -> Result<(Head, String)> {
        Ok((Head { chain: row.get("chain")?, seq: row.get("seq")?, hash: row.get("hash")? }, row.get("mac")?))
    };
    rows.iter().map(head).collect()
}

/// What is wrong with a chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Break {
    /// This row was changed, or the one before it was removed or inserted.
    Row(i64),
    /// Rows from this number on are missing.
    Cut(i64),
    /// The head was changed, or is that of an earlier time.
    Head,
}

/// What came of a verification.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verdict {
    pub checked: u64,
    /// The first break of each chain that has one.
    pub broken: Vec<(String, Break)>,
}

impl Audit {
    /// Verifies one chain, or all of them, against the keys, their heads and what was checkpointed.
    ///
    /// # Errors
    /// As the database answers. A broken chain is an answer, not an error.
    pub async fn verify(&self, store: &Store, chain: Option<&str>, checkpoints: &[Checkpoint]) -> Result<Verdict> {
        let mut verdict = Verdict::default();
        let mut reader = store.read().await?;
        let mut known = Vec::new();
        let mut after = String::new();
        loop {
            let heads = heads(&mut reader, &after).await?;
            let Some((last, _)) = heads.last() else { break };
            after = last.chain.clone();
            for (head, mac) in heads {
                known.push(head.chain.clone());
                if chain.is_some_and(|chain| chain != head.chain) {
                    continue;
                }
                if let Some(found) =
                    self.verify_chain(&mut reader, &head, &mac, checkpoints, &mut verdict.checked).await?
                {
                    verdict.broken.push((head.chain, found));
                }
            }
        }
        // A chain that was checkpointed and has no head any more was cut as a whole.
        for checkpoint in checkpoints.iter().filter(|checkpoint| self.knows(checkpoint)) {
            let wanted = chain.is_none_or(|chain| chain == checkpoint.head.chain);
            if wanted && !known.contains(&checkpoint.head.chain) {
                known.push(checkpoint.head.chain.clone());
                verdict.broken.push((checkpoint.head.chain.clone(), Break::Cut(1)));
            }
        }
        Ok(verdict)
    }

    fn oldest_first(&self) -> Vec<&DerivedKey> {
        self.old_keys.iter().rev().chain([&self.key]).collect()
    }

    fn knows(&self, checkpoint: &Checkpoint) -> bool {
        self.oldest_first().iter().any(|key| checkpoint.is_genuine(key))
    }

    async fn verify_chain(
        &self,
        reader: &mut Reader,
        head: &Head,
        mac: &str,
        checkpoints: &[Checkpoint],
        checked: &mut u64,
    ) -> Result<Option<Break>> {
        let mut marks: Vec<&Head> = checkpoints
            .iter()
            .filter(|checkpoint| checkpoint.head.chain == head.chain && self.knows(checkpoint))
            .map(|checkpoint| &checkpoint.head)
            .collect();
        marks.sort_by_key(|mark| mark.seq);
        let mut marks = marks.into_iter().peekable();
        let (mut seq, mut hash) = (0, START.to_owned());
        let all = self.oldest_first();
        let mut keys = &all[..];
        loop {
            let rows = reader
                .list(
                    "SELECT * FROM audit_logs WHERE chain = $1 AND seq > $2 ORDER BY seq LIMIT $3",
                    &params![&head.chain, seq, BATCH],
                )
                .await?;
            if rows.is_empty() {
                break;
            }
            for stored in &rows {
                *checked += 1;
                let row = Row::read(stored)?;
                let own: String = stored.get("hash")?;
                // The keys before the one that fits are of the past from here on.
                let fitting = keys.iter().position(|key| row.hash(key) == own);
                keys = fitting.map_or(&[], |index| &keys[index..]);
                if row.seq != seq + 1 || row.prev_hash != hash || keys.is_empty() {
                    return Ok(Some(Break::Row(seq + 1)));
                }
                (seq, hash) = (row.seq, own);
                while let Some(mark) = marks.next_if(|mark| mark.seq <= seq) {
                    if mark.seq == seq && mark.hash != hash {
                        return Ok(Some(Break::Row(seq)));
                    }
                }
            }
        }
        if marks.next().is_some() || head.seq > seq {
            return Ok(Some(Break::Cut(seq + 1)));
        }
        // The head is written with each row: with the key of the last one, or with the one in use.
        let genuine = keys.iter().any(|key| head.mac(key) == mac);
        let whole = head.seq == seq && head.hash == hash && genuine;
        Ok((!whole).then_some(Break::Head))
    }
}
