//! A route: everything about it in one place.

use std::borrow::Cow;

use axum::extract::DefaultBodyLimit;
use axum::handler::Handler;
use axum::http::{Method, StatusCode};
use axum::routing::{MethodFilter, MethodRouter, on};
use rampart_access::Rule;
use utoipa::openapi::content::ContentBuilder;
use utoipa::openapi::path::{Operation, OperationBuilder, ParameterIn};
use utoipa::openapi::request_body::RequestBodyBuilder;
use utoipa::openapi::response::ResponseBuilder;
use utoipa::openapi::schema::Schema;
use utoipa::openapi::{Ref, RefOr, Required};
use utoipa::{IntoParams, ToSchema};

use crate::limit::Class;
use crate::page::Page;

/// Where a route answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    Prefixes,
    PrefixesAndRoot,
    /// At the root, without the guard.
    OwnDoor,
}

/// A route with its rule, its limits and its documentation.
///
/// ```
/// # use axum::http::{Method, StatusCode};
/// # use rampart_access::Rule;
/// # use rampart_web::{Body, Class, Route};
/// # #[derive(serde::Deserialize, utoipa::ToSchema)] struct Login { email: String }
/// async fn log_in(Body(login): Body<Login>) -> StatusCode {
///     StatusCode::NO_CONTENT
/// }
///
/// let route = Route::new(Method::POST, "/auth/login", Rule::Public("this is how one signs in"), &(), log_in)
///     .summary("Sign in")
///     .limited(&[Class::Auth, Class::Login])
///     .takes::<Login>()
///     .answers_nothing(StatusCode::NO_CONTENT);
/// ```
pub struct Route {
    pub(crate) method: Method,
    pub(crate) path: &'static str,
    pub(crate) rule: Rule,
    pub(crate) limits: Vec<Class>,
    pub(crate) place: Place,
    /// Whether it is open to everybody while other changes are not taken.
    pub(crate) in_maintenance: bool,
    pub(crate) operation: Operation,
    pub(crate) schemas: Vec<(String, RefOr<Schema>)>,
    pub(crate) handler: MethodRouter,
}

impl Route {
    /// A route below the prefixes; parameters of the path stand in braces. Without further words it is limited as the
    /// specification says: public ones by address, others by user.
    ///
    /// # Panics
    /// When the method is none that a route can have.
    pub fn new<S, H, T>(method: Method, path: &'static str, rule: Rule, state: &S, handler: H) -> Route
    where
        S: Clone + Send + Sync + 'static,
        H: Handler<T, S>,
        T: 'static,
    {
        let filter = MethodFilter::try_from(method.clone()).expect("a route has one of the usual methods");
        let limits = match rule {
            Rule::Public(_) => vec![Class::Public],
            Rule::SignedIn | Rule::InSession | Rule::Workspace { .. } | Rule::PlatformAdmin => vec![Class::User],
            Rule::Signed(_) => vec![Class::Hook],
        };
        let handler = on(filter, handler).with_state(state.clone());
        let operation = OperationBuilder::new().operation_id(Some(operation_id(&method, path))).build();
        Route {
            method,
            path,
            rule,
            limits,
            place: Place::Prefixes,
            in_maintenance: false,
            operation,
            schemas: Vec::new(),
            handler,
        }
    }

    /// What it does, in some words.
    #[must_use]
    pub fn summary(mut self, summary: &str) -> Route {
        self.operation.summary = Some(summary.to_owned());
        self
    }

    /// Instead of the usual limits.
    #[must_use]
    pub fn limited(mut self, classes: &[Class]) -> Route {
        self.limits = classes.to_vec();
        self
    }

    /// Answers at the root too, for clients that know no prefix.
    #[must_use]
    pub fn also_at_root(mut self) -> Route {
        self.place = Place::PrefixesAndRoot;
        self
    }

    /// Open during maintenance too, when changes are taken from administrators only: this is how they show who they are.
    #[must_use]
    pub fn in_maintenance(mut self) -> Route {
        self.in_maintenance = true;
        self
    }

    /// A door of its own, for what is not HTTP: at the root alone, not in the document; its handler itself sees to who comes, how
    /// often, and from which page.
    #[must_use]
    pub fn as_own_door(mut self) -> Route {
        self.place = Place::OwnDoor;
        self.limits = Vec::new();
        self
    }

    /// Bodies may have so many bytes, instead of as many as others have.
    #[must_use]
    pub fn bodies_up_to(mut self, bytes: usize) -> Route {
        self.handler = self.handler.layer(DefaultBodyLimit::max(bytes));
        self
    }

    /// The query parameters that it takes.
    #[must_use]
    pub fn asks<T: IntoParams>(mut self) -> Route {
        let own = self.operation.parameters.get_or_insert_default();
        own.extend(T::into_params(|| Some(ParameterIn::Query)).into_iter().map(Into::into));
        self
    }

    /// A page of a list, filtered by these query parameters.
    #[must_use]
    pub fn lists<F: IntoParams>(self) -> Route {
        self.asks::<F>().asks::<Page>()
    }

    /// The JSON that it takes.
    #[must_use]
    pub fn takes<T: ToSchema>(mut self) -> Route {
        let schema = self.refer::<T>();
        let content = ContentBuilder::new().schema(Some(schema)).build();
        let body =
            RequestBodyBuilder::new().content("application/json", content).required(Some(Required::True)).build();
        self.operation.request_body = Some(RefOr::T(body));
        self
    }

    /// The JSON that it answers.
    #[must_use]
    pub fn answers<T: ToSchema>(mut self, status: StatusCode) -> Route {
        let schema = self.refer::<T>();
        let content = ContentBuilder::new().schema(Some(schema)).build();
        self.answer(status, ResponseBuilder::new().content("application/json", content))
    }

    #[must_use]
    pub fn answers_nothing(self, status: StatusCode) -> Route {
        self.answer(status, ResponseBuilder::new())
    }

    /// The codes it may answer besides those that every route has.
    #[must_use]
    pub fn refuses(mut self, status: StatusCode, codes: &[&str]) -> Route {
        let schema = Ref::from_schema_name("Error");
        let content = ContentBuilder::new().schema(Some(schema)).build();
        let response = ResponseBuilder::new().description(codes.join(", ")).content("application/json", content);
        self.operation.responses.responses.insert(status.as_str().to_owned(), RefOr::T(response.build()));
        self
    }

    fn answer(mut self, status: StatusCode, response: ResponseBuilder) -> Route {
        let reason = status.canonical_reason().unwrap_or("answer");
        let response = RefOr::T(response.description(reason).build());
        self.operation.responses.responses.insert(status.as_str().to_owned(), response);
        self
    }

    /// Remembers the type's schema and those it is made of, and refers to it.
    fn refer<T: ToSchema>(&mut self) -> Ref {
        let name: Cow<'static, str> = T::name();
        self.schemas.push((name.to_string(), T::schema()));
        T::schemas(&mut self.schemas);
        Ref::from_schema_name(name)
    }
}

/// `post_auth_login`
fn operation_id(method: &Method, path: &str) -> String {
    let words = path.split(['/', '-', '{', '}', '.']).filter(|word| !word.is_empty());
    std::iter::once(method.as_str().to_ascii_lowercase()).chain(words.map(str::to_owned)).collect::<Vec<_>>().join("_")
}
