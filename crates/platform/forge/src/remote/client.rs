//! The forges behind one door.

use rampart_kernel::Secret;

use super::error::Error;
use super::terms::{Account, Change, Check, ForgeComment, HookDelivery, InlineComment, RemotePull, RemoteRepository};
use crate::fields::{BranchName, CommitHash};
use crate::{github, gitlab};

/// A forge, and who asks there.
#[derive(Clone)]
pub enum Desk {
    Github(github::Client),
    Gitlab(gitlab::Client),
}

/// A repository at its forge, and who asks there. What fails says by [`Error::failure`] what that means for a job.
#[derive(Clone)]
pub enum ForgeClient {
    Github(github::Lot),
    Gitlab(gitlab::Project),
}

/// What the forge at hand does. Both have the same words for it: the compiler holds them to that.
macro_rules! at {
    ($type:ident, $value:expr, $it:ident => $does:expr) => {
        match $value {
            $type::Github($it) => $does,
            $type::Gitlab($it) => $does,
        }
    };
}

impl Desk {
    /// At most `most` of those that the account can see, the last changed first.
    ///
    /// # Errors
    /// As the forge answers.
    pub async fn repositories(&self, most: usize) -> Result<Vec<RemoteRepository>, Error> {
        at!(Desk, self, it => it.repositories(most).await)
    }

    /// By its full name.
    ///
    /// # Errors
    /// As the forge answers.
    pub async fn repository(&self, full_name: &str) -> Result<RemoteRepository, Error> {
        at!(Desk, self, it => it.repository(full_name).await)
    }

    /// By its number, which it keeps when it is renamed.
    ///
    /// # Errors
    /// As the forge answers.
    pub async fn repository_of_id(&self, id: &str) -> Result<RemoteRepository, Error> {
        at!(Desk, self, it => it.repository_of_id(id).await)
    }

    /// For what is of that repository.
    ///
    /// # Errors
    /// [`Error::NotFound`] for what no repository there can be called.
    pub fn at(&self, id: &str, full_name: &str) -> Result<ForgeClient, Error> {
        Ok(match self {
            Desk::Github(it) => ForgeClient::Github(it.at(full_name)?),
            Desk::Gitlab(it) => ForgeClient::Gitlab(it.at(id)?),
        })
    }
}

impl ForgeClient {
    /// What git is to show, so that it may fetch.
    ///
    /// # Errors
    /// As the forge answers.
    pub async fn token(&self) -> Result<Secret, Error> {
        at!(ForgeClient, self, it => it.token().await)
    }

    /// The name of the account that asks: what it wrote is ours.
    ///
    /// # Errors
    /// As the forge answers.
    pub async fn own_name(&self) -> Result<String, Error> {
        at!(ForgeClient, self, it => it.own_name().await)
    }

    /// Whether the forge tells what happens without a hook of the repository's own.
    pub fn is_told_anyway(&self) -> bool {
        match self {
            ForgeClient::Github(it) => it.is_told_by_app(),
            ForgeClient::Gitlab(_) => false,
        }
    }

    /// Makes a hook; its id.
    ///
    /// # Errors
    /// As the forge answers.
    pub async fn create_hook(&self, url: &str, secret: &Secret) -> Result<String, Error> {
        at!(ForgeClient, self, it => it.create_hook(url, secret).await)
    }

    /// Gives a hook another secret, and puts right what somebody may have changed there.
    ///
    /// # Errors
    /// As the forge answers.
    pub async fn update_hook(&self, id: &str, url: &str, secret: &Secret) -> Result<(), Error> {
        at!(ForgeClient, self, it => it.update_hook(id, url, secret).await)
    }

    /// One that is gone already is gone.
    ///
    /// # Errors
    /// As the forge answers.
    pub async fn delete_hook(&self, id: &str) -> Result<(), Error> {
        let deleted = at!(ForgeClient, self, it => it.delete_hook(id).await);
        match deleted {
            Err(Error::NotFound(_)) => Ok(()),
            deleted => deleted,
        }
    }

    /// What a hook was told of late, the newest first.
    ///
    /// # Errors
    /// As the forge answers.
    pub async fn hook_deliveries(&self, hook: &str) -> Result<Vec<HookDelivery>, Error> {
        at!(ForgeClient, self, it => it.hook_deliveries(hook).await)
    }

    /// The forge tells it again.
    ///
    /// # Errors
    /// As the forge answers.
    pub async fn redeliver(&self, hook: &str, delivery: u64) -> Result<(), Error> {
        at!(ForgeClient, self, it => it.redeliver(hook, delivery).await)
    }

    /// The checks that the forge asks for before a branch takes a change.
    ///
    /// # Errors
    /// As the forge answers.
    pub async fn required_checks(&self, branch: &BranchName) -> Result<Vec<String>, Error> {
        at!(ForgeClient, self, it => it.required_checks(branch).await)
    }

    /// The branch takes changes only with these checks; whatever else protects it stays.
    ///
    /// # Errors
    /// As the forge answers.
    pub async fn require_checks(&self, branch: &BranchName, checks: &[String]) -> Result<(), Error> {
        at!(ForgeClient, self, it => it.require_checks(branch, checks).await)
    }

    /// The branch takes changes without these checks; whatever else protects it stays.
    ///
    /// # Errors
    /// As the forge answers.
    pub async fn release_checks(&self, branch: &BranchName, checks: &[String]) -> Result<(), Error> {
        at!(ForgeClient, self, it => it.release_checks(branch, checks).await)
    }

    /// Pull requests that are open, the last changed first. Those that cannot be ours to look at are left out.
    ///
    /// # Errors
    /// As the forge answers.
    pub async fn open_pulls(&self) -> Result<Vec<RemotePull>, Error> {
        at!(ForgeClient, self, it => it.open_pulls().await)
    }

    /// One of them, however it stands.
    ///
    /// # Errors
    /// As the forge answers.
    pub async fn pull(&self, number: u32) -> Result<Option<RemotePull>, Error> {
        at!(ForgeClient, self, it => it.pull(number).await)
    }

    /// Where two commits parted, as the forge has it.
    ///
    /// # Errors
    /// As the forge answers.
    pub async fn merge_base(&self, base: &CommitHash, head: &CommitHash) -> Result<CommitHash, Error> {
        at!(ForgeClient, self, it => it.merge_base(base, head).await)
    }

    /// Makes the check of a head as it is to be, wherever an earlier run was cut off; its id, where it is something of its own there.
    ///
    /// # Errors
    /// As the forge answers.
    pub async fn report(&self, change: Change<'_>, check: &Check) -> Result<Option<String>, Error> {
        at!(ForgeClient, self, it => it.report(change, check).await)
    }

    /// Comments at a pull request that our own account wrote, not those at its lines; the oldest first, of at most 1,000. Whoever else
    /// writes as we do is not us.
    ///
    /// # Errors
    /// As the forge answers.
    pub async fn own_comments(&self, number: u32) -> Result<Vec<ForgeComment>, Error> {
        let all = at!(ForgeClient, self, it => it.comments(number).await?);
        self.own(all).await
    }

    /// The same of those at its lines.
    ///
    /// # Errors
    /// As the forge answers.
    pub async fn own_inline_comments(&self, number: u32) -> Result<Vec<ForgeComment>, Error> {
        let all = at!(ForgeClient, self, it => it.inline_comments(number).await?);
        self.own(all).await
    }

    async fn own(&self, mut comments: Vec<ForgeComment>) -> Result<Vec<ForgeComment>, Error> {
        if !comments.is_empty() {
            let own = self.own_name().await?;
            comments.retain(|comment| comment.author.eq_ignore_ascii_case(&own));
        }
        Ok(comments)
    }

    /// Makes a comment at a pull request; its id.
    ///
    /// # Errors
    /// As the forge answers.
    pub async fn create_comment(&self, number: u32, text: &str) -> Result<String, Error> {
        at!(ForgeClient, self, it => it.create_comment(number, text).await)
    }

    /// Whether it is there still: somebody may have removed it.
    ///
    /// # Errors
    /// As the forge answers.
    pub async fn edit_comment(&self, number: u32, id: &str, text: &str) -> Result<bool, Error> {
        let edited = at!(ForgeClient, self, it => it.edit_comment(number, id, text).await);
        match edited {
            Ok(()) => Ok(true),
            Err(Error::NotFound(_)) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Makes comments at lines, which neither approve nor refuse; the id of what they are or stand in. Where a forge takes them one by
    /// one, those that it refuses are left out as long as it takes another.
    ///
    /// # Errors
    /// As the forge answers, such as when a line is not part of the difference.
    pub async fn comment_inline(&self, change: Change<'_>, comments: &[InlineComment]) -> Result<String, Error> {
        at!(ForgeClient, self, it => it.comment_inline(change, comments).await)
    }

    /// Whether somebody may write to the repository.
    ///
    /// # Errors
    /// As the forge answers.
    pub async fn may_write(&self, who: &Account) -> Result<bool, Error> {
        at!(ForgeClient, self, it => it.may_write(who).await)
    }
}
