//! What repositories have at their forge: which there are, what guards their branches, where the app is installed.

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rampart_access::Ctx;
use rampart_access::audit::Record;
use rampart_kernel::{Purpose, Secret, Timestamp, WorkspaceId};
use rampart_web::{Page, Paged};
use serde::Serialize;
use subtle::ConstantTimeEq;
use utoipa::ToSchema;

use super::forge_routes::AvailableRepository;
use super::store;
use crate::access::{ConnectForges, ManageRepositories};
use crate::error::Error;
use crate::fields::BranchName;
use crate::installations;
use crate::model::{Provider, RepositoryId};
use crate::remote::Credential;
use crate::remote::transport::segment;
use crate::service::{Forge, Result};

/// Repositories of an account that are looked through.
const MOST: usize = 1_000;

/// Checks that a branch can ask for, and characters of a name.
const MOST_CHECKS: usize = 20;
const CHECK_LENGTH: usize = 100;

/// How long somebody may take at GitHub to install the app.
const STATE_LIFETIME: Duration = Duration::from_secs(30 * 60);

const NO_APP: Error = Error::ProviderNotConfigured(
    "this installation is no GitHub App: whoever runs Rampart names one in GITHUB_APP_ID, GITHUB_APP_PRIVATE_KEY, GITHUB_APP_SLUG",
);

/// What a forge asks for before a branch takes a change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = BranchProtection)]
pub struct Guarded {
    #[schema(value_type = String)]
    pub branch: BranchName,
    /// Whether it asks for any.
    pub enforced: bool,
    pub required_checks: Vec<String>,
}

impl Forge {
    /// Repositories that the caller's account, or the app of their workspace, sees at a forge; the last changed first.
    ///
    /// # Errors
    /// [`Error::NotLinked`], [`Error::ProviderNotConfigured`], [`Error::Forge`].
    pub(crate) async fn list_available(
        &self,
        ctx: &Ctx,
        provider: Provider,
        part: Option<&str>,
        page: Page,
    ) -> Result<Paged<AvailableRepository>> {
        let granted = ctx.require::<ManageRepositories>()?;
        if provider == Provider::Local {
            let what = "has no list: a local repository is connected by its path".to_owned();
            return Err(Error::Field { field: "provider", what });
        }
        let (desk, _) = self.desk(ctx, &granted, (provider, None), None).await?;
        let all = desk.repositories(MOST).await?;
        let part = part.map(str::to_lowercase);
        let wanted =
            all.into_iter().filter(|it| part.as_ref().is_none_or(|part| it.full_name.to_lowercase().contains(part)));
        let wanted: Vec<_> = wanted.collect();
        let total = wanted.len() as u64;
        let shown: Vec<_> = wanted.into_iter().skip(page.offset() as usize).take(page.limit as usize).collect();
        let ids: Vec<String> = shown.iter().map(|it| it.id.clone()).collect();
        let connected = store::connected(&mut self.store.read().await?, &granted, provider, &ids).await?;
        let items = shown.into_iter().map(|it| AvailableRepository {
            connected: connected.contains(&it.id),
            provider_repo_id: it.id,
            full_name: it.full_name,
            private: it.private,
            language: it.language,
            default_branch: it.default_branch.map(|branch| branch.to_string()),
        });
        Ok(Paged { items: items.collect(), total, page })
    }

    /// What guards the default branch.
    ///
    /// # Errors
    /// As the forge answers.
    pub async fn get_protection(&self, ctx: &Ctx, id: RepositoryId) -> Result<Guarded> {
        let granted = ctx.require::<ConnectForges>()?;
        let repository = store::get(&mut self.store.read().await?, &granted, id).await?;
        let client = self.forge_client(ctx, &repository).await?;
        let branch = repository.default_branch;
        let checks = client.required_checks(&branch).await?;
        Ok(Guarded { branch, enforced: !checks.is_empty(), required_checks: checks })
    }

    /// Has the forge ask for these checks besides those that it asks for, or for these no longer.
    ///
    /// # Errors
    /// As the forge answers; [`Error::Field`] for names that no check has.
    pub async fn change_protection(&self, ctx: &Ctx, id: RepositoryId, wanted: Guarded) -> Result<Guarded> {
        let granted = ctx.require::<ConnectForges>()?;
        let good =
            |name: &String| (1..=CHECK_LENGTH).contains(&name.chars().count()) && !name.chars().any(char::is_control);
        if !(1..=MOST_CHECKS).contains(&wanted.required_checks.len()) || !wanted.required_checks.iter().all(good) {
            let what = format!("are 1 to {MOST_CHECKS} names of 1 to {CHECK_LENGTH} characters");
            return Err(Error::Field { field: "requiredChecks", what });
        }
        let repository = store::get(&mut self.store.read().await?, &granted, id).await?;
        let client = self.forge_client(ctx, &repository).await?;
        if wanted.enforced {
            let mut checks = client.required_checks(&wanted.branch).await?;
            checks.extend(
                wanted.required_checks.iter().filter(|check| !checks.contains(check)).cloned().collect::<Vec<_>>(),
            );
            client.require_checks(&wanted.branch, &checks).await?;
        } else {
            client.release_checks(&wanted.branch, &wanted.required_checks).await?;
        }
        let checks = client.required_checks(&wanted.branch).await?;
        let now = Guarded { branch: wanted.branch, enforced: !checks.is_empty(), required_checks: checks };
        let mut tx = self.store.begin(ctx).await?;
        let value = serde_json::json!(now);
        store::record_protection(&mut tx, &granted, id, &value).await?;
        let record = Record::new("repository.protection_changed", "repository").of(id).detail("protection", value);
        self.audit.record(&mut tx, ctx, record).await?;
        tx.commit().await?;
        Ok(now)
    }

    /// Where the app is installed, with a state that says for which workspace and by whom.
    ///
    /// # Errors
    /// [`Error::ProviderNotConfigured`] where there is no app.
    pub fn leave_to_install(&self, ctx: &Ctx) -> Result<String> {
        let granted = ctx.require::<ConnectForges>()?;
        let slug = self.github.app_slug().ok_or(NO_APP)?;
        let user = granted.user().ok_or(rampart_access::Error::Unauthenticated)?;
        let state = self.state(granted.workspace(), &user.to_string(), ctx.now() + STATE_LIFETIME);
        let web = self.identity.github_addresses().web;
        Ok(format!("{web}/apps/{}/installations/new?state={state}", segment(slug)))
    }

    /// `<workspace>.<milliseconds>.<mac>`; who it was is known of who comes back.
    fn state(&self, workspace: WorkspaceId, user: &str, until: Timestamp) -> String {
        let (workspace, until) = (workspace.to_string(), until.as_millis().to_string());
        let parts: [&[u8]; 4] = [b"github installation", workspace.as_bytes(), user.as_bytes(), until.as_bytes()];
        let mac = self.keys.derive(Purpose::Tokens).mac(&parts);
        format!("{workspace}.{until}.{}", URL_SAFE_NO_PAD.encode(mac))
    }

    /// The workspace may use an installation from now on; where the browser goes next. What is in an address anybody can write:
    /// that the caller may manage the installation GitHub itself says.
    ///
    /// GitHub's way back names no workspace but in the state. Where that is another than the request's, nothing is done but to lead
    /// to the page of the dashboard that comes again in its name.
    ///
    /// # Errors
    /// [`Error::Field`] when the state is not that of the caller in their workspace, or the installation not theirs to give;
    /// [`Error::NotLinked`].
    pub async fn come_back_from_install(&self, ctx: &Ctx, installation: &str, state: &Secret) -> Result<String> {
        if !self.github.has_app() {
            return Err(NO_APP);
        }
        let (workspace, rest) = state.expose().split_once('.').unwrap_or_default();
        if let Ok(workspace) = workspace.parse::<WorkspaceId>()
            && ctx.workspace != Some(workspace)
        {
            let (installation, state) = (segment(installation), segment(state.expose()));
            let query = format!("workspace={workspace}&installation={installation}&state={state}");
            return Ok(format!("{}/installed?{query}", self.web.frontend_url()));
        }
        let granted = ctx.require::<ConnectForges>()?;
        let user = granted.user().ok_or(rampart_access::Error::Unauthenticated)?;
        let until = rest.split_once('.').and_then(|(until, _)| until.parse().ok()).map(Timestamp::from_millis);
        let until = until.filter(|until| *until > ctx.now() && *until <= ctx.now() + STATE_LIFETIME);
        let expected = until.map(|until| self.state(granted.workspace(), &user.to_string(), until));
        if !expected.is_some_and(|expected| bool::from(expected.as_bytes().ct_eq(state.expose().as_bytes()))) {
            let what = "is not what was sent along, or too old: begin again".to_owned();
            return Err(Error::Field { field: "state", what });
        }
        let token = self.identity.github_token(ctx).await.map_err(|error| Error::Unexpected(error.into()))?;
        let token = token.ok_or(Error::NotLinked(Provider::Github))?;
        let theirs = self.github.client(Credential::Token(token), ctx).installations().await?;
        let Some(found) = theirs.into_iter().find(|it| it.id.to_string() == installation) else {
            let what = "is no installation that your account at GitHub may manage".to_owned();
            return Err(Error::Field { field: "installation_id", what });
        };
        let account = found.account.and_then(|account| account.login).unwrap_or_default();
        let mut tx = self.store.begin(ctx).await?;
        installations::store::insert(&mut tx, &granted, installation, &account).await?;
        let record = Record::new("forge.installed", "workspace").of(granted.workspace()).detail("account", account);
        self.audit.record(&mut tx, ctx, record).await?;
        tx.commit().await?;
        Ok(format!("{}/repositories", self.web.frontend_url()))
    }
}
