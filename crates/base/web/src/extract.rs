//! What handlers take: the caller, ids of paths, query parameters, bodies.

use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Query, Request};
use axum::http::request::Parts;
use axum::http::{StatusCode, header};
use rampart_access::Ctx;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use utoipa::IntoParams;

use crate::error::{ApiError, Problem};
use crate::page::Page;

/// Who is asking, as the route's guard found out.
pub struct Caller(pub Ctx);

impl<S: Sync> FromRequestParts<S> for Caller {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Caller, ApiError> {
        // Only the registry mounts routes, and its guard always sets it.
        let ctx = parts.extensions.get::<Ctx>().cloned();
        ctx.map(Caller).ok_or_else(|| ApiError::from(rampart_access::Error::Unauthenticated))
    }
}

/// The one id of a path. What is no id names nothing: 404, as for one that does not exist.
pub struct Id<I>(pub I);

impl<S: Sync + Send, I: rampart_kernel::Id + DeserializeOwned> FromRequestParts<S> for Id<I> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Id<I>, ApiError> {
        let path = axum::extract::Path::<I>::from_request_parts(parts, state).await;
        path.map(|path| Id(path.0)).map_err(|_| ApiError::not_found())
    }
}

/// The two ids of a path.
pub struct Ids<A, B>(pub A, pub B);

impl<S, A, B> FromRequestParts<S> for Ids<A, B>
where
    S: Sync + Send,
    A: rampart_kernel::Id + DeserializeOwned,
    B: rampart_kernel::Id + DeserializeOwned,
{
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Ids<A, B>, ApiError> {
        let path = axum::extract::Path::<(A, B)>::from_request_parts(parts, state).await;
        path.map(|path| Ids(path.0.0, path.0.1)).map_err(|_| ApiError::not_found())
    }
}

/// A page of a list, and what the list is filtered by. Unknown parameters are refused by filters with `deny_unknown_fields`.
pub struct Listing<F> {
    pub page: Page,
    pub filter: F,
}

impl<S: Sync + Send, F: DeserializeOwned> FromRequestParts<S> for Listing<F> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Listing<F>, ApiError> {
        let (page, filter) = parted::<Page>(parts);
        Ok(Listing { page: read_query(&page)?, filter: read_query(&filter)? })
    }
}

/// Query parameters that a route has of its own, and those that it has in common with others, each refusing what it does not know.
pub struct Beside<O, F> {
    pub own: O,
    pub filter: F,
}

impl<S: Sync + Send, O: DeserializeOwned + IntoParams, F: DeserializeOwned> FromRequestParts<S> for Beside<O, F> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Beside<O, F>, ApiError> {
        let (own, filter) = parted::<O>(parts);
        Ok(Beside { own: read_query(&own)?, filter: read_query(&filter)? })
    }
}

/// The parameters of a query that a type has, and the others.
fn parted<O: IntoParams>(parts: &Parts) -> (String, String) {
    let names: Vec<String> = O::into_params(|| None).into_iter().map(|parameter| parameter.name).collect();
    let is_own = |pair: &&str| names.iter().any(|name| pair.split('=').next() == Some(name));
    let pairs = parts.uri.query().unwrap_or("").split('&').filter(|pair| !pair.is_empty());
    let (own, others): (Vec<&str>, Vec<&str>) = pairs.partition(is_own);
    (own.join("&"), others.join("&"))
}

fn read_query<T: DeserializeOwned>(query: &str) -> Result<T, ApiError> {
    let uri = format!("/?{query}").parse().map_err(|_| invalid_query("is no query"))?;
    let read = Query::<T>::try_from_uri(&uri);
    read.map(|query| query.0).map_err(|rejection| invalid_query(&rejection.body_text()))
}

fn invalid_query(message: &str) -> ApiError {
    invalid("query", message, "query")
}

/// Query parameters; unknown ones are refused by types with `deny_unknown_fields`.
pub struct Params<T>(pub T);

impl<S: Sync + Send, T: DeserializeOwned> FromRequestParts<S> for Params<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Params<T>, ApiError> {
        let query = Query::<T>::from_request_parts(parts, state).await;
        query.map(|query| Params(query.0)).map_err(|rejection| invalid_query(&rejection.body_text()))
    }
}

/// A JSON body. Keys are camelCase; the snake_case spelling of a key of the outermost object is accepted too.
pub struct Body<T>(pub T);

impl<S: Sync + Send, T: DeserializeOwned> FromRequest<S> for Body<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Result<Body<T>, ApiError> {
        let media = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or("");
        let essence = media.split(';').next().unwrap_or("").trim().to_ascii_lowercase();
        if essence != "application/json" && !(essence.starts_with("application/") && essence.ends_with("+json")) {
            let message = "send JSON, with content-type: application/json";
            return Err(ApiError::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "UNSUPPORTED_MEDIA_TYPE", message));
        }
        parse(&read_body(request, state).await?).map(Body)
    }
}

/// The bytes of a body as they were sent, for handlers that look at the headers first.
///
/// # Errors
/// When it is larger than the route takes, or ends before its end.
pub async fn read_body<S: Sync + Send>(request: Request, state: &S) -> Result<Bytes, ApiError> {
    Bytes::from_request(request, state).await.map_err(|rejection| {
        if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE {
            ApiError::new(StatusCode::PAYLOAD_TOO_LARGE, "PAYLOAD_TOO_LARGE", "the body is too large")
        } else {
            invalid("", "the body could not be read", "json")
        }
    })
}

fn invalid(field: &str, message: &str, rule: &str) -> ApiError {
    ApiError::validation(&[Problem { field: field.to_owned(), message: message.to_owned(), rule: rule.to_owned() }])
}

fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, ApiError> {
    let mut value: Value = serde_json::from_slice(bytes).map_err(|error| {
        invalid("", &format!("no JSON at line {}, column {}", error.line(), error.column()), "json")
    })?;
    if let Value::Object(keys) = &mut value {
        accept_snake_case(keys);
    }
    serde_path_to_error::deserialize(value).map_err(|error| {
        let path = error.path().to_string();
        // The message of a failed type may quote the value, which may be a secret: only what the types say of themselves stays.
        let message = error.inner().to_string();
        let (rule, message) = match message.split_once(": ") {
            Some(("invalid type", _)) => ("type", "is of the wrong type".to_owned()),
            Some(("invalid value", _)) => ("value", "cannot be this value".to_owned()),
            _ if message.starts_with("missing field") => ("required", message),
            _ if message.starts_with("unknown field") => ("unknown", message),
            _ => ("format", message),
        };
        invalid(if path == "." { "" } else { &path }, &message, rule)
    })
}

/// `refresh_token` becomes `refreshToken`, unless both are there, which stays a mistake.
fn accept_snake_case(keys: &mut Map<String, Value>) {
    let snake: Vec<String> = keys.keys().filter(|key| key.contains('_')).cloned().collect();
    for key in snake {
        let camel = camel_case(&key);
        if !keys.contains_key(&camel)
            && let Some(value) = keys.remove(&key)
        {
            keys.insert(camel, value);
        }
    }
}

fn camel_case(snake: &str) -> String {
    let mut camel = String::with_capacity(snake.len());
    let mut upper = false;
    for c in snake.chars() {
        if c == '_' {
            upper = !camel.is_empty();
        } else if std::mem::take(&mut upper) {
            camel.extend(c.to_uppercase());
        } else {
            camel.push(c);
        }
    }
    camel
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(rename_all = "camelCase", deny_unknown_fields)]
    struct Sample {
        refresh_token: String,
        count: Option<u8>,
    }

    fn rule(json: &str) -> String {
        let error = parse::<Sample>(json.as_bytes()).unwrap_err();
        assert_eq!((error.status(), error.code()), (StatusCode::BAD_REQUEST, "VALIDATION_ERROR"));
        let text = format!("{error:?}");
        assert!(!text.contains("s3cr3t"), "{text}");
        let rules = ["required", "unknown", "type", "json", "format"];
        (*rules.iter().find(|rule| text.contains(&format!("String(\"{rule}\")"))).unwrap()).to_owned()
    }

    #[test]
    fn bodies_are_read_strictly() {
        let sample: Sample = parse(br#"{ "refresh_token": "a", "count": 1 }"#).unwrap();
        assert_eq!((sample.refresh_token.as_str(), sample.count), ("a", Some(1)));
        assert_eq!(rule(r#"{}"#), "required");
        assert_eq!(rule(r#"{ "refreshToken": "a", "more": 1 }"#), "unknown");
        assert_eq!(rule(r#"{ "refreshToken": "a", "refresh_token": "b" }"#), "unknown");
        assert_eq!(rule(r#"{ "refreshToken": "a", "count": "s3cr3t" }"#), "type");
        assert_eq!(rule(r#"{ "refreshToken""#), "json");
    }
}
