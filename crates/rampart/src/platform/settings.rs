//! The settings of all parts, and what lies in the data folder besides the database.

use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};

use rampart_access::audit::Checkpoint;
use rampart_analysis::AnalysisSettings;
use rampart_aws::AwsSettings;
use rampart_egress::OutboundSettings;
use rampart_forge::{ForgeSettings, GithubSettings, GitlabSettings};
use rampart_identity::{IdentitySettings, ProviderSettings};
use rampart_kernel::config::{Effective, Loader, Sources};
use rampart_kernel::{Keys, MasterKey, Secret, SystemChance};
use rampart_mail::MailSettings;
use rampart_notifications::PushSettings;
use rampart_objects::{Kind, ObjectSettings, Objects};
use rampart_operations::{OperationsSettings, archive};
use rampart_realtime::RealtimeSettings;
use rampart_redis::RedisSettings;
use rampart_store::{Dialect, StoreSettings};
use rampart_telemetry::TelemetrySettings;
use rampart_web::{LimitSettings, WebSettings};

use crate::client::ClientSettings;
use crate::failure::Failure;

/// In the data folder: the key that everything sealed opens with.
pub const KEY_FILE: &str = "secret-key";
/// In the data folder: the keys that were in use before, one on each line, the newest first.
pub const OLD_KEYS_FILE: &str = "secret-keys-old";
/// In the data folder: the invitation of the administrator, until there is one.
const INVITATION_FILE: &str = "bootstrap-invitation";
/// In the data folder: held by who serves from it.
const SERVED: &str = "serve.lock";
/// In the data folder: how long the audit record was, and when.
const CHECKPOINT_FILE: &str = "audit-checkpoints";

rampart_kernel::named! {
    /// What a process does.
    pub enum Role {
        /// Answers requests.
        Api = "api",
        /// Runs jobs and tells events.
        Worker = "worker",
        /// Adds the jobs of schedules.
        Scheduler = "scheduler",
    }
}

rampart_kernel::settings! {
    /// What this process does and says.
    pub struct ProcessSettings {
        /// What this process does: api, worker, scheduler.
        roles: Vec<Role> = "api,worker,scheduler" from "RAMPART_ROLES",
        /// Master key, 32 bytes in base64; made in the data folder when not set.
        secret_key: Option<Secret> = "" from "SECRET_KEY",
        /// Keys that were in use before, newest first.
        old_keys: Vec<Secret> = "" from "SECRET_KEYS_OLD",
    }
}

pub struct Settings {
    pub process: ProcessSettings,
    pub telemetry: TelemetrySettings,
    pub store: StoreSettings,
    pub web: WebSettings,
    pub limits: LimitSettings,
    pub redis: RedisSettings,
    pub realtime: RealtimeSettings,
    pub identity: IdentitySettings,
    pub mail: MailSettings,
    pub providers: ProviderSettings,
    pub objects: ObjectSettings,
    pub aws: AwsSettings,
    pub forge: ForgeSettings,
    pub analysis: AnalysisSettings,
    pub github: GithubSettings,
    pub gitlab: GitlabSettings,
    pub outbound: OutboundSettings,
    pub push: PushSettings,
    pub operations: OperationsSettings,
    pub client: ClientSettings,
    /// All of them, as people may see them.
    pub effective: Effective,
}

impl Settings {
    pub fn load(sources: Sources) -> Result<Settings, Failure> {
        let mut loader = Loader::new(sources);
        let process = loader.group();
        let telemetry = loader.group();
        let store = loader.group();
        let web = loader.group();
        let limits = loader.group();
        let redis = loader.group();
        let realtime = loader.group();
        let identity = loader.group();
        let mail = loader.group();
        let providers = loader.group();
        let objects = loader.group();
        let aws = loader.group();
        let forge = loader.group();
        let analysis = loader.group();
        let github = loader.group();
        let gitlab = loader.group();
        let outbound = loader.group();
        let push = loader.group();
        let operations = loader.group();
        let client = loader.group();
        let effective = loader
            .finish()
            .map_err(|error| Failure::new(error).hint("`rampart config` shows every setting and what it means"))?;
        let read = || {
            Some(Settings {
                process: process?,
                telemetry: telemetry?,
                store: store?,
                web: web?,
                limits: limits?,
                redis: redis?,
                realtime: realtime?,
                identity: identity?,
                mail: mail?,
                providers: providers?,
                objects: objects?,
                aws: aws?,
                forge: forge?,
                analysis: analysis?,
                github: github?,
                gitlab: gitlab?,
                outbound: outbound?,
                push: push?,
                operations: operations?,
                client: client?,
                effective,
            })
        };
        // The loader has named what is wrong before.
        read().ok_or_else(|| Failure::new("the configuration cannot be used"))
    }

    /// The keys; made when there are none and `make` says so.
    pub fn keys(&self, make: bool) -> Result<Keys, Failure> {
        let text = match &self.process.secret_key {
            Some(key) => key.clone(),
            // Several processes share the database, and must share the key.
            None if self.store.dialect() == Dialect::Postgres => {
                let hint = "set SECRET_KEY or SECRET_KEY_FILE, to what `openssl rand -base64 32` prints";
                return Err(Failure::new("with DATABASE_URL the master key must be given").hint(hint));
            }
            None => self.own_key(make)?,
        };
        let mut old = self.process.old_keys.clone();
        if self.process.secret_key.is_none() {
            // A change of keys that was killed at its beginning has kept the key and not replaced it.
            old.extend(self.kept_keys()?.into_iter().filter(|kept| kept.expose() != text.expose().trim()));
        }
        let old: Result<Vec<MasterKey>, _> = old.iter().map(MasterKey::parse).collect();
        let keys = MasterKey::parse(&text).and_then(|key| Keys::new(key, old?));
        keys.map_err(|error| Failure::new(format!("SECRET_KEY: {error}")))
    }

    /// Puts a new key in the place of the one in the data folder, which is kept.
    pub fn change_key(&self) -> Result<Keys, Failure> {
        let mut kept = self.kept_keys()?;
        let current = self.own_key(false)?;
        let current = Secret::new(current.expose().trim());
        if kept.iter().all(|key| key.expose() != current.expose()) {
            kept.insert(0, current);
        }
        let lines: String = kept.iter().map(|key| format!("{}\n", key.expose())).collect();
        rampart_kernel::write_private(&self.in_data(OLD_KEYS_FILE), &lines).map_err(Failure::new)?;
        // Only now, when the old one is safe.
        let new = MasterKey::generate(&SystemChance).to_text();
        rampart_kernel::write_private(&self.in_data(KEY_FILE), new.expose()).map_err(Failure::new)?;
        self.keys(false)
    }

    /// Keys that were in use before, the newest first.
    fn kept_keys(&self) -> Result<Vec<Secret>, Failure> {
        let path = self.in_data(OLD_KEYS_FILE);
        match std::fs::read_to_string(&path) {
            Ok(text) => Ok(text.lines().map(str::trim).filter(|line| !line.is_empty()).map(Secret::new).collect()),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Vec::new()),
            Err(error) => Err(Failure::new(format!("cannot read {}: {error}", path.display()))),
        }
    }

    fn own_key(&self, make: bool) -> Result<Secret, Failure> {
        let path = self.in_data(KEY_FILE);
        if !make && !path.exists() {
            let hint = "put the key of the installation there, or set SECRET_KEY";
            return Err(Failure::new(format!("there is no master key: {} is missing", path.display())).hint(hint));
        }
        self.make_data_folder()?;
        let text = rampart_kernel::read_or_create_private(&path, || {
            MasterKey::generate(&SystemChance).to_text().expose().to_owned()
        });
        text.map(Secret::new).map_err(Failure::new)
    }

    /// For its owner only.
    pub fn make_data_folder(&self) -> Result<(), Failure> {
        rampart_kernel::make_private_folder(&self.store.data_dir).map_err(Failure::new)
    }

    /// For this process alone, as long as the file is held: events of the embedded database are told in one process.
    ///
    /// # Errors
    /// When another process serves from this folder.
    pub fn claim_data_folder(&self) -> Result<File, Failure> {
        let path = self.in_data(SERVED);
        let failed = |error: std::io::Error| Failure::new(format!("{}: {error}", path.display()));
        let file = File::options().create(true).append(true).open(&path).map_err(failed)?;
        match file.try_lock() {
            Ok(()) => Ok(file),
            Err(TryLockError::WouldBlock) => {
                let what = format!("another `rampart serve` uses {}", self.store.data_dir.display());
                Err(Failure::new(what)
                    .hint("stop it, choose another DATA_DIR, or let both use one PostgreSQL (DATABASE_URL)"))
            }
            Err(TryLockError::Error(error)) => Err(failed(error)),
        }
    }

    pub fn in_data(&self, name: &str) -> PathBuf {
        self.store.data_dir.join(name)
    }

    /// The store of objects, as it is configured.
    pub fn objects(&self) -> Result<Objects, Failure> {
        let objects = Objects::open(&self.objects, &self.aws, &self.store.data_dir);
        objects.map_err(|error| Failure::new(error).hint("`rampart config` shows every setting and what it means"))
    }

    /// Where objects are, when they are in a folder of this machine.
    pub fn object_folder(&self) -> Option<PathBuf> {
        (self.objects.kind == Kind::Folder).then(|| self.in_data(archive::OBJECTS))
    }

    pub fn checkpoint_file(&self) -> PathBuf {
        self.in_data(CHECKPOINT_FILE)
    }

    pub fn checkpoints(&self) -> Result<Vec<Checkpoint>, Failure> {
        let path = self.checkpoint_file();
        Checkpoint::read(&path).map_err(|error| Failure::new(format!("{}: {error}", path.display())))
    }

    pub fn invitation_file(&self) -> PathBuf {
        self.in_data(INVITATION_FILE)
    }

    /// Where the administrator's invitation was written.
    pub fn keep_invitation(&self, code: &Secret) -> Result<PathBuf, Failure> {
        let path = self.invitation_file();
        rampart_kernel::write_private(&path, &format!("{}\n", code.expose())).map_err(Failure::new)?;
        Ok(path)
    }

    /// The invitation is used up, or its file was removed before.
    pub fn forget_invitation(&self) {
        let _ = std::fs::remove_file(self.invitation_file());
    }

    /// Copies a file to where the database is looked for; whole or not at all.
    pub fn put_back(&self, file: &Path) -> Result<(), Failure> {
        self.make_data_folder()?;
        let database = self.store.database_file();
        let temporary = database.with_extension("restoring");
        let copy = || {
            std::fs::copy(file, &temporary)?;
            std::fs::File::open(&temporary)?.sync_all()?;
            // A log of another database would be played into this one.
            for stale in ["db-wal", "db-shm"] {
                let _ = std::fs::remove_file(database.with_extension(stale));
            }
            std::fs::rename(&temporary, &database)
        };
        copy()
            .map_err(|error: std::io::Error| Failure::new(format!("cannot restore {}: {error}", database.display())))?;
        archive::make_private(&database)
            .map_err(|error| Failure::new(format!("cannot protect {}: {error}", database.display())))
    }
}

/// The page on every setting, as the settings say of themselves.
pub fn reference(defaults: &Effective) -> String {
    let mut page = "# Settings of the server\n\n<!-- Printed by `rampart config --reference`. -->\n\n\
        A setting is looked for in the environment variable of its name, then in the file that the variable with `_FILE` behind\n\
        its name leads to, then in the TOML file that `CONFIG_FILE` names, under its name in lower case, and last in its default.\n\
        What cannot be used stops the program at its start, with every mistake named. `rampart config` prints what is in effect.\n\n\
        | setting | default | meaning |\n| --- | --- | --- |\n"
        .to_owned();
    for entry in defaults.entries() {
        let default = if entry.shown.is_empty() { String::new() } else { format!("`{}`", entry.shown) };
        page += &format!("| `{}` | {default} | {} |\n", entry.name, entry.meaning);
    }
    page
}
