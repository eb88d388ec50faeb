//! The numbers that pages begin with.

use std::time::Duration;

use axum::http::StatusCode;
use rampart_report::model::Severity;
use rampart_testkit::on_both;
use serde_json::{Value, json};

use crate::world::{World, migrations, ok, report};

const DAY: Duration = Duration::from_secs(24 * 3_600);

#[test]
fn an_empty_workspace_is_not_rated() {
    on_both(&migrations(), async |test| {
        let world = World::new(test).await;
        let stats = world.client("viewer").get("/dashboard/stats").await;
        let empty = json!({
            "totalRepositories": 0, "totalVulnerabilities": 0, "criticalIssues": 0, "autoFixedThisWeek": 0,
            "overallSecurityScore": null, "riskScore": 0.0, "scanningNow": 0, "trends": { "lastWeek": 0, "lastMonth": 0 },
            "totalScans": 0, "mttrHours": null,
        });
        assert_eq!(ok(&stats), &empty);
        let risk = world.client("viewer").get("/api/v1/dashboard/risk-score").await;
        assert_eq!((&ok(&risk)["riskScore"], &risk.body["level"]), (&json!(0.0), &json!("low")));
        for path in ["/dashboard/stats", "/dashboard/trends", "/dashboard/risk-score", "/dashboard/activity"] {
            let answer = world.client("anonymous").get(&format!("/api/v1{path}")).await;
            assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{path}");
        }
    });
}

#[test]
fn numbers_follow_findings_day_by_day() {
    on_both(&migrations(), async |test| {
        let world = World::new(test).await;
        let shop = world.repository("shop").await;
        let six: Vec<(String, Severity)> = (0..6).map(|n| (format!("{n}.py"), Severity::High)).collect();
        let all: Vec<(&str, Severity, &str)> =
            six.iter().map(|(path, severity)| ("xss", *severity, path.as_str())).collect();
        let mut found = report(&all);
        world.ingest(shop, &found).await;
        world.test.clock.advance(DAY * 10);
        found.findings.truncate(1);
        let (_, ingested) = world.ingest(shop, &found).await;
        assert_eq!((ingested.fixed, ingested.open), (5, 1));
        let stats = world.again("viewer").await.get("/api/v1/dashboard/stats").await;
        let stats = ok(&stats);
        assert_eq!((&stats["totalRepositories"], &stats["totalVulnerabilities"]), (&json!(1), &json!(1)));
        assert_eq!((&stats["totalScans"], &stats["mttrHours"]), (&json!(2), &json!(240.0)));
        assert_eq!(stats["trends"], json!({ "lastWeek": -5, "lastMonth": 1 }));
        // High, a pattern, medium confidence: 0.8 · 0.5 · 0.8.
        assert_eq!((&stats["overallSecurityScore"], &stats["riskScore"]), (&json!(94), &json!(0.32)));

        let trends = world.again("viewer").await.get("/api/v1/dashboard/trends?period=30d").await;
        let points = ok(&trends)["points"].as_array().unwrap().clone();
        assert_eq!((points.len(), &trends.body["interval"]), (30, &json!("day")));
        assert_eq!(
            (&points[29]["total"], &points[29]["fixed"], &points[28]["total"]),
            (&json!(1), &json!(5), &json!(6))
        );
        assert_eq!(
            (&points[19]["high"], &points[19]["opened"], &points[18]["total"]),
            (&json!(6), &json!(6), &json!(0))
        );
        let own = world
            .again("viewer")
            .await
            .get(&format!("/api/v1/dashboard/trends?period=7d&interval=week&repositoryId={shop}"))
            .await;
        assert_eq!(ok(&own)["points"].as_array().unwrap().last().unwrap()["total"], 1);

        let risk = world.again("viewer").await.get(&format!("/api/v1/dashboard/risk-score?repositoryId={shop}")).await;
        let risk = ok(&risk);
        assert_eq!(
            (&risk["riskScore"], &risk["level"], &risk["grade"]),
            (&json!(0.32), &json!("moderate"), &json!("A"))
        );
        assert_eq!((&risk["factors"]["overdueRatio"], &risk["scoreModel"]), (&json!(0.0), &json!(1)));
        world.test.clock.advance(DAY * 30);
        let late = world.again("viewer").await.get("/api/v1/dashboard/risk-score").await;
        assert_eq!(ok(&late)["factors"]["overdueRatio"], 1.0);

        let statistics =
            world.again("viewer").await.get(&format!("/api/v1/repositories/{shop}/statistics?days=60")).await;
        let statistics = ok(&statistics);
        assert_eq!(
            (&statistics["severityCounts"]["high"], &statistics["statusCounts"]["fixed"]),
            (&json!(1), &json!(5))
        );
        assert_eq!(statistics["byType"], json!([{ "name": "Title of xss", "count": 1 }]));
        assert_eq!(statistics["byFile"], json!([{ "name": "0.py", "count": 1 }]));
        assert_eq!(
            (&statistics["timeToFix"]["high"]["median"], &statistics["timeToFix"]["high"]["open"]),
            (&json!(240.0), &json!(1))
        );
        let whole = world.again("viewer").await.get("/api/v1/dashboard/time-to-fix").await;
        assert_eq!(ok(&whole)["timeToFix"], statistics["timeToFix"]);
        assert_eq!((&statistics["fixedLast30Days"], &statistics["openedLast30Days"]), (&json!(0), &json!(0)));
        assert_eq!(
            (&statistics["scans"]["total"], &statistics["scans"]["averageDurationMs"]),
            (&json!(2), &json!(250))
        );
        assert_eq!(
            (statistics["scoreHistory"].as_array().unwrap().len(), &statistics["mttrHours"]),
            (60, &json!(240.0))
        );
        for path in [
            format!("/api/v1/repositories/{shop}/statistics"),
            format!("/api/v1/dashboard/trends?repositoryId={shop}"),
            format!("/api/v1/dashboard/risk-score?repositoryId={shop}"),
        ] {
            assert_eq!(world.again("other admin").await.get(&path).await.status, StatusCode::NOT_FOUND, "{path}");
        }
        for path in [
            "/api/v1/dashboard/trends?period=1d",
            "/api/v1/dashboard/activity?limit=101",
            "/api/v1/dashboard/activity?page=0",
        ] {
            assert_eq!(world.again("viewer").await.get(path).await.code(), "VALIDATION_ERROR", "{path}");
        }
    });
}

#[test]
fn the_feed_tells_what_happened_once() {
    on_both(&migrations(), async |test| {
        let world = World::new(test).await;
        let shop = world.repository("shop").await;
        world.settle().await;
        let found = report(&[("sql", Severity::Critical, "a.py"), ("log", Severity::Low, "b.py")]);
        world.ingest(shop, &found).await;
        let path = format!("/api/v1/vulnerabilities/{}/status", world.id("a.py").await);
        ok(&world.client("member").patch(&path, json!({ "status": "fixed" })).await);
        world.settle().await;
        let feed = async |name: &str, query: &str| -> Value {
            ok(&world.again(name).await.get(&format!("/api/v1/dashboard/activity?{query}")).await).clone()
        };
        let told = feed("viewer", &format!("repositoryId={shop}")).await;
        let kinds: Vec<&str> =
            told["activities"].as_array().unwrap().iter().map(|one| one["eventType"].as_str().unwrap()).collect();
        assert_eq!((kinds.len(), &told["total"], &told["perPage"]), (3, &json!(3), &json!(50)), "{kinds:?}");
        let changed = feed("viewer", "eventType=vulnerability_status_changed").await;
        assert_eq!(changed["activities"][0]["eventData"]["to"], "fixed");
        assert_eq!(changed["activities"][0]["repositoryName"], "team/shop");
        let detected = feed("viewer", "eventType=vulnerability_detected").await;
        let severities: Vec<&Value> =
            detected["activities"].as_array().unwrap().iter().map(|one| &one["severity"]).collect();
        assert_eq!(severities.len(), 2);
        assert_eq!(detected["activities"][0]["eventData"]["vulnerability"]["line"], 45);
        assert_eq!(feed("other admin", "eventType=vulnerability_detected").await["total"], 0);
        world.test.clock.advance(DAY * 179);
        assert_eq!(world.findings.forget(&world.test.origin).await.unwrap(), 0);
        world.test.clock.advance(DAY * 2);
        assert!(world.findings.forget(&world.test.origin).await.unwrap() >= 3);
        assert_eq!(feed("viewer", "").await["total"], 0);
    });
}

#[test]
fn figures_that_are_wrong_are_mended() {
    on_both(&migrations(), async |test| {
        let world = World::new(test).await;
        let shop = world.repository("shop").await;
        world.ingest(shop, &report(&[("sql", Severity::Critical, "a.py")])).await;
        let mut tx = world.test.store.begin(&world.origin()).await.unwrap();
        tx.execute("UPDATE repository_findings SET open_4 = 7, risk = 0, score = 100", &[]).await.unwrap();
        tx.commit().await.unwrap();
        let stats = async || ok(&world.client("viewer").get("/api/v1/dashboard/stats").await).clone();
        assert_eq!(stats().await["criticalIssues"], 7);
        assert_eq!(world.findings.recalculate(&world.test.origin).await.unwrap(), 1);
        let stats = stats().await;
        assert_eq!((&stats["criticalIssues"], &stats["overallSecurityScore"]), (&json!(1), &json!(94)));
    });
}
