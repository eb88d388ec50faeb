//! `rampart backup`: the embedded database and the folder of objects in one sealed file, and back.

use std::fs;
use std::io;
use std::path::Path;
use std::sync::Arc;

use rampart_kernel::config::Sources;
use rampart_kernel::{Keys, Origin};
use rampart_objects::Kind;
use rampart_operations::archive::{self, DATABASE, Making, OBJECTS};
use rampart_store::{Dialect, Store};

use super::parts::{self, Parts};
use super::settings::Settings;
use crate::exit;
use crate::failure::Failure;

/// In the data folder: what a restore has read so far. While it is there, no restore has ended.
const RESTORING: &str = "restoring";
/// In the data folder: the copy of the database while it is packed.
const COPY: &str = "backup-in-progress.db";

/// Writes a backup to a new file; the server may go on.
pub fn create(file: &Path) -> Result<u8, Failure> {
    let settings = Settings::load(Sources::of_environment())?;
    super::run(async {
        if file.exists() {
            return Err(Failure::new(format!("{} exists already", file.display())).hint("name a new file"));
        }
        let keys = Arc::new(settings.keys(false)?);
        let objects = settings.object_folder();
        let making = Making { keys: &keys, store: &settings.store, objects, copy: COPY };
        archive::create(making, file).await.map_err(failed)?;
        println!("{} opens with the master key {} only: keep that in another place", file.display(), keys.current_id());
        if settings.objects.kind == Kind::S3 {
            println!("Objects are in a bucket, which is backed up by its own means.");
        }
        Ok(exit::DONE)
    })
}

/// Reads a backup to its end, and checks the database in it.
pub fn verify(file: &Path) -> Result<u8, Failure> {
    let settings = Settings::load(Sources::of_environment())?;
    super::run(async {
        let keys = Arc::new(settings.keys(false)?);
        let objects = archive::verify(&keys, file).await.map_err(failed)?;
        println!("{} is whole: a database and {} objects", file.display(), objects);
        Ok(exit::DONE)
    })
}

/// Puts a backup back where there is nothing yet.
pub fn restore(file: &Path) -> Result<u8, Failure> {
    let settings = Settings::load(Sources::of_environment())?;
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
        let keys = Arc::new(settings.keys(false)?);
        let count = archive::unpack(&keys, file, &staged).await.map_err(failed)?;
        let copy = staged.join(DATABASE);
        Store::check_copy(&copy).await.map_err(Failure::new)?;
        let _ = fs::remove_dir_all(&objects);
        fs::rename(staged.join(OBJECTS), &objects).map_err(unwritten("write", &objects))?;
        // The database last: while there is none, this can be done again.
        settings.put_back(&copy)?;
        fs::remove_dir_all(&staged).map_err(unwritten("remove", &staged))?;
        finish(&settings, keys, count).await
    })
}

/// Brings the database up to this program, ends the sessions of before, and verifies the audit record.
async fn finish(settings: &Settings, keys: Arc<Keys>, objects: usize) -> Result<u8, Failure> {
    let origin = Origin::of_system("restore");
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

/// With what to do about it.
fn failed(error: archive::Error) -> Failure {
    let hint = match &error {
        archive::Error::OtherKey { .. } => Some(
            "put the key of the installation that was backed up in its place, or set SECRET_KEY; without it nothing can be read",
        ),
        _ => None,
    };
    let failure = Failure::new(error);
    match hint {
        Some(hint) => failure.hint(hint),
        None => failure,
    }
}

fn unwritten(doing: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Failure {
    let path = path.to_owned();
    move |error| Failure::new(format!("cannot {doing} {}: {error}", path.display()))
}
