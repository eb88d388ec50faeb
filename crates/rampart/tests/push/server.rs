//! The program as a platform, and a socket that hears what it tells.

use std::ffi::OsString;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;

use futures_util::StreamExt;
use serde_json::Value;
use tokio::net::TcpStream as AsyncStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream};

/// An unoptimised program on a loaded machine.
const PATIENCE: Duration = Duration::from_secs(120);

/// `RAMPART` names another build of the program: an optimised one.
fn program() -> OsString {
    std::env::var_os("RAMPART").unwrap_or_else(|| env!("CARGO_BIN_EXE_rampart").into())
}

pub struct Server {
    process: Child,
    pub address: String,
}

pub fn rampart(folder: &Path) -> Command {
    let mut command = Command::new(program());
    command.env_clear().env("DATA_DIR", folder.join("data")).env("API_PORT", "0").current_dir(folder);
    command.env("LOCAL_GIT_ROOTS", folder.join("code")).env("RATE_LIMIT_USER", "unlimited");
    command
}

impl Server {
    pub fn start(folder: &Path) -> Server {
        let mut command = rampart(folder);
        command.arg("serve").stdout(Stdio::piped()).stderr(Stdio::inherit());
        let mut process = command.spawn().unwrap();
        let lines = BufReader::new(process.stdout.take().unwrap()).lines();
        let mut server = Server { process, address: String::new() };
        for line in lines {
            if let Some(address) = line.unwrap().strip_prefix("Rampart answers at http://") {
                server.address = address.to_owned();
                return server;
            }
        }
        panic!("the server ended before it answered");
    }

    /// The command line, talking to this server.
    pub fn command(&self, folder: &Path, token: &str, arguments: &[&str]) -> Output {
        let mut command = rampart(folder);
        command.env("RAMPART_SERVER", format!("http://{}", self.address)).args(arguments);
        if !token.is_empty() {
            command.env("RAMPART_TOKEN", token);
        }
        command.output().unwrap()
    }

    pub fn get(&self, path: &str, token: &str) -> (u16, String) {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        write!(
            stream,
            "GET /api/v1{path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\nauthorization: Bearer {token}\r\n\r\n"
        )
        .unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        let answer = String::from_utf8_lossy(&answer).into_owned();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        (head.split(' ').nth(1).unwrap().parse().unwrap(), body.to_owned())
    }

    pub fn json(&self, path: &str, token: &str) -> Value {
        let (status, body) = self.get(path, token);
        assert_eq!(status, 200, "{path}: {body}");
        serde_json::from_str(&body).unwrap()
    }

    pub async fn listen(&self, token: &str) -> Socket {
        let mut request = format!("ws://{}/ws", self.address).into_client_request().unwrap();
        request.headers_mut().insert("authorization", format!("Bearer {token}").parse().unwrap());
        let mut socket = Socket(tokio_tungstenite::connect_async(request).await.unwrap().0);
        socket.hear("ready").await;
        socket
    }

    pub fn stop(mut self) -> Option<i32> {
        assert!(Command::new("kill").args(["-TERM", &self.process.id().to_string()]).status().unwrap().success());
        self.process.wait().unwrap().code()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

pub struct Socket(WebSocketStream<MaybeTlsStream<AsyncStream>>);

impl Socket {
    /// The data of the next event of this name.
    pub async fn hear(&mut self, name: &str) -> Value {
        let hear = async {
            loop {
                let text = self.0.next().await.unwrap().unwrap().into_text().unwrap();
                let event: Value = serde_json::from_str(&text).unwrap_or_default();
                assert_ne!(event["event"], "scan:failed", "{event}");
                if event["event"] == name {
                    return event["data"].clone();
                }
            }
        };
        tokio::time::timeout(PATIENCE, hear).await.unwrap_or_else(|_| panic!("{name} was not heard"))
    }
}
