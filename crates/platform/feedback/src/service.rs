//! The use cases: what people see and say of pull requests. What the program says by itself is in `tell`.

use rampart_access::Ctx;
use rampart_access::audit::{Audit, Record};
use rampart_analysis::{Analysis, Scan};
use rampart_findings::Severity;
use rampart_forge::github::InlineComment;
use rampart_forge::{
    Forge, PullRequest, PullRequestCommented, PullRequestFilter, PullRequestId, ReadRepositories, RecordScans,
};
use rampart_store::{Store, Tx};
use rampart_web::{Page, Paged};

use crate::access::CommentOnChanges;
use crate::error::Error;
use crate::events::CommentAdded;
use crate::markdown::block;
use crate::store::{self, Author, Judged, PrComment, Said};
use crate::words;

pub(crate) type Result<T, E = Error> = std::result::Result<T, E>;

/// Characters of a comment (spec 01 §15), and of where it stands.
const LONGEST_COMMENT: usize = 65_536;
const LONGEST_PATH: usize = 1_024;
const LONGEST_CATEGORY: usize = 100;

/// The kind of a comment that is none of ours.
pub(crate) const COMMENT: &str = "comment";

/// What a comment says that asks for another look, and what its author is to the repository then.
const RESCAN: &str = "/rampart rescan";
const TRUSTED: [&str; 3] = ["OWNER", "MEMBER", "COLLABORATOR"];

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
    /// As the forge gets it.
    fn text(&self) -> Result<String> {
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
        let Some(suggestion) = &self.suggestion else { return Ok(self.comment.clone()) };
        if self.place.is_none() || suggestion.chars().count() > LONGEST_COMMENT / 2 {
            return Err(Error::Field(
                "suggestion",
                "stands beside a line (filePath, lineNumber), with up to 32,768 characters",
            ));
        }
        Ok(format!("{}\n\n{}", self.comment, block("suggestion", suggestion)))
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
    pub async fn list(&self, ctx: &Ctx, filter: &PullRequestFilter, page: Page) -> Result<Paged<PullRequest>> {
        Ok(self.forge.list_pull_requests(ctx, filter, page).await?)
    }

    /// # Errors
    /// When there is none in the caller's workspace.
    pub async fn get(&self, ctx: &Ctx, id: PullRequestId) -> Result<Whole> {
        let granted = ctx.require::<ReadRepositories>()?;
        let pull = self.forge.get_pull_request(ctx, id).await?;
        let Some(scan) = pull.analysis_id.as_deref().and_then(|id| id.parse().ok()) else {
            return Ok(Whole { pull, scan: None, judged: None });
        };
        let judged = store::judgement(&mut self.store.read().await?, &granted, id, scan).await?;
        let scan = self.analysis.get_scan(ctx, scan).await?.0;
        Ok(Whole { pull, scan: Some(scan), judged })
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
        let text = new.text()?;
        let mut reader = self.store.read().await?;
        let pull = self.forge.pull_request_in(&mut reader, &granted, id).await?;
        let repository = self.forge.find_in(&mut reader, &granted, pull.repo_id).await?;
        drop(reader);
        let client = self.forge.feedback_client(ctx, &repository).await?;
        let external = match &new.place {
            None => client.create_comment(pull.pr_number, &text).await?,
            Some((path, line)) => {
                let inline = InlineComment { path: path.clone(), start_line: None, line: *line, text: text.clone() };
                client.create_review(pull.pr_number, &pull.head_sha, &[inline]).await?
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
    pub(crate) async fn commented(&self, tx: &mut Tx, event: PullRequestCommented) -> Result<()> {
        let ctx = Ctx::of_system(tx.origin().clone(), "feedback");
        let granted = ctx.require::<RecordScans>()?;
        // Programs write a lot, and this one hears of its own comments too.
        if event.by_bot || event.text.starts_with(words::MARK) {
            return Ok(());
        }
        match self.forge.pull_request_in(tx, &granted, event.pr_id).await {
            Ok(_) => {}
            Err(rampart_store::Error::NotFound) => return Ok(()),
            Err(error) => return Err(error.into()),
        }
        if store::is_known(tx, &granted, event.pr_id, &event.external_id).await? {
            return Ok(());
        }
        let said = Said {
            name: Some(&event.author),
            external: Some(&event.external_id),
            ..Said::new(Author::User, COMMENT, &event.text)
        };
        store::save(tx, &granted, event.pr_id, &said).await?;
        tx.emit(&CommentAdded { pr_id: event.pr_id, author: Author::User.name() });
        let asked = event.text.trim() == RESCAN && TRUSTED.contains(&event.association.as_str());
        if asked {
            self.analysis.analyze_again(tx, event.pr_id).await?;
        }
        Ok(())
    }

    /// # Errors
    /// As [`Analysis::analyze_pull_request`].
    pub async fn analyze(&self, ctx: &Ctx, id: PullRequestId) -> Result<Scan> {
        Ok(self.analysis.analyze_pull_request(ctx, id).await?)
    }
}
