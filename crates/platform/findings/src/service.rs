//! The use cases: looking at findings, deciding about them.

use std::collections::BTreeMap;

use rampart_access::audit::{Audit, Record};
use rampart_access::{Ctx, Granted};
use rampart_forge::{Forge, RecordScans, RepositoryId};
use rampart_kernel::Origin;
use rampart_store::{Store, Tx};
use rampart_web::{Page, Paged};

use crate::access::{ReadFindings, TriageFindings};
use crate::error::{Error, Result};
use crate::events::VulnerabilityStatusChanged;
use crate::ingest::hours;
use crate::model::{
    Decider, Decision, FixedBy, ScanId, Severity, Standing, Status, StatusChange, VulnerabilityId, VulnerabilitySummary,
};
use crate::store::figures::{self, Day};
use crate::store::look::{self, Counted, Facet, Filter, Whole};
use crate::store::triage::{self, Judged, NewChange, Occurred};

/// Findings that are decided about at once.
pub const MOST_AT_ONCE: usize = 200;

/// Findings that are handed out as a file.
pub const MOST_EXPORTED: u32 = 10_000;

/// Findings that come back from being ignored in one transaction.
const REOPEN_BATCH: i64 = 500;

/// Clones are the same.
#[derive(Clone)]
pub struct Findings {
    pub(crate) store: Store,
    pub(crate) audit: Audit,
    pub(crate) forge: Forge,
}

/// A list of findings with what it is counted by.
pub struct Listed {
    pub page: Paged<VulnerabilitySummary>,
    pub facets: Vec<(Facet, Vec<Counted>)>,
}

/// What became of findings that were decided about together.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Decided {
    /// With how they stood before: what is needed to take it back.
    pub updated: Vec<(VulnerabilityId, Status)>,
    /// With the code and the words of why not.
    pub failed: Vec<(VulnerabilityId, &'static str, String)>,
}

/// What happened to a finding, the newest first.
pub struct History {
    pub status_changes: Vec<StatusChange>,
    pub occurrences: Vec<Occurred>,
}

impl Findings {
    pub fn new(store: Store, audit: Audit, forge: Forge) -> Findings {
        Findings { store, audit, forge }
    }

    /// A page of what a filter leaves.
    ///
    /// # Errors
    /// When the caller may not look.
    pub async fn list(&self, ctx: &Ctx, filter: &Filter, facets: &[Facet], page: Page) -> Result<Listed> {
        let granted: Granted<ReadFindings> = ctx.require()?;
        let mut reader = self.store.read().await?;
        let items = look::list(&mut reader, &granted, filter, page).await?;
        let total = if filter.is_plain() {
            let census = figures::census(&mut reader, granted.workspace()).await?;
            census.total(&filter.statuses, &filter.severities)
        } else {
            look::count(&mut reader, &granted, filter).await?
        };
        let mut counted = Vec::with_capacity(facets.len());
        for &facet in facets {
            counted.push((facet, look::facet(&mut reader, &granted, filter, facet, None).await?));
        }
        Ok(Listed { page: Paged { items, total, page }, facets: counted })
    }

    /// Values that a list can be narrowed to, the most frequent first.
    ///
    /// # Errors
    /// When the caller may not look.
    pub async fn values(&self, ctx: &Ctx, filter: &Filter, facet: Facet, search: Option<&str>) -> Result<Vec<Counted>> {
        let granted: Granted<ReadFindings> = ctx.require()?;
        Ok(look::facet(&mut self.store.read().await?, &granted, filter, facet, search).await?)
    }

    /// What a filter leaves, in its order, up to [`MOST_EXPORTED`].
    ///
    /// # Errors
    /// When the caller may not look.
    pub async fn export(&self, ctx: &Ctx, filter: &Filter) -> Result<Vec<VulnerabilitySummary>> {
        let granted: Granted<ReadFindings> = ctx.require()?;
        let all = Page { page: 1, limit: MOST_EXPORTED };
        Ok(look::list(&mut self.store.read().await?, &granted, filter, all).await?)
    }

    /// # Errors
    /// When there is none in the caller's workspace.
    pub async fn get(&self, ctx: &Ctx, id: VulnerabilityId) -> Result<Whole> {
        let granted: Granted<ReadFindings> = ctx.require()?;
        Ok(look::get(&mut self.store.read().await?, &granted, id).await?)
    }

    /// # Errors
    /// When there is none in the caller's workspace.
    pub async fn history(&self, ctx: &Ctx, id: VulnerabilityId) -> Result<History> {
        let granted: Granted<ReadFindings> = ctx.require()?;
        let mut reader = self.store.read().await?;
        triage::repository_of(&mut reader, &granted, id).await?;
        let status_changes = triage::changes(&mut reader, id).await?;
        Ok(History { status_changes, occurrences: triage::occurrences(&mut reader, id).await? })
    }

    /// What a scan saw, whole, the worst first. Whether there is such a scan the module above knows.
    ///
    /// # Errors
    /// When the caller may not look.
    pub async fn wholes_of_scan(&self, ctx: &Ctx, scan: ScanId, limit: u32) -> Result<Vec<Whole>> {
        let granted: Granted<ReadFindings> = ctx.require()?;
        Ok(look::wholes_of_scan(&mut self.store.read().await?, &granted, scan, i64::from(limit)).await?)
    }

    /// Findings of a scan, the worst first; `state` is `new`, `existing` or `fixed`. Whether there is such a scan the module above knows.
    ///
    /// # Errors
    /// When the caller may not look.
    pub async fn of_scan(
        &self,
        ctx: &Ctx,
        scan: ScanId,
        state: Option<&str>,
        severity: Option<Severity>,
        page: Page,
    ) -> Result<Paged<VulnerabilitySummary>> {
        let granted: Granted<ReadFindings> = ctx.require()?;
        let mut reader = self.store.read().await?;
        let (items, total) = look::of_scan(&mut reader, &granted, scan, (state, severity), page).await?;
        Ok(Paged { items, total, page })
    }

    /// Decides about one finding.
    ///
    /// # Errors
    /// When there is none in the caller's workspace, or it cannot become that.
    pub async fn decide(&self, ctx: &Ctx, id: VulnerabilityId, decision: &Decision) -> Result<()> {
        let decided = self.decide_all(ctx, &[id], decision, true).await?;
        debug_assert_eq!(decided.updated.len(), 1);
        Ok(())
    }

    /// Decides about several; each for itself, all in one transaction.
    ///
    /// # Errors
    /// When the decision itself cannot be. What some of them cannot become is in the answer.
    pub async fn decide_many(&self, ctx: &Ctx, ids: &[VulnerabilityId], decision: &Decision) -> Result<Decided> {
        if ids.is_empty() || ids.len() > MOST_AT_ONCE {
            return Err(Error::Invalid("ids", format!("are from 1 to {MOST_AT_ONCE}")));
        }
        self.decide_all(ctx, ids, decision, false).await
    }

    async fn decide_all(
        &self,
        ctx: &Ctx,
        ids: &[VulnerabilityId],
        decision: &Decision,
        is_one: bool,
    ) -> Result<Decided> {
        let granted: Granted<TriageFindings> = ctx.require()?;
        decision.check(ctx.now())?;
        let mut tx = self.store.begin(ctx).await?;
        // The repositories first, as scans take them: otherwise each could wait for what the other holds.
        for repository in triage::repositories_of(&mut tx, &granted, ids).await? {
            triage::outdate_plans(&mut tx, repository).await?;
        }
        let judged = triage::lock(&mut tx, &granted, ids).await?;
        let mut decided = Decided::default();
        let mut groups: Vec<(Standing, Vec<&Judged>)> = Vec::new();
        for id in ids {
            let outcome = match judged.iter().find(|one| one.id == *id) {
                None => Err(Error::Store(rampart_store::Error::NotFound)),
                Some(one) => one.standing.decide(decision.status).map(|to| (one, to)),
            };
            match outcome {
                Err(error) if is_one => return Err(error),
                Err(error) => decided.failed.push((*id, error.code(), error.to_string())),
                // Named twice, decided once.
                Ok((one, _)) if decided.updated.iter().any(|(known, _)| *known == one.id) => {}
                Ok((one, to)) => {
                    decided.updated.push((one.id, one.standing.status));
                    match groups.iter_mut().find(|(known, _)| *known == to) {
                        Some((_, group)) => group.push(one),
                        None => groups.push((to, vec![one])),
                    }
                }
            }
        }
        if groups.is_empty() {
            return Ok(decided);
        }
        for (to, group) in &groups {
            self.write_decision(&mut tx, ctx, *to, decision, group).await?;
        }
        let moved: Vec<&Judged> = groups.iter().flat_map(|(_, group)| group.iter().copied()).collect();
        self.count_again(&mut tx, ctx, &moved, decision.status).await?;
        let record = Record::new("vulnerability.status_changed", "vulnerability");
        let record = if let [one] = moved.as_slice() { record.of(one.id) } else { record };
        let before: BTreeMap<String, &str> =
            moved.iter().map(|one| (one.id.to_string(), one.standing.status.name())).collect();
        let before = serde_json::json!(before);
        let after = serde_json::json!({ "status": decision.status, "reason": decision.reason });
        self.audit.record(&mut tx, ctx, record.changed(before, after)).await?;
        tx.commit().await?;
        Ok(decided)
    }

    async fn write_decision(
        &self,
        tx: &mut Tx,
        ctx: &Ctx,
        to: Standing,
        decision: &Decision,
        group: &[&Judged],
    ) -> Result<()> {
        let ids: Vec<VulnerabilityId> = group.iter().map(|one| one.id).collect();
        triage::decide(tx, to, decision, &ids).await?;
        let reason = decision.reason.as_deref().map(str::trim).filter(|reason| !reason.is_empty());
        let changes: Vec<NewChange> = group
            .iter()
            .map(|one| NewChange {
                id: ctx.new_id(),
                vulnerability: one.id,
                from: one.standing.status,
                to: to.status,
                by: ctx.user(),
                reason,
                scan: None,
            })
            .collect();
        triage::insert_changes(tx, &changes).await?;
        for one in group {
            tx.emit(&changed(one, to.status, ctx.user()));
        }
        Ok(())
    }

    /// The figures of the repositories whose findings stand otherwise now.
    async fn count_again(&self, tx: &mut Tx, ctx: &Ctx, moved: &[&Judged], to: Status) -> Result<()> {
        // The program itself writes down what follows from what a person may decide.
        let system = Ctx::of_system(Origin::clone(ctx), "findings");
        let granted: Granted<RecordScans> = system.require()?;
        let mut repositories: BTreeMap<RepositoryId, Day> = BTreeMap::new();
        for one in moved {
            let day = repositories.entry(one.repository).or_default();
            let fixed = u64::from(to == Status::Fixed);
            day.fixed += fixed;
            day.timed += fixed;
            day.timed_hours += if to == Status::Fixed { hours(one.detected_at, ctx.now()) } else { 0.0 };
            day.opened += u64::from(to == Status::Open && one.standing.status == Status::Fixed);
        }
        for (repository, day) in repositories {
            self.recount(tx, &granted, repository, None, day).await?;
        }
        Ok(())
    }

    /// A pull request of Rampart's own was merged: what it was to fix is fixed, until a scan says otherwise.
    ///
    /// # Errors
    /// When there is none in the workspace.
    pub async fn record_fix(&self, tx: &mut Tx, ctx: &Ctx, id: VulnerabilityId) -> Result<()> {
        let granted: Granted<TriageFindings> = ctx.require()?;
        let repository = triage::repository_of(tx, &granted, id).await?;
        triage::outdate_plans(tx, repository).await?;
        let judged = triage::lock(tx, &granted, &[id]).await?;
        let one = judged.first().ok_or(rampart_store::Error::NotFound)?;
        if one.standing.status != Status::Open {
            return Ok(());
        }
        let to = Standing { status: Status::Fixed, decider: Decider::Scan, fixed_by: Some(FixedBy::FixPr) };
        let decision = Decision { status: Status::Fixed, reason: None, ignored_until: None };
        self.write_decision(tx, ctx, to, &decision, &[one]).await?;
        let granted: Granted<RecordScans> = Ctx::of_system(Origin::clone(ctx), "findings").require()?;
        let timed_hours = hours(one.detected_at, ctx.now());
        let day = Day { fixed: 1, auto_fixed: 1, timed: 1, timed_hours, ..Day::default() };
        self.recount(tx, &granted, one.repository, None, day).await.map(drop)
    }

    /// Findings come back whose time of being ignored is over; how many.
    ///
    /// # Errors
    /// As the database answers.
    pub async fn reopen_due(&self, origin: &Origin) -> Result<u64> {
        let mut count = 0;
        loop {
            let due = triage::due(&mut self.store.read().await?, origin.now(), REOPEN_BATCH).await?;
            if due.is_empty() {
                return Ok(count);
            }
            for group in due.chunk_by(|a, b| a.repository == b.repository) {
                let ctx = Ctx::of_system(origin.clone().in_workspace(Some(group[0].workspace)), "findings");
                let mut tx = self.store.begin(&ctx).await?;
                let ids: Vec<VulnerabilityId> = group.iter().map(|one| one.id).collect();
                triage::outdate_plans(&mut tx, group[0].repository).await?;
                let reopened = triage::reopen(&mut tx, &ids).await?;
                let moved: Vec<&Judged> = group.iter().filter(|one| reopened.contains(&one.id)).collect();
                let changes: Vec<NewChange> = moved
                    .iter()
                    .map(|one| NewChange {
                        id: ctx.new_id(),
                        vulnerability: one.id,
                        from: Status::Ignored,
                        to: Status::Open,
                        by: None,
                        reason: Some("the time of being ignored is over"),
                        scan: None,
                    })
                    .collect();
                triage::insert_changes(&mut tx, &changes).await?;
                for one in &moved {
                    tx.emit(&changed(one, Status::Open, None));
                }
                if !moved.is_empty() {
                    self.count_again(&mut tx, &ctx, &moved, Status::Open).await?;
                }
                tx.commit().await?;
                count += moved.len() as u64;
            }
        }
    }
}

fn changed(one: &Judged, to: Status, user_id: Option<rampart_kernel::UserId>) -> VulnerabilityStatusChanged {
    VulnerabilityStatusChanged {
        vuln_id: one.id,
        repository_id: one.repository,
        severity: one.severity,
        from: one.standing.status,
        to,
        user_id,
    }
}
