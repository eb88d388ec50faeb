//! Making, checking and removing backups.

use std::path::{Path, PathBuf};
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use futures_util::{Stream, StreamExt, stream};
use rampart_access::Ctx;
use rampart_access::audit::Record;
use rampart_jobs::{Failure, Run};
use rampart_kernel::{Id, Origin};
use rampart_objects::{ObjectName, Stored};
use rampart_store::Dialect;
use rampart_web::{Page, Paged};
use tokio::fs::File;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::archive::{self, BACKUPS, Making};
use super::jobs::MakeBackup;
use super::model::{Backup, BackupId, Kind, Status, kept};
use super::store;
use crate::error::{Error, Result};
use crate::module::Operations;

/// In the data folder: the copy of the database while a job packs it.
const COPY: &str = "backup-by-server.db";

/// A job has half an hour, and comes back a few times: what is older was cut off with its process, or with the database that it is in.
const ABANDONED: Duration = Duration::from_secs(24 * 3_600);

/// Bytes that are held in memory of a backup on its way.
const CHUNK: usize = 1 << 20;

impl Operations {
    /// The newest first.
    ///
    /// # Errors
    /// When the caller does not administer the installation; the same with all that follow.
    pub async fn backups(&self, ctx: &Ctx, page: Page) -> Result<Paged<Backup>> {
        ctx.require_platform_admin()?;
        let (items, total) = store::list(&mut self.store.read().await?, page).await?;
        Ok(Paged { items, total, page })
    }

    /// Queues one.
    ///
    /// # Errors
    /// [`Error::OwnMeans`]; [`Error::BackupUnderWay`].
    pub async fn back_up(&self, ctx: &Ctx) -> Result<Backup> {
        let admin = ctx.require_platform_admin()?;
        if self.store.dialect() == Dialect::Postgres {
            return Err(Error::OwnMeans);
        }
        let mut tx = self.store.begin(&(**ctx).clone().in_workspace(None)).await?;
        let id: BackupId = ctx.new_id();
        store::insert(&mut tx, id, Kind::Manual, admin.user()).await?;
        if self.jobs.enqueue(&mut tx, &MakeBackup { backup: Some(id) }).await?.is_none() {
            return Err(Error::BackupUnderWay);
        }
        let backup = store::get(&mut tx, id).await?;
        self.audit.record(&mut tx, ctx, Record::new("backup.started", "backup").of(id)).await?;
        tx.commit().await?;
        Ok(backup)
    }

    /// Reads one to its end, and checks the database in it; what is wrong with it, if anything is.
    ///
    /// # Errors
    /// [`Error::NotMade`]; when there is none.
    pub async fn verify_backup(&self, ctx: &Ctx, id: BackupId) -> Result<Option<String>> {
        ctx.require_platform_admin()?;
        let backup = store::get(&mut self.store.read().await?, id).await?;
        if !backup.is_made() {
            return Err(Error::NotMade);
        }
        // It goes on when whoever asked waits no more: what it comes to is seen in the list.
        let (own, ctx) = (self.clone(), ctx.clone());
        let checking = tokio::spawn(async move {
            let wrong = own.check(&ctx, &backup).await?;
            let mut tx = own.store.begin(&ctx).await?;
            match &wrong {
                None => store::verify(&mut tx, id).await?,
                Some(wrong) => store::fail(&mut tx, id, wrong).await?,
            }
            let record = Record::new("backup.verified", "backup").of(id);
            let record = if let Some(wrong) = &wrong { record.failed(wrong) } else { record };
            own.audit.record(&mut tx, &ctx, record).await?;
            tx.commit().await?;
            Ok(wrong)
        });
        checking.await.unwrap_or_else(|error| Err(Error::Unexpected(error.into())))
    }

    /// Removes one for good.
    ///
    /// # Errors
    /// [`Error::BackupUnderWay`] while it is being made; when there is none.
    pub async fn delete_backup(&self, ctx: &Ctx, id: BackupId) -> Result<()> {
        let admin = ctx.require_platform_admin()?;
        let backup = store::get(&mut self.store.read().await?, id).await?;
        if backup.status == Status::Running {
            return Err(Error::BackupUnderWay);
        }
        // First the object: of one whose row is gone nobody would know.
        self.remove_object(&backup).await?;
        let mut tx = self.store.begin(ctx).await?;
        store::lock(&mut tx, &admin, id).await?;
        store::delete(&mut tx, id).await?;
        self.audit.record(&mut tx, ctx, Record::new("backup.deleted", "backup").of(id)).await?;
        Ok(tx.commit().await?)
    }

    /// Makes one, asked for or of the schedule; then the schedule's that are not kept any more are removed.
    ///
    /// # Errors
    /// When it cannot be made: it is tried again.
    pub(crate) async fn make_backup(&self, run: &Run, job: &MakeBackup) -> Result<(), Failure> {
        // PostgreSQL has its own means.
        if self.store.dialect() == Dialect::Postgres {
            return Ok(());
        }
        // The same one when the job comes back.
        let id = job.backup.unwrap_or_else(|| BackupId::from_uuid(run.job.uuid()));
        if !self.take_up(&run.origin, id, job).await? {
            return Ok(());
        }
        let object = format!("{BACKUPS}/{}/{id}.rampart", &run.origin.now().to_text()[..10]);
        let outcome = self.write_backup(id, &object).await;
        let mut tx = self.store.begin(&run.origin).await?;
        match &outcome {
            Ok(stored) => store::complete(&mut tx, id, &object, stored).await?,
            Err(error) => store::fail(&mut tx, id, &error.to_string()).await?,
        }
        tx.commit().await?;
        outcome.map_err(Failure::retry)?;
        self.prune(&run.origin).await.map_err(Failure::retry)
    }

    /// Whether it is to be made.
    async fn take_up(&self, origin: &Origin, id: BackupId, job: &MakeBackup) -> rampart_store::Result<bool> {
        let mut tx = self.store.begin(origin).await?;
        store::fail_abandoned(&mut tx, origin.now() - ABANDONED).await?;
        let wanted = match store::find(&mut tx, id).await? {
            Some(backup) if backup.is_made() => false,
            Some(_) => {
                store::begin_again(&mut tx, id).await?;
                true
            }
            None if job.backup.is_none() => {
                store::insert(&mut tx, id, Kind::Scheduled, None).await?;
                true
            }
            // Removed meanwhile.
            None => false,
        };
        tx.commit().await?;
        Ok(wanted)
    }

    async fn write_backup(&self, id: BackupId, object: &str) -> Result<Stored> {
        let name: ObjectName = object.parse().expect("a date and an id are parts of a name");
        let file = Scratch(self.database.data_dir.join(format!("backup-{id}.rampart")));
        let making =
            Making { keys: &self.keys, store: &self.database, objects: self.object_folder.clone(), copy: COPY };
        archive::create(making, &file.0).await?;
        let size = tokio::fs::metadata(&file.0).await.map_err(|error| Error::Unexpected(error.into()))?.len();
        let reading = File::open(&file.0).await.map_err(|error| Error::Unexpected(error.into()))?;
        Ok(self.objects.put(&name, chunks(reading), size).await?)
    }

    /// What is wrong with a backup, if anything is.
    async fn check(&self, ctx: &Ctx, backup: &Backup) -> Result<Option<String>> {
        let Some(name) = backup.object.as_deref().and_then(|name| name.parse::<ObjectName>().ok()) else {
            return Ok(Some("there is no such object".to_owned()));
        };
        let object = match self.objects.get(&name, None).await {
            Err(rampart_objects::Error::NotFound) => return Ok(Some("its object is gone".to_owned())),
            object => object?,
        };
        // Somebody else may check it at the same time.
        let number: BackupId = ctx.new_id();
        let scratch = Scratch(self.database.data_dir.join(format!("backup-{number}.verified")));
        let mut file = File::create(&scratch.0).await.map_err(|error| Error::Unexpected(error.into()))?;
        archive::make_private(&scratch.0).map_err(|error| Error::Unexpected(error.into()))?;
        let mut stream = std::pin::pin!(object.into_stream());
        while let Some(chunk) = stream.next().await {
            file.write_all(&chunk?).await.map_err(|error| Error::Unexpected(error.into()))?;
        }
        file.flush().await.map_err(|error| Error::Unexpected(error.into()))?;
        Ok(match archive::verify(&self.keys, &scratch.0).await {
            Ok(_) => None,
            Err(archive::Error::NoBackup(_)) => Some("it is no backup of Rampart".to_owned()),
            Err(archive::Error::Broken { source, .. }) => Some(format!("it is not whole: {source}")),
            Err(archive::Error::OtherKey { wanted, here, .. }) => {
                Some(format!("it opens with the master key {wanted}, and the one here is {here}"))
            }
            Err(error) => return Err(error.into()),
        })
    }

    /// Checks the newest one, as an administrator would.
    ///
    /// # Errors
    /// When it does not hold, so that the job is seen to fail.
    pub(crate) async fn verify_newest(&self, run: &Run) -> Result<(), Failure> {
        let newest = store::newest_made(&mut self.store.read().await?).await?;
        let Some(newest) = newest else { return Ok(()) };
        let ctx = Ctx::of_system(run.origin.clone(), "operations");
        match self.verify_backup(&ctx, newest.id).await.map_err(Failure::retry)? {
            None => Ok(()),
            Some(wrong) => Err(Failure::fatal(format!("the backup {} does not hold: {wrong}", newest.id))),
        }
    }

    async fn prune(&self, origin: &Origin) -> Result<()> {
        let made = store::scheduled(&mut self.store.read().await?).await?;
        let times: Vec<_> = made.iter().map(|backup| (backup.id, backup.created_at)).collect();
        let kept = kept(&times, &self.settings);
        for backup in made.iter().filter(|backup| !kept.contains(&backup.id)) {
            self.remove_object(backup).await?;
            let mut tx = self.store.begin(origin).await?;
            store::delete(&mut tx, backup.id).await?;
            tx.commit().await?;
        }
        Ok(())
    }

    async fn remove_object(&self, backup: &Backup) -> Result<()> {
        match backup.object.as_deref().and_then(|name| name.parse::<ObjectName>().ok()) {
            Some(name) => Ok(self.objects.delete(&name).await?),
            None => Ok(()),
        }
    }
}

/// A file that is gone when nobody needs it any more.
struct Scratch(PathBuf);

impl Drop for Scratch {
    fn drop(&mut self) {
        let path: &Path = &self.0;
        let _ = std::fs::remove_file(path);
    }
}

fn chunks(file: File) -> impl Stream<Item = std::io::Result<Bytes>> + Send {
    stream::try_unfold(file, |mut file| async move {
        let mut chunk = BytesMut::with_capacity(CHUNK);
        let read = file.read_buf(&mut chunk).await?;
        Ok((read > 0).then(|| (chunk.freeze(), file)))
    })
}
