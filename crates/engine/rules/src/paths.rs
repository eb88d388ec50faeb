//! `paths:` of a rule.

use globset::{Glob, GlobBuilder, GlobSet, GlobSetBuilder};

use crate::model::Paths;

/// Which files a rule wants, by path relative to the scanned root.
#[derive(Clone, Debug, Default)]
pub struct PathFilter {
    include: Option<GlobSet>,
    exclude: Option<GlobSet>,
}

impl PathFilter {
    /// # Errors
    /// A sentence that names the glob.
    pub fn new(paths: &Paths) -> Result<PathFilter, String> {
        Ok(PathFilter { include: set(&paths.include)?, exclude: set(&paths.exclude)? })
    }

    pub fn wants(&self, path: &str) -> bool {
        self.include.as_ref().is_none_or(|set| set.is_match(path))
            && !self.exclude.as_ref().is_some_and(|set| set.is_match(path))
    }
}

fn set(globs: &[String]) -> Result<Option<GlobSet>, String> {
    if globs.is_empty() {
        return Ok(None);
    }
    let mut builder = GlobSetBuilder::new();
    for glob in globs {
        for variant in variants(glob) {
            builder.add(parse(&variant).map_err(|e| format!("bad glob `{glob}`: {}", e.kind()))?);
        }
    }
    builder.build().map(Some).map_err(|e| e.to_string())
}

fn parse(glob: &str) -> Result<Glob, globset::Error> {
    GlobBuilder::new(glob).literal_separator(true).build()
}

/// A glob names a file or a folder, at any depth unless it begins with a slash.
fn variants(glob: &str) -> Vec<String> {
    let glob = glob.trim_start_matches("./");
    let (anchored, body) = match glob.strip_prefix('/') {
        Some(rest) => (true, rest),
        None => (false, glob),
    };
    let body = body.trim_end_matches('/');
    let mut out = vec![body.to_string(), format!("{body}/**")];
    if !anchored && !body.starts_with("**/") {
        out.extend([format!("**/{body}"), format!("**/{body}/**")]);
    }
    out
}
