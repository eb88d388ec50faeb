//! The routes of the audit record.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderValue, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use rampart_access::Rule;
use rampart_access::audit::{AuditId, Break, Filter, Outcome};
use rampart_kernel::{Timestamp, UserId};
use rampart_web::{ApiError, Attachment, Caller, Class, Params, Route};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::export::{self, EntryAnswer};
use super::service::{MOST_EXPORTED, Whose};
use crate::access::ReadAudit;
use crate::module::Operations;

pub fn routes(operations: &Operations) -> Vec<Route> {
    let get = Method::GET;
    // Who asks for the record of all is asked for more by the service.
    let rule = Rule::of::<ReadAudit>();
    vec![
        Route::new(get.clone(), "/audit-logs", rule, operations, list_audit_log)
            .summary("Who did what, newest first")
            .asks::<Asked>()
            .answers::<AuditLog>(StatusCode::OK),
        Route::new(get.clone(), "/audit-logs/export", rule, operations, export_audit_log)
            .summary("Who did what, as a file of at most 10,000 rows")
            .limited(&[Class::User, Class::Export])
            .asks::<ExportAsked>()
            .answers_nothing(StatusCode::OK),
        Route::new(get, "/audit-logs/verify", rule, operations, verify_audit_log)
            .summary("Whether the record was changed")
            .limited(&[Class::User, Class::Export])
            .asks::<VerifyAsked>()
            .answers::<Verified>(StatusCode::OK),
    ]
}

rampart_kernel::named! {
    /// Whose record.
    pub enum ScopeAsked {
        Workspace = "workspace",
        Platform = "platform",
    }
}

rampart_kernel::named! {
    /// What kind of file.
    pub enum Format {
        Csv = "csv",
        Jsonl = "jsonl",
    }
}

fn whose(scope: Option<ScopeAsked>) -> Whose {
    match scope {
        None | Some(ScopeAsked::Workspace) => Whose::Workspace,
        Some(ScopeAsked::Platform) => Whose::Platform,
    }
}

/// Rows of a page.
const USUAL: u32 = 20;
const LARGEST: u32 = 100;

macro_rules! asked {
    ($name:ident { $($(#[$meta:meta])* $field:ident: $type:ty),* }) => {
        #[derive(Deserialize, IntoParams)]
        #[serde(rename_all = "camelCase", deny_unknown_fields)]
        #[into_params(rename_all = "camelCase")]
        struct $name {
            /// workspace, or platform for all of them
            #[param(value_type = Option<String>)]
            scope: Option<ScopeAsked>,
            #[param(value_type = Option<String>, format = Uuid)]
            user_id: Option<UserId>,
            action: Option<String>,
            resource: Option<String>,
            resource_id: Option<String>,
            /// success or failure
            #[param(value_type = Option<String>)]
            status: Option<Outcome>,
            ip: Option<String>,
            #[param(value_type = Option<String>, format = DateTime)]
            from: Option<Timestamp>,
            #[param(value_type = Option<String>, format = DateTime)]
            to: Option<Timestamp>,
            /// Where the page before ended: its `nextCursor`.
            #[param(value_type = Option<String>, format = Uuid)]
            cursor: Option<AuditId>,
            $($(#[$meta])* $field: $type),*
        }

        impl $name {
            fn filter(&self) -> Filter {
                Filter {
                    user: self.user_id,
                    action: self.action.clone(),
                    resource: self.resource.clone(),
                    resource_id: self.resource_id.clone(),
                    status: self.status,
                    ip_address: self.ip.clone(),
                    from: self.from,
                    to: self.to,
                    after: self.cursor,
                }
            }
        }
    };
}

asked! {
    Asked {
        /// Rows of the page, 20 unless told.
        #[param(minimum = 1, maximum = 100)]
        limit: Option<u32>
    }
}

asked! {
    ExportAsked {
        /// jsonl or csv
        #[param(value_type = Option<String>)]
        format: Option<Format>
    }
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct AuditLog {
    audit_logs: Vec<EntryAnswer>,
    /// Nothing at the end.
    next_cursor: Option<String>,
}

/// The id of the last row, when there may be more.
fn next_cursor(entries: &[EntryAnswer], limit: u32) -> Option<String> {
    entries.last().filter(|_| entries.len() == limit as usize).map(|last| last.id.clone())
}

async fn list_audit_log(
    State(operations): State<Operations>,
    Caller(ctx): Caller,
    Params(asked): Params<Asked>,
) -> Result<Json<AuditLog>, ApiError> {
    let limit = asked.limit.unwrap_or(USUAL);
    if !(1..=LARGEST).contains(&limit) {
        return Err(ApiError::invalid("limit", "goes from 1 to 100"));
    }
    let entries = operations.audit_log(&ctx, whose(asked.scope), &asked.filter(), limit).await?;
    let audit_logs: Vec<EntryAnswer> = entries.into_iter().map(EntryAnswer::from).collect();
    Ok(Json(AuditLog { next_cursor: next_cursor(&audit_logs, limit), audit_logs }))
}

async fn export_audit_log(
    State(operations): State<Operations>,
    Caller(ctx): Caller,
    Params(asked): Params<ExportAsked>,
) -> Result<Response, ApiError> {
    let entries = operations.export_audit_log(&ctx, whose(asked.scope), &asked.filter()).await?;
    let entries: Vec<EntryAnswer> = entries.into_iter().map(EntryAnswer::from).collect();
    let (media, name, text) = match asked.format.unwrap_or(Format::Jsonl) {
        Format::Csv => ("text/csv; charset=utf-8; header=present", "audit.csv", export::csv(&entries)),
        Format::Jsonl => ("application/jsonl; charset=utf-8", "audit.jsonl", export::json_lines(&entries)),
    };
    let content_type = HeaderValue::from_static(media);
    let mut response = Attachment { name: name.to_owned(), content_type, bytes: text }.into_response();
    let headers = response.headers_mut();
    let next = next_cursor(&entries, MOST_EXPORTED).and_then(|next| HeaderValue::from_str(&next).ok());
    if let Some(next) = next {
        headers.insert("x-next-cursor", next);
    }
    Ok(response)
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct VerifyAsked {
    /// workspace, or platform for all of them
    #[param(value_type = Option<String>)]
    scope: Option<ScopeAsked>,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Verified {
    valid: bool,
    /// Rows.
    checked: u64,
    /// The first break of each chain that has one.
    broken: Vec<Broken>,
}

#[derive(Serialize, ToSchema)]
struct Broken {
    /// A workspace, or platform.
    chain: String,
    /// row: it was changed, or the one before it is missing; cut: rows are missing from here on; head: the end was changed
    kind: &'static str,
    /// The number of the row in its chain.
    seq: Option<i64>,
}

async fn verify_audit_log(
    State(operations): State<Operations>,
    Caller(ctx): Caller,
    Params(asked): Params<VerifyAsked>,
) -> Result<Json<Verified>, ApiError> {
    let verdict = operations.verify_audit_log(&ctx, whose(asked.scope)).await?;
    let broken = verdict.broken.into_iter().map(|(chain, found)| match found {
        Break::Row(seq) => Broken { chain, kind: "row", seq: Some(seq) },
        Break::Cut(seq) => Broken { chain, kind: "cut", seq: Some(seq) },
        Break::Head => Broken { chain, kind: "head", seq: None },
    });
    let broken: Vec<Broken> = broken.collect();
    Ok(Json(Verified { valid: broken.is_empty(), checked: verdict.checked, broken }))
}
