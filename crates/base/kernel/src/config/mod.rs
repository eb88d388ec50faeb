//! Typed configuration, from the environment, from files beside it, and from one settings file.
//!
//! Each part of the program declares a group of [`settings!`](crate::settings) with names, types, defaults and meaning; the
//! [`Loader`] reads them all, remembers where each value came from, and at the end refuses what nobody asked for.
//! A value `X` is looked for in the environment variable `X`, in the file that `X_FILE` names, in the settings file under `x`,
//! and last in its default.
//!
//! ```
//! use rampart_kernel::config::{Loader, Sources};
//!
//! rampart_kernel::settings! {
//!     /// Where to listen.
//!     pub struct Listen {
//!         /// The port.
//!         port: u16 = "8000" from "API_PORT" | "PORT",
//!     }
//! }
//!
//! let mut loader = Loader::new(Sources::of_variables([("PORT", "9000")]));
//! let listen: Option<Listen> = loader.group();
//! let effective = loader.finish().unwrap();
//! assert_eq!(listen.unwrap().port, 9000);
//! assert_eq!(effective.entries()[0].origin.to_string(), "environment PORT");
//! ```

mod sources;
mod values;

use std::collections::BTreeSet;
use std::fmt;

use thiserror::Error;

use crate::Secret;

pub use sources::{Origin, Sources};
pub use values::{Rate, Setting, Size, Span};

/// A group of settings, as [`settings!`](crate::settings) declares it.
pub trait Settings: Sized {
    /// Nothing when a value is wrong; the loader knows which.
    fn read(loader: &mut Loader) -> Option<Self>;
}

/// Declares a group of settings: a struct whose fields have a type, a default and one or more names.
/// The first name is the one that is shown.
#[macro_export]
macro_rules! settings {
    (
        $(#[$meta:meta])*
        pub struct $group:ident {
            $($(#[doc = $doc:literal])+ $field:ident : $type:ty = $default:literal from $($name:literal)|+),+ $(,)?
        }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Debug)]
        pub struct $group {
            $($(#[doc = $doc])+ pub $field: $type),+
        }

        impl $crate::config::Settings for $group {
            fn read(loader: &mut $crate::config::Loader) -> Option<Self> {
                // All of them before the first that is missing ends it: every mistake is told at once.
                $(let $field = loader.value::<$type>(&[$($name),+], $default, concat!($($doc),+));)+
                Some($group { $($field: $field?),+ })
            }
        }
    };
}

/// What a setting is in effect.
#[derive(Clone, Debug)]
pub struct Entry {
    pub name: &'static str,
    /// Masked when it is secret.
    pub shown: String,
    pub origin: Origin,
    pub meaning: &'static str,
}

/// A value that cannot be used, or a name that means nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    pub name: String,
    pub what: String,
}

/// Everything that is wrong with the configuration. No value of it is used.
#[derive(Debug, PartialEq, Eq, Error)]
pub struct ConfigError {
    pub problems: Vec<Problem>,
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the configuration cannot be used")?;
        for (index, problem) in self.problems.iter().enumerate() {
            write!(f, "{} {}: {}", if index == 0 { ":" } else { ";" }, problem.name, problem.what)?;
        }
        Ok(())
    }
}

/// Reads groups of settings.
pub struct Loader {
    sources: Sources,
    entries: Vec<Entry>,
    secrets: Vec<Secret>,
    names: BTreeSet<&'static str>,
    problems: Vec<Problem>,
}

impl Loader {
    pub fn new(sources: Sources) -> Loader {
        Loader { sources, entries: Vec::new(), secrets: Vec::new(), names: BTreeSet::new(), problems: Vec::new() }
    }

    /// Nothing when one of its values is wrong: [`Loader::finish`] then says so.
    pub fn group<S: Settings>(&mut self) -> Option<S> {
        S::read(self)
    }

    /// One value, under the first of its names that is set.
    pub fn value<T: Setting>(
        &mut self,
        names: &[&'static str],
        default: &'static str,
        meaning: &'static str,
    ) -> Option<T> {
        self.names.extend(names);
        let (text, origin) = match self.sources.find(names) {
            Ok(Some(found)) => found,
            Ok(None) => (default.to_owned(), Origin::Default),
            Err(what) => {
                self.problems.push(Problem { name: names[0].to_owned(), what });
                return None;
            }
        };
        match T::parse(&text) {
            Ok(value) => {
                let shown = if T::SECRET && !text.is_empty() {
                    // Those of a list one by one.
                    self.secrets.extend(text.split(',').map(|one| Secret::new(one.trim())));
                    self.secrets.push(Secret::new(text));
                    "***".to_owned()
                } else {
                    text
                };
                self.entries.push(Entry { name: names[0], shown, origin, meaning: meaning.trim() });
                Some(value)
            }
            Err(what) => {
                self.problems.push(Problem { name: names[0].to_owned(), what });
                None
            }
        }
    }

    /// # Errors
    /// When a value could not be used, or when a name is set that no group has declared.
    pub fn finish(mut self) -> Result<Effective, ConfigError> {
        for name in self.sources.strangers(&self.names) {
            self.problems.push(Problem { what: "there is no such setting".to_owned(), name });
        }
        if self.problems.is_empty() {
            Ok(Effective { entries: self.entries, secrets: self.secrets })
        } else {
            Err(ConfigError { problems: self.problems })
        }
    }
}

/// The configuration in effect, as people may see it.
#[derive(Clone, Debug)]
pub struct Effective {
    entries: Vec<Entry>,
    secrets: Vec<Secret>,
}

impl Effective {
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// Every secret that was set: what nothing that is written down may hold.
    pub fn secrets(&self) -> &[Secret] {
        &self.secrets
    }
}

impl fmt::Display for Effective {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for entry in &self.entries {
            writeln!(f, "# {} ({})\n{}={}", entry.meaning, entry.origin, entry.name, entry.shown)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Secret;

    crate::settings! {
        /// For the tests.
        pub struct Sample {
            /// A port.
            port: u16 = "8000" from "API_PORT" | "PORT",
            /// A token.
            token: Option<Secret> = "" from "SAMPLE_TOKEN",
        }
    }

    fn load(sources: Sources) -> Result<(Sample, Effective), ConfigError> {
        let mut loader = Loader::new(sources);
        let sample = loader.group();
        let effective = loader.finish()?;
        Ok((sample.expect("no problem was found"), effective))
    }

    #[test]
    fn secrets_are_masked() {
        let (sample, effective) = load(Sources::of_variables([("SAMPLE_TOKEN", "tell nobody")])).unwrap();
        assert_eq!(sample.token.unwrap().expose(), "tell nobody");
        let shown = effective.to_string();
        assert!(shown.contains("SAMPLE_TOKEN=***") && !shown.contains("tell nobody"), "{shown}");
    }

    #[test]
    fn a_secret_is_read_from_the_file_its_variable_names() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("token");
        std::fs::write(&path, "from the file\n").unwrap();
        let (sample, _) = load(Sources::of_variables([("SAMPLE_TOKEN_FILE", path.to_str().unwrap())])).unwrap();
        assert_eq!(sample.token.unwrap().expose(), "from the file");
    }

    #[test]
    fn the_environment_goes_before_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("rampart.toml");
        std::fs::write(&path, "api_port = 1\nsample_token = \"t\"\n").unwrap();
        let check = |variables: &[(&str, &str)], port: u16| {
            let file = ("CONFIG_FILE", path.to_str().unwrap());
            let (sample, _) = load(Sources::of_variables(variables.iter().copied().chain([file]))).unwrap();
            assert_eq!(sample.port, port);
        };
        check(&[], 1);
        check(&[("PORT", "2")], 2);
        check(&[("PORT", "2"), ("API_PORT", "3")], 3);
    }

    #[test]
    fn wrong_values_and_unknown_names_are_refused_together() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("rampart.toml");
        std::fs::write(&path, "no_such = 1\n").unwrap();
        let error = load(Sources::of_variables([
            ("API_PORT", "high"),
            ("RAMPART_NO_SUCH", "1"),
            ("HOME", "/root"),
            ("CONFIG_FILE", path.to_str().unwrap()),
        ]))
        .unwrap_err();
        let names: Vec<_> = error.problems.iter().map(|problem| problem.name.as_str()).collect();
        assert_eq!(names, ["API_PORT", "RAMPART_NO_SUCH", "no_such"]);
    }
}
