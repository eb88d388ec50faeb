//! The use cases of workspaces.

use std::collections::HashSet;
use std::time::Duration;

use rampart_access::audit::Record;
use rampart_access::{Ctx, ReadWorkspace, WorkspaceRole};
use rampart_kernel::{Origin, Secret, UserId, WorkspaceId};
use rampart_store::Reader;
use rampart_web::{Page, Paged};
use serde_json::{Value, json};

use super::events::{WorkspaceCreated, WorkspaceDeleted, WorkspaceUpdated};
use super::model::{Slug, Workspace};
use super::store::{self, NewWorkspace};
use crate::access::{ManageWorkspace, OwnWorkspace};
use crate::error::Error;
use crate::installation::store as installation;
use crate::service::{Identity, Result};
use crate::tokens;

/// A deleted workspace keeps its rows this long: somebody may have been too quick.
const DELETED_KEPT: Duration = Duration::from_secs(30 * 24 * 3_600);

/// A workspace to be made.
#[derive(Clone, Debug)]
pub struct MakeWorkspace {
    pub name: String,
    /// Made of the name when there is none.
    pub slug: Option<Slug>,
}

/// What is to be changed; the rest stays.
#[derive(Clone, Debug, Default)]
pub struct ChangeWorkspace {
    pub name: Option<String>,
    pub slug: Option<Slug>,
    pub settings: Option<Value>,
}

impl Identity {
    /// Those that the caller is a member of.
    ///
    /// # Errors
    /// When nobody is signed in.
    pub async fn workspaces(&self, ctx: &Ctx, page: Page) -> Result<Paged<(Workspace, WorkspaceRole)>> {
        let who = ctx.signed_in()?;
        let (items, total) = store::list_own(&mut self.store.read().await?, who, page).await?;
        Ok(Paged { items, total, page })
    }

    /// A workspace of the caller's own.
    ///
    /// # Errors
    /// [`Error::SlugTaken`]; or when the caller is no person in a session.
    pub async fn make_workspace(&self, ctx: &Ctx, make: MakeWorkspace) -> Result<Workspace> {
        let who = ctx.in_session()?;
        let mut tx = self.store.begin(ctx).await?;
        let id: WorkspaceId = ctx.new_id();
        // Of an id's end no two are alike that are made at one time.
        let unique = &id.to_string()[24..];
        let slug = match make.slug {
            Some(slug) if store::slug_is_taken(&mut tx, &slug).await? => return Err(Error::SlugTaken),
            Some(slug) => slug,
            None => match Slug::of_name(&make.name) {
                Some(slug) if !store::slug_is_taken(&mut tx, &slug).await? => slug,
                Some(slug) => slug.with(unique),
                None => Slug::of_name("workspace").expect("a plain word is one").with(unique),
            },
        };
        let new = NewWorkspace {
            id,
            name: &make.name,
            slug: slug.as_str(),
            owner: who.user(),
            tier: installation::get(&mut tx, self.settings.registration).await?.default_tier,
            personal: false,
        };
        store::insert_workspace(&mut tx, &new).await?;
        store::insert_member(&mut tx, id, who.user(), WorkspaceRole::Owner).await?;
        let made = store::get_new(&mut tx, id).await?;
        tx.emit_in(id, &WorkspaceCreated { workspace_id: id });
        let record = Record::new("workspace.created", "workspace").of(id).in_workspace(id);
        self.audit.record(&mut tx, ctx, record.detail("name", make.name)).await?;
        tx.commit().await?;
        Ok(made)
    }

    /// That of the request.
    ///
    /// # Errors
    /// When the caller has no part in it.
    pub async fn workspace(&self, ctx: &Ctx) -> Result<Workspace> {
        let granted = ctx.require::<ReadWorkspace>()?;
        Ok(store::get(&mut self.store.read().await?, &granted).await?)
    }

    /// Whether nothing may be begun in a workspace; for what modules do by themselves, without any member.
    ///
    /// # Errors
    /// As the database answers.
    pub async fn is_suspended_in(&self, reader: &mut Reader, workspace: WorkspaceId) -> rampart_store::Result<bool> {
        store::is_suspended(reader, workspace).await
    }

    /// As [`Identity::is_suspended_in`], of several: those that are.
    ///
    /// # Errors
    /// As the database answers.
    pub async fn suspended_in(
        &self,
        reader: &mut Reader,
        workspaces: impl IntoIterator<Item = WorkspaceId>,
    ) -> rampart_store::Result<HashSet<WorkspaceId>> {
        store::suspended(reader, workspaces.into_iter().collect()).await
    }

    /// Changes that of the request.
    ///
    /// # Errors
    /// [`Error::SlugTaken`]; or when the caller may not.
    pub async fn change_workspace(&self, ctx: &Ctx, change: ChangeWorkspace) -> Result<Workspace> {
        let granted = ctx.require::<ManageWorkspace>()?;
        let mut tx = self.store.begin(ctx).await?;
        let before = store::lock(&mut tx, granted.workspace()).await?;
        let mut after = before.clone();
        let mut changes = Vec::new();
        if let Some(name) = change.name.filter(|name| *name != before.name) {
            after.name = name;
            changes.push("name");
        }
        if let Some(slug) = change.slug.filter(|slug| slug.as_str() != before.slug) {
            if store::slug_is_taken(&mut tx, &slug).await? {
                return Err(Error::SlugTaken);
            }
            slug.as_str().clone_into(&mut after.slug);
            changes.push("slug");
        }
        if let Some(settings) = change.settings.filter(|settings| *settings != before.settings) {
            after.settings = settings;
            changes.push("settings");
        }
        if changes.is_empty() {
            return Ok(before);
        }
        store::save(&mut tx, &granted, &after).await?;
        let after = store::get(&mut tx, &granted).await?;
        tx.emit(&WorkspaceUpdated { workspace_id: after.id, changes });
        let shown = |of: &Workspace| json!({ "name": of.name, "slug": of.slug, "settings": of.settings });
        let record = Record::new("workspace.updated", "workspace").of(after.id).changed(shown(&before), shown(&after));
        self.audit.record(&mut tx, ctx, record).await?;
        tx.commit().await?;
        Ok(after)
    }

    /// Deletes that of the request; its rows stay for thirty days. The caller says its slug, so that it is the one they mean.
    ///
    /// # Errors
    /// [`Error::NotConfirmed`]; or when the caller does not own it.
    pub async fn delete_workspace(&self, ctx: &Ctx, confirm: &str) -> Result<()> {
        let granted = ctx.require::<OwnWorkspace>()?;
        let mut tx = self.store.begin(ctx).await?;
        let workspace = store::lock(&mut tx, granted.workspace()).await?;
        if workspace.slug != confirm {
            return Err(Error::NotConfirmed);
        }
        store::delete(&mut tx, &granted).await?;
        store::move_default(&mut tx, workspace.id, None).await?;
        tokens::store::revoke_in(&mut tx, workspace.id, None).await?;
        tx.emit(&WorkspaceDeleted { workspace_id: workspace.id });
        self.audit.record(&mut tx, ctx, Record::new("workspace.deleted", "workspace").of(workspace.id)).await?;
        Ok(tx.commit().await?)
    }

    /// Hands that of the request over: another member becomes an owner and answers for it, the caller an administrator.
    ///
    /// # Errors
    /// When the caller does not own it, the password is wrong, or there is no such member.
    pub async fn transfer_ownership(&self, ctx: &Ctx, to: UserId, password: Secret) -> Result<Workspace> {
        let granted = ctx.require::<OwnWorkspace>()?;
        let members = ctx.require::<crate::access::ManageMembers>()?;
        let who = ctx.in_session()?;
        self.confirm_password(ctx, who.user(), password).await?;
        let mut tx = self.store.begin(ctx).await?;
        let before = store::lock(&mut tx, granted.workspace()).await?;
        let heir = store::find_member(&mut tx, before.id, to).await?.ok_or(rampart_access::Error::NotFound)?;
        store::save_role(&mut tx, &members, heir.user, WorkspaceRole::Owner).await?;
        let own = store::find_member(&mut tx, before.id, who.user()).await?;
        if heir.user != who.user() && own.is_some_and(|own| own.role == WorkspaceRole::Owner) {
            store::save_role(&mut tx, &members, who.user(), WorkspaceRole::Admin).await?;
        }
        store::save_owner(&mut tx, &granted, heir.user).await?;
        let after = store::get(&mut tx, &granted).await?;
        tx.emit(&WorkspaceUpdated { workspace_id: after.id, changes: vec!["owner"] });
        let record = Record::new("workspace.transferred", "workspace").of(after.id);
        let record = record.changed(json!({ "owner": before.owner }), json!({ "owner": after.owner }));
        self.audit.record(&mut tx, ctx, record).await?;
        tx.commit().await?;
        Ok(after)
    }

    /// Removes workspaces that were deleted long ago, with everything in them; how many.
    ///
    /// # Errors
    /// As the database answers.
    pub async fn purge_workspaces(&self, origin: &Origin) -> Result<u64> {
        let ctx = Ctx::of_system(origin.clone(), "purge");
        let mut removed = 0;
        loop {
            let mut tx = self.store.begin(origin).await?;
            let Some(id) = store::purge(&mut tx, origin.now() - DELETED_KEPT).await? else { return Ok(removed) };
            let record = Record::new("workspace.purged", "workspace").of(id).in_workspace(id);
            self.audit.record(&mut tx, &ctx, record).await?;
            tx.commit().await?;
            removed += 1;
        }
    }
}
