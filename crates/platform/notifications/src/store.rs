//! The module's SQL. Rows are reached by a proof, and by the person whose they are.

use std::collections::BTreeMap;

use rampart_access::{Granted, Permission};
use rampart_kernel::{Timestamp, UserId, WorkspaceId};
use rampart_store::{Error, EventId, Past, Reader, Result, Row, Sql, Tx, params};
use rampart_web::Page;

use crate::access::ChangeNotifications;
use crate::model::{Kind, Notification, NotificationId, Preferences, Severity};

/// Whose rows, where.
pub struct Own {
    workspace: WorkspaceId,
    user: UserId,
}

impl Own {
    /// # Errors
    /// The program itself has no notifications.
    pub fn of<P: Permission>(granted: &Granted<P>) -> Result<Own> {
        Ok(Own { workspace: granted.workspace(), user: granted.user().ok_or(Error::NotFound)? })
    }

    pub fn user(&self) -> UserId {
        self.user
    }
}

/// Notifications of one group that a batch of people has from ten minutes.
const MOST_OF_GROUP: i64 = 1_000;

/// What is asked of a list.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    pub unread: Option<bool>,
    pub kind: Option<Kind>,
    pub severity: Option<Severity>,
    /// Only older ones than this.
    pub before: Option<NotificationId>,
}

/// A notification on its way to one person.
pub struct New {
    pub id: NotificationId,
    pub user: UserId,
    /// Shown in the dashboard.
    pub shown: bool,
    /// Waits for a digest.
    pub digest: bool,
}

pub fn read(row: &Row) -> Result<Notification> {
    Ok(Notification {
        id: row.get("id")?,
        workspace: row.get("workspace_id")?,
        kind: row.get("type")?,
        title: row.get("title")?,
        body: row.get("body")?,
        severity: row.get::<Severity>("severity")?,
        link: row.get("link")?,
        data: row.get("data")?,
        read_at: row.get("read_at")?,
        created_at: row.get("created_at")?,
    })
}

fn count(row: &Row) -> Result<u64> {
    Ok(u64::try_from(row.get::<i64>("count")?).unwrap_or(0))
}

/// The newest first; and how many there are.
pub async fn list(reader: &mut Reader, own: &Own, filter: &Filter, page: Page) -> Result<(Vec<Notification>, u64)> {
    let filtered = |select: &'static str| {
        let mut sql = Sql::new(select).push(" FROM notifications WHERE user_id = ").bind(own.user);
        sql = sql.push(" AND workspace_id = ").bind(own.workspace).push(" AND shown = TRUE");
        sql = match filter.unread {
            Some(true) => sql.push(" AND read_at IS NULL"),
            Some(false) => sql.push(" AND read_at IS NOT NULL"),
            None => sql,
        };
        if let Some(kind) = filter.kind {
            sql = sql.push(" AND type = ").bind(kind);
        }
        if let Some(severity) = filter.severity {
            sql = sql.push(" AND severity = ").bind(severity);
        }
        // Ids are ordered by their time.
        if let Some(before) = filter.before {
            sql = sql.push(" AND id < ").bind(before);
        }
        sql
    };
    let sql = filtered("SELECT *").push(" ORDER BY id DESC LIMIT ").bind(page.limit).push(" OFFSET ");
    let sql = sql.bind(page.offset());
    let rows = reader.list(sql.text(), sql.params()).await?;
    let sql = filtered("SELECT COUNT(*) AS count");
    let total = count(&reader.get(sql.text(), sql.params()).await?)?;
    Ok((rows.iter().map(read).collect::<Result<_>>()?, total))
}

pub async fn count_unread(reader: &mut Reader, own: &Own) -> Result<u64> {
    let sql = "SELECT COUNT(*) AS count FROM notifications
               WHERE user_id = $1 AND workspace_id = $2 AND shown = TRUE AND read_at IS NULL";
    count(&reader.get(sql, &params![own.user, own.workspace]).await?)
}

/// As it is after the change.
pub async fn mark(tx: &mut Tx, own: &Own, id: NotificationId, read_at: Option<Timestamp>) -> Result<Notification> {
    // Who reads it again has read it when they first did.
    let sql = match read_at {
        Some(_) => {
            "UPDATE notifications SET read_at = COALESCE(read_at, $4)
                    WHERE id = $1 AND user_id = $2 AND workspace_id = $3 AND shown = TRUE RETURNING *"
        }
        None => {
            "UPDATE notifications SET read_at = $4
                 WHERE id = $1 AND user_id = $2 AND workspace_id = $3 AND shown = TRUE RETURNING *"
        }
    };
    let rows = tx.change(sql, &params![id, own.user, own.workspace, read_at]).await?;
    read(rows.first().ok_or(Error::NotFound)?)
}

pub async fn mark_all(tx: &mut Tx, own: &Own, until: Timestamp) -> Result<u64> {
    let now = tx.origin().now();
    let sql = "UPDATE notifications SET read_at = $4
               WHERE user_id = $1 AND workspace_id = $2 AND shown = TRUE AND read_at IS NULL AND created_at <= $3";
    tx.execute(sql, &params![own.user, own.workspace, until, now]).await
}

pub async fn delete(tx: &mut Tx, own: &Own, id: NotificationId) -> Result<()> {
    let sql = "DELETE FROM notifications WHERE id = $1 AND user_id = $2 AND workspace_id = $3 AND shown = TRUE";
    let removed = tx.execute(sql, &params![id, own.user, own.workspace]).await?;
    if removed == 0 { Err(Error::NotFound) } else { Ok(()) }
}

pub async fn preferences(reader: &mut Reader, own: &Own) -> Result<Preferences> {
    let mut found = preferences_of(reader, own.workspace, &[own.user]).await?;
    Ok(found.remove(&own.user).unwrap_or_default())
}

/// Of those who have chosen any.
pub async fn preferences_of(
    reader: &mut Reader,
    workspace: WorkspaceId,
    users: &[UserId],
) -> Result<BTreeMap<UserId, Preferences>> {
    let sql = Sql::new("SELECT user_id, chosen FROM notification_preferences WHERE workspace_id = ").bind(workspace);
    let sql = sql.push(" AND user_id IN (").bind_all(users.iter().copied()).push(") ORDER BY user_id LIMIT ");
    let sql = sql.bind(i64::try_from(users.len()).unwrap_or(i64::MAX));
    let read = |row: &Row| {
        let chosen: serde_json::Value = row.get("chosen")?;
        // What an older version wrote and this one does not know counts as not chosen.
        Ok((row.get("user_id")?, serde_json::from_value(chosen).unwrap_or_default()))
    };
    reader.list(sql.text(), sql.params()).await?.iter().map(read).collect()
}

pub async fn save_preferences(tx: &mut Tx, granted: &Granted<ChangeNotifications>, chosen: &Preferences) -> Result<()> {
    let own = Own::of(granted)?;
    let now = tx.origin().now();
    let chosen = serde_json::to_value(chosen).map_err(|error| Error::Unexpected(error.into()))?;
    let sql = "INSERT INTO notification_preferences (user_id, workspace_id, chosen, updated_at) VALUES ($1, $2, $3, $4)
               ON CONFLICT (user_id, workspace_id) DO UPDATE SET chosen = excluded.chosen, updated_at = excluded.updated_at";
    tx.execute(sql, &params![own.user, own.workspace, chosen, now]).await.map(drop)
}

/// Those who had not heard of the event yet.
pub async fn insert(
    tx: &mut Tx,
    event: EventId,
    like: &Notification,
    group: Option<&str>,
    new: &[New],
) -> Result<Vec<UserId>> {
    if new.is_empty() {
        return Ok(Vec::new());
    }
    let mut sql = Sql::new(
        "INSERT INTO notifications
         (id, workspace_id, user_id, event_id, type, title, body, severity, link, data, shown, digest, group_key, created_at)
         VALUES ",
    );
    for (index, one) in new.iter().enumerate() {
        sql = sql.push(if index == 0 { "(" } else { ", (" }).bind(one.id).push(", ").bind(like.workspace);
        sql = sql.push(", ").bind(one.user).push(", ").bind(rampart_kernel::Id::uuid(event)).push(", ").bind(like.kind);
        sql = sql.push(", ").bind(like.title.as_str()).push(", ").bind(like.body.as_str());
        sql = sql.push(", ").bind(like.severity).push(", ").bind(like.link.clone()).push(", ").bind(like.data.clone());
        sql = sql.push(", ").bind(one.shown).push(", ").bind(one.digest).push(", ").bind(group.map(str::to_owned));
        sql = sql.push(", ").bind(like.created_at).push(")");
    }
    sql = sql.push(" ON CONFLICT (event_id, user_id) DO NOTHING RETURNING user_id");
    tx.change(sql.text(), sql.params()).await?.iter().map(|row| row.get("user_id")).collect()
}

/// What these people have of a group since a time, the newest first.
pub async fn of_group(
    reader: &mut Reader,
    workspace: WorkspaceId,
    users: &[UserId],
    group: &str,
    since: Timestamp,
) -> Result<Vec<(UserId, Notification)>> {
    let sql = Sql::new("SELECT * FROM notifications WHERE group_key = ").bind(group).push(" AND created_at >= ");
    let sql = sql.bind(since).push(" AND workspace_id = ").bind(workspace).push(" AND user_id IN (");
    let sql = sql.bind_all(users.iter().copied()).push(") ORDER BY id DESC LIMIT ").bind(MOST_OF_GROUP);
    reader.list(sql.text(), sql.params()).await?.iter().map(|row| Ok((row.get("user_id")?, read(row)?))).collect()
}

/// It tells of more now; and is told with the next digest, if its person wants digests.
pub async fn tell_more(tx: &mut Tx, told: &Notification, digest: bool) -> Result<()> {
    let sql = "UPDATE notifications SET title = $2, body = $3, severity = $4, link = $5, data = $6, digest = $7 WHERE id = $1";
    let (title, body, link) = (told.title.as_str(), told.body.as_str(), told.link.clone());
    tx.execute(sql, &params![told.id, title, body, told.severity, link, told.data.clone(), digest]).await.map(drop)
}

/// Who has something waiting for a digest, in the order of workspaces and people, from behind `after`.
pub async fn waiting(
    reader: &mut Reader,
    after: Option<(WorkspaceId, UserId)>,
    limit: i64,
) -> Result<Vec<(WorkspaceId, UserId)>> {
    let mut sql = Sql::new("SELECT workspace_id, user_id FROM notifications WHERE digest = TRUE");
    if let Some((workspace, user)) = after {
        sql = sql.push(" AND (workspace_id > ").bind(workspace).push(" OR (workspace_id = ").bind(workspace);
        sql = sql.push(" AND user_id > ").bind(user).push("))");
    }
    sql = sql.push(" GROUP BY workspace_id, user_id ORDER BY workspace_id, user_id LIMIT ").bind(limit);
    let rows = reader.list(sql.text(), sql.params()).await?;
    rows.iter().map(|row| Ok((row.get("workspace_id")?, row.get("user_id")?))).collect()
}

/// What waited at `due`, the newest first, at most `limit`; and how many more there are.
pub async fn digest(
    reader: &mut Reader,
    (workspace, user): (WorkspaceId, UserId),
    due: Timestamp,
    limit: i64,
) -> Result<(Vec<Notification>, u64)> {
    let from = "FROM notifications WHERE workspace_id = $1 AND user_id = $2 AND digest = TRUE AND created_at <= $3";
    let sql = format!("SELECT * {from} ORDER BY id DESC LIMIT $4");
    let rows = reader.list(&sql, &params![workspace, user, due, limit]).await?;
    let all = count(&reader.get(&format!("SELECT COUNT(*) AS count {from}"), &params![workspace, user, due]).await?)?;
    let items: Vec<Notification> = rows.iter().map(read).collect::<Result<_>>()?;
    let more = all.saturating_sub(items.len() as u64);
    Ok((items, more))
}

/// What waited at `due` waits no more; what was not shown either is done with.
pub async fn settle(tx: &mut Tx, (workspace, user): (WorkspaceId, UserId), due: Timestamp) -> Result<u64> {
    let sql = "UPDATE notifications SET digest = FALSE
               WHERE workspace_id = $1 AND user_id = $2 AND digest = TRUE AND created_at <= $3";
    tx.execute(sql, &params![workspace, user, due]).await
}

/// What was read.
pub const READ: Past = Past::of("notifications", "read_at");

/// What was made, read or not.
pub const MADE: Past = Past::of("notifications", "created_at");
