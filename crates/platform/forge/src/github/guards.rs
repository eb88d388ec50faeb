//! Which checks GitHub asks for before a branch takes a change.

use rampart_egress::Method;
use serde::Deserialize;
use serde_json::{Value, json};

use super::client::Lot;
use crate::fields::BranchName;
use crate::model::Provider;
use crate::remote::Error;
use crate::remote::transport::segment;

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

impl Lot {
    /// None when the branch is not protected.
    pub async fn required_checks(&self, branch: &BranchName) -> Result<Vec<String>, Error> {
        let required = self.protected(branch).await?.and_then(|found| found.required_status_checks);
        Ok(required.map(|required| required.contexts).unwrap_or_default())
    }

    pub async fn require_checks(&self, branch: &BranchName, checks: &[String]) -> Result<(), Error> {
        let (caller, path) = (self.caller().await?, self.protection(branch));
        match self.protected(branch).await? {
            // A part of its own can be changed without touching the others.
            Some(Protected { required_status_checks: Some(required), .. }) => {
                let body = json!({ "strict": required.strict, "contexts": checks });
                let path = format!("{path}/required_status_checks");
                caller.tell(Method::PATCH, &path, Some(&body)).await.map(drop)
            }
            // What would be lost by writing the whole is not written over: reviews and restrictions have more forms than are known.
            Some(found) if found.restrictions.is_some() || found.required_pull_request_reviews.is_some() => {
                Err(Error::Forbidden(Provider::Github))
            }
            found => {
                let admins = found.and_then(|found| found.enforce_admins).is_some_and(|switch| switch.enabled);
                let body = json!({
                    "required_status_checks": { "strict": false, "contexts": checks },
                    "enforce_admins": admins,
                    "required_pull_request_reviews": null,
                    "restrictions": null,
                });
                caller.tell(Method::PUT, &path, Some(&body)).await.map(drop)
            }
        }
    }

    pub async fn release_checks(&self, branch: &BranchName, checks: &[String]) -> Result<(), Error> {
        let found = self.protected(branch).await?;
        let Some(required) = found.and_then(|found| found.required_status_checks) else { return Ok(()) };
        let left: Vec<&String> = required.contexts.iter().filter(|check| !checks.contains(check)).collect();
        let path = format!("{}/required_status_checks", self.protection(branch));
        let caller = self.caller().await?;
        if left.is_empty() {
            return caller.tell(Method::DELETE, &path, None::<&Value>).await.map(drop);
        }
        let body = json!({ "strict": required.strict, "contexts": left });
        caller.tell(Method::PATCH, &path, Some(&body)).await.map(drop)
    }

    async fn protected(&self, branch: &BranchName) -> Result<Option<Protected>, Error> {
        self.caller().await?.find(&self.protection(branch)).await
    }

    fn protection(&self, branch: &BranchName) -> String {
        self.path(&format!("/branches/{}/protection", segment(branch.as_str())))
    }
}
