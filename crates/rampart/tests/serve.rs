//! The real program as a server: started, asked over a socket, stopped.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

/// An unoptimised program on a loaded machine starts within this.
const START_LIMIT: Duration = Duration::from_secs(60);

struct Server {
    process: Child,
    address: String,
    invitation: Option<String>,
}

fn rampart(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_rampart"));
    command.env_clear().env("DATA_DIR", folder.join("data")).env("API_PORT", "0").current_dir(folder);
    command
}

impl Server {
    fn start(folder: &Path) -> Server {
        let mut command = rampart(folder);
        command.arg("serve").stdout(Stdio::piped()).stderr(Stdio::null());
        let mut process = command.spawn().unwrap();
        let lines = BufReader::new(process.stdout.take().unwrap()).lines();
        let mut server = Server { process, address: String::new(), invitation: None };
        let start = Instant::now();
        for line in lines {
            let line = line.unwrap();
            assert!(start.elapsed() < START_LIMIT);
            if let Some(code) = line.strip_prefix("  ") {
                server.invitation = Some(code.to_owned());
            }
            if let Some(address) = line.strip_prefix("Rampart answers at http://") {
                server.address = address.to_owned();
                return server;
            }
        }
        panic!("the server ended before it answered");
    }

    fn ask(&self, method: &str, path: &str, token: &str, body: Value) -> (u16, Value) {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        let body = if body.is_null() { String::new() } else { body.to_string() };
        let authorization = if token.is_empty() { String::new() } else { format!("authorization: Bearer {token}\r\n") };
        write!(
            stream,
            "{method} {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\ncontent-type: application/json\r\n\
             {authorization}content-length: {}\r\n\r\n{body}",
            body.len()
        )
        .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        (status, serde_json::from_str(body).unwrap_or(Value::Null))
    }

    /// As an orchestrator does it; the exit status.
    fn stop(mut self) -> Option<i32> {
        let signal = Command::new("kill").args(["-TERM", &self.process.id().to_string()]).status().unwrap();
        assert!(signal.success());
        self.process.wait().unwrap().code()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn text(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

const LOGIN: (&str, &str) = ("admin@example.com", "otter-Lamp-42-rivet");

#[test]
fn a_fresh_installation_serves_stops_backs_up_and_comes_back_elsewhere() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(folder.path());
    let second = rampart(folder.path()).arg("serve").output().unwrap();
    let said = String::from_utf8_lossy(&second.stderr);
    assert!(!second.status.success() && said.contains("another `rampart serve` uses"), "{said}");
    assert_eq!(server.ask("GET", "/readyz", "", Value::Null).0, 200);
    let code = server.invitation.clone().unwrap();
    let kept = std::fs::read_to_string(folder.path().join("data/bootstrap-invitation")).unwrap();
    assert_eq!(kept.trim(), code);
    let (email, password) = LOGIN;
    let registration = json!({ "email": email, "password": password, "invitationCode": code });
    let (status, body) = server.ask("POST", "/api/v1/auth/register", "", registration);
    assert_eq!(status, 201, "{body}");
    let login = json!({ "email": email, "password": password });
    let (status, body) = server.ask("POST", "/api/auth/login", "", login.clone());
    assert_eq!(status, 200, "{body}");
    let token = body["accessToken"].as_str().unwrap().to_owned();
    let refresh_token = body["refreshToken"].as_str().unwrap().to_owned();
    assert_eq!(server.ask("GET", "/auth/me", &token, Value::Null).0, 200);
    // The measurements are this machine's to read.
    assert_eq!(server.ask("GET", "/metrics", "", Value::Null).0, 200);

    // While it runs: another server is refused, a backup is not.
    let second = rampart(folder.path()).arg("serve").output().unwrap();
    assert_eq!(second.status.code(), Some(2), "{}", text(&second));
    let copy = folder.path().join("copy.backup");
    let backup = rampart(folder.path()).args(["backup", "create"]).arg(&copy).output().unwrap();
    assert!(backup.status.success(), "{}", text(&backup));
    assert_eq!(server.stop(), Some(0));

    let doctor = rampart(folder.path()).arg("doctor").output().unwrap();
    assert!(doctor.status.success() && text(&doctor).contains("audit record: ok"), "{}", text(&doctor));

    let elsewhere = tempfile::tempdir().unwrap();
    let restore = || rampart(elsewhere.path()).args(["backup", "restore"]).arg(&copy).output().unwrap();
    let keyless = restore();
    assert!(!keyless.status.success() && text(&keyless).contains("master key"), "{}", text(&keyless));
    std::fs::create_dir(elsewhere.path().join("data")).unwrap();
    std::fs::copy(folder.path().join("data/secret-key"), elsewhere.path().join("data/secret-key")).unwrap();
    let restored = restore();
    assert!(restored.status.success(), "{}", text(&restored));
    assert!(!restore().status.success(), "a restore does not overwrite");
    let server = Server::start(elsewhere.path());
    assert_eq!(server.invitation, None, "there is an administrator");
    // What was handed out before the backup is not believed any more.
    let refresh = json!({ "refreshToken": refresh_token });
    let (status, body) = server.ask("POST", "/api/v1/auth/refresh", "", refresh);
    assert_eq!((status, body["code"].as_str()), (401, Some("TOKEN_REVOKED")), "{body}");
    assert_eq!(server.ask("POST", "/api/v1/auth/login", "", login).0, 200);
    assert_eq!(server.stop(), Some(0));
}

#[test]
fn commands_that_need_no_server() {
    let folder = tempfile::tempdir().unwrap();
    let openapi = rampart(folder.path()).arg("openapi").output().unwrap();
    let document: Value = serde_json::from_slice(&openapi.stdout).unwrap();
    assert_eq!(document["openapi"], "3.1.0");
    let mut config = rampart(folder.path());
    let config = config.arg("config").env("METRICS_TOKEN", "tell nobody").output().unwrap();
    assert!(text(&config).contains("METRICS_TOKEN=***") && !text(&config).contains("tell nobody"), "{}", text(&config));
    let mut wrong = rampart(folder.path());
    let wrong = wrong.arg("config").env("RAMPART_NO_SUCH", "1").env("API_PORT", "high").output().unwrap();
    assert_eq!(wrong.status.code(), Some(2));
    assert!(text(&wrong).contains("RAMPART_NO_SUCH") && text(&wrong).contains("API_PORT"), "{}", text(&wrong));
    let check = rampart(folder.path()).args(["migrate", "--check"]).output().unwrap();
    assert_eq!(check.status.code(), Some(1), "{}", text(&check));
    assert!(rampart(folder.path()).arg("migrate").output().unwrap().status.success());
    assert!(rampart(folder.path()).args(["migrate", "--check"]).output().unwrap().status.success());
}

#[test]
fn every_message_can_be_looked_at() {
    let folder = tempfile::tempdir().unwrap();
    let output = rampart(folder.path()).args(["mail", "preview", "--out", "mails"]).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let read = |name: &str| std::fs::read_to_string(folder.path().join("mails").join(name)).unwrap();
    assert!(read("index.html").contains("en/03-reset_password.html"));
    assert!(read("en/03-reset_password.html").contains("Set a new password"));
    assert!(read("de/03-reset_password.txt").starts_with("Subject: Neues Passwort wählen\n"));
}

#[test]
fn every_setting_is_on_its_page() {
    let folder = tempfile::tempdir().unwrap();
    let output = rampart(folder.path()).args(["config", "--reference"]).output().unwrap();
    let page = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/reference/server.md");
    let page = std::fs::read_to_string(page).unwrap();
    let printed = String::from_utf8(output.stdout).unwrap();
    assert!(page == printed, "write what `rampart config --reference` prints to docs/reference/server.md:\n{printed}");
}
