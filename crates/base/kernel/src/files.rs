//! Small files, and folders, that only their owner may read.

use std::io::Write;
use std::path::{Path, PathBuf};

use thiserror::Error;

#[derive(Debug, Error)]
#[error("cannot {doing} {}: {source}", path.display())]
pub struct FileError {
    pub doing: &'static str,
    pub path: PathBuf,
    pub source: std::io::Error,
}

impl FileError {
    fn new(doing: &'static str, path: &Path) -> impl FnOnce(std::io::Error) -> FileError {
        let path = path.to_owned();
        move |source| FileError { doing, path, source }
    }
}

/// Makes a folder, and those above it that do not exist, for their owner only; one that exists stays as it is.
///
/// # Errors
/// When it cannot be made.
pub fn make_private_folder(folder: &Path) -> Result<(), FileError> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder).map_err(FileError::new("make", folder))
}

/// Bytes that whoever runs the program may still write to the disk of a folder.
///
/// # Errors
/// When there is no such folder.
#[cfg(unix)]
pub fn free_space(folder: &Path) -> Result<u64, FileError> {
    let found =
        rustix::fs::statvfs(folder).map_err(|error| FileError::new("look at the disk of", folder)(error.into()))?;
    Ok(found.f_bavail.saturating_mul(found.f_frsize))
}

/// Not known here: never too little.
///
/// # Errors
/// None.
#[cfg(not(unix))]
pub fn free_space(_: &Path) -> Result<u64, FileError> {
    Ok(u64::MAX)
}

/// Writes a file that appears whole or not at all, readable by its owner only, and that survives a power cut.
///
/// # Errors
/// When the folder cannot be written to.
pub fn write_private(path: &Path, text: &str) -> Result<(), FileError> {
    let temporary = path.with_extension("new");
    let write = || {
        let _ = std::fs::remove_file(&temporary);
        let mut options = std::fs::OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(&temporary)?;
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        std::fs::rename(&temporary, path)?;
        sync_folder(path)
    };
    write().map_err(FileError::new("write", path))
}

/// The text of a file; when there is none, it is made first.
///
/// # Errors
/// When it can be neither read nor written.
pub fn read_or_create_private(path: &Path, make: impl FnOnce() -> String) -> Result<String, FileError> {
    match std::fs::read_to_string(path) {
        Ok(text) => Ok(text),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            let text = make();
            write_private(path, &text)?;
            Ok(text)
        }
        Err(source) => Err(FileError::new("read", path)(source)),
    }
}

/// A new name in a folder is durable only when the folder is.
fn sync_folder(file: &Path) -> std::io::Result<()> {
    #[cfg(unix)]
    if let Some(folder) = file.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        std::fs::File::open(folder)?.sync_all()?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_private_file_is_made_once_and_is_the_owners() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key");
        assert_eq!(read_or_create_private(&path, || "first".to_owned()).unwrap(), "first");
        assert_eq!(read_or_create_private(&path, || "second".to_owned()).unwrap(), "first");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        }
    }

    #[test]
    fn a_private_folder_is_the_owners_with_those_above_it() {
        let root = tempfile::tempdir().unwrap();
        let folder = root.path().join("above/within");
        make_private_folder(&folder).unwrap();
        make_private_folder(&folder).unwrap();
        #[cfg(unix)]
        for made in [root.path().join("above"), folder] {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(std::fs::metadata(&made).unwrap().permissions().mode() & 0o777, 0o700);
        }
    }
}
