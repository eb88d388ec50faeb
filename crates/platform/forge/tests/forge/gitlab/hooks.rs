//! What hooks of GitLab tell: whose token, which events, how often.

use super::*;

#[test]
fn nobody_speaks_for_a_project_but_its_hook() {
    on_both(&migrations(), |test| async {
        let mut stage = stage(test, &[]).await;
        let id = stage.connected().await.id();
        stage.world.events().await;
        let (own, path) = (stage.token(), format!("/webhooks/gitlab?repo={id}"));
        let everybody = stage.world.client.clone();
        let body = push(&"a".repeat(40));
        let send = async |address: u8, path: &str, headers: &[(&'static str, &str)], body: &str| {
            let mut client = everybody.from(std::net::IpAddr::from([192, 0, 2, address]));
            for (name, value) in headers {
                client = client.with(name, value);
            }
            let answer = client.send_bytes(Method::POST, path, body.to_owned()).await;
            (answer.status.as_u16(), answer.code().to_owned())
        };
        let wrong = (401, "INVALID_SIGNATURE".to_owned());
        let event = ("x-gitlab-event", "Push Hook");
        assert_eq!(send(1, &path, &[event], &body).await, wrong, "without a token");
        for token in ["another", &own[1..], &own.to_uppercase(), OF_ALL] {
            assert_eq!(send(2, &path, &[event, ("x-gitlab-token", token)], &body).await, wrong, "{token}");
        }
        // The token of one hook does not speak for another project.
        let other = body.replace("42", "43");
        assert_eq!(taken(&stage.told(&path, &[event, ("x-gitlab-token", &own)], &other).await), (200, false));
        assert!(stage.world.events().await.is_empty());
        // A system hook says which project it is about.
        let system = [("x-gitlab-event", "System Hook"), ("x-gitlab-token", OF_ALL)];
        assert_eq!(taken(&stage.told("/webhooks/gitlab", &system, &body).await), (202, true));
        let created = json!({ "event_name": "user_create", "username": "bo" }).to_string();
        assert_eq!(taken(&stage.told("/webhooks/gitlab", &system, &created).await), (200, false));
        let request = stage.request(&"c".repeat(40), &"b".repeat(40)).told(42, "open", None).to_string();
        assert_eq!(taken(&stage.told("/api/v1/webhooks/gitlab", &system, &request).await), (202, true));
        let names: Vec<_> = stage.world.events().await.into_iter().map(|(name, _)| name).collect();
        assert_eq!(names, ["push.received", "pull_request.updated", "pr.opened"]);
        // What is not listened to, and what cannot be read.
        let unlistened = [("x-gitlab-event", "Pipeline Hook"), ("x-gitlab-token", own.as_str())];
        assert_eq!(send(3, &path, &unlistened, "{}").await, (400, "UNSUPPORTED_EVENT".to_owned()));
        for bad in ["", "{", "[]", "{}", "{\"ref\":1}", &"[".repeat(100_000)] {
            let found = send(4, &path, &[event, ("x-gitlab-token", &own)], bad).await;
            assert_eq!(found, (400, "VALIDATION_ERROR".to_owned()), "{bad:.20}");
        }
        ok(&stage.world.by("admin").delete(&format!("/api/v1/repositories/{id}")).await);
        assert_eq!(send(5, &path, &[event, ("x-gitlab-token", &own)], &body).await, wrong);
    });
}

#[test]
fn what_is_told_again_is_taken_once() {
    on_both(&migrations(), |test| async {
        let mut stage = stage(test, &[]).await;
        let id = stage.connected().await.id();
        stage.world.events().await;
        let (own, path) = (stage.token(), format!("/webhooks/gitlab?repo={id}"));
        let send = async |event: &str, name: Option<&str>, body: &str| {
            let mut headers = vec![("x-gitlab-event", event), ("x-gitlab-token", own.as_str())];
            // The same for all that one thing leads to.
            headers.push(("x-gitlab-event-uuid", "13792a34-cac6-4fda-95a8-c58e00a3954e"));
            headers.extend(name.map(|name| ("idempotency-key", name)));
            taken(&stage.told(&path, &headers, body).await)
        };
        assert_eq!(send("Push Hook", Some("one"), &push(&"a".repeat(40))).await, (202, true));
        assert_eq!(send("Push Hook", Some("one"), &push(&"b".repeat(40))).await, (200, false));
        // Older ones give no names: the same bytes are the same.
        let opened = stage.request(&"c".repeat(40), &"b".repeat(40));
        let body = opened.told(42, "open", None).to_string();
        assert_eq!(
            (send("Merge Request Hook", None, &body).await, send("Merge Request Hook", None, &body).await),
            ((202, true), (200, false))
        );
        let note = |id: u64, author: &str, text: &str| {
            json!({ "object_kind": "note", "user": { "id": 9, "username": author }, "project_id": 42, "project": { "id": 42 },
                "object_attributes": { "id": id, "note": text, "author_id": 9, "noteable_type": "MergeRequest",
                    "system": false, "action": "create" }, "merge_request": { "iid": 7 } })
            .to_string()
        };
        for (body, expected) in [
            (note(1, "bo", "hello"), (202, true)),
            (note(1, "bo", "hello"), (200, false)),
            (note(2, "bo", "<!-- rampart:summary -->"), (202, true)),
            (note(3, "project_42_bot_0a1b", "<!-- rampart:summary -->"), (202, true)),
            (note(4, "bo", "hello").replace("\"iid\":7", "\"iid\":8"), (200, false)),
            (note(5, "bo", "hello").replace("\"create\"", "\"update\""), (200, false)),
        ] {
            assert_eq!(send("Note Hook", None, &body).await, expected, "{body}");
        }
        let told: Vec<_> = stage.world.events().await.into_iter().map(|(_, data)| data).collect();
        let comments: Vec<_> = told.iter().filter(|data| data["externalId"].is_string()).collect();
        let said: Vec<_> = comments
            .iter()
            .map(|it| (it["externalId"].as_str(), it["byOwnAccount"].as_bool(), it["byBot"].as_bool()))
            .collect();
        let (no, yes) = (Some(false), Some(true));
        assert_eq!(said, [(Some("1"), no, no), (Some("2"), no, no), (Some("3"), yes, yes)]);
    });
}
