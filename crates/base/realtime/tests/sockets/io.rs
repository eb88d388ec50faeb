//! `/socket.io/`: frame by frame, and with the client that browsers use.

use std::process::Stdio;
use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use rampart_access::WorkspaceRole;
use rampart_realtime::Pace;
use rampart_store::Dialect;
use rampart_testkit::TestStore;
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader, Lines};
use tokio::net::TcpStream;
use tokio::process::{Child, ChildStdout, Command};
use tokio_tungstenite::tungstenite::Message;

use crate::hall::{BillingChanged, Guest, Hall, MemberRemoved, ORIGIN, PATIENCE, Padded};

const PATH: &str = "/socket.io/?EIO=4&transport=websocket";
const POLL: &str = "/socket.io/?EIO=4&transport=polling";

async fn hall() -> Hall {
    hall_with(Pace::default(), &[]).await
}

async fn hall_with(pace: Pace, variables: &[(&str, &str)]) -> Hall {
    Hall::with(TestStore::new(Dialect::Sqlite, &[]).await, pace, variables).await
}

/// A client of the protocol's frames.
struct Frames(Guest);

impl Frames {
    async fn open(hall: &Hall, headers: &[(&'static str, &str)]) -> Frames {
        let mut frames = Frames(hall.knock(PATH, headers).await.unwrap());
        assert!(frames.next().await.unwrap().starts_with('0'));
        frames
    }

    /// Let in by a token.
    async fn enter(hall: &Hall, name: &str) -> Frames {
        let mut frames = Frames::open(hall, &[]).await;
        frames.say(&format!("40{}", json!({ "token": name }))).await;
        assert!(frames.next().await.unwrap().starts_with("40{"));
        assert_eq!(frames.event().await, json!(["ready", {}]));
        frames
    }

    async fn say(&mut self, frame: &str) {
        self.0.0.send(Message::text(frame)).await.unwrap();
    }

    /// The next frame; nothing when it was closed. Pings are answered.
    async fn next(&mut self) -> Option<String> {
        loop {
            let message = tokio::time::timeout(PATIENCE, self.0.0.next()).await.expect("something is said in time");
            match message {
                Some(Ok(Message::Text(text))) if text == "2" => self.say("3").await,
                Some(Ok(Message::Text(text))) => return Some(text.to_string()),
                Some(Ok(Message::Close(_)) | Err(_)) | None => return None,
                Some(Ok(_)) => {}
            }
        }
    }

    async fn event(&mut self) -> Value {
        let frame = self.next().await.expect("an event");
        let event = frame.strip_prefix("42").unwrap_or_else(|| panic!("{frame}"));
        serde_json::from_str(event).unwrap()
    }

    async fn tag(&mut self) -> u64 {
        let event = self.event().await;
        event[1]["tag"].as_u64().unwrap_or_else(|| panic!("{event}"))
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn events_are_bare_and_only_of_ones_workspace_and_role() {
    let hall = hall().await;
    let (ours, theirs) = (hall.workspace(), hall.workspace());
    hall.person("ada", &[(ours, WorkspaceRole::Viewer)]);
    hall.person("bob", &[(theirs, WorkspaceRole::Viewer)]);
    let (mut ada, mut bob) = (Frames::enter(&hall, "ada").await, Frames::enter(&hall, "bob").await);
    hall.scan(ours, 1).await;
    hall.happen(ours, &BillingChanged { tag: 2 }).await;
    hall.scan(theirs, 3).await;
    hall.scan(ours, 4).await;
    let event = ada.event().await;
    assert_eq!((&event[0], &event[1]), (&json!("scan:completed"), &json!({ "scanId": "one", "tag": 1 })));
    let last = event[2]["id"].as_str().unwrap().to_owned();
    assert_eq!((ada.tag().await, bob.tag().await), (4, 3));

    // Back after an absence.
    drop(ada);
    hall.scan(ours, 5).await;
    let mut back = Frames::open(&hall, &[]).await;
    back.say(&format!("40{}", json!({ "token": "ada", "lastEventId": last }))).await;
    back.next().await.unwrap();
    assert_eq!(back.event().await[0], "ready");
    assert_eq!((back.tag().await, back.tag().await), (4, 5));
    let mut foreign = Frames::open(&hall, &[]).await;
    foreign.say(&format!("40{}", json!({ "token": "bob", "workspace": ours }))).await;
    assert_eq!(foreign.next().await.unwrap(), r#"44{"message":"NOT_FOUND"}"#);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_says_who_one_is_or_does_not_get_in() {
    let hall = hall_with(Pace { introduction: Duration::from_millis(300), ..Pace::default() }, &[]).await;
    hall.person("ada", &[(hall.workspace(), WorkspaceRole::Viewer)]);
    for headers in [
        vec![("authorization", "Bearer ada")],
        vec![("cookie", "rampart_session=ada"), ("origin", ORIGIN)],
        vec![("cookie", "rampart_session=ada"), ("referer", "http://localhost:8000/app/")],
    ] {
        let mut frames = Frames::open(&hall, &headers).await;
        frames.say("40").await;
        assert!(frames.next().await.unwrap().starts_with("40{"), "{headers:?}");
    }
    for (headers, said, code) in [
        (vec![], "40", "UNAUTHENTICATED"),
        (vec![], r#"40{"token":"nobody"}"#, "UNAUTHENTICATED"),
        (vec![("cookie", "rampart_session=ada")], "40", "ORIGIN_NOT_ALLOWED"),
    ] {
        let mut frames = Frames::open(&hall, &headers).await;
        frames.say(said).await;
        assert_eq!(frames.next().await.unwrap(), json!({ "message": code }).to_string().replace("{\"m", "44{\"m"));
        assert_eq!(frames.next().await.unwrap(), "1", "and does not stay in front of the door");
    }
    let evil = [("cookie", "rampart_session=ada"), ("origin", "https://evil.example")];
    assert_eq!(hall.knock(PATH, &evil).await.err().unwrap().status(), 403);
}

#[tokio::test(flavor = "multi_thread")]
async fn rooms_are_joined_by_what_they_are_of() {
    let hall = hall().await;
    let ours = hall.workspace();
    hall.person("ada", &[(ours, WorkspaceRole::Viewer)]);
    let mut ada = Frames::enter(&hall, "ada").await;
    for (said, answer) in [
        (r#"421["scan:subscribe","one"]"#, json!([{ "channels": ["scan:one"] }])),
        (r#"421["scan:subscribe","two"]"#, json!([{ "code": "NOT_FOUND", "error": "there is no such thing" }])),
        (r#"421["subscribe",["events:billing:*"]]"#, json!([{ "channels": ["events:billing:*", "scan:one"] }])),
    ] {
        ada.say(said).await;
        let found = ada.next().await.unwrap();
        let found: Value = serde_json::from_str(found.strip_prefix("431").unwrap()).unwrap();
        assert_eq!(found, answer, "{said}");
    }
    for wrong in
        [r#"421["subscribe",7]"#, r#"421["scan:subscribe",{}]"#, r#"421["dance"]"#, r#"421["user:join","bob"]"#]
    {
        ada.say(wrong).await;
        assert!(ada.next().await.unwrap().contains("VALIDATION_ERROR"), "{wrong}");
    }
    hall.happen(ours, &Padded { tag: 1, padding: String::new() }).await;
    hall.happen(ours, &BillingChanged { tag: 2 }).await;
    hall.scan(ours, 3).await;
    assert_eq!(ada.tag().await, 3, "neither what was not asked for, nor what is above the role");
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_loses_their_part_is_sent_away() {
    let hall = hall().await;
    let ours = hall.workspace();
    let user_id = hall.person("ada", &[(ours, WorkspaceRole::Viewer)]);
    let mut ada = Frames::enter(&hall, "ada").await;
    hall.shut_out("ada");
    hall.happen(ours, &MemberRemoved { user_id }).await;
    hall.scan(ours, 1).await;
    assert_eq!(ada.event().await[1]["code"], "UNAUTHENTICATED");
    assert_eq!(ada.next().await.unwrap(), "41");
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_reads_too_slowly_is_told_no_more() {
    let hall = hall_with(Pace { write: Duration::from_millis(500), ..Pace::default() }, &[]).await;
    let ours = hall.workspace();
    hall.person("ada", &[(ours, WorkspaceRole::Viewer)]);
    let mut slow = Frames(hall.enter_narrowly(PATH, "ada").await);
    slow.next().await.unwrap();
    slow.say("40").await;
    slow.next().await.unwrap();
    assert_eq!(slow.event().await[0], "ready");
    let mut quick = Frames::enter(&hall, "ada").await;
    let count = 600;
    let reader = tokio::spawn(async move {
        for next in 0..count {
            assert_eq!(quick.tag().await, next, "nothing is lost to whoever reads");
        }
    });
    let padding = "x".repeat(14_000);
    for tag in 0..count {
        hall.happen(ours, &Padded { tag, padding: padding.clone() }).await;
    }
    reader.await.unwrap();
    let mut heard = 0;
    while let Some(frame) = slow.next().await
        && frame.starts_with("42")
    {
        heard += 1;
    }
    assert!(heard < count, "a slow reader is cut");
}

/// One request on a connection of its own; status and body.
async fn ask(hall: &Hall, method: &str, path: &str, body: &str) -> (u16, String) {
    let mut stream = TcpStream::connect(hall.address).await.unwrap();
    let length = body.len();
    let request = format!(
        "{method} {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-type: text/plain\r\ncontent-length: {length}\r\n\r\n{body}"
    );
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    tokio::time::timeout(PATIENCE, stream.read_to_string(&mut answer)).await.expect("an answer in time").unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    (head.split(' ').nth(1).unwrap().parse().unwrap(), body.to_owned())
}

#[tokio::test(flavor = "multi_thread")]
async fn who_polls_hears_the_same() {
    let hall = hall().await;
    let ours = hall.workspace();
    hall.person("ada", &[(ours, WorkspaceRole::Viewer)]);
    let (status, opened) = ask(&hall, "GET", POLL, "").await;
    assert_eq!(status, 200);
    let opened: Value = serde_json::from_str(opened.strip_prefix('0').unwrap()).unwrap();
    let path = format!("{POLL}&sid={}", opened["sid"].as_str().unwrap());
    // With the session's cookie of a browser this would be a change without its token; here nothing depends on a cookie.
    assert_eq!(ask(&hall, "POST", &path, r#"40{"token":"ada"}"#).await, (200, "ok".to_owned()));
    let mut heard = String::new();
    while !heard.contains("ready") {
        heard += &ask(&hall, "GET", &path, "").await.1;
    }
    hall.scan(ours, 1).await;
    let (_, heard) = ask(&hall, "GET", &path, "").await;
    assert!(heard.contains(r#"42["scan:completed",{"scanId":"one","tag":1}"#), "{heard}");
    let (status, _) = ask(&hall, "POST", &path, &"x".repeat(70_000)).await;
    assert!(status >= 400, "more than a client has to say: {status}");
    assert_eq!(
        ask(&hall, "GET", &format!("{POLL}&sid=AAAAAAAAAAAAAAAA"), "").await.0,
        400,
        "a session that was guessed"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_opens_only_so_many_idle_sessions() {
    let hall = hall_with(Pace::default(), &[("SOCKETS_PER_ADDRESS", "3")]).await;
    for _ in 0..3 {
        assert_eq!(ask(&hall, "GET", POLL, "").await.0, 200);
    }
    assert_eq!(ask(&hall, "GET", POLL, "").await.0, 429);
    let hall = hall_with(Pace::default(), &[("RATE_LIMIT_WSCONN", "3/1m")]).await;
    for _ in 0..3 {
        assert_eq!(ask(&hall, "GET", "/socket.io/?EIO=4&transport=nonsense", "").await.0, 400);
    }
    assert_eq!(ask(&hall, "GET", POLL, "").await.0, 429);
}

/// The client that browsers use, in a process of its own.
struct Client {
    process: Child,
    lines: Lines<BufReader<ChildStdout>>,
}

impl Client {
    fn start(hall: &Hall, transports: &str, token: &str) -> Client {
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../tests/socketio/client.mjs");
        let mut command = Command::new("node");
        command.arg(script).arg(format!("http://{}", hall.address)).args([transports, token]);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).kill_on_drop(true);
        let mut process = command.spawn().expect("node is installed: sh xtask/setup.sh test");
        let lines = BufReader::new(process.stdout.take().unwrap()).lines();
        Client { process, lines }
    }

    async fn hear(&mut self) -> Value {
        let line = tokio::time::timeout(PATIENCE, self.lines.next_line()).await.expect("it says something in time");
        let line = line.unwrap().expect("its packages are installed: sh xtask/setup.sh test");
        serde_json::from_str(&line).unwrap()
    }

    async fn say(&mut self, words: Value) {
        self.process.stdin.as_mut().unwrap().write_all(format!("{words}\n").as_bytes()).await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_client_of_browsers_is_served_by_every_transport() {
    let hall = hall().await;
    let ours = hall.workspace();
    hall.person("ada", &[(ours, WorkspaceRole::Viewer)]);
    for (transports, used) in [("polling", "polling"), ("websocket", "websocket"), ("polling,websocket", "websocket")] {
        let mut client = Client::start(&hall, transports, "ada");
        assert_eq!(client.hear().await, json!(["ready", used]));
        client.say(json!(["scan:subscribe", "one"])).await;
        assert_eq!(client.hear().await, json!(["answer", { "channels": ["scan:one"] }]));
        hall.scan(ours, 1).await;
        let heard = client.hear().await;
        assert_eq!((&heard[0], &heard[1]["tag"]), (&json!("scan:completed"), &json!(1)));
    }
    let mut stranger = Client::start(&hall, "websocket", "nobody");
    assert_eq!(stranger.hear().await, json!(["connect_error", "UNAUTHENTICATED"]));
    let mut client = Client::start(&hall, "websocket", "ada");
    assert_eq!(client.hear().await[0], "ready");
    hall.stop.cancel();
    assert_eq!(client.hear().await[0], "disconnect");
}
