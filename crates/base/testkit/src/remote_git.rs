//! Repositories over HTTP, by the server that git brings.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use axum::body::{Body, Bytes};
use axum::http::request::Parts;
use axum::http::{Response as Answer, StatusCode};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// A repository at a double of a forge.
pub struct TestRemote {
    pub id: u64,
    pub private: bool,
    /// With `.git` in it.
    pub folder: PathBuf,
}

/// Where a branch is.
pub fn head(folder: &Path, branch: &str) -> Option<String> {
    run(folder, &["rev-parse", "--verify", "--quiet", &format!("refs/heads/{branch}")])
}

pub fn merge_base(folder: &Path, one: &str, other: &str) -> Option<String> {
    run(folder, &["merge-base", one, other])
}

/// How files differ between where a change parted and its head, as forges show it.
pub fn differences(folder: &Path, base: &str, head: &str) -> Vec<serde_json::Value> {
    let names = run(folder, &["diff", "--name-only", "--no-renames", &format!("{base}...{head}")]).unwrap_or_default();
    let one = |path: &str| {
        let range = format!("{base}...{head}");
        let whole = run(folder, &["diff", "--no-renames", &range, "--", path]).unwrap_or_default();
        let shown = whole.find("\n@@").map_or("", |at| &whole[at + 1..]);
        let new = whole.contains("\nnew file mode");
        serde_json::json!({ "old_path": path, "new_path": path, "new_file": new, "diff": format!("{shown}\n") })
    };
    names.lines().map(one).collect()
}

/// Whether the change wrote a line of its head; nothing when there is no such line.
pub fn written(folder: &Path, base: &str, head: &str, path: &str, line: u64) -> Option<bool> {
    let blame =
        run(folder, &["blame", "-s", "-l", "-L", &format!("{line},{line}"), &format!("{base}..{head}"), "--", path])?;
    // Lines of commits outside the range are marked.
    Some(!blame.starts_with('^'))
}

fn run(folder: &Path, arguments: &[&str]) -> Option<String> {
    let output = Command::new("git").args(arguments).current_dir(folder).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// The part of a repository that is asked for, or why it is not given: with `logins`, as `name:token`, where it is private or one is
/// shown.
///
/// # Errors
/// The status of the answer that [`refuse`] makes.
pub fn find(
    repositories: &BTreeMap<String, TestRemote>,
    logins: impl Iterator<Item = String>,
    parts: &Parts,
    path: &str,
) -> Result<PathBuf, StatusCode> {
    let (name, rest) = path.split_once(".git/").ok_or(StatusCode::NOT_FOUND)?;
    let found = repositories.get(name).ok_or(StatusCode::NOT_FOUND)?;
    let shown = header(parts, "authorization");
    let known = logins.into_iter().any(|login| format!("Basic {}", STANDARD.encode(login)) == shown);
    if (found.private || !shown.is_empty()) && !known {
        return Err(StatusCode::UNAUTHORIZED);
    }
    Ok(found.folder.join(".git").join(rest))
}

/// As git has to be told, so that it asks for a login where one helps.
pub fn refuse(status: StatusCode) -> Response {
    (status, [("www-authenticate", "Basic realm=\"git\"")]).into_response()
}

fn header(parts: &Parts, name: &str) -> String {
    parts.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or("").to_owned()
}

/// `info/refs?service=git-upload-pack` and what follows.
///
/// # Panics
/// When git does not work on this machine.
pub async fn answer(file: &Path, parts: &Parts, body: Bytes) -> Response {
    let header = |name: &str| header(parts, name);
    let mut command = tokio::process::Command::new("git");
    command.arg("http-backend").env("PATH_TRANSLATED", file).env("GIT_HTTP_EXPORT_ALL", "1");
    command.env("REQUEST_METHOD", parts.method.as_str()).env("QUERY_STRING", parts.uri.query().unwrap_or(""));
    command.env("CONTENT_TYPE", header("content-type")).env("CONTENT_LENGTH", body.len().to_string());
    command.env("HTTP_CONTENT_ENCODING", header("content-encoding")).env("GIT_PROTOCOL", header("git-protocol"));
    command.env("REMOTE_USER", "ada").env("GIT_CONFIG_NOSYSTEM", "1").env("GIT_CONFIG_GLOBAL", "/dev/null");
    let settings = [
        ("safe.directory", "*"),
        ("http.receivepack", "true"),
        ("receive.denyCurrentBranch", "ignore"),
        // As forges do: what is reachable may be asked for.
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
