//! The platform, put together: settings, keys, database, modules; and the commands that need no server.

mod backup;
mod bench;
mod keys;
mod mail;
mod parts;
mod serve;
mod settings;
#[cfg(test)]
mod tests;

use rampart_kernel::Origin;
use rampart_kernel::config::Sources;
use rampart_store::Store;

use crate::exit;
use crate::failure::Failure;

use parts::Parts;
pub use settings::Settings;

pub use backup::{create, restore, verify};
pub use bench::queue as bench;
pub use keys::rotate;
pub use mail::preview;
pub use serve::serve;

/// Threads of the runtime: more than cores, as statements of the embedded database and its reads run on them.
const THREADS_PER_CORE: usize = 2;
const LEAST_THREADS: usize = 4;

/// Brings the database up to this version of the program.
pub fn migrate(check: bool) -> Result<u8, Failure> {
    let settings = Settings::load(Sources::of_environment())?;
    run(async {
        let store = open(&settings).await?;
        let names = if check {
            store.pending(&parts::migrations()).await.map_err(Failure::new)?.names
        } else {
            store.migrate(&Origin::of_system("migrate"), &parts::migrations()).await.map_err(Failure::new)?
        };
        for name in &names {
            println!("{name}");
        }
        Ok(if check && !names.is_empty() { exit::FOUND } else { exit::DONE })
    })
}

/// Prints the configuration in effect, or what can be configured.
pub fn config(reference: bool) -> Result<u8, Failure> {
    let text = if reference {
        settings::reference(&Settings::load(Sources::of_variables([]))?.effective)
    } else {
        Settings::load(Sources::of_environment())?.effective.to_string()
    };
    std::io::Write::write_all(&mut std::io::stdout(), text.as_bytes())?;
    Ok(exit::DONE)
}

/// Prints the API. Needs neither server nor database: the modules are put together over an empty one in memory's stead.
pub fn openapi() -> Result<u8, Failure> {
    let document = run(async { parts::document().await })?;
    let text = serde_json::to_string_pretty(&document).map_err(Failure::new)?;
    std::io::Write::write_all(&mut std::io::stdout(), format!("{text}\n").as_bytes())?;
    Ok(exit::DONE)
}

/// Says how the installation is; with 1 when something is not as it should be.
pub fn doctor() -> Result<u8, Failure> {
    let settings = Settings::load(Sources::of_environment())?;
    println!("configuration: ok");
    let keys = settings.keys(false)?;
    println!("keys: ok, {} in use", keys.current_id());
    run(async {
        let store = open(&settings).await?;
        let pending = store.pending(&parts::migrations()).await.map_err(Failure::new)?.names;
        if !pending.is_empty() {
            println!("database: {} migrations are missing; run `rampart migrate`", pending.len());
            return Ok(exit::FOUND);
        }
        store.check(&Origin::of_system("doctor")).await.map_err(Failure::new)?;
        println!("database: ok, {:?}", store.dialect());
        let objects = settings.objects()?;
        objects.check().await.map_err(|error| Failure::new(format!("objects in {}: {error}", objects.place())))?;
        println!("objects: ok, {}", objects.place());
        let verdict = Parts::audit(&keys).verify(&store, None, &settings.checkpoints()?).await.map_err(Failure::new)?;
        for (chain, found) in &verdict.broken {
            println!("audit record: BROKEN in {chain}: {found:?}");
        }
        if verdict.broken.is_empty() {
            println!("audit record: ok, {} rows", verdict.checked);
        }
        Ok(if verdict.broken.is_empty() { exit::DONE } else { exit::FOUND })
    })
}

async fn open(settings: &Settings) -> Result<Store, Failure> {
    Store::open(&settings.store).await.map_err(|error| Failure::new(format!("cannot open the database: {error}")))
}

pub fn run<T>(work: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let threads = (cores * THREADS_PER_CORE).max(LEAST_THREADS);
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(threads).enable_all().build();
    runtime.map_err(|error| Failure::new(format!("cannot start: {error}")))?.block_on(work)
}
