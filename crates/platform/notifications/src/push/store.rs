//! The SQL of subscriptions.

use rampart_access::SignedIn;
use rampart_kernel::{Sealed, SealedColumn, UserId};
use rampart_store::{Migration, Reader, Result, Row, Sql, Tx, params};

use crate::model::{Notification, NotificationId};
use crate::store::read;

rampart_kernel::id! {
    /// One browser of one person.
    SubscriptionId,
}

pub const TABLES: Migration = Migration::new(
    "notifications/0004-push",
    "CREATE TABLE push_subscriptions (
        id {uuid} PRIMARY KEY,
        user_id {uuid} NOT NULL REFERENCES users (id) ON DELETE CASCADE,
        endpoint TEXT NOT NULL UNIQUE,
        p256dh TEXT NOT NULL,
        auth TEXT NOT NULL,
        user_agent TEXT,
        created_at {ts} NOT NULL
    );
    CREATE INDEX push_subscriptions_user ON push_subscriptions (user_id)",
);

pub const AUTH: SealedColumn =
    SealedColumn { table: "push_subscriptions", column: "auth", row: "id", sealed_as: "auth" };

/// Browsers of the people of a batch.
const MOST: i64 = 5_000;

/// A browser that is told.
pub struct Subscription {
    pub id: SubscriptionId,
    pub endpoint: String,
    /// In base64url.
    pub p256dh: String,
    pub auth: Sealed,
}

pub async fn count(reader: &mut Reader, who: SignedIn) -> Result<u32> {
    let sql = "SELECT COUNT(*) AS count FROM push_subscriptions WHERE user_id = $1";
    reader.get(sql, &params![who.user()]).await?.get("count")
}

/// A browser is one person's: of who used it last.
pub async fn insert(tx: &mut Tx, who: SignedIn, new: &Subscription, user_agent: Option<&str>) -> Result<()> {
    let now = tx.origin().now();
    tx.execute("DELETE FROM push_subscriptions WHERE endpoint = $1", &params![&new.endpoint]).await?;
    let sql = "INSERT INTO push_subscriptions (id, user_id, endpoint, p256dh, auth, user_agent, created_at)
               VALUES ($1, $2, $3, $4, $5, $6, $7)";
    let auth = new.auth.as_text();
    tx.execute(sql, &params![new.id, who.user(), &new.endpoint, &new.p256dh, auth, user_agent, now]).await.map(drop)
}

/// Whether there was one.
pub async fn delete_own(tx: &mut Tx, who: SignedIn, endpoint: &str) -> Result<bool> {
    let sql = "DELETE FROM push_subscriptions WHERE user_id = $1 AND endpoint = $2";
    Ok(tx.execute(sql, &params![who.user(), endpoint]).await? > 0)
}

/// The browser is there no more, as its push service says.
pub async fn forget(tx: &mut Tx, id: SubscriptionId) -> Result<()> {
    tx.execute("DELETE FROM push_subscriptions WHERE id = $1", &params![id]).await.map(drop)
}

pub async fn of_users(
    reader: &mut Reader,
    users: impl IntoIterator<Item = UserId>,
) -> Result<Vec<(UserId, SubscriptionId)>> {
    let sql = Sql::new("SELECT user_id, id FROM push_subscriptions WHERE user_id IN (").bind_all(users);
    let sql = sql.push(") ORDER BY user_id, id LIMIT ").bind(MOST);
    let read = |row: &Row| Ok((row.get("user_id")?, row.get("id")?));
    reader.list(sql.text(), sql.params()).await?.iter().map(read).collect()
}

/// What one browser is told: nothing when either is gone, or they are not of one person.
pub async fn find(
    reader: &mut Reader,
    notification: NotificationId,
    subscription: SubscriptionId,
) -> Result<Option<(Notification, Subscription)>> {
    let sql = "SELECT n.*, s.id AS subscription_id, s.endpoint, s.p256dh, s.auth FROM push_subscriptions s
               JOIN notifications n ON n.user_id = s.user_id WHERE s.id = $1 AND n.id = $2";
    let Some(row) = reader.find(sql, &params![subscription, notification]).await? else { return Ok(None) };
    let found = Subscription {
        id: row.get("subscription_id")?,
        endpoint: row.get("endpoint")?,
        p256dh: row.get("p256dh")?,
        auth: Sealed::from_text(row.get("auth")?),
    };
    Ok(Some((read(&row)?, found)))
}
