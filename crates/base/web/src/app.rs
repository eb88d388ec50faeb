//! The application: routes, mounted under every prefix, with what surrounds them.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::DefaultBodyLimit;
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodFilter, on};
use axum::{Extension, Router, middleware};
use metrics_exporter_prometheus::PrometheusHandle;
use rampart_access::Permissions;
use rampart_kernel::Origin;
use rampart_store::Store;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::normalize_path::NormalizePath;
use tower_http::timeout::TimeoutLayer;
use utoipa::openapi::OpenApi;

use crate::error::ApiError;
use crate::guard::{self, Authenticator, Guard};
use crate::limit::Limiter;
use crate::openapi;
use crate::outer::{self, Outer};
use crate::route::{Place, Route};
use crate::settings::WebSettings;
use crate::system::{self, Probe, System};

/// The second is for clients that know no version; the first is matched first.
const PREFIXES: [&str; 2] = ["/api/v1", "/api"];

/// Longer requests are ended: whoever asked has given up, and what takes longer is a job.
const REQUEST_LIMIT: Duration = Duration::from_secs(30);

/// What the application is made of besides its routes.
pub struct Kit {
    pub settings: WebSettings,
    pub store: Store,
    pub origin: Origin,
    pub authenticator: Arc<dyn Authenticator>,
    pub limiter: Limiter,
    /// Where measurements are read; not everywhere there is one, such as in tests.
    pub metrics: Option<PrometheusHandle>,
}

/// All routes of the program, and what besides the database must answer for it to be ready.
pub struct App {
    routes: Vec<Route>,
    probes: Vec<Probe>,
    /// The dashboard.
    pages: Router,
}

impl App {
    /// # Panics
    /// When two routes have the same method and path: a mistake in the program.
    pub fn new(routes: Vec<Route>) -> App {
        let mut known = BTreeSet::new();
        for route in &routes {
            let name = format!("{} {}", route.method, route.path);
            assert!(known.insert(name.clone()), "{name} is declared twice");
        }
        App { routes, probes: Vec::new(), pages: Router::new() }
    }

    /// The program is ready only while `check` says so; it is asked often, and answers soon.
    #[must_use]
    pub fn probe<F, T>(mut self, name: &'static str, check: F) -> App
    where
        F: Fn() -> T + Send + Sync + 'static,
        T: Future<Output = Result<(), String>> + Send + 'static,
    {
        self.probes.push(Probe::new(name, check));
        self
    }

    /// Files that are the same for everybody and need no guard, below `/app`.
    #[must_use]
    pub fn pages(mut self, pages: Router) -> App {
        self.pages = pages;
        self
    }

    /// Method, path and rule of each route, in the order of paths: what the authorization matrix is made of.
    pub fn rules(&self) -> Vec<(Method, &'static str, rampart_access::Rule)> {
        let mut rules: Vec<_> =
            self.routes.iter().map(|route| (route.method.clone(), route.path, route.rule)).collect();
        rules.sort_by(|a, b| (a.1, a.0.as_str()).cmp(&(b.1, b.0.as_str())));
        rules
    }

    /// The same with other rules: what a test takes away to see that it was there.
    #[must_use]
    pub fn with_rules(
        mut self,
        rule: impl Fn(&Method, &'static str, rampart_access::Rule) -> rampart_access::Rule,
    ) -> App {
        for route in &mut self.routes {
            route.rule = rule(&route.method, route.path, route.rule);
        }
        self
    }

    /// The same with nothing behind the guards: whoever gets through is answered 204. What a test asks the guards alone.
    #[must_use]
    pub fn hollow(mut self) -> App {
        for route in &mut self.routes {
            let filter = MethodFilter::try_from(route.method.clone()).expect("a route has one of the usual methods");
            route.handler = on(filter, || async { StatusCode::NO_CONTENT });
        }
        self
    }

    /// The OpenAPI document of the routes.
    pub fn document(&self) -> OpenApi {
        openapi::document(&self.routes)
    }

    pub fn into_router(self, kit: Kit) -> Router {
        let settings = Arc::new(kit.settings);
        let document = self.document();
        let system = System::new(kit.store, kit.origin.clone(), kit.metrics, settings.clone(), document, self.probes);
        let permissions = Permissions::of_rules(self.routes.iter().map(|route| route.rule));
        let mut api = Router::new();
        let mut root = Router::new();
        let routes = self.routes.into_iter().chain(system::routes(&system));
        for route in routes {
            if route.place == Place::OwnDoor {
                root = root.route(route.path, route.handler);
                continue;
            }
            let guard = Guard {
                path: route.path,
                rule: route.rule,
                in_maintenance: route.in_maintenance,
                limits: route.limits,
                limiter: kit.limiter.clone(),
                authenticator: kit.authenticator.clone(),
                settings: settings.clone(),
            };
            let guarded = route.handler.layer(middleware::from_fn_with_state(Arc::new(guard), guard::stand));
            if route.place == Place::PrefixesAndRoot {
                root = root.route(route.path, guarded.clone());
            }
            api = api.route(route.path, guarded);
        }
        let mut router = root.merge(system::probes(system)).nest("/app", self.pages);
        for prefix in PREFIXES {
            router = router.nest(prefix, api.clone());
        }
        let router = router.layer(Extension(permissions));
        let outer = Arc::new(Outer { settings: settings.clone(), origin: kit.origin });
        let router = router
            .fallback(|| async { ApiError::not_found() })
            .method_not_allowed_fallback(|| async {
                ApiError::new(StatusCode::METHOD_NOT_ALLOWED, "METHOD_NOT_ALLOWED", "this address has other methods")
            })
            .layer(TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, REQUEST_LIMIT))
            .layer(CatchPanicLayer::custom(panicked))
            .layer(DefaultBodyLimit::max(settings.body_limit.0))
            .layer(middleware::from_fn_with_state(outer, outer::surround));
        // A slash at the end means nothing; it goes before a route is looked for.
        Router::new().fallback_service(NormalizePath::trim_trailing_slash(router))
    }
}

fn panicked(_: Box<dyn std::any::Any + Send>) -> Response {
    // What it said was printed by the panic itself.
    ApiError::internal(&std::io::Error::other("a handler panicked")).into_response()
}
