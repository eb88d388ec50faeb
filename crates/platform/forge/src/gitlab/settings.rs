//! What this installation is at GitLab.

use rampart_kernel::Secret;
use rampart_web::BaseUrl;

rampart_kernel::settings! {
    /// What this installation is at GitLab.
    pub struct GitlabSettings {
        /// Access token for projects that are connected without one of their own. Members of every workspace may connect what it reaches.
        token: Option<Secret> = "" from "GITLAB_TOKEN",
        /// GitLab, or an instance of one's own, also below a path.
        base_url: BaseUrl = "https://gitlab.com" from "GITLAB_BASE_URL",
        /// Secret token of hooks that have none of their own, such as system hooks.
        webhook_secret: Option<Secret> = "" from "GITLAB_WEBHOOK_SECRET",
    }
}
