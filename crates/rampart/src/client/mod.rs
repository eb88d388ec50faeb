//! The command line as a client of a running platform: who it is, and what it asks.

mod account;
mod connect;
mod findings;
mod login;
mod upload;

use std::path::PathBuf;
use std::time::Duration;

use rampart_kernel::Secret;
use serde_json::Value;

use crate::failure::{Failure, one_line};

pub use account::make as make_account;
pub use connect::run as connect;
pub use findings::run as findings;
pub use login::{forget as logout, run as login};
pub use upload::upload;

/// In the data folder: the token of who made the first account from this machine.
const TOKEN_FILE: &str = "command-line-token";

/// How long an answer may take. Connecting looks at the repository first.
const ANSWER_LIMIT: Duration = Duration::from_secs(60);

rampart_kernel::settings! {
    /// Which platform the command line talks to, and as whom.
    pub struct ClientSettings {
        /// Address of the platform that commands such as `connect` talk to; when not set that of `rampart login`, else that of this
        /// machine.
        server: Option<String> = "" from "RAMPART_SERVER",
        /// API token by which they do; when not set that of `rampart login`, else that in the data folder.
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
                "make an API token in your profile for `rampart login` or RAMPART_TOKEN; on a new installation: `rampart account`",
            ),
            "PROVIDER_NOT_CONFIGURED" => failure.hint("`rampart config` shows every setting of the server"),
            _ => failure,
        }
    }
}

impl Remote {
    /// What the environment says, else what `rampart login` kept, else the platform of this machine.
    fn new(settings: &ClientSettings, own: &str, token_file: &std::path::Path) -> Result<Remote, Failure> {
        let login = login::kept();
        let named = settings.server.as_deref().map(|server| server.trim_end_matches('/'));
        if let Some(login) = login.filter(|login| named.is_none_or(|named| named == login.server)) {
            let token = settings.token.clone().unwrap_or_else(|| login.token());
            return Remote::of(&login.server, Some(token));
        }
        let kept = || std::fs::read_to_string(token_file).ok().map(|text| Secret::new(text.trim()));
        // The token in the data folder is for the platform whose folder that is.
        let token = settings.token.clone().or_else(|| if named.is_none() { kept() } else { None });
        Remote::of(named.unwrap_or(own), token)
    }

    fn of(server: &str, token: Option<Secret>) -> Result<Remote, Failure> {
        let client = rampart_egress::client(ANSWER_LIMIT).map_err(Failure::new)?;
        Ok(Remote { client, server: server.trim_end_matches('/').to_owned(), token })
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

    async fn patch(&self, path: &str, body: &Value) -> Result<Value, Refused> {
        self.send(self.client.patch(format!("{}/api/v1{path}", self.server)).json(body)).await
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

/// The id and the whole name of a connected repository, by its id, its whole name or its name where that is one's only.
async fn repository(remote: &Remote, name: &str) -> Result<(String, String), Failure> {
    let list = remote
        .get(&format!("/repositories?limit=100&q={}", findings::encoded(name.rsplit('/').next().unwrap_or(name))))
        .await?;
    let known = list["repositories"].as_array().cloned().unwrap_or_default();
    let text = |one: &Value, key: &str| one[key].as_str().unwrap_or_default().to_owned();
    let whole = known.iter().find(|one| text(one, "fullName") == name);
    let mut named = known.iter().filter(|one| text(one, "name") == name);
    let one = match (whole, named.next(), named.next()) {
        (Some(one), ..) | (None, Some(one), None) => one.clone(),
        (None, Some(_), Some(_)) => {
            return Err(Failure::new(format!("several repositories are called {}", one_line(name)))
                .hint("name it whole, as owner/name"));
        }
        (None, None, _) => match remote.get(&format!("/repositories/{}", findings::encoded(name))).await {
            Ok(one) => one,
            Err(Refused { code, .. }) if code == "NOT_FOUND" || code == "VALIDATION_ERROR" => {
                return Err(Failure::new(format!("no connected repository is called {}", one_line(name)))
                    .hint("`rampart connect` connects one"));
            }
            Err(refused) => return Err(refused.into()),
        },
    };
    Ok((text(&one, "id"), text(&one, "fullName")))
}

/// The platform that is meant, as the settings say.
fn remote() -> Result<(Remote, PathBuf, PathBuf), Failure> {
    let settings = crate::platform::Settings::load(rampart_kernel::config::Sources::of_environment())?;
    let token_file = settings.in_data(TOKEN_FILE);
    let own = format!("http://{}", settings.web.address());
    let remote = Remote::new(&settings.client, &own, &token_file)?;
    Ok((remote, token_file, settings.invitation_file()))
}
