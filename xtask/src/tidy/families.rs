//! Crates stand on floors; a crate uses crates of its own floor and of those below.

use std::collections::HashMap;

use super::Problem;
use crate::repository;

/// The floors, lowest first. A crate's floor is the folder that holds it.
const FLOORS: [&str; 4] = ["crates/engine/", "crates/base/", "crates/platform/", "crates/rampart/"];

/// Tables of a manifest that name dependencies.
const TABLES: [&str; 3] = ["dependencies", "dev-dependencies", "build-dependencies"];

struct Crate {
    manifest: String,
    text: String,
    name: String,
    floor: usize,
    /// Also those of one platform only.
    dependencies: Vec<String>,
}

pub fn check(files: &[String]) -> anyhow::Result<Vec<Problem>> {
    let manifests = files.iter().filter(|file| file.ends_with("/Cargo.toml"));
    let mut texts = Vec::new();
    for manifest in manifests {
        texts.push((manifest.clone(), repository::read(manifest)?));
    }
    Ok(steps(&texts))
}

/// The steps up among manifests given by path and text.
fn steps(manifests: &[(String, String)]) -> Vec<Problem> {
    let mut problems = Vec::new();
    let mut crates = Vec::new();
    for (manifest, text) in manifests {
        let Some(floor) = FLOORS.iter().position(|floor| manifest.starts_with(floor)) else { continue };
        match read(text) {
            Some((name, dependencies)) => {
                crates.push(Crate { manifest: manifest.clone(), text: text.clone(), name, floor, dependencies });
            }
            None => problems.push(Problem::new(
                manifest,
                1,
                "no `package.name` in it",
                "write it as the other manifests are",
            )),
        }
    }
    let floors: HashMap<&str, usize> = crates.iter().map(|a_crate| (a_crate.name.as_str(), a_crate.floor)).collect();
    for user in &crates {
        for used in &user.dependencies {
            let Some(&floor) = floors.get(used.as_str()) else { continue };
            if floor > user.floor {
                let (own, other) = (family(user.floor), family(floor));
                problems.push(Problem::new(
                    &user.manifest,
                    line_of(&user.text, used),
                    format!("{} of family {own} depends on {used} of family {other}", user.name),
                    format!("{own} knows nothing of {other}: move what both need down, or let {other} hand it in"),
                ));
            }
        }
    }
    problems
}

fn family(floor: usize) -> &'static str {
    FLOORS[floor].trim_start_matches("crates/").trim_end_matches('/')
}

/// The name of a package and the packages it depends on.
fn read(text: &str) -> Option<(String, Vec<String>)> {
    let manifest: toml::Table = text.parse().ok()?;
    let name = manifest.get("package")?.get("name")?.as_str()?.to_owned();
    let mut dependencies = Vec::new();
    let mut collect = |holder: &toml::Table| {
        for table in TABLES {
            for (key, value) in holder.get(table).and_then(toml::Value::as_table).into_iter().flatten() {
                let renamed = value.get("package").and_then(toml::Value::as_str);
                dependencies.push(renamed.unwrap_or(key).to_owned());
            }
        }
    };
    collect(&manifest);
    for (_, target) in manifest.get("target").and_then(toml::Value::as_table).into_iter().flatten() {
        target.as_table().into_iter().for_each(&mut collect);
    }
    Some((name, dependencies))
}

fn line_of(text: &str, dependency: &str) -> usize {
    text.lines().position(|line| !line.starts_with("name") && line.contains(dependency)).map_or(1, |index| index + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn manifest(path: &str, name: &str, rest: &str) -> (String, String) {
        (path.to_owned(), format!("[package]\nname = \"{name}\"\n{rest}"))
    }

    #[test]
    fn a_step_up_is_refused() {
        let scan = manifest("crates/engine/scan/Cargo.toml", "rampart-scan", "[dependencies]\n");
        let store = manifest("crates/base/store/Cargo.toml", "rampart-store", "[dependencies]\nrampart-scan = 1\n");
        let forge =
            manifest("crates/platform/forge/Cargo.toml", "rampart-forge", "[dependencies]\nrampart-store = 1\n");
        assert_eq!(steps(&[scan.clone(), store.clone(), forge.clone()]), []);

        let check = |rest: &str, expected: Option<usize>| {
            let user = manifest("crates/engine/rules/Cargo.toml", "rampart-rules", rest);
            let lines: Vec<_> =
                steps(&[scan.clone(), store.clone(), forge.clone(), user]).iter().map(|p| p.line).collect();
            assert_eq!(lines, Vec::from_iter(expected), "{rest}");
        };
        check("[dependencies]\nrampart-scan.workspace = true\n", None);
        check("[dependencies]\nserde = \"1\"\n", None);
        check("[dependencies]\nrampart-store.workspace = true\n", Some(4));
        check("[dev-dependencies]\n\nrampart-forge = { path = \"x\" }\n", Some(5));
        check("[dependencies]\nstore = { package = \"rampart-store\" }\n", Some(4));
        check("[target.'cfg(unix)'.dependencies]\nrampart-store = \"1\"\n", Some(4));
    }

    #[test]
    fn a_manifest_without_a_name_is_refused() {
        assert_eq!(steps(&[("crates/base/x/Cargo.toml".to_owned(), "[package\n".to_owned())]).len(), 1);
    }
}
