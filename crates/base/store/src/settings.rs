//! Where the data is.

use std::path::{Path, PathBuf};

use rampart_kernel::Secret;

use crate::Dialect;

rampart_kernel::settings! {
    /// Where the data is.
    pub struct StoreSettings {
        /// Folder of the embedded database, of keys and of files.
        data_dir: PathBuf = "./rampart-data" from "DATA_DIR",
        /// `postgresql://…` for many processes; embedded in DATA_DIR when not set.
        database_url: Option<Secret> = "" from "DATABASE_URL",
        /// Connections to PostgreSQL.
        pool_size: u32 = "20" from "DATABASE_POOL_SIZE",
    }
}

impl StoreSettings {
    /// SQLite in a folder.
    pub fn embedded(folder: &Path) -> StoreSettings {
        StoreSettings { data_dir: folder.to_owned(), database_url: None, pool_size: 20 }
    }

    pub fn dialect(&self) -> Dialect {
        match &self.database_url {
            Some(url) if !url.expose().starts_with("sqlite:") => Dialect::Postgres,
            _ => Dialect::Sqlite,
        }
    }

    /// The file of the embedded database.
    pub fn database_file(&self) -> PathBuf {
        self.data_dir.join("rampart.db")
    }
}
