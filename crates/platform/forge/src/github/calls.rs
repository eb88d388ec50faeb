//! Hooks, what was delivered to them, and what is asked of branches.

use rampart_egress::Method;
use rampart_kernel::Secret;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::account::{path_of, segment};
use super::client::Client;
use super::error::Error;
use crate::fields::BranchName;

/// What a hook tells of (spec 03 F8).
const EVENTS: [&str; 4] = ["push", "pull_request", "pull_request_review", "issue_comment"];

/// Deliveries that are looked at: GitHub keeps them for three days.
const MOST_DELIVERIES: usize = 1_000;

#[derive(Deserialize)]
struct Hook {
    id: u64,
}

/// Something that GitHub told, or tried to.
#[derive(Clone, Debug, Deserialize)]
pub struct HookDelivery {
    pub id: u64,
    /// The same for each time it is sent.
    pub guid: String,
    /// Of our answer; 0 when there was none.
    pub status_code: u16,
    pub event: String,
}

/// What GitHub asks for before a branch takes a change.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Protection {
    pub checks: Vec<String>,
}

#[derive(Deserialize)]
struct Protected {
    required_status_checks: Option<Required>,
    enforce_admins: Option<Switch>,
    restrictions: Option<Value>,
    required_pull_request_reviews: Option<Value>,
}

#[derive(Deserialize)]
struct Required {
    #[serde(default)]
    contexts: Vec<String>,
    #[serde(default)]
    strict: bool,
}

#[derive(Deserialize)]
struct Switch {
    enabled: bool,
}

impl Client {
    /// Makes a hook; its id.
    pub async fn create_hook(&self, full_name: &str, url: &str, secret: &Secret) -> Result<String, Error> {
        let path = format!("/repos/{}/hooks", path_of(full_name)?);
        let body = json!({ "name": "web", "active": true, "events": EVENTS, "config": config(url, secret) });
        let hook: Hook = self.change(Method::POST, &path, &body).await?;
        Ok(hook.id.to_string())
    }

    /// Gives a hook another secret, and puts right what somebody may have changed there.
    pub async fn update_hook(&self, full_name: &str, id: &str, url: &str, secret: &Secret) -> Result<(), Error> {
        let path = format!("/repos/{}/hooks/{}", path_of(full_name)?, segment(id));
        let body = json!({ "active": true, "events": EVENTS, "config": config(url, secret) });
        self.tell(Method::PATCH, &path, Some(&body)).await.map(drop)
    }

    /// One that is gone already is gone.
    pub async fn delete_hook(&self, full_name: &str, id: &str) -> Result<(), Error> {
        let path = format!("/repos/{}/hooks/{}", path_of(full_name)?, segment(id));
        match self.tell(Method::DELETE, &path, None::<&Value>).await {
            Ok(_) | Err(Error::NotFound) => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// The newest first.
    pub async fn hook_deliveries(&self, full_name: &str, hook: &str) -> Result<Vec<HookDelivery>, Error> {
        let path = format!("/repos/{}/hooks/{}/deliveries", path_of(full_name)?, segment(hook));
        self.list(&path, MOST_DELIVERIES, |page: Vec<_>| page).await
    }

    /// GitHub tells it again.
    pub async fn redeliver(&self, full_name: &str, hook: &str, delivery: u64) -> Result<(), Error> {
        let path = format!("/repos/{}/hooks/{}/deliveries/{delivery}/attempts", path_of(full_name)?, segment(hook));
        self.tell(Method::POST, &path, None::<&Value>).await.map(drop)
    }

    /// Nothing when the branch is not protected.
    pub async fn protection(&self, full_name: &str, branch: &BranchName) -> Result<Option<Protection>, Error> {
        let path = protection_path(full_name, branch)?;
        let found: Option<Protected> = self.find(&path).await?;
        Ok(found.map(|found| Protection {
            checks: found.required_status_checks.map(|required| required.contexts).unwrap_or_default(),
        }))
    }

    /// The branch takes changes only with these checks; whatever else protects it stays.
    pub async fn require_checks(&self, full_name: &str, branch: &BranchName, checks: &[String]) -> Result<(), Error> {
        let path = protection_path(full_name, branch)?;
        let found: Option<Protected> = self.find(&path).await?;
        match found {
            // A part of its own can be changed without touching the others.
            Some(Protected { required_status_checks: Some(required), .. }) => {
                let body = json!({ "strict": required.strict, "contexts": checks });
                let path = format!("{path}/required_status_checks");
                self.tell(Method::PATCH, &path, Some(&body)).await.map(drop)
            }
            // What would be lost by writing the whole is not written over: reviews and restrictions have more forms than are known.
            Some(found) if found.restrictions.is_some() || found.required_pull_request_reviews.is_some() => {
                Err(Error::Forbidden)
            }
            found => {
                let admins = found.and_then(|found| found.enforce_admins).is_some_and(|switch| switch.enabled);
                let body = json!({
                    "required_status_checks": { "strict": false, "contexts": checks },
                    "enforce_admins": admins,
                    "required_pull_request_reviews": null,
                    "restrictions": null,
                });
                self.tell(Method::PUT, &path, Some(&body)).await.map(drop)
            }
        }
    }

    /// The branch takes changes without these checks; whatever else protects it stays.
    pub async fn release_checks(&self, full_name: &str, branch: &BranchName, checks: &[String]) -> Result<(), Error> {
        let path = protection_path(full_name, branch)?;
        let found: Option<Protected> = self.find(&path).await?;
        let Some(required) = found.and_then(|found| found.required_status_checks) else { return Ok(()) };
        let left: Vec<&String> = required.contexts.iter().filter(|check| !checks.contains(check)).collect();
        let path = format!("{path}/required_status_checks");
        if left.is_empty() {
            return self.tell(Method::DELETE, &path, None::<&Value>).await.map(drop);
        }
        let body = json!({ "strict": required.strict, "contexts": left });
        self.tell(Method::PATCH, &path, Some(&body)).await.map(drop)
    }
}

fn config(url: &str, secret: &Secret) -> Value {
    json!({ "url": url, "content_type": "json", "secret": secret.expose(), "insecure_ssl": "0" })
}

fn protection_path(full_name: &str, branch: &BranchName) -> Result<String, Error> {
    Ok(format!("/repos/{}/branches/{}/protection", path_of(full_name)?, segment(branch.as_str())))
}
