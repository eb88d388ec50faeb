//! The routes of sessions and of the files that they left.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderName, HeaderValue, Method, StatusCode};
use axum::response::{AppendHeaders, IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use rampart_access::Rule;
use rampart_forge::{BranchName, CommitHash, RepositoryId};
use rampart_web::{ApiError, Attachment, Body, Caller, Class, Id, Listing, Params, Route, list_of};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::model::{AnalysisSession, Artifact, ArtifactType, VERSION};
use crate::access::{ReadScans, RunScans};
use crate::model::{ArtifactId, ScanId, Status, Task};
use crate::service::{Analysis, Request};
use crate::store::Filter;

pub fn routes(analysis: &Analysis) -> Vec<Route> {
    let (read, run) = (Rule::of::<ReadScans>(), Rule::of::<RunScans>());
    vec![
        Route::new(Method::POST, "/analysis/sessions", run, analysis, start_session)
            .summary("Analyse a repository")
            .takes::<SessionBody>()
            .answers::<AnalysisSession>(StatusCode::ACCEPTED)
            .refuses(StatusCode::CONFLICT, &["SCAN_ALREADY_RUNNING", "CONFLICT"])
            .refuses(StatusCode::TOO_MANY_REQUESTS, &["SCAN_QUOTA_EXCEEDED"]),
        Route::new(Method::GET, "/analysis/sessions", read, analysis, list_sessions)
            .summary("Sessions, the newest first")
            .lists::<Asked>()
            .answers::<AnalysisSessionList>(StatusCode::OK),
        Route::new(Method::GET, "/analysis/sessions/{id}", read, analysis, show_session)
            .summary("A session")
            .answers::<AnalysisSession>(StatusCode::OK),
        Route::new(Method::GET, "/analysis/sessions/{id}/tasks", read, analysis, list_tasks)
            .summary("The parts of a session")
            .answers::<AnalysisTasks>(StatusCode::OK),
        Route::new(Method::GET, "/analysis/sessions/{id}/artifacts", read, analysis, list_artifacts)
            .summary("The files that a session left, the newest first")
            .asks::<OfType>()
            .answers::<Artifacts>(StatusCode::OK),
        Route::new(Method::POST, "/analysis/sessions/{id}/cancel", run, analysis, cancel_session)
            .summary("End a session that waits or runs")
            .answers::<AnalysisSession>(StatusCode::OK)
            .refuses(StatusCode::CONFLICT, &["INVALID_STATE_TRANSITION"]),
        Route::new(Method::GET, "/analysis/artifacts/{id}/download", read, analysis, hand_out_artifact)
            .summary("A file that a session left, with its SHA-256 in `Digest`")
            .limited(&[Class::User, Class::Export])
            .answers_nothing(StatusCode::OK)
            .refuses(StatusCode::GONE, &["ARTIFACT_EXPIRED"]),
    ]
}

#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct SessionBody {
    #[schema(value_type = String)]
    repository_id: RepositoryId,
    source: Option<SessionSource>,
    /// v1
    version: Option<String>,
    /// static
    tasks: Option<Vec<String>>,
}

/// The default branch, when nothing is said.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct SessionSource {
    /// repository
    r#type: String,
    /// A branch, or 40 hexadecimal digits of a commit.
    r#ref: Option<String>,
}

impl SessionBody {
    fn request(&self) -> Result<Request, ApiError> {
        if self.version.as_deref().is_some_and(|version| version != VERSION) {
            return Err(ApiError::invalid("version", "is v1: there is no other way to analyse yet"));
        }
        if self.tasks.as_ref().is_some_and(|tasks| tasks.as_slice() != ["static"]) {
            return Err(ApiError::invalid("tasks", "is [\"static\"]: nothing else is done yet"));
        }
        let Some(source) = &self.source else { return Ok(Request { branch: None, hash: None, mode: None }) };
        if source.r#type != "repository" {
            return Err(ApiError::invalid("source.type", "is repository: connect what is to be analysed"));
        }
        let wrong = || ApiError::invalid("source.ref", "is the name of a branch or 40 digits of a commit");
        let named = source.r#ref.as_deref();
        let is_hash = |text: &&str| text.len() == 40 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        let hash = named.filter(is_hash).map(|text| text.parse::<CommitHash>().map_err(|_| wrong()));
        let branch = named.filter(|text| !is_hash(text)).map(|text| text.parse::<BranchName>().map_err(|_| wrong()));
        Ok(Request { branch: branch.transpose()?, hash: hash.transpose()?, mode: None })
    }
}

async fn start_session(
    State(analysis): State<Analysis>,
    Caller(ctx): Caller,
    Body(body): Body<SessionBody>,
) -> Result<(StatusCode, Json<AnalysisSession>), ApiError> {
    let scan = analysis.start(&ctx, body.repository_id, body.request()?).await?;
    Ok((StatusCode::ACCEPTED, Json(scan.into())))
}

#[derive(Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Asked {
    #[param(value_type = Option<String>)]
    repository_id: Option<RepositoryId>,
    #[param(value_type = Option<String>)]
    status: Option<Status>,
    /// v1
    version: Option<String>,
}

list_of!(AnalysisSessionList { sessions: AnalysisSession });

async fn list_sessions(
    State(analysis): State<Analysis>,
    Caller(ctx): Caller,
    Listing { page, filter }: Listing<Asked>,
) -> Result<Json<AnalysisSessionList>, ApiError> {
    let Asked { repository_id, status, version } = filter;
    if version.is_some_and(|version| version != VERSION) {
        return Err(ApiError::invalid("version", "is v1: there is no other way to analyse yet"));
    }
    let filter = Filter { repository: repository_id, status, ..Filter::default() };
    let found = analysis.list_scans(&ctx, &filter, page).await?;
    Ok(Json(AnalysisSessionList::new(found.map(AnalysisSession::from))))
}

async fn show_session(
    State(analysis): State<Analysis>,
    Caller(ctx): Caller,
    Id(id): Id<ScanId>,
) -> Result<Json<AnalysisSession>, ApiError> {
    Ok(Json(analysis.get_scan(&ctx, id).await?.0.into()))
}

#[derive(Serialize, ToSchema)]
struct AnalysisTasks {
    tasks: Vec<Task>,
}

async fn list_tasks(
    State(analysis): State<Analysis>,
    Caller(ctx): Caller,
    Id(id): Id<ScanId>,
) -> Result<Json<AnalysisTasks>, ApiError> {
    Ok(Json(AnalysisTasks { tasks: analysis.get_scan(&ctx, id).await?.1 }))
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct OfType {
    /// report, patch, log, metrics, graph or snapshot
    #[serde(rename = "type")]
    #[param(value_type = Option<String>)]
    kind: Option<ArtifactType>,
}

#[derive(Serialize, ToSchema)]
struct Artifacts {
    artifacts: Vec<Artifact>,
}

async fn list_artifacts(
    State(analysis): State<Analysis>,
    Caller(ctx): Caller,
    Id(id): Id<ScanId>,
    Params(OfType { kind }): Params<OfType>,
) -> Result<Json<Artifacts>, ApiError> {
    Ok(Json(Artifacts { artifacts: analysis.artifacts(&ctx, id, kind).await? }))
}

async fn cancel_session(
    State(analysis): State<Analysis>,
    Caller(ctx): Caller,
    Id(id): Id<ScanId>,
) -> Result<Json<AnalysisSession>, ApiError> {
    Ok(Json(analysis.cancel(&ctx, id).await?.into()))
}

async fn hand_out_artifact(
    State(analysis): State<Analysis>,
    Caller(ctx): Caller,
    Id(id): Id<ArtifactId>,
) -> Result<Response, ApiError> {
    let (kept, bytes) = analysis.artifact(&ctx, id).await?;
    let ending = kept.content_type.split([';', '+']).next().and_then(|kind| kind.rsplit('/').next()).unwrap_or("bin");
    let name = format!("{}-{id}.{ending}", kept.kind);
    let content_type = HeaderValue::from_str(&kept.content_type).map_err(|error| ApiError::internal(&error))?;
    let digest = digest(&kept.sha256).and_then(|digest| HeaderValue::try_from(digest).ok());
    let digest = digest.map(|digest| [(HeaderName::from_static("digest"), digest)]);
    Ok((digest.map(AppendHeaders), Attachment { name, content_type, bytes }).into_response())
}

/// As RFC 3230 has it.
fn digest(hex: &str) -> Option<String> {
    let byte = |at: usize| hex.get(at..at + 2).and_then(|pair| u8::from_str_radix(pair, 16).ok());
    let bytes: Option<Vec<u8>> = (0..hex.len()).step_by(2).map(byte).collect();
    bytes.map(|bytes| format!("sha-256={}", STANDARD.encode(bytes)))
}

#[cfg(test)]
mod tests {
    use super::digest;

    #[test]
    fn a_digest_is_in_base64() {
        assert_eq!(digest("00ff10").as_deref(), Some("sha-256=AP8Q"));
        assert_eq!(digest("0"), None);
        assert_eq!(digest("zz"), None);
    }
}
