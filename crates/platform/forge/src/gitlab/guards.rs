//! What GitLab asks for before a branch takes a change: that all pipelines have succeeded, those of statuses from outside among them. It
//! has this one switch for a project, and none for a check of its own.

use rampart_egress::Method;
use serde::Deserialize;
use serde_json::json;

use super::client::Project;
use crate::fields::BranchName;
use crate::remote::{CHECK, Error};

#[derive(Deserialize)]
struct Switches {
    #[serde(default)]
    only_allow_merge_if_pipeline_succeeds: bool,
}

impl Project {
    /// Ours is one of all that are asked for.
    pub async fn required_checks(&self, _branch: &BranchName) -> Result<Vec<String>, Error> {
        let found: Switches = self.caller.get(&self.path("")).await?;
        let named = found.only_allow_merge_if_pipeline_succeeds.then(|| CHECK.to_owned());
        Ok(named.into_iter().collect())
    }

    pub async fn require_checks(&self, _branch: &BranchName, _checks: &[String]) -> Result<(), Error> {
        self.switch(true).await
    }

    pub async fn release_checks(&self, _branch: &BranchName, _checks: &[String]) -> Result<(), Error> {
        self.switch(false).await
    }

    async fn switch(&self, on: bool) -> Result<(), Error> {
        let body = json!({ "only_allow_merge_if_pipeline_succeeds": on });
        self.caller.tell(Method::PUT, &self.path(""), Some(&body)).await.map(drop)
    }
}
