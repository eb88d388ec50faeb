//! What the configuration files of a project say: keys, their values, and where each stands.
//!
//! A program reads its settings by name, so a rule can ask what stands under a name. Which file a program loads shows only when it runs:
//! of all files that know a key, the nearest to the code that asks are believed.

use rustc_hash::FxHashMap;

/// All settings of a project.
#[derive(Debug, Default)]
pub struct Settings {
    /// Paths of the files, as reports have them.
    files: Vec<Box<str>>,
    /// By key, as [`plain`] spells it; in the order in which they were added.
    by_key: FxHashMap<Box<str>, Vec<Setting>>,
    count: usize,
}

/// One value of one key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting {
    pub value: Box<str>,
    file: u32,
    /// From 1.
    pub line: u32,
}

/// More settings than this are data that lies in the form of settings.
const MAX_SETTINGS: usize = 50_000;

/// A key with more values than this is a common word, and names nothing in particular.
const MAX_VALUES: usize = 64;

/// Longer keys and values, in bytes, are texts for people, and name nothing.
const MAX_TEXT: usize = 256;

impl Settings {
    /// Starts a file; what is [added](Self::add) from now on stands in it.
    pub fn file(&mut self, path: &str) {
        self.files.push(path.into());
    }

    /// Adds a value. Keys of sections within sections are joined by dots. What is too long, or one too many, is left out.
    pub fn add(&mut self, key: &str, value: &str, line: u32) {
        let Some(file) = (self.files.len() as u32).checked_sub(1) else { return };
        let value = without_placeholder(value);
        let fits = |text: &str| !text.is_empty() && text.len() <= MAX_TEXT;
        if !fits(key) || !fits(value) || self.count == MAX_SETTINGS {
            return;
        }
        let values = self.by_key.entry(plain(key)).or_default();
        if values.len() < MAX_VALUES {
            self.count += 1;
            values.push(Setting { value: value.into(), file, line });
        }
    }

    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// Everything that an answer can depend on, in one order for equal settings: key, value, file, line.
    pub fn entries(&self) -> Vec<(&str, &str, &str, u32)> {
        let mut all: Vec<_> = self
            .by_key
            .iter()
            .flat_map(|(key, values)| values.iter().map(|s| (&**key, &*s.value, self.path(s), s.line)))
            .collect();
        all.sort_unstable();
        all
    }

    /// The file of a setting.
    pub fn path(&self, setting: &Setting) -> &str {
        &self.files[setting.file as usize]
    }

    /// What is known of `key` by the files nearest to `asker`: those that share most of its folders. More than one value when those
    /// disagree, as the files of several environments do.
    pub fn values<'s>(&'s self, key: &str, asker: &str) -> impl Iterator<Item = &'s Setting> {
        let known = self.by_key.get(&plain(key)).map_or(&[][..], Vec::as_slice);
        let near = move |setting: &Setting| shared_folders(self.path(setting), asker);
        let nearest = known.iter().map(&near).max();
        known.iter().filter(move |setting| Some(near(setting)) == nearest).collect::<Vec<_>>().into_iter()
    }
}

/// The spelling by which keys are compared: `app.hash-name`, `APP_HASH_NAME` and `app.hashName` are one setting, given by a file, by
/// the environment or to a field.
fn plain(key: &str) -> Box<str> {
    key.chars().filter(|c| !matches!(c, '.' | '-' | '_')).flat_map(char::to_lowercase).collect()
}

/// `${NAME:md5}` and `${NAME:-md5}` are md5 until somebody says otherwise; `${NAME}` is nothing yet.
fn without_placeholder(value: &str) -> &str {
    match value.strip_prefix("${").and_then(|rest| rest.strip_suffix('}')) {
        Some(inside) => inside.split_once(':').map_or("", |(_, default)| default.trim_start_matches('-').trim()),
        None => value,
    }
}

/// How many folders, from the root on, two paths have in common.
fn shared_folders(a: &str, b: &str) -> usize {
    let same = a.bytes().zip(b.bytes()).take_while(|(a, b)| a == b);
    same.filter(|(byte, _)| *byte == b'/').count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(entries: &[(&str, &str, &str)]) -> Settings {
        let mut settings = Settings::default();
        for (file, key, value) in entries {
            settings.file(file);
            settings.add(key, value, 1);
        }
        settings
    }

    #[test]
    fn the_nearest_files_answer() {
        let known = settings(&[
            ("a/src/main/resources/app.properties", "hash", "md5"),
            ("b/src/main/resources/app.properties", "hash", "sha-256"),
            ("b/src/main/resources/app-live.properties", "hash", "sha-512"),
            (".env", "APP_HASH_NAME", "sha-1"),
        ]);
        let check = |key: &str, asker: &str, expected: &[&str]| {
            let found: Vec<&str> = known.values(key, asker).map(|s| &*s.value).collect();
            assert_eq!(found, expected, "{key} in {asker}");
        };
        check("hash", "a/src/main/java/A.java", &["md5"]);
        check("hash", "b/src/main/java/B.java", &["sha-256", "sha-512"]);
        check("hash", "c/C.java", &["md5", "sha-256", "sha-512"]);
        check("app.hash-name", "c/C.java", &["sha-1"]);
        check("app.hashName", "c/C.java", &["sha-1"]);
        check("other", "c/C.java", &[]);
    }

    #[test]
    fn values_are_what_they_stand_for() {
        let check = |value: &str, expected: Option<&str>| {
            let known = settings(&[(".env", "key", value)]);
            assert_eq!(known.values("key", "a").next().map(|s| &*s.value), expected, "{value}");
        };
        check("md5", Some("md5"));
        check("${HASH:md5}", Some("md5"));
        check("${HASH:-md5}", Some("md5"));
        check("${HASH}", None);
        check("", None);
        check(&"x".repeat(MAX_TEXT), Some(&"x".repeat(MAX_TEXT)));
        check(&"x".repeat(MAX_TEXT + 1), None);
    }

    #[test]
    fn there_is_an_end_to_what_is_kept() {
        let mut known = Settings::default();
        known.add("no.file", "x", 1);
        assert!(known.is_empty());
        known.file("a.properties");
        for _ in 0..=MAX_VALUES {
            known.add("k", "x", 1);
        }
        assert_eq!(known.entries().len(), MAX_VALUES);
        for n in 0..=MAX_SETTINGS {
            known.add(&format!("k{n}"), "x", 1);
        }
        assert_eq!(known.entries().len(), MAX_SETTINGS);
    }
}
