//! The routes of channels.

use axum::Json;
use axum::extract::State;
use axum::http::{Method, StatusCode};
use rampart_access::Rule;
use rampart_kernel::Timestamp;
use rampart_mail::Address;
use rampart_web::{ApiError, Body, Caller, Done, Id, Listing, Page, Params, Route, list_of};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

use super::model::{
    Channel, ChannelId, ChannelType, Config, Delivery, DeliveryId, DeliveryStatus, Events, MOST_ATTEMPTS,
};
use super::sending::{Outcome, Tried};
use super::service::{ChangeChannel, MakeChannel};
use crate::access::ManageChannels;
use crate::model::{Kind, Severity};
use crate::service::Notifications;

pub fn routes(notifications: &Notifications) -> Vec<Route> {
    let rule = Rule::of::<ManageChannels>();
    let targeted = |route: Route| route.refuses(StatusCode::BAD_REQUEST, &["TARGET_NOT_ALLOWED", "VALIDATION_ERROR"]);
    vec![
        Route::new(Method::GET, "/notification-channels", rule, notifications, list_channels)
            .summary("Where the workspace is told besides its people")
            .asks::<Page>()
            .answers::<Channels>(StatusCode::OK),
        targeted(Route::new(Method::POST, "/notification-channels", rule, notifications, make_channel))
            .summary("Have a room of Slack, a program or addresses told")
            .takes::<MakeChannelBody>()
            .answers::<NotificationChannel>(StatusCode::CREATED)
            .refuses(StatusCode::CONFLICT, &["CONFLICT"]),
        targeted(Route::new(Method::PUT, "/notification-channels/{id}", rule, notifications, change_channel))
            .summary("Change a channel; what is not named stays")
            .takes::<ChangeChannelBody>()
            .answers::<NotificationChannel>(StatusCode::OK),
        Route::new(Method::DELETE, "/notification-channels/{id}", rule, notifications, delete_channel)
            .summary("Tell a channel no more")
            .answers::<Done>(StatusCode::OK),
        Route::new(Method::POST, "/notification-channels/{id}/test", rule, notifications, test_channel)
            .summary("Tell a channel that this is a test")
            .answers::<ChannelTested>(StatusCode::OK),
        Route::new(Method::GET, "/notification-channels/{id}/deliveries", rule, notifications, list_deliveries)
            .summary("What a channel was told, newest first")
            .lists::<DeliveriesAsked>()
            .answers::<NotificationDeliveries>(StatusCode::OK),
        Route::new(Method::POST, "/notification-deliveries/{id}/retry", rule, notifications, retry_delivery)
            .summary("Try a delivery again now")
            .answers::<NotificationDelivery>(StatusCode::ACCEPTED)
            .refuses(StatusCode::CONFLICT, &["INVALID_STATE_TRANSITION"]),
    ]
}

/// Of a channel's name, in characters.
const NAME_LENGTH: usize = 80;
/// Of an address, in bytes.
const URL_LENGTH: usize = 2_000;
/// Of a secret that bodies are signed with, in bytes: shorter ones are guessed.
const SECRET_LENGTHS: std::ops::RangeInclusive<usize> = 16..=200;
/// Addresses of one channel.
const MOST_ADDRESSES: usize = 20;

/// Where it leads. Never shown again.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ConfigBody {
    /// Of slack and webhook: `https://…`.
    url: Option<String>,
    /// Of webhook: 16 to 200 bytes that bodies are signed with.
    secret: Option<String>,
    /// Of email: 1 to 20.
    addresses: Option<Vec<String>>,
}

impl ConfigBody {
    fn read(self, channel_type: ChannelType) -> Result<Config, ApiError> {
        let wrong = |what: &str| ApiError::invalid("config", what);
        let url = self.url.filter(|url| url.len() <= URL_LENGTH);
        match (channel_type, url, self.secret, self.addresses) {
            (ChannelType::Slack, Some(url), None, None) => Ok(Config::Slack { url }),
            (ChannelType::Webhook, Some(url), Some(secret), None) if SECRET_LENGTHS.contains(&secret.len()) => {
                Ok(Config::Webhook { url, secret })
            }
            (ChannelType::Email, None, None, Some(addresses)) if (1..=MOST_ADDRESSES).contains(&addresses.len()) => {
                let read = addresses.iter().map(|text| text.parse::<Address>()).collect::<Result<_, _>>();
                Ok(Config::Email { addresses: read.map_err(|what| wrong(&what))? })
            }
            (ChannelType::Slack, ..) => Err(wrong("of slack is a url of at most 2000 bytes")),
            (ChannelType::Webhook, ..) => Err(wrong("of webhook is a url and a secret of 16 to 200 bytes")),
            (ChannelType::Email, ..) => Err(wrong("of email is 1 to 20 addresses")),
        }
    }
}

fn read_events(names: &[String]) -> Result<Events, ApiError> {
    if names.is_empty() || names.len() > Kind::ALL.len() {
        return Err(ApiError::invalid("events", "names what the channel hears of, or * for all"));
    }
    Events::parse(names).map_err(|_| ApiError::invalid("events", "has a name that is none; * stands for all"))
}

fn read_name(name: String) -> Result<String, ApiError> {
    let name = name.trim().to_owned();
    if (1..=NAME_LENGTH).contains(&name.chars().count()) && !name.contains(char::is_control) {
        Ok(name)
    } else {
        Err(ApiError::invalid("name", "has 1 to 80 characters"))
    }
}

#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct MakeChannelBody {
    /// slack, webhook or email.
    #[serde(rename = "type")]
    #[schema(value_type = String)]
    channel_type: ChannelType,
    #[schema(min_length = 1, max_length = 80)]
    name: String,
    config: ConfigBody,
    /// Types of notifications, or `*` for all.
    events: Vec<String>,
    /// The least that it hears of; low when nothing is said.
    #[schema(value_type = Option<String>)]
    min_severity: Option<Severity>,
    enabled: Option<bool>,
}

#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct ChangeChannelBody {
    /// As it is: a channel of another type is another channel.
    #[serde(rename = "type")]
    #[schema(value_type = Option<String>)]
    channel_type: Option<ChannelType>,
    #[schema(min_length = 1, max_length = 80)]
    name: Option<String>,
    /// Whole, or not at all. With it the type is named.
    config: Option<ConfigBody>,
    events: Option<Vec<String>>,
    #[schema(value_type = Option<String>)]
    min_severity: Option<Severity>,
    enabled: Option<bool>,
}

list_of!(Channels { channels: NotificationChannel });

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct NotificationChannel {
    id: String,
    #[serde(rename = "type")]
    channel_type: &'static str,
    name: String,
    /// As much of where it leads as is no secret.
    destination: String,
    events: Vec<&'static str>,
    min_severity: &'static str,
    enabled: bool,
    /// Tries in a row that failed.
    failure_count: u32,
    /// Why the program itself has switched it off.
    disabled_reason: Option<String>,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    updated_at: Timestamp,
}

impl From<Channel> for NotificationChannel {
    fn from(channel: Channel) -> NotificationChannel {
        NotificationChannel {
            id: channel.id.to_string(),
            channel_type: channel.channel_type.name(),
            events: channel.events.names(),
            name: channel.name,
            destination: channel.destination,
            min_severity: channel.min_severity.name(),
            enabled: channel.enabled,
            failure_count: channel.failures,
            disabled_reason: channel.disabled_reason,
            created_at: channel.created_at,
            updated_at: channel.updated_at,
        }
    }
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct ChannelTested {
    /// Of email: whether the message waits to be sent.
    delivered: bool,
    status_code: Option<u16>,
    error: Option<String>,
}

impl From<Tried> for ChannelTested {
    fn from(tried: Tried) -> ChannelTested {
        let delivered = tried.outcome == Outcome::Delivered;
        ChannelTested { delivered, status_code: tried.status_code, error: tried.error }
    }
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct DeliveriesAsked {
    /// pending, sent, failed or abandoned.
    #[param(value_type = Option<String>)]
    status: Option<DeliveryStatus>,
}

list_of!(NotificationDeliveries { deliveries: NotificationDelivery });

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct NotificationDelivery {
    id: String,
    channel_id: String,
    event: String,
    severity: &'static str,
    title: String,
    #[schema(value_type = Object)]
    data: Value,
    status: &'static str,
    attempts: u32,
    /// Tries after which it is given up.
    max_attempts: u32,
    #[schema(value_type = Option<String>, format = DateTime)]
    next_attempt_at: Option<Timestamp>,
    /// What the other side answered last.
    status_code: Option<u16>,
    last_error: Option<String>,
    #[schema(value_type = Option<String>, format = DateTime)]
    sent_at: Option<Timestamp>,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
}

impl From<Delivery> for NotificationDelivery {
    fn from(delivery: Delivery) -> NotificationDelivery {
        NotificationDelivery {
            id: delivery.id.to_string(),
            channel_id: delivery.channel.to_string(),
            event: delivery.notice.event,
            severity: delivery.notice.severity.name(),
            title: delivery.notice.title,
            data: delivery.notice.data,
            status: delivery.status.name(),
            attempts: delivery.attempts,
            max_attempts: MOST_ATTEMPTS,
            next_attempt_at: delivery.next_attempt_at,
            status_code: delivery.status_code,
            last_error: delivery.last_error,
            sent_at: delivery.sent_at,
            created_at: delivery.created_at,
        }
    }
}

async fn list_channels(
    State(notifications): State<Notifications>,
    Caller(ctx): Caller,
    Params(page): Params<Page>,
) -> Result<Json<Channels>, ApiError> {
    Ok(Json(Channels::new(notifications.channels(&ctx, page).await?.map(NotificationChannel::from))))
}

async fn make_channel(
    State(notifications): State<Notifications>,
    Caller(ctx): Caller,
    Body(body): Body<MakeChannelBody>,
) -> Result<(StatusCode, Json<NotificationChannel>), ApiError> {
    let make = MakeChannel {
        name: read_name(body.name)?,
        config: body.config.read(body.channel_type)?,
        events: read_events(&body.events)?,
        min_severity: body.min_severity.unwrap_or(Severity::Low),
        enabled: body.enabled.unwrap_or(true),
    };
    Ok((StatusCode::CREATED, Json(notifications.make_channel(&ctx, make).await?.into())))
}

async fn change_channel(
    State(notifications): State<Notifications>,
    Caller(ctx): Caller,
    Id(id): Id<ChannelId>,
    Body(body): Body<ChangeChannelBody>,
) -> Result<Json<NotificationChannel>, ApiError> {
    let config = match (body.config, body.channel_type) {
        (Some(config), Some(channel_type)) => Some(config.read(channel_type)?),
        (Some(_), None) => return Err(ApiError::invalid("type", "is named with config")),
        (None, _) => None,
    };
    let change = ChangeChannel {
        name: body.name.map(read_name).transpose()?,
        config,
        events: body.events.as_deref().map(read_events).transpose()?,
        min_severity: body.min_severity,
        enabled: body.enabled,
    };
    Ok(Json(notifications.change_channel(&ctx, id, change).await?.into()))
}

async fn delete_channel(
    State(notifications): State<Notifications>,
    Caller(ctx): Caller,
    Id(id): Id<ChannelId>,
) -> Result<Json<Done>, ApiError> {
    notifications.delete_channel(&ctx, id).await?;
    Ok(Json(Done::new()))
}

async fn test_channel(
    State(notifications): State<Notifications>,
    Caller(ctx): Caller,
    Id(id): Id<ChannelId>,
) -> Result<Json<ChannelTested>, ApiError> {
    Ok(Json(notifications.test_channel(&ctx, id).await?.into()))
}

async fn list_deliveries(
    State(notifications): State<Notifications>,
    Caller(ctx): Caller,
    Id(id): Id<ChannelId>,
    Listing { page, filter }: Listing<DeliveriesAsked>,
) -> Result<Json<NotificationDeliveries>, ApiError> {
    let found = notifications.deliveries(&ctx, id, filter.status, page).await?;
    Ok(Json(NotificationDeliveries::new(found.map(NotificationDelivery::from))))
}

async fn retry_delivery(
    State(notifications): State<Notifications>,
    Caller(ctx): Caller,
    Id(id): Id<DeliveryId>,
) -> Result<(StatusCode, Json<NotificationDelivery>), ApiError> {
    Ok((StatusCode::ACCEPTED, Json(notifications.retry_delivery(&ctx, id).await?.into())))
}
