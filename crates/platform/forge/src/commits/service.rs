//! The use cases of commits.

use rampart_access::Ctx;
use rampart_web::{Page, Paged};

use super::model::Commit;
use super::store::{self, Filter};
use crate::access::ReadRepositories;
use crate::error::Error;
use crate::model::RepositoryId;
use crate::service::{Forge, Result};

/// Digits of a hash that name a commit among those of a workspace.
const SHORTEST: usize = 7;
const LONGEST: usize = 64;

impl Forge {
    /// The newest first.
    ///
    /// # Errors
    /// When the caller has no part in the workspace.
    pub async fn list_commits(&self, ctx: &Ctx, filter: &Filter, page: Page) -> Result<Paged<Commit>> {
        let granted = ctx.require::<ReadRepositories>()?;
        let (items, total) = store::list(&mut self.store.read().await?, &granted, filter, page).await?;
        Ok(Paged { items, total, page })
    }

    /// The commit whose hash begins with these digits, 7 to 64 of them.
    ///
    /// # Errors
    /// [`Error::Ambiguous`] when there are several; when there is none.
    pub async fn get_commit(&self, ctx: &Ctx, digits: &str, repository: Option<RepositoryId>) -> Result<Commit> {
        let granted = ctx.require::<ReadRepositories>()?;
        let digits = digits.to_ascii_lowercase();
        let hexadecimal = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
        if !hexadecimal || !(SHORTEST..=LONGEST).contains(&digits.len()) {
            return Err(rampart_access::Error::NotFound.into());
        }
        let mut found = store::find(&mut self.store.read().await?, &granted, &digits, repository).await?;
        match (found.pop(), found.is_empty()) {
            (Some(commit), true) => Ok(commit),
            (Some(_), false) => Err(Error::Ambiguous),
            (None, _) => Err(rampart_access::Error::NotFound.into()),
        }
    }
}
