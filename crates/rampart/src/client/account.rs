//! `rampart account`: the first account of a new installation, made from the machine that it runs on.

use std::time::Duration;

use rampart_kernel::{Origin, Secret};
use serde_json::{Value, json};

use super::{Remote, remote};
use crate::exit;
use crate::failure::Failure;

/// A server that was just started is there within this.
const START_LIMIT: Duration = Duration::from_secs(60);

/// Characters of a password that is made up; with the rest, what every policy asks for.
const PASSWORD_LENGTH: usize = 20;

/// Registers the administrator with the invitation in the data folder, and keeps a token for the command line there.
pub fn make(email: &str) -> Result<u8, Failure> {
    crate::platform::run(async {
        let (remote, token_file, invitation_file) = remote()?;
        remote.wait(START_LIMIT).await?;
        let code = match std::fs::read_to_string(&invitation_file) {
            Ok(code) => code,
            Err(_) if token_file.exists() => {
                println!("There is an account already, and a token for the command line in {}.", token_file.display());
                return Ok(exit::DONE);
            }
            Err(_) => {
                let hint = "whoever administers the installation invites others; the first account is made once";
                return Err(Failure::new("there is no invitation for a first account").hint(hint));
            }
        };
        let origin = Origin::of_system("account");
        let random = origin.new_token();
        let password = format!("{}-Aa1", &random.expose()[..PASSWORD_LENGTH]);
        let token = register(&remote, email, &password, code.trim()).await?;
        rampart_kernel::write_private(&token_file, &format!("{}\n", token.expose())).map_err(Failure::new)?;
        println!("The first account is {email}, its password:");
        println!("  {password}");
        println!("It is shown this once. The command line acts with the token in {}.", token_file.display());
        Ok(exit::DONE)
    })
}

async fn register(remote: &Remote, email: &str, password: &str, code: &str) -> Result<Secret, Failure> {
    let body = json!({ "email": email, "password": password, "invitationCode": code });
    remote.post("/auth/register", &body).await?;
    let session = remote.post("/auth/login", &json!({ "email": email, "password": password })).await?;
    let session = remote.as_token(Secret::new(text(&session["accessToken"])?));
    let me = session.get("/auth/me").await?;
    let body = json!({
        "name": "command line",
        "scopes": ["read", "write", "scan"],
        "workspaceId": text(&me["currentWorkspace"]["id"])?,
    });
    Ok(Secret::new(text(&session.post("/users/me/tokens", &body).await?["token"])?))
}

fn text(value: &Value) -> Result<&str, Failure> {
    value.as_str().ok_or_else(|| Failure::new("the platform answered something else than was asked for"))
}
