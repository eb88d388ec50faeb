//! The real program, started for a measurement on this machine alone, and asked over HTTP.

use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use anyhow::{Context, ensure};
use serde_json::{Value, json};

/// No real one: for an installation that lives for minutes.
const PASSWORD: &str = "otter-Lamp-42-rivet";

/// Each test of a limit is elsewhere.
const LIMITS: [&str; 9] = ["PUBLIC", "USER", "AUTH", "LOGIN", "REGISTER", "WSCONN", "WS_CREATE", "WS_UPDATE", "HOOK"];

pub struct Server {
    pub process: Child,
    pub port: u16,
    /// The code that makes the first administrator; nothing when there is one.
    pub invitation: String,
    settings: Vec<(&'static str, String)>,
}

impl Server {
    /// Starts the program with its data in `folder`; `port` 0 is any that is free. Returns when it answers.
    ///
    /// # Errors
    /// When it ends before.
    pub fn start(
        program: &Path,
        folder: &Path,
        port: u16,
        settings: &[(&'static str, String)],
    ) -> anyhow::Result<Server> {
        let mut command = Command::new(program);
        command.env_clear().current_dir(folder).env("DATA_DIR", folder.join("data")).env("API_PORT", port.to_string());
        command.env("LOG_LEVEL", "error").env("SOCKETS_PER_ADDRESS", "20000");
        // Passwords and mail are not what is measured.
        command.env("REQUIRE_EMAIL_VERIFICATION", "false");
        command.env("ARGON2_MEMORY_KIB", "64").env("ARGON2_ITERATIONS", "1").env("ARGON2_PARALLELISM", "1");
        for class in LIMITS {
            command.env(format!("RATE_LIMIT_{class}"), "unlimited");
        }
        command.envs(settings.iter().map(|(name, value)| (name, value)));
        let mut process = command.arg("serve").stdout(Stdio::piped()).spawn()?;
        let out = process.stdout.take().context("standard output is a pipe")?;
        let mut server = Server { process, port, invitation: String::new(), settings: settings.to_vec() };
        for line in BufReader::new(out).lines() {
            let line = line?;
            if let Some(code) = line.strip_prefix("  ") {
                server.invitation = code.to_owned();
            }
            if let Some(address) = line.strip_prefix("Rampart answers at http://") {
                server.port = address.rsplit(':').next().context("an address has a port")?.parse()?;
                return Ok(server);
            }
        }
        anyhow::bail!("the program ended before it answered")
    }

    /// Ends it as an operator does, and starts it again at the same place.
    ///
    /// # Errors
    /// When it does not end well, or does not start.
    pub fn restart(mut self, program: &Path, folder: &Path) -> anyhow::Result<Server> {
        Command::new("kill").args(["-TERM", &self.process.id().to_string()]).status()?;
        let ended = self.process.wait()?;
        ensure!(ended.success(), "the program ended with {ended}");
        Server::start(program, folder, self.port, &self.settings)
    }

    /// Resident.
    ///
    /// # Errors
    /// When it has ended.
    pub fn memory_kib(&self) -> anyhow::Result<usize> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.process.id()))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).context("no VmRSS")?;
        Ok(line.trim().trim_end_matches(" kB").parse()?)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Somebody, and the workspace that came with them.
pub struct Member {
    pub token: String,
    pub workspace: String,
}

/// Registers with an invitation, and signs in.
///
/// # Errors
/// When the program refuses.
pub fn join(port: u16, code: &str, email: &str) -> anyhow::Result<Member> {
    let registration = json!({ "email": email, "password": PASSWORD, "invitationCode": code });
    let (status, body) = ask(port, "POST", "/api/v1/auth/register", "", &registration)?;
    ensure!(status == 201, "register: {status} {body}");
    let login = json!({ "email": email, "password": PASSWORD });
    let (status, body) = ask(port, "POST", "/api/v1/auth/login", "", &login)?;
    ensure!(status == 200, "login: {status} {body}");
    let token = body["accessToken"].as_str().context("a login has a token")?.to_owned();
    let me = ask(port, "GET", "/api/v1/auth/me", &token, &Value::Null)?.1;
    let workspace = me["currentWorkspace"]["id"].as_str().context("everybody has a workspace")?.to_owned();
    Ok(Member { token, workspace })
}

/// Status and body of an answer; null where it is no JSON.
///
/// # Errors
/// When there is none.
pub fn ask(port: u16, method: &str, path: &str, token: &str, body: &Value) -> anyhow::Result<(u16, Value)> {
    let mut stream = std::net::TcpStream::connect(("127.0.0.1", port))?;
    let body = if body.is_null() { String::new() } else { body.to_string() };
    let authorization = if token.is_empty() { String::new() } else { format!("authorization: Bearer {token}\r\n") };
    write!(
        stream,
        "{method} {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\ncontent-type: application/json\r\n\
         {authorization}content-length: {}\r\n\r\n{body}",
        body.len()
    )?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    let (head, body) = answer.split_once("\r\n\r\n").context("an answer has a body")?;
    let status = head.split(' ').nth(1).context("an answer has a status")?.parse()?;
    Ok((status, serde_json::from_str(body).unwrap_or(Value::Null)))
}
