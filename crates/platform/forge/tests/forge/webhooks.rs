//! What GitHub tells: whose signature, which events, how often; with GitHub's own payloads.

use std::path::Path;
use std::time::{Duration, Instant};

use axum::http::{Method, StatusCode};
use rampart_forge::{GithubEvent, RepositoryId, module, sign};
use rampart_jobs::{Handlers, Jobs, Worker};
use rampart_kernel::{Cell, Id, Secret, SystemChance};
use rampart_store::params;
use rampart_testkit::{Answer, Client, on_both};
use serde_json::{Value, json};

use crate::world::{OF_ALL, World, migrations, ok, text, world};

const OWN: &str = "the secret of one hook";
pub const AT_GITHUB: u64 = 186_853_002;

/// The repository on this machine, as if it lay at GitHub, with a hook of its own.
pub async fn at_github(world: &World) -> RepositoryId {
    let id: RepositoryId = world.connect().await.parse().unwrap();
    let cell = Cell { table: "repositories", column: "webhook_secret", row: id.uuid() };
    let sealed = world.keys.seal(&SystemChance, cell, &Secret::new(OWN));
    let mut tx = world.test.store.begin(&world.system()).await.unwrap();
    let sql = "UPDATE repositories SET provider = 'github', provider_repo_id = $2, webhook_secret = $3 WHERE id = $1";
    tx.execute(sql, &params![id, AT_GITHUB.to_string(), sealed.as_text()]).await.unwrap();
    tx.commit().await.unwrap();
    id
}

pub struct Hook {
    path: String,
    secret: &'static str,
    event: &'static str,
    delivery: String,
}

pub fn hook(id: RepositoryId, event: &'static str, delivery: &str) -> Hook {
    Hook { path: format!("/webhooks/github?repo={id}"), secret: OWN, event, delivery: delivery.to_owned() }
}

impl Hook {
    pub async fn send(&self, client: &Client, body: &str) -> Answer {
        let client = client.with("x-hub-signature-256", &sign(&Secret::new(self.secret), body.as_bytes()));
        self.send_with(&client, body).await
    }

    async fn send_with(&self, client: &Client, body: &str) -> Answer {
        let client = client.with("x-github-event", self.event).with("x-github-delivery", &self.delivery);
        client.with("content-type", "application/json").send_bytes(Method::POST, &self.path, body).await
    }
}

pub fn push(branch: &str, hash: &str, pushed_at: i64) -> String {
    let commit = |id: &str| {
        json!({ "id": id, "message": "made", "timestamp": "2024-01-15T10:30:00+01:00", "added": ["a.py"],
            "author": { "name": "Ada", "email": "ada@example.com" } })
    };
    json!({ "ref": format!("refs/heads/{branch}"), "before": "0".repeat(40), "after": hash, "deleted": false,
        "repository": { "id": AT_GITHUB, "full_name": "code/shop", "pushed_at": pushed_at },
        "commits": [commit(&"e".repeat(40)), commit(hash)], "pusher": { "name": "ada" } })
    .to_string()
}

pub fn pull(number: u32, action: &str, head: &str, updated_at: &str) -> String {
    json!({ "action": action, "number": number, "repository": { "id": AT_GITHUB }, "pull_request": {
        "number": number, "title": "A change", "html_url": "https://github.com/code/shop/pull/1",
        "state": "open", "user": { "login": "ada", "type": "User" }, "merged": false, "updated_at": updated_at,
        "head": { "ref": "feature", "sha": head, "repo": { "id": 2 } },
        "base": { "ref": "main", "sha": "b".repeat(40), "repo": { "id": AT_GITHUB } } } })
    .to_string()
}

pub fn taken(answer: &Answer) -> (u16, bool) {
    (answer.status.as_u16(), answer.body["accepted"] == true)
}

#[test]
fn a_push_is_taken_once_and_looked_at() {
    on_both(&migrations(), |test| async {
        let mut world = world(test).await;
        let id = at_github(&world).await;
        world.events().await;
        let (hash, body) = ("a".repeat(40), push("main", &"a".repeat(40), 1_700_000_000));
        let hook = hook(id, "push", "d1");
        let answer = hook.send(&world.client, &body).await;
        assert_eq!(answer.status, StatusCode::ACCEPTED, "{}", answer.text);
        assert_eq!(answer.body, json!({ "deliveryId": "d1", "accepted": true, "jobs": [] }));
        let again = hook.send(&world.client, &body).await;
        assert_eq!(taken(&again), (200, false), "{}", again.text);
        let events = world.events().await;
        assert_eq!(events.len(), 1);
        assert_eq!((events[0].0.as_str(), &events[0].1["hash"]), ("push.received", &json!(hash)));
        let commits = world.by("viewer").get(&format!("/api/v1/commits?repositoryId={id}&branch=main")).await;
        let status = |hash: &str| {
            let all = commits.body["commits"].as_array().unwrap();
            all.iter().find(|commit| commit["hash"] == hash).map(|commit| commit["status"].clone())
        };
        assert_eq!((status(&hash), status(&"e".repeat(40))), (Some(json!("queued")), Some(json!("skipped"))));
        let told = world.by("viewer").get(&format!("/api/v1/commits/{hash}")).await;
        assert_eq!((&ok(&told)["author"], &told.body["message"]), (&json!("Ada"), &json!("made")));
        assert_eq!(told.body["authoredAt"], "2024-01-15T09:30:00Z");

        // A later push that was told of before stays the head.
        let late = Hook { delivery: "d2".to_owned(), ..self::hook(id, "push", "") };
        assert_eq!(taken(&late.send(&world.client, &push("main", &"c".repeat(40), 1_600_000_000)).await), (200, false));
        for (delivery, body) in [
            ("d3", push("unwatched", &"d".repeat(40), 1_800_000_000)),
            ("d4", push("-x", &"d".repeat(40), 1_800_000_000)),
            ("d5", push("main", &"0".repeat(40), 1_800_000_000)),
            ("d6", body.replace("\"deleted\":false", "\"deleted\":true")),
            ("d7", body.replace("refs/heads/", "refs/tags/")),
            ("d8", body.replace(&AT_GITHUB.to_string(), "5")),
        ] {
            let answer =
                Hook { delivery: delivery.to_owned(), ..self::hook(id, "push", "") }.send(&world.client, &body).await;
            assert_eq!(taken(&answer), (200, false), "{delivery}: {}", answer.text);
        }
        assert!(world.events().await.is_empty());
    });
}

#[test]
fn what_failed_for_good_is_taken_up_when_it_is_delivered_again() {
    on_both(&migrations(), |test| async {
        let mut world = world(test).await;
        let id = at_github(&world).await;
        let (hook, body) = (hook(id, "push", "d1"), push("main", &"a".repeat(40), 1_700_000_000));
        hook.send(&world.client, &body).await;
        world.events().await;
        let mut tx = world.test.store.begin(&world.system()).await.unwrap();
        tx.execute("UPDATE commits SET status = 'failed'", &[]).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(taken(&hook.send(&world.client, &body).await), (202, true));
        assert_eq!(world.events().await.len(), 1);
        assert_eq!(taken(&hook.send(&world.client, &body).await), (200, false));
    });
}

#[test]
fn nobody_speaks_for_a_repository_but_its_hook() {
    on_both(&migrations(), |test| async {
        let mut world = world(test).await;
        let id = at_github(&world).await;
        world.events().await;
        let body = push("main", &"a".repeat(40), 1_700_000_000);
        let right = sign(&Secret::new(OWN), body.as_bytes());
        let everybody = world.client.clone();
        let sent = |address: u8| everybody.from(std::net::IpAddr::from([192, 0, 2, address]));
        let hook = hook(id, "push", "d1");
        let refused = |answer: &Answer| (answer.status, answer.code().to_owned());
        let wrong = (StatusCode::UNAUTHORIZED, "INVALID_SIGNATURE".to_owned());
        assert_eq!(refused(&hook.send_with(&sent(1), &body).await), wrong, "without a signature");
        for signature in [
            sign(&Secret::new("another"), body.as_bytes()),
            sign(&Secret::new(OWN), &body.as_bytes()[1..]),
            right.replace("sha256=", "sha1="),
            right.replace("sha256=", ""),
            format!("{right}0"),
            // The one for all does not speak for a repository that has its own.
            sign(&Secret::new(OF_ALL), body.as_bytes()),
        ] {
            let answer = hook.send_with(&sent(2).with("x-hub-signature-256", &signature), &body).await;
            assert_eq!(refused(&answer), wrong, "{signature}");
        }
        // The same words in other bytes.
        let spaced = body.replace(':', ": ");
        assert_eq!(refused(&hook.send_with(&sent(3).with("x-hub-signature-256", &right), &spaced).await), wrong);
        // No such repository, or one that is connected no more.
        for path in ["/webhooks/github?repo=x", "/webhooks/github?repo=01890000-0000-7000-8000-000000000000"] {
            let hook = Hook { path: path.to_owned(), ..self::hook(id, "push", "d1") };
            assert_eq!(refused(&hook.send(&sent(4), &body).await), wrong, "{path}");
        }
        assert!(world.events().await.is_empty());
        // By what the payload names, at each of its doors.
        for (number, path) in ["/webhooks/github", "/api/webhooks/github", "/api/v1/webhooks/github"].iter().enumerate()
        {
            let body = push("main", &format!("{number}").repeat(40).replace('0', "f"), 1_700_000_000 + number as i64);
            let hook = Hook { path: (*path).to_owned(), ..self::hook(id, "push", path) };
            assert_eq!(taken(&hook.send(&sent(5), &body).await), (202, true), "{path}");
        }
        // Where the payload names it, the one for all speaks too: it is the app's.
        let all = Hook { path: "/webhooks/github".to_owned(), secret: OF_ALL, ..self::hook(id, "push", "d9") };
        assert_eq!(taken(&all.send(&sent(6), &push("main", &"9".repeat(40), 1_800_000_000)).await), (202, true));
        ok(&world.by("admin").delete(&format!("/api/v1/repositories/{id}")).await);
        assert_eq!(refused(&hook.send(&sent(7), &body).await), wrong);
    });
}

#[test]
fn only_wrong_signatures_are_counted() {
    on_both(&migrations(), |test| async {
        let world = world(test).await;
        let id = at_github(&world).await;
        let hook = hook(id, "ping", "p");
        for _ in 0..40 {
            assert_eq!(taken(&hook.send(&world.client, "{\"zen\":\"x\"}").await), (200, false));
        }
        let bad = world.client.with("x-hub-signature-256", &sign(&Secret::new("no"), b"{}"));
        for _ in 0..30 {
            assert_eq!(hook.send_with(&bad, "{}").await.status, StatusCode::UNAUTHORIZED);
        }
        let answer = hook.send_with(&bad, "{}").await;
        assert_eq!((answer.status, answer.code()), (StatusCode::TOO_MANY_REQUESTS, "RATE_LIMITED"));
        assert_eq!(taken(&hook.send(&world.client, "{\"zen\":\"x\"}").await), (200, false));
    });
}

#[test]
fn what_cannot_be_taken_is_refused_with_a_reason() {
    on_both(&migrations(), |test| async {
        let world = world(test).await;
        let id = at_github(&world).await;
        let send = async |event: &'static str, path: &str, delivery: &str, body: &str| {
            let hook = Hook { path: format!("{path}?repo={id}"), event, ..self::hook(id, "", delivery) };
            let answer = hook.send(&world.client, body).await;
            (answer.status.as_u16(), answer.code().to_owned())
        };
        let (all, pulls) = ("/webhooks/github", "/webhooks/github/pr");
        let refused = |status, code: &str| (status, code.to_owned());
        let body = push("main", &"a".repeat(40), 1);
        assert_eq!(send("star", all, "d", &body).await, refused(400, "UNSUPPORTED_EVENT"));
        assert_eq!(send("", all, "d", &body).await, refused(400, "UNSUPPORTED_EVENT"));
        for other in ["push", "ping", "installation"] {
            assert_eq!(send(other, pulls, "d", &body).await, refused(400, "UNSUPPORTED_EVENT"), "{other}");
        }
        for delivery in ["", "a b", &"x".repeat(101)] {
            assert_eq!(send("push", all, delivery, &body).await, refused(400, "VALIDATION_ERROR"), "{delivery}");
        }
        for bad in ["", "{", "[]", "{}", &body[..body.len() / 2], "{\"ref\":1}", "\u{1f980}", &"[".repeat(100_000)] {
            assert_eq!(send("push", all, "d", bad).await, refused(400, "VALIDATION_ERROR"), "{:.20}", bad);
        }
        let large = format!("{body}{}", " ".repeat(25_000_001 - body.len()));
        assert_eq!(send("push", all, "d", &large).await, refused(413, "PAYLOAD_TOO_LARGE"));
        // Larger than other bodies may be, and no larger than this one.
        assert_eq!(send("push", all, "d", &large[..25_000_000]).await.0, 202);
    });
}

#[test]
fn a_pull_request_is_known_from_its_opening_to_its_end() {
    on_both(&migrations(), |test| async {
        let mut world = world(test).await;
        let id = at_github(&world).await;
        world.events().await;
        let send = async |world: &World, delivery: &str, body: &str| {
            let path = format!("/api/v1/webhooks/github/pr?repo={id}");
            let hook = Hook { path, ..self::hook(id, "pull_request", delivery) };
            taken(&hook.send(&world.client, body).await)
        };
        let (a, c) = ("a".repeat(40), "c".repeat(40));
        assert_eq!(send(&world, "1", &pull(7, "opened", &a, "2024-01-15T10:30:00Z")).await, (202, true));
        assert_eq!(send(&world, "2", &pull(7, "labeled", &a, "2024-01-15T10:31:00Z")).await, (200, false));
        assert_eq!(send(&world, "3", &pull(7, "synchronize", &c, "2024-01-15T10:32:00Z")).await, (202, true));
        assert_eq!(send(&world, "4", &pull(7, "reopened", &a, "2024-01-15T10:30:30Z")).await, (200, false));
        let merged = pull(7, "closed", &c, "2024-01-15T10:33:00Z").replace("\"merged\":false", "\"merged\":true");
        assert_eq!(send(&world, "5", &merged).await, (202, true));
        let actions: Vec<Value> = world.events().await.into_iter().map(|(_, data)| data["action"].clone()).collect();
        let names = ["opened", "synchronized", "merged"].map(|name| json!(name));
        assert_eq!(actions.into_iter().filter(|action| !action.is_null()).collect::<Vec<_>>(), names);
    });
}

/// Where `xtask/setup.sh` puts GitHub's own examples.
fn examples() -> Vec<Value> {
    let file = "../../../tests/github/node_modules/@octokit/webhooks-examples/api.github.com/index.json";
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
    let text = std::fs::read_to_string(&path);
    let text = text.unwrap_or_else(|error| panic!("{}: {error}; run xtask/setup.sh", path.display()));
    serde_json::from_str(&text).unwrap()
}

#[test]
fn everything_that_github_sends_is_taken_or_refused_and_breaks_nothing() {
    on_both(&migrations(), |test| async {
        let world = world(test).await;
        let id = at_github(&world).await;
        let (mut all, mut accepted) = (0, 0);
        for kind in examples() {
            let event = kind["name"].as_str().unwrap().to_owned();
            for example in kind["examples"].as_array().unwrap() {
                all += 1;
                let name = format!("{event} {all}");
                let body = example.to_string();
                let secret = Secret::new(OF_ALL);
                let client = world.client.with("x-hub-signature-256", &sign(&secret, body.as_bytes()));
                let client = client.with("x-github-event", &event).with("x-github-delivery", &format!("d{all}"));
                let answer = client.send_bytes(Method::POST, "/webhooks/github", body).await;
                let known = GithubEvent::NAMES.contains(&event.as_str());
                match answer.status.as_u16() {
                    202 => accepted += 1,
                    200 => {}
                    400 => assert!(!known, "{name}: {}", answer.text),
                    _ => panic!("{name}: {} {}", answer.status, answer.text),
                }
                assert_eq!(answer.status == StatusCode::BAD_REQUEST, !known, "{name}: {}", answer.text);
            }
        }
        // GitHub's examples are mostly of one repository, which is the one that is connected here.
        assert!(all > 200 && accepted >= 3, "{accepted} of {all}, repository {id}");
    });
}

#[test]
fn a_thousand_at_once_are_all_taken_each_once() {
    on_both(&migrations(), |test| async {
        let mut world = world(test).await;
        let id = at_github(&world).await;
        world.events().await;
        let deliver = async |number: u32| {
            let began = Instant::now();
            let body = pull(number + 1, "opened", &"a".repeat(40), "2024-01-15T10:30:00Z");
            let status = hook(id, "pull_request", &format!("d{number}")).send(&world.client, &body).await.status;
            (status, began.elapsed())
        };
        let answers = futures_util::future::join_all((0..1_000).map(deliver)).await;
        let other = answers.iter().find(|(status, _)| *status != StatusCode::ACCEPTED);
        assert!(other.is_none(), "{other:?}");
        let mut times: Vec<Duration> = answers.into_iter().map(|(_, time)| time).collect();
        times.sort_unstable();
        println!("1,000 deliveries at once: p50 {:?}, p99 {:?}", times[499], times[989]);
        let sql = "SELECT COUNT(*) AS count FROM pull_requests";
        let rows: i64 = world.test.store.read().await.unwrap().get(sql, &[]).await.unwrap().get("count").unwrap();
        assert_eq!(rows, 1_000);
        let sql = "SELECT COUNT(*) AS count FROM event_outbox WHERE name = 'pull_request.updated'";
        let told: i64 = world.test.store.read().await.unwrap().get(sql, &[]).await.unwrap().get("count").unwrap();
        assert_eq!(told, 1_000);
    });
}

#[test]
fn a_delivery_is_looked_at_and_taken_again_without_a_second_effect() {
    on_both(&migrations(), |test| async {
        let mut world = world(test).await;
        let id = at_github(&world).await;
        let admin = world.by("platform admin");
        let worker = Worker::new(
            Jobs::new(world.test.store.clone()),
            module(&world.forge, Handlers::new()).handlers,
            world.test.origin.clone(),
        );
        let replay = async |delivery: &Value| {
            let path = format!("/api/v1/admin/webhook-deliveries/{}/replay", text(&delivery["id"]));
            let answer = admin.post(&path, json!({})).await;
            assert_eq!(answer.status, StatusCode::ACCEPTED, "{}", answer.text);
            let again = admin.post(&path, json!({})).await;
            assert_eq!(ok(&again)["jobId"], Value::Null, "one waits already");
            assert!(worker.drain().await.unwrap() > 0);
            ok(&admin.get(path.strip_suffix("/replay").unwrap()).await).clone()
        };
        let list = async |query: &str| {
            let answer = admin.get(&format!("/api/v1/admin/webhook-deliveries?{query}")).await;
            ok(&answer)["deliveries"].as_array().unwrap().clone()
        };
        hook(id, "push", "d1").send(&world.client, &push("main", &"a".repeat(40), 1_700_000_000)).await;
        hook(id, "push", "d2").send(&world.client, &push("release", &"b".repeat(40), 1_700_000_001)).await;
        world.events().await;
        let (queued, ignored) = (list("status=queued").await, list("provider=github&status=ignored").await);
        assert_eq!((queued.len(), ignored.len(), list("provider=gitlab").await.len()), (1, 1, 0));
        assert_eq!((&queued[0]["deliveryId"], &queued[0]["event"]), (&json!("d1"), &json!("push")));
        assert_eq!(ignored[0]["error"], "the branch is not watched");

        // What was taken is not taken twice.
        let taken = replay(&queued[0]).await;
        assert_eq!((&taken["status"], taken["jobIds"].as_array().unwrap().len()), (&json!("queued"), 1));
        assert_eq!(taken["payload"]["after"], json!("a".repeat(40)));
        assert!(world.events().await.is_empty());
        // What failed is taken up, and what was ignored is taken when it is wanted by now.
        let sql = "UPDATE repositories SET settings = $2, default_branch = 'release' WHERE id = $1";
        let mut tx = world.test.store.begin(&world.system()).await.unwrap();
        tx.execute("UPDATE commits SET status = 'failed'", &[]).await.unwrap();
        tx.execute(sql, &params![id, json!({})]).await.unwrap();
        tx.commit().await.unwrap();
        replay(&queued[0]).await;
        assert_eq!(replay(&ignored[0]).await["status"], "queued");
        let pushed: Vec<Value> = world.events().await.into_iter().map(|(_, data)| data["hash"].clone()).collect();
        assert_eq!(pushed, [json!("a".repeat(40)), json!("b".repeat(40))]);
        replay(&ignored[0]).await;
        assert!(world.events().await.is_empty());

        // Ids of the same moment have no order.
        world.test.clock.advance(Duration::from_secs(1));
        let large = format!("{}{}", push("main", &"c".repeat(40), 1_700_000_002), " ".repeat(70_000));
        hook(id, "push", "d3").send(&world.client, &large).await;
        let newest = text(&list("limit=1").await[0]["id"]);
        let answer = admin.post(&format!("/api/v1/admin/webhook-deliveries/{newest}/replay"), json!({})).await;
        assert_eq!((answer.status.as_u16(), answer.code()), (409, "INVALID_STATE_TRANSITION"), "{}", answer.text);
        let by_owner = world.by("owner").get("/api/v1/admin/webhook-deliveries").await;
        assert_eq!(by_owner.status, StatusCode::FORBIDDEN);
    });
}

#[test]
fn deliveries_are_kept_for_as_long_as_the_installation_says() {
    on_both(&migrations(), |test| async {
        let world = world(test).await;
        let id = at_github(&world).await;
        hook(id, "push", "d1").send(&world.client, &push("main", &"a".repeat(40), 1_700_000_000)).await;
        let retention = json!({ "retention": { "webhookDeliveryDays": 2 } });
        ok(&world.by("platform admin").patch("/api/v1/admin/settings", retention).await);
        let jobs = Jobs::new(world.test.store.clone());
        let made = module(&world.forge, Handlers::new());
        let worker = Worker::new(jobs.clone(), made.handlers, world.test.origin.clone());
        let left_after = async |hours: u64| {
            world.test.clock.advance(Duration::from_secs(hours * 3_600));
            let mut tx = world.test.store.begin(&world.test.origin).await.unwrap();
            let schedule = made.schedules.iter().find(|schedule| schedule.name == "deliveries.retention").unwrap();
            schedule.run(&jobs, &mut tx).await.unwrap();
            tx.commit().await.unwrap();
            worker.drain().await.unwrap();
            let sql = "SELECT COUNT(*) AS count FROM webhook_deliveries";
            world.test.store.read().await.unwrap().get(sql, &[]).await.unwrap().get::<i64>("count").unwrap()
        };
        assert_eq!((left_after(47).await, left_after(2).await), (1, 0));
    });
}
