//! The facts that this module publishes.

use rampart_kernel::UserId;
use rampart_realtime::Feed;
use rampart_store::Event;
use serde::Serialize;

use crate::channels::model::ChannelId;
use crate::model::{Notification, NotificationId};

/// To the person's own sockets only (`notification:new`).
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct NotificationCreated<'a> {
    pub user_id: UserId,
    pub notification: &'a Notification,
}

impl Event for NotificationCreated<'_> {
    const NAME: &'static str = "notification.created";
}

/// Notifications were marked, or all up to now when none is named (`notification:read`).
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct NotificationRead {
    pub user_id: UserId,
    pub notification_id: Option<NotificationId>,
}

impl Event for NotificationRead {
    const NAME: &'static str = "notification.read";
}

/// A channel failed too often and was switched off.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ChannelDisabled<'a> {
    pub channel_id: ChannelId,
    pub name: &'a str,
    pub reason: &'a str,
}

impl Event for ChannelDisabled<'_> {
    const NAME: &'static str = "channel.disabled";
}

/// What of it goes out over sockets.
pub fn feed() -> Feed {
    Feed::new()
        .to_user::<NotificationCreated<'static>>()
        .under::<NotificationCreated<'static>>("notification:new")
        .to_user::<NotificationRead>()
}
