//! What people hear of, and how.

use std::time::Duration;

use axum::http::{Method, StatusCode};
use rampart_events::Heard;
use rampart_store::Event;
use rampart_testkit::on_both;
use serde_json::{Value, json};

use crate::office::*;

#[test]
fn members_hear_of_what_concerns_them_once_and_others_of_nothing() {
    on_both(&migrations(), async |test| {
        let mut office = office(test).await;
        let owner = office.owner().await;
        let viewer = office.member(&owner, "viewer").await;
        let operator = office.member(&owner, "operator").await;
        office.happen(&owner, &finding("critical")).await;
        office.happen(&owner, &finding("low")).await;
        office.happen(&owner, &approval()).await;
        for person in [&owner, &viewer, &operator] {
            assert_eq!(titles(person).await, ["1 new finding in team/shop"]);
            for (severity, count) in [("critical", 1), ("low", 0)] {
                let asked = format!("/api/v1/notifications?type=vulnerability_found&severity={severity}");
                assert_eq!(ok(&person.client.get(&asked).await)["total"], count, "{severity}");
            }
        }
        // An approval is the business of operators.
        let asked = "/api/v1/notifications?type=approval_requested";
        assert_eq!(ok(&owner.client.get(asked).await)["total"], 1);
        assert_eq!(ok(&operator.client.get(asked).await)["total"], 1);
        assert_eq!(ok(&viewer.client.get(asked).await)["total"], 0);
        // Mail at once is for what waits for an answer, and for addresses that were confirmed.
        // Accounts are mailed of as well, by others.
        let mut mails = office.sink.messages();
        mails.retain(|mail| mail.subject == "An action waits for approval");
        assert_eq!(mails.iter().map(|mail| mail.to[0].as_str()).collect::<Vec<_>>(), ["owner@example.com"]);
        assert!(mails[0].text.contains("http://localhost:8000/app/missions/0192f0c2"), "{}", mails[0].text);

        office.happen(&owner, &End {}).await;
        let mut live = 0;
        while let Some(Heard::Event(event)) = office.listener.next().await {
            if event.name == End::NAME {
                break;
            }
            live += usize::from(
                event.name == "notification.created" && event.data["notification"]["type"] == "vulnerability_found",
            );
        }
        assert_eq!(live, 3, "one for each socket");
    });
}

#[test]
fn a_job_that_runs_twice_tells_once() {
    on_both(&migrations(), async |test| {
        let office = office(test).await;
        let owner = office.owner().await;
        office.happen(&owner, &approval()).await;
        let sql = "UPDATE jobs SET status = 'queued', attempts = 0, finished_at = NULL WHERE type = 'fan_out_event'";
        let mut tx = office.test.store.begin(&office.test.origin).await.unwrap();
        assert!(tx.execute(sql, &[]).await.unwrap() > 0);
        tx.commit().await.unwrap();
        office.settle().await;
        let list = owner.client.get("/api/v1/notifications?type=approval_requested").await;
        assert_eq!((ok(&list)["total"].as_u64(), office.sink.messages().len()), (Some(1), 1));
    });
}

#[test]
fn what_scans_find_within_minutes_is_told_together_and_what_is_worse_for_itself() {
    on_both(&migrations(), async |test| {
        let office = office(test).await;
        let owner = office.owner().await;
        let told = async || {
            let answer = owner.client.get("/api/v1/notifications?type=vulnerability_found").await;
            let list = ok(&answer)["notifications"].as_array().unwrap().clone();
            list.iter()
                .map(|one| format!("{}: {}", one["title"].as_str().unwrap(), one["body"].as_str().unwrap()))
                .collect::<Vec<_>>()
        };
        let first = json!({ "high": 13, "medium": 20, "low": 2 });
        office.happen(&owner, &findings_in("shop", "high", &first)).await;
        assert_eq!(told().await, ["35 new findings in team/shop: 13 high, 20 medium, 2 low"]);
        let list = owner.client.get("/api/v1/notifications?type=vulnerability_found").await;
        assert_eq!(ok(&list)["notifications"][0]["link"], "/findings?sort=-detectedAt&repo=0192f0c1-shop");

        office.test.clock.advance(Duration::from_secs(3 * 60));
        office.happen(&owner, &finding("high")).await;
        // A job that runs again tells nothing again.
        let sql = "UPDATE jobs SET status = 'queued', attempts = 0, finished_at = NULL WHERE type = 'fan_out_event'";
        let mut tx = office.test.store.begin(&office.test.origin).await.unwrap();
        assert!(tx.execute(sql, &[]).await.unwrap() > 0);
        tx.commit().await.unwrap();
        office.settle().await;
        assert_eq!(told().await, ["36 new findings in team/shop: 14 high, 20 medium, 2 low"]);
        office.happen(&owner, &finding("critical")).await;
        office.happen(&owner, &finding_in("other", "high")).await;
        assert_eq!(told().await.len(), 3, "what is worse, and what is of another repository: {:?}", told().await);
        office.test.clock.advance(Duration::from_secs(11 * 60));
        office.happen(&owner, &finding("high")).await;
        assert_eq!(told().await.len(), 4, "later is later");
        // What somebody has read does not change behind their back.
        ok(&owner.client.post("/api/v1/notifications/read-all", Value::Null).await);
        office.happen(&owner, &finding("high")).await;
        assert_eq!(told().await.len(), 5);
    });
}

#[test]
fn notifications_are_read_and_deleted_by_their_owner_only() {
    on_both(&migrations(), async |test| {
        let office = office(test).await;
        let owner = office.owner().await;
        let viewer = office.member(&owner, "viewer").await;
        for repository in ["a", "b", "c"] {
            office.happen(&owner, &finding_in(repository, "high")).await;
            office.test.clock.advance(Duration::from_secs(60));
        }
        let count = async |person: &Person| {
            ok(&person.client.get("/api/v1/notifications/unread-count").await)["unreadCount"].as_u64().unwrap()
        };
        let first = ok(&viewer.client.get("/api/v1/notifications?limit=1").await).clone();
        assert_eq!((&first["total"], &first["unreadCount"]), (&json!(3), &json!(3)));
        let id = first["notifications"][0]["id"].as_str().unwrap().to_owned();
        let path = format!("/api/v1/notifications/{id}");

        // Somebody else's is not there.
        let foreign = owner.client.send(Method::PATCH, &path, Some(json!({ "read": true }))).await;
        assert_eq!((foreign.status, foreign.code()), (StatusCode::NOT_FOUND, "NOT_FOUND"));
        assert_eq!(owner.client.delete(&path).await.status, StatusCode::NOT_FOUND);
        assert_eq!(office.client.get("/api/v1/notifications").await.status, StatusCode::UNAUTHORIZED);

        let marked = viewer.client.send(Method::PATCH, &path, Some(json!({ "read": true }))).await;
        assert!(ok(&marked)["readAt"].is_string());
        assert_eq!(count(&viewer).await, 2);
        ok(&viewer.client.send(Method::PATCH, &path, Some(json!({ "read": false }))).await);
        assert_eq!(count(&viewer).await, 3);
        let older = viewer.client.get(&format!("/api/v1/notifications?before={id}&unread=true")).await;
        assert_eq!(ok(&older)["notifications"].as_array().unwrap().len(), 2);

        assert_eq!(ok(&viewer.client.post("/api/v1/notifications/read-all", Value::Null).await)["updated"], 3);
        assert_eq!((count(&viewer).await, count(&owner).await > 0), (0, true));
        ok(&viewer.client.delete(&path).await);
        assert_eq!(viewer.client.delete(&path).await.status, StatusCode::NOT_FOUND);
        assert_eq!(titles(&viewer).await.len(), 2);
    });
}

#[test]
fn people_hear_as_they_chose() {
    on_both(&migrations(), async |test| {
        let office = office(test).await;
        let owner = office.owner().await;
        let shown = owner.client.get("/api/v1/notifications/preferences").await;
        assert_eq!(
            ok(&shown)["matrix"]["approval_requested"],
            json!({ "in_app": "instant", "email": "instant", "push": "instant" })
        );
        for bad in [
            json!({ "digest": "daily", "digestHour": 24 }),
            json!({ "digest": "hourly", "digestHour": 8 }),
            json!({ "digest": "daily", "digestHour": 8, "matrix": { "scan_failed": { "in_app": "digest", "email": "off" } } }),
            json!({ "digest": "daily", "digestHour": 8, "matrix": { "no_such": { "in_app": "off", "email": "off" } } }),
        ] {
            let answer = choose(&owner, bad).await;
            assert_eq!(
                (answer.status, answer.code()),
                (StatusCode::BAD_REQUEST, "VALIDATION_ERROR"),
                "{}",
                answer.text
            );
        }
        let silent = json!({ "in_app": "off", "email": "off" });
        ok(&choose(&owner, json!({ "digest": "off", "digestHour": 8, "matrix": { "vulnerability_found": silent } }))
            .await);
        office.happen(&owner, &finding("critical")).await;
        assert!(titles(&owner).await.is_empty());
        // The clock stands at midnight, which is quiet: mail that would come at once waits for the digest.
        let quiet = json!({ "digest": "daily", "digestHour": 8, "quietHours": { "from": 22, "to": 7 } });
        ok(&choose(&owner, quiet).await);
        office.happen(&owner, &approval()).await;
        assert!(office.sink.messages().is_empty());
        office.test.clock.advance(Duration::from_secs(9 * 3_600));
        assert_eq!(office.notifications.send_digests(&office.test.origin).await.unwrap(), 1);
        office.settle().await;
        assert!(office.sink.messages()[0].text.contains("An action waits for approval"));
    });
}

#[test]
fn a_digest_comes_at_its_hour_with_what_was_waiting_and_only_once() {
    on_both(&migrations(), async |test| {
        let office = office(test).await;
        let owner = office.owner().await;
        // At midnight; the digest is at 8.
        for repository in 0..25 {
            office.happen(&owner, &finding_in(&repository.to_string(), "high")).await;
        }
        let send = async || office.notifications.send_digests(&office.test.origin).await.unwrap();
        assert_eq!(send().await, 0);
        office.test.clock.advance(Duration::from_secs(8 * 3_600));
        assert_eq!(send().await, 1);
        // What happens later is for tomorrow.
        office.test.clock.advance(Duration::from_secs(60));
        office.happen(&owner, &finding("critical")).await;
        assert_eq!(send().await, 0);
        office.settle().await;
        let [mail] = &office.sink.messages()[..] else { panic!("{}", office.sink.messages().len()) };
        assert!(mail.subject.ends_with("25 events today") && mail.text.contains("And 5 more."), "{}", mail.text);
        // An hour that was missed is made up for.
        office.test.clock.advance(Duration::from_secs(29 * 3_600));
        assert_eq!(send().await, 1);
    });
}

#[test]
fn what_was_read_is_forgotten_in_the_end_and_what_was_not_later() {
    on_both(&migrations(), async |test| {
        let office = office(test).await;
        let owner = office.owner().await;
        office.happen(&owner, &finding("high")).await;
        ok(&owner.client.post("/api/v1/notifications/read-all", Value::Null).await);
        office.happen(&owner, &finding("high")).await;
        let day = 24 * 3_600;
        for (days, removed) in [(89, 0), (2, 1), (88, 0), (2, 1)] {
            office.test.clock.advance(Duration::from_secs(days * day));
            assert_eq!(
                office.notifications.forget(&office.test.origin).await.unwrap(),
                removed,
                "after {days} more days"
            );
        }
    });
}

#[test]
fn who_administers_the_installation_hears_when_it_is_not_well() {
    on_both(&migrations(), async |test| {
        let office = office(test).await;
        let owner = office.owner().await;
        let member = office.member(&owner, "admin").await;
        let alarm = Alarm(json!({ "rule": "DiskLow", "summary": "Make room", "value": 3.0, "threshold": 10.0 }));
        let mut tx = office.test.store.begin(&office.test.origin).await.unwrap();
        tx.emit(&alarm);
        tx.commit().await.unwrap();
        office.settle().await;
        let heard = async |person: &Person| {
            let answer = person.client.get("/api/v1/notifications?type=system_alert").await;
            ok(&answer)["notifications"].as_array().unwrap().clone()
        };
        let told = heard(&owner).await;
        assert_eq!(told.len(), 1);
        assert_eq!(
            (&told[0]["title"], &told[0]["body"]),
            (&json!("DiskLow: the installation needs a look"), &json!("Make room"))
        );
        assert!(heard(&member).await.is_empty(), "an administrator of a workspace is none of the installation");
        let mails = office.sink.messages();
        let mails: Vec<_> = mails.iter().filter(|mail| mail.subject.starts_with("DiskLow")).collect();
        assert_eq!(mails.iter().map(|mail| mail.to[0].as_str()).collect::<Vec<_>>(), ["owner@example.com"]);
    });
}

#[test]
fn what_was_read_is_kept_for_as_long_as_the_installation_says() {
    on_both(&migrations(), async |test| {
        let office = office(test).await;
        let owner = office.owner().await;
        office.happen(&owner, &finding("critical")).await;
        ok(&owner.client.post("/api/v1/notifications/read-all", json!({})).await);
        let retention = json!({ "retention": { "notificationDays": 3 } });
        ok(&owner.client.patch("/api/v1/admin/settings", retention).await);
        let forget = async || office.notifications.forget(&office.test.origin).await.unwrap();
        office.test.clock.advance(Duration::from_secs(2 * 24 * 3_600));
        assert_eq!(forget().await, 0);
        office.test.clock.advance(Duration::from_secs(24 * 3_600 + 1));
        assert!(forget().await > 0);
    });
}
