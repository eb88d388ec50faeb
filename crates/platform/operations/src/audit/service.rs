//! The use cases of the audit record.

use std::collections::{BTreeMap, BTreeSet};

use rampart_access::audit::{self, Checkpoint, Filter, Record, Row, Scope, Verdict};
use rampart_access::{Ctx, Granted, PlatformAdmin};
use rampart_kernel::UserId;

use crate::access::ReadAudit;
use crate::error::{Error, Result};
use crate::module::Operations;

/// Rows that one export holds at most; the next begins where it ended.
pub const MOST_EXPORTED: u32 = 10_000;

/// Whose record is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whose {
    /// That of the workspace of the request.
    Workspace,
    /// That of the installation, with those of all workspaces.
    Platform,
}

/// A row, and the address of whoever did it, while they have an account.
pub struct Entry {
    pub row: Row,
    pub email: Option<String>,
}

/// The proof that the caller may look.
enum Proof {
    Workspace(Granted<ReadAudit>),
    Platform(PlatformAdmin),
}

impl Proof {
    fn of(ctx: &Ctx, whose: Whose) -> Result<Proof> {
        Ok(match whose {
            Whose::Workspace => Proof::Workspace(ctx.require()?),
            Whose::Platform => Proof::Platform(ctx.require_platform_admin()?),
        })
    }

    fn scope(&self) -> Scope<'_, ReadAudit> {
        match self {
            Proof::Workspace(granted) => Scope::Workspace(granted),
            Proof::Platform(admin) => Scope::Platform(admin),
        }
    }
}

impl Operations {
    /// Newest first, at most `limit`.
    ///
    /// # Errors
    /// When the caller may not look.
    pub async fn audit_log(&self, ctx: &Ctx, whose: Whose, filter: &Filter, limit: u32) -> Result<Vec<Entry>> {
        let proof = Proof::of(ctx, whose)?;
        let rows = audit::list(&mut self.store.read().await?, &proof.scope(), filter, limit).await?;
        let users: BTreeSet<UserId> = rows.iter().filter_map(|row| row.user).collect();
        let emails: BTreeMap<UserId, String> = self.identity.emails(users).await?;
        let entry = |row: Row| Entry { email: row.user.and_then(|user| emails.get(&user).cloned()), row };
        Ok(rows.into_iter().map(entry).collect())
    }

    /// As [`Operations::audit_log`], of as many as an export holds; recorded itself, as it takes the record out of the house.
    ///
    /// # Errors
    /// When the caller may not look.
    pub async fn export_audit_log(&self, ctx: &Ctx, whose: Whose, filter: &Filter) -> Result<Vec<Entry>> {
        let entries = self.audit_log(ctx, whose, filter, MOST_EXPORTED).await?;
        let mut tx = self.store.begin(ctx).await?;
        let record = Record::new("audit.exported", "audit").detail("rows", entries.len());
        self.audit.record(&mut tx, ctx, record).await?;
        tx.commit().await?;
        Ok(entries)
    }

    /// Whether the record holds: row by row, against its end, and against what was checkpointed outside the database.
    ///
    /// # Errors
    /// When the caller may not look. A record that does not hold is an answer.
    pub async fn verify_audit_log(&self, ctx: &Ctx, whose: Whose) -> Result<Verdict> {
        let chain = match Proof::of(ctx, whose)? {
            Proof::Workspace(granted) => Some(granted.workspace().to_string()),
            Proof::Platform(_) => None,
        };
        let checkpoints = Checkpoint::read(&self.checkpoints).map_err(Error::Checkpoints)?;
        Ok(self.audit.verify(&self.store, chain.as_deref(), &checkpoints).await?)
    }
}
