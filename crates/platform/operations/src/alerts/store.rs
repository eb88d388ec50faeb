//! The SQL of alerts: one row for each rule, as it stood when it was looked at last.

use std::collections::BTreeMap;

use rampart_store::{Migration, Reader, Result, Row, Sql, Tx, params};

use super::model::Alert;

pub const TABLES: Migration = Migration::new(
    "operations/0002-alerts",
    "CREATE TABLE platform_alerts (
        rule TEXT PRIMARY KEY,
        state TEXT NOT NULL CHECK (state IN ('ok', 'firing')),
        value {real} NOT NULL,
        since {ts} NOT NULL,
        checked_at {ts} NOT NULL
    )",
);

/// More than there are rules.
const MOST: i64 = 1_000;

/// By rule.
pub async fn list(reader: &mut Reader) -> Result<BTreeMap<String, Alert>> {
    let rows = reader.list("SELECT * FROM platform_alerts ORDER BY rule LIMIT $1", &params![MOST]).await?;
    let read = |row: &Row| {
        Ok(Alert {
            rule: row.get("rule")?,
            state: row.get("state")?,
            value: row.get("value")?,
            since: row.get("since")?,
            checked_at: row.get("checked_at")?,
        })
    };
    rows.iter().map(read).map(|alert| alert.map(|alert: Alert| (alert.rule.clone(), alert))).collect()
}

/// As they stand now, all in one statement.
pub async fn save(tx: &mut Tx, alerts: &[Alert]) -> Result<()> {
    if alerts.is_empty() {
        return Ok(());
    }
    let mut sql = Sql::new("INSERT INTO platform_alerts (rule, state, value, since, checked_at) VALUES ");
    for (index, alert) in alerts.iter().enumerate() {
        sql = sql.push(if index == 0 { "(" } else { ", (" }).bind(alert.rule.as_str()).push(", ").bind(alert.state);
        sql = sql.push(", ").bind(alert.value).push(", ").bind(alert.since).push(", ").bind(alert.checked_at).push(")");
    }
    sql = sql.push(
        " ON CONFLICT (rule) DO UPDATE SET state = excluded.state, value = excluded.value, since = excluded.since,
             checked_at = excluded.checked_at",
    );
    tx.execute(sql.text(), sql.params()).await.map(drop)
}
