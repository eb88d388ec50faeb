//! How long after a push its finding is seen, and how soon a thousand deliveries are taken: measurements, and no tests of the machine
//! that they run on.
//!
//! `cargo build --release --package rampart`, then
//! `RAMPART=$PWD/target/release/rampart cargo nextest run --workspace --run-ignored only --no-capture -E 'binary(pulls)'`

use std::fmt::Write;
use std::sync::Arc;
use std::time::{Duration, Instant};

use futures_util::StreamExt;
use rampart_egress::Egress;
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::client::IntoClientRequest;

use crate::faults::send;
use crate::stage::{OF_ALL, PATIENCE, SAFE, TOKEN, WEAK, stage};

/// 500 modules of 200 lines.
const MODULES: usize = 500;
const FUNCTIONS: usize = 33;

const PUSHES: usize = 20;

/// Functions that call each other across modules, as there is to be something to follow.
fn module(number: usize) -> String {
    let mut text = format!("from shop.m{} import f0 as other\n\n", (number + 1) % MODULES);
    for function in 0..FUNCTIONS {
        let next = if function + 1 < FUNCTIONS { format!("f{}", function + 1) } else { "other".to_owned() };
        write!(text, "\ndef f{function}(value, times={number}):\n    total = []\n    for _ in range(times):\n")
            .unwrap();
        writeln!(text, "        total.append(value)\n    return {next}(total)").unwrap();
    }
    text
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "a measurement"]
async fn push_to_finding() {
    let mut stage = stage().await;
    let modules: Vec<(String, String)> = (0..MODULES).map(|n| (format!("shop/m{n}.py"), module(n))).collect();
    let files: Vec<(&str, &str)> = modules.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    stage.shop.commit(&files, "a shop");
    let lines: usize = modules.iter().map(|(_, text)| text.lines().count()).sum();
    let server = stage.start();
    let id = stage.connect(&server, json!({ "fullName": "ada/shop", "accessToken": TOKEN })).await;
    let mut request = format!("{}/ws", server.address.replace("http://", "ws://")).into_client_request().unwrap();
    request.headers_mut().insert("authorization", format!("Bearer {}", stage.token()).parse().unwrap());
    let mut socket = tokio_tungstenite::connect_async(request).await.unwrap().0;
    let (mut seen, mut scans) = (Vec::new(), Vec::new());
    for push in 0..PUSHES {
        let name = format!("shop/weak{push}.py");
        let hash = stage.shop.commit(&[(name.as_str(), &WEAK.replace("hello", &format!("hello{push}")))], "weak");
        let body = json!({ "ref": "refs/heads/main", "after": hash, "repository": { "id": 42 },
            "commits": [{ "id": hash, "message": "weak", "added": [name] }] });
        stage.deliver(&server, "push", &body).await;
        let begun = Instant::now();
        let heard = async {
            let mut found = None;
            loop {
                let text = socket.next().await.unwrap().unwrap().into_text().unwrap();
                let event: Value = serde_json::from_str(&text).unwrap_or_default();
                match event["event"].as_str() {
                    Some("vulnerability:found") => found = found.or(Some(begun.elapsed())),
                    Some("scan:completed") => {
                        let scan = event["data"]["scanId"].as_str().unwrap().to_owned();
                        if let Some(found) = found {
                            return (found, scan);
                        }
                    }
                    _ => {}
                }
            }
        };
        let (found, scan) = tokio::time::timeout(PATIENCE, heard).await.expect("it is found");
        seen.push(found);
        scans.push(stage.get(&server, &format!("/scans/{scan}")).await);
    }
    seen.sort();
    let at = |part: f64| seen[((seen.len() - 1) as f64 * part).round() as usize];
    println!("{lines} lines, {PUSHES} pushes of one file, from the 202 to vulnerability:found on the socket:");
    println!("p50 {:.2?}, p95 {:.2?}, worst {:.2?}", at(0.5), at(0.95), seen[seen.len() - 1]);
    let mut parts: Vec<(i64, i64)> = scans
        .iter()
        .map(|scan| (scan["durationMs"].as_i64().unwrap_or(0), scan["summary"]["wallMs"].as_i64().unwrap_or(0)))
        .collect();
    parts.sort_unstable();
    println!("of that the scan with fetch and saving {} ms, median; repository {id}", parts[parts.len() / 2].0);
    assert!(at(1.0) < Duration::from_secs(60));
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "a measurement"]
async fn a_thousand_deliveries() {
    let mut stage = stage().await;
    let server = stage.start();
    stage.connect(&server, json!({ "fullName": "ada/shop", "accessToken": TOKEN })).await;
    let head = stage.propose(&server, "opened", &[("app.py", SAFE), ("x.py", "x = 1\n")]).await;
    stage.analyzed(&server, &head).await;
    let egress = Arc::new(Egress::new(PATIENCE).unwrap());
    let mut senders = tokio::task::JoinSet::new();
    for number in 0..1_000 {
        let (egress, address) = (egress.clone(), server.address.clone());
        senders.spawn(async move {
            let begun = Instant::now();
            assert_eq!(send(&egress, &address, number, OF_ALL).await, 202);
            begun.elapsed()
        });
    }
    let mut taken = senders.join_all().await;
    taken.sort();
    println!("1,000 deliveries at once, each on its own connection, all 202:");
    println!("p50 {:.2?}, p99 {:.2?}, worst {:.2?}", taken[500], taken[989], taken[999]);
}
