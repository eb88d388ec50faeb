//! Who administers the installation, and the workspaces and accounts of others.

use axum::http::StatusCode;
use rampart_testkit::{Client, on_both};
use serde_json::{Value, json};

use crate::office::*;

fn names(body: &Value) -> Vec<&str> {
    body["workspaces"].as_array().unwrap().iter().map(|it| it["name"].as_str().unwrap()).collect()
}

async fn audited(admin: &Office, action: &str) -> i64 {
    let sql = "SELECT COUNT(*) AS count FROM audit_logs WHERE action = $1";
    let mut reader = admin.test.store.read().await.unwrap();
    reader.get(sql, &rampart_store::params![action]).await.unwrap().get("count").unwrap()
}

#[test]
fn workspaces_are_found_by_name_tier_and_state() {
    on_both(&migrations(), async |test| {
        let office = office(test, &[]);
        let admin = office.admin().await;
        let ada = office.person(&admin, "ada").await;
        let path = format!("/api/v1/admin{}", ada.path("").strip_prefix("/api/v1").unwrap());
        office.member(&ada, "viewer", "viewer").await;
        succeeded(&ada.client.patch(&ada.path(""), json!({ "name": "Blue 100%" })).await);
        let list = async |query: &str| admin.get(&format!("/api/v1/admin/workspaces?{query}")).await;

        let found = list("q=100%25").await;
        assert_eq!(names(succeeded(&found)), ["Blue 100%"], "a text, not a pattern");
        let one = &found.body["workspaces"][0];
        assert_eq!((&one["memberCount"], &one["ownerEmail"]), (&json!(2), &json!("ada@example.com")), "{one}");
        assert_eq!(list("limit=1").await.body["total"], 2);
        assert_eq!(names(&list("suspended=true").await.body), Vec::<&str>::new());
        let changed = admin.patch(&path, json!({ "tier": "free", "suspended": true })).await;
        assert_eq!((&succeeded(&changed)["tier"], &changed.body["suspended"]), (&json!("free"), &json!(true)));
        assert_eq!(names(&list("suspended=true&tier=free").await.body), ["Blue 100%"]);
        assert_eq!(audited(&office, "workspace.administered").await, 1);
        succeeded(&admin.patch(&path, json!({ "tier": "free" })).await);
        assert_eq!(audited(&office, "workspace.administered").await, 1, "nothing has changed");

        refused(&ada.client.get("/api/v1/admin/workspaces").await, 403, "FORBIDDEN");
        refused(&ada.client.patch(&path, json!({ "suspended": false })).await, 403, "FORBIDDEN");
        refused(&admin.patch(&path, json!({ "tier": "gold" })).await, 400, "VALIDATION_ERROR");
        let none = format!("/api/v1/admin/workspaces/{}", office.test.origin.new_id::<rampart_kernel::WorkspaceId>());
        refused(&admin.patch(&none, json!({ "suspended": true })).await, 404, "NOT_FOUND");
    });
}

#[test]
fn a_suspended_workspace_lets_nobody_in_but_who_suspended_it() {
    on_both(&migrations(), async |test| {
        let office = office(test, &[]);
        let admin = office.admin().await;
        let ada = office.person(&admin, "ada").await;
        let token = json!({ "name": "ci", "scopes": ["read"], "workspaceId": ada.workspace });
        let token = succeeded(&ada.client.post("/api/v1/users/me/tokens", token).await)["token"].clone();
        let by_token = office.client.bearer(token.as_str().unwrap());
        let set = async |suspended: bool| {
            let path = format!("/api/v1/admin/workspaces/{}", ada.workspace);
            succeeded(&admin.patch(&path, json!({ "suspended": suspended })).await).clone()
        };
        set(true).await;
        for client in [&ada.client, &by_token] {
            let answer = client.get(&ada.path("")).await;
            refused(&answer, 403, "FORBIDDEN");
            assert!(answer.body["error"].as_str().unwrap().contains("suspended"), "{}", answer.text);
        }
        // What is their own stays open to them, and the workspace to who administers the installation.
        succeeded(&ada.client.get("/api/v1/auth/me").await);
        succeeded(&admin.get(&ada.path("")).await);
        set(false).await;
        succeeded(&ada.client.get(&ada.path("")).await);
        succeeded(&by_token.get(&ada.path("")).await);
    });
}

#[test]
fn somebody_elses_account_is_ended_at_once_and_stays_in_the_record() {
    on_both(&migrations(), async |test| {
        let office = office(test, &[]);
        let admin = office.admin().await;
        let ada = office.person(&admin, "ada").await;
        let token = json!({ "name": "ci", "scopes": ["read"], "workspaceId": ada.workspace });
        let token = succeeded(&ada.client.post("/api/v1/users/me/tokens", token).await)["token"].clone();
        let by_token = office.client.bearer(token.as_str().unwrap());
        let path = |id: &str| format!("/api/v1/admin/users/{id}");
        let heir = office.member(&ada, "member", "heir").await;
        // Others would be left without an owner.
        refused(&admin.delete(&path(&ada.id)).await, 409, "LAST_OWNER");
        let owner = json!({ "role": "owner" });
        succeeded(&ada.client.patch(&ada.path(&format!("/members/{}", heir.id)), owner).await);

        refused(&heir.client.delete(&path(&ada.id)).await, 403, "FORBIDDEN");
        succeeded(&admin.delete(&path(&ada.id)).await);
        let out = async |client: &Client| client.get("/api/v1/auth/me").await.status;
        assert_eq!(
            (out(&ada.client).await, out(&by_token).await),
            (StatusCode::UNAUTHORIZED, StatusCode::UNAUTHORIZED)
        );
        assert_eq!(heir.client.get(&ada.path("")).await.body["ownerId"], json!(heir.id), "who stays answers for it");
        let ours = format!("/api/v1/admin/workspaces/{}", ada.workspace);
        assert_eq!(succeeded(&admin.patch(&ours, json!({})).await)["ownerEmail"], "heir@example.com");
        refused(&office.log_in("ada@example.com").await, 401, "INVALID_CREDENTIALS");
        refused(&admin.delete(&path(&ada.id)).await, 404, "NOT_FOUND");
        let sql = "SELECT COUNT(*) AS count FROM audit_logs WHERE user_id = $1";
        let user: rampart_kernel::UserId = ada.id.parse().unwrap();
        let mut reader = office.test.store.read().await.unwrap();
        let count: i64 = reader.get(sql, &rampart_store::params![user]).await.unwrap().get("count").unwrap();
        assert!(count > 0, "what they did is still known");
        drop(reader);

        // One's own is ended elsewhere, with the password.
        let own = admin.get("/api/v1/auth/me").await.body["id"].clone();
        refused(&admin.delete(&path(own.as_str().unwrap())).await, 409, "CONFLICT");
    });
}
