//! Passkeys, with an authenticator in software.

use std::time::Duration;

use axum::http::{Method, StatusCode};
use rampart_store::params;
use rampart_testkit::{Answer, Client, on_both};
use serde_json::{Value, json};

use crate::office::*;
use crate::soft_key::SoftKey;

async fn begin(client: &Client) -> Answer {
    client.post("/api/v1/auth/passkeys/registration", json!({ "password": PASSWORD })).await
}

async fn finish(client: &Client, begun: &Answer, credential: Value) -> Answer {
    let ceremony = &succeeded(begun)["ceremonyId"];
    let body = json!({ "ceremonyId": ceremony, "name": "Key", "credential": credential });
    client.post("/api/v1/auth/passkeys", body).await
}

/// A key of the caller's, registered.
async fn registered(client: &Client) -> SoftKey {
    let mut key = SoftKey::new();
    let begun = begin(client).await;
    let credential = key.create(&succeeded(&begun)["options"]);
    assert_eq!(finish(client, &begun, credential).await.status, StatusCode::CREATED);
    key
}

impl Office {
    async fn asked(&self) -> Answer {
        self.client.send(Method::POST, "/api/v1/auth/passkeys/challenge", None).await
    }

    async fn sign_in_by(&self, asked: &Answer, credential: &Value) -> Answer {
        let body = json!({ "ceremonyId": succeeded(asked)["ceremonyId"], "credential": credential });
        self.client.post("/api/v1/auth/passkeys/sign-in", body).await
    }

    /// As a browser does it.
    async fn use_key(&self, key: &mut SoftKey) -> Answer {
        let asked = self.asked().await;
        let credential = key.get(&succeeded(&asked)["options"]);
        self.sign_in_by(&asked, &credential).await
    }
}

#[test]
fn a_passkey_signs_in_without_a_name_or_password() {
    on_both(&migrations(), async |test| {
        let office = office(test, &[]);
        let admin = office.admin().await;
        let begun = begin(&admin).await;
        let selection = &succeeded(&begun)["options"]["publicKey"]["authenticatorSelection"];
        assert_eq!(
            (&selection["residentKey"], &selection["userVerification"]),
            (&json!("required"), &json!("required"))
        );
        let mut key = registered(&admin).await;
        let asked = office.asked().await;
        let options = &succeeded(&asked)["options"]["publicKey"];
        assert_eq!(options["userVerification"], "required");
        assert!(options["allowCredentials"].as_array().is_none_or(Vec::is_empty), "names no account: {options}");
        let signed = office.use_key(&mut key).await;
        assert_eq!(succeeded(&signed)["user"]["email"], "admin@example.com");
        assert!(signed.cookie("rampart_session").is_some());
        let client = office.client.bearer(signed.body["accessToken"].as_str().unwrap());
        assert_eq!(client.get("/api/v1/auth/me").await.status, StatusCode::OK);

        // It is two factors in one: no code is asked for.
        let setup = admin.post("/api/v1/auth/2fa/setup", json!({ "password": PASSWORD })).await;
        let app = Authenticator::new(succeeded(&setup)["otpauthUrl"].as_str().unwrap());
        succeeded(&admin.post("/api/v1/auth/2fa/verify", json!({ "token": app.code(&office) })).await);
        assert!(succeeded(&office.use_key(&mut key).await)["accessToken"].is_string());
    });
}

#[test]
fn passkeys_are_ones_own() {
    on_both(&migrations(), async |test| {
        let office = office(test, &[]);
        let admin = office.admin().await;
        let other = office.person(&admin, "other").await;
        let mut key = registered(&admin).await;
        let listed = admin.get("/api/v1/auth/passkeys").await;
        let passkeys = succeeded(&listed)["passkeys"].as_array().unwrap();
        assert_eq!((passkeys.len(), &passkeys[0]["name"]), (1, &json!("Key")));
        assert!(!listed.text.contains("cred"), "{}", listed.text);
        let path = format!("/api/v1/auth/passkeys/{}", passkeys[0]["id"].as_str().unwrap());
        assert_eq!(succeeded(&other.client.get("/api/v1/auth/passkeys").await)["passkeys"], json!([]));
        let rename = async |client: &Client| client.send(Method::PATCH, &path, Some(json!({ "name": "Lab" }))).await;
        refused(&rename(&other.client).await, 404, "NOT_FOUND");
        refused(&other.client.delete(&path).await, 404, "NOT_FOUND");
        succeeded(&rename(&admin).await);
        assert_eq!(admin.get("/api/v1/auth/passkeys").await.body["passkeys"][0]["name"], "Lab");
        succeeded(&admin.delete(&path).await);
        refused(&office.use_key(&mut key).await, 401, "INVALID_CREDENTIALS");

        let wrong = json!({ "password": "wrong" });
        refused(&admin.post("/api/v1/auth/passkeys/registration", wrong).await, 401, "INVALID_CREDENTIALS");
        refused(&admin.post("/api/v1/auth/passkeys/registration", json!({})).await, 401, "INVALID_CREDENTIALS");
        let anonymous = office.client.post("/api/v1/auth/passkeys/registration", json!({})).await;
        refused(&anonymous, 401, "UNAUTHENTICATED");
    });
}

#[test]
fn a_passkey_is_the_second_factor_that_a_workspace_asks_for() {
    on_both(&migrations(), async |test| {
        let office = office(test, &[]);
        let admin = office.admin().await;
        let owner = office.person(&admin, "owner").await;
        let (mut key, policy) = (registered(&owner.client).await, json!({ "requireTwoFactor": true }));
        let path = owner.path("/security");
        // Signed in with the password alone, whoever asks for two factors would be locked out.
        refused(&owner.client.put(&path, policy.clone()).await, 409, "CONFLICT");
        let signed = office.use_key(&mut key).await;
        let by_key = office.client.bearer(succeeded(&signed)["accessToken"].as_str().unwrap());
        succeeded(&by_key.put(&path, policy).await);
        assert_eq!(by_key.get(&owner.path("")).await.status, StatusCode::OK);
        refused(&owner.client.get(&owner.path("")).await, 403, "TWO_FACTOR_SETUP_REQUIRED");
    });
}

#[test]
fn a_passkey_of_who_is_disabled_signs_nobody_in() {
    on_both(&migrations(), async |test| {
        let office = office(test, &[]);
        let admin = office.admin().await;
        let eve = office.person(&admin, "eve").await;
        let mut key = registered(&eve.client).await;
        succeeded(&office.use_key(&mut key).await);
        let mut tx = office.test.store.begin(&office.test.origin).await.unwrap();
        tx.execute("UPDATE users SET disabled = $2 WHERE email = $1", &params![&eve.email, true]).await.unwrap();
        tx.commit().await.unwrap();
        refused(&office.use_key(&mut key).await, 403, "ACCOUNT_DISABLED");
    });
}

#[test]
fn an_authenticator_that_misbehaves_does_not_sign_in() {
    type Change = fn(&mut SoftKey);
    let wrong: &[(&str, Change)] = &[
        ("another origin", |key| key.origin = "https://evil.example".to_owned()),
        ("another port", |key| key.origin = "http://localhost:8001".to_owned()),
        ("a host below", |key| key.origin = "http://a.localhost:8000".to_owned()),
        ("another host's key", |key| key.host = "evil.example".to_owned()),
        ("nobody was verified", |key| key.verifies_user = false),
        ("a counter that stands", |key| key.counter -= 1),
        ("a counter that goes back", |key| key.counter = 0),
    ];
    on_both(&migrations(), async |test| {
        let office = office(test, &[]);
        let admin = office.admin().await;
        let mut key = registered(&admin).await;
        for _ in 0..3 {
            succeeded(&office.use_key(&mut key).await);
        }
        for (name, change) in wrong {
            let (origin, host, counter) = (key.origin.clone(), key.host.clone(), key.counter);
            change(&mut key);
            let answer = office.use_key(&mut key).await;
            assert_eq!(
                (answer.status.as_u16(), answer.code()),
                (401, "INVALID_CREDENTIALS"),
                "{name}: {}",
                answer.text
            );
            (key.origin, key.host, key.counter, key.verifies_user) = (origin, host, counter, true);
        }
        key.counter += 1;
        succeeded(&office.use_key(&mut key).await);
    });
}

#[test]
fn an_authenticator_that_misbehaves_is_not_registered() {
    on_both(&migrations(), async |test| {
        let office = office(test, &[]);
        let admin = office.admin().await;
        let other = office.person(&admin, "other").await;
        let attempt = async |change: fn(&mut SoftKey)| {
            let mut key = SoftKey::new();
            change(&mut key);
            let begun = begin(&admin).await;
            let credential = key.create(&succeeded(&begun)["options"]);
            finish(&admin, &begun, credential).await
        };
        refused(&attempt(|key| key.origin = "https://evil.example".to_owned()).await, 401, "INVALID_CREDENTIALS");
        refused(&attempt(|key| key.host = "evil.example".to_owned()).await, 401, "INVALID_CREDENTIALS");
        refused(&attempt(|key| key.verifies_user = false).await, 401, "INVALID_CREDENTIALS");

        let mut key = SoftKey::new();
        let begun = begin(&admin).await;
        let credential = key.create(&succeeded(&begun)["options"]);
        // What one begins another does not finish, and nobody finishes twice.
        refused(&finish(&other.client, &begun, credential.clone()).await, 401, "INVALID_CREDENTIALS");
        refused(&finish(&admin, &begun, credential).await, 401, "INVALID_CREDENTIALS");
        let begun = begin(&admin).await;
        let credential = key.create(&succeeded(&begun)["options"]);
        assert_eq!(finish(&admin, &begun, credential.clone()).await.status, StatusCode::CREATED);
        refused(&finish(&admin, &begun, credential).await, 401, "INVALID_CREDENTIALS");
        // A key that has an account does not get another.
        let begun = begin(&other.client).await;
        let credential = key.create(&succeeded(&begun)["options"]);
        refused(&finish(&other.client, &begun, credential).await, 401, "INVALID_CREDENTIALS");
        let begun = begin(&admin).await;
        office.test.clock.advance(Duration::from_secs(300));
        let credential = SoftKey::new().create(&succeeded(&begun)["options"]);
        let admin = office.signed_in("admin@example.com").await;
        refused(&finish(&admin, &begun, credential).await, 401, "INVALID_CREDENTIALS");
        assert!(office.identity.clean_sessions(&office.test.origin).await.unwrap() == 0, "used up when it was shown");
    });
}

#[test]
fn an_answer_counts_once_and_for_its_question() {
    on_both(&migrations(), async |test| {
        let office = office(test, &[]);
        let admin = office.admin().await;
        let mut key = registered(&admin).await;
        let (first, second) = (office.asked().await, office.asked().await);
        let credential = key.get(&succeeded(&first)["options"]);
        refused(&office.sign_in_by(&second, &credential).await, 401, "INVALID_CREDENTIALS");
        succeeded(&office.sign_in_by(&first, &credential).await);
        refused(&office.sign_in_by(&first, &credential).await, 401, "INVALID_CREDENTIALS");
        let third = office.asked().await;
        let mut credential = key.get(&succeeded(&third)["options"]);
        let signature = credential["response"]["signature"].as_str().unwrap().to_owned();
        credential["response"]["signature"] = signature.replacen(&signature[20..21], "_", 1).into();
        refused(&office.sign_in_by(&third, &credential).await, 401, "INVALID_CREDENTIALS");
        let late = office.asked().await;
        let credential = key.get(&succeeded(&late)["options"]);
        office.test.clock.advance(Duration::from_secs(300));
        refused(&office.sign_in_by(&late, &credential).await, 401, "INVALID_CREDENTIALS");
        // Nobody's key.
        let mut stranger = SoftKey::new();
        let begun = office.signed_in("admin@example.com").await;
        stranger.create(&succeeded(&begin(&begun).await)["options"]);
        refused(&office.use_key(&mut stranger).await, 401, "INVALID_CREDENTIALS");
        for credential in [json!({}), json!("x"), json!({ "id": "a", "rawId": "!", "type": "public-key" })] {
            let body =
                json!({ "ceremonyId": succeeded(&office.asked().await)["ceremonyId"], "credential": credential });
            refused(&office.client.post("/api/v1/auth/passkeys/sign-in", body).await, 400, "VALIDATION_ERROR");
        }
    });
}

#[test]
fn a_lock_against_guesses_does_not_keep_the_owner_of_a_key_out() {
    on_both(&migrations(), async |test| {
        let office = office(test, &[]);
        let admin = office.admin().await;
        let mut key = registered(&admin).await;
        for _ in 0..10 {
            office.log_in_with("admin@example.com", "wrong").await;
        }
        refused(&office.log_in("admin@example.com").await, 423, "ACCOUNT_LOCKED");
        succeeded(&office.use_key(&mut key).await);
    });
}

#[test]
fn passkeys_need_a_name_of_a_host() {
    on_both(&migrations(), async |test| {
        let office = office(test, &[("API_BASE_URL", "http://127.0.0.1:8000")]);
        let admin = office.admin().await;
        refused(&begin(&admin).await, 409, "PROVIDER_NOT_CONFIGURED");
        refused(&office.asked().await, 409, "PROVIDER_NOT_CONFIGURED");
    });
}
