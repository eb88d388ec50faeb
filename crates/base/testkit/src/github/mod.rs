//! A double of GitHub: its API as far as it is asked, and its repositories over HTTP by the git program itself.
//!
//! Answers begin as GitHub's own examples (`answers.json`, taken from its OpenAPI description). What is asked and what is answered is
//! kept, and [`TestGithub::check`] holds all of it to that description with Prism's validators (`tests/github`).

use std::collections::{BTreeMap, VecDeque};
use std::path::Path;
use std::process::Command;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value, json};

use crate::remote_git::{self as git, TestRemote};

const ANSWERS: &str = include_str!("answers.json");

/// Below which the API answers, as at an Enterprise Server.
const API: &str = "/api/v3";

/// Somebody's GitHub.
pub struct TestGithub {
    address: String,
    world: Arc<Mutex<World>>,
}

/// What is there. Tests look into it, and put things there.
#[derive(Default)]
pub struct World {
    /// By `owner/name`.
    pub repositories: BTreeMap<String, TestRemote>,
    /// Tokens that are taken; each reaches everything.
    pub tokens: Vec<String>,
    /// What apps show to get a token.
    pub assertions: Vec<String>,
    /// Installations of the app: their numbers, and whose they are.
    pub installations: Vec<(u64, String)>,
    pub hooks: Vec<Value>,
    pub deliveries: Vec<Value>,
    /// Deliveries that were asked for again.
    pub redelivered: Vec<u64>,
    pub pulls: Vec<Value>,
    pub check_runs: Vec<Value>,
    pub statuses: Vec<Value>,
    pub comments: Vec<Value>,
    pub reviews: Vec<Value>,
    /// Who may write to the repositories.
    pub writers: Vec<String>,
    /// Checks that are asked for, by branch.
    pub protected: BTreeMap<String, Vec<String>>,
    /// Given instead of the next answers.
    pub instead: VecDeque<Given>,
    pub exchanges: Vec<Value>,
    next: u64,
}

/// An answer that a test gives: status, headers, body.
pub type Given = (u16, Vec<(&'static str, String)>, Value);

struct Asked<'a> {
    method: &'a Method,
    parts: Vec<&'a str>,
    query: BTreeMap<String, String>,
    body: Value,
    token: String,
}

type Said = (u16, Value);

impl TestGithub {
    /// # Panics
    /// When nothing can be served on this machine.
    pub async fn start() -> TestGithub {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port of this machine is free");
        let address = format!("http://{}", listener.local_addr().expect("a listener has an address"));
        let world: Arc<Mutex<World>> = Arc::default();
        let router = Router::new().fallback(answer).with_state((address.clone(), world.clone()));
        tokio::spawn(async move { axum::serve(listener, router).await });
        TestGithub { address, world }
    }

    /// Of its pages.
    pub fn web(&self) -> &str {
        &self.address
    }

    pub fn api(&self) -> String {
        format!("{}{API}", self.address)
    }

    pub fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Everything that was asked and answered until now is as GitHub describes its API.
    ///
    /// # Panics
    /// With what is not; or when `xtask/setup.sh` did not install the validators.
    pub fn check(&self) {
        let file = tempfile::NamedTempFile::new().expect("files can be made");
        let exchanges = serde_json::to_string(&self.world().exchanges).expect("JSON is written");
        std::fs::write(file.path(), exchanges).expect("files can be made");
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../tests/github/check.cjs");
        let output = Command::new("node").arg(script).arg(file.path()).output();
        let output = output.expect("Node.js runs here: xtask/setup.sh installs it");
        let said = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{said}");
        println!("{}", said.trim());
    }
}

async fn answer(State((address, world)): State<(String, Arc<Mutex<World>>)>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let body = axum::body::to_bytes(body, usize::MAX).await.unwrap_or_default();
    let path = parts.uri.path();
    let Some(asked) = path.strip_prefix(API) else {
        let found = {
            let world = world.lock().unwrap_or_else(PoisonError::into_inner);
            let logins = world.tokens.iter().map(|token| format!("x-access-token:{token}"));
            git::find(&world.repositories, logins, &parts, path.trim_start_matches('/'))
        };
        return match found {
            Ok(file) => git::answer(&file, &parts, body).await,
            Err(status) => git::refuse(status),
        };
    };
    let locked = || world.lock().unwrap_or_else(PoisonError::into_inner);
    let query = parts.uri.query().unwrap_or("");
    let exchange = |status: u16, answer: &Value| {
        let plain = |(name, value): (&axum::http::HeaderName, &axum::http::HeaderValue)| {
            Some((name.as_str().to_owned(), json!(value.to_str().ok()?)))
        };
        let headers: Map<String, Value> = parts.headers.iter().filter_map(plain).collect();
        let sent: Value = serde_json::from_slice(&body).unwrap_or(Value::Null);
        json!({ "method": parts.method.as_str(), "path": asked, "query": query, "headers": headers, "body": sent,
            "status": status, "answered": { "content-type": "application/json" }, "answer": answer })
    };
    if let Some((status, headers, body)) = locked().instead.pop_front() {
        return reply(status, &headers, &body);
    }
    let token = token_of(&parts.headers);
    let sent = Asked {
        method: &parts.method,
        parts: asked.split('/').filter(|part| !part.is_empty()).collect(),
        query: read_query(query),
        body: serde_json::from_slice(&body).unwrap_or(Value::Null),
        token,
    };
    let (status, said) = locked().answer(&address, &sent);
    locked().exchanges.push(exchange(status, &said));
    // As GitHub does: what has not changed is not sent again.
    let tag =
        format!("\"{:x}\"", said.to_string().bytes().fold(7_u64, |sum, byte| sum.wrapping_mul(31) + u64::from(byte)));
    let asked_before = parts.headers.get("if-none-match").and_then(|value| value.to_str().ok());
    if parts.method == Method::GET && status == 200 && asked_before == Some(&tag) {
        return StatusCode::NOT_MODIFIED.into_response();
    }
    reply(status, &[("etag", tag)], &said)
}

fn token_of(headers: &HeaderMap) -> String {
    let value = headers.get("authorization").and_then(|value| value.to_str().ok()).unwrap_or("");
    value.strip_prefix("Bearer ").unwrap_or("").to_owned()
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

fn read_query(query: &str) -> BTreeMap<String, String> {
    let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    pairs.map(|(key, value)| (key.to_owned(), value.to_owned())).collect()
}

/// One of GitHub's examples, with these fields instead of its own.
fn example(name: &str, fields: Value) -> Value {
    let mut answers: Value = serde_json::from_str(ANSWERS).expect("the examples are JSON");
    let mut made = answers[name].take();
    for (key, value) in fields.as_object().into_iter().flatten() {
        made[key] = value.clone();
    }
    made
}

fn refused(status: u16, message: &str) -> Said {
    let url = "https://docs.github.com/rest";
    (status, json!({ "message": message, "documentation_url": url, "status": status.to_string() }))
}

impl World {
    fn next(&mut self) -> u64 {
        self.next += 1;
        1_000 + self.next
    }

    fn answer(&mut self, address: &str, asked: &Asked<'_>) -> Said {
        if let ["app", "installations", id, "access_tokens"] = asked.parts[..] {
            self.assertions.push(asked.token.clone());
            if !self.installations.iter().any(|(own, _)| own.to_string() == id) {
                return refused(404, "Not Found");
            }
            let token = format!("ghs_{}", self.next());
            self.tokens.push(token.clone());
            return (201, example("token", json!({ "token": token, "expires_at": "2099-01-01T00:00:00Z" })));
        }
        if asked.parts == ["app"] {
            return (200, example("app", json!({ "slug": "rampart" })));
        }
        if !self.tokens.contains(&asked.token) {
            return refused(401, "Bad credentials");
        }
        match asked.parts[..] {
            ["user"] => (200, example("user", json!({ "login": author(&asked.token) }))),
            ["user", "repos"] => (200, self.all(address, "repositories")),
            ["installation", "repositories"] => {
                let all = self.all(address, "of_installation");
                let count = all.as_array().map_or(0, Vec::len);
                (200, json!({ "total_count": count, "repository_selection": "selected", "repositories": all }))
            }
            ["user", "installations"] => {
                let one = |(id, login): &(u64, String)| {
                    let mut made = example("installations", json!({ "id": id }));
                    made["account"]["login"] = json!(login);
                    made
                };
                let all: Vec<Value> = self.installations.iter().map(one).collect();
                (200, json!({ "total_count": all.len(), "installations": all }))
            }
            ["repos", owner, name, ref rest @ ..] => {
                let name = format!("{owner}/{name}");
                match self.repositories.get(&name) {
                    None => refused(404, "Not Found"),
                    Some(it) if rest.is_empty() => (200, repository("repository", address, &name, it)),
                    Some(it) => {
                        let folder = it.folder.clone();
                        self.of_repository(&folder, rest, asked)
                    }
                }
            }
            _ => refused(404, "Not Found"),
        }
    }

    fn all(&self, address: &str, form: &str) -> Value {
        self.repositories.iter().map(|(name, it)| repository(form, address, name, it)).collect()
    }

    fn of_repository(&mut self, folder: &Path, rest: &[&str], asked: &Asked<'_>) -> Said {
        let body = &asked.body;
        let number = |text: &str| text.parse::<u64>().unwrap_or(0);
        match (asked.method.as_str(), rest) {
            ("GET", ["branches", branch]) => {
                let name = branch.replace("%2F", "/");
                match git::head(folder, &name) {
                    Some(sha) => {
                        let mut made = example("branch", json!({ "name": name }));
                        made["commit"]["sha"] = json!(sha);
                        (200, made)
                    }
                    None => refused(404, "Branch not found"),
                }
            }
            ("POST", ["hooks"]) => {
                let (id, secret) = (self.next(), body["config"]["secret"].clone());
                let mut made = example("hook", json!({ "id": id, "events": body["events"], "active": body["active"] }));
                made["config"] = json!({ "url": body["config"]["url"], "content_type": "json", "insecure_ssl": "0",
                    "secret": "********" });
                let mut kept = made.clone();
                kept["config"]["secret"] = secret;
                self.hooks.push(kept);
                (201, made)
            }
            ("PATCH", ["hooks", id]) => match self.hooks.iter_mut().find(|hook| hook["id"] == number(id)) {
                Some(hook) => {
                    hook["config"]["secret"] = body["config"]["secret"].clone();
                    let mut said = hook.clone();
                    said["config"]["secret"] = json!("********");
                    (200, said)
                }
                None => refused(404, "Not Found"),
            },
            ("DELETE", ["hooks", id]) => {
                let before = self.hooks.len();
                self.hooks.retain(|hook| hook["id"] != number(id));
                if self.hooks.len() < before { (204, Value::Null) } else { refused(404, "Not Found") }
            }
            ("GET", ["hooks", _, "deliveries"]) => (200, json!(self.deliveries)),
            ("POST", ["hooks", _, "deliveries", id, "attempts"]) => {
                self.redelivered.push(number(id));
                (202, json!({}))
            }
            ("GET", ["pulls"]) => {
                let open = self.pulls.iter().filter(|pull| pull["state"] == "open").cloned();
                (200, open.collect())
            }
            ("GET", ["pulls", at]) => match self.pulls.iter().find(|pull| pull["number"] == number(at)) {
                Some(pull) => {
                    let mut whole = example("pull", pull.clone());
                    whole["merged"] = json!(pull["merged_at"].is_string());
                    (200, whole)
                }
                None => refused(404, "Not Found"),
            },
            ("POST", ["check-runs"]) => {
                let mut made = example("check_run", json!({ "id": self.next(), "annotations": [] }));
                described(&mut made, body);
                self.check_runs.push(made.clone());
                (201, shown(&made))
            }
            ("PATCH", ["check-runs", id]) => match self.check_runs.iter_mut().find(|run| run["id"] == number(id)) {
                Some(run) => {
                    described(run, body);
                    (200, shown(run))
                }
                None => refused(404, "Not Found"),
            },
            ("GET", ["commits", sha, "check-runs"]) => {
                let name = asked.query.get("check_name").map(|name| name.replace("%2F", "/"));
                let of =
                    |run: &&Value| run["head_sha"] == *sha && name.as_ref().is_none_or(|name| run["name"] == *name);
                let runs: Vec<Value> = self.check_runs.iter().filter(of).map(shown).collect();
                (200, json!({ "total_count": runs.len(), "check_runs": runs }))
            }
            ("POST", ["statuses", _]) => {
                let fields = json!({ "state": body["state"], "context": body["context"],
                    "description": body["description"], "target_url": body["target_url"] });
                let made = example("status", fields);
                self.statuses.push(made.clone());
                (201, made)
            }
            ("GET", ["issues", _, "comments"]) => (200, json!(self.comments)),
            ("POST", ["issues", _, "comments"]) => {
                let mut made = example("comment", json!({ "id": self.next(), "body": body["body"] }));
                made["user"]["login"] = json!(author(&asked.token));
                self.comments.push(made.clone());
                (201, made)
            }
            ("PATCH", ["issues", "comments", id]) => {
                match self.comments.iter_mut().find(|comment| comment["id"] == number(id)) {
                    Some(comment) => {
                        comment["body"] = body["body"].clone();
                        (200, comment.clone())
                    }
                    None => refused(404, "Not Found"),
                }
            }
            ("GET", ["pulls", _, "comments"]) => {
                let all =
                    self.reviews.iter().flat_map(|review| review["comments"].as_array().cloned().unwrap_or_default());
                let one = |it: Value| {
                    let fields = json!({ "path": it["path"], "line": it["line"], "body": it["body"] });
                    let mut made = example("review_comments", fields);
                    made["user"]["login"] = it["author"].clone();
                    made
                };
                (200, all.map(one).collect())
            }
            ("POST", ["pulls", _, "reviews"]) => {
                let id = self.next();
                let mut kept = body.clone();
                for comment in kept["comments"].as_array_mut().into_iter().flatten() {
                    comment["author"] = json!(author(&asked.token));
                }
                self.reviews.push(kept);
                (200, example("review", json!({ "id": id, "state": "COMMENTED", "commit_id": body["commit_id"] })))
            }
            ("GET", ["collaborators", name, "permission"]) => {
                let permission = if self.writers.iter().any(|writer| writer == name) { "write" } else { "read" };
                let mut made = example("permission", json!({ "permission": permission, "role_name": permission }));
                made["user"]["role_name"] = json!(permission);
                (200, made)
            }
            ("GET", ["compare", pair]) => {
                let (base, head) = pair.split_once("...").unwrap_or((pair, pair));
                let mut made = example("compare", json!({}));
                made["merge_base_commit"]["sha"] = json!(git::merge_base(folder, base, head));
                (200, made)
            }
            ("GET", ["branches", branch, "protection"]) => match self.protected.get(*branch) {
                Some(checks) => {
                    let mut made = example("protection", json!({}));
                    made["required_status_checks"]["contexts"] = json!(checks);
                    (200, made)
                }
                None => refused(404, "Branch not protected"),
            },
            ("PUT", ["branches", branch, "protection"]) => {
                self.require(branch, &body["required_status_checks"]["contexts"]);
                (200, example("protection", json!({})))
            }
            ("PATCH", ["branches", branch, "protection", "required_status_checks"]) => {
                self.require(branch, &body["contexts"]);
                let mut made = example("protection", json!({}));
                (200, made["required_status_checks"].take())
            }
            ("DELETE", ["branches", branch, "protection", "required_status_checks"]) => {
                self.require(branch, &json!([]));
                (204, Value::Null)
            }
            _ => refused(404, "Not Found"),
        }
    }

    fn require(&mut self, branch: &str, checks: &Value) {
        let checks = checks.as_array().into_iter().flatten().filter_map(|it| it.as_str().map(str::to_owned));
        self.protected.insert(branch.to_owned(), checks.collect());
    }
}

fn repository(form: &str, address: &str, name: &str, it: &TestRemote) -> Value {
    let (owner, own) = name.split_once('/').unwrap_or(("", name));
    let fields = json!({ "id": it.id, "name": own, "full_name": name, "private": it.private, "default_branch": "main",
        "html_url": format!("{address}/{name}"), "clone_url": format!("{address}/{name}.git"), "language": "Python" });
    let mut made = example(form, fields);
    made["owner"]["login"] = json!(owner);
    made
}

/// Who asks with a token: the app, or somebody.
fn author(token: &str) -> &'static str {
    if token.starts_with("ghs_") { "rampart[bot]" } else { "ada" }
}

/// A check run takes what is said of it; annotations are added to those that it has.
fn described(run: &mut Value, body: &Value) {
    for key in ["name", "head_sha", "external_id", "details_url", "status", "conclusion", "started_at", "completed_at"]
    {
        if !body[key].is_null() {
            run[key] = body[key].clone();
        }
    }
    let mut all = run["annotations"].as_array().cloned().unwrap_or_default();
    all.extend(body["output"]["annotations"].as_array().cloned().unwrap_or_default());
    run["annotations"] = json!(all);
    run["output"]["title"] = body["output"]["title"].clone();
    run["output"]["summary"] = body["output"]["summary"].clone();
    run["output"]["annotations_count"] = json!(all.len());
}

fn shown(run: &Value) -> Value {
    let mut shown = run.clone();
    if let Some(fields) = shown.as_object_mut() {
        fields.remove("annotations");
    }
    shown
}

/// A pull request as lists show it, to be put into [`World::pulls`].
pub fn pull_request(number: u64, head: &str, base: &str) -> Value {
    let mut made = example(
        "pulls",
        json!({ "number": number, "state": "open", "merged_at": null,
        "updated_at": "2024-01-15T10:30:00Z" }),
    );
    made["head"]["sha"] = json!(head);
    made["base"]["sha"] = json!(base);
    made["base"]["ref"] = json!("main");
    made
}
