//! The routes: what they take and answer, and nothing decided.

use axum::Json;
use axum::extract::State;
use axum::http::{Method, StatusCode};
use rampart_access::Rule;
use rampart_kernel::Timestamp;
use rampart_web::{ApiError, Body, Caller, Done, Id, Listing, Params, Route, list_of};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::access::{ChangeNotifications, ReadNotifications};
use crate::model::{Kind, Notification, NotificationId, Preferences, Severity};
use crate::service::Notifications;
use crate::store::Filter;

pub fn routes(notifications: &Notifications) -> Vec<Route> {
    let (read, change) = (Rule::of::<ReadNotifications>(), Rule::of::<ChangeNotifications>());
    vec![
        Route::new(Method::GET, "/notifications", read, notifications, list_notifications)
            .summary("What one was told, the newest first")
            .lists::<Asked>()
            .answers::<List>(StatusCode::OK),
        Route::new(Method::GET, "/notifications/unread-count", read, notifications, count_unread)
            .summary("How much of it one has not read")
            .answers::<Unread>(StatusCode::OK),
        Route::new(Method::PATCH, "/notifications/{id}", change, notifications, mark_notification)
            .summary("Mark as read or unread")
            .takes::<MarkBody>()
            .answers::<Notification>(StatusCode::OK),
        Route::new(Method::DELETE, "/notifications/{id}", change, notifications, delete_notification)
            .summary("Delete one")
            .answers::<Done>(StatusCode::OK),
        Route::new(Method::POST, "/notifications/read-all", change, notifications, mark_all)
            .summary("Mark all as read, or all up to a time")
            .asks::<Before>()
            .answers::<Updated>(StatusCode::OK),
        Route::new(Method::GET, "/notifications/preferences", read, notifications, show_preferences)
            .summary("What one hears of, and how")
            .answers::<Preferences>(StatusCode::OK),
        Route::new(Method::PUT, "/notifications/preferences", change, notifications, save_preferences)
            .summary("Choose what one hears of, and how")
            .takes::<Preferences>()
            .answers::<Preferences>(StatusCode::OK),
    ]
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct Asked {
    unread: Option<bool>,
    #[serde(rename = "type")]
    #[param(value_type = Option<String>)]
    kind: Option<Kind>,
    /// info, low, medium, high or critical
    #[param(value_type = Option<String>)]
    severity: Option<Severity>,
    /// Only older ones than this: the last id of the page before, so that new ones do not shift the pages.
    #[param(value_type = Option<String>)]
    before: Option<NotificationId>,
}

list_of!(List { notifications: Notification, unread_count: u64 });

async fn list_notifications(
    State(notifications): State<Notifications>,
    Caller(ctx): Caller,
    Listing { page, filter }: Listing<Asked>,
) -> Result<Json<List>, ApiError> {
    let Asked { unread, kind, severity, before } = filter;
    let filter = Filter { unread, kind, severity, before };
    let (paged, unread) = notifications.list(&ctx, &filter, page).await?;
    Ok(Json(List::new(paged, unread)))
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Unread {
    unread_count: u64,
}

async fn count_unread(
    State(notifications): State<Notifications>,
    Caller(ctx): Caller,
) -> Result<Json<Unread>, ApiError> {
    Ok(Json(Unread { unread_count: notifications.count_unread(&ctx).await? }))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct MarkBody {
    read: bool,
}

async fn mark_notification(
    State(notifications): State<Notifications>,
    Caller(ctx): Caller,
    Id(id): Id<NotificationId>,
    Body(body): Body<MarkBody>,
) -> Result<Json<Notification>, ApiError> {
    Ok(Json(notifications.mark(&ctx, id, body.read).await?))
}

async fn delete_notification(
    State(notifications): State<Notifications>,
    Caller(ctx): Caller,
    Id(id): Id<NotificationId>,
) -> Result<Json<Done>, ApiError> {
    notifications.delete(&ctx, id).await?;
    Ok(Json(Done::new()))
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct Before {
    #[param(value_type = Option<String>)]
    before: Option<Timestamp>,
}

#[derive(Serialize, ToSchema)]
struct Updated {
    updated: u64,
}

async fn mark_all(
    State(notifications): State<Notifications>,
    Caller(ctx): Caller,
    Params(asked): Params<Before>,
) -> Result<Json<Updated>, ApiError> {
    Ok(Json(Updated { updated: notifications.mark_all(&ctx, asked.before).await? }))
}

async fn show_preferences(
    State(notifications): State<Notifications>,
    Caller(ctx): Caller,
) -> Result<Json<Preferences>, ApiError> {
    Ok(Json(notifications.preferences(&ctx).await?))
}

async fn save_preferences(
    State(notifications): State<Notifications>,
    Caller(ctx): Caller,
    Body(chosen): Body<Preferences>,
) -> Result<Json<Preferences>, ApiError> {
    Ok(Json(notifications.choose(&ctx, chosen).await?))
}
