//! Hooks of a repository, and what was delivered to them.

use rampart_egress::Method;
use rampart_kernel::Secret;
use serde::Deserialize;
use serde_json::{Value, json};

use super::client::Lot;
use crate::remote::transport::segment;
use crate::remote::{Error, HookDelivery};

/// What a hook tells of (spec 03 F8).
const EVENTS: [&str; 4] = ["push", "pull_request", "pull_request_review", "issue_comment"];

/// Deliveries that are looked at: GitHub keeps them for three days.
const MOST_DELIVERIES: usize = 1_000;

#[derive(Deserialize)]
struct Hook {
    id: u64,
}

#[derive(Deserialize)]
struct Delivery {
    id: u64,
    guid: String,
    /// Of our answer; 0 when there was none.
    status_code: u16,
}

impl Lot {
    pub async fn create_hook(&self, url: &str, secret: &Secret) -> Result<String, Error> {
        let body = json!({ "name": "web", "active": true, "events": EVENTS, "config": config(url, secret) });
        let hook: Hook = self.caller().await?.change(Method::POST, &self.path("/hooks"), &body).await?;
        Ok(hook.id.to_string())
    }

    pub async fn update_hook(&self, id: &str, url: &str, secret: &Secret) -> Result<(), Error> {
        let body = json!({ "active": true, "events": EVENTS, "config": config(url, secret) });
        self.caller().await?.tell(Method::PATCH, &self.hook(id, ""), Some(&body)).await.map(drop)
    }

    pub async fn delete_hook(&self, id: &str) -> Result<(), Error> {
        self.caller().await?.tell(Method::DELETE, &self.hook(id, ""), None::<&Value>).await.map(drop)
    }

    /// The newest first.
    pub async fn hook_deliveries(&self, hook: &str) -> Result<Vec<HookDelivery>, Error> {
        let path = self.hook(hook, "/deliveries");
        let found = self.caller().await?.list(&path, MOST_DELIVERIES, |page: Vec<Delivery>| page).await?;
        let told =
            |it: Delivery| HookDelivery { id: it.id, name: it.guid, was_taken: (200..300).contains(&it.status_code) };
        Ok(found.into_iter().map(told).collect())
    }

    pub async fn redeliver(&self, hook: &str, delivery: u64) -> Result<(), Error> {
        let path = self.hook(hook, &format!("/deliveries/{delivery}/attempts"));
        self.caller().await?.tell(Method::POST, &path, None::<&Value>).await.map(drop)
    }

    fn hook(&self, id: &str, rest: &str) -> String {
        self.path(&format!("/hooks/{}{rest}", segment(id)))
    }
}

fn config(url: &str, secret: &Secret) -> Value {
    json!({ "url": url, "content_type": "json", "secret": secret.expose(), "insecure_ssl": "0" })
}
