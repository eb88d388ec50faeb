//! The record as a file.

use rampart_kernel::Timestamp;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::service::Entry;

/// A row as it is shown and exported.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct EntryAnswer {
    pub id: String,
    #[schema(value_type = String, format = DateTime)]
    pub timestamp: Timestamp,
    pub workspace_id: Option<String>,
    pub user_id: Option<String>,
    pub user_email: Option<String>,
    /// user, token, system or anonymous
    pub actor_type: String,
    pub action: String,
    pub resource: String,
    pub resource_id: Option<String>,
    pub status: &'static str,
    pub details: Value,
    /// What it was before and after.
    pub changes: Option<Value>,
    pub ip_address: Option<String>,
    pub user_agent: Option<String>,
    pub request_id: String,
}

impl From<Entry> for EntryAnswer {
    fn from(Entry { row, email }: Entry) -> EntryAnswer {
        EntryAnswer {
            id: row.id.to_string(),
            timestamp: row.created_at,
            workspace_id: row.workspace.map(|id| id.to_string()),
            user_id: row.user.map(|id| id.to_string()),
            user_email: email,
            actor_type: row.actor_type,
            action: row.action,
            resource: row.resource,
            resource_id: row.resource_id,
            status: row.status.name(),
            details: row.details,
            changes: row.changes,
            ip_address: row.ip_address,
            user_agent: row.user_agent,
            request_id: row.request_id,
        }
    }
}

/// One object per line.
pub fn json_lines(entries: &[EntryAnswer]) -> String {
    let mut text = String::new();
    for entry in entries {
        text += &serde_json::to_string(entry).expect("texts and numbers can be written");
        text.push('\n');
    }
    text
}

const COLUMNS: &str = "id,timestamp,workspaceId,userId,userEmail,actorType,action,resource,resourceId,status,details,changes,\
                       ipAddress,userAgent,requestId\r\n";

/// As RFC 4180 has it, every cell in quotes.
pub fn csv(entries: &[EntryAnswer]) -> String {
    let mut text = COLUMNS.to_owned();
    for entry in entries {
        let optional = |text: &Option<String>| text.clone().unwrap_or_default();
        let cells = [
            entry.id.clone(),
            entry.timestamp.to_string(),
            optional(&entry.workspace_id),
            optional(&entry.user_id),
            optional(&entry.user_email),
            entry.actor_type.clone(),
            entry.action.clone(),
            entry.resource.clone(),
            optional(&entry.resource_id),
            entry.status.to_owned(),
            entry.details.to_string(),
            entry.changes.as_ref().map(Value::to_string).unwrap_or_default(),
            optional(&entry.ip_address),
            optional(&entry.user_agent),
            entry.request_id.clone(),
        ];
        let row: Vec<String> = cells.iter().map(|cell| quoted(cell)).collect();
        text += &row.join(",");
        text += "\r\n";
    }
    text
}

/// A spreadsheet calculates what begins like a formula, with whatever it is told to fetch; an apostrophe makes it a text.
fn quoted(cell: &str) -> String {
    let formula = cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']);
    let guard = if formula { "'" } else { "" };
    format!("\"{guard}{}\"", cell.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_is_a_text_whatever_it_holds() {
        assert_eq!(quoted("plain"), "\"plain\"");
        assert_eq!(quoted("say \"hi\", twice"), "\"say \"\"hi\"\", twice\"");
        for formula in ["=HYPERLINK(1)", "+1", "-1", "@SUM(1)", "\t=1", "\r=1"] {
            assert!(quoted(formula).starts_with("\"'"), "{formula:?}");
        }
    }
}
