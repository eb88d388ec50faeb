//! What this installation is at GitHub.

use rampart_kernel::Secret;

rampart_kernel::settings! {
    /// What this installation is at GitHub.
    pub struct GithubSettings {
        /// Secret of webhooks that have none of their own, such as the one of the GitHub App.
        webhook_secret: Option<Secret> = "" from "GITHUB_WEBHOOK_SECRET",
        /// Id of the GitHub App.
        app_id: Option<String> = "" from "GITHUB_APP_ID",
        /// Its private key, as PEM; `\n` may stand for the ends of lines.
        app_private_key: Option<Secret> = "" from "GITHUB_APP_PRIVATE_KEY",
        /// Its name in addresses.
        app_slug: Option<String> = "" from "GITHUB_APP_SLUG",
    }
}
