//! Findings with all that is said of them, for reports that people hand on: of a scan as it was then, or of a repository as it is now.

use std::collections::{BTreeMap, HashMap, VecDeque};

use rampart_access::{Ctx, Granted};
use rampart_forge::RepositoryId;
use rampart_kernel::Timestamp;
use rampart_report::model::Report;

use crate::access::ReadFindings;
use crate::content::{Content, Detail, contents};
use crate::error::Result;
use crate::identity::Looked;
use crate::model::{ScanId, Severity, Status, VulnerabilityId};
use crate::service::Findings;
use crate::store::described as store;

/// A finding with all that is said of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Described {
    /// Nothing when it is on a branch that is not the repository's own.
    pub id: Option<VulnerabilityId>,
    /// `SQL injection`
    pub kind: String,
    pub rule: String,
    pub severity: Severity,
    pub status: Status,
    pub reason: Option<String>,
    pub is_new: bool,
    pub path: String,
    pub line: u32,
    pub end_line: u32,
    pub description: String,
    pub cwe: Option<String>,
    pub owasp: Option<String>,
    pub cvss: Option<f64>,
    /// `high`, `medium`, `low`
    pub confidence: String,
    pub detected_at: Option<Timestamp>,
    pub detail: Detail,
}

/// What a scan found, and what it found to be gone.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DescribedScan {
    /// In the order of the scan's report.
    pub findings: Vec<Described>,
    pub fixed: BTreeMap<Severity, u64>,
}

/// A repository's findings that are there.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DescribedRepository {
    /// The worst first, at most as many as were asked for.
    pub findings: Vec<Described>,
    /// By severity and status, all there are.
    pub counts: BTreeMap<(Severity, Status), u64>,
}

impl Findings {
    /// The findings of a scan's report, as they were seen then and as people have decided about them since.
    ///
    /// # Errors
    /// When the caller may not look.
    pub async fn describe_scan(&self, ctx: &Ctx, scan: ScanId, report: &Report) -> Result<DescribedScan> {
        let granted: Granted<ReadFindings> = ctx.require()?;
        let seen = store::of_scan(&mut self.store.read().await?, &granted, scan).await?;
        let fixed = seen.iter().filter(|seen| seen.is_fixed).fold(BTreeMap::new(), |mut fixed, seen| {
            *fixed.entry(seen.severity).or_default() += 1;
            fixed
        });
        // By their places in that scan; where several share one, in order.
        let mut known: HashMap<(String, String, u32), VecDeque<store::Seen>> = HashMap::new();
        for seen in seen.into_iter().filter(|seen| !seen.is_fixed) {
            known.entry((seen.rule.clone(), seen.path.clone(), seen.line)).or_default().push_back(seen);
        }
        let contents = contents(report, &Looked::of(report, None));
        let findings = contents.into_iter().map(|content| {
            let place = (content.item.rule.clone(), content.item.path.clone(), content.item.line);
            described(content, known.get_mut(&place).and_then(VecDeque::pop_front))
        });
        Ok(DescribedScan { findings: findings.collect(), fixed })
    }

    /// A repository's findings that are open, or that somebody has decided about.
    ///
    /// # Errors
    /// When the caller may not look.
    pub async fn describe_repository(
        &self,
        ctx: &Ctx,
        repository: RepositoryId,
        limit: usize,
    ) -> Result<DescribedRepository> {
        let granted: Granted<ReadFindings> = ctx.require()?;
        let mut reader = self.store.read().await?;
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let findings = store::of_repository(&mut reader, &granted, repository, limit).await?;
        let counts = store::count(&mut reader, &granted, repository).await?;
        Ok(DescribedRepository { findings, counts })
    }
}

fn described(content: Content, seen: Option<store::Seen>) -> Described {
    let excused = content.excuse.clone();
    let first = if excused.is_some() { Status::Ignored } else { Status::Open };
    Described {
        status: seen.as_ref().map_or(first, |seen| seen.status),
        reason: seen.as_ref().map_or(excused, |seen| seen.reason.clone()),
        is_new: seen.as_ref().is_none_or(|seen| seen.is_new),
        detected_at: seen.as_ref().map(|seen| seen.detected_at),
        id: seen.map(|seen| seen.id),
        kind: content.kind,
        rule: content.item.rule,
        severity: content.severity,
        path: content.item.path,
        line: content.item.line,
        end_line: content.end_line,
        description: content.description,
        cwe: content.cwe_id,
        owasp: content.owasp,
        cvss: content.cvss_score,
        confidence: content.confidence.name().to_owned(),
        detail: content.detail,
    }
}
