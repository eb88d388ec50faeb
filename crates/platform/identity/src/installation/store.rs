//! The SQL of the settings. What nobody has set has no row.

use std::collections::BTreeMap;

use rampart_access::PlatformAdmin;
use rampart_store::{Migration, Reader, Result, Tx, params};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::model::{ChangeInstallation, Days, Installation, Retention};
use crate::settings::RegistrationMode;
use crate::workspaces::model::Tier;

pub const TABLES: Migration = Migration::new(
    "identity/0008-installation",
    "CREATE TABLE platform_settings (
        key TEXT PRIMARY KEY,
        value {json} NOT NULL,
        updated_by {uuid} REFERENCES users (id) ON DELETE SET NULL,
        updated_at {ts} NOT NULL
    )",
);

const REGISTRATION: &str = "registrationMode";
const MAINTENANCE: &str = "maintenanceMode";
const DEFAULT_TIER: &str = "defaultTier";
const REPORT_DAYS: &str = "reportDays";
const WEBHOOK_DELIVERY_DAYS: &str = "webhookDeliveryDays";
const NOTIFICATION_DAYS: &str = "notificationDays";

/// More than there are names.
const MOST: i64 = 100;

/// `registration` where nobody has set another.
pub async fn get(reader: &mut Reader, registration: RegistrationMode) -> Result<Installation> {
    let rows = reader.list("SELECT key, value FROM platform_settings ORDER BY key LIMIT $1", &params![MOST]).await?;
    let set: BTreeMap<String, Value> =
        rows.iter().map(|row| Ok((row.get("key")?, row.get("value")?))).collect::<Result<_>>()?;
    let usual = Retention::default();
    let days = |key, usual: Days| of(&set, key).unwrap_or(usual);
    Ok(Installation {
        registration: of(&set, REGISTRATION).unwrap_or(registration),
        maintenance: of(&set, MAINTENANCE).unwrap_or(false),
        // Where nothing is billed nothing is withheld.
        default_tier: of(&set, DEFAULT_TIER).unwrap_or(Tier::Enterprise),
        retention: Retention {
            report_days: days(REPORT_DAYS, usual.report_days),
            webhook_delivery_days: days(WEBHOOK_DELIVERY_DAYS, usual.webhook_delivery_days),
            notification_days: days(NOTIFICATION_DAYS, usual.notification_days),
        },
    })
}

/// What another version wrote and this one cannot read counts as not set.
fn of<T: DeserializeOwned>(set: &BTreeMap<String, Value>, key: &str) -> Option<T> {
    set.get(key).and_then(|value| serde_json::from_value(value.clone()).ok())
}

/// Asked with every change that somebody makes: one row by its key.
pub async fn in_maintenance(reader: &mut Reader) -> Result<bool> {
    let row = reader.find("SELECT value FROM platform_settings WHERE key = $1", &params![MAINTENANCE]).await?;
    row.map_or(Ok(false), |row| Ok(row.get::<Value>("value")? == json!(true)))
}

pub async fn save(tx: &mut Tx, admin: &PlatformAdmin, change: &ChangeInstallation) -> Result<()> {
    let values = [
        (REGISTRATION, json!(change.registration)),
        (MAINTENANCE, json!(change.maintenance)),
        (DEFAULT_TIER, json!(change.default_tier)),
        (REPORT_DAYS, json!(change.report_days)),
        (WEBHOOK_DELIVERY_DAYS, json!(change.webhook_delivery_days)),
        (NOTIFICATION_DAYS, json!(change.notification_days)),
    ];
    let now = tx.origin().now();
    for (key, value) in values.into_iter().filter(|(_, value)| !value.is_null()) {
        tx.execute(
            "INSERT INTO platform_settings (key, value, updated_by, updated_at) VALUES ($1, $2, $3, $4)
             ON CONFLICT (key) DO UPDATE SET value = excluded.value, updated_by = excluded.updated_by,
                updated_at = excluded.updated_at",
            &params![key, value, admin.user(), now],
        )
        .await?;
    }
    Ok(())
}
