//! The use cases: what people see and say of pull requests. What the program says by itself is in `tell`.

use rampart_access::Ctx;
use rampart_access::audit::{Audit, Record};
use rampart_analysis::{Analysis, Scan, ScanId};
use rampart_findings::Severity;
use rampart_forge::git::Diff;
use rampart_forge::remote::{Account, Change, InlineComment};
use rampart_forge::{
    Forge, PullRequest, PullRequestCommented, PullRequestFilter, PullRequestId, ReadRepositories, RecordScans,
};
use rampart_kernel::Origin;
use rampart_store::{Store, Tx};
use rampart_web::{Page, Paged};
use serde::Serialize;
use utoipa::ToSchema;

use crate::access::CommentOnChanges;
use crate::error::Error;
use crate::events::CommentAdded;
use crate::jobs::RescanAsAsked;
use crate::judgement::Verdict;
use crate::store::{self, Author, Judged, PrComment, Said};
use crate::words;

pub(crate) type Result<T, E = Error> = std::result::Result<T, E>;

/// Characters of a comment (spec 01 §15), and of where it stands.
const LONGEST_COMMENT: usize = 65_536;
const LONGEST_PATH: usize = 1_024;
const LONGEST_CATEGORY: usize = 100;

/// The kind of a comment that is none of ours.
pub(crate) const COMMENT: &str = "comment";

/// What a comment says that asks for another look.
const RESCAN: &str = "/rampart rescan";

/// What the module stands on.
pub struct Ground {
    pub store: Store,
    pub audit: Audit,
    pub forge: Forge,
    pub analysis: Analysis,
    /// Address of the dashboard, which links are below.
    pub dashboard: String,
}

/// Clones are the same.
#[derive(Clone)]
pub struct Feedback {
    pub(crate) store: Store,
    audit: Audit,
    pub(crate) forge: Forge,
    pub(crate) analysis: Analysis,
    pub(crate) dashboard: String,
}

/// A pull request as lists show it.
#[derive(Serialize, ToSchema)]
#[schema(as = ListedPullRequest)]
pub struct Listed {
    #[serde(flatten)]
    pub pull: PullRequest,
    /// What its latest analysis came to; nothing until there is one.
    #[schema(value_type = Option<String>)]
    pub verdict: Option<Verdict>,
}

/// A pull request, and what is known of it.
pub struct Whole {
    pub pull: PullRequest,
    /// The scan that looked at it last.
    pub scan: Option<Scan>,
    /// What its latest head came to.
    pub judged: Option<Judged>,
}

/// What somebody has to say.
#[derive(Debug)]
pub struct NewComment {
    /// Markdown.
    pub comment: String,
    /// A file as the head has it, and a line of it that the change shows.
    pub place: Option<(String, u32)>,
    pub severity: Severity,
    pub category: String,
    /// What is to stand in place of the line.
    pub suggestion: Option<String>,
}

impl NewComment {
    fn check(&self) -> Result<()> {
        let bounded =
            |text: &str, most| (1..=most).contains(&text.trim().chars().count()) && text.chars().count() <= most;
        if !bounded(&self.comment, LONGEST_COMMENT) {
            return Err(Error::Field("comment", "has 1 to 65,536 characters"));
        }
        if !bounded(&self.category, LONGEST_CATEGORY) {
            return Err(Error::Field("category", "has 1 to 100 characters"));
        }
        if self.place.as_ref().is_some_and(|(path, line)| !bounded(path, LONGEST_PATH) || *line == 0) {
            return Err(Error::Field("filePath", "names a file of the change, lineNumber a line of it, from 1"));
        }
        let fits = |suggestion: &String| self.place.is_some() && suggestion.chars().count() <= LONGEST_COMMENT / 2;
        if !self.suggestion.as_ref().is_none_or(fits) {
            return Err(Error::Field(
                "suggestion",
                "stands beside a line (filePath, lineNumber), with up to 32,768 characters",
            ));
        }
        Ok(())
    }
}

impl Feedback {
    pub fn new(ground: Ground) -> Feedback {
        let Ground { store, audit, forge, analysis, dashboard } = ground;
        Feedback { store, audit, forge, analysis, dashboard }
    }

    /// The newest first.
    ///
    /// # Errors
    /// When the caller has no part in the workspace.
    pub async fn list(&self, ctx: &Ctx, filter: &PullRequestFilter, page: Page) -> Result<Paged<Listed>> {
        let granted = ctx.require::<ReadRepositories>()?;
        let Paged { items, total, page } = self.forge.list_pull_requests(ctx, filter, page).await?;
        let scans: Vec<ScanId> = items.iter().filter_map(analysis).collect();
        let verdicts = store::verdicts(&mut self.store.read().await?, &granted, &scans).await?;
        let listed = |pull: PullRequest| {
            let verdict = analysis(&pull).and_then(|scan| verdicts.get(&scan).copied());
            Listed { pull, verdict }
        };
        Ok(Paged { items: items.into_iter().map(listed).collect(), total, page })
    }

    /// # Errors
    /// When there is none in the caller's workspace.
    pub async fn get(&self, ctx: &Ctx, id: PullRequestId) -> Result<Whole> {
        let granted = ctx.require::<ReadRepositories>()?;
        let pull = self.forge.get_pull_request(ctx, id).await?;
        let Some(scan) = analysis(&pull) else {
            return Ok(Whole { pull, scan: None, judged: None });
        };
        let judged = store::judgement(&mut self.store.read().await?, &granted, id, scan).await?;
        let scan = self.analysis.get_scan(ctx, scan).await?.0;
        Ok(Whole { pull, scan: Some(scan), judged })
    }

    /// # Errors
    /// As [`Analysis::diff_of_pull_request`].
    pub async fn diff(&self, ctx: &Ctx, id: PullRequestId, path: Option<&str>) -> Result<Diff> {
        Ok(self.analysis.diff_of_pull_request(ctx, id, path).await?)
    }

    /// The oldest first.
    ///
    /// # Errors
    /// When there is no such pull request in the caller's workspace.
    pub async fn comments(
        &self,
        ctx: &Ctx,
        id: PullRequestId,
        asked: (Option<&str>, Option<Author>),
        page: Page,
    ) -> Result<Paged<PrComment>> {
        let granted = ctx.require::<ReadRepositories>()?;
        let mut reader = self.store.read().await?;
        self.forge.pull_request_in(&mut reader, &granted, id).await?;
        Ok(store::list(&mut reader, &granted, id, asked, page).await?)
    }

    /// Says something at a pull request for a person: in the conversation, or beside a line.
    ///
    /// # Errors
    /// As the forge answers; when there is no such pull request in the caller's workspace.
    pub async fn comment(&self, ctx: &Ctx, id: PullRequestId, new: &NewComment) -> Result<PrComment> {
        let granted = ctx.require::<CommentOnChanges>()?;
        new.check()?;
        let mut reader = self.store.read().await?;
        let pull = self.forge.pull_request_in(&mut reader, &granted, id).await?;
        let repository = self.forge.find_in(&mut reader, &granted, pull.repo_id).await?;
        drop(reader);
        let client = self.forge.forge_client(ctx, &repository).await?;
        let external = match &new.place {
            None => client.create_comment(pull.pr_number, &new.comment).await?,
            Some((path, line)) => {
                let inline = InlineComment {
                    path: path.clone(),
                    first_line: *line,
                    last_line: *line,
                    text: new.comment.clone(),
                    suggestion: new.suggestion.clone(),
                };
                client.comment_inline(change(&pull), &[inline]).await?
            }
        };
        let said = Said {
            path: new.place.as_ref().map(|(path, _)| path.as_str()),
            line: new.place.as_ref().map(|(_, line)| *line),
            user: granted.user(),
            severity: new.severity.name(),
            suggestion: new.suggestion.as_deref(),
            external: Some(&external),
            ..Said::new(Author::User, &new.category, &new.comment)
        };
        let mut tx = self.store.begin(ctx).await?;
        let comment = store::save(&mut tx, &granted, id, &said).await?;
        let record = Record::new("pull_request.commented", "pull_request").of(id);
        self.audit.record(&mut tx, ctx, record).await?;
        tx.emit(&CommentAdded { pr_id: id, author: Author::User.name() });
        tx.commit().await?;
        Ok(comment)
    }

    /// Somebody wrote a comment at the forge: it is kept, and may ask for something.
    pub(crate) async fn commented(&self, tx: &mut Tx, event: PullRequestCommented) -> Result<Option<RescanAsAsked>> {
        let ctx = Ctx::of_system(tx.origin().clone(), "feedback");
        let granted = ctx.require::<RecordScans>()?;
        // Programs write a lot, and this one hears of its own comments too. Whoever else writes as it does is somebody else.
        if event.by_bot || (event.by_own_account && event.text.starts_with(words::MARK)) {
            return Ok(None);
        }
        match self.forge.pull_request_in(tx, &granted, event.pr_id).await {
            Ok(_) => {}
            Err(rampart_store::Error::NotFound) => return Ok(None),
            Err(error) => return Err(error.into()),
        }
        if store::is_known(tx, &granted, event.pr_id, &event.external_id).await? {
            return Ok(None);
        }
        let said = Said {
            name: Some(&event.author),
            external: Some(&event.external_id),
            ..Said::new(Author::User, COMMENT, &event.text)
        };
        store::save(tx, &granted, event.pr_id, &said).await?;
        tx.emit(&CommentAdded { pr_id: event.pr_id, author: Author::User.name() });
        if event.text.trim() != RESCAN {
            return Ok(None);
        }
        let author = Account { id: event.author_id, name: event.author };
        Ok(Some(RescanAsAsked { repository: event.repository_id, pull: event.pr_id, author }))
    }

    /// Looks at a pull request again, if who asked may write to the repository.
    ///
    /// # Errors
    /// As the forge and the database answer.
    pub(crate) async fn rescan_as_asked(&self, origin: &Origin, job: &RescanAsAsked) -> Result<()> {
        let ctx = Ctx::of_system(origin.clone(), "feedback");
        let granted = ctx.require::<RecordScans>()?;
        let found = self.forge.find_in(&mut self.store.read().await?, &granted, job.repository).await;
        let repository = match found {
            Err(rampart_store::Error::NotFound) => return Ok(()),
            found => found?,
        };
        let client = self.forge.forge_client(origin, &repository).await?;
        if client.may_write(&job.author).await? {
            let mut tx = self.store.begin(&ctx).await?;
            self.analysis.analyze_again(&mut tx, job.pull).await?;
            tx.commit().await?;
        }
        Ok(())
    }

    /// # Errors
    /// As [`Analysis::analyze_pull_request`].
    pub async fn analyze(&self, ctx: &Ctx, id: PullRequestId) -> Result<Scan> {
        Ok(self.analysis.analyze_pull_request(ctx, id).await?)
    }
}

/// Its latest head, as the forge is told of it.
pub(crate) fn change(pull: &PullRequest) -> Change<'_> {
    Change { number: pull.pr_number, head: &pull.head_sha, branch: &pull.branch, from_fork: pull.from_fork }
}

/// The scan that looked at it last.
fn analysis(pull: &PullRequest) -> Option<ScanId> {
    pull.analysis_id.as_deref()?.parse().ok()
}
