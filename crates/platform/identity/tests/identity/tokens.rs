//! API tokens.

use std::time::Duration;

use axum::http::StatusCode;
use rampart_testkit::{Answer, Client, on_both};
use serde_json::{Value, json};

use crate::office::*;

const TOKENS: &str = "/api/v1/users/me/tokens";
const ME: &str = "/api/v1/auth/me";

impl Office {
    async fn token(&self, of: &Client, body: Value) -> (Client, Answer) {
        let made = of.post(TOKENS, body).await;
        assert_eq!(made.status, StatusCode::CREATED, "{}", made.text);
        (self.client.bearer(made.body["token"].as_str().unwrap()), made)
    }
}

#[test]
fn a_token_may_what_it_was_made_for_and_no_more_than_its_user() {
    on_both(&migrations(), async |test| {
        let office = office(test, &[]);
        let admin = office.admin().await;
        let owner = office.person(&admin, "owner").await;
        let viewer = office.member(&owner, "viewer", "viewer").await;
        let rename = async |client: &Client| client.patch(&owner.path(""), json!({ "name": "Renamed" })).await;

        let (reads, _) = office.token(&owner.client, json!({ "name": "ci", "scopes": ["read"] })).await;
        assert_eq!(reads.get(&owner.path("")).await.status, StatusCode::OK);
        refused(&rename(&reads).await, 403, "TOKEN_SCOPE_INSUFFICIENT");
        let (whole, _) =
            office.token(&owner.client, json!({ "name": "ci", "scopes": ["admin", "read", "admin"] })).await;
        succeeded(&rename(&whole).await);
        // A scope gives nothing that the user does not have.
        let (high, _) = office.token(&viewer.client, json!({ "name": "ci", "scopes": ["admin"] })).await;
        refused(&rename(&high).await, 403, "FORBIDDEN");
        refused(&high.post("/api/v1/admin/invitations", json!({ "role": "user" })).await, 403, "FORBIDDEN");
        let (low, _) = office.token(&admin, json!({ "name": "ci", "scopes": ["write"] })).await;
        let invite = low.post("/api/v1/admin/invitations", json!({ "role": "user" })).await;
        refused(&invite, 403, "TOKEN_SCOPE_INSUFFICIENT");
        // Each is told what it may do.
        let may = async |client: &Client| client.get(ME).await.body["permissions"].clone();
        let all = json!([
            "members.manage",
            "security.manage",
            "workspace.leave",
            "workspace.manage",
            "workspace.own",
            "workspace.read"
        ]);
        assert_eq!((may(&owner.client).await, may(&whole).await), (all.clone(), all));
        assert_eq!(may(&viewer.client).await, json!(["workspace.leave", "workspace.read"]));
        assert_eq!(may(&reads).await, json!(["workspace.read"]));
        // What is for people who are present is for no token.
        for client in [&reads, &whole] {
            refused(&client.post(TOKENS, json!({ "name": "more", "scopes": ["read"] })).await, 403, "FORBIDDEN");
            refused(&client.get(TOKENS).await, 403, "FORBIDDEN");
            refused(&client.post("/api/v1/workspaces", json!({ "name": "Another" })).await, 403, "FORBIDDEN");
        }
        let without = json!({ "name": "ci", "scopes": [] });
        refused(&owner.client.post(TOKENS, without).await, 400, "VALIDATION_ERROR");
    });
}

#[test]
fn a_token_is_of_one_workspace() {
    on_both(&migrations(), async |test| {
        let office = office(test, &[]);
        let admin = office.admin().await;
        let ada = office.person(&admin, "ada").await;
        let other = office.person(&admin, "other").await;
        let second = succeeded(&ada.client.post("/api/v1/workspaces", json!({ "name": "Second" })).await)["id"].clone();
        let body = |workspace: &Value| json!({ "name": "ci", "scopes": ["admin"], "workspaceId": workspace });
        let (token, _) = office.token(&ada.client, body(&second)).await;
        assert_eq!(token.get(ME).await.body["currentWorkspace"]["id"], second);
        refused(&token.get(&ada.path("")).await, 404, "NOT_FOUND");
        let elsewhere = token.with("x-workspace-id", &ada.workspace);
        assert_eq!(elsewhere.get(ME).await.body["currentWorkspace"], Value::Null);
        refused(&ada.client.post(TOKENS, body(&json!(other.workspace))).await, 404, "NOT_FOUND");
        let nowhere = json!("0192f0c1-7b5a-7cc3-98b0-2f4d5c6a7b8c");
        refused(&ada.client.post(TOKENS, body(&nowhere)).await, 404, "NOT_FOUND");
    });
}

#[test]
fn a_token_is_shown_once_and_ends() {
    on_both(&migrations(), async |test| {
        let office = office(test, &[]);
        let admin = office.admin().await;
        let ada = office.person(&admin, "ada").await;
        let other = office.person(&admin, "other").await;
        let (token, made) =
            office.token(&ada.client, json!({ "name": "ci", "scopes": ["read"], "expiresInDays": 2 })).await;
        let text = made.body["token"].as_str().unwrap();
        assert!(text.starts_with("rmp_") && text.starts_with(made.body["apiToken"]["prefix"].as_str().unwrap()));
        let list = ada.client.get(TOKENS).await;
        assert!(!list.text.contains(text) && list.body["total"] == 1, "{}", list.text);
        let mut reader = office.test.store.read().await.unwrap();
        let row = reader.get("SELECT token_hash FROM api_tokens LIMIT 1", &[]).await.unwrap();
        assert!(!text.contains(&row.get::<String>("token_hash").unwrap()));
        drop(reader);
        // In a cookie it is nothing.
        let cookie = office.client.with("cookie", &format!("rampart_session={text}"));
        refused(&cookie.get(ME).await, 401, "TOKEN_INVALID");
        refused(&office.client.bearer("rmp_guess").get(ME).await, 401, "TOKEN_INVALID");
        refused(&office.client.bearer(&text.to_uppercase()).get(ME).await, 401, "TOKEN_INVALID");

        let id = made.body["apiToken"]["id"].as_str().unwrap();
        refused(&other.client.delete(&format!("{TOKENS}/{id}")).await, 404, "NOT_FOUND");
        let (short, _) =
            office.token(&ada.client, json!({ "name": "short", "scopes": ["read"], "expiresInDays": 1 })).await;
        succeeded(&ada.client.delete(&format!("{TOKENS}/{id}")).await);
        refused(&token.get(ME).await, 401, "TOKEN_REVOKED");
        assert_eq!(short.get(ME).await.status, StatusCode::OK);
        office.test.clock.advance(Duration::from_secs(86_400));
        refused(&short.get(ME).await, 401, "TOKEN_EXPIRED");
        office.test.clock.advance(Duration::from_secs(32 * 86_400));
        assert_eq!(office.identity.clean_tokens(&office.test.origin).await.unwrap(), 2);
    });
}

#[test]
fn a_token_goes_with_its_user_and_does_not_come_back() {
    on_both(&migrations(), async |test| {
        let office = office(test, &[]);
        let admin = office.admin().await;
        let owner = office.person(&admin, "owner").await;
        let guest = office.person(&admin, "guest").await;
        let enter = async || {
            let invited = owner.client.post(&owner.path("/invitations"), json!({ "role": "member" })).await;
            let code = json!({ "code": succeeded(&invited)["code"] });
            succeeded(&guest.client.post("/api/v1/invitations/accept", code).await);
        };
        enter().await;
        let (token, _) = office
            .token(&guest.client, json!({ "name": "ci", "scopes": ["read"], "workspaceId": owner.workspace }))
            .await;
        assert_eq!(token.get(&owner.path("")).await.status, StatusCode::OK);
        succeeded(&owner.client.delete(&owner.path(&format!("/members/{}", guest.id))).await);
        refused(&token.get(&owner.path("")).await, 401, "TOKEN_REVOKED");
        enter().await;
        refused(&token.get(&owner.path("")).await, 401, "TOKEN_REVOKED");
    });
}

#[test]
fn the_last_use_is_written_once_a_minute() {
    on_both(&migrations(), async |test| {
        let office = office(test, &[]);
        let admin = office.admin().await;
        let ada = office.person(&admin, "ada").await;
        let (token, _) = office.token(&ada.client, json!({ "name": "ci", "scopes": ["read"] })).await;
        let last = async || ada.client.get(TOKENS).await.body["tokens"][0]["lastUsedAt"].clone();
        assert_eq!(last().await, Value::Null);
        token.get(ME).await;
        let first = last().await;
        office.test.clock.advance(Duration::from_secs(60));
        token.get(ME).await;
        assert_eq!(last().await, first);
        office.test.clock.advance(Duration::from_secs(1));
        token.get(ME).await;
        assert_ne!(last().await, first);
    });
}

#[test]
fn nobody_has_tokens_without_end() {
    on_both(&migrations(), async |test| {
        let office = office(test, &[]);
        let admin = office.admin().await;
        for number in 0..100 {
            office.token(&admin, json!({ "name": format!("{number}"), "scopes": ["read"] })).await;
        }
        refused(&admin.post(TOKENS, json!({ "name": "more", "scopes": ["read"] })).await, 409, "CONFLICT");
    });
}
