//! `rampart login`: which platform the command line talks to from now on, and as whom.
//!
//! Kept in the user's folder of settings, for its owner only. What the environment names counts before it.

use std::io::{BufRead, IsTerminal};
use std::path::PathBuf;

use rampart_kernel::Secret;
use serde::{Deserialize, Serialize};

use super::Remote;
use crate::cli::LoginArgs;
use crate::exit;
use crate::failure::{Failure, one_line};

/// In the user's folder of settings.
const FILE: &str = "rampart/login.json";

/// Longer is no token, in bytes.
const LONGEST: usize = 4_096;

/// Who the command line is, where.
#[derive(Serialize, Deserialize)]
pub struct Login {
    pub server: String,
    token: String,
}

impl Login {
    pub fn token(&self) -> Secret {
        Secret::new(&self.token)
    }
}

pub fn run(args: &LoginArgs) -> Result<u8, Failure> {
    let server = args.server.trim_end_matches('/').to_owned();
    check(&server, args.plain_http)?;
    let token = token()?;
    crate::platform::run(async {
        let remote = Remote::of(&server, Some(token.clone()))?;
        let me = remote.get("/auth/me").await?;
        let (email, place) = (text(&me["email"]), text(&me["currentWorkspace"]["name"]));
        let file = file()?;
        if let Some(folder) = file.parent() {
            rampart_kernel::make_private_folder(folder).map_err(Failure::new)?;
        }
        let login = Login { server: server.clone(), token: token.expose().to_owned() };
        let kept = serde_json::to_string(&login).map_err(Failure::new)?;
        rampart_kernel::write_private(&file, &format!("{kept}\n")).map_err(Failure::new)?;
        println!("Logged in to {server} as {email}, in the workspace {place}.");
        println!("The token is in {}; `rampart logout` removes it.", file.display());
        Ok(exit::DONE)
    })
}

/// Forgets the token. The platform knows it still: it is revoked there.
pub fn forget() -> Result<u8, Failure> {
    let file = file()?;
    match std::fs::remove_file(&file) {
        Ok(()) => println!("Logged out. Revoke the token in your profile if nothing else uses it."),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => println!("There was no login."),
        Err(error) => return Err(Failure::new(format!("cannot remove {}: {error}", file.display()))),
    }
    Ok(exit::DONE)
}

/// What `rampart login` kept, if it did.
pub fn kept() -> Option<Login> {
    serde_json::from_str(&std::fs::read_to_string(file().ok()?).ok()?).ok()
}

fn file() -> Result<PathBuf, Failure> {
    let set = |name: &str| std::env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    let folder = set("XDG_CONFIG_HOME").or_else(|| Some(set("HOME")?.join(".config")));
    let hint = "set RAMPART_SERVER and RAMPART_TOKEN instead";
    Ok(folder.ok_or_else(|| Failure::new("there is no home folder to keep the login in").hint(hint))?.join(FILE))
}

/// A token that goes through a network in the clear is everybody's.
fn check(server: &str, plain_http: bool) -> Result<(), Failure> {
    let wrong = |what: &str| Err(Failure::new(format!("{}: {what}", one_line(server))));
    let Some((scheme, rest)) = server.split_once("://") else {
        return wrong("the address of a platform begins with https://");
    };
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    if host.is_empty() || host.contains('@') {
        return wrong("that is no address of a platform");
    }
    let name = host.strip_prefix('[').map_or_else(|| host.split(':').next(), |host| host.split(']').next());
    let is_here = matches!(name.unwrap_or_default(), "localhost" | "127.0.0.1" | "::1");
    match scheme {
        "https" => Ok(()),
        "http" if is_here || plain_http => Ok(()),
        "http" => {
            wrong("a token would go through the network in the clear; use https, or --plain-http where that is meant")
        }
        _ => wrong("the address of a platform begins with https://"),
    }
}

/// From the environment, from standard input when that is no terminal, or asked for without showing it.
fn token() -> Result<Secret, Failure> {
    let given = std::env::var("RAMPART_TOKEN").ok().filter(|token| !token.trim().is_empty());
    let text = match given {
        Some(token) => token,
        None if std::io::stdin().is_terminal() => {
            rpassword::prompt_password("API token (from your profile, Tokens): ")?
        }
        None => {
            let mut line = String::new();
            std::io::Read::take(std::io::stdin().lock(), LONGEST as u64 + 1).read_line(&mut line)?;
            line
        }
    };
    let text = text.trim();
    if text.is_empty() || text.len() > LONGEST || !text.bytes().all(|byte| byte.is_ascii_graphic()) {
        let hint = "make one in your profile, and type or paste it, pipe it in, or set RAMPART_TOKEN";
        return Err(Failure::new("that is no API token").hint(hint));
    }
    Ok(Secret::new(text))
}

fn text(value: &serde_json::Value) -> String {
    one_line(value.as_str().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_go_where_nobody_reads_along() {
        let check = |server: &str, plain| check(server, plain).is_ok();
        assert!(check("https://rampart.example", false) && check("http://localhost:8080", false));
        assert!(check("http://[::1]:8080", false) && check("http://127.0.0.1:1/app", false));
        for bad in [
            "rampart.example",
            "http://rampart.example",
            "http://localhost.evil.example",
            "ftp://localhost",
            "https://",
        ] {
            assert!(!check(bad, false), "{bad}");
        }
        assert!(!check("http://localhost@evil.example", true) && check("http://rampart.example", true));
    }
}
