//! Browsers that are told, with a push service on this machine that reads what it gets as a browser does.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, Method, StatusCode};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rampart_testkit::{Answer, TestStore, on_both};
use ring::aead::{AES_128_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use ring::agreement::{ECDH_P256, EphemeralPrivateKey, UnparsedPublicKey, agree_ephemeral};
use ring::hkdf::{HKDF_SHA256, KeyType, Salt};
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED, ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair};
use serde_json::{Value, json};

use crate::office::*;

const PATH: &str = "/api/v1/notifications/push-subscriptions";
const AUTH: [u8; 16] = *b"sixteen bytes it";

/// Keeps what it is sent, and answers as it is told.
#[derive(Clone, Default)]
struct Service {
    got: Arc<Mutex<Vec<(HeaderMap, Bytes)>>>,
    answer: Arc<Mutex<StatusCode>>,
    origin: String,
}

impl Service {
    async fn start() -> Service {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        let service = Service { origin, ..Service::default() };
        let router = Router::new().fallback(take).with_state(service.clone());
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        service
    }

    fn answers(&self, status: u16) {
        *self.answer.lock().unwrap() = StatusCode::from_u16(status).unwrap();
    }

    fn got(&self) -> Vec<(HeaderMap, Bytes)> {
        self.got.lock().unwrap().clone()
    }
}

async fn take(State(service): State<Service>, headers: HeaderMap, body: Bytes) -> StatusCode {
    service.got.lock().unwrap().push((headers, body));
    *service.answer.lock().unwrap()
}

/// A browser that has subscribed: it reads one message.
struct Browser {
    private: EphemeralPrivateKey,
    public: Vec<u8>,
    endpoint: String,
}

struct Length(usize);

impl KeyType for Length {
    fn len(&self) -> usize {
        self.0
    }
}

fn derive(salt: &[u8], from: &[u8], info: &[&[u8]], length: usize) -> Vec<u8> {
    let mut out = vec![0; length];
    Salt::new(HKDF_SHA256, salt).extract(from).expand(info, Length(length)).unwrap().fill(&mut out).unwrap();
    out
}

impl Browser {
    fn new(service: &Service, name: &str) -> Browser {
        let private = EphemeralPrivateKey::generate(&ECDH_P256, &SystemRandom::new()).unwrap();
        let public = private.compute_public_key().unwrap().as_ref().to_vec();
        Browser { private, public, endpoint: format!("{}/push/{name}", service.origin) }
    }

    fn subscription(&self) -> Value {
        let encode = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
        json!({ "endpoint": self.endpoint, "expirationTime": null,
            "keys": { "p256dh": encode(&self.public), "auth": encode(&AUTH) } })
    }

    /// RFC 8291 from the other side.
    fn read(self, body: &[u8]) -> Value {
        let (salt, rest) = body.split_at(16);
        let (record_size, rest) = rest.split_at(4);
        assert_eq!((record_size, rest[0]), (&4_096_u32.to_be_bytes()[..], 65));
        let (sender, record) = rest[1..].split_at(65);
        let public = self.public;
        let peer = UnparsedPublicKey::new(&ECDH_P256, sender);
        let material = agree_ephemeral(self.private, &peer, |shared| {
            derive(&AUTH, shared, &[b"WebPush: info\0", &public, sender], 32)
        });
        let material = material.unwrap();
        let key = derive(salt, &material, &[b"Content-Encoding: aes128gcm\0"], 16);
        let nonce = derive(salt, &material, &[b"Content-Encoding: nonce\0"], 12);
        let key = LessSafeKey::new(UnboundKey::new(&AES_128_GCM, &key).unwrap());
        let nonce = Nonce::try_assume_unique_for_key(&nonce).unwrap();
        let mut record = record.to_vec();
        let text = key.open_in_place(nonce, Aad::empty(), &mut record).unwrap();
        assert_eq!(text.last(), Some(&2), "the last record ends so");
        serde_json::from_slice(&text[..text.len() - 1]).unwrap()
    }
}

/// A pair for VAPID: public and private, in base64url.
fn pair() -> (String, String) {
    let random = SystemRandom::new();
    let document = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random).unwrap();
    let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, document.as_ref(), &random).unwrap();
    // In a document of ring's the 32 bytes stand behind 36 of frame.
    let private = &document.as_ref()[36..68];
    (URL_SAFE_NO_PAD.encode(pair.public_key().as_ref()), URL_SAFE_NO_PAD.encode(private))
}

async fn pushing(test: TestStore, (public, private): &(String, String)) -> Office {
    let subject = ("VAPID_SUBJECT", "mailto:security@example.com");
    let keys = [("VAPID_PUBLIC_KEY", public.as_str()), ("VAPID_PRIVATE_KEY", private.as_str()), subject];
    let variables: Vec<_> = keys.into_iter().chain([("OUTBOUND_ALLOW_PRIVATE", "true")]).collect();
    office_with(test, &variables).await
}

fn refused(answer: &Answer, status: u16, code: &str) {
    assert_eq!((answer.status.as_u16(), answer.code()), (status, code), "{}", answer.text);
}

#[test]
fn a_browser_reads_what_only_it_can_read_from_who_it_knows() {
    on_both(&migrations(), async |test| {
        let keys = pair();
        let office = pushing(test, &keys).await;
        let (owner, service) = (office.owner().await, Service::start().await);
        assert_eq!(ok(&owner.client.get(PATH).await)["publicKey"], json!(keys.0));
        let browser = Browser::new(&service, "one");
        let subscribed = owner.client.post(PATH, browser.subscription()).await;
        assert_eq!(subscribed.status, StatusCode::CREATED, "{}", subscribed.text);
        service.answers(201);
        office.happen(&owner, &finding("critical")).await;
        let got = service.got();
        assert_eq!(got.len(), 1);
        let (headers, body) = &got[0];
        let header = |name: &str| headers[name].to_str().unwrap().to_owned();
        assert_eq!((header("content-encoding").as_str(), header("urgency").as_str()), ("aes128gcm", "high"));
        let told = browser.read(body);
        assert_eq!(
            (&told["title"], &told["type"]),
            (&json!("1 new finding in team/shop"), &json!("vulnerability_found"))
        );

        // RFC 8292: a token for this push service alone, signed with the key that the browser subscribed with.
        let authorization = header("authorization");
        let (token, key) = authorization.strip_prefix("vapid t=").unwrap().split_once(", k=").unwrap();
        assert_eq!(key, keys.0);
        let (signed, signature) = token.rsplit_once('.').unwrap();
        let point = URL_SAFE_NO_PAD.decode(key).unwrap();
        let verifying = ring::signature::UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point);
        verifying.verify(signed.as_bytes(), &URL_SAFE_NO_PAD.decode(signature).unwrap()).unwrap();
        let claims = URL_SAFE_NO_PAD.decode(signed.split_once('.').unwrap().1).unwrap();
        let claims: Value = serde_json::from_slice(&claims).unwrap();
        assert_eq!((&claims["aud"], &claims["sub"]), (&json!(service.origin), &json!("mailto:security@example.com")));
    });
}

#[test]
fn a_browser_that_is_gone_is_forgotten_and_one_that_is_unsubscribed_is_told_no_more() {
    on_both(&migrations(), async |test| {
        let office = pushing(test, &pair()).await;
        let (owner, service) = (office.owner().await, Service::start().await);
        let subscriptions = async || {
            let sql = "SELECT COUNT(*) AS count FROM push_subscriptions";
            office.test.store.read().await.unwrap().get(sql, &[]).await.unwrap().get::<i64>("count").unwrap()
        };
        let (gone, other) = (Browser::new(&service, "gone"), Browser::new(&service, "other"));
        for browser in [&gone, &other, &other] {
            ok(&owner.client.post(PATH, browser.subscription()).await);
        }
        assert_eq!(subscriptions().await, 2, "the same browser is one");
        let delete =
            async |endpoint: &str| owner.client.send(Method::DELETE, PATH, Some(json!({ "endpoint": endpoint }))).await;
        ok(&delete(&other.endpoint).await);
        refused(&delete(&other.endpoint).await, 404, "NOT_FOUND");
        service.answers(410);
        office.happen(&owner, &finding("critical")).await;
        assert_eq!((service.got().len(), subscriptions().await), (1, 0));
        office.happen(&owner, &finding_in("other", "critical")).await;
        assert_eq!(service.got().len(), 1);
    });
}

#[test]
fn browsers_are_told_as_their_people_chose_and_only_where_push_is_configured() {
    on_both(&migrations(), async |test| {
        let office = pushing(test, &pair()).await;
        let (owner, service) = (office.owner().await, Service::start().await);
        let browser = Browser::new(&service, "one");
        ok(&owner.client.post(PATH, browser.subscription()).await);
        let ways = |push: &str| {
            json!({ "matrix": { "vulnerability_found": { "in_app": "instant", "email": "off", "push": push } },
                "digest": "off", "digestHour": 8, "quietHours": null })
        };
        assert_eq!(choose(&owner, ways("digest")).await.code(), "VALIDATION_ERROR");
        ok(&choose(&owner, ways("off")).await);
        office.happen(&owner, &finding("critical")).await;
        assert!(service.got().is_empty());

        let mut inside = browser.subscription();
        inside["endpoint"] = json!("http://169.254.169.254/latest");
        refused(&owner.client.post(PATH, inside).await, 400, "TARGET_NOT_ALLOWED");
        let mut keyless = browser.subscription();
        keyless["keys"]["auth"] = json!("c2hvcnQ");
        refused(&owner.client.post(PATH, keyless).await, 400, "VALIDATION_ERROR");
    });
    on_both(&migrations(), async |test| {
        let office = office(test).await;
        let owner = office.owner().await;
        let service = Service::start().await;
        refused(&owner.client.get(PATH).await, 409, "PROVIDER_NOT_CONFIGURED");
        let body = Browser::new(&service, "one").subscription();
        refused(&owner.client.post(PATH, body).await, 409, "PROVIDER_NOT_CONFIGURED");
    });
}
