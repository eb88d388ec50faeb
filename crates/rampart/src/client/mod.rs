//! The command line as a client of a running platform: who it is, and what it asks.

mod account;
mod connect;

use std::path::PathBuf;
use std::time::Duration;

use rampart_kernel::Secret;
use serde_json::Value;

use crate::failure::Failure;

pub use account::make as make_account;
pub use connect::run as connect;

/// In the data folder: the token of who made the first account from this machine.
const TOKEN_FILE: &str = "command-line-token";

/// How long an answer may take. Connecting looks at the repository first.
const ANSWER_LIMIT: Duration = Duration::from_secs(60);

rampart_kernel::settings! {
    /// Which platform the command line talks to, and as whom.
    pub struct ClientSettings {
        /// Address of the platform that commands such as `connect` talk to; that of this machine when not set.
        server: Option<String> = "" from "RAMPART_SERVER",
        /// API token by which they do; that in the data folder when not set.
        token: Option<Secret> = "" from "RAMPART_TOKEN",
    }
}

/// A running platform, and who asks it.
struct Remote {
    client: reqwest::Client,
    server: String,
    token: Option<Secret>,
}

/// An answer that is not what was asked for.
struct Refused {
    code: String,
    message: String,
}

impl From<Refused> for Failure {
    fn from(refused: Refused) -> Failure {
        let failure = Failure::new(&refused.message);
        match refused.code.as_str() {
            "UNAUTHENTICATED" | "TOKEN_INVALID" | "TOKEN_EXPIRED" | "TOKEN_REVOKED" => failure.hint(
                "make an API token in your profile and set RAMPART_TOKEN; on a new installation: `rampart account`",
            ),
            "PROVIDER_NOT_CONFIGURED" => failure.hint("`rampart config` shows every setting of the server"),
            _ => failure,
        }
    }
}

impl Remote {
    fn new(settings: &ClientSettings, own: &str, token_file: &std::path::Path) -> Result<Remote, Failure> {
        let client = rampart_egress::client(ANSWER_LIMIT).map_err(Failure::new)?;
        let server = settings.server.clone().unwrap_or_else(|| own.to_owned()).trim_end_matches('/').to_owned();
        let kept = || std::fs::read_to_string(token_file).ok().map(|text| Secret::new(text.trim()));
        // The token in the data folder is for the platform whose folder that is.
        let token = settings.token.clone().or_else(|| if settings.server.is_none() { kept() } else { None });
        Ok(Remote { client, server, token })
    }

    fn as_token(&self, token: Secret) -> Remote {
        Remote { client: self.client.clone(), server: self.server.clone(), token: Some(token) }
    }

    async fn get(&self, path: &str) -> Result<Value, Refused> {
        self.send(self.client.get(format!("{}/api/v1{path}", self.server))).await
    }

    async fn post(&self, path: &str, body: &Value) -> Result<Value, Refused> {
        self.send(self.client.post(format!("{}/api/v1{path}", self.server)).json(body)).await
    }

    async fn send(&self, request: reqwest::RequestBuilder) -> Result<Value, Refused> {
        let request = match &self.token {
            Some(token) => request.bearer_auth(token.expose()),
            None => request,
        };
        let unreachable = |error: reqwest::Error| Refused {
            code: String::new(),
            message: format!("{} does not answer: {}", self.server, rampart_egress::reason(&error.without_url())),
        };
        let response = request.send().await.map_err(unreachable)?;
        let status = response.status();
        let body: Value = response.json().await.unwrap_or_default();
        if status.is_success() {
            return Ok(body);
        }
        let text = |key: &str| body[key].as_str().unwrap_or_default().to_owned();
        let details = body["details"].as_array().into_iter().flatten();
        let details: Vec<String> = details
            .map(|problem| {
                format!("{} {}", problem["field"].as_str().unwrap_or(""), problem["message"].as_str().unwrap_or(""))
            })
            .collect();
        let message = match (text("error"), details.is_empty()) {
            (said, _) if said.is_empty() => format!("{} answered {status}", self.server),
            (said, true) => said,
            (said, false) => format!("{said}: {}", details.join("; ")),
        };
        Err(Refused { code: text("code"), message })
    }

    /// Waits until the platform answers; it may just have been started.
    async fn wait(&self, limit: Duration) -> Result<(), Failure> {
        let ready = async {
            while self.client.get(format!("{}/readyz", self.server)).send().await.is_err() {
                tokio::time::sleep(Duration::from_millis(200)).await;
            }
        };
        let late = |_| Failure::new(format!("{} does not answer", self.server)).hint("`rampart serve` starts it");
        tokio::time::timeout(limit, ready).await.map_err(late)
    }
}

/// The platform that is meant, as the settings say.
fn remote() -> Result<(Remote, PathBuf, PathBuf), Failure> {
    let (settings, _) = crate::platform::Settings::load(rampart_kernel::config::Sources::of_environment())?;
    let token_file = settings.in_data(TOKEN_FILE);
    let own = format!("http://{}", settings.web.address());
    let remote = Remote::new(&settings.client, &own, &token_file)?;
    Ok((remote, token_file, settings.invitation_file()))
}
