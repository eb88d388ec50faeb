//! Reports for people, of a scan or of a repository: put together from what is stored, set once, and kept.
//!
//! A document that was made before is handed out again as long as nothing it says has changed.

use std::collections::BTreeMap;
use std::sync::Arc;

use rampart_access::{Ctx, Granted};
use rampart_findings::{Described, DescribedRepository, DescribedScan, Severity, Status};
use rampart_forge::RepositoryId;
use rampart_kernel::Timestamp;
use rampart_objects::ObjectName;
use rampart_report::model::{Coverage, Report};
use rampart_reports::{
    CodeLine, Comparison, Count, Document, Fact, Files, Left, MOST_FILES, MOST_PLACES, Place, Step, Summary, Weakness,
};

use crate::access::ReadScans;
use crate::error::Error;
use crate::model::{Scan, ScanId};
use crate::service::{Analysis, Form, Result};
use crate::store::{self, Artifact};

/// Lines of code around a finding are what the scan kept; of a long finding no more than these are shown.
const MOST_LINES: usize = 12;

/// Steps of one way of data.
const MOST_STEPS: usize = 12;

impl Analysis {
    /// A document of a scan.
    pub(crate) async fn document_of_scan(&self, ctx: &Ctx, id: ScanId, form: Form) -> Result<Vec<u8>> {
        let granted = ctx.require::<ReadScans>()?;
        let (report, until) = self.stored_report(ctx, &granted, id).await?;
        let mut reader = self.store.read().await?;
        let scan = store::get(&mut reader, &granted, id).await?;
        let before = store::scan_before(&mut reader, &granted, &scan).await?;
        drop(reader);
        let described = self.findings.describe_scan(ctx, id, &report).await?;
        let document = of_scan(&scan, before.as_ref(), &report, described);
        self.render_kept(ctx, &granted, (id, "report", until), document, form).await
    }

    /// A document of a repository: its findings as they stand, on the files of its last scan.
    ///
    /// # Errors
    /// [`Error::ReportNotReady`] before the first scan; [`Error::ReportExpired`] when the last was too long ago.
    pub async fn document_of_repository(&self, ctx: &Ctx, id: RepositoryId, form: Form) -> Result<Vec<u8>> {
        let granted = ctx.require::<ReadScans>()?;
        if !matches!(form, Form::Html | Form::Pdf) {
            return Err(Error::Field { field: "format", what: "is html or pdf".to_owned() });
        }
        let mut reader = self.store.read().await?;
        let repository = self.forge.find_in(&mut reader, &granted, id).await?;
        let scan = store::last_scan(&mut reader, &granted, id, &repository.default_branch).await?;
        let scan = scan.ok_or(Error::ReportNotReady)?;
        let before = store::scan_before(&mut reader, &granted, &scan).await?;
        drop(reader);
        let (report, until) = self.stored_report(ctx, &granted, scan.id).await?;
        let described = self.findings.describe_repository(ctx, id, MOST_PLACES).await?;
        let document = of_repository(&scan, before.as_ref(), &report, described, repository.summary.security_score);
        self.render_kept(ctx, &granted, (scan.id, "repository", until), document, form).await
    }

    async fn stored_report(
        &self,
        ctx: &Ctx,
        granted: &Granted<ReadScans>,
        id: ScanId,
    ) -> Result<(Arc<Report>, Timestamp)> {
        let (bytes, until) = self.report_bytes(ctx, granted, id).await?;
        let read = tokio::task::spawn_blocking(move || serde_json::from_slice::<Report>(&bytes)).await;
        let failed = |error: &dyn std::fmt::Display| Error::Report(error.to_string());
        let report = read.map_err(|error| failed(&error))?.map_err(|error| failed(&error))?;
        Ok((Arc::new(report), until))
    }

    /// The rendered document: as it was kept when it says the same, else made anew and kept with the scan's report.
    async fn render_kept(
        &self,
        ctx: &Ctx,
        granted: &Granted<ReadScans>,
        (scan, name, until): (ScanId, &str, Timestamp),
        document: Document,
        form: Form,
    ) -> Result<Vec<u8>> {
        let failed = |error: &dyn std::fmt::Display| Error::Report(error.to_string());
        let object = ObjectName::of(granted.workspace(), &format!("scans/{scan}/{name}.{form}"));
        let object = object.map_err(|error| failed(&error))?;
        let says = serde_json::to_vec(&document).map_err(|error| failed(&error))?;
        // Another version of the program may set it otherwise.
        let says = blake3::Hasher::new().update(store::ENGINE.as_bytes()).update(&says).finalize().to_hex().to_string();
        let kept = store::document(&mut self.store.read().await?, granted, scan, object.as_str()).await?;
        if kept.as_ref() == Some(&says)
            && let Ok(object) = self.objects.get(&object, None).await
        {
            return Ok(object.bytes(crate::service::LARGEST_REPORT).await?.to_vec());
        }
        let turn = self.rendering.acquire().await.map_err(|error| failed(&error))?;
        let way = if form == Form::Pdf { rampart_reports::Form::Pdf } else { rampart_reports::Form::Html };
        let rendered = tokio::task::spawn_blocking(move || rampart_reports::render(&document, way)).await;
        drop(turn);
        let bytes = rendered.map_err(|error| failed(&error))??;
        let stored = self.objects.put_bytes(&object, bytes.clone().into()).await?;
        let artifact = Artifact {
            object: object.as_str(),
            sha256: &stored.sha256,
            size_bytes: i64::try_from(stored.size_bytes).unwrap_or(i64::MAX),
            content_type: form.content_type(),
            expires_at: until,
        };
        let mut tx = self.store.begin(ctx).await?;
        store::save_document(&mut tx, granted, scan, &artifact, &says).await?;
        tx.commit().await?;
        Ok(bytes)
    }
}

fn of_scan(scan: &Scan, before: Option<&Scan>, report: &Report, described: DescribedScan) -> Document {
    let score = scan.security_score;
    let mut counts = BTreeMap::<Severity, Count>::new();
    for finding in &described.findings {
        let count = counts.entry(finding.severity).or_default();
        match finding.status {
            Status::Open => {
                count.open += 1;
                count.new += u64::from(finding.is_new);
            }
            Status::Ignored | Status::FalsePositive => count.decided += 1,
            // Open then, called fixed since.
            Status::Fixed => count.fixed += 1,
        }
    }
    for (severity, fixed) in &described.fixed {
        counts.entry(*severity).or_default().fixed += fixed;
    }
    let (new, fixed) = (u64::from(scan.new_vulnerabilities), u64::from(scan.fixed_vulnerabilities));
    let found = described.findings.len() as u64;
    let compared =
        before.map(|before| Comparison { with: named(before), new, fixed, unchanged: found.saturating_sub(new) });
    let (weaknesses, more) = weaknesses(described.findings);
    Document {
        title: "Security report of a scan".to_owned(),
        repository: report.root.clone(),
        date: moment(scan.completed_at.unwrap_or(scan.created_at)),
        facts: facts(scan, report, "Scope"),
        summary: summary(counts, compared, score, report),
        weaknesses,
        more,
        files: files(&report.coverage),
    }
}

fn of_repository(
    scan: &Scan,
    before: Option<&Scan>,
    report: &Report,
    described: DescribedRepository,
    score: Option<u32>,
) -> Document {
    let mut counts = BTreeMap::<Severity, Count>::new();
    for ((severity, status), number) in &described.counts {
        let count = counts.entry(*severity).or_default();
        match status {
            Status::Open => count.open += number,
            Status::Fixed => count.fixed += number,
            Status::Ignored | Status::FalsePositive => count.decided += number,
        }
    }
    for finding in &described.findings {
        if finding.is_new && finding.status == Status::Open && before.is_some() {
            counts.entry(finding.severity).or_default().new += 1;
        }
    }
    let there: u64 = described.counts.iter().filter(|((_, status), _)| *status != Status::Fixed).map(|(_, n)| n).sum();
    let new = u64::from(scan.new_vulnerabilities);
    let compared = before.map(|before| Comparison {
        with: named(before),
        new,
        fixed: u64::from(scan.fixed_vulnerabilities),
        unchanged: there.saturating_sub(new),
    });
    let described_count = described.findings.len() as u64;
    let (weaknesses, more) = weaknesses(described.findings);
    Document {
        title: "Security report of a repository".to_owned(),
        repository: report.root.clone(),
        date: moment(scan.completed_at.unwrap_or(scan.created_at)),
        facts: facts(scan, report, "Last scan's scope"),
        summary: summary(counts, compared, score, report),
        weaknesses,
        more: more + there.saturating_sub(described_count),
        files: files(&report.coverage),
    }
}

/// `2026-11-21 14:02 UTC`
fn moment(at: Timestamp) -> String {
    let text = at.to_string();
    text.get(..16).map_or(text.clone(), |minute| format!("{} UTC", minute.replace('T', " ")))
}

fn day(at: Timestamp) -> String {
    at.to_string().get(..10).unwrap_or_default().to_owned()
}

fn named(scan: &Scan) -> String {
    let hash = scan.commit_hash.as_ref().map_or("", |hash| hash.as_str());
    let at = moment(scan.completed_at.unwrap_or(scan.created_at));
    match hash.get(..10) {
        Some(short) => format!("the scan of {at} at {short}"),
        None => format!("the scan of {at}"),
    }
}

fn facts(scan: &Scan, report: &Report, scope: &str) -> Vec<Fact> {
    let coverage = &report.coverage;
    let mut facts = Vec::new();
    let mut fact = |name: &str, value: String| {
        if !value.is_empty() {
            facts.push(Fact { name: name.to_owned(), value });
        }
    };
    fact("Repository", scan.repository_name.clone());
    fact("Branch", scan.branch.as_ref().map(ToString::to_string).unwrap_or_default());
    fact("Commit", scan.commit_hash.as_ref().map(ToString::to_string).unwrap_or_default());
    let took = scan.duration_ms.map(|ms| format!(", in {:.1} s", ms as f64 / 1_000.0)).unwrap_or_default();
    fact("Scanned", format!("{}{took}", moment(scan.completed_at.unwrap_or(scan.created_at))));
    fact(
        scope,
        format!(
            "the whole commit: {} files with {} lines scanned, {} files not",
            coverage.files_scanned,
            coverage.lines_scanned,
            coverage.skipped.len()
        ),
    );
    fact("Engine", format!("{} {}", report.tool.name, report.tool.version));
    let version = report.tool.rules_version.as_ref().map(|version| format!(", version {version}")).unwrap_or_default();
    fact("Rules", format!("{} rules run{version}", coverage.rules_run));
    fact("Scan", scan.id.to_string());
    facts
}

fn summary(
    mut counts: BTreeMap<Severity, Count>,
    compared: Option<Comparison>,
    score: Option<u32>,
    report: &Report,
) -> Summary {
    let counts: Vec<Count> = [Severity::Critical, Severity::High, Severity::Medium, Severity::Low, Severity::Info]
        .into_iter()
        .map(|severity| Count { severity: severity.name().to_owned(), ..counts.remove(&severity).unwrap_or_default() })
        .collect();
    let open: u64 = counts.iter().map(|count| count.open).sum();
    let worst = counts.iter().find(|count| count.open > 0);
    let headline = match worst {
        None => "Nothing is open.".to_owned(),
        Some(worst) if open == 1 => format!("One finding is open; it is {}.", worst.severity),
        Some(worst) if worst.open == open => format!("{open} findings are open, all of them {}.", worst.severity),
        Some(worst) => format!("{open} findings are open, {} of them {}.", worst.open, worst.severity),
    };
    let new = compared.as_ref().map_or(0, |compared| compared.new);
    let headline = if new > 0 { format!("{headline} New since the scan before: {new}.") } else { headline };
    Summary { headline, score, grade: score.map(grade), counts, compared, limits: limits(&report.coverage) }
}

/// As the dashboard shows it.
fn grade(score: u32) -> String {
    let grade = match score {
        90.. => "A",
        80.. => "B",
        60.. => "C",
        40.. => "D",
        _ => "E",
    };
    grade.to_owned()
}

fn limits(coverage: &Coverage) -> Vec<String> {
    let mut limits = Vec::new();
    let failed = coverage.skipped.iter().filter(|skipped| skipped.reason.is_failure()).count();
    if failed > 0 {
        limits.push(format!("{failed} files should have been scanned and could not be; the appendix names them."));
    }
    if !coverage.partially_parsed.is_empty() {
        let count = coverage.partially_parsed.len();
        limits.push(format!("{count} files were understood in part only; the appendix names the lines that were not."));
    }
    if !coverage.rules_skipped.is_empty() || !coverage.rule_errors.is_empty() {
        let count = coverage.rules_skipped.len() + coverage.rule_errors.len();
        limits.push(format!("{count} rules could not run."));
    }
    limits.extend(coverage.limits.iter().map(|limit| format!("Reached: {limit}.")));
    if !coverage.complete {
        limits.push("The scan was ended before it had looked at everything.".to_owned());
    }
    limits.push(
        "A scan reads code. It does not see how the program is set up and run, and finds what its rules describe."
            .to_owned(),
    );
    limits
}

/// By severity and rule; and how many findings are left out.
fn weaknesses(mut findings: Vec<Described>) -> (Vec<Weakness>, u64) {
    findings.sort_by(|a, b| {
        let place = |f: &Described| (std::cmp::Reverse(f.severity), f.rule.clone(), f.path.clone(), f.line);
        place(a).cmp(&place(b))
    });
    let more = findings.len().saturating_sub(MOST_PLACES) as u64;
    findings.truncate(MOST_PLACES);
    let mut weaknesses: Vec<Weakness> = Vec::new();
    for (number, finding) in (1..).zip(findings) {
        let severity = finding.severity.name();
        let same = weaknesses.last().is_some_and(|last| last.rule == finding.rule && last.severity == severity);
        if !same {
            weaknesses.push(Weakness {
                title: finding.kind.clone(),
                rule: finding.rule.clone(),
                severity: severity.to_owned(),
                cwe: finding.cwe.clone(),
                owasp: finding.owasp.clone(),
                cvss: finding.cvss,
                explanation: finding.detail.explanation.clone().unwrap_or_default(),
                impact: finding.detail.impact.clone(),
                remedy: finding.detail.recommendation.clone(),
                references: finding.detail.references.clone(),
                places: Vec::new(),
            });
        }
        let places = &mut weaknesses.last_mut().expect("one was put there").places;
        places.push(place(number, finding));
    }
    (weaknesses, more)
}

fn place(number: u32, finding: Described) -> Place {
    let detail = finding.detail;
    let lines = (detail.first_line.max(1)..).zip(detail.lines);
    let code = lines.take(MOST_LINES).map(|(number, text)| CodeLine {
        number,
        text,
        hit: (finding.line..=finding.end_line.max(finding.line)).contains(&number),
    });
    let steps = detail.trace.into_iter().take(MOST_STEPS);
    let status = match finding.status {
        Status::FalsePositive => "false positive",
        other => other.name(),
    };
    Place {
        number,
        id: finding.id.map(|id| id.to_string()),
        path: finding.path,
        line: finding.line,
        message: finding.description,
        status: status.to_owned(),
        reason: finding.reason,
        is_new: finding.is_new,
        since: finding.detected_at.map(day),
        confidence: finding.confidence,
        code: code.collect(),
        steps: steps
            .map(|step| Step { path: step.path, line: step.start.line, text: step.text, note: step.note })
            .collect(),
        fix: detail.fix.map(|fix| fix.replacement).filter(|fix| !fix.trim().is_empty()),
    }
}

fn files(coverage: &Coverage) -> Files {
    let mut left: BTreeMap<&str, Left> = BTreeMap::new();
    let partly = coverage.partially_parsed.iter().map(|part| ("understood in part", &part.path, part.describe()));
    let skipped = coverage.skipped.iter().map(|file| (file.reason.describe(), &file.path, file.detail.clone()));
    for (reason, path, detail) in partly.chain(skipped) {
        let group = left.entry(reason).or_insert_with(|| Left { reason: capital(reason), ..Left::default() });
        if group.files.len() < MOST_FILES {
            group.files.push((path.clone(), detail));
        } else {
            group.more += 1;
        }
    }
    let mut scanned = coverage.scanned.clone();
    scanned.sort_unstable();
    let scanned_more = scanned.len().saturating_sub(MOST_FILES) as u64;
    scanned.truncate(MOST_FILES);
    Files { scanned, scanned_more, left: left.into_values().collect() }
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}
