//! T-01: what was answered with 2xx has its effect, and has it once, however often the program is killed.

use std::net::TcpListener;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use rampart_egress::{Ask, Egress, HeaderName, Method};
use rampart_forge::sign;
use rampart_kernel::{Origin, Secret};
use rampart_store::{Dialect, Store, StoreSettings, params};
use rampart_testkit::TestStore;
use serde_json::{Value, json};

use crate::stage::{OF_ALL, PATIENCE, SAFE, TOKEN, stage};

/// 32 bytes that protect nothing: a test vector.
const KEY: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

const KILLS: u32 = 50;
const DELIVERIES: u32 = 2_000;
const SENDERS: u32 = 16;

/// One of so many is sent again though it was taken, and one of so many is signed by somebody else.
const TWICE: u32 = 33;
const FORGED: u32 = 100;

/// With one of so many a push is sent, too.
const PUSHED: u32 = 20;

/// Between 0.2 and 1.2 s, the same each time: SplitMix64.
fn pause(turn: u32) -> Duration {
    let mut z = u64::from(turn + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    Duration::from_millis(200 + (z ^ (z >> 31)) % 1_000)
}

fn comment(number: u32) -> Value {
    json!({
        "action": "created",
        "issue": { "number": 7, "pull_request": {} },
        "comment": { "id": 10_000 + number, "body": format!("said {number}"), "author_association": "NONE",
            "user": { "login": "bo", "type": "User" } },
        "repository": { "id": 42 },
        "sender": { "login": "bo", "type": "User" },
    })
}

/// A delivery that tells of a comment.
pub fn delivery(address: &str, number: u32, secret: &str) -> Ask {
    told(address, ("issue_comment", &comment(number)), &format!("comment-{number}"), secret)
}

/// One that tells of a push; each of another commit.
fn push(address: &str, number: u32) -> Ask {
    let hash = format!("{:040x}", number + 1);
    let body = json!({ "ref": "refs/heads/main", "after": hash, "repository": { "id": 42 },
        "commits": [{ "id": hash, "message": "pushed" }] });
    told(address, ("push", &body), &format!("push-{number}"), OF_ALL)
}

fn told(address: &str, (event, body): (&'static str, &Value), name: &str, secret: &str) -> Ask {
    let text = body.to_string();
    let named = |name| HeaderName::from_static(name);
    let signature = sign(&Secret::new(secret), text.as_bytes());
    let ask = Ask::new(Method::POST, format!("{address}/webhooks/github")).json(text.into());
    let ask = ask.header(named("x-github-event"), event).header(named("x-hub-signature-256"), signature);
    ask.header(named("x-github-delivery"), name)
}

/// Sends until it is answered by the program; with what.
pub async fn send(egress: &Egress, address: &str, number: u32, secret: &str) -> u16 {
    until_answered(egress, || delivery(address, number, secret)).await
}

async fn until_answered(egress: &Egress, ask: impl Fn() -> Ask) -> u16 {
    let begun = Instant::now();
    loop {
        match egress.send(ask()).await {
            Ok(answer) if answer.status < 500 => return answer.status,
            // Killed before it answered, or about to be.
            Ok(_) | Err(_) => tokio::time::sleep(Duration::from_millis(20)).await,
        }
        assert!(begun.elapsed() < PATIENCE, "it does not come back");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_that_was_taken_is_lost_or_done_twice_on_sqlite() {
    nothing_is_lost(Dialect::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_that_was_taken_is_lost_or_done_twice_on_postgres() {
    nothing_is_lost(Dialect::Postgres).await;
}

async fn nothing_is_lost(dialect: Dialect) {
    let mut stage = stage().await;
    let database = match dialect {
        Dialect::Sqlite => None,
        Dialect::Postgres => Some(TestStore::new(dialect, &[]).await),
    };
    if let Some(url) = database.as_ref().and_then(|database| database.settings.database_url.as_ref()) {
        stage.settings.push(("DATABASE_URL", url.expose().to_owned()));
        stage.settings.push(("SECRET_KEY", KEY.to_owned()));
    }
    // The same after each start: senders know no other.
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    stage.settings.push(("API_PORT", port.to_string()));
    let mut server = stage.start();
    stage.connect(&server, json!({ "fullName": "ada/shop", "accessToken": TOKEN })).await;
    let head = stage.propose(&server, "opened", &[("app.py", SAFE), ("x.py", "x = 1\n")]).await;
    stage.analyzed(&server, &head).await;

    let (address, egress) = (server.address.clone(), Arc::new(Egress::new(Duration::from_secs(10)).unwrap()));
    let (next, killed) = (Arc::new(AtomicU32::new(0)), Arc::new(AtomicU32::new(0)));
    let mut senders = tokio::task::JoinSet::new();
    for _ in 0..SENDERS {
        let (address, egress, next, killed) = (address.clone(), egress.clone(), next.clone(), killed.clone());
        senders.spawn(async move {
            loop {
                let number = next.fetch_add(1, Ordering::Relaxed);
                if number >= DELIVERIES {
                    return;
                }
                // Under load from the first kill to the last.
                while number >= (killed.load(Ordering::Relaxed) + 1) * (DELIVERIES / KILLS) {
                    tokio::time::sleep(Duration::from_millis(5)).await;
                }
                let status = send(&egress, &address, number, OF_ALL).await;
                assert!(matches!(status, 200 | 202), "{status}");
                if number % TWICE == 0 {
                    assert_eq!(send(&egress, &address, number, OF_ALL).await, 200, "it was taken already");
                }
                if number % PUSHED == 0 {
                    let status = until_answered(&egress, || push(&address, number)).await;
                    assert!(matches!(status, 200 | 202), "{status}");
                }
                if number % FORGED == 0 {
                    assert_eq!(send(&egress, &address, number + DELIVERIES, "another secret").await, 401);
                }
            }
        });
    }
    let mut slowest = Duration::ZERO;
    for turn in 0..KILLS {
        tokio::time::sleep(pause(turn)).await;
        server.process.kill().unwrap();
        server.process.wait().unwrap();
        let begun = Instant::now();
        server = stage.start();
        slowest = slowest.max(begun.elapsed());
        killed.fetch_add(1, Ordering::Relaxed);
    }
    while let Some(ended) = senders.join_next().await {
        ended.unwrap();
    }
    println!("on {dialect:?}: killed {KILLS} times, the slowest start took {slowest:.2?}");
    let id = stage.get(&server, "/pull-requests").await["pullRequests"][0]["id"].as_str().unwrap().to_owned();
    let path = format!("/pull-requests/{id}/comments?limit=1");
    stage.until(async || stage.get(&server, &path).await["total"] == DELIVERIES).await;
    let pushes = DELIVERIES / PUSHED;
    stage.until(async || stage.get(&server, "/scans?triggerType=webhook&limit=1").await["total"] == pushes).await;
    server.process.kill().unwrap();
    server.process.wait().unwrap();

    let settings = database.as_ref().map_or_else(|| StoreSettings::embedded(&stage.data()), |it| it.settings.clone());
    let store = Store::open(&settings).await.unwrap();
    store.check(&Origin::of_system("test")).await.unwrap();
    let mut reader = store.read().await.unwrap();
    let (all, pushes) = (i64::from(DELIVERIES), i64::from(pushes));
    for (what, sql, expected) in [
        ("deliveries", "SELECT COUNT(*) AS count FROM webhook_deliveries WHERE event = 'issue_comment'", all),
        ("comments", "SELECT COUNT(*) AS count FROM pr_comments WHERE author = 'user'", all),
        ("events", "SELECT COUNT(*) AS count FROM event_outbox WHERE name = 'comment.added'", all),
        (
            "distinct comments",
            "SELECT COUNT(DISTINCT external_id) AS count FROM pr_comments WHERE author = 'user'",
            all,
        ),
        ("pushes", "SELECT COUNT(*) AS count FROM webhook_deliveries WHERE event = 'push'", pushes),
        ("commits", "SELECT COUNT(*) AS count FROM commits WHERE hash LIKE '0000000%'", pushes),
        ("scans", "SELECT COUNT(*) AS count FROM scans WHERE trigger_type = 'webhook'", pushes),
        ("scanned", "SELECT COUNT(DISTINCT commit_hash) AS count FROM scans WHERE trigger_type = 'webhook'", pushes),
        ("jobs", "SELECT COUNT(*) AS count FROM jobs WHERE type = 'analyze_commit'", pushes),
    ] {
        let count: i64 = reader.get(sql, &params![]).await.unwrap().get("count").unwrap();
        assert_eq!(count, expected, "{what}");
    }
    drop(reader);
    store.close().await;
}
