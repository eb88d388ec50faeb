//! Rooms, programs and addresses that a workspace has told, with a receiver on this machine.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, Method, StatusCode};
use rampart_kernel::Secret;
use rampart_notifications::sign;
use rampart_testkit::{Answer, TestStore, on_both};
use serde_json::{Value, json};

use crate::office::*;

const SECRET: &str = "what the receiver knows";
const CHANNELS: &str = "/api/v1/notification-channels";

/// Keeps what it is sent, and answers as it is told.
#[derive(Clone, Default)]
struct Receiver {
    got: Arc<Mutex<Vec<(HeaderMap, Bytes)>>>,
    answer: Arc<Mutex<StatusCode>>,
    url: String,
}

impl Receiver {
    async fn start() -> Receiver {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/hook/its-secret-path", listener.local_addr().unwrap());
        let receiver = Receiver { url, ..Receiver::default() };
        let router = Router::new().fallback(take).with_state(receiver.clone());
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        receiver
    }

    fn answers(&self, status: u16) {
        *self.answer.lock().unwrap() = StatusCode::from_u16(status).unwrap();
    }

    fn got(&self) -> Vec<(HeaderMap, Bytes)> {
        self.got.lock().unwrap().clone()
    }
}

async fn take(State(receiver): State<Receiver>, headers: HeaderMap, body: Bytes) -> StatusCode {
    receiver.got.lock().unwrap().push((headers, body));
    *receiver.answer.lock().unwrap()
}

async fn open_office(test: TestStore) -> Office {
    office_with(test, &[("OUTBOUND_ALLOW_PRIVATE", "true")]).await
}

fn refused(answer: &Answer, status: u16, code: &str) {
    assert_eq!((answer.status.as_u16(), answer.code()), (status, code), "{}", answer.text);
}

fn webhook(receiver: &Receiver, events: &[&str], least: &str) -> Value {
    json!({ "type": "webhook", "name": "ours", "config": { "url": receiver.url, "secret": SECRET },
        "events": events, "minSeverity": least })
}

async fn make(owner: &Person, body: Value) -> String {
    let made = owner.client.post(CHANNELS, body).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.text);
    made.body["id"].as_str().unwrap().to_owned()
}

async fn deliveries(owner: &Person, channel: &str) -> Vec<Value> {
    let answer = owner.client.get(&format!("{CHANNELS}/{channel}/deliveries")).await;
    ok(&answer)["deliveries"].as_array().unwrap().clone()
}

#[test]
fn a_program_is_told_what_it_wants_to_hear_with_a_signature() {
    on_both(&migrations(), async |test| {
        let office = open_office(test).await;
        let (owner, receiver) = (office.owner().await, Receiver::start().await);
        let channel = make(&owner, webhook(&receiver, &["vulnerability_found"], "medium")).await;
        office.happen(&owner, &finding("medium")).await;
        office.happen(&owner, &finding("low")).await;
        office.happen(&owner, &approval()).await;
        let got = receiver.got();
        assert_eq!(got.len(), 1, "no other event, and nothing less severe");
        let (headers, body) = &got[0];
        let header = |name: &str| headers[name].to_str().unwrap().to_owned();
        assert_eq!(header("x-rampart-signature"), sign(&Secret::new(SECRET), &header("x-rampart-timestamp"), body));
        assert_eq!(
            (header("x-rampart-event"), header("content-type")),
            ("vulnerability_found".into(), "application/json".into())
        );
        let told: Value = serde_json::from_slice(body).unwrap();
        assert_eq!((&told["severity"], &told["title"]), (&json!("medium"), &json!("1 new finding in team/shop")));
        assert_eq!(
            (told["id"].as_str().unwrap(), &told["workspaceId"]),
            (header("x-rampart-delivery").as_str(), &json!(owner.workspace))
        );
        // People are told of grave ones only.
        assert!(titles(&owner).await.is_empty());

        let list = deliveries(&owner, &channel).await;
        assert_eq!((list.len(), &list[0]["status"], &list[0]["statusCode"]), (1, &json!("sent"), &json!(200)));
        let path = format!("/api/v1/notification-deliveries/{}/retry", list[0]["id"].as_str().unwrap());
        refused(&owner.client.post(&path, json!({})).await, 409, "INVALID_STATE_TRANSITION");
    });
}

#[test]
fn what_does_not_arrive_is_tried_again_until_it_does_or_is_given_up() {
    on_both(&migrations(), async |test| {
        let office = open_office(test).await;
        let (owner, receiver) = (office.owner().await, Receiver::start().await);
        let channel = make(&owner, webhook(&receiver, &["*"], "info")).await;
        let later = async |minutes: u64| {
            office.test.clock.advance(Duration::from_secs(60 * minutes));
            office.notifications.retry_due(&office.test.origin).await.unwrap();
            office.settle().await;
        };
        receiver.answers(503);
        office.happen(&owner, &finding("critical")).await;
        assert_eq!(receiver.got().len(), 1);
        office.notifications.retry_due(&office.test.origin).await.unwrap();
        office.settle().await;
        assert_eq!(receiver.got().len(), 1, "not before its time");
        later(1).await;
        let waiting = deliveries(&owner, &channel).await;
        assert_eq!((&waiting[0]["status"], &waiting[0]["attempts"]), (&json!("pending"), &json!(2)));
        assert_eq!((&waiting[0]["statusCode"], &waiting[0]["lastError"]), (&json!(503), &json!("answered 503")));
        receiver.answers(200);
        later(5).await;
        let sent = deliveries(&owner, &channel).await;
        assert_eq!((&sent[0]["status"], &sent[0]["attempts"]), (&json!("sent"), &json!(3)));
        let ids: Vec<_> = receiver.got().iter().map(|(headers, _)| headers["x-rampart-delivery"].clone()).collect();
        assert!(ids.iter().all(|id| *id == ids[0]), "by which the receiver knows it again");

        // What is not taken is not tried again by itself, only by hand.
        receiver.answers(404);
        office.test.clock.advance(Duration::from_secs(3_600));
        office.happen(&owner, &finding_in("other", "critical")).await;
        later(24 * 60).await;
        let again = office.enter_again("owner@example.com", &owner).await;
        let failed = deliveries(&again, &channel).await;
        assert_eq!((&failed[0]["status"], &failed[0]["attempts"]), (&json!("failed"), &json!(1)));
        receiver.answers(200);
        let path = format!("/api/v1/notification-deliveries/{}/retry", failed[0]["id"].as_str().unwrap());
        assert_eq!(again.client.post(&path, json!({})).await.status, StatusCode::ACCEPTED);
        office.settle().await;
        assert_eq!(deliveries(&again, &channel).await[0]["status"], "sent");
    });
}

#[test]
fn a_channel_that_fails_and_fails_is_switched_off_and_its_administrators_hear_of_it() {
    on_both(&migrations(), async |test| {
        let office = open_office(test).await;
        let (owner, receiver) = (office.owner().await, Receiver::start().await);
        let channel = make(&owner, webhook(&receiver, &["vulnerability_found"], "info")).await;
        receiver.answers(410);
        for number in 0..22 {
            office.happen(&owner, &finding_in(&format!("r{number}"), "low")).await;
        }
        assert_eq!(receiver.got().len(), 20);
        let one = ok(&owner.client.get(CHANNELS).await)["channels"][0].clone();
        assert_eq!((&one["enabled"], &one["failureCount"]), (&json!(false), &json!(20)));
        assert!(one["disabledReason"].as_str().unwrap().contains("answered 410"), "{one}");
        let told = owner.client.get("/api/v1/notifications?type=channel_disabled").await;
        assert_eq!(ok(&told)["total"], 1);
        let path = format!("{CHANNELS}/{channel}");
        let on = owner.client.send(Method::PUT, &path, Some(json!({ "enabled": true }))).await;
        assert_eq!((&ok(&on)["failureCount"], &on.body["disabledReason"]), (&json!(0), &Value::Null));
    });
}

#[test]
fn where_a_channel_leads_is_never_told_again() {
    on_both(&migrations(), async |test| {
        let office = open_office(test).await;
        let (owner, receiver) = (office.owner().await, Receiver::start().await);
        let channel = make(&owner, webhook(&receiver, &["*"], "low")).await;
        let path = format!("{CHANNELS}/{channel}");
        let changed = owner.client.send(Method::PUT, &path, Some(json!({ "name": "renamed" }))).await;
        assert_eq!(ok(&changed)["name"], "renamed");
        let listed = owner.client.get(CHANNELS).await;
        let record = owner.client.get("/api/v1/notifications").await;
        for answer in [&changed, &listed, &record] {
            assert!(!answer.text.contains(SECRET) && !answer.text.contains("its-secret-path"), "{}", answer.text);
        }
        let stored = office.test.contents().await.join("\n");
        assert!(!stored.contains(SECRET) && !stored.contains("its-secret-path"), "it is sealed, and in no record");
        // It still leads there.
        let tested = owner.client.post(&format!("{path}/test"), json!({})).await;
        assert_eq!(*ok(&tested), json!({ "delivered": true, "statusCode": 200, "error": null }));
        assert_eq!(receiver.got()[0].0["x-rampart-event"], "channel_test");
        receiver.answers(302);
        let tested = owner.client.post(&format!("{path}/test"), json!({})).await;
        assert_eq!((&ok(&tested)["delivered"], &tested.body["statusCode"]), (&json!(false), &json!(302)));

        ok(&owner.client.delete(&path).await);
        refused(&owner.client.post(&format!("{path}/test"), json!({})).await, 404, "NOT_FOUND");
        office.happen(&owner, &finding("critical")).await;
        assert_eq!(receiver.got().len(), 2);
    });
}

#[test]
fn slack_and_mail_are_told_in_their_own_ways() {
    on_both(&migrations(), async |test| {
        let office = open_office(test).await;
        let (owner, receiver) = (office.owner().await, Receiver::start().await);
        make(&owner, json!({ "type": "slack", "name": "room", "config": { "url": receiver.url }, "events": ["*"] }))
            .await;
        let addresses = json!({ "addresses": ["security@example.com", "duty@example.com"] });
        let mail = make(&owner, json!({ "type": "email", "name": "duty", "config": addresses, "events": ["*"] })).await;
        office.happen(&owner, &finding("critical")).await;
        let got = receiver.got();
        let told: Value = serde_json::from_slice(&got[0].1).unwrap();
        assert!(told["text"].as_str().unwrap().starts_with("*1 new finding in team/shop*\n"), "{told}");
        assert!(!got[0].0.contains_key("x-rampart-signature"));
        let mut to: Vec<String> = office.sink.messages().into_iter().flat_map(|mail| mail.to).collect();
        to.retain(|address| address != "owner@example.com");
        to.sort_unstable();
        assert_eq!(to, ["duty@example.com", "security@example.com"]);
        assert_eq!(deliveries(&owner, &mail).await[0]["status"], "sent");
    });
}

#[test]
fn channels_lead_nowhere_inside_and_are_managed_by_administrators() {
    on_both(&migrations(), async |test| {
        let office = office(test).await;
        let owner = office.owner().await;
        let operator = office.member(&owner, "operator").await;
        let slack = |url: &str| json!({ "type": "slack", "name": "room", "config": { "url": url }, "events": ["*"] });
        for forbidden in [
            "https://127.0.0.1/x",
            "https://localhost/x",
            "https://[::1]/x",
            "https://169.254.169.254/latest/meta-data",
            "https://10.0.0.1/x",
            "https://2130706433/x",
            "http://example.com/x",
            "file:///etc/passwd",
            "https://user:password@example.com/",
        ] {
            refused(&owner.client.post(CHANNELS, slack(forbidden)).await, 400, "TARGET_NOT_ALLOWED");
        }
        for bad in [
            json!({ "type": "slack", "name": "", "config": { "url": "https://example.com" }, "events": ["*"] }),
            json!({ "type": "slack", "name": "x", "config": { "url": "https://example.com" }, "events": ["nothing"] }),
            json!({ "type": "slack", "name": "x", "config": { "addresses": ["a@example.com"] }, "events": ["*"] }),
            json!({ "type": "webhook", "name": "x", "config": { "url": "https://example.com", "secret": "short" }, "events": ["*"] }),
            json!({ "type": "email", "name": "x", "config": { "addresses": ["none"] }, "events": ["*"] }),
            json!({ "type": "email", "name": "x", "config": { "addresses": [] }, "events": ["*"] }),
            json!({ "type": "pigeon", "name": "x", "config": {}, "events": ["*"] }),
        ] {
            refused(&owner.client.post(CHANNELS, bad).await, 400, "VALIDATION_ERROR");
        }
        refused(&operator.client.get(CHANNELS).await, 403, "FORBIDDEN");
        refused(&operator.client.post(CHANNELS, slack("https://example.com")).await, 403, "FORBIDDEN");
        let mail =
            json!({ "type": "email", "name": "x", "config": { "addresses": ["a@example.com"] }, "events": ["*"] });
        let channel = make(&owner, mail.clone()).await;
        let other = json!({ "type": "webhook", "config": { "url": "https://1.1.1.1/", "secret": SECRET } });
        let path = format!("{CHANNELS}/{channel}");
        refused(&owner.client.send(Method::PUT, &path, Some(other)).await, 400, "VALIDATION_ERROR");
        for _ in 1..50 {
            make(&owner, mail.clone()).await;
        }
        refused(&owner.client.post(CHANNELS, mail).await, 409, "CONFLICT");
    });
}
