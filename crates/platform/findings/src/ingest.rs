//! What a scan found becomes findings: first a plan is made, which reads and compares; then it is written, in one transaction that
//! lasts as long as writing does.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use rampart_access::{Ctx, Granted};
use rampart_forge::{Counts, RecordScans, RepositoryId};
use rampart_kernel::{Origin, Timestamp};
use rampart_report::model::{Report, SkipReason};
use rampart_store::{Sql, Tx};

use crate::content::{Content, contents};
use crate::error::{Error, Result};
use crate::events::{Found, VulnerabilitiesFound, VulnerabilityFound, VulnerabilityStatusChanged};
use crate::identity::{Absence, Change, Item, Known, Looked, Pair, Pass, Unseen, absence, pair};
use crate::model::{ScanId, Severity, Standing, Status, VulnerabilityId};
use crate::scores;
use crate::service::Findings;
use crate::store::figures::{self, Day, Figures, WHOLE};
use crate::store::ingest::{self as store, Occurrence, Scene, State, Stored, Write};
use crate::store::triage::{self, NewChange};

/// Findings that one scan may bring: they are written in one turn of the writer, which takes two seconds at most.
pub const MOST_FINDINGS: usize = 20_000;

/// Findings of one scan that are told one by one, to those who watch as it happens, the worst first. All of them are in the list.
const TOLD: usize = 100;

/// What a scan came to, on the default branch of a repository.
#[derive(Clone, Debug)]
pub struct Ingest<'a> {
    pub repository: RepositoryId,
    pub scan: ScanId,
    pub report: &'a Report,
    pub scope: Scope,
    /// What happened since the commit of the last scan that was written down.
    pub change: Change,
    /// Every file of the commit, scanned or not; nothing when the caller does not know.
    pub files: Option<HashSet<String>>,
}

/// What the scan was about. Whatever it was, it says nothing of what other tools have found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scope {
    /// All files: it measures the repository.
    Whole,
    /// These files, by what they were called at the last scan; findings elsewhere stay as they are.
    Files(BTreeSet<String>),
    /// What another tool has looked at: it measures nothing.
    Import,
}

/// What would be written, ready to be.
pub struct Plan {
    repository: RepositoryId,
    repository_name: String,
    scan: ScanId,
    /// Of the repository's findings: the plan holds for this state of them.
    revision: i64,
    statements: Vec<Sql>,
    told: Vec<Told>,
    /// All of those, by severity.
    counts: BTreeMap<Severity, u64>,
    moved: Vec<VulnerabilityStatusChanged>,
    ingested: Ingested,
    timed_hours: f64,
    /// Lines of code and the part of it that was looked at, of a scan of all.
    size: Option<(u64, f64)>,
    wall_ms: u64,
}

/// A finding that is told of: new, or back.
struct Told {
    id: VulnerabilityId,
    severity: Severity,
    kind: String,
    path: String,
    line: u32,
}

/// What a scan brought beside what is stored.
struct Compared {
    repository_name: String,
    revision: i64,
    known: Vec<Stored>,
    contents: Vec<Content>,
    pairs: Vec<Pair>,
    absent: Vec<(usize, Absence)>,
}

/// What was written.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Ingested {
    /// Findings of the scan.
    pub found: u64,
    pub new: u64,
    /// Seen again after they were fixed.
    pub reopened: u64,
    pub existing: u64,
    pub fixed: u64,
    /// Neither seen nor known to be fixed.
    pub not_observed: u64,
    /// Open findings of the scan.
    pub severity_counts: BTreeMap<Severity, u64>,
    /// Open findings of the repository.
    pub open: u64,
    pub score: Option<u32>,
}

/// Which findings of a report a stored state knows: for changes that are judged before they are part of the default branch.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Comparison {
    /// By the findings' places in the report: the stored finding that it is; nothing when it is new.
    pub known: Vec<Option<VulnerabilityId>>,
    /// Stored open findings that would be fixed.
    pub fixed: Vec<VulnerabilityId>,
}

impl Findings {
    /// Reads what is stored, compares, and makes ready what is to be written. Nothing is written.
    ///
    /// # Errors
    /// [`Error::TooMany`]; otherwise as the database answers.
    pub async fn plan(&self, ctx: &Ctx, ingest: &Ingest<'_>) -> Result<Plan> {
        let granted: Granted<RecordScans> = ctx.require()?;
        let compared = self.look(&granted, ingest).await?;
        let (workspace, repository, scan) = (granted.workspace(), ingest.repository, ingest.scan);
        let scene = Scene { workspace, repository, scan, now: ctx.now() };
        let mut work = Work::of(&compared, scene, ctx);
        work.moved.sort_by_key(|moved| std::cmp::Reverse(moved.severity));
        work.moved.truncate(TOLD);
        let statements = work.statements(scene)?;
        let (told, counts) = (work.told(), work.counts());
        let size =
            (ingest.scope == Scope::Whole).then(|| (ingest.report.coverage.lines_scanned, coverage(ingest.report)));
        Ok(Plan {
            repository,
            repository_name: compared.repository_name.clone(),
            scan,
            revision: compared.revision,
            statements,
            told,
            counts,
            moved: work.moved,
            ingested: work.ingested,
            timed_hours: work.timed_hours,
            size,
            wall_ms: ingest.report.coverage.wall_ms,
        })
    }

    async fn look(&self, granted: &Granted<RecordScans>, ingest: &Ingest<'_>) -> Result<Compared> {
        let found = ingest.report.findings.len();
        if found > MOST_FINDINGS {
            return Err(Error::TooMany { found, limit: MOST_FINDINGS });
        }
        let looked = Looked::of(ingest.report, ingest.files.clone());
        let contents = contents(ingest.report, &looked);
        let mut reader = self.store.read().await?;
        // Of another workspace's repository there is none.
        let repository_name = self.forge.find_in(&mut reader, granted, ingest.repository).await?.summary.full_name;
        let revision = store::revision(&mut reader, ingest.repository).await?;
        let files = scope_files(ingest, &contents);
        let files: Option<Vec<&str>> = files.as_ref().map(|files| files.iter().map(String::as_str).collect());
        let tool = ingest.report.tool.name.as_str();
        let mut known = store::present(&mut reader, ingest.repository, tool, files.as_deref()).await?;
        rename_rules(ingest.report, &mut known);
        let items: Vec<Item> = contents.iter().map(|content| content.item.clone()).collect();
        let candidates: Vec<Known> = known.iter().map(|stored| stored.known.clone()).collect();
        let mut pairs = pair(&candidates, &items, &ingest.change);
        let is_seen: HashSet<usize> = pairs.iter().map(|pair| pair.known).collect();
        let absent = (0..known.len()).filter(|index| !is_seen.contains(index));
        let absent = absent.filter(|&index| is_in_scope(&known[index], &ingest.scope));
        let absent = absent.map(|index| (index, absence(&known[index].place, &looked, &ingest.change))).collect();
        self.reopen(&mut reader, ingest.repository, &contents, &mut known, &mut pairs).await?;
        Ok(Compared { repository_name, revision, known, contents, pairs, absent })
    }

    /// What is new may be something that was fixed before: the same code in the same place.
    async fn reopen(
        &self,
        reader: &mut rampart_store::Reader,
        repository: RepositoryId,
        contents: &[Content],
        known: &mut Vec<Stored>,
        pairs: &mut Vec<Pair>,
    ) -> Result<()> {
        let is_paired: HashSet<usize> = pairs.iter().map(|pair| pair.new).collect();
        let new: Vec<usize> = (0..contents.len()).filter(|index| !is_paired.contains(index)).collect();
        let fingerprints: Vec<String> = new.iter().map(|&index| contents[index].fingerprint()).collect();
        let mut fixed: HashMap<String, Vec<Stored>> = HashMap::new();
        for stored in store::fixed(reader, repository, &fingerprints).await? {
            fixed.entry(crate::content::fingerprint(&stored.known.item.signatures)).or_default().push(stored);
        }
        for (new, fingerprint) in new.into_iter().zip(fingerprints) {
            // The newest comes first.
            if let Some(stored) = fixed.get_mut(&fingerprint).filter(|all| !all.is_empty()).map(|all| all.remove(0)) {
                pairs.push(Pair { known: known.len(), new, pass: Pass::Match });
                known.push(stored);
            }
        }
        pairs.sort_by_key(|pair| pair.new);
        Ok(())
    }

    /// Writes a plan down.
    ///
    /// # Errors
    /// [`Error::Outdated`] when the findings have changed since it was made; otherwise as the database answers.
    pub async fn record(&self, tx: &mut Tx, granted: &Granted<RecordScans>, plan: &Plan) -> Result<Ingested> {
        if !store::take(tx, granted, plan.repository, plan.revision).await? {
            return Err(Error::Outdated);
        }
        for sql in &plan.statements {
            tx.execute(sql.text(), sql.params()).await?;
        }
        plan.tell(tx);
        let Ingested { new, reopened, fixed, .. } = plan.ingested;
        let day = Day {
            opened: new + reopened,
            fixed,
            timed: fixed,
            timed_hours: plan.timed_hours,
            scans: 1,
            scan_ms: plan.wall_ms,
            ..Day::default()
        };
        let figures = self.recount(tx, granted, plan.repository, plan.size, day).await?;
        Ok(Ingested { open: figures.census.open(), score: figures.score, ..plan.ingested.clone() })
    }

    /// Plans and writes, in a transaction of its own; again when somebody was quicker.
    ///
    /// # Errors
    /// As [`Findings::plan`] and [`Findings::record`].
    pub async fn ingest(&self, ctx: &Ctx, ingest: &Ingest<'_>) -> Result<Ingested> {
        let granted: Granted<RecordScans> = ctx.require()?;
        let mut tries = 0;
        loop {
            let plan = self.plan(ctx, ingest).await?;
            let mut tx = self.store.begin(ctx).await?;
            tries += 1;
            match self.record(&mut tx, &granted, &plan).await {
                Err(Error::Outdated) if tries < TRIES => tx.roll_back().await?,
                Err(error) => return Err(error),
                Ok(ingested) => {
                    tx.commit().await?;
                    return Ok(ingested);
                }
            }
        }
    }

    /// Compares without writing, for a change that is not part of the default branch yet.
    ///
    /// # Errors
    /// As [`Findings::plan`].
    pub async fn compare(&self, granted: &Granted<RecordScans>, ingest: &Ingest<'_>) -> Result<Comparison> {
        let compared = self.look(granted, ingest).await?;
        let mut known = vec![None; compared.contents.len()];
        for pair in &compared.pairs {
            known[pair.new] = Some(compared.known[pair.known].id);
        }
        let gone = compared.absent.iter().filter(|(_, absence)| *absence == Absence::Fixed);
        let gone = gone.map(|(index, _)| &compared.known[*index]);
        let fixed = gone.filter(|stored| stored.standing.status == Status::Open).map(|stored| stored.id).collect();
        Ok(Comparison { known, fixed })
    }

    /// Counts the repository's findings, and keeps the numbers that are made of them.
    pub(crate) async fn recount(
        &self,
        tx: &mut Tx,
        granted: &Granted<RecordScans>,
        repository: RepositoryId,
        size: Option<(u64, f64)>,
        mut day: Day,
    ) -> Result<Figures> {
        let (census, open) = figures::count(tx, repository).await?;
        let mut figures = figures::of_repository(tx, granted, repository).await?;
        if let Some((lines, coverage)) = size {
            (figures.lines_of_code, figures.coverage) = (lines, Some(coverage));
        }
        let rating = scores::rate(&open, figures.lines_of_code, figures.coverage);
        (figures.census, figures.score, figures.risk) = (census, rating.score, rating.risk);
        figures::save(tx, repository, &figures).await?;
        let small = |severity| u32::try_from(figures.census.count(Status::Open, severity)).unwrap_or(u32::MAX);
        let counts = Counts {
            total: u32::try_from(figures.census.open()).unwrap_or(u32::MAX),
            critical: small(Severity::Critical),
            high: small(Severity::High),
            medium: small(Severity::Medium),
            low: small(Severity::Low),
            score: figures.score,
        };
        self.forge.record_counts(tx, granted, repository, &counts).await?;
        let workspace = granted.workspace();
        (day.census, day.score, day.risk) = (figures.census.clone(), figures.score, figures.risk);
        figures::add_day(tx, workspace, rampart_kernel::Id::uuid(repository), &day).await?;
        let (all, ..) = figures::of_workspace(tx, workspace).await?;
        day.census = figures::census(tx, workspace).await?;
        (day.score, day.risk) = (scores::overall_score(&all), scores::portfolio_risk(&all));
        figures::add_day(tx, workspace, WHOLE, &day).await?;
        Ok(figures)
    }
}

/// Repositories that are listed at once.
const RECALCULATED: i64 = 500;

impl Findings {
    /// Counts the findings of every repository anew: whatever a mistake has made of the figures lasts some hours. How many there are.
    ///
    /// # Errors
    /// As the database answers.
    pub async fn recalculate(&self, origin: &Origin) -> Result<u64> {
        let (mut count, mut after) = (0, None);
        loop {
            let every = figures::every(&mut self.store.read().await?, after, RECALCULATED).await?;
            let Some((last, _)) = every.last() else { return Ok(count) };
            after = Some(*last);
            for (repository, workspace) in every {
                let ctx = Ctx::of_system(origin.clone().in_workspace(Some(workspace)), "findings");
                let granted: Granted<RecordScans> = ctx.require()?;
                let mut tx = self.store.begin(&ctx).await?;
                // Held, so that nobody decides while it is counted.
                triage::outdate_plans(&mut tx, repository).await?;
                self.recount(&mut tx, &granted, repository, None, Day::default()).await?;
                tx.commit().await?;
                count += 1;
            }
        }
    }
}

/// How often a plan is made anew when somebody decides about findings meanwhile.
const TRIES: u32 = 5;

/// The files whose stored findings the scan could have seen; nothing for all.
fn scope_files(ingest: &Ingest, contents: &[Content]) -> Option<BTreeSet<String>> {
    let Scope::Files(files) = &ingest.scope else { return None };
    // Data that comes from a changed file may end in another.
    Some(files.iter().cloned().chain(contents.iter().map(|content| content.item.path.clone())).collect())
}

fn is_in_scope(stored: &Stored, scope: &Scope) -> bool {
    match scope {
        Scope::Whole | Scope::Import => true,
        Scope::Files(files) => files.contains(&stored.place.path),
    }
}

/// Rules that have another name now: `metadata.aliases` has the ones they had.
fn rename_rules(report: &Report, known: &mut [Stored]) {
    let mut names: HashMap<&str, &str> = HashMap::new();
    for rule in &report.rules {
        let aliases = rule.metadata.get("aliases").and_then(serde_json::Value::as_array);
        for alias in aliases.into_iter().flatten().filter_map(serde_json::Value::as_str) {
            names.insert(alias, &rule.id);
        }
    }
    // A name that is in use is nobody's old one.
    for rule in &report.rules {
        names.remove(rule.id.as_str());
    }
    for stored in known {
        if let Some(name) = names.get(stored.place.rule.as_str()) {
            stored.place.rule = (*name).to_owned();
            stored.known.item.rule = (*name).to_owned();
        }
    }
}

/// Endings of files that hold code, whether or not there are rules for them: what is not code does not count as not covered.
const CODE: [&str; 30] = [
    "py", "js", "jsx", "mjs", "cjs", "ts", "tsx", "java", "go", "rb", "php", "c", "h", "cc", "cpp", "hpp", "cs", "kt",
    "kts", "swift", "rs", "scala", "m", "mm", "sh", "pl", "lua", "dart", "ex", "vue",
];

/// The part of the code's files that was looked at, in 0..1.
fn coverage(report: &Report) -> f64 {
    let coverage = &report.coverage;
    let is_code = |path: &str| path.rsplit_once('.').is_some_and(|(_, ending)| CODE.contains(&ending));
    let missed = coverage.skipped.iter().filter(|skipped| {
        let matters =
            skipped.reason.is_failure() || matches!(skipped.reason, SkipReason::NoRules | SkipReason::TooLarge);
        matters && is_code(&skipped.path)
    });
    let missed = missed.count() as f64 + coverage.partially_parsed.iter().map(|part| part.share_of_lines).sum::<f64>();
    let all = coverage.files_scanned as f64 + missed;
    if all > 0.0 { ((coverage.files_scanned as f64) / all).clamp(0.0, 1.0) } else { 1.0 }
}

/// Findings that stand otherwise now, all in the same way.
struct Stand<'p> {
    to: Standing,
    reason: Option<&'p str>,
    ids: Vec<VulnerabilityId>,
}

/// A plan, sorted into what is written together.
struct Work<'p> {
    writes: Vec<Write<'p>>,
    seen: Vec<VulnerabilityId>,
    lost: Vec<(Unseen, Vec<VulnerabilityId>)>,
    stand: Vec<Stand<'p>>,
    occurrences: Vec<Occurrence<'p>>,
    changes: Vec<NewChange<'p>>,
    /// Those that are new or came back: the finding's place in the scan, and its id.
    told: Vec<(usize, VulnerabilityId)>,
    contents: &'p [Content],
    scene: Scene,
    moved: Vec<VulnerabilityStatusChanged>,
    ingested: Ingested,
    timed_hours: f64,
}

impl<'p> Work<'p> {
    fn of(plan: &'p Compared, scene: Scene, origin: &Origin) -> Work<'p> {
        let mut work = Work {
            writes: Vec::new(),
            seen: Vec::new(),
            lost: Vec::new(),
            stand: Vec::new(),
            occurrences: Vec::with_capacity(plan.contents.len() + plan.absent.len()),
            changes: Vec::new(),
            told: Vec::new(),
            contents: &plan.contents,
            scene,
            moved: Vec::new(),
            ingested: Ingested { found: plan.contents.len() as u64, ..Ingested::default() },
            timed_hours: 0.0,
        };
        let mut pairs = plan.pairs.iter().peekable();
        for (index, content) in plan.contents.iter().enumerate() {
            let standing = match pairs.next_if(|pair| pair.new == index) {
                Some(pair) => work.again(plan, origin, content, pair),
                None => work.first(origin, index, content),
            };
            if standing.status == Status::Open {
                *work.ingested.severity_counts.entry(content.severity).or_default() += 1;
            }
        }
        for (index, absence) in &plan.absent {
            work.absent(origin, &plan.known[*index], *absence);
        }
        work
    }

    fn statements(&self, scene: Scene) -> Result<Vec<Sql>> {
        let mut out = Vec::new();
        store::write(scene, &self.writes, &mut out)?;
        store::see(scene, &self.seen, &mut out);
        for (why, ids) in &self.lost {
            store::lose(scene, *why, ids, &mut out);
        }
        for group in &self.stand {
            store::stand(scene, group.to, group.reason, &group.ids, &mut out);
        }
        store::occur(scene, &self.occurrences, &mut out);
        triage::write_changes(scene.now, &self.changes, &mut out);
        Ok(out)
    }

    /// The worst first, and no more than anybody reads.
    fn told(&self) -> Vec<Told> {
        let mut told: Vec<(usize, VulnerabilityId)> = self.told.clone();
        told.sort_by_key(|(index, _)| (std::cmp::Reverse(self.contents[*index].severity), *index));
        let told = told.into_iter().take(TOLD).map(|(index, id)| {
            let Content { severity, kind, item, .. } = &self.contents[index];
            Told { id, severity: *severity, kind: kind.clone(), path: item.path.clone(), line: item.line }
        });
        told.collect()
    }

    fn counts(&self) -> BTreeMap<Severity, u64> {
        let mut counts = BTreeMap::new();
        for (index, _) in &self.told {
            *counts.entry(self.contents[*index].severity).or_default() += 1;
        }
        counts
    }

    fn first(&mut self, origin: &Origin, index: usize, content: &'p Content) -> Standing {
        let (id, standing) = (origin.new_id(), store::first(content));
        self.writes.push(Write { id, content, standing, reason: content.excuse.as_deref() });
        self.occur(id, State::New, None, &content.item);
        if standing.status == Status::Open {
            self.told.push((index, id));
        }
        self.ingested.new += 1;
        standing
    }

    fn again(&mut self, plan: &'p Compared, origin: &Origin, content: &'p Content, pair: &Pair) -> Standing {
        let stored = &plan.known[pair.known];
        let standing = stored.standing.seen(content.excuse.is_some());
        if content.digest() == stored.digest {
            self.seen.push(stored.id);
        } else {
            self.writes.push(Write { id: stored.id, content, standing, reason: None });
        }
        self.occur(stored.id, State::Existing, Some(pair.pass), &content.item);
        if stored.standing.status == Status::Fixed {
            self.ingested.reopened += 1;
            if standing.status == Status::Open {
                self.told.push((pair.new, stored.id));
            }
        } else {
            self.ingested.existing += 1;
        }
        self.moves(origin, stored, standing, content.excuse.as_deref());
        standing
    }

    fn absent(&mut self, origin: &Origin, stored: &'p Stored, absence: Absence) {
        match absence {
            Absence::Fixed => {
                let standing = stored.standing.gone();
                if standing != stored.standing {
                    self.ingested.fixed += 1;
                    self.timed_hours += hours(stored.detected_at, origin.now());
                    self.occur(stored.id, State::Fixed, None, &stored.known.item);
                    self.moves(origin, stored, standing, None);
                }
            }
            Absence::NotObserved(why) => {
                self.ingested.not_observed += 1;
                match self.lost.iter_mut().find(|(known, _)| *known == why) {
                    Some((_, ids)) => ids.push(stored.id),
                    None => self.lost.push((why, vec![stored.id])),
                }
            }
        }
    }

    fn occur(&mut self, id: VulnerabilityId, state: State, recognised_by: Option<Pass>, item: &'p Item) {
        self.occurrences.push(Occurrence { id, state, recognised_by, path: &item.path, line: item.line });
    }

    /// Takes down that a finding stands otherwise now, if it does.
    fn moves(&mut self, origin: &Origin, stored: &'p Stored, to: Standing, reason: Option<&'p str>) {
        if to == stored.standing {
            return;
        }
        let group = self.stand.iter_mut().find(|group| group.to == to && group.reason == reason);
        match group {
            Some(group) => group.ids.push(stored.id),
            None => self.stand.push(Stand { to, reason, ids: vec![stored.id] }),
        }
        let (from, to) = (stored.standing.status, to.status);
        let id = origin.new_id();
        let vulnerability = stored.id;
        self.changes.push(NewChange { id, vulnerability, from, to, by: None, reason, scan: Some(self.scene.scan) });
        let (severity, repository_id) = (stored.severity, self.scene.repository);
        self.moved.push(VulnerabilityStatusChanged {
            vuln_id: stored.id,
            repository_id,
            severity,
            from,
            to,
            user_id: None,
        });
    }
}

impl Plan {
    /// It is written behind so many others, made for the same state of the repository.
    pub(crate) fn follow(&mut self, written: usize) {
        self.revision += i64::try_from(written).unwrap_or(0);
    }

    fn tell(&self, tx: &mut Tx) {
        let repository_id = self.repository;
        for told in &self.told {
            let Told { id, severity, kind, path, line } = told;
            let vulnerability = Found { id: *id, kind, severity: *severity, file: path, line: *line };
            let severity = *severity;
            tx.emit(&VulnerabilityFound { repo_id: repository_id, repository_id, severity, kind, vulnerability });
        }
        if let Some((severity, _)) = self.counts.last_key_value() {
            tx.emit(&VulnerabilitiesFound {
                repository_id,
                repository_name: &self.repository_name,
                scan_id: self.scan,
                severity: *severity,
                total: self.counts.values().sum(),
                counts: &self.counts,
            });
        }
        for moved in &self.moved {
            tx.emit(moved);
        }
    }
}

pub(crate) fn hours(from: Timestamp, to: Timestamp) -> f64 {
    to.since(from).as_secs_f64() / 3_600.0
}
