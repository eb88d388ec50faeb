//! The routes of deliveries, for who administers the installation.

use axum::Json;
use axum::extract::State;
use axum::http::{Method, StatusCode};
use rampart_access::Rule;
use rampart_kernel::Timestamp;
use rampart_web::{ApiError, Caller, Id, Listing, Route, list_of};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

use super::model::{Delivery, DeliveryId, DeliveryStatus, WholeDelivery};
use super::store::DeliveryFilter;
use crate::model::Provider;
use crate::service::Forge;

pub fn routes(forge: &Forge) -> Vec<Route> {
    let rule = Rule::PlatformAdmin;
    vec![
        Route::new(Method::GET, "/admin/webhook-deliveries", rule, forge, list_deliveries)
            .summary("What forges delivered, of all workspaces, newest first")
            .lists::<DeliveriesAsked>()
            .answers::<WebhookDeliveries>(StatusCode::OK),
        Route::new(Method::GET, "/admin/webhook-deliveries/{id}", rule, forge, show_delivery)
            .summary("A delivery, with what it said")
            .answers::<WebhookDeliveryInFull>(StatusCode::OK),
        Route::new(Method::POST, "/admin/webhook-deliveries/{id}/replay", rule, forge, replay_delivery)
            .summary("Take a delivery again, as if the forge had delivered it again")
            .answers::<Replayed>(StatusCode::ACCEPTED)
            .refuses(StatusCode::CONFLICT, &["INVALID_STATE_TRANSITION"]),
    ]
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct DeliveriesAsked {
    /// github or gitlab.
    #[param(value_type = Option<String>)]
    provider: Option<Provider>,
    #[param(value_type = Option<String>)]
    status: Option<DeliveryStatus>,
}

list_of!(WebhookDeliveries { deliveries: WebhookDelivery });

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct WebhookDelivery {
    id: String,
    provider: &'static str,
    /// By which the forge knows it.
    delivery_id: String,
    event: String,
    repository_id: Option<String>,
    repository_name: Option<String>,
    workspace_id: Option<String>,
    /// queued: something follows from it; ignored: nothing does, and `error` says why.
    status: &'static str,
    error: Option<String>,
    /// Jobs that have replayed it.
    job_ids: Vec<String>,
    #[schema(value_type = String, format = DateTime)]
    received_at: Timestamp,
    #[schema(value_type = Option<String>, format = DateTime)]
    processed_at: Option<Timestamp>,
}

impl From<Delivery> for WebhookDelivery {
    fn from(delivery: Delivery) -> WebhookDelivery {
        WebhookDelivery {
            id: delivery.id.to_string(),
            provider: delivery.provider.name(),
            delivery_id: delivery.delivery,
            event: delivery.event,
            repository_id: delivery.repository.map(|id| id.to_string()),
            repository_name: delivery.repository_name,
            workspace_id: delivery.workspace.map(|id| id.to_string()),
            status: delivery.status.name(),
            error: delivery.error,
            job_ids: delivery.jobs,
            received_at: delivery.received_at,
            processed_at: delivery.processed_at,
        }
    }
}

#[derive(Serialize, ToSchema)]
struct WebhookDeliveryInFull {
    #[serde(flatten)]
    delivery: WebhookDelivery,
    #[schema(value_type = Object)]
    headers: Value,
    /// Of more than 64 KB only the size, as `bytes`.
    #[schema(value_type = Object)]
    payload: Value,
}

impl From<WholeDelivery> for WebhookDeliveryInFull {
    fn from(whole: WholeDelivery) -> WebhookDeliveryInFull {
        WebhookDeliveryInFull { delivery: whole.delivery.into(), headers: whole.headers, payload: whole.payload }
    }
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = DeliveryReplayed)]
struct Replayed {
    /// Nothing when one waits or runs already.
    job_id: Option<String>,
}

async fn list_deliveries(
    State(forge): State<Forge>,
    Caller(ctx): Caller,
    Listing { page, filter }: Listing<DeliveriesAsked>,
) -> Result<Json<WebhookDeliveries>, ApiError> {
    let filter = DeliveryFilter { provider: filter.provider, status: filter.status };
    Ok(Json(WebhookDeliveries::new(forge.deliveries(&ctx, &filter, page).await?.map(WebhookDelivery::from))))
}

async fn show_delivery(
    State(forge): State<Forge>,
    Caller(ctx): Caller,
    Id(id): Id<DeliveryId>,
) -> Result<Json<WebhookDeliveryInFull>, ApiError> {
    Ok(Json(forge.delivery(&ctx, id).await?.into()))
}

async fn replay_delivery(
    State(forge): State<Forge>,
    Caller(ctx): Caller,
    Id(id): Id<DeliveryId>,
) -> Result<(StatusCode, Json<Replayed>), ApiError> {
    let job = forge.replay(&ctx, id).await?;
    Ok((StatusCode::ACCEPTED, Json(Replayed { job_id: job.map(|id| id.to_string()) })))
}
