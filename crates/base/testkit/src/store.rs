//! A database for one test.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

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
    server: Option<Arc<Server>>,
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
        TestStore { store, settings, origin, clock, folder, server: server.map(Arc::new) }
    }

    pub fn folder(&self) -> &std::path::Path {
        self.folder.path()
    }

    /// Everything in it, row by row: two that are equal say that nothing was written in between.
    ///
    /// # Panics
    /// When the database does not answer.
    pub async fn contents(&self) -> Vec<String> {
        let tables = match self.store.dialect() {
            Dialect::Sqlite => "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name LIMIT 1000",
            Dialect::Postgres => {
                "SELECT table_name::text AS name FROM information_schema.tables WHERE table_schema = 'public'
                 ORDER BY name LIMIT 1000"
            }
        };
        let mut reader = self.store.read().await.expect("a reader");
        let mut contents = Vec::new();
        for table in reader.list(tables, &[]).await.expect("the tables") {
            let name: String = table.get("name").expect("a name");
            let rows = reader.list(&format!("SELECT * FROM {name} LIMIT 10000"), &[]).await.expect("the rows");
            contents.extend(rows.iter().map(|row| format!("{name}: {row:?}")));
        }
        contents.sort_unstable();
        contents
    }

    /// How far PostgreSQL has written: where two are equal nothing was written in between, which is told sooner than by the contents.
    /// The embedded database does not say it.
    ///
    /// # Panics
    /// When the database does not answer.
    pub async fn written(&self) -> Option<String> {
        match self.store.dialect() {
            Dialect::Sqlite => None,
            Dialect::Postgres => {
                let mut reader = self.store.read().await.expect("a reader");
                let row = reader.get("SELECT pg_current_wal_insert_lsn()::text AS it", &[]).await.expect("a place");
                Some(row.get("it").expect("a text"))
            }
        }
    }

    /// Nothing may use the database any more.
    ///
    /// # Panics
    /// When it cannot be closed.
    pub async fn freeze(self) -> Frozen {
        let TestStore { store, settings, origin, clock, folder, server } = self;
        store.close().await;
        Frozen { settings, origin, clock, folder, server, thawed: AtomicU32::new(0) }
    }
}

/// A database as it was at some moment, to be had again any number of times.
pub struct Frozen {
    settings: StoreSettings,
    origin: Origin,
    clock: StillClock,
    folder: TempDir,
    server: Option<Arc<Server>>,
    thawed: AtomicU32,
}

impl Frozen {
    /// A copy of its own, at the same moment.
    ///
    /// # Panics
    /// When it cannot be made.
    pub async fn thaw(&self) -> TestStore {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let mut settings = StoreSettings::embedded(folder.path());
        match &self.server {
            None => {
                Store::copy(&self.settings, &settings.database_file()).await.expect("a copy of the file");
            }
            Some(server) => {
                let name = format!("thawed_{}", self.thawed.fetch_add(1, Ordering::Relaxed));
                server.copy(&name);
                settings.database_url = Some(Secret::new(server.url_of(&name)));
            }
        }
        let store = Store::open(&settings).await.expect("a copy opens");
        let (origin, clock) = (self.origin.clone(), self.clock.clone());
        TestStore { store, settings, origin, clock, folder, server: self.server.clone() }
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
