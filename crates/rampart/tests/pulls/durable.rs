//! What an answer of 2xx stands on: T-03, that it follows the disk; T-05, what happens when the disk is full.

use std::io::Write;
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::time::{Duration, Instant};

use rampart_egress::Ask;
use serde_json::json;

use crate::faults::{delivery, send};
use crate::stage::{OF_ALL, PATIENCE, SAFE, Server, Stage, TOKEN, stage};

const DELIVERIES: u32 = 200;
const CYCLES: u32 = 3;

/// A server that knows of a pull request, at which comments are made.
async fn connected(stage: &mut Stage) -> Server {
    let server = stage.start();
    stage.connect(&server, json!({ "fullName": "ada/shop", "accessToken": TOKEN })).await;
    let head = stage.propose(&server, "opened", &[("app.py", SAFE), ("x.py", "x = 1\n")]).await;
    stage.analyzed(&server, &head).await;
    server
}

/// One call of the system, as `strace -f` writes it: `PID name(arguments) = result`; halves that others came between are put together.
fn calls(trace: &str) -> Vec<String> {
    let mut begun = std::collections::HashMap::new();
    let mut calls = Vec::new();
    for line in trace.lines() {
        let (thread, rest) = line.split_once(' ').unwrap_or((line, ""));
        let rest = rest.trim_start();
        if let Some(start) = rest.strip_suffix("<unfinished ...>") {
            begun.insert(thread.to_owned(), start.to_owned());
        } else if let Some((_, end)) = rest.strip_prefix("<... ").and_then(|rest| rest.split_once("resumed>")) {
            // It is done when it ends.
            calls.push(format!("{}{end}", begun.remove(thread).unwrap_or_default()));
        } else {
            calls.push(rest.to_owned());
        }
    }
    calls
}

#[tokio::test(flavor = "multi_thread")]
async fn a_delivery_is_taken_after_the_disk_has_it_and_not_before() {
    let mut stage = stage().await;
    let trace = stage.data().with_file_name("trace");
    // -D: the server is the child, and strace looks on. -y: files by their paths.
    let watched = "trace=fdatasync,fsync,write,writev,sendto,sendmsg,pwrite64";
    stage.run_by(&["strace", "-D", "-f", "-y", "-s", "24", "-e", watched, "-o", trace.to_str().unwrap()]);
    let server = connected(&mut stage).await;
    let before = std::fs::read_to_string(&trace).unwrap().len();
    for number in 0..DELIVERIES {
        assert_eq!(send(&stage.egress, &server.address, number, OF_ALL).await, 202);
    }
    drop(server);
    let text = || std::fs::read_to_string(&trace).unwrap();
    stage.until(async || text().trim_end().ends_with("+++ killed by SIGKILL +++")).await;
    let text = text();
    let (mut answers, mut inversions, mut is_synced) = (0, 0, false);
    for call in calls(&text[before..]) {
        let is_log = call.contains("rampart.db-wal>");
        if is_log && (call.starts_with("fdatasync(") || call.starts_with("fsync(")) {
            is_synced = true;
        } else if call.contains("HTTP/1.1 202") {
            answers += 1;
            inversions += u32::from(!is_synced);
            // One delivery after the other: the next has a sync of its own.
            is_synced = false;
        }
    }
    assert_eq!((answers, inversions), (DELIVERIES, 0), "answers, and those of them that came before a sync");
}

/// Takes all that the disk has left.
fn fill(disk: &Path) {
    let filler = std::fs::File::create(disk.join("filler")).unwrap();
    let (mut at, mut size) = (0_u64, 1 << 20);
    let zeros = vec![0_u8; size];
    while size > 0 {
        match filler.write_at(&zeros[..size], at) {
            Ok(written) if written > 0 => at += written as u64,
            _ => size /= 2,
        }
    }
    (&filler).flush().unwrap();
}

/// One try; its status.
async fn deliver(stage: &Stage, server: &Server, number: u32) -> u16 {
    stage.egress.send(delivery(&server.address, number, OF_ALL)).await.unwrap().status
}

async fn status(stage: &Stage, server: &Server, path: &str) -> u16 {
    stage.egress.send(Ask::get(format!("{}{path}", server.address))).await.unwrap().status
}

/// How long until a path answers so.
async fn until(stage: &Stage, server: &Server, path: &str, expected: u16) -> Duration {
    let begun = Instant::now();
    while status(stage, server, path).await != expected {
        assert!(begun.elapsed() < PATIENCE, "{path} does not answer {expected}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    begun.elapsed()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_refuses_deliveries_and_nothing_else_and_needs_no_restart() {
    let mut stage = stage().await;
    stage.with_own_disk(64);
    stage.settings = vec![("DISK_RESERVE", "8MB".to_owned())];
    let server = connected(&mut stage).await;
    let disk = stage.data_of(&server);
    let (mut taken, mut number) = (Vec::new(), 0);
    for _ in 0..CYCLES {
        fill(&disk);
        // What the log of the database holds already is space, too: until that is used up it can take some.
        let mut refused = 0;
        while refused < 20 {
            number += 1;
            match deliver(&stage, &server, number).await {
                202 => taken.push(number),
                503 => refused += 1,
                other => panic!("delivery {number} was answered {other}"),
            }
            assert!(number < 20_000, "a full disk takes everything");
        }
        let red = until(&stage, &server, "/readyz", 503).await;
        assert!(red < Duration::from_secs(2), "ready for {red:?} though nothing can be written");
        assert_eq!(stage.get(&server, "/repositories").await["total"], 1, "what is there can be read");
        assert_eq!(status(&stage, &server, "/livez").await, 200);

        std::fs::remove_file(disk.join("filler")).unwrap();
        let green = until(&stage, &server, "/readyz", 200).await;
        assert!(green < Duration::from_secs(10), "not ready for {green:?} though there is space again");
        number += 1;
        assert_eq!(deliver(&stage, &server, number).await, 202);
        taken.push(number);
    }
    // Each that was taken is there: it is not taken again.
    for number in taken {
        assert_eq!(deliver(&stage, &server, number).await, 200, "delivery {number} was lost");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn scans_wait_for_space_and_begin_when_there_is_some() {
    let mut stage = stage().await;
    stage.with_own_disk(64);
    stage.settings = vec![("DISK_RESERVE", "16MB".to_owned())];
    let server = connected(&mut stage).await;
    let id = stage.get(&server, "/repositories").await["repositories"][0]["id"].as_str().unwrap().to_owned();
    let disk = stage.data_of(&server);
    std::fs::File::create(disk.join("filler")).unwrap().write_all_at(&vec![0; 50 << 20], 0).unwrap();
    let (status, asked) = stage.post(&server, &format!("/repositories/{id}/scan"), json!({})).await;
    assert_eq!(status, 202, "{asked}");
    let path = format!("/scans/{}", asked["id"].as_str().unwrap());
    let scan = || async { stage.get(&server, &path).await };
    stage.until(async || scan().await["errorMessage"].as_str().is_some_and(|why| why.contains("DISK_RESERVE"))).await;
    assert_eq!(scan().await["status"], "queued", "it waits, and has not failed");
    std::fs::remove_file(disk.join("filler")).unwrap();
    stage.until(async || scan().await["status"] == "completed").await;
    assert_eq!(scan().await["errorMessage"], serde_json::Value::Null);
}
