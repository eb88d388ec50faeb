//! Who speaks for a repository at its forge, and what is told there of a change.

use rampart_kernel::{Id as _, Origin, Sealed};

use crate::fields::CommitHash;
use crate::github::{
    CheckRun, Client, Credential, Error as Github, ForgeComment, InlineComment, ReviewComment, SeenCheckRun,
    StatusState,
};
use crate::model::{Provider, Repository};
use crate::repositories::store::{self, ACCESS_TOKEN};
use crate::service::{Forge, NO_GITLAB, Result};
use crate::{Error, github};

/// Tells of a change where it lies. What fails says by [`github::Error::failure`] what that means for a job.
#[derive(Clone)]
pub struct FeedbackClient {
    client: Client,
    full_name: String,
}

impl Forge {
    /// What speaks for a repository at its forge.
    ///
    /// # Errors
    /// [`Error::ProviderNotConfigured`] for one that lies at no forge; [`Error::NotLinked`] when nobody lets the program in there.
    pub async fn feedback_client(&self, origin: &Origin, repository: &Repository) -> Result<FeedbackClient> {
        let client = self.client_of(origin, repository).await?;
        Ok(FeedbackClient { client, full_name: repository.summary.full_name.clone() })
    }

    /// By the app where it is installed; else with the token that the repository was connected with, or with that of whoever
    /// connected it.
    pub(crate) async fn client_of(&self, origin: &Origin, repository: &Repository) -> Result<Client> {
        match repository.provider {
            Provider::Github => {}
            Provider::Gitlab => return Err(NO_GITLAB),
            Provider::Local => return Err(Error::ProviderNotConfigured("a repository of this machine is at no forge")),
        }
        let known = store::credentials(&mut self.store.read().await?, repository.id()).await?;
        let credential = match known {
            store::Credentials { installation: Some(id), .. } if self.github.has_app() => Credential::Installation(id),
            store::Credentials { token: Some(sealed), .. } => Credential::Token(self.open_token(repository, &sealed)?),
            store::Credentials { added_by: Some(user), .. } => {
                let token =
                    self.identity.github_token_of(user).await.map_err(|error| Error::Unexpected(error.into()))?;
                Credential::Token(token.ok_or(Error::NotLinked(Provider::Github))?)
            }
            store::Credentials { .. } => return Err(Error::NotLinked(Provider::Github)),
        };
        Ok(self.github.client(credential, origin))
    }

    fn open_token(&self, repository: &Repository, sealed: &Sealed) -> Result<rampart_kernel::Secret> {
        let cell = ACCESS_TOKEN.cell(repository.id().uuid());
        self.keys.open(cell, sealed).map_err(|error| Error::Unexpected(error.into()))
    }
}

impl FeedbackClient {
    /// Whether check runs can be made. Only apps may make them: where there is none, a commit status says how a check ended.
    pub fn has_checks(&self) -> bool {
        self.client.is_app()
    }

    /// Makes a check run at a commit; its id. Annotations go out fifty at a time.
    ///
    /// # Errors
    /// As GitHub answers.
    pub async fn create_check_run(&self, head: &CommitHash, run: &CheckRun) -> Result<String, github::Error> {
        self.client.create_check_run(&self.full_name, head, run).await
    }

    /// As it is now; annotations are added to those that it has.
    ///
    /// # Errors
    /// As GitHub answers.
    pub async fn update_check_run(&self, id: &str, run: &CheckRun) -> Result<(), github::Error> {
        self.client.update_check_run(&self.full_name, id, run).await
    }

    /// The check run of this name at a commit that has this external id, for a job that does not know how far it came the last time.
    ///
    /// # Errors
    /// As GitHub answers.
    pub async fn find_check_run(
        &self,
        head: &CommitHash,
        name: &str,
        external_id: &str,
    ) -> Result<Option<SeenCheckRun>, github::Error> {
        self.client.find_check_run(&self.full_name, head, name, external_id).await
    }

    /// How a commit stands, under the name of a check (`context`).
    ///
    /// # Errors
    /// As GitHub answers.
    pub async fn set_status(
        &self,
        head: &CommitHash,
        (context, state): (&str, StatusState),
        description: &str,
        target_url: Option<&str>,
    ) -> Result<(), github::Error> {
        self.client.set_status(&self.full_name, head, (context, state), description, target_url).await
    }

    /// The comments of a pull request, not those at its lines; the oldest first, at most 1,000.
    ///
    /// # Errors
    /// As GitHub answers.
    pub async fn comments(&self, number: u32) -> Result<Vec<ForgeComment>, github::Error> {
        self.client.comments(&self.full_name, number).await
    }

    /// Makes a comment at a pull request; its id.
    ///
    /// # Errors
    /// As GitHub answers.
    pub async fn create_comment(&self, number: u32, text: &str) -> Result<String, github::Error> {
        self.client.create_comment(&self.full_name, number, text).await
    }

    /// Whether it is there still: somebody may have removed it.
    ///
    /// # Errors
    /// As GitHub answers.
    pub async fn edit_comment(&self, id: &str, text: &str) -> Result<bool, github::Error> {
        self.client.edit_comment(&self.full_name, id, text).await
    }

    /// The comments at lines of a pull request; the oldest first, at most 1,000.
    ///
    /// # Errors
    /// As GitHub answers.
    pub async fn review_comments(&self, number: u32) -> Result<Vec<ReviewComment>, github::Error> {
        self.client.review_comments(&self.full_name, number).await
    }

    /// Comments at lines (a suggestion is a block of their Markdown), all in one review that neither approves nor refuses; its id.
    ///
    /// # Errors
    /// As GitHub answers: 422 when a line is not part of the difference.
    pub async fn create_review(
        &self,
        number: u32,
        head: &CommitHash,
        comments: &[InlineComment],
    ) -> Result<String, github::Error> {
        self.client.create_review(&self.full_name, number, head, comments).await
    }

    /// Where two commits parted, as the forge has it.
    ///
    /// # Errors
    /// As GitHub answers.
    pub async fn merge_base(&self, base: &CommitHash, head: &CommitHash) -> Result<CommitHash, github::Error> {
        self.client.merge_base(&self.full_name, base, head).await
    }
}

impl From<Github> for rampart_jobs::Failure {
    fn from(error: Github) -> rampart_jobs::Failure {
        error.failure()
    }
}
