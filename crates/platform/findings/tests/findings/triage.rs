//! What people decide.

use std::time::Duration;

use axum::http::StatusCode;
use rampart_report::model::Severity;
use rampart_testkit::on_both;
use serde_json::{Value, json};

use crate::world::{World, migrations, ok, report};

#[test]
fn a_decision_needs_a_reason_and_stays_through_scans() {
    on_both(&migrations(), async |test| {
        let world = World::new(test).await;
        let shop = world.repository("shop").await;
        let found = report(&[("sql", Severity::Critical, "a.py"), ("xss", Severity::High, "b.py")]);
        world.ingest(shop, &found).await;
        let id = world.id("a.py").await;
        let path = format!("/api/v1/vulnerabilities/{id}/status");
        let decide = async |name: &str, body: Value| world.client(name).patch(&path, body).await;
        let dismissed = json!({ "status": "false_positive", "reason": "the value is a constant" });
        for (name, status) in [("anonymous", 401), ("viewer", 403), ("read token", 403), ("other admin", 404)] {
            assert_eq!(decide(name, dismissed.clone()).await.status.as_u16(), status, "{name}");
        }
        for body in [
            json!({ "status": "false_positive" }),
            json!({ "status": "ignored", "reason": " " }),
            json!({ "status": "gone" }),
            json!({ "status": "ignored", "reason": "x".repeat(1_001) }),
            json!({ "status": "ignored", "reason": "x", "ignoredUntil": "2020-01-01T00:00:00Z" }),
            json!({ "status": "false_positive", "reason": "x", "ignoredUntil": "2030-01-01T00:00:00Z" }),
        ] {
            let answer = decide("member", body.clone()).await;
            assert_eq!((answer.status, answer.code()), (StatusCode::BAD_REQUEST, "VALIDATION_ERROR"), "{body}");
        }
        let answer = decide("member", dismissed.clone()).await;
        assert_eq!((&ok(&answer)["status"], &answer.body["decidedBy"]), (&json!("false_positive"), &json!("person")));
        let answer = decide("member", json!({ "status": "ignored", "reason": "x" })).await;
        assert_eq!((answer.status, answer.code()), (StatusCode::CONFLICT, "INVALID_STATE_TRANSITION"));
        // A scan sees it, and does not open it; neither does one that does not see it.
        world.ingest(shop, &found).await;
        let mut gone = found.clone();
        gone.findings.remove(0);
        world.ingest(shop, &gone).await;
        world.ingest(shop, &found).await;
        let detail = world.client("viewer").get(&format!("/api/v1/vulnerabilities/{id}")).await;
        assert_eq!(
            (&ok(&detail)["status"], &detail.body["statusReason"]),
            (&json!("false_positive"), &json!("the value is a constant"))
        );
        let stats = world.client("viewer").get("/api/v1/dashboard/stats").await;
        assert_eq!((&ok(&stats)["totalVulnerabilities"], &stats.body["criticalIssues"]), (&json!(1), &json!(0)));
        world.test.clock.advance(Duration::from_secs(1));
        ok(&decide("member", json!({ "status": "open" })).await);
        let history = world.client("viewer").get(&format!("/api/v1/vulnerabilities/{id}/history")).await;
        let changes = ok(&history)["statusChanges"].as_array().unwrap().clone();
        let told: Vec<(&str, &str, bool)> = changes
            .iter()
            .map(|one| {
                (one["fromStatus"].as_str().unwrap(), one["toStatus"].as_str().unwrap(), one["changedBy"].is_string())
            })
            .collect();
        assert_eq!(told, [("false_positive", "open", true), ("open", "false_positive", true)]);
        let audited = world.test.contents().await;
        let audited =
            audited.iter().filter(|row| row.starts_with("audit_logs") && row.contains("vulnerability.status_changed"));
        assert_eq!(audited.count(), 2);
    });
}

#[test]
fn several_are_decided_at_once_each_for_itself() {
    on_both(&migrations(), async |test| {
        let world = World::new(test).await;
        let (shop, site) = (world.repository("shop").await, world.repository("site").await);
        world.ingest(shop, &report(&[("sql", Severity::Critical, "a.py"), ("xss", Severity::High, "b.py")])).await;
        world.ingest(site, &report(&[("xss", Severity::High, "c.py")])).await;
        let ids = [world.id("a.py").await, world.id("b.py").await, world.id("c.py").await];
        let bulk =
            async |name: &str, body: Value| world.client(name).post("/api/v1/vulnerabilities/bulk-status", body).await;
        let nothing = "0192f0c1-7b5a-7cc3-98b0-2f4d5c6a7b8c";
        let body = json!({ "ids": [ids[0], ids[2], ids[2], nothing], "status": "ignored", "reason": "accepted" });
        assert_eq!(bulk("viewer", body.clone()).await.status, StatusCode::FORBIDDEN);
        let answer = bulk("other admin", body.clone()).await;
        assert_eq!((&ok(&answer)["updated"], answer.body["failed"].as_array().unwrap().len()), (&json!(0), 4));
        let answer = bulk("member", body).await;
        assert_eq!(ok(&answer)["updated"], 2);
        assert_eq!(
            answer.body["failed"],
            json!([{ "id": nothing, "code": "NOT_FOUND", "error": answer.body["failed"][0]["error"] }])
        );
        assert_eq!(answer.body["before"].as_array().unwrap().len(), 2);
        assert_eq!(world.list("status=open").await.len(), 1);
        let answer = bulk("member", json!({ "ids": ids, "status": "fixed" })).await;
        assert_eq!((&ok(&answer)["updated"], answer.body["failed"].as_array().unwrap().len()), (&json!(1), 2));
        assert_eq!(answer.body["failed"][0]["code"], "INVALID_STATE_TRANSITION");
        let many: Vec<&str> = vec![nothing; 201];
        for ids in [json!([]), json!(many)] {
            let answer = bulk("member", json!({ "ids": ids, "status": "fixed" })).await;
            assert_eq!(answer.code(), "VALIDATION_ERROR");
        }
    });
}

#[test]
fn what_is_ignored_for_a_time_comes_back() {
    on_both(&migrations(), async |test| {
        let world = World::new(test).await;
        let shop = world.repository("shop").await;
        let found = report(&[("sql", Severity::Critical, "a.py")]);
        world.ingest(shop, &found).await;
        let path = format!("/api/v1/vulnerabilities/{}/status", world.id("a.py").await);
        let body = json!({ "status": "ignored", "reason": "next week", "ignoredUntil": "2026-01-09T00:00:00Z" });
        ok(&world.client("member").patch(&path, body).await);
        let reopen = async || world.findings.reopen_due(&world.test.origin).await.unwrap();
        world.test.clock.advance(Duration::from_secs(600));
        assert_eq!(reopen().await, 0);
        world.test.clock.advance(Duration::from_secs(9 * 24 * 3_600));
        assert_eq!((reopen().await, reopen().await), (1, 0));
        assert_eq!(world.list("status=open").await.len(), 1);
    });
}
