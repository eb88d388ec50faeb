//! The files of a scan: found below the named paths, sieved by ignore files and globs, in a fixed order.

use std::path::{Component, Path, PathBuf};
use std::sync::Mutex;

use ignore::gitignore::{Gitignore, GitignoreBuilder};
use ignore::{DirEntry, WalkBuilder, WalkState};
use rampart_report::model::{IGNORE_FILES, SkipReason, Skipped};
use rampart_syntax::Lang;

use crate::{Content, Error, Part, Target};

/// Names of folders and files that hold other people's code or what a build made. `!name/` in an ignore file at the root brings one back.
const LEFT_OUT: &[&str] = &[
    ".git",
    ".hg",
    ".svn",
    ".jj",
    "node_modules",
    "bower_components",
    "vendor",
    "build",
    "dist",
    "target",
    ".venv",
    "venv",
    ".tox",
    ".nox",
    ".npm",
    ".yarn",
    ".next",
    ".nuxt",
    ".gradle",
    ".terraform",
    "__pycache__",
    ".mypy_cache",
    ".pytest_cache",
    ".ruff_cache",
];

/// Our own folders that are never scanned, whatever the options: version control holds no source.
const NEVER: &[&str] = &[".git", ".hg", ".svn", ".jj"];

#[derive(Clone, Debug)]
pub struct WalkOptions {
    /// Globs in the syntax of `.gitignore`; when there are any, only files that match one are scanned.
    pub include: Vec<String>,
    /// Globs in the syntax of `.gitignore` of files and folders to leave out.
    pub exclude: Vec<String>,
    /// Scan what ignore files and the list of usual folders leave out.
    pub no_ignore: bool,
    /// The paths hold a commit and nothing else: files above them have no say, and `.gitignore` has none either, as what it names and
    /// a commit holds all the same was meant to be there.
    pub committed: bool,
    /// Larger files are skipped.
    pub max_file_bytes: u64,
    pub threads: usize,
}

/// What a walk found.
#[derive(Debug)]
pub struct Found {
    /// What paths are relative to, as the user named it.
    pub root: PathBuf,
    /// Sorted by path.
    pub targets: Vec<Target>,
    pub skipped: Vec<Skipped>,
    /// Mistakes in ignore files and folders that could not be read, for people.
    pub warnings: Vec<String>,
}

/// Finds the files below `paths`. A path that is a file is taken whatever ignore files and globs say about it.
///
/// # Errors
/// When a path does not exist or a glob is wrong.
pub fn walk(paths: &[PathBuf], options: &WalkOptions) -> Result<Found, Error> {
    for path in paths {
        if let Err(error) = std::fs::metadata(path) {
            return Err(Error::NoSuchPath { path: path.clone(), error });
        }
    }
    let root = common_root(paths);
    let sieve = Sieve::new(&root, options)?;
    let found =
        Mutex::new(Found { root: root.clone(), targets: Vec::new(), skipped: Vec::new(), warnings: Vec::new() });
    let (files, folders): (Vec<_>, Vec<_>) = paths.iter().partition(|path| path.is_file());
    for path in files {
        sieve.take_file(path, true, &found);
    }
    if let Some((first, rest)) = folders.split_first() {
        walk_folders(first, rest, &sieve, options, &found);
    }
    let mut found = found.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
    found.targets.sort_by(|a, b| a.order().cmp(&b.order()));
    found.targets.dedup_by(|a, b| a.order() == b.order());
    found.warnings.sort();
    Ok(found)
}

fn walk_folders(first: &Path, rest: &[&PathBuf], sieve: &Sieve, options: &WalkOptions, found: &Mutex<Found>) {
    let mut builder = WalkBuilder::new(first);
    for path in rest {
        builder.add(path);
    }
    // Hidden files are code too (`.github/`, `.eslintrc.js`). The user's own global ignore file is left out: a scan gives the same
    // answer on every machine.
    builder.standard_filters(false).threads(options.threads);
    if !options.no_ignore {
        let around = !options.committed;
        builder.parents(around).git_ignore(around).git_exclude(around).require_git(false);
        for name in IGNORE_FILES {
            builder.add_custom_ignore_filename(name);
        }
    }
    builder.build_parallel().run(|| {
        Box::new(|entry| {
            match entry {
                Ok(entry) => return sieve.visit(&entry, found),
                Err(error) => lock(found).warnings.push(error.to_string()),
            }
            WalkState::Continue
        })
    });
}

/// What decides whether a file is taken.
struct Sieve<'o> {
    root: PathBuf,
    include: Option<Gitignore>,
    exclude: Gitignore,
    /// The ignore files at the root, asked only whether they bring a usual folder back.
    brought_back: Gitignore,
    options: &'o WalkOptions,
}

impl<'o> Sieve<'o> {
    fn new(root: &Path, options: &'o WalkOptions) -> Result<Sieve<'o>, Error> {
        let mut brought_back = GitignoreBuilder::new(root);
        for name in IGNORE_FILES {
            // A mistake in the file is reported by the walker.
            let _ = brought_back.add(root.join(name));
        }
        Ok(Sieve {
            root: root.to_owned(),
            include: if options.include.is_empty() { None } else { Some(globs(root, &options.include)?) },
            exclude: globs(root, &options.exclude)?,
            brought_back: brought_back.build().unwrap_or_else(|_| Gitignore::empty()),
            options,
        })
    }

    fn visit(&self, entry: &DirEntry, found: &Mutex<Found>) -> WalkState {
        if let Some(error) = entry.error() {
            lock(found).warnings.push(error.to_string());
        }
        if entry.depth() == 0 {
            return WalkState::Continue;
        }
        let path = entry.path();
        let is_dir = entry.file_type().is_some_and(|kind| kind.is_dir());
        let name = entry.file_name().to_str().unwrap_or("");
        if NEVER.contains(&name) {
            return WalkState::Skip;
        }
        if !self.options.no_ignore && is_dir && LEFT_OUT.contains(&name) && !self.brings_back(path) {
            let path = format!("{}/", self.shown(path));
            lock(found).skipped.push(Skipped {
                path,
                reason: SkipReason::Ignored,
                detail: "usually not your code".into(),
            });
            return WalkState::Skip;
        }
        if self.exclude.matched(path, is_dir).is_ignore() {
            return WalkState::Skip;
        }
        if !is_dir {
            self.take_file(path, false, found);
        }
        WalkState::Continue
    }

    fn brings_back(&self, path: &Path) -> bool {
        self.brought_back.matched(path, true).is_whitelist()
    }

    /// Takes a file, or says why not. `named` files were asked for by name.
    fn take_file(&self, path: &Path, named: bool, found: &Mutex<Found>) {
        let wanted = named
            || self.include.as_ref().is_none_or(|include| {
                // Asked with the path below the root, as the folders above it may match too.
                let below = path.strip_prefix(&self.root).or_else(|_| path.strip_prefix("/")).unwrap_or(path);
                include.matched_path_or_any_parents(below, false).is_ignore()
            });
        if !wanted {
            return;
        }
        match self.examine(path, named) {
            Ok(target) => lock(found).targets.push(target),
            Err(Some(skipped)) => lock(found).skipped.push(skipped),
            Err(None) => {}
        }
    }

    fn examine(&self, path: &Path, named: bool) -> Result<Target, Option<Skipped>> {
        let shown = self.shown(path);
        let skip = |reason, detail: &str| Some(Skipped { path: shown.clone(), reason, detail: detail.to_owned() });
        // A link that the user named is followed: the user meant the file behind it.
        let metadata = if named { std::fs::metadata(path) } else { std::fs::symlink_metadata(path) };
        let metadata = metadata.map_err(|error| skip(SkipReason::Unreadable, &error.to_string()))?;
        if metadata.is_symlink() {
            return Err(skip(SkipReason::NotAFile, "symbolic link"));
        }
        if !metadata.is_file() {
            return Err(skip(SkipReason::NotAFile, "device, pipe or socket"));
        }
        let limit = self.options.max_file_bytes;
        if metadata.len() > limit {
            let detail = format!("{}, the limit is {}", size(metadata.len()), size(limit));
            return Err(skip(SkipReason::TooLarge, &detail));
        }
        if !named && !self.options.no_ignore && path.as_os_str().as_encoded_bytes().ends_with(b".min.js") {
            return Err(skip(SkipReason::Minified, "by its name"));
        }
        let plain = named || self.options.no_ignore;
        Ok(Target {
            lang: language(path),
            path: shown,
            source: Content::File(path.to_owned()),
            any_form: plain,
            part: Part::Scanned,
        })
    }

    /// The path as reports have it.
    fn shown(&self, path: &Path) -> String {
        shown(path.strip_prefix(&self.root).unwrap_or(path))
    }
}

/// A path in reports: `/` between parts, no `.` parts, U+FFFD for what is not UTF-8.
pub fn shown(path: &Path) -> String {
    let mut text = String::new();
    for part in path.components() {
        if matches!(part, Component::CurDir) {
            continue;
        }
        if !text.is_empty() && !text.ends_with('/') {
            text.push('/');
        }
        text.push_str(&part.as_os_str().to_string_lossy());
    }
    text
}

/// The language of a file. Only files without an ending are opened, for their first line.
pub fn language(path: &Path) -> Option<Lang> {
    // A name that is not UTF-8 may still have an ending that is.
    let lossy = path.file_name().unwrap_or_default().to_string_lossy();
    let by_name = Lang::of_file(Path::new(lossy.as_ref()), "");
    if by_name.is_some() || path.extension().is_some() {
        return by_name;
    }
    let mut head = [0; 128];
    let read = std::fs::File::open(path).and_then(|mut file| std::io::Read::read(&mut file, &mut head)).ok()?;
    first_line_language(path, &head[..read])
}

/// The language of a file whose first bytes are known.
pub fn first_line_language(path: &Path, head: &[u8]) -> Option<Lang> {
    let line = head.split(|&byte| byte == b'\n').next().unwrap_or_default();
    Lang::of_file(path, std::str::from_utf8(line).unwrap_or(""))
}

fn globs(root: &Path, globs: &[String]) -> Result<Gitignore, Error> {
    let mut builder = GitignoreBuilder::new(root);
    for glob in globs {
        let wrong = |error: ignore::Error| Error::BadGlob { glob: glob.clone(), message: error.to_string() };
        builder.add_line(None, glob).map_err(wrong)?;
    }
    builder.build().map_err(|error| Error::BadGlob { glob: globs.join(" "), message: error.to_string() })
}

/// What paths in the report are relative to: the current folder if all paths lie in it, so that a finding has one name whatever part of a
/// project is scanned; else the deepest folder that holds them.
fn common_root(paths: &[PathBuf]) -> PathBuf {
    let inside = |path: &PathBuf| path.is_relative() && !path.components().any(|part| part == Component::ParentDir);
    if paths.iter().all(inside) {
        return PathBuf::from(".");
    }
    if let Ok(here) = std::env::current_dir()
        && paths
            .iter()
            .all(|path| path.starts_with(&here) && !path.components().any(|part| part == Component::ParentDir))
    {
        return here;
    }
    let folder =
        |path: &Path| if path.is_file() { path.parent().unwrap_or(Path::new("")).to_owned() } else { path.to_owned() };
    let parts = |path: &Path| -> Vec<_> {
        let folder = folder(path);
        folder.components().filter(|part| *part != Component::CurDir).map(|part| part.as_os_str().to_owned()).collect()
    };
    let mut common = paths.first().map(|path| parts(path)).unwrap_or_default();
    for path in paths.iter().skip(1) {
        let same = common.iter().zip(parts(path)).take_while(|(a, b)| *a == b).count();
        common.truncate(same);
    }
    if common.is_empty() { PathBuf::from(".") } else { common.iter().collect() }
}

/// A size for people: `3.2 MB`.
fn size(bytes: u64) -> String {
    match bytes {
        0..1_000 => format!("{bytes} bytes"),
        1_000..1_000_000 => format!("{:.1} kB", bytes as f64 / 1e3),
        _ => format!("{:.1} MB", bytes as f64 / 1e6),
    }
}

fn lock(found: &Mutex<Found>) -> std::sync::MutexGuard<'_, Found> {
    found.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}
