//! The record of who did what, written in the transaction of what was done.
//!
//! Each workspace has a chain, and the installation one for what belongs to none. A row carries a keyed hash over all it says
//! and over its predecessor's hash: who can write to the database but has no key can neither change, insert nor remove a row
//! unseen, nor stamp the rest of the chain anew. What a key does not help against is cutting the end off together with the
//! chain's head; so heads are checkpointed outside the database ([`Audit::checkpoint`]), and [`Audit::verify`] compares.

mod canonical;
mod chain;
mod checkpoint;
mod query;

use rampart_kernel::{DerivedKey, Keys, Purpose, WorkspaceId};
use rampart_store::{Migration, Result, Tx, params};
use serde_json::{Value, json};

use crate::{Actor, Ctx};

pub use chain::{Break, Row, Verdict};
pub use checkpoint::Checkpoint;
pub use query::{Filter, Scope, list};

rampart_kernel::id! {
    /// One row of the record.
    AuditId,
}

rampart_kernel::named! {
    /// Whether it was done.
    pub enum Outcome {
        Success = "success",
        Failure = "failure",
    }
}

/// The tables of the record. Rows are added and never changed; the databases themselves refuse.
pub const MIGRATIONS: &[Migration] = &[TABLES, LOOKING];

const TABLES: Migration = Migration::new(
    "access/0001-audit",
    "CREATE TABLE audit_logs (
        id {uuid} PRIMARY KEY,
        chain TEXT NOT NULL,
        seq {int} NOT NULL,
        workspace_id {uuid},
        user_id {uuid},
        actor_type TEXT NOT NULL,
        action TEXT NOT NULL,
        resource TEXT NOT NULL,
        resource_id TEXT,
        status TEXT NOT NULL,
        details {json} NOT NULL,
        changes {json},
        ip_address TEXT,
        user_agent TEXT,
        request_id TEXT NOT NULL,
        created_at {ts} NOT NULL,
        prev_hash TEXT NOT NULL,
        hash TEXT NOT NULL,
        UNIQUE (chain, seq)
    );
    CREATE INDEX audit_logs_workspace ON audit_logs (workspace_id, created_at);
    CREATE INDEX audit_logs_user ON audit_logs (user_id, created_at);
    CREATE INDEX audit_logs_action ON audit_logs (action, created_at);
    CREATE INDEX audit_logs_resource ON audit_logs (resource, resource_id);
    CREATE TABLE audit_heads (
        chain TEXT PRIMARY KEY,
        seq {int} NOT NULL,
        hash TEXT NOT NULL,
        mac TEXT NOT NULL
    )",
)
.and(
    "CREATE TRIGGER audit_logs_no_update BEFORE UPDATE ON audit_logs
        BEGIN SELECT RAISE(ABORT, 'the audit record is not changed'); END;
    CREATE TRIGGER audit_logs_no_delete BEFORE DELETE ON audit_logs
        BEGIN SELECT RAISE(ABORT, 'the audit record is not changed'); END",
    "CREATE FUNCTION audit_logs_keep() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION 'the audit record is not changed'; END $$;
    CREATE TRIGGER audit_logs_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_logs
        FOR EACH STATEMENT EXECUTE FUNCTION audit_logs_keep()",
);

/// Pages of the record end at an id.
const LOOKING: Migration =
    Migration::new("access/0002-looking", "CREATE INDEX audit_logs_page ON audit_logs (workspace_id, id)");

/// What was done, or tried.
#[derive(Clone, Debug)]
pub struct Record {
    /// Dotted: `user.login`.
    action: &'static str,
    /// The kind of thing: `user`.
    resource: &'static str,
    resource_id: Option<String>,
    workspace: Option<WorkspaceId>,
    outcome: Outcome,
    details: Value,
    changes: Option<Value>,
}

impl Record {
    pub fn new(action: &'static str, resource: &'static str) -> Record {
        Record {
            action,
            resource,
            resource_id: None,
            workspace: None,
            outcome: Outcome::Success,
            details: json!({}),
            changes: None,
        }
    }

    #[must_use]
    pub fn of(mut self, resource_id: impl ToString) -> Record {
        self.resource_id = Some(resource_id.to_string());
        self
    }

    /// It belongs to this workspace, not to that of the request: one that was made just now, or entered.
    #[must_use]
    pub fn in_workspace(mut self, workspace: WorkspaceId) -> Record {
        self.workspace = Some(workspace);
        self
    }

    /// It was tried and did not come about, and why.
    #[must_use]
    pub fn failed(mut self, reason: &str) -> Record {
        self.outcome = Outcome::Failure;
        self.details["reason"] = reason.into();
        self
    }

    /// Never a secret.
    #[must_use]
    pub fn detail(mut self, name: &str, value: impl Into<Value>) -> Record {
        self.details[name] = value.into();
        self
    }

    /// What it was before and what it is now, secrets masked.
    #[must_use]
    pub fn changed(mut self, before: impl Into<Value>, after: impl Into<Value>) -> Record {
        self.changes = Some(json!({ "before": before.into(), "after": after.into() }));
        self
    }
}

/// Writes and verifies the record.
#[derive(Clone)]
pub struct Audit {
    key: DerivedKey,
    /// Of master keys that were in use before, the newest first. Rows of their time are verified with them, as they are never
    /// written again; after a row with a newer key none with an older one may come.
    old_keys: Vec<DerivedKey>,
}

impl Audit {
    pub fn new(keys: &Keys) -> Audit {
        let mut old_keys = keys.derive_all(Purpose::Audit);
        let key = old_keys.remove(0);
        Audit { key, old_keys }
    }

    /// Adds a row. The chain's head is held until the end of the transaction: record last, before the commit.
    ///
    /// # Errors
    /// As the database answers.
    pub async fn record(&self, tx: &mut Tx, ctx: &Ctx, record: Record) -> Result<()> {
        let workspace = record.workspace.or(ctx.workspace);
        let chain = chain::name(workspace);
        let head = chain::lock_head(tx, &self.key, &chain).await?;
        let row = chain::Row {
            id: ctx.new_id(),
            chain,
            seq: head.seq + 1,
            workspace,
            user: ctx.user(),
            actor_type: actor_type(ctx.actor()),
            action: record.action.to_owned(),
            resource: record.resource.to_owned(),
            resource_id: record.resource_id,
            status: record.outcome,
            details: record.details,
            changes: record.changes,
            ip_address: ctx.client().ip.map(|ip| ip.to_string()),
            user_agent: ctx.client().user_agent.as_deref().map(str::to_owned),
            request_id: ctx.request_id.to_string(),
            created_at: ctx.now(),
            prev_hash: head.hash,
        };
        let hash = row.hash(&self.key);
        tx.execute(
            "INSERT INTO audit_logs (id, chain, seq, workspace_id, user_id, actor_type, action, resource, resource_id,
                status, details, changes, ip_address, user_agent, request_id, created_at, prev_hash, hash)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)",
            &params![
                row.id,
                &row.chain,
                row.seq,
                row.workspace,
                row.user,
                &row.actor_type,
                &row.action,
                &row.resource,
                row.resource_id.clone(),
                row.status,
                row.details.clone(),
                row.changes.clone(),
                row.ip_address.clone(),
                row.user_agent.clone(),
                &row.request_id,
                row.created_at,
                &row.prev_hash,
                &hash,
            ],
        )
        .await?;
        chain::move_head(tx, &self.key, &chain::Head { chain: row.chain, seq: row.seq, hash }).await
    }
}

fn actor_type(actor: &Actor) -> String {
    match actor {
        Actor::User { .. } => "user",
        Actor::Token { .. } => "token",
        Actor::System { .. } => "system",
        Actor::Anonymous => "anonymous",
    }
    .to_owned()
}
