//! Signing in through GitHub and Google, both of which run on this machine.

use std::time::Duration;

use axum::http::StatusCode;
use rampart_testkit::{Answer, Client, TestStore, on_both};
use serde_json::json;
use url::Url;

use crate::office::*;
use crate::provider_double::{Change, Person, ProviderDouble};

const FRONTEND: &str = "http://localhost:8000/app";
const ADA: Person = Person { id: 7, email: "ada@example.org", verified: true };

async fn world(test: TestStore, variables: &[(&str, &str)]) -> (Office, ProviderDouble) {
    let double = ProviderDouble::start().await;
    let settings = double.settings();
    let own = settings.iter().map(|(name, value)| (*name, value.as_str()));
    let all: Vec<(&str, &str)> = own.chain(variables.iter().copied()).collect();
    (office(test, &all), double)
}

/// A browser that left for a provider.
struct Away {
    client: Client,
    location: String,
    state: String,
    provider: &'static str,
}

fn away(client: &Client, provider: &'static str, left: &Answer, location: &str) -> Away {
    let state = left.cookie("rampart_state").expect("a cookie with the state");
    Away {
        client: client.with("cookie", &format!("rampart_state={state}")),
        location: location.to_owned(),
        state,
        provider,
    }
}

async fn leave(office: &Office, provider: &'static str, query: &str) -> Away {
    let left = office.client.get(&format!("/api/v1/auth/{provider}?{query}")).await;
    assert_eq!(left.status, StatusCode::FOUND, "{}", left.text);
    let location = left.headers["location"].to_str().unwrap().to_owned();
    away(&office.client, provider, &left, &location)
}

impl Away {
    async fn back_with(&self, query: &str) -> Answer {
        self.client.get(&format!("/api/v1/auth/{}/callback?{query}", self.provider)).await
    }

    /// After saying yes.
    async fn back(&self, double: &ProviderDouble, person: Person) -> Answer {
        let code = double.consent(&self.location, person);
        self.back_with(&format!("code={code}&state={}", self.state)).await
    }
}

/// An invitation onto the installation.
async fn invitation(admin: &Client) -> String {
    let invited = admin.post("/api/v1/admin/invitations", json!({ "role": "user" })).await;
    succeeded(&invited)["code"].as_str().unwrap().to_owned()
}

fn led_to(answer: &Answer, page: &str) {
    assert_eq!(answer.status, StatusCode::FOUND, "{}", answer.text);
    assert_eq!(answer.headers["location"].to_str().unwrap(), format!("{FRONTEND}{page}"));
    assert_eq!(answer.cookie("rampart_state"), Some(String::new()), "the state is used up");
    let signed_in = answer.cookie("rampart_session").is_some_and(|cookie| !cookie.is_empty());
    assert!(!(signed_in && page.contains("error")), "a failure signs nobody in");
}

fn signed_in(office: &Office, answer: &Answer) -> Client {
    office.client.with("cookie", &format!("rampart_session={}", answer.cookie("rampart_session").unwrap()))
}

#[test]
fn who_is_invited_comes_in_through_a_provider_and_again() {
    on_both(&migrations(), async |test| {
        let (office, double) = world(test, &[("REQUIRE_EMAIL_VERIFICATION", "true")]).await;
        let admin = office.admin().await;
        for (provider, person) in [("github", ADA), ("google", Person { email: "bob@example.org", ..ADA })] {
            let query = format!("invitation={}&redirect=/repositories", invitation(&admin).await);
            let first = leave(&office, provider, &query).await.back(&double, person.clone()).await;
            led_to(&first, "/repositories");
            let me = signed_in(&office, &first).get("/api/v1/auth/me").await;
            assert_eq!((&me.body["email"], &me.body["verified"]), (&json!(person.email), &json!(true)), "{}", me.text);
            // What they are called elsewhere may change; who they are does not.
            let moved = Person { email: "moved@example.org", ..person };
            let again = leave(&office, provider, "").await.back(&double, moved).await;
            led_to(&again, "");
            let same = signed_in(&office, &again).get("/api/v1/auth/me").await;
            assert_eq!((&same.body["id"], &same.body["email"]), (&me.body["id"], &me.body["email"]));
            let sessions = signed_in(&office, &again).get("/api/v1/users/me/connections").await;
            assert_eq!(succeeded(&sessions)["connections"][0]["provider"], provider);
        }
        // What GitHub gave for later is sealed.
        let mut reader = office.test.store.read().await.unwrap();
        for row in reader.list("SELECT access_token FROM user_identities LIMIT 9", &[]).await.unwrap() {
            let token: Option<String> = row.get("access_token").unwrap();
            assert!(token.is_none_or(|token| token.starts_with("v1:") && !token.contains("gho_")));
        }
    });
}

#[test]
fn what_comes_back_is_what_left() {
    on_both(&migrations(), async |test| {
        let (office, double) = world(test, &[]).await;
        let admin = office.admin().await;
        let query = format!("invitation={}", invitation(&admin).await);
        let mismatch = "/login?error=OAUTH_STATE_MISMATCH";
        for provider in ["github", "google"] {
            let away = leave(&office, provider, &query).await;
            let code = double.consent(&away.location, ADA);
            let other = leave(&office, provider, &query).await;
            let of = |state: &str| format!("code={code}&state={state}");
            led_to(&other.back_with(&of(&away.state)).await, mismatch);
            led_to(&away.back_with(&of(&other.state)).await, mismatch);
            led_to(&away.back_with(&of("made-up")).await, mismatch);
            let cookieless = Away { client: office.client.clone(), ..away };
            led_to(&cookieless.back_with(&of(&cookieless.state)).await, mismatch);
            led_to(&cookieless.back_with(&format!("code={code}")).await, "/login?error=OAUTH_CODE_INVALID");
            led_to(&cookieless.back_with("error=access_denied").await, "/login?error=OAUTH_CODE_INVALID");

            let late = leave(&office, provider, &query).await;
            office.test.clock.advance(Duration::from_secs(600));
            led_to(&late.back(&double, ADA).await, mismatch);

            // Used up even by what fails.
            let once = leave(&office, provider, &query).await;
            led_to(
                &once.back_with(&format!("code=wrong&state={}", once.state)).await,
                "/login?error=OAUTH_CODE_INVALID",
            );
            led_to(&once.back(&double, ADA).await, mismatch);
        }
        // Sent to one, back from the other; or from one who says that it is somebody else (RFC 9207).
        let google = leave(&office, "google", &query).await;
        let mixed = Away { provider: "github", ..google };
        led_to(&mixed.back(&double, ADA).await, mismatch);
        let away = leave(&office, "google", &query).await;
        let code = double.consent(&away.location, ADA);
        led_to(&away.back_with(&format!("code={code}&state={}&iss=https://evil.example", away.state)).await, mismatch);
        assert!(office.identity.clean_sessions(&office.test.origin).await.is_ok());
    });
}

#[test]
fn a_code_needs_its_verifier_and_counts_once() {
    on_both(&migrations(), async |test| {
        let (office, double) = world(test, &[]).await;
        let admin = office.admin().await;
        for provider in ["github", "google"] {
            let query = format!("invitation={}", invitation(&admin).await);
            let (victim, thief) = (leave(&office, provider, &query).await, leave(&office, provider, &query).await);
            let code = double.consent(&victim.location, ADA);
            // A stolen code in another sign-in: its verifier is another.
            led_to(
                &thief.back_with(&format!("code={code}&state={}", thief.state)).await,
                "/login?error=OAUTH_CODE_INVALID",
            );
            led_to(
                &victim.back_with(&format!("code={code}&state={}", victim.state)).await,
                "/login?error=OAUTH_CODE_INVALID",
            );
            let asked: Vec<(String, String)> =
                Url::parse(&victim.location).unwrap().query_pairs().into_owned().collect();
            assert!(!asked.iter().any(|(name, _)| name == "code_verifier" || name == "client_secret"), "{asked:?}");
        }
    });
}

#[test]
fn an_id_token_that_is_not_right_signs_nobody_in() {
    let changes: &[(&str, Change)] = &[
        ("another issuer", |_, claims| claims["iss"] = "https://evil.example".into()),
        ("another audience", |_, claims| claims["aud"] = "somebody-else".into()),
        ("another party", |_, claims| claims["azp"] = "somebody-else".into()),
        ("many audiences and no party", |_, claims| {
            claims["aud"] = json!(["client-of-the-tests", "somebody-else"]);
            claims.as_object_mut().unwrap().remove("azp");
        }),
        ("expired", |_, claims| claims["exp"] = (claims["iat"].as_i64().unwrap() - 61).into()),
        ("of the future", |_, claims| claims["iat"] = (claims["iat"].as_i64().unwrap() + 61).into()),
        ("a text as expiry", |_, claims| claims["exp"] = "9999999999".into()),
        ("no expiry", |_, claims| drop(claims.as_object_mut().unwrap().remove("exp"))),
        ("another nonce", |_, claims| claims["nonce"] = "replayed".into()),
        ("no nonce", |_, claims| drop(claims.as_object_mut().unwrap().remove("nonce"))),
        ("nobody", |_, claims| claims["sub"] = "".into()),
        ("no algorithm", |header, _| header["alg"] = "none".into()),
        ("a secret's algorithm", |header, _| header["alg"] = "HS256".into()),
        ("another algorithm", |header, _| header["alg"] = "RS512".into()),
        ("another kind of key", |header, _| header["alg"] = "ES256".into()),
        ("an unknown key", |header, _| header["kid"] = "../../etc/passwd".into()),
        ("a key that encrypts", |header, _| header["kid"] = "other".into()),
        ("an extension", |header, _| header["crit"] = json!(["exp"])),
    ];
    type Forgery = fn(String) -> String;
    let forgeries: &[(&str, Forgery)] = &[
        ("no signature", |token| format!("{}.", token.rsplit_once('.').unwrap().0)),
        ("another signature", |token| format!("{}AAAA", &token[..token.len() - 4])),
        ("other claims", |token| token.replacen(".eyJ", ".eyK", 1)),
        ("two parts", |token| token.rsplit_once('.').unwrap().0.to_owned()),
        ("no token", |_| String::new()),
    ];
    on_both(&migrations(), async |test| {
        let (office, double) = world(test, &[]).await;
        let admin = office.admin().await;
        let query = format!("invitation={}", invitation(&admin).await);
        for (name, change) in changes {
            eprintln!("{name}");
            double.change(*change);
            led_to(&leave(&office, "google", &query).await.back(&double, ADA).await, "/login?error=OAUTH_CODE_INVALID");
        }
        double.behave();
        for (name, forge) in forgeries {
            eprintln!("{name}");
            double.forge(*forge);
            led_to(&leave(&office, "google", &query).await.back(&double, ADA).await, "/login?error=OAUTH_CODE_INVALID");
        }
        double.behave();
        led_to(&leave(&office, "google", &query).await.back(&double, ADA).await, "");
    });
}

#[test]
fn an_address_leads_to_no_account() {
    on_both(&migrations(), async |test| {
        let (office, double) = world(test, &[]).await;
        let admin = office.admin().await;
        let query = format!("invitation={}", invitation(&admin).await);
        for provider in ["github", "google"] {
            let owner = Person { email: "admin@example.com", ..ADA };
            led_to(&leave(&office, provider, &query).await.back(&double, owner).await, "/login?error=EMAIL_TAKEN");
            let claims = Person { verified: false, ..ADA };
            led_to(
                &leave(&office, provider, &query).await.back(&double, claims).await,
                "/login?error=EMAIL_NOT_VERIFIED",
            );
        }
    });
}

#[test]
fn who_is_not_invited_stays_out() {
    on_both(&migrations(), async |test| {
        let (office, double) = world(test, &[]).await;
        let admin = office.admin().await;
        let stranger =
            |id| Person { id, email: if id == 7 { "ada@example.org" } else { "eve@example.org" }, verified: true };
        led_to(&leave(&office, "github", "").await.back(&double, ADA).await, "/login?error=INVITATION_INVALID");
        let made_up = leave(&office, "google", "invitation=guess").await.back(&double, ADA).await;
        led_to(&made_up, "/login?error=INVITATION_INVALID");
        let body = json!({ "role": "user", "email": "grace@example.org" });
        let other = admin.post("/api/v1/admin/invitations", body).await;
        let query = format!("invitation={}", succeeded(&other)["code"].as_str().unwrap());
        led_to(&leave(&office, "github", &query).await.back(&double, ADA).await, "/login?error=INVITATION_INVALID");
        let query = format!("invitation={}", invitation(&admin).await);
        let first = leave(&office, "github", &query).await.back(&double, stranger(7)).await;
        led_to(&first, "");
        let role = signed_in(&office, &first).get("/api/v1/auth/me").await.body["role"].clone();
        assert_eq!(role, "user", "as invited, whatever was asked for");
        led_to(
            &leave(&office, "github", &query).await.back(&double, stranger(8)).await,
            "/login?error=INVITATION_INVALID",
        );
        let query = format!("invitation={}", invitation(&admin).await);
        office.test.clock.advance(Duration::from_secs(169 * 3_600));
        led_to(
            &leave(&office, "github", &query).await.back(&double, stranger(8)).await,
            "/login?error=INVITATION_EXPIRED",
        );
    });
}

#[test]
fn an_account_is_linked_by_its_owner_in_their_session() {
    on_both(&migrations(), async |test| {
        let (office, double) = world(test, &[]).await;
        let admin = office.admin().await;
        let other = office.person(&admin, "other").await;
        let path = "/api/v1/users/me/connections/google";
        refused(&office.client.post(path, json!({})).await, 401, "UNAUTHENTICATED");
        refused(&admin.post(path, json!({})).await, 401, "INVALID_CREDENTIALS");
        refused(&admin.post(path, json!({ "password": "wrong" })).await, 401, "INVALID_CREDENTIALS");
        refused(
            &admin.post("/api/v1/users/me/connections/evil", json!({ "password": PASSWORD })).await,
            404,
            "NOT_FOUND",
        );
        let link = async |client: &Client| {
            let left = client.post(path, json!({ "password": PASSWORD })).await;
            away(client, "google", &left, succeeded(&left)["url"].as_str().unwrap())
        };
        // Not in another's session, nor in none.
        for elsewhere in [&other.client, &office.client] {
            let begun = link(&admin).await;
            let hijacked =
                Away { client: elsewhere.with("cookie", &format!("rampart_state={}", begun.state)), ..begun };
            led_to(&hijacked.back(&double, ADA).await, "/login?error=OAUTH_STATE_MISMATCH");
        }
        led_to(&link(&admin).await.back(&double, ADA).await, "/profile/connections");
        let connections = admin.get("/api/v1/users/me/connections").await;
        assert_eq!(succeeded(&connections)["connections"][0]["login"], ADA.email);
        assert_eq!(succeeded(&other.client.get("/api/v1/users/me/connections").await)["connections"], json!([]));
        led_to(&link(&other.client).await.back(&double, ADA).await, "/login?error=CONFLICT");
        led_to(&link(&admin).await.back(&double, Person { id: 8, ..ADA }).await, "/login?error=CONFLICT");

        let signed = leave(&office, "google", "").await.back(&double, ADA).await;
        led_to(&signed, "");
        let me = signed_in(&office, &signed).get("/api/v1/auth/me").await;
        assert_eq!(me.body["email"], "admin@example.com", "another address, the same person");
        refused(&other.client.delete(path).await, 404, "NOT_FOUND");
        succeeded(&admin.delete(path).await);
        led_to(&leave(&office, "google", "").await.back(&double, ADA).await, "/login?error=INVITATION_INVALID");
    });
}

#[test]
fn the_last_way_in_is_kept() {
    on_both(&migrations(), async |test| {
        let (office, double) = world(test, &[]).await;
        let admin = office.admin().await;
        let query = format!("invitation={}", invitation(&admin).await);
        let signed = leave(&office, "github", &query).await.back(&double, ADA).await;
        let csrf = signed.cookie("rampart_csrf").unwrap();
        let cookies = format!("rampart_session={}; rampart_csrf={csrf}", signed.cookie("rampart_session").unwrap());
        let ada = office.client.with("cookie", &cookies).with("origin", ORIGIN).with("x-csrf-token", &csrf);
        refused(&ada.delete("/api/v1/users/me/connections/github").await, 409, "CONFLICT");
        assert_eq!(ada.get("/api/v1/users/me/connections").await.body["connections"].as_array().unwrap().len(), 1);
        // Without a password, only who has just come in may add another way.
        let register = async || ada.post("/api/v1/auth/passkeys/registration", json!({})).await;
        let begun = register().await;
        let credential = crate::soft_key::SoftKey::new().create(&succeeded(&begun)["options"]);
        let body = json!({ "ceremonyId": begun.body["ceremonyId"], "name": "Key", "credential": credential });
        succeeded(&ada.post("/api/v1/auth/passkeys", body).await);
        office.test.clock.advance(Duration::from_secs(601));
        refused(&register().await, 403, "FORBIDDEN");
        succeeded(&ada.delete("/api/v1/users/me/connections/github").await);
        let passkeys = ada.get("/api/v1/auth/passkeys").await;
        let key = format!("/api/v1/auth/passkeys/{}", passkeys.body["passkeys"][0]["id"].as_str().unwrap());
        refused(&ada.delete(&key).await, 409, "CONFLICT");
    });
}

#[test]
fn a_second_factor_is_asked_for_here_too() {
    on_both(&migrations(), async |test| {
        let (office, double) = world(test, &[]).await;
        let admin = office.admin().await;
        let left = admin.post("/api/v1/users/me/connections/github", json!({ "password": PASSWORD })).await;
        let linking = away(&admin, "github", &left, succeeded(&left)["url"].as_str().unwrap());
        led_to(&linking.back(&double, ADA).await, "/profile/connections");
        let setup = admin.post("/api/v1/auth/2fa/setup", json!({ "password": PASSWORD })).await;
        let app = Authenticator::new(succeeded(&setup)["otpauthUrl"].as_str().unwrap());
        succeeded(&admin.post("/api/v1/auth/2fa/verify", json!({ "token": app.code(&office) })).await);
        office.test.clock.advance(Duration::from_secs(30));

        let back = leave(&office, "github", "").await.back(&double, ADA).await;
        let location = back.headers["location"].to_str().unwrap();
        let challenge = location.strip_prefix(&format!("{FRONTEND}/login#challenge=")).expect(location);
        assert!(back.cookie("rampart_session").is_none(), "no session before the code");
        let body = json!({ "challengeToken": challenge, "code": app.code(&office) });
        succeeded(&office.client.post("/api/v1/auth/2fa/challenge", body).await);

        // For pages that have the code themselves.
        let away = leave(&office, "github", "").await;
        let code = double.consent(&away.location, ADA);
        let body = json!({ "code": code, "state": away.state });
        let waiting = away.client.post("/api/v1/auth/github/callback", body.clone()).await;
        assert_eq!(succeeded(&waiting)["twoFactorRequired"], true);
        refused(&away.client.post("/api/v1/auth/github/callback", body).await, 400, "OAUTH_STATE_MISMATCH");
    });
}

#[test]
fn a_redirect_leads_nowhere_else() {
    on_both(&migrations(), async |test| {
        let (office, _double) = world(test, &[]).await;
        let bad = [
            "https://evil.example",
            "//evil.example",
            "/%5Cevil.example",
            "/../admin",
            "/a%0d%0ab",
            "@evil.example",
            "",
        ];
        for redirect in bad {
            let answer = office.client.get(&format!("/api/v1/auth/github?redirect={redirect}")).await;
            refused(&answer, 400, "VALIDATION_ERROR");
        }
        refused(&office.client.get("/api/v1/auth/github?link=1").await, 400, "VALIDATION_ERROR");
    });
}

#[test]
fn a_provider_that_is_missing_or_down_is_said_to_be() {
    on_both(&migrations(), async |test| {
        let (office, double) = world(test, &[("GITHUB_CLIENT_SECRET", "")]).await;
        refused(&office.client.get("/auth/github").await, 409, "PROVIDER_NOT_CONFIGURED");
        let back = office.client.get("/auth/github/callback?code=x&state=y").await;
        led_to(&back, "/login?error=PROVIDER_NOT_CONFIGURED");
        let json = office.client.with("accept", "application/json").get("/auth/github/callback?code=x&state=y").await;
        refused(&json, 409, "PROVIDER_NOT_CONFIGURED");
        double.break_down();
        refused(&office.client.get("/api/v1/auth/google").await, 502, "UPSTREAM_ERROR");
        drop(double);
        tokio::task::yield_now().await;
        refused(&office.client.get("/api/v1/auth/google").await, 502, "UPSTREAM_ERROR");
    });
}

#[test]
fn over_tls_the_state_is_bound_to_the_host() {
    on_both(&migrations(), async |test| {
        let (office, _double) = world(test, &[("API_BASE_URL", "https://rampart.example.com")]).await;
        let left = office.client.get("/api/v1/auth/github").await;
        let cookie = left.headers["set-cookie"].to_str().unwrap();
        assert!(cookie.starts_with("__Host-rampart_state="), "{cookie}");
        for part in ["; Path=/;", "; SameSite=Lax", "; HttpOnly", "; Secure"] {
            assert!(cookie.contains(part), "{cookie}");
        }
        assert!(!cookie.contains("Domain"), "{cookie}");
    });
}
