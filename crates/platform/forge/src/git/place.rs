//! Which folders of this machine may be connected as repositories: those below the roots that the operator has opened.

use std::path::{Path, PathBuf};

use super::error::{Error, Result};

/// The roots; none when the operator has opened none.
#[derive(Clone, Debug, Default)]
pub struct Places {
    roots: Vec<PathBuf>,
    /// Our own folder: what other workspaces have connected lies in it.
    own: Option<PathBuf>,
}

/// A repository on this machine, where it may be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Without links.
    path: PathBuf,
}

impl Places {
    pub fn new(roots: Vec<PathBuf>, own: &Path) -> Places {
        Places { roots, own: Some(own.to_owned()) }
    }

    pub fn any(&self) -> bool {
        !self.roots.is_empty()
    }

    /// The repository at a path or `file://` address. Whether there is one outside the roots is not told.
    ///
    /// # Errors
    /// [`Error::Place`], with what to do.
    pub fn find(&self, text: &str) -> Result<Place> {
        let place = |what: String| Err(Error::Place(what));
        let path = Path::new(text.strip_prefix("file://").unwrap_or(text));
        if !path.is_absolute() || text.chars().any(char::is_control) {
            return place("a repository of this machine is named by its whole path, such as /srv/code/shop".to_owned());
        }
        let outside = || {
            let what = "there is no such folder below LOCAL_GIT_ROOTS, which says where repositories may lie";
            Error::Place(what.to_owned())
        };
        let path = std::fs::canonicalize(path).map_err(|_| outside())?;
        if !self.allows(&path) {
            return Err(outside());
        }
        let folder = path.join(".git");
        let bare = path.join("HEAD").is_file() && path.join("objects").is_dir();
        let git = match std::fs::symlink_metadata(&folder) {
            Ok(found) if found.is_dir() => folder,
            // A file or a link leads elsewhere, past the roots.
            Ok(_) => return place("`.git` is no folder: connect the repository that it leads to".to_owned()),
            Err(_) if bare => path.clone(),
            Err(_) => return place("there is no git repository in this folder; `git init` makes one".to_owned()),
        };
        // Whatever git would follow to objects outside the roots.
        let leads_away = ["commondir", "objects/info/alternates"].iter().any(|file| git.join(file).exists());
        let linked = ["objects", "refs", "objects/pack", "objects/info", "packed-refs", "HEAD", "config"];
        if leads_away || linked.iter().any(|part| git.join(part).is_symlink()) {
            return place(
                "the repository borrows parts of another one; connect that, or clone it with --no-shared".to_owned(),
            );
        }
        if path.to_str().is_none() {
            return place("the path is not UTF-8".to_owned());
        }
        Ok(Place { path })
    }

    /// Asked without links in the path.
    fn allows(&self, path: &Path) -> bool {
        let own = self.own.as_ref().and_then(|own| std::fs::canonicalize(own).ok());
        if own.is_some_and(|own| path.starts_with(own)) {
            return false;
        }
        self.roots.iter().filter_map(|root| std::fs::canonicalize(root).ok()).any(|root| path.starts_with(root))
    }
}

impl Place {
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// By which it is known: `file:///srv/code/shop`.
    pub fn url(&self) -> String {
        format!("file://{}", self.path.display())
    }

    /// Its name, and the folder that it lies in, as owner.
    pub fn names(&self) -> (String, String) {
        let name = |path: Option<&Path>| {
            let name = path.and_then(Path::file_name).map(|name| name.to_string_lossy().into_owned());
            name.unwrap_or_else(|| "local".to_owned())
        };
        let own = name(Some(&self.path));
        let own = own.strip_suffix(".git").filter(|rest| !rest.is_empty()).unwrap_or(&own).to_owned();
        (name(self.path.parent()), own)
    }
}
