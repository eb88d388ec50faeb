//! Workspaces and their members.

use std::time::Duration;

use axum::http::{Method, StatusCode};
use rampart_testkit::{Answer, on_both};
use serde_json::{Value, json};

use crate::office::*;

fn roles(answer: &Answer) -> Vec<(&str, &str)> {
    let members = answer.body["members"].as_array().unwrap();
    let mut roles: Vec<_> =
        members.iter().map(|it| (it["email"].as_str().unwrap(), it["role"].as_str().unwrap())).collect();
    roles.sort_unstable();
    roles
}

#[test]
fn a_workspace_is_made_changed_and_deleted() {
    on_both(&migrations(), async |test| {
        let office = office(test, &[]);
        let admin = office.admin().await;
        let ada = office.person(&admin, "ada").await;
        let made = ada.client.post("/api/v1/workspaces", json!({ "name": "Blue & Co." })).await;
        assert_eq!((made.status, &made.body["slug"]), (StatusCode::CREATED, &json!("blue-co")), "{}", made.text);
        assert_eq!((&made.body["role"], &made.body["memberCount"]), (&json!("owner"), &json!(1)));
        let path = format!("/api/v1/workspaces/{}", made.body["id"].as_str().unwrap());
        // The same name again gets another slug; a slug that is asked for and taken is refused.
        let again = ada.client.post("/api/v1/workspaces", json!({ "name": "Blue & Co." })).await;
        assert!(succeeded(&again)["slug"].as_str().unwrap().starts_with("blue-co-"), "{}", again.text);
        let taken = json!({ "name": "Other", "slug": "blue-co" });
        refused(&ada.client.post("/api/v1/workspaces", taken).await, 409, "CONFLICT");
        refused(&ada.client.patch(&path, json!({ "slug": "Not One" })).await, 400, "VALIDATION_ERROR");

        let change = json!({ "name": "Green", "settings": { "theme": "dark", "pinned_ids": [1] } });
        let changed = ada.client.patch(&path, change.clone()).await;
        assert_eq!(succeeded(&changed)["settings"], change["settings"], "kept as it is");
        assert_eq!(ada.client.get(&path).await.body["name"], "Green");
        let list = ada.client.get("/api/v1/workspaces?limit=2").await;
        assert_eq!((&list.body["total"], list.body["workspaces"].as_array().unwrap().len()), (&json!(3), 2));
        refused(&ada.client.get("/api/v1/workspaces?limit=0").await, 400, "VALIDATION_ERROR");
        refused(&ada.client.get("/api/v1/workspaces?more=1").await, 400, "VALIDATION_ERROR");

        let delete =
            async |confirm: &str| ada.client.send(Method::DELETE, &path, Some(json!({ "confirm": confirm }))).await;
        refused(&delete("green").await, 400, "VALIDATION_ERROR");
        succeeded(&delete("blue-co").await);
        refused(&ada.client.get(&path).await, 404, "NOT_FOUND");
        refused(&admin.get(&path).await, 404, "NOT_FOUND");
        assert_eq!(ada.client.get("/api/v1/workspaces").await.body["total"], 2);
        // Its rows stay for thirty days, and go then.
        assert_eq!(office.identity.purge_workspaces(&office.test.origin).await.unwrap(), 0);
        office.test.clock.advance(Duration::from_secs(31 * 86_400));
        assert_eq!(office.identity.purge_workspaces(&office.test.origin).await.unwrap(), 1);
        assert_eq!(office.identity.purge_workspaces(&office.test.origin).await.unwrap(), 0);
        assert_eq!(office.audit.verify(&office.test.store, None, &[]).await.unwrap().broken, []);
    });
}

#[test]
fn who_loses_the_usual_workspace_gets_another() {
    on_both(&migrations(), async |test| {
        let office = office(test, &[]);
        let admin = office.admin().await;
        let ada = office.person(&admin, "ada").await;
        let second = succeeded(&ada.client.post("/api/v1/workspaces", json!({ "name": "Second" })).await)["id"].clone();
        let slug = ada.client.get(&ada.path("")).await.body["slug"].clone();
        succeeded(&ada.client.send(Method::DELETE, &ada.path(""), Some(json!({ "confirm": slug }))).await);
        let me = ada.client.get("/api/v1/auth/me").await;
        assert_eq!((&me.body["defaultWorkspaceId"], &me.body["currentWorkspace"]["id"]), (&second, &second));
    });
}

#[test]
fn roles_change_what_running_sessions_may_at_once() {
    on_both(&migrations(), async |test| {
        let office = office(test, &[]);
        let admin = office.admin().await;
        let owner = office.person(&admin, "owner").await;
        let member = office.member(&owner, "member", "member").await;
        let rename = async |name: &str| member.client.patch(&owner.path(""), json!({ "name": name })).await;
        let path = owner.path(&format!("/members/{}", member.id));
        refused(&rename("Mine").await, 403, "FORBIDDEN");
        let raised = owner.client.patch(&path, json!({ "role": "admin" })).await;
        assert_eq!(succeeded(&raised)["role"], "admin");
        succeeded(&rename("Mine").await);
        succeeded(&owner.client.patch(&path, json!({ "role": "viewer" })).await);
        refused(&rename("Again").await, 403, "FORBIDDEN");

        succeeded(&owner.client.delete(&path).await);
        refused(&member.client.get(&owner.path("")).await, 404, "NOT_FOUND");
        let me = member.client.get("/api/v1/auth/me").await;
        assert_eq!((&me.body["currentWorkspace"], &me.body["defaultWorkspaceId"]), (&Value::Null, &Value::Null));
        refused(&owner.client.delete(&path).await, 404, "NOT_FOUND");
        assert_eq!(roles(&owner.client.get(&owner.path("/members")).await), [("owner@example.com", "owner")]);
    });
}

#[test]
fn owners_are_made_and_unmade_by_owners_and_one_stays() {
    on_both(&migrations(), async |test| {
        let office = office(test, &[]);
        let admin = office.admin().await;
        let owner = office.person(&admin, "owner").await;
        let second = office.member(&owner, "admin", "second").await;
        let (own, other) =
            (owner.path(&format!("/members/{}", owner.id)), owner.path(&format!("/members/{}", second.id)));
        // The last owner neither goes nor becomes less, whoever asks.
        for client in [&owner.client, &admin] {
            refused(&client.delete(&own).await, 409, "LAST_OWNER");
            refused(&client.patch(&own, json!({ "role": "member" })).await, 409, "LAST_OWNER");
        }
        // An administrator neither makes an owner, nor of one something else, nor removes one.
        refused(&second.client.patch(&other, json!({ "role": "owner" })).await, 403, "FORBIDDEN");
        refused(&second.client.patch(&own, json!({ "role": "viewer" })).await, 403, "FORBIDDEN");
        refused(&second.client.delete(&own).await, 403, "FORBIDDEN");

        succeeded(&owner.client.patch(&other, json!({ "role": "owner" })).await);
        succeeded(&owner.client.delete(&own).await);
        let left = second.client.get(&owner.path("")).await;
        assert_eq!(left.body["ownerId"], json!(second.id), "who stays answers for it");
        refused(&second.client.delete(&other).await, 409, "LAST_OWNER");
    });
}

#[test]
fn anybody_may_leave_but_only_administrators_remove() {
    on_both(&migrations(), async |test| {
        let office = office(test, &[]);
        let admin = office.admin().await;
        let owner = office.person(&admin, "owner").await;
        let viewer = office.member(&owner, "viewer", "viewer").await;
        let other = office.member(&owner, "operator", "other").await;
        let path = |person: &Person| owner.path(&format!("/members/{}", person.id));
        refused(&viewer.client.delete(&path(&other)).await, 403, "FORBIDDEN");
        refused(&other.client.delete(&path(&viewer)).await, 403, "FORBIDDEN");
        succeeded(&viewer.client.delete(&path(&viewer)).await);
        refused(&viewer.client.get(&owner.path("/members")).await, 404, "NOT_FOUND");
    });
}

#[test]
fn members_are_found_by_role_and_by_name() {
    on_both(&migrations(), async |test| {
        let office = office(test, &[]);
        let admin = office.admin().await;
        let owner = office.person(&admin, "owner").await;
        office.member(&owner, "viewer", "per%cent").await;
        office.member(&owner, "viewer", "plain").await;
        let list = async |query: &str| owner.client.get(&owner.path(&format!("/members?{query}"))).await;
        assert_eq!(roles(&list("role=owner").await), [("owner@example.com", "owner")]);
        assert_eq!(roles(&list("q=PLAIN").await), [("plain@example.com", "viewer")]);
        assert_eq!(roles(&list("q=%25").await), [("per%cent@example.com", "viewer")], "a text, not a pattern");
        let page = list("limit=1&page=2").await;
        assert_eq!((&page.body["total"], page.body["members"].as_array().unwrap().len()), (&json!(3), 1));
        refused(&list("role=king").await, 400, "VALIDATION_ERROR");
    });
}

#[test]
fn ownership_is_handed_over() {
    on_both(&migrations(), async |test| {
        let office = office(test, &[]);
        let admin = office.admin().await;
        let owner = office.person(&admin, "owner").await;
        let heir = office.member(&owner, "member", "heir").await;
        let stranger = office.person(&admin, "stranger").await;
        let path = owner.path("/transfer-ownership");
        let transfer = |to: &Person| json!({ "userId": to.id, "password": PASSWORD });
        refused(&heir.client.post(&path, transfer(&heir)).await, 403, "FORBIDDEN");
        refused(&owner.client.post(&path, transfer(&stranger)).await, 404, "NOT_FOUND");
        let wrong = json!({ "userId": heir.id, "password": "wrong" });
        refused(&owner.client.post(&path, wrong).await, 401, "INVALID_CREDENTIALS");
        let done = owner.client.post(&path, transfer(&heir)).await;
        assert_eq!((&succeeded(&done)["ownerId"], &done.body["role"]), (&json!(heir.id), &json!("owner")));
        let members = heir.client.get(&owner.path("/members")).await;
        assert_eq!(roles(&members), [("heir@example.com", "owner"), ("owner@example.com", "admin")]);
        refused(&owner.client.post(&path, transfer(&owner)).await, 403, "FORBIDDEN");
    });
}

#[test]
fn a_request_is_for_the_workspace_it_names() {
    on_both(&migrations(), async |test| {
        let office = office(test, &[]);
        let admin = office.admin().await;
        let ada = office.person(&admin, "ada").await;
        let stranger = office.person(&admin, "stranger").await;
        let second = succeeded(&ada.client.post("/api/v1/workspaces", json!({ "name": "Second" })).await)["id"].clone();
        let current = async |header: &str| {
            ada.client.with("x-workspace-id", header).get("/api/v1/auth/me").await.body["currentWorkspace"]["id"]
                .clone()
        };
        assert_eq!(current(second.as_str().unwrap()).await, second);
        assert_eq!(current(&stranger.workspace).await, Value::Null);
        refused(&ada.client.with("x-workspace-id", "7").get("/api/v1/auth/me").await, 404, "NOT_FOUND");
        // The address wins over the header.
        let elsewhere = ada.client.with("x-workspace-id", second.as_str().unwrap()).get(&ada.path("")).await;
        assert_eq!(elsewhere.body["id"], json!(ada.workspace));
    });
}
