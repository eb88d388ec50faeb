//! The routes of the settings.

use axum::Json;
use axum::extract::State;
use axum::http::{Method, StatusCode};
use rampart_access::Rule;
use rampart_web::{ApiError, Body, Caller, Route};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::model::{ChangeInstallation, Days, Installation, Retention};
use crate::service::Identity;
use crate::settings::RegistrationMode;
use crate::workspaces::model::Tier;

pub fn routes(identity: &Identity) -> Vec<Route> {
    let rule = Rule::PlatformAdmin;
    vec![
        Route::new(Method::GET, "/admin/settings", rule, identity, show_settings)
            .summary("What administrators change of the installation while it runs")
            .answers::<InstallationSettings>(StatusCode::OK),
        Route::new(Method::PATCH, "/admin/settings", rule, identity, change_settings)
            .summary("Change it; in force at once, on every node")
            .takes::<InstallationSettingsBody>()
            .answers::<InstallationSettings>(StatusCode::OK),
    ]
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct InstallationSettings {
    /// `invite` or `closed`.
    registration_mode: &'static str,
    /// Changes are taken from administrators of the installation only; others are answered 503.
    maintenance_mode: bool,
    /// Of workspaces that are made from now on: `free`, `pro` or `enterprise`.
    default_tier: &'static str,
    retention: Retention,
}

impl From<Installation> for InstallationSettings {
    fn from(installation: Installation) -> InstallationSettings {
        InstallationSettings {
            registration_mode: installation.registration.name(),
            maintenance_mode: installation.maintenance,
            default_tier: installation.default_tier.name(),
            retention: installation.retention,
        }
    }
}

#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct InstallationSettingsBody {
    #[schema(value_type = Option<String>)]
    registration_mode: Option<RegistrationMode>,
    maintenance_mode: Option<bool>,
    #[schema(value_type = Option<String>)]
    default_tier: Option<Tier>,
    #[serde(default)]
    retention: RetentionBody,
}

#[derive(Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct RetentionBody {
    #[schema(value_type = Option<u16>, minimum = 1, maximum = 3_650)]
    report_days: Option<Days>,
    #[schema(value_type = Option<u16>, minimum = 1, maximum = 3_650)]
    webhook_delivery_days: Option<Days>,
    #[schema(value_type = Option<u16>, minimum = 1, maximum = 3_650)]
    notification_days: Option<Days>,
}

async fn show_settings(
    State(identity): State<Identity>,
    Caller(ctx): Caller,
) -> Result<Json<InstallationSettings>, ApiError> {
    Ok(Json(identity.installation(&ctx).await?.into()))
}

async fn change_settings(
    State(identity): State<Identity>,
    Caller(ctx): Caller,
    Body(body): Body<InstallationSettingsBody>,
) -> Result<Json<InstallationSettings>, ApiError> {
    let change = ChangeInstallation {
        registration: body.registration_mode,
        maintenance: body.maintenance_mode,
        default_tier: body.default_tier,
        report_days: body.retention.report_days,
        webhook_delivery_days: body.retention.webhook_delivery_days,
        notification_days: body.retention.notification_days,
    };
    Ok(Json(identity.change_installation(&ctx, change).await?.into()))
}
