//! Through whom one can sign in.

use rampart_kernel::Secret;
use rampart_web::BaseUrl;

rampart_kernel::settings! {
    /// Through whom one can sign in.
    pub struct ProviderSettings {
        /// Client id of the OAuth app at GitHub.
        github_client_id: Option<String> = "" from "GITHUB_CLIENT_ID",
        /// Its secret.
        github_client_secret: Option<Secret> = "" from "GITHUB_CLIENT_SECRET",
        /// What it asks for.
        github_scopes: Vec<String> = "repo,read:user,user:email" from "GITHUB_OAUTH_SCOPES",
        /// GitHub, or an Enterprise Server.
        github_url: BaseUrl = "https://github.com" from "GITHUB_URL",
        /// Its API.
        github_api_url: BaseUrl = "https://api.github.com" from "GITHUB_API_URL",
        /// Client id of the OAuth client at Google.
        google_client_id: Option<String> = "" from "GOOGLE_CLIENT_ID",
        /// Its secret.
        google_client_secret: Option<Secret> = "" from "GOOGLE_CLIENT_SECRET",
        /// Who signs Google's tokens; where its endpoints are is asked there.
        google_issuer: BaseUrl = "https://accounts.google.com" from "GOOGLE_ISSUER",
    }
}
