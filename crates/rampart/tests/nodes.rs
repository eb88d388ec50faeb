//! The real program on several nodes with one PostgreSQL and one Redis, and how a node ends.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use rampart_store::Dialect;
use rampart_testkit::{TestRedis, TestStore};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::net::TcpStream as AsyncStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream};

/// An unoptimised program on a loaded machine.
const PATIENCE: Duration = Duration::from_secs(60);

const LOGIN: (&str, &str) = ("admin@example.com", "otter-Lamp-42-rivet");

/// 32 bytes that protect nothing: a test vector.
const KEY: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

/// A process of the program.
struct Node {
    process: Child,
    address: String,
    invitation: Option<String>,
}

impl Node {
    fn start(folder: &Path, roles: &str, variables: &[(&str, &str)]) -> Node {
        let mut command = Command::new(env!("CARGO_BIN_EXE_rampart"));
        command.env_clear().current_dir(folder).env("DATA_DIR", folder.join("data")).env("API_PORT", "0");
        command.envs(variables.iter().copied()).args(["serve", "--roles", roles]);
        let mut process = command.stdout(Stdio::piped()).stderr(Stdio::inherit()).spawn().unwrap();
        let lines = BufReader::new(process.stdout.take().unwrap()).lines();
        let mut node = Node { process, address: String::new(), invitation: None };
        for line in lines {
            let line = line.unwrap();
            if let Some(code) = line.strip_prefix("  ") {
                node.invitation = Some(code.to_owned());
            }
            if let Some(address) = line.strip_prefix("Rampart answers at http://") {
                node.address = address.to_owned();
                return node;
            }
        }
        panic!("the node ended before it answered");
    }

    fn ask(&self, method: &str, path: &str, token: &str, body: &Value) -> (u16, Value) {
        let mut stream = self.connect();
        let body = if body.is_null() { String::new() } else { body.to_string() };
        write!(stream, "{}{body}", self.head(method, path, token, body.len())).unwrap();
        answer(stream)
    }

    fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(&self.address).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream
    }

    fn head(&self, method: &str, path: &str, token: &str, length: usize) -> String {
        let authorization = if token.is_empty() { String::new() } else { format!("authorization: Bearer {token}\r\n") };
        format!(
            "{method} {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\ncontent-type: application/json\r\n\
             {authorization}content-length: {length}\r\n\r\n"
        )
    }

    fn register(&self) {
        let (email, password) = LOGIN;
        let code = self.invitation.as_deref().expect("there is no administrator yet");
        let body = json!({ "email": email, "password": password, "invitationCode": code });
        let (status, body) = self.ask("POST", "/api/v1/auth/register", "", &body);
        assert_eq!(status, 201, "{body}");
    }

    fn log_in(&self) -> String {
        let (email, password) = LOGIN;
        let (status, body) =
            self.ask("POST", "/api/v1/auth/login", "", &json!({ "email": email, "password": password }));
        assert_eq!(status, 200, "{body}");
        body["accessToken"].as_str().unwrap().to_owned()
    }

    async fn socket(&self, token: &str) -> Socket {
        let mut request = format!("ws://{}/ws", self.address).into_client_request().unwrap();
        request.headers_mut().insert("authorization", format!("Bearer {token}").parse().unwrap());
        let mut socket = Socket(tokio_tungstenite::connect_async(request).await.unwrap().0);
        assert_eq!(socket.next().await.unwrap()["event"], "ready");
        socket
    }

    fn signal(&self) {
        assert!(Command::new("kill").args(["-TERM", &self.process.id().to_string()]).status().unwrap().success());
    }

    fn end(&mut self) -> Option<i32> {
        self.process.wait().unwrap().code()
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn answer(mut stream: TcpStream) -> (u16, Value) {
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    (status, serde_json::from_str(body).unwrap_or(Value::Null))
}

struct Socket(WebSocketStream<MaybeTlsStream<AsyncStream>>);

impl Socket {
    /// The next thing said, or the code it was closed with.
    async fn next(&mut self) -> Result<Value, Option<u16>> {
        loop {
            let message = tokio::time::timeout(PATIENCE, self.0.next()).await.expect("something is said in time");
            match message {
                Some(Ok(Message::Text(text))) => return Ok(serde_json::from_str(&text).unwrap()),
                Some(Ok(Message::Close(frame))) => return Err(frame.map(|frame| frame.code.into())),
                Some(Ok(_)) => {}
                Some(Err(_)) | None => return Err(None),
            }
        }
    }

    /// Until an event of this name.
    async fn hear(&mut self, event: &str) -> Value {
        loop {
            let said = self.next().await.unwrap();
            if said["event"] == event {
                return said;
            }
        }
    }

    async fn end(&mut self) -> Option<u16> {
        loop {
            if let Err(code) = self.next().await {
                return code;
            }
        }
    }
}

/// Hashing that is quick; and as many requests as the test makes.
const USUAL: [(&str, &str); 6] = [
    ("ARGON2_MEMORY_KIB", "64"),
    ("ARGON2_ITERATIONS", "1"),
    ("ARGON2_PARALLELISM", "1"),
    ("RATE_LIMIT_AUTH", "unlimited"),
    ("RATE_LIMIT_LOGIN", "unlimited"),
    ("LOG_LEVEL", "warn"),
];

fn folder() -> TempDir {
    tempfile::tempdir().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_happens_at_one_node_reaches_the_sockets_of_another() {
    let (test, mut redis) = (TestStore::new(Dialect::Postgres, &[]).await, TestRedis::start());
    let (database, redis_url) = (test.settings.database_url.as_ref().unwrap().expose().to_owned(), redis.url());
    let shared = [("DATABASE_URL", database.as_str()), ("REDIS_URL", &redis_url), ("SECRET_KEY", KEY)];
    let variables = [&USUAL[..], &shared[..]].concat();
    let folders = [folder(), folder()];
    let back = Node::start(folders[0].path(), "api,worker,scheduler", &variables);
    let front = Node::start(folders[1].path(), "api", &variables);
    // Each start makes a new invitation; the last one counts.
    front.register();
    let token = front.log_in();
    let mut socket = front.socket(&token).await;
    let me = front.ask("GET", "/api/v1/auth/me", &token, &Value::Null).1;
    let workspace = format!("/api/v1/workspaces/{}", me["currentWorkspace"]["id"].as_str().unwrap());
    let rename = |node: &Node, name: &str| {
        let (status, body) = node.ask("PATCH", &workspace, &token, &json!({ "name": name }));
        assert_eq!(status, 200, "{body}");
    };
    rename(&back, "one");
    assert_eq!(socket.hear("workspace:updated").await["data"]["changes"], json!(["name"]));
    // The front relays nothing itself: what happens there goes by the back and returns.
    rename(&front, "two");
    socket.hear("workspace:updated").await;
    redis.kill();
    rename(&back, "three");
    socket.hear("workspace:updated").await;
    redis.restart();
    rename(&back, "four");
    let last = socket.hear("workspace:updated").await["id"].clone();

    // A node that ends; its sockets go to the other and ask for what they missed.
    let mut front = front;
    front.signal();
    assert_eq!(socket.end().await, Some(1001));
    assert_eq!(front.end(), Some(0));
    rename(&back, "five");
    let mut socket = back.socket(&token).await;
    let word = json!({ "action": "subscribe", "channels": ["events:*"], "lastEventId": last });
    socket.0.send(Message::text(word.to_string())).await.unwrap();
    socket.hear("workspace:updated").await;
    // Logged out elsewhere.
    assert_eq!(back.ask("POST", "/api/v1/auth/logout", &token, &json!({})).0, 200);
    assert_eq!(socket.end().await, Some(4401));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_node_that_is_told_to_stop_ends_what_is_under_way() {
    let folder = folder();
    let mut node = Node::start(folder.path(), "api,worker,scheduler", &USUAL);
    node.register();
    let token = node.log_in();
    let mut socket = node.socket(&token).await;
    let (email, password) = LOGIN;
    let body = json!({ "email": email, "password": password }).to_string();
    let (first, rest) = body.split_at(10);
    let under_way: Vec<TcpStream> = (0..10)
        .map(|_| {
            let mut stream = node.connect();
            write!(stream, "{}{first}", node.head("POST", "/api/v1/auth/login", "", body.len())).unwrap();
            stream
        })
        .collect();
    // An answer after them: they have arrived.
    assert_eq!(node.ask("GET", "/health/live", "", &Value::Null).0, 200);
    node.signal();
    assert_eq!(socket.end().await, Some(1001), "sockets are told at once");
    for mut stream in under_way {
        stream.write_all(rest.as_bytes()).unwrap();
        let (status, body) = answer(stream);
        assert_eq!(status, 200, "{body}");
    }
    assert_eq!(node.end(), Some(0));
    assert!(TcpStream::connect(&node.address).is_err());
}

#[tokio::test(flavor = "multi_thread")]
async fn told_twice_it_ends_at_once() {
    let folder = folder();
    let mut node = Node::start(folder.path(), "api,worker", &USUAL);
    node.register();
    let token = node.log_in();
    let mut socket = node.socket(&token).await;
    let mut stuck = node.connect();
    write!(stuck, "{}", node.head("POST", "/api/v1/auth/login", "", 100)).unwrap();
    assert_eq!(node.ask("GET", "/health/live", "", &Value::Null).0, 200);
    node.signal();
    assert_eq!(socket.end().await, Some(1001));
    node.signal();
    assert_eq!(node.end(), Some(2), "not as if all had ended");
}
