//! `rampart backup`: the embedded database and the folder of objects in one sealed file, and back.
//!
//! The file is a line that says what it is, a line of JSON that says which key opens it, and a sealed stream of a compressed tar
//! archive. Its key is made from the master key and something random, for this file alone.

use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, BufWriter, Read, Write};
use std::path::{Path, PathBuf};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use rampart_kernel::config::Sources;
use rampart_kernel::{DerivedKey, Keys, Origin, Purpose, SealedReader, SealedWriter, Timestamp};
use rampart_objects::{Kind, ObjectName};
use rampart_store::{Dialect, Store};
use serde::{Deserialize, Serialize};

use super::parts::{self, Parts};
use super::settings::{self, Settings};
use crate::exit;
use crate::failure::Failure;

/// The first line of a backup.
const MAGIC: &str = "rampart backup 1\n";
/// A longer second line is none.
const HEADER_LIMIT: u64 = 4_096;

/// Names in the archive.
const DATABASE: &str = "rampart.db";
const OBJECTS: &str = "objects";

/// In the data folder: what a restore has read so far. While it is there, no restore has ended.
const RESTORING: &str = "restoring";
/// In the data folder: the copy of the database while it is packed.
const COPY: &str = "backup-in-progress.db";

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

/// Writes a backup to a new file; the server may go on.
pub fn create(file: &Path) -> Result<u8, Failure> {
    let settings = Settings::load(Sources::of_environment())?.0;
    super::run(async {
        if file.exists() {
            return Err(Failure::new(format!("{} exists already", file.display())).hint("name a new file"));
        }
        let keys = settings.keys(false)?;
        let copy = settings.in_data(COPY);
        let partial = named_with(file, ".partial");
        let _ = fs::remove_file(&copy);
        let packed = async {
            Store::copy(&settings.store, &copy).await.map_err(Failure::new)?;
            settings::make_private(&copy)?;
            Store::check_copy(&copy).await.map_err(Failure::new)?;
            let objects = (settings.objects.kind == Kind::Folder).then(|| settings.in_data(OBJECTS));
            pack(&keys, &partial, &copy, objects.as_deref()).map_err(failed("write", &partial))?;
            fs::rename(&partial, file).map_err(failed("write", file))
        };
        let outcome = packed.await;
        let _ = fs::remove_file(&copy);
        if outcome.is_err() {
            let _ = fs::remove_file(&partial);
        }
        outcome?;
        println!("{} opens with the master key {} only: keep that in another place", file.display(), keys.current_id());
        if settings.objects.kind == Kind::S3 {
            println!("Objects are in a bucket, which is backed up by its own means.");
        }
        Ok(exit::DONE)
    })
}

/// Reads a backup to its end, and checks the database in it.
pub fn verify(file: &Path) -> Result<u8, Failure> {
    let settings = Settings::load(Sources::of_environment())?.0;
    super::run(async {
        let keys = settings.keys(false)?;
        let folder = named_with(file, ".verifying");
        let checked = async {
            let objects = unpack(&keys, file, &folder)?;
            Store::check_copy(&folder.join(DATABASE)).await.map_err(Failure::new)?;
            Ok::<usize, Failure>(objects)
        };
        let outcome = checked.await;
        let _ = fs::remove_dir_all(&folder);
        println!("{} is whole: a database and {} objects", file.display(), outcome?);
        Ok(exit::DONE)
    })
}

/// Puts a backup back where there is nothing yet.
pub fn restore(file: &Path) -> Result<u8, Failure> {
    let settings = Settings::load(Sources::of_environment())?.0;
    super::run(async {
        if settings.store.dialect() == Dialect::Postgres {
            return Err(Failure::new("a PostgreSQL database is restored with pg_restore"));
        }
        let hint = "move it away first: a restore does not overwrite";
        let (database, objects) = (settings.store.database_file(), settings.in_data(OBJECTS));
        let staged = settings.in_data(RESTORING);
        if database.exists() {
            return Err(Failure::new(format!("{} exists", database.display())).hint(hint));
        }
        // What a restore that was killed has left is read anew.
        if !staged.exists() && fs::read_dir(&objects).is_ok_and(|mut entries| entries.next().is_some()) {
            return Err(Failure::new(format!("{} is not empty", objects.display())).hint(hint));
        }
        let keys = settings.keys(false)?;
        let count = unpack(&keys, file, &staged)?;
        let copy = staged.join(DATABASE);
        Store::check_copy(&copy).await.map_err(Failure::new)?;
        let _ = fs::remove_dir_all(&objects);
        fs::rename(staged.join(OBJECTS), &objects).map_err(failed("write", &objects))?;
        // The database last: while there is none, this can be done again.
        settings.put_back(&copy)?;
        fs::remove_dir_all(&staged).map_err(failed("remove", &staged))?;
        finish(&settings, keys, count).await
    })
}

/// Brings the database up to this program, ends the sessions of before, and verifies the audit record.
async fn finish(settings: &Settings, keys: Keys, objects: usize) -> Result<u8, Failure> {
    let (keys, origin) = (std::sync::Arc::new(keys), Origin::of_system("restore"));
    let store = super::open(settings).await?;
    store.migrate(&origin, &parts::migrations()).await.map_err(Failure::new)?;
    let parts = Parts::new(&store, &keys, settings)?;
    // Who had a session then may have lost it since.
    let ended = parts.identity.end_every_session(&origin).await.map_err(Failure::new)?;
    let verdict = Parts::audit(&keys).verify(&store, None, &settings.checkpoints()?).await.map_err(Failure::new)?;
    if let Some((chain, found)) = verdict.broken.first() {
        let message = format!("the database is back, but its audit record does not hold: {chain}: {found:?}");
        let hint =
            "either it was changed, or this is not the key it was made with, or the copy is older than the checkpoints";
        return Err(Failure::new(message).hint(hint));
    }
    println!("the database is back, with {objects} objects; {} audit records hold", verdict.checked);
    println!("{ended} sessions were ended: everybody signs in again");
    Ok(exit::DONE)
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
        if kind.is_dir() {
            walk(&entry.path(), &name, found)?;
        } else if kind.is_file() {
            found.push((object, entry.path()));
        }
    }
    Ok(())
}

/// Reads a backup into a folder, which is made anew; how many objects it has.
fn unpack(keys: &Keys, file: &Path, folder: &Path) -> Result<usize, Failure> {
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
    unpack().map_err(|error: io::Error| Failure::new(format!("{} cannot be read: {error}", file.display())))
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
fn open_header(keys: &Keys, reader: &mut impl BufRead, file: &Path) -> Result<(DerivedKey, String), Failure> {
    let no_backup = || Failure::new(format!("{} is no backup of Rampart", file.display()));
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
        let (wanted, here) = (&said.key_id, keys.current_id());
        let message = format!("{} opens with the master key {wanted}, and the one here is {here}", file.display());
        let hint = "put the key of the installation that was backed up in its place, or set SECRET_KEY; without it nothing can be read";
        return Err(Failure::new(message).hint(hint));
    };
    Ok((key.for_one(&[&salt]), header))
}

fn named_with(file: &Path, ending: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(ending);
    PathBuf::from(name)
}

fn failed(doing: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Failure {
    let path = path.to_owned();
    move |error| Failure::new(format!("cannot {doing} {}: {error}", path.display()))
}
