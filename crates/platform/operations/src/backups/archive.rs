//! The embedded database and the folder of objects in one sealed file, and back.
//!
//! The file is a line that says what it is, a line of JSON that says which key opens it, and a sealed stream of a compressed tar
//! archive. Its key is made from the master key and something random, for this file alone.

use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, BufWriter, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use rampart_kernel::{DerivedKey, Keys, Origin, Purpose, SealedReader, SealedWriter, Timestamp};
use rampart_objects::ObjectName;
use rampart_store::{Store, StoreSettings};
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// The first line of a backup.
const MAGIC: &str = "rampart backup 1\n";
/// A longer second line is none.
const HEADER_LIMIT: u64 = 4_096;

/// Names in the archive.
pub const DATABASE: &str = "rampart.db";
pub const OBJECTS: &str = "objects";

/// Objects that are backups themselves are in none.
pub const BACKUPS: &str = "backups";

#[derive(Debug, Error)]
pub enum Error {
    #[error("cannot {doing} {}: {source}", place.display())]
    File { doing: &'static str, place: PathBuf, source: io::Error },
    #[error("{} is no backup of Rampart", .0.display())]
    NoBackup(PathBuf),
    #[error("{} opens with the master key {wanted}, and the one here is {here}", place.display())]
    OtherKey { place: PathBuf, wanted: String, here: String },
    #[error("{} cannot be read: {source}", place.display())]
    Broken { place: PathBuf, source: io::Error },
    #[error(transparent)]
    Store(#[from] rampart_store::Error),
}

/// What is said without the key, and cannot be changed without it.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Header {
    /// The master key that it opens with.
    key_id: String,
    /// Random, in base64.
    salt: String,
    made_at: Timestamp,
    version: String,
}

/// What a backup is made of, and where.
pub struct Making<'a> {
    pub keys: &'a Arc<Keys>,
    pub store: &'a StoreSettings,
    /// The folder of objects, if they are in one.
    pub objects: Option<PathBuf>,
    /// In the data folder: the copy of the database while it is packed. What one that was killed has left there is replaced; so two
    /// that may run at the same time have two.
    pub copy: &'static str,
}

/// Writes a backup to a file, whole or not at all; the server may go on.
///
/// # Errors
/// When the database cannot be copied, or the file not be written.
pub async fn create(making: Making<'_>, file: &Path) -> Result<(), Error> {
    let copy = making.store.data_dir.join(making.copy);
    let partial = named_with(file, ".partial");
    let _ = fs::remove_file(&copy);
    let packed = async {
        Store::copy(making.store, &copy).await?;
        make_private(&copy).map_err(failed("protect", &copy))?;
        Store::check_copy(&copy).await?;
        let packing = {
            let (keys, partial, copy, objects) = (making.keys.clone(), partial.clone(), copy.clone(), making.objects);
            move || pack(&keys, &partial, &copy, objects.as_deref())
        };
        // Minutes for a large one: not on a thread that answers others.
        let packed = tokio::task::spawn_blocking(packing).await;
        packed.unwrap_or_else(|error| Err(io::Error::other(error))).map_err(failed("write", &partial))?;
        fs::rename(&partial, file).map_err(failed("write", file))
    };
    let outcome = packed.await;
    let _ = fs::remove_file(&copy);
    if outcome.is_err() {
        let _ = fs::remove_file(&partial);
    }
    outcome
}

/// Reads a backup to its end, and checks the database in it; how many objects it has.
///
/// # Errors
/// When it is not whole, or of another key.
pub async fn verify(keys: &Arc<Keys>, file: &Path) -> Result<usize, Error> {
    let folder = named_with(file, ".verifying");
    let checked = async {
        let objects = unpack(keys, file, &folder).await?;
        Store::check_copy(&folder.join(DATABASE)).await?;
        Ok(objects)
    };
    let outcome = checked.await;
    let _ = fs::remove_dir_all(&folder);
    outcome
}

/// Reads a backup into a folder, which is made anew; how many objects it has.
///
/// # Errors
/// As [`verify`].
pub async fn unpack(keys: &Arc<Keys>, file: &Path, folder: &Path) -> Result<usize, Error> {
    let (keys, file, folder) = (keys.clone(), file.to_owned(), folder.to_owned());
    let place = file.clone();
    let unpacked = tokio::task::spawn_blocking(move || unpack_here(&keys, &file, &folder)).await;
    unpacked.unwrap_or_else(|error| Err(Error::Broken { place, source: io::Error::other(error) }))
}

fn pack(keys: &Keys, to: &Path, database: &Path, objects: Option<&Path>) -> io::Result<()> {
    let origin = Origin::of_system("backup");
    let mut salt = [0; 32];
    origin.fill(&mut salt);
    let header = Header {
        key_id: keys.current_id().to_owned(),
        salt: STANDARD.encode(salt),
        made_at: origin.now(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
    };
    let header = format!("{MAGIC}{}\n", serde_json::to_string(&header)?);
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = BufWriter::new(options.open(to)?);
    file.write_all(header.as_bytes())?;
    let key = keys.derive(Purpose::Backup).for_one(&[&salt]);
    let sealed = SealedWriter::new(file, &key, header.as_bytes());
    let mut archive = tar::Builder::new(GzEncoder::new(sealed, Compression::fast()));
    if let Some(folder) = objects {
        let mut found = Vec::new();
        walk(folder, "", &mut found)?;
        for (name, path) in found {
            archive.append_path_with_name(path, format!("{OBJECTS}/{name}"))?;
        }
    }
    archive.append_path_with_name(database, DATABASE)?;
    let file = archive.into_inner()?.finish()?.finish()?;
    file.into_inner().map_err(io::IntoInnerError::into_error)?.sync_all()
}

/// The objects of a folder. What is no object, such as an upload that is under way, has no name of one.
fn walk(folder: &Path, prefix: &str, found: &mut Vec<(ObjectName, PathBuf)>) -> io::Result<()> {
    let mut entries: Vec<_> = match fs::read_dir(folder) {
        Ok(entries) => entries.collect::<Result<_, _>>()?,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error),
    };
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let Ok(part) = entry.file_name().into_string() else { continue };
        let name = if prefix.is_empty() { part } else { format!("{prefix}/{part}") };
        // The depth of names is limited by their length.
        let Ok(object) = name.parse::<ObjectName>() else { continue };
        let kind = entry.file_type()?;
        if kind.is_dir() && name != BACKUPS {
            walk(&entry.path(), &name, found)?;
        } else if kind.is_file() {
            found.push((object, entry.path()));
        }
    }
    Ok(())
}

fn unpack_here(keys: &Keys, file: &Path, folder: &Path) -> Result<usize, Error> {
    let mut reader = BufReader::new(File::open(file).map_err(failed("read", file))?);
    let (key, header) = open_header(keys, &mut reader, file)?;
    let unpack = || {
        match fs::remove_dir_all(folder) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        rampart_kernel::make_private_folder(&folder.join(OBJECTS)).map_err(io::Error::other)?;
        let mut archive = tar::Archive::new(GzDecoder::new(SealedReader::new(reader, &key, header.as_bytes())));
        let (mut objects, mut whole) = (0, false);
        for entry in archive.entries()? {
            let mut entry = entry?;
            let bad =
                || io::Error::new(io::ErrorKind::InvalidData, "there is something in it that is no part of a backup");
            let name = entry.path()?.to_str().ok_or_else(bad)?.to_owned();
            if !entry.header().entry_type().is_file() {
                return Err(bad());
            }
            match name.strip_prefix("objects/") {
                Some(object) => {
                    let object: ObjectName = object.parse().map_err(|_| bad())?;
                    write(&mut entry, &folder.join(OBJECTS).join(object.as_str()))?;
                    objects += 1;
                }
                None if name == DATABASE => {
                    write(&mut entry, &folder.join(DATABASE))?;
                    whole = true;
                }
                None => return Err(bad()),
            }
        }
        // The seal of the end is looked at only when the end is read.
        io::copy(&mut archive.into_inner(), &mut io::sink())?;
        if whole { Ok(objects) } else { Err(io::Error::new(io::ErrorKind::InvalidData, "there is no database in it")) }
    };
    unpack().map_err(|source: io::Error| Error::Broken { place: file.to_owned(), source })
}

fn write(entry: &mut impl Read, path: &Path) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    io::copy(entry, &mut file)?;
    file.sync_all()
}

/// The key of the stream behind the header, and the header as it stands there.
fn open_header(keys: &Keys, reader: &mut impl BufRead, file: &Path) -> Result<(DerivedKey, String), Error> {
    let no_backup = || Error::NoBackup(file.to_owned());
    let mut header = String::new();
    let mut limited = reader.take(HEADER_LIMIT);
    limited.read_line(&mut header).map_err(|_| no_backup())?;
    if header != MAGIC {
        return Err(no_backup());
    }
    limited.read_line(&mut header).map_err(|_| no_backup())?;
    let said: Header = serde_json::from_str(&header[MAGIC.len()..]).map_err(|_| no_backup())?;
    let salt = STANDARD.decode(&said.salt).map_err(|_| no_backup())?;
    let Some(key) = keys.derive_named(&said.key_id, Purpose::Backup) else {
        let (wanted, here) = (said.key_id, keys.current_id().to_owned());
        return Err(Error::OtherKey { place: file.to_owned(), wanted, here });
    };
    Ok((key.for_one(&[&salt]), header))
}

/// For its owner only.
///
/// # Errors
/// When it cannot be.
pub fn make_private(file: &Path) -> io::Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(file, fs::Permissions::from_mode(0o600))?;
    }
    Ok(())
}

fn named_with(file: &Path, ending: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(ending);
    PathBuf::from(name)
}

fn failed(doing: &'static str, place: &Path) -> impl FnOnce(io::Error) -> Error {
    let place = place.to_owned();
    move |source| Error::File { doing, place, source }
}
