//! `rampart scan --upload`: what was found here goes into the platform's list.

use rampart_report::model::Report;
use rampart_report::sarif;
use serde_json::Value;

use super::findings::encoded;
use super::remote;
use crate::failure::{Failure, one_line};

/// Sends a report to a repository of the platform, by its name or its id.
pub fn upload(report: &Report, name: &str, commit: Option<&str>) -> Result<(), Failure> {
    let mut bytes = Vec::new();
    sarif::write(report, &mut bytes)?;
    let document: Value = serde_json::from_slice(&bytes).map_err(Failure::new)?;
    crate::platform::run(async {
        let (remote, _, _) = remote()?;
        let (id, whole) = super::repository(&remote, name).await?;
        let query = commit.map(|hash| format!("?commitHash={}", encoded(hash))).unwrap_or_default();
        let scan = remote.post(&format!("/repositories/{id}/findings/import{query}"), &document).await?;
        eprintln!(
            "Sent to {}: {} findings, {} new, {} fixed. See {}/app/findings?repo={id}",
            one_line(&whole),
            scan["vulnerabilitiesFound"],
            scan["newVulnerabilities"],
            scan["fixedVulnerabilities"],
            remote.server
        );
        Ok(())
    })
}
