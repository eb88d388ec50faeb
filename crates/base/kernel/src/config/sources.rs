//! Where the text of a setting is looked for.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::path::PathBuf;

/// Variables of the program's own are known by it; one that means nothing is a mistake of whoever set it.
const OWN_PREFIX: &str = "RAMPART_";
/// Names the settings file.
const CONFIG_FILE: &str = "CONFIG_FILE";
const FILE_SUFFIX: &str = "_FILE";

/// Where a value came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    Default,
    /// The variable.
    Environment(String),
    /// The file that a variable names.
    SecretFile(PathBuf),
    /// The settings file.
    ConfigFile(PathBuf),
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Origin::Default => f.write_str("default"),
            Origin::Environment(name) => write!(f, "environment {name}"),
            Origin::SecretFile(path) | Origin::ConfigFile(path) => write!(f, "file {}", path.display()),
        }
    }
}

/// The environment and the settings file, as they were when read.
pub struct Sources {
    variables: BTreeMap<String, String>,
    file: Option<(PathBuf, Result<toml::Table, String>)>,
}

impl Sources {
    /// The environment of this process. Variables that are no Unicode cannot be settings.
    #[expect(clippy::disallowed_methods, reason = "this is the sole reader of the environment")]
    pub fn of_environment() -> Sources {
        Sources::of_pairs(
            std::env::vars_os().filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?))),
        )
    }

    pub fn of_variables<'a>(variables: impl IntoIterator<Item = (&'a str, &'a str)>) -> Sources {
        Sources::of_pairs(variables.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())))
    }

    fn of_pairs(variables: impl Iterator<Item = (String, String)>) -> Sources {
        let variables: BTreeMap<_, _> = variables.collect();
        let file = variables.get(CONFIG_FILE).map(PathBuf::from).map(|path| {
            let text = std::fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()));
            let table = text.and_then(|text| {
                text.parse::<toml::Table>().map_err(|error| format!("{}: {}", path.display(), error.message()))
            });
            (path, table)
        });
        Sources { variables, file }
    }

    /// The text under the first of the names that is set anywhere, environment before files.
    pub(super) fn find(&self, names: &[&str]) -> Result<Option<(String, Origin)>, String> {
        for name in names {
            if let Some(value) = self.variables.get(*name) {
                return Ok(Some((value.clone(), Origin::Environment((*name).to_owned()))));
            }
        }
        for name in names {
            if let Some(path) = self.variables.get(&format!("{name}{FILE_SUFFIX}")).map(PathBuf::from) {
                let text = std::fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
                return Ok(Some((text.trim_end_matches(['\r', '\n']).to_owned(), Origin::SecretFile(path))));
            }
        }
        if let Some((path, Ok(table))) = &self.file {
            for name in names {
                if let Some(value) = table.get(&name.to_ascii_lowercase()) {
                    return Ok(Some((text_of(value)?, Origin::ConfigFile(path.clone()))));
                }
            }
        }
        Ok(None)
    }

    /// Names that are set and that nobody declared, and the settings file when it cannot be read.
    pub(super) fn strangers(&self, known: &BTreeSet<&'static str>) -> Vec<String> {
        let is_known = |name: &str| known.contains(name) || name == CONFIG_FILE;
        let mut strangers: Vec<String> = self
            .variables
            .keys()
            .filter(|name| name.starts_with(OWN_PREFIX))
            .filter(|name| !is_known(name) && !name.strip_suffix(FILE_SUFFIX).is_some_and(is_known))
            .cloned()
            .collect();
        match &self.file {
            Some((_, Ok(table))) => {
                strangers.extend(table.keys().filter(|key| !is_known(&key.to_ascii_uppercase())).cloned());
            }
            Some((_, Err(what))) => strangers.push(what.clone()),
            None => {}
        }
        strangers
    }
}

/// As it would be written in the environment: lists with commas.
fn text_of(value: &toml::Value) -> Result<String, String> {
    match value {
        toml::Value::String(text) => Ok(text.clone()),
        toml::Value::Integer(number) => Ok(number.to_string()),
        toml::Value::Float(number) => Ok(number.to_string()),
        toml::Value::Boolean(switch) => Ok(switch.to_string()),
        toml::Value::Array(values) => Ok(values.iter().map(text_of).collect::<Result<Vec<_>, _>>()?.join(",")),
        toml::Value::Datetime(_) | toml::Value::Table(_) => {
            Err("neither a table nor a date is a value here".to_owned())
        }
    }
}
