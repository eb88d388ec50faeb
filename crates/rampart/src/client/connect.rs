//! `rampart connect`: a repository becomes one of the platform's.

use std::path::Path;
use std::time::Duration;

use serde_json::{Value, json};

use super::{Refused, Remote, remote};
use crate::cli::ConnectArgs;
use crate::exit;
use crate::failure::{Failure, one_line};

/// How often it is asked how far the first scan is.
const LOOK: Duration = Duration::from_millis(500);

pub fn run(args: &ConnectArgs) -> Result<u8, Failure> {
    let body = described(args)?;
    crate::platform::run(async {
        let (remote, _, _) = remote()?;
        let repository = match remote.post("/repositories/connect", &body).await {
            Ok(repository) => repository,
            // Said twice is said once.
            Err(Refused { code, .. }) if code == "REPOSITORY_ALREADY_CONNECTED" => known(&remote, &body).await?,
            Err(refused) => return Err(refused.into()),
        };
        let (id, name) = (text(&repository, "id"), text(&repository, "fullName"));
        println!("{} is connected: {}/app/repositories/{id}", one_line(&name), remote.server);
        if args.wait { wait(&remote, &id).await } else { Ok(exit::DONE) }
    })
}

/// A folder of this machine is named by its whole path; an address by itself.
fn described(args: &ConnectArgs) -> Result<Value, Failure> {
    let place = &args.place;
    let path = place.strip_prefix("file://").unwrap_or(place);
    let mut body = if path.contains("://") {
        // Which forge it is of the server knows.
        json!({ "repoUrl": place })
    } else {
        let path = std::fs::canonicalize(Path::new(path)).map_err(|error| {
            Failure::new(format!("{}: {error}", one_line(path))).hint("name the folder of a git repository")
        })?;
        json!({ "provider": "local", "repoUrl": path })
    };
    if let Some(branch) = &args.branch {
        body["defaultBranch"] = json!(branch);
    }
    Ok(body)
}

async fn known(remote: &Remote, body: &Value) -> Result<Value, Failure> {
    let url = body["repoUrl"].as_str().unwrap_or_default();
    let name = Path::new(url).file_name().and_then(|name| name.to_str()).unwrap_or(url);
    let query: String = name.bytes().map(|byte| format!("%{byte:02X}")).collect();
    let list = remote.get(&format!("/repositories?limit=100&q={query}")).await?;
    for repository in list["repositories"].as_array().into_iter().flatten() {
        let whole = remote.get(&format!("/repositories/{}", text(repository, "id"))).await?;
        if text(&whole, "repoUrl").trim_start_matches("file://") == url {
            return Ok(whole);
        }
    }
    Err(Failure::new("the repository is connected already"))
}

/// Until its latest scan is over.
async fn wait(remote: &Remote, id: &str) -> Result<u8, Failure> {
    loop {
        let scans = remote.get(&format!("/scans?repositoryId={id}&limit=1")).await?;
        let scan = &scans["scans"][0];
        match scan["status"].as_str().unwrap_or("queued") {
            "completed" => {
                let counts = scan["severityCounts"].as_object().into_iter().flatten();
                let counts: Vec<String> = counts.map(|(severity, count)| format!("{count} {severity}")).collect();
                println!(
                    "Scanned {}: {} open findings ({})",
                    text(scan, "commitHash"),
                    scan["vulnerabilitiesFound"],
                    counts.join(", ")
                );
                println!("See {}/app/findings?repo={id}", remote.server);
                return Ok(exit::DONE);
            }
            "failed" | "cancelled" => {
                let why = scan["errorMessage"].as_str().unwrap_or("it was cancelled").to_owned();
                return Err(Failure::new(format!("the scan came to no end: {}", one_line(&why))));
            }
            _ => tokio::time::sleep(LOOK).await,
        }
    }
}

fn text(value: &Value, key: &str) -> String {
    value[key].as_str().unwrap_or_default().to_owned()
}
