//! Bringing in what other tools have found: a scan that has run elsewhere.

mod plain;
mod read;
mod sarif;

use std::collections::BTreeMap;

use rampart_access::audit::Record;
use rampart_access::{Ctx, Granted};
use rampart_forge::{RecordScans, RepositoryId};
use rampart_kernel::{Origin, Timestamp};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use self::read::{Imported, read};
use crate::access::ImportFindings;
use crate::error::{Error, Result};
use crate::events::FindingsImported;
use crate::identity::Change;
use crate::ingest::{Ingest, Ingested, Scope};
use crate::model::ScanId;
use crate::service::Findings;

/// What has become of an import, in the shape of a scan.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ImportedScan {
    #[schema(value_type = String)]
    pub id: ScanId,
    #[schema(value_type = String)]
    pub repository_id: RepositoryId,
    pub repository_name: String,
    pub commit_hash: Option<String>,
    /// `import`
    pub trigger_type: &'static str,
    /// `completed`: it is in the list of findings.
    pub status: &'static str,
    pub progress: u32,
    #[schema(value_type = String, format = DateTime)]
    pub started_at: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    pub completed_at: Timestamp,
    /// Files that the tools say they have looked at.
    pub files_scanned: u64,
    pub vulnerabilities_found: u64,
    pub new_vulnerabilities: u64,
    pub fixed_vulnerabilities: u64,
    /// Open findings by severity.
    pub severity_counts: BTreeMap<String, u64>,
    /// Results that name no place in the repository.
    pub left_out: u64,
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
}

/// How often a plan is made anew when somebody decides about findings meanwhile.
const TRIES: u32 = 5;

impl Findings {
    /// Reads a file of other tools and writes down what is in it: all of it or nothing.
    ///
    /// # Errors
    /// When there is no such repository in the caller's workspace, or the file is not as it should be.
    pub async fn import(
        &self,
        ctx: &Ctx,
        repository: RepositoryId,
        commit: Option<&str>,
        document: Value,
    ) -> Result<ImportedScan> {
        let granted: Granted<ImportFindings> = ctx.require()?;
        let is_hash = |hash: &str| (7..=64).contains(&hash.len()) && hash.bytes().all(|byte| byte.is_ascii_hexdigit());
        if commit.is_some_and(|hash| !is_hash(hash)) {
            return Err(Error::Invalid("commitHash", "is 7 to 64 hexadecimal digits".to_owned()));
        }
        let found = self.forge.find_in(&mut self.store.read().await?, &granted, repository).await?;
        let imported = read(document)?;
        // Writing down what a scan came to is the program's own work; the right to import was asked for above.
        let system = Ctx::of_system(Origin::clone(ctx), "import");
        let (scan, begun) = (ctx.new_id(), ctx.now());
        let sum = self.write_import(ctx, &system, repository, scan, commit, &imported).await?;
        let files: u64 = imported.reports.iter().map(|report| report.coverage.scanned.len() as u64).sum();
        Ok(ImportedScan {
            id: scan,
            repository_id: repository,
            repository_name: found.summary.full_name,
            commit_hash: commit.map(str::to_owned),
            trigger_type: "import",
            status: "completed",
            progress: 100,
            started_at: begun,
            completed_at: ctx.now(),
            files_scanned: files,
            vulnerabilities_found: sum.found,
            new_vulnerabilities: sum.new,
            fixed_vulnerabilities: sum.fixed,
            severity_counts: sum.severity_counts.iter().map(|(one, count)| (one.name().to_owned(), *count)).collect(),
            left_out: imported.left_out,
            created_at: begun,
        })
    }

    async fn write_import(
        &self,
        ctx: &Ctx,
        system: &Ctx,
        repository: RepositoryId,
        scan: ScanId,
        commit: Option<&str>,
        imported: &Imported,
    ) -> Result<Ingested> {
        let granted: Granted<RecordScans> = system.require()?;
        let mut tries = 0;
        'again: loop {
            tries += 1;
            let mut plans = Vec::with_capacity(imported.reports.len());
            for report in &imported.reports {
                let (scope, change) = (Scope::Import, Change::Unknown);
                let ingest = Ingest { repository, scan, report, scope, change, files: None };
                plans.push(self.plan(system, &ingest).await?);
            }
            let mut tx = self.store.begin(ctx).await?;
            let mut sum = Ingested::default();
            for (written, plan) in plans.iter_mut().enumerate() {
                // Tools do not see one another's findings: the plan of one holds though another was written.
                plan.follow(written);
                match self.record(&mut tx, &granted, plan).await {
                    Err(Error::Outdated) if tries < TRIES => {
                        tx.roll_back().await?;
                        continue 'again;
                    }
                    Err(error) => return Err(error),
                    Ok(one) => add(&mut sum, one),
                }
            }
            let tools = imported.reports.iter().map(|report| report.tool.name.clone()).collect();
            tx.emit(&FindingsImported {
                repository_id: repository,
                scan_id: scan,
                commit_hash: commit.map(str::to_owned),
                user_id: ctx.user(),
                tools,
                found: sum.found,
                new: sum.new,
                fixed: sum.fixed,
                left_out: imported.left_out,
            });
            let record = Record::new("findings.imported", "repository").of(repository).detail("found", sum.found);
            self.audit.record(&mut tx, ctx, record).await?;
            tx.commit().await?;
            return Ok(sum);
        }
    }
}

fn add(sum: &mut Ingested, one: Ingested) {
    sum.found += one.found;
    sum.new += one.new;
    sum.reopened += one.reopened;
    sum.existing += one.existing;
    sum.fixed += one.fixed;
    sum.not_observed += one.not_observed;
    for (severity, count) in one.severity_counts {
        *sum.severity_counts.entry(severity).or_default() += count;
    }
    (sum.open, sum.score) = (one.open, one.score);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Severity;

    #[test]
    fn what_tools_found_is_added_up() {
        let one =
            |found, severity| Ingested { found, severity_counts: [(severity, found)].into(), ..Ingested::default() };
        let mut sum = Ingested::default();
        add(&mut sum, one(2, Severity::High));
        add(&mut sum, one(3, Severity::High));
        assert_eq!((sum.found, sum.severity_counts[&Severity::High]), (5, 5));
    }
}
