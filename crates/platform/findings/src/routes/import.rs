//! What other tools have found.

use axum::Json;
use axum::extract::State;
use axum::http::{Method, StatusCode};
use rampart_access::Rule;
use rampart_forge::RepositoryId;
use rampart_web::{ApiError, Body, Caller, Id, Params, Route};
use serde::Deserialize;
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

use crate::access::ImportFindings;
use crate::imports::ImportedScan;
use crate::service::Findings;

pub(super) fn routes(findings: &Findings) -> Vec<Route> {
    let import = Rule::of::<ImportFindings>();
    vec![
        Route::new(Method::POST, "/repositories/{id}/findings/import", import, findings, import_findings)
            .summary("Bring in what another tool has found: SARIF 2.1.0, or a tool and a list")
            .asks::<ImportAsked>()
            .takes::<ImportBody>()
            .answers::<ImportedScan>(StatusCode::ACCEPTED),
    ]
}

#[derive(Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct ImportAsked {
    /// 7 to 64 hexadecimal digits: what the tool has looked at.
    commit_hash: Option<String>,
}

/// SARIF 2.1.0; or `{ "tool": "name", "findings": [{ "ruleId", "severity", "filePath", "lineNumber", "endLine", "message",
/// "codeSnippet", "fingerprint" }] }`.
#[derive(Deserialize, ToSchema)]
#[schema(value_type = Object)]
struct ImportBody(Value);

async fn import_findings(
    State(findings): State<Findings>,
    Caller(ctx): Caller,
    Id(id): Id<RepositoryId>,
    Params(asked): Params<ImportAsked>,
    Body(ImportBody(document)): Body<ImportBody>,
) -> Result<(StatusCode, Json<ImportedScan>), ApiError> {
    let scan = findings.import(&ctx, id, asked.commit_hash.as_deref(), document).await?;
    Ok((StatusCode::ACCEPTED, Json(scan)))
}
