//! A database for one test.

use std::sync::Arc;

use rampart_kernel::{Origin, Secret, SystemChance};
use rampart_store::{Dialect, Migration, Store, StoreSettings};
use tempfile::TempDir;

use crate::StillClock;
use crate::postgres::Server;

/// An empty, migrated database that goes away with the value.
pub struct TestStore {
    pub store: Store,
    pub settings: StoreSettings,
    pub origin: Origin,
    pub clock: StillClock,
    folder: TempDir,
    _server: Option<Server>,
}

impl TestStore {
    /// # Panics
    /// When the database cannot be made: the test has nothing to run on.
    pub async fn new(dialect: Dialect, migrations: &[Migration]) -> TestStore {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let mut settings = StoreSettings::embedded(folder.path());
        let server = (dialect == Dialect::Postgres).then(Server::start);
        settings.database_url = server.as_ref().map(|server| Secret::new(server.url()));
        let store = Store::open(&settings).await.expect("a fresh database opens");
        let clock = StillClock::new();
        let origin = Origin::new(Arc::new(clock.clone()), Arc::new(SystemChance), None);
        store.migrate(&origin, migrations).await.expect("the migrations run");
        TestStore { store, settings, origin, clock, folder, _server: server }
    }

    pub fn folder(&self) -> &std::path::Path {
        self.folder.path()
    }
}

/// Runs the same test on SQLite and on PostgreSQL.
///
/// # Panics
/// As the test does.
pub fn on_both<F>(migrations: &[Migration], test: impl Fn(TestStore) -> F)
where
    F: Future<Output = ()>,
{
    for dialect in [Dialect::Sqlite, Dialect::Postgres] {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
        runtime.expect("a runtime").block_on(async {
            eprintln!("on {dialect:?}");
            test(TestStore::new(dialect, migrations).await).await;
        });
    }
}
