//! What stands before every route: its limits, who is asking, its rule, and the protection of cookies.

use std::pin::Pin;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::State;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use rampart_access::{Actor, Ctx, Rule};
use rampart_kernel::{Secret, WorkspaceId};
use subtle::ConstantTimeEq;

use crate::error::ApiError;
use crate::limit::{Class, Key, Limiter, Standing};
use crate::outer::Request;
use crate::settings::WebSettings;

/// Of a browser that is signed in; scripts cannot read it.
pub const SESSION_COOKIE: &str = "rampart_session";
/// What pages of ours read and send back, which pages of others cannot.
pub const CSRF_COOKIE: &str = "rampart_csrf";
pub const CSRF_HEADER: HeaderName = HeaderName::from_static("x-csrf-token");
/// Routes that begin so are about the workspace in their address.
const WORKSPACE_PATH: &str = "/workspaces/{id}";
const WORKSPACE_HEADER: HeaderName = HeaderName::from_static("x-workspace-id");

/// What somebody shows to say who they are.
#[derive(Clone, Debug)]
pub enum Credentials {
    /// `Authorization: Bearer …`
    Bearer(Secret),
    /// The session cookie.
    Cookie(Secret),
}

/// Finds out who is asking. Handed in by the module that knows users.
pub trait Authenticator: Send + Sync + 'static {
    /// Who that is, with their part in the workspace named or, when none is, in their usual one.
    fn authenticate<'a>(
        &'a self,
        request: &'a Request,
        credentials: &'a Credentials,
        workspace: Option<WorkspaceId>,
    ) -> Pin<Box<dyn Future<Output = Result<Actor, ApiError>> + Send + 'a>>;

    /// Refuses while changes are not taken from everybody.
    fn takes_changes(&self) -> Pin<Box<dyn Future<Output = Result<(), ApiError>> + Send + '_>> {
        Box::pin(async { Ok(()) })
    }
}

/// The cookies of a request.
pub struct Cookies<'a>(&'a HeaderMap);

impl<'a> Cookies<'a> {
    pub fn of(headers: &'a HeaderMap) -> Cookies<'a> {
        Cookies(headers)
    }

    pub fn get(&self, name: &str) -> Option<&'a str> {
        let lines = self.0.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
        let mut pairs = lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
        pairs.find(|(own, _)| *own == name).map(|(_, value)| value)
    }
}

/// The guard of one route.
pub(crate) struct Guard {
    pub path: &'static str,
    pub rule: Rule,
    pub in_maintenance: bool,
    pub limits: Vec<Class>,
    pub limiter: Limiter,
    pub authenticator: Arc<dyn Authenticator>,
    pub settings: Arc<WebSettings>,
}

pub(crate) async fn stand(State(guard): State<Arc<Guard>>, request: axum::http::Request<Body>, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    let Some(seen) = parts.extensions.get::<Request>().cloned() else {
        return ApiError::internal(&std::io::Error::other("a route was mounted without its surroundings"))
            .into_response();
    };
    // Without an address there is no connection, only a test that calls the router: counted together.
    let address = Key::of_address(seen.client.ip.unwrap_or(std::net::Ipv4Addr::UNSPECIFIED.into()));
    let mut tightest: Option<Standing> = None;
    for class in guard.limits.iter().filter(|class| !class.is_of_user() && !class.counts_refusals()) {
        if let Some(refused) = guard.count(*class, address, &seen, &mut tightest).await {
            return refused;
        }
    }
    let ctx = match guard.admit(&parts, &seen).await {
        Ok(ctx) => ctx,
        Err(error) => return with_standing(error.into_response(), tightest),
    };
    if let Some(user) = ctx.user() {
        rampart_telemetry::belongs_to(user);
    }
    let own = ctx.user().map_or(address, Key::User);
    for class in guard.limits.iter().filter(|class| class.is_of_user()) {
        if let Some(refused) = guard.count(*class, own, &seen, &mut tightest).await {
            return refused;
        }
    }
    parts.extensions.insert(ctx);
    let response = next.run(axum::http::Request::from_parts(parts, body)).await;
    if response.status() == StatusCode::UNAUTHORIZED {
        for class in guard.limits.iter().filter(|class| class.counts_refusals()) {
            if let Some(refused) = guard.count(*class, address, &seen, &mut tightest).await {
                return refused;
            }
        }
    }
    if response.status().is_success() {
        for class in guard.limits.iter().filter(|class| class.gives_back()) {
            guard.limiter.give_back(*class, if class.is_of_user() { own } else { address }).await;
        }
    }
    with_standing(response, tightest)
}

impl Guard {
    /// Who is asking, if they may.
    async fn admit(&self, request: &Parts, seen: &Request) -> Result<Ctx, ApiError> {
        let headers = &request.headers;
        let credentials = credentials(headers);
        let workspace = if self.path.starts_with(WORKSPACE_PATH) {
            Some(workspace_of_path(request.uri.path())?)
        } else {
            workspace_of_header(headers)?
        };
        let actor = match &credentials {
            None => Actor::Anonymous,
            Some(credentials) => match self.authenticator.authenticate(seen, credentials, workspace).await {
                Ok(actor) => actor,
                // What is open to anybody is open to those whose session has ended, too.
                Err(error) if error.status() == StatusCode::UNAUTHORIZED && matches!(self.rule, Rule::Public(_)) => {
                    Actor::Anonymous
                }
                Err(error) => return Err(error),
            },
        };
        let by_cookie = matches!(credentials, Some(Credentials::Cookie(_))) && actor != Actor::Anonymous;
        if by_cookie && changes(&request.method) {
            self.refuse_forgery(headers)?;
        }
        let ctx = Ctx::new(seen.origin.clone(), actor, seen.client.clone());
        ctx.check(self.rule)?;
        if changes(&request.method) && !self.in_maintenance && ctx.check(Rule::PlatformAdmin).is_err() {
            self.authenticator.takes_changes().await?;
        }
        Ok(ctx)
    }

    /// A browser sends cookies along with what pages of others make it send. Such pages have another origin, and cannot read
    /// the cookie that must be sent back in a header.
    fn refuse_forgery(&self, headers: &HeaderMap) -> Result<(), ApiError> {
        let forged = || {
            let message = "the request does not come from a page of ours; load the page again";
            ApiError::new(StatusCode::FORBIDDEN, "CSRF_FAILED", message)
        };
        let text = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
        let sent = text(CSRF_HEADER).ok_or_else(forged)?;
        let cookie = Cookies::of(headers).get(CSRF_COOKIE).filter(|cookie| !cookie.is_empty()).ok_or_else(forged)?;
        let same: bool = sent.as_bytes().ct_eq(cookie.as_bytes()).into();
        if same && self.settings.allows_source(headers) { Ok(()) } else { Err(forged()) }
    }

    /// Counts the request; the answer when it is one too many.
    async fn count(&self, class: Class, key: Key, seen: &Request, tightest: &mut Option<Standing>) -> Option<Response> {
        let standing = self.limiter.take(class, key, seen.origin.now()).await?;
        if tightest.is_none_or(|tightest| standing.remaining < tightest.remaining) {
            *tightest = Some(standing);
        }
        if standing.allowed {
            return None;
        }
        Some(with_standing(standing.refusal(class).into_response(), Some(standing)))
    }
}

fn credentials(headers: &HeaderMap) -> Option<Credentials> {
    if let Some(value) = headers.get(header::AUTHORIZATION) {
        let (scheme, token) = value.to_str().unwrap_or("").split_once(' ').unwrap_or(("", ""));
        // Whoever sends another scheme wants to be somebody; nobody is signed in by a cookie instead.
        let token = if scheme.eq_ignore_ascii_case("bearer") { token.trim() } else { "" };
        return Some(Credentials::Bearer(Secret::new(token)));
    }
    let cookie = Cookies::of(headers).get(SESSION_COOKIE).filter(|value| !value.is_empty())?;
    Some(Credentials::Cookie(Secret::new(cookie)))
}

/// Below `/workspaces/{id}` the address names the workspace.
fn workspace_of_path(path: &str) -> Result<WorkspaceId, ApiError> {
    let id = path.split('/').skip_while(|part| *part != "workspaces").nth(1);
    id.and_then(|id| id.parse().ok()).ok_or_else(ApiError::not_found)
}

fn workspace_of_header(headers: &HeaderMap) -> Result<Option<WorkspaceId>, ApiError> {
    match headers.get(WORKSPACE_HEADER) {
        None => Ok(None),
        Some(value) => {
            let id = value.to_str().ok().and_then(|text| text.parse().ok());
            id.map(Some).ok_or_else(ApiError::not_found)
        }
    }
}

fn changes(method: &Method) -> bool {
    !matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS)
}

fn with_standing(mut response: Response, standing: Option<Standing>) -> Response {
    if let Some(standing) = standing {
        let headers = response.headers_mut();
        let seconds = standing.reset.as_secs().max(1);
        headers.insert("ratelimit-limit", HeaderValue::from(standing.limit));
        headers.insert("ratelimit-remaining", HeaderValue::from(standing.remaining));
        headers.insert("ratelimit-reset", HeaderValue::from(seconds));
    }
    response
}
