//! What scans bring, again and again.

use axum::http::StatusCode;
use rampart_findings::identity::{Change, FileChange, Hunk};
use rampart_findings::{Error, Ingest, Scope};
use rampart_report::model::{Severity, Suppression, SuppressionKind};
use rampart_testkit::on_both;
use serde_json::{Value, json};

use crate::world::{World, finding, migrations, ok, report};

#[test]
fn a_finding_is_shown_as_documented() {
    on_both(&migrations(), async |test| {
        let world = World::new(test).await;
        let repository = world.repository("shop").await;
        let (_, ingested) = world.ingest(repository, &report(&[("sql", Severity::Critical, "a.py")])).await;
        assert_eq!((ingested.found, ingested.new, ingested.open, ingested.score), (1, 1, 1, Some(94)));
        let list = world.client("viewer").get("/api/v1/vulnerabilities").await;
        let list = ok(&list);
        assert_eq!((&list["total"], &list["page"], &list["perPage"]), (&json!(1), &json!(1), &json!(20)));
        let one = &list["vulnerabilities"][0];
        for (key, value) in [
            ("repositoryId", json!(repository)),
            ("repositoryName", json!("team/shop")),
            ("type", json!("Title of sql")),
            ("severity", json!("critical")),
            ("status", json!("open")),
            ("filePath", json!("a.py")),
            ("lineNumber", json!(45)),
            ("cweId", json!("CWE-89")),
            ("owasp", json!("A03:2021 - Injection")),
            ("cvssScore", Value::Null),
            ("autoFixAvailable", json!(false)),
            ("fixConfidence", Value::Null),
        ] {
            assert_eq!(one[key], value, "{key}");
        }
        let id = one["id"].as_str().unwrap();
        let detail = world
            .client("viewer")
            .get(&format!("/api/v1/vulnerabilities/{id}?expand=occurrences,history,flow,fix"))
            .await;
        let detail = ok(&detail);
        for (key, value) in [
            ("codeSnippet", json!("db.run(query + name)")),
            ("description", json!("sql in a.py")),
            ("explanation", json!("What it is.")),
            ("impact", json!("What it does.")),
            ("recommendation", json!("What to do.")),
            ("fixPullRequest", Value::Null),
            ("lines", json!(["before", "db.run(query + name)", "after"])),
            ("fix", Value::Null),
            ("dataFlow", json!([])),
            ("history", json!([])),
        ] {
            assert_eq!(detail[key], value, "{key}");
        }
        assert_eq!(detail["occurrences"][0]["state"], "new");
        let plain = world.client("viewer").get(&format!("/api/v1/vulnerabilities/{id}")).await;
        assert!(ok(&plain).get("occurrences").is_none());
        // Of another workspace there is none.
        let foreign = world.client("other admin").get(&format!("/api/v1/vulnerabilities/{id}")).await;
        assert_eq!(foreign.status, StatusCode::NOT_FOUND);
        let foreign = world.client("other admin").get("/api/v1/vulnerabilities").await;
        assert_eq!(ok(&foreign)["total"], 0);
        let foreign = world.client("other admin").get(&format!("/api/v1/vulnerabilities?repo={repository}")).await;
        assert_eq!(ok(&foreign)["total"], 0);
    });
}

#[test]
fn lists_are_filtered_sorted_and_counted() {
    on_both(&migrations(), async |test| {
        let world = World::new(test).await;
        let (shop, site) = (world.repository("shop").await, world.repository("site").await);
        let found =
            [("sql", Severity::Critical, "a.py"), ("xss", Severity::High, "b.py"), ("log", Severity::Low, "c.py")];
        world.ingest(shop, &report(&found)).await;
        world.test.clock.advance(std::time::Duration::from_secs(60));
        world.ingest(site, &report(&[("xss", Severity::High, "d.py")])).await;
        let paths = async |query: &str| -> Vec<String> {
            world.list(query).await.iter().map(|one| one["filePath"].as_str().unwrap().to_owned()).collect()
        };
        assert_eq!(paths("").await[0], "d.py", "the newest first");
        assert_eq!(paths("severity=high&sort=detectedAt").await, ["b.py", "d.py"]);
        assert_eq!(paths("severity=critical,low&sort=-severity").await, ["a.py", "c.py"]);
        assert_eq!(paths("severity=!high,critical").await, ["c.py"]);
        assert_eq!(paths(&format!("repositoryId={site}")).await, ["d.py"]);
        assert_eq!(paths(&format!("repo={site}&severity=low")).await, Vec::<String>::new());
        assert_eq!(paths("type=Title%20of%20log&status=open").await, ["c.py"]);
        assert_eq!(paths("rule=sql&cweId=89&autoFixAvailable=false").await, ["a.py"]);
        assert_eq!(paths("q=B.PY").await, ["b.py"]);
        assert_eq!(paths("q=%25").await, Vec::<String>::new(), "a percent sign is one");
        assert_eq!(paths("sort=risk&limit=1").await, ["c.py"]);
        assert_eq!(paths("sort=-cvssScore&limit=100").await.len(), 4);
        assert_eq!(paths("from=2026-01-01T01:00:30Z").await, ["d.py"]);
        assert_eq!(paths("to=2026-01-01T01:00:30Z").await.len(), 3);
        let counted = world
            .client("viewer")
            .get("/api/v1/vulnerabilities?severity=high&limit=1&facets=severity,rule,repository,status")
            .await;
        let counted = ok(&counted);
        assert_eq!((&counted["total"], counted["vulnerabilities"].as_array().unwrap().len()), (&json!(2), 1));
        assert_eq!(counted["facets"]["severity"][0], json!({ "value": "high", "count": 2 }));
        assert_eq!(counted["facets"]["severity"].as_array().unwrap().len(), 3, "what another choice would give");
        assert_eq!(counted["facets"]["rule"], json!([{ "value": "xss", "count": 2 }]));
        assert_eq!(counted["facets"]["repository"].as_array().unwrap().len(), 2);
        assert!(counted["facets"]["repository"][0]["name"].as_str().unwrap().contains('/'), "{counted}");
        assert_eq!(paths("path=a.py").await, ["a.py"]);
        assert_eq!(paths("owasp=A99%3A2021").await, Vec::<String>::new());
        // Pages of the list as it was, while more is found.
        let as_of = counted["asOf"].as_str().unwrap().to_owned();
        world.test.clock.advance(std::time::Duration::from_secs(60));
        world.ingest(site, &report(&[("xss", Severity::High, "d.py"), ("log", Severity::Low, "e.py")])).await;
        assert_eq!(paths(&format!("to={as_of}")).await.len(), 4);
        assert_eq!(paths(&format!("from={as_of}")).await, ["e.py"]);
        for bad in
            ["severity=worst", "status=gone", "sort=path", "page=0", "unknown=1", "repo=7", "facets=path", "from=now"]
        {
            let answer = world.client("viewer").get(&format!("/api/v1/vulnerabilities?{bad}")).await;
            assert_eq!((answer.status, answer.code()), (StatusCode::BAD_REQUEST, "VALIDATION_ERROR"), "{bad}");
        }
    });
}

#[test]
fn values_to_choose_from_are_searched() {
    on_both(&migrations(), async |test| {
        let world = World::new(test).await;
        let (shop, site) = (world.repository("shop").await, world.repository("site").await);
        world.ingest(shop, &report(&[("sql", Severity::High, "a.py"), ("xss", Severity::Low, "b.py")])).await;
        world.ingest(site, &report(&[("xss", Severity::High, "d.py")])).await;
        let values = async |who: &str, asked: &str| {
            let answer = world.client(who).get(&format!("/api/v1/vulnerabilities/facets/{asked}")).await;
            ok(&answer)["values"].clone()
        };
        let xss = json!({ "value": "xss", "count": 2 });
        assert_eq!(values("viewer", "rule").await, json!([xss, { "value": "sql", "count": 1 }]));
        assert_eq!(values("viewer", "rule?search=XS").await, json!([xss]));
        assert_eq!(values("viewer", "rule?search=%25").await, json!([]), "a percent sign is one");
        assert_eq!(values("viewer", "rule?search=s&severity=low").await, json!([{ "value": "xss", "count": 1 }]));
        let found = values("viewer", "repository?search=sho").await;
        assert_eq!((found.as_array().unwrap().len(), &found[0]["value"]), (1, &json!(shop)));
        assert_eq!(values("other admin", "rule").await, json!([]), "of another workspace there are none");
        for (asked, status) in [("path", 404), ("rule?unknown=1", 400), ("rule?severity=worst", 400)] {
            let answer = world.client("viewer").get(&format!("/api/v1/vulnerabilities/facets/{asked}")).await;
            assert_eq!(answer.status, status, "{asked}");
        }
    });
}

#[test]
fn a_list_is_handed_out_as_a_file() {
    on_both(&migrations(), async |test| {
        let world = World::new(test).await;
        let shop = world.repository("shop").await;
        world.ingest(shop, &report(&[("sql", Severity::High, "=a.py"), ("xss", Severity::Low, "b.py")])).await;
        let client = world.client("viewer");
        let table = client.get("/api/v1/vulnerabilities/export?sort=-severity").await;
        let lines: Vec<&str> = table.text.lines().collect();
        assert_eq!(lines.len(), 3, "{}", table.text);
        assert!(lines[0].starts_with("id,severity,status,title"), "{}", lines[0]);
        assert!(lines[1].contains(",high,open,") && lines[1].contains(",'=a.py,"), "no formula: {}", lines[1]);
        let low = client.get("/api/v1/vulnerabilities/export?format=json&severity=low").await;
        let low = ok(&low)["vulnerabilities"].as_array().unwrap();
        assert_eq!((low.len(), &low[0]["filePath"]), (1, &json!("b.py")));
        let foreign = world.client("other admin").get("/api/v1/vulnerabilities/export").await;
        assert_eq!(foreign.text.lines().count(), 1, "of another workspace there is none");
        let bad = client.get("/api/v1/vulnerabilities/export?format=pdf").await;
        assert_eq!((bad.status, bad.code()), (StatusCode::BAD_REQUEST, "VALIDATION_ERROR"));
    });
}

#[test]
fn findings_come_stay_go_and_come_back() {
    on_both(&migrations(), async |test| {
        let world = World::new(test).await;
        let shop = world.repository("shop").await;
        let both = report(&[("sql", Severity::Critical, "a.py"), ("xss", Severity::High, "b.py")]);
        world.ingest(shop, &both).await;
        let (first, second) = (world.id("a.py").await, world.id("b.py").await);
        // The line moves, the words change: it is the same.
        let mut moved = both.clone();
        world.test.clock.advance(std::time::Duration::from_secs(1));
        moved.findings[0].start.line = 50;
        moved.findings[0].end.line = 50;
        moved.findings[0].message = "other words".to_owned();
        let (_, ingested) = world.ingest(shop, &moved).await;
        assert_eq!((ingested.new, ingested.existing, ingested.fixed), (0, 2, 0));
        assert_eq!(world.id("a.py").await, first);
        let one = world.list("severity=critical").await;
        assert_eq!((&one[0]["lineNumber"], &one[0]["title"]), (&json!(50), &json!("other words")));
        // It is gone.
        let mut gone = both.clone();
        gone.findings.remove(1);
        world.test.clock.advance(std::time::Duration::from_secs(7_200));
        let (scan, ingested) = world.ingest(shop, &gone).await;
        assert_eq!((ingested.existing, ingested.fixed, ingested.open), (1, 1, 1));
        let fixed = world.list("status=fixed").await;
        assert_eq!((fixed.len(), fixed[0]["id"].as_str().unwrap()), (1, second.as_str()));
        let history = world.again("viewer").await.get(&format!("/api/v1/vulnerabilities/{second}/history")).await;
        let history = ok(&history);
        assert_eq!(history["statusChanges"][0]["toStatus"], "fixed");
        assert_eq!(history["statusChanges"][0]["scanId"], json!(scan));
        let states: Vec<&str> =
            history["occurrences"].as_array().unwrap().iter().map(|one| one["state"].as_str().unwrap()).collect();
        assert_eq!(states, ["fixed", "existing", "new"]);
        // It is back, as the same.
        let (_, ingested) = world.ingest(shop, &both).await;
        assert_eq!((ingested.new, ingested.reopened, ingested.open), (0, 1, 2));
        assert_eq!(world.id("b.py").await, second);
        assert_eq!(world.list("status=open").await.len(), 2);
        // Its file was not scanned: nobody can say.
        let mut unseen = gone.clone();
        unseen.coverage.scanned.retain(|path| path == "a.py");
        let (_, ingested) = world.ingest(shop, &unseen).await;
        assert_eq!((ingested.fixed, ingested.not_observed, ingested.open), (0, 1, 2));
        let detail = world.again("viewer").await.get(&format!("/api/v1/vulnerabilities/{second}")).await;
        assert_eq!((&ok(&detail)["status"], &detail.body["notObserved"]), (&json!("open"), &json!("not_scanned")));
        let (_, ingested) = world.ingest(shop, &both).await;
        assert_eq!((ingested.existing, ingested.not_observed), (2, 0));
        let detail = world.again("viewer").await.get(&format!("/api/v1/vulnerabilities/{second}")).await;
        assert_eq!(detail.body["notObserved"], Value::Null);
    });
}

#[test]
fn a_scan_of_some_files_says_nothing_of_others() {
    on_both(&migrations(), async |test| {
        let world = World::new(test).await;
        let shop = world.repository("shop").await;
        world.ingest(shop, &report(&[("sql", Severity::Critical, "a.py"), ("xss", Severity::High, "b.py")])).await;
        let mut part = report(&[("sql", Severity::Critical, "a.py")]);
        part.findings.clear();
        let edit = FileChange::new("a.py", vec![Hunk { old_start: 45, old_lines: 1, new_start: 45, new_lines: 1 }]);
        let ingest = Ingest {
            repository: shop,
            scan: world.test.origin.new_id(),
            report: &part,
            scope: Scope::Files(["a.py".to_owned()].into()),
            change: Change::Between([("a.py".to_owned(), edit)].into()),
            files: None,
        };
        let granted = world.ctx().require().unwrap();
        let compared = world.findings.compare(&granted, &ingest).await.unwrap();
        assert_eq!((compared.known.len(), compared.fixed.len()), (0, 1));
        assert_eq!(world.list("status=open").await.len(), 2, "comparing writes nothing");
        let ingested = world.findings.ingest(&world.ctx(), &ingest).await.unwrap();
        assert_eq!((ingested.fixed, ingested.not_observed, ingested.open), (1, 0, 1));
        assert_eq!(world.list("status=open").await[0]["filePath"], "b.py");
    });
}

#[test]
fn a_comment_in_the_code_dismisses_with_a_reason_and_only_as_long_as_it_is_there() {
    on_both(&migrations(), async |test| {
        let world = World::new(test).await;
        let shop = world.repository("shop").await;
        let plain = report(&[("sql", Severity::Critical, "a.py")]);
        let suppressed = |reason: Option<&str>| {
            let mut report = plain.clone();
            report.findings[0].suppressed = Some(Suppression {
                kind: SuppressionKind::InSource,
                comment: "nosem".to_owned(),
                reason: reason.map(str::to_owned),
                line: Some(44),
            });
            report
        };
        world.ingest(shop, &suppressed(None)).await;
        assert_eq!(world.list("status=open").await.len(), 1, "without a reason it changes nothing");
        world.ingest(shop, &suppressed(Some("checked by hand"))).await;
        let id = world.id("a.py").await;
        let detail = world.client("viewer").get(&format!("/api/v1/vulnerabilities/{id}")).await;
        let detail = ok(&detail);
        assert_eq!((&detail["status"], &detail["decidedBy"]), (&json!("ignored"), &json!("code")));
        assert_eq!(detail["statusReason"], "checked by hand");
        world.ingest(shop, &plain).await;
        assert_eq!(world.list("status=open").await.len(), 1);
    });
}

#[test]
fn a_plan_that_is_outdated_is_not_written() {
    on_both(&migrations(), async |test| {
        let world = World::new(test).await;
        let shop = world.repository("shop").await;
        let report = report(&[("sql", Severity::Critical, "a.py")]);
        let scan = world.test.origin.new_id();
        let ingest = Ingest {
            repository: shop,
            scan,
            report: &report,
            scope: Scope::Whole,
            change: Change::Unknown,
            files: None,
        };
        let granted = world.ctx().require().unwrap();
        let plan = world.findings.plan(&world.ctx(), &ingest).await.unwrap();
        let mut tx = world.test.store.begin(&world.origin()).await.unwrap();
        world.findings.record(&mut tx, &granted, &plan).await.unwrap();
        tx.commit().await.unwrap();
        let mut tx = world.test.store.begin(&world.origin()).await.unwrap();
        assert!(matches!(world.findings.record(&mut tx, &granted, &plan).await, Err(Error::Outdated)));
        drop(tx);
        assert_eq!(world.list("").await.len(), 1);
        // A repository of others is not there.
        let foreign = rampart_access::Ctx::of_system(
            world.test.origin.clone().in_workspace(Some(world.people.theirs.workspace.parse().unwrap())),
            "test",
        );
        assert!(world.findings.ingest(&foreign, &ingest).await.is_err());
    });
}

#[test]
fn hundreds_of_findings_are_written_at_once_and_known_again() {
    on_both(&migrations(), async |test| {
        let world = World::new(test).await;
        let shop = world.repository("shop").await;
        let mut many = report(&[("sql", Severity::Medium, "a.py")]);
        many.findings = (0..300)
            .map(|n| {
                let mut one = finding("sql", Severity::Medium, "a.py");
                (one.start.line, one.end.line) = (n + 1, n + 1);
                one.fingerprints = [("match/v1".to_owned(), format!("m{n}"))].into();
                one
            })
            .collect();
        let (_, ingested) = world.ingest(shop, &many).await;
        assert_eq!((ingested.new, ingested.open), (300, 300));
        for finding in &mut many.findings {
            finding.start.line += 7;
        }
        let (_, ingested) = world.ingest(shop, &many).await;
        assert_eq!((ingested.new, ingested.existing, ingested.open), (0, 300, 300));
        let list = world.client("viewer").get("/api/v1/vulnerabilities?page=3&limit=100").await;
        assert_eq!((&ok(&list)["total"], list.body["vulnerabilities"].as_array().unwrap().len()), (&json!(300), 100));
    });
}

#[test]
fn what_other_tools_found_is_brought_in_and_kept_apart() {
    on_both(&migrations(), async |test| {
        let world = World::new(test).await;
        let shop = world.repository("shop").await;
        world.ingest(shop, &report(&[("sql", Severity::Critical, "a.py")])).await;
        let path = format!("/api/v1/repositories/{shop}/findings/import?commitHash=0123abcd");
        let result = |line: u32, uri: &str| {
            json!({
                "ruleId": "B608", "message": { "text": "SQL in a string" }, "level": "error",
                "locations": [{ "physicalLocation": {
                    "artifactLocation": { "uri": uri },
                    "region": { "startLine": line, "snippet": { "text": "run(x)" } },
                } }],
            })
        };
        let sarif = |results: Value, files: Value| {
            let driver = json!({ "name": "Bandit", "rules": [{ "id": "B608" }] });
            let files: Vec<Value> =
                files.as_array().unwrap().iter().map(|uri| json!({ "location": { "uri": uri } })).collect();
            json!({ "$schema": "x", "version": "2.1.0", "runs": [{ "tool": { "driver": driver }, "results": results, "artifacts": files }] })
        };
        let two = sarif(json!([result(3, "b.py"), result(9, "../b.py")]), json!(["b.py"]));
        for (name, status) in [("viewer", 403), ("read token", 403), ("other admin", 404), ("anonymous", 401)] {
            assert_eq!(world.client(name).post(&path, two.clone()).await.status.as_u16(), status, "{name}");
        }
        let answer = world.client("member").post(&path, two.clone()).await;
        assert_eq!(answer.status, StatusCode::ACCEPTED, "{}", answer.text);
        assert_eq!((&answer.body["newVulnerabilities"], &answer.body["leftOut"]), (&json!(1), &json!(1)));
        assert_eq!((&answer.body["triggerType"], &answer.body["commitHash"]), (&json!("import"), &json!("0123abcd")));
        let id = world.id("b.py").await;
        // Its line moves: it is known again. Our own scan says nothing of it, nor the tool of ours.
        ok(&world.client("member").post(&path, sarif(json!([result(30, "b.py")]), json!([]))).await);
        let (_, ingested) = world.ingest(shop, &report(&[("sql", Severity::Critical, "a.py")])).await;
        assert_eq!((ingested.existing, ingested.fixed, ingested.not_observed, ingested.open), (1, 0, 0, 2));
        let moved = world.list("rule=bandit:B608").await;
        assert_eq!((moved[0]["id"].as_str().unwrap(), &moved[0]["lineNumber"]), (id.as_str(), &json!(30)));
        // It is gone: fixed only if the tool says that it has looked at the file.
        let answer = world.client("member").post(&path, sarif(json!([]), json!(["other.py"]))).await;
        assert_eq!(ok(&answer)["fixedVulnerabilities"], 0);
        let answer = world.client("member").post(&path, sarif(json!([]), json!(["b.py"]))).await;
        assert_eq!(ok(&answer)["fixedVulnerabilities"], 1);
        for (query, body) in [("", json!({ "version": "2.1.0" })), ("?commitHash=HEAD", two), ("", json!([1]))] {
            let answer =
                world.client("member").post(&format!("/api/v1/repositories/{shop}/findings/import{query}"), body).await;
            assert_eq!(
                (answer.status, answer.code()),
                (StatusCode::BAD_REQUEST, "VALIDATION_ERROR"),
                "{}",
                answer.text
            );
        }
    });
}
