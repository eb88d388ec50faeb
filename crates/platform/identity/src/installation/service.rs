//! The use cases of the settings.

use std::time::Duration;

use axum::http::StatusCode;
use rampart_access::Ctx;
use rampart_access::audit::Record;
use rampart_web::ApiError;
use serde_json::json;

use super::model::{ChangeInstallation, Installation, Retention};
use super::store;
use crate::service::{Identity, Result};

/// When to try again who was told of maintenance.
const MAINTENANCE_PAUSE: Duration = Duration::from_secs(60);

impl Identity {
    /// # Errors
    /// When the caller does not administer the installation; the same with what follows.
    pub async fn installation(&self, ctx: &Ctx) -> Result<Installation> {
        ctx.require_platform_admin()?;
        self.installation_now().await
    }

    pub(crate) async fn installation_now(&self) -> Result<Installation> {
        Ok(store::get(&mut self.store.read().await?, self.settings.registration).await?)
    }

    /// How long things are kept, for the schedules of all modules.
    ///
    /// # Errors
    /// As the database answers.
    pub async fn retention(&self) -> rampart_store::Result<Retention> {
        Ok(store::get(&mut self.store.read().await?, self.settings.registration).await?.retention)
    }

    /// From its commit on it is in force, on every node.
    ///
    /// # Errors
    /// As the database answers.
    pub async fn change_installation(&self, ctx: &Ctx, change: ChangeInstallation) -> Result<Installation> {
        let admin = ctx.require_platform_admin()?;
        let mut tx = self.store.begin(ctx).await?;
        let before = store::get(&mut tx, self.settings.registration).await?;
        store::save(&mut tx, &admin, &change).await?;
        let after = store::get(&mut tx, self.settings.registration).await?;
        if after != before {
            let shown = |of: &Installation| {
                json!({ "registrationMode": of.registration, "maintenanceMode": of.maintenance,
                    "defaultTier": of.default_tier, "retention": of.retention })
            };
            let record = Record::new("settings.changed", "settings").changed(shown(&before), shown(&after));
            self.audit.record(&mut tx, ctx, record).await?;
        }
        tx.commit().await?;
        Ok(after)
    }

    /// Refuses changes while the installation is under maintenance.
    pub(crate) async fn refuse_in_maintenance(&self) -> Result<(), ApiError> {
        if !store::in_maintenance(&mut self.store.read().await?).await? {
            return Ok(());
        }
        let message = "the installation is under maintenance: it can be read, and takes no changes; try again later";
        Err(ApiError::new(StatusCode::SERVICE_UNAVAILABLE, "SERVICE_UNAVAILABLE", message)
            .retry_after(MAINTENANCE_PAUSE))
    }
}
