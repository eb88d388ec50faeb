//! Deliveries that wait together are taken together, and none of them pays for another.

use std::time::Duration;

use rampart_forge::RepositoryId;
use rampart_store::params;
use rampart_testkit::on_both;
use serde_json::{Value, json};

use crate::webhooks::{AT_GITHUB, at_github, hook, pull, push, taken};
use crate::world::{World, migrations, world};

fn hash(number: u32) -> String {
    format!("{number:040x}")
}

/// Sends deliveries while the repository is held by somebody else, so that all but the first wait for one another; the answers.
async fn together(world: &World, id: RepositoryId, deliveries: &[(&'static str, &str, String)]) -> Vec<(u16, bool)> {
    let mut holding = world.test.store.begin(&world.system()).await.unwrap();
    holding.execute("UPDATE repositories SET updated_at = updated_at WHERE id = $1", &params![id]).await.unwrap();
    let sent = deliveries.iter().map(|(event, name, body)| {
        let (client, hook, body) = (world.client.clone(), hook(id, event, name), body.clone());
        tokio::spawn(async move { taken(&hook.send(&client, &body).await) })
    });
    let sent: Vec<_> = sent.collect();
    tokio::time::sleep(Duration::from_millis(300)).await;
    holding.commit().await.unwrap();
    let mut answers = Vec::new();
    for one in sent {
        answers.push(one.await.unwrap());
    }
    answers
}

fn hashes(events: &[(String, Value)]) -> Vec<&str> {
    events.iter().filter(|(name, _)| name == "push.received").map(|(_, data)| data["hash"].as_str().unwrap()).collect()
}

#[test]
fn one_that_cannot_be_taken_is_refused_alone() {
    on_both(&migrations(), |test| async {
        let mut world = world(test).await;
        let id = at_github(&world).await;
        // The database takes no two commits of one pusher, and so no push of theirs.
        let mut tx = world.test.store.begin(&world.system()).await.unwrap();
        tx.execute("CREATE UNIQUE INDEX once ON commits ((CASE WHEN pusher = 'bad' THEN 1 END))", &[]).await.unwrap();
        tx.commit().await.unwrap();
        world.events().await;
        let body = |number| {
            let good = push("main", &hash(number), i64::from(number));
            let bad = || good.replace("\"pusher\":{\"name\":\"ada\"}", "\"pusher\":{\"name\":\"bad\"}");
            if number == 5 { bad().replace(&"e".repeat(40), &"f".repeat(40)) } else { good }
        };
        let names: Vec<String> = (2..10).map(|number| format!("d{number}")).collect();
        let all: Vec<(&'static str, &str, String)> =
            (2..10).map(|number| ("push", names[number as usize - 2].as_str(), body(number))).collect();
        let answers = together(&world, id, &all).await;
        assert!(answers[3].0 >= 400, "{answers:?}");
        let rest = answers.iter().enumerate().filter(|(index, _)| *index != 3);
        // What was pushed before what is known is no news, in whichever order they came.
        assert!(rest.clone().all(|(_, answer)| matches!(answer.0, 200 | 202)), "{answers:?}");
        let accepted = rest.filter(|(_, answer)| answer.1).count();
        assert_eq!(hashes(&world.events().await).len(), accepted);
    });
}

#[test]
fn one_that_comes_twice_in_a_group_is_one() {
    on_both(&migrations(), |test| async {
        let mut world = world(test).await;
        let id = at_github(&world).await;
        world.events().await;
        let opened = ("pull_request", "opened", pull(7, "opened", &hash(2), "2024-01-15T10:30:00Z"));
        assert_eq!(together(&world, id, &[opened]).await, [(202, true)]);
        world.events().await;
        let pushed = ("push", "pushed", push("main", &hash(1), 1));
        let comment = json!({ "action": "created", "issue": { "number": 7, "pull_request": {} },
            "comment": { "id": 1, "body": "said", "user": { "login": "bo", "type": "User" } },
            "repository": { "id": AT_GITHUB } });
        let said = ("issue_comment", "said", comment.to_string());
        let sent = [pushed.clone(), said.clone(), pushed.clone(), said.clone(), said, pushed];
        let answers = together(&world, id, &sent).await;
        let accepted = |of: &[usize]| of.iter().filter(|index| answers[**index] == (202, true)).count();
        assert_eq!((accepted(&[0, 2, 5]), accepted(&[1, 3, 4])), (1, 1), "{answers:?}");
        assert!(answers.iter().all(|(status, _)| matches!(status, 200 | 202)), "{answers:?}");
        let events = world.events().await;
        assert_eq!(hashes(&events), [hash(1)]);
        assert_eq!(events.len(), 2, "the push and the comment: {events:?}");
        let mut reader = world.test.store.read().await.unwrap();
        let rows = reader.get("SELECT COUNT(*) AS count FROM webhook_deliveries", &[]).await.unwrap();
        assert_eq!(rows.get::<i64>("count").unwrap(), 3);
    });
}

#[test]
fn pushes_of_a_group_move_a_branch_one_after_the_other() {
    on_both(&migrations(), |test| async {
        let mut world = world(test).await;
        let id = at_github(&world).await;
        world.events().await;
        let names: Vec<String> = (1..=16).map(|number| format!("d{number}")).collect();
        // Each names its own commit twice, and all name one that is common to them.
        let all: Vec<(&'static str, &str, String)> = (1..=16)
            .map(|number| ("push", names[number as usize - 1].as_str(), push("main", &hash(number), i64::from(number))))
            .collect();
        let answers = together(&world, id, &all).await;
        assert!(answers.iter().all(|(status, _)| matches!(status, 200 | 202)), "{answers:?}");
        let events = world.events().await;
        let told = hashes(&events);
        assert_eq!(told.len(), answers.iter().filter(|answer| answer.1).count());
        assert!(told.is_sorted() && told.last() == Some(&hash(16).as_str()), "a branch never goes back: {told:?}");
        let mut reader = world.test.store.read().await.unwrap();
        let sql = "SELECT head FROM repository_branches WHERE repository_id = $1 AND name = 'main'";
        assert_eq!(reader.get(sql, &params![id]).await.unwrap().get::<String>("head").unwrap(), hash(16));
        let sql =
            "SELECT hash, status FROM commits WHERE repository_id = $1 AND hash LIKE '00%' ORDER BY hash LIMIT 100";
        let rows = reader.list(sql, &params![id]).await.unwrap();
        let queued: Vec<String> = rows
            .iter()
            .filter(|row| row.get::<String>("status").unwrap() == "queued")
            .map(|row| row.get("hash").unwrap())
            .collect();
        assert_eq!((rows.len(), queued.iter().map(String::as_str).collect::<Vec<_>>()), (16, told));
        let sql = "SELECT delivery_id FROM webhook_deliveries WHERE status = 'ignored' AND error = 'something later is known'";
        let late = reader.list(&format!("{sql} ORDER BY delivery_id LIMIT 100"), &[]).await.unwrap();
        assert_eq!(late.len(), answers.iter().filter(|answer| !answer.1).count());
    });
}
