//! The routes: what they take and answer, and nothing decided.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::{HeaderValue, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use rampart_access::Rule;
use rampart_findings::{ReadFindings, Severity, VulnerabilityDetail, VulnerabilitySummary};
use rampart_forge::git::Diff;
use rampart_forge::{BranchName, Commit, CommitHash, RepositoryId};
use rampart_kernel::Timestamp;
use rampart_web::{ApiError, Attachment, Body, Caller, Class, Id, Listing, Page, Params, Route, list_of};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::access::{ReadScans, RunScans};
use crate::model::{Kind, Mode, Scan, ScanId, Seen, Status, Task, Trigger};
use crate::service::{Analysis, Form, MOST_AT_ONCE, Request, SHOWN};
use crate::store::Filter;

pub fn routes(analysis: &Analysis) -> Vec<Route> {
    let (read, run) = (Rule::of::<ReadScans>(), Rule::of::<RunScans>());
    vec![
        Route::new(Method::POST, "/repositories/{id}/scan", run, analysis, start_scan)
            .summary("Scan a repository")
            .takes::<StartBody>()
            .answers::<Scan>(StatusCode::ACCEPTED)
            .refuses(StatusCode::CONFLICT, &["SCAN_ALREADY_RUNNING", "CONFLICT"])
            .refuses(StatusCode::TOO_MANY_REQUESTS, &["SCAN_QUOTA_EXCEEDED"]),
        Route::new(Method::GET, "/scans", read, analysis, list_scans)
            .summary("Scans, the newest first")
            .lists::<Asked>()
            .answers::<ScanList>(StatusCode::OK),
        Route::new(Method::GET, "/scans/{id}", read, analysis, show_scan)
            .summary("A scan and its parts")
            .answers::<ScanDetail>(StatusCode::OK),
        Route::new(Method::GET, "/scans/{id}/vulnerabilities", Rule::of::<ReadFindings>(), analysis, list_findings)
            .summary("Findings of a scan, the worst first")
            .lists::<OfScan>()
            .answers::<ScanFindings>(StatusCode::OK),
        Route::new(Method::GET, "/commits/{hash}/scan", Rule::of::<ReadFindings>(), analysis, show_commit_scan)
            .summary("A commit, the last scan of it, and its findings")
            .also_at_root()
            .asks::<Within>()
            .answers::<CommitScan>(StatusCode::OK)
            .refuses(StatusCode::CONFLICT, &["CONFLICT"]),
        Route::new(Method::GET, "/commits/{hash}/diff", Rule::of::<ReadFindings>(), analysis, show_commit_diff)
            .summary("What a commit changes of its first parent, line by line")
            .asks::<OfDiff>()
            .answers::<Diff>(StatusCode::OK)
            .refuses(StatusCode::CONFLICT, &["CONFLICT"]),
        Route::new(Method::GET, "/scans/{id}/report", read, analysis, hand_out_report)
            .summary("The report of a scan, as a file")
            .limited(&[Class::User, Class::Export])
            .asks::<AsForm>()
            .answers_nothing(StatusCode::OK)
            .refuses(StatusCode::CONFLICT, &["REPORT_NOT_READY"])
            .refuses(StatusCode::GONE, &["ARTIFACT_EXPIRED"]),
        Route::new(Method::GET, "/repositories/{id}/report", read, analysis, hand_out_document)
            .summary("A report of a repository's findings as they stand, as a file")
            .limited(&[Class::User, Class::Export])
            .asks::<AsDocument>()
            .answers_nothing(StatusCode::OK)
            .refuses(StatusCode::CONFLICT, &["REPORT_NOT_READY"])
            .refuses(StatusCode::GONE, &["ARTIFACT_EXPIRED"]),
        Route::new(Method::POST, "/scans/bulk", run, analysis, start_scans)
            .summary("Scan several repositories")
            .takes::<BulkScanBody>()
            .answers::<BulkAnswer>(StatusCode::ACCEPTED)
            .refuses(StatusCode::TOO_MANY_REQUESTS, &["SCAN_QUOTA_EXCEEDED"]),
        Route::new(Method::POST, "/scans/{id}/cancel", run, analysis, cancel_scan)
            .summary("End a scan that waits or runs")
            .answers::<Scan>(StatusCode::OK)
            .refuses(StatusCode::CONFLICT, &["INVALID_STATE_TRANSITION"]),
        Route::new(Method::GET, "/repositories/{id}/file", Rule::of::<ReadFindings>(), analysis, show_file)
            .summary("A file of a repository, and the open findings in it")
            .asks::<OfFile>()
            .answers::<FileShown>(StatusCode::OK),
    ]
}

/// Where the default branch is, when nothing is said.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = ScanBody)]
struct StartBody {
    #[schema(value_type = Option<String>)]
    branch: Option<BranchName>,
    #[schema(value_type = Option<String>)]
    commit_hash: Option<CommitHash>,
    #[schema(value_type = Option<String>)]
    mode: Option<Mode>,
}

async fn start_scan(
    State(analysis): State<Analysis>,
    Caller(ctx): Caller,
    Id(id): Id<RepositoryId>,
    Body(body): Body<StartBody>,
) -> Result<(StatusCode, Json<Scan>), ApiError> {
    let request = Request { branch: body.branch, hash: body.commit_hash, mode: body.mode };
    Ok((StatusCode::ACCEPTED, Json(analysis.start(&ctx, id, request).await?)))
}

#[derive(Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Asked {
    #[param(value_type = Option<String>)]
    repository_id: Option<RepositoryId>,
    #[param(value_type = Option<String>)]
    status: Option<Status>,
    #[param(value_type = Option<String>)]
    trigger_type: Option<Trigger>,
    #[param(value_type = Option<String>)]
    kind: Option<Kind>,
    #[param(value_type = Option<String>)]
    from: Option<Timestamp>,
    #[param(value_type = Option<String>)]
    to: Option<Timestamp>,
}

list_of!(ScanList { scans: Scan });

async fn list_scans(
    State(analysis): State<Analysis>,
    Caller(ctx): Caller,
    Listing { page, filter }: Listing<Asked>,
) -> Result<Json<ScanList>, ApiError> {
    let Asked { repository_id, status, trigger_type, kind, from, to } = filter;
    let filter = Filter { repository: repository_id, status, trigger: trigger_type, kind, from, to };
    Ok(Json(ScanList::new(analysis.list_scans(&ctx, &filter, page).await?)))
}

#[derive(Serialize, ToSchema)]
struct ScanDetail {
    #[serde(flatten)]
    scan: Scan,
    tasks: Vec<Task>,
    /// The first hundred, the worst first.
    vulnerabilities: Vec<VulnerabilitySummary>,
}

async fn show_scan(
    State(analysis): State<Analysis>,
    Caller(ctx): Caller,
    Id(id): Id<ScanId>,
) -> Result<Json<ScanDetail>, ApiError> {
    let (scan, tasks) = analysis.get_scan(&ctx, id).await?;
    let first = Page { page: 1, limit: SHOWN };
    let vulnerabilities = analysis.findings_of(&ctx, id, (None, None), first).await?.items;
    Ok(Json(ScanDetail { scan, tasks, vulnerabilities }))
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct OfScan {
    #[param(value_type = Option<String>)]
    severity: Option<Severity>,
    /// new, existing or fixed.
    #[param(value_type = Option<String>)]
    state: Option<Seen>,
}

list_of!(ScanFindings { vulnerabilities: VulnerabilitySummary });

async fn list_findings(
    State(analysis): State<Analysis>,
    Caller(ctx): Caller,
    Id(id): Id<ScanId>,
    Listing { page, filter }: Listing<OfScan>,
) -> Result<Json<ScanFindings>, ApiError> {
    let asked = (filter.state.map(Seen::name), filter.severity);
    Ok(Json(ScanFindings::new(analysis.findings_of(&ctx, id, asked, page).await?)))
}

#[derive(Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Within {
    /// Needed when commits of several repositories begin so.
    #[param(value_type = Option<String>)]
    repository_id: Option<RepositoryId>,
}

#[derive(Serialize, ToSchema)]
struct CommitScan {
    commit: Commit,
    /// Nothing until one has begun.
    scan: Option<Scan>,
    /// At most a hundred, the worst first.
    vulnerabilities: Vec<VulnerabilityDetail>,
}

async fn show_commit_scan(
    State(analysis): State<Analysis>,
    Caller(ctx): Caller,
    Path(hash): Path<String>,
    Params(within): Params<Within>,
) -> Result<Json<CommitScan>, ApiError> {
    let (commit, scan, seen) = analysis.scan_of_commit(&ctx, &hash, within.repository_id).await?;
    let vulnerabilities = seen.into_iter().map(VulnerabilityDetail::from).collect();
    Ok(Json(CommitScan { commit, scan, vulnerabilities }))
}

#[derive(Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct OfDiff {
    /// Needed when commits of several repositories begin so.
    #[param(value_type = Option<String>)]
    repository_id: Option<RepositoryId>,
    /// One file that differs, of which more lines are shown: 20,000 instead of 3,000.
    path: Option<String>,
}

async fn show_commit_diff(
    State(analysis): State<Analysis>,
    Caller(ctx): Caller,
    Path(hash): Path<String>,
    Params(OfDiff { repository_id, path }): Params<OfDiff>,
) -> Result<Json<Diff>, ApiError> {
    Ok(Json(analysis.diff_of_commit(&ctx, &hash, repository_id, path.as_deref()).await?))
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct AsForm {
    /// json when nothing is said; sarif, csv, html, pdf.
    #[param(value_type = Option<String>)]
    format: Option<Form>,
}

async fn hand_out_report(
    State(analysis): State<Analysis>,
    Caller(ctx): Caller,
    Id(id): Id<ScanId>,
    Params(AsForm { format }): Params<AsForm>,
) -> Result<Response, ApiError> {
    let form = format.unwrap_or(Form::Json);
    let bytes = analysis.report(&ctx, id, form).await?;
    Ok(file(&format!("scan-{id}"), form, bytes))
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct AsDocument {
    /// pdf when nothing is said; html.
    #[param(value_type = Option<String>)]
    format: Option<Form>,
}

async fn hand_out_document(
    State(analysis): State<Analysis>,
    Caller(ctx): Caller,
    Id(id): Id<RepositoryId>,
    Params(AsDocument { format }): Params<AsDocument>,
) -> Result<Response, ApiError> {
    let form = format.unwrap_or(Form::Pdf);
    let bytes = analysis.document_of_repository(&ctx, id, form).await?;
    Ok(file(&format!("repository-{id}"), form, bytes))
}

fn file(name: &str, form: Form, bytes: Vec<u8>) -> Response {
    let content_type = HeaderValue::from_static(form.content_type());
    Attachment { name: format!("{name}.{form}"), content_type, bytes }.into_response()
}

#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct BulkScanBody {
    /// 1 to 100.
    #[schema(value_type = Vec<String>, min_items = 1, max_items = 100)]
    repository_ids: Vec<RepositoryId>,
    #[schema(value_type = Option<String>)]
    mode: Option<Mode>,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct AcceptedScan {
    #[schema(value_type = String)]
    repository_id: RepositoryId,
    #[schema(value_type = String)]
    scan_id: ScanId,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct RejectedScan {
    #[schema(value_type = String)]
    repository_id: RepositoryId,
    code: String,
    error: String,
}

#[derive(Serialize, ToSchema)]
#[schema(as = BulkScans)]
struct BulkAnswer {
    accepted: Vec<AcceptedScan>,
    rejected: Vec<RejectedScan>,
}

async fn start_scans(
    State(analysis): State<Analysis>,
    Caller(ctx): Caller,
    Body(body): Body<BulkScanBody>,
) -> Result<(StatusCode, Json<BulkAnswer>), ApiError> {
    if body.repository_ids.is_empty() || body.repository_ids.len() > MOST_AT_ONCE {
        return Err(ApiError::invalid("repositoryIds", "names 1 to 100 repositories"));
    }
    let mut answer = BulkAnswer { accepted: Vec::new(), rejected: Vec::new() };
    for (id, outcome) in analysis.start_many(&ctx, &body.repository_ids, body.mode.unwrap_or(Mode::Full)).await? {
        match outcome {
            Ok(scan_id) => answer.accepted.push(AcceptedScan { repository_id: id, scan_id }),
            Err(error) => {
                let error = ApiError::from(error);
                let said = error.body()["error"].as_str().unwrap_or_default().to_owned();
                answer.rejected.push(RejectedScan { repository_id: id, code: error.code().to_owned(), error: said });
            }
        }
    }
    Ok((StatusCode::ACCEPTED, Json(answer)))
}

async fn cancel_scan(
    State(analysis): State<Analysis>,
    Caller(ctx): Caller,
    Id(id): Id<ScanId>,
) -> Result<Json<Scan>, ApiError> {
    Ok(Json(analysis.cancel(&ctx, id).await?))
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct OfFile {
    path: String,
    /// A branch or a whole hash that was fetched; the default branch when nothing is said.
    #[serde(rename = "ref")]
    reference: Option<String>,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct FileShown {
    path: String,
    /// The commit that it is of.
    #[serde(rename = "ref")]
    reference: String,
    content: String,
    /// Open findings of the default branch.
    vulnerabilities: Vec<VulnerabilitySummary>,
}

async fn show_file(
    State(analysis): State<Analysis>,
    Caller(ctx): Caller,
    Id(id): Id<RepositoryId>,
    Params(OfFile { path, reference }): Params<OfFile>,
) -> Result<Json<FileShown>, ApiError> {
    let (shown, vulnerabilities) = analysis.show_file(&ctx, id, &path, reference.as_deref()).await?;
    Ok(Json(FileShown { path, reference: shown.hash.to_string(), content: shown.text, vulnerabilities }))
}
