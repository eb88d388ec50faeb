//! The use cases of policies.

use rampart_access::Ctx;
use rampart_access::audit::Record;
use rampart_kernel::Secret;

use super::model::{Policy, Visitor};
use super::store;
use crate::access::ManagePolicies;
use crate::authenticator;
use crate::error::Error;
use crate::password::Weakness;
use crate::service::{Identity, Result};
use crate::workspaces::events::WorkspaceUpdated;

impl Identity {
    /// What the workspace of the request asks.
    ///
    /// # Errors
    /// When the caller may not know.
    pub async fn policy(&self, ctx: &Ctx) -> Result<Policy> {
        let granted = ctx.require::<ManagePolicies>()?;
        Ok(store::find(&mut self.store.read().await?, granted.workspace()).await?)
    }

    /// Sets what the workspace of the request asks. With `force` even if that keeps the caller out.
    ///
    /// # Errors
    /// [`Error::WouldLockOut`] when the caller could not enter any more; or when they may not set it.
    pub async fn set_policy(&self, ctx: &Ctx, policy: Policy, force: bool) -> Result<Policy> {
        let granted = ctx.require::<ManagePolicies>()?;
        let session = ctx.in_session()?.session();
        let mut tx = self.store.begin(ctx).await?;
        if let Some(session) = session.filter(|_| !force) {
            let found = authenticator::find_session(&mut tx, authenticator::By::Id(session), ctx.workspace).await?;
            let visitor = found.map(|found| found.who.visitor(ctx.client().ip, None));
            // Too old a session locks nobody out: one signs in again.
            let visitor = visitor.ok_or(Error::TokenInvalid)?;
            policy.admit(&Visitor { session: None, ..visitor }, ctx.now()).map_err(Error::WouldLockOut)?;
        }
        let before = store::find(&mut tx, granted.workspace()).await?;
        store::save(&mut tx, &granted, &policy).await?;
        tx.emit(&WorkspaceUpdated { workspace_id: granted.workspace(), changes: vec!["security"] });
        let json = |policy: &Policy| serde_json::json!(policy);
        let record = Record::new("workspace.security_changed", "workspace").of(granted.workspace());
        self.audit.record(&mut tx, ctx, record.changed(json(&before), json(&policy))).await?;
        tx.commit().await?;
        Ok(policy)
    }
}

/// # Errors
/// [`Error::WeakPassword`] when it is too short for one of them.
pub fn check_password<'a>(mut policies: impl Iterator<Item = &'a Policy>, password: &Secret) -> Result<()> {
    if policies.all(|policy| policy.password_policy.is_met_by(password)) {
        Ok(())
    } else {
        Err(Error::WeakPassword(vec![Weakness::TooShort]))
    }
}
