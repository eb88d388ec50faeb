//! Repositories over HTTP, by the server that git brings.

use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::{Mutex, PoisonError};

use axum::body::{Body, Bytes};
use axum::http::request::Parts;
use axum::http::{Response as Answer, StatusCode};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::World;

/// Where a branch is.
pub fn head(folder: &Path, branch: &str) -> Option<String> {
    run(folder, &["rev-parse", "--verify", "--quiet", &format!("refs/heads/{branch}")])
}

pub fn merge_base(folder: &Path, one: &str, other: &str) -> Option<String> {
    run(folder, &["merge-base", one, other])
}

fn run(folder: &Path, arguments: &[&str]) -> Option<String> {
    let output = Command::new("git").args(arguments).current_dir(folder).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// `/owner/name.git/info/refs?service=git-upload-pack` and what follows, with a token where the repository is private or one is shown.
pub async fn answer(world: &Mutex<World>, parts: &Parts, body: Bytes) -> Response {
    let path = parts.uri.path().trim_start_matches('/');
    let Some((name, rest)) = path.split_once(".git/") else { return StatusCode::NOT_FOUND.into_response() };
    let header = |name: &str| parts.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or("").to_owned();
    let folder = {
        let world = world.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(found) = world.repositories.get(name) else { return StatusCode::NOT_FOUND.into_response() };
        let shown = header("authorization");
        let basic = |token: &String| format!("Basic {}", STANDARD.encode(format!("x-access-token:{token}")));
        let known = world.tokens.iter().any(|token| basic(token) == shown);
        if (found.private || !shown.is_empty()) && !known {
            return (StatusCode::UNAUTHORIZED, [("www-authenticate", "Basic realm=\"GitHub\"")]).into_response();
        }
        found.folder.clone()
    };
    let mut command = tokio::process::Command::new("git");
    command.arg("http-backend").env("PATH_TRANSLATED", folder.join(".git").join(rest)).env("GIT_HTTP_EXPORT_ALL", "1");
    command.env("REQUEST_METHOD", parts.method.as_str()).env("QUERY_STRING", parts.uri.query().unwrap_or(""));
    command.env("CONTENT_TYPE", header("content-type")).env("CONTENT_LENGTH", body.len().to_string());
    command.env("HTTP_CONTENT_ENCODING", header("content-encoding")).env("GIT_PROTOCOL", header("git-protocol"));
    command.env("REMOTE_USER", "ada").env("GIT_CONFIG_NOSYSTEM", "1").env("GIT_CONFIG_GLOBAL", "/dev/null");
    let settings = [
        ("safe.directory", "*"),
        ("http.receivepack", "true"),
        ("receive.denyCurrentBranch", "ignore"),
        // As GitHub: what is reachable may be asked for.
        ("uploadpack.allowAnySHA1InWant", "true"),
    ];
    command.env("GIT_CONFIG_COUNT", settings.len().to_string());
    for (index, (key, value)) in settings.iter().enumerate() {
        command.env(format!("GIT_CONFIG_KEY_{index}"), key).env(format!("GIT_CONFIG_VALUE_{index}"), value);
    }
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).kill_on_drop(true);
    let mut child = command.spawn().expect("git works on this machine");
    let mut input = child.stdin.take().expect("it was asked for");
    let feed = async move { tokio::io::AsyncWriteExt::write_all(&mut input, &body).await };
    let (_, output) = tokio::join!(feed, child.wait_with_output());
    let output = output.expect("git works on this machine").stdout;
    let end = output.windows(4).position(|bytes| bytes == b"\r\n\r\n").unwrap_or(0);
    let mut answer = Answer::builder().status(StatusCode::OK);
    for line in String::from_utf8_lossy(&output[..end]).lines() {
        let Some((name, value)) = line.split_once(": ") else { continue };
        answer = match name {
            "Status" => answer.status(value.get(..3).and_then(|code| code.parse::<u16>().ok()).unwrap_or(500)),
            name => answer.header(name, value),
        };
    }
    let content = output.get(end + 4..).unwrap_or_default().to_vec();
    answer.body(Body::from(content)).expect("git answers in HTTP")
}
