//! What the program says of a pull request: one check, one summary, few comments beside lines.
//!
//! **Once.** A job may run again after it was cut off anywhere. What is there already is known by what was stored of it, and, where a run
//! ended between making and storing, by the mark that it carries at the forge, in what our own account wrote.

use rampart_access::{Ctx, Granted};
use rampart_analysis::Stage;
use rampart_forge::remote::{
    Annotation as ForgeAnnotation, AnnotationLevel, Check as ForgeCheck, Conclusion as ForgeConclusion,
    Error as ForgeError, InlineComment,
};
use rampart_forge::{CHECK, ForgeClient, PullRequest, PullRequestStatus, RecordScans, Repository, Threshold};
use rampart_kernel::Origin;

use crate::events::CommentAdded;
use crate::jobs::TellPullRequest;
use crate::judgement::{Judgement, Rules, judge};
use crate::service::{Feedback, Result, change};
use crate::store::{self, Author, Said};
use crate::words::{self, Check, Conclusion, Level, Places, SUMMARY_MARK};

/// What the summary is about, in the table of comments.
const SUMMARY: &str = "summary";

/// A pull request, and who speaks for its repository where it lies.
struct Scene {
    client: ForgeClient,
    granted: Granted<RecordScans>,
    repository: Repository,
    pull: PullRequest,
    link: String,
}

impl Feedback {
    /// Makes check and comments of a head as they are to be. Of a head that is not the pull request's any more nothing is said.
    ///
    /// # Errors
    /// As the forge and the database answer.
    pub(crate) async fn tell(&self, origin: &Origin, job: &TellPullRequest) -> Result<()> {
        let ctx = Ctx::of_system(origin.clone(), "feedback");
        let granted = ctx.require::<RecordScans>()?;
        let mut reader = self.store.read().await?;
        let pull = match self.forge.pull_request_in(&mut reader, &granted, job.pull).await {
            Ok(pull) if pull.head_sha == job.head => pull,
            Ok(_) | Err(rampart_store::Error::NotFound) => return Ok(()),
            Err(error) => return Err(error.into()),
        };
        let repository = self.forge.find_in(&mut reader, &granted, job.repository).await?;
        drop(reader);
        if !repository.active {
            return Ok(());
        }
        let judged = match job.stage {
            Stage::Completed => Some(self.judge(&ctx, &granted, &repository, job).await?),
            Stage::Queued | Stage::Failed | Stage::Cancelled => None,
        };
        let client = match self.forge.forge_client(origin, &repository).await {
            Ok(client) => client,
            // There is nobody to be told.
            Err(rampart_forge::Error::ProviderNotConfigured(_) | rampart_forge::Error::NotLinked(_)) => return Ok(()),
            Err(error) => return Err(error.into()),
        };
        let link = format!("{}/pulls/{}", self.dashboard, job.pull);
        let scene = Scene { client, granted, repository, pull, link };
        match judged {
            Some((judgement, base)) => {
                let places = Places { details: &scene.link, base: base.as_ref().unwrap_or(&job.head), head: &job.head };
                self.tell_all(&ctx, &scene, &judgement, &places).await
            }
            None => self.tell_stage(&ctx, &scene, job.stage).await,
        }
    }

    /// What the head comes to, written down for whoever looks at it here.
    async fn judge(
        &self,
        ctx: &Ctx,
        granted: &Granted<RecordScans>,
        repository: &Repository,
        job: &TellPullRequest,
    ) -> Result<(Judgement, Option<rampart_forge::CommitHash>)> {
        let sides = self.analysis.sides(granted, job.scan).await?;
        let rules = Rules { fail_on: repository.settings.fail_check_on, ..Rules::default() };
        let judgement = judge(&sides.base, &sides.head, &sides.change, &rules);
        let mut tx = self.store.begin(ctx).await?;
        store::save_judgement(&mut tx, granted, (job.pull, job.scan), sides.base_hash.as_ref(), &judgement).await?;
        tx.commit().await?;
        Ok((judgement, sides.base_hash))
    }

    async fn tell_all(&self, ctx: &Ctx, scene: &Scene, judgement: &Judgement, places: &Places<'_>) -> Result<()> {
        let settings = &scene.repository.settings;
        if settings.check_runs_enabled {
            self.check(ctx, scene, &words::check(judgement, places), &words::status(judgement)).await?;
        }
        if settings.comment_on_pull_requests {
            self.summarize(ctx, scene, judgement, places).await?;
            self.comment_beside(ctx, scene, judgement, Rules::default().most_comments).await?;
        }
        Ok(())
    }

    /// That it is being looked at; or that nobody will know. A gate that cannot look does not open.
    async fn tell_stage(&self, ctx: &Ctx, scene: &Scene, stage: Stage) -> Result<()> {
        let settings = &scene.repository.settings;
        let analyzed = matches!(scene.pull.status, PullRequestStatus::Completed | PullRequestStatus::Failed);
        // Jobs may come late: what is known by then is not taken back.
        if !settings.check_runs_enabled || (stage == Stage::Queued && analyzed) {
            return Ok(());
        }
        let gates = settings.fail_check_on != Threshold::None;
        let check = words::stage(stage, gates, &scene.link);
        self.check(ctx, scene, &check, &check.title).await
    }

    /// The one check of a head.
    async fn check(&self, ctx: &Ctx, scene: &Scene, check: &Check, line: &str) -> Result<()> {
        let Scene { client, granted, pull, link, .. } = scene;
        let made = client.report(change(pull), &at_forge(check, line, pull, link, ctx)).await?;
        let Some(id) = made else { return Ok(()) };
        let mut tx = self.store.begin(ctx).await?;
        self.forge.record_check_run(&mut tx, granted, pull.id, Some(&id)).await?;
        tx.commit().await?;
        Ok(())
    }

    /// The one summary: made, edited, or not there.
    async fn summarize(&self, ctx: &Ctx, scene: &Scene, judgement: &Judgement, places: &Places<'_>) -> Result<()> {
        let Scene { client, granted, pull, .. } = scene;
        let stored = store::about(&mut self.store.read().await?, granted, pull.id, SUMMARY).await?;
        let known = match stored {
            Some(id) => Some(id),
            // Made, and cut off before it was stored.
            None => {
                let comments = client.own_comments(pull.pr_number).await?;
                comments.into_iter().find(|comment| comment.text.starts_with(SUMMARY_MARK)).map(|comment| comment.id)
            }
        };
        let Some(text) = words::summary(judgement, places, known.is_some()) else { return Ok(()) };
        let edited = match &known {
            Some(id) => match client.edit_comment(pull.pr_number, id, &text).await {
                Ok(there) => there,
                // Made as somebody else, whose account was asked then.
                Err(ForgeError::Forbidden(_)) => false,
                Err(error) => return Err(error.into()),
            },
            None => false,
        };
        let id = match known {
            Some(id) if edited => id,
            // Somebody has removed it, and there is nothing new to say.
            Some(_) if judgement.new.is_empty() => return Ok(()),
            _ => client.create_comment(pull.pr_number, &text).await?,
        };
        let severity = judgement.new.first().map_or("info", |new| new.severity.name());
        let said =
            Said { severity, external: Some(&id), fingerprint: Some(SUMMARY), ..Said::new(Author::Ai, SUMMARY, &text) };
        let mut tx = self.store.begin(ctx).await?;
        store::save(&mut tx, granted, pull.id, &said).await?;
        if !edited {
            tx.emit(&CommentAdded { pr_id: pull.id, author: Author::Ai.name() });
        }
        tx.commit().await?;
        Ok(())
    }

    /// Few comments beside lines; each finding is told of once, through all heads.
    async fn comment_beside(&self, ctx: &Ctx, scene: &Scene, judgement: &Judgement, most: usize) -> Result<()> {
        let Scene { client, granted, pull, .. } = scene;
        let wanted = words::comments(judgement, most);
        if wanted.is_empty() {
            return Ok(());
        }
        let stored = store::marks(&mut self.store.read().await?, granted, pull.id).await?;
        let untold: Vec<_> = wanted.into_iter().filter(|comment| !stored.contains(&comment.mark)).collect();
        if untold.is_empty() {
            return Ok(());
        }
        // Made, and cut off before it was stored.
        let there = client.own_inline_comments(pull.pr_number).await?;
        let made = |mark: &str| there.iter().any(|comment| comment.text.lines().next() == Some(mark));
        let new: Vec<_> = untold.iter().filter(|comment| !made(&comment.mark)).collect();
        let inline = new.iter().map(|comment| InlineComment {
            path: comment.path.clone(),
            first_line: comment.first_line,
            last_line: comment.last_line,
            text: comment.body.clone(),
            suggestion: comment.suggestion.clone(),
        });
        let inline: Vec<InlineComment> = inline.collect();
        if !inline.is_empty()
            && let Err(error) = client.comment_inline(change(pull), &inline).await
        {
            // Lines that the forge does not show: the summary has them.
            if error.is_passing() {
                return Err(error.into());
            }
            tracing::warn!(%error, pull = %pull.id, "comments beside lines were refused");
            return Ok(());
        }
        let mut tx = self.store.begin(ctx).await?;
        for comment in &untold {
            let said = Said {
                path: Some(&comment.path),
                line: Some(comment.last_line),
                severity: comment.severity.name(),
                suggestion: comment.suggestion.as_deref(),
                fingerprint: Some(&comment.mark),
                ..Said::new(Author::Ai, "finding", &comment.body)
            };
            store::save(&mut tx, granted, pull.id, &said).await?;
        }
        tx.emit(&CommentAdded { pr_id: pull.id, author: Author::Ai.name() });
        tx.commit().await?;
        Ok(())
    }
}

fn at_forge(check: &Check, line: &str, pull: &PullRequest, link: &str, ctx: &Ctx) -> ForgeCheck {
    let conclusion = match check.conclusion {
        Conclusion::Pending => None,
        Conclusion::Success => Some(ForgeConclusion::Success),
        Conclusion::Neutral => Some(ForgeConclusion::Neutral),
        Conclusion::Failure => Some(ForgeConclusion::Failure),
        Conclusion::Cancelled => Some(ForgeConclusion::Cancelled),
    };
    let level = |level| match level {
        Level::Notice => AnnotationLevel::Notice,
        Level::Warning => AnnotationLevel::Warning,
        Level::Failure => AnnotationLevel::Failure,
    };
    let annotations = check.annotations.iter().map(|one| ForgeAnnotation {
        path: one.path.clone(),
        start_line: one.first_line,
        end_line: one.last_line,
        level: level(one.level),
        title: one.title.clone(),
        message: one.message.clone(),
    });
    ForgeCheck {
        name: CHECK.to_owned(),
        external_id: format!("{}:{}", pull.id, pull.head_sha),
        details_url: Some(link.to_owned()),
        conclusion,
        completed_at: conclusion.is_some().then(|| ctx.now()),
        line: line.to_owned(),
        title: check.title.clone(),
        summary: check.summary.clone(),
        annotations: annotations.collect(),
    }
}
