//! Lists of findings: what they are narrowed to, counted by, and as a file.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::{HeaderValue, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use rampart_access::Rule;
use rampart_forge::RepositoryId;
use rampart_kernel::Timestamp;
use rampart_web::{ApiError, Attachment, Beside, Caller, Class, Listing, Route, list_of};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::{IntoParams, ToSchema};

use super::Choice;
use crate::access::ReadFindings;
use crate::export::{self, Format};
use crate::model::{Severity, Status, VulnerabilitySummary};
use crate::service::Findings;
use crate::store::look::{Counted, Facet, Filter, Order};

pub(super) fn routes(findings: &Findings) -> Vec<Route> {
    let read = Rule::of::<ReadFindings>();
    vec![
        Route::new(Method::GET, "/vulnerabilities", read, findings, list_vulnerabilities)
            .summary("Findings, the newest first")
            .lists::<Asked>()
            .answers::<VulnerabilityList>(StatusCode::OK),
        Route::new(Method::GET, "/vulnerabilities/facets/{facet}", read, findings, list_values)
            .summary("Values that a list can be narrowed to, the most frequent first")
            .asks::<Asked>()
            .asks::<Searched>()
            .answers::<FacetValues>(StatusCode::OK),
        Route::new(Method::GET, "/vulnerabilities/export", read, findings, export_vulnerabilities)
            .summary("A list as a file, up to 10,000 findings of it")
            .limited(&[Class::User, Class::Export])
            .asks::<Asked>()
            .asks::<Exported>()
            .answers_nothing(StatusCode::OK),
    ]
}

#[derive(Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Asked {
    /// `critical,high`, or `!info` for all others.
    #[param(value_type = Option<String>)]
    severity: Option<Choice>,
    /// `open,ignored`, or `!fixed` for all others.
    #[param(value_type = Option<String>)]
    status: Option<Choice>,
    /// One or several, with commas between them.
    #[param(value_type = Option<String>)]
    repository_id: Option<Choice>,
    /// As `repositoryId`.
    #[param(value_type = Option<String>)]
    repo: Option<Choice>,
    #[serde(rename = "type")]
    kind: Option<String>,
    /// The id of a rule.
    rule: Option<String>,
    /// `CWE-89`, or `89`.
    cwe_id: Option<String>,
    /// A category of the OWASP Top Ten, as findings have it.
    owasp: Option<String>,
    /// The whole path of a file.
    path: Option<String>,
    /// Part of the path, the title, the type or the rule's id.
    q: Option<String>,
    /// Detected at this time or later.
    #[param(value_type = Option<String>)]
    from: Option<Timestamp>,
    /// Detected before this time.
    #[param(value_type = Option<String>)]
    to: Option<Timestamp>,
    auto_fix_available: Option<bool>,
    /// `severity`, `detectedAt`, `cvssScore`, `risk`; with `-` before it, the other way round.
    sort: Option<String>,
    /// Count by these as well: `severity,status,repository,rule`.
    #[param(value_type = Option<String>)]
    facets: Option<Choice>,
}

/// Longest text that is searched for.
const QUERY_LENGTH: usize = 200;
/// Longest path of a file, in bytes.
const PATH_LENGTH: usize = 4096;
/// Repositories that a list is narrowed to.
const MOST_REPOSITORIES: usize = 200;

impl Asked {
    fn filter(self) -> Result<(Filter, Vec<Facet>), ApiError> {
        let severities = self.severity.map(|choice| choice.of("severity", Severity::ALL)).transpose()?;
        let statuses = self.status.map(|choice| choice.of("status", Status::ALL)).transpose()?;
        let repositories = self.repository_id.or(self.repo).unwrap_or_default();
        if repositories.is_not || repositories.values.len() > MOST_REPOSITORIES {
            return Err(ApiError::invalid("repositoryId", "names up to 200 repositories"));
        }
        let repositories: Vec<RepositoryId> = repositories.of("repositoryId", &[])?;
        let texts = [
            ("q", &self.q, QUERY_LENGTH),
            ("type", &self.kind, QUERY_LENGTH),
            ("rule", &self.rule, QUERY_LENGTH),
            ("cweId", &self.cwe_id, QUERY_LENGTH),
            ("owasp", &self.owasp, QUERY_LENGTH),
            ("path", &self.path, PATH_LENGTH),
        ];
        for (field, text, most) in texts {
            if text.as_ref().is_some_and(|text| text.len() > most) {
                return Err(ApiError::invalid(field, &format!("is at most {most} bytes long")));
            }
        }
        let order = self.sort.as_deref().map(|sort| {
            let (name, is_down) = sort.strip_prefix('-').map_or((sort, false), |name| (name, true));
            let order: Order = name.parse().map_err(|what: String| ApiError::invalid("sort", &what))?;
            Ok::<_, ApiError>((order, is_down))
        });
        let cwe = self
            .cwe_id
            .map(|cwe| rampart_report::model::cwe_number(&cwe).map_or(cwe, |number| format!("CWE-{number}")));
        let facets = self.facets.map(|choice| choice.of("facets", Facet::ALL)).transpose()?;
        let filter = Filter {
            severities: severities.unwrap_or_default(),
            statuses: statuses.unwrap_or_default(),
            repositories,
            kind: self.kind,
            rule: self.rule,
            cwe,
            owasp: self.owasp,
            path: self.path,
            text: self.q.filter(|text| !text.trim().is_empty()),
            from: self.from,
            to: self.to,
            fixable: self.auto_fix_available,
            order: order.transpose()?,
        };
        Ok((filter, facets.unwrap_or_default()))
    }
}

list_of! {
    /// The total is counted up to 10,000, unless severity and status are all that is asked.
    VulnerabilityList {
        vulnerabilities: VulnerabilitySummary,
        /// What was there at this moment: with it as `to`, the next pages are of the same list, whatever is found meanwhile.
        #[schema(value_type = String, format = DateTime)]
        as_of: String,
        /// By facet: value, count and, of repositories, the name; when facets are asked for.
        #[schema(value_type = Option<Object>)]
        #[serde(skip_serializing_if = "Option::is_none")]
        facets: Option<Value>,
    }
}

async fn list_vulnerabilities(
    State(findings): State<Findings>,
    Caller(ctx): Caller,
    Listing { page, filter }: Listing<Asked>,
) -> Result<Json<VulnerabilityList>, ApiError> {
    let (filter, facets) = filter.filter()?;
    // Behind what was found in this very millisecond, and as exact: with whole seconds some would be of both lists.
    let as_of = Timestamp::from_millis(ctx.now().as_millis() + 1).to_text();
    let listed = findings.list(&ctx, &filter, &facets, page).await?;
    let counts = listed.facets.iter().map(|(facet, counts)| (facet.name().to_owned(), json!(counts)));
    let counted = (!facets.is_empty()).then(|| Value::Object(counts.collect()));
    Ok(Json(VulnerabilityList::new(listed.page, as_of, counted)))
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct Searched {
    /// Only those that have it in their name.
    search: Option<String>,
}

#[derive(Serialize, ToSchema)]
struct FacetValues {
    /// At most 50, each with how many findings the other parts of the filter leave of it.
    values: Vec<Counted>,
}

async fn list_values(
    State(findings): State<Findings>,
    Caller(ctx): Caller,
    Path(facet): Path<String>,
    Beside { own, filter }: Beside<Searched, Asked>,
) -> Result<Json<FacetValues>, ApiError> {
    let facet: Facet = facet.parse().map_err(|_| ApiError::not_found())?;
    if own.search.as_ref().is_some_and(|text| text.len() > QUERY_LENGTH) {
        return Err(ApiError::invalid("search", "is at most 200 bytes long"));
    }
    let (filter, _) = filter.filter()?;
    Ok(Json(FacetValues { values: findings.values(&ctx, &filter, facet, own.search.as_deref()).await? }))
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct Exported {
    /// csv when nothing is said; json.
    #[param(value_type = Option<String>)]
    format: Option<Format>,
}

async fn export_vulnerabilities(
    State(findings): State<Findings>,
    Caller(ctx): Caller,
    Beside { own, filter }: Beside<Exported, Asked>,
) -> Result<Response, ApiError> {
    let (filter, _) = filter.filter()?;
    let format = own.format.unwrap_or(Format::Csv);
    let found = findings.export(&ctx, &filter).await?;
    let bytes = export::write(&found, format).map_err(|error| ApiError::internal(&error))?;
    let content_type = HeaderValue::from_static(format.content_type());
    Ok(Attachment { name: format!("findings.{format}"), content_type, bytes }.into_response())
}
