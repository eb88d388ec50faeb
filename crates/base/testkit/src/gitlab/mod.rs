//! A double of GitLab: its API as far as it is asked, below a path as instances may lie, and its projects over HTTP by the git program.
//!
//! GitLab has no description that answers could be held to by a program of others. What it documents of each operation that is asked
//! here, the names of parameters above all, stands in `documented.rs`; [`TestGitlab::check`] holds all that was asked to it.

mod documented;
mod world;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Request, State};
use axum::http::request::Parts;
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::Value;
pub use world::{TestMergeRequest, World};

use crate::remote_git as git;

/// Below which everything lies.
const FOLDER: &str = "/gitlab";
const API: &str = "/gitlab/api/v4/";

/// Somebody's GitLab.
pub struct TestGitlab {
    address: String,
    world: Arc<Mutex<World>>,
}

/// What is asked.
struct Asked<'a> {
    method: &'a Method,
    /// Each as it is meant: `a%2Fb` is one.
    parts: Vec<String>,
    query: BTreeMap<String, String>,
    body: Value,
    /// Whose token it is asked with.
    user: String,
}

impl TestGitlab {
    /// # Panics
    /// When nothing can be served on this machine.
    pub async fn start() -> TestGitlab {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port of this machine is free");
        let address = format!("http://{}{FOLDER}", listener.local_addr().expect("a listener has an address"));
        let world: Arc<Mutex<World>> = Arc::default();
        let router = Router::new().fallback(answer).with_state((address.clone(), world.clone()));
        tokio::spawn(async move { axum::serve(listener, router).await });
        TestGitlab { address, world }
    }

    /// Of its pages; the API is below it.
    pub fn web(&self) -> &str {
        &self.address
    }

    pub fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Everything that was asked until now is as GitLab documents its API.
    ///
    /// # Panics
    /// With what is not.
    pub fn check(&self) {
        let world = self.world();
        let wrong: Vec<String> = world.exchanges.iter().filter_map(|it| documented::wrong(it).err()).collect();
        assert!(wrong.is_empty() && !world.exchanges.is_empty(), "{}", wrong.join("\n"));
    }
}

async fn answer(State((address, world)): State<(String, Arc<Mutex<World>>)>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let body = axum::body::to_bytes(body, usize::MAX).await.unwrap_or_default();
    let path = parts.uri.path();
    let locked = || world.lock().unwrap_or_else(PoisonError::into_inner);
    let Some(path) = path.strip_prefix(API) else {
        let name = path.strip_prefix(FOLDER).unwrap_or(path).trim_start_matches('/');
        let found = {
            let world = locked();
            let logins = world.tokens.keys().map(|token| format!("oauth2:{token}"));
            git::find(&world.repositories, logins, &parts, name)
        };
        return match found {
            Ok(file) => git::answer(&file, &parts, body).await,
            Err(status) => git::refuse(status),
        };
    };
    let given = locked().instead.pop_front();
    if let Some((status, headers, body)) = given {
        return reply(status, &headers, &body);
    }
    let token = parts.headers.get("private-token").and_then(|value| value.to_str().ok()).unwrap_or("").to_owned();
    let Some(user) = locked().tokens.get(&token).cloned() else {
        return reply(401, &[], &serde_json::json!({ "message": "401 Unauthorized" }));
    };
    let asked = read(&parts, path, &body, user);
    let (status, said) = locked().answer(&address, &asked);
    locked().exchanges.push(documented::Exchange {
        method: asked.method.to_string(),
        path: asked.parts.clone(),
        query: asked.query.keys().cloned().collect(),
        body: asked.body.clone(),
    });
    paged(status, said, &asked.query)
}

fn read<'a>(parts: &'a Parts, path: &str, body: &Bytes, user: String) -> Asked<'a> {
    let mut query: BTreeMap<String, String> = BTreeMap::new();
    for pair in parts.uri.query().unwrap_or("").split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        // Lists are named again and again.
        let held = query.entry(plain(name)).or_default();
        *held = if held.is_empty() { plain(value) } else { format!("{held},{}", plain(value)) };
    }
    Asked {
        method: &parts.method,
        parts: path.split('/').filter(|part| !part.is_empty()).map(plain).collect(),
        query,
        body: serde_json::from_slice(body).unwrap_or(Value::Null),
        user,
    }
}

/// What an address says with its signs of percent.
fn plain(text: &str) -> String {
    let (mut bytes, mut rest) = (Vec::new(), text.as_bytes());
    while let [first, after @ ..] = rest {
        let digits = after.get(..2).and_then(|two| std::str::from_utf8(two).ok());
        let byte = digits.filter(|_| *first == b'%').and_then(|two| u8::from_str_radix(two, 16).ok());
        bytes.push(byte.unwrap_or(*first));
        rest = if byte.is_some() { &after[2..] } else { after };
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Lists go out page by page, and say which is the next; addresses of pages lead to where GitLab thinks it lies.
fn paged(status: u16, said: Value, query: &BTreeMap<String, String>) -> Response {
    let Value::Array(all) = said else { return reply(status, &[], &said) };
    let number = |name: &str, usual: usize| query.get(name).and_then(|text| text.parse().ok()).unwrap_or(usual);
    let (page, size) = (number("page", 1), number("per_page", 20).min(100));
    let shown: Vec<Value> = all.iter().skip((page - 1) * size).take(size).cloned().collect();
    let next = if all.len() > page * size { (page + 1).to_string() } else { String::new() };
    let link = format!("<https://gitlab.example/api/v4/x?page={}>; rel=\"next\"", page + 1);
    reply(status, &[("x-next-page", next), ("link", link)], &Value::Array(shown))
}

fn reply(status: u16, headers: &[(&'static str, String)], body: &Value) -> Response {
    let text = if body.is_null() { Bytes::new() } else { Bytes::from(body.to_string()) };
    let status = StatusCode::from_u16(status).expect("a status that a double answers");
    let mut response = (status, [("content-type", "application/json")], text).into_response();
    for (name, value) in headers {
        response.headers_mut().insert(*name, value.parse().expect("a header that a double answers"));
    }
    response
}
