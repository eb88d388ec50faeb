//! Invitations: made, listed, revoked, accepted.

use std::time::Duration;

use rampart_testkit::on_both;
use serde_json::{Value, json};

use crate::office::*;

const ACCEPT: &str = "/api/v1/invitations/accept";

#[test]
fn whoever_has_an_account_accepts_and_is_in() {
    on_both(&migrations(), async |test| {
        let office = office(test, &[]);
        let admin = office.admin().await;
        let owner = office.person(&admin, "owner").await;
        let guest = office.person(&admin, "guest").await;
        let invited = owner.client.post(&owner.path("/invitations"), json!({ "role": "operator", "maxUses": 2 })).await;
        let code = succeeded(&invited)["code"].as_str().unwrap().to_owned();
        assert!(invited.body["url"].as_str().unwrap().ends_with(&code));
        let preview = office.client.get(&format!("/api/v1/invitations/{code}")).await;
        assert_eq!(
            (&succeeded(&preview)["role"], &preview.body["workspaceName"]),
            (&json!("operator"), &json!("owner"))
        );

        let accepted = guest.client.post(ACCEPT, json!({ "code": code })).await;
        assert_eq!(succeeded(&accepted)["workspace"]["id"], json!(owner.workspace));
        assert_eq!(guest.client.get(&owner.path("")).await.body["role"], "operator");
        // Once: it neither counts twice nor changes a role.
        refused(&guest.client.post(ACCEPT, json!({ "code": code })).await, 409, "CONFLICT");
        refused(&owner.client.post(ACCEPT, json!({ "code": code })).await, 409, "CONFLICT");
        assert_eq!(owner.client.get(&owner.path("")).await.body["role"], "owner");
        let list = owner.client.get(&owner.path("/invitations")).await;
        let first = &list.body["invitations"][0];
        assert_eq!((&first["uses"], &first["status"], &first["code"]), (&json!(1), &json!("active"), &Value::Null));
        refused(&office.client.post(ACCEPT, json!({ "code": code })).await, 401, "UNAUTHENTICATED");
    });
}

#[test]
fn what_an_invitation_is_not_good_for() {
    on_both(&migrations(), async |test| {
        let office = office(test, &[]);
        let admin = office.admin().await;
        let owner = office.person(&admin, "owner").await;
        let guest = office.person(&admin, "guest").await;
        let invite = async |body: Value| {
            let invited = owner.client.post(&owner.path("/invitations"), body).await;
            succeeded(&invited);
            invited.body
        };
        let accept = async |code: &Value| guest.client.post(ACCEPT, json!({ "code": code })).await;
        // Another's address; one that was revoked; one onto the installation, which would be a way to another role there.
        let others = invite(json!({ "role": "viewer", "email": "other@example.com" })).await;
        refused(&accept(&others["code"]).await, 400, "INVITATION_INVALID");
        let revoked = invite(json!({ "role": "viewer" })).await;
        let path = owner.path(&format!("/invitations/{}", revoked["invitation"]["id"].as_str().unwrap()));
        refused(&guest.client.delete(&path).await, 404, "NOT_FOUND");
        succeeded(&owner.client.delete(&path).await);
        refused(&owner.client.delete(&path).await, 404, "NOT_FOUND");
        refused(&accept(&revoked["code"]).await, 400, "INVITATION_INVALID");
        let platform = admin.post("/api/v1/admin/invitations", json!({ "role": "admin" })).await;
        refused(&accept(&platform.body["code"]).await, 400, "INVITATION_INVALID");
        assert_eq!(guest.client.get("/api/v1/auth/me").await.body["role"], "user");
        let preview = format!("/api/v1/invitations/{}", revoked["code"].as_str().unwrap());
        refused(&office.client.get(&preview).await, 400, "INVITATION_INVALID");
        refused(&office.client.get("/api/v1/invitations/guess").await, 400, "INVITATION_INVALID");

        let late = invite(json!({ "role": "viewer", "expiresInHours": 1 })).await;
        let gone = invite(json!({ "role": "viewer" })).await;
        office.test.clock.advance(Duration::from_secs(3_600));
        refused(&guest.client.post(ACCEPT, json!({ "code": late["code"] })).await, 401, "TOKEN_EXPIRED");
        let guest = office.signed_in(&guest.email).await;
        refused(&guest.post(ACCEPT, json!({ "code": late["code"] })).await, 410, "INVITATION_EXPIRED");
        let owner_again = office.signed_in(&owner.email).await;
        let slug = owner_again.get(&owner.path("")).await.body["slug"].clone();
        let deleted =
            owner_again.send(axum::http::Method::DELETE, &owner.path(""), Some(json!({ "confirm": slug }))).await;
        succeeded(&deleted);
        refused(&guest.post(ACCEPT, json!({ "code": gone["code"] })).await, 400, "INVITATION_INVALID");
    });
}

#[test]
fn who_may_not_invite_any_more_leaves_no_doors_open() {
    on_both(&migrations(), async |test| {
        let office = office(test, &[]);
        let admin = office.admin().await;
        let owner = office.person(&admin, "owner").await;
        let guest = office.person(&admin, "guest").await;
        for (name, gone) in [("removed", true), ("lowered", false)] {
            let other = office.member(&owner, "admin", name).await;
            let invited = other.client.post(&owner.path("/invitations"), json!({ "role": "admin" })).await;
            let code = succeeded(&invited)["code"].clone();
            let path = owner.path(&format!("/members/{}", other.id));
            succeeded(&if gone {
                owner.client.delete(&path).await
            } else {
                owner.client.patch(&path, json!({ "role": "operator" })).await
            });
            refused(&guest.client.post(ACCEPT, json!({ "code": code })).await, 400, "INVITATION_INVALID");
        }
    });
}

#[test]
fn invitations_onto_the_installation_are_listed_and_revoked() {
    on_both(&migrations(), async |test| {
        let office = office(test, &[]);
        let admin = office.admin().await;
        let owner = office.person(&admin, "owner").await;
        let into_workspace = owner.client.post(&owner.path("/invitations"), json!({ "role": "viewer" })).await;
        office.test.clock.advance(Duration::from_secs(1));
        let into_workspace = succeeded(&into_workspace)["invitation"]["id"].as_str().unwrap().to_owned();
        let invited = admin.post("/api/v1/admin/invitations", json!({ "role": "user" })).await;
        let id = succeeded(&invited)["invitation"]["id"].as_str().unwrap().to_owned();
        let list = admin.get("/api/v1/admin/invitations?limit=1").await;
        assert_eq!((&list.body["invitations"][0]["id"], &list.body["total"]), (&json!(id), &json!(3)));
        refused(&owner.client.get("/api/v1/admin/invitations").await, 403, "FORBIDDEN");
        let path = |id: &str| format!("/api/v1/admin/invitations/{id}");
        refused(&admin.delete(&path(&into_workspace)).await, 404, "NOT_FOUND");
        succeeded(&admin.delete(&path(&id)).await);
        let code = invited.body["code"].as_str().unwrap();
        refused(&office.register(code, "late@example.com").await, 400, "INVITATION_INVALID");
    });
}

#[test]
fn an_invitation_for_an_address_is_mailed_and_mailed_again_with_another_code() {
    on_both(&migrations(), async |test| {
        let (office, sink) = office_with_mail(test, &[]).await;
        let admin = office.admin().await;
        let owner = office.person(&admin, "owner").await;
        let guest = office.person(&admin, "guest").await;
        let body = json!({ "role": "viewer", "email": "guest@example.com", "expiresInHours": 48 });
        let invited = owner.client.post(&owner.path("/invitations"), body).await;
        let code = succeeded(&invited)["code"].as_str().unwrap().to_owned();
        let invitations = async || {
            let mails = office.mails(&sink, "guest@example.com").await;
            mails.into_iter().filter(|mail| mail.text.contains("/invitations/")).collect::<Vec<_>>()
        };
        let first = invitations().await;
        assert_eq!(first.len(), 1);
        assert!(first[0].text.contains(&format!("/invitations/{code}")), "{}", first[0].text);

        let path = |id: &Value| owner.path(&format!("/invitations/{}/resend", id.as_str().unwrap()));
        let resend = path(&invited.body["invitation"]["id"]);
        refused(&guest.client.post(&resend, json!({})).await, 404, "NOT_FOUND");
        succeeded(&owner.client.post(&resend, json!({})).await);
        let second = invitations().await;
        assert_eq!(second.len(), 2);
        assert!(!second[1].text.contains(&code), "the code is not known any more, so there is another");
        refused(&guest.client.post(ACCEPT, json!({ "code": code })).await, 400, "INVITATION_INVALID");
        let another = second[1].text.split("/invitations/").nth(1).unwrap().split_whitespace().next().unwrap();
        succeeded(&guest.client.post(ACCEPT, json!({ "code": another })).await);
        refused(&owner.client.post(&resend, json!({})).await, 410, "INVITATION_EXPIRED");

        let open = owner.client.post(&owner.path("/invitations"), json!({ "role": "viewer" })).await;
        refused(&owner.client.post(&path(&open.body["invitation"]["id"]), json!({})).await, 409, "CONFLICT");
    });
}
