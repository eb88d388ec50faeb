//! Hooks of a project, and what was told by them.

use std::collections::BTreeMap;

use rampart_egress::Method;
use rampart_kernel::Secret;
use serde::Deserialize;
use serde_json::{Value, json};

use super::client::Project;
use crate::remote::transport::segment;
use crate::remote::{Error, HookDelivery};

/// What was told that is looked at: GitLab keeps it for seven days.
const MOST_EVENTS: usize = 1_000;

/// By which GitLab knows what it tells, again and again when it is told again.
const NAME: &str = "idempotency-key";

#[derive(Deserialize)]
struct Hook {
    id: u64,
}

#[derive(Deserialize)]
struct Event {
    id: u64,
    #[serde(default)]
    request_headers: BTreeMap<String, String>,
    /// A number as text, or words where there was no answer.
    #[serde(default)]
    response_status: Option<Value>,
}

impl Project {
    pub async fn create_hook(&self, url: &str, secret: &Secret) -> Result<String, Error> {
        let hook: Hook = self.caller.change(Method::POST, &self.path("/hooks"), &described(url, secret)).await?;
        Ok(hook.id.to_string())
    }

    pub async fn update_hook(&self, id: &str, url: &str, secret: &Secret) -> Result<(), Error> {
        self.caller.tell(Method::PUT, &self.hook(id, ""), Some(&described(url, secret))).await.map(drop)
    }

    pub async fn delete_hook(&self, id: &str) -> Result<(), Error> {
        self.caller.tell(Method::DELETE, &self.hook(id, ""), None::<&Value>).await.map(drop)
    }

    /// The newest first. A GitLab that is older than 17.4 gives what it tells no name, and cannot tell it again.
    pub async fn hook_deliveries(&self, hook: &str) -> Result<Vec<HookDelivery>, Error> {
        let found = self.caller.list(&self.hook(hook, "/events"), MOST_EVENTS, |page: Vec<Event>| page).await?;
        let told = |it: Event| {
            let mut headers = it.request_headers.into_iter();
            let (_, name) = headers.find(|(name, _)| name.eq_ignore_ascii_case(NAME))?;
            let status = match it.response_status {
                Some(Value::String(text)) => text.parse().unwrap_or(0),
                Some(number) => number.as_u64().unwrap_or(0),
                None => 0,
            };
            Some(HookDelivery { id: it.id, name, was_taken: (200..300).contains(&status) })
        };
        Ok(found.into_iter().filter_map(told).collect())
    }

    pub async fn redeliver(&self, hook: &str, delivery: u64) -> Result<(), Error> {
        let path = self.hook(hook, &format!("/events/{delivery}/resend"));
        self.caller.tell(Method::POST, &path, None::<&Value>).await.map(drop)
    }

    fn hook(&self, id: &str, rest: &str) -> String {
        self.path(&format!("/hooks/{}{rest}", segment(id)))
    }
}

fn described(url: &str, secret: &Secret) -> Value {
    json!({
        "url": url,
        "token": secret.expose(),
        "push_events": true,
        "merge_requests_events": true,
        "note_events": true,
        "enable_ssl_verification": true,
    })
}
