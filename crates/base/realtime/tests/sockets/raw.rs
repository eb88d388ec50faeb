//! `/ws` and `/ws/notifications`.

use std::time::Duration;

use futures_util::SinkExt;
use rampart_access::{PlatformRole, WorkspaceRole};
use rampart_realtime::Pace;
use rampart_store::Dialect;
use rampart_testkit::{TestStore, on_both};
use serde_json::json;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::frame::coding::{Data, OpCode};
use tokio_tungstenite::tungstenite::protocol::frame::{Frame, FrameHeader};

use crate::hall::{
    BackupFailed, BillingChanged, Hall, MemberRemoved, NotificationCreated, ORIGIN, PATIENCE, Padded, Untold,
};

/// What a socket does is the same on both databases; only the past is asked of them.
async fn hall() -> Hall {
    Hall::open(TestStore::new(Dialect::Sqlite, &[]).await).await
}

async fn quick_hall(change: impl FnOnce(&mut Pace)) -> Hall {
    let mut pace = Pace::default();
    change(&mut pace);
    Hall::with(TestStore::new(Dialect::Sqlite, &[]).await, pace, &[]).await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_happens_in_a_workspace_is_told_to_its_members_and_to_nobody_else() {
    let hall = hall().await;
    let (ours, theirs) = (hall.workspace(), hall.workspace());
    let ada = hall.person("ada", &[(ours, WorkspaceRole::Viewer)]);
    hall.person("bob", &[(theirs, WorkspaceRole::Owner)]);
    hall.person_with("root", PlatformRole::Admin, &[(theirs, WorkspaceRole::Owner)]);
    let (mut ada_hears, mut bob, mut root) =
        (hall.enter("ada").await, hall.enter("bob").await, hall.enter("root").await);
    hall.scan(ours, 1).await;
    hall.happen(ours, &Untold { tag: 2 }).await;
    hall.happen(ours, &BillingChanged { tag: 3 }).await;
    hall.happen(theirs, &NotificationCreated { user_id: ada, tag: 4 }).await;
    hall.happen(ours, &BackupFailed { error: "full".to_owned() }).await;
    hall.scan(theirs, 5).await;
    hall.scan(ours, 6).await;

    let first = ada_hears.hear().await;
    assert_eq!((&first["event"], &first["data"]), (&json!("scan:completed"), &json!({ "scanId": "one", "tag": 1 })));
    assert!(first["timestamp"].as_str().unwrap().ends_with('Z') && first["id"].is_string(), "{first}");
    let second = ada_hears.hear().await;
    assert_eq!(
        (&second["event"], &second["data"]["tag"]),
        (&json!("notification:new"), &json!(4)),
        "wherever it happened"
    );
    assert_eq!(ada_hears.tag().await, 6, "neither what nobody let out, nor what a viewer may not know, nor others'");
    assert_eq!(bob.tag().await, 5);
    assert_eq!(root.hear().await["event"], "backup:failed");
    assert_eq!(root.tag().await, 5);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_says_who_one_is_in_any_of_four_ways() {
    let hall = hall().await;
    let ours = hall.workspace();
    hall.person("ada", &[(ours, WorkspaceRole::Viewer)]);
    let cookie = [("cookie", "rampart_session=ada"), ("origin", ORIGIN)];
    let protocol = [("sec-websocket-protocol", "bearer, ada")];
    let mut guests = vec![
        hall.knock("/ws", &[("authorization", "Bearer ada")]).await.unwrap(),
        hall.knock("/ws?token=ada", &[]).await.unwrap(),
        hall.knock("/ws", &protocol).await.unwrap(),
        hall.knock("/ws", &cookie).await.unwrap(),
        hall.knock("/ws", &[]).await.unwrap(),
    ];
    guests[4].say(json!({ "action": "auth", "token": "ada" })).await;
    for guest in &mut guests {
        assert_eq!(guest.hear().await["event"], "ready");
    }
    hall.scan(ours, 1).await;
    for guest in &mut guests {
        assert_eq!(guest.tag().await, 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_nobody_is_sent_away() {
    let hall = quick_hall(|pace| pace.introduction = Duration::from_millis(100)).await;
    hall.person("ada", &[(hall.workspace(), WorkspaceRole::Viewer)]);
    for path in ["/ws", "/ws/notifications"] {
        let mut guest = hall.knock(path, &[("authorization", "Bearer nobody")]).await.unwrap();
        assert_eq!(guest.hear().await["data"]["code"], "UNAUTHENTICATED");
        assert_eq!(guest.end().await, Some(4401));
        // Basic is not the cookie's owner either.
        let headers = [("authorization", "Basic ada"), ("cookie", "rampart_session=ada"), ("origin", ORIGIN)];
        assert_eq!(hall.knock(path, &headers).await.unwrap().end().await, Some(4401));
        let mut silent = hall.knock(path, &[]).await.unwrap();
        assert_eq!(silent.end().await, Some(4401), "who says nothing");
        let mut hasty = hall.knock(path, &[]).await.unwrap();
        hasty.say(json!({ "action": "subscribe", "channels": ["events:*"] })).await;
        assert_eq!(hasty.end().await, Some(4401), "who begins with something else");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_of_others_cannot_use_the_cookie() {
    let hall = hall().await;
    hall.person("ada", &[(hall.workspace(), WorkspaceRole::Viewer)]);
    for headers in [
        vec![("cookie", "rampart_session=ada")],
        vec![("cookie", "rampart_session=ada"), ("origin", "https://evil.example")],
        vec![("cookie", "rampart_session=ada"), ("origin", "null")],
        vec![("cookie", "rampart_session=ada"), ("referer", "https://evil.example/http://localhost:8000")],
    ] {
        let refused = hall.knock("/ws", &headers).await.err().unwrap();
        assert_eq!(refused.status(), 403, "{headers:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_workspace_can_be_named_by_its_members() {
    let hall = hall().await;
    let (first, second, theirs) = (hall.workspace(), hall.workspace(), hall.workspace());
    hall.person("ada", &[(first, WorkspaceRole::Viewer), (second, WorkspaceRole::Viewer)]);
    let mut guest = hall.enter_at(&format!("/ws?workspace={second}"), "ada").await;
    hall.scan(first, 1).await;
    hall.scan(second, 2).await;
    assert_eq!(guest.tag().await, 2);
    let path = format!("/ws?workspace={theirs}");
    let mut foreign = hall.knock(&path, &[("authorization", "Bearer ada")]).await.unwrap();
    assert_eq!(foreign.end().await, Some(4403));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_subscription_narrows_and_never_widens() {
    let hall = hall().await;
    let (ours, theirs) = (hall.workspace(), hall.workspace());
    hall.person("ada", &[(ours, WorkspaceRole::Viewer)]);
    let mut guest = hall.enter("ada").await;
    let said = guest.subscribe(&["events:padded:*", "scan:one"]).await;
    assert_eq!(said, json!({ "event": "subscribed", "data": { "channels": ["events:padded:*", "scan:one"] } }));
    guest.say(json!({ "action": "unsubscribe", "channels": ["events:padded:*"] })).await;
    assert_eq!(guest.hear().await["data"]["channels"], json!(["scan:one"]));
    hall.happen(ours, &Padded { tag: 1, padding: String::new() }).await;
    hall.happen(ours, &crate::hall::ScanCompleted { scan_id: "other".to_owned(), tag: 2 }).await;
    hall.scan(ours, 3).await;
    assert_eq!(guest.tag().await, 3);

    // Neither others' workspaces, nor what is above the role, nor the server's own names for things.
    for channel in ["events:*", "events:billing:*", "events:billing:changed", "events:scan:completed"] {
        assert_eq!(guest.subscribe(&[channel]).await["event"], "subscribed");
    }
    for channel in [format!("workspace:{theirs}"), "user:bob".to_owned(), "scan:two".to_owned()] {
        assert_eq!(guest.subscribe(&[&channel]).await["event"], "error", "{channel}");
    }
    let many: Vec<String> = (0..300).map(|number| format!("events:x{number}")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    assert_eq!(guest.subscribe(&many).await["data"]["code"], "VALIDATION_ERROR");
    hall.happen(theirs, &BillingChanged { tag: 4 }).await;
    hall.happen(ours, &BillingChanged { tag: 5 }).await;
    hall.scan(theirs, 6).await;
    hall.scan(ours, 7).await;
    assert_eq!(guest.tag().await, 7);
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_loses_their_part_is_sent_away_and_hears_nothing_more() {
    let hall = hall().await;
    let ours = hall.workspace();
    let ada = hall.person("ada", &[(ours, WorkspaceRole::Viewer)]);
    let bob = hall.person("bob", &[(ours, WorkspaceRole::Viewer)]);
    let carl = hall.person("carl", &[(ours, WorkspaceRole::Admin)]);
    let (mut removed, mut out, mut lowered) =
        (hall.enter("ada").await, hall.enter("bob").await, hall.enter("carl").await);
    hall.change("ada", &[]);
    hall.shut_out("bob");
    hall.change("carl", &[(ours, WorkspaceRole::Viewer)]);
    for user_id in [ada, bob, carl] {
        hall.happen(ours, &MemberRemoved { user_id }).await;
    }
    hall.happen(ours, &BillingChanged { tag: 1 }).await;
    hall.scan(ours, 2).await;
    assert_eq!(removed.hear().await["data"]["code"], "NOT_FOUND");
    assert_eq!(removed.next().await, Err(Some(4403)));
    assert_eq!(out.hear().await["data"]["code"], "UNAUTHENTICATED");
    assert_eq!(out.next().await, Err(Some(4401)));
    assert_eq!(lowered.tag().await, 2, "what is above the new role is not told");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_was_shut_out_without_an_event_is_found_all_the_same() {
    let hall = quick_hall(|pace| pace.check = Duration::from_millis(50)).await;
    hall.person("ada", &[(hall.workspace(), WorkspaceRole::Viewer)]);
    let mut guest = hall.enter("ada").await;
    hall.shut_out("ada");
    assert_eq!(guest.end().await, Some(4401));
}

#[tokio::test(flavor = "multi_thread")]
async fn new_credentials_are_shown_without_coming_anew_and_are_the_same_persons() {
    let hall = hall().await;
    let ours = hall.workspace();
    hall.person("ada", &[(ours, WorkspaceRole::Viewer)]);
    hall.person("bob", &[(ours, WorkspaceRole::Viewer)]);
    let mut guest = hall.enter("ada").await;
    guest.say(json!({ "action": "auth", "token": "ada" })).await;
    assert_eq!(guest.hear().await["event"], "ready");
    guest.say(json!({ "action": "auth", "token": "bob" })).await;
    assert_eq!(guest.end().await, Some(4403));
}

#[test]
fn what_was_missed_is_told_again_by_the_last_event_that_was_heard() {
    on_both(&[], async |test| {
        let hall = Hall::open(test).await;
        let (ours, theirs) = (hall.workspace(), hall.workspace());
        hall.person("ada", &[(ours, WorkspaceRole::Viewer)]);
        hall.person("bob", &[(theirs, WorkspaceRole::Viewer)]);
        let mut guest = hall.enter("ada").await;
        hall.scan(ours, 1).await;
        let last = guest.hear().await["id"].as_str().unwrap().to_owned();
        drop(guest);
        hall.test.clock.advance(Duration::from_secs(1));
        hall.scan(theirs, 2).await;
        hall.happen(ours, &BillingChanged { tag: 3 }).await;
        hall.scan(ours, 4).await;
        hall.happen(ours, &Padded { tag: 5, padding: String::new() }).await;

        let mut back = hall.enter_at(&format!("/ws?lastEventId={last}"), "ada").await;
        hall.scan(ours, 6).await;
        assert_eq!(
            (back.tag().await, back.tag().await, back.tag().await),
            (4, 5, 6),
            "neither others' nor above the role"
        );
        let mut narrow = hall.enter("ada").await;
        let word = json!({ "action": "subscribe", "channels": ["events:padded:*"], "lastEventId": last });
        narrow.say(word).await;
        assert_eq!(narrow.tag().await, 5);
        assert_eq!(narrow.hear().await["event"], "subscribed");
        // Of another workspace's event nothing follows, not even that it exists.
        let mut foreign = hall.enter_at(&format!("/ws?lastEventId={last}"), "bob").await;
        assert_eq!(foreign.hear().await["event"], "reset");
        for number in 0..501 {
            hall.happen(ours, &Padded { tag: number, padding: String::new() }).await;
        }
        let mut late = hall.enter_at(&format!("/ws?lastEventId={last}"), "ada").await;
        let mut count = 0;
        while late.hear().await["event"] != "reset" {
            count += 1;
        }
        assert_eq!(count, 499, "of 500, one is above the role; further ones are to be loaded anew");
    });
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_reads_too_slowly_is_cut_and_others_are_not() {
    let hall = hall().await;
    let ours = hall.workspace();
    hall.person("ada", &[(ours, WorkspaceRole::Viewer)]);
    let mut slow = hall.enter_narrowly("/ws", "ada").await;
    assert_eq!(slow.hear().await["event"], "ready");
    let mut quick = hall.enter("ada").await;
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
    while let Ok(said) = slow.next().await {
        assert_eq!(said["data"]["tag"], heard, "what is told has no gaps");
        heard += 1;
    }
    assert!(heard < count, "a slow reader is cut");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_says_too_much_or_too_long_is_sent_away() {
    let hall = hall().await;
    hall.person("ada", &[(hall.workspace(), WorkspaceRole::Viewer)]);
    let mut long = hall.enter("ada").await;
    // The server may close before all of it is sent.
    let _ = long.0.send(Message::text("x".repeat(70_000))).await;
    assert!(long.next().await.is_err());
    let mut fragments = hall.enter("ada").await;
    let fragment = |opcode, last| {
        let mut header = FrameHeader { is_final: last, opcode: OpCode::Data(opcode), ..FrameHeader::default() };
        header.mask = Some([0; 4]);
        Message::Frame(Frame::from_payload(header, b"xx".to_vec().into()))
    };
    let _ = fragments.0.feed(fragment(Data::Text, false)).await;
    for _ in 0..40_000 {
        if fragments.0.feed(fragment(Data::Continue, false)).await.is_err() {
            break;
        }
    }
    assert!(fragments.next().await.is_err(), "fragments of two bytes add up");
    let mut often = hall.enter("ada").await;
    for _ in 0..101 {
        often.say(json!({ "action": "ping" })).await;
    }
    assert_eq!(often.end().await, Some(4429));
    let mut wrong = hall.enter("ada").await;
    wrong.0.send(Message::binary(b"x".to_vec())).await.unwrap();
    assert_eq!(wrong.hear().await["data"]["code"], "VALIDATION_ERROR");
    wrong.say(json!({ "action": "ack", "ids": [] })).await;
    assert_eq!(wrong.hear().await["data"]["code"], "VALIDATION_ERROR", "there are no notifications here");
    wrong.say(json!({ "action": "ping" })).await;
    assert_eq!(wrong.hear().await["event"], "pong", "a mistake costs an answer, no more");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_tries_only_so_often() {
    let test = TestStore::new(Dialect::Sqlite, &[]).await;
    let hall = Hall::with(test, Pace::default(), &[("RATE_LIMIT_WSCONN", "2/1m")]).await;
    hall.person("ada", &[(hall.workspace(), WorkspaceRole::Viewer)]);
    drop((hall.enter("ada").await, hall.knock("/ws", &[]).await));
    hall.test.clock.advance(Duration::from_secs(1));
    let refused = hall.knock("/ws/notifications", &[]).await.err().unwrap();
    assert_eq!((refused.status().as_u16(), &refused.headers()["retry-after"]), (429, &"59".parse().unwrap()));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_holds_only_so_many_and_may_change_them() {
    let test = TestStore::new(Dialect::Sqlite, &[]).await;
    let hall = Hall::with(test, Pace::default(), &[("SOCKETS_PER_ADDRESS", "2")]).await;
    hall.person("ada", &[(hall.workspace(), WorkspaceRole::Viewer)]);
    let (first, _second) = (hall.enter("ada").await, hall.enter("ada").await);
    assert_eq!(hall.knock("/ws", &[]).await.err().unwrap().status(), 429, "a third at the same time");
    drop(first);
    // The server hears of it a little later.
    let again = async { while hall.knock("/ws", &[]).await.is_err() {} };
    tokio::time::timeout(PATIENCE, again).await.expect("the place is given back");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_falls_silent_is_taken_for_dead() {
    let hall =
        quick_hall(|pace| (pace.ping, pace.silence) = (Duration::from_millis(20), Duration::from_millis(200))).await;
    let ours = hall.workspace();
    hall.person("ada", &[(ours, WorkspaceRole::Viewer)]);
    let (mut dead, mut alive) = (hall.enter("ada").await, hall.enter("ada").await);
    let (sender, end) = tokio::sync::oneshot::channel();
    // It answers pings as long as it reads.
    let reader = tokio::spawn(async move {
        let mut count = 0;
        let mut end = std::pin::pin!(end);
        loop {
            tokio::select! {
                _ = &mut end => return count,
                said = alive.next() => { said.unwrap(); count += 1; }
            }
        }
    });
    // Does not read, and so does not answer: closed without a word, as nobody is there.
    let stream = dead.0.get_mut();
    let tokio_tungstenite::MaybeTlsStream::Plain(stream) = stream else { panic!("no TLS here") };
    let mut bytes = [0; 4_096];
    loop {
        stream.readable().await.unwrap();
        match stream.try_read(&mut bytes) {
            Ok(0) => break,
            Ok(_) => {}
            Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => {}
            Err(_) => break,
        }
    }
    hall.scan(ours, 1).await;
    let mut third = hall.enter("ada").await;
    hall.scan(ours, 2).await;
    assert_eq!(third.tag().await, 2);
    sender.send(()).unwrap();
    assert!(reader.await.unwrap() >= 1, "who answers stays");
}

#[tokio::test(flavor = "multi_thread")]
async fn notifications_have_a_socket_of_their_own() {
    let hall = hall().await;
    let ours = hall.workspace();
    let ada = hall.person("ada", &[(ours, WorkspaceRole::Viewer)]);
    let bob = hall.person("bob", &[(ours, WorkspaceRole::Viewer)]);
    let mut guest = hall.enter_at("/ws/notifications", "ada").await;
    hall.scan(ours, 1).await;
    hall.happen(ours, &NotificationCreated { user_id: bob, tag: 2 }).await;
    hall.happen(ours, &NotificationCreated { user_id: ada, tag: 3 }).await;
    assert_eq!(guest.tag().await, 3);
    guest.say(json!({ "action": "ack", "ids": ["a", "b"] })).await;
    assert_eq!(guest.hear().await["event"], "acknowledged");
    assert_eq!(*hall.acknowledged.lock().unwrap(), ["a", "b"]);
    guest.say(json!({ "action": "subscribe", "channels": ["events:*"] })).await;
    assert_eq!(guest.hear().await["data"]["code"], "VALIDATION_ERROR");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_stops_says_so() {
    let hall = hall().await;
    hall.person("ada", &[(hall.workspace(), WorkspaceRole::Viewer)]);
    let (mut inside, mut unknown) = (hall.enter("ada").await, hall.knock("/ws", &[]).await.unwrap());
    hall.stop.cancel();
    assert_eq!((inside.end().await, unknown.end().await), (Some(1001), Some(1001)));
}
